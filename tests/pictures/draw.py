"""Draws the pictures of the documentation from what Ajar really sends and writes: `make pictures`.

The bundled newsroom is read on both of its days, and alerts go to a webhook and a mail server on this
machine; what arrives there is drawn in Chromium, and so is the report of what was read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import as_file
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from extractors.sources import load_sources
from flows.demo.newsroom import Newsroom, sources_file
from flows.demo.story_files import DAYS
from flows.demo.tour import demo_settings
from flows.openness_report.published import Report
from flows.passes import run_pass
from flows.reporting import make_report
from flows.secret import Secret
from flows.settings import load_settings
from tests.flows.mail_receiver import Mailbox, mail_receiver
from tests.flows.receivers import SlackDouble, slack_double
from tests.pictures.slack_page import slack_page

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SHOWN = ("Arnor Labs promises to open Gondor-7B (weights)", "Vestra delays opening Tern 2 (weights)")
"""Headlines of the messages in the picture."""

PHONE, DESKTOP = 375, 900
"""Widths in CSS pixels."""


def main(folder: Path) -> None:
    """Write the pictures into a folder."""
    with told_newsroom() as (slack, mailbox, report), chromium() as browser:
        payloads = [payload for payload in slack.accepted if payload["text"] in SHOWN]
        draw(browser, slack_page(*payloads), folder / "slack-message.png", width=720)
        for message in mailbox.messages:
            body = message.get_body(("html",))
            if body is not None and SHOWN[1] in message["Subject"]:
                draw(browser, str(body.get_content()), folder / "mail-on-a-phone.png", width=PHONE)
        draw_report(browser, report, folder / "report.png")


@contextmanager
def told_newsroom() -> Iterator[tuple[SlackDouble, Mailbox, Report]]:
    """The newsroom's two days, told to a webhook and a mail server of this machine, and their report."""
    with TemporaryDirectory() as home, slack_double() as slack, mail_receiver() as mailbox:
        settings = replace(
            demo_settings(load_settings({"AJAR_HOME": home}, folder=Path(home))),
            slack_webhook=Secret(slack.url),
            smtp_url=Secret(f"smtp://127.0.0.1:{mailbox.port}"),
            alert_to="desk@example.org",
        )
        with as_file(sources_file()) as path, Newsroom(day=1) as newsroom:
            for day, now in DAYS.items():
                newsroom.day = day
                run_pass(
                    settings, load_sources(path), now=now, force=True, connect_to=newsroom.connect_to,
                    tell=lambda alert: None,
                )  # fmt: skip
        yield slack, mailbox, make_report(settings, now=max(DAYS.values()))


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        yield browser
        browser.close()


def draw(browser: Browser, page: str, picture: Path, *, width: int) -> None:
    """A picture of a whole page at a width, two pixels a CSS pixel."""
    tab = browser.new_page(viewport={"width": width, "height": 200}, device_scale_factor=2)
    tab.set_content(page)
    tab.screenshot(path=picture, full_page=True)
    tab.close()


def draw_report(browser: Browser, report: Report, picture: Path) -> None:
    """The report from its headline to the end of its second chart, as a desktop shows it."""
    tab = browser.new_page(viewport={"width": 1120, "height": 1000})
    tab.goto(report.page.as_uri())
    tab.wait_for_selector("html[data-ready=all]")
    end = tab.locator("#months-chart").bounding_box()
    assert end is not None
    height = end["y"] + end["height"] + 12
    tab.screenshot(path=picture, full_page=True, clip={"x": 0, "y": 0, "width": 1120, "height": height})
    tab.close()


if __name__ == "__main__":
    os.environ.pop("AJAR_HOME", None)
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    chosen.mkdir(parents=True, exist_ok=True)
    main(chosen)
