"""Second thoughts that nobody has, as far as words of tools tell: what is made is not taken back at once.

In worlds with situations people have reasons, and a reservation is cancelled because plans change. Of other worlds
nothing is known but names, so there the usual holds: one makes a thing, looks at it later, changes it, is done with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.language.told.orders.wishes import subject_of
from fr_synth.language.told.things import Things
from fr_synth.trace.dataflow.provenance import Output

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import JsonObject
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["second_thoughts"]

_ENDS = frozenset({
    "archive", "cancel", "close", "complete", "decline", "delete", "dismiss", "end", "finish", "harvest", "refund",
    "reject", "remove", "return", "revoke", "stop", "undo", "void", "withdraw",
})  # fmt: skip
"""Words in the names of tools with which a thing is over."""

_ON_WHAT_THERE_IS = _ENDS | frozenset({
    "approve", "change", "check", "describe", "edit", "extend", "fetch", "find", "get", "list", "look", "lookup",
    "modify", "move", "patch", "postpone", "read", "rename", "renew", "reopen", "reschedule", "retrieve",
    "set", "show", "status", "track", "update", "view",
})  # fmt: skip
"""Words in the names of tools for what nobody wants in one breath with making the thing."""

_TURNS_BETWEEN = 2  # turns after which what was made may be over


def second_thoughts(walk: Walk, steps: Sequence[ExecutedCall]) -> bool:
    """Return True if a turn has second thoughts, where the weights say that nobody has any.

    Args:
        walk: Where the dialogue stands before the turn.
        steps: The turn's calls.
    """
    share = walk.weights.made_and_changed
    if share >= 1:
        return False
    rules = (_to_itself, _as_it_is, _over_and_over, _asked_again, _over, _in_one_breath)
    soon = not walk.weights.one_thread and _soon(walk, steps)  # one thread ends with what is over, if with anything
    found = soon or any(rule(walk, steps) for rule in rules)
    return found and (share <= 0 or walk.rng.random() >= share)


def _to_itself(_: Walk, steps: Sequence[ExecutedCall]) -> bool:
    """Return True if a request has one text for two arguments: from euros to euros."""
    for step in (each for each in steps if each.user_requested):
        texts = [value for value in step.call.arguments.values() if isinstance(value, str)]
        if len(set(texts)) < len(texts):
            return True
    return False


def _as_it_is(walk: Walk, steps: Sequence[ExecutedCall]) -> bool:
    """Return True if a request sets a thing to what results have shown that it is: hands a shift to who has it."""
    spec = walk.domain.spec
    for number, step in enumerate(steps):
        if not step.user_requested or _reads(walk, step):
            continue
        found = subject_of(Things(spec, (*walk.steps, *steps[:number])), spec.tools[step.call.name], step)
        others = {} if found is None else {n: v for n, v in step.call.arguments.items() if n != found[0]}
        if found is not None and others and all(found[1].row.get(name) == value for name, value in others.items()):
            return True
    return False


_MOST = 2  # requests for one tool in a dialogue


def _over_and_over(walk: Walk, steps: Sequence[ExecutedCall]) -> bool:
    """Return True if a tool is asked for a third time, or in two turns in a row where it ends things."""
    asked = [(earlier.call.name, earlier.turn) for earlier in walk.steps if earlier.user_requested]
    for step in (each for each in steps if each.user_requested):
        turns = [turn for name, turn in asked if name == step.call.name]
        ends = _ENDS & _words(step.call.name)
        if len(turns) >= _MOST or (ends and step.turn - 1 in turns):
            return True
    return False


def _asked_again(walk: Walk, steps: Sequence[ExecutedCall]) -> bool:
    """Return True if the very same thing was asked for before, or the same change of the same thing."""
    asked = [earlier for earlier in walk.steps if earlier.user_requested]
    calls = [earlier.call for earlier in asked]
    changed = {(earlier.call.name, *sorted(_things(walk, earlier))) for earlier in asked}
    made = [(earlier.call.name, _but_for_times(walk, earlier)) for earlier in asked if not _reads(walk, earlier)]
    for step in steps:
        things = sorted(_things(walk, step))
        again = bool(things) and bool(_ON_WHAT_THERE_IS & _words(step.call.name)) and not _reads(walk, step)
        if step.user_requested and (step.call.name, _but_for_times(walk, step)) in made:
            return True
        if step.user_requested and (step.call in calls or (again and (step.call.name, *things) in changed)):
            return True
    return False


def _but_for_times(walk: Walk, step: ExecutedCall) -> JsonObject:
    """Return the arguments that a call must have, without its days and hours."""
    parameters = walk.domain.spec.tools[step.call.name].parameters
    given = {name: value for name, value in step.call.arguments.items() if parameters[name].required}
    return {n: v for n, v in given.items() if not (isinstance(v, str) and _TIME.match(v))}


_TIME = re.compile(r"\d{4}-\d\d-\d\d|\d\d:\d\d")


def _reads(walk: Walk, step: ExecutedCall) -> bool:
    return walk.domain.spec.tools[step.call.name].effect == "read"


def _over(walk: Walk, steps: Sequence[ExecutedCall]) -> bool:
    """Return True if a request is about a thing that is over."""
    over: set[tuple[str, str]] = set()
    for step in (*walk.steps, *steps):
        if not step.user_requested:
            continue
        things = set(_things(walk, step))
        if things & over:
            return True
        if _ENDS & _words(step.call.name):
            over |= things
    return False


def _things(walk: Walk, step: ExecutedCall) -> Iterator[tuple[str, str]]:
    parameters = walk.domain.spec.tools[step.call.name].parameters
    for name, value in step.call.arguments.items():
        kind = parameters[name].field.kind
        if kind is not None and walk.domain.spec.kinds[kind].origin == "issued":
            yield kind, str(value)


def _in_one_breath(walk: Walk, steps: Sequence[ExecutedCall]) -> bool:
    """Return True if one request looks up, changes or takes back what another one of the turn has just made."""
    dealt: set[tuple[str, str]] = set()
    for step in (each for each in steps if each.user_requested):
        things = set(_things(walk, step))
        if _reads(walk, step) and things and things <= dealt:
            return True  # one looks first
        if things & dealt and _ENDS & _words(step.call.name):
            return True  # what is over need not be changed before
        dealt |= set() if _reads(walk, step) else things
    first = len(walk.steps)
    made = {first + number for number, step in enumerate(steps) if _makes(walk, step)}
    return any(
        made.intersection(_sources(step))
        for step in steps
        if step.user_requested and _ON_WHAT_THERE_IS & _words(step.call.name)
    )


def _soon(walk: Walk, steps: Sequence[ExecutedCall]) -> bool:
    """Return True if a thing is over in the turn after the one that made it."""
    return any(
        _makes(walk, walk.steps[source]) and step.turn - walk.steps[source].turn < _TURNS_BETWEEN
        for step in steps
        if step.user_requested and _ENDS & _words(step.call.name)
        for source in _sources(step)
        if source < len(walk.steps)
    )


def _makes(walk: Walk, step: ExecutedCall) -> bool:
    """Return True for a requested write that is not about a thing that is there already."""
    writes = walk.domain.spec.tools[step.call.name].effect == "write"
    return step.user_requested and writes and not _ON_WHAT_THERE_IS & _words(step.call.name)


def _sources(step: ExecutedCall) -> Iterator[int]:
    return (source.step for source in step.sources.values() if isinstance(source, Output))


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", name)}
