"""The same shift told in English, Korean and Chinese is one: same actor, family, kind, direction and stage."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.openness.subjects_east_asian import listed_in_latin
from extractors.openness.tagger import load_tagger
from extractors.records import Mention

PUBLISHED = date(2026, 6, 15)
TOLD_THREE_TIMES = (
    (
        "OpenAI releases the weights of gpt-oss-120b under Apache 2.0.",
        "오픈AI가 gpt-oss-120b의 가중치를 아파치 2.0으로 공개했다.",
        "OpenAI以Apache 2.0协议公开了gpt-oss-120b的权重。",
    ),
    (
        "Moonshot AI has released the weights of Kimi K3.",
        "문샷AI가 키미 K3의 가중치를 공개했다.",
        "月之暗面公布了Kimi K3的权重。",
    ),
    (
        "Alibaba will release the weights of Qwen3.8-Max next week.",
        "알리바바가 다음 주 큐원3.8-맥스의 가중치를 공개할 예정이다.",
        "阿里巴巴将于下周公布千问3.8-Max的权重。",
    ),
    (
        "Zhipu AI delayed the weights of GLM-5.3.",
        "즈푸AI가 GLM-5.3의 가중치 공개를 연기했다.",
        "智譜延後公布GLM-5.3的權重。",
    ),
    (
        "Microsoft pulled the weights of WizardLM-2 from Hugging Face.",
        "마이크로소프트가 허깅페이스에서 위저드LM-2의 가중치를 삭제했다.",
        "微软从Hugging Face撤下了WizardLM-2的权重。",
    ),
    (
        "Google has changed the license of Gemma 4 to Apache 2.0.",
        "구글이 젬마 4의 라이선스를 아파치 2.0으로 변경했다.",
        "谷歌把Gemma 4的许可证改为Apache 2.0。",
    ),
    ("xAI open-sourced Grok 2.5.", "xAI가 그록 2.5를 오픈소스로 공개했다.", "xAI开源了Grok 2.5。"),
    (
        "Anthropic cut off OpenAI's access to Claude.",
        "앤트로픽이 오픈AI의 클로드 접근을 차단했다.",
        "Anthropic切断了OpenAI对Claude的访问。",
    ),
    (
        "OpenAI open-sourced Codex CLI, a coding agent.",
        "오픈AI가 코딩 에이전트 코덱스 CLI를 오픈소스로 공개했다.",
        "OpenAI开源了编程智能体Codex CLI。",
    ),
    (
        "Baidu open-sourced ERNIE 4.5.",
        "바이두가 어니 4.5를 오픈소스로 공개했다.",
        "百度開源了文心大模型4.5。",
    ),
    (
        "NVIDIA released the weights of Nemotron 3 Super.",
        "엔비디아가 네모트론 3 슈퍼의 가중치를 공개했다.",
        "輝達公布了Nemotron 3 Super的權重。",
    ),
    (
        "xAI released the code of X's recommendation algorithm.",
        "xAI가 X 추천 알고리즘의 소스코드를 공개했다.",
        "xAI公开了X推荐算法的源代码。",
    ),
    (
        "Sam Altman said OpenAI needs a different open source strategy.",
        "올트먼은 오픈AI가 다른 오픈소스 전략을 찾아야 한다고 말했다.",
        "奥特曼承认OpenAI需要不同的开源策略。",
    ),
    (
        "The Chinese government is considering export controls on AI models.",
        "중국 정부가 AI 모델의 수출통제를 검토하고 있다.",
        "中国政府考虑对AI模型实施出口管制。",
    ),
)


def the_shift(text: str, language: str) -> Mention:
    tagging = load_tagger().tag(title="", text=text, published=PUBLISHED, language=language)
    found = [shift for shift in tagging.shifts if shift.current]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("told", TOLD_THREE_TIMES, ids=[told[0] for told in TOLD_THREE_TIMES])
def test_one_shift_is_one_in_every_language(told: tuple[str, str, str]) -> None:
    english, *others = (
        the_shift(text, language) for text, language in zip(told, ("en", "ko", "zh"), strict=True)
    )
    for other in others:
        assert (other.actor, other.family, other.kind, other.direction, other.stage, other.due) == (
            english.actor,
            english.family,
            english.kind,
            english.direction,
            english.stage,
            english.due,
        )


@pytest.mark.parametrize(
    ("written", "family", "name"),
    [
        ("키미 K2.6", "Kimi K2.5 / K2.6 / K2.7-Code", "Kimi K2.6"),
        ("큐원3.8-맥스", "Qwen3.8", "Qwen3.8-Max"),
        ("라마 4 베헤모스", "Llama 4 Behemoth", "Llama 4 Behemoth"),
        ("위저드LM-2", "WizardLM-2", "WizardLM-2"),
        ("K2 호라이즌", "K2 Horizon", "K2 Horizon"),
        ("베헤모스", "Llama 4 Behemoth", "Llama 4 Behemoth"),
        ("스테이블 디퓨전 3 미디엄", "Stable Diffusion (1.x, XL, 3, 3.5)", "Stable Diffusion 3 Medium"),
        ("뮤즈 스파크 1.2", "Muse Spark", "Muse Spark 1.2"),
        ("文心大模型4.5", "ERNIE 4.5", "ERNIE 4.5"),
        ("混元Hy3", "Hy3", "Hy3"),
        ("코덱스 CLI", "Codex CLI / Codex", "Codex CLI"),
        ("Kimi K3", "Kimi K3", "Kimi K3"),
    ],
)
def test_a_listed_artefact_is_shown_by_its_usual_name(written: str, family: str, name: str) -> None:
    assert listed_in_latin(written, family) == name
