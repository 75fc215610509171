"""One request to one address that is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extractors.poll_memory import PollMemory
from extractors.records import Address, AddressState, Request, Source

Why = Literal["new", "due", "forced", "full", "https"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One request to one address that is due."""

    source: Source
    """The source it counts for: an official one where several list the address."""
    also: tuple[Source, ...]
    """Further sources that list the same address; the answer is theirs too."""
    address: Address
    request: Request
    state: AddressState | None
    """As remembered; None: never asked before."""
    why: Why
    """`full`: asked without validators to check on a server that has long said 304; `https`: an http address
    that cannot be reached, tried as https."""

    @property
    def memory(self) -> PollMemory:
        """What is remembered of the address."""
        return PollMemory.from_json(self.state.memory) if self.state else PollMemory()
