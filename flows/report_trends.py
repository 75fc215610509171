"""The scheduled trend report, as Prefect runs it."""

from __future__ import annotations

from datetime import UTC, datetime

from prefect import flow, get_run_logger
from prefect.artifacts import create_link_artifact, create_markdown_artifact
from prefect.client.schemas.objects import State

from flows.prefect_runs import done_already, name_run, skipped, tell_end
from flows.prefect_secrets import settings_of_run
from flows.reporting import mail_report, make_report
from flows.trends import trend_report


def _run_name() -> str:
    return f"trends of {datetime.now(UTC):%Y-%m-%d}"


@flow(
    name="report-trends",
    description="Answer the trend questions over the read copy, keep the answers, publish the report.",
    flow_run_name=_run_name,
    on_completion=[tell_end],
    on_failure=[tell_end],
)
def report_trends(mail: bool = False) -> str | State[str]:
    """Write the trend report, show it in Prefect's UI, and publish the page with the charts.

    Args:
        mail: Send the report to AJAR_ALERT_TO as well, with a picture of its main chart.
    """
    if reason := done_already():
        return skipped(reason)
    settings, now = settings_of_run(), datetime.now(UTC)
    path = trend_report(settings, now=now)
    report = make_report(settings, now=now)
    create_markdown_artifact(
        key="trends", markdown=path.read_text(encoding="utf-8"), description="The newest trend report"
    )
    create_link_artifact(
        key="trend-report", link=path.as_uri(), link_text=path.name, description="Where the report is kept"
    )
    create_link_artifact(
        key="report", link=report.page.as_uri(), link_text=report.findings.title,
        description="The report with charts and filters",
    )  # fmt: skip
    get_run_logger().info(f"wrote {path} and {report.page}")
    if mail:
        get_run_logger().info(f"mailed the report to {mail_report(settings, report, now=now)}")
    name_run(f"report {path.name}")
    return str(path)


if __name__ == "__main__":
    report_trends()
