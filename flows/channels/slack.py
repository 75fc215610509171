"""Slack, by an incoming webhook."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from flows.channels.delivery import REPEAT_AFTER, Delivered, Outcome, Undelivered
from flows.channels.names import SLACK
from flows.channels.pace import Pace
from flows.channels.slack_layout import slack_payload
from flows.messages import Message
from flows.secret import Secret

# The address of a webhook is its password, and httpx logs addresses at INFO.
logging.getLogger("httpx").setLevel(logging.WARNING)

GAP_SECONDS = 1.0
"""docs.slack.dev/apis/web-api/rate-limits: one message a second for each webhook."""

TIMEOUT_SECONDS = 10.0
LONGEST_PAUSE = timedelta(hours=1)
"""A longer Retry-After is not believed."""

_BODY_BYTES = 1000


class SlackChannel:
    """Posts to one webhook; each message over a connection of its own.

    On a connection kept alive, a server that hangs up between two messages looks like one that may have
    accepted the second, and at a message a second nothing is gained.
    """

    name = SLACK

    def __init__(
        self, webhook: Secret, *, pace: Pace | None = None, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self._webhook = webhook
        self._pace = pace or Pace(GAP_SECONDS)
        self._client = httpx.Client(
            timeout=timeout_seconds,
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
        )

    def deliver(self, message: Message) -> Outcome:
        """Post one message, not sooner than the rate limit allows."""
        self._pace.wait()
        try:
            with self._client.stream("POST", self._webhook.reveal(), json=slack_payload(message)) as response:
                return _judged(response, _words(response))
        except (httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError) as error:
            # The request was sent whole and no answer came: Slack may have accepted it.
            return Undelivered(
                reason=f"Slack did not answer ({type(error).__name__}); the message may have gone out",
                failure="unknown",
                retry_after=REPEAT_AFTER,
                channel_fails=True,
            )
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return Undelivered(
                reason=f"Slack cannot be reached ({type(error).__name__}); is AJAR_SLACK_WEBHOOK right?",
                failure="transient",
                channel_fails=True,
            )

    def close(self) -> None:
        """Close the client."""
        self._client.close()


def _judged(response: httpx.Response, words: str) -> Outcome:
    """https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors"""
    status = response.status_code
    said = f"HTTP {status}" + (f", {words}" if words else "")
    if status == 200:
        return Delivered()
    if status == 429:
        return Undelivered(
            reason=f"Slack asks to wait ({said})",
            failure="transient",
            retry_after=_retry_after(response.headers.get("retry-after")),
            channel_fails=True,
        )
    if status in (400, 413):
        return Undelivered(reason=f"Slack refuses this message ({said})", failure="permanent")
    if status >= 500:
        return Undelivered(reason=f"Slack is not well ({said})", failure="transient", channel_fails=True)
    return Undelivered(
        reason=f"Slack refuses the webhook ({said}); make a new one and set AJAR_SLACK_WEBHOOK",
        failure="transient",
        channel_fails=True,
    )


def _words(response: httpx.Response) -> str:
    """Slack's own word for what is wrong, such as `invalid_blocks`; empty when it is anything else."""
    if response.status_code == 200:
        return ""
    body = b""
    for piece in response.iter_raw():
        body += piece
        if len(body) > _BODY_BYTES:
            break
    found = re.fullmatch(r"\s*([a-z_]{1,60})\s*", body.decode("latin-1"))
    return found[1] if found else ""


def _retry_after(value: str | None) -> timedelta | None:
    """RFC 9110 §10.2.3: seconds or a date. None when it cannot be read."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    if seconds != seconds:  # not a number
        return None
    return min(max(timedelta(seconds=min(max(seconds, 0), 1e6)), timedelta(seconds=1)), LONGEST_PAUSE)
