"""The report in a real Chromium: filters, links, keyboard, and whether everybody can read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect, sync_playwright

from flows.openness_report.published import Report
from flows.reporting import make_report
from flows.settings import load_settings
from tests.warehouse.newsroom import DAY, NOW, Newsroom, mention, report
from warehouse.database import open_published, publish
from warehouse.queries import run_query

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip
WILD = "<img src=x onerror=alert(1)>Wild & Co</script>"
OPEN_TABLES = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the published copy of a newsroom: some weeks of invented news beside the cited history."""
    newsroom = Newsroom(tmp_path_factory.mktemp("report"))
    newsroom.run(now=NOW - 30 * DAY)
    newsroom.run(
        report(
            "promise",
            mention(artefact="Lumen 3", stage="announced", due=date(2026, 2, 10), evidence="Lumen 3 comes."),
            published=NOW - 29 * DAY,
        ),
        report("halvard", mention(actor="Halvard", artefact="Skarn 1", direction="closing", level=3)),
        now=NOW - 28 * DAY,
    )
    newsroom.run(
        report("open", mention(licence="Apache-2.0", level=6, evidence="Lumen 2 is open under Apache 2.0.")),
        report("open-too", mention(licence="Apache-2.0", level=6), source="corvane-blog"),
        report("wild", mention(actor=WILD, artefact=WILD, evidence=WILD), title=WILD),
        report("late", mention(artefact="Lumen 3", stage="delayed", due=date(2026, 2, 20))),
        now=NOW,
    )
    publish(newsroom.path, load_settings({"AJAR_HOME": str(newsroom.path.parent)}).published)
    return newsroom.path.parent


@pytest.fixture(scope="module")
def made(home: Path) -> Report:
    return make_report(load_settings({"AJAR_HOME": str(home)}, folder=home), now=NOW)


@pytest.fixture(scope="module")
def published(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(home / "ajar-latest.duckdb") as connection:
        yield connection


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The one browser of this module."""
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing; `tests/install_packages.sh chromium=chromium` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def open_report(browser: Browser, made: Report) -> Iterator[Open]:
    """Opens the report at a fragment. At the end of the test nothing may have gone wrong in any page."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def refuse(dialog: Dialog) -> None:
        wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open_page(fragment: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda said: wrong.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("dialog", refuse)
        page.on("request", lambda asked: wrong.append(f"request: {asked.url}") if leaves(asked.url) else None)
        page.goto(made.page.as_uri() + fragment)
        ready(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def leaves(url: str) -> bool:
    return not url.startswith(("file:", "data:"))


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready=all]")


def count(page: Page) -> int:
    """How many shifts the page says it shows."""
    found = re.search(r"[\d,]+", page.locator("#count").inner_text())
    assert found
    return int(found[0].replace(",", ""))


def table_rows(page: Page, chart: str) -> list[str]:
    """The rows of the table beside a chart, cells apart by tabs."""
    table = page.locator(f'[data-table="{chart}"]')
    table.locator("summary").click()
    expect(table.locator("table")).to_be_visible()
    return table.locator("tbody tr").all_inner_texts()


def faults(page: Page) -> list[str]:
    """What axe-core calls a serious or critical fault, as rule and place."""
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 375)])
def test_axe_finds_no_serious_fault(open_report: Open, scheme: str, width: int) -> None:
    page = open_report("#month=2026-03", color_scheme=scheme, viewport={"width": width, "height": 900})
    page.evaluate(OPEN_TABLES)
    assert faults(page) == []
    page.locator("#newest-list h3 a").first.click()
    expect(page.locator("dialog")).to_be_visible()
    assert faults(page) == []


def test_every_chart_is_drawn_and_has_its_table(open_report: Open) -> None:
    page = open_report()
    for chart in ("openness", "months", "organisations", "licences"):
        assert page.locator(f"#{chart}-chart svg path").count() > 3, chart
        assert "The table below" in (page.locator(f"#{chart}-chart").get_attribute("aria-label") or "")
        assert len(table_rows(page, chart)) > 1, chart


def test_a_filter_narrows_what_is_shown_and_says_so(open_report: Open) -> None:
    page = open_report()
    everything = count(page)
    page.select_option("#org", "Corvane")
    expect(page.locator("#count")).to_have_text(f"2 of {everything} shifts")
    assert page.locator("#count").get_attribute("aria-live") == "polite"
    expect(page.locator("#newest-list h3")).to_have_text(
        ["▲Corvane opens Lumen 2 (weights)", "▼Corvane delays opening Lumen 3 (weights)"]
    )
    page.select_option("#direction", "closing")
    expect(page.locator("#count")).to_have_text(f"1 of {everything} shifts")
    page.click("#reset")
    expect(page.locator("#count")).to_have_text(f"All {everything} shifts")
    expect(page.locator("#org")).to_be_focused()


def test_a_link_leads_to_the_same_view(open_report: Open) -> None:
    first = open_report()
    first.select_option("#org", "Corvane")
    first.select_option("#kind", "weights")
    first.fill("#words", "apache")
    expect(first.locator("#count")).to_contain_text("1 of")
    second = open_report(first.evaluate("location.hash"))
    assert count(second) == 1
    assert second.locator("#org").input_value() == "Corvane"
    assert second.locator("#kind").input_value() == "weights"
    assert second.locator("#words").input_value() == "apache"
    second.go_back()
    expect(second.locator("#newest-list h3")).to_have_count(0)


def test_a_link_to_a_section_ends_at_the_section(open_report: Open) -> None:
    page = open_report("#at=promises")
    expect(page.locator("#promises-title")).to_be_in_viewport()
    page.locator('#contents a[href="#levels"]').click()
    expect(page.locator("#levels-title")).to_be_in_viewport()
    expect(page.locator("#levels-title")).to_be_focused()


def test_back_returns_to_the_view_before(open_report: Open) -> None:
    page = open_report()
    everything = count(page)
    page.select_option("#kind", "strategy")
    expect(page.locator("#count")).to_contain_text(" of ")
    page.go_back()
    expect(page.locator("#count")).to_have_text(f"All {everything} shifts")
    assert page.locator("#kind").input_value() == ""


def test_a_period_is_days_back_or_from_and_to(
    open_report: Open, published: duckdb.DuckDBPyConnection
) -> None:
    page = open_report()
    page.select_option("#period", "90")
    known = (
        "SELECT count(*) FROM all_shifts WHERE stage_on BETWEEN DATE '2026-03-02' - 89 AND DATE '2026-03-02'"
    )
    expect(page.locator("#count")).to_contain_text(f"{single(published, known)} of")
    page.select_option("#period", "own")
    page.fill("#from", "2023-01-01")
    page.fill("#to", "2023-12-31")
    page.locator("#to").blur()
    inside = """
        SELECT count(*) FROM all_shifts
        WHERE first_on <= DATE '2023-12-31' AND stage_on BETWEEN DATE '2023-01-01' AND DATE '2026-03-02'
    """
    expect(page.locator("#count")).to_contain_text(f"{single(published, inside)} of")


def single(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    found = connection.execute(query).fetchone()
    assert found is not None
    return found[0]


def test_the_numbers_of_the_headline_lead_to_the_shifts_they_count(open_report: Open) -> None:
    page = open_report()
    link = page.locator("h1 a").first
    said = re.search(r"\d+", link.inner_text())
    assert said
    link.click()
    expect(page.locator("#count")).to_contain_text(f"{said[0]} of")
    expect(page.locator("#newest-title")).to_be_focused()
    assert page.locator("#period").input_value() == "90"


def test_bars_are_as_high_as_the_query_counts(
    open_report: Open, published: duckdb.DuckDBPyConnection
) -> None:
    page = open_report("#from=2024-01-01")
    rows = table_rows(page, "months")
    shown = {month: tuple(map(int, counts)) for month, *counts in (row.split("\t") for row in rows)}
    asked = run_query(published, "shifts_by_month", {"since": "2025-09-01", "until": "2025-12-31"})
    counted: dict[str, dict[str, int]] = {}
    for period, effect, shifts, *_ in asked.rows:
        counted.setdefault(f"{period:%B %Y}", {})[effect] = shifts
    assert counted
    assert {month: shown[month] for month in counted} == {
        month: tuple(effects.get(effect, 0) for effect in ("opening", "closing", "mixed"))
        for month, effects in counted.items()
    }


def test_the_index_is_that_of_the_query(open_report: Open, published: duckdb.DuckDBPyConnection) -> None:
    page = open_report()
    rows = table_rows(page, "openness")
    shown = {month: index for month, index, *_ in (row.split("\t") for row in rows)}
    asked = run_query(published, "openness_index", {"since": "2024-01-01", "until": "2025-12-31"})
    wanted = {f"{month:%B %Y}": index for month, _, _, index in asked.rows}
    assert len(wanted) == 24
    assert {month: number(shown[month]) for month in wanted} == {
        month: None if index is None else pytest.approx(index, abs=0.51) for month, index in wanted.items()
    }


def number(text: str) -> float | None:
    return None if text == "–" else float(text.replace("−", "-"))


def test_a_click_on_a_bar_lists_the_shifts_behind_it(open_report: Open) -> None:
    page = open_report()
    bar = page.locator('#months-chart .mark-rect path[fill="var(--opening)"]').last
    bar.click()
    expect(page.locator("#month h3")).to_have_text(re.compile(r"^March 2026: \d+ shifts? first reported"))
    assert page.locator("#month li").count() >= 2
    assert "month=2026-03" in page.url
    page.locator("#month button").click()
    expect(page.locator("#month")).to_be_hidden()


def test_the_keyboard_reaches_the_shifts_behind_a_month(open_report: Open) -> None:
    page = open_report()
    page.locator('[data-table="months"] summary').focus()
    page.keyboard.press("Enter")
    expect(page.locator('[data-table="months"] table')).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#month h3")).to_contain_text("March 2026")
    expect(page.locator("#month")).to_be_focused()


def test_a_shift_opens_with_all_that_is_known_and_gives_the_focus_back(open_report: Open) -> None:
    page = open_report("#org=Corvane")
    link = page.locator("#newest-list h3 a", has_text="Lumen 2")
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog")
    expect(dialog).to_contain_text("Corvane opens Lumen 2 (weights)")
    expect(dialog).to_contain_text("Corvane (official)")
    expect(dialog).to_contain_text("Halden Post (press)")
    expect(dialog).to_contain_text("ajar explain 'https://corvane-blog.example/open-too'")
    shared = page.evaluate("location.hash")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()
    assert "shift=" not in page.url
    expect(open_report(shared).locator("dialog h2")).to_contain_text("Corvane opens Lumen 2 (weights)")


def test_a_promise_put_off_is_overdue_and_shows_its_stages(open_report: Open) -> None:
    page = open_report("#org=Corvane&at=promises")
    expect(page.locator('[data-finding="promises"]')).to_contain_text("1 is overdue")
    row = page.locator("#promises-tables tr", has_text="Lumen 3")
    expect(row).to_contain_text("20 Feb 2026, put off once")
    row.locator("a").click()
    steps = page.locator("dialog ol li").all_inner_texts()
    assert [step.split(": ")[1] for step in steps] == [
        "announced, due 10 Feb 2026", "delayed, due 20 Feb 2026"
    ]  # fmt: skip


def test_wild_texts_are_shown_as_they_were_written(open_report: Open) -> None:
    page = open_report("#words=wild")
    expect(page.locator("#newest-list h3")).to_contain_text(WILD)
    page.locator("#newest-list h3 a").click()
    expect(page.locator("dialog blockquote").first).to_contain_text(WILD)
    assert page.locator("img").count() == 0


def test_a_view_without_shifts_says_so(open_report: Open) -> None:
    page = open_report()
    for fragment in ("#org=Nobody", "#words=<b>", "#from=2031-01-01", "#kind=nothing"):
        page.evaluate("fragment => { location.hash = fragment; }", fragment)
        expect(page.locator("#count")).to_contain_text("0 of ")
        for section in ("months", "newest", "organisations", "licences", "promises"):
            expect(page.locator(f"#{section} .empty").first).to_be_visible()
    page.click("#reset")
    expect(page.locator("#months-chart svg")).to_have_count(1)


def test_a_broken_link_shows_everything(open_report: Open) -> None:
    page = open_report("#=&&%%%")
    for fragment in ("#shift=nothing", "#month=hello&from=yesterday", "#at=nowhere", "#org"):
        expect(page.locator("#count")).to_contain_text("All ")
        page.evaluate("fragment => { location.hash = fragment; }", fragment)
    expect(page.locator("#count")).to_contain_text("All ")


def test_the_theme_can_be_turned_round(open_report: Open) -> None:
    page = open_report(color_scheme="light")
    colour = "getComputedStyle(document.querySelector('#months-chart path[fill=\"var(--opening)\"]')).fill"
    light, paper = page.evaluate(colour), page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    assert page.evaluate(colour) != light
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != paper
    expect(page.locator("#theme")).to_have_text("Light")


def test_on_paper_it_is_light_and_without_controls(open_report: Open) -> None:
    page = open_report("#org=Corvane", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("#print-filters")).to_have_text("Only organisation Corvane.")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 27, 24)"
    assert page.locator("#licences-chart svg").is_visible()


@pytest.mark.parametrize("width", [360, 768])
def test_nothing_stands_out_of_a_narrow_window(open_report: Open, width: int) -> None:
    page = open_report(viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_telephone_the_levels_are_read_downwards_and_are_still_a_table(open_report: Open) -> None:
    wide, narrow = open_report(), open_report(viewport={"width": 375, "height": 800})
    families = "#levels-table td a"
    assert narrow.locator(families).all_inner_texts() == wide.locator(families).all_inner_texts() != []
    assert narrow.evaluate(f"""
        [...document.querySelectorAll("{families}")].every((each) => each.getBoundingClientRect().right <= innerWidth)
    """)
    shown = narrow.locator("#levels-table")
    expect(shown.get_by_role("table").get_by_role("cell").first).to_be_visible()
    assert shown.evaluate("each => each.scrollWidth <= each.clientWidth")


def test_without_scripts_the_newest_shifts_are_there_all_the_same(open_report: Open, made: Report) -> None:
    browser = open_report().context.browser
    assert browser is not None
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(made.page.as_uri())
        expect(page.locator("noscript tbody tr")).to_have_count(20)
        expect(page.locator("h1")).to_contain_text("In the last 90 days")
