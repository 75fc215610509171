"""Names that nobody has listed are told from their shape and from the words around them."""

from __future__ import annotations

import pytest

from extractors.openness.entities import Entity, EntityFinder, load_entities


@pytest.fixture(scope="module", params=[True, False], ids=["registry", "no registry"])
def finder(request: pytest.FixtureRequest) -> EntityFinder:
    return load_entities(registry=request.param)


def new(finder: EntityFinder, text: str, kind: str) -> list[str]:
    return [entity.text for entity in finder.find(text) if entity.type == kind and not entity.known]


def only(finder: EntityFinder, text: str, kind: str) -> Entity:
    found = [entity for entity in finder.find(text) if entity.type == kind]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "organisation"),
    [
        ("Arnor Labs releases Gondor-7B under Apache 2.0", "Arnor Labs"),
        ("Arnor Labs Releases Gondor-7B Under Apache 2.0 License", "Arnor Labs"),
        ("Tokyo-based Hoshino AI open-sourced its model", "Hoshino AI"),
        ("Researchers at Velden University published the weights", "Velden University"),
        ("The University of Velden opened a dataset", "University of Velden"),
        ("The startup Kestrel will open its model next week", "Kestrel"),
        ("On Tuesday, Kestrel released a new model", "Kestrel"),
        ("Kestrel has quietly withdrawn the weights", "Kestrel"),
        ("Beacon, a Paris startup, opened its code", "Beacon"),
        ("A new company called Clad opened its code", "Clad"),
        ("The model was released by Kestrel", "Kestrel"),
        ("Kestrel's Gondor-7B is out", "Kestrel"),
        ("ArnorAI drops its licence", "ArnorAI"),
        ("Arnor AI trained it on two thousand chips", "Arnor AI"),
        ("A team from Kestrel trained it", "Kestrel"),
        ("Arnor가 새 모델을 오픈소스로 공개했다", "Arnor"),
        ("스타트업 달빛누리가 모델을 공개했다", "달빛누리"),
        ("아르노르(Arnor)는 가중치를 공개했다", "아르노르"),
        ("Arnor发布并开源了新模型", "Arnor"),
        ("云岭科技今日开源大模型", "云岭科技"),
        ("アルノ社は重みを公開した", "アルノ社"),
        ("Arnor收紧模型的使用条款", "Arnor"),
        ("Arnor周三在GitHub上放出了模型代码", "Arnor"),
        ("Arnor否认放弃开源模型", "Arnor"),
        ("云岭AI新模型不再开源", "云岭AI"),
        ("云岭数据公开了中文语料", "云岭数据"),
        ("云岭大学开源气象模型", "云岭大学"),
        ("传云岭智能将开源旗舰模型", "云岭智能"),
    ],
)
def test_an_organisation_is_told_by_what_it_does_or_is_called(
    finder: EntityFinder, text: str, organisation: str
) -> None:
    assert organisation in new(finder, text, "organisation")


@pytest.mark.parametrize(
    ("text", "organisations"),
    [
        ("Kestrel and Larkspur AI have released the weights", ["Kestrel", "Larkspur AI"]),
        ("Halvard, Merrow and Ostley have published a model", ["Halvard", "Merrow", "Ostley"]),
        ("Harrow & Pike open-sources its model", ["Harrow & Pike"]),
        ("The image model of Tessellate is free", ["Tessellate"]),
        ("A language model by Kestrel can be downloaded", ["Kestrel"]),
        ("The launch of Kestrel's model was put off", ["Kestrel"]),
        ("Gondor-7B & Gondor-70B were released by Kestrel", ["Kestrel"]),
        ("In Halden, Kestrel released a model", ["Kestrel"]),
    ],
)
def test_those_who_act_together_and_makers_of_a_model_are_organisations(
    finder: EntityFinder, text: str, organisations: list[str]
) -> None:
    assert new(finder, text, "organisation") == organisations


@pytest.mark.parametrize(
    ("text", "artefact", "family"),
    [
        ("Arnor Labs releases Gondor-7B", "Gondor-7B", "gondor"),
        ("weights of Gondor-7B-Instruct", "Gondor-7B-Instruct", "gondor"),
        ("gondor-7b-instruct is on the hub", "gondor-7b-instruct", "gondor"),
        ("They opened Zephyr 3 Mini", "Zephyr 3 Mini", "zephyr-3-mini"),
        ("Tarn-V2 is out", "Tarn-V2", "tarn-v2"),
        ("a model named Lumen 70B", "Lumen 70B", "lumen"),
        ("Gondor is now open source", "Gondor", "gondor"),
        ("the Gondor model stays closed", "Gondor", "gondor"),
        ("Arnor Labs open-sources Gondor", "Gondor", "gondor"),
        ("Gondor, a small language model, is free", "Gondor", "gondor"),
        ("Gondor released under MIT", "Gondor", "gondor"),
        ("Arnor가 Gondor를 공개했다", "Gondor", "gondor"),
        ("달무리랩스는 모델 '메아리'를 공개했다", "메아리", "메아리"),
        ("云岭科技开源模型“青禾”", "青禾", "青禾"),
    ],
)
def test_an_artefact_is_told_by_its_size_version_or_noun(
    finder: EntityFinder, text: str, artefact: str, family: str
) -> None:
    found = [entity for entity in finder.find(text) if entity.type == "artefact"]
    assert [(entity.text, entity.family, entity.known) for entity in found] == [(artefact, family, False)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a dataset called OpenMoor", "dataset"),
        ("the framework Harbor is out", "tool"),
        ("They published Anchor, a protocol for agents", "spec"),
        ("the Gondor model", "model"),
    ],
)
def test_the_noun_beside_an_artefact_tells_its_kind(finder: EntityFinder, text: str, kind: str) -> None:
    assert only(finder, text, "artefact").artefact_kind == kind


def test_what_an_organisation_possesses_is_its_own(finder: EntityFinder) -> None:
    assert only(finder, "Kestrel's new Gondor-7B comes under MIT", "artefact").owner == "Kestrel"


@pytest.mark.parametrize(
    "text",
    [
        "Jane Roe, chief executive of Arnor Labs, spoke",
        "Jane Roe, co-founder and CTO at Arnor Labs, spoke",
        "Arnor Labs CEO Jane Roe spoke",
        "Arnor Labs's chief scientist, Jane Roe, spoke",
        "said Jane Roe, head of policy at Arnor Labs",
    ],
)
def test_a_person_with_an_office_speaks_for_the_organisation(finder: EntityFinder, text: str) -> None:
    person = only(finder, text, "person")
    assert (person.name, person.owner, person.known) == ("Jane Roe", "Arnor Labs", False)


def test_a_new_person_may_speak_for_a_listed_organisation() -> None:
    person = only(load_entities(), "Google spokesperson Jane Roe declined", "person")
    assert person.owner == "Google"


@pytest.mark.parametrize(
    "text",
    [
        "Why Open Source AI Models Matter in 2026",
        "The company will release Windows 11 and an iPhone 17 in August 2026",
        "On Monday, March 3, the RTX 5090 and a Boeing 737 arrived",
        "Stargate AI data centers are being built",
        "Generative AI tools keep changing",
        "Pricing starts at nine dollars",
        "Jane Roe, a researcher, was there",
        "She read Article 5 and Chapter 3 during COVID-19",
        "Startups in Velden hope for the best",
        "The Model Is Open Source Now",
        "金融AI工具将开源模型",
        "国产AI公开了权重",
        "训练数据公开之后引发争议",
    ],
)
def test_capitals_alone_make_no_name(finder: EntityFinder, text: str) -> None:
    assert [entity for entity in finder.find(text) if not entity.known] == []


def test_a_listed_name_is_never_inferred_again() -> None:
    found = load_entities().find("OpenAI releases gpt-oss-20b")
    assert all(entity.known for entity in found)


def test_an_ambiguous_listed_name_that_acts_is_the_listed_organisation() -> None:
    entity = only(load_entities(), "Apple unveils a phone", "organisation")
    assert (entity.id, entity.known) == ("apple", True)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("The model was withdrawn by the Harrow Institute on Monday", "Harrow Institute", "organisation"),
        ("The National Library of Velden opens its corpus", "National Library of Velden", "organisation"),
        ("The Royal Library opens its corpus", "Royal Library", "organisation"),
        ("The HBC opens its speech model", "HBC", "organisation"),
        ("Ministry of Digital Affairs bans open models", "Ministry of Digital Affairs", "government"),
        ("The Velden Parliament voted to require open models", "Velden Parliament", "government"),
        ("The Court of Velden ordered a stop", "Court of Velden", "government"),
    ],
)
def test_an_unlisted_body_is_told_by_its_word(finder: EntityFinder, text: str, name: str, kind: str) -> None:
    assert new(finder, text, kind) == [name]
