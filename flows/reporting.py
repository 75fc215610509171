"""`ajar report`: publishes the report as one HTML file with a picture of its main chart beside it."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import datetime
from importlib.metadata import version
from importlib.resources import files
from itertools import islice
from pathlib import Path

import yaml

from extractors.errors import AjarError, ConfigurationError, StorageError
from flows.openness_report import charts
from flows.openness_report.answers import ask, records
from flows.openness_report.findings import find
from flows.openness_report.page import render
from flows.openness_report.picture import draw
from flows.openness_report.published import NEWEST, PAGE_NAME, PICTURE_NAME, Report, new_shift
from flows.read_copy import open_read_copy
from flows.settings import Settings


def make_report(settings: Settings, *, now: datetime, folder: Path | None = None, note: str = "") -> Report:
    """Write the report into `folder`; None: into `reports` beside the warehouse. An earlier one is replaced.

    Before the first pass it tells of the cited history alone. `note` is a sentence for the top of the page.
    Raises StorageError when the read copy cannot be read or the folder cannot be written.
    """
    specifications, runtime = charts.begin()
    with open_read_copy(settings, now=now) as connection:
        answers = ask(connection, today=now.date())
    picture = charts.DRAWING.submit(draw, answers)
    folder = settings.warehouse.parent / "reports" if folder is None else folder
    page = render(
        answers, now=now, version=version("ajar"), quality=_floors(), note=note,
        runtime=runtime.result(), specifications=specifications.result(),
    )  # fmt: skip
    findings = find(answers)
    written = Report(
        page=folder / PAGE_NAME,
        picture=folder / PICTURE_NAME,
        findings=findings,
        shifts=len(answers.shifts.rows),
        as_of=answers.as_of,
        newest=tuple(new_shift(shift) for shift in islice(records(answers.shifts), NEWEST)),
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(written.page, page.encode())
        _replace(written.picture, picture.result())
    except OSError as error:
        raise StorageError(
            f"{folder}: the report cannot be written here ({error.strerror}); name another with --out"
        ) from error
    return written


def mail_report(settings: Settings, report: Report, *, now: datetime) -> str:
    """Mail a report to whom alerts go, with the picture in sight and the page attached; returns to whom.

    Raises ConfigurationError when no mail server is set, and AjarError when it does not take the mail.
    """
    # Takes a third of a second to import, which who wants a page only need not wait for.
    from flows.channels.configured import mail_channel
    from flows.channels.delivery import Undelivered
    from flows.openness_report.mail import report_mail

    channel = mail_channel(settings)
    if channel is None:
        raise ConfigurationError(
            "the report cannot be mailed: AJAR_SMTP_URL and AJAR_ALERT_TO are not set; "
            "set them, e.g. smtps://user:password@mail.example.org and desk@example.org"
        )
    with closing(channel):
        outcome = channel.hand_in(
            report_mail(report, sender=channel.sender, recipients=channel.recipients, now=now)
        )
    if isinstance(outcome, Undelivered):
        raise AjarError(f"the report was not mailed: {outcome.reason}; it lies at {report.page}")
    return ", ".join(channel.recipients)


def _replace(path: Path, content: bytes) -> None:
    """Written aside and renamed: who has the former one open, or reads it now, sees it whole."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _floors() -> dict[str, dict[str, float]]:
    """The figures below which the tests let nobody lower the tagger: 0 to 1, by set of passages and by name."""
    # Read here because `evaluate` imports the whole tagger.
    floors: dict[str, dict[str, float]] = yaml.safe_load(
        files("extractors.openness").joinpath("floors.yaml").read_text("utf-8")
    )
    return floors
