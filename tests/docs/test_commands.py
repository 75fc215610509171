"""Every command that the README and the pages of docs/ show does what they say, or is run by a test named here."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import click
import pytest
import trustme
from click.testing import CliRunner, Result

from flows.command_line import main
from tests.docs.documents import ROOT, Command, blocks, commands
from tests.docs.elsewhere import ELSEWHERE
from tests.flows.mail_receiver import mail_receiver
from tests.flows.receivers import slack_double
from tests.warehouse.newsroom import NOW, Newsroom, mention, report
from warehouse.database import publish

EXIT_CODES = {"ajar alerts check": 1}
"""Where something is wrong in the warehouse of this test: its last pass was long ago."""

PLACEHOLDER = re.compile(r"…|\b[A-Z]{1,}\b(?![-=:;.'\"])|http://HOST")
"""`ajar explain URL`: something to be filled in."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """AJAR_HOME with a warehouse, and the files that the pages speak of."""
    folder = tmp_path_factory.mktemp("home")
    newsroom = Newsroom(folder)
    newsroom.run(report("lumen", mention(licence="MIT", level=6)), report("plain"), now=NOW)
    publish(newsroom.path, folder / "ajar-latest.duckdb")
    (folder / "articles.jsonl").write_text(
        '{"url": "https://halden-post.example/1", "title": "Arnor Labs opens Gondor-7B", '
        '"text": "Arnor Labs has released the weights of its AI model Gondor-7B under the MIT licence."}\n'
    )
    source = next(block for block in blocks("yaml") if block.page == "docs/adding-a-source.md")
    (folder / "halden-post.yaml").write_text(source.content)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """What stands on this machine for the addresses that the pages make up."""
    authority = trustme.CA()
    bundle = tmp_path_factory.mktemp("authority") / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    certificate = authority.issue_cert("127.0.0.1")
    with ExitStack() as stack:
        stack.enter_context(pytest.MonkeyPatch.context()).setenv("SSL_CERT_FILE", str(bundle))
        slack, other = stack.enter_context(slack_double()), stack.enter_context(slack_double())
        mail = stack.enter_context(mail_receiver(certificate=certificate, login=("user", "password")))
        yield {
            "https://hooks.slack.com/services/…": slack.url,
            "user:password@mail.example.org": f"user:password@127.0.0.1:{mail.port}",
            "ntfy://ntfy.example.org/ajar discord://id/token": other.url.replace("http://", "json://"),
        }


def is_run_elsewhere(command: Command) -> bool:
    """Whether it begins like a command that another test runs."""
    return any(
        f"{command.line} ".startswith(begin if begin.endswith("/") else f"{begin} ") for begin in ELSEWHERE
    )


TYPED = [command for command in commands() if not is_run_elsewhere(command)]


@pytest.mark.parametrize("command", TYPED, ids=str)
def test_a_documented_command_does_what_it_says(
    command: Command, home: Path, values: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    environment = dict.fromkeys(("AJAR_SLACK_WEBHOOK", "AJAR_SMTP_URL", "AJAR_ALERT_TO"), "")
    environment |= {"AJAR_HOME": str(home), "AJAR_NOTIFY_URLS": ""}
    before = [line for line in command.earlier if line.startswith("export ")]
    for line in (*before, command.line):
        for made_up, true in values.items():
            line = line.replace(made_up, true)
        words = shlex.split(re.sub(r"^(?:\S+ ){5} *(?=ajar )", "", line))
        match words:
            case ["export", *pairs]:
                assert pairs and all(re.fullmatch(r"[A-Z_]+=.+", pair) for pair in pairs), command
                environment |= dict(pair.split("=", 1) for pair in pairs)
            case ["ajar", *arguments] if PLACEHOLDER.search(line):
                assert_known(main, arguments, command)
            case ["ajar", "run" | "serve" | "demo" | "sources", *rest] if rest[:1] != ["list"]:
                pytest.fail(f"{command}: asks the web; name the test that runs it in elsewhere.py")
            case ["ajar", *_]:
                result = typed(words, environment)
                expected = EXIT_CODES.get(" ".join(words), 0)
                assert result.exit_code == expected, f"{command}\n{result.output}\n{result.exception!r}"
            case ["make", *targets]:
                known = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
                assert {target for target in targets if "=" not in target} <= set(known), command
            case ["pip", "install", *packages]:
                extras = re.findall(
                    r"^([a-z]+) = \[", (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE
                )
                named = [extra for each in packages for extra in re.findall(r"^ajar\[(\w+)\]$", each)]
                assert set(named) <= set(extras), command
            case ["source", script]:
                assert (home / script).is_file(), command
            case ["pytest" | ".venv/bin/python", *arguments]:
                paths = [word for word in arguments if "/" in word]
                assert paths and all((ROOT / path).exists() for path in paths), command
            case _:
                pytest.fail(f"{command}: no test runs it; name the one that does in elsewhere.py")


def typed(words: list[str], environment: Mapping[str, str]) -> Result:
    """Run `ajar …`, with what stands behind `<` and `>`."""
    given, kept = None, None
    if "<" in words:
        given = Path(words[words.index("<") + 1]).read_bytes()
    if ">" in words:
        kept = Path(words[words.index(">") + 1])
    ends = [words.index(mark) for mark in ("<", ">") if mark in words]
    result = CliRunner().invoke(main, words[1 : min(ends, default=len(words))], input=given, env=environment)
    if kept is not None:
        kept.write_bytes(result.stdout_bytes)
        assert kept.stat().st_size, "it printed nothing"
    return result


def assert_known(command: click.Command, words: list[str], where: Command) -> None:
    """Commands and options with something to be filled in are at least those that there are."""
    while words and isinstance(command, click.Group):
        names = words[0].split("|")
        assert [name for name in names if name not in command.commands] == [], where
        command, words = command.commands[names[0]], words[1:]
    options = {option for parameter in command.params for option in parameter.opts}
    assert [word for word in words if word.startswith("--") and word not in options] == [], where


@pytest.mark.parametrize("command", [each for each in commands() if is_run_elsewhere(each)], ids=str)
def test_a_command_run_elsewhere_has_options_and_files_that_exist(command: Command) -> None:
    words = shlex.split(command.line)
    if words[0] == "ajar":
        assert_known(main, words[1:], command)
    assert [word for word in words if word.startswith("docs/") and not (ROOT / word).exists()] == []


@pytest.mark.parametrize("begin", ELSEWHERE)
def test_the_test_that_runs_it_exists(begin: str) -> None:
    path, _, name = ELSEWHERE[begin].partition("::")
    assert f"def {name}(" in (ROOT / path).read_text("utf-8")


def test_every_command_run_elsewhere_is_documented() -> None:
    lines = [command.line for command in commands()]
    assert [begin for begin in ELSEWHERE if not any(line.startswith(begin) for line in lines)] == []


def test_the_pages_hold_commands_of_every_kind() -> None:
    """So that a change of the pages' form does not empty the test above."""
    lines = [command.line for command in commands()]
    for wanted in ("make demo", "ajar alerts test", "ajar query newest_shifts", "ajar queries"):
        assert wanted in lines
    assert len(lines) > 40
