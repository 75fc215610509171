"""`ajar doctor` names what is wrong and what to do; it shows no secret."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows import doctor
from flows.doctor import Finding, as_json, examine
from flows.locking import only_pass
from flows.settings import Settings, load_settings

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A fresh installation; no Prefect server is near."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    environment = {
        "AJAR_HOME": str(tmp_path),
        "AJAR_SLACK_WEBHOOK": "https://hooks.slack.com/services/T/B/hush",
        "AJAR_SMTP_URL": "smtps://user:hush@mail.example.org:465",
        "AJAR_ALERT_TO": "desk@example.org",
    }
    return load_settings(environment, folder=tmp_path)


def verdicts(findings: list[Finding]) -> dict[str, str]:
    """Verdict by check."""
    return {finding.check: finding.verdict for finding in findings}


def test_a_fresh_installation_has_no_fault_and_is_told_what_comes_next(settings: Settings) -> None:
    found = {finding.check: finding for finding in examine(settings, now=NOW)}
    assert "fault" not in verdicts(list(found.values())).values()
    assert "`ajar run` makes it" in found["warehouse"].fact
    assert "`ajar serve` starts one" in found["server"].fact
    assert "set AJAR_CONTACT" in found["contact"].fact


def test_no_secret_is_shown(settings: Settings) -> None:
    shown = as_json(settings, examine(settings, now=NOW))
    assert "hush" not in shown
    assert json.loads(shown)["settings"]["slack_webhook"] == "***"
    assert json.loads(shown)["settings"]["alert_to"] == "desk@example.org"


def test_a_running_pass_is_named(settings: Settings) -> None:
    with only_pass(settings.pass_lock):
        (lock,) = [finding for finding in examine(settings, now=NOW) if finding.check == "lock"]
    assert "another pass over this warehouse is running" in lock.fact


def test_a_version_that_breaks_prefect_is_a_fault(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = doctor.importlib.metadata.version  # type: ignore[attr-defined]
    monkeypatch.setattr(
        doctor.importlib.metadata,  # type: ignore[attr-defined]
        "version",
        lambda name: "2.1.3" if name == "sqlalchemy" else real(name),
    )
    (versions,) = [finding for finding in examine(settings, now=NOW) if finding.check == "versions"]
    assert versions.verdict == "fault"
    assert "sqlalchemy 2.1.3 does not work (schedules never fire)" in versions.fact


def test_a_mistake_in_a_card_of_ones_own_is_a_fault(settings: Settings) -> None:
    folder = settings.home / "sources"
    folder.mkdir()
    (folder / "mine.yaml").write_text("id: mine\ncolour: red\n")
    (sources,) = [finding for finding in examine(settings, now=NOW) if finding.check == "sources"]
    assert sources.verdict == "fault"
    assert "colour" in sources.fact


def test_a_full_disk_is_a_warning(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_FREE", 1.1)
    assert verdicts(examine(settings, now=NOW))["disk"] == "warning"


def test_a_last_pass_in_the_future_puts_the_blame_on_the_clock(settings: Settings) -> None:
    from extractors.records import Address, Source
    from warehouse.database import publish
    from warehouse.load import load_staged
    from warehouse.staging import StagedRun, stage_run

    source = Source(
        id="x",
        publisher="X",
        language="en",
        tier="press",
        addresses=(Address(url="http://x.example/feed", role="feed"),),
    )
    run = StagedRun(run_id="run", started_at=NOW, finished_at=NOW, ruleset="r", sources=[source])
    stage_run(settings.staged, run)
    load_staged(settings.warehouse, settings.staged, now=NOW)
    publish(settings.warehouse, settings.published)
    assert verdicts(examine(settings, now=NOW - timedelta(days=1)))["clock"] == "fault"
    assert verdicts(examine(settings, now=NOW))["schedule"] == "ok"
    assert verdicts(examine(settings, now=NOW + timedelta(days=1)))["schedule"] == "warning"
