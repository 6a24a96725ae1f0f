"""Changes confirmed: what was done to what, and what is new that the person could not know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.attaching import changes, is_end, is_time
from fr_envs.adapters.words.phrases import is_identifier, spaced
from fr_envs.json_values import scalars
from fr_envs.streams import pick
from fr_synth.language.told.predicates import predicate, worth
from fr_synth.language.told.things import own_identifier
from fr_synth.language.told.values import CURRENCIES, is_amount, is_dull, is_name, is_plural, one_of, plain_words, said
from fr_synth.language.told.wishes import subject_of, wish_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from fr_envs.contract.spec import ToolSpec
    from fr_synth.language.told.things import Thing, Things
    from fr_synth.trace.executed import ExecutedCall

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
    news = list(_news(before, after, tool, step, wish.done))
    pronoun = "They" if wish.about[:1].isdigit() else "It"
    tail = f" {wish.tail}" if wish.tail else ""
    behind = " ".join(f"{each}." for each in news)
    about = wish.about
    if subject is not None and not wish.tail and about.endswith(subject[1].label):
        about = f"{about}{_which(before, subject[1])}"
    if wish.verb == "rename" and wish.tail.startswith("to "):
        return f"{_upper(about)} is now called {wish.tail[3:]}."
    if changes(wish.verb) and wish.tail.startswith("to "):
        head = about.removeprefix("the ").partition(" of ")[0].split()
        be = "are" if head and is_plural(head[-1]) and head[0] != "number" else "is"
        return f"{_upper(about)} {be} now {wish.tail[3:]}. {behind}".replace("{it}", pronoun).strip()
    if tail.startswith((" of ", " over ")):
        told = f"{wish.done.capitalize()}: {about}{tail}."
    elif _is_person(about) and not tail:
        told = f"{wish.done.capitalize()}: {about}."
    else:
        be = "are" if _is_several(about) else "is"
        told = pick(rng, [
            f"{wish.done.capitalize()}: {about}{tail}.",
            f"{_upper(about)} {be} {wish.done}{tail}.",
        ])  # fmt: skip
    return f"{told} {behind}".replace("{it}", pronoun).strip()


def is_name_told(thing: Thing) -> bool:
    """Return True if a thing is called by a name of its own."""
    return any(is_name(name, thing.noun) for name in thing.told)


def _which(things: Things, thing: Thing) -> str:
    """Return what tells a thing without a name from others of the same person: its amount, its day."""
    if any(is_name(name, thing.noun) for name in thing.told):
        return ""
    for name in thing.row:
        text = said(things.spec, name, thing.row, thing.fields) if name in thing.fields else ""
        if text and is_amount(name):
            sort = next((n for n in thing.row if plain_words(n)[-1] == "category"), "")
            behind = f" for {said(things.spec, sort, thing.row, thing.fields)}" if sort else ""
            return f" of {text}{behind}"
    for name in thing.row:
        words = spaced(name).lower()
        if is_time(words) and not is_end(words) and not words.startswith("due") and name in thing.fields:
            text = said(things.spec, name, thing.row, thing.fields)
            if text and ":" not in text[:3]:
                return f" {'from' if words.startswith(('check in', 'start', 'from')) else 'on'} {text}"
    return ""


def _is_several(text: str) -> bool:
    head = text.partition(" of ")[0].split()
    if head and head[0] not in ("a", "an", "the") and len(head) == 1 and is_plural(head[0]) and head[0].islower():
        return True
    match = re.match(r"(\d[\d,.]*) ", text)
    return match is not None and match[1] != "1"


def _is_person(text: str) -> bool:
    return text.startswith(("Dr. ", "Prof. "))


def _news(before: Things, after: Things, tool: ToolSpec, step: ExecutedCall, done: str) -> Iterator[str]:
    """Iterate over sentences about what a change has brought that was not given."""
    subject = subject_of(before, tool, step)
    given = set(scalars(step.call.arguments))
    row, fields = step.result, tool.returns
    own = own_identifier(after.spec, fields)
    made = bool(own) and own in row and before.of(fields[own].kind or own, row[own]) is None
    old = {} if made or not own else _known(before, fields[own].kind or own, row.get(own))
    new = after.shown(fields, row)
    if made and row[own] is not None and not _has_name(new) and row[own] not in given:
        yield f"The {new.noun} number is {row[own]}" if new.noun != "one" else f"The number is {row[own]}"
    told = 0
    for name in worth(after, new._replace(told=frozenset())):
        value = row.get(name)
        if (
            told == _MOST
            or value is None
            or isinstance(value, dict | list)
            or value in given
            or is_identifier(name)
            or isinstance(value, bool)
        ):
            continue
        if (
            (made and value == 0)
            or (name in old and old[name] == value)
            or (not made and name not in old and not _telling(name))
        ):
            continue
        if (text := _piece(after, new, name, done)) and not (subject and text in subject[1].label):
            told += 1
            yield text


def _telling(name: str) -> bool:
    words = plain_words(name)
    return words[0] == "due" or is_amount(name)


def _known(things: Things, kind: str, value: object) -> dict[str, object]:
    thing = things.of(kind, value if isinstance(value, str | int) else "")
    return {} if thing is None else dict(thing.row)


def _has_name(thing: Thing) -> bool:
    return thing.named and any(is_name(name, thing.noun) for name in thing.told) and not thing.label.startswith('"')


_IMPLIED = frozenset({
    "accepted", "active", "booked", "complete", "completed", "confirmed", "created", "done", "ok", "open", "reserved",
    "scheduled", "success", "successful", "valid",
})  # fmt: skip


def _piece(things: Things, thing: Thing, name: str, done: str) -> str:
    """Return a new member as a sentence; empty for what the change says by itself."""
    words, text = plain_words(name), said(things.spec, name, thing.row, thing.fields)
    if not text or is_dull(name) or (len(words) == 1 and words[0] in _SORTS):
        return ""
    if words[-1] in ("status", "state"):
        same = text.lower()[:4] == done[:4] or text.lower() in _IMPLIED or text.lower() in _ENDS.get(done, ())
        return "" if same else f"{{it}} is {text} now"
    value = thing.row[name]
    if isinstance(value, int | float):
        return _figure(thing, name, text)
    if words in (["day"], ["date"]):
        return f"{{it}} is set for {text}"
    found = predicate(things, thing, name)
    if found is None:
        return ""
    return _upper(found.rest) if found.verb == "the" else f"{{it}} {found.verb} {found.rest}"


_SORTS = frozenset({"category", "kind", "name", "title", "type"})


def _figure(thing: Thing, name: str, text: str) -> str:
    """Return a number that is new as a sentence: what it costs, how many there are now."""
    words, value = [word for word in plain_words(name) if word not in CURRENCIES], thing.row[name]
    if is_amount(name):
        costs = words[-1] in ("cost", "fare", "fee", "price")
        return f"{{it}} costs {text}" if costs else f"The {' '.join(words)} is {text}"
    if words[0] == "total":
        return ""
    if is_plural(words[-1]) and text != str(value):
        subject = f"The {thing.noun}" if is_name_told(thing) else "{it}"
        return f"{subject} has {text} now" if value else f"{subject} has no {spaced(name)} left"
    return f"The {' '.join(words)} is {text}"


_ENDS = {"approved": ("accepted",), "returned": ("closed",), "deleted": ("removed",), "removed": ("deleted",),
         "ended": ("closed", "finished"), "cancelled": ("canceled", "void")}  # fmt: skip


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def one_word(text: str) -> str:
    """Return a noun for one of what a noun for several names."""
    return one_of(text)
