"""What `--help` and completion tell."""

from __future__ import annotations

import re

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from extractors.sources import load_sources
from flows.command_line import main
from warehouse.queries import list_queries


def told(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def completions(*arguments: str) -> list[str]:
    """What the shell offers for the last of the words typed so far."""
    completer = ShellComplete(main, {}, "ajar", "_AJAR_COMPLETE")
    return [item.value for item in completer.get_completions(list(arguments[:-1]), arguments[-1])]


def test_the_help_names_every_command_once_and_whole() -> None:
    listed = re.findall(r"^  (\w+)  +(\S.*)$", told("--help").split("Options:")[1], re.MULTILINE)
    assert sorted(name for name, _ in listed) == sorted(main.commands)
    assert [help_ for _, help_ in listed if help_.endswith("...")] == []


@pytest.mark.parametrize("name", ["run", "tag", "explain", "query", "sql", "report"])
def test_the_help_of_a_command_shows_how_to_call_it(name: str) -> None:
    examples = re.findall(rf"^ *(?:.*\| )?ajar {name}\b.*$", told(name, "--help"), re.MULTILINE)
    assert len(examples) >= 2


def test_examples_name_options_that_exist() -> None:
    for name, command in main.commands.items():
        with click.Context(command) as context:
            known = {option for parameter in command.get_params(context) for option in parameter.opts}
        examples = re.findall(rf"ajar {name} .*", command.help or "")
        used = {option for example in examples for option in re.findall(r"--[a-z]+", example)}
        assert used <= known, name


def test_queries_and_sources_are_completed() -> None:
    assert completions("query", "open") == [
        query.name for query in list_queries() if query.name.startswith("open")
    ]
    sources = [source.id for source in load_sources(None) if source.id.startswith("mistral")]
    assert sources
    assert completions("run", "--only", "mistral") == sources


def test_a_mistyped_command_is_answered_with_the_right_one() -> None:
    result = CliRunner().invoke(main, ["qeury"])
    assert result.exit_code == 2
    assert "No such command 'qeury'. Did you mean 'query'?" in result.output
