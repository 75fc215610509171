"""What the tagger makes of whole articles: actors, artefacts, stages, one event for what belongs together."""

from __future__ import annotations

import textwrap
from datetime import date

import pytest

from extractors.openness.evaluate import LabelledArticle, evaluate, load_floors
from extractors.openness.explain import explain
from extractors.openness.gaps import find_gaps
from extractors.openness.tagger import load_tagger
from extractors.records import Mention

PUBLISHED = date(2026, 6, 17)


def current(title: str, text: str, *, registry: bool = True, actor: str | None = None) -> list[Mention]:
    """The current shifts of an article."""
    tagging = load_tagger(registry=registry).tag(title=title, text=text, published=PUBLISHED, actor=actor)
    return [mention for mention in tagging.shifts if mention.current]


def test_a_name_nobody_has_listed_is_actor_and_its_model_the_artefact() -> None:
    (found,) = current("", "Arnor Labs releases Gondor-7B under Apache 2.0.", registry=False)
    assert (found.actor, found.artefact) == ("Arnor Labs", "Gondor-7B")
    assert (found.licence_to, found.level_to) == ("Apache-2.0", 6)


@pytest.mark.parametrize(
    ("title", "text", "actor"),
    [
        (
            "Tolvane yanks Skerry-9B from Hugging Face",
            "The weights are gone. Nobody at the lab said why.",
            "Tolvane",
        ),
        (
            "Skerry is now open source",
            "Tolvane Systems, which develops the language model, put the weights on Hugging Face on Monday.",
            "Tolvane Systems",
        ),
        (
            "Tolvane reverses itself",
            "Tolvane Systems, a start-up in Cork, said on Monday it would not release the weights of its models.",
            "Tolvane Systems",
        ),
        (
            "Skerry-9B: the files are missing",
            "The weights of the model will be published in two weeks, Tolvane said when it showed it on Monday.",
            "Tolvane",
        ),
        ("Tolvane to publish the weights of Skerry next week", "It is a language model.", "Tolvane"),
        (
            "Weights of Skerry go public",
            "Tolvane executives released the model's weights on Monday.",
            "Tolvane",
        ),
        (
            "Skerry-LM weights go public",
            "Developed by Tolvane Labs, it is licensed under Apache 2.0.",
            "Tolvane Labs",
        ),
    ],
)
@pytest.mark.parametrize("registry", [True, False])
def test_who_acts_is_told_by_another_sentence_of_the_article(
    title: str, text: str, actor: str, registry: bool
) -> None:
    assert {found.actor for found in current(title, text, registry=registry)} == {actor}


def test_of_two_unlisted_names_that_act_together_both_are_actors() -> None:
    found = current("Tolvane Labs and Merrow release the weights of Skerry-9B", "", registry=False)
    assert [mention.actor for mention in found] == ["Tolvane Labs", "Merrow"]


def test_a_surname_is_no_organisation() -> None:
    found = current(
        "",
        "Ines Vardy leads the team. The model's weights will be published next week, Vardy said.",
        registry=False,
    )
    assert found == []


def test_a_person_speaks_for_the_organisation_whose_office_he_holds() -> None:
    (found,) = current("", "Sam Altman promised to release an open-weight model next month.")
    assert (found.actor, found.stage, found.due) == ("OpenAI", "announced", date(2026, 7, 31))


def test_what_is_there_as_of_today_is_not_put_off_by_another_date_of_the_sentence() -> None:
    (found,) = current(
        "",
        "There is no reason to wait for Friday: Halyard's weights of Spinnaker-7B are available for download "
        "as of this morning under Apache 2.0.",
        actor="Halyard Research",
    )
    assert (found.stage, found.due) == ("done", None)


def test_the_company_is_whom_the_sentence_before_speaks_of() -> None:
    (found,) = current(
        "", "Mistral AI is based in Paris. The company released an open-weight model on Monday."
    )
    assert found.actor == "Mistral AI"


def test_we_is_the_official_source() -> None:
    (found,) = current("", "Today we are releasing the weights of our new speech model.", actor="Sesame")
    assert found.actor == "Sesame"


def test_two_sizes_of_one_family_are_one_event() -> None:
    found = current("", "OpenAI released two open-weight models, gpt-oss-120b and gpt-oss-20b, on Tuesday.")
    assert [(m.actor, m.kind, m.direction) for m in found] == [("OpenAI", "weights", "opening")]


def test_weights_code_and_data_released_together_are_one_event_of_weights() -> None:
    text = "Ai2 released Olmo 3, an open model, on Tuesday. It also open-sourced the training code and the dataset."
    assert {m.kind for m in current("Ai2 releases Olmo 3", text)} == {"weights"}


def test_a_promise_and_a_release_of_two_models_are_two_events() -> None:
    text = "xAI open-sourced Grok 2.5 on Saturday. Elon Musk said that Grok 3 will be open-sourced in six months."
    found = {m.artefact: m.stage for m in current("", text)}
    assert found == {"Grok 2.5": "done", "Grok 3": "announced"}


def test_evidence_stands_where_its_offsets_say() -> None:
    text = "It rained in Paris. “Mistral released an open-weight model,” it said\u200b on Tuesday.\nThe end."
    for mention in load_tagger().tag(title="", text=text, published=PUBLISHED).shifts:
        assert text[mention.start : mention.end] == mention.evidence


def test_an_article_in_another_language_says_so_and_has_no_shifts() -> None:
    tagging = load_tagger().tag(
        title="Mistral veröffentlicht ein offenes Modell",
        text="Das Modell ist unter der Apache-Lizenz frei und kann von allen mit einem Rechner genutzt werden.",
        published=PUBLISHED,
    )
    assert (tagging.language, tagging.shifts) == ("de", ())


def test_the_tagger_is_loaded_once() -> None:
    assert load_tagger() is load_tagger()


def test_an_explanation_names_rule_words_offsets_and_reason() -> None:
    text = "OpenAI has not released the weights of GPT-5. Prices fell."
    explanation = explain(load_tagger(), title="", text=text, published=PUBLISHED)
    step = next(step for step in explanation.steps if step.outcome == "negation")
    assert text[step.start : step.end] == step.words
    assert "not released" in step.words or "released" in step.words
    assert step.because.startswith("not yet so")


def test_an_explanation_of_nothing_has_no_steps() -> None:
    assert explain(load_tagger(), title="", text="It rained in Paris.", published=PUBLISHED).steps == ()


def test_the_evaluation_counts_hits_misses_and_false_alarms() -> None:
    event = {
        "actor": "Mistral AI",
        "kind": "weights",
        "direction": "opening",
        "stage": "done",
        "headline": True,
    }
    articles = [
        LabelledArticle(
            "hit", "", "Mistral released an open-weight model today.", PUBLISHED, "shift", (event,)
        ),
        LabelledArticle("miss", "", "It rained in Paris.", PUBLISHED, "shift", (event,)),
        LabelledArticle("false", "", "Cohere released an open-weight model today.", PUBLISHED, "none", ()),
    ]
    result = evaluate(load_tagger(), articles)
    assert {name: result.figures[name].value for name in ("precision", "recall", "event recall")} == {
        "precision": 0.5,
        "recall": 0.5,
        "event recall": 0.5,
    }
    assert [identifier for identifier, _ in result.missed] == ["miss"]
    assert [identifier for identifier, _ in result.false_alarms] == ["false"]
    assert any(line.startswith("precision is 0.500") for line in result.below(load_floors()["passages"]))


@pytest.mark.parametrize("title", ["Gondor-7B weights are out", "Gondor-7B goes open source"])
def test_a_model_is_not_its_own_maker(title: str) -> None:
    text = "Arnor Labs has released the weights of Gondor-7B under the Apache 2.0 licence on Tuesday."
    (shift,) = load_tagger().tag(title=title, text=text, published=PUBLISHED).shifts
    assert (shift.actor, shift.artefact, shift.family) == ("Arnor Labs", "Gondor-7B", "gondor")
    alone = load_tagger().tag(title=title, text="", published=PUBLISHED)
    assert alone.shifts == ()
    assert "no-actor" in {null.id for null in alone.nulls}


def test_a_size_still_to_come_is_an_event_beside_the_one_that_is_out() -> None:
    tagging = load_tagger().tag(
        title="Arnor Labs releases Gondor-7B under Apache 2.0",
        text="The AI lab will release the weights of Gondor-70B in June.",
        published=PUBLISHED,
    )
    found = {(shift.artefact, shift.family, shift.stage) for shift in tagging.shifts}
    assert found == {("Gondor-7B", "gondor", "done"), ("Gondor-70B", "gondor", "announced")}


@pytest.mark.parametrize(
    ("title", "actors"),
    [
        (
            "Arnor Labs and the University of Velden have released the weights of Gondor-7B",
            {"Arnor Labs", "University of Velden"},
        ),
        ("Kestrel and Larkspur AI have released the weights of Gondor-7B", {"Kestrel", "Larkspur AI"}),
        (
            "Merrow Robotics, together with the Velden Institute of Technology, released Tern-2B weights",
            {"Merrow Robotics", "Velden Institute of Technology"},
        ),
        ("Researchers at Velden Polytechnic release Lumen-3B under the MIT license", {"Velden Polytechnic"}),
        (
            "Gondor-7B, a new open-weight model by Kestrel, is available under the MIT license",
            {"Kestrel"},
        ),
    ],
)
def test_unlisted_actors_are_found_alone_and_together(title: str, actors: set[str]) -> None:
    tagging = load_tagger().tag(title=title, text="", published=PUBLISHED)
    assert {shift.actor for shift in tagging.shifts} == actors


def test_the_gap_finder_counts_phrases_no_rule_covers() -> None:
    text = "Zorbex polished the weights. Zorbex polished the weights again."
    gaps = find_gaps(load_tagger(), [("", text, PUBLISHED)])
    assert gaps.phrases[0] == ("polished … weights", 2)


def test_what_a_release_may_not_be_called_closes_nothing() -> None:
    found = current(
        "",
        "Arnor Labs published the weights of Gondor-70B under a modified MIT licence. "
        "We know that this is not open source as the term is defined, the company wrote.",
    )
    assert [(m.artefact, m.direction) for m in found] == [("Gondor-70B", "opening")]


def test_a_change_of_licence_that_ends_open_source_is_of_the_licence() -> None:
    (found,) = current(
        "",
        "Shuttle, a server for language models, is no longer open source. On Monday Loomhaven moved Shuttle from "
        "Apache 2.0 to the Business Source License 1.1.",
    )
    assert (found.actor, found.kind, found.direction) == ("Loomhaven", "licence", "closing")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Meta will reportedly keep the weights of Llama 5 closed.", "weights"),
        ("Meta is reportedly considering to keep its next models closed.", "strategy"),
    ],
)
def test_a_rumour_of_a_closed_model_is_of_the_model_and_one_of_a_turn_of_the_organisation(
    text: str, kind: str
) -> None:
    (found,) = current("", text)
    assert (found.kind, found.direction, found.stage) == (kind, "closing", "rumoured")


def test_the_perfect_tense_is_of_now_whatever_the_past_of_the_actor() -> None:
    (found,) = current(
        "", "Tolvane AI, a lab that nobody knew until last autumn, has published the weights of Skerry-9B."
    )
    assert found.current


def test_a_text_set_in_narrow_lines_is_read_as_its_paragraphs() -> None:
    title = "Skerry-9B is out"
    wide = (
        "Tolvane Labs, a start-up in Cork that was founded by three former librarians, has released the "
        "weights of its language model on the hub of Hugging Face. The files come under the Apache 2.0 licence, "
        "and anybody may build on them.\n\nThe start-up wants to earn its money with hosting."
    )
    narrow = "\n\n".join(textwrap.fill(paragraph, 72) for paragraph in wide.split("\n\n"))
    assert "former\nlibrarians" in narrow
    (of_wide,), (of_narrow,) = current(title, wide), current(title, narrow)
    assert (of_narrow.actor, of_narrow.licence_to) == (of_wide.actor, of_wide.licence_to)
    assert of_narrow.evidence == narrow[of_narrow.start : of_narrow.end]
    assert " ".join(of_narrow.evidence.split()) == of_wide.evidence


def test_headings_and_paragraphs_of_one_line_stay_sentences_of_their_own() -> None:
    text = "Model releases\nTolvane Labs has cut its prices\nMerrow AI released the weights of Skerry-9B"
    (found,) = current("", text)
    assert found.evidence == "Merrow AI released the weights of Skerry-9B"


def test_an_apostrophe_begins_no_word() -> None:
    found = current("", "We're licensing our Llama models to carmakers under Apache 2.0 terms.", actor="Meta")
    assert "licence" not in {mention.kind for mention in found}


def test_a_sentence_with_news_of_a_shift_is_no_null_event_too() -> None:
    tagging = load_tagger().tag(
        title="Meta releases the weights of Llama 5", text="The API costs $3.", published=PUBLISHED
    )
    assert [shift.where for shift in tagging.shifts] == ["title"]
    assert "title" not in {event.where for event in tagging.nulls}


def test_a_licence_of_other_software_is_no_shift_even_beside_ai() -> None:
    text = "Larkspur moved its weblog engine from the MIT licence to the Business Source License 1.1."
    assert current("Coding agents make life hard for small developers", text) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "An open-weight model is the opposite of a hosted one: the maker, Halyard Research, publishes the weights "
        "for download.",
        "On the stand, Halyard Research's founder said it open-sourced the model Spinnaker in good faith.",
        "Halyard Research publishes more models than anyone else on Hugging Face.",
    ],
)
def test_what_defines_testifies_or_measures_is_no_news(sentence: str) -> None:
    assert current("Notes on the week in AI", sentence) == []
