"""The command `ajar`. Every command reads its arguments, calls one function, prints, and sets the exit code.

Exit codes: 0 done (also when single sources failed), 1 nothing could be read or stored, 2 wrong usage or
configuration. Heavy modules are imported by the command that needs them, so that help is instant.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from click.shell_completion import CompletionItem

from extractors.errors import AjarError, ConfigurationError
from flows.alert_commands import alerts
from flows.command_options import FILE, open_answers, read_clock, settings_in_force, warehouse_option
from flows.source_commands import sources

if TYPE_CHECKING:
    from warehouse.queries import QueryResult

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


_SECTIONS = {
    "Start": ("demo", "report"),
    "Watch": ("run", "serve", "sources", "alerts"),
    "Ask": ("queries", "query", "sql"),
    "Tag": ("tag", "explain", "evaluate"),
    "Maintain": ("doctor", "reclassify", "backfill"),
}
"""The commands by what they are for, in the order in which a newcomer meets them."""


class _Commands(click.Group):
    """Turns our own errors into one line on standard error and an exit code."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        named = {name for names in _SECTIONS.values() for name in names}
        others = tuple(name for name in self.list_commands(ctx) if name not in named)
        for section, names in {**_SECTIONS, **({"More": others} if others else {})}.items():
            with formatter.section(section):
                commands = ((name, self.get_command(ctx, name)) for name in names)
                formatter.write_dl([(name, each.get_short_help_str(90)) for name, each in commands if each])

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            # What is printed may be in any script, and goes into files and pipes that say no encoding.
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(encoding="utf-8")
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            _fail(error, 2)
        except AjarError as error:
            _fail(error, 1)
        except BrokenPipeError:
            # The reader of a pipe (head, less) has gone; what it wanted, it has.
            sys.stderr.close()
            ctx.exit(0)


def _fail(error: AjarError, code: int) -> NoReturn:
    click.echo(f"ajar: {error}", err=True)
    sys.exit(code)


@click.group(cls=_Commands, context_settings=CONTEXT)
@click.version_option(package_name="ajar", message="ajar %(version)s")
def main() -> None:
    """Watch how far the doors of AI stand open.

    \b
    ajar demo                  the whole pipeline over a bundled newsroom, no network
    ajar report                what is known as a page with charts; at first, the cited history
    ajar run                   one pass over the real sources
    ajar query newest_shifts   what it found
    ajar serve                 keep watching

    Everything is kept in AJAR_HOME. `ajar COMMAND --help` explains a command, with examples.

    \b
    Completion of commands, options, queries and sources, e.g. in ~/.bashrc:
      eval "$(_AJAR_COMPLETE=bash_source ajar)"      (zsh_source, fish_source)
    """


def _complete_query(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from warehouse.queries import list_queries

    return [
        CompletionItem(query.name, help=query.question)
        for query in list_queries()
        if query.name.startswith(incomplete)
    ]


def _complete_source(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from flows.catalogue import sources_in_force

    return [
        CompletionItem(source.id, help=source.publisher)
        for source in sources_in_force(settings_in_force())
        if source.id.startswith(incomplete)
    ]


@main.command()
@click.option("--fresh", is_flag=True, help="Forget what an earlier demo stored and start over.")
def demo(fresh: bool) -> None:
    """The whole pipeline over a bundled newsroom. No network.

    Two days of invented news are served on this machine, fetched, tagged, stored and alerted on the console.
    A second call finds nothing new.
    """
    from flows.demo.tour import give_tour

    sys.exit(give_tour(settings_in_force(), fresh=fresh))


@main.command()
@click.option(
    "--sources", type=FILE, metavar="PATH", help="A file or folder of sources, instead of the catalogue."
)
@warehouse_option
@click.option(
    "--only", multiple=True, metavar="ID", shell_complete=_complete_source,
    help="Only this source; may be given several times.",
)  # fmt: skip
@click.option("--no-alerts", is_flag=True, help="Store everything and alert nobody, now or later.")
@click.option("--force", is_flag=True, help="All sources, not just those that are due.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object.")
def run(
    sources: Path | None,
    warehouse: Path | None,
    only: tuple[str, ...],
    no_alerts: bool,
    force: bool,
    as_json: bool,
) -> None:
    """One pass: fetch what is due, tag it, store it, raise alerts.

    \b
    ajar run                                          what is due, of the bundled catalogue
    ajar run --only openai-news --only mistral-news   two sources
    ajar run --sources mine.yaml --force              your own list, due or not
    ajar run --json | jq .shifts_new                  for programs

    Exit code 0 also when single sources failed, 1 when nothing could be read or stored.
    """
    settings = settings_in_force(warehouse, sources)
    if not settings.warehouse.exists():
        # All will be new. The workers' own imports take longer than what is to be imported here.
        from extractors.workers import prepare_workers

        prepare_workers()
    from flows.catalogue import sources_in_force
    from flows.passes import choose_sources, run_pass

    chosen = choose_sources(sources_in_force(settings), only)
    if as_json:
        summary = run_pass(
            settings, chosen, now=read_clock(), force=force, with_alerts=not no_alerts,
            tell=lambda alert: None,
        )  # fmt: skip
        click.echo(summary.to_json())
        sys.exit(summary.exit_code)
    from flows import terminal

    with terminal.progress(shown=True) as progress:
        summary = run_pass(
            settings, chosen, now=read_clock(), force=force, with_alerts=not no_alerts, progress=progress,
            tell=terminal.print_alert,
        )  # fmt: skip
    terminal.print_summary(summary, settings)
    sys.exit(summary.exit_code)


@main.command()
def tag() -> None:
    """Tag articles given as JSON Lines; no network, no warehouse.

    \b
    In:   url, title, text, published (ISO 8601), optional language, source (an id of `ajar sources list`:
          in an official one, "we" is its organisation)
    Out:  one line each, in the same order: url, shifts, nulls

    \b
    ajar tag < articles.jsonl > tagged.jsonl
    echo '{"url": "u", "title": "Mistral releases the weights of Ministral 3", "text": "…"}' | ajar tag

    A line that is no JSON object with url and text gets an error of its own, and the exit code is 1.
    """
    from extractors.openness.tagger import load_tagger
    from flows.tagging import tag_lines

    whole = True
    for line, tagged in tag_lines(sys.stdin.buffer, load_tagger()):
        click.echo(line)
        whole = whole and tagged
    sys.exit(0 if whole else 1)


@main.command()
@click.argument("article", metavar="URL|FILE|-")
def explain(article: str) -> None:
    """Say why an article was tagged as it was, or why not.

    A URL is looked up among the stored articles. A file, or standard input (-), holds plain text whose first
    line is the title, or one JSON object as `ajar tag` takes it.

    \b
    ajar explain https://example.org/news/weights-are-out
    ajar explain article.txt
    echo "Meta will release the weights of Llama 9 next week" | ajar explain -
    """
    from flows.explaining import explain_article
    from flows.explanation_text import print_explanation

    print_explanation(*explain_article(settings_in_force(), article))


@main.command()
@click.option("--articles", type=FILE, metavar="F", help="JSON Lines: url, title, text, published.")
@click.option("--labels", type=FILE, metavar="F", help="JSON Lines: id, label, confidence, events.")
@click.option("--no-registry", is_flag=True, help="Without the known names: how it does on the unknown.")
@click.option("--language", help="Only passages of this language, of the project's own set.")
def evaluate(articles: Path | None, labels: Path | None, no_registry: bool, language: str | None) -> None:
    """Precision and recall of the tagger, against their floors.

    Whole, and per kind, direction and stage.

    Without files: over the project's own labelled passages in tests/labelled; exit code 1 below a floor.
    """
    from flows.evaluating import evaluate_tagger

    if (articles is None) != (labels is None):
        raise ConfigurationError("--articles and --labels go together: what was labelled, and how")
    text, kept = evaluate_tagger(articles, labels, registry=not no_registry, language=language)
    click.echo(text)
    sys.exit(0 if kept else 1)


@main.command()
def queries() -> None:
    """List the questions that `ajar query` answers."""
    from flows import terminal
    from warehouse.queries import list_queries

    rows = [
        (query.name, query.question, ", ".join(f"{v.name}={v.default}" for v in query.variables))
        for query in list_queries()
    ]
    terminal.print_table(("name", "question", "variables"), rows)


_format_option = click.option(
    "--format", "format_", type=click.Choice(["table", "csv", "json", "parquet", "md"]), default="table",
    show_default=True, help="How the answer is written.",
)  # fmt: skip


@main.command()
@click.argument("name", shell_complete=_complete_query)
@click.option(
    "--set", "variables", multiple=True, metavar="K=V", help="Set a variable; may be given several times."
)
@_format_option
@warehouse_option
def query(name: str, variables: tuple[str, ...], format_: str, warehouse: Path | None) -> None:
    """Answer one of the trend questions from the read copy.

    \b
    ajar query newest_shifts
    ajar query balance --set every=year --set actor=OpenAI
    ajar query promises --set status=lapsed --format md
    ajar query by_organisation --set country=CN --format csv > china.csv

    `ajar queries` lists the questions with their variables.
    """
    from warehouse.queries import run_query

    with open_answers(warehouse) as connection:
        _print_result(run_query(connection, name, dict(_assignment(each) for each in variables)), format_)


@main.command()
@click.argument("statement")
@_format_option
@warehouse_option
def sql(statement: str, format_: str, warehouse: Path | None) -> None:
    """Ask the read copy anything in SQL; nothing can be changed.

    \b
    ajar sql "SELECT actor, count(*) FROM shifts GROUP BY actor ORDER BY 2 DESC"
    ajar sql "FROM all_shifts WHERE kind = 'licence'" --format json

    Tables and columns: docs/reading-the-warehouse.md.
    """
    from warehouse.queries import run_sql

    with open_answers(warehouse) as connection:
        _print_result(run_sql(connection, statement), format_)


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise ConfigurationError(f"--set {text}: write it as name=value, e.g. --set since=2026-01-01")
    return name, value


def _print_result(result: QueryResult, format_: str) -> None:
    from flows import terminal
    from warehouse.queries import write_result

    if format_ == "table":
        terminal.print_table(result.columns, result.rows)
    else:
        write_result(result, format_, sys.stdout.buffer)


@main.command()
@click.option(
    "--out", type=FILE, metavar="DIR", help="Folder to write into, instead of `reports` beside the warehouse."
)
@click.option("--mail", is_flag=True, help="Mail it to whom alerts go (AJAR_SMTP_URL, AJAR_ALERT_TO).")
@warehouse_option
def report(out: Path | None, mail: bool, warehouse: Path | None) -> None:
    """Write what is known as one HTML page with charts.

    The page holds everything it shows, with filters, deep links and all evidence; it can be forwarded as it is.
    A picture of its main chart is written beside it. Before the first pass it tells the cited history.

    \b
    ajar report                       into `reports` beside the warehouse
    ajar report --out ~/public_html   anywhere else
    ajar report --mail                and mailed to whom alerts go
    """
    from flows.openness_report import charts

    # Goes on beside the imports and the queries.
    charts.begin()
    from flows import terminal
    from flows.reporting import mail_report, make_report

    settings = settings_in_force(warehouse)
    made = make_report(settings, now=read_clock(), folder=out)
    terminal.print_report(made)
    if mail:
        click.echo(f"Mailed    to {mail_report(settings, made, now=read_clock())}")


@main.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=4200,
    show_default=True,
    help="Port of the Prefect server on this machine.",
)
@click.option("--json-logs", is_flag=True, help="Logs of server and worker as one JSON object a line.")
def serve(port: int, json_logs: bool) -> None:
    """Keep watching: Prefect server, schedules and worker, until Ctrl-C."""
    from flows.serving import serve_forever

    serve_forever(settings_in_force(), port=port, tell=click.echo, json_logs=json_logs)


@main.command()
def reclassify() -> None:
    """Tag all stored articles again with today's rules.

    Shows what is gained, lost and changed. Alerts nobody.
    """
    from flows import terminal
    from flows.reclassifying import reclassify as tag_again

    with terminal.progress(shown=True) as progress:
        terminal.print_reclassified(tag_again(settings_in_force(), now=read_clock(), progress=progress))


@main.command()
@click.option(
    "--json", "as_json", is_flag=True, help="Settings in force (secrets masked) and findings as JSON."
)
def doctor(as_json: bool) -> None:
    """Check the installation; exit code 1 on a fault.

    Settings, folders, disk, clock, sources, locks, schedules, backups and the Prefect server.
    """
    from flows import doctor as check
    from flows import terminal

    settings = settings_in_force()
    findings = check.examine(settings, now=read_clock())
    if as_json:
        click.echo(check.as_json(settings, findings))
    else:
        rows = [(finding.verdict, finding.check, finding.fact) for finding in findings]
        terminal.print_table(("verdict", "check", "fact"), rows)
    sys.exit(1 if any(finding.verdict == "fault" for finding in findings) else 0)


main.add_command(sources)
main.add_command(alerts)


@main.command()
@click.argument("archives", metavar="ARCHIVE...", nargs=-1, required=True)
def backfill(archives: tuple[str, ...]) -> None:
    """Fill the warehouse from archives. Alerts nobody.

    ARCHIVE is a WARC file (CC-NEWS as it is) or JSON Lines, on this machine or anywhere fsspec reaches
    (s3://, https:// ...), or the address of a feed, whose older pages are read as far back as they go.
    An interrupted backfill goes on where it stopped; a repeated one changes nothing.
    """
    from flows import terminal
    from flows.backfilling import backfill as fill

    with terminal.progress(shown=True) as progress:
        filled = fill(settings_in_force(), archives, now=read_clock(), progress=progress)
    terminal.print_backfilled(filled)
