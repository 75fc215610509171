"""The traps that each must be a test: sentences that tempt a reader of words into the wrong event."""

from __future__ import annotations

from datetime import date

from extractors.openness.tagger import load_tagger
from extractors.records import Mention

PUBLISHED = date(2026, 6, 17)


def shifts(text: str, title: str = "", published: date = PUBLISHED) -> list[Mention]:
    """The current shifts of a short article."""
    tagging = load_tagger().tag(title=title, text=text, published=published)
    return [mention for mention in tagging.shifts if mention.current]


def only(text: str, title: str = "", published: date = PUBLISHED) -> Mention:
    """The one current shift of a short article."""
    found = shifts(text, title, published)
    assert len(found) == 1, [
        (mention.actor, mention.artefact, mention.direction, mention.rule) for mention in found
    ]
    return found[0]


def test_1_modified_mit_means_what_its_owner_means_by_it() -> None:
    kimi = only(
        "Moonshot AI released Kimi K2 under a modified MIT license on Tuesday; it is an open-weight model."
    )
    mistral = only(
        "Mistral AI released Mistral Medium 3.5 under a modified MIT license on Tuesday as open weights."
    )
    assert kimi.licence_to != mistral.licence_to


def test_2_the_business_source_license_is_not_boost() -> None:
    found = shifts(
        "Nvidia moved the license of its AI agent framework from MIT to the Business Source License (BSL)."
    )
    assert [(m.direction, m.licence_to) for m in found] == [("closing", "BUSL-1.1")]


def test_3_a_repack_by_a_third_party_says_nothing_of_the_owner() -> None:
    assert not shifts("A volunteer uploaded quantized versions of Llama 4 to Hugging Face under MIT.")


def test_4_the_licence_of_the_code_is_not_that_of_the_weights() -> None:
    found = shifts(
        "Mistral published the training code of its model on GitHub under Apache 2.0. The weights stay private."
    )
    assert [(m.kind, m.direction) for m in found if m.direction == "opening"] == [("code", "opening")]


def test_5_one_launch_may_bring_several_licences_and_is_one_event() -> None:
    found = shifts(
        "Mistral AI released Devstral 2 on Tuesday with open weights under a modified MIT license, "
        "and Devstral Small 2 "
        "under Apache 2.0."
    )
    assert {m.direction for m in found} == {"opening"}
    assert {m.actor for m in found} == {"Mistral AI"}


def test_6_the_licence_promised_is_a_promise_only() -> None:
    found = only("Z.ai says that GLM-5.3 will be open-sourced under the MIT license next week.")
    assert (found.stage, found.licence_to) == ("announced", "MIT")


def test_7_apache_style_is_not_apache() -> None:
    found = shifts("Meta released a new open model on Monday under an Apache 2.0-style license.")
    assert all(mention.licence_to != "Apache-2.0" for mention in found)


def test_8_the_family_name_does_not_decide_the_licence() -> None:
    third = only("Google released Gemma 3, an open-weight model, on Tuesday.", published=date(2025, 3, 12))
    fourth = only("Google released Gemma 4, an open-weight model, on Tuesday.", published=date(2026, 4, 2))
    assert (third.level_to, fourth.level_to) == (5, 6)


def test_9_a_territory_shut_out_is_kept_as_a_field() -> None:
    found = only("Meta will not release its multimodal Llama model in the European Union, the company said.")
    assert (found.direction, found.territory) == ("closing", "european union")


def test_10_a_licence_file_changed_without_a_word_is_read_from_the_diff() -> None:
    found = only("MiniMax changed the license of M2.7 from MIT to a non-commercial license.")
    assert (found.kind, found.direction, found.licence_from) == ("licence", "closing", "MIT")


def test_11_what_was_not_done_is_no_event() -> None:
    assert not shifts(
        "The Heron voice dataset was not removed from the platform; it was relocated, Corvane says."
    )
    assert not shifts("The weights of StoryDiffusion are not yet released, Tencent says.")
    assert all(
        m.direction != "closing"
        for m in shifts("OpenAI has no plans to open-source GPT-5, a spokesman said.")
    )


def test_12_reported_by_others_is_a_rumour_and_by_the_actor_is_not() -> None:
    assert only("Meta will reportedly open-source its new model Avocado.").stage == "rumoured"
    assert only("Meta will open-source its new model Avocado, Mark Zuckerberg said.").stage == "announced"


def test_13_the_future_is_a_stage_with_a_date() -> None:
    found = only("xAI will open-source Grok 3 in about six months, Elon Musk said.")
    assert (found.stage, found.due) == ("announced", date(2026, 12, 17))


def test_14_the_past_is_not_news() -> None:
    assert not shifts("In 2023 Meta released Llama 2, an open-weight model. Its shares rose on Monday.")


def test_15_a_joint_letter_has_many_actors() -> None:
    found = shifts("Nvidia, Meta and IBM signed an open letter in support of open weights on Friday.")
    assert {m.actor for m in found} == {"NVIDIA", "Meta", "IBM"}


def test_16_the_actor_follows_from_the_artefact() -> None:
    found = only("phi-2 is now under MIT license.", published=date(2024, 1, 7))
    assert (found.actor, found.direction) == ("Microsoft", "opening")


def test_17_open_and_available_prove_nothing() -> None:
    assert not shifts("GPT-5.6 is now available in Studio. OpenAI opens an office in Seoul and an open beta.")
