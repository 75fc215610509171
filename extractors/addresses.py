"""Web addresses: which may be asked for, which two are the same, whose they are, and how to show them.

The address that is fetched is never rewritten; `canonical_url` makes a key for comparing, and `redact`
a form for people and logs.
"""

from __future__ import annotations

import functools
import ipaddress
import re
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit, urlunsplit

LONGEST_URL = 2048
"""Characters. Longer ones are data, not addresses, and servers refuse them."""

DEFAULT_PORTS = {"http": 80, "https": 443}

# What campaigns, newsletters and analytics add to an address; none of them changes the page.
TRACKING_PARAMETERS = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid gad_source msclkid yclid ysclid twclid ttclid igshid igsh
    li_fat_id srsltid epik rdt_cid mc_cid mc_eid mkt_tok ml_subscriber ml_subscriber_hash oly_anon_id
    oly_enc_id vero_id vero_conv wickedid rb_clickid s_cid cmpid ncid _hsenc _hsmi __hssc __hstc __hsfp
    hsctatracking _openstat _branch_match_id _branch_referrer _ga _gl ga_source ga_medium ga_term
    ga_content ga_campaign
    sc_campaign sc_channel sc_content sc_medium sc_outcome sc_geo sc_country at_medium at_campaign at_link_id
    guce_referrer guce_referrer_sig guccounter sref smid smtyp ref_src ref_url xtor spm share_source
    share_medium share_plat share_session_id share_tag bbid ito wt_mc wt.mc_id
    """.split()  # noqa: SIM905 - a word list reads better than 70 quoted lines
)
TRACKING_PREFIXES = ("utm_", "mtm_", "matomo_", "pk_", "piwik_", "hsa_", "stm_", "itm_", "__s_")

_SECRET_NAMES = (
    r"(?:[\w.-]*[_.-])?(?:token|secret|password|passwd|pwd|pass|api[_-]?key|apikey|auth|authorization|credential"
    r"|credentials|sig|signature|session|sessionid|sid|jwt|key|access[_-]?key|private[_-]?key|hmac)"
)
_SECRET_PARAMETER = re.compile(rf"([?&;#]{_SECRET_NAMES}=)[^&;#\s\"'<>]*", re.IGNORECASE)
_USER_INFO = re.compile(r"([a-z][a-z0-9+.-]*:)?//[^\s/?#\"'<>]*@", re.IGNORECASE)
# The path of a webhook is its password.
_WEBHOOK_PATH = re.compile(r"(hooks\.slack\.com/)[^\s\"'<>]+", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def web_address_fault(url: str) -> str | None:
    """Why an address cannot be asked for, as the end of a sentence; None when it can.

    Only http and https lead to the web. A `file:` or `data:` address in a feed is an attack or a slip.
    """
    if len(url) > LONGEST_URL:
        return f"it has {len(url)} characters; at most {LONGEST_URL} are asked for"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        return f"it is no address ({error})"
    if parts.scheme not in DEFAULT_PORTS:
        return f"its scheme is '{parts.scheme}'; only http and https are fetched"
    if not host or host.strip(".") == "":
        return "it names no host"
    if port == 0:
        return "its port is 0"
    if _CONTROL.search(url) or " " in url.strip():
        return "it holds blanks or control characters"
    try:
        _ascii_host(host)
    except UnicodeError:
        return f"'{redact(host)}' is no name of a host"
    return None


def canonical_url(url: str) -> str:
    """The key that two spellings of one address share; applying it twice changes nothing.

    Lower-case scheme and host, no default port, no credentials, no fragment, no tracking parameters, one
    form of percent encoding (RFC 3986 §6.2.2). The order of parameters is kept, because some servers read
    it. Anything that is no http(s) address comes back as it is.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
            return url
        authority = _authority(parts)
    except ValueError:
        return url
    path = _without_dot_segments(_one_encoding(parts.path, "/:@!$&'()*+,;=~-._")) or "/"
    kept = [pair for pair in parts.query.split("&") if pair and not _is_tracking(pair)]
    query = "&".join(_one_encoding(pair, "/:@!$'()*+,;=~-._?") for pair in kept)
    return urlunsplit((parts.scheme, authority, path, query, ""))


def same_page_key(url: str) -> str:
    """`canonical_url` without its scheme: a publisher that moves to https keeps its articles."""
    return canonical_url(url).partition(":")[2] or url


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port: what a credential may be sent to (RFC 9110 §4.3.1)."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").rstrip("."), parts.port or DEFAULT_PORTS.get(parts.scheme, 0)


def host_of(url: str) -> str:
    """The host in lower case, without port and trailing dot; empty when there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


@functools.lru_cache(maxsize=20_000)
def registrable_domain(host: str) -> str:
    """The part of a host name somebody registered (`bbc.co.uk` of `news.bbc.co.uk`): whose server it is.

    By the public suffix list that comes with `tld`, private suffixes (`github.io`) included, because the
    sites below those belong to different people. An address in numbers stands for itself.
    """
    host = host.lower().rstrip(".")
    if _is_number_address(host):
        return host
    from tld import get_fld

    try:
        domain = get_fld(f"http://{host}", fail_silently=True, search_private=True)
    except Exception:  # noqa: BLE001 - the library indexes into odd names without care; the rule below holds
        domain = None
    return str(domain) if domain else ".".join(host.split(".")[-2:])


def is_own_machine(host: str) -> bool:
    """True for loopback addresses named as such: the user's own machine needs no politeness."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def redact(text: str) -> str:
    """A text that may hold addresses, fit for logs, tables and messages.

    User names, passwords and the values of parameters that look like keys become `***`; control and
    direction characters are written as escapes, so that no title can forge a line.
    """
    hidden = _USER_INFO.sub(lambda found: f"{found[1] or ''}//***@", text)
    hidden = _SECRET_PARAMETER.sub(r"\1***", hidden)
    hidden = _WEBHOOK_PATH.sub(r"\1***", hidden)
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), hidden)


def _authority(parts: SplitResult) -> str:
    host = _ascii_host(parts.hostname or "")
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    named = "" if port is None or port == DEFAULT_PORTS[parts.scheme] else f":{port}"
    return f"{host}{named}"


def _ascii_host(host: str) -> str:
    host = host.rstrip(".").lower()
    if host.isascii():
        return host
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host.encode("idna").decode("ascii")


def _is_number_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _is_tracking(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in TRACKING_PARAMETERS or name.startswith(TRACKING_PREFIXES)


def _one_encoding(text: str, safe: str) -> str:
    """Percent-encode what must be, decode what need not be, upper-case the rest."""
    pieces = re.split(r"(%[0-9A-Fa-f]{2})", text)
    return "".join(
        _plain_or_upper(p) if index % 2 else quote(p, safe=safe, errors="replace")
        for index, p in enumerate(pieces)
    )


def _plain_or_upper(escape: str) -> str:
    byte = unquote_to_bytes(escape)
    # RFC 3986 §2.3: unreserved characters mean the same with and without the escape.
    return byte.decode() if re.fullmatch(rb"[A-Za-z0-9._~-]", byte) else escape.upper()


def _without_dot_segments(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)
