"""What a user may speak of: what was said before, what the calls of the turn take from the message, and the world."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from fr_envs.json_values import scalars
from fr_envs.world.compose import Composite
from fr_envs.world.state import Table
from fr_synth.verify.claims.known.reading import read
from fr_synth.verify.claims.known.sources import Sources
from fr_synth.verify.claims.parsing.spans import parse
from fr_synth.verify.situated.turns import turns_of, wished_in
from fr_synth.verify.things import KEY, things

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import JsonObject
    from fr_envs.situation.spec import Situation
    from fr_envs.world.state import State
    from fr_synth.trace.dataflow.mention import Mention
    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim

__all__ = ["unfounded"]


def unfounded(moment: Moment) -> Iterator[str]:
    """Iterate over the values of a message that neither its calls take from it nor the person can know."""
    if moment.who == "easy":
        yield from _unlike(moment)
    open_ = [c for c in moment.claims if _is_open(c)]
    if not open_:
        return
    sources = _named(moment)
    for learning in (False, True):
        if learning:
            _learn(moment, sources)
        named = [c for c in read(moment.text, sources) if _is_open(c)]
        open_ = [c for c in named if any(_meet(c, each) for each in open_)]
        if not open_:
            return
    for claim in read(moment.text, _world(moment)):
        if _is_open(claim) and any(_meet(claim, each) for each in open_):
            yield f"{claim.span.text!r} is neither wanted nor known"


def _unlike(moment: Moment) -> Iterator[str]:
    """Iterate over the figures of an easy query that neither the message has nor a call of its turn is made with."""
    said = {(span.kind, span.value) for span in parse(moment.evidence.user_text(moment.turn))}
    new = [c for c in moment.claims if c.span.kind in _FIGURES and (c.span.kind, c.span.value) not in said]
    new = [c for c in new if not _is_small(c)]
    if new:
        known = read(moment.text, _named(moment))
        for claim in new:
            if not any(_meet(claim, each) and not _is_open(each) for each in known):
                yield f"{claim.span.text!r} is not in the message, and no call is made with it"


_FIGURES = ("number", "date", "time")


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
    for number in moment.ahead:
        sources.foresee(number, moment.call(number).arguments)
    for known in (_undone(moment), *_acquaintances(moment)):
        sources.foresee(-1, known)
    for text in _spoken_of(moment):
        sources.hear(-1, text)
    for mention in _pointed_with(moment):
        owner = mention.owner
        sources.foresee(-1, {"value": mention.value, "by": mention.by, "owner": dict(owner.by) if owner else {}})
        sources.hear(-1, mention.text)
    return sources


def _pointed_with(moment: Moment) -> Iterator[Mention]:
    """Iterate over the words by which a message points at things: those of its own turn, and of one that it led to."""
    turns = moment.evidence.dialogue.turns
    yield from turns[moment.turn].mentions
    yield from (each for turn in turns[moment.turn + 1 :] for each in turn.mentions if each.turn == moment.turn)


def _spoken_of(moment: Moment) -> Iterator[str]:
    """Iterate over words in which the calls of the turn can be asked for, and facts that the person knows."""
    situation = _situation(moment)
    yield from () if situation is None else situation.knows
    yield wished_in(turns_of(moment.evidence, moment.turn))
    for number in moment.ahead:
        tool = moment.spec.tools[moment.call(number).name]
        yield from tool.request_templates
        if moment.who == "easy":  # a step that nobody has words for is asked for in the contract's
            asked = moment.text.lower()
            yield from (part for part in tool.description.split(". ") if part.lower().rstrip(".") in asked)
        for parameter in tool.parameters.values():
            yield from parameter.clauses


def _situation(moment: Moment) -> Situation | None:
    """Return what a turn is played from: what is said besides, or the dialogue's situation; None for a drill."""
    target = moment.evidence.dialogue.turns[moment.turn].target
    return moment.evidence.asides.get(target.removeprefix("aside:")) or moment.evidence.situation


def _acquaintances(moment: Moment) -> Iterator[JsonObject]:
    """Iterate over what the person of a situation knows of the things that it is about.

    Where a call is made, what is said of things is what the call needs. Where none is, nothing bears out that a name
    is the right one but the situation itself: the name is that of a thing which its cast can stand for.
    """
    evidence, situation = moment.evidence, _situation(moment)
    if situation is None or evidence.dialogue.turns[moment.turn].kind == "act":
        return
    for meant in chain.from_iterable(things(evidence, situation).values()):
        if isinstance(meant.value, dict):
            yield {name: value for name, value in meant.value.items() if name != KEY}
    for role in situation.cast.values():
        yield {"where": [each for each in scalars(role.where) if not str(each).startswith("$")]}


def _undone(moment: Moment) -> JsonObject:
    """Return what a call would be made with that the turn leaves undone."""
    awaited = moment.evidence.dialogue.turns[moment.turn].awaited
    if awaited is None:
        return {}
    return {name: value for name, value in awaited.arguments.items() if name not in awaited.lacks}


def _learn(moment: Moment, sources: Sources) -> None:
    """Take in what the calls of the turn give, beside what they are made with."""
    for number in moment.ahead:
        sources.learn(number, moment.call(number).result)


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
