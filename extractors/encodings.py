"""Bytes to text, whatever the document, the server or both say about the encoding.

RFC 7303 lets the server's charset win over the document's own. Servers are wrong more often than
documents, and text that is valid UTF-8 although it holds other than ASCII is UTF-8, whoever denies
it; so the order here is: byte order mark, valid UTF-8, the document, the server, a guess.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import chardet

_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# XML 1.0 appendix F: how `<?xm` or `<` and an ASCII letter begin without a mark.
_STARTS = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_XML_DECLARATION = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:\-]{1,40})[\"']")
_HTML_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:\-]{1,40})", re.IGNORECASE)
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:\-]{1,40})", re.IGNORECASE)

# WHATWG Encoding Standard §4.2: what these labels mean on the web.
_SUPERSETS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
    "euc_kr": "cp949", "big5": "big5hkscs", "iso8859-9": "cp1254", "tis-620": "cp874", "iso8859-11": "cp874",
}  # fmt: skip
_LABELS = {
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "windows-949": "cp949",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp",
}

_NOT_FOR_DOCUMENTS = frozenset(
    {
        "undefined",
        "idna",
        "punycode",
        "unicode-escape",
        "unicode_escape",
        "raw-unicode-escape",
        "raw_unicode_escape",
    }
)

_GUESSED_FROM = 50_000
"""Bytes a guess is made from: more costs time and changes no answer."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document as text."""

    text: str
    encoding: str
    """Python's name of the encoding that was used."""
    complaint: str | None
    """What was wrong with the declarations or the bytes; None: nothing."""


def decode(body: bytes, *, content_type: str | None) -> Decoded:
    """The text of a feed or page. Never raises: bytes that fit nothing become U+FFFD."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], name, None)
    for start, name in _STARTS:
        if body.startswith(start):
            return _decoded(body, name, None)
    declared = _declared(body)
    served = _codec(_HTTP_CHARSET.search(content_type or ""))
    try:
        # ISO-2022 hides other scripts in ASCII bytes, so for it UTF-8 validity says nothing.
        if not (declared or served or "").startswith(("iso2022", "hz", "utf-7")):
            text = body.decode("utf-8")
            return Decoded(text, "utf-8", _contradiction(declared or served, text))
    except UnicodeError:
        pass
    for stated in dict.fromkeys((declared, served)):
        if stated is not None and stated not in {"utf-8", "utf-16", "utf-32"}:
            try:
                return Decoded(body.decode(stated), stated, None)
            except UnicodeError:
                continue
    if _mostly_utf8(body):
        return _decoded(body, "utf-8", "bytes that are not UTF-8 stand in a document that otherwise is")
    guess = _known(chardet.detect(body[:_GUESSED_FROM])["encoding"] or "") or "cp1252"
    said = declared or served
    return _decoded(
        body,
        guess,
        f"no such encoding as declared ({said}); read as {guess}"
        if said
        else f"no encoding declared; read as {guess}",
    )


def _declared(body: bytes) -> str | None:
    head = body[:4096]
    return _codec(_XML_DECLARATION.search(head) or _HTML_META.search(head))


def _codec(found: re.Match[bytes] | re.Match[str] | None) -> str | None:
    if found is None:
        return None
    label = found[1]
    return _known(label.decode("ascii") if isinstance(label, bytes) else label)


def _known(label: str) -> str | None:
    """Python's name for a label as the web means it; None for one that names no text encoding."""
    label = label.strip().lower()
    try:
        info = codecs.lookup(_LABELS.get(label, label))
    except (LookupError, ValueError):
        return None
    # `rot13`, `zip` and `hex` are codecs too, and no encodings; the others are none for documents.
    if not info._is_text_encoding or info.name in _NOT_FOR_DOCUMENTS:
        return None
    return _SUPERSETS.get(info.name, info.name)


def _contradiction(said: str | None, text: str) -> str | None:
    if said in {None, "utf-8"} or text.isascii():
        return None
    return f"declared as {said}, but the bytes are UTF-8"


def _mostly_utf8(body: bytes) -> bool:
    """True when at most one byte in a hundred of those beyond ASCII does not fit: a cut or a stray byte."""
    text = body.decode("utf-8", "replace")
    beyond = sum(1 for char in text if ord(char) > 127)
    return text.count("\ufffd") * 100 <= beyond


def _decoded(body: bytes, encoding: str, complaint: str | None) -> Decoded:
    text = body.decode(encoding, "replace")
    if complaint is None and "\ufffd" in text:
        complaint = f"bytes that are not {encoding}"
    return Decoded(text.lstrip("\ufeff"), encoding, complaint)
