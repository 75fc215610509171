"""The errors of reading and tagging.

AjarError
├── ConfigurationError        wrong settings, source file, rule file: exit code 2, nothing was done
│   ├── SourceFileError
│   └── RuleFileError
└── StorageError              warehouse: exit code 1, staged rows are kept for the next run

A failure of one source is no exception but a record (`FetchFailure`, `FetchRow`).
"""

from __future__ import annotations


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
