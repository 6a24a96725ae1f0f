"""The rules of necessity that calls which close something, or check something, are held to.

1. Either works, is asked for by nobody, and leaves every other call and the goal as they are.
2. *closing* gives up what the dialogue acquired: a fact about the whole world (rights, a session) that an earlier call
   made hold, that holds until this call, and not after it. It changes nothing that a goal is about.
3. *check* only reads, after a write of the same turn that changed more than incidental tables, and shows, or is asked
   about, a thing that the write was about. Nothing is written between the two, and a write is checked once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.trace.dataflow.provenance import harvest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from fr_envs.json_values import Json
    from fr_synth.verify.evidence import Evidence

__all__ = ["PURPOSES_ASIDE", "purpose_faults"]

PURPOSES_ASIDE = frozenset({"closing", "check", "distractor", "slip"})
"""Purposes of calls that nothing rests on."""


def purpose_faults(evidence: Evidence, own: Sequence[int], needed: Collection[int]) -> Iterator[str]:
    """Iterate over what is wrong with the calls of a turn that close or check something.

    Args:
        evidence: The record and its replay.
        own: Numbers of the turn's calls.
        needed: Those of them that something needs.
    """
    calls = evidence.dialogue.calls
    for number in own:
        call = calls[number]
        if call.purpose not in ("closing", "check"):
            continue
        marked = f"call {number} ({call.name}) is marked as {call.purpose}"
        if call.error is not None:
            yield f"{marked} and fails"
        elif number in needed or call.user_requested:
            yield f"{marked} and needed"
        elif call.purpose == "closing" and not _closes(evidence, number):
            yield f"{marked} and gives up nothing that the dialogue acquired"
        elif call.purpose == "check" and not _checks(evidence, number, own):
            yield f"{marked} and looks at nothing that a write before it was about"


def _closes(evidence: Evidence, number: int) -> bool:
    spec, hooks, states = evidence.domain.spec, evidence.domain.hooks, evidence.states
    changed = {change.table for change in states[number].diff(states[number + 1])}
    if not changed or not changed <= hooks.incidental:
        return False
    for fact in spec.tools[evidence.dialogue.calls[number].name].clears:
        holds = hooks.facts.get(fact)
        if holds is None or spec.facts[fact].about is not None:
            continue
        acquired = any(
            fact in spec.tools[call.name].sets and not holds(states[k]) and holds(states[k + 1])
            for k, call in enumerate(evidence.dialogue.calls[:number])
        )
        if acquired and holds(states[number]) and not holds(states[number + 1]):
            return True
    return False


def _checks(evidence: Evidence, number: int, own: Sequence[int]) -> bool:
    calls, tools, states = evidence.dialogue.calls, evidence.domain.spec.tools, evidence.states
    if tools[calls[number].name].effect != "read" or states[number].digest != states[number + 1].digest:
        return False
    writes = [k for k in own if k < number and states[k].digest != states[k + 1].digest]
    if not writes or any(calls[k].purpose == "check" for k in own if writes[-1] < k < number):
        return False
    written = {change.table for change in states[writes[-1]].diff(states[writes[-1] + 1])}
    if written <= evidence.domain.hooks.incidental:
        return False
    about = _things(evidence, writes[-1])
    return not about.isdisjoint(_things(evidence, number))


def _things(evidence: Evidence, number: int) -> set[tuple[str, Json]]:
    """Return (kind, value) of the things that a call is asked about or tells of: no amounts, dates or free words."""
    kinds, call = evidence.domain.spec.kinds, evidence.dialogue.calls[number]
    parameters = {name: each.field for name, each in evidence.domain.spec.tools[call.name].parameters.items()}
    found = (*harvest(parameters, call.arguments), *evidence.found[number])
    return {
        (each.kind, each.value)
        for each in found
        if (kinds[each.kind].origin == "issued" or kinds[each.kind].references)
        and not isinstance(each.value, dict | list)
    }
