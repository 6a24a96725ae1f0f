"""Calls that a fault met: which they are, and of which faults they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from fr_envs.episode.faults import FAULT_CODES, FAULT_MANNERS, Fault, is_fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.json_values import JsonObject

__all__ = ["Ran", "faults_in"]


class Ran(Protocol):
    """A call that ran, as far as faults are concerned."""

    @property
    def tool(self) -> str:
        """Its tool."""
        ...

    @property
    def result(self) -> JsonObject:
        """What came of it."""
        ...

    @property
    def failed(self) -> str:
        """Code of its error; empty if it works."""
        ...


def faults_in(turn: int, ran: Sequence[Ran]) -> tuple[Fault, ...]:
    """Return the faults that the calls of a turn have met.

    Calls of a tool that fail one after the other have met one fault; after the last of them the tool works again in
    the turn, or the fault lasts to its end.

    Args:
        turn: The turn, from 0.
        ran: Its calls, in order.
    """
    found: list[Fault] = []
    for tool in dict.fromkeys(each.tool for each in ran if is_fault(each.failed)):
        own = [each for each in ran if each.tool == tool]
        struck = [k for k, each in enumerate(own) if is_fault(each.failed)]
        lasting = struck[-1] == len(own) - 1
        times = 0 if lasting else len(struck)
        code = next(code for code in FAULT_CODES if code == own[struck[0]].failed)
        manner = next(
            manner
            for manner in FAULT_MANNERS
            if _says(own[struck[0]], Fault(turn, tool, code, manner)) or manner == "helpful"
        )
        found.append(Fault(turn, tool, code, manner, struck[0] + 1, times))
    return tuple(found)


def _says(ran: Ran, fault: Fault) -> bool:
    return bool(ran.result == fault.error.to_json())
