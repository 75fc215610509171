"""What Ajar knows of the web and of language: fetching, reading and tagging. Never Prefect, never DuckDB."""
