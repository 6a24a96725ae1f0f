"""A dialogue as a task: what an agent plays, and what it is judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.episode.faults import is_fault
from fr_envs.episode.task import Goal, Known, Task, Turn
from fr_envs.json_values import at_pointer, parts_of
from fr_envs.world.tool_call import ToolCall
from fr_synth.trace.dataflow.provenance import Said, inputs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.trace.dataflow.mention import Mention
    from fr_synth.trace.dataflow.provenance import Provenance
    from fr_synth.trace.records import CallRecord, Dialogue

__all__ = ["task_of"]


def task_of(dialogue: Dialogue) -> Task:
    """Return the dialogue as a task for an agent: the same world, messages and goals, judged by state and answers.

    Calls that the world refuses, mistakes of the agent's own, and reads that nobody needs are no part of the reference;
    one that a fault of the task meets is, as the fault strikes again.
    """
    turns = []
    for number, turn in enumerate(dialogue.turns):
        own = [call for call in dialogue.calls if call.turn == number and _is_reference(call, turn.goal)]
        message = dialogue.messages[turn.message].get("content") if turn.message < len(dialogue.messages) else None
        turns.append(
            Turn(
                message=str(message),
                goal=turn.goal,
                calls=tuple(ToolCall(call.name, call.arguments) for call in own),
                reply=_reply(dialogue.messages, turn.message),
                kind=turn.kind,
                tools=dialogue.offered_in(number),
                traits=turn.traits,
                knows=tuple(dict.fromkeys(_known(dialogue.calls, number, turn.mentions))),
            )
        )
    return Task(
        domain=dialogue.domain, seed=dialogue.seed, turns=tuple(turns), scale=dialogue.scale, id=dialogue.id,
        view=dialogue.view, faults=dialogue.faults,
    )  # fmt: skip


def _known(calls: Sequence[CallRecord], number: int, mentions: Sequence[Mention]) -> Iterator[Known]:
    """Iterate over what the message of a turn says of arguments, of its own calls or later ones."""
    pointing = {repr(each.value): each.text for each in mentions if each.way != "anaphora"}
    for call in calls:
        for pointer, source in call.sources.items():
            said = _words_in(source, number)
            if not said and call.turn == number:
                said = [pointing.get(repr(_at(call, pointer)), "")]
            yield from (Known(call.name, name, text) for name in parts_of(pointer)[:1] for text in said if text)


def _words_in(source: Provenance, number: int) -> list[str]:
    """Return the words of a turn's message that a value rests on; none for a source that a stranger made endless."""
    try:
        return [each.text for each in inputs_of(source) if isinstance(each, Said) and each.turn == number]
    except RecursionError:
        return []


def _at(call: CallRecord, pointer: str) -> Json:
    """Return the value of an argument; None where a record that was changed has none there."""
    try:
        found: Json = at_pointer(call.arguments, pointer)
    except LookupError:
        return None
    return found


def _is_reference(call: CallRecord, goal: Goal) -> bool:
    met = call.error is None or is_fault(call.error) or call.error == goal.unmet
    return met and call.purpose not in ("distractor", "slip")


def _reply(messages: Sequence[JsonObject], user: int) -> str:
    """Return the last thing the assistant says before the next message of the user."""
    said: Json = ""
    for message in messages[user + 1 :]:
        if message.get("role") == "user":
            break
        if message.get("role") == "assistant":
            said = message.get("content")
    return str(said)
