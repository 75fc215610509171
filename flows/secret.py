"""Values that must not be seen."""

from __future__ import annotations


class Secret:
    """A text that must not be seen: it prints as `***`. Use `reveal()` where it is sent.

    No kind of `str`: what takes texts without printing them first, such as `json.dumps`, would show it.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    def __format__(self, spec: str) -> str:
        return format("***", spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)
