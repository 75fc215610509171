"""The scheduled trend report, as Prefect runs it."""

from __future__ import annotations

from datetime import UTC, datetime

from prefect import flow, get_run_logger
from prefect.artifacts import create_link_artifact, create_markdown_artifact
from prefect.client.schemas.objects import State

from flows.prefect_runs import done_already, name_run, skipped, tell_end
from flows.settings import load_settings
from flows.trends import trend_report


def _run_name() -> str:
    return f"trends of {datetime.now(UTC):%Y-%m-%d}"


@flow(
    name="report-trends",
    description="Answer the trend questions over the read copy and keep the answers.",
    flow_run_name=_run_name,
    on_completion=[tell_end],
    on_failure=[tell_end],
)
def report_trends() -> str | State[str]:
    """Write the trend report and show it in Prefect's UI."""
    if reason := done_already():
        return skipped(reason)
    path = trend_report(load_settings(), now=datetime.now(UTC))
    create_markdown_artifact(
        key="trends", markdown=path.read_text(encoding="utf-8"), description="The newest trend report"
    )
    create_link_artifact(
        key="trend-report", link=path.as_uri(), link_text=path.name, description="Where the report is kept"
    )
    get_run_logger().info("wrote %s", path)
    name_run(f"report {path.name}")
    return str(path)


if __name__ == "__main__":
    report_trends()
