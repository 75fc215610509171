"""A licence edited in silence becomes a shift, with both texts kept; a change of layout does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

APACHE = "Apache License\nVersion 2.0, January 2004\n\nLicensed under the Apache License, Version 2.0.\n"
LIMITED = "Gondor Community License\n\nYou may use this AI model for non-commercial purposes only.\n"


def test_only_a_change_of_words_becomes_an_article(ajar: Any, site: Any, tmp_path: Path, home: Path) -> None:
    def licence(text: str) -> None:
        site.answers["/LICENSE"] = (200, {"Content-Type": "text/plain; charset=utf-8"}, text.encode())

    card = (
        "id: arnor\npublisher: Arnor Labs\nlanguage: en\ntier: official\nactor: Arnor Labs\n"
        f"licences: ['{site.url('/LICENSE')}']\n"
    )
    (tmp_path / "arnor.yaml").write_text(card)

    def articles() -> list[tuple[str, str]]:
        run = ajar("run", "--sources", str(tmp_path / "arnor.yaml"), "--force")
        assert run.returncode == 0, run.stderr + run.stdout
        with duckdb.connect(str(home / "ajar-latest.duckdb"), read_only=True) as connection:
            return connection.execute("SELECT title, text FROM articles").fetchall()

    licence(APACHE)
    assert articles() == []
    licence(APACHE.upper().replace("\n", "\r\n\r\n"))
    assert articles() == []
    licence(LIMITED)
    ((title, text),) = articles()
    assert "licence" in title
    assert "apache license" in text.lower()
    assert "non-commercial purposes only" in text
    with duckdb.connect(str(home / "ajar-latest.duckdb"), read_only=True) as connection:
        (shift,) = connection.execute("SELECT actor, kind, direction, stage FROM shifts").fetchall()
    assert shift == ("Arnor Labs", "licence", "closing", "done")
