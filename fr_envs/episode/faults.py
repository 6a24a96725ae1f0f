"""Faults: what goes wrong in a world on purpose, as data of a task. A call that a fault meets never reaches the world.

A fault says at which call of which tool in which turn it strikes, so it strikes again whenever the task is played; the
state stays as it was. What the agent reads has the form of every other error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import msgspec

from fr_envs.errors import UsageError
from fr_envs.world.domain import Outcome
from fr_envs.world.tool_call import ToolCall, ToolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fr_envs.world.state import State

__all__ = [
    "FAULT_CODES",
    "FAULT_MANNERS",
    "Fault",
    "FaultCode",
    "FaultManner",
    "check_faults",
    "fault_at",
    "is_fault",
    "refused_by",
    "struck",
]

FaultCode: TypeAlias = Literal["service_unavailable", "timeout", "rate_limited", "temporarily_locked"]
"""What a service can be, for a while, whatever it is asked."""

FaultManner: TypeAlias = Literal["terse", "helpful"]
"""How it is told: as bare as servers do, or with what it means and what helps."""

FAULT_CODES: tuple[FaultCode, ...] = get_args(FaultCode)
FAULT_MANNERS: tuple[FaultManner, ...] = get_args(FaultManner)

_TEXTS: dict[FaultManner, dict[FaultCode, str]] = {
    "terse": {
        "service_unavailable": "503 Service Unavailable",
        "timeout": "504 Gateway Timeout",
        "rate_limited": "429 Too Many Requests",
        "temporarily_locked": "423 Locked",
    },
    "helpful": {
        "service_unavailable": "The service cannot be reached at the moment. Nothing was changed.",
        "timeout": "The service took too long to answer and the request was dropped. Nothing was changed.",
        "rate_limited": "Too many requests at once; this one was not carried out. Try again in a moment.",
        "temporarily_locked": "Another process holds a lock on this, so nothing was changed. Try again in a moment.",
    },
}


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that goes wrong.

    Attributes:
        turn: Turn in which it strikes, from 0.
        tool: Tool whose calls it meets.
        code: What the agent is told is wrong.
        manner: How it is told.
        nth: The call of the tool in the turn that it meets first, from 1.
        times: How many calls it meets from there on; 0 for every one to the end of the turn.
    """

    turn: int
    tool: str
    code: FaultCode
    manner: FaultManner = "helpful"
    nth: int = 1
    times: int = 1

    @property
    def lasting(self) -> bool:
        """Whether it is over only when the turn is."""
        return self.times == 0

    @property
    def error(self) -> ToolError:
        """What the agent observes."""
        return ToolError(self.code, _TEXTS[self.manner][self.code])

    def meets(self, turn: int, tool: str, number: int) -> bool:
        """Return True if it strikes a call.

        Args:
            turn: Turn of the call, from 0.
            tool: Its tool.
            number: How many calls of the tool the turn has with it, from 1.
        """
        last = number if self.lasting else self.nth + self.times - 1
        return (turn, tool) == (self.turn, self.tool) and self.nth <= number <= last


def fault_at(faults: Iterable[Fault], turn: int, tool: str, number: int) -> Fault | None:
    """Return the first of some faults that strikes a call, None if none does; arguments as of ``Fault.meets``."""
    return next((fault for fault in faults if fault.meets(turn, tool, number)), None)


def refused_by(fault: Fault, state: State) -> Outcome[Any]:
    """Return what comes of a call that a fault meets: its error, and the state as it was."""
    return Outcome(state, None, fault.error)


def struck(
    faults: Sequence[Fault], turn: int, tool: str, made: Iterable[tuple[ToolCall, object]], state: State
) -> Outcome[Any] | None:
    """Return what comes of the next call of a tool where a fault meets it; None where none does.

    Args:
        faults: The faults.
        turn: The turn, from 0.
        tool: The tool, by its name in the contract.
        made: Calls of the turn so far, each with what came of it.
        state: The state as it is.
    """
    fault = fault_at(faults, turn, tool, 1 + sum(call.name == tool for call, _ in made))
    return None if fault is None else refused_by(fault, state)


def is_fault(code: str | None) -> bool:
    """Return True if a code of an error is one of a fault; no contract declares those."""
    return code in FAULT_CODES


def check_faults(faults: Sequence[Fault], turns: int, tools: Iterable[str]) -> None:
    """Check that faults can strike at all.

    Args:
        faults: The faults.
        turns: Number of turns.
        tools: The tools of the world.

    Raises:
        UsageError: One is of a turn or a tool that there is not, or counts from below 1.
    """
    known = set(tools)
    for number, fault in enumerate(faults):
        if not 0 <= fault.turn < turns:
            raise UsageError(f"fault {number} of the task: there is no turn {fault.turn}; give 0 to {turns - 1}")
        if fault.tool not in known:
            raise UsageError(f"fault {number} of the task: there is no tool {fault.tool!r}")
        if fault.nth < 1 or fault.times < 0:
            raise UsageError(f"fault {number} of the task: give nth from 1, and times from 0 (0: to the turn's end)")
