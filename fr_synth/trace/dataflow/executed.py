"""Executed calls: what was called, what came of it, where its arguments come from; and what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from fr_envs.episode.faults import is_fault
from fr_envs.json_values import Json, JsonObject
from fr_synth.trace.dataflow.provenance import Output, Provenance, harvest, inputs_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State
    from fr_envs.world.tool_call import ToolCall
    from fr_synth.trace.dataflow.mention import Mention

__all__ = ["ExecutedCall", "Feed", "Focus", "Purpose", "feeds", "focus_after"]


Purpose: TypeAlias = Literal["needed", "closing", "check", "distractor", "slip"]
"""What a call is there for: needed by a later call or the goal; closing what an earlier one opened (rights, a session);
checking what a risky write has done; a distractor, which nobody needs; a slip, the agent's own mistake, which the next
call of its tool sets right."""


class ExecutedCall(NamedTuple):
    """One executed call.

    Attributes:
        call: The call.
        result: What it gave.
        before: State before.
        after: State after.
        sources: Where each argument comes from, by JSON pointer into the arguments.
        mentions: How the message points at arguments that come from outputs, by the same pointers.
        user_requested: The user asks for it; otherwise it is a supporting call that the message leaves out.
        turn: Turn to which it belongs.
        error: Code of the error with which it fails; empty when it works.
        purpose: What it is there for.
    """

    call: ToolCall
    result: JsonObject
    before: State
    after: State
    sources: Mapping[str, Provenance]
    mentions: Mapping[str, Mention]
    user_requested: bool
    turn: int
    error: str = ""
    purpose: Purpose = "needed"

    @property
    def tool(self) -> str:
        """The tool that is called."""
        return self.call.name

    @property
    def failed(self) -> str:
        """Code of the error with which it fails; empty when it works."""
        return self.error

    @property
    def faulted(self) -> bool:
        """Whether a fault met it, so that it never reached the world."""
        return is_fault(self.error)

    @property
    def distractor(self) -> bool:
        """Whether it is a read that nobody needs."""
        return self.purpose == "distractor"

    @property
    def aside(self) -> bool:
        """Whether nothing rests on it: it fails, or is there for something else than what comes after it."""
        return bool(self.error) or self.purpose != "needed"


def feeds(executed: ExecutedCall) -> set[int]:
    """Return the numbers of the calls whose outputs a call takes arguments from."""
    found = (each for source in executed.sources.values() for each in inputs_of(source))
    return {each.step for each in found if isinstance(each, Output)}


class Feed(NamedTuple):
    """A value that a binding has to take from one particular call.

    Attributes:
        kind: Kind of the value.
        step: Number of the call that gave it.
    """

    kind: str
    step: int


Focus = dict[str, tuple[Json, ...]]
"""For each kind the values that the latest requested call with it dealt with: one value means "that one" is clear."""


def focus_after(focus: Focus, domain: Domain[Any], call: ToolCall, result: JsonObject) -> Focus:
    """Return the focus after a requested call."""
    tool = domain.spec.tools[call.name]
    parameters = {name: parameter.field for name, parameter in tool.parameters.items()}
    seen: dict[str, dict[Json, None]] = {}
    for found in (*harvest(parameters, call.arguments), *harvest(tool.returns, result)):
        if not isinstance(found.value, dict | list):
            seen.setdefault(found.kind, {})[found.value] = None
    return {**focus, **{kind: tuple(values) for kind, values in seen.items()}}
