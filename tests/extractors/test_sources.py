"""Source files: what is read, and what is said of one that cannot be."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from extractors.errors import SourceFileError
from extractors.records import Address, Source
from extractors.sources import load_sources, parse_duration

CARD = {
    "id": "paper",
    "publisher": "The Paper",
    "language": "en",
    "tier": "press",
    "feeds": ["https://paper.example/feed.xml"],
}


def written(path: Path, document: object) -> Path:
    """A file that holds the document as YAML."""
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return path


def fault(path: Path) -> str:
    """The one line that is said of a file."""
    with pytest.raises(SourceFileError) as raised:
        load_sources(path)
    message = str(raised.value)
    assert len(message.splitlines()) == 1
    assert str(path.name) in message
    return message


def test_a_card_is_read_in_full(tmp_path: Path) -> None:
    card = {
        "id": "lab-news",
        "publisher": "연구소",
        "language": "ko",
        "tier": "official",
        "actor": "Lab",
        "feeds": ["https://lab.example/a.xml"],
        "pages": [
            {"url": "https://lab.example/news", "links": "main a"},
            {"url": "https://lab.example/blog"},
        ],
        "licences": ["https://lab.example/LICENSE"],
        "expect": {"entries": [5, 100]},
        "every": "30m",
    }
    assert load_sources(written(tmp_path / "lab.yaml", card)) == (
        Source(
            id="lab-news",
            publisher="연구소",
            language="ko",
            tier="official",
            actor="Lab",
            addresses=(
                Address(url="https://lab.example/a.xml", role="feed"),
                Address(url="https://lab.example/news", role="page", links="main a"),
                Address(url="https://lab.example/blog", role="page"),
                Address(url="https://lab.example/LICENSE", role="licence"),
            ),
            expect=(5, 100),
            every=timedelta(minutes=30),
        ),
    )


def test_what_a_card_leaves_out_has_a_default(tmp_path: Path) -> None:
    (source,) = load_sources(written(tmp_path / "paper.yaml", CARD))
    assert (source.actor, source.expect, source.every) == (None, None, timedelta(hours=1))


def test_a_file_may_hold_a_list_and_a_folder_many_files(tmp_path: Path) -> None:
    written(tmp_path / "a.yaml", [CARD, {**CARD, "id": "paper-2"}])
    written(tmp_path / "b.yml", {**CARD, "id": "another"})
    (tmp_path / "notes.txt").write_text("no source", encoding="utf-8")
    assert [source.id for source in load_sources(tmp_path)] == ["another", "paper", "paper-2"]
    assert [source.id for source in load_sources(tmp_path / "a.yaml")] == ["paper", "paper-2"]


def test_words_that_yaml_would_turn_into_something_else_stay_words(tmp_path: Path) -> None:
    file = tmp_path / "odd.yaml"
    text = "id: 404\npublisher: 2026-01-01\nlanguage: no\ntier: press\nfeeds: [http://127.0.0.1:8000/feed]\n"
    file.write_text(text, encoding="utf-8")
    (source,) = load_sources(file)
    assert (source.id, source.publisher, source.language) == ("404", "2026-01-01", "no")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"every": "90 bananas"}, "every is '90 bananas'; write minutes, hours or days"),
        ({"every": "0m"}, "every is '0m'"),
        ({"every": "1"}, "every is '1'"),
        ({"tier": "offical"}, "tier is 'offical'; use one of official, press, community, policy"),
        ({"language": "English"}, "language is 'English'; use the code of a language"),
        ({"id": "a b"}, "id is 'a b'; use letters"),
        ({"publisher": ["x"]}, "publisher is ['x']; write it as one line of text"),
        ({"feedz": []}, "unknown key 'feedz'; use one of id, publisher, language, tier, actor, feeds,"),
        ({"feeds": "https://paper.example/"}, "feeds is 'https://paper.example/'; write a list"),
        ({"feeds": []}, "names no address"),
        ({"feeds": ["ftp://paper.example/"]}, "its scheme is 'ftp'; only http and https are fetched"),
        ({"feeds": ["paper.example/feed"]}, "feeds holds 'paper.example/feed'"),
        ({"feeds": [7.5]}, "feeds holds '7.5'"),
        ({"feeds": [{"url": "x"}]}, "feeds holds {'url': 'x'}"),
        ({"feeds": ["https://u:hush@paper.example:port/"]}, "https://***@paper.example:port/"),
        ({"feeds": ["https://a.example/", "https://a.example/"]}, "'https://a.example/' stands twice"),
        ({"pages": ["https://paper.example/"]}, "pages holds 'https://paper.example/'; write {url:"),
        ({"pages": [{"url": "https://paper.example/", "link": "a"}]}, "unknown key 'link' in pages"),
        ({"pages": [{"url": "https://paper.example/", "links": ""}]}, "links is ''; write a CSS selector"),
        ({"pages": [{"url": "https://paper.example/", "links": "a:hover"}]}, "links is 'a:hover'"),
        ({"pages": [{"url": "https://paper.example/", "links": "a[["}]}, "is not understood; use names"),
        ({"expect": {"entries": [9, 1]}}, "write the fewest and most entries, e.g. {entries: [5, 100]}"),
        ({"expect": {"entries": ["few", "many"]}}, "expect is"),
        ({"expect": 5}, "expect is '5'"),
        ({"actor": "Lab"}, "actor is 'Lab' but tier is 'press'"),
    ],
)
def test_a_mistake_is_named_with_what_would_be_right(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    message = fault(written(tmp_path / "paper.yaml", {**CARD, **change}))
    assert said in message
    assert "hush" not in message


@pytest.mark.parametrize("key", ["id", "publisher", "language", "tier"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    card = {name: value for name, value in CARD.items() if name != key}
    assert f"{key} is missing" in fault(written(tmp_path / "paper.yaml", card))


def test_a_file_that_is_no_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("id: paper\nfeeds: [https://a.example/\ntier: press\n", encoding="utf-8")
    assert "line 3: not readable as YAML" in fault(file)


def test_a_key_that_stands_twice_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "twice.yaml"
    file.write_text("id: paper\ntier: press\nid: other\n", encoding="utf-8")
    assert "line 3: not readable as YAML: 'id' stands twice" in fault(file)


@pytest.mark.parametrize("text", ["", "[]", "just words", "- a\n- b\n", "\x00", "&a [*a]", "? {a: b}\n: c\n"])
def test_a_file_without_a_source_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "empty.yaml"
    file.write_text(text, encoding="utf-8")
    fault(file)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes(b"id: caf\xe9\n")
    assert "not readable as YAML" in fault(file)


def test_a_path_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    assert "no such file or folder" in fault(tmp_path / "missing.yaml")
    assert "no source files in this folder" in fault(tmp_path)


def test_an_id_that_stands_twice_is_named_with_both_files(tmp_path: Path) -> None:
    written(tmp_path / "a.yaml", CARD)
    written(tmp_path / "b.yaml", CARD)
    with pytest.raises(SourceFileError, match=r"'paper' stands in a\.yaml and b\.yaml"):
        load_sources(tmp_path)


@pytest.mark.parametrize(
    ("text", "minutes"), [("30m", 30), ("6h", 360), ("1d", 1440), (" 2 h ", 120), ("30d", 43_200)]
)
def test_a_duration_is_a_number_and_a_unit(text: str, minutes: int) -> None:
    assert parse_duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "h", "1.5h", "-1h", "1w", "31d", "0h", "1h30m", "１h", "9999999h"])
def test_anything_else_is_no_duration(text: str) -> None:
    assert parse_duration(text) is None


# the catalogue


def test_the_catalogue_can_be_read() -> None:
    sources = load_sources(None)
    assert len(sources) >= 130
    assert {source.language for source in sources} == {"en", "ko", "zh", "ja"}
    assert {source.tier for source in sources} == {"official", "press", "community", "policy"}


def test_every_official_source_names_whom_it_speaks_for_as_the_registry_does() -> None:
    registry = Path(__file__).parents[2] / "extractors" / "openness" / "actors.yaml"
    organisations = yaml.safe_load(registry.read_text(encoding="utf-8"))["organisations"]
    names = {organisation["name"] for organisation in organisations}
    actors = {source.actor for source in load_sources(None) if source.tier == "official"}
    assert actors <= names


def test_no_address_stands_in_two_sources_of_the_catalogue() -> None:
    urls = [address.url for source in load_sources(None) for address in source.addresses]
    assert len(urls) == len(set(urls))


def test_every_card_of_the_catalogue_states_its_evidence() -> None:
    levels = ("fetched_ok", "listed", "repo_snapshot", "doc_pattern", "unverified")
    folder = Path(__file__).parents[2] / "extractors" / "sources"
    for file in folder.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        assert text.count("Evidence: ") == text.count("publisher: "), file.name
        assert all(part.startswith(levels) for part in text.split("Evidence: ")[1:]), file.name
