"""The catalogue of sources: one YAML file per publisher, and the reader of such files."""

from extractors.sources.loader import load_sources, parse_duration

__all__ = ["load_sources", "parse_duration"]
