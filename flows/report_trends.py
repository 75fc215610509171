"""The scheduled trend report, as Prefect runs it."""

from __future__ import annotations

from datetime import UTC, datetime

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact

from flows.settings import load_settings
from flows.trends import trend_report


@flow(name="report-trends", description="Answer the trend questions over the read copy and keep the answers.")
def report_trends() -> str:
    """Write the trend report and show it in Prefect's UI."""
    path = trend_report(load_settings(), now=datetime.now(UTC))
    create_markdown_artifact(
        key="trends", markdown=path.read_text(encoding="utf-8"), description="The newest trend report"
    )
    get_run_logger().info("wrote %s", path)
    return str(path)


if __name__ == "__main__":
    report_trends()
