"""The first line of an alert."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from extractors.records import Direction, Kind, Stage
from flows.headlines import headline
from tests.flows.receivers import pending_alert


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "Corvane opens Lumen 2 (weights)"),
        ({"artefact": ""}, "Corvane opens its weights"),
        ({"stage": "delayed"}, "Corvane delays opening Lumen 2 (weights)"),
        ({"direction": "closing", "stage": "announced"}, "Corvane announces it will close Lumen 2 (weights)"),
        ({"direction": "closing", "stage": "denied"}, "Corvane will not close Lumen 2 (weights)"),
        ({"kind": "licence", "direction": "closing"}, "Corvane tightens the licence of Lumen 2"),
        ({"kind": "licence", "direction": "mixed", "artefact": ""}, "Corvane changes its licence"),
        ({"kind": "access", "stage": "rumoured"}, "Corvane said to widen access to Lumen 2"),
        ({"kind": "strategy", "artefact": "", "stage": "announced"}, "Corvane promises to turn towards openness"),
        ({"kind": "strategy", "direction": "closing", "stage": "signalled", "artefact": ""},
         "Corvane may turn away from openness"),
        ({"kind": "policy", "actor": "Norhaven", "direction": "closing", "artefact": ""},
         "Norhaven restricts openness by policy"),
        ({"artefact": "{plain} {0}"}, "Corvane opens {plain} {0} (weights)"),
    ],
)  # fmt: skip
def test_a_headline_says_who_does_what(facts: dict[str, Any], expected: str) -> None:
    assert headline(pending_alert(**facts)) == expected


@pytest.mark.parametrize("kind", get_args(Kind))
@pytest.mark.parametrize("direction", get_args(Direction))
@pytest.mark.parametrize("stage", get_args(Stage))
def test_every_shift_has_a_headline_without_gaps(kind: Kind, direction: Direction, stage: Stage) -> None:
    for artefact in ("Lumen 2", ""):
        told = headline(pending_alert(kind=kind, direction=direction, stage=stage, artefact=artefact))
        assert told.startswith("Corvane ") and artefact in told
        assert "{" not in told and "  " not in told and told == told.strip()
