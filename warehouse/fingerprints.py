"""Recognising copies: near-duplicate and syndicated texts share most of their word trigrams.

A sketch keeps the smallest hashes of a text's trigrams (bottom-k, Broder 1997). Two sketches tell how
alike the texts are without the texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np

SKETCH_SIZE = 64
ALIKE = 0.5
"""Share of common hashes from which two texts are taken for copies: an agency report that an outlet has cut
or given a paragraph of its own stays above, two independent reports of one event stay far below."""

# Chinese, Japanese and Korean characters stand for a word each: these scripts leave no or few spaces.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|[^\W_]+")


def sketch(text: str) -> list[int]:
    """The smallest hashes of the text's trigrams, ascending; empty for a text of fewer than three words."""
    words = _WORD.findall(text.casefold())
    if len(words) < 3:
        return []
    hashes = np.fromiter(map(_word_hash, words), dtype=np.uint64, count=len(words))
    first, second, third = hashes[:-2], hashes[1:-1], hashes[2:]
    trigrams = np.unique(_scattered(_scattered(_scattered(first) + second) + third))
    return [int(each) for each in trigrams[:SKETCH_SIZE]]


@lru_cache(maxsize=100_000)
def _word_hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest())


def _scattered(values: np.typing.NDArray[np.uint64]) -> np.typing.NDArray[np.uint64]:
    """Each value as one that looks random: the finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def resemblance(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimated share of trigrams two texts have in common, 0 to 1; 0 when either is too short to tell."""
    if not one or not other:
        return 0.0
    smallest = set(sorted({*one, *other})[:SKETCH_SIZE])
    return len(smallest & set(one) & set(other)) / len(smallest)


def count_independent(reports: Iterable[tuple[str, Sequence[int] | None]]) -> int:
    """Outlets that report on their own: sources, where sources that carry copies of one text count once.

    Takes (source, sketch) of each article; a sketch of None or an empty one resembles nothing.
    Linear in the number of articles: only texts that share one of their eight smallest hashes are compared.
    """
    group: dict[str, str] = {}
    by_hash: dict[int, list[tuple[str, Sequence[int]]]] = {}

    def leader(source: str) -> str:
        while group[source] != source:
            source = group[source]
        return source

    for source, hashes in reports:
        group.setdefault(source, source)
        for key in (hashes or ())[:8]:
            neighbours = by_hash.setdefault(key, [])
            for other, other_hashes in neighbours:
                if leader(source) != leader(other) and resemblance(hashes or (), other_hashes) >= ALIKE:
                    group[leader(source)] = leader(other)
            if len(neighbours) < 8:
                neighbours.append((source, hashes or ()))
    return len({leader(source) for source in group})
