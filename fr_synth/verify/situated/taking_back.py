"""Values that are another than they were: put right after the fact, or given otherwise with an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fr_envs.episode.traits import AUTHORED
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.taking_back import WAS, values_of
from fr_synth.language.verbalise import mentions_value
from fr_synth.verify.words.said_dates import names_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.situation.spec import SituationTurn
    from fr_synth.trace.records import CallRecord
    from fr_synth.verify.evidence import Evidence
    from fr_synth.verify.situated.course import PlayedTurn

__all__ = ["taken_back", "was_before"]


def taken_back(evidence: Evidence, turn: PlayedTurn, reply: str) -> Iterator[str]:
    """Iterate over what is wrong with a turn in which something is another than in the one before it.

    A correction makes the call of the turn before again, with that value alone otherwise: where it changed something,
    the reply before it told the wrong one; the world is then as if the right call alone had been made. An answer with
    another value makes the call that was awaited, with that value otherwise.

    Args:
        evidence: The record and its replay.
        turn: The turn.
        reply: What the turn before replied.
    """
    marked = AUTHORED.intersection(evidence.dialogue.turns[turn.number].traits)
    if marked != set(turn.turn.traits):
        yield f"it is marked as {sorted(marked)}, and is {sorted(turn.turn.traits)}"
    if turn.taken in ("", "-"):
        return
    name = next((key for key, path in values_of(_plain(turn)).items() if path == turn.taken), "")
    calls = [call for call in evidence.dialogue.calls if call.turn == turn.number and call.user_requested]
    done = next((call for call in calls if call.error is None and name in call.arguments), None)
    if done is None:
        yield f"nothing is called with another {turn.taken}"
        return
    before = _before(evidence, turn, done)
    every = () if before is None else {**before, **done.arguments}
    if before is None or [key for key in every if before.get(key) != done.arguments.get(key)] != [name]:
        yield f"{done.name} is not called as before but for {name}"
        return
    yield from _told(evidence, turn, before[name], done.arguments[name])
    if "correction" in turn.turn.traits:
        writes = evidence.domain.spec.tools[done.name].effect == "write"
        if writes and not _says(evidence, turn, reply, before[name]):
            yield f"the reply before it did not tell {before[name]!r}, so nobody could notice"
        yield from _simply_set(evidence, turn, done)


def was_before(evidence: Evidence, turn: PlayedTurn) -> tuple[Json, ...]:
    """Return what was called with, or was to be, before a value was taken back; none where nothing was.

    Args:
        evidence: The record and its replay.
        turn: The turn in which it is taken back.
    """
    name = next((key for key, path in values_of(_plain(turn)).items() if path == turn.taken), "")
    done = next((call for call in turn.asked(evidence) if name in call.arguments), None)
    before = None if done is None else _before(evidence, turn, done)
    return () if before is None or name not in before else (before[name],)


def _plain(turn: PlayedTurn) -> SituationTurn:
    """Return the turn without its traits, as one of which the values can be asked for."""
    return msgspec.structs.replace(turn.turn, traits=())


def _before(evidence: Evidence, turn: PlayedTurn, done: CallRecord) -> JsonObject | None:
    """Return the arguments of the call that was made in the turn before, or was awaited there."""
    awaited = evidence.dialogue.turns[turn.number - 1].awaited
    if "correction" not in turn.turn.traits:
        known = awaited if awaited is not None and awaited.tool == done.name else None
        return None if known is None else {**known.arguments, **_open(done, known.lacks)}
    calls = (call for call in evidence.dialogue.calls if call.turn == turn.number - 1 and call.name == done.name)
    return next((call.arguments for call in calls if call.error is None and call.user_requested), None)


def _open(done: CallRecord, lacks: tuple[str, ...]) -> JsonObject:
    return {name: done.arguments[name] for name in lacks if name in done.arguments}


def _told(evidence: Evidence, turn: PlayedTurn, was: Json, now: Json) -> Iterator[str]:
    text = evidence.user_text(turn.number)
    if not _says(evidence, turn, text, now):
        yield f"the message does not tell {now!r}"
    for each in turn.message.told:
        if each.path == WAS and not _says(evidence, turn, each.text, was):
            yield f"{each.text!r} is not what was said before"


def _says(evidence: Evidence, turn: PlayedTurn, text: str, value: Json) -> bool:
    today = evidence.today(turn.calls[0] if turn.calls else len(evidence.dialogue.calls) - 1)
    return mentions_value(text, value) or names_day(text, value, today)


def _simply_set(evidence: Evidence, turn: PlayedTurn, done: CallRecord) -> Iterator[str]:
    """The world is as if the right call alone had been made."""
    calls = evidence.dialogue.calls
    wrong = next(k for k, call in enumerate(calls) if call.turn == turn.number - 1 and call.name == done.name)
    right = next(k for k, call in enumerate(calls) if call is done)
    outcome = evidence.domain.apply(evidence.states[wrong], ToolCall(done.name, done.arguments))
    left = outcome.state.diff(evidence.states[right + 1])
    if outcome.error is not None or any(c.table not in evidence.domain.hooks.incidental for c in left):
        yield f"{done.name} is not simply set anew by call {right}"
