"""Messages as people see them, in a real browser: on a phone and on a desk nothing is cut off or runs out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from flows.channels.mail_layout import mail_message
from flows.channels.slack_layout import slack_payload
from flows.messages import ShiftMessage, compose_digest, compose_shift
from tests.flows.receivers import HOSTILE, NOW, follow_up_alert, pending_alert
from tests.pictures.draw import DESKTOP, PHONE, chromium
from tests.pictures.slack_page import slack_page

WILD = pending_alert(
    actor=HOSTILE[0], artefact="x" * 400, evidence="y" * 900, licence_from="z" * 200, territory=HOSTILE[6],
    url="https://example.org/" + "u" * 1500,
)  # fmt: skip
SHIFTS = {"first": pending_alert(), "follow-up": follow_up_alert(repeat=True), "wild": WILD}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def shown(browser: Browser, page: str, width: int) -> str:
    """What a page says at a width. It must not be wider than that, nor ask the network for anything."""
    tab = browser.new_page(viewport={"width": width, "height": 600})
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.set_content(page)
    wide = tab.evaluate("document.documentElement.scrollWidth")
    text: str = tab.inner_text("body")
    tab.close()
    assert (wide, asked) == (width, [])
    return " ".join(text.split())


def mail_page(message: ShiftMessage) -> str:
    mail = mail_message(message, sender="ajar@example.org", recipients=["desk@example.org"], now=NOW)
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def assert_tells(text: str, message: ShiftMessage, *, headline: str) -> None:
    told = [headline, message.state, message.evidence, message.follow_up, message.explain, message.rule]
    told += [part for fact in message.facts for part in fact]
    told += [f"{source.publisher} ({source.tier})" for source in message.sources]
    assert [part for part in told if part not in text] == []


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("name", SHIFTS)
def test_a_mail_tells_all_and_fits_the_screen(browser: Browser, name: str, width: int) -> None:
    message = compose_shift(SHIFTS[name])
    assert_tells(shown(browser, mail_page(message), width), message, headline=message.headline)


@pytest.mark.parametrize("name", SHIFTS)
def test_a_slack_message_tells_all(browser: Browser, name: str) -> None:
    message = compose_shift(SHIFTS[name])
    text = shown(browser, slack_page(slack_payload(message)), 720)
    # Slack takes 150 characters of a header, and a `<` counts as four.
    assert_tells(text, message, headline=message.headline[:100])


def test_a_digest_fits_a_phone(browser: Browser) -> None:
    digest = compose_digest(list(SHIFTS.values()))
    mail = mail_message(digest, sender="ajar@example.org", recipients=["desk@example.org"], now=NOW)
    body = mail.get_body(("html",))
    assert body is not None
    text = shown(browser, str(body.get_content()), PHONE)
    assert [shift.headline for shift in digest.shifts if shift.headline not in text] == []
