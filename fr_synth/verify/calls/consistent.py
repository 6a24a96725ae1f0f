"""Proof "consistent": what was looked up for one thing is not used for another.

1. A value that is listed for something (a seat of a leg, a plan for a booking: ``scope`` in the contract) goes with the
   very thing that it was listed for.
2. A supporting call takes what this turn says: no date, place or person of an earlier turn where the message gives
   another one of the kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.trace.dataflow.provenance import Output, Said, harvest, inputs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import Json
    from fr_synth.trace.dataflow.provenance import Found
    from fr_synth.verify.evidence import Evidence

__all__ = ["consistent"]


def consistent(evidence: Evidence) -> Iterator[str]:
    """What was looked up for one thing is not used for another, and supporting calls take what the turn says."""
    arguments = [_arguments(evidence, number) for number in range(len(evidence.executed))]
    for number in range(len(evidence.executed)):
        yield from _out_of_scope(evidence, number, arguments)
        yield from _stale(evidence, number, arguments)


def _arguments(evidence: Evidence, number: int) -> list[Found]:
    """Return the values of known kinds in the arguments of a call."""
    call = evidence.executed[number].call
    tool = evidence.domain.spec.tools.get(call.name)
    if tool is None:
        return []
    return harvest({name: parameter.field for name, parameter in tool.parameters.items()}, call.arguments)


def _out_of_scope(evidence: Evidence, number: int, arguments: list[list[Found]]) -> Iterator[str]:
    executed, kinds = evidence.executed[number], evidence.domain.spec.kinds
    if executed.purpose == "slip":
        return
    mine = {each.kind: each.value for each in arguments[number]}
    for used in arguments[number]:
        for kind in kinds[used.kind].scope:
            listed = _listed_for(evidence, number, used, kind, arguments)
            if kind in mine and listed and mine[kind] not in listed:
                yield (
                    f"call {number} ({executed.call.name}) uses the {used.kind} {used.value!r}, which was listed for "
                    f"{', '.join(map(repr, listed))}, for {mine[kind]!r}"
                )


def _listed_for(evidence: Evidence, number: int, used: Found, kind: str, arguments: list[list[Found]]) -> list[Json]:
    """Return the entities of a kind for which earlier calls of the dialogue have listed a value."""
    found: list[Json] = []
    for earlier in range(number):
        for given in evidence.found[earlier]:
            if (given.kind, given.value) != (used.kind, used.value):
                continue
            beside = [given.beside[name] for name, member in given.kinds.items() if member == kind]
            found += beside or [each.value for each in arguments[earlier] if each.kind == kind]
    return list(dict.fromkeys(found))


def _stale(evidence: Evidence, number: int, arguments: list[list[Found]]) -> Iterator[str]:
    executed = evidence.executed[number]
    if executed.user_requested or executed.error or executed.purpose in ("distractor", "slip"):
        return
    for used in arguments[number]:
        source = executed.sources.get(used.pointer)
        if source is None or any(isinstance(each, Output) for each in inputs_of(source)):
            continue
        said = [each.turn for each in inputs_of(source) if isinstance(each, Said)]
        if (
            said
            and max(said) < _begun(evidence, executed.turn)
            and _said_otherwise(evidence, used, executed.turn, arguments)
        ):
            yield (
                f"call {number} ({executed.call.name}) takes the {used.kind} {used.value!r} from an earlier turn, "
                "and this one says another"
            )


def _begun(evidence: Evidence, turn: int) -> int:
    """Return the turn in which what a turn wants was first asked for: the one before it, where this one corrects it."""
    return turn - 1 if "correction" in evidence.dialogue.turns[turn].traits else turn


def _said_otherwise(evidence: Evidence, used: Found, turn: int, arguments: list[list[Found]]) -> bool:
    """Return True if calls of a turn take other values of a kind from its message, and not this one."""
    values: set[Json] = set()
    for number, executed in enumerate(evidence.executed):
        for each in arguments[number] if executed.turn == turn else ():
            source = executed.sources.get(each.pointer)
            if each.kind == used.kind and isinstance(source, Said) and source.turn == turn:
                values.add(str(each.value))
    return bool(values) and str(used.value) not in values
