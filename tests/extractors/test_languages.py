"""Which language a text is in."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.languages import UNKNOWN, language_code, language_of

ENGLISH = (
    "The laboratory put the weights of its newest model on the web, and anybody may use them for any purpose."
)
GERMAN = (
    "Das Labor hat die Gewichte seines neuesten Modells ins Netz gestellt, und jeder darf sie frei verwenden."
)
FRENCH = "Le laboratoire a mis en ligne les poids de son dernier modèle, que chacun peut désormais utiliser."
RUSSIAN = "Лаборатория выложила в сеть веса своей новейшей модели, и каждый может свободно их использовать."
KOREAN = "연구소는 최신 모델 Halden-2 Large의 가중치를 Apache 2.0 라이선스로 공개했다고 밝혔다."
CHINESE = "实验室以Apache 2.0许可证发布了最新模型Halden-2 Large的权重。"
JAPANESE = "研究所は最新モデルHalden-2 Largeの重みをApache 2.0ライセンスで公開した。"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        (FRENCH, "fr"),
        (RUSSIAN, "ru"),
        (KOREAN, "ko"),
        (CHINESE, "zh"),
        (JAPANESE, "ja"),
    ],
)
@pytest.mark.parametrize("declared", [None, "en", "ko", "en-US"])
def test_a_text_tells_its_language_whatever_is_declared(
    text: str, language: str, declared: str | None
) -> None:
    assert language_of(text, declared=declared) == language


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("Halden-2 released", "de", "de"),
        ("Halden-2 released", None, UNKNOWN),
        ("", "ko", "ko"),
        ("", None, UNKNOWN),
        ("2026: 1,000 + 24 %", "fr-CA", "fr"),
        ("1234", "nonsense", UNKNOWN),
        ("새벽별 공개", None, "ko"),
        ("Halden-2 released", "zh", UNKNOWN),
    ],
)
def test_a_text_too_short_to_tell_is_in_the_language_declared(
    text: str, declared: str | None, language: str
) -> None:
    assert language_of(text, declared=declared) == language


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", "en"),
        ("en-US", "en"),
        ("ZH_cn", "zh"),
        (" ko ", "ko"),
        ("eng", None),
        ("x-klingon", None),
        ("", None),
        (None, None),
    ],
)
def test_a_language_code_is_its_first_two_letters(code: str | None, language: str | None) -> None:
    assert language_code(code) == language


def test_the_model_is_loaded_only_for_a_text_that_needs_it() -> None:
    code = (
        "import sys\nfrom extractors.languages import language_of\n"
        f"language_of({KOREAN!r}), language_of('short', declared='en')\n"
        f"language_of({ENGLISH!r}, declared='en')\n"
        "print('py3langid' in sys.modules)\n"
        f"language_of({ENGLISH!r})\nprint('py3langid' in sys.modules)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert shown.stdout.split() == ["False", "True"]


@given(st.text(), st.none() | st.text(max_size=6))
def test_every_text_has_a_language_or_none(text: str, declared: str | None) -> None:
    found = language_of(text, declared=declared)
    assert found == UNKNOWN or (len(found) == 2 and found.islower())
