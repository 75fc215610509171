"""Who may import whom. The folders are the architecture, so a wrong import is a failing test."""

from __future__ import annotations

import ast
import importlib.machinery
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

FORBIDDEN = {
    "extractors": {"duckdb", "prefect", "warehouse", "flows", "click", "rich"},
    "warehouse": {"httpx", "feedparser", "trafilatura", "warcio", "prefect", "flows", "click", "rich"},
    "flows": {"httpx", "feedparser", "trafilatura", "pyarrow", "ahocorasick_rs"},
}
# Fetching is the extractors' business; handing a message over to a webhook is that of a channel.
ALLOWED = {"flows/channels": {"httpx"}}
# The records and errors are the language the layers speak with each other.
SHARED = {"extractors.records", "extractors.errors"}


def imported_names(path: Path) -> set[str]:
    """Dotted names of all modules a file imports, wherever in the file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def modules(package: str) -> list[Path]:
    """All Python files of a top-level package."""
    found = sorted((ROOT / package).rglob("*.py"))
    assert found, f"{package} holds no module"
    return found


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_no_layer_imports_what_is_not_its_business(package: str) -> None:
    trespasses = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(package)
        for name in imported_names(path)
        if name.split(".")[0]
        in FORBIDDEN[package] - ALLOWED.get(path.parent.relative_to(ROOT).as_posix(), set())
    ]
    assert trespasses == []


def test_the_warehouse_takes_only_records_and_errors_from_the_extractors() -> None:
    trespasses = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules("warehouse")
        for name in imported_names(path)
        if name.startswith("extractors") and not any(name == s or name.startswith(s + ".") for s in SHARED)
    ]
    assert trespasses == []


def test_only_thin_flows_import_prefect() -> None:
    """A single pass from the command line must start without Prefect, which takes over a second to import."""
    allowed = {
        "watch_sources.py",
        "raise_alerts.py",
        "reclassify_articles.py",
        "backfill_archive.py",
        "report_trends.py",
        "tidy_up.py",
        "watch_shard.py",
        "load_inbox.py",
        "prefect_runs.py",
        "prefect_secrets.py",
        "prefect_setup.py",
    }
    importing = {
        path.name
        for path in modules("flows")
        if any(name.split(".")[0] == "prefect" for name in imported_names(path))
    }
    assert importing <= allowed


def test_no_flow_file_hides_a_module_that_anybody_imports() -> None:
    """Prefect puts flows/ first on sys.path for `flows/x.py:flow`: `flows/email.py` would break smtplib."""
    path_without_us = [entry for entry in sys.path if Path(entry).resolve() not in {ROOT, ROOT / "flows"}]
    hidden = []
    for path in (ROOT / "flows").iterdir():
        name = path.stem
        if name == "__init__" or name.startswith((".", "__")):
            continue
        importable = (
            name in sys.stdlib_module_names
            or importlib.machinery.PathFinder.find_spec(name, path_without_us) is not None
        )
        if importable or (ROOT / name).exists():
            hidden.append(path.name)
    assert hidden == []
