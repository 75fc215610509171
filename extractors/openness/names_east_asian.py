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
# What stands before 数据, 大学, AI … where it is a common noun.
_CHINESE_GENERIC = (
    r"(?:训练|开源|开放|闭源|用户|个人|中文|英文|全部|测试|评测|海量|人形|工业|家用|服务|云端|公共|公开|生成|国产|中国|美国|"
    r"企业|主权|边缘|端侧|物理|具身|多模态|对话|全球|消费|通用|医疗|前沿|本地|自研|海外|欧洲|韩国|日本|聊天|编程|语音|"
    r"多所|一所|这所|该|新|大|社交|联合|交通|这家|多家|还有|如何|为何|什么|当|从|给|教育|金融|法律|农业|办公|手机|汽车|"
    r"智慧|科学|游戏|视频|图像|音乐|绘画|写作|搜索|安全|可信|推理|超级|未来|下一代|早期|传统|儿童|学生|谈|聊|看好|拥抱|"
    r"投资|押注|发展|监管|治理|研发|应用|利用|通过|借助|开发|打造|构建|推动|支持|布局|关注|学习|理解|解读|专访|评论|观点|"
    r"今日|本周|首款|首个|[一两三四五六七八九十多几]款|[一两三四五六七八九十多几]家|仿冒|假冒|最强|全新|热门|知名|主流|各类|各种|某)"
)
# Behind "AI" these make a common noun of it ("金融AI工具").
_CHINESE_OF_AI = (
    r"(?:工具|助手|公司|产品|行业|产业|领域|技术|应用|企业|监管|治理|法案|安全|插件|音箱|眼镜|手机|芯片|服务|平台|系统|搜索|"
    r"绘|人才|大会|伦理|竞赛|生态|时代|能力|基础|智能体|代理|聊天|玩具|伴侣|陪|写|生成|视频|图)"
)
_CHINESE_PARTICLES = "拟对将的与和用为把了是在向有以让使由被等款于并都"
_CHINESE_ACTS = (
    r"(?:今日|今天|昨日|昨天|近日|日前|本周|上周|周[一二三四五六日]|正式|也|又|已|还|率先|将|计划|宣布|全面|首次)*"
    r"(?:开源|发布|推出|公布|公开|开放|放出|上线|撤回|撤下|下架|停止|修改|宣布|表示|否认|承诺|收紧|删除|推迟|拒绝|称|把)"
)
_CHINESE_ORGANISATION = re.compile(
    r"(?:^|(?<=[，。、：；！？\"“”「『\s,:;])|(?<=公司)|(?<=企业)|(?<=团队)|(?<=机构)|(?<=由)|(?<=与)|(?<=和)"
    r"|(?<=的)|(?<=因)|(?<=称)|(?<=曝)|(?<=悉)|(?<=据)|(?<=求)|(?<=诉)|(?<=\n))"
    r"(?P<name>[一-鿿]{2,4}?(?:科技|智能|实验室|研究院|研究所|智算|数科|数研)|[一-鿿]{2,6}?(?:联盟|协会|研究中心)"
    rf"|(?!{_CHINESE_GENERIC}|[一-鿿]{{0,3}}[{_CHINESE_PARTICLES}])[一-鿿]{{2,4}}?(?:AI(?![A-Za-z]|{_CHINESE_OF_AI})|(?:机器人|数据|软件|网络|云|大学|集团|通信|"
    rf"研究)(?={_CHINESE_ACTS})))"
)
_CHINESE_AFTER_NOUN = re.compile(
    r"(?:初创公司|创业公司|初创企业|科技公司|智能公司|AI公司)[“「\"]?(?P<name>[一-鿿A-Za-z]{2,8}?)[”」\"]?"
    r"(?=(?:今日|今天|昨日|近日|日前|正式|也|已|还|率先|将|计划|拟|宣布|全面|首次){0,3}(?:开源|发布|推出|"
    r"公布|开放|上线|撤回|宣布|表示))"
)
# "传星澜智能将…": hearsay, no part of the name.
_HEARSAY = re.compile(r"[传曝][一-鿿]{4,}")
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
        start, past = match.span("name")
        if _HEARSAY.match(name):
            start, name = start + 1, name[1:]
        yield InferredName(start, past, "organisation", name)


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
