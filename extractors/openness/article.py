"""One article made ready for tagging: folded, split into sentences, with its entities found on demand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Literal

from extractors.openness.entities import Entity, EntityFinder
from extractors.openness.familiar import Familiar, familiar_names, with_familiar
from extractors.openness.folding import Folded, fold
from extractors.openness.languages import is_east_asian
from extractors.openness.masking import mask
from extractors.openness.name_words import words
from extractors.openness.names import has_small_names
from extractors.openness.sentences import split_sentences

Where = Literal["title", "text"]
Place = tuple[Where, int]
"""A sentence: where it stands, and its number there."""
Finding = Callable[[Where, int], list[Entity]]
ACTOR_TYPES = ("organisation", "person", "government")
LEAD_SENTENCES = 4
# Places where things are put: named after "on" or "via" they neither act nor own.
_HUBS = frozenset(("GitHub", "Hugging Face", "ModelScope", "Kaggle", "Amazon Bedrock", "Ollama"))
_PLACED = re.compile(
    r"(?:\b(?:on|via|from|to|through|at|off|into)"
    r"|(?:github|hugging face|modelscope|kaggle|bedrock|ollama),? (?:and|or))(?: the| its| the ai model platform| the "
    r"open[- ]source platform"
    r"| model hub| platform| the code[- ]sharing platform| the platform)? $"
    r"|(?:[在至到从自于向]|挂上|上传|放上|登陆|上架|现身|登上|亮相|入驻|登录"
    r"|上线) ?$"
)
_PLACED_AFTER = re.compile(
    r"(?:에|에서|서)(?![가-힣])|(?:를|을) 통해| ?(?:계정|저장소|페이지|플랫폼)| ?(?:上|平台|社区)"
)
# "Gondor-7B": a model by its number of parameters.
_SIZED = re.compile(r"[- ]\d{1,4}(?:\.\d)?[BM]\b")
_AI = re.compile(
    r"\b(?:a\.?i|llms?|chatbots?|agents?|agentic|language models?|machine learning|neural|deep learning"
    r"|gpt|models?|inference"
    r"|open[- ]weights?|(?:releas|publish|upload|post|open)\w* (?:the |its |their )?weights (?:of|for|to)"
    r"|generative|transformer|reasoning|robotics?|model weights|prompts?|coding assistant|superintelligence"
    r"|hugging face|data ?sets?|corpus|corpora|training (?:set|data|images?)|pre-?train\w+|red[- ]teaming"
    r"|(?:recommendation|ranking|feed) (?:algorithm|system)|checkpoints?|(?:trillion|billion) tokens"
    r"|(?:the|its|their|full|all) weights|weights (?:of|for|are|were|will|under|on|go|to)|\w+-(?:lm|llm|gpt))\b"
    r"|인공지능|모델|에이아이|에이전트|챗봇|(?<![a-z])ai(?![a-z])|가중치|오픈 ?웨이트|말뭉치|데이터 ?세트"
    r"|人工智能|模型|智能体|权重|数据集|语料"
)
# "What is Tern, and should you use it?", "How I ran a model at home", "Tern: everything you need to know"
_EXPLAINS = re.compile(
    r"^\W*(?:what (?:is|are|was)\b|how (?:to|i|we|do|does|can)\b|should (?:you|we|i)\b|can you\b"
    r"|why\b|here's (?:why|how)\b"
    r"|i (?:tried|tested|used|asked|replaced|ran|built|installed|let|spent|switched)\b|(?:the )?(?:\d+ )?best\b"
    r"|(?:\d+|five|seven|ten) (?:ways|things|tips|free|tools|apps)\b|hands[- ]on|review:|opinion:)"
    r"|everything (?:you need )?to know|\bexplained\W*$|\b(?:review|overview|guide)\W*$"
)


_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-ÞŒŠŽ][^\W_]*")


def _begins_name(word: str, text: str) -> bool:
    """Whether a capitalised word that stands in a text may begin a name: most only begin a sentence ("The")."""
    return (
        word.lower() not in words().breaks or f"{word}-" in text or f"{word}." in text or f"{word}+" in text
    )


class Sentence:
    """A sentence of title or text; its entities are looked up when somebody asks for them."""

    def __init__(self, where: Where, index: int, start: int, text: str, folded: str, find: Finding) -> None:
        self.where: Where = where
        self.index = index
        self.start = start
        """Offset in the (folded) title or text."""
        self.text = text
        self.folded = folded
        self._find = find

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        """Names at offsets within the sentence; hubs where something is put are left out."""
        return tuple(
            entity
            for entity in self._find(self.where, self.index)
            if entity.name not in _HUBS
            or (
                not _PLACED.search(self.folded, max(0, entity.start - 40), entity.start)
                and not _PLACED_AFTER.match(self.folded, entity.end)
            )
        )

    @cached_property
    def masked(self) -> str:
        """`folded` with every entity overwritten."""
        return mask(self.folded, self.entities)

    def actors(self) -> list[Entity]:
        """Organisations, persons and governments, in order."""
        return [entity for entity in self.entities if entity.type in ACTOR_TYPES]

    def artefacts(self) -> list[Entity]:
        """Models, tools, specifications and data sets, in order."""
        return [entity for entity in self.entities if entity.type == "artefact"]


class PreparedArticle:
    """Title and text, read only as far as somebody asks."""

    def __init__(self, title: str, text: str, published: date | None, finder: EntityFinder) -> None:
        self.published = published
        self._finder = finder
        self.folded: dict[Where, Folded] = {"title": fold(title), "text": fold(text)}
        self._spans: dict[Where, list[tuple[int, int]]] = {}
        self._sentences: dict[Place, Sentence] = {}
        self._told: dict[Place, list[Entity]] = {}
        self._familiar_at: dict[tuple[Place, ...], Familiar] = {}

    def spans(self, where: Where) -> list[tuple[int, int]]:
        """Start and end of every sentence, as offsets in the folded text."""
        if where not in self._spans:
            self._spans[where] = split_sentences(self.folded[where].text)
        return self._spans[where]

    def sentence(self, where: Where, index: int) -> Sentence:
        """One sentence by its place."""
        key = (where, index)
        if key not in self._sentences:
            start, end = self.spans(where)[index]
            folded = self.folded[where]
            self._sentences[key] = Sentence(
                where, index, start, folded.text[start:end], folded.folded[start:end], self._find
            )
        return self._sentences[key]

    def _find(self, where: Where, index: int) -> list[Entity]:
        start, end = self.spans(where)[index]
        text, told = self.folded[where].text[start:end], self._told_in(where, index)
        places = self._namesakes(text)
        return with_familiar(text, told, self._familiar(places)) if places else told

    def _namesakes(self, text: str) -> tuple[Place, ...]:
        """Where title and lead may tell a name that a sentence holds: seen by capitals, before names are looked up."""
        if self._head_has_small_names or is_east_asian(text):
            return tuple(self._head_capitals)
        words = [word for word in _CAPITAL.findall(text) if _begins_name(word, text)]
        return tuple([place for place, told in self._head_capitals.items() if not told.isdisjoint(words)])

    @cached_property
    def _head_capitals(self) -> dict[Place, frozenset[str]]:
        """The words with a capital in each sentence of title and lead, from the capital on."""
        return {place: frozenset(_CAPITAL.findall(self._text(*place))) for place in self._head_places}

    @cached_property
    def _head_has_small_names(self) -> bool:
        """Whether title or lead may name something without a capital."""
        lead = self.spans("text")[:LEAD_SENTENCES]
        head = self.folded["title"].text, self.folded["text"].text[: lead[-1][1] if lead else 0]
        return any(has_small_names(text) or is_east_asian(text) for text in head)

    def _text(self, where: Where, index: int) -> str:
        return self.folded[where].text[slice(*self.spans(where)[index])]

    def _told_in(self, where: Where, index: int) -> list[Entity]:
        """The names of a sentence that it tells by itself."""
        key = (where, index)
        if key not in self._told:
            start, end = self.spans(where)[index]
            text, folded = (
                whole[start:end] for whole in (self.folded[where].text, self.folded[where].folded)
            )
            self._told[key] = self._finder.find_folded(Folded(text, text, folded, None), self.published)
        return self._told[key]

    def _familiar(self, places: tuple[Place, ...]) -> Familiar:
        """The names that some sentences of title and lead tell."""
        if places not in self._familiar_at:
            told = [entity for place in places for entity in self._told_in(*place)]
            self._familiar_at[places] = familiar_names(told, self.folded["text"].text)
        return self._familiar_at[places]

    @cached_property
    def _head_places(self) -> list[Place]:
        titles: list[Place] = [("title", i) for i in range(min(2, len(self.spans("title"))))]
        leads: list[Place] = [("text", i) for i in range(min(LEAD_SENTENCES, len(self.spans("text"))))]
        return titles + leads

    def before(self, where: Where, index: int, count: int) -> list[Sentence]:
        """The `count` sentences before one, nearest first; in the text the title comes last."""
        if where == "title":
            return []
        found = [
            self.sentence("text", earlier) for earlier in range(index - 1, max(-1, index - 1 - count), -1)
        ]
        return [*found, *self.titles]

    @cached_property
    def titles(self) -> list[Sentence]:
        """The title, as sentences (none when there is no title)."""
        return [self.sentence(*place) for place in self._head_places if place[0] == "title"]

    @cached_property
    def head(self) -> list[Sentence]:
        """Title and the first sentences of the text: what the article is about."""
        return [self.sentence(*place) for place in self._head_places]

    @cached_property
    def topic_owners(self) -> frozenset[str]:
        """Organisations that title and lead name, themselves or by their people and artefacts."""
        return frozenset(
            name
            for sentence in self.head
            for entity in sentence.entities
            for name in (entity.owner, entity.name if entity.type in ("organisation", "government") else None)
            if name
        )

    @cached_property
    def topic_artefacts(self) -> tuple[Entity, ...]:
        """Artefacts that title and lead name, the title's first."""
        return tuple(entity for sentence in self.head for entity in sentence.artefacts())

    @cached_property
    def explains(self) -> bool:
        """Whether the title promises a test, advice or an explanation rather than news."""
        return any(_EXPLAINS.search(sentence.folded) for sentence in self.titles[:1])

    @cached_property
    def head_speaks_of_ai(self) -> bool:
        """Whether title or lead speak of AI in so many words."""
        return any(speaks_of_ai(sentence) for sentence in self.head)


def speaks_of_ai(sentence: Sentence) -> bool:
    """Whether a sentence names AI or a known AI artefact."""
    if _AI.search(sentence.folded):
        return True
    return any(
        _SIZED.search(entity.text) is not None
        or (entity.known and (entity.type == "artefact" or bool(entity.family)))
        for entity in sentence.entities
    )
