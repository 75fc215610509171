"""What Ajar knows of SQL: storing, joining and answering. Never the web, never Prefect."""
