"""Regular expressions that are compiled when somebody first matches with them."""

from __future__ import annotations

import re
from functools import cache


@cache
def compiled(form: str, flags: int = 0) -> re.Pattern[str]:
    """The expression, compiled once: all of them take five seconds, and one pass needs a fraction."""
    return re.compile(form, flags)
