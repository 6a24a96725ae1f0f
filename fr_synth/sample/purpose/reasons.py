"""Reasons: what a list shows that speaks for doing something to one of its things, in words that its rows prove.

Whoever books takes what is cheapest or has places left, whoever orders takes what runs low, and what is still open is
seen to. A reason is said only where the rows have it: no other price is as low, the quantity is below the minimum
beside it, and the request is what makes "not paid" paid.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.adapters.words.grammar.phrases import spaced
from fr_envs.adapters.words.grammar.vocabulary import words_of
from fr_synth.language.standing import is_out_of_reach

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from fr_envs.json_values import Json, JsonObject

__all__ = ["Deed", "drains_again", "is_idle", "is_low", "reason_in"]


class Deed(NamedTuple):
    """What is done to a thing.

    Attributes:
        verbs: Words of the tool's name.
        after: What the request leaves of the thing, as far as its result tells.
        somebody: The thing is a person.
    """

    verbs: Collection[str]
    after: JsonObject
    somebody: bool = False


_OBTAINS = words_of("apply book borrow buy choose enroll enrol hire join order pick register rent reserve sign")
_DRAINS = words_of("consume draw harvest take use withdraw")
_REFILLS = words_of("add buy fill increase order refill reorder replenish restock")
_SEES_TO = words_of("check complete extend finish inspect log pay renew remind send settle start")
_ENDS = words_of("cancel close delete drop reject remove revoke withdraw")


def reason_in(rows: Sequence[JsonObject], row: JsonObject, deed: Deed) -> str:
    """Return what speaks for doing something to the thing of one row, from its verb on; empty where nothing does.

    Args:
        rows: The rows that were shown, that of the thing among them.
        row: The row of the thing.
        deed: What is done.

    Example:
        >>> rows = [{"pen": 1, "price": 12, "paid": False}, {"pen": 2, "price": 15, "paid": True}]
        >>> reason_in(rows, rows[0], Deed({"book"}, {})), reason_in(rows, rows[0], Deed({"record"}, {"paid": True}))
        ('is the cheapest', "is the only one that hasn't been paid")
    """
    if set(deed.verbs) & _ENDS:
        return ""
    found = (*_low(row, deed), *_open(rows, row, deed), *_first(rows, row, deed))
    return found[0] if found else ""


def is_low(row: JsonObject) -> bool:
    """Return True if there is less of a thing than the minimum that stands beside it.

    Args:
        row: What was told of the thing.

    Example:
        >>> is_low({"item": "butter", "quantity": 0.8, "minimum": 1.0}), is_low({"quantity": 2, "minimum": 1})
        (True, False)
    """
    level, least = _measured(row)
    return level is not None and least is not None and level < least


def is_idle(row: JsonObject, verbs: Collection[str]) -> bool:
    """Return True if more is wanted of what there is enough of, as far as was told.

    Args:
        row: What was told of the thing.
        verbs: Words of the name of the tool that does it.

    Example:
        >>> is_idle({"quantity": 9, "minimum": 4}, {"order"}), is_idle({"quantity": 9}, {"order"})
        (True, False)
    """
    level, least = _measured(row)
    return bool(set(verbs) & _REFILLS) and level is not None and least is not None and level >= least


def drains_again(before: Collection[str], verbs: Collection[str]) -> bool:
    """Return True if something is taken out again that was filled up a moment ago.

    Args:
        before: Words of the name of the tool that was called before.
        verbs: Words of the name of the tool that is to be called.
    """
    return bool(set(before) & _REFILLS - _DRAINS) and bool(set(verbs) & _DRAINS - _REFILLS)


def _measured(row: JsonObject) -> tuple[float | None, float | None]:
    """Return how much there is of a thing, and how much there should be at least."""
    least = next((v for n, v in row.items() if set(spaced(n).lower().split()) & _LEAST and _is_number(v)), None)
    level = next((v for n, v in row.items() if _is_level(n) and _is_number(v)), None)
    return (None if level is None else float(str(level))), (None if least is None else float(str(least)))


_LEAST = words_of("min minimum threshold")
_LEVELS = words_of("amount available left level quantity remaining stock")


def _is_level(name: str) -> bool:
    words = set(spaced(name).lower().split())
    return bool(words & _LEVELS) and not words & _LEAST


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _low(row: JsonObject, deed: Deed) -> Iterator[str]:
    if is_low(row) and set(deed.verbs) & _REFILLS:
        yield "is below the minimum"


# --------------------------------------------------------------------------------------------------- still open

_DONE = re.compile(r"[a-z]{2,}ed|paid|fed|sent|done|sold|lent|read|seen|met|built|put|set|written|given|taken|shown")
_PENDING = words_of("booked new open overdue pending planned queued scheduled unpaid waiting")
_STANDS = words_of("state status")


def _open(rows: Sequence[JsonObject], row: JsonObject, deed: Deed) -> Iterator[str]:
    """Iterate over what the request changes for good: what is not done yet, or is still waiting."""
    for name, old in row.items():
        new = deed.after.get(name, old)
        alike = sum(each.get(name) == old for each in rows)
        if new == old or type(new) is not type(old) or (len(rows) > 1 and alike == len(rows)):
            continue  # what is so of all of them says nothing for one
        alone = len(rows) > 1 and alike == 1
        if isinstance(old, bool):
            yield from _undone(name, alone=alone, somebody=deed.somebody) if new else ()
        elif isinstance(old, str) and spaced(name).lower().split()[-1] in _STANDS and old.lower() in _PENDING:
            yield f"is the only one that's still {old}" if alone else f"is still {old}"


def _undone(name: str, *, alone: bool, somebody: bool) -> Iterator[str]:
    words = [word for word in spaced(name).lower().split() if word not in ("is", "has", "was", "been")]
    if not words or not _DONE.fullmatch(words[0]):
        return
    what = " ".join(words) if somebody and words == ["paid"] else f"been {' '.join(words)}"
    yield f"is the only one {'who' if somebody else 'that'} hasn't {what}" if alone else f"hasn't {what} yet"


# --------------------------------------------------------------------------------------------------- before others

_CHEAP = words_of("cost fare fee price rate rent")
_FREE = words_of("available free left remaining")
_LASTING = words_of("day days hour hours minute minutes month months night nights year years")
_ENDING = words_of("deadline due expires expiry until")
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?")


def _first(rows: Sequence[JsonObject], row: JsonObject, deed: Deed) -> Iterator[str]:
    """Iterate over what no other row has as little, as much or as early of."""
    verbs = set(deed.verbs)
    if len(rows) < 2 or is_out_of_reach(row):
        return
    for name, mine in row.items():
        others = [each.get(name) for each in rows if each is not row]
        words = spaced(name).lower().split()
        if _is_number(mine) and all(map(_is_number, others)):
            out = [float(str(each[name])) for each in rows if is_out_of_reach(each)]
            free = [float(str(each[name])) for each in rows if each is not row and not is_out_of_reach(each)]
            if verbs & _OBTAINS and set(words) & _CHEAP and free and float(str(mine)) < min(free):
                cheaper = bool(out) and min(out) <= float(str(mine))
                yield "is the cheapest that can be had" if cheaper else "is the cheapest"
            yield from _by_number(words, float(str(mine)), [float(str(each)) for each in others], verbs)
        elif isinstance(mine, str) and _DAY.fullmatch(mine) and all(isinstance(each, str) for each in others):
            yield from _by_day(words, mine, [str(each) for each in others], verbs)


def _by_number(words: Sequence[str], mine: float, others: Sequence[float], verbs: set[str]) -> Iterator[str]:
    several = " ".join(word for word in words if word not in _FREE)
    if not re.search(r"[^su]s(?:$| of )", several) or set(words) & _LASTING:
        return
    if verbs & _OBTAINS and set(words) & _FREE and mine > max(others):
        yield f"has the most {several} left"
    elif verbs & _DRAINS and not set(words) & _FREE and mine > max(others):
        yield f"has the most {several}"
    elif verbs & _REFILLS and mine < min(others):
        yield f"has the fewest {several}"


def _by_day(words: Sequence[str], mine: str, others: Sequence[str], verbs: set[str]) -> Iterator[str]:
    if mine >= min(others):
        return
    if verbs & _SEES_TO and set(words) & _ENDING:
        yield "is due first" if words[0] in ("deadline", "due") else "runs out first"
    elif verbs & _OBTAINS and not set(words) & _ENDING:
        yield "is the earliest"
