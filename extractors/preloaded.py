"""What the workers need, loaded by importing this module: the fork server does, once for all of them.

They share its memory. What is loaded here is never looked at by the garbage collector again, which would copy
it into each of them and take its time for it.
"""

from __future__ import annotations

import gc
from contextlib import suppress

import htmldate  # noqa: F401
import trafilatura  # noqa: F401

import extractors.articles
import extractors.feeds
import extractors.pages  # noqa: F401
from extractors.errors import AjarError
from extractors.openness.tagger import load_tagger

gc.disable()
with suppress(AjarError):  # a wrong rule file is told by whoever tags the first article
    load_tagger()
gc.freeze()
gc.enable()
