"""Values that must not be seen."""

from __future__ import annotations


class Secret(str):
    """A value that must not be seen: it prints as `***`. Use `reveal()` where it is sent."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format("***", spec)

    def reveal(self) -> str:
        """The value itself."""
        return str.__str__(self)
