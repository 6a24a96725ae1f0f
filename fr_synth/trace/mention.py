"""Mentions of values, executed calls, and what a dialogue is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from fr_envs.json_values import Json, JsonObject
from fr_synth.trace.provenance import Provenance, harvest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State
    from fr_envs.world.tool_call import ToolCall

__all__ = ["Begun", "Feed", "Focus", "Mention", "Step", "Way", "focus_after"]


Way = Literal["fields", "least", "most", "again", "noun", "of"]
"""fields: members that stand beside it; least, most: smallest or largest of a list; again: the one dealt with last;
noun: what another call gives; of: a member of something that is pointed at in its turn."""


class Mention(msgspec.Struct, frozen=True):
    """Words of a message that point at a value without naming it.

    Attributes:
        turn: Turn of the message, from 0.
        kind: Kind of the value.
        value: The value meant.
        text: The words.
        way: How they point.
        by: For ``fields``: the members and their values; for ``least`` and ``most``: the member alone, with its value;
            for ``of``: the member that identifies what it is a member of, with its value.
        step: Call in whose result the value stands.
        group: JSON pointer to the list in which it stands there, None where there is no list.
        owner: For ``of``: how the words point at what it is a member of.
    """

    turn: int
    kind: str
    value: Json
    text: str
    way: Way
    by: JsonObject
    step: int
    group: str | None = None
    owner: Mention | None = None


class Step(NamedTuple):
    """One executed call.

    Attributes:
        call: The call.
        result: What it gave.
        before: State before.
        after: State after.
        sources: Where each argument comes from, by JSON pointer into the arguments.
        mentions: How the message points at arguments that come from outputs, by the same pointers.
        wanted: The user asks for it; otherwise it is a step that the message hides.
        turn: Turn to which it belongs.
        error: Code of the error with which it fails; empty when it works.
        idle: A read that nobody needs. Nothing later rests on it, nor on a call that fails.
    """

    call: ToolCall
    result: JsonObject
    before: State
    after: State
    sources: Mapping[str, Provenance]
    mentions: Mapping[str, Mention]
    wanted: bool
    turn: int
    error: str = ""
    idle: bool = False

    @property
    def aside(self) -> bool:
        """Whether nothing rests on it: it fails, or nobody needs it."""
        return bool(self.error) or self.idle


class Feed(NamedTuple):
    """A value that a binding has to take from one particular call.

    Attributes:
        kind: Kind of the value.
        step: Number of the call that gave it.
    """

    kind: str
    step: int


class Begun(NamedTuple):
    """A target that takes several turns.

    Attributes:
        target: The target, as ``fr_synth.sample.targets`` writes it.
        turns: How many turns have led up to it.
    """

    target: str
    turns: int


Focus = dict[str, tuple[Json, ...]]
"""For each kind the values that the latest wanted call with it dealt with: one value means "that one" is clear."""


def focus_after(focus: Focus, domain: Domain[Any], call: ToolCall, result: JsonObject) -> Focus:
    """Return the focus after a wanted call."""
    tool = domain.spec.tools[call.name]
    parameters = {name: parameter.field for name, parameter in tool.parameters.items()}
    seen: dict[str, dict[Json, None]] = {}
    for found in (*harvest(parameters, call.arguments), *harvest(tool.returns, result)):
        if not isinstance(found.value, dict | list):
            seen.setdefault(found.kind, {})[found.value] = None
    return {**focus, **{kind: tuple(values) for kind, values in seen.items()}}
