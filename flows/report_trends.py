"""The scheduled trend report, as Prefect runs it."""

from __future__ import annotations

from datetime import UTC, datetime

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact

from flows.settings import load_settings
from flows.trends import daily_export, trend_report


@flow(
    name="report-trends",
    description="Answer the trend questions over the read copy, keep the answers, export the tables.",
)
def report_trends() -> str:
    """Write the trend report, show it in Prefect's UI, and export the tables as Parquet."""
    settings, now = load_settings(), datetime.now(UTC)
    path = trend_report(settings, now=now)
    create_markdown_artifact(
        key="trends", markdown=path.read_text(encoding="utf-8"), description="The newest trend report"
    )
    get_run_logger().info("wrote %s", path)
    get_run_logger().info("exported the tables to %s", daily_export(settings, now=now))
    return str(path)


if __name__ == "__main__":
    report_trends()
