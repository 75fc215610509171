"""Korean and Chinese: particles, word order, mood behind the verb, names without capitals."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from extractors.openness.names_east_asian import infer_east_asian_names
from extractors.openness.patterns import ARTEFACT
from extractors.openness.subjects_east_asian import east_asian_subject
from extractors.openness.tagger import load_tagger
from extractors.records import Mention

LABELLED = Path(__file__).parents[2] / "labelled"
QUIET = Path(__file__).parents[2] / "quiet"
DAY = date(2026, 6, 15)


def shifts(text: str, language: str, *, actor: str | None = None, published: date = DAY) -> list[Mention]:
    tagging = load_tagger().tag(title="", text=text, published=published, language=language, actor=actor)
    return [shift for shift in tagging.shifts if shift.current]


def the_shift(text: str, language: str, **named: Any) -> Mention:
    found = shifts(text, language, **named)
    assert len(found) == 1, found
    return found[0]


def test_whoever_carries_the_possessive_particle_is_not_the_actor() -> None:
    found = the_shift("앤트로픽은 오픈AI의 클로드 접근을 차단했다.", "ko")
    assert (found.actor, found.kind, found.direction) == ("Anthropic", "access", "closing")


def test_a_hub_with_a_locative_particle_is_a_place() -> None:
    found = the_shift("미스트랄은 미스트랄 라지 3 모델의 가중치를 허깅페이스에 올렸다.", "ko")
    assert found.actor == "Mistral AI"


def test_a_hub_behind_a_chinese_preposition_is_a_place() -> None:
    found = the_shift("智谱把GLM-5的权重传到Hugging Face。", "zh")
    assert found.actor == "Zhipu AI"


def test_the_chinese_object_marker_is_no_future() -> None:
    assert the_shift("微软将Phi-4的权重上传至Hugging Face。", "zh").stage == "done"


def test_the_chinese_future_before_the_verb_is_a_promise() -> None:
    assert the_shift("xAI表示，下周将开源Grok 3模型。", "zh").stage == "announced"


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("딥시크가 딥시크 V4 모델의 가중치를 공개했다.", "done"),
        ("딥시크가 딥시크 V4 모델의 가중치를 공개할 예정이다.", "announced"),
        ("딥시크가 딥시크 V4 모델의 가중치 공개를 검토하고 있다.", "signalled"),
        ("딥시크가 딥시크 V4 모델의 가중치를 공개한 것으로 알려졌다.", "rumoured"),
        ("딥시크가 딥시크 V4 모델의 가중치 공개를 연기했다.", "delayed"),
    ],
)
def test_the_mood_of_a_korean_verb_follows_it(text: str, stage: str) -> None:
    assert the_shift(text, "ko").stage == stage


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("深度求索公布了DeepSeek V4模型的权重。", "done"),
        ("深度求索计划下月公布DeepSeek V4模型的权重。", "announced"),
        ("深度求索正在考虑公布DeepSeek V4模型的权重。", "signalled"),
        ("知情人士称，深度求索公布了DeepSeek V4模型的权重。", "rumoured"),
        ("深度求索推迟公布DeepSeek V4模型的权重。", "delayed"),
    ],
)
def test_the_mood_of_a_chinese_verb_stands_before_it(text: str, stage: str) -> None:
    assert the_shift(text, "zh").stage == stage


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("딥시크는 딥시크 V4 모델의 가중치를 아직 공개하지 않았다.", "ko"),
        ("딥시크는 모델을 오픈소스로 공개해야 한다.", "ko"),
        ("深度求索尚未公布DeepSeek V4模型的权重。", "zh"),
        ("深度求索应该开源DeepSeek V4模型。", "zh"),
        ("一款开源模型搅动了市场，DeepSeek成为焦点。", "zh"),
    ],
)
def test_what_has_not_happened_is_no_shift(text: str, language: str) -> None:
    assert shifts(text, language) == []


def test_a_refusal_closes() -> None:
    found = the_shift("메타는 멀티모달 모델을 공개하지 않겠다고 밝혔다.", "ko")
    assert (found.direction, found.stage) == ("closing", "announced")


def test_a_date_of_the_act_outweighs_the_age_of_its_object() -> None:
    found = the_shift("xAI는 전날 지난해 주력 모델이던 그록 2.5의 가중치를 공개했다.", "ko")
    assert found.stage == "done"


def test_licences_are_read_from_and_to() -> None:
    found = the_shift("별밭AI는 음성 모델의 라이선스를 CC BY-NC 4.0에서 아파치 2.0으로 변경했다.", "ko")
    assert (found.licence_from, found.licence_to) == ("CC-BY-NC-4.0", "Apache-2.0")
    assert found.direction == "opening"


def test_we_are_the_organisation_whose_page_it_is() -> None:
    assert (
        the_shift("오늘 저희는 모델의 가중치를 공개합니다.", "ko", actor="달무리랩스").actor == "달무리랩스"
    )
    assert the_shift("我们今天公布了模型的权重。", "zh", actor="栖霞智能").actor == "栖霞智能"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("대전의 스타트업 달무리랩스가 온새미-8B 모델을 공개했다.", ["달무리랩스", "온새미-8B"]),
        ('海潮实验室公开了方言识别模型"听涛-2"的权重。', ["海潮实验室", "听涛-2"]),
        ("생성형AI 시장이 커지고 있다.", []),
        ("人工智能研究所很多。", []),
    ],
)
def test_names_nobody_has_listed_are_told_by_their_ends(text: str, names: list[str]) -> None:
    assert [name.name for name in infer_east_asian_names(text, [])] == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("白鹭科技今日宣布，旗舰模型下周开源。", "白鹭科技"),
        ("蓝湾昨日公布了模型的权重。", "蓝湾"),
        ("公司内部曾倾向于只提供接口服务。", None),
        ("新助手基于公司自研的闭源大模型。", None),
        ("公告称，将公开模型的权重。", None),
        ("分析师表示，模型会开源。", None),
        ("한편, 모델이 공개됐다.", None),
        ("돌고래소프트는 모델을 공개했다.", "돌고래소프트"),
    ],
)
def test_a_subject_nobody_has_listed_is_a_name_and_not_any_words(text: str, name: str | None) -> None:
    assert east_asian_subject(text, text) == name


def test_whoever_stands_right_before_a_model_owns_it() -> None:
    assert east_asian_subject(f"蓝湾{ARTEFACT * 6}被撤下。", "蓝湾Heron6被撤下。") == "蓝湾"


@pytest.mark.parametrize("text", ["传DeepSeek V5模型将开源", "曝DeepSeek V5模型下周开源"])
def test_one_character_of_hearsay_makes_a_rumour(text: str) -> None:
    assert the_shift(text, "zh").stage == "rumoured"


def test_a_word_that_begins_like_hearsay_is_none() -> None:
    assert the_shift("传统巨头微软开源了Phi-4模型。", "zh").stage == "done"


@pytest.mark.parametrize(
    ("traditional", "actor", "family"),
    [
        ("輝達釋出Nemotron 3 Super的權重，採用開放授權。", "NVIDIA", "nemotron-3"),
        ("月之暗面公布了Kimi K3的權重。", "Moonshot AI", "kimi-k3"),
        ("騰訊開源Hy4模型。", "Tencent", "hy4"),
    ],
)
def test_traditional_characters_are_read_as_simplified_ones(
    traditional: str, actor: str, family: str
) -> None:
    found = the_shift(traditional, "zh")
    assert (found.actor, found.family, found.direction) == (actor, family, "opening")
    assert found.evidence == traditional


@pytest.mark.parametrize(
    "text",
    ["모델의 가중치는 비공개다.", "모델 가중치가 미공개 상태다.", "챗GPT를 무제한으로 쓸 수 있다."],
)
def test_a_syllable_that_makes_a_word_its_opposite_shuts_it_out(text: str) -> None:
    assert [shift for shift in shifts(text, "ko") if shift.direction == "opening"] == []
    assert [shift for shift in shifts(text, "ko") if shift.kind == "access"] == []


@pytest.mark.parametrize("language", ["ko", "zh"])
def test_nothing_fires_on_the_quiet_corpus(language: str) -> None:
    text = (QUIET / f"{language}.txt").read_text(encoding="utf-8")
    fired = {part: found for part in text.split("\n\n") if (found := shifts(part.strip(), language))}
    assert not fired


@pytest.mark.parametrize("language", ["ko", "zh"])
def test_the_labelled_passages_are_flagged_when_they_hold_a_shift_and_not_otherwise(language: str) -> None:
    outcome: Counter[str] = Counter()
    wrong: list[str] = []
    for path in sorted(set(LABELLED.glob(f"{language}-*.yaml")) - set(LABELLED.glob("*-held.yaml"))):
        for row in yaml.safe_load(path.read_text(encoding="utf-8")):
            tagging = load_tagger().tag(
                title=row["title"],
                text=row["text"],
                published=row["published"],
                language=language,
                actor=row.get("actor"),
            )
            flagged = any(shift.current for shift in tagging.shifts)
            outcome[f"{row['label'] == 'shift'} {flagged}"] += 1
            if flagged != (row["label"] == "shift"):
                wrong.append(row["id"])
    precision = outcome["True True"] / (outcome["True True"] + outcome["False True"])
    recall = outcome["True True"] / (outcome["True True"] + outcome["True False"])
    assert precision >= 0.97, wrong
    assert recall >= 0.93, wrong


def test_one_licence_fills_no_two_places_of_a_rule() -> None:
    """A change from MIT to something narrower names one licence; it opens nothing."""
    found = shifts("한울AI는 모델을 MIT 라이선스에서 상업용 제한으로 변경했다.", "ko")
    assert "opening" not in {shift.direction for shift in found}


def test_whether_to_open_is_no_wish_of_those_who_decide_it() -> None:
    assert the_shift("墨子科技表示，公司正在研究是否公开模型权重。", "zh").stage == "signalled"


def test_hearsay_at_the_head_of_a_chinese_headline_is_no_part_of_the_name() -> None:
    found = the_shift("传墨子智能将开源旗舰模型", "zh")
    assert (found.actor, found.stage) == ("墨子智能", "rumoured")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("한울AI는 사내에서 쓰던 코딩 에이전트 '다듬이'를 MIT 라이선스로 오픈소스화했다.", "ko"),
        ("墨子科技把编程智能体Cairn以MIT协议在GitHub上公开。", "zh"),
    ],
)
def test_an_agent_is_code_in_every_language(text: str, language: str) -> None:
    assert the_shift(text, language).kind == "code"
