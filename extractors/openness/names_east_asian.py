"""Names that nobody has listed in Korean, Chinese and Japanese sentences: by last syllables, quotes, numbers.

These scripts lack capitals, so less can be told than in `names`: an organisation by what its name ends in
(달무리랩스, 海潮实验室), by a word for one before it ("스타트업 …") or by its Latin spelling in brackets; an
artefact by a size or version behind it (온새미-8B, 杏林-8B) or by quotation marks beside a word for a model
(모델 '메아리', 模型"听涛").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.openness.name_records import InferredName, KnownSpan, blank
from extractors.openness.traditional import simplified

_SCRIPT = re.compile("[가-힣一-鿿ァ-ヺ]")

_KOREAN_ENDS = (
    "AI|랩스|연구소|연구원|테크놀로지스?|테크|로보틱스|인텔리전스|네트웍스|소프트|모바일|"
    "시스템즈|재단|대학교|컴퍼니"
)
_KOREAN_ORGANISATION = re.compile(
    rf"(?<![가-힣A-Za-z0-9])(?P<name>[가-힣A-Za-z0-9]{{1,10}}?(?:{_KOREAN_ENDS}))(?![A-Za-z0-9])"
)
_KOREAN_AFTER_NOUN = re.compile(
    r"(?:스타트업|신생기업|기업|업체|개발사"
    r"|연구기관) [‘'“\"]?(?P<name>[가-힣A-Za-z0-9]{2,12}?)[’'”\"]?(?=[이가은는](?: |$)|,)"
)
_KOREAN_SPELLED = re.compile(
    r"(?<![가-힣])(?P<name>[가-힣]{2,12})(?=\([A-Za-z][A-Za-z0-9 .&-]{1,30}\)(?:[이가은는의과와]|"
    r"측)(?![가-힣]))"
)
_MODEL_BEFORE = re.compile(
    r"(?:모델|말뭉치|데이터 ?세트|도구|프레임워크|소프트웨어|에이전트|프로그램|버전) ['\"‘“]?$"
)
_KOREAN_KINDS = re.compile(
    r"^(?:생성형?|초거대|범용|오픈소스|개방형|폐쇄형|의료|피지컬|에이전틱|음성|멀티모달|차세대|국산|독자|"
    r"소버린|이|그|각|한|해당|대화형|자체|첨단"
    r"|국가|민간|기업|전문|통신|최신|빅)(?:AI|연구소|연구원|테크|재단|대학교|소프트)$"
)
_CHINESE_ORGANISATION = re.compile(
    r"(?:^|(?<=[，。、：；！？\"“”「『\s])|(?<=公司)|(?<=企业)|(?<=团队)|(?<=机构)|(?<=由)|(?<=与)|(?<=和)"
    r"|(?<=的)|(?<=因)|(?<=称)|(?<=曝)|(?<=悉)|(?<=据)|(?<=求)|(?<=诉)|(?<=\n))"
    r"(?P<name>[一-鿿]{2,4}?(?:科技|智能|实验室|研究院|研究所|智算|数科)|[一-鿿]{2,6}?(?:联盟|协会|研究中心))"
)
_CHINESE_AFTER_NOUN = re.compile(
    r"(?:初创公司|创业公司|初创企业|科技公司|智能公司|AI公司)[“「\"]?(?P<name>[一-鿿A-Za-z]{2,8}?)[”」\"]?"
    r"(?=(?:今日|今天|昨日|近日|日前|正式|也|已|还|率先|将|计划|拟|宣布|全面|首次){0,3}(?:开源|发布|推出|"
    r"公布|开放|上线|撤回|宣布|表示))"
)
_JAPANESE_ORGANISATION = re.compile(
    r"(?:^|(?<=[、。「\s]))(?P<name>[ァ-ヺー一-鿿]{2,12}?(?:社|株式会社|大学|研究所|ラボ))(?=[はがの])"
)
_CHINESE_KINDS = re.compile(
    r"^(?:通用)?(?:人工|具身|超级|商业|群体|生成式|机器|信息|高新|前沿|国家|联合|重点|这家|该|多家)(?:智能|"
    r"科技|实验室|研究院|研究所)$|^[把将被对由在为用从以让使与和就].*|.*(?:自家|自研|旗下|国产).*|.*人工智能$"
)

_ORGANISATIONS = (
    _KOREAN_ORGANISATION,
    _KOREAN_SPELLED,
    _KOREAN_AFTER_NOUN,
    _CHINESE_ORGANISATION,
    _CHINESE_AFTER_NOUN,
    _JAPANESE_ORGANISATION,
)

_QUOTED = re.compile(
    r"['\"‘“「『《](?P<name>[가-힣一-鿿ァ-ヺA-Za-z][가-힣一-鿿ァ-ヺーA-Za-z0-9 .\-]{0,23}?)['\"’”」』》]"
)
_MODEL_NEAR = re.compile(
    r"モデル|모델|말뭉치|데이터세트|데이터셋|에이전트|도구|코드|라이브러리|프레임워크|가중치|模型|权重|数据集|语料|智能体|工具"
)
# Words that stand in quotation marks because somebody said them.
_NO_NAME = re.compile(
    r"비?공개|오픈소스|오픈 ?웨이트|개방형?|폐쇄형?|무료|공짜|독자|국대|접근 금지|곧 공개"
    r"|开源|闭源|开放|免费|开放权重|很快"
)
_NUMBERED = re.compile(r"(?P<name>[가-힣一-鿿]{2,6}-\d{1,3}(?:\.\d+)?[BbMm]?)(?![0-9A-Za-z])")
# "旗舰模型镜湖Max": a tier written behind a Chinese or Korean name.
_TIERED = re.compile(
    r"(?:^|(?<=[:：，,、“「《（( ])|(?<=模型)|(?<=旗舰)|(?<=模型“)|(?<=公开)|(?<=开源)|(?<=发布))"
    r"(?P<name>(?!包括|包含|这是|以及|还有|其中|分别|分为|称为|名为|新款|最新|旗舰|升级|标准|专业|首款|全新|相比|支持|超过|推出|发布|采用)"
    r"[一-鿿]{2,4}[- ]?(?:Max|Pro|Plus|Ultra|Mini|Flash|Lite|Turbo|Preview))(?![A-Za-z])"
)
_FUNCTION_WORDS = "将把的了对由在与和是及"


def is_east_asian(text: str) -> bool:
    """Whether a sentence holds Korean or Chinese writing."""
    return not text.isascii() and _SCRIPT.search(text) is not None


def infer_east_asian_names(
    cased: str, known: Sequence[KnownSpan], latin: Sequence[InferredName] = ()
) -> list[InferredName]:
    """The new names of a Korean or Chinese sentence outside the `known` ones, by their place.

    `latin`: names in Latin letters found in it already; they are among those returned unless they are part of
    one in the sentence's own script (`AI` of 별밭AI).
    """
    free = blank(simplified(cased), known)
    organisations = [found._replace(name=cased[found.start : found.end]) for found in _organisations(free)]
    latin = [
        name
        for name in latin
        if not any(own.start < name.end and name.start < own.end for own in organisations)
    ]
    named = [name.name for name in (*organisations, *latin) if name.type == "organisation"]
    owner = named[0] if len(named) == 1 and not any(span.organisation for span in known) else None
    found = [*organisations, *latin]
    found.extend(
        artefact._replace(name=cased[artefact.start : artefact.end])
        for artefact in _artefacts(blank(free, found), owner)
    )
    return sorted(found, key=lambda name: name.start)


def _organisations(free: str) -> Iterator[InferredName]:
    past = 0
    found = sorted(
        (match for pattern in _ORGANISATIONS for match in pattern.finditer(free)),
        key=lambda match: (match.start("name"), -match.end("name")),
    )
    for match in found:
        name = match["name"]
        if match.re is _KOREAN_SPELLED and _MODEL_BEFORE.search(free, 0, match.start("name")):
            continue
        if match.start("name") < past or _KOREAN_KINDS.match(name) or _CHINESE_KINDS.match(name):
            continue
        past = match.end("name")
        yield InferredName(match.start("name"), past, "organisation", name)


def _artefacts(free: str, owner: str | None) -> Iterator[InferredName]:
    past = 0
    found = [match for match in _QUOTED.finditer(free) if _is_artefact(free, match)]
    found += [*_NUMBERED.finditer(free), *_TIERED.finditer(free)]
    for match in sorted(found, key=lambda match: (match.start("name"), -match.end("name"))):
        start, end = match.span("name")
        while start < end and free[start] in _FUNCTION_WORDS:
            start += 1
        if start < past:
            continue
        past = end
        yield InferredName(start, end, "artefact", free[start:end], owner, "model")


def _is_artefact(free: str, quoted: re.Match[str]) -> bool:
    """Whether quotation marks hold a name: a word for a model stands beside them."""
    if _NO_NAME.fullmatch(quoted["name"]):
        return False
    if " " in quoted["name"] and not any(char.isdigit() for char in quoted["name"]):
        return False
    around = free[max(0, quoted.start() - 12) : quoted.start()] + " " + free[quoted.end() : quoted.end() + 8]
    return _MODEL_NEAR.search(around) is not None
