"""What is in force: environment variables over `ajar.toml` over defaults, checked once at start.

`ajar.toml` is looked for in the current folder, then in `AJAR_HOME`. Secrets (webhook, mail server)
come from the environment only, so that they never stand in a file somebody commits.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs

from extractors.errors import ConfigurationError
from flows.alert_settings import AlertSettings
from flows.alert_table import read_alert_table
from flows.channels.mail_server import is_address, read_mail_server, read_recipients
from flows.channels.names import MAIL, SLACK, notification_names
from flows.secret import Secret as Secret

PUBLISHED_NAME = "ajar-latest.duckdb"
WAREHOUSE_NAME = "ajar.duckdb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a user can set. Paths are absolute."""

    home: Path
    """Folder of everything Ajar keeps."""
    warehouse: Path
    """The DuckDB file."""
    sources: Path | None = None
    """A file or folder of sources; None: the bundled catalogue."""
    contact: str | None = None
    """Address a publisher can write to; part of the User-Agent. None: the project's page only."""
    allow_private: bool = False
    """Fetch from loopback and private addresses."""
    host_gap_seconds: float = 5.0
    """Least time between the starts of two requests to one registrable domain."""
    pages_per_source: int = 50
    """Most article pages asked of one source in one pass; the rest comes with the next passes."""
    reading_processes: int = 2
    """Worker processes that parse feeds and extract articles."""
    warehouse_wait_seconds: float = 30.0
    """How long to wait for another process to let go of the warehouse."""
    alert_window_days: float = 7.0
    """An article older than this when first seen raises no alert."""
    keep_snapshots_days: float = 365.0
    """What publishers sent is removed after so long; what was read from it stays. 0: never."""
    keep_fetches_days: float = 365.0
    """Rows of the table `fetches` are removed after so long. 0: never."""
    keep_exports: int = 14
    """Daily exports and reports kept, the newest ones."""
    keep_backups: int = 7
    """Nightly backups kept, the newest ones; 0: none is made."""
    backups: Path | None = None
    """Folder of the backups. None: `backups` beside the warehouse, which a broken disk takes along."""
    shared: str | None = None
    """Folder or fsspec address that the workers of many machines share. None: this machine works alone."""
    slack_webhook: Secret | None = None
    smtp_url: Secret | None = None
    alert_to: str | None = None
    """Addresses separated by commas."""
    alert_from: str | None = None
    """Sender of mail. None: the login of the mail server when it is an address, else the first recipient."""
    notify_urls: tuple[Secret, ...] = ()
    """Apprise addresses, each a channel."""
    alerts: AlertSettings = field(default_factory=AlertSettings)
    """Who is told what, and when."""

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels in force. The console only when there is no other."""
        configured = (
            *((SLACK,) if self.slack_webhook else ()),
            *((MAIL,) if self.smtp_url else ()),
            *notification_names(self.notify_urls),
        )
        return configured or ("console",)

    @property
    def published(self) -> Path:
        """The read copy analysts open; beside the warehouse."""
        return self.warehouse.parent / PUBLISHED_NAME

    @property
    def staged(self) -> Path:
        """Rows that wait for the warehouse; a folder of their own for each warehouse."""
        return self.warehouse.parent / "staged" / self.warehouse.stem

    @property
    def snapshots(self) -> Path:
        """What publishers sent, as WARC."""
        return self.warehouse.parent / "snapshots"

    @property
    def exports(self) -> Path:
        """The tables as Parquet, one folder a day."""
        return self.warehouse.parent / "exports"

    @property
    def logs(self) -> Path:
        """What the server and the worker of `ajar serve` have printed."""
        return self.home / "logs"

    @property
    def alarms(self) -> Path:
        """What the silence alarm has told and is not over."""
        return self.warehouse.parent / f"{self.warehouse.stem}.alarms.json"

    @property
    def corrections(self) -> Path:
        """The file in which users undo or make joins of articles to shifts; it need not exist."""
        return self.warehouse.parent / "corrections.csv"

    @property
    def pass_lock(self) -> Path:
        """Held while a pass runs, so that two never overlap."""
        return self.warehouse.parent / f"{self.warehouse.stem}.pass.lock"


def load_settings(
    environment: Mapping[str, str] | None = None,
    *,
    folder: Path | None = None,
    warehouse: Path | None = None,
    sources: Path | None = None,
) -> Settings:
    """Read and check the settings.

    Arguments of the command line (`warehouse`, `sources`) go before everything else.
    Raises ConfigurationError that names the setting, where it stands, and what would be right.
    """
    environment = os.environ if environment is None else environment
    folder = Path.cwd() if folder is None else folder
    home = _home(environment)
    written, where = _settings_file([folder / "ajar.toml", home / "ajar.toml"])
    if "home" in written and "AJAR_HOME" not in environment:
        home = _absolute(written["home"], "home", where)

    values: dict[str, Any] = {}
    for key, reader in _READERS.items():
        variable = f"AJAR_{key.upper()}"
        if environment.get(variable, "") != "":
            values[key] = reader(environment[variable], variable, "the environment")
        elif key in written:
            values[key] = reader(written[key], key, where)
    if warehouse is not None:
        values["warehouse"] = warehouse.expanduser().absolute()
    if sources is not None:
        values["sources"] = sources.expanduser().absolute()
    _check_mail(values)
    if "alerts" in written:
        named = {SLACK, MAIL, *notification_names(values.get("notify_urls", ()))}
        values["alerts"] = read_alert_table(written["alerts"], where, sorted(named))
    values.setdefault("warehouse", home / WAREHOUSE_NAME)
    if values["warehouse"].is_dir():
        example = values["warehouse"] / WAREHOUSE_NAME
        raise ConfigurationError(f"warehouse: {values['warehouse']} is a folder; name a file, e.g. {example}")
    return Settings(home=home, **values)


def _home(environment: Mapping[str, str]) -> Path:
    named = environment.get("AJAR_HOME", "")
    if named:
        return _absolute(named, "AJAR_HOME", "the environment")
    return Path(platformdirs.user_data_dir("ajar", appauthor=False))


def _settings_file(candidates: list[Path]) -> tuple[dict[str, Any], str]:
    path = next((candidate for candidate in candidates if candidate.is_file()), None)
    if path is None:
        return {}, ""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigurationError(f"{path}: cannot be read as TOML: {error}") from error
    known = {"home", "alerts", *_READERS} - SECRETS
    for key in written:
        if key in SECRETS:
            raise ConfigurationError(
                f"{path}: {key} is a secret; take it out and set AJAR_{key.upper()} in the environment"
            )
        if key not in known:
            raise ConfigurationError(
                f"{path}: unknown setting '{key}'; use one of {', '.join(sorted(known))}"
            )
    return written, str(path)


def _absolute(value: Any, key: str, where: str) -> Path:
    if not isinstance(value, str):
        raise ConfigurationError(f"{key} in {where} is {value!r}; give the path as text")
    path = Path(value).expanduser()
    if not path.is_absolute():
        raise ConfigurationError(
            f"{key} in {where} is '{value}'; give an absolute path, e.g. {path.absolute()}"
        )
    return path


def _shared(value: Any, key: str, where: str) -> str:
    if isinstance(value, str) and ("://" in value or Path(value).is_absolute()):
        return value.rstrip("/")
    raise ConfigurationError(
        f"{key} in {where} is {value!r}; give an absolute path or an address such as s3://bucket/ajar"
    )


def _contact(value: Any, key: str, where: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[\x21-\x7e]*[@:/.][\x21-\x7e]*", value):
        raise ConfigurationError(
            f"{key} in {where} is {value!r}; give a mail or web address, e.g. press-watch@example.org"
        )
    return value


def _switch(value: Any, key: str, where: str) -> bool:
    if value in (True, "1", "true", "yes"):
        return True
    if value in (False, "0", "false", "no"):
        return False
    raise ConfigurationError(f"{key} in {where} is {value!r}; use 1 or 0")


def _number(least: float, most: float, unit: str) -> Callable[[Any, str, str], float]:
    def read(value: Any, key: str, where: str) -> float:
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = float("nan")
        if isinstance(value, bool) or not least <= number <= most:
            raise ConfigurationError(f"{key} in {where} is {value!r}; use {least:g} to {most:g} {unit}")
        return number

    return read


def _whole(least: int, most: int, unit: str) -> Callable[[Any, str, str], int]:
    read_number = _number(least, most, unit)

    def read(value: Any, key: str, where: str) -> int:
        number = read_number(value, key, where)
        if number != int(number):
            raise ConfigurationError(f"{key} in {where} is {value!r}; use a whole number of {unit}")
        return int(number)

    return read


def _secret_url(schemes: tuple[str, ...], example: str) -> Callable[[Any, str, str], Secret]:
    def read(value: Any, key: str, where: str) -> Secret:
        try:
            parts = urlsplit(value)
            usable = parts.scheme in schemes and bool(parts.hostname)
        except ValueError:
            usable = False
        if not usable:
            # The value itself is a secret: the message names only what is right.
            raise ConfigurationError(f"{key} in {where} is no address of the form {example}")
        return Secret(value)

    return read


def _text(value: Any, key: str, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError(f"{key} in {where} is {value!r}; give it as text")
    return value.strip()


def _secret_urls(value: Any, key: str, where: str) -> tuple[Secret, ...]:
    urls = tuple(Secret(each) for each in value.split())
    for number, url in enumerate(urls, start=1):
        if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://.", url.reveal()):
            raise ConfigurationError(
                f"{key} in {where}: number {number} is no Apprise address such as "
                "ntfy://ntfy.example.org/ajar; separate several by spaces"
            )
    return urls


def _mail_address(value: Any, key: str, where: str) -> str:
    if not isinstance(value, str) or not is_address(value):
        raise ConfigurationError(
            f"{key} in {where} is {value!r}; give one mail address, e.g. ajar@example.org"
        )
    return value


def _check_mail(values: Mapping[str, Any]) -> None:
    """Server and recipients are named together or not at all, and both can be used."""
    if values.get("smtp_url"):
        read_mail_server(values["smtp_url"])
        if not values.get("alert_to"):
            raise ConfigurationError(
                "AJAR_SMTP_URL is set and AJAR_ALERT_TO is not; set it to the address alerts go to"
            )
    elif values.get("alert_to"):
        raise ConfigurationError(
            "AJAR_ALERT_TO is set and AJAR_SMTP_URL is not; set it, e.g. smtps://user:password@mail.example.org"
        )
    if values.get("alert_to"):
        read_recipients(values["alert_to"])


SECRETS = frozenset({"slack_webhook", "smtp_url", "notify_urls"})
"""Settings that stand in no file."""
_READERS: dict[str, Callable[[Any, str, str], Any]] = {
    "warehouse": _absolute,
    "sources": _absolute,
    "contact": _contact,
    "allow_private": _switch,
    "host_gap_seconds": _number(0, 3600, "seconds"),
    "pages_per_source": _whole(0, 10_000, "pages"),
    "reading_processes": _whole(1, 256, "processes"),
    "warehouse_wait_seconds": _number(0, 3600, "seconds"),
    "alert_window_days": _number(0, 3650, "days"),
    "keep_snapshots_days": _number(0, 36500, "days"),
    "keep_fetches_days": _number(0, 36500, "days"),
    "keep_exports": _whole(1, 10_000, "exports"),
    "keep_backups": _whole(0, 10_000, "backups"),
    "backups": _absolute,
    "shared": _shared,
    "slack_webhook": _secret_url(("http", "https"), "https://hooks.slack.com/services/…"),
    "smtp_url": _secret_url(("smtp", "smtps", "smtp+starttls"), "smtps://user:password@mail.example.org:465"),
    "alert_to": _text,
    "alert_from": _mail_address,
    "notify_urls": _secret_urls,
}
