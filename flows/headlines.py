"""Who does what, in one line that a busy reader understands: `Vestra delays opening Tern 2 (weights)`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from extractors.records import Direction, Kind, Stage
from warehouse.alerts import PendingAlert


@dataclass(frozen=True, slots=True)
class _Act:
    """A verb in three forms, and what it is done to."""

    plain: str
    third: str
    gerund: str
    named: str
    """What it is done to when the artefact is known, as `{artefact}`."""
    general: str
    """What it is done to otherwise; empty: the verb says it all."""


def _opened(kind: str) -> Mapping[Direction, _Act]:
    """Acts on something that can be had: weights, code, data."""
    named, general = f"{{artefact}} ({kind})", f"its {kind}"
    return {
        "opening": _Act("open", "opens", "opening", named, general),
        "closing": _Act("close", "closes", "closing", named, general),
        "mixed": _Act("change", "changes", "changing", named, general),
    }


_ACTS: Mapping[Kind, Mapping[Direction, _Act]] = {
    "weights": _opened("weights"),
    "code": _opened("code"),
    "data": _opened("data"),
    "licence": {
        "opening": _Act("loosen", "loosens", "loosening", "the licence of {artefact}", "its licence"),
        "closing": _Act("tighten", "tightens", "tightening", "the licence of {artefact}", "its licence"),
        "mixed": _Act("change", "changes", "changing", "the licence of {artefact}", "its licence"),
    },
    "access": {
        "opening": _Act("widen", "widens", "widening", "access to {artefact}", "access"),
        "closing": _Act("restrict", "restricts", "restricting", "access to {artefact}", "access"),
        "mixed": _Act("change", "changes", "changing", "access to {artefact}", "access"),
    },
    "strategy": {
        "opening": _Act("turn towards openness", "turns towards openness", "turning towards openness",
                        "with {artefact}", ""),
        "closing": _Act("turn away from openness", "turns away from openness", "turning away from openness",
                        "with {artefact}", ""),
        "mixed": _Act("change", "changes", "changing", "its line on openness with {artefact}",
                      "its line on openness"),
    },
    "policy": {
        "opening": _Act("favour", "favours", "favouring", "openness by policy: {artefact}", "openness by policy"),
        "closing": _Act("restrict", "restricts", "restricting", "openness by policy: {artefact}",
                        "openness by policy"),
        "mixed": _Act("change", "changes", "changing", "its policy on openness: {artefact}",
                      "its policy on openness"),
    },
}  # fmt: skip

_STAGES: Mapping[tuple[Direction, Stage], str] = {
    ("opening", "rumoured"): "said to {plain}",
    ("opening", "signalled"): "may {plain}",
    ("opening", "announced"): "promises to {plain}",
    ("opening", "done"): "{third}",
    ("opening", "delayed"): "delays {gerund}",
    ("opening", "denied"): "will not {plain}",
    ("closing", "rumoured"): "said to {plain}",
    ("closing", "signalled"): "may {plain}",
    ("closing", "announced"): "announces it will {plain}",
    ("closing", "done"): "{third}",
    ("closing", "delayed"): "delays {gerund}",
    ("closing", "denied"): "will not {plain}",
    ("mixed", "rumoured"): "said to {plain}",
    ("mixed", "signalled"): "may {plain}",
    ("mixed", "announced"): "announces it will {plain}",
    ("mixed", "done"): "{third}",
    ("mixed", "delayed"): "delays {gerund}",
    ("mixed", "denied"): "will not {plain}",
}


def _phrase(act: _Act, stage: str, what: str) -> str:
    does = stage.format(plain=act.plain, third=act.third, gerund=act.gerund)
    return f"{does} {what}".rstrip()


HEADLINES: Mapping[tuple[Kind, Direction, Stage], tuple[str, str]] = {
    (kind, direction, stage): (_phrase(act, words, act.named), _phrase(act, words, act.general))
    for kind, acts in _ACTS.items()
    for (direction, stage), words in _STAGES.items()
    for act in (acts[direction],)
}
"""What follows the actor's name: for a known artefact, which stands for `{artefact}`, and for none."""


def headline(alert: PendingAlert) -> str:
    """Who does what, in one line: `Arnor Labs opens Gondor-7B (weights)`."""
    return say(alert.actor, alert.artefact, alert.kind, alert.direction, alert.stage)


def say(actor: str, artefact: str, kind: Kind, direction: Direction, stage: Stage) -> str:
    """The same, of a shift that is no alert. `artefact` is empty for a general line."""
    named, general = HEADLINES[kind, direction, stage]
    # Not by `format`: the artefact's name is an article's and may hold braces.
    return f"{actor} {named.replace('{artefact}', artefact) if artefact else general}"
