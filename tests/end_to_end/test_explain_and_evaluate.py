"""`ajar explain` and `ajar evaluate` as a person calls them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

NEWS = "Arnor Labs has released the weights of Gondor-7B under the Apache 2.0 licence on Tuesday."
DULL = "Arnor Labs has cut the price of its assistant by half for companies."


def test_explain_names_rule_words_and_entities_of_a_stored_article(
    ajar: Any, site: Any, tmp_path: Path
) -> None:
    site.feed("/feed.xml", ("/a", "Weights are out"))
    site.page("/a", "Weights are out", NEWS)
    assert ajar("run", "--sources", str(site.sources(tmp_path / "s.yaml", "/feed.xml"))).returncode == 0
    run = ajar("explain", site.url("/a"))
    assert run.returncode == 0, run.stderr
    for told in ("Arnor Labs", "Gondor-7B", "Apache-2.0", "rule weights/", NEWS):
        assert told in run.stdout

    unknown = ajar("explain", site.url("/other"))
    assert unknown.returncode == 2
    assert "/other: is not in" in unknown.stderr


def test_explain_says_why_a_text_is_no_shift(ajar: Any, tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_text(f"A cheaper assistant\n{DULL}\n")
    of_file, of_input = (
        ajar("explain", str(file)),
        ajar("explain", "-", stdin=f"A cheaper assistant\n{DULL}\n"),
    )
    assert of_file.returncode == 0
    assert of_file.stdout == of_input.stdout
    assert "no shift as news" in of_file.stdout
    assert "no shift [price]" in of_file.stdout
    assert (
        "nothing that resembles an openness shift" in ajar("explain", "-", stdin="It rained in Paris.").stdout
    )


def test_explain_takes_an_article_as_tag_does(ajar: Any) -> None:
    article = {"url": "u", "title": "Gondor-7B is out", "text": NEWS, "published": "2026-03-10"}
    told = ajar("explain", "-", stdin=json.dumps(article)).stdout
    assert told.startswith("Gondor-7B is out\nlanguage en · ruleset ")
    assert "OPENING · done  Arnor Labs opens Gondor-7B (weights)" in told
    assert "weights · opening · done; shift: " in told
    # Colours and marks are for terminals only.
    assert "\x1b" not in told


def test_we_is_the_organisation_whose_official_source_an_article_names(ajar: Any) -> None:
    article = {
        "url": "u",
        "title": "Our next step",
        "text": "Today we release the weights of our model under MIT.",
    }
    lines = [json.dumps({**article, "source": source}) for source in ("mistral-news", "404media", "nobody")]
    tagged = [json.loads(line)["shifts"] for line in ajar("tag", stdin="\n".join(lines)).stdout.splitlines()]
    assert [[shift["actor"] for shift in shifts] for shifts in tagged] == [["Mistral AI"], [], []]
    assert "Mistral AI opens its weights" in ajar("explain", "-", stdin=lines[0]).stdout


def test_a_file_that_is_not_there_is_named(ajar: Any) -> None:
    run = ajar("explain", "nowhere.txt")
    assert run.returncode == 2
    assert "nowhere.txt: no such file" in run.stderr


def test_evaluate_counts_over_files_of_ones_own(ajar: Any, tmp_path: Path) -> None:
    articles, labels = tmp_path / "articles.jsonl", tmp_path / "labels.jsonl"
    event: dict[str, object] = {
        "actor": "Arnor Labs",
        "artefact": "Gondor-7B",
        "kind": "weights",
        "direction": "opening",
    }
    event |= {"stage": "done", "headline": True, "evidence": NEWS}
    rows = [("a", "Gondor-7B is out", NEWS, [event]), ("b", "A cheaper assistant", DULL, [])]
    articles.write_text("".join(json.dumps({"url": u, "title": t, "text": x}) + "\n" for u, t, x, _ in rows))
    labels.write_text(
        "".join(
            json.dumps({"id": u, "label": "shift" if e else "none", "confidence": "high", "events": e}) + "\n"
            for u, _, _, e in rows
        )
    )
    run = ajar("evaluate", "--articles", str(articles), "--labels", str(labels))
    assert run.returncode == 0, run.stderr
    assert "precision          1.000   (1 of 1)" in run.stdout
    assert "event recall       1.000   (1 of 1)" in run.stdout


@pytest.fixture(scope="module")
def evaluated(module_ajar: Any) -> Any:
    """`ajar evaluate` over the project's own passages."""
    return module_ajar("evaluate")


def test_evaluate_keeps_its_floors_over_the_projects_own_passages(evaluated: Any) -> None:
    assert evaluated.returncode == 0, evaluated.stdout
    assert "all floors are kept" in evaluated.stdout


def test_the_readme_claims_no_better_figures_than_evaluate_prints(evaluated: Any) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    own, held = evaluated.stdout.split("held out:", 1)
    for row, printed in (("| own passages:", own), ("| held out:", held)):
        claimed = [
            float(each) for each in re.findall(r"\| (\d\.\d\d) ", readme.split(row, 1)[1].split("\n")[0])
        ]
        measured = [
            float(re.search(rf"^{name} +(\d\.\d+)", printed, re.MULTILINE)[1])  # type: ignore[index]
            for name in ("precision", "recall", "event recall", "kind", "stage")
        ]
        assert len(claimed) == len(measured)
        assert all(claim <= figure + 0.005 for claim, figure in zip(claimed, measured, strict=True)), row


def test_evaluate_wants_articles_and_labels_together(ajar: Any) -> None:
    assert ajar("evaluate", "--labels", "x").returncode == 2
