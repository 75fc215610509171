"""`ajar doctor` names what is wrong and what to do; it shows no secret."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows import doctor
from flows.doctor import Finding, as_json, examine
from flows.housekeeping import backup_folder
from flows.locking import only_pass
from flows.settings import Settings, load_settings
from warehouse.database import open_warehouse, publish
from warehouse.retention import back_up

NOW = datetime(2100, 3, 10, 12, 0, tzinfo=UTC)


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


def test_the_rules_of_alerts_are_shown_value_by_value(tmp_path: Path) -> None:
    (tmp_path / "ajar.toml").write_text(
        '[alerts]\nkinds = ["weights", "code"]\n[alerts.slack]\nper_day = 3\n'
    )
    found = load_settings({"AJAR_HOME": str(tmp_path)}, folder=tmp_path)
    alerts = json.loads(as_json(found, []))["settings"]["alerts"]
    assert (alerts["rules"]["kinds"], alerts["rules"]["digest_at"]) == (["code", "weights"], "08:00:00")
    assert alerts["channels"]["slack"]["per_day"] == 3


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


HOLDER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


def test_a_warehouse_open_in_another_program_is_named_with_its_process(settings: Settings) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(settings.warehouse)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        (*_, lock) = [finding for finding in examine(settings, now=NOW) if finding.check == "lock"]
        assert lock.verdict == "warning"
        assert f"open in process {holder.pid}" in lock.fact
        holder.communicate()
    assert verdicts(examine(settings, now=NOW))["lock"] == "ok"


def test_a_folder_that_cannot_be_written_is_named(settings: Settings) -> None:
    (settings.home / "backups").write_text("in the way")
    (folder,) = [finding for finding in examine(settings, now=NOW) if finding.check == "folder"]
    assert folder.verdict == "fault"
    assert folder.fact.startswith(f"{settings.home / 'backups'}: cannot be written")


def test_a_pass_that_lasts_for_hours_is_a_warning(settings: Settings) -> None:
    with only_pass(settings.pass_lock):
        hours_ago = (NOW - timedelta(hours=3)).timestamp()
        os.utime(settings.pass_lock, (hours_ago, hours_ago))
        (lock,) = [finding for finding in examine(settings, now=NOW) if finding.check == "lock"]
    assert lock.verdict == "warning"
    assert "since 2100-03-10 09:00 UTC: it hangs" in lock.fact


def test_a_clock_before_the_installation_is_a_fault(settings: Settings) -> None:
    (clock,) = [
        finding
        for finding in examine(settings, now=datetime(1970, 1, 2, tzinfo=UTC))
        if finding.check == "clock"
    ]
    assert clock.verdict == "fault"
    assert "it is 1970-01-02 by the clock" in clock.fact


def test_a_backup_that_is_missing_or_old_is_a_warning(settings: Settings) -> None:
    with open_warehouse(settings.warehouse, now=NOW):
        pass
    publish(settings.warehouse, settings.published)
    assert verdicts(examine(settings, now=NOW))["backup"] == "warning"
    made = back_up(settings.published, backup_folder(settings), day=NOW.date())
    for age, verdict in ((timedelta(days=1), "ok"), (timedelta(days=3), "warning")):
        moment = (NOW - age).timestamp()
        os.utime(made, (moment, moment))
        assert verdicts(examine(settings, now=NOW))["backup"] == verdict


def test_a_shared_folder_that_cannot_be_read_is_a_fault(settings: Settings) -> None:
    (settings.home / "file").write_text("in the way")
    for place, verdict in (("shared", "ok"), ("file/shared", "fault")):
        shared = replace(settings, shared=f"{settings.home / place}")
        assert verdicts(examine(shared, now=NOW))["shared"] == verdict
