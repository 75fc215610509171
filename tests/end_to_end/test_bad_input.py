"""Bad input gets one clear line: what, where, and what would be right. The rest of the run goes on."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

CARD = "id: x\npublisher: X\nlanguage: en\ntier: press\nfeeds: ['http://x.example/f']\n"
EMPTY = b"<rss version='2.0'><channel><title>Empty</title></channel></rss>"
NEWS = "Arnor Labs has released the weights of Gondor-7B under the Apache 2.0 licence on Tuesday."


def last_line(text: str) -> str:
    """The last line of an output; an error must stand alone on it, without a traceback."""
    assert "Traceback" not in text
    return text.strip().splitlines()[-1]


def summary(run: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The object that `--json` prints."""
    parsed: dict[str, Any] = json.loads(run.stdout)
    return parsed


def test_a_missing_source_file_is_named(ajar: Any, tmp_path: Path) -> None:
    run = ajar("run", "--sources", str(tmp_path / "nowhere.yaml"))
    assert run.returncode == 2
    assert "nowhere.yaml: no such file or folder" in last_line(run.stderr)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- id: x\n  publisher: [", "not readable as YAML"),
        (
            f"{CARD}colour: red\n",
            "colour",
        ),
        ("id: x\npublisher: X\nlanguage: en\ntier: tabloid\nfeeds: ['http://x.example/f']\n", "tabloid"),
        (
            "id: x\npublisher: X\nlanguage: en\ntier: press\nfeeds: ['file:///etc/passwd']\n",
            "file:///etc/passwd",
        ),
        (
            f"{CARD}every: 90 bananas\n",
            "90 bananas",
        ),
        ("", "holds no source"),
    ],
)
def test_a_mistake_in_a_source_file_is_named_with_file_key_and_value(
    ajar: Any, tmp_path: Path, home: Path, text: str, complaint: str
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    run = ajar("run", "--sources", str(file))
    assert run.returncode == 2
    assert "mine.yaml" in last_line(run.stderr)
    assert complaint in last_line(run.stderr)
    assert not (home / "ajar.duckdb").exists()


def test_an_unknown_source_id_is_answered_with_the_known_ones(ajar: Any, site: Any, tmp_path: Path) -> None:
    run = ajar("run", "--sources", str(site.sources(tmp_path / "s.yaml", "/feed.xml")), "--only", "other")
    assert run.returncode == 2
    assert last_line(run.stderr) == "ajar: source is 'other'; use one of feed-xml"
    of_many = ajar("sources", "check", "mistral-new")
    assert last_line(of_many.stderr).startswith("ajar: source is 'mistral-new'; did you mean mistral-news")
    assert len(last_line(of_many.stderr)) < 160


def test_an_unknown_option_is_wrong_usage(ajar: Any) -> None:
    assert ajar("run", "--colour").returncode == 2


def test_a_warehouse_that_cannot_be_written_is_named(ajar: Any, site: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    site.feed("/feed.xml", ("/a", "A"))
    path = tmp_path / "file" / "w.duckdb"
    run = ajar(
        "run", "--sources", str(site.sources(tmp_path / "s.yaml", "/feed.xml")), "--warehouse", str(path)
    )
    assert run.returncode == 1
    assert str(tmp_path / "file") in last_line(run.stderr)


def test_a_file_that_is_no_warehouse_is_left_as_it_is(ajar: Any, site: Any, tmp_path: Path) -> None:
    path = tmp_path / "notes.duckdb"
    path.write_text("my notes, not a database")
    site.feed("/feed.xml", ("/a", "A"))
    run = ajar(
        "run", "--sources", str(site.sources(tmp_path / "s.yaml", "/feed.xml")), "--warehouse", str(path)
    )
    assert run.returncode == 1
    assert "is no DuckDB file" in last_line(run.stderr)
    assert path.read_text() == "my notes, not a database"


HOLDER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("SELECT 1")
print("held", flush=True)
sys.stdin.read()
"""


def test_rows_read_while_another_process_holds_the_warehouse_come_with_the_next_pass(
    ajar: Any, site: Any, tmp_path: Path, home: Path
) -> None:
    site.feed("/feed.xml", ("/a", "First"))
    site.page("/a", "First", NEWS)
    sources = str(site.sources(tmp_path / "s.yaml", "/feed.xml"))
    assert ajar("run", "--sources", sources).returncode == 0
    site.feed("/feed.xml", ("/a", "First"), ("/b", "Second"))
    site.page("/b", "Second", "Nothing of note happened in the valley, the mayor said on Monday evening.")
    holder = [sys.executable, "-c", HOLDER, str(home / "ajar.duckdb")]
    with subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as held:
        assert held.stdout is not None
        assert held.stdout.readline() == b"held\n"
        run = ajar("run", "--sources", sources, "--force", AJAR_WAREHOUSE_WAIT_SECONDS="1")
        assert run.returncode == 1
        assert f"PID {held.pid}" in last_line(run.stderr)
        held.kill()
    asked = site.requests.count("/b")
    assert summary(ajar("run", "--sources", sources, "--json"))["articles_new"] == 1
    assert site.requests.count("/b") == asked, "the page had been read and staged already"


def test_one_bad_source_does_not_keep_the_others_from_being_read(
    ajar: Any, site: Any, tmp_path: Path
) -> None:
    site.feed("/good.xml", ("/a", "Weights out"))
    site.page("/a", "Weights out", NEWS)
    site.answers["/html.xml"] = (
        200,
        {"Content-Type": "text/html"},
        b"<html><title>Front</title><body>hi</body></html>",
    )
    site.feed("/cut.xml", ("/b", "B"))
    _, headers, body = site.answers["/cut.xml"]
    site.answers["/cut.xml"] = (200, {**headers, "Content-Encoding": "gzip"}, gzip.compress(body)[:-20])
    site.answers["/empty.xml"] = (200, {"Content-Type": "application/rss+xml"}, EMPTY)
    paths = ["/good.xml", "/html.xml", "/cut.xml", "/empty.xml", "/gone.xml"]
    run = ajar("run", "--sources", str(site.sources(tmp_path / "s.yaml", *paths)), "--json")
    assert run.returncode == 0
    told = summary(run)
    reasons = {failure["source"]: failure["reason"] for failure in told["failures"]}
    assert sorted(reasons) == ["cut-xml", "gone-xml", "html-xml"]
    assert "HTML" in reasons["html-xml"]
    assert "404" in reasons["gone-xml"]
    assert any(
        word in reasons["cut-xml"] for word in ("broke off", "breaks off", "truncated", "incomplete", "ends")
    )
    assert (told["sources_read"], told["sources_failed"], told["articles_new"]) == (2, 3, 1)


def test_a_pass_that_could_read_nothing_says_so_with_its_exit_code(
    ajar: Any, site: Any, tmp_path: Path
) -> None:
    run = ajar("run", "--sources", str(site.sources(tmp_path / "s.yaml", "/gone.xml")))
    assert run.returncode == 1
    assert "failed: gone-xml" in run.stdout


def test_a_machine_that_reaches_nothing_is_asked_whether_it_is_connected(ajar: Any, tmp_path: Path) -> None:
    card = (
        "- {{id: s{0}, publisher: S{0}, language: en, tier: press, feeds: ['http://127.0.0.{0}:9/feed']}}\n"
    )
    (tmp_path / "s.yaml").write_text("".join(card.format(number) for number in range(2, 27)))
    run = ajar("run", "--sources", str(tmp_path / "s.yaml"))
    assert run.returncode == 1
    lines = run.stdout.splitlines()
    assert lines[0] == "25 sources due: 25 failed"
    assert lines[1].startswith("No host could be reached: is this machine connected to the internet?")
    assert sum(line.startswith("  failed: ") for line in lines) == 20
    assert "  … and 5 more; `ajar query source_health` tells each" in lines


def test_what_is_stored_survives_a_feed_that_turns_into_a_page(
    ajar: Any, site: Any, tmp_path: Path, home: Path
) -> None:
    site.feed("/feed.xml", ("/a", "Weights out"))
    site.page("/a", "Weights out", NEWS)
    sources = str(site.sources(tmp_path / "s.yaml", "/feed.xml"))
    assert ajar("run", "--sources", sources).returncode == 0
    site.answers["/feed.xml"] = (
        200,
        {"Content-Type": "text/html"},
        b"<html><body>Be right back</body></html>",
    )
    assert ajar("run", "--sources", sources, "--force").returncode == 1
    with duckdb.connect(str(home / "ajar-latest.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*), max(length(text)) > 50 FROM articles").fetchone() == (
            1,
            True,
        )


def test_lines_that_are_no_articles_are_answered_in_place(ajar: Any) -> None:
    lines = ["not json", '{"url": "u1"}', json.dumps({"url": "u2", "title": "", "text": NEWS}), "[1]"]
    run = ajar("tag", stdin="\n".join(lines))
    assert run.returncode == 1
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert ["error" in answer for answer in answers] == [True, True, False, True]
    assert answers[1]["url"] == "u1"
    assert answers[2]["shifts"][0]["actor"] == "Arnor Labs"


def test_before_the_first_pass_questions_are_put_to_the_cited_history(ajar: Any, home: Path) -> None:
    run = ajar("sql", "SELECT count(*) AS shifts FROM all_shifts", "--format", "json")
    assert run.returncode == 0
    assert json.loads(run.stdout)[0]["shifts"] > 100
    assert last_line(run.stderr) == "Nothing was read yet (`ajar run` reads): this is the cited history."
    assert not home.exists()


def test_a_warehouse_named_that_is_not_there_is_not_made_up(ajar: Any, tmp_path: Path) -> None:
    run = ajar("query", "balance", "--warehouse", str(tmp_path / "other.duckdb"))
    assert run.returncode == 1
    assert "there is no published warehouse yet; `ajar run` makes one" in last_line(run.stderr)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("query", "newest_shift"), "did you mean newest_shifts"),
        (("query", "newest_shifts", "--set", "since"), "write it as name=value"),
        (("query", "newest_shifts", "--set", "colour=red"), "colour"),
        (("query", "newest_shifts", "--set", "since=yesterday-ish"), "yesterday-ish"),
        (("sql", ""), "the statement is empty"),
        (("sql", "SELEC 1"), "SELEC"),
        (("sql", "DELETE FROM shifts"), "read-only"),
        (("sql", "COPY shifts TO 'out.csv'"), "disabled"),
    ],
)
def test_a_wrong_question_is_answered_with_what_would_be_right(
    ajar: Any, arguments: tuple[str, ...], complaint: str
) -> None:
    run = ajar(*arguments)
    assert run.returncode == 2
    assert complaint in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("arguments", "given", "complaint"),
    [
        (("explain", "-"), "", "standard input is empty; give an article, its title on the first line"),
        (("explain", "-"), "\0\1\2 PNG", "standard input holds no text"),
        (("evaluate", "--articles", "no.jsonl", "--labels", "no.jsonl"), "", "name a file of JSON Lines"),
        (("evaluate", "--language", "xx"), "", "--language xx: no passage is in it; use one of en, ko, zh"),
        (("backfill", "page.warc"), "", "page.warc: is no WARC: it begins with b'<html' instead of b'WARC/'"),
        (("backfill", "page.warc.gz"), "", "page.warc.gz: cannot be read as WARC: Not a gzipped file"),
        (("serve", "--port", "99999"), "", "99999 is not in the range 1<=x<=65535"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_would_be_right(
    ajar: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...], given: str, complaint: str,
) -> None:  # fmt: skip
    for name in ("page.warc", "page.warc.gz"):
        (tmp_path / name).write_text("<html>a page</html>")
    monkeypatch.chdir(tmp_path)
    run = ajar(*arguments, stdin=given)
    assert run.returncode == 2
    assert complaint in last_line(run.stderr)


def test_what_is_printed_is_utf_8_whatever_the_locale(ajar: Any) -> None:
    told = ajar(
        "explain", "-", stdin=NEWS, PYTHONUTF8="0", PYTHONIOENCODING="latin-1", PYTHONCOERCECLOCALE="0"
    )
    assert told.returncode == 0, told.stderr
    assert f"“{NEWS}”" in told.stdout
