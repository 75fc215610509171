"""Every family is found in the names under which it appears, and by its longest name only."""

from __future__ import annotations

import pytest

from extractors.openness.artefacts import Family, load_families
from extractors.openness.entities import EntityFinder, load_entities

EXAMPLES: list[tuple[str, list[str]]] = [
    ("OpenAI releases gpt-oss-120b and gpt-oss-20b under Apache 2.0", ["gpt-oss", "gpt-oss"]),
    ("Meta launches closed Muse Spark", ["muse-spark"]),
    ("Meta open-sources Muse Glimmer 30B", ["muse-glimmer"]),
    ("Llama 3.1 405B is out", ["llama-3"]),
    ("Llama 4 Maverick weights", ["llama-4"]),
    ("Google Gemma 4 31B switches to Apache 2.0", ["gemma-4"]),
    ("Gemma 3n for phones", ["gemma-1-3"]),
    ("the Gemma family", ["gemma"]),
    ("Gemini 3.8 Pro", ["gemini-3"]),
    ("Gemini 2.5 Pro", ["gemini"]),
    ("Gemini 4 Argon", ["gemini-4"]),
    ("Qwen3.8-2.4T-A95B weights posted", ["qwen-38"]),
    ("Qwen3.8-Max License", ["qwen-38"]),
    ("Qwen3-Coder-Next", ["qwen-3"]),
    ("Qwen3.6-Max-Preview", ["qwen-max"]),
    ("Qwen3.7-Max stays closed", ["qwen-37"]),
    ("Qwen3-Max", ["qwen-max"]),
    ("Qwen-Image-2.0 not open", ["qwen-image-2"]),
    ("Qwen-Image-Edit", ["qwen-image"]),
    ("Kimi K3 license", ["kimi-k3"]),
    ("Kimi K2 Thinking", ["kimi-k2"]),
    ("Kimi K2.5 and Kimi K2.7-Code", ["kimi-k25", "kimi-k25"]),
    ("GLM-5.2 under MIT", ["glm-5"]),
    ("GLM-5.3 License", ["glm-53"]),
    ("GLM-5-Turbo", ["glm-5-turbo"]),
    ("GLM-4.7-Flash", ["glm-4"]),
    ("MiniMax M2.7 non-commercial", ["minimax-m27"]),
    ("MiniMax-M2.5", ["minimax-m2"]),
    ("MiniMax M3 Community License", ["minimax-m3"]),
    ("DeepSeek V4 Flash", ["deepseek-v4"]),
    ("DeepSeek-V3.2-Exp", ["deepseek-v2-v3"]),
    ("DeepSeek-R1-0528", ["deepseek-r1"]),
    ("DeepSeek said", ["deepseek-brand"]),
    ("Mistral Small 4 (119B)", ["mistral-small-4"]),
    ("Mistral Medium 3.5", ["mistral-medium-35"]),
    ("Mistral Medium 3.1", ["mistral-medium"]),
    ("Mistral Large 3", ["mistral-large-3"]),
    ("Mistral Large 4 preview", ["mistral-large-4"]),
    ("Devstral Small 2", ["devstral"]),
    ("Command A+ goes Apache", ["command-a-plus"]),
    ("Command A Reasoning", ["command-a"]),
    ("Grok-1 open release", ["grok-1"]),
    ("Grok 2.5 weights", ["grok-2"]),
    ("Grok 3 open source promise", ["grok-3"]),
    ("Grok 4.20", ["grok-4"]),
    ("Grok Build is open source", ["grok-build"]),
    ("Nemotron 3 Ultra 550B", ["nemotron-3"]),
    ("Nemotron 3.5 Lightning", ["nemotron-35"]),
    ("Llama-Nemotron Ultra", ["nemotron-legacy"]),
    ("Inkling-Small from Thinking Machines", ["inkling"]),
    ("Ideogram 4.0 open weights", ["ideogram-4"]),
    ("Krea-2-Raw", ["krea-2"]),
    ("K-EXAONE 2.0 아파치", ["k-exaone-2"]),
    ("K-EXAONE 공개", ["k-exaone"]),
    ("EXAONE 4.0", ["exaone"]),
    ("SKT A.X K1", ["ax"]),
    ("Solar Open 100B", ["solar-open"]),
    ("K2 Think from MBZUAI", ["k2-think"]),
    ("OLMo 3 Think", ["olmo"]),
    ("Apertus 70B", ["apertus"]),
    ("GPT-5.6 Sol", ["gpt-5"]),
    ("GPT-6.1 Sol", ["gpt-6"]),
    ("Claude Opus 5.5", ["claude"]),
    ("Claude Code source", ["claude-code"]),
    ("FLUX.2 [klein] 9B", ["flux-2"]),
    ("FLUX 3", ["flux-3"]),
    ("Hy3 preview", ["hy3"]),
    ("HunyuanImage 3.0", ["hunyuan-media"]),
    ("Muse Spark 1.2 weights", ["muse-spark"]),
    ("통신 3사와 딥시크가", ["deepseek-brand"]),
    ("智谱GLM-5.1开源", ["glm-5"]),
    ("腾讯混元开源HunyuanVideo", ["hunyuan", "hunyuan-media"]),
    ("OpenClaw moves to a foundation", ["openclaw"]),
    ("SDXL Turbo", ["stable-diffusion"]),
    ("Stable Diffusion 3.5", ["stable-diffusion"]),
    ("Phi-4-mini", ["phi"]),
    ("Granite 4.1 8B", ["granite"]),
    ("MiMo-V2.5-Pro", ["mimo"]),
    ("LongCat-2.0", ["longcat"]),
    ("Ling-2.6-1T", ["ling-ring"]),
    ("Qwen3-Coder-Plus API", ["qwen-max"]),
    ("Qwen3Guard-Gen-8B", ["qwen-3"]),
    ("A.X K2 ALM weights coming", ["ax-alm"]),
    ("SKT A.X-K2", ["ax"]),
    ("A linguist said the ring is open", []),
    ("He used a distro of Linux", []),
    ("falcon 9 launch", []),
    ("the modified MIT license", []),
]


VERSIONS = {
    "veo": "Veo 3",
    "imagen": "Imagen 4",
    "seamless": "SeamlessM4T",
    "phi": "Phi-4-mini",
    "orca": "Orca 2",
    "granite": "Granite 4.1",
    "mpt": "MPT-30B",
    "trinity": "Trinity-Large-Thinking",
    "laguna": "Laguna XS.2",
    "marin": "Marin 32B",
    "qwen-2": "Qwen2.5-Coder",
    "hunyuan-llm": "Hunyuan-A13B",
    "ling-ring": "Ring-1T",
    "nanbeige": "Nanbeige 4",
    "ax": "A.X 4.0",
    "motif": "Motif 3",
    "rakuten-ai": "Rakuten AI 3.0",
    "falcon": "Falcon-H1R",
    "holo": "Holo2",
}
"""Names of families that are never called by their family's name alone."""


@pytest.fixture(scope="module")
def finder() -> EntityFinder:
    return load_entities()


@pytest.mark.parametrize(("text", "families"), EXAMPLES)
def test_a_name_finds_its_family(finder: EntityFinder, text: str, families: list[str]) -> None:
    assert [entity.family for entity in finder.find(text) if entity.family] == families


def test_every_family_is_found_under_a_name_of_its_own(finder: EntityFinder) -> None:
    """A pattern that nothing can match is a typing mistake."""
    unfound = [
        family.id
        for family in load_families().values()
        if not any(
            entity.family == family.id
            for name in (VERSIONS.get(family.id, family.name), *family.name.split(" / "), *_starts(family))
            for entity in finder.find(name, context="AI model")
        )
    ]
    assert unfound == []


def _starts(family: Family) -> list[str]:
    return [pattern.split("(")[0].replace("\\", "") for pattern in family.patterns]


def test_a_family_follows_only_families_of_its_own_line() -> None:
    families = load_families()
    for family in families.values():
        if family.after is not None:
            assert families[family.after].line == family.line, family.id


def test_every_family_with_a_licence_for_weights_has_a_level() -> None:
    families = load_families()
    assert [family.id for family in families.values() if family.licences and family.level is None] == []


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("Llama 4 Behemoth", 0),
        ("Claude Mythos", 1),
        ("Midjourney", 2),
        ("o3-mini", 3),
        ("Muse Spark", 3),
        ("Command A", 4),
        ("FLUX.2 [dev]", 4),
        ("Llama 4", 5),
        ("Gemma 3", 5),
        ("Kimi K3", 5),
        ("gpt-oss", 6),
        ("Gemma 4", 6),
        ("DeepSeek V4", 6),
        ("Nemotron 3", 7),
        ("Olmo 3", 8),
        ("Apertus", 8),
    ],
)
def test_the_examples_of_the_ladder_stand_on_their_rungs(finder: EntityFinder, name: str, level: int) -> None:
    (entity,) = finder.find(name, context="AI model")
    assert entity.level == level


@pytest.mark.parametrize(
    ("family", "before"),
    [
        ("gpt-oss", "gpt-2"),
        ("muse-spark", "llama-4"),
        ("command-a-plus", "command-a"),
        ("gemma-4", "gemma-1-3"),
        ("kimi-k3", "kimi-k25"),
        ("glm-53", "glm-5"),
        ("hy3", "hunyuan-llm"),
        ("k-exaone-2", "k-exaone"),
        ("mistral-large-4", "mistral-large-3"),
        ("qwen-image-2", "qwen-image"),
    ],
)
def test_the_predecessor_of_a_release_is_known(finder: EntityFinder, family: str, before: str) -> None:
    found = finder.predecessor(family)
    assert found is not None and found.id == before


@pytest.mark.parametrize(
    ("text", "name", "owner", "before"),
    [
        ("Meta will open Llama 5 next year", "Llama 5", "Meta", True),
        ("the weights of DeepSeek-V9 are out", "DeepSeek-V9", "DeepSeek", False),
        ("the model Kimi K9 is out", "Kimi K9", "Moonshot AI", True),
        ("a model called Mistral Large 8", "Mistral Large 8", "Mistral AI", True),
    ],
)
def test_a_version_nobody_has_listed_is_of_its_line_and_has_no_terms_yet(
    text: str, name: str, owner: str, before: bool
) -> None:
    finder = load_entities()
    (found,) = [entity for entity in finder.find(text) if entity.type == "artefact"]
    assert (found.text, found.owner, found.level, found.licences) == (name, owner, None, ())
    assert (finder.predecessor(found.family or "") is not None) == before


def test_a_number_behind_a_brand_that_counts_something_is_no_version() -> None:
    (found,) = [e for e in load_entities().find("the model Llama 5 times in a row") if e.type == "artefact"]
    assert found.text == "Llama"
