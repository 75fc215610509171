"""Licence files, terms and model cards that change without anybody saying so (N11)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from extractors.identity import is_section
from extractors.records import Address, NotAFeed, ParsedFeed, Snapshot, Source
from extractors.watched_files import licence_name, read_watched_file
from tests.extractors.simulated_days import HOUR, Days, says, script

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FILE = "https://raw.githubusercontent.com/halden/ember/main/LICENSE"
LAB = Source(
    id="halden-licences",
    publisher="Halden Lab",
    language="en",
    tier="official",
    actor="Halden Lab",
    addresses=(Address(url=FILE, role="licence"),),
)
MIT = """MIT License

Copyright (c) 2025 Halden Lab

Permission is hereby granted, free of charge, to any person obtaining a copy of this software,
to deal in the Software without restriction.
"""
OWN = """EMBER COMMUNITY LICENSE AGREEMENT

You may use the weights for research. Commercial use needs a separate agreement.
"""


def snapshot(
    body: str | bytes, *, url: str = FILE, content_type: str = "text/plain; charset=utf-8"
) -> Snapshot:
    return Snapshot(
        url=url, final_url=url, status=200, headers=(("content-type", content_type),),
        body=body if isinstance(body, bytes) else body.encode(), fetched_at=NOW, seconds=0.1,
    )  # fmt: skip


def read(body: str | bytes, previous: str | None = None, **more: Any) -> ParsedFeed:
    document = read_watched_file(snapshot(body, **more), previous=previous, source=LAB)
    assert isinstance(document, ParsedFeed), document
    return document


def remembered(body: str, **more: Any) -> str:
    text = read(body, **more).hints["watched"]
    assert isinstance(text, str)
    return text


def test_the_first_reading_is_no_news() -> None:
    assert read(MIT).entries == ()


def test_another_licence_is_an_entry_that_names_both() -> None:
    (entry,) = read(OWN, remembered(MIT)).entries
    assert entry.title == (
        "Halden Lab changes the licence of ember from MIT to EMBER COMMUNITY LICENSE AGREEMENT"
    )
    assert "Permission is hereby granted" in entry.content
    assert "Commercial use needs a separate agreement." in entry.content


def test_other_terms_under_the_same_name_are_an_entry_with_what_changed() -> None:
    stricter = OWN.replace("separate agreement", "separate, paid agreement")
    (entry,) = read(stricter, remembered(OWN)).entries
    assert entry.title == "Halden Lab changes the terms of ember"
    assert "It no longer says: Commercial use needs a separate agreement." in entry.content
    assert "It now says: Commercial use needs a separate, paid agreement." in entry.content
    assert "research" not in entry.content


@pytest.mark.parametrize(
    "rewritten",
    [
        MIT.replace("\n", "\r\n"),
        MIT.replace(", to any", ",\nto  any"),
        MIT.upper(),
        "# " + MIT.replace("MIT License", "**MIT License**"),
        MIT.replace("2025", "2025-2026"),
        MIT.replace("Copyright (c) 2025 Halden Lab", "Copyright © 2026 Halden Lab and others"),
        "\ufeff" + MIT,
    ],
    ids=["line ends", "wrapping", "capitals", "markup", "year", "holder", "byte order mark"],
)
def test_what_only_looks_different_is_no_change(rewritten: str) -> None:
    assert read(rewritten, remembered(MIT)).entries == ()


def test_terms_on_a_page_are_compared_without_their_markup() -> None:
    url = "https://halden.example/terms"
    page = "<html><body><h1>Terms</h1><p>{}</p><script>var visitor = {};</script></body></html>"
    before = remembered(page.format("You may use it.", 1), url=url, content_type="text/html")
    same = read(page.format("You <b>may</b> use it.", 2), before, url=url, content_type="text/html")
    assert same.entries == ()
    (entry,) = read(page.format("You may not use it.", 3), before, url=url, content_type="text/html").entries
    assert entry.title == "Halden Lab changes the terms of halden.example/terms"


def test_an_error_page_in_place_of_a_text_file_is_no_change() -> None:
    document = read_watched_file(
        snapshot("<!DOCTYPE html><html><p>Not found</p></html>", content_type="text/html"),
        previous=remembered(MIT), source=LAB,
    )  # fmt: skip
    assert isinstance(document, NotAFeed)


@pytest.mark.parametrize("body", ["", "   \n", "\x00\x01", "----"])
def test_a_file_without_words_is_no_change(body: str) -> None:
    assert isinstance(read_watched_file(snapshot(body), previous=remembered(MIT), source=LAB), NotAFeed)


def test_each_change_is_an_article_of_its_own_that_asks_for_no_page() -> None:
    there = read(OWN, remembered(MIT)).entries[0]
    back = read(MIT, remembered(OWN)).entries[0]
    assert there.canonical_url != back.canonical_url
    assert is_section(there)
    assert there == read(OWN, remembered(MIT)).entries[0]


# model cards


MODELS = "https://huggingface.co/api/models?author=halden"


def listed(**licences: str) -> str:
    return json.dumps(
        [
            {
                "id": f"halden/{name}",
                "likes": 3,
                "tags": ["text"] + ([f"license:{licence}"] if licence else []),
            }
            for name, licence in licences.items()
        ]
    )


def test_a_model_card_with_another_licence_is_an_entry() -> None:
    before = remembered(listed(ember="apache-2.0", frost="mit"), url=MODELS)
    (entry,) = read(listed(ember="cc-by-nc-4.0", frost="mit"), before, url=MODELS).entries
    assert entry.title == "Halden Lab changes the licence of ember from Apache-2.0 to CC-BY-NC-4.0"
    assert entry.canonical_url.startswith("https://huggingface.co/halden/ember#")


def test_likes_order_and_new_models_are_no_change_of_a_licence() -> None:
    before = remembered(listed(ember="apache-2.0", frost="mit"), url=MODELS)
    later = listed(glow="mit", frost="mit", ember="apache-2.0").replace('"likes": 3', '"likes": 9')
    assert read(later, before, url=MODELS).entries == ()


def test_a_model_that_drops_out_of_the_list_is_remembered() -> None:
    first = remembered(listed(ember="apache-2.0"), url=MODELS)
    second = read(listed(frost="mit"), first, url=MODELS).hints["watched"]
    (entry,) = read(listed(ember="other"), second, url=MODELS).entries
    assert "from Apache-2.0 to other" in entry.title


@pytest.mark.parametrize("body", ["[]", "{}", '{"error": "busy"}', "[1, null]", '[{"id": 7}]', "[" * 5000])
def test_an_answer_without_models_changes_nothing(body: str) -> None:
    before = remembered(listed(ember="apache-2.0"), url=MODELS)
    document = read_watched_file(snapshot(body, url=MODELS), previous=before, source=LAB)
    assert isinstance(document, NotAFeed)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("Apache License\n   Version 2.0, January 2004", "Apache-2.0"),
        ("Permission is hereby granted, free of charge, to any person", "MIT"),
        ("GNU AFFERO GENERAL PUBLIC LICENSE\n Version 3", "AGPL-3.0"),
        ("Creative Commons Attribution-NonCommercial 4.0 International", "CC-BY-NC-4.0"),
        ("## Ember Model License v2\n\nText", "Ember Model License v2"),
        ("You may use this.", None),
    ],
)
def test_a_licence_is_known_by_its_first_lines(head: str, name: str | None) -> None:
    assert licence_name(head) == name


# over days


def test_the_text_of_last_time_is_remembered_with_the_address() -> None:
    days = Days([LAB], script([says(MIT.encode()), says(MIT.encode()), says(OWN.encode())])).go(12 * HOUR)
    news = [
        entry.title
        for visit in days.visits
        if isinstance(visit.parsed, ParsedFeed)
        for entry in visit.parsed.entries
    ]
    assert len(news) == 1
    assert "from MIT" in news[0]
    assert days.outcomes()[:4] == ["read", "unchanged", "read", "unchanged"]
