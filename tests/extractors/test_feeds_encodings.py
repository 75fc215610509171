"""Encodings: whatever is declared, by the document or the server or nobody, the words come out right."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime

import pytest

from extractors.encodings import decode
from extractors.feeds import parse_feed
from extractors.records import ParsedFeed

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)

# A sentence of some length, since an undeclared encoding can only be guessed from enough of it.
LATIN = (
    "Café société française : l’« été » à Besançon, où naît une œuvre très singulière – déjà célèbre. " * 3
)
GERMAN = "Größere Mädchen fahren über die Brücke zur schönen Universität Köln, müde und fröhlich. " * 3
POLISH = "Zażółć gęślą jaźń; łódź płynęła wśród źdźbeł, a żółw śpiewał piękną pieśń o wolności. " * 3
RUSSIAN = "Лаборатория открыла веса своей новой модели для всех желающих, сообщает наш корреспондент. " * 3
GREEK = "Το εργαστήριο έδωσε στη δημοσιότητα τα βάρη του νέου του μοντέλου με ελεύθερη άδεια χρήσης. " * 3
HEBREW = "המעבדה פרסמה את המשקולות של המודל החדש שלה ברישיון חופשי לכל מי שרוצה להשתמש בהן. " * 3
KOREAN = "연구소는 새로운 언어 모델의 가중치를 누구나 내려받을 수 있도록 공개했다고 밝혔다. " * 3
CHINESE = "实验室今天宣布开放新一代语言模型的全部权重,任何人都可以免费下载并用于商业产品。" * 3
JAPANESE = "研究所は新しい言語モデルの重みを、誰でも自由に利用できるライセンスで公開した。" * 3

ENCODINGS = [
    ("utf-8", KOREAN),
    ("utf-16-le", RUSSIAN),
    ("utf-16-be", RUSSIAN),
    ("utf-32-le", GREEK),
    ("utf-32-be", GREEK),
    ("iso-8859-1", GERMAN),
    ("windows-1252", LATIN),
    ("iso-8859-2", POLISH),
    ("windows-1251", RUSSIAN),
    ("koi8-r", RUSSIAN),
    ("windows-1253", GREEK),
    ("windows-1255", HEBREW),
    ("euc-kr", KOREAN),
    ("gb18030", CHINESE),
    ("big5", "實驗室今天宣布開放新一代語言模型的全部權重,任何人都可以免費下載並用於商業產品。" * 3),
    ("shift_jis", JAPANESE),
    ("euc-jp", JAPANESE),
]
MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
SITUATIONS = ["declared by both", "document only", "server only", "nobody", "wrong server", "text/xml"]


def title_of(words: str, encoding: str, situation: str) -> str:
    """The title as it is read when document and server declare what the situation says."""
    in_document = situation in {"declared by both", "document only", "wrong server", "text/xml"}
    name = encoding.removesuffix("-le").removesuffix("-be")
    declaration = f' encoding="{name}"' if in_document else ""
    channel = f"<channel><title>{words}</title></channel>"
    document = f'<?xml version="1.0"{declaration}?><rss version="2.0">{channel}</rss>'
    content_type = {
        "declared by both": f"application/rss+xml; charset={name}",
        "document only": "application/rss+xml",
        "server only": f"application/rss+xml; charset={name}",
        "nobody": "application/rss+xml",
        "wrong server": "application/rss+xml; charset=ISO-8859-1"
        if not encoding.startswith("iso-8859-1")
        else "application/rss+xml; charset=utf-8",
        "text/xml": "text/xml",
    }[situation]
    body = document.encode(encoding)
    parsed = parse_feed(
        body,
        url="https://e.example/f",
        headers={"Content-Type": content_type},
        source_id="e",
        language="en",
        now=NOW,
    )
    assert isinstance(parsed, ParsedFeed), parsed
    return parsed.title


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize(("encoding", "words"), ENCODINGS, ids=[name for name, _ in ENCODINGS])
def test_the_words_come_out_right(encoding: str, words: str, situation: str) -> None:
    assert title_of(words, encoding, situation) == words.strip()


@pytest.mark.parametrize("encoding", MARKS)
def test_a_byte_order_mark_wins_over_every_declaration(encoding: str) -> None:
    body = MARKS[encoding] + '<?xml version="1.0" encoding="koi8-r"?><a>é</a>'.encode(encoding)
    decoded = decode(body, content_type="text/xml; charset=windows-1251")
    assert decoded.encoding == encoding
    assert decoded.text.endswith("<a>é</a>")


def test_utf_8_that_is_declared_as_something_else_is_read_as_utf_8_and_noted() -> None:
    decoded = decode("<a>é</a>".encode(), content_type="text/xml; charset=windows-1251")
    assert decoded.text == "<a>é</a>"
    assert decoded.complaint == "declared as cp1251, but the bytes are UTF-8"


def test_one_stray_byte_does_not_turn_a_utf_8_document_into_mojibake() -> None:
    body = ("연구소" * 200).encode() + b"\xff" + "공개".encode()
    decoded = decode(body, content_type=None)
    assert decoded.encoding == "utf-8"
    assert decoded.text.endswith("\ufffd공개")
    assert decoded.complaint is not None


@pytest.mark.parametrize("label", ["zip", "rot13", "hex", "no-such-code", "utf-16", "undefined", "idna"])
def test_a_declaration_that_names_no_encoding_is_passed_over(label: str) -> None:
    body = f'<?xml version="1.0" encoding="{label}"?><a>'.encode() + "é".encode("cp1252") + b"</a>"
    decoded = decode(body, content_type=f"text/xml; charset={label}")
    assert "<a>" in decoded.text


def test_the_web_s_latin_1_is_windows_1252() -> None:
    assert decode(b"<?xml version='1.0' encoding='iso-8859-1'?>\x93x\x94", content_type=None).text.endswith(
        "“x”"
    )
