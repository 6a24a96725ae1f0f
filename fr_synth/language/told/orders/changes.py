"""Changes confirmed: what was done to what, and what is new that the person could not know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.attaching import ALTERS, changes, is_end, is_length, is_time
from fr_envs.adapters.words.grammar.phrases import is_identifier, spaced
from fr_envs.json_values import scalars
from fr_synth.language.standing import is_somebody
from fr_synth.language.told.figures.stocks import left_over
from fr_synth.language.told.figures.units import with_units
from fr_synth.language.told.orders.carried_out import COMPLAINT, carried_out
from fr_synth.language.told.orders.folding import (
    folded,
    is_given,
    left_open,
    piece_of_length,
    piece_of_number,
    piece_of_way,
    raised,
    turned,
)
from fr_synth.language.told.orders.of_those import now_of_those
from fr_synth.language.told.orders.wishes import subject_of, wish_of
from fr_synth.language.told.plainer import levelled, money_once, plainer
from fr_synth.language.told.predicates import predicate, worth
from fr_synth.language.told.prices import altogether, dearer, falls_due, instead, is_fee, now_at, piece_of_amount
from fr_synth.language.told.things import own_identifier
from fr_synth.language.told.values import (
    CURRENCIES,
    OWED,
    is_amount,
    is_counting,
    is_dull,
    is_name,
    is_person,
    is_plural,
    plain_words,
    said,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import numpy as np

    from fr_envs.contract.spec import Field, ToolSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.language.told.orders.wishes import Wish
    from fr_synth.language.told.predicates import Predicate
    from fr_synth.language.told.things import Thing, Things
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["confirmed"]

_MOST = 2  # news that are told


def confirmed(before: Things, after: Things, tool: ToolSpec, step: ExecutedCall, rng: np.random.Generator) -> str:
    """Return what is said of a change.

    Args:
        before: What was known before the call.
        after: What is known after it.
        tool: The tool.
        step: The call.
        rng: Chooses among the forms.
    """
    wish = wish_of(before, tool, step)
    if wish is None:
        return "Done."
    subject = subject_of(before, tool, step)
    units = after.units
    wish = wish._replace(about=with_units(wish.about, step, units), tail=with_units(wish.tail, step, units))
    left = list(left_over(step, inner(tool.returns, step.result)[0], units))
    news = left or list(_news(before, after, tool, step, wish))
    news += now_of_those(before, tool, step, inner(tool.returns, step.result))
    pronoun = _pronoun(after, tool, step, wish.about)
    about = wish.about
    if subject is not None and not wish.tail and about.endswith(subject[1].label):
        about = f"{about}{_which(before, subject[1])}"
    told, news = folded(plainer(money_once(levelled(carried_out(wish._replace(about=about), rng)))), news)
    behind = " ".join(f"{each}." for each in altogether(news))
    if pronoun not in ("It", "They") and not pronoun.startswith("The "):  # somebody
        behind = behind.replace("{it} is not paid yet", "{it} has not paid yet")
    behind = behind.replace("{it} is", f"{pronoun} {'are' if pronoun == 'They' else 'is'}")
    return f"{told} {behind}".replace("{it}", pronoun).replace(" is needs ", " needs ").strip()


def _pronoun(after: Things, tool: ToolSpec, step: ExecutedCall, about: str) -> str:
    """Return how the thing is called that the news are of: by its noun where the order names another."""
    row, fields = inner(tool.returns, step.result)
    new = after.shown(fields, row)
    complaint = COMPLAINT.match(f'{about} : "') is not None
    if is_somebody(new.noun, new.label):
        return new.label
    if is_name_told(new) and new.label in about:
        return _upper(new.label) if complaint else "It"
    if new.noun != "one" and new.noun.split()[-1] not in about.lower() and new.noun not in ("id", "result"):
        return f"The {new.noun}"
    if re.match(r"the (?:number|[a-z]+) of ", about) and new.noun not in ("one", "id", "result"):
        return f"The {new.noun}"
    return "They" if about[:1].isdigit() else "It"


def is_name_told(thing: Thing) -> bool:
    """Return True if a thing is called by a name of its own."""
    return any(is_name(name, thing.noun) for name in thing.told)


def _which(things: Things, thing: Thing) -> str:
    """Return what tells a thing without a name from others of the same person: its amount, its day."""
    if is_name_told(thing) or any(plain_words(name)[-1] in _DESCRIBED for name in thing.told):
        return ""
    for name in thing.row if plain_words(thing.noun)[-1] in OWED else ():
        text = said(things.spec, name, thing.row, thing.fields) if name in thing.fields else ""
        if text and is_amount(name) and not set(plain_words(name)) & {"estimate", "estimated"}:
            sort = next((n for n in thing.row if plain_words(n)[-1] == "category"), "")
            behind = f" for {said(things.spec, sort, thing.row, thing.fields)}" if sort else ""
            return f" of {text}{behind}"
    for name in thing.row:
        words = spaced(name).lower()
        if is_time(words) and not is_end(words) and not words.startswith("due") and name in thing.fields:
            text = said(things.spec, name, thing.row, thing.fields)
            if ":" not in text[:3] and re.search(r"\d", text):
                if words.startswith(("collection", "delivery", "pickup")):
                    return f" for {text}"
                return f" {'from' if words.startswith(('check in', 'start', 'from', 'first')) else 'on'} {text}"
    return ""


_DESCRIBED = frozenset({"article", "description", "object", "what"})
"""Members that tell a thing as a name does: "the red rucksack"."""


def _news(before: Things, after: Things, tool: ToolSpec, step: ExecutedCall, wish: Wish) -> Iterator[str]:
    """Iterate over sentences about what a change has brought that was not given."""
    subject = subject_of(before, tool, step)
    given = set(scalars(step.call.arguments))
    row, fields = inner(tool.returns, step.result)
    single = {name: value for name, value in row.items() if not isinstance(value, dict | list)}
    own = own_identifier(after.spec, fields)
    same = subject is not None and bool(own) and step.call.arguments[subject[0]] == row.get(own)
    made = (
        bool(own)
        and own in single
        and not same
        and wish.verb not in _NO_MAKING
        and before.of(fields[own].kind or own, row[own]) is None
    )
    old = {} if made or not own else _known(before, fields[own].kind or own, row.get(own))
    if same and subject is not None:
        old = {**subject[1].row, **old}
    new = after.shown(fields, row)
    if made:
        yield from _made(after, new._replace(row=single, fields=fields), own, given, (wish.about, wish.tail))
    else:
        yield from dearer(before, old, (row, fields))
    told = 0
    for name in worth(after, new._replace(told=frozenset())):
        value = single.get(name)
        yield from _standing(before, (name, value), (old, fields), wish, made=made, given=value in given)
        if name in old and old[name] is not value and isinstance(value, bool) and name not in step.call.arguments:
            yield from turned(name, (wish.verb, wish.done, f"{wish.about} {wish.tail}"), value=value)
        if (
            (told == _MOST and not made)
            or value is None
            or is_given(name, value, step.call.arguments)
            or is_identifier(name)
            or isinstance(value, bool)
            or (
                (changes(wish.verb) or wish.verb in _ELSEWHERE) and is_counting(plain_words(name))
            )  # it has come about by something else
        ):
            continue
        if (
            (made and value == 0)
            or (name in old and old[name] == value)
            or (not made and name not in old and not _telling(name))
        ):
            continue
        text = _piece(after, new._replace(row=row), name, (wish, tool), (old, step.call.arguments))
        if text and not (subject and text in subject[1].label):
            told += 1
            yield text


def _standing(
    before: Things, member: tuple[str, Json], known: tuple[JsonObject, Mapping[str, Field]], wish: Wish, *,
    made: bool, given: bool,
) -> Iterator[str]:  # fmt: skip
    """Say what a thing just made still waits for, how it stands now, who had it before somebody else got it."""
    (name, value), (old, fields) = member, known
    last = plain_words(name)[-1]
    if made and isinstance(value, bool) and not given:
        yield from left_open(name, value=value)
    if not made and last in ("state", "status") and old.get(name, value) != value and value in _IMPLIED:
        yield from (f"{{it}} is {word} now" for word in [str(value)]
                    if word[:4] != wish.done[:4] and not _says(wish, word))  # fmt: skip
    if given and last in _HOLDERS and old.get(name) and value != old[name]:
        yield f"Before, it was with {said(before.spec, name, old, fields)}"


def _says(wish: Wish, word: str) -> bool:
    return re.search(rf"\bas {re.escape(word)}\b", f"{wish.about} {wish.tail}") is not None


def _made(things: Things, new: Thing, own: str, given: Collection[Json], order: tuple[str, str]) -> Iterator[str]:
    """Say what somebody needs of what was made for them: its number, its code, what it costs if a list told that."""
    if new.row[own] is not None and not _has_name(new) and new.row[own] not in given:
        yield piece_of_number(new, new.row[own], order[0])
    for name, value in new.row.items():
        words = plain_words(name)
        told = words[-1] in _SECRETS and (len(words) > 1 or words[0] != "code")
        if told and value is not None and value not in given and name != own:
            yield f", {' '.join('PIN' if word == 'pin' else word for word in words)} {value}"
    if any(is_amount(name) for name in new.row) or _COMPLAINED.search(order[0]):
        return
    named = ((new.fields[name].kind or name, value) for name, value in new.row.items()
             if name != own and name in new.fields and is_identifier(name))  # fmt: skip
    for other in filter(None, (things.of(kind, value) for kind, value in named)):
        itself = other.label.removeprefix("the ") in order[0] or other.noun in order[0] or _SEATS.search(order[0])
        comes = other.label in order[1] and _comes(new.row, order[0])  # who is signed up for a class
        hired = other.label in order[1]  # somebody who takes so much a day
        for name in other.row:
            priced = ((itself or comes) and is_amount(name)) or ((itself or hired) and is_fee(name))
            text = said(things.spec, name, other.row, other.fields) if priced else ""
            if text and name in other.fields and falls_due(name, new.row):
                yield piece_of_amount(name, text)
                return


def _comes(row: JsonObject, about: str) -> bool:
    return any(value == about and is_person(name) for name, value in row.items())


_ELSEWHERE = ALTERS | {"assign", "give", "hand", "reassign", "transfer"}
"""Verbs whose change leaves what is left of a thing as it is."""
_COMPLAINED = re.compile(r"\b(?:breakdown|damage|defect|fault|issue|problem)\b")
_SEATS = re.compile(r"\b(?:place|seat|spot|ticket)s?\b")
_SECRETS = frozenset({"code", "password", "pin"})
_NO_MAKING = frozenset({"cancel", "close", "end", "finish", "give", "mark", "remove", "return", "set", "take"})
_HOLDERS = frozenset({"assignee", "agent"})


def inner(fields: Mapping[str, Field], row: JsonObject) -> tuple[JsonObject, Mapping[str, Field]]:
    """Return the one object that a result wraps, with its fields; the result itself where it wraps none."""
    if len(row) == 1:
        ((name, value),) = row.items()
        field = fields.get(name)
        if isinstance(value, dict) and field is not None and field.object is not None:
            return value, field.object
    return row, fields


def _telling(name: str) -> bool:
    return "due" in plain_words(name) or is_amount(name) or plain_words(name)[-1] in ("left", "remaining")


def _known(things: Things, kind: str, value: object) -> JsonObject:
    thing = things.of(kind, value if isinstance(value, str | int) else "")
    return {} if thing is None else dict(thing.row)


def _has_name(thing: Thing) -> bool:
    return thing.named and any(is_name(name, thing.noun) for name in thing.told) and not thing.label.startswith('"')


_IMPLIED = frozenset({
    "accepted", "active", "added", "assigned", "booked", "complete", "completed", "confirmed", "created", "done", "ok",
    "open", "placed", "reserved", "scheduled", "success", "successful", "valid",
})  # fmt: skip


def _piece(
    things: Things, thing: Thing, name: str, order: tuple[Wish, ToolSpec], known: tuple[JsonObject, JsonObject]
) -> str:
    """Return a new member as a sentence or a piece of one; empty for what the change says by itself, or what is small.

    Args:
        things: What is known.
        thing: What the member belongs to.
        name: The member.
        order: What was to be done, and the tool.
        known: What was known of the thing before, and what was said.
    """
    (wish, tool), (old, given) = order, known
    words, text = plain_words(name), said(things.spec, name, thing.row, thing.fields)
    value = thing.row[name]
    if words == ["sort"] and wish.about.isalpha():
        return f"It is {text} {wish.about.lower()}"
    if name in tool.parameters and not is_amount(name) and text and value == tool.parameters[name].default:
        return piece_of_length(name, text) or piece_of_way(name, text, value)
    if not text or is_dull(name) or (len(words) == 1 and words[0] in _SORTS):
        return ""
    if words[-1] in ("status", "state"):
        return _state(text, wish, made=not old)
    if isinstance(value, int | float):
        if is_amount(name) and old.get(name) is not None:
            return instead(things, name, (old, thing.row), thing.fields)
        if is_amount(name) and old and wish.verb in _ALTERING:
            return now_at(things, name, (old, thing.row), thing.fields, text)
        lasts = piece_of_length(name, text) if not old else ""
        more = raised(name, old.get(name), value, list(given.values()), text)
        return lasts or more or _figure(thing, name, text, made=not old)
    return piece_of_way(name, text, value) or _worded(predicate(things, thing, name), made=not old)


_ALTERING = ALTERS | frozenset({"change", "exchange", "update", "swap", "switch", "transfer", "upgrade", "downgrade"})


def _state(text: str, wish: Wish, *, made: bool) -> str:
    if made and text.lower() in _AT_FIRST:
        return ""
    same = text.lower()[:4] == wish.done[:4] or text.lower() in _IMPLIED or text.lower() in _ENDS.get(wish.done, ())
    said_so = re.search(rf"\b{re.escape(text)}\b", f"{wish.about} {wish.tail}") is not None
    return "" if same or said_so else f"{{it}} is {text} now"


_AT_FIRST = frozenset({"new", "registered", "scheduled", "stored", "waiting"})
"""How a thing stands that has just come about, so that nobody needs to be told."""


def _worded(found: Predicate | None, *, made: bool) -> str:
    """Return a text that is new; empty where only the name of its member says what it is."""
    if found is None or found.verb == "the":
        return ""
    if made and found.rest.startswith(("due ", "ready ")):
        return f", {found.rest}"
    now = " now" if not made and found.verb == "is" else ""
    return f"{{it}} {found.verb}{now} {found.rest}"


_SORTS = frozenset({"category", "kind", "name", "sort", "title", "type"})


def _figure(thing: Thing, name: str, text: str, *, made: bool = False) -> str:
    """Return a number that is new as a sentence: what it costs, how many there are now."""
    words, value = [word for word in plain_words(name) if word not in CURRENCIES], thing.row[name]
    if is_amount(name):
        return piece_of_amount(name, text)
    if is_counting(words):
        so_far = words[-1] in ("day", "month", "today", "week", "year")
        several = re.sub(r"^0 ", "no ", text)
        return f"That makes {text}" if so_far else f"There {'is' if value == 1 else 'are'} {several} now"
    if words[0] == "total":
        return ""
    if is_plural(words[-1]) and text != str(value):
        if is_length(" ".join(words)):
            return f"That makes {text} in all"
        if made:
            return f" with {text}"
        subject = f"The {thing.noun}" if is_name_told(thing) else "{it}"
        return f"{subject} has {text} now" if value else f"{subject} has no {spaced(name)} left"
    return ""  # what is no count of something needs its name, which may be no noun


_ENDS = {"approved": ("accepted",), "returned": ("closed",), "deleted": ("removed",), "removed": ("deleted",),
         "ended": ("closed", "finished"), "cancelled": ("canceled", "void"),
         "started": ("active", "in progress", "running", "started", "under way")}  # fmt: skip


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
