"""A mistake in a rule file stops the start with file, key, value and the valid values."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

import pytest
import yaml

from extractors.errors import RuleFileError
from extractors.openness.lint import lint
from extractors.openness.rulebook import bundled_rulebook, load_rulebook

GOOD = {
    "id": "weights/withdrawn",
    "title": "Published weights were pulled",
    "language": "en",
    "status": "stable",
    "direction": "closing",
    "words": ["{pull} ~ weights"],
    "match": ["Arnor pulled the weights.", "Arnor is pulling its weights."],
    "near_misses": [
        {"text": "Arnor pulled a face.", "because": "no weights"},
        {"text": "Weights.", "because": "no act"},
    ],
}
VOCABULARY = {"language": "en", "groups": {"pull": {"verbs": ["pull"]}, "breakers": ["to"]}}


def folder(
    tmp_path: Path, rule: object, vocabulary: object = VOCABULARY, path: str = "weights/withdrawn"
) -> Path:
    """A folder of rules with one rule file."""
    file = tmp_path / "rules" / f"{path}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(rule if isinstance(rule, str) else yaml.safe_dump(rule), encoding="utf-8")
    (tmp_path / "vocabulary.en.yaml").write_text(yaml.safe_dump(vocabulary), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"direction": "shuts"},
            "rules/weights/withdrawn.yaml: direction is 'shuts'; use one of opening, closing, mixed",
        ),
        ({"status": "new"}, "status is 'new'; use one of testing, stable, retired"),
        (
            {"stage": "soon"},
            "stage is 'soon'; use one of rumoured, signalled, announced, done, delayed, denied",
        ),
        ({"language": "fr"}, "language is 'fr'; use one of en, ko, zh"),
        ({"wrods": ["x"]}, "unknown key 'wrods'; use one of id, title"),
        ({"id": "weights/pulled"}, "id is 'weights/pulled'; use 'weights/withdrawn', the path of the file"),
        ({"words": ["{pulled} weights"]}, "the vocabulary has no group 'pulled'"),
        ({"words": ["pull <model>"]}, "unknown slot <model>; use one of actor, organisation"),
        ({"words": ["pull ..."]}, "a gap stands between two words"),
        ({"words": ["<artefact>"]}, "has no word that must be there"),
        ({"match": ["Only one."]}, "give at least two sentences"),
        ({"near_misses": [{"text": "x"}, {"text": "y"}]}, "use a mapping with text and because"),
        ({"confidence": 7}, "confidence is 7; use a number above 0 and up to 1"),
        ({"level_to": 9}, "level_to is 9; use a whole number from 0 to 8"),
        ({"needs": ["luck"]}, "needs holds 'luck'; use one of artefact, launch, predecessor, open-family"),
        ({"overrules": ["code"]}, "overrules is for null rules"),
    ],
)
def test_a_mistake_is_named_with_what_would_be_right(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    with pytest.raises(RuleFileError) as error:
        load_rulebook(folder(tmp_path, GOOD | change))
    assert message in str(error.value)


def test_malformed_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match=r"rules/weights/withdrawn.yaml, line 2"):
        load_rulebook(folder(tmp_path, "id: x\n  title: [\n"))


def test_a_key_written_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="key 'id' is written twice"):
        load_rulebook(folder(tmp_path, "id: x\nid: y\n"))


def test_a_folder_that_is_no_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="the folder 'weight' is no kind; use one of weights, code"):
        load_rulebook(folder(tmp_path, GOOD | {"id": "weight/withdrawn"}, path="weight/withdrawn"))


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ({"pull": {"verb": ["pull"]}}, "group 'pull' has the unknown key 'verb'"),
        ({"pull": {"verbs": []}}, "group 'pull' has no words"),
        ({"pull": {"words": [True]}}, "group 'pull' holds True; use words"),
        ({"pull": {"includes": ["push"]}}, "group 'pull' includes 'push', which is no group"),
    ],
)
def test_a_mistake_in_the_vocabulary_is_named(tmp_path: Path, groups: object, message: str) -> None:
    with pytest.raises(RuleFileError) as error:
        load_rulebook(folder(tmp_path, GOOD, {"language": "en", "groups": groups}))
    assert message in str(error.value)


def test_the_hash_changes_with_every_data_file(tmp_path: Path) -> None:
    before = load_rulebook(folder(tmp_path, GOOD)).ruleset
    after = load_rulebook(folder(tmp_path, GOOD | {"title": "Weights are gone"})).ruleset
    assert before != after


def test_the_bundled_rules_pass_the_lint() -> None:
    assert lint(bundled_rulebook()) == []


def test_the_lint_finds_one_sentence_with_opposite_directions(tmp_path: Path) -> None:
    root = folder(tmp_path, GOOD)
    folder(tmp_path, GOOD | {"id": "weights/released", "direction": "opening"}, path="weights/released")
    assert any(
        "which says opening" in line or "which says closing" in line for line in lint(load_rulebook(root))
    )


def test_the_lint_finds_a_group_nobody_uses(tmp_path: Path) -> None:
    vocabulary = {"language": "en", "groups": {"pull": {"verbs": ["pull"]}, "push": ["push"]}}
    assert any(
        "no rule uses the group 'push'" in line
        for line in lint(load_rulebook(folder(tmp_path, GOOD, vocabulary)))
    )


def test_a_rule_added_to_a_copy_of_the_bundle_is_loaded(tmp_path: Path) -> None:
    with resources.as_file(resources.files("extractors.openness")) as bundle:
        shutil.copytree(bundle, tmp_path / "openness", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    count = len(load_rulebook(tmp_path / "openness").rules)
    assert count == len(bundled_rulebook().rules)
