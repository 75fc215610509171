"""Unlisted names in Korean and Chinese: who acts, and how the article spells it in Latin letters.

Korean marks a subject by a particle behind it ("솔트룩스가"), Chinese by its place before the
verb, and headlines of both set the actor before a comma, a colon or a quotation. Common nouns in
that place ("회사는", "公司") are no names.
"""

from __future__ import annotations

import re
from functools import lru_cache

from extractors.openness.patterns import ARTEFACT

_LATIN = r"""[가-힣一-鿿A-Za-z0-9-]{0,3}['"’”」』》]? ?[(（](?P<latin>[A-Z][A-Za-z0-9 .&'-]{1,30})[)）]"""

# "징후-72B" beside "징후(Jinghu)" is Jinghu-72B.
_SIZE = re.compile(r"[- ]?\d")

_KOREAN = re.compile(
    r"""(?:^|[.…] |(?:스타트업|기업|업체|회사|개발사|연구기관|대학)(?:인)? )["'“‘\[]?"""
    r"""(?P<name>[가-힣A-Za-z0-9]{2,12}?)(?:\([^)]{1,30}\))?"""
    r"""(?:측은|측이|에서는|[가이은는](?= )|, | (?=["“]))"""
)
_UNIVERSITY = re.compile(
    r"(?<![가-힣])(?P<name>[가-힣]{2,6}대(?:학교)?)(?= [가-힣]{0,10}(?:연구팀|연구실|연구진|교수))"
)
_KOREAN_NOUNS = re.compile(
    r"(?:이|그|저|각|양|한|두|세|해당|이번|지난|올|내|신|새|타|동)?"
    r"(?:회사|업체|기업|모델|정부|당국|연구진|연구팀|개발진|개발자|이용자|사용자|소비자|전문가"
    r"|관계자|대표|교수|위원회|업계|학계|시장|가중치|라이선스|소스코드|코드|데이터|서비스|기술"
    r"|제품|버전|성능|결과|사람|팀|측|당사|양사|보고서|보도|매체|언론|법원|국회|의회|프로젝트"
    r"|플랫폼|도구|앱|에이전트|챗봇|프로그램|소프트웨어)"
    r"|.*(?:들|모델|버전|시스템|서비스|라이선스|가중치|관계자|대변인|최고경영자|대표|교수)"
    r"|그러나|결국|반면|이에|여기에|앞서|이어|게다가|하지만|따라서|그런데|실제로|이번엔|이번에는|마침내|드디어"
    r"|우리|저희|누구|오늘|올해|작년|현재|다만|한편|또한?|특히|국내|해외|모두|하나|여기|그는|그녀"
    r"|중국|미국|한국|일본|유럽|이것|그것|이후|이미|아직"
)
_CHINESE = re.compile(
    r"""(?:^|[，。：；,:;]|公司|企业|团队|机构|厂商)["“「『《]?"""
    r"""(?P<name>[一-鿿A-Za-z0-9]{2,8}?)["”」』》]?"""
    r"""(?=(?:今日|今天|昨日|昨天|近日|日前|上周|本周|周[一二三四五六日]|正式|宣布|表示|称|将|已|已经"""
    r"""|再次|首次|率先|联合|全面|也|又|还|把|再|终于|同步)*"""
    r"""(?:开源|发布|公布|公开|推出|开放|放出|下架|撤下|删除|取消|推迟|更换|改用|暂停|切断"""
    r"""|把|将|以(?=[A-Za-z一-鿿\ue005])|于(?=[今昨近周上本\d])|(?:宣布|表示|称|透露|承认|官宣)(?=[，,：:“"])|：|:))"""
)
# "微软WizardLM-2被撤下": who stands right before what is theirs.
_CHINESE_OWNER = re.compile(rf"(?:^|[，。：；,:;“])(?P<name>[一-鿿]{{2,4}})(?={ARTEFACT})")
# What follows a subject before its verb and is no part of the name.
_CHINESE_TAIL = re.compile(
    r"周[一二三四五六日天]|[今昨][日天]|[上下本]周|[上下本]月|正在|承诺|计划|考虑|没有|决定|打算|拒绝|首席|创始|副总|董事|总裁|总经理"
)
_CHINESE_NOUNS = re.compile(
    r"[这那又几两三四五六七八九十][一-鿿]*|原定?.*|.*[后前时底]|"
    r"[随与因对为就一有每各多其将拟会已曾均仅只并但而据].*|.*\d.*|(?:公司|本公司|本报|记者|内部|此前|模型).*"
    r"|新(?:助手|模型|版本|产品|品|系统|功能|平台|服务).*|.*(?:曾|倾向).*"
    r"|.*(?:公司|团队|官方|模型|消息|方面|人员|人士|专家|网友|用户|企业|厂商|开发者|记者|机构"
    r"|权重|许可证|代码|政府|版本|系列|的|了|于|在|是|今年|去年|目前|最新|首个|这款|一款|回应)"
    r"|此外|同时|随后|据悉|业内|我们|他们|她|他|它|这|那|首次|此次|中国|美国|欧盟|日本|韩国"
    r"|其中|之后|以来|如今|现在|原定"
    r"|.*(?:公告|声明|报道|文章|数据|报告|邮件|博客|内部信|媒体|外媒|文件|规定|调查)"
    r"|.*(?:分析师|业内|学者|律师|教授|博士|先生|女士|负责人|发言人|创始人|高管|总裁|执行官|消息称|据称)"
    r"|.*(?:开源|闭源|国产|首款|全新|旗舰|新款|包括|例如|比如|支持|采用|使用|超过|相比|发布|推出|公布|放出|下架|上线|关于|围绕)"
)


# A family's name up to where its version begins: "Kimi K2.5 / K2.6", "Qwen3.8", "FLUX.1".
_BRAND = re.compile(r"(?P<brand>[^(/,…–]*?)(?P<gap>[ -]?)(?=[A-Z]?\d)")
_FAMILY_HEAD = re.compile(r" ?[(/,…–]")
_VERSION = re.compile(r"(?P<before>(?<![A-Za-z])[A-Za-z]*-?)(?P<number>\d.*)")
_TIERS = {
    "프로": "Pro", "맥스": "Max", "미니": "Mini", "플래시": "Flash", "나노": "Nano", "슈퍼": "Super", "울트라": "Ultra",
    "스몰": "Small", "라지": "Large", "미디엄": "Medium", "스카우트": "Scout", "매버릭": "Maverick", "플러스": "Plus",
    "넥스트": "Next", "프리뷰": "Preview", "씽킹": "Thinking", "코드": "Code", "터보": "Turbo",
}  # fmt: skip
_EAST_ASIAN_WORD = re.compile(r"[ -]?[가-힣一-鿿ァ-ヺー]+")


def listed_in_latin(text: str, family: str) -> str:
    """The usual name of a listed artefact written in another script: the brand of its family, the version as written.

    `키미 K2.6` of the family `Kimi K2.5 / K2.6 / K2.7-Code` is `Kimi K2.6`. A name in Latin letters stays as it is.
    """
    if _EAST_ASIAN_WORD.search(text) is None:
        return text
    head = _FAMILY_HEAD.split(family)[0].strip()
    named = _BRAND.match(family)
    brand, gap = (named["brand"], named["gap"]) if named else (head, " ")
    version = _VERSION.search(text)
    if version is None or not brand:
        return head
    tail = _EAST_ASIAN_WORD.sub(_tier, version["number"]).strip()
    if _EAST_ASIAN_WORD.search(tail):
        return head
    before = version["before"]
    if not brand.lower().endswith(before.rstrip("-").lower()):
        tail = before + tail
    return f"{brand}{gap}{tail}"


def _tier(word: re.Match[str]) -> str:
    letters = word.group().lstrip(" -")
    return word.group().removesuffix(letters) + _TIERS.get(letters, letters)


def spelled_in_latin(name: str, text: str) -> str | None:
    """The Latin spelling an article gives of a name (`Nuribom` for 누리봄). None: it gives none."""
    if not name or name.isascii():
        return None
    latin = _spelling(name, text)
    base = _SIZE.split(name)[0]
    if latin is None and len(base) > 1 and base != name and (latin := _spelling(base, text)) is not None:
        return latin if any(char.isdigit() for char in latin) else latin + name[len(base) :]
    return latin


@lru_cache(maxsize=256)
def _spelling(name: str, text: str) -> str | None:
    found = re.search(re.escape(name) + _LATIN, text)
    return found["latin"].strip() if found else None


def east_asian_subject(masked: str, text: str) -> str | None:
    """The unlisted name in the subject's place of a folded, masked sentence, as `text` writes it; None: there is none.

    A name in Latin letters is none here: such names are told by `names`.
    """
    for pattern, nouns in (
        (_UNIVERSITY, _KOREAN_NOUNS),
        (_KOREAN, _KOREAN_NOUNS),
        (_CHINESE, _CHINESE_NOUNS),
        (_CHINESE_OWNER, _CHINESE_NOUNS),
    ):
        for found in pattern.finditer(masked):
            name = found["name"]
            if nouns is _CHINESE_NOUNS:
                name = _CHINESE_TAIL.split(name, maxsplit=1)[0]
            if len(name) > 1 and not nouns.fullmatch(name) and not name.isascii():
                start = found.start("name")
                return text[start : start + len(name)]
    return None
