"""Organisations, people, governments and artefacts that are listed are found where they stand."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from extractors.openness.entities import Entity, EntityFinder, load_entities


@pytest.fixture(scope="module")
def finder() -> EntityFinder:
    return load_entities()


def named(finder: EntityFinder, text: str, kind: str, published: date | None = None) -> list[str]:
    return [entity.name for entity in finder.find(text, published) if entity.type == kind]


def only(finder: EntityFinder, text: str, kind: str, published: date | None = None) -> Entity:
    found = [entity for entity in finder.find(text, published) if entity.type == kind]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("OpenAI will publish the weights in June", "OpenAI"),
        ("openai will publish the weights in June", "OpenAI"),
        ("Facebook AI shared a new translation model", "Meta"),
        ("Researchers at Google DeepMind opened the code", "Google"),
        ("NVIDIA and others signed", "NVIDIA"),
        ("Moonshot opened its model", "Moonshot AI"),
        ("Z.ai moved to another licence", "Zhipu AI"),
        ("오픈AI가 새 모델을 공개했다", "OpenAI"),
        ("딥시크는 가중치를 공개했다", "DeepSeek"),
        ("LG AI연구원이 모델을 내놓았다", "LG AI Research"),
        ("月之暗面开源了新模型", "Moonshot AI"),
        ("阿里云宣布开源", "Alibaba"),
        ("グーグルが重みを公開した", "Google"),
        ("サカナAIがモデルを公開", "Sakana AI"),
    ],
)
def test_an_organisation_is_found_by_any_of_its_names(finder: EntityFinder, text: str, name: str) -> None:
    assert named(finder, text, "organisation")[:1] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "An open future needs open tools",
        "The metaverse is a meta level above",
        "He bought an apple and an amazon parrot",
        "The Amazon rainforest lost trees",
        "A cursor blinks on the runway",
        "Read it in the MIT Technology Review",
        "The endpoint is OpenAI-compatible",
        "see google.com for more",
        "메타버스와 애플리케이션",
        "メタデータを保存する",
    ],
)
def test_ordinary_words_and_longer_names_are_no_organisations(finder: EntityFinder, text: str) -> None:
    assert [entity for entity in finder.find(text) if entity.type in ("organisation", "artefact")] == []


def test_an_ambiguous_name_counts_only_where_the_sentence_speaks_of_ai(finder: EntityFinder) -> None:
    assert named(finder, "Apple trees bloom late this year", "organisation") == []
    assert named(finder, "Apple opened the weights of its small model", "organisation") == ["Apple"]


def test_an_ambiguous_name_counts_when_the_title_speaks_of_ai(finder: EntityFinder) -> None:
    sentence = "It is a first for Perplexity in Paris"
    assert finder.find(sentence) == []
    assert [entity.id for entity in finder.find(sentence, context="A new open-weight model")] == [
        "perplexity"
    ]


def test_a_backer_is_no_actor(finder: EntityFinder) -> None:
    assert named(finder, "Microsoft-backed OpenAI opened its model", "organisation") == ["OpenAI"]


def test_a_name_in_part_of_a_word_is_not_found(finder: EntityFinder) -> None:
    assert finder.find("The linguist was feeling a graphical tinkering") == []


def test_offsets_point_into_the_text_as_it_was_given(finder: EntityFinder) -> None:
    text = "“Open\u200bAI”\u00a0released gpt\u2011oss\u201120b under Apache\u00a02.0"
    for entity in finder.find(text):
        assert text[entity.start : entity.end] == entity.text
    assert [entity.id for entity in finder.find(text)] == ["openai", "gpt-oss", "apache-2.0"]


def test_entities_come_in_order_and_never_overlap(finder: EntityFinder) -> None:
    text = (
        "Meta AI's Llama 4 Maverick is under the Llama 4 Community License, "
        "said Mark Zuckerberg of Meta Platforms"
    )
    found = finder.find(text)
    assert [entity.text for entity in found] == [
        "Meta AI",
        "Llama 4 Maverick",
        "Llama 4 Community License",
        "Mark Zuckerberg",
        "Meta Platforms",
    ]
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("person", "published", "organisation"),
    [
        ("Sam Altman", date(2026, 3, 1), "OpenAI"),
        ("올트먼", date(2026, 3, 1), "OpenAI"),
        ("扎克伯格", date(2025, 3, 1), "Meta"),
        ("Yann LeCun", date(2025, 6, 1), "Meta"),
        ("Yann LeCun", date(2026, 6, 1), "AMI Labs"),
        ("Ilya Sutskever", date(2024, 4, 1), "OpenAI"),
        ("Ilya Sutskever", date(2025, 4, 1), "Safe Superintelligence"),
        ("Fidji Simo", date(2026, 7, 9), "OpenAI"),
        ("Fidji Simo", date(2026, 7, 10), None),
        ("Bae Kyung-hoon", date(2025, 3, 1), "LG AI Research"),
        ("배경훈", date(2026, 3, 1), "Korean government"),
        ("Bae Kyung-hoon", None, "Korean government"),
        ("Emad Mostaque", None, None),
    ],
)
def test_a_person_speaks_for_the_office_held_on_the_day(
    finder: EntityFinder, person: str, published: date | None, organisation: str | None
) -> None:
    assert only(finder, f"{person} 2026", "person", published).owner == organisation


@pytest.mark.parametrize(
    ("text", "government"),
    [
        ("The White House backs open models", "U.S. government"),
        ("The Commerce Department ordered it", "U.S. government"),
        ("the U.S. plans to restrict open weights", "U.S. government"),
        ("China may ban exports of models", "Chinese government"),
        ("Beijing considers export controls", "Chinese government"),
        ("The European Commission proposed rules", "European Union"),
        ("백악관이 발표했다", "U.S. government"),
        ("과기정통부는 오픈소스를 지원한다", "Korean government"),
        ("工信部发布新规", "Chinese government"),
        ("中国考虑限制模型出口", "Chinese government"),
        ("米商務省が規制を発表した", "U.S. government"),
        ("MeitY released a tender", "Indian government"),
    ],
)
def test_a_ministry_or_a_governing_country_is_the_government(
    finder: EntityFinder, text: str, government: str
) -> None:
    assert only(finder, text, "government").name == government


@pytest.mark.parametrize(
    "text",
    [
        "Startups in China like it",
        "a U.S. company won",
        "users in the EU wait",
        "중국어 모델",
        "中国語のモデル",
        "Paris is warm",
    ],
)
def test_a_country_that_does_not_govern_is_no_actor(finder: EntityFinder, text: str) -> None:
    assert [entity for entity in finder.find(text) if entity.type == "government"] == []


def test_an_artefact_knows_its_owner_level_and_licences(finder: EntityFinder) -> None:
    entity = only(finder, "phi-2 is out", "artefact")
    assert (entity.owner, entity.level, entity.licences, entity.artefact_kind) == (
        "Microsoft",
        6,
        ("mit",),
        "model",
    )


def test_a_brand_alone_is_a_fallback_and_a_version_is_not(finder: EntityFinder) -> None:
    assert only(finder, "the Gemma family", "artefact").fallback
    assert not only(finder, "Gemma 4 31B", "artefact").fallback


def test_a_company_called_like_its_model_is_the_company(finder: EntityFinder) -> None:
    entity = only(finder, "DeepSeek said no", "organisation")
    assert (entity.name, entity.family, entity.fallback) == ("DeepSeek", "deepseek-brand", True)


def test_a_brand_that_releases_something_stands_for_its_owner(finder: EntityFinder) -> None:
    assert only(finder, "Qwen releases its largest model", "organisation").name == "Alibaba"
    assert only(finder, "Gemma released under Apache 2.0", "artefact").family == "gemma"


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("DeepSeek released its V3.2 model", "deepseek-v2-v3"),
        ("Moonshot AI opened the weights of K2.5", "kimi-k25"),
        ("DeepSeek's R1 is open", "deepseek-r1"),
    ],
)
def test_a_version_alone_belongs_to_the_organisation_before_it(
    finder: EntityFinder, text: str, family: str
) -> None:
    assert only(finder, text, "artefact").family == family


def test_an_ordinary_word_is_an_artefact_only_beside_its_owner_or_ai(finder: EntityFinder) -> None:
    assert finder.find("Sora walked to school") == []
    assert only(finder, "OpenAI showed Sora", "artefact").family == "sora"


def test_a_line_of_releases_knows_its_order(finder: EntityFinder) -> None:
    before = finder.predecessor("minimax-m27")
    assert before is not None
    assert (before.id, before.level, finder.families["minimax-m27"].level) == ("minimax-m2", 5, 4)
    assert finder.line_of("command-a-plus") == finder.line_of("command-r") == "command"


def test_a_line_that_was_open_shows_when_it_closes(finder: EntityFinder) -> None:
    before = finder.predecessor("wan-25")
    assert before is not None and before.level == 6 and finder.families["wan-25"].level == 3


def test_nothing_comes_before_the_first_of_a_line_or_an_unknown_family(finder: EntityFinder) -> None:
    assert finder.predecessor("kimi-k2") is None
    assert finder.predecessor("gondor") is None
    assert finder.line_of("gondor") is None


def test_without_the_registry_no_listed_organisation_or_family_is_known() -> None:
    found = load_entities(registry=False).find(
        "OpenAI releases gpt-oss-20b under Apache 2.0, said the White House"
    )
    assert [(entity.type, entity.known) for entity in found] == [
        ("organisation", False),
        ("artefact", False),
        ("licence", True),
        ("government", True),
    ]


def test_the_finder_is_made_once() -> None:
    assert load_entities() is load_entities()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "OpenAI " * 20_000,
        "[" * 100_000,
        "Gondor-7B'" * 20_000,
        "\ud800OpenAI\udfff",
        "a-" * 100_000,
        "A" * 1_000_000,
        "Qwen3-" * 50_000,
        "under the " * 50_000 + "MIT",
        "메타" * 100_000,
        "\u202eOpenAI\u202c 𝕆penAI İİİ ẞ",
        "İ" * 1000 + "OpenAI releases Gondor-7B",
    ],
    ids=lambda text: f"{text[:12]!r} of {len(text)}",
)
def test_hostile_text_is_read_without_an_error(finder: EntityFinder, text: str) -> None:
    for entity in finder.find(text):
        assert text[entity.start : entity.end] == entity.text


def test_a_short_name_that_is_an_ordinary_word_counts_before_a_verb_only(finder: EntityFinder) -> None:
    assert only(finder, "Reflection raises money for open models", "organisation").name == "Reflection AI"
    assert named(finder, "On reflection the weights stay closed", "organisation") == []
    assert named(finder, "Together they publish a model", "organisation") == []


def test_an_ambiguous_name_counts_beside_a_clear_one(finder: EntityFinder) -> None:
    assert named(finder, "Google met Apple and Amazon", "organisation") == ["Google", "Apple", "Amazon"]
    assert named(finder, "Apple and Amazon", "organisation") == []


@pytest.mark.parametrize(
    ("text", "published", "level", "licence"),
    [
        ("the Gemma family", date(2026, 4, 1), 5, "gemma-terms"),
        ("the Gemma family", date(2026, 4, 2), 6, "apache-2.0"),
        ("the Gemma family", None, 6, "apache-2.0"),
        ("Nemotron 3 Nano", date(2025, 12, 15), 5, "nvidia-open-model-license"),
        ("Nemotron 3 Nano", date(2026, 6, 4), 7, "openmdw-1.1"),
        ("DeepSeek-V3", date(2024, 12, 26), 5, "deepseek-license-1.0"),
        ("Phi-2", date(2023, 12, 12), 4, "msr-license"),
    ],
)
def test_the_terms_of_a_family_are_those_of_the_day(
    finder: EntityFinder, text: str, published: date | None, level: int, licence: str
) -> None:
    entity = only(finder, text, "artefact", published)
    assert (entity.level, entity.licences[0]) == (level, licence)
