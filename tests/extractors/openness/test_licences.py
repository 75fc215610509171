"""Licences: the longest form counts, the words around it and the owner decide what it means."""

from __future__ import annotations

import pytest

from extractors.openness.entities import Entity, EntityFinder, load_entities


@pytest.fixture(scope="module")
def finder() -> EntityFinder:
    return load_entities()


def licences(finder: EntityFinder, text: str) -> list[Entity]:
    return [entity for entity in finder.find(text) if entity.type == "licence"]


@pytest.mark.parametrize(
    ("text", "licence", "surface"),
    [
        ("weights come under Apache 2.0.", "apache-2.0", "Apache 2.0"),
        ("weights come under the Apache\u20112.0 license", "apache-2.0", "Apache\u20112.0 license"),
        ("an Apache License, Version 2.0, model", "apache-2.0", "Apache License, Version 2.0"),
        ("an Apache-licensed model", "apache-2.0", "Apache-licensed"),
        ("released under Apache on Friday", "apache-2.0", "Apache"),
        ("아파치 2.0 라이선스로 공개", "apache-2.0", "아파치 2.0 라이선스"),
        ("采用Apache 2.0许可证", "apache-2.0", "Apache 2.0许可证"),
        ("Apache 2.0ライセンスで公開", "apache-2.0", "Apache 2.0ライセンス"),
        ("phi-2 is now under MIT license", "mit", "MIT license"),
        ("available under MIT", "mit", "MIT"),
        ("dual-licensed: Apache-2.0/MIT", "apache-2.0", "Apache-2.0"),
        ("MIT 라이선스가 적용됐다", "mit", "MIT 라이선스"),
        ("采用MIT协议", "mit", "MIT协议"),
        ("under CC-BY-NC-SA 4.0", "cc-by-nc-sa-4.0", "CC-BY-NC-SA 4.0"),
        ("under CC BY-NC 4.0", "cc-by-nc-4.0", "CC BY-NC 4.0"),
        ("under CC BY 4.0", "cc-by-4.0", "CC BY 4.0"),
        (
            "the Llama 4 Community License Agreement",
            "llama-4-community",
            "Llama 4 Community License Agreement",
        ),
        ("a modified MIT license", "modified-mit", "modified MIT license"),
        ("a modified version of the MIT license", "modified-mit", "modified version of the MIT license"),
        ("采用修改版MIT许可证", "modified-mit", "修改版MIT许可证"),
        ("the Kimi K3 License", "kimi-k3-license", "Kimi K3 License"),
        ("moved to OpenMDW-1.1", "openmdw-1.1", "OpenMDW-1.1"),
        ("under BSL 1.1", "busl-1.1", "BSL 1.1"),
        ("the Business Source License", "busl-1.1", "Business Source License"),
        ("the Boost Software License", "bsl-1.0", "Boost Software License"),
        ("under BSL-1.0", "bsl-1.0", "BSL-1.0"),
        ("Gemma Terms of Use", "gemma-terms", "Gemma Terms of Use"),
        ("the Mistral Research License", "mistral-mrl", "Mistral Research License"),
    ],
)
def test_a_licence_is_found_by_its_longest_form(
    finder: EntityFinder, text: str, licence: str, surface: str
) -> None:
    found = licences(finder, text)[0]
    assert (found.id, found.text) == (licence, surface)


@pytest.mark.parametrize(
    "text",
    [
        "researchers at MIT trained it",
        "a study from MIT and Harvard",
        "MIT Technology Review reports",
        "MIT CSAIL opened a lab",
        "Massachusetts Institute of Technology (MIT) licensed content to it",
        "the queue runs on Apache Kafka under load",
        "the Apache Software Foundation said",
        "an Apache helicopter",
        "She has an open mind",
        "GPL-compatible code",
        "the license fee is high",
    ],
)
def test_what_only_looks_like_a_licence_is_none(finder: EntityFinder, text: str) -> None:
    assert licences(finder, text) == []


@pytest.mark.parametrize("suffix", ["-based", "-style", "-compatible", "-like", "-derived", " compatible"])
@pytest.mark.parametrize("name", ["Apache 2.0", "MIT", "Apache-2.0"])
def test_a_licence_that_leans_on_another_is_not_the_other(
    finder: EntityFinder, name: str, suffix: str
) -> None:
    assert {found.id for found in licences(finder, f"under an {name}{suffix} license")} <= {
        "modified-apache",
        "modified-mit",
    }


def test_one_sentence_may_name_two_licences(finder: EntityFinder) -> None:
    found = licences(
        finder, "It switched from the MIT license to a custom Apache 2.0 for code and CC0 for data"
    )
    assert [entity.id for entity in found] == ["mit", "modified-apache", "cc0-1.0"]


@pytest.mark.parametrize(
    ("text", "licence_class", "level"),
    [
        ("under a permissive licence", "open_weights_permissive_custom", 6),
        ("under a permissive open-source license", "open_weights_permissive_custom", 6),
        ("under an OSI-approved license", "osi_open_source", 6),
        ("under an open-source licence", "osi_open_source", 6),
        ("under a non-commercial license", "non_commercial", 4),
        ("under a noncommercial research license", "non_commercial", 4),
        ("under a research-only license", "research_only", 4),
        ("under a custom licence", "use_restricted", 5),
        ("under a proprietary license", "proprietary", 3),
        ("비상업적 라이선스로 공개", "non_commercial", 4),
        ("허용적 라이선스", "open_weights_permissive_custom", 6),
        ("오픈소스 라이선스", "osi_open_source", 6),
        ("采用宽松的开源许可证", "open_weights_permissive_custom", 6),
        ("非商业许可", "non_commercial", 4),
    ],
)
def test_a_licence_spelled_out_has_a_class_and_no_id(
    finder: EntityFinder, text: str, licence_class: str, level: int
) -> None:
    (found,) = licences(finder, text)
    assert (found.id, found.licence_class, found.level) == ("", licence_class, level)


def test_a_licence_called_after_a_family_tells_the_family(finder: EntityFinder) -> None:
    (found,) = licences(finder, "It moved to the Kimi K3 License")
    assert (found.family, found.owner) == ("kimi-k3", "Moonshot AI")


@pytest.mark.parametrize(
    ("words", "actor", "artefact", "licence", "licence_class", "level"),
    [
        ("modified MIT", "Moonshot AI", None, "modified-mit-kimi-k2", "open_weights_permissive_custom", 5),
        ("modified MIT license", "Mistral AI", None, "mistral-modified-mit", "use_restricted", 5),
        (
            "modified MIT",
            "MiniMax",
            "MiniMax M2.5",
            "modified-mit-minimax-m2",
            "open_weights_permissive_custom",
            5,
        ),
        ("modified MIT", "MiniMax", "MiniMax M2.7", "minimax-m2.7-nc", "non_commercial", 4),
        ("modified MIT", None, "Mistral Medium 3.5", "mistral-modified-mit", "use_restricted", 5),
        ("modified MIT", None, "kimi-k25", "modified-mit-kimi-k2", "open_weights_permissive_custom", 5),
        ("modified MIT", None, None, "modified-mit", "use_restricted", 5),
        ("Llama Community License", "Meta", "Llama 3.1 405B", "llama-3.1-community", "use_restricted", 5),
        ("Llama license", "Meta", None, "llama-4-community", "use_restricted", 5),
        ("Apache 2.0-based", "TII", "Falcon 180B", "falcon-180b-license", "use_restricted", 5),
        ("BSL", None, None, "busl-1.1", "source_available", 5),
        ("BSL-1.0", None, None, "bsl-1.0", "osi_open_source", 6),
        ("MIT", None, None, "mit", "osi_open_source", 6),
        ("apache-2.0", None, None, "apache-2.0", "osi_open_source", 6),
        ("non-commercial licence", "Cohere", "Command A", "cohere-c4ai-nc", "non_commercial", 4),
        ("non-commercial licence", "Arnor Labs", "Gondor-7B", "", "non_commercial", 4),
    ],
)
def test_owner_and_artefact_decide_what_a_licence_means(
    finder: EntityFinder,
    words: str,
    actor: str | None,
    artefact: str | None,
    licence: str,
    licence_class: str,
    level: int,
) -> None:
    found = finder.resolve_licence(words, actor, artefact)
    assert found is not None
    assert (found.id, found.licence_class, found.level) == (licence, licence_class, level)


def test_words_that_name_no_licence_resolve_to_none(finder: EntityFinder) -> None:
    assert finder.resolve_licence("a handshake", "OpenAI", "gpt-oss-20b") is None


def test_every_licence_is_found_by_its_own_forms(finder: EntityFinder) -> None:
    unfound = [
        (licence.id, form)
        for licence in finder.licences.by_id.values()
        for form in licence.forms
        if [found.id for found in licences(finder, f"under the {form} license")] != [licence.id]
    ]
    assert unfound == []
