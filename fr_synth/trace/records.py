"""The dialogue record: a dialogue, where every value in it comes from, and its proofs. ``rows`` writes and reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from fr_envs.contract.view import View
from fr_envs.episode.faults import Fault
from fr_envs.episode.task import Goal
from fr_envs.episode.traits import Trait
from fr_envs.episode.turn_kind import TurnKind
from fr_envs.json_values import JsonObject
from fr_envs.world.tool_call import ToolCall
from fr_synth.trace.awaited import Awaited
from fr_synth.trace.dataflow.executed import ExecutedCall, Purpose
from fr_synth.trace.dataflow.mention import Mention
from fr_synth.trace.dataflow.provenance import Provenance
from fr_synth.trace.failed_attempt import FailedAttempt
from fr_synth.trace.macro import AdvancedTool

if TYPE_CHECKING:
    from fr_envs.world.state import State

__all__ = ["RECORD_VERSION", "CallRecord", "Dialogue", "Purpose", "TurnRecord"]

RECORD_VERSION = 3
"""Version of the form of a record. A reader refuses any other, naming both."""


class CallRecord(msgspec.Struct, frozen=True):
    """One call of a dialogue, and what it rests on.

    Attributes:
        turn: Turn to which it belongs, from 0.
        message: Index of the assistant message that makes it.
        name: Tool, by its name in the contract.
        arguments: Arguments, by their names in the contract.
        result: What the assistant read.
        digest: Digest of the world's state afterwards, 32 hexadecimal digits.
        sources: Where each leaf of the arguments comes from, by JSON pointer.
        user_requested: The user asked for this call; otherwise the request hides it, or it fails.
        error: Code of the declared error with which the call fails; None if it works.
        purpose: What it is there for.
    """

    turn: int
    message: int
    name: str
    arguments: JsonObject
    result: JsonObject
    digest: str
    sources: dict[str, Provenance]
    user_requested: bool
    error: str | None = None
    purpose: Purpose = "needed"

    @property
    def tool(self) -> str:
        """The tool that is called."""
        return self.name

    @property
    def failed(self) -> str:
        """Code of the error with which it fails; empty when it works."""
        return self.error or ""

    @property
    def distractor(self) -> bool:
        """Whether it is a read that nobody needs, put there on purpose."""
        return self.purpose == "distractor"

    @classmethod
    def of(cls, executed: ExecutedCall, message: int) -> CallRecord:
        """Return the record of an executed call that the assistant's message with an index makes."""
        return cls(
            executed.turn, message, executed.call.name, executed.call.arguments, executed.result,
            f"{executed.after.digest:032x}", dict(executed.sources), executed.user_requested, executed.error or None,
            executed.purpose,
        )  # fmt: skip

    def executed(self, before: State, after: State) -> ExecutedCall:
        """Return the call between the states that running it again leads from and to; mentions stand in the turn."""
        return ExecutedCall(
            ToolCall(self.name, self.arguments), self.result, before, after, self.sources, {}, self.user_requested,
            self.turn, self.error or "", self.purpose,
        )  # fmt: skip


class TurnRecord(msgspec.Struct, frozen=True):
    """One turn of a dialogue.

    Attributes:
        kind: What the right move is.
        target: Tool at which sampling aimed.
        message: Index of the user's message.
        easy: The same request with the steps spelt out; not part of the dialogue.
        goal: What holds at the end and did not before.
        advanced: The turn as one executable operation.
        mentions: Words of the message that point at values without naming them.
        attempts: How often the reasoner was asked in this turn; 1 for each step that was right at once.
        failed: The attempts that were not taken, in order.
        traits: What else is going on, in the order of ``fr_envs.episode.traits.TRAITS``.
        parallel: Indexes of the assistant's messages that make several calls, which do not depend on their order.
        awaited: The call that is not made, where the kind is another than ``act``; None where there is nothing to say.
        announced: Names in the contract of tools that come with the message, which has their definitions; from here on
            they are offered with the others.
    """

    kind: TurnKind
    target: str
    message: int
    easy: str
    goal: Goal
    advanced: AdvancedTool
    mentions: tuple[Mention, ...]
    attempts: int
    failed: tuple[FailedAttempt, ...] = ()
    parallel: tuple[int, ...] = ()
    awaited: Awaited | None = None
    traits: tuple[Trait, ...] = ()
    announced: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """What the critic found on the way, in words."""
        return tuple(fault for attempt in self.failed for fault in attempt.faults)


class Dialogue(msgspec.Struct, frozen=True, kw_only=True):
    """A dialogue, ready to be trained on, replayed and judged.

    Attributes:
        version: ``RECORD_VERSION`` of the writer.
        id: Identifier within its run.
        domain: Short name of the world.
        domain_version: Version of its contract.
        scale: Size of the first state.
        seed: Seed of the first state.
        teacher: Who wrote the words.
        messages: OpenAI-style messages; ``arguments`` are objects, thinking stands in ``reasoning_content``.
        tools: The tools offered from the beginning, a JSON string of an OpenAI tool list.
        turns: One for each message of the user.
        calls: Every call, in order.
        offered: Names in the contract of the tools offered from the beginning; empty for all of the world's.
        view: In which order, and under which names, all tools are offered; None for those of the contract.
        sha256: Canonical digest of the world's state at the end.
        persona: Who speaks as the user; empty for nobody in particular.
        situation: What brought the user here; empty for a drill.
        faults: What goes wrong in the world on purpose.
        proofs: Name of each proof that the record has passed -> true.
        disagreements: Where the lines that it was read from say different things, in words; it is never written.
    """

    version: int = RECORD_VERSION
    id: str
    domain: str
    domain_version: str
    scale: Literal["tiny", "small", "medium", "large", "busy"]
    seed: tuple[int, ...]
    teacher: str
    messages: tuple[JsonObject, ...]
    tools: str
    turns: tuple[TurnRecord, ...]
    calls: tuple[CallRecord, ...]
    sha256: str
    offered: tuple[str, ...] = ()
    view: View | None = None
    persona: str = ""
    situation: str = ""
    faults: tuple[Fault, ...] = ()
    proofs: dict[str, bool] = {}
    disagreements: tuple[str, ...] = ()

    def offered_in(self, number: int) -> tuple[str, ...]:
        """Return the names in the contract of the tools offered in a turn; none for all of the world's."""
        later = (name for turn in self.turns[: number + 1] for name in turn.announced)
        return (*self.offered, *later) if self.offered else ()
