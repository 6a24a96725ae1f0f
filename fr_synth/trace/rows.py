"""A record on disk: three lines of JSON in three files, joined by ``id``, and back.

===================  ==========================================================================================
``dialogues.jsonl``  what a trainer reads: messages, tools, kinds of the turns; nothing else, so nothing that a
                     loader could type anew
``tasks.jsonl``      what an agent plays and is judged by: a ``fr_envs`` task
``evidence.jsonl``   where every value comes from, and what the record has been proven to be
===================  ==========================================================================================

Names, arguments and results of calls stand in the messages alone, goals in the task alone: what is proven is what is
read. What stands in two of the lines has to agree; where it does not, ``join`` says so.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, TypeVar

import msgspec

from fr_envs.episode.task import TASK_VERSION, Task
from fr_envs.episode.traits import TRAITS
from fr_envs.errors import RecordError
from fr_envs.json_values import Json, JsonObject, with_clean_descriptions
from fr_synth.trace.awaited import Awaited
from fr_synth.trace.dataflow.mention import Mention
from fr_synth.trace.dataflow.provenance import Provenance
from fr_synth.trace.failed_attempt import FailedAttempt
from fr_synth.trace.macro import AdvancedTool
from fr_synth.trace.playable import task_of
from fr_synth.trace.records import RECORD_VERSION, CallRecord, Dialogue, Purpose, TurnRecord
from fr_synth.trace.unreadable import UNREADABLE, line_fault, other_version, version_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.contract.view import View

__all__ = [
    "CallEvidence",
    "DialogueRow",
    "EvidenceRow",
    "RecordLines",
    "RowKind",
    "TurnEvidence",
    "decode",
    "encode",
    "row_schema",
    "task_of",
]

RowKind: TypeAlias = Literal["dialogue", "task", "evidence"]


class RecordLines(NamedTuple):
    """A record as three lines of JSON, without their newlines."""

    dialogue: bytes
    task: bytes
    evidence: bytes


class DialogueRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a trainer reads.

    Attributes:
        id: Identifier within the run.
        domain: Short name of the world.
        messages: OpenAI-style messages; ``arguments`` are objects, thinking stands in ``reasoning_content``.
        tools: The tools offered, an OpenAI tool list as JSON text.
        kinds: Kind of each turn.
        traits: Traits of each turn, with commas between them; an empty text for none.
        mistakes: For each message whether it makes a mistake of the assistant's own, which nobody should learn to make.
    """

    id: str
    domain: str
    messages: tuple[JsonObject, ...]
    tools: str
    kinds: tuple[str, ...]
    traits: tuple[str, ...] = ()
    mistakes: tuple[bool, ...] = ()


class CallEvidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What stands behind a call of the messages.

    Attributes:
        digest: Digest of the world's state afterwards, 32 hexadecimal digits.
        sources: Where each leaf of the arguments comes from, by JSON pointer.
        user_requested: The user asks for it.
        purpose: What it is there for.
        error: Code of the declared error with which it fails; None if it works.
    """

    digest: str
    sources: dict[str, Provenance] = {}
    user_requested: bool = False
    purpose: Purpose = "needed"
    error: str | None = None


class TurnEvidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What stands behind a turn; attributes as of ``TurnRecord``."""

    target: str
    easy: str
    advanced: AdvancedTool
    mentions: tuple[Mention, ...] = ()
    attempts: int = 1
    failed: tuple[FailedAttempt, ...] = ()
    awaited: Awaited | None = None


class EvidenceRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a record rests on.

    Attributes:
        id: Identifier within the run.
        version: ``RECORD_VERSION`` of the writer.
        domain_version: Version of the world's contract.
        teacher: Who wrote the words.
        persona: Who speaks as the user; empty for nobody in particular.
        situation: What brought the user here; empty for a drill.
        turns: One for each message of the user.
        calls: One for each call of the messages, in order.
        sha256: Canonical digest of the world's state at the end.
        proofs: Name of each proof that the record has passed -> true.
        seal: Digest of all the rest of the three lines; a line that was changed by hand shows.
    """

    id: str
    version: int = RECORD_VERSION
    domain_version: str
    teacher: str
    persona: str = ""
    situation: str = ""
    turns: tuple[TurnEvidence, ...]
    calls: tuple[CallEvidence, ...]
    sha256: str
    proofs: dict[str, bool]
    seal: str = ""


_ENCODER = msgspec.json.Encoder()
_ROWS: dict[RowKind, type[DialogueRow | Task | EvidenceRow]] = {
    "dialogue": DialogueRow,
    "task": Task,
    "evidence": EvidenceRow,
}
_DIALOGUE = msgspec.json.Decoder(DialogueRow)
_TASK = msgspec.json.Decoder(Task)
_EVIDENCE = msgspec.json.Decoder(EvidenceRow)


def encode(dialogue: Dialogue) -> RecordLines:
    """Return a record as three lines."""
    row = DialogueRow(
        dialogue.id, dialogue.domain, dialogue.messages, dialogue.tools, tuple(turn.kind for turn in dialogue.turns),
        tuple(",".join(turn.traits) for turn in dialogue.turns), _mistakes(dialogue),
    )  # fmt: skip
    evidence = EvidenceRow(
        id=dialogue.id, version=dialogue.version, domain_version=dialogue.domain_version, teacher=dialogue.teacher,
        persona=dialogue.persona, situation=dialogue.situation, turns=tuple(map(_turn_evidence, dialogue.turns)),
        calls=tuple(map(_call_evidence, dialogue.calls)), sha256=dialogue.sha256, proofs=dialogue.proofs,
    )  # fmt: skip
    task = task_of(dialogue)
    sealed = msgspec.structs.replace(evidence, seal=_seal(row, task, evidence))
    return RecordLines(*map(_ENCODER.encode, (row, task, sealed)))


_SEALER = msgspec.json.Encoder(order="deterministic")  # so that lines which say the same have one seal


def _seal(row: DialogueRow, task: Task, evidence: EvidenceRow) -> str:
    """Return the digest of a record, whatever seal its evidence has."""
    digest = hashlib.blake2b(digest_size=16)
    for each in (row, task, msgspec.structs.replace(evidence, seal="")):
        digest.update(_SEALER.encode(each))
    return digest.hexdigest()


def _mistakes(dialogue: Dialogue) -> tuple[bool, ...]:
    """Return for each message whether it makes a mistake of the assistant's own."""
    slips = {call.message for call in dialogue.calls if call.purpose == "slip"}
    return tuple(index in slips for index in range(len(dialogue.messages)))


def _turn_evidence(turn: TurnRecord) -> TurnEvidence:
    return TurnEvidence(turn.target, turn.easy, turn.advanced, turn.mentions, turn.attempts, turn.failed, turn.awaited)


def _call_evidence(call: CallRecord) -> CallEvidence:
    return CallEvidence(call.digest, call.sources, call.user_requested, call.purpose, call.error)


# ------------------------------------------------------------------------------------------------- from disk


def decode(lines: RecordLines, place: str, others: tuple[str, str] = ("", "")) -> Dialogue:
    """Read a record.

    What can be read and does not agree (one line says another thing than the other, the messages hold no such call)
    becomes ``Dialogue.disagreements``, which no proof lets pass.

    Args:
        lines: The three lines.
        place: Where the dialogue stands, for the message.
        others: Where the task and the evidence stand, if that is known.

    Raises:
        RecordError: A line is no JSON, another version, or of another shape.
    """
    row = _part("dialogue", lines.dialogue, place, _DIALOGUE)
    for kind, line, other in zip(("task", "evidence"), lines[1:], others, strict=True):
        if not line and not other:
            advice = "take the dialogue out or make the run again"
            raise RecordError(f"{place}: no {kind} with the id of this dialogue; {advice}")
    task = _part("task", lines.task, others[0] or place, _TASK)
    evidence = _part("evidence", lines.evidence, others[1] or place, _EVIDENCE)
    for version, ours, what in (
        (evidence.version, RECORD_VERSION, "record"), (task.version, TASK_VERSION, "task")
    ):  # fmt: skip
        if version != ours:
            raise RecordError(f"{place}: {other_version(what, version, ours)}")
    return _joined(row, task, evidence)


_Row = TypeVar("_Row")


def _part(kind: RowKind, line: bytes, place: str, decoder: msgspec.json.Decoder[_Row]) -> _Row:
    try:
        return decoder.decode(line)
    except UNREADABLE as error:
        version = version_of(line) if kind == "dialogue" else None
        fault = f"{line_fault(line, error)}; take it out of all three files or make the run again"
        known = fault if version is None else other_version("record", version, RECORD_VERSION)
        raise RecordError(f"{place}: {known}") from error


class _Called(NamedTuple):
    """A call as it stands in the messages."""

    message: int
    turn: int
    name: str
    arguments: JsonObject
    result: JsonObject


def _joined(row: DialogueRow, task: Task, evidence: EvidenceRow) -> Dialogue:
    problems: list[str] = []
    users = [index for index, message in enumerate(row.messages) if message.get("role") == "user"]
    called = [_in_contract(each, task.view) for each in _calls_in(row.messages, problems)]
    counts = {
        "messages of the user": len(users), "kinds": len(row.kinds), "turns of the task": len(task.turns),
        "turns of evidence": len(evidence.turns),
    }  # fmt: skip
    if len(set(counts.values())) > 1:
        problems.append("there are " + ", ".join(f"{count} {what}" for what, count in counts.items()))
    if len(called) != len(evidence.calls):
        problems.append(f"{len(called)} calls in the messages, {len(evidence.calls)} in the evidence")
    turns = tuple(
        TurnRecord(
            kind=played.kind, target=own.target, message=user, easy=own.easy, goal=played.goal, advanced=own.advanced,
            mentions=own.mentions, attempts=own.attempts, failed=own.failed, parallel=_several(row.messages, user),
            traits=tuple(trait for trait in TRAITS if trait in played.traits), awaited=own.awaited, announced=later,
        )
        for user, played, own, later in zip(users, task.turns, evidence.turns, _announced(task), strict=False)
    )  # fmt: skip
    calls = tuple(
        CallRecord(
            turn=each.turn, message=each.message, name=each.name, arguments=each.arguments, result=each.result,
            digest=own.digest, sources=own.sources, user_requested=own.user_requested, error=own.error,
            purpose=own.purpose,
        )
        for each, own in zip(called, evidence.calls, strict=False)
    )  # fmt: skip
    dialogue = Dialogue(
        version=evidence.version, id=row.id, domain=row.domain, domain_version=evidence.domain_version,
        scale=task.scale, seed=task.seed, teacher=evidence.teacher, messages=row.messages, tools=row.tools,
        turns=turns, calls=calls, sha256=evidence.sha256, persona=evidence.persona, situation=evidence.situation,
        proofs=evidence.proofs, offered=task.turns[0].tools if task.turns else (), view=task.view, faults=task.faults,
    )  # fmt: skip
    problems += _differences(dialogue, row, task, evidence)
    return msgspec.structs.replace(dialogue, disagreements=tuple(problems))


def _announced(task: Task) -> list[tuple[str, ...]]:
    """Return for each turn of a task the tools that are offered in it and were not before."""
    before = [task.turns[0].tools, *(turn.tools for turn in task.turns)] if task.turns else []
    return [
        tuple(name for name in turn.tools if name not in earlier)
        for turn, earlier in zip(task.turns, before, strict=False)
    ]


def _differences(dialogue: Dialogue, row: DialogueRow, task: Task, evidence: EvidenceRow) -> Iterator[str]:
    """Iterate over what one line says otherwise than another."""
    if not row.id == task.id == evidence.id:
        yield f"three lines of three records: {row.id!r}, {task.id!r}, {evidence.id!r}"
    if row.domain != task.domain:
        yield f"the dialogue is of the world {row.domain!r}, the task of {task.domain!r}"
    ours = task_of(dialogue)
    apart = list(_turns_apart(row, task, ours))
    yield from apart
    if not apart and _SEALER.encode(task) != _SEALER.encode(ours):
        yield "the task says other than the dialogue, to the letter, or of tools, views or faults that it does not have"
    if row.mistakes and row.mistakes != _mistakes(dialogue):
        yield "the messages that nobody should learn from are others than those with mistakes of the assistant's own"
    if evidence.seal != _seal(row, task, evidence):
        yield "the seal is not that of these lines: one of them was changed"


def _turns_apart(row: DialogueRow, task: Task, ours: Task) -> Iterator[str]:
    """Iterate over what the turns of a task say otherwise than those of the dialogue."""
    for number, (there, here) in enumerate(zip(task.turns, ours.turns, strict=False)):
        for name in ("message", "calls", "reply"):
            if getattr(there, name) != getattr(here, name):
                yield f"turn {number}: the task has another {name} than the messages"
        if number >= len(row.traits) or ",".join(there.traits) != row.traits[number]:
            yield f"turn {number}: the traits in the dialogue are others than in the task"
        if number < len(row.kinds) and there.kind != row.kinds[number]:
            yield f"turn {number}: of kind {row.kinds[number]!r} in the dialogue, {there.kind!r} in the task"


def _calls_in(messages: Sequence[JsonObject], problems: list[str]) -> Iterator[_Called]:
    """Iterate over the calls of messages, each with the tool message that follows; what is amiss joins ``problems``."""
    turn = -1
    for index, message in enumerate(messages):
        turn += message.get("role") == "user"
        calls = message.get("tool_calls", [])
        if not isinstance(calls, list):
            problems.append(f"message {index}: its tool_calls are no list")
            continue
        for position, call in enumerate(calls):
            function = call.get("function") if isinstance(call, dict) else None
            name, arguments = (
                (function.get("name"), function.get("arguments")) if isinstance(function, dict) else ("", 0)
            )
            if not isinstance(name, str) or not isinstance(arguments, dict):
                problems.append(
                    f"message {index}: call {position} is no call of a function with an object of arguments"
                )
                continue
            answer = messages[index + 1 + position] if index + 1 + position < len(messages) else {}
            yield _Called(index, turn, name, arguments, _loaded(answer.get("content"), index, position, problems))


def _in_contract(called: _Called, view: View | None) -> _Called:
    """Return a call under the contract's names."""
    if view is None:
        return called
    name, arguments = view.contract_call(called.name, called.arguments)
    return called._replace(name=name, arguments=arguments)


def _loaded(content: Json, index: int, position: int, problems: list[str]) -> JsonObject:
    try:
        result = json.loads(content) if isinstance(content, str) else None
    except (ValueError, RecursionError):
        result = None
    if not isinstance(result, dict):
        problems.append(f"message {index}: call {position} is not followed by a result that is a JSON object")
        return {}
    return result


def _several(messages: Sequence[JsonObject], user: int) -> tuple[int, ...]:
    """Return the messages of the turn that make several calls."""
    found = []
    for index in range(user + 1, len(messages)):
        if messages[index].get("role") == "user":
            break
        calls = messages[index].get("tool_calls")
        if isinstance(calls, list) and len(calls) > 1:
            found.append(index)
    return tuple(found)


def row_schema(kind: RowKind) -> JsonObject:
    """Return the JSON Schema of one of the three lines."""
    schema: JsonObject = with_clean_descriptions(msgspec.json.schema(_ROWS[kind]))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
