"""Who did it, to what: the actor and the artefact of an act, from the sentence or from what stands before it."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

from extractors.openness.article import PreparedArticle, Sentence
from extractors.openness.bare_subjects import bare_subject
from extractors.openness.entities import Entity
from extractors.openness.languages import is_east_asian
from extractors.openness.names import family_of
from extractors.openness.patterns import ARTEFACT, GOVERNMENT, ORGANISATION, PERSON
from extractors.openness.subjects_east_asian import (
    east_asian_subject,
    listed_in_latin,
    spelled_in_latin,
)

LOOK_BACK = 4
"""Sentences searched backwards for whom "the company" or "it" means."""

_PRONOUN = re.compile(
    r"\b(?:it|they|its|their|he|she|his|her|the (?:\w+[ -]){0,3}(?:company|startup|start-up|firm|lab"
    r"|group|team|maker|developer"
    r"|giant|organi[sz]ation|institute|researchers|nonprofit|non-profit|unicorn|chipmaker|subsidiary"
    r"|outfit|foundation|ceo"
    r"|agency|department|administration|government|regulator|ministry|university|project|duo|trio"
    r"|partners|founder)|the (?:\w+ )?(?:companies|firms|labs|start-?ups|universities|institutes))\b"
    r"|회사|업체|이 회사|해당 기업|연구진|该公司|公司|团队"
)
_SEVERAL = re.compile(
    r"they|their|the (?:\w+ )?(?:companies|firms|labs|start-?ups|universities|institutes)|the duo"
)
_FIRST_PERSON = re.compile(r"\b(?:we|our|us|i|we're|we've|i'm)\b|우리|당사|저희|我们")
# Words before a name that make it no subject ("rival to OpenAI", "backed by Google").
_OBLIQUE = re.compile(
    r"\b(?:to|of|during|from|with|against|like|than|by|over|for|including|behind|on|at|unlike|versus|vs"
    r"|challenging|rival|rivals"
    r"|via|through|into|about|alongside|beat|beats|outperforms?|told|tells|in|under|among|using|called"
    r"|dubbed|named"
    r"|joining|following)"
    r"(?: (?:the|its|an?|chinese|us|american|french|rival|ai|former|startup|lab|giant|company|like|as"
    r"|both|western))*[\s\"']*$"
    r"|\b(?:former|ex) (?:\w+ )?$"
)
_OF = re.compile(
    r"\b(?:researchers|scientists|engineers|members|leaders|executives|developers|founder|ceo|head|chief"
    r"|team|president|makers?) (?:of|at|from)(?: the)? $"
)
# "the agent framework Loomwork", "the maintainers of Loomwork": who keeps it goes by its name.
_PROJECT = re.compile(
    r"\b(?:framework|tool|toolkit|library|project|editor|engine|server|(?:maintainers|developers) of) (?:the )?$"
)
# "Gondor-7B, an open-weight model by Kestrel, is …"
_MAKER = re.compile(
    r"\b(?:models?|llms?|chatbot|dataset|corpus|framework|toolkit|library|tool|agent|protocol)"
    r"(?: (?:release|launch|drop)(?: (?:today|tonight|this week|on \w+day))?)? (?:by|from) (?:the )?$"
    r"|\b(?:developed|built|created|trained|designed) (?:jointly )?by (?:the )?$"
)
_BY = re.compile(
    r"\b(?:by|from)(?: (?:the|a|an|its|chinese|us|french|ai|lab|startup|company|researchers|at|scientists"
    r"|team|ceo|giant))*\s*$"
)
_JOINT = re.compile(
    r"^(?:'s)?(?:,? and (?:the )?|, (?:the )?| & |"
    r",? (?:together|along|jointly|in partnership|in collaboration) with (?:the )?"
    r"|、|和|与|联合|携手|와 |과 |, 그리고 | 및 |·|/|; )$"
)
# Korean marks by particles behind a name, Chinese by words before it, that it is no subject.
_OBLIQUE_AFTER = re.compile(
    r"(?:의|에게서?|에서|에[는도만선]?|와|과|를|을|로|으로|보다|처럼|만큼|측에)(?![가-힣])"
    r"| 산하| (?:직원|개발자|이용자|고객|사용자|연구진|기반)(?:들)?(?:의|을|를|에게)? "
    r"| ?(?:지시|명령|요청|요구|압박)(?:에|로|으로)|(?:之后|之外|以外|之前)"
)
_OBLIQUE_CHINESE = re.compile(r"(?:对|向|与|和|比|超过|像|在|从|基于|给|应|据) ?$")
_GOVERNMENTS = {
    "us": "U.S. government",
    "cn": "Chinese government",
    "eu": "European Union",
    "uk": "UK government",
    "fr": "French government",
    "de": "German government",
    "kr": "South Korean government",
    "jp": "Japanese government",
    "in": "Indian government",
}
_SEATS = re.compile(
    r"\b(?:(?P<us>washington|white house|trump|biden|bipartisan"
    r"|federal (?:agencies|government)|u\.s\.|united states|congress|senat\w+|commerce "
    r"department|department of commerce|house"
    r" committee|pentagon|treasury|state department|american (?:officials|lawmakers))|(?P<cn>beijing"
    r"|china|chinese (?:government|officials"
    r"|authorities|regulators|premier|ministry)|mofcom|state council|li qiang|xi jinping)|(?P<eu>brussels"
    r"|european (?:union|commission"
    r"|parliament)|the eu|eu)|(?P<uk>london|british government|united kingdom|the uk|uk)|(?P<fr>french "
    r"government|france|macron)"
    r"|(?P<de>german government|berlin|germany)|(?P<kr>south korea|seoul)|(?P<jp>japan|tokyo)"
    r"|(?P<in>india|new delhi))\b"
)
_ROW = re.compile(
    rf"(?:[{ORGANISATION}{PERSON}{GOVERNMENT}{ARTEFACT}]+(?:'s [^\s,]*)?(?:,? and |, | or | & ))+$"
)
# "… by major companies like OpenAI, Meta and Anthropic"
_BY_GROUP = re.compile(r"\bby (?:[\w-]+ ){1,5}(?:like|such as|including) ")
_AND = re.compile(r"\b(?:and|with)\b|[&、·/;]|와|과|그리고|및|[和与]|联合|携手")
# "Reddit-scraped", "Nvidia-backed": the name only describes what follows.
_MODIFIER_AFTER = re.compile(
    r"-(?:backed|owned|based|scraped|trained|powered|style|like|funded|compatible|hosted|led|linked|aligned"
    r"|inspired|exclusive|approved|supported|friendly|specific|themed)\b"
)
_AND_OTHERS = re.compile(
    r",? (?:and|as well as) (?:\S+ ){0,3}(?:others?|dozens|more|companies|firms|organi[sz]ations|labs)\b"
)
# "players in the U.S.": where, not who.
_WITHIN = re.compile(r"\b(?:in|across|within|outside|inside|throughout|into|from|between|against)(?: the)? $")
# A subject that is somebody else: not who was spoken of before.
_OTHERS = re.compile(
    r"(?<!\bthe two )(?<!\bthe three )(?<!\bboth )\b(?:recipients"
    r"|users|companies|developers|startups|firms|labs|researchers|creators|makers|people"
    r"|founders|students|rivals"
    r"|competitors|others|players|analysts|critics|experts|teams|vendors|enterprises|investors|they all"
    r"|hackers|someone|builders|labs|businesses"
    r"|somebody|nobody|countries|agencies|volunteers|enthusiasts|groups|customers)\b"
    r"(?! (?:can|may|could|are able))(?: \w+){0,4} $|\bthe "
    r"(?:chinese|americans) $"
)
# "… said it would lose to countries that share their weights"
_OTHERS_WHO = re.compile(
    r"\b(?:companies|developers|startups|firms|labs|researchers|people|rivals|competitors|others|countries"
    r"|nations|teams|vendors|players|users) (?:that|who|which)(?: \w+){0,3} $"
    r"|\b(?:somebody|someone|hackers|a user|users)(?: \w+){0,3} $"
)
_GENERIC = re.compile(
    r"(?:(?P<size>\d+[bt]) )?(?:open[- ]?(?:source|weights?|ai)?(?: \w+){0,2} (?:models?|weights|llms?"
    r"|version|release)"
    r"|(?:older|future|next|previous|earlier|upcoming|smaller|larger|flagship|frontier)(?: \w+){0,2} models?"
    r"|model weights|system prompts?|training data|datasets?|recommendation algorithm|algorithm)\b"
    r"|(?:오픈 ?웨이트|오픈 ?소스|개방형|공개형|언어|음성|번역) ?모델|(?:开放权重|开源|语音|翻译)\w{0,4}?模型"
)
_NAME = r"(?P<name>[A-Z][\w&.-]+(?: (?:[A-Z][\w&.-]+|AI))?)"
_NAME_BEFORE = re.compile(
    r"(?:^|[,:;(“\"] ?|\b(?:startup|lab|company|maker|firm|group|developer|institute|says|said|framework|agent"
    r"|tool|project|platform|library|editor|studio|nonprofit|giant) )"
    rf"{_NAME}"
    r"(?:,? (?:has|have|had|is|was|will|would|plans?|to|also|just|now|today|recently|quietly|finally"
    r"|officially|on \w+day|says it|said it"
    r"|intends?|wants?|promises?|promised|vows|may|might|could|not|reportedly|be|going|been|considering"
    r"|no longer|won't|its|comes? out of stealth|used (?:its|his|her|their|the|an?) (?:\w+ ){1,3}to)){0,5} $"
)
# "Tessellate's image model is …", "the agent of Loomwork was …": who owns what the sentence is about.
_OWNER_BEFORE = re.compile(
    rf"\b{_NAME}(?:'|’)s (?:[\w.-]+ ){{1,6}}$"
    r"|\b(?:models?|tool|agent|framework|maintainers|makers?|developers?|lab|team|ai|version)"
    r" (?:of|behind|from)(?: the)? "
    r"(?P<owner>[A-Z][\w&.-]+(?: (?:[A-Z][\w&.-]+|AI))?)(?: \w+){0,2} $"
)
_VERSIONED = re.compile(r" \S*\d")
_NO_NAME = frozenset(
    re.findall(
        r"\w+",
        """
    the a an it this that these those they we he she i you its their our his her in on at for with as
    and but or if when while after before since because although though how why what who which where
    there here however meanwhile still also yet now today yesterday then chinese american european
    french german korean japanese indian israeli british canadian swiss researchers developers companies
    users critics experts analysts many some most several two three both each all any every another
    other others one new open earlier later recently last next first finally once until under over by
    ten six seven eight nine from to of about into through despite unlike like
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december
    scientists engineers startups labs officials lawmakers regulators sources no not nobody everyone
    anyone people weights models code data access
    """,
    )
)
_DEFINITE_ARTEFACT = re.compile(
    r"\b(?:it|them|its|their|both|this|the (?:\w+[ -]){0,3}(?:model|models|tool|weights|framework|system"
    r"|family|agent|code|dataset|"
    r"protocol|standard|repository|chatbot|assistant|project|series|software|release|license|licence"
    r"|library|checkpoint|checkpoints|version))\b"
    r"|모델|해당|该模型|模型"
)


# "beats GPT-5.5": what is outdone is not what the sentence is about.
_OUTDONE = re.compile(
    r"\b(?:than|against|beat(?:s|ing)?|outperform\w*|outpac\w+|rival\w*|match(?:es|ing)?|tops?|surpass\w*|exceed\w*"
    r"|edg\w+ out|trail\w*)[\s\w'-]{0,12}$"
)

# "an open-source alternative to ChatGPT": what is answered is somebody else's.
_ALTERNATIVE_TO = re.compile(
    r"\b(?:alternatives?|answers?|rivals?|competitors?|challengers?|responses?|replacements?|equivalents?|successors?)"
    r" (?:to|of|for) (?:[\w'-]+ ){0,3}(?:[^\s,;]+(?:, | and |, and | or ))*$"
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Actors and artefacts of one act, with how each was found."""

    actors: tuple[str, ...]
    actor_from: str
    artefacts: tuple[Entity, ...]
    """Known or newly met artefacts; empty when there are none or only a description."""
    description: str
    """What the sentence calls the artefact when it has no name ("open-weight model")."""
    artefact_from: str


def organisation_of(entity: Entity) -> str | None:
    """The organisation an entity speaks for; None for a person of no office at the time."""
    return entity.owner if entity.type == "person" else entity.name


def resolve(
    article: PreparedArticle,
    sentence: Sentence,
    span: tuple[int, int],
    head: tuple[int, int],
    *,
    general: bool,
    governmental: bool,
    source_actor: str | None,
) -> Resolved:
    """Find actor and artefact of the words at `span`, whose deciding verb is at `head`.

    `general`: the rule speaks of a line or policy, so that no artefact need be found elsewhere.
    """
    artefacts, artefact_from, description = _artefacts(article, sentence, span, head, general)
    if governmental:
        actors, actor_from = _governments(article, sentence, head)
    else:
        actors, actor_from = _actors(article, sentence, span, head, artefacts, source_actor)
    if is_east_asian(sentence.text):
        actors, artefacts = _in_latin(article, actors, artefacts)
    return Resolved(actors, actor_from, artefacts, description, artefact_from)


def _in_latin(
    article: PreparedArticle, actors: tuple[str, ...], artefacts: tuple[Entity, ...]
) -> tuple[tuple[str, ...], tuple[Entity, ...]]:
    """Listed artefacts by their usual name; others in Latin letters where the article itself spells them so."""
    text = article.folded["text"].text
    named = tuple(spelled_in_latin(actor, text) or actor for actor in actors)
    return named, tuple(_artefact_in_latin(entity, text) for entity in artefacts)


def _artefact_in_latin(entity: Entity, text: str) -> Entity:
    if entity.known:
        return replace(entity, text=listed_in_latin(entity.text, entity.name))
    latin = spelled_in_latin(entity.name, text)
    return replace(entity, name=latin, text=latin, family=family_of(latin)) if latin else entity


def _artefacts(
    article: PreparedArticle, sentence: Sentence, span: tuple[int, int], head: tuple[int, int], general: bool
) -> tuple[tuple[Entity, ...], str, str]:
    named = sentence.artefacts()
    named = [entity for entity in named if not _ALTERNATIVE_TO.search(sentence.folded, 0, entity.start)]
    inside = [entity for entity in named if span[0] <= entity.start < span[1]]
    if inside:
        return _with_joined(sentence, inside[0], named), "named in the words of the rule", ""
    after = [
        entity
        for entity in named
        if head[1] <= entity.start <= span[1] + 90
        and _apposed(sentence, span[1], entity)
        and not _OUTDONE.search(sentence.folded, max(0, entity.start - 30), entity.start)
        and not _PREDECESSOR.search(sentence.folded, max(0, entity.start - 30), entity.start)
    ]
    if after:
        return _with_joined(sentence, after[0], named), "named after the verb", ""
    before = [
        entity
        for entity in named
        if head[0] - 60 <= entity.end <= head[0] and not _organisation_after(sentence, entity, head)
    ]
    described = _GENERIC.search(sentence.folded, span[0], span[1])
    description = described.group() if described else ""
    if before and not _compared(sentence, before[-1]):
        return _with_joined(sentence, before[-1], named, backwards=True), "named before the verb", ""
    if general:
        return (), "", ""
    if _DEFINITE_ARTEFACT.search(sentence.folded):
        for earlier in article.before(sentence.where, sentence.index, 2):
            candidates = [
                entity
                for entity in earlier.artefacts()
                if not _compared(earlier, entity)
                and not _ALTERNATIVE_TO.search(earlier.folded, 0, entity.start)
            ]
            if candidates and (described is None or sentence.where == "text"):
                return (candidates[0],), "named before", description
    return (), "", description


def _organisation_after(sentence: Sentence, artefact: Entity, head: tuple[int, int]) -> bool:
    """Whether another clause's subject stands between ("X shrinks GPT-4o, Meta withholds models")."""
    return any(
        entity.type == "organisation"
        and artefact.end <= entity.start < head[0]
        and sentence.folded[artefact.end : entity.start] in (", ", "; ", ", while ", ", and ", ", as ")
        for entity in sentence.entities
    )


def _with_joined(
    sentence: Sentence, first: Entity, named: list[Entity], backwards: bool = False
) -> tuple[Entity, ...]:
    """An artefact with those listed beside it ("gpt-oss-120b and gpt-oss-20b"), of the same owner."""
    joined = [first]
    row = list(reversed(named)) if backwards else named
    for entity in row[row.index(first) + 1 :]:
        left, right = (entity, joined[-1]) if backwards else (joined[-1], entity)
        if not _JOINT.match(sentence.folded[left.end : right.start]) or entity.owner != first.owner:
            break
        joined.append(entity)
    return tuple(joined)


def _apposed(sentence: Sentence, end: int, entity: Entity) -> bool:
    """Whether a name after the match belongs to it ("… open models, called Nemotron 3")."""
    if entity.start <= end:
        return True
    between = sentence.folded[end : entity.start]
    return (
        re.search(
            r"[.;]|\b(?:than|against|unlike|like|versus|vs|rival|compete|from|while|but|such as|based on"
            r"|built on|using|so that|so (?:you|they|we|anyone)|look into)\b",
            between,
        )
        is None
    )


_UNLIKE = re.compile(r"\b(?:unlike|whereas|in contrast (?:to|with))[\s\w'-]{0,20}$")
# "the launch of its previous-generation V3": what came before is not what came out.
_PREDECESSOR = re.compile(r"\b(?:previous(?:-generation)?|predecessor|preceding)[\s,]{1,2}$")


def _compared(sentence: Sentence, entity: Entity) -> bool:
    before = sentence.folded[max(0, entity.start - 30) : entity.start]
    return _UNLIKE.search(before) is not None or (
        re.search(
            r"\b(?:than|against|unlike|like|such as|including|versus"
            r"|vs\.?|rivals?|beats?|beating|outperforms?|competitors?"
            r"|based on|built on|used|using|replac\w+|to|previous(?:-generation)?|predecessor"
            r"|preceding)[\s\w'-]{0,12}$",
            before,
        )
        is not None
    )


def _actors(
    article: PreparedArticle,
    sentence: Sentence,
    span: tuple[int, int],
    head: tuple[int, int],
    artefacts: tuple[Entity, ...],
    source_actor: str | None,
) -> tuple[tuple[str, ...], str]:
    actors = [
        entity
        for entity in sentence.actors()
        if organisation_of(entity) and not _is_official(sentence, entity)
    ]
    # Beside a company, a country only describes ("the U.S. open source scene") or compels.
    actors = [entity for entity in actors if entity.type != "government"] or [
        entity for entity in actors if entity.end < head[0] <= entity.end + 40
    ]
    within = [
        entity
        for entity in actors
        if span[0] <= entity.start < max(head[0], span[0] + 1) and not _oblique_east_asian(sentence, entity)
    ]
    if within:
        return _joint(sentence, within[-1], actors), "subject of the verb"
    subject = _subject(sentence, actors, head)
    if subject is not None:
        return _joint(sentence, subject, actors), "subject of the verb"
    group = _BY_GROUP.search(sentence.masked)
    if group is not None:
        first = next((entity for entity in actors if entity.start == group.end()), None)
        if first is not None:
            return _joint(sentence, first, actors), "a group named after the verb"
    agent = next(
        (
            entity
            for entity in actors
            if entity.start >= head[1] and _BY.search(sentence.folded[: entity.start])
        ),
        None,
    )
    if agent is not None and re.search(r" and |;", sentence.folded[head[1] : agent.start]):
        agent = None
    if agent is not None and sentence.folded[max(0, agent.start - 40) : agent.start].rstrip().endswith(
        ("by", "team")
    ):
        return _joint(sentence, agent, actors), "agent of the passive"
    maker = next(
        (
            entity
            for entity in actors
            if _MAKER.search(sentence.folded, max(0, entity.start - 40), entity.start)
        ),
        None,
    )
    if maker is not None:
        return _joint(sentence, maker, actors), "the maker named behind the model"
    if _OTHERS.search(sentence.folded[: head[0]]) or _of_models_in_general(sentence, head):
        return _behind_its_people(sentence, actors, head)
    owner = next((entity.owner for entity in artefacts if entity.owner), None)
    possessor = next(
        (
            entity
            for entity in actors
            if sentence.folded[entity.end : entity.end + 2] in ("'s", "' ")
            and span[0] - 60 <= entity.start < span[1]
            and (not _oblique(sentence, entity) or sentence.folded.endswith("of ", 0, entity.start))
        ),
        None,
    )
    if owner and not (possessor and organisation_of(possessor) != owner):
        return (owner,), "owner of the artefact"
    if possessor is not None:
        return (str(organisation_of(possessor)),), "owner by possession"
    if source_actor and _FIRST_PERSON.search(sentence.folded):
        return (source_actor,), "the source speaks of itself"
    named = (
        east_asian_subject(sentence.masked[: head[1]], sentence.text)
        if is_east_asian(sentence.text) and not actors
        else None
    )
    if named:
        return (named,), "the word in the subject's place"
    pronoun = _PRONOUN.search(sentence.folded, 0, max(head[1], 1))
    free = [entity for entity in actors if not _oblique(sentence, entity)]
    if pronoun or not free:
        for earlier in article.before(sentence.where, sentence.index, LOOK_BACK):
            found = _main_actor(earlier)
            if found is not None:
                several = pronoun is not None and _SEVERAL.fullmatch(pronoun.group())
                who = _joint(earlier, found, earlier.actors()) if several else (str(organisation_of(found)),)
                return who, "named before"
            held = next(
                (
                    entity.owner
                    for entity in earlier.artefacts()
                    if entity.owner and not _ALTERNATIVE_TO.search(earlier.folded, 0, entity.start)
                ),
                None,
            )
            if held:
                return (held,), "owner of the artefact named before"
    unlisted = _unlisted_name(sentence, head)
    if unlisted:
        return (unlisted,), "a name before the verb"
    if free:
        nearest = min(free, key=lambda entity: min(abs(entity.start - head[1]), abs(head[0] - entity.end)))
        return _joint(sentence, nearest, actors), "nearest name"
    if source_actor:
        return (source_actor,), "the source"
    if artefacts or pronoun or not actors:
        for near in article.head:
            found = _main_actor(near)
            if found is not None and near is not sentence:
                return (str(organisation_of(found)),), "named in the lead"
    if artefacts and _PROJECT.search(sentence.folded, max(0, artefacts[0].start - 30), artefacts[0].start):
        return (artefacts[0].name,), "a project of no named owner"
    behind = _behind_its_people(sentence, actors, head)
    bare = None if behind[0] or is_east_asian(sentence.text) else bare_subject(article, sentence)
    return ((bare,), "the name the article begins with") if bare else behind


def _behind_its_people(
    sentence: Sentence, actors: list[Entity], head: tuple[int, int]
) -> tuple[tuple[str, ...], str]:
    """The organisation whose people act ("researchers at Velden Polytechnic release …")."""
    for entity in actors:
        if _OF.search(sentence.folded, max(0, entity.start - 40), entity.start):
            if entity.end <= head[0]:
                return (str(organisation_of(entity)),), "named behind its people"
            break
    return (), ""


def _of_models_in_general(sentence: Sentence, head: tuple[int, int]) -> bool:
    """Whether the subject is a kind of model ("open-weight models publish their parameters")."""
    return sentence.folded.endswith("models ", 0, head[0]) and not sentence.folded.endswith("d", *head)


def _licences(sentence: Sentence) -> list[Entity]:
    return [entity for entity in sentence.entities if entity.type == "licence"]


def _unlisted_name(sentence: Sentence, head: tuple[int, int]) -> str | None:
    """A capitalised name right before the verb that nobody has listed ("Ironbridge open-sources …")."""
    before = sentence.text[: head[0]]
    found = _NAME_BEFORE.search(before) or _OWNER_BEFORE.search(before)
    if found is None:
        return None
    group = "name" if found["name"] else "owner"
    name = found[group]
    start, end = found.span(group)
    if _VERSIONED.search(name):
        return None  # "Kimi K3 announced"
    if any(
        entity.start < end and start < entity.end for entity in (*sentence.artefacts(), *_licences(sentence))
    ):
        return None  # an artefact is not its own maker
    words = sentence.text.split()
    if sentence.where == "title" and sum(word[:1].isupper() for word in words) > 0.7 * len(words):
        return None
    return None if name.split()[0].lower() in _NO_NAME or name.lower() in _NO_NAME else name


def _governments(
    article: PreparedArticle, sentence: Sentence, head: tuple[int, int]
) -> tuple[tuple[str, ...], str]:
    """The governments that act: named as such, or by their capital, house or ministry."""
    for near in (sentence, *article.before(sentence.where, sentence.index, 2), *article.head):
        named = [
            entity
            for entity in near.entities
            if entity.type == "government"
            and not _WITHIN.search(near.folded, max(0, entity.start - 20), entity.start)
        ]
        seats = [
            seat
            for seat in _SEATS.finditer(near.folded)
            if not _WITHIN.search(near.folded, max(0, seat.start() - 20), seat.start())
        ]
        if near is sentence and _organisation_between(near, named, head):
            return (), ""
        if named and (near is not sentence or named[0].start < head[1] or not seats):
            return _joint(near, named[0], named), "the government named"
        if seats and seats[0].lastgroup:
            return (_GOVERNMENTS[seats[0].lastgroup],), "the seat of a government"
    return (), ""


def _organisation_between(sentence: Sentence, governments: list[Entity], head: tuple[int, int]) -> bool:
    """Whether a company stands between a country and the verb, so that it acts ("China's Moonshot released")."""
    return bool(governments) and any(
        entity.type == "organisation" and governments[0].end <= entity.start < head[0]
        for entity in sentence.entities
        if not _oblique(sentence, entity)
    )


def _subject(sentence: Sentence, actors: list[Entity], head: tuple[int, int]) -> Entity | None:
    """The actor nearest before the verb that is no prepositional object and not shadowed by a pronoun."""
    for entity in reversed([entity for entity in actors if entity.end <= head[0]]):
        if _oblique(sentence, entity) or _oblique_east_asian(sentence, entity):
            continue
        between = sentence.folded[entity.end : head[0]]
        if len(between) > 140 or re.search(r"[;?!]", between) or _OTHERS_WHO.search(between):
            return None
        return entity
    return None


def _oblique(sentence: Sentence, entity: Entity) -> bool:
    """Whether a name is no subject: an object of a preposition, alone or in a row, or part of an adjective."""
    if _MODIFIER_AFTER.match(sentence.folded, entity.end) or sentence.folded.endswith("ex-", 0, entity.start):
        return True
    before = _ROW.sub("", sentence.masked[max(0, entity.start - 90) : entity.start])
    return _OBLIQUE.search(before) is not None


def _oblique_east_asian(sentence: Sentence, entity: Entity) -> bool:
    after = _OBLIQUE_AFTER.match(sentence.folded, entity.end)
    return after is not None or _OBLIQUE_CHINESE.search(sentence.folded, 0, entity.start) is not None


def _joint(sentence: Sentence, first: Entity, actors: list[Entity]) -> tuple[str, ...]:
    """The actor with those coordinated to it ("Nvidia, Meta and IBM"); commas alone coordinate nothing."""
    at = actors.index(first)
    left, right = at, at
    while left > 0 and _JOINT.match(_between(sentence, actors[left - 1], actors[left])):
        left -= 1
    while right + 1 < len(actors) and _JOINT.match(_between(sentence, actors[right], actors[right + 1])):
        right += 1
    row = actors[left : right + 1]
    links = [_between(sentence, one, other) for one, other in itertools.pairwise(row)]
    behind = sentence.folded[row[-1].end : row[-1].end + 40]
    if not any(_AND.search(link) for link in links) and not _AND_OTHERS.match(behind):
        row = [first]
    names = [organisation_of(entity) for entity in row]
    return tuple(dict.fromkeys(name for name in names if name))


def _between(sentence: Sentence, left: Entity, right: Entity) -> str:
    return sentence.folded[left.end : right.start]


# "Henrik Vaag, the company's head of software"
_OFFICE = re.compile(
    r",? (?:the |its |a |an |who is )?(?:[\w'-]+ ){0,4}(?:head|chief|ceo|cto|president|founder|co-?founder|director"
    r"|manager|spokes\w+|scientist|researcher|engineer|professor|analyst|lawyer|minister|chair\w*)\b"
)


def _is_official(sentence: Sentence, entity: Entity) -> bool:
    """Whether a name nobody has listed is that of a person, since an office stands behind it."""
    return (
        not entity.known
        and " " in entity.text
        and sentence.folded.startswith(",", entity.end)
        and _OFFICE.match(sentence.folded, entity.end) is not None
    )


def _main_actor(sentence: Sentence) -> Entity | None:
    """Whom a sentence is about: its first actor that is no prepositional object."""
    for entity in sentence.actors():
        if organisation_of(entity) and not _oblique(sentence, entity) and not _is_official(sentence, entity):
            return entity
    return None
