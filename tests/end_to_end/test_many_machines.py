"""Many machines, played by processes: Prefect's server on PostgreSQL, two workers, a loader, a Dask cluster.

One of the workers is killed in the middle. Nothing is lost, nothing is there twice, nobody is told twice.
"""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from flows.serving import CHECKOUT, PrefectCommands, prefect_environment
from flows.settings import load_settings
from tests.end_to_end.postgres_cluster import postgres_cluster
from tests.end_to_end.prefect_api import eventually, free_port, runs_of

pytestmark = [pytest.mark.servers, pytest.mark.long, pytest.mark.timeout(900)]

SITES = [f"127.0.0.{number}" for number in range(2, 10)]
"""Each a domain of its own; Linux answers for all of 127.0.0.0/8."""
STORIES = 6
"""Articles of each site."""


@dataclass
class Web:
    """Sites on loopback, each with one feed; pages take their time."""

    seconds: float = 0.0
    requests: list[str] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)

    def feed(self, site: str) -> bytes:
        """The feed of a site, all of it published an hour ago."""
        date = format_datetime(datetime.now(UTC) - timedelta(hours=1))
        items = "".join(
            f"<item><title>Vestra{self.number(site)} and Tern {number}</title>"
            f"<link>http://{site}:{self.ports[site]}/{number}</link><pubDate>{date}</pubDate></item>"
            for number in range(STORIES)
        )
        return f"<rss version='2.0'><channel><title>{site}</title>{items}</channel></rss>".encode()

    def page(self, site: str, number: str) -> bytes:
        """An article of a site: a model that no other site has."""
        model = f"Tern{self.number(site)}-{number}B"
        text = (
            f"Vestra{self.number(site)} Labs has released the weights of {model} under the MIT licence on Monday. "
            "It had been expected for weeks, and nobody there had said anything about it before."
        )
        return f"<html lang=en><title>{model}.</title><article><h1>{model}.</h1><p>{text}</p></article></html>".encode()

    @staticmethod
    def number(site: str) -> str:
        """What tells a site from the others."""
        return site.rsplit(".", 1)[-1]

    def sources(self, file: Path) -> Path:
        """The catalogue."""
        cards = [
            {
                "id": f"site-{self.number(site)}",
                "publisher": site,
                "language": "en",
                "tier": "press",
                "feeds": [f"http://{site}:{self.ports[site]}/feed.xml"],
                "every": "1h",
            }
            for site in SITES
        ]
        file.write_text(yaml.safe_dump(cards))
        return file


@contextmanager
def web_of(sites: list[str]) -> Iterator[Web]:
    """Serve the sites, each on an address of its own."""
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site = (self.headers["Host"] or "").partition(":")[0]
            if self.path == "/robots.txt":
                self.send_error(404)
                return
            web.requests.append(f"{site}{self.path}")
            is_feed = self.path == "/feed.xml"
            if not is_feed:
                time.sleep(web.seconds)
            body = web.feed(site) if is_feed else web.page(site, self.path.strip("/"))
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml" if is_feed else "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ExitStack() as stack:
        for site in sites:
            server = stack.enter_context(ThreadingHTTPServer((site, 0), Handler))
            web.ports[site] = server.server_address[1]
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
        yield web


@dataclass(frozen=True)
class Cluster:
    """A Prefect server on PostgreSQL, and how its commands are run."""

    folder: Path
    api: str
    prefect: PrefectCommands

    def machine(self, name: str, **more: str) -> PrefectCommands:
        """Another machine: a home and logs of its own, the same server and the same shared folder."""
        home = self.folder / name
        environment = {**self.prefect.environment, "AJAR_HOME": str(home), "PREFECT_HOME": str(home), **more}
        environment.pop("AJAR_WAREHOUSE", None)
        (home / "logs").mkdir(parents=True)
        return replace(self.prefect, environment=environment, logs=home / "logs")

    def published(self) -> list[list[tuple[Any, ...]]]:
        """Articles, shifts and alerts of the shared read copy; nothing before there is one."""
        copy = self.folder / "shared" / "ajar-latest.duckdb"
        if not copy.exists():
            return [[], [], []]
        with duckdb.connect(str(copy), read_only=True) as connection:
            return [
                connection.execute(sql).fetchall()
                for sql in (
                    "SELECT url FROM articles WHERE NOT url IN (SELECT url FROM articles_without_text)",
                    "SELECT actor, articles FROM shifts",
                    "SELECT shift_id, stage, status, attempts FROM alerts",
                )
            ]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """PostgreSQL, Prefect's server on it, and Ajar's automation."""
    folder = tmp_path_factory.mktemp("cluster")
    port = free_port()
    settings = load_settings({"AJAR_HOME": str(folder / "server")}, folder=folder)
    with postgres_cluster(free_port()) as database:
        environment = prefect_environment(settings, f"http://127.0.0.1:{port}/api") | {
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": database,
            "AJAR_SHARED": str(folder / "shared"),
            "AJAR_ALLOW_PRIVATE": "1",
        }
        prefect = PrefectCommands(environment=environment, logs=settings.logs)
        settings.logs.mkdir(parents=True)
        with prefect.running(
            "server", "server", "start", "--host", "127.0.0.1", "--port", f"{port}"
        ) as server:
            prefect.wait_until_healthy(server)
            prefect.prepare()
            yield Cluster(folder, environment["PREFECT_API_URL"], prefect)


def deploy(cluster: Cluster, sources: Path) -> None:
    """The project's own file for many machines, hastened, with two shards."""
    project = yaml.safe_load((CHECKOUT / "docs/operating/many-machines.yaml").read_text())
    reading, loading = project["deployments"]
    reading["schedules"] = [
        {
            "interval": 30,
            "slug": f"shard-{number}",
            "parameters": {"shard": number, "shards": 2, "sources": str(sources)},
        }
        for number in range(2)
    ]
    loading["schedules"][0]["interval"] = 30
    file = cluster.folder / "many-machines.yaml"
    file.write_text(yaml.safe_dump(project))
    for pool in ("ajar", "ajar-readers"):
        cluster.prefect.call("work-pool", "work-pool", "create", pool, "--type", "process", "--overwrite")
    cluster.prefect.call("deploy", "--no-prompt", "deploy", "--all", "--prefect-file", str(file))


def test_two_workers_lose_nothing_when_one_is_killed_in_the_middle(cluster: Cluster) -> None:
    with web_of(SITES) as web, ExitStack() as stack:
        web.seconds = 0.5
        deploy(cluster, web.sources(cluster.folder / "sources.yaml"))

        def work(name: str, pool: str) -> subprocess.Popen[bytes]:
            machine = cluster.machine(name)
            return stack.enter_context(
                machine.running("worker", "worker", "start", "--pool", pool, "--name", name)
            )

        doomed = work("reader-1", "ajar-readers")
        work("loader", "ajar")

        def reading() -> bool:
            """A shard is read by the worker that is to be killed, and pages of it are asked for."""
            return sum(not request.endswith("feed.xml") for request in web.requests) >= 3

        assert eventually(240, reading)
        os.killpg(doomed.pid, signal.SIGKILL)
        killed_at = datetime.now(UTC)
        work("reader-2", "ajar-readers")

        def complete() -> bool:
            """All articles of all sites stand in the read copy."""
            return len(cluster.published()[0]) == len(SITES) * STORIES

        assert eventually(400, complete)

        def told() -> bool:
            """Every shift was told."""
            _, shifts, alerts = cluster.published()
            return len(shifts) == len(alerts) and all(status == "sent" for _, _, status, _ in alerts)

        assert eventually(60, told)
        articles, shifts, alerts = cluster.published()
        assert len(set(articles)) == len(articles)
        # All models of one laboratory were opened on one day: one story each, told by six articles.
        assert len({actor for actor, _ in shifts}) == len(shifts) == len(SITES)
        assert [articles for _, articles in shifts] == [STORIES] * len(SITES)
        assert len({(shift, stage) for shift, stage, _, _ in alerts}) == len(alerts)
        # A feed is due once an hour: it was asked once, or twice where the killed pass had asked it.
        assert all(web.requests.count(f"{site}/feed.xml") <= 2 for site in SITES)

        def ended() -> bool:
            """No run of the killed worker is said to go on."""
            return not [
                run
                for run in runs_of(cluster.api, "watch-shard")
                if run["state_type"] == "RUNNING" and run["start_time"] < killed_at.isoformat()
            ]

        assert eventually(240, ended)


def archives(folder: Path, number: int, articles: int) -> list[Path]:
    """Archives of articles about models that nothing else has."""
    made = []
    for archive in range(number):
        path = folder / f"archive-{archive}.jsonl.gz"
        with gzip.open(path, "wt") as lines:
            for article in range(articles):
                model = f"Tern{archive}-{article}B"
                text = (
                    f"Vestra Labs has released the weights of {model} under the MIT licence on Monday. "
                    + "Nobody there had said anything about it before. " * 20
                )
                written = {
                    "url": f"https://halden-post.example/{archive}/{article}",
                    "title": f"{model}.",
                    "text": text,
                    "published": "2026-02-01",
                }
                print(json.dumps(written), file=lines)
        made.append(path)
    return made


BACKFILL = """
import sys
from flows.backfill_archive import backfill_archive
cluster, *archives = sys.argv[1:]
print(backfill_archive(archives, processes=2, cluster=cluster or None))
"""


def test_a_dask_cluster_loses_nothing_when_one_of_its_workers_is_killed(cluster: Cluster) -> None:
    shared = str(cluster.folder / "shared-archives")
    paths = archives(cluster.folder, 12, 250)
    scheduler = f"tcp://127.0.0.1:{free_port()}"
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, *command: str) -> subprocess.Popen[bytes]:
        machine = cluster.machine(name, AJAR_SHARED=shared, DASK_DISTRIBUTED__WORKER__DAEMON="False")
        with (machine.logs / "dask.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command], env=machine.environment, cwd=CHECKOUT, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        started.append(process)
        return process

    try:
        port = scheduler.rsplit(":", 1)[-1]
        start(
            "scheduler",
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            port,
            "--no-dashboard",
        )
        workers = [
            start(
                f"dask-{number}",
                "distributed.cli.dask_worker",
                scheduler,
                "--nthreads",
                "1",
                "--no-dashboard",
            )
            for number in range(2)
        ]
        machine = cluster.machine("driver", AJAR_SHARED=shared)
        with (machine.logs / "backfill.log").open("wb") as log:
            backfill = subprocess.Popen(
                [sys.executable, "-c", BACKFILL, scheduler, *map(str, paths)],
                env=machine.environment, cwd=CHECKOUT, stdout=log, stderr=log,
            )  # fmt: skip
        inbox = Path(shared) / "inbox"

        def begun() -> bool:
            """The first archive is in the inbox, and others are being read."""
            return inbox.exists() and any(inbox.iterdir())

        assert eventually(180, begun)
        os.killpg(workers[0].pid, signal.SIGKILL)
        assert backfill.wait(300) == 0, (machine.logs / "backfill.log").read_text()[-3000:]
        loader = cluster.machine("archive-loader", AJAR_SHARED=shared)
        loading = [sys.executable, "-m", "flows.load_inbox"]
        subprocess.run(loading, env=loader.environment, cwd=CHECKOUT, check=True, timeout=300)
        with duckdb.connect(f"{shared}/ajar-latest.duckdb", read_only=True) as connection:
            found = connection.execute("SELECT count(*), count(DISTINCT url) FROM articles").fetchone()
            assert found == (12 * 250, 12 * 250)
            assert connection.execute("SELECT count(*) FROM alerts").fetchone() == (0,)
    finally:
        for process in started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def test_a_cluster_of_this_machine_reads_archives_at_the_same_time(cluster: Cluster) -> None:
    machine = cluster.machine("alone", AJAR_SHARED="")
    (cluster.folder / "more").mkdir()
    paths = archives(cluster.folder / "more", 4, 50)
    command = [sys.executable, "-c", BACKFILL, "", *map(str, paths)]
    done = subprocess.run(
        command, env=machine.environment, cwd=CHECKOUT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "4 archives: 200 articles, 0 done before · 200 new" in done.stdout
    again = subprocess.run(
        command, env=machine.environment, cwd=CHECKOUT, capture_output=True, text=True, timeout=300
    )
    assert "4 archives: 200 articles, 200 done before · 0 new" in again.stdout
