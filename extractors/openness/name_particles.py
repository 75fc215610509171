"""What a Latin name is in a Korean, Chinese or Japanese sentence: by the particle, verb or noun beside it."""

from __future__ import annotations

import re
from typing import Literal

Told = Literal["organisation", "artefact"]

CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_ZH_ACT = (
    r"(?:今日|今天|昨日|昨天|近日|日前|本周|上周|下周|本月|下月|周[一二三四五六日天]|上午|下午|晚间|晚|正式|也|又|已|"
    r"已经|还|同步|率先|将|计划|拟|宣布|全面|首次|再次|突然|悄然|终于|重新|决定|正在|正|曾|不再|主动|一口气|联合|"
    r"同时|随后|或将|或){0,4}"
)
_ZH_VERB = (
    r"(?:开源|開源|发布|發布|推出|公布|公开|開放|开放|放出|上线|撤回|撤下|下架|停止|更换|修改|宣布|表示|否认|承诺|"
    r"收紧|放宽|切断|暂停|删除|清空|封堵|禁止|限制|恢复|取消|推迟|更新|捐|签署|拒绝|放弃|考虑|透露|承认|称|调整|"
    r"把|将|以|在.{1,16}?(?:上|社区)?(?:放出|发布|开源|公开|公布|上线))"
)
_KO_ACT = re.compile(r"공개|오픈 ?소스|오픈 ?웨이트|배포|출시|개방|발표|철회|중단|변경|전환")
_JA_ACT = re.compile(r"公開|オープンソース|オープンウェイト|リリース|発表|提供|撤回|中止|変更")

_ORGANISATION_AFTER = re.compile(
    rf"(?:은|는|이|가|측은|측이|에서)(?![가-힣])|(?:公司|团队|社)?{_ZH_ACT}{_ZH_VERB}|(?:社)?[はが]"
)
_ARTEFACT_AFTER = re.compile(
    r"(?:을|를)(?![가-힣])|(?:의 )?(?: ?모델)(?:을|를|은|이|의)?|(?:의)? ?가중치|(?:系列|大)?模型|的?权重|を"
    r"|(?:の)?(?:モデル|重み)|(?:정식|现已|已)开源"
)
_ARTEFACT_BEFORE = re.compile(
    r"(?:开源|開源|发布|發布|推出|公布|开放|上线|撤回|下架)(?:了|其|自研|首个|新一代|最新|的|全新|大|语言|"
    r"推理|多模态|模型|[“「《\"])*$"
    r"|(?:模型|智能体|框架|数据集) ?[“「《\"]?$"
    r"|(?:모델|챗봇|데이터셋|LLM|llm) ?[‘'“\"]?$|モデル[「『]?$|模型[“「《\"]?$"
)
_CLAUSE_START = re.compile(
    r"(?:^|[,.，。、；：:]|(?:스타트업|기업|업체|회사|개발사|公司|团队|企业|机构))[\s“「‘'\"]*$"
)


def told_by(folded: str, start: int, end: int) -> Told | None:
    """What a Latin name at `start:end` is, by the Korean, Chinese or Japanese words beside it; or None."""
    before, after = folded[max(0, start - 24) : start], folded[end : end + 24]
    if _ARTEFACT_BEFORE.search(before) or _ARTEFACT_AFTER.match(after):
        return "artefact"
    acts = _KO_ACT.search(folded, end) or _JA_ACT.search(folded, end) or CJK.match(after)
    if acts and _ORGANISATION_AFTER.match(after) and _CLAUSE_START.search(before):
        return "organisation"
    return None
