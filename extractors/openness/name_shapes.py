"""Shapes of names and of the words around them, as regular expressions over one sentence.

`*_BEFORE` patterns are searched in the text before a name and end with `$`; the others match at its end.
Those that read the words around are for folded (lower-case) text; those that read names need the capitals.
"""

from __future__ import annotations

import re

_UPPER = "A-ZÀ-ÖØ-ÞŒŠŽ"
_LETTER = "A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽž"
_REST = rf"[{_LETTER}0-9]*(?:[-.+&][{_LETTER}0-9]+)*\+?"
_WORD = rf"(?:[{_UPPER}]|[a-z]{{1,2}}[A-Z]){_REST}"
_NUMBER = r"v?\d+(?:\.\d+)*[A-Za-z]{0,2}(?:-[A-Za-z0-9.]*[A-Za-z0-9])*"
_SIZE = r"\d+(?:\.\d+)?[BbTtMm](?:-[Aa]\d+(?:\.\d+)?[Bb])?"
_VARIANT = (
    r"(?:Instruct|Base|Chat|Coder|Code|Mini|Nano|Micro|Small|Medium|Large|Ultra|Pro|Flash|Lite|Max|Plus|"
    r"Turbo|Preview"
    r"|Thinking|Reasoning|Vision|VL|Omni|Instant|Edge|Tiny|Air|Next|Think)"
)

ROW = re.compile(rf"[{_UPPER}]{_REST}(?: (?:& )?(?:{_WORD}|{_NUMBER}))*")
"""Capitalised words in a row, with numbers between and behind them, or joined by "&". It begins with a set of
characters, which `re` looks for fast; what stands before the capital is for the caller to see."""
OF_NAME = re.compile(rf" (?:of|for) (?:the )?{_WORD}(?: (?:and )?{_WORD})*")
"""Behind an institution: "University of Velden"."""
LOWER_MODEL_END = re.compile(r"-(?:\d+(?:\.\d+)?[bm]|v\d+(?:\.\d+)*)(?:-[a-z0-9]+)*(?![\w-])")
LOWER_MODEL_START = re.compile(r"(?:^|(?<=[\s(\"'“‘,/]))[a-z]{3,}[a-z0-9.]*(?:-[a-z0-9.]+)*$")
"""`gondor-7b-instruct`: in small letters only with a size or version."""

MODEL_WORD = re.compile(
    rf"[{_UPPER}][{_LETTER}]{{2,}}[{_LETTER}0-9.]*(?:-[{_LETTER}0-9.]+)*?"
    rf"-(?:{_SIZE}|[VvRrMmKkXx]\d+(?:\.\d+)*|\d+(?:\.\d+)*|Instruct|Base|Chat|Coder|VL|Thinking|Preview"
    rf"|LM|LLM|GPT|Omni|OCR|TTS|ASR)"
    rf"(?:-[{_LETTER}0-9.]+)*"
    rf"|[{_UPPER}][a-z]+[A-Z]+[a-z]*\d+(?:\.\d+)?(?:-[{_LETTER}0-9.]+)*"
    rf"|[{_UPPER}][a-z]{{3,}}\d+(?:\.\d+)?(?:-[{_LETTER}0-9.]+)*"
)
"""`Gondor-7B`, `Tarn-V2`, `StarFlow2`."""
NUMBERED_WORD = re.compile(rf"[{_UPPER}][a-z]+\d+(?:\.\d+)?")
"""`Tarn2`: numbered, but so are firms and products; the words around must speak of an artefact."""
SIZE_WORD = re.compile(rf"(?:{_SIZE})(?:-[{_LETTER}0-9.]+)*")
VERSION_WORD = re.compile(r"v?\d{1,2}(?:\.\d+)*")
VARIANT_WORD = re.compile(_VARIANT)
STEM_END = re.compile(rf"[- ](?:{_SIZE}|Instruct|Base|Chat|it|instruct|base|chat)(?=[- ]|$)")
"""What a release adds to the name of its family."""

ORGANISATION_WORD = re.compile(rf"[{_UPPER}][{_LETTER}]*[a-z](?:AI|Labs|Lab|ML)")
"""`ArnorAI`: one word with the organisation's end inside; it ends in one of `ORGANISATION_WORD_ENDS`."""
ORGANISATION_WORD_ENDS = ("AI", "Labs", "Lab", "ML")

PASSIVE = re.compile(
    r"(?:, which)?,? (?:is|are|was|were|has been|have been|will be|would be|can be|to be|gets|got|becomes?|"
    r"goes|went|remains?)"
    r"(?: (?:now|also|being|fully|finally|officially|already|not|no longer|completely|still|yet|going|set|"
    r"expected|to|be))* (?:released|open[- ]?sourced?|open[- ]weights?|published|relicensed|licensed|"
    r"available|made|launched|withdrawn|removed|pulled|delayed|distributed|offered|free|proprietary|closed|"
    r"under)(?![a-z])"
    r"| (?:released|launched|published|open[- ]sourced|relicensed|made available) (?:under|as|with open|by|"
    r"to the public)(?![a-z])"
)
"""What happens to artefacts, behind its subject."""
PEOPLE_AT_BEFORE = re.compile(
    r"\b(?:researchers?|scientists?|engineers?|teams?|academics|students|developers|authors|group|staff|"
    r"experts) "
    r"(?:at|from|of) (?:the )?$"
    r"|\b(?:released|open[- ]sourced|published|launched|developed|built|created|made|trained|unveiled|"
    r"announced) by (?:the )?$"
    r"|\b(?:models?|llms?|chatbot|dataset|corpus|framework|toolkit|library) (?:by|from|of) (?:the )?$"
)
JOINED = re.compile(r",? (?:and|&) (?:the )?|, (?:the )?")
"""Between two organisations that act together."""
MADE_OPEN = re.compile(
    r" (?:(?:fully|freely|publicly|widely|completely) )?(?:available|public|open|downloadable|free to)(?![a-z])"
)
"""Behind what somebody makes open: "makes Lark available"."""
WEIGHTS_AFTER = re.compile(r" (?:model )?(?:weights|checkpoints)(?![a-z])")
IS_ORGANISATION = re.compile(
    r",? ?(?:\([^)]{1,30}\))?, (?:the )?(?:maker|developer|creator|publisher|operator)s? of |"
    r", which (?:makes|develops|builds|built|trains|trained|runs|maintains|publishes|sells) (?:the|an?) |"
    r",? ?(?:\([^)]{1,30}\))?,? (?:is )?(?:an?|the|one of the|maker of|developer of"
    r"|creators? of)(?: [\w'-]+){0,4}? "
    r"(?:start-?up|company|lab|laboratory|firm|unicorn|non-?profit|developer|maker|provider|vendor|"
    r"spin-?(?:off|out)|institute|organi[sz]ation|outfit|subsidiary|university)(?![a-z])"
)
CALLED_BEFORE = re.compile(
    r"\b(?:(?P<noun>models?|llms?|model family|family|series|chatbot|checkpoints?|dataset|data set|corpus|"
    r"framework|toolkit|library|agent|tool|protocol|standard|specification|engine|runtime|version|weights)"
    r"|(?P<organisation>start-?up|company|lab|laboratory|firm|non-?profit|outfit|group|organi[sz]ation|"
    r"institute|spin-?(?:off|out)))"
    r"(?:,? (?:that is|that's|is|was|has been|which is|which it|which they|internally|it|being|simply|"
    r"tentatively))*,? "
    r"[\w-]+(?: the)? [\"'“‘]?$"
)
WEIGHTS_OF_BEFORE = re.compile(
    r"\b(?:weights|code|licen[sc]e|release|launch) (?:of|for)(?: its| the)? [\"'“‘]?$"
)
NOUN_AFTER = re.compile(
    r"[\"'”’]?(?: (?:open(?:[- ](?:source|weights?))?|base|small|large|language|reasoning|coding|vision|"
    r"image|video|speech|audio|foundation|frontier|flagship|ai|multimodal|embedding|code|diffusion|world|"
    r"robotics|medical|text|generation|training|inference|agent|agentic|evaluation|instruction|\d+b)){0,3} "
    r"(?P<noun>models?|llms?|family|weights|series|checkpoints?|chatbot|datasets?|data sets?|corpus|"
    r"framework|toolkit|librar(?:y|ies)|agents?|sdk|cli|protocol|specification|codebase|repositor(?:y|ies)|"
    r"repo|engine)(?![a-z])"
)
IS_ARTEFACT = re.compile(
    r",? ?(?:\([^)]{1,30}\))?,? (?:(?:is|was|are|be) )?(?:an?|the|its|their|our)(?: [\w'.-]+){0,5}? "
    r"(?P<noun>models?|llms?|family|chatbot|dataset|corpus|framework|toolkit|library|agent|protocol|"
    r"specification|runtime|engine|server|software|compiler|simulator|harness)(?![a-z])"
)
_CHIEF = (
    r"(?:(?:the |its |a |an )?(?:(?:co-?)?founder(?:,? and)?|chief [a-z]+(?: [a-z]+)? officer|"
    r"chief executive(?: officer)?|chief scientist|c[etof]o|chair(?:man|woman)?|president|(?:managing |"
    r"executive )?director|boss|spokes(?:person|man|woman)|general counsel)(?: and |/|, | )?){1,3}"
)
_HEAD = (
    r"(?:(?:the |its |a |an )?(?:head(?: of [\w -]{2,30}?)?|vp(?: of [\w -]{2,30}?)?|lead(?:er)?|"
    r"vice[ -]president|chief [a-z]+|(?:research |technical )director|policy chief)(?: and |/|, | )?)"
)
_OFFICE = rf"(?:{_CHIEF}|{_HEAD}|{_CHIEF}{_HEAD}|{_HEAD}{_CHIEF})"
_OFFICE_OF = rf"(?:{_OFFICE},? ?(?:at|for)|{_CHIEF},? ?of|{_HEAD},? ?at) (?:the )?"
OFFICE_OF = re.compile(rf",? {_OFFICE_OF}")
"""Between a person and the organisation he speaks for: ", chief executive of "."""
OFFICE_BETWEEN = re.compile(rf"(?:'s?)?,? {_OFFICE},? ?")
"""Between an organisation and the person who speaks for it: "'s chief executive "."""
OFFICE_OF_BEFORE = re.compile(rf",? {_OFFICE_OF}$")
POSSESSIVE = re.compile(
    r"(?:'s|') (?:(?:new|latest|open|open-source|open-weight|own|first|flagship|upcoming) )*"
)
"""Between an organisation and what is its own."""
