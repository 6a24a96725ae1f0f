"""Values that a reply tells of the thing in hand, and that only other things of its list have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.json_values import scalars
from fr_synth.verify.claims.figures.situated.as_told import said_just_now, states
from fr_synth.verify.claims.known.sources import tokens
from fr_synth.verify.claims.parsing.dates import Day
from fr_synth.verify.claims.shown.again import shown_to
from fr_synth.verify.claims.wording.contraries import is_doubtful

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import Json
    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim
    from fr_synth.verify.claims.shown.again import Shown, Thing

__all__ = ["of_others"]


def of_others(moment: Moment) -> Iterator[str]:
    """Iterate over values told of a thing that a clause, or the one before it, names, and that others have alone.

    Args:
        moment: A reply.
    """
    if not moment.ran or len(moment.claims) < _FEWEST or moment.evidence.situation is not None:
        return  # what a situation tells is held to its own places
    shown = shown_to(moment)
    if len(shown.things) < _FEWEST:
        return
    said, subject = said_just_now(moment), None
    said |= {value for k in moment.ran for value in scalars(moment.call(k).result) if _is_told_once(moment, k)}
    for start, end in moment.clauses:
        own = [c for c in moment.claims if start <= c.span.start < end]
        named = {thing.key: thing for claim in own if (thing := _named(shown, claim)) is not None}
        subject = subject if not named else next(iter(named.values())) if len(named) == 1 else None
        if (
            subject is None
            or _APART.search(moment.text, start, end)
            or is_doubtful(moment.bare[start:end], end - start)
        ):
            continue
        for claim in own:
            field = None if _named(shown, claim) is not None else _others(moment, shown, subject, claim, said)
            if field is not None:
                yield f"{claim.span.text!r} is another one's {field}, and not that of {subject.key!r}"


_FEWEST = 2
_APART = re.compile(
    r"\b(?:other|others|another|else|besides|instead|than|unlike|both|all|each|together|total|sum|from|between|or)\b|\?",
    re.IGNORECASE,
)


_NAMING = frozenset({"name", "names", "path", "id", "title", "label", "file", "nickname", "number", "reference"})


def _named(shown: Shown, claim: Claim) -> Thing | None:
    """Return the thing that a value names by what it is called or known by, rather than by what it has."""
    thing = shown.named(claim)
    return thing if thing is not None and _is_called(thing, claim) else None


def _is_called(thing: Thing, claim: Claim) -> bool:
    names = [name for row in thing.told for name, value in row.items() if str(value).lower() == claim.span.text.lower()]
    first = [name for name, value in thing.told[-1].items() if isinstance(value, str) and value[:1].isupper()]
    return thing.key == claim.span.text or bool(set(names) & set(first[:2]))


def _is_told_once(moment: Moment, number: int) -> bool:
    """Return True if a call tells of one thing rather than of several."""
    return not any(isinstance(value, list) for value in moment.call(number).result.values())


def _others(moment: Moment, shown: Shown, subject: Thing, claim: Claim, said: set[object]) -> str | None:
    """Return the member of others that a value is, where the thing in hand has the same member with another value."""
    value = claim.span.value
    if value in said or (claim.plain and " " not in claim.span.text) or not claim.places:
        return None
    if (isinstance(value, float) and claim.span.places is None) or (isinstance(value, Day) and value.full is None):
        return None
    rows: list[dict[str, Json]] = [subject.now, *subject.told]
    if any(states(claim, own, moment) for row in rows for own in row.values()):
        return None
    fields = {
        name
        for thing in shown.things
        for row in (thing.now, *thing.told)
        for name, own in row.items()
        if states(claim, own, moment)
    }
    places = {place.field for place in claim.places}
    if not fields >= places or any(_NAMING & set(tokens(name)) for name in fields):  # of others one may speak
        return None
    return next((name for name in sorted(fields & places) if any(name in row for row in rows)), None)
