"""The schedules of prefect.yaml, with a real Prefect server and a real worker."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import prefect
import pytest
import yaml
from prefect.blocks.system import Secret as SecretBlock
from prefect.client.orchestration import SyncPrefectClient
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Running, Scheduled
from pydantic import SecretStr

from flows.prefect_secrets import settings_of_run
from flows.prefect_setup import settle_left_runs
from flows.secret import Secret
from flows.server_checks import check_server
from flows.serving import CHECKOUT, Served, serving
from flows.settings import Settings, load_settings
from tests.end_to_end.prefect_api import ask, eventually, free_port, runs_of

pytestmark = [pytest.mark.servers, pytest.mark.timeout(420)]

TITLE = "Arnor Labs releases Gondor-7B."
NEWS = "Arnor Labs has released the weights of Gondor-7B under the Apache 2.0 licence on Tuesday."


def hastened(sources: Path, file: Path) -> Path:
    """The project's own prefect.yaml, but for the sources and for a quarter of an hour made five seconds."""
    project = yaml.safe_load((CHECKOUT / "prefect.yaml").read_text())
    watching = next(each for each in project["deployments"] if each["entrypoint"].endswith(":watch_sources"))
    watching["parameters"] = {"sources": str(sources)}
    watching["schedules"][0]["interval"] = 5
    file.write_text(yaml.safe_dump(project))
    return file


@dataclass(frozen=True)
class Installation:
    """An installation that is being served, and the first run its schedule has made."""

    settings: Settings
    served: Served
    first_run: dict[str, Any]

    def deployment(self, name: str) -> dict[str, Any]:
        """A deployment by its name."""
        (found,) = ask(self.served.api, "/deployments/filter", {"deployments": {"name": {"any_": [name]}}})
        return dict(found)


@pytest.fixture(scope="module")
def installation(module_site: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A served installation whose schedule has made a pass over a site with one story."""
    folder = tmp_path_factory.mktemp("served")
    module_site.feed("/feed.xml", ("/a", TITLE), age=timedelta(minutes=30))
    module_site.page("/a", TITLE, NEWS)
    prefect_file = hastened(
        module_site.sources(folder / "sources.yaml", "/feed.xml"), folder / "prefect.yaml"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AJAR_ALLOW_PRIVATE", "1")
        settings = load_settings({"AJAR_HOME": str(folder / "home")}, folder=folder)
        with serving(
            settings, port=free_port(), prefect_file=prefect_file, tell=print, json_logs=True
        ) as served:

            def ended() -> Any:
                """A run that the schedule made, and nobody else, came to an end."""
                ends = ("COMPLETED", "FAILED", "CRASHED")
                runs = runs_of(served.api, "watch-sources")
                return [run for run in runs if run["auto_scheduled"] and run["state_type"] in ends]

            yield Installation(settings, served, eventually(180, ended)[0])


def test_a_scheduled_run_fills_the_warehouse(installation: Installation) -> None:
    assert installation.first_run["state_name"] == "Completed"
    with duckdb.connect(str(installation.settings.published), read_only=True) as connection:
        row = connection.execute("SELECT actor, artefact, direction, stage FROM shifts").fetchone()
        assert row == ("Arnor Labs", "Gondor-7B", "opening", "done")
        assert connection.execute("SELECT DISTINCT status FROM alerts").fetchall() == [("sent",)]


def test_the_name_of_a_run_says_what_it_did(installation: Installation) -> None:
    assert installation.first_run["name"] == "1 source due: 1 read · 1 new article · 1 shift · 1 alert"


def test_the_user_interface_shows_shifts_and_the_health_of_sources(installation: Installation) -> None:
    with urllib.request.urlopen(installation.served.ui, timeout=10) as page:
        assert b"Prefect" in page.read()
    wanted = {"artifacts": {"flow_run_id": {"any_": [installation.first_run["id"]]}}}
    artifacts = {
        each["key"]: each["data"] for each in ask(installation.served.api, "/artifacts/filter", wanted)
    }
    assert "> Arnor Labs has released the weights of Gondor-7B" in artifacts["latest-pass"]
    (row,) = json.loads(artifacts["source-health"])
    assert (row["state"], row["articles"]) == ("healthy", 1)


def test_logs_are_json_on_request(installation: Installation) -> None:
    log = (installation.settings.logs / "worker.log").read_text()
    facts = [json.loads(line)["msg"] for line in log.splitlines() if line.startswith("{")]
    assert "1 source due: 1 read" in facts


def test_a_shift_is_an_event_that_automations_can_wait_for(installation: Installation) -> None:
    def emitted() -> Any:
        """An event of the shift."""
        wanted = {"filter": {"event": {"prefix": ["ajar.shift."]}}}
        return ask(installation.served.api, "/events/filter", wanted)["events"]

    (event,) = eventually(30, emitted)
    assert event["event"] == "ajar.shift.done"
    assert event["payload"]["direction"] == "opening"


def test_all_deployments_are_there_with_schedules_and_described_parameters(
    installation: Installation,
) -> None:
    deployments = ask(installation.served.api, "/deployments/filter", {})
    schedules = {
        each["entrypoint"].partition(":")[2] + "/" + each["name"]: [
            schedule["schedule"].get("cron") or schedule["schedule"]["interval"]
            for schedule in each["schedules"]
        ]
        for each in deployments
    }
    assert schedules == {
        "watch_sources/every-15-minutes": [5],
        "raise_alerts/every-10-minutes": ["3-59/10 * * * *"],
        "raise_alerts/digests": ["0 8 * * *"],
        "report_trends/every-morning": ["30 5 * * *"],
        "tidy_up/every-night": ["20 3 * * *"],
        "reclassify_articles/by-hand": [],
        "backfill_archive/by-hand": [],
    }
    for deployment in deployments:
        parameters = deployment["parameter_openapi_schema"]["properties"]
        assert all(parameter.get("description") for parameter in parameters.values()), parameters
        assert deployment["description"]
        assert deployment["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"


def test_the_doctor_finds_server_schedules_and_worker(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", installation.served.api)
    found = {check: (verdict, fact) for check, verdict, fact in check_server(datetime.now(UTC))}
    assert found["server"] == (
        "ok",
        f"a Prefect server {prefect.__version__} answers at {installation.served.api}",
    )
    assert found["deployments"] == ("ok", "7 deployments, none paused")
    assert found["workers"] == ("ok", "1 online in the pool ajar")
    assert found["runs"] == ("ok", "none failed since yesterday, none is late")


@pytest.mark.long
def test_a_secret_may_stand_in_a_block_and_the_environment_goes_before_it(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("AJAR_SLACK_WEBHOOK", "AJAR_SMTP_URL", "AJAR_NOTIFY_URLS"):
        monkeypatch.delenv(variable, raising=False)
    with temporary_settings({PREFECT_API_URL: installation.served.api}):
        assert settings_of_run().slack_webhook is None
        SecretBlock(value=SecretStr("https://hooks.slack.com/services/T/B/block")).save("ajar-slack-webhook")
        try:
            assert settings_of_run().slack_webhook == Secret("https://hooks.slack.com/services/T/B/block")
            monkeypatch.setenv("AJAR_SLACK_WEBHOOK", "https://hooks.slack.com/services/T/B/environment")
            assert settings_of_run().slack_webhook == Secret(
                "https://hooks.slack.com/services/T/B/environment"
            )
        finally:
            SecretBlock.delete("ajar-slack-webhook")


def test_alerts_asked_for_by_hand_find_nothing_due_after_a_pass(installation: Installation) -> None:
    deployment = installation.deployment("every-10-minutes")["id"]

    def ended() -> Any:
        """A run that was not kept from working by a pass came to an end."""
        run = ask(installation.served.api, f"/deployments/{deployment}/create_flow_run", {})

        def this_ended() -> Any:
            """The run came to an end."""
            (found,) = ask(
                installation.served.api, "/flow_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}}
            )
            return found if found["end_time"] else None

        found = eventually(60, this_ended)
        return None if found["state_name"] == "Skipped" else found

    found = eventually(120, ended)
    assert (found["state_name"], found["name"]) == ("Completed", "nothing was due")


def test_runs_that_were_left_or_missed_are_settled_but_for_the_newest(installation: Installation) -> None:
    """What `ajar serve` does before its worker starts, on runs in a queue that gives its worker none."""
    ask(installation.served.api, "/work_pools/ajar/queues", {"name": "parked", "is_paused": True})
    parked = installation.deployment("every-morning")
    due = datetime.now(UTC) - timedelta(hours=2)
    with SyncPrefectClient(api=installation.served.api) as client:
        missed = [
            client.create_flow_run_from_deployment(
                parked["id"], state=Scheduled(scheduled_time=moment), work_queue_name="parked"
            )
            for moment in (due, due + timedelta(minutes=15), due + timedelta(minutes=30))
        ]
        left = client.create_flow_run_from_deployment(
            parked["id"], state=Scheduled(scheduled_time=due), work_queue_name="parked"
        )
        client.set_flow_run_state(left.id, Running(), force=True)
        settle_left_runs(client, now=datetime.now(UTC))
        states = [client.read_flow_run(run.id).state_name for run in (left, *missed)]
    assert states == ["Crashed", "Missed", "Missed", "Scheduled"]


def test_prefect_yaml_names_flows_that_exist() -> None:
    project = yaml.safe_load((CHECKOUT / "prefect.yaml").read_text())
    for deployment in project["deployments"]:
        file, function = deployment["entrypoint"].split(":")
        assert f"def {function}(" in (CHECKOUT / file).read_text()
