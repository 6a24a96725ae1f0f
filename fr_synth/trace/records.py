"""The dialogue record: one JSON line that holds a dialogue, where every value in it comes from, and its proofs."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

import msgspec

from fr_envs.episode.task import Goal, Task, Turn, TurnKind
from fr_envs.errors import RecordError
from fr_envs.json_values import Json, JsonObject
from fr_envs.world.tool_call import ToolCall
from fr_synth.trace.executed import ExecutedCall
from fr_synth.trace.macro import AdvancedTool
from fr_synth.trace.mention import Mention
from fr_synth.trace.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.world.state import State

__all__ = [
    "RECORD_VERSION",
    "CallRecord",
    "Dialogue",
    "TurnRecord",
    "decode",
    "encode",
    "fingerprint",
    "record_schema",
    "task_of",
]

RECORD_VERSION = 2
"""Version of the form of a record. A reader refuses any other, naming both."""


class CallRecord(msgspec.Struct, frozen=True):
    """One call of a dialogue, and what it rests on.

    Attributes:
        turn: Turn to which it belongs, from 0.
        message: Index of the assistant message that makes it.
        name: Tool.
        arguments: Arguments by name.
        result: What the world gave.
        digest: Digest of the world's state afterwards, 32 hexadecimal digits.
        sources: Where each leaf of the arguments comes from, by JSON pointer.
        user_requested: The user asked for this call; otherwise the request hides it, or it fails.
        error: Code of the declared error with which the call fails; None if it works.
        distractor: A read that nobody needs, put there on purpose.
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
    distractor: bool = False

    @classmethod
    def of(cls, executed: ExecutedCall, message: int) -> CallRecord:
        """Return the record of an executed call that the assistant's message with an index makes."""
        return cls(
            executed.turn, message, executed.call.name, executed.call.arguments, executed.result,
            f"{executed.after.digest:032x}", dict(executed.sources), executed.user_requested, executed.error or None,
            executed.distractor,
        )  # fmt: skip

    def executed(self, before: State, after: State) -> ExecutedCall:
        """Return the call between the states that running it again leads from and to; mentions stand in the turn."""
        return ExecutedCall(
            ToolCall(self.name, self.arguments), self.result, before, after, self.sources, {}, self.user_requested,
            self.turn, self.error or "", self.distractor,
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
        faults: What the critic found on the way, in words.
        parallel: Indexes of the assistant's messages that make several calls, which do not depend on their order.
    """

    kind: TurnKind
    target: str
    message: int
    easy: str
    goal: Goal
    advanced: AdvancedTool
    mentions: tuple[Mention, ...]
    attempts: int
    faults: tuple[str, ...] = ()
    parallel: tuple[int, ...] = ()


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
        tools: The tools offered, a JSON string of an OpenAI tool list.
        turns: One for each message of the user.
        calls: Every call, in order.
        sha256: Canonical digest of the world's state at the end.
        proofs: Name of each proof that the record has passed -> true.
    """

    version: int = RECORD_VERSION
    id: str
    domain: str
    domain_version: str
    scale: Literal["tiny", "small", "medium", "large"]
    seed: tuple[int, ...]
    teacher: str
    messages: tuple[JsonObject, ...]
    tools: str
    turns: tuple[TurnRecord, ...]
    calls: tuple[CallRecord, ...]
    sha256: str
    proofs: dict[str, bool] = {}


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Dialogue)


def encode(dialogue: Dialogue) -> bytes:
    """Return a record as one line of JSON, without the newline."""
    return _ENCODER.encode(dialogue)


def decode(line: bytes, place: str) -> Dialogue:
    """Read one line.

    Args:
        line: The line.
        place: File and line number, for the message.

    Raises:
        RecordError: It is no JSON, another version, or of another shape.
    """
    try:
        version = msgspec.json.decode(line, type=_Versioned).version
        if version != RECORD_VERSION:
            problem = f"a record of version {version}, and this reads version {RECORD_VERSION}"
            raise RecordError(f"{place}: {problem}; use the release of funreason that wrote it")
        return _DECODER.decode(line)
    except msgspec.DecodeError as error:
        raise RecordError(f"{place}: no record: {error}; take the line out or make the run again") from error


class _Versioned(msgspec.Struct):
    version: int


def fingerprint(dialogue: Dialogue) -> bytes:
    """Return a digest of the messages, by which copies are found."""
    return hashlib.blake2b(msgspec.json.encode(dialogue.messages[1:]), digest_size=16).digest()


def record_schema() -> JsonObject:
    """Return the JSON Schema of a record."""
    schema: JsonObject = msgspec.json.schema(Dialogue)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def task_of(dialogue: Dialogue) -> Task:
    """Return the dialogue as a task for an agent: the same world, messages and goals, judged by state and answers.

    Calls that fail, and reads that nobody needs, are no part of the reference.
    """
    turns = []
    for number, turn in enumerate(dialogue.turns):
        own = [c for c in dialogue.calls if c.turn == number and c.error is None and not c.distractor]
        turns.append(
            Turn(
                message=dialogue.messages[turn.message]["content"],
                goal=turn.goal,
                calls=tuple(ToolCall(call.name, call.arguments) for call in own),
                reply=_reply(dialogue.messages, turn.message),
                kind=turn.kind,
            )
        )
    return Task(
        domain=dialogue.domain, seed=dialogue.seed, turns=tuple(turns), scale=dialogue.scale, id=dialogue.id
    )  # fmt: skip


def _reply(messages: Sequence[JsonObject], user: int) -> str:
    """Return the last thing the assistant says before the next message of the user."""
    said: Json = ""
    for message in messages[user + 1 :]:
        if message["role"] == "user":
            break
        if message["role"] == "assistant":
            said = message["content"]
    return str(said)
