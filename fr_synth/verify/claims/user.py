"""What a user may speak of: what was said before, what the calls of the turn take from the message, and the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fr_envs.world.compose import Composite
from fr_envs.world.state import Table
from fr_synth.verify.claims.known.reading import read
from fr_synth.verify.claims.known.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import JsonObject
    from fr_envs.world.state import State
    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim

__all__ = ["unfounded"]


def unfounded(moment: Moment) -> Iterator[str]:
    """Iterate over the values of a message that neither its calls take from it nor the person can know."""
    open_ = [c for c in moment.claims if _is_open(c)]
    if not open_:
        return
    for gather in (_named, _shown):
        named = [c for c in read(moment.text, gather(moment)) if _is_open(c)]
        open_ = [c for c in named if any(_meet(c, each) for each in open_)]
        if not open_:
            return
    for claim in read(moment.text, _world(moment)):
        if _is_open(claim) and any(_meet(claim, each) for each in open_):
            yield f"{claim.span.text!r} is neither wanted nor known"


def _is_open(claim: Claim) -> bool:
    return not (claim.places or claim.said or claim.plain or _is_small(claim))


def _is_small(claim: Claim) -> bool:
    """Return True if this is "one" or "two" as a way of speaking ("with one change")."""
    value = claim.span.value
    return isinstance(value, float) and claim.span.places is None and value <= 2


def _meet(a: Claim, b: Claim) -> bool:
    return a.span.start < b.span.end and b.span.start < a.span.end


def _named(moment: Moment) -> Sources:
    """Return what the calls of the turn are made with, and what the message points with."""
    sources = Sources()
    sources.vocabulary = moment.sources.vocabulary
    sources.today = moment.sources.today
    for number in _ahead(moment):
        sources.foresee(number, moment.call(number).arguments)
    sources.foresee(-1, _undone(moment))
    sources.hear(-1, _misspoken(moment))
    for mention in moment.evidence.dialogue.turns[moment.turn].mentions:
        owner = mention.owner
        sources.foresee(-1, {"value": mention.value, "by": mention.by, "owner": dict(owner.by) if owner else {}})
        sources.hear(-1, mention.text)
    for number in _ahead(moment):
        for template in moment.spec.tools[moment.call(number).name].request_templates:
            sources.hear(-1, template)
        if moment.who == "easy":  # a step that nobody has words for is asked for in the contract's
            sources.hear(-1, moment.spec.tools[moment.call(number).name].description)
        for parameter in moment.spec.tools[moment.call(number).name].parameters.values():
            for words in parameter.clauses:
                sources.hear(-1, words)
    return sources


def _undone(moment: Moment) -> JsonObject:
    """Return what a call would be made with that the turn leaves undone."""
    awaited = moment.evidence.dialogue.turns[moment.turn].awaited
    if awaited is None:
        return {}
    return {name: value for name, value in awaited.arguments.items() if name not in awaited.lacks}


def _ahead(moment: Moment) -> list[int]:
    """Return the calls that a message leads to: those of the turn, or of the next one where it holds them off."""
    if not _misspoken(moment):
        return list(moment.ahead)
    calls = moment.evidence.dialogue.calls
    return [number for number, call in enumerate(calls) if call.turn == moment.turn + 1]


def _misspoken(moment: Moment) -> str:
    """Return what the message tells wrongly and holds off; empty for nothing."""
    awaited = moment.evidence.dialogue.turns[moment.turn].awaited
    return "" if awaited is None else awaited.misspoken


def _shown(moment: Moment) -> Sources:
    """Return what the calls of the turn are made with and give."""
    sources = _named(moment)
    for number in _ahead(moment):
        sources.learn(number, moment.call(number).result)
    return sources


def _world(moment: Moment) -> Sources:
    """Return what stands in the world as it is then."""
    sources = Sources()
    sources.vocabulary = moment.sources.vocabulary
    sources.today = moment.sources.today
    first = moment.ahead[0] if moment.ahead else len(moment.evidence.states) - 1
    for row in _rows(moment.evidence.states[first]):
        sources.foresee(-1, row)
    return sources


def _rows(state: State) -> Iterator[JsonObject]:
    if isinstance(state, Composite):
        for part in state.parts:
            yield from _rows(part)
        return
    for name in state.__struct_fields__:
        table = getattr(state, name)
        if isinstance(table, Table):
            for row in table:
                built = msgspec.to_builtins(row)
                if isinstance(built, dict):
                    yield built
        else:
            yield {name: msgspec.to_builtins(table)}
