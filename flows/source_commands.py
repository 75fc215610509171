"""`ajar sources`: the catalogue of publishers, listed, checked, extended, exchanged."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extractors.errors import ConfigurationError
from flows.command_options import FILE, read_clock, settings_in_force

if TYPE_CHECKING:
    from extractors.records import Tier


@click.group()
def sources() -> None:
    """The catalogue of publishers."""


_sources_option = click.option(
    "--sources", "path", type=FILE, metavar="PATH", help="A file or folder instead of the catalogue."
)


@sources.command("list")
@_sources_option
def list_sources(path: Path | None) -> None:
    """All sources with tier, language, rhythm and addresses."""
    from extractors.addresses import redact
    from extractors.sources.cards import write_duration
    from flows import terminal
    from flows.catalogue import sources_in_force

    rows = [
        (
            source.id,
            source.publisher,
            source.tier,
            source.language,
            write_duration(source.every),
            redact(address.url),
        )
        for source in sources_in_force(settings_in_force(sources=path))
        for address in source.addresses
    ]
    terminal.print_table(("id", "publisher", "tier", "language", "every", "address"), rows)


@sources.command("check")
@click.argument("only", metavar="[ID]...", nargs=-1)
@_sources_option
def check_sources(only: tuple[str, ...], path: Path | None) -> None:
    """Fetch each address once and say what it would read. Nothing is stored; exit code 1 if one fails."""
    from flows import terminal
    from flows.catalogue import check_sources, sources_in_force
    from flows.passes import choose_sources

    settings = settings_in_force(sources=path)
    checked = check_sources(settings, choose_sources(sources_in_force(settings), only), now=read_clock())
    rows = [(each.source, each.url, each.entries, each.newest, each.remark) for each in checked]
    terminal.print_table(("source", "address", "entries", "newest", "remark"), rows)
    sys.exit(0 if all(each.entries is not None for each in checked) else 1)


@sources.command("add")
@click.argument("url")
@click.option("--publisher", help="Name of the publisher, instead of the feed's title.")
@click.option("--tier", type=click.Choice(["official", "press", "community", "policy"]), default="press")
@click.option("--actor", help="Organisation that speaks there; for an official source.")
def add_source(url: str, publisher: str | None, tier: Tier, actor: str | None) -> None:
    """Find the feed of a home page (or take a feed's own address) and write a card for it."""
    from extractors.sources.cards import write_card
    from flows.catalogue import add_source

    if (actor is not None) != (tier == "official"):
        raise ConfigurationError("--actor and --tier official go together: who speaks there?")
    source, path = add_source(
        settings_in_force(), url, now=read_clock(), publisher=publisher, tier=tier, actor=actor
    )
    click.echo(f"Wrote {path}\n\n{write_card(source)}")
    click.echo(f"The next pass reads it; `ajar run --only {source.id}` does at once.")


@sources.command("import")
@click.argument("file", type=FILE)
def import_sources(file: Path) -> None:
    """Write a card for every feed of an OPML file that is not listed yet."""
    from flows.catalogue import import_opml

    listed, new = import_opml(settings_in_force(), file)
    for reason in listed.refused:
        click.echo(f"  refused: {reason}")
    click.echo(
        f"{len(listed.sources)} feeds in {file}: {len(new)} new, {len(listed.sources) - len(new)} known"
    )


@sources.command("export")
@_sources_option
def export_sources(path: Path | None) -> None:
    """Write all feeds as OPML to standard output."""
    from extractors.sources.opml import write_opml
    from flows.catalogue import sources_in_force

    click.echo(write_opml(sources_in_force(settings_in_force(sources=path))), nl=False)
