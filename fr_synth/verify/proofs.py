"""What a record must prove before it is written, each proof a function of the record alone.

A proof takes the evidence and yields what is wrong, in words; a record passes when nothing is yielded. Nothing here
trusts how the record was made: the world is run again, every source is looked up, every reference resolved anew.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import msgspec

from fr_envs.episode.task import judge
from fr_envs.json_values import at_pointer, leaves_of, member_of
from fr_synth.language.verbalise import mentions_value, stands_in
from fr_synth.trace.dataflow.derive import DerivationError, evaluate, value_of
from fr_synth.trace.dataflow.provenance import Default, Derived, Output, Provenance, Said, inputs_of
from fr_synth.verify.calls.consistent import consistent
from fr_synth.verify.calls.distractors import distractor_faults
from fr_synth.verify.calls.errors import recovery_faults
from fr_synth.verify.calls.independent import side_by_side
from fr_synth.verify.calls.necessity import unneeded
from fr_synth.verify.calls.proper import proper
from fr_synth.verify.calls.purposes import PURPOSES_ASIDE, purpose_faults
from fr_synth.verify.claims.proof import claims
from fr_synth.verify.evidence import Evidence, gather
from fr_synth.verify.faithful import faithful
from fr_synth.verify.goals.exact import inexact_goals
from fr_synth.verify.goals.proof import goals
from fr_synth.verify.kinds.leading_up import leading_up
from fr_synth.verify.kinds.proof import kinds
from fr_synth.verify.macro import macro
from fr_synth.verify.mishaps import corrected, mishap_faults
from fr_synth.verify.situated.proof import situated
from fr_synth.verify.traits import traits
from fr_synth.verify.views import view
from fr_synth.verify.words.leaks import leaks
from fr_synth.verify.words.pointing import no_pointing
from fr_synth.verify.words.said_dates import names_day
from fr_synth.verify.words.text import same_json, text
from fr_synth.verify.words.unambiguous import unambiguous

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fr_envs.json_values import Json
    from fr_envs.situation.spec import Situation
    from fr_envs.world.domain import Domain
    from fr_synth.trace.records import CallRecord, Dialogue

__all__ = ["PROOFS", "Finding", "Proof", "examine", "prove"]


Proof: TypeAlias = "Callable[[Evidence], Iterator[str]]"
"""Yields what is wrong with a record, in words."""


class Finding(NamedTuple):
    """A proof that a record fails.

    Attributes:
        proof: Name of the proof.
        problem: What is wrong, in words.
    """

    proof: str
    problem: str


def replays(evidence: Evidence) -> Iterator[str]:
    """The calls, run again from the seed, give every output, every digest and the final state again."""
    yield from evidence.divergences


def grounded(evidence: Evidence) -> Iterator[str]:
    """Every argument leaf is said by the user, or an earlier output, or derived from such, or a documented default."""
    for number, call in enumerate(evidence.dialogue.calls):
        leaves = dict(leaves_of(call.arguments))
        wrong = corrected(evidence, number)
        for pointer in sorted(leaves.keys() - call.sources.keys()):
            if member_of(pointer) == wrong:
                continue  # a slip of the pen comes from nowhere
            yield f"call {number} ({call.name}): {pointer} comes from nowhere"
        for pointer, source in call.sources.items():
            if pointer not in leaves:
                yield f"call {number} ({call.name}): {pointer} is no argument"
            elif not _derives(evidence, number, pointer, leaves[pointer], source):
                yield f"call {number} ({call.name}): {pointer} = {leaves[pointer]!r} is not what its source gives"


def _derives(evidence: Evidence, number: int, pointer: str, value: Json, source: Provenance) -> bool:
    """Return True if a source gives a value: as it stands, or by an expression over what its inputs give."""
    if not isinstance(source, Derived):
        return _holds(evidence, number, pointer, value, source)
    try:
        return bool(evaluate(source, functools.partial(_given, evidence, number)) == value)
    except DerivationError:
        return False


def _given(evidence: Evidence, number: int, source: Said | Output | Default) -> Json:
    """Return the value that a plain source gives to a call.

    Raises:
        DerivationError: It gives none.
    """
    call = evidence.dialogue.calls[number]
    if isinstance(source, Said):
        if not 0 <= source.turn <= call.turn or not stands_in(
            source.text.lower(), evidence.user_text(source.turn).lower()
        ):
            raise DerivationError(f"nobody says {source.text!r}")
        return value_of(source.text)
    if isinstance(source, Output) and _is_earlier(evidence, source.step, call):
        try:
            return at_pointer(evidence.dialogue.calls[source.step].result, source.pointer)
        except LookupError as error:
            raise DerivationError(f"nothing at {source.pointer}") from error
    raise DerivationError("no value that something can be derived from")


def _is_earlier(evidence: Evidence, step: int, call: CallRecord) -> bool:
    calls = evidence.dialogue.calls
    return 0 <= step < len(calls) and calls[step].message < call.message


def _holds(evidence: Evidence, number: int, pointer: str, value: Json, source: Provenance) -> bool:
    call = evidence.dialogue.calls[number]
    if isinstance(source, Said):
        return _was_said(evidence, number, pointer, value, source)
    if isinstance(source, Output):
        return _is_earlier(evidence, source.step, call) and _gives(
            evidence.dialogue.calls[source.step], source.pointer, value
        )
    name = member_of(pointer)
    parameter = evidence.domain.spec.tools[call.name].parameters[name]
    return isinstance(source, Default) and not parameter.required and same_json(parameter.default, call.arguments[name])


def _gives(call: CallRecord, pointer: str, value: Json) -> bool:
    try:
        return same_json(at_pointer(call.result, pointer), value)
    except LookupError:
        return False


def _was_said(evidence: Evidence, number: int, pointer: str, value: Json, source: Said) -> bool:
    call = evidence.dialogue.calls[number]
    if not 0 <= source.turn <= call.turn or not source.text:
        return False
    message = evidence.user_text(source.turn)
    if not stands_in(source.text.lower(), message.lower()):
        return False
    if _worded(evidence, call, pointer, value, source.text) or names_day(source.text, value, evidence.today(number)):
        return True
    return mentions_value(source.text, value) and mentions_value(
        message, value
    )  # "5" stands in "1.5" and is not said there


def _worded(evidence: Evidence, call: CallRecord, pointer: str, value: Json, text: str) -> bool:
    """Return True if the contract has just these words for just this value of an optional argument."""
    return text in evidence.domain.spec.tools[call.name].parameters[member_of(pointer)].said_as(value)


def necessary(evidence: Evidence) -> Iterator[str]:
    """Without any single call, a later call fails, changes or loses an argument's source, or the goal is missed.

    A call that fails and a distractor are held to rules of their own: ``fr_synth.verify.calls.errors`` and
    ``fr_synth.verify.calls.distractors``.
    """
    dialogue = evidence.dialogue
    used_by: dict[int, set[int]] = {}
    for call in dialogue.calls:
        for source in call.sources.values():
            used_by.setdefault(call.turn, set()).update(e.step for e in inputs_of(source) if isinstance(e, Output))
    for number, turn in enumerate(dialogue.turns):
        own = [k for k, call in enumerate(dialogue.calls) if call.turn == number]
        if not own:
            if turn.kind == "act":
                yield f"turn {number}: no call is made for its goal"
            continue
        later = set().union(*(steps for at, steps in used_by.items() if at > number))
        yield from _unneeded(evidence, number, own, later)
        if turn.kind != "refuse":  # there a call that the world refuses is the answer (``verify.kinds``)
            yield from recovery_faults(evidence, own)
        needed = _needed(evidence, number, own, later)
        yield from distractor_faults(evidence, own, needed)
        yield from purpose_faults(evidence, own, needed)
        yield from mishap_faults(evidence, own)
        yield from _goal_holds(evidence, number, own)


def _unneeded(evidence: Evidence, number: int, own: list[int], later: set[int]) -> Iterator[str]:
    """Each call is needed: one that nobody asks for by what comes after it, and not by the goal."""
    calls, goal = evidence.dialogue.calls, evidence.dialogue.turns[number].goal
    executed = [evidence.executed[k] for k in own]
    start = evidence.states[own[0]]
    later = later | leading_up(evidence, number, own)
    for position in unneeded(evidence.domain, start, executed, goal, later, own[0]):
        yield f"call {own[position]} ({executed[position].call.name}) changes nothing by its absence"
    tools = evidence.domain.spec.tools
    aside = [k for k in own if calls[k].error is not None or calls[k].purpose in PURPOSES_ASIDE]
    for k in own:
        if not (k in aside or calls[k].user_requested or tools[calls[k].name].can_be_hidden):
            yield f"call {k} ({calls[k].name}) is not asked for, and nobody does that unasked"
    asked = [k for k in own if calls[k].user_requested]
    for position in unneeded(evidence.domain, start, executed, None, later, own[0]):
        if own[position] not in asked and own[position] not in aside:
            yield f"call {own[position]} ({executed[position].call.name}) is not asked for, and nothing rests on it"


def _goal_holds(evidence: Evidence, number: int, own: list[int]) -> Iterator[str]:
    """A goal is of changes since the turn began and of answers obtained in it, so it cannot hold before."""
    turn = evidence.dialogue.turns[number]
    start, end = evidence.states[own[0]], evidence.states[own[-1] + 1]
    results = [evidence.dialogue.calls[k].result for k in own if evidence.dialogue.calls[k].error is None]
    verdict = judge(msgspec.structs.replace(turn.goal, mentions=(), unmet=""), start, end, results, "")
    nothing = (turn.kind != "act" or turn.goal.unmet) and not verdict.expected  # the reply is all that such a turn asks
    if verdict.score < 1 and (verdict.forbidden or not nothing):
        lacking = [*verdict.missing, *(f"{c.table}[{c.key}] changed unasked" for c in verdict.forbidden)]
        yield f"turn {number}: the goal is missed: {'; '.join(lacking) or 'it expects nothing'}"


def _needed(evidence: Evidence, number: int, own: list[int], later: set[int]) -> set[int]:
    """Return the calls of a turn that something needs, whatever they are there for."""
    if not any(evidence.dialogue.calls[k].purpose in PURPOSES_ASIDE for k in own):
        return set()
    executed = [evidence.executed[k]._replace(purpose="needed") for k in own]
    goal = evidence.dialogue.turns[number].goal
    return set(own).difference(
        own[p] for p in unneeded(evidence.domain, evidence.states[own[0]], executed, goal, later, own[0])
    )


def hidden(evidence: Evidence) -> Iterator[str]:
    """A request, hard or easy, names no sub-tool, as the contract calls it or as it is offered, and no issued value."""
    issued = evidence.issued()
    offered = () if evidence.lens is None else evidence.lens.named()
    tools = tuple(dict.fromkeys((*evidence.domain.spec.tools, *offered)))
    for number, turn in enumerate(evidence.dialogue.turns):
        for what, told in (("message", evidence.user_text(number)), ("easy query", turn.easy)):
            for leak in leaks(told, tools, issued):
                yield f"turn {number}: the {what} gives away {leak}"


def _both(one: Proof, other: Proof) -> Proof:
    """Return a proof that asks for what two others ask for."""

    def asks(evidence: Evidence) -> Iterator[str]:
        yield from one(evidence)
        yield from other(evidence)

    return asks


PROOFS: dict[str, Proof] = {
    "replays": replays,
    "text": text,
    "grounded": grounded,
    "necessary": necessary,
    "consistent": _both(consistent, proper),
    "independent": side_by_side,
    "goals": _both(goals, inexact_goals),
    "unambiguous": _both(unambiguous, no_pointing),
    "hidden": hidden,
    "faithful": faithful,
    "macro": macro,
    "traits": traits,
    "claims": _both(situated, claims),
    "view": view,
    "kinds": kinds,
}
"""Every proof by name, in the order in which they are tried."""


_MISSHAPEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a proof runs into where a record says things that can't be: a reference into nothing, a number for a text."""


def examine(evidence: Evidence) -> Finding | None:
    """Return the first proof that a record fails, None when it passes all of them."""
    for name, proof in PROOFS.items():
        try:
            problem = next(proof(evidence), None)
        except _MISSHAPEN as error:
            problem = f"cannot be held against the record: {type(error).__name__}: {error}"
        if problem is not None:
            return Finding(name, problem)
    return None


def prove(
    dialogue: Dialogue, domain: Domain[Any], situations: Mapping[str, Situation | None] | None = None
) -> Finding | None:
    """Run a record again and return the first proof that it fails, None when it passes all of them.

    Args:
        dialogue: The record.
        domain: Its world.
        situations: Situations of one's own by name, which come before those that ship; None for one of which nothing
            but the name is known.
    """
    return examine(gather(dialogue, domain, situations))
