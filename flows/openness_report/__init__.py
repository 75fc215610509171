"""The report: what the warehouse knows, as one HTML file that needs nothing else."""
