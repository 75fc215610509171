"""`ajar alerts test`: a clearly labelled sample to every channel, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.channels.delivery import Channel, Delivered
from flows.messages import SAMPLE, compose_shift
from warehouse.alerts import AlertSource, PendingAlert


@dataclass(frozen=True, slots=True)
class SampleResult:
    """What became of the sample on one channel."""

    channel: str
    delivered: bool
    remark: str
    """Why not, or what was odd all the same; empty when all is well."""


def send_samples(channels: Sequence[Channel], *, now: datetime) -> Iterator[SampleResult]:
    """Send the sample to each channel in turn; nothing is written to the warehouse."""
    for channel in channels:
        outcome = channel.deliver(compose_shift(sample_alert(channel.name, now=now), label=SAMPLE))
        if isinstance(outcome, Delivered):
            yield SampleResult(channel.name, True, outcome.remark or "")
        else:
            yield SampleResult(channel.name, False, outcome.reason)


def sample_alert(channel: str, *, now: datetime) -> PendingAlert:
    """An invented shift by an invented organisation. Its id differs from second to second, so that mail
    programs do not fold one test into another."""
    url = "https://example.org/ajar/sample-article"
    return PendingAlert(
        shift_id=f"sample-{now:%Y%m%d%H%M%S}",
        stage="done",
        occurrence=1,
        channel=channel,
        attempts=1,
        repeat=False,
        actor="Example Labs",
        artefact="Sample-7B",
        kind="weights",
        direction="opening",
        previous_stage="announced",
        since=now,
        due=None,
        licence_from=None,
        licence_to="Apache-2.0",
        level_from=3,
        level_to=6,
        territory=None,
        compelled_by=None,
        official=True,
        confidence=0.95,
        articles=2,
        outlets=2,
        headline="Sample-7B is here",
        evidence="Today we release the weights of Sample-7B under the Apache 2.0 licence.",
        url=url,
        rule="weights/released",
        sources=(
            AlertSource(
                source="example-labs",
                publisher="Example Labs",
                tier="official",
                url=url,
                title="Sample-7B is here",
            ),
            AlertSource(
                source="example-post",
                publisher="Example Post",
                tier="press",
                url="https://example.org/post/sample-7b",
                title="Example Labs opens its model",
            ),
        ),
    )
