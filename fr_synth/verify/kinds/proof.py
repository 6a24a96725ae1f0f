"""Proof "kinds": a turn that is not acted on is one in which that is right, whatever its words make believe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.episode.judging.saying import mentions
from fr_synth.verify.kinds.arriving import arrivals
from fr_synth.verify.kinds.asking import chosen, missing_value
from fr_synth.verify.kinds.consenting import consented
from fr_synth.verify.kinds.declining import forbidden, nothing_does_it, withheld
from fr_synth.verify.kinds.dropping import let_be
from fr_synth.verify.kinds.waiting import nothing_to_call, waiting
from fr_synth.verify.kinds.world import offered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fr_envs.episode.turn_kind import TurnKind
    from fr_synth.trace.awaited import Awaited
    from fr_synth.verify.evidence import Evidence

__all__ = ["kinds"]

_BARRING: frozenset[TurnKind] = frozenset({"ask", "choose", "refuse", "confirm", "no_call"})
_UNHINTED: frozenset[TurnKind] = frozenset({"ask", "refuse"})  # whoever repeats the message names nothing there
_RULES: Mapping[TurnKind, Callable[[Evidence, int, Awaited], Iterator[str]]] = {
    "ask": missing_value,
    "choose": chosen,
    "missing_tool": withheld,
    "out_of_scope": nothing_does_it,
    "refuse": forbidden,
    "confirm": waiting,
}


def kinds(evidence: Evidence) -> Iterator[str]:
    """Each turn that is not acted on is rightly so: nothing could be looked up, chosen, called or done instead."""
    for number, turn in enumerate(evidence.dialogue.turns):
        for problem in _problems(evidence, number):
            yield f"turn {number} ({turn.kind}): {problem}"


def _problems(evidence: Evidence, number: int) -> Iterator[str]:
    turn = evidence.dialogue.turns[number]
    yield from arrivals(evidence, number)
    yield from consented(evidence, number)
    awaited, goal = turn.awaited, turn.goal
    barred = (awaited.tool,) if awaited is not None and turn.kind in _BARRING else ()
    if goal.barred != barred:
        yield "its goal bars other calls than the one that is not to be made"
    if turn.kind in ("act", "no_call"):
        if awaited is not None and turn.kind == "act":
            yield "a call is awaited where none is left undone"
        if turn.kind == "no_call":
            yield from nothing_to_call(evidence, number)
            yield from () if awaited is None else let_be(evidence, number, awaited)
        return
    if awaited is None:
        yield "it does not say which call is left undone"
        return
    if not goal.mentions and turn.kind != "choose":
        yield "nothing is to be named in its reply"
    if turn.kind in _UNHINTED and any(mentions(evidence.user_text(number), word) for word in goal.mentions):
        yield "the message itself names what the reply has to"
    yield from _uncalled(evidence, number, awaited)
    yield from _RULES[turn.kind](evidence, number, awaited)


def _uncalled(evidence: Evidence, number: int, awaited: Awaited) -> Iterator[str]:
    """The awaited tool is there to be called, except where it is withheld, and it is not called."""
    kind, tool = evidence.dialogue.turns[number].kind, awaited.tool
    if not tool:
        return
    if tool not in evidence.domain.spec.tools:
        yield f"there is no tool {tool!r}"
    elif kind != "missing_tool" and tool not in offered(evidence, number):
        yield f"{tool} is not even offered"
    if any(call.turn == number and call.name == tool and call.error is None for call in evidence.dialogue.calls):
        yield f"{tool} is called all the same"
