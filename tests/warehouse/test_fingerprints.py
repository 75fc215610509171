"""Recognising copies of a text."""

from __future__ import annotations

from warehouse.fingerprints import ALIKE, SKETCH_SIZE, count_independent, resemblance, sketch

AGENCY = " ".join(
    f"On {day} Corvane said that part {number} of the Lumen weights would be put on its servers for all."
    for number, day in enumerate(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"])
)
OWN = " ".join(
    f"Researcher {number} told us over coffee why she waited {number * 3} months for a model at home."
    for number in range(6)
)
KOREAN = (
    "코르반은 월요일에 루멘 모델의 가중치를 공개했다고 밝혔다. "
    "누구나 내려받아 연구에 쓸 수 있다고 회사는 덧붙였다."
)


def test_a_cut_agency_text_is_a_copy() -> None:
    assert resemblance(sketch(AGENCY), sketch(AGENCY[: len(AGENCY) * 3 // 4])) >= ALIKE


def test_an_agency_text_with_a_paragraph_added_is_a_copy() -> None:
    added = (
        AGENCY
        + " The Halden Post has asked two of its readers what they make of it, and neither had an opinion."
    )
    assert resemblance(sketch(AGENCY), sketch(added)) >= ALIKE


def test_two_reports_of_their_own_are_no_copies() -> None:
    assert resemblance(sketch(AGENCY), sketch(OWN)) < 0.1


def test_korean_copies_are_recognised() -> None:
    assert resemblance(sketch(KOREAN), sketch(KOREAN + " 가격은 알려지지 않았다.")) >= ALIKE


def test_a_sketch_is_bounded_and_the_same_each_time() -> None:
    long_text = " ".join(str(number) for number in range(5000))
    assert len(sketch(long_text)) == SKETCH_SIZE
    assert sketch(long_text) == sketch(long_text)


def test_a_text_too_short_to_tell_resembles_nothing() -> None:
    assert sketch("Lumen opens") == []
    assert resemblance([], []) == 0.0


def test_copies_of_one_text_are_one_outlet() -> None:
    copies = [
        ("wire-nine", sketch(AGENCY)),
        ("halden-post", sketch(AGENCY + " More soon.")),
        ("own", sketch(OWN)),
    ]
    assert count_independent(copies) == 2


def test_two_articles_of_one_source_are_one_outlet() -> None:
    assert count_independent([("halden-post", sketch(AGENCY)), ("halden-post", sketch(OWN))]) == 1


def test_texts_without_a_sketch_are_outlets_of_their_own() -> None:
    assert count_independent([("halden-post", None), ("wire-nine", None)]) == 2
