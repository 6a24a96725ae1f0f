"""Rows of short lists told in full: each member as it stands in a bracket behind a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.attaching import COUNTS, is_time
from fr_envs.adapters.words.grammar.phrases import spaced
from fr_synth.language.standing import speaks_against
from fr_synth.language.told.figures.units import in_that_unit, measured, unit_in
from fr_synth.language.told.predicates import predicate
from fr_synth.language.told.values import AWAITED, CURRENCIES, is_amount, is_counting, is_person, is_plural, plain_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fr_envs.contract.spec import ToolSpec
    from fr_envs.json_values import Json
    from fr_synth.language.told.predicates import Predicate
    from fr_synth.language.told.things import Thing, Things

__all__ = ["FEW", "apart_in_full", "is_quality", "listed_as", "piece_of", "sold_out_first", "way_of"]

FEW = 6
"""Most rows that are told in full."""
_MOST = 6  # members of each


def apart_in_full(several: Sequence[Thing], names: Iterable[str]) -> list[str]:
    """Return the members by which the rows of a short list are told apart, in the order in which they stand.

    Args:
        several: The rows.
        names: The members that are worth telling.
    """
    kept = [name for name in several[0].row if name in set(names)]
    if not several[0].named or all(is_person(name) for name in several[0].told):
        kept.sort(key=lambda name: not is_time(spaced(name).lower()))  # what was arranged is told by when it is
    return kept[:_MOST]


def way_of(name: str, *, value: bool) -> str:
    """Return whether something has what a member says, or is so; empty where that goes without saying.

    Example:
        >>> way_of("floodlight", value=True), way_of("floodlight", value=False), way_of("vegetarian", value=False)
        ('floodlight', 'no floodlight', 'not vegetarian')
        >>> way_of("out_of_order", value=False), way_of("has_projector", value=True), way_of("heated", value=False)
        ('', 'projector', 'not heated')
        >>> way_of("electric", value=False), way_of("ground_floor", value=False), way_of("floodlit", value=False)
        ('not electric', '', 'not floodlit')
        >>> way_of("read", value=False), way_of("is_spare", value=False)
        ('unread', 'not spare')
        >>> way_of("needs_parking", value=True), way_of("needs_parking", value=False)
        ('needs parking', 'needs no parking')
    """
    words = [word for word in plain_words(name) if word not in ("is", "has", "with", "flag", "includes", "included")]
    if not words or speaks_against(name, not value) or (words[-1] in AWAITED):
        return ""
    plain = " ".join(words)
    if is_quality(words[-1]) or plain_words(name)[0] == "is" or words[0] in ("at", "in", "on", "out", "under"):
        plain = _FRIENDLY.sub("-friendly", plain)
        return plain if value else _CONTRARIES.get(plain, f"not {plain}")
    if not value and words[0] in _TAKES and len(words) > 1:
        return f"{words[0]} no {' '.join(words[1:])}"
    return plain if value else "" if words[-1] in _WHERE else f"no {plain}"


_TAKES = frozenset({"accepts", "allows", "gets", "needs", "requires", "takes", "wants"})
_WHERE = frozenset({"corner", "floor", "side"})  # what is not there is elsewhere, which nobody tells
_FRIENDLY = re.compile(r" friendly$")  # "beginner-friendly"
_CONTRARIES = {"on": "off", "indoor": "outdoor", "outdoor": "indoor", "private": "public", "public": "private",
                "read": "unread"}  # fmt: skip
_QUALITIES = frozenset({
    "absent", "active", "alive", "alone", "automatic", "awake", "away", "bad", "blank", "broken", "busy",
    "charging", "clean", "complete", "dead", "digital", "dirty", "domestic", "done", "dry", "due", "early",
    "electric", "electronic", "empty", "fit", "fragile", "free", "fresh", "frozen", "full", "gone", "healthy",
    "hidden", "indoor", "international", "late", "local", "lost", "manual", "missing", "moving", "new", "offline",
    "ok", "online", "open", "order", "organic", "out", "outdoor", "overdue", "own", "paid", "permanent", "playing",
    "present", "private", "public", "read", "ready", "recent", "running", "safe", "seen", "sent", "shut", "sick",
    "sold", "taken", "urgent", "use", "vacant", "valid", "vegan", "vegetarian", "waiting", "wet", "working",
})  # fmt: skip


def is_quality(word: str) -> bool:
    """Return True for a word that says how something is, and not what it has."""
    return word in _QUALITIES or (
        word.endswith(("able", "ed", "lit", "built", "ful", "ible", "ive", "less", "ly", "ous"))
        and word not in ("bed", "shed", "table")
    )


def piece_of(things: Things, thing: Thing, name: str) -> Predicate | None:
    """Return what a member says of a row of a short list; None where there is nothing to say.

    Args:
        things: What is known.
        thing: The row.
        name: The member.
    """
    value: Json = thing.row.get(name)
    found = predicate(things, thing, name)
    if isinstance(value, bool):
        told = way_of(name, value=value)
        if told and found is not None:
            return found._replace(bare=told)
        return found if value or plain_words(name)[-1] in AWAITED or speaks_against(name, value) else None
    if found is None:
        return None
    if value == unit_in(thing.row) and in_that_unit(thing.row):
        return None
    return _in_its_unit(found, thing, name, value) or _otherwise(found, name, value)


def _in_its_unit(found: Predicate, thing: Thing, name: str, value: Json) -> Predicate | None:
    """Return a number with the unit that its row says, or with what so many do; None for another member."""
    words = plain_words(name)
    doing = len(words) == 1 and (words[0] in _COMING or words[0].endswith("ed"))  # "118 registered"
    if isinstance(value, int) and not isinstance(value, bool) and doing:
        return found._replace(bare=f"{value or 'none'} {words[0]}")
    if name not in in_that_unit(thing.row):
        return None
    much = measured(value, unit_in(thing.row))
    return found._replace(bare=much if set(words) & _THERE else f"{' '.join(words)} {much}")


def _otherwise(found: Predicate, name: str, value: Json) -> Predicate | None:
    if spaced(name).lower() in COUNTS:  # of most things there is one
        return None if value == 1 else found._replace(bare=f"{value} of them")
    if is_time(spaced(name).lower()) and found.verb != "the":
        own = found.verb.endswith("s") and found.verb not in ("is", "was")
        return found._replace(bare=f"{found.verb} {found.rest}" if own else found.rest)
    return _figure(found, plain_words(name), name, value)


_THERE = frozenset(
    {"amount", "available", "left", "length", "quantity", "qty", "remaining", "stock", "volume", "weight"}
)
_COMING = frozenset({"attending", "coming", "going", "participating", "playing", "waiting"})


def _figure(found: Predicate, words: Sequence[str], name: str, value: Json) -> Predicate:
    """Return a number as a bracket has it: what is weighed, what something comes to, what there is none of."""
    if words[0] in ("mass", "weight") and "per" in words:
        each = words[words.index("per") + 1]
        return found._replace(bare=f"{found.bare.rpartition(f'per {each} ')[2]} per {each}")
    if words[0] in ("mass", "weight"):
        return found._replace(bare=found.bare.removeprefix(f"{words[0]} "))
    if is_amount(name) and words[0] == "total" and re.fullmatch(r"[€$£][\d.,]+", found.bare):
        return found._replace(bare=f"{found.bare} in all")
    return found if value != 0 else _none(found, words, name)


def _none(found: Predicate, words: Sequence[str], name: str) -> Predicate:
    if list(words) == ["in", "stock"]:
        return found._replace(bare="out of stock", answers=())
    if is_amount(name) and words[-1] not in ("price", "cost"):
        return found._replace(bare=f"no {' '.join(word for word in words if word not in CURRENCIES)}", answers=())
    if (is_plural(words[-1]) or is_counting(words)) and found.bare.startswith("0 "):
        return found._replace(bare=f"no {found.bare[2:]}", answers=())
    lacking = re.fullmatch(r"([a-z ]+) 0 [a-z]+", found.bare)
    return found if lacking is None else found._replace(bare=f"no {lacking[1]}", answers=())


def sold_out_first(thing: Thing, bare: list[str]) -> list[str]:
    """Return what a bracket says of a thing, that nothing is left of it before all else, and then no price.

    Args:
        thing: The row.
        bare: What is said of it.
    """
    none = any(value == 0 and not isinstance(value, bool) and plain_words(name)[-1] in _REMAINS
               and plain_words(name)[0] not in _LASTS for name, value in thing.row.items())  # fmt: skip
    gone = [each for each in bare if none and each.startswith("no ") and each.split()[-1] in _REMAINS]
    kept = [each for each in bare if each not in gone and not (gone and re.search(r"[€$£]", each))]
    return [*gone, *kept]


_REMAINS = frozenset({"available", "free", "left", "remaining"})
_LASTS = frozenset({"days", "hours", "minutes", "seconds"})


def listed_as(tool: ToolSpec, what: str, message: str) -> str:
    """Return the word by which a tool lists some things alone, where the person says it too: "open" orders."""
    described = tool.description.lower()
    match = re.search(rf"\b({_SORTED_OUT}) {re.escape(what)}\b", described) or re.search(
        rf"\b{re.escape(what)}\b[^.]* that are ({_SORTED_OUT})\b", described
    )
    return match[1] if match is not None and re.search(rf"\b{match[1]}\b", message.lower()) else ""


_SORTED_OUT = "arranged|available|booked|current|free|open|overdue|pending|planned|upcoming"
