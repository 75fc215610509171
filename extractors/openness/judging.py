"""From words that match to a reading: mood, time, actor, artefact, licence, level, and why not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from extractors.openness.article import PreparedArticle, Sentence, speaks_of_ai
from extractors.openness.currency import Currency, read_currency
from extractors.openness.dates import NamedDate, find_dates
from extractors.openness.entities import Entity, EntityFinder
from extractors.openness.levels import opened_level
from extractors.openness.licences import ResolvedLicence
from extractors.openness.matching import Candidate, Suspect
from extractors.openness.modality import Modality, ModalityReader
from extractors.openness.patterns import PERSON
from extractors.openness.reading import Reading
from extractors.openness.resolution import Resolved, organisation_of, resolve
from extractors.openness.rulebook import Rule
from extractors.openness.vocabulary import Vocabulary, plain

_STAGES = {"done": "done", "plan": "announced", "consider": "signalled", "habit": "done", "wish": "signalled"}
_GENERAL_KINDS = ("strategy", "policy")
_NOUN_BEFORE = re.compile(
    r"(?:\b(?:the|a|an|its|his|her|their|our|this|that|these|those|of|latest|next|first|upcoming|planned"
    r"|initial|official"
    r"|public|model|source|major|product|every|each|recent|previous|new|wider|broader|full|open"
    r"|no|any|another|past|earlier|prior|future|several|many|some|few|most|all|such|other|frequent|regular"
    r"|press|software|hardware|two|three|four|five|more|fewer|higher|better)|'s|s') $"
)
# "the recently introduced model" only describes.
_PARTICIPLE = re.compile(
    r"\b(?:the|its|their|his|a|an|'s) (?:recently|previously|already|earlier|once) $"
    r"|\b(?:number|amount|most|share) of $"
)
# "Meta's open-sourced model": the word only describes.
_OWNED = re.compile(r"(?:\b(?:the|its|their|his|her|our|a|an|this|that|new|first|recently)|'s|s') $")
# After these a form in -s is a verb ("the model breaks with"), but for what one says of models ("model releases").
_NO_PLURAL_AFTER = re.compile(r"\b(?:a|an|this|that|every|each|another|model|source|product) $")
_NOUNS_BESIDE_MODEL = frozenset(
    ("releases", "launches", "updates", "drops", "changes", "downloads", "uploads")
)
_NOUNS_BESIDE_WEIGHTS = frozenset(("release", "releases", "launch", "download", "downloads", "upload"))
_NEVER_NOUNS = frozenset(
    f"{verb}{ending}"
    for verb in ("come", "become", "arrive", "bring", "keep", "make")
    for ending in ("", "s")
) | {"go", "goes", "carry", "carries"}
_VERB_BEFORE = re.compile(
    r"(?:\b(?:to|will|would|could|may|might|shall|can|should|must|not|n't|won't|we|they|i|you|did|do|does"
    r"|fully|also|then|let's)"
    r"|'ll|'d)(?: (?:also|soon|then|not|now|never|further|\w+ly))? $"
)
# "limited to open source developers": "to" is a preposition here.
_ADJECTIVE_AFTER_TO = re.compile(
    r"\b(?:limit\w*|restrict\w*|committed|commitment|access|alternatives?|compared|relative|shift\w*"
    r"|switch\w*|return\w*|pivot\w*|mov\w+|dedicated|due|thanks"
    r"|similar|opposed|contribut\w*|approach|turn\w*|comes|transition\w*|related|devoted|key|leaning|back"
    r"|contrast|addition|prior|according"
    r"|belong\w*|dedication|support|response|threat|tied|next|closer?|add\w*|adapt\w*|appl\w+|moved"
    r"|look\w* up|stick\w*|loyal) to $"
)
_FROM = re.compile(
    r"\b(?:from|off|replac\w+|instead of|previous\w*|formerly|old|rather than|away from|drop\w*|abandon\w*"
    r"|used to be)\W(?:(?!\bto\b)[^.;]){0,30}$|(?:从|由|取代|而非|不是|不再是|没有沿用)[^，。]{0,12}$"
)
_FROM_AFTER = re.compile(
    r"(?: ?라이선스)?(?:에서|(?:이|가)? ?아니라| 대신|[를을]? (?:대체|버리|버린|포기|접고|접는|접기|쓰지 않))"
)
_KIND_OF_ARTEFACT = {"model": "weights", "tool": "code", "spec": "code", "dataset": "data"}


class Judge:
    """Judges the sentences of one language."""

    def __init__(self, vocabulary: Vocabulary, finder: EntityFinder) -> None:
        self._language = vocabulary.language
        self._modality = ModalityReader(vocabulary)
        self._finder = finder
        self._adjectival = {
            plain(w) for group in vocabulary.groups.values() if group.adjectival for w in group.words
        }
        self._adjectival |= {word.replace(" ", "") for word in self._adjectival}
        self._forms = {
            plain(word): form for group in vocabulary.groups.values() for word, form in group.forms.items()
        }
        territory = vocabulary.groups.get("territory")
        self._territory = (
            re.compile(rf"\b(?:{'|'.join(map(re.escape, territory.words))})\b")
            if territory and vocabulary.bounded
            else None
        )

    def judge(
        self,
        article: PreparedArticle,
        sentence: Sentence,
        suspect: Suspect,
        source_actor: str | None,
        reaching: Iterable[Reading] = (),
    ) -> list[Reading]:
        """Every reading of one sentence; null rules first set aside the kinds of shift they overrule.

        `reaching`: null readings of the title that overrule in the whole article.
        """
        matched = [
            reading
            for candidate in suspect.shifts
            if not self._only_nouns(candidate, sentence)
            and (reading := self._matched(candidate, sentence, masked=True))
        ]
        nulls = [
            reading
            for candidate in (suspect.nulls if matched or suspect.wide else ())
            if (reading := self._matched(candidate, sentence, masked=bool(matched)))
        ]
        overruled = {kind: reading for reading in (*reaching, *nulls) for kind in reading.rule.overrules}
        readings = nulls
        for reading in matched:
            by = overruled.get(reading.rule.kind)
            if by is not None:
                why = f"overruled by {by.rule.id}: {by.rule.title}"
                readings.append(replace(reading, null=by.rule.null_id, why=why))
            else:
                readings.append(self._shift(article, sentence, reading, source_actor))
        return readings

    def _matched(self, candidate: Candidate, sentence: Sentence, *, masked: bool) -> Reading | None:
        """The pattern's match; without `masked` a pattern that asks for no names is tried on the bare words."""
        rule, pattern = candidate.rule, candidate.pattern
        words = sentence.masked if masked or pattern.has_slots else sentence.folded
        found = candidate.search(words)
        while found is not None:
            deciding = found.span("head") if "head" in found.re.groupindex else (-1, -1)
            if deciding[0] < 0 or not self._is_noun(words, *deciding):
                break
            found = candidate.search(words, deciding[1])
        if found is None or any(unless.regex.search(words) for unless in candidate.unless):
            return None
        return Reading(
            rule=rule,
            pattern=pattern,
            sentence=sentence,
            span=found.span(),
            head=deciding if deciding[0] >= 0 else found.span(),
            null=rule.null_id if rule.is_null else None,
            why=rule.title if rule.is_null else "",
        )

    def _only_nouns(self, candidate: Candidate, sentence: Sentence) -> bool:
        """Whether the deciding verb is a noun wherever the pattern matches loosely: told before names are looked up."""
        found = candidate.search_loosely(sentence.folded)
        if found is None or "head" not in found.re.groupindex:
            return False
        while found is not None:
            if not self._is_noun(sentence.folded, *found.span("head")):
                return False
            found = candidate.search_loosely(sentence.folded, found.end("head"))
        return True

    def _is_noun(self, masked: str, start: int, end: int) -> bool:
        """Whether a verb's form stands where only a noun can ("the release of")."""
        if self._language != "en":
            return False
        word = plain(masked[start:end])
        if word in self._adjectival and self._forms.get(word, "base") == "base":
            if _ADJECTIVE_AFTER_TO.search(masked, max(0, start - 30), start):
                return True
            return _VERB_BEFORE.search(masked, max(0, start - 24), start) is None
        if word in ("open-sourced", "open sourced") and _OWNED.search(masked, max(0, start - 12), start):
            return True
        if self._forms.get(word) == "past" and _PARTICIPLE.search(masked, max(0, start - 24), start):
            return True
        if self._forms.get(word) not in ("base", "s", "any") or word in _NEVER_NOUNS:
            return False
        if masked.endswith(("weight ", "weights "), 0, start):
            return word in _NOUNS_BESIDE_WEIGHTS
        if self._forms[word] == "s" and _NO_PLURAL_AFTER.search(masked, max(0, start - 14), start):
            return word in _NOUNS_BESIDE_MODEL and masked.endswith(
                ("model ", "source ", "product "), 0, start
            )
        return _NOUN_BEFORE.search(masked, max(0, start - 14), start) is not None

    def _shift(
        self,
        article: PreparedArticle,
        sentence: Sentence,
        reading: Reading,
        source_actor: str | None,
    ) -> Reading:
        rule, title = reading.rule, sentence.where == "title"
        modality = self._modality.read(sentence.masked, *reading.head)
        reading = replace(reading, modality=modality)
        not_so = _not_so(rule, modality, sentence, reading.pattern.negative)
        if not_so:
            return replace(reading, null=not_so[0], why=not_so[1])
        if rule.kind != "policy" and not (
            self._of_known(article, sentence, rule) or speaks_of_ai(sentence) or article.head_speaks_of_ai
        ):
            return replace(reading, null="not-ai", why="nothing here speaks of AI")
        resolved = resolve(
            article,
            sentence,
            reading.span,
            reading.head,
            general=rule.kind in _GENERAL_KINDS,
            governmental=rule.kind == "policy",
            source_actor=source_actor,
        )
        reading = replace(reading, resolved=resolved)
        if not resolved.actors:
            return replace(reading, null="no-actor", why="no actor in the sentence or before it")
        if (
            rule.kind == "licence"
            and source_actor not in resolved.actors
            and not self._of_an_ai_maker(article, sentence, resolved)
        ):
            return replace(reading, null="not-ai", why="whose licence it is does not stand beside AI")
        if "artefact" in rule.needs and not resolved.artefacts:
            return replace(reading, null="no-artefact", why="no artefact named in the sentence or before it")
        if rule.kind == "access" and (
            _all_governments(sentence, resolved)
            or (_USING.search(sentence.folded) and _of_somebody_else(sentence, resolved))
        ):
            return replace(reading, null="not-the-owner", why="access is given and taken by the owner only")
        if (
            rule.kind in ("weights", "code")
            and rule.direction == "closing"
            and _HUBS.issuperset(resolved.actors)
        ):
            return replace(reading, null="not-the-owner", why="a hub removes what others put there")
        topical = self._topical(article, resolved)
        if "predecessor" in rule.needs and not self._was_open(article, sentence, resolved):
            return replace(reading, null="never-open", why="the line never was open, so nothing closes")
        if "open-family" in rule.needs and not (
            _of_open_family(article, resolved)
            or (rule.direction == "closing" and _held_openly(article, resolved))
        ):
            return replace(
                reading,
                null="ordinary-launch",
                why="not known as open, or the article does not speak of openness",
            )
        if "launch" in rule.needs and not self._launched(article, sentence, resolved, rule):
            return replace(reading, null="state", why="a state, and no launch in title or lead")
        dates = find_dates(sentence.folded, article.published, self._language) if article.published else []
        currency = read_currency(
            sentence.masked,
            reading.head,
            title=title,
            offset=sentence.start,
            topical=topical,
            modality=modality,
            superseded=any(self._is_superseded(artefact) for artefact in resolved.artefacts),
            stands_alone=rule.direction == "closing" or rule.stage is not None,
            dates=dates,
            published=article.published,
        )
        if (
            currency.current
            and not currency.dated
            and rule.direction == "opening"
            and modality.mood == "done"
            and self._tense(sentence, reading) == "past"
            and _of_earlier_line(article, sentence, resolved)
        ):
            currency = Currency(False, "told of an earlier line of the same owner", False)
        if (
            article.explains
            and currency.current
            and not currency.dated
            and modality.mood == "done"
            and rule.stage is None
            and not _AS_OF_NOW.search(sentence.folded)
        ):
            currency = Currency(False, "undated, in an explanation or a test", False)
        return self._completed(
            article, sentence, replace(reading, currency=currency), resolved, modality, dates
        )

    def _of_known(self, article: PreparedArticle, sentence: Sentence, rule: Rule) -> bool:
        """Whether somebody known for AI is named, which is enough but for code and licences: they are of anything."""
        if rule.kind in ("code", "licence"):
            return False
        return any(
            entity.known
            and entity.type != "government"
            and (rule.kind == "strategy" or organisation_of(entity) in self._finder.makers)
            for near in (sentence, *article.head)
            for entity in near.actors()
        )

    def _of_an_ai_maker(self, article: PreparedArticle, sentence: Sentence, resolved: Resolved) -> bool:
        """Whether what is licensed is AI: by the sentence, by a listed name, or by what title or lead say of it.

        Software of every kind changes its licence, also in articles about AI.
        """
        if speaks_of_ai(sentence) or any(artefact.known for artefact in resolved.artefacts):
            return True
        if self._finder.makers.intersection(resolved.actors):
            return True
        named = {*resolved.actors, *(artefact.text for artefact in resolved.artefacts)}
        return any(
            speaks_of_ai(near)
            and any(entity.text in named or entity.name in named for entity in near.entities)
            for near in article.head
        )

    def _topical(self, article: PreparedArticle, resolved: Resolved) -> bool:
        named = {entity.id for entity in resolved.artefacts} & {
            entity.id for entity in article.topic_artefacts
        }
        return bool(named) or bool(set(resolved.actors) & article.topic_owners)

    def _was_open(self, article: PreparedArticle, sentence: Sentence, resolved: Resolved) -> bool:
        """Whether what came before in the same line was open: by the registry, or because the article contrasts."""
        for artefact in resolved.artefacts:
            before = self._finder.predecessor(artefact.family or "")
            if before is not None and before.level is not None:
                return before.level >= _OPEN_LEVEL
            if artefact.known and artefact.level is not None and _is_new_version(article, sentence, artefact):
                return artefact.level >= _OPEN_LEVEL
        if any(_CONTRAST.search(near.folded) for near in (sentence, *article.head)):
            return True
        return any(entity.type == "licence" for near in (sentence, *article.head) for entity in near.entities)

    def _is_superseded(self, artefact: Entity) -> bool:
        return artefact.known and any(
            family.after == artefact.family for family in self._finder.families.values()
        )

    def _launched(self, article: PreparedArticle, sentence: Sentence, resolved: Resolved, rule: Rule) -> bool:
        """Whether title or lead report a launch by the actor or of the artefact, so that a state is news."""
        if _AS_OF_NOW.search(sentence.folded) or (sentence.where == "title" and resolved.artefacts):
            return True
        for earlier in article.head:
            # "is not open-sourced" tells of no launch, nor does "open source" of itself.
            told = _OPEN_SOURCED.sub("", earlier.masked) if rule.direction == "closing" else earlier.masked
            if _LAUNCH.search(told) is None:
                continue
            owners = {entity.owner for entity in earlier.entities} | {
                entity.name for entity in earlier.actors()
            }
            if owners & set(resolved.actors):
                return True
        return False

    def _completed(
        self,
        article: PreparedArticle,
        sentence: Sentence,
        reading: Reading,
        resolved: Resolved,
        modality: Modality,
        dates: list[NamedDate],
    ) -> Reading:
        rule = reading.rule
        direction, stage = str(rule.direction), rule.stage or _STAGES[modality.mood]
        if modality.polarity == "refused" and not reading.pattern.negative:
            direction = "closing" if rule.negated == "closes" else "opening"
            stage = rule.stage or ("signalled" if modality.mood == "consider" else "announced")
        elif (
            modality.polarity == "refused"
            and stage == "done"
            and rule.stage is None
            and rule.direction == "closing"
        ):
            stage = "announced"
        due = _due(dates, article, stage)
        present = self._tense(sentence, reading) in ("base", "s", "ing", "")
        if due is not None and stage == "done" and present and not _TODAY.search(sentence.folded):
            stage = "announced"
        if stage != "announced" and stage != "delayed":
            due = None
        if rule.kind == "policy" and stage in ("done", "announced") and _PONDERED.search(sentence.folded):
            stage = "signalled"
        if rule.kind == "policy" and stage == "done" and _DRAFT.search(sentence.folded):
            stage = "announced"
        if rule.kind == "strategy" and stage == "done" and not _FORMED.search(sentence.folded):
            stage = "signalled" if _PERSONAL.search(sentence.masked) else "announced"
        if modality.mood == "consider" and stage == "announced" and rule.stage == "announced":
            stage = "signalled"
        if modality.rumour and stage in ("done", "announced", "signalled"):
            stage = "rumoured"
        artefact = resolved.artefacts[0] if resolved.artefacts else None
        named = _licences(sentence)
        old, new = (self._licence(licence, resolved) for licence in named)
        usual = (
            artefact.licences if artefact is not None and direction == "opening" and stage == "done" else ()
        )
        licence_to = _licence_name(new)
        if new is None and len(usual) == 1 and rule.kind == "weights":
            licence_to = self._finder.licences.by_id[usual[0]].name
        level = rule.level_to
        if level is None and rule.kind in ("weights", "licence") and (direction == "opening" or new):
            level = opened_level(sentence.folded, new.level if new else None, artefact)
        if rule.kind == "licence":
            direction = _licence_direction(
                *named, direction, loosened=bool(_LOOSENED.search(sentence.folded))
            )
        confidence = rule.confidence
        confidence *= 1.0 if resolved.actor_from.startswith(("subject", "owner", "agent")) else 0.85
        confidence *= 1.0 if reading.currency and reading.currency.current else 0.7
        confidence *= 0.7 if stage in ("rumoured", "signalled") else 1.0
        return replace(
            reading,
            direction=direction,
            stage=stage,
            kind=self._kind(article, sentence, reading, artefact, direction, stage),
            due=due,
            level_to=level,
            level_from=self._level_before(rule, artefact, old),
            licences=(_licence_name(old), licence_to),
            confidence=round(confidence, 3),
            territory=self._named_territory(sentence, rule),
            compelled_by=_compelled_by(sentence),
        )

    def _licence(self, named: Entity | None, resolved: Resolved) -> ResolvedLicence | None:
        """What the words for a licence mean for this actor and artefact ("modified MIT" means three texts)."""
        if named is None:
            return None
        artefact = resolved.artefacts[0].text if resolved.artefacts else None
        found = self._finder.resolve_licence(named.text, actor=resolved.actors[0], artefact=artefact)
        return found or ResolvedLicence(named.id, named.name, named.licence_class or "", named.level or 3)

    def _level_before(self, rule: Rule, artefact: Entity | None, old: ResolvedLicence | None) -> int | None:
        """The rung of the licence given up, else of the predecessor in the same line (N7)."""
        if old is not None:
            return old.level
        if rule.kind != "weights" or artefact is None:
            return None
        before = self._finder.predecessor(artefact.family or "")
        return before.level if before is not None else None

    def _kind(
        self,
        article: PreparedArticle,
        sentence: Sentence,
        reading: Reading,
        artefact: Entity | None,
        direction: str,
        stage: str,
    ) -> str:
        """The rule's kind, set right by what the artefact is: a tool has code, not weights.

        What is only rumoured or hinted to stay closed is a line of the organisation, no act on weights.
        """
        kind = reading.rule.kind
        if kind == "weights" and direction == "closing" and stage in ("rumoured", "signalled"):
            # "said to keep X closed" is of X; "said to think of closing" is of the organisation.
            mood = reading.modality.mood if reading.modality else "consider"
            return kind if artefact is not None and mood in ("done", "plan") else "strategy"
        if kind not in ("weights", "code", "data"):
            return kind
        if artefact is not None and (artefact.known or artefact.artefact_kind != "model"):
            of_artefact = _KIND_OF_ARTEFACT.get(artefact.artefact_kind or "", kind)
            return of_artefact if kind == "weights" and of_artefact in ("code", "data") else kind
        if kind == "weights" and _PRODUCT.search(sentence.folded, *reading.span):
            return "code"
        if kind == "weights" and self._language != "en":
            tool = _EAST_ASIAN_TOOL.search(sentence.folded) and not _EAST_ASIAN_MODEL.search(sentence.folded)
            return "code" if tool else kind
        if kind == "weights":
            for text in (sentence.folded[reading.span[0] :], *(near.folded for near in article.head)):
                called = _MODEL_OR_TOOL.search(text)
                if called is not None:
                    return "code" if called.lastgroup == "tool" else kind
        return kind

    def _tense(self, sentence: Sentence, reading: Reading) -> str:
        return self._forms.get(plain(sentence.masked[slice(*reading.head)]), "")

    def _named_territory(self, sentence: Sentence, rule: Rule) -> str | None:
        if self._territory is None or rule.kind not in ("weights", "licence", "access"):
            return None
        found = _WHERE_TERRITORY.search(sentence.folded)
        return found["place"] if found else None


_OPEN_LEVEL = 4
_OSI_LEVEL = 6
# What the thing is called where its name is in no registry.
_MODEL_OR_TOOL = re.compile(
    r"\b(?:(?P<tool>tool(?:s|kit)?|agents?|framework|library|protocol|specification|sdk|codebase|compiler"
    r"|simulat\w+|harness|runtime|server|software|algorithm|source code|system prompts?|plugin|orchestrator"
    r"|pipeline|the code"
    r"|router)|(?P<model>models?|weights|checkpoints?|llms?|parameters?))\b"
)
# An open chatbot or an open alternative to one is a product with its code, unless it is called a model.
_PRODUCT = re.compile(
    r"\bopen[- ]?source\w* (?:(?!models?\b|llms?\b|weights\b)[\w'-]+ ){0,4}"
    r"(?:chatbots?|assistants?|browser|app|platform"
    r"|client|alternative|rival|answer)$"
)
_EAST_ASIAN_TOOL = re.compile(
    r"에이전트|코딩 도구|프레임워크|라이브러리|소스 ?코드|智能体|框架|工具|源码|源代码|代码库|引擎"
)
_EAST_ASIAN_MODEL = re.compile(r"모델|가중치|模型|权重")
_CONTRAST = re.compile(
    r"\b(?:open(?:ly|ness)?[- ]?(?:sourc\w*|weights?|models?|releases?|ai)|break(?:s|ing)? with|departure"
    r"|unlike|whereas|could be downloaded|previous(?:ly)?|gave away"
    r"|given away|abandon\w*|first (?:closed|proprietary)|no longer|reversal|pivot\w*|shift|downloadable)\b"
)
_OPENNESS = re.compile(
    r"\bopen[- ]?(?:sourc\w*|weights?|models?|ai models?)\b|\b(?:weights|apache 2\.0|mit licen[sc]e)\b"
)
_AS_OF_NOW = re.compile(
    r"\b(?:now|as of (?:today|now|this \w+|\w+day)|starting today|from today|since \w+day|today|tonight"
    r"|this (?:morning|afternoon|evening|week)|on "
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
# "no reason to wait for Friday: available as of this morning": the later date is not that of the act.
_TODAY = re.compile(r"\b(?:as of (?:today|now|this \w+)|starting today|from today|today|this morning)\b")
_OPEN_SOURCED = re.compile(r"open[- ]?sourc\w+")
_LAUNCH = re.compile(
    r"\b(?:releas\w+|launch\w*|unveil\w*|introduc\w+|debut\w*|announc\w+|publish\w*|creat(?:es|ed)|built"
    r"|builds|develop(?:s|ed)"
    r"|open[- ]?sourc(?:es|ed|ing)|(?:is|are|it's|goes) (?:now )?open[- ]source"
    r"|unwraps?|drops|dropped|ships|shipped|(?:new|newest|latest) (?:[\w-]+ ){0,3}?"
    r"(?:models?|family|agent|tool|framework)|rolls? out|rolled out"
    r"|reveal\w*|present(?:s|ed)|share[sd]|made|(?:is|are) (?:finally )?here"
    r"|(?:is|are|goes|went) (?:now )?(?:live|online|out)|to download"
    r"|puts? (?:\S+ ){1,5}online|upload\w*|posted|landed|lands|arrives?|arrived|debuts?)\b"
    r"|공개|출시|발표|선보|내놨|내놓|배포|发布|推出|上线|公布|开源|亮相"
)
# What a government turns over in its mind, and what it has only put forward.
_PONDERED = re.compile(
    r"\b(?:weigh(?:s|ed|ing)|consider(?:s|ed|ing)|mull\w*|ponder\w*|debat(?:es|ed|ing)|explor(?:es|ed|ing))\b"
)
# What has been founded stands; what is promised is only announced.
_FORMED = re.compile(
    r"\b(?:form(?:s|ed)?|found(?:s|ed)|launch(?:es|ed)|creat(?:es|ed)|establish(?:es|ed)|set up|join(?:s|ed)?)"
    r" (?:(?:an?|the|new|its|their|global|industry|joint|international|open|source|model|ai)[ -]){0,6}"
    r"(?:\w+ ){0,3}(?:coalition|alliance|foundation|consortium)\b"
)
_DRAFT = re.compile(r"\b(?:propos\w+|drafts?|drafted|drafting|bill|consultation|would)\b")
_PERSONAL = re.compile(
    rf"{PERSON}|\b(?:i|we|he|she|our|my|ceo|chief executive|founder|chairman|hint\w*|suggest\w*)\b"
)
_WHERE_TERRITORY = re.compile(
    r"\b(?:in|outside|excluding|excludes?|except(?: in)?|from|for users in|not (?:available )?in|users in"
    r"|across|within)"
    r" (?:the )?(?P<place>european union|eu|europe|china|united states|us|u\.s\.|uk|united kingdom|south "
    r"korea|hong kong|russia|iran|india)\b"
)
_COMPELLED = re.compile(
    r"\b(?:order(?:s|ed)?|directive|demand(?:s|ed)?|compel(?:s|led)|forc(?:es|ed)|at the request|request "
    r"from|requested|instruct(?:s|ed)"
    r"|under pressure from|court|comply|complying|mandated|export controls?|asked)\b"
    r"|지시|명령|요청에|행정명령|要求|指令|命令"
)


def _of_open_family(article: PreparedArticle, resolved: Resolved) -> bool:
    """Whether a known open artefact came out in an article that calls something open."""
    known = any(
        artefact.known
        and not artefact.fallback
        and artefact.level is not None
        and artefact.level >= _OPEN_LEVEL
        and (artefact.owner is None or artefact.owner in resolved.actors)
        for artefact in resolved.artefacts
    )
    return (
        known
        and not any(_KEPT_BACK.search(near.folded) for near in article.head)
        and any(_OPENNESS.search(article.folded[where].folded) for where in ("title", "text"))
    )


# Of a known family, and yet without weights on the day.
_KEPT_BACK = re.compile(
    r"\b(?:api[- ]only|(?:only|exclusively) (?:through|via|as|over) (?:an? |its |the )?(?:\w+ )?(?:api|cloud|service)"
    r"|weights (?:will|are to|to) (?:follow|land|come|be released|arrive)|no weights|without weights)\b"
)
_OPENLY_HELD = re.compile(r"\bhugging ?face\b|\bgithub\b|\bmodelscope\b|\bweights\b")


def _held_openly(article: PreparedArticle, resolved: Resolved) -> bool:
    """Whether title or lead say where a model nobody has listed could be had."""
    unlisted = any(not artefact.known for artefact in resolved.artefacts)
    return unlisted and any(_OPENLY_HELD.search(near.folded) for near in article.head)


def _is_new_version(article: PreparedArticle, sentence: Sentence, artefact: Entity) -> bool:
    """Whether a number that the registry does not know stands behind a family's name ("Llama 5")."""
    numbered = re.compile(rf"\b{re.escape(artefact.text.lower())} v?\d")
    return any(numbered.search(near.folded) for near in (sentence, *article.head))


def _of_earlier_line(article: PreparedArticle, sentence: Sentence, resolved: Resolved) -> bool:
    """Whether the article begins with another artefact of the same owner ("Muse Spark … The Llama family was …")."""
    if sentence.where == "title" or sentence.index == 0 or not resolved.artefacts:
        return False
    begun = [artefact for near in article.head[: len(article.titles) + 1] for artefact in near.artefacts()]
    told = {artefact.family for artefact in resolved.artefacts}
    return (
        all(artefact.known and artefact.owner for artefact in resolved.artefacts)
        and told.isdisjoint(artefact.family for artefact in begun)
        and any(artefact.owner in resolved.actors for artefact in begun)
    )


_HUBS = frozenset(("GitHub", "Hugging Face", "ModelScope", "Kaggle"))
_USING = re.compile(r"\b(?:using|use of|uses?)\b")


def _all_governments(sentence: Sentence, resolved: Resolved) -> bool:
    """Whether only governments act: what they order or lift is policy, and the rules of that kind read it."""
    governments = {entity.name for entity in sentence.entities if entity.type == "government"}
    return governments.issuperset(resolved.actors)


def _of_somebody_else(sentence: Sentence, resolved: Resolved) -> bool:
    """Whether the known models and tools of a sentence belong to somebody who is not the actor."""
    owners = {artefact.owner for artefact in sentence.artefacts() if artefact.known}
    return bool(owners) and None not in owners and not owners & set(resolved.actors)


def _compelled_by(sentence: Sentence) -> str | None:
    """The government in a sentence that speaks of an order, request or court."""
    governments = [entity for entity in sentence.entities if entity.type == "government"]
    if not governments or not _COMPELLED.search(sentence.folded):
        return None
    return governments[0].name


def _licences(sentence: Sentence) -> tuple[Entity | None, Entity | None]:
    """Licence from and to: "from X to Y", "X, replacing Y", or the one the release is under."""
    named = [entity for entity in sentence.entities if entity.type == "licence"]
    old = [
        entity
        for entity in named
        if _FROM.search(sentence.folded[max(0, entity.start - 60) : entity.start])
        or _FROM_AFTER.match(sentence.folded, entity.end)
    ]
    new = [entity for entity in named if entity not in old]
    return (old[0] if old else None, new[0] if new else None)


def _licence_name(licence: ResolvedLicence | None) -> str | None:
    """SPDX id or the registry's name; None also when only the class of a licence is named."""
    return licence.name if licence is not None and licence.id else None


# Words that tell a new text grants more than the one before, whatever its class.
_LOOSENED = re.compile(
    r"\b(?:loosen\w*|relax\w*|eas(?:es|ed|ing)|soften\w*|drop\w*|remov\w+|lift\w*|rais(?:es|ed|ing)"
    r"|permissive|now allow\w*|less restrictive|generous|free(?:s|d|ly)?|first time|open(?:s|ed)? up)\b"
)


def _licence_direction(old: Entity | None, new: Entity | None, direction: str, *, loosened: bool) -> str:
    """From the rungs when both licences are known; else a text that is not open narrows what stood before."""
    if new is None or new.level is None:
        return direction
    if old is None or old.level is None:
        return "closing" if new.level < _OSI_LEVEL and not (loosened and new.id) else direction
    if old.level == new.level:
        return direction
    return "opening" if new.level > old.level else "closing"


def _due(dates: list[NamedDate], article: PreparedArticle, stage: str) -> date | None:
    if article.published is None:
        return None
    return next((named.last for named in dates if named.last > article.published), None)


# What a plan of a government asks of its offices is its line.
_OFFICIAL_WISHES = frozenset(("must", "calls on", "calls for"))


def _not_so(rule: Rule, modality: Modality, sentence: Sentence, negative: bool) -> tuple[str, str] | None:
    """Null id and words when mood or negation make it no event."""
    cue = f": {modality.cues[-1].words!r}" if modality.cues else ""
    if modality.mood == "wish" and not (rule.kind == "policy" and cue.strip(": '") in _OFFICIAL_WISHES):
        return "opinion", f"a wish, a question or somebody's opinion{cue}"
    if sentence.folded.rstrip().endswith("?") and sentence.where == "text":
        return "opinion", "a question"
    if rule.stage in ("delayed", "denied") or negative:
        return None
    if modality.polarity == "pending":
        return "negation", f"not yet so{cue}"
    if modality.polarity == "negated":
        return "negation", f"negated{cue}"
    if modality.polarity == "refused" and rule.negated == "nothing":
        return "negation", f"negated{cue}"
    return None
