"""Addresses: keys for comparing, the owner of a host, what may be shown (FETCHING 48, 53, 58, 59, 70)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.addresses import (
    LONGEST_URL,
    canonical_url,
    host_of,
    is_own_machine,
    origin,
    redact,
    registrable_domain,
    same_page_key,
    web_address_fault,
)

PAGE = "https://paper.example/news/open"


@pytest.mark.parametrize(
    "spelling",
    [
        PAGE,
        "HTTPS://PAPER.example/news/open",
        "https://paper.example:443/news/open",
        "https://paper.example./news/open",
        "https://paper.example/news/open#comments",
        "https://paper.example/news/open?",
        "https://paper.example/news/open?utm_source=feed&utm_medium=rss",
        "https://paper.example/news/open?fbclid=abc",
        "https://paper.example/news/open?gclid=1&_hsenc=2&mc_cid=3&mkt_tok=4",
        "https://paper.example/news/./open",
        "https://paper.example/news/old/../open",
        "https://paper.example/%6Eews/open",
        "https://reader:secret@paper.example/news/open",
        " https://paper.example/news/open\n",
    ],
)
def test_spellings_of_one_page_share_a_key(spelling: str) -> None:
    assert canonical_url(spelling) == PAGE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://paper.example/a?id=1&p=2", "https://paper.example/a?p=2&id=1"),
        ("https://paper.example/a", "https://paper.example/a/"),
        ("https://paper.example/a", "https://paper.example/A"),
        ("https://paper.example/a?id=1", "https://paper.example/a?id=2"),
        ("https://paper.example:8443/a", "https://paper.example/a"),
        ("https://paper.example/a%2Fb", "https://paper.example/a/b"),
        ("https://paper.example/?utm=1", "https://paper.example/"),
        ("https://www.paper.example/a", "https://paper.example/a"),
    ],
)
def test_what_may_be_two_pages_keeps_two_keys(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://bücher.example/ä b", "https://xn--bcher-kva.example/%C3%A4%20b"),
        (
            "https://例子.example/新闻?词=开源",
            "https://xn--fsqu00a.example/%E6%96%B0%E9%97%BB?%E8%AF%8D=%E5%BC%80%E6%BA%90",
        ),
        ("https://paper.example", "https://paper.example/"),
        ("https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a"),
        ("https://paper.example/a%zz", "https://paper.example/a%25zz"),
        ("https://paper.example/a?b=%7e%2f", "https://paper.example/a?b=~%2F"),
        ("mailto:someone@paper.example", "mailto:someone@paper.example"),
        ("urn:ajar:paper:guid:7", "urn:ajar:paper:guid:7"),
        ("https://host:port/", "https://host:port/"),
        ("", ""),
    ],
)
def test_the_key_of_an_address(url: str, key: str) -> None:
    assert canonical_url(url) == key


@given(st.text(max_size=60))
def test_the_key_of_a_key_is_itself(tail: str) -> None:
    key = canonical_url("https://paper.example/" + tail)
    assert canonical_url(key) == key


@given(st.text(max_size=80))
def test_no_text_is_too_odd_for_a_key_a_fault_and_a_form_to_show(text: str) -> None:
    key = canonical_url(text)
    assert canonical_url(key) == key
    assert len(redact(text).splitlines()) <= 1
    assert web_address_fault(text) is not None  # hardly any random text is an address


def test_a_page_that_moves_to_https_keeps_its_key() -> None:
    assert same_page_key("http://paper.example/a") == same_page_key("https://paper.example/a#b")


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("ftp://paper.example/", "its scheme is 'ftp'"),
        ("file:///etc/hosts", "its scheme is 'file'"),
        ("javascript:alert(1)", "its scheme is 'javascript'"),
        ("paper.example/feed", "its scheme is ''"),
        ("https://", "names no host"),
        ("https://paper.example:99999/", "no address"),
        ("https://[::1/", "no address"),
        ("https://paper.example/a b", "blanks"),
        ("https://paper.example/" + "x" * LONGEST_URL, "characters"),
    ],
)
def test_what_cannot_be_asked_for_has_a_reason(url: str, fault: str) -> None:
    assert fault in (web_address_fault(url) or "")


def test_a_plain_address_has_no_fault() -> None:
    assert web_address_fault("http://127.0.0.1:8000/feed.xml?a=b&c=%20") is None


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("news.bbc.co.uk", "bbc.co.uk"),
        ("www.paper.example", "paper.example"),
        ("paper.example", "paper.example"),
        ("a.b.c.yna.co.kr", "yna.co.kr"),
        ("lab.github.io", "lab.github.io"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("WWW.Paper.Example.", "paper.example"),
        ("co.uk", "co.uk"),
        ("", ""),
    ],
)
def test_the_owner_of_a_host(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


def test_only_loopback_is_the_users_own_machine() -> None:
    assert all(map(is_own_machine, ("localhost", "127.0.0.1", "127.9.9.9", "::1", "news.localhost")))
    assert not any(map(is_own_machine, ("10.0.0.1", "localhost.example", "example", "")))


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin("https://paper.example/a") == origin("https://PAPER.example:443/b")
    assert origin("https://paper.example/") != origin("http://paper.example/")
    assert host_of("https://[::1") == ""


@pytest.mark.parametrize(
    "secret",
    [
        "https://reader:hush@paper.example/feed",
        "https://hush@paper.example/feed",
        "//reader:hush@paper.example/feed",
        "https://paper.example/feed?token=hush",
        "https://paper.example/feed?page=2&API_KEY=hush&x=1",
        "https://paper.example/feed?access_token=hush;sig=hush",
        "https://paper.example/feed?X-Amz-Signature=hush",
        "https://paper.example/#auth=hush",
        "https://hooks.slack.com/services/T0/hush/hush",
        "could not read 'https://u:hush@h.example/?key=hush' and https://h.example/?password=hush.",
    ],
)
def test_a_secret_in_an_address_is_not_shown(secret: str) -> None:
    assert "hush" not in redact(secret)


@pytest.mark.parametrize(
    "text",
    [
        "https://paper.example/feed?page=2&author=ada&keyword=open&monkey=1",
        "https://paper.example/@ada/post",
        "write to ada@paper.example",
        "a plain sentence: 'open weights' // and a comment",
    ],
)
def test_what_is_no_secret_is_shown(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("control", ["\n", "\r", "\x00", "\x1b[31m", "\x85", "\u2028", "\u202e", "\ud800"])
def test_no_title_can_forge_a_line_of_a_log(control: str) -> None:
    shown = redact(f"harmless{control}ERROR forged")
    assert len(shown.splitlines()) == 1
    assert control not in shown
