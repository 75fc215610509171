"""What the tagger saw in one sentence and what it made of it: the record that `explain` shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from extractors.openness.article import Sentence
from extractors.openness.currency import Currency
from extractors.openness.modality import Modality
from extractors.openness.patterns import Pattern
from extractors.openness.resolution import Resolved
from extractors.openness.rulebook import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One pattern of one rule that matched one sentence."""

    rule: Rule
    pattern: Pattern
    sentence: Sentence
    span: tuple[int, int]
    """The matched words, as offsets in the sentence."""
    head: tuple[int, int]
    """The deciding verb, as offsets in the sentence."""
    null: str | None = None
    """Why it is no shift: the id of a null event. None: it is one."""
    why: str = ""
    """The same in words."""
    modality: Modality | None = None
    currency: Currency | None = None
    resolved: Resolved | None = None
    direction: str = ""
    stage: str = ""
    kind: str = ""
    due: date | None = None
    level_from: int | None = None
    level_to: int | None = None
    confidence: float = 0.0
    dated: bool = False
    licences: tuple[str | None, str | None] = field(default=(None, None))
    """Licence from and to."""
    territory: str | None = None
    compelled_by: str | None = None
