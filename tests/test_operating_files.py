"""The files of docs/operating name deployments, pools and commands that exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "operating"


def deployments(file: Path) -> list[dict[str, Any]]:
    """What a Prefect file deploys."""
    return list(yaml.safe_load(file.read_text())["deployments"])


def flow_name(deployment: dict[str, Any]) -> str:
    """The name of the flow an entrypoint leads to."""
    file, function = deployment["entrypoint"].split(":")
    found = re.search(rf'@flow\(\s*name="([^"]+)".*?def {function}\(', (ROOT / file).read_text(), re.DOTALL)
    assert found, f"{deployment['entrypoint']} is no flow"
    return found[1]


def test_many_machines_deploy_all_of_one_machine_but_its_pass() -> None:
    alone = {flow_name(each) for each in deployments(ROOT / "prefect.yaml")}
    named = set(re.findall(r"--name '([^/']+)/\*'", (FOLDER / "deploy.sh").read_text()))
    assert named == alone - {"watch-sources"}
    added = {flow_name(each) for each in deployments(FOLDER / "many-machines.yaml")}
    assert added == {"watch-shard", "load-inbox"}


def test_every_shard_has_a_schedule() -> None:
    (reading, _) = deployments(FOLDER / "many-machines.yaml")
    schedules = [schedule["parameters"] for schedule in reading["schedules"]]
    assert schedules == [{"shard": number, "shards": len(schedules)} for number in range(len(schedules))]


def test_the_containers_work_for_the_pools_that_are_deployed_to() -> None:
    services = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]
    worked = {
        service["command"][-1] for service in services.values() if "worker" in service.get("command", ())
    }
    files = (ROOT / "prefect.yaml", FOLDER / "many-machines.yaml")
    assert worked == {each["work_pool"]["name"] for file in files for each in deployments(file)}
    assert all(pool in (FOLDER / "deploy.sh").read_text() for pool in worked)


def test_the_image_holds_all_that_its_build_asks_for() -> None:
    kept = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    wanted = {name for line in copied for name in line.split()}
    assert wanted == kept
    assert all((ROOT / name).exists() for name in wanted)


def test_the_units_call_commands_that_exist() -> None:
    from flows.command_line import main

    calls = re.findall(r"^ExecStart=\S+/ajar (.+)$", "\n".join(
        unit.read_text() for unit in sorted(FOLDER.glob("*.service"))
    ), re.MULTILINE)  # fmt: skip
    assert sorted(calls) == ["alerts check", "serve"]
    for call in calls:
        command: Any = main
        for word in call.split():
            command = command.commands[word]
