"""Snapshots as WARC: written atomically, deduplicated, read back, read by others."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from extractors.records import Snapshot
from extractors.snapshots import LARGEST_BODY, SnapshotWriter, read_snapshots, remove_old

NOW = datetime(2026, 11, 22, 5, 0, 0, 123456, tzinfo=UTC)


def snapshot(
    url: str = "https://courier.example/a", body: bytes = b"<p>Words.</p>", **changes: object
) -> Snapshot:
    fields: dict[str, object] = {
        "url": url,
        "final_url": url,
        "status": 200,
        "headers": (("content-type", "text/html; charset=utf-8"), ("etag", '"x\xe9"'), ("set-cookie", "a=b")),
        "body": body,
        "fetched_at": NOW,
        "seconds": 0.25,
    }
    return Snapshot(**(fields | changes))  # type: ignore[arg-type]


def written(folder: Path, *snapshots: Snapshot) -> Path:
    with SnapshotWriter(folder, NOW) as writer:
        for each in snapshots:
            writer.write(each)
    return writer.path


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    first = snapshot()
    moved = snapshot(
        "https://courier.example/old",
        b"\x00\xff" * 5000,
        final_url="https://courier.example/new?a=1",
        redirects=((301, "https://courier.example/new?a=1"),),
        status=203,
    )
    assert list(read_snapshots(written(tmp_path, first, moved))) == [first, moved]


def test_a_body_that_came_before_is_a_revisit_and_read_back_all_the_same(tmp_path: Path) -> None:
    body = os.urandom(50_000)
    asked = [snapshot(f"https://courier.example/{n}", body) for n in range(5)]
    path = written(tmp_path, *asked)
    assert path.stat().st_size < 60_000
    with path.open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file)]
    assert kinds == ["warcinfo", "response", "revisit", "revisit", "revisit", "revisit"]
    assert list(read_snapshots(path)) == asked


def test_warcio_finds_every_digest_right(tmp_path: Path) -> None:
    path = written(tmp_path, snapshot(), snapshot("https://courier.example/b", b"other"), snapshot())
    checker = Checker(type("Command", (), {"inputs": [str(path)], "verbose": False})())
    checker.process_all()
    assert checker.exit_value == 0


def test_headers_that_no_longer_describe_the_body_are_kept_under_another_name(tmp_path: Path) -> None:
    sent = snapshot(
        headers=(("content-encoding", "gzip"), ("transfer-encoding", "chunked"), ("content-length", "7"))
    )
    path = written(tmp_path, sent)
    with path.open("rb") as file:
        record = next(record for record in ArchiveIterator(file) if record.rec_type == "response")
        assert record.http_headers.get_header("content-encoding") is None
        assert record.http_headers.get_header("x-archive-orig-content-encoding") == "gzip"
        assert record.http_headers.get_header("content-length") == str(len(sent.body))
        assert record.content_stream().read() == sent.body
    assert next(read_snapshots(path)).headers == sent.headers


def test_every_record_is_compressed_by_itself(tmp_path: Path) -> None:
    path = written(tmp_path, *(snapshot(f"https://a.example/{n}", b"%d" % n) for n in range(3)))
    assert path.read_bytes().count(b"\x1f\x8b\x08") >= 4
    assert gzip.decompress(path.read_bytes()).startswith(b"WARC/1.1")


def test_the_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    writer = SnapshotWriter(tmp_path, NOW)
    writer.write(snapshot())
    assert list(tmp_path.glob("*.warc.gz")) == []
    assert writer.close() == writer.path
    assert list(tmp_path.iterdir()) == [writer.path]
    assert writer.path.name.startswith("ajar-20261122T050000Z-")


def test_a_run_that_is_killed_leaves_no_file_under_its_name(tmp_path: Path) -> None:
    program = (
        "import os, sys\nfrom datetime import datetime, UTC\nfrom pathlib import Path\n"
        "from extractors.records import Snapshot\nfrom extractors.snapshots import SnapshotWriter\n"
        "now = datetime(2026, 11, 22, tzinfo=UTC)\nwriter = SnapshotWriter(Path(sys.argv[1]), now)\n"
        "writer.write(Snapshot(url='https://a.example/', final_url='https://a.example/', status=200,\n"
        "    headers=(),\n"
        "    body=b'x' * 100_000, fetched_at=now, seconds=0.1))\nos.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, timeout=60)
    assert killed.returncode == -9
    [left] = tmp_path.iterdir()
    assert left.name.endswith(".partial")


def test_a_run_that_fails_keeps_what_it_fetched(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), SnapshotWriter(tmp_path, NOW) as writer:
        writer.write(snapshot())
        raise ZeroDivisionError
    assert len(list(read_snapshots(writer.path))) == 1


def test_a_run_without_answers_leaves_nothing(tmp_path: Path) -> None:
    writer = SnapshotWriter(tmp_path, NOW)
    writer.write(snapshot(status=304, body=b""))
    assert writer.close() is None
    assert writer.close() is None
    assert list(tmp_path.iterdir()) == []


def test_old_files_and_the_remains_of_killed_runs_are_removed(tmp_path: Path) -> None:
    days = {
        "ajar-a.warc.gz": 100,
        "ajar-b.warc.gz": 10,
        "ajar-c.warc.gz.partial": 2,
        "ajar-d.warc.gz.partial": 0,
    }
    for name, age in {**days, "notes.txt": 900, "CC-NEWS-1.warc.gz": 900}.items():
        path = tmp_path / name
        path.write_bytes(b"x")
        then = (NOW - timedelta(days=age)).timestamp()
        os.utime(path, (then, then))
    assert remove_old(tmp_path, timedelta(days=90), NOW) == 2
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"ajar-b.warc.gz", "ajar-d.warc.gz.partial", "notes.txt", "CC-NEWS-1.warc.gz"}


def test_a_folder_that_is_not_there_holds_nothing_old(tmp_path: Path) -> None:
    assert remove_old(tmp_path / "nowhere", timedelta(days=1), NOW) == 0


def foreign(path: Path, *bodies: tuple[str, bytes, list[tuple[str, str]]]) -> Path:
    """A WARC as crawlers write it: a request, a response still compressed, a record that is no answer."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, body, headers in bodies:
            http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
            request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
            writer.write_record(writer.create_warc_record(url, "request", http_headers=request))
            writer.write_record(
                writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=http)
            )
        writer.write_record(
            writer.create_warc_record("dns:a.example", "resource", payload=io.BytesIO(b"1.2.3.4"))
        )
    return path


def test_anybody_s_archive_is_read_with_its_bodies_unpacked(tmp_path: Path) -> None:
    packed = gzip.compress(b"<p>Words.</p>")
    path = foreign(
        tmp_path / "crawl.warc.gz",
        ("https://a.example/1", packed, [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]),
        ("https://a.example/2", b"plain", [("Content-Type", "text/plain")]),
    )
    first, second = read_snapshots(path)
    assert (first.url, first.body, first.status) == ("https://a.example/1", b"<p>Words.</p>", 200)
    assert first.header("content-type") == "text/html"
    assert second.body == b"plain"
    assert first.fetched_at.tzinfo is UTC


def test_a_bomb_in_an_archive_is_left_out(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(LARGEST_BODY + 1))
    path = foreign(
        tmp_path / "bomb.warc.gz",
        ("https://a.example/bomb", bomb, [("Content-Encoding", "gzip")]),
        ("https://a.example/2", b"plain", []),
    )
    assert [each.url for each in read_snapshots(path)] == ["https://a.example/2"]


def test_a_file_that_breaks_off_gives_what_it_holds(tmp_path: Path) -> None:
    path = written(tmp_path, *(snapshot(f"https://a.example/{n}", os.urandom(2000)) for n in range(10)))
    whole = path.read_bytes()
    counts = []
    for cut in (len(whole), len(whole) * 2 // 3, len(whole) // 2, 100, 0):
        path.write_bytes(whole[:cut])
        counts.append(len(list(read_snapshots(path))))
    assert counts[0] == 10
    assert counts == sorted(counts, reverse=True)
    assert 0 < counts[2] < 10
    assert counts[-1] == 0


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda tail: b"WARC/1.0\r\n" + tail))
def test_no_bytes_make_the_reader_raise(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "any.warc"
    path.write_bytes(body)
    assert list(read_snapshots(path)) == []
