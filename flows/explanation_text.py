"""Why an article was tagged, and why not, for people: first what came out, then sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.text import Text

from extractors.openness.explain import Explanation, Step
from extractors.records import Mention
from flows.explaining import Given
from flows.headlines import say
from flows.messages import LEVELS, arrow
from flows.terminal import COLOURS, OUT

_NOTHING = "No rule found its words here: nothing that resembles an openness shift."
_STORY = (
    "Steps about one actor, artefact and direction are told once, by the strongest of them; "
    "a sentence that looks back is background and moves nothing."
)


def print_explanation(given: Given, explanation: Explanation) -> None:
    """Print the explanation; on a terminal the words that matched stand out of their sentences."""
    for line in explanation_lines(given, explanation):
        OUT.print(line)


def explanation_lines(given: Given, explanation: Explanation) -> Iterator[Text]:
    """The explanation, line by line."""
    tagging = explanation.tagging
    if given.title:
        yield Text(given.title, style="bold")
    yield Text(
        f"language {tagging.language} · ruleset {tagging.ruleset[:12]} · {_outcome(explanation)}", style="dim"
    )
    if not explanation.steps:
        yield Text(_NOTHING)
    for shift in tagging.shifts:
        yield Text()
        yield from _shift_lines(shift)
    if explanation.steps:
        yield Text()
        yield Text("Sentence by sentence", style="bold")
    for sentence, steps in groupby(explanation.steps, key=lambda step: step.sentence):
        yield Text()
        yield from _sentence_lines(sentence, list(steps))
    if any(step.outcome == "shift" for step in explanation.steps):
        yield Text()
        yield Text(_STORY, style="dim")


def _outcome(explanation: Explanation) -> str:
    news = sum(1 for shift in explanation.tagging.shifts if shift.current)
    background = len(explanation.tagging.shifts) - news
    told = ["no shift as news" if news == 0 else f"{news} {'shift' if news == 1 else 'shifts'} as news"]
    if background:
        told.append(f"{background} as background")
    return ", ".join(told)


def _shift_lines(shift: Mention) -> Iterator[Text]:
    head = Text(f"{shift.direction.upper()} · {shift.stage}", style=f"bold {COLOURS[shift.direction]}")
    head.append(
        f"  {say(shift.actor, shift.artefact, shift.kind, shift.direction, shift.stage)}",
        style="bold default",
    )
    if not shift.current:
        head.append("  (background)", style="dim")
    yield head
    yield Text(f"  “{shift.evidence}”")
    facts = [
        f"confidence {shift.confidence:.2f}",
        f"rule {shift.rule}",
        f"{shift.where} {shift.start}–{shift.end}",
    ]
    if shift.licence_to or shift.licence_from:
        facts.insert(0, f"licence {arrow(shift.licence_from, shift.licence_to)}")
    if shift.level_to is not None:
        facts.insert(0, f"level {shift.level_to} ({LEVELS[shift.level_to]})")
    if shift.due:
        facts.insert(0, f"due {shift.due:%Y-%m-%d}")
    yield Text(f"  {' · '.join(facts)}", style="dim")


def _sentence_lines(sentence: str, steps: list[Step]) -> Iterator[Text]:
    shown = Text(f"“{sentence}”")
    for words in {step.words for step in steps}:
        shown.highlight_words([words], "bold underline")
    yield shown
    if names := _names(steps[0]):
        yield Text(f"  names   {names}", style="dim")
    for alike in _alike(steps):
        yield from _step_lines(alike)


def _names(step: Step) -> str:
    return " · ".join(
        f"{text} ({kind})" if name == text else f"{text} ({kind}: {name})"
        for text, kind, name in step.entities
    )


def _alike(steps: Iterable[Step]) -> list[list[Step]]:
    """Steps of one rule that came to the same, together: they differ in words or pattern only."""
    groups: dict[tuple[object, ...], list[Step]] = {}
    for step in steps:
        same = (
            step.rule,
            step.outcome,
            step.because,
            step.mood,
            step.polarity,
            step.actors,
            step.artefacts,
            step.kind,
        )
        groups.setdefault((*same, step.direction, step.stage), []).append(step)
    return list(groups.values())


def _step_lines(alike: list[Step]) -> Iterator[Text]:
    step = alike[0]
    if step.outcome in ("shift", "background"):
        sign = "✓" if step.outcome == "shift" else "○"
        style = COLOURS.get(step.direction or "", "default")
        so = f"{step.kind} · {step.direction} · {step.stage}; {step.outcome}: {step.because}"
    else:
        sign, style = "×", "default"
        so = f"no shift [{step.outcome}]" + (f": {step.because}" if step.because != step.title else "")
    head = Text(f"  {sign} ", style=style)
    head.append(step.title, style="default")
    head.append(f"  {step.rule}", style="dim")
    yield head
    for words, same in groupby(alike, key=lambda each: (each.words, each.start, each.end)):
        patterns = ", or ".join(dict.fromkeys(each.pattern for each in same))
        yield Text(f"      words   “{words[0]}”, {step.where} {words[1]}–{words[2]}, by {patterns}")
    if step.mood:
        cues = f" from {', '.join(f'“{cue}”' for cue in step.cues)}" if step.cues else ""
        yield Text(f"      mood    {step.mood}, {step.polarity}{cues}")
    if step.actors:
        named = f", about {', '.join(step.artefacts)}" if step.artefacts else ""
        yield Text(f"      actor   {', '.join(step.actors)} ({step.actor_from}){named}")
    yield Text("      so      ").append(so, style=style)
