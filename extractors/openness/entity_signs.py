"""Words beside a name that decide whether it counts and for whom it stands. All for folded text."""

from __future__ import annotations

import re

_ABOUT_AI = re.compile(
    r"(?<![a-z])(?:a\.?i\.?|llms?|gpt|models?|weights?|open[ -]?(?:sourc|weight)\w*|chatbots?|agentic|"
    r"agents?|licen[sc]\w*|inference|checkpoints?|datasets?|fine-?tun\w*|machine learning|neural|generative|"
    r"hugging ?face|github|parameters|training|trained|superintelligence)(?![a-z])"
    r"|모델|인공지능|가중치|오픈 ?소스|라이선스|거대언어|허깅 ?페이스|깃허브|폐쇄형|개방형|오픈 ?웨이트|闭源|"
    r"모[델]을|模型|人工智能|权重|開源|开源|智能体|許可|许可|モデル|人工知能|重み|オープン"
)
_GOVERNS = re.compile(
    r"(?:(?:'s)?(?: new| proposed| draft)? (?:rules?|ban|bill|export (?:controls?|curbs?)|regulators?|"
    r"lawmakers?)(?![a-z])"
    r"|,? (?:(?:has|have|had|is|are|was|will|would|could|may|might|should|must|also|now|reportedly|formally|"
    r"today|this week|last week|on (?:mon|tues|wednes|thurs|fri|satur|sun)day) )*(?:(?:not|set|planning|"
    r"plans?|preparing|considering|considers?|weighing|weighs?|moving|moves?|seeking|seeks?|poised|looking|"
    r"about|wants?|intends?|vow\w*|proposing|proposes?|proposed|threaten\w*|agree[sd]?|decid\w+|"
    r"vote[sd]?) (?:to |on |whether to )?(?:an? |the )?)*"
    r"(?:ban|bar|block|restrict|curb|limit|tighten|eas|loosen|lift|relax|weigh|consider|propos|order|requir|"
    r"approv|back|urg|mandat|regulat|prohibit|forbid|forbad|exempt|suspend|rescind|repeal|encourag|promot|"
    r"adopt|endors|legislat|permit|allow|scrap|revok|impos|ask|tell|told|direct|open-sourc|open sourc|releas|"
    r"publish|pledg|launch|announc|unveil|fund|draft|enact|delay|drop|call|want|reject|warn|sign|invest|"
    r"support|boost|commit|seek|say|said|lay|laid|embrac|champion|pursu)\w*(?![a-z]))"
    r"|(?! (?:ai|오픈 ?소스|모델|llm))(?:이|가|은|는|도|의|,)?"
    r"(?! ?(?:기업|업체|산 |계 |인 |인의|자본|이용자|사용자|스타트업|시장|연구|내 |대학|매체|언론))"
    r" ?(?:정부|당국|상무부)?[이가은는]? .{0,24}(?:금지|제한|규제|허용|완화|검토|추진|"
    r"발표|승인|명령)"
    r"|(?:政府|当局)?(?:将|拟|计划|考虑|宣布|或将|已|正)?(?:禁止|限制|管制|允许|放宽|批准|要求|出台|发布|"
    r"收紧|考虑|评估)"
    r"|(?:政府)?(?:が|は).{0,20}(?:禁止|制限|規制|緩和|検討|承認|発表)"
)
# "Microsoft-backed OpenAI", "Llama-based", "GPT-4-level": the name only describes something else.
_ONLY_DESCRIBES = re.compile(
    r"-(?:backed|owned|funded|based|style|styled|like|compatible|powered|level|class|affiliated|inspired|"
    r"derived|linked|hosted|branded|beating)(?![a-z])|\.(?:com|org|net|io|dev|gov|edu)(?![a-z])"
)
# "Qwen releases its largest model": the brand stands for its owner. Not "Gemma released under Apache 2.0".
_BRAND_ACTS = re.compile(
    r"(?: (?:has|have|is|also|today|just|now|will|quietly|officially|finally))* "
    r"(?:open-sourc(?:e|es|ed|ing)|open sourc(?:e|es|ed)|releas(?:e|es|ed|ing)|launch(?:es|ed|ing)?|"
    r"unveil(?:s|ed|ing)?|publish(?:es|ed|ing)?|announc(?:e|es|ed|ing)|introduc(?:e|es|ed|ing)|ship(?:s|ped)|"
    r"upload(?:s|ed)) "
    r"(?!under|as|with|to|by|in|on|for|at|this|last|today|yesterday|and)"
)


def speaks_of_ai(folded: str) -> bool:
    """Whether words say that a sentence is about AI, so that an ambiguous name may count."""
    return _ABOUT_AI.search(folded) is not None


def governs(folded: str, end: int) -> bool:
    """Whether a country's name that ends here stands for its government: a verb of governing follows."""
    return _GOVERNS.match(folded, end) is not None


def only_describes(folded: str, end: int) -> bool:
    """Whether a name that ends here only describes something else ("Microsoft-backed", "Llama-based")."""
    return _ONLY_DESCRIBES.match(folded, end) is not None


def brand_acts(folded: str, end: int) -> bool:
    """Whether a brand that ends here stands for its owner: it releases something."""
    return _BRAND_ACTS.match(folded, end) is not None
