"""Reading the stored articles again with today's rules, as Prefect runs it."""

from __future__ import annotations

from datetime import UTC, datetime

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows.prefect_runs import ShownProgress, name_run, tell_end
from flows.prefect_secrets import settings_of_run
from flows.reclassifying import Reclassified, reclassify
from warehouse.rereading import KnownShift


def _run_name() -> str:
    return f"re-reading of {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(
    name="reclassify-articles",
    description="Tag all stored articles again with today's rules and show what that changes. Alerts nobody.",
    flow_run_name=_run_name,
    on_completion=[tell_end],
    on_failure=[tell_end],
)
def reclassify_articles() -> str:
    """Tag all stored articles again and show what today's rules read otherwise.

    Nothing is fetched and nobody is alerted: a new rule is not news. Fails while a pass is under way.
    """
    progress = ShownProgress("reclassify-progress")
    compared = reclassify(settings_of_run(), now=datetime.now(UTC), progress=progress)
    progress.finish()
    create_markdown_artifact(
        key="reclassified", markdown=_as_markdown(compared), description="What today's rules read otherwise"
    )
    outcome = (
        f"{compared.articles:,} articles · {len(compared.gained)} shifts gained, {len(compared.lost)} lost, "
        f"{len(compared.changed)} changed"
    )
    name_run(outcome)
    return outcome


def _as_markdown(compared: Reclassified) -> str:
    rows = [("gained", shift) for shift in compared.gained] + [("lost", shift) for shift in compared.lost]
    rows += [("changed to", after) for _, after in compared.changed]
    lines = [
        f"Ruleset `{compared.ruleset[:12]}`, {compared.articles:,} articles, {compared.seconds:.0f} s.",
        "",
    ]
    lines += ["| | shift | report |", "|---|---|---|"]
    return "\n".join(lines + [f"| {word} | {_named(shift)} | {shift.url} |" for word, shift in rows])


def _named(shift: KnownShift) -> str:
    parts = (shift.actor, shift.artefact, f"({shift.kind})", shift.direction, shift.stage, shift.licence_to)
    return " ".join(part for part in parts if part).replace("|", "\\|")


if __name__ == "__main__":
    reclassify_articles()
