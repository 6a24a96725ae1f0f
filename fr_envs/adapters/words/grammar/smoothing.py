"""Last touches to an order: what reads as if a form had been filled in is put as people put it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import spaced
from fr_envs.adapters.words.grammar.vocabulary import CHANGES, MOVES, OVER, is_end, words_of

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["at_once", "of_what", "smoothed", "with_goods"]

_WHOSE = re.compile(r"\b(?:its|his|her|their) (?=\{)")
_COUNTED_LATE = re.compile(
    r"^([a-z]+) ((?:newly |just |recently )?(?:[a-z]+ed|bought|built|extra|fresh|made|more|new|sold|spare|used))"
    r" (\{\w+\}) (?=[a-z]+s\b)"
)
_PRICED = re.compile(
    r"\b(?:with|and) an? (?:unit )?(?:cost|fare|fee|price|rate|rent)( per [a-z]+)? of ([€$£]?\{\w+\}(?: percent)?)"
)
_BY_MAKE = re.compile(
    r"^(add|book|buy|enter|log|register|sell) (?=\{(?:bike|boat|car|caravan|machine|motorbike|scooter|vehicle|van)\})"
)  # "book an Opel Corsa in"
_OF_ONE = re.compile(r"^([a-z]+) an? (?=[a-z]+(?: [a-z]+)? called\b)")
_SEAT_OF = re.compile(r"\bthe (place|seat|spot) of (?:the |an? )?(\{\w+\}) (?:for|in|of|on) (\{(\w+)\})")
_RIDDEN = frozenset({"boat", "bus", "coach", "course", "ferry", "flight", "ride", "tour", "train", "trip", "walk"})


def _whose_seat(match: re.Match[str]) -> str:
    """Return whose seat it is, and on what: "{rider}'s seat on {ride_id}"."""
    about = {*spaced(match[4]).lower().split()}
    return f"{match[2]}'s {match[1]} {'on' if about & _RIDDEN else 'in'} {match[3]}"


_TWICE = re.compile(r"\b(at|by|for|from|in|of|on|to|with) \1\b")


def smoothed(order: str) -> str:
    """Return an order as people say it.

    Whose it is goes without saying where a name stands for them, a count comes before all that is said of what it
    counts, and what something costs is what it is had at.

    Args:
        order: The order, with places for its arguments.

    Example:
        >>> smoothed("hand {item_no} out to its {owner}")
        'hand {item_no} out to {owner}'
        >>> smoothed("give up the seat of {rider} for {ride_id}")
        "give up {rider}'s seat on {ride_id}"
        >>> smoothed("put newly bought {bottles} bottles of {wine} away with a price per bottle of €{price}")
        'put {bottles} newly bought bottles of {wine} away at €{price} per bottle'
    """
    order = _SEAT_OF.sub(_whose_seat, order)
    order = _COUNTED_LATE.sub(r"\1 \3 \2 ", _WHOSE.sub("", order))
    order = _BY_MAKE.sub(r"\1 a ", order)
    order = _OF_ONE.sub(r"\1 the ", order) if order.split(" ", 1)[0] in OVER | CHANGES | MOVES else order
    return _TWICE.sub(r"\1", _PRICED.sub(r"at \2\1", order))


_SPANS = words_of("day days months nights weeks years")
_FROM = re.compile(r" from (\{(?:\w+_)?(?:begins?|starts?)(?:_at|_date)?\})")


def at_once(order: str, names: Collection[str]) -> str:
    """Return an order in which what begins, and goes on for no days, is on a day and not from it.

    Args:
        order: The order.
        names: Names of all arguments that it can have.

    Example:
        >>> at_once("create an event from {start}", ["start"])
        'create an event on {start}'
        >>> at_once("book {room} from {start} until {end}", ["room", "start", "end"])
        'book {room} from {start} until {end}'
    """
    spans = any(is_end(spaced(name).lower()) or spaced(name).lower().split()[-1] in _SPANS for name in names)
    return order if spans else _FROM.sub(r" on \1", order)


_SEVERAL = re.compile(r"^([a-z]+ (?:(?:the|some) )?(?:[a-z]+ed )?[a-z]+[^aius]s)\b(?! of\b)")


def of_what(order: str, left: list[str], names: Collection[str]) -> tuple[str, list[str]]:
    """Put what there are several of next to it: "take bottles of {wine} out of the cellar".

    Args:
        order: The order.
        left: Names of the arguments that stand nowhere yet.
        names: Those among all that name a thing that is there.

    Example:
        >>> of_what("take bottles out of the cellar", ["name"], ["name"])
        ('take bottles of {name} out of the cellar', [])
        >>> of_what("close a ticket", ["name"], ["name"])
        ('close a ticket', ['name'])
    """
    name = next((each for each in left if each in names), "")
    match = _SEVERAL.match(order) if name else None
    if match is None:
        return order, left
    return f"{match[1]} of {{{name}}}{order[match.end() :]}", [each for each in left if each != name]


def with_goods(order: str, names: Collection[str]) -> str:
    """Return an order with an article before what is named by a common noun: "take in a {garment}".

    Args:
        order: The order.
        names: Names of the arguments that are such.

    Example:
        >>> with_goods("take in {garment} for {customer}", ["garment"]), with_goods("buy {n} {item}", ["item"])
        ('take in a {garment} for {customer}', 'buy {n} {item}')
    """
    for name in names:
        order = re.sub(rf"(?<!\ba )(?<!\}} )(?<!the )\{{{re.escape(name)}\}}", f"a {{{name}}}", order)
    return order
