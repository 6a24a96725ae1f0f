"""Proof 4, unambiguous: every reference in a message points at one thing in the world as it is then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.json_values import member_of
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.reference_rules import noun_place, picks_one, stands_by, words_of_member
from fr_synth.trace.dataflow.executed import Focus, focus_after
from fr_synth.trace.dataflow.provenance import Found, Output, harvest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.trace.dataflow.mention import Mention
    from fr_synth.verify.evidence import Evidence

__all__ = ["unambiguous"]


def unambiguous(evidence: Evidence) -> Iterator[str]:
    """Every reference in a message points at one thing, and what no words point at leaves no choice."""
    for number, turn in enumerate(evidence.dialogue.turns):
        for mention in turn.mentions:
            if not 0 <= mention.turn <= number or mention.text.lower() not in evidence.user_text(mention.turn).lower():
                yield f"turn {number}: {mention.text!r} is not in the message"
            elif not _points_at_one(evidence, mention, number):
                yield f"turn {number}: {mention.text!r} could mean something else than {mention.value!r}"
    yield from _unmentioned(evidence)


def _points_at_one(evidence: Evidence, mention: Mention, number: int) -> bool:
    """Return True if words mean one thing alone, that a call up to the turn in which they are used has shown."""
    calls = evidence.dialogue.calls
    if mention.way == "of" and not _owned(evidence, mention, number):
        return False
    if not 0 <= mention.step < len(calls) or calls[mention.step].turn > number:
        return False
    if mention.way == "anaphora":
        return _focus_before(evidence, mention) == (mention.value,) and _stands(evidence, mention)
    call = calls[mention.step]
    found = [f for f in evidence.found[mention.step] if f.kind == mention.kind and f.value == mention.value]
    if mention.way == "noun":
        tool = evidence.domain.spec.tools[call.name]
        return (tool.can_be_hidden or call.user_requested) and any(noun_place(f.pointer) in tool.nouns for f in found)
    fitting = [f for f in found if f.group == mention.group and stands_by(mention, f.beside, call.arguments)]
    if not fitting:
        return False
    first = next((k for k, other in enumerate(calls) if other.turn == number), 0)
    subject = mention.owner or mention
    entities = evidence.domain.entities(evidence.states[first], subject.kind)
    return picks_one(mention, call.result, fitting[0].beside, entities)


def _stands(evidence: Evidence, mention: Mention) -> bool:
    """Return True if the value of a mention stands in the result of its call."""
    return any(f.kind == mention.kind and f.value == mention.value for f in evidence.found[mention.step])


def _owned(evidence: Evidence, mention: Mention, number: int) -> bool:
    """Return True if the words name a member of something, and the owner's own words point at one thing."""
    owner = mention.owner
    if owner is None or owner.turn != mention.turn or owner.value not in mention.by.values():
        return False
    found = [f for f in evidence.found[mention.step] if f.kind == mention.kind and f.value == mention.value]
    said = any(mention.text == words_of_member(each.pointer, owner.text) for each in found)
    return said and _points_at_one(evidence, owner, number)


def _focus_before(evidence: Evidence, mention: Mention) -> tuple[object, ...]:
    """Return what "that one" means where the mention is used: after the requested calls before it."""
    focus: Focus = {}
    meant: tuple[object, ...] | None = None
    for call in evidence.dialogue.calls:
        if call.turn == mention.turn:
            meant = focus.get(mention.kind, ())
            if meant == (mention.value,):
                return meant
        if call.turn > mention.turn:
            break
        refused = call.error is not None and call.error == evidence.dialogue.turns[call.turn].goal.unmet
        if call.user_requested or refused:  # what could not be done was spoken of all the same
            focus = focus_after(focus, evidence.domain, ToolCall(call.name, call.arguments), call.result)
    return focus.get(mention.kind, ()) if meant is None else meant


def _forced(evidence: Evidence, number: int, taken: Found, known: set[object]) -> bool:
    """Return True if the world leaves no choice: of a kind that nobody speaks of, every other known value fails."""
    if evidence.domain.spec.kinds[taken.kind].references or taken.pointer.count("/") != 1:
        return False
    call = evidence.dialogue.calls[number]
    others = (
        ToolCall(call.name, {**call.arguments, member_of(taken.pointer): other})
        for other in known
        if other != taken.value
    )
    return all(evidence.domain.apply(evidence.states[number], other).error is not None for other in others)


def _settled(evidence: Evidence, number: int, taken: Found) -> bool:
    """Return True if nobody need say what a call is about: a mistake, what undoes it, what failed and is said again."""
    calls = evidence.dialogue.calls
    call = calls[number]
    name = member_of(taken.pointer)
    failed = (each for each in calls[:number] if each.error and each.name == call.name)
    again = any(each.arguments.get(name) == call.arguments.get(name) for each in failed)
    return again or call.purpose == "slip"


def _unmentioned(evidence: Evidence) -> Iterator[str]:
    """A value taken from an output without words for it has to be the only one of its kind that is known."""
    dialogue, spec = evidence.dialogue, evidence.domain.spec
    mentioned = [{(m.kind, m.value) for m in turn.mentions} for turn in dialogue.turns]
    agreed = [_agreed(evidence, number) for number in range(len(dialogue.turns))]
    known: dict[str, set[object]] = {}
    for number, call in enumerate(dialogue.calls):
        parameters = {name: p.field for name, p in spec.tools[call.name].parameters.items()}
        for taken in harvest(parameters, call.arguments):
            source = call.sources.get(taken.pointer)
            free = (
                isinstance(source, Output)
                and len(known.get(taken.kind, ())) > 1
                and not _settled(evidence, number, taken)
            )
            named = (taken.kind, taken.value) in mentioned[call.turn]
            named = named or (call.name, member_of(taken.pointer), taken.value) in agreed[call.turn]
            if free and not named and not _forced(evidence, number, taken, known[taken.kind]):
                yield f"turn {call.turn}: nothing in the message tells which {taken.kind} is meant ({call.name})"
        for found in evidence.found[number]:
            if not isinstance(found.value, dict | list):
                known.setdefault(found.kind, set()).add(found.value)


_SETTLED = frozenset({"confirm", "missing_tool"})


def _agreed(evidence: Evidence, number: int) -> set[tuple[str, str, object]]:
    """Return (tool, parameter, value) of what a turn says yes to: the call that was to be confirmed right before it.

    Also of one whose tool has come just now; and of what was done right before and is put right in one value.
    """
    before = evidence.dialogue.turns[number - 1] if number else None
    awaited = None if before is None else before.awaited
    agreed = {}
    if before is not None and awaited is not None and before.kind in _SETTLED:
        agreed = {awaited.tool: awaited.arguments}
    if "correction" in evidence.dialogue.turns[number].traits:
        done = (call for call in evidence.dialogue.calls if call.turn == number - 1 and call.user_requested)
        agreed = {call.name: call.arguments for call in done}
    told = ((tool, name, value) for tool, arguments in agreed.items() for name, value in arguments.items())
    return {each for each in told if not isinstance(each[2], dict | list)}
