"""Pages that answer 200 and hold no article: walls, shells, errors in disguise.

Each is recognised by a phrase or mark *and* by how little else the page says: an article about
paywalls quotes the phrases too, but goes on for pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from lxml import etree

from extractors.metadata import PageFacts
from extractors.records import Snapshot

SHORT = 700
"""Characters of text below which a phrase of a wall is believed. Walls say little, and a teaser above a
paywall is a paragraph or two."""

VERY_SHORT = 250
"""Characters below which a text is hardly an article."""


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


_LONGEST_TEASER = 1500
"""Characters of text that a page which declares itself paid may show before it asks for money."""

_CONSENT = "The page shows only a request for consent to cookies."
_LOGIN = "The page asks the visitor to log in."
_PAYWALL = "The article is for subscribers; the page shows a teaser."

NOTHING = 120
"""Characters below which what was extracted is a remnant: a caption, a button, a date."""

# Nothing else may stand in the title but the site's name: "Access denied: ..." begins a headline too.
_BOT_TITLES = re.compile(
    r"(?:just a moment|attention required|access denied|pardon our interruption|one moment, please"
    r"|are you (?:a )?(?:human|robot)|verif(?:y|ying) (?:that )?you are (?:a )?human|human verification"
    r"|robot check|security check|checking your browser|ddos-guard|client challenge|403 forbidden)"
    r"[\s.!?…]*(?:[|–—-].*)?",
    re.IGNORECASE,
)
_BOT_PHRASES = _any_of(
    r"verify (?:that )?you are (?:a )?human",
    r"checking your browser before",
    r"unusual traffic from your",
    r"complete the (?:security check|captcha)",
    r"enable (?:javascript and )?cookies to continue",
    r"press (?:&|and) hold",
    r"are you a robot",
    r"automated access to",
    r"사람인지 확인|로봇이 아닙니다",
    r"安全验证|请完成验证|人机验证",
)
_BOT_MARKS = (
    b"/cdn-cgi/challenge-platform/",
    b"cf-chl-",
    b"captcha-delivery.com",
    b"geo.captcha",
    b"px-captcha",
    b"_Incapsula_Resource",
    b"awswaf.com",
    b"/_sec/cp_challenge/",
    b"sgcaptcha",
)

_CONSENT_HOSTS = re.compile(r"^(?:consent|guce|cmp|privacy-gate|myprivacy)\.", re.IGNORECASE)
_CONSENT_PHRASES = _any_of(
    r"before you continue",
    r"we (?:value|care about|respect) your privacy",
    r"accept all(?: cookies)?",
    r"reject all",
    r"manage (?:your )?(?:cookies|consent|preferences|privacy)",
    r"(?:we|our|and) (?:and our )?(?:\d+ )?partners (?:store|use|process)",
    r"store and/or access information on a device",
    r"cookie (?:settings|policy|preferences)",
    r"your consent",
    r"alle akzeptieren|wir verwenden cookies",
    r"tout accepter|accepter et continuer",
    r"aceptar todo|accetta tutti",
    r"쿠키|개인정보 처리",
    r"接受所有|使用\s?cookie|隐私(?:政策|设置)",
    r"すべて同意|クッキー",
)
_PAYWALL_PHRASES = _any_of(
    r"subscribe (?:now |today )?(?:to|for) (?:continue|keep|read|unlock|full access|unlimited)",
    r"(?:article|story|post|content) is (?:reserved |available )?(?:exclusively )?(?:for|to)"
    r" (?:\w+ ){0,2}(?:subscribers|members)",
    r"(?:log|sign) in or subscribe to",
    r"unlock (?:this|the full) (?:article|story)",
    r"jetzt weiterlesen",
    r"réservé aux abonnés",
    r"suscríbete para",
    r"유료\s?회원|구독(?:하고|자 전용)",
    r"订阅后(?:阅读|继续)|付费(?:阅读|内容)",
    r"会員限定|続きを読むには",
)
# What sites also print beside articles that are free: believed only where there is next to no text.
_PAYWALL_HINTS = _any_of(
    r"(?:to|and) (?:continue|keep) reading",
    r"already a (?:subscriber|member)",
    r"subscribers? only|for subscribers",
    r"(?:free|remaining) articles? (?:this month|left|remaining)",
    r"become a (?:paid )?(?:subscriber|member)",
    r"start your (?:free )?trial",
    r"abonnieren sie|abonnez-vous",
)
_OFFERS = re.compile(f"{_PAYWALL_PHRASES.pattern}|{_PAYWALL_HINTS.pattern}", re.IGNORECASE)
_LOGIN_PHRASES = _any_of(
    r"(?:log|sign) ?in (?:to|with) (?:continue|read|view|your account|access)",
    r"you (?:must|need to) (?:be logged|log|sign) ?in",
    r"forgot (?:your )?password",
    r"create an account",
    r"로그인이 필요",
    r"请(?:先)?登录",
    r"ログインしてください",
)
_LOGIN_PATHS = _any_of(r"/(?:log-?in|sign-?in|account/login|users/sign_in|auth(?:enticate)?)(?:[/.?]|$)")
_SCRIPT_PHRASES = _any_of(
    r"(?:enable|activate|turn on|requires?|needs?|without) (?:your browser.s )?javascript",
    r"javascript (?:is|to be) (?:disabled|required|enabled)",
    r"javascript (?:aktivieren|를 (?:활성화|사용))",
    r"(?:启用|開啟|啟用)\s?javascript",
    r"javascriptを有効",
)
_SHELL_ROOTS = frozenset({"root", "app", "__next", "__nuxt", "___gatsby", "svelte", "main-app", "app-root"})
_NOT_FOUND_TITLES = _any_of(
    r"^(?:error )?(?:404|410)\b",
    r"\b404\b.{0,20}(?:not found|error)",
    r"^page not found",
    r"^seite nicht gefunden|^page (?:introuvable|non trouvée)|^página no encontrada",
    r"페이지를 찾을 수 없|页面不存在|页面未找到|ページが見つかりません",
)
_NOT_FOUND = _any_of(
    r"page not found",
    r"page (?:was |could )?(?:not|cannot|can.t) (?:be )?found",
    r"(?:page|article|story|content|post) (?:you.{1,40} )?(?:is )?no longer (?:available|exists?)",
    r"(?:page|article|story|content|post) (?:you.{1,40} )?(?:is not available|doesn.t exist|does not exist)",
    r"(?:page|article|story|content|post) (?:you.{1,40} )?(?:has been|was) (?:removed|deleted)",
    r"can.t find (?:that|the|this) page",
    r"nothing (?:was )?found",
    r"seite (?:wurde )?nicht gefunden",
    r"page (?:introuvable|non trouvée)",
    r"página no encontrada",
    r"페이지를 찾을 수|존재하지 않는",
    r"页面(?:不存在|未找到)|找不到(?:该|此|您)?.{0,6}页",
    r"ページが見つかりません",
)


def find_wall(
    snapshot: Snapshot, tree: etree._Element, facts: PageFacts, text: str, *, visible: Callable[[], str]
) -> str | None:
    """What stands in the way of the article, as one sentence for people; None when nothing does.

    `text` is what the extraction found, `visible` gives all that the page shows apart from its edges.
    """
    length = len(text)
    title = facts.title
    if snapshot.header("cf-mitigated") == "challenge":
        return "The site's protection answered with a check for bots (cf-mitigated)."
    if (elsewhere := _sent_elsewhere(snapshot)) is not None:
        return elsewhere
    paid = facts.free is False and length < _LONGEST_TEASER
    if length >= SHORT and not paid:
        return None
    said = f"{title}\n{visible()[:6000]}"
    if paid and (length < SHORT or _OFFERS.search(said)):
        return _PAYWALL
    if length >= SHORT:
        return None
    if (
        _BOT_TITLES.fullmatch(title)
        or _BOT_PHRASES.search(said)
        or (length < VERY_SHORT and any(mark in snapshot.body for mark in _BOT_MARKS))
    ):
        return "The page asks the visitor to prove not to be a bot."
    if _NOT_FOUND_TITLES.search(title) or (length < VERY_SHORT and _NOT_FOUND.search(visible()[:1500])):
        return "The page says that there is nothing at this address, though it answers 200."
    if _is_consent(said, text):
        return _CONSENT
    if _PAYWALL_PHRASES.search(said) or (length < VERY_SHORT and _PAYWALL_HINTS.search(said)):
        return _PAYWALL
    if _is_login(tree, said):
        return _LOGIN
    if length < NOTHING and _is_shell(tree, said, visible()):
        return "The page is empty until its scripts have run."
    return None


def _sent_elsewhere(snapshot: Snapshot) -> str | None:
    """What a redirect away from the article says, however much text stands where it ends."""
    asked, answered = urlsplit(snapshot.url), urlsplit(snapshot.final_url)
    if not snapshot.redirects:
        return None
    if _CONSENT_HOSTS.match(answered.hostname or ""):
        return _CONSENT
    if _LOGIN_PATHS.search(answered.path) and not _LOGIN_PATHS.search(asked.path):
        return _LOGIN
    # Some sites do so instead of saying that an article is gone.
    if asked.path.strip("/") and answered.path in {"", "/"} and not answered.query:
        return "The address leads to the front page of the site."
    return None


def _is_consent(said: str, text: str) -> bool:
    """True when what was extracted is the banner itself, or nothing beside it."""
    if len(_phrases(said)) < 2:
        return False
    return len(text) < NOTHING or len(_phrases(text)) >= 2


def _phrases(text: str) -> set[str]:
    return {found.lower() for found in _CONSENT_PHRASES.findall(text)}


def _is_login(tree: etree._Element, said: str) -> bool:
    password = any((field.get("type") or "").lower() == "password" for field in tree.iter("input"))
    return password and _LOGIN_PHRASES.search(said) is not None


def _is_shell(tree: etree._Element, said: str, visible: str) -> bool:
    if _SCRIPT_PHRASES.search(said + "\n".join("".join(part.itertext()) for part in tree.iter("noscript"))):
        return True
    scripts = sum(1 for _ in tree.iter("script"))
    roots = any(element.get("id") in _SHELL_ROOTS for element in tree.iter("div", "main", "app-root"))
    return scripts > 0 and roots and len(visible) < VERY_SHORT
