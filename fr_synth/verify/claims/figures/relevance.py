"""What a thought may speak of at its moment: what its calls take, what the user has just said, what the turn found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.json_values import scalars
from fr_synth.verify.claims.parsing.dates import Day
from fr_synth.verify.claims.parsing.spans import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import Json
    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim

__all__ = ["beside_the_point"]


def beside_the_point(moment: Moment) -> Iterator[str]:
    """Iterate over identifiers, amounts and days in a thought that have nothing to do with its moment.

    Before calls, an identifier is one that they take; amounts and days are of the turn, or of what the calls take, and
    what a thought says that an argument is ("so the from date is 8 July") it is.
    """
    yield from _miscalled(moment)
    said = {span.value for span in parse(moment.evidence.user_text(moment.turn))}
    mine = {*moment.ran, *moment.ahead}
    dialogue = moment.evidence.dialogue
    drill, told = (
        not dialogue.situation,
        dialogue.teacher != "scripted",
    )  # a situation has words of its own for thoughts
    rows = (
        _taken(moment) if (drill or told) and not moment.failed() else frozenset()
    )  # a refusal names what is in the way
    for claim in moment.claims:
        places = [place for place in claim.places if place.row >= 0]
        if claim.plain or not places or claim.span.value in said:
            continue
        calls = {moment.sources.rows[place.row].call for place in places}
        if claim.span.kind == "identifier" and moment.ahead:
            if _is_issued(moment, claim) and not calls & set(moment.ahead):
                yield f"{claim.span.text!r} is nothing that is called with then"
        elif drill and not claim.said and _is_figure(claim) and not calls & mine:
            yield f"{claim.span.text!r} is of another turn"
        elif drill and not claim.said and _is_value(claim) and rows and not _touches(moment, claim, rows):
            yield f"{claim.span.text!r} is of something else than what is called with then"
        elif told and rows and _is_strange(moment, claim, rows, calls & mine):
            yield f"{claim.span.text!r} is of another turn, and of something else"


_CALLED = re.compile(r"\bthe ([a-z][a-z ]{0,30}?) is $")


def _miscalled(moment: Moment) -> Iterator[str]:
    """Iterate over values that a thought says an argument has, where the calls behind it take another."""
    for claim in moment.claims if moment.ahead else ():
        named = _CALLED.search(moment.text, 0, claim.span.start)
        if named is None:
            continue
        name = named[1].replace(" ", "_")
        arguments = [moment.call(number).arguments for number in moment.ahead]
        given = [each[name] for each in arguments if isinstance(each.get(name), str | int | float)]
        if given and not any(_is_told_as(value, claim) for value in given):
            yield f"{claim.span.text!r} is not the {named[1]} that is called with then"


def _is_told_as(value: Json, claim: Claim) -> bool:
    return str(value) == claim.span.text or any(span.value == claim.span.value for span in parse(str(value)))


def _is_strange(moment: Moment, claim: Claim, rows: frozenset[int], now: set[int]) -> bool:
    """Return True if a figure is neither of the turn nor of what its calls take, and nobody has told it."""
    if now or claim.said or not _is_figure(claim) or claim.span.value in moment.sources.told:
        return False
    return not _touches(moment, claim, rows)


def _is_figure(claim: Claim) -> bool:
    value = claim.span.value
    return (isinstance(value, float) and bool(claim.span.places)) or (isinstance(value, Day) and value.full is not None)


def _is_value(claim: Claim) -> bool:
    return _is_figure(claim) or claim.span.kind in ("name", "quote")


def _taken(moment: Moment) -> frozenset[int]:
    """Return the rows of the calls ahead, and those that have something that these take; before a reply of all made."""
    calls = moment.ahead or tuple(moment.worked())
    given = [value for number in calls for value in scalars(moment.call(number).arguments)]
    issued = frozenset(map(str, moment.evidence.issued()))
    taken = {value for value in given if isinstance(value, str) and len(value) > _LONG}
    numbered = {value for value in given if type(value) is int and str(value) in issued}
    return frozenset(
        number
        for number, row in enumerate(moment.sources.rows)
        if row.call in calls
        or any(isinstance(value, str) and value in taken for value in row.fields.values())
        or any(
            type(value) is int and value in numbered
            for name, value in row.fields.items()
            if name.lower().endswith("id")
        )
    )


def _touches(moment: Moment, claim: Claim, rows: frozenset[int]) -> bool:
    scopes = [moment.sources.scope(place.row) for place in claim.places if place.row >= 0]
    return any(scope & rows for scope in scopes)


_LONG = 3  # letters from which on a value is no word like any other


def _is_issued(moment: Moment, claim: Claim) -> bool:
    return claim.span.value in moment.evidence.issued()
