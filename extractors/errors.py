"""The errors of reading and tagging.

AjarError
├── ConfigurationError        wrong settings, source file, rule file: exit code 2, nothing was done
│   ├── SourceFileError
│   └── RuleFileError
└── StorageError              warehouse: exit code 1, staged rows are kept for the next run

A failure of one source is no exception but a record (`FetchFailure`, `FetchRow`).
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class AjarError(Exception):
    """What a person can mend. The message is one line: what, where, and what would be right."""


class ConfigurationError(AjarError):
    """Something a user wrote is wrong; nothing has been touched."""


class SourceFileError(ConfigurationError):
    """A catalogue file cannot be read as a list of sources."""


class RuleFileError(ConfigurationError):
    """A rule, vocabulary, licence, actor or artefact file is wrong."""


class StorageError(AjarError):
    """The warehouse cannot be opened, read or written."""


MOST_NAMES = 12
"""So many valid names stand in a message; of more, those that resemble what was written."""


def name_choices(written: str, known: Iterable[str], *, listed_by: str) -> str:
    """What would be right instead of a name that is not known, as the end of a message.

    `listed_by` is the command that lists all of them.
    """
    names = sorted(known)
    if len(names) <= MOST_NAMES:
        return f"use one of {', '.join(names)}"
    alike = [name for name in names if written and written in name][:MOST_NAMES]
    alike = alike or get_close_matches(written, names, n=3)
    meant = f"did you mean {' or '.join(alike)}? " if alike else ""
    return f"{meant}`{listed_by}` lists all {len(names)}"
