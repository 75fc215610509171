"""The report as a file: what it tells, that it needs nothing else, and that wild texts stay texts."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from extractors.errors import AjarError, ConfigurationError, StorageError
from flows.openness_report.answers import Answers
from flows.openness_report.findings import find
from flows.openness_report.page import as_json, packed
from flows.openness_report.picture import last_months
from flows.openness_report.published import NEWEST, PAGE_NAME, PICTURE_NAME, Report
from flows.reporting import mail_report, make_report
from flows.settings import Settings, load_settings
from tests.flows.mail_receiver import mail_receiver
from tests.warehouse.newsroom import DAY, NOW, Newsroom, mention, report
from warehouse.database import publish
from warehouse.queries import QueryResult

WILD = '</script><img src=x onerror=alert(1)> "\u202etxt" & <!-- 开放'


class Page(HTMLParser):
    """The elements of a page, with the text of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.within = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.within = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.within = ""

    def handle_data(self, data: str) -> None:
        if self.within == "script":
            self.scripts[-1] += data


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report of a newsroom whose texts try to be markup."""
    newsroom = Newsroom(tmp_path_factory.mktemp("wild"))
    newsroom.run(now=NOW - DAY)
    newsroom.run(
        report("wild", mention(actor=WILD, artefact=WILD, evidence=WILD, licence=WILD), title=WILD),
        report("plain", mention(actor="Vestra", artefact="Tern 2", stage="announced", due=date(2026, 3, 1))),
    )
    settings = settings_for(newsroom.path.parent)
    publish(newsroom.path, settings.published)
    return make_report(settings, now=NOW + DAY, folder=newsroom.path.parent / "out", note=WILD)


@pytest.fixture
def wild(made: Report) -> Path:
    """The folder it lies in."""
    return made.page.parent


def settings_for(home: Path) -> Settings:
    return load_settings({"AJAR_HOME": str(home)}, folder=home)


def payload(page: str) -> dict[str, Any]:
    known: dict[str, Any] = json.loads(Page(page).scripts[0])
    return known


def column(packed: dict[str, Any], name: str) -> Sequence[Any]:
    values = packed[name]
    return [values["of"][at] for at in values["at"]] if isinstance(values, dict) else values


def test_before_the_first_pass_the_report_tells_the_cited_history_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    home.mkdir()
    made = make_report(settings_for(home), now=NOW, folder=out)
    assert list(home.iterdir()) == []
    assert sorted(path.name for path in out.iterdir()) == [PAGE_NAME, PICTURE_NAME]
    page = made.page.read_text("utf-8")
    assert "No source has been read yet" in page
    assert "No article has been read yet." in page
    actors = column(payload(page)["shifts"], "actor")
    assert len(actors) == made.shifts > 80
    assert "OpenAI" in actors
    # The file stays under 3 MB with 5,000 shifts; most of a small one is the charts' JavaScript.
    assert made.page.stat().st_size < 900_000


def test_the_report_lies_beside_the_warehouse_unless_told_otherwise(tmp_path: Path) -> None:
    assert make_report(settings_for(tmp_path), now=NOW).page == tmp_path / "reports" / PAGE_NAME


def test_a_page_names_no_address_that_a_browser_would_fetch(wild: Path) -> None:
    page = (wild / PAGE_NAME).read_text("utf-8")
    fetched = [
        (tag, name, value)
        for tag, attributes in Page(page).elements
        for name, value in attributes.items()
        if name in ("src", "srcset", "data", "poster", "action", "background")
        or (name == "href" and tag in ("link", "base"))
    ]
    assert [value for _, _, value in fetched if not str(value).startswith("data:")] == []
    assert not re.search(r"@import|url\(", page[: page.index("</style>")])


def test_wild_texts_end_no_element_and_start_none(wild: Path) -> None:
    page = (wild / PAGE_NAME).read_text("utf-8")
    parsed = Page(page)
    assert len(parsed.scripts) == 3
    assert [tag for tag, _ in parsed.elements if tag in ("img", "iframe", "object")] == []
    assert [name for _, attributes in parsed.elements for name in attributes if name.startswith("on")] == []
    shifts = payload(page)["shifts"]
    # Marks that turn the reading direction are taken out, everything else is told as it was written.
    told = WILD.replace("\u202e", "")
    assert told in column(shifts, "actor")
    assert told in column(shifts, "evidence")


def test_only_the_script_of_the_page_may_run(wild: Path) -> None:
    page = (wild / PAGE_NAME).read_text("utf-8")
    policy = next(
        attributes["content"]
        for tag, attributes in Page(page).elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'; script-src 'unsafe-eval' 'sha256-")
    hashed = base64.b64encode(hashlib.sha256(Page(page).scripts[-1].encode()).digest()).decode()
    assert re.search(r"script-src ([^;]+);", policy)[1] == f"'unsafe-eval' 'sha256-{hashed}'"  # type: ignore[index]


def test_a_report_is_as_of_the_newest_pass(wild: Path) -> None:
    page = (wild / PAGE_NAME).read_text("utf-8")
    known = payload(page)
    assert known["asOf"] == "2026-03-02"
    assert max(column(known["shifts"], "stage_on")) <= "2026-03-02"
    assert "2026-03-03 09:00 UTC from what was read until 2026-03-02 09:00 UTC" in page


def test_addresses_that_are_none_of_the_web_are_left_out(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    newsroom.run(now=NOW - DAY)
    found, mentions = report("plain", mention())
    newsroom.run((replace(found, url="javascript:alert(1)"), mentions))
    publish(newsroom.path, settings_for(tmp_path).published)
    page = make_report(settings_for(tmp_path), now=NOW).page.read_text("utf-8")
    assert "javascript:alert" not in page


def test_the_picture_is_a_png_fit_for_mail(wild: Path) -> None:
    picture = (wild / PICTURE_NAME).read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    assert (width > 1200, height > 600, len(picture) < 400_000) == (True, True, True)


def test_a_report_is_mailed_with_the_picture_in_sight_and_the_page_attached(
    made: Report, tmp_path: Path
) -> None:
    with mail_receiver() as mailbox:
        settings = load_settings(
            {
                "AJAR_HOME": str(tmp_path),
                "AJAR_SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}",
                "AJAR_ALERT_TO": "desk@example.org, chief@example.org",
            },
            folder=tmp_path,
        )
        assert mail_report(settings, made, now=NOW) == "desk@example.org, chief@example.org"
    (mail,) = mailbox.messages
    assert mailbox.recipients == [["desk@example.org", "chief@example.org"]]
    assert mail["Subject"] == f"The openness of AI, 2026-03-02: {made.findings.title}"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert made.findings.title in plain.get_content()
    assert len(re.findall(r"^[▲▼◆] 202", plain.get_content(), re.MULTILINE)) == NEWEST
    assert [tag for tag, _ in Page(html.get_content()).elements].count("img") == 1
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert [part.get_content() for part in pictures] == [made.picture.read_bytes()]
    assert f"cid:{pictures[0]['Content-ID'].strip('<>')}" in html.get_content()
    (page,) = mail.iter_attachments()
    assert page.get_filename() == "ajar-report-2026-03-02.html"
    assert page.get_payload(decode=True) == made.page.read_bytes()


def test_a_mail_that_cannot_go_out_says_where_the_report_lies(made: Report, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="AJAR_SMTP_URL and AJAR_ALERT_TO are not set"):
        mail_report(settings_for(tmp_path), made, now=NOW)
    with mail_receiver() as mailbox:
        mailbox.answers["data"] = "552 too large"
        settings = load_settings(
            {
                "AJAR_HOME": str(tmp_path),
                "AJAR_SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}",
                "AJAR_ALERT_TO": "desk@example.org",
            },
            folder=tmp_path,
        )
        with pytest.raises(AjarError, match=r"not mailed: .*552 too large.*; it lies at .*ajar-report\.html"):
            mail_report(settings, made, now=NOW)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        StorageError, match=r"file: the report cannot be written here .* name another with --out"
    ):
        make_report(settings_for(tmp_path), now=NOW, folder=tmp_path / "file")


def test_a_report_that_exists_is_replaced_at_once(tmp_path: Path) -> None:
    first = make_report(settings_for(tmp_path), now=NOW)
    before = first.page.stat().st_ino
    make_report(settings_for(tmp_path), now=NOW + timedelta(days=1))
    assert first.page.stat().st_ino != before
    assert sorted(path.name for path in first.page.parent.iterdir()) == [PAGE_NAME, PICTURE_NAME]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"opened": 41, "closed": 12}, "In the last 90 days 41 doors opened and 12 closed."),
        ({"opened": 1, "closed": 1}, "In the last 90 days 1 door opened and 1 closed."),
        ({"opened": 0, "closed": 3}, "In the last 90 days no door opened and 3 closed."),
        ({"opened": 2000, "closed": 0}, "In the last 90 days 2,000 doors opened and none closed."),
        ({"opened": 0, "closed": 0}, "In the last 90 days no door opened and none closed."),
    ],
)
def test_the_headline_says_what_opened_and_closed(counts: dict[str, int], said: str) -> None:
    assert find(answers(**counts)).title == said


def test_numbers_of_the_headline_lead_to_what_they_count() -> None:
    headline = find(answers(opened=2, closed=0)).headline
    assert [part.href for part in headline if part.href] == [
        "#direction=opening&stage=done&from=2026-01-01&at=newest"
    ]


def test_below_the_headline_stands_what_is_under_way() -> None:
    said = find(answers(opened=1, to_open=1, set_back=2)).summary
    assert said == (
        "In the 90 days before, 0 opened and 0 closed. 1 opening is announced, signalled or rumoured. "
        "2 openings were put off or dropped."
    )


def answers(**counts: int) -> Answers:
    """Answers in which only these counts of the last days are told."""
    names = ("opened", "closed", "to_open", "to_close", "set_back", "spared", "actors")
    nothing = QueryResult(columns=(), rows=[], types=())
    lately = QueryResult(
        columns=("first_day", "last_day", *names),
        rows=[
            (date(2026, 1, 1), date(2026, 3, 31), *(counts.get(name, 0) for name in names)),
            (date(2025, 10, 3), date(2025, 12, 31), *(0 for _ in names)),
        ],
        types=(),
    )
    return Answers(
        as_of=date(2026, 3, 31), last_pass_at=None, shifts=nothing, stages=nothing, reports=nothing, lately=lately,
        change_points=nothing, ledger=nothing, promises=nothing, sources=nothing, grounds=nothing, reading=nothing,
    )  # fmt: skip


def test_columns_tell_repeated_values_once() -> None:
    assert packed({"n": [3, 1, 2], "kind": [None, "weights", None, "weights"], "none": []}) == {
        "n": [3, 1, 2],
        "kind": {"of": [None, "weights"], "at": [0, 1, 0, 1]},
        "none": {"of": [], "at": []},
    }


@pytest.mark.parametrize("text", ["</script>", "<!--", "]]>", "&amp;", "\u2028", "\ud800"])
def test_json_in_a_page_is_read_as_it_was_written(text: str) -> None:
    written = as_json({"text": text})
    assert not re.search(r"[<>&]", written)
    assert json.loads(written) == {"text": text}


def test_the_last_months_end_with_the_present_one() -> None:
    assert last_months(date(2026, 2, 28), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
