"""What a change has brought, said in the sentence of the change: its number, its way, what it comes to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.attaching import is_end, is_length, is_time
from fr_envs.json_values import scalars
from fr_synth.language.told.values import AWAITED, is_plural, plain_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.language.told.things import Thing

__all__ = ["folded", "is_given", "left_open", "piece_of_length", "piece_of_number", "piece_of_truth",
           "piece_of_way", "raised", "turned"]  # fmt: skip

_ORDER = (" for ", " on ", " at ", " until ", " with ")


def folded(told: str, news: Iterable[str]) -> tuple[str, list[str]]:
    """Return a sentence with the pieces of news that go on in it, and the news that are sentences of their own.

    A piece begins with a space or a comma; what something comes to stands last.

    Args:
        told: The sentence of the change.
        news: Pieces and sentences.

    Example:
        >>> folded("The hall is booked for Ana.", [", for £240 in all", ", number R1", " by email", "It is due today"])
        ('The hall is booked for Ana by email, number R1, for £240 in all.', ['It is due today'])
    """
    news = list(news)
    pieces = sorted((each for each in news if each[:1] in (" ", ",")), key=_place)
    others = [each for each in news if each[:1] not in (" ", ",")]
    if pieces and _SPOKEN.search(told):  # behind somebody's words nothing goes on
        return told, [*(_alone(each) for each in pieces), *others]
    told = told.removesuffix(".")
    for piece in pieces:
        told += f", {piece[6:]}" if piece.startswith(" with ") and " with " in told else piece
    return f"{told}.", others


_SPOKEN = re.compile(r': "| because ')


def _alone(piece: str) -> str:
    """Return a piece as a sentence: "The order number is T1"."""
    text = piece.lstrip(", ")
    match = re.fullmatch(r"((?:[a-z ]+ )?(?:code|number|password|pin)) (\S+)", text)
    return f"The {match[1]} is {match[2]}" if match is not None else f"That is {text}"


def _place(piece: str) -> int:
    if piece.startswith(","):
        return len(_ORDER) + 1 + piece.startswith((", for ", ", at a", ", with a"))
    return next((place for place, start in enumerate(_ORDER) if piece.startswith(start)), len(_ORDER))


def is_given(name: str, value: Json, arguments: JsonObject) -> bool:
    """Return True if what came back is what was said: by its own name, or a text or a large number under any.

    Args:
        name: Member of the result.
        value: Its value.
        arguments: What was said.

    Example:
        >>> is_given("hours", 1, {"court_id": 1}), is_given("day", "2026-03-14", {"date": "2026-03-14"})
        (False, True)
    """
    if name in arguments:
        return bool(arguments[name] == value)
    telling = isinstance(value, str) or (isinstance(value, int | float) and abs(value) >= _LARGE)
    return bool(telling and value in set(scalars(arguments)))


_LARGE = 10


def piece_of_number(thing: Thing, value: Json, about: str) -> str:
    """Return the number of what was made, as it goes on behind the sentence that says so.

    Args:
        thing: What was made.
        value: Its number.
        about: What the sentence is about; where that is something else, the number says what it is of.
    """
    named = thing.noun == "one" or thing.noun.split()[-1] in about.lower().split()
    return f", number {value}" if named else f", {thing.noun} number {value}"


def _an(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeio' else 'a'} {noun}"


_WAYS = frozenset({"delivery", "dispatch", "shipping", "transport"})
_BY = frozenset({"bike", "boat", "bus", "car", "courier", "e-mail", "email", "letter", "mail", "phone", "plane", "post",
                 "rail", "sms", "taxi", "text", "train", "van"})  # fmt: skip


def piece_of_way(name: str, text: str, value: Json) -> str:
    """Return a text that came back unasked, where its name is known to go on in a sentence; else nothing.

    Example:
        >>> piece_of_way("delivery", "email", "email"), piece_of_way("pickup_point", "locker", "locker")
        (' with delivery by email', ' with pickup at the locker')
        >>> piece_of_way("day", "3 March 2026", "2026-03-03"), piece_of_way("shade", "matt", "matt")
        (' on 3 March 2026', '')
    """
    words = plain_words(name)
    plain, last = " ".join(words), words[-1]
    if words[0] in _WAYS and text.lower() in _BY:
        return f" with {words[0]} by {text}"
    if len(words) == 2 and last in _POINTS and words[0] in _ACTS and str(value).islower() and text.isalpha():
        return f" with {words[0]} at the {text}"
    if is_time(plain) and re.match(r"\d", text):
        if last == "time" and len(words) == 1:
            return f" at {text}"
        if plain in ("date", "day"):
            return f" on {text}"
        if words[0] in _ACTS:
            return f", {words[0]} {'at' if ':' in text[:3] else 'on'} {text}"
        if is_end(plain):
            return f" until {text}"
    return ""


_POINTS = frozenset({"desk", "location", "place", "point", "site", "spot"})
_ACTS = frozenset({"collection", "delivery", "drop", "pickup", "return"})


def piece_of_length(name: str, text: str) -> str:
    """Return for how long something is, where nobody said it: " for 1 hour"; nothing for another member."""
    return f" for {text}" if is_length(" ".join(plain_words(name))) and _LASTS.fullmatch(text) else ""


_LASTS = re.compile(r"[\d,.]+ (?:day|hour|minute|month|night|week|year)s?")


def piece_of_truth(name: str) -> str:
    """Return what something comes with though nobody asked for it; nothing where the name doesn't say it as a thing.

    Example:
        >>> piece_of_truth("with_breakfast"), piece_of_truth("towels"), piece_of_truth("insured")
        (' with breakfast', ' with towels', '')
    """
    words = plain_words(name)
    if words[0] in ("with", "has", "include", "includes", "including") and len(words) > 1:
        what = " ".join(words[1:])
        return f" with {what if is_plural(what) or what in _MASS else _an(what)}"
    return f" with {words[0]}" if len(words) == 1 and (is_plural(words[0]) or words[0] in _MASS) else ""


_MASS = frozenset({"breakfast", "dinner", "equipment", "insurance", "linen", "lunch", "parking", "water", "wifi"})


def left_open(name: str, *, value: bool) -> Iterator[str]:
    """Say what a thing just made still waits for, or was made with as nobody said otherwise.

    Args:
        name: The member.
        value: Its value; that something was not asked for is no news.
    """
    words = plain_words(name)
    if words[-1] in AWAITED:
        what = f"The {' '.join(words[:-1])}" if len(words) > 1 else "{it}"
        later = _still(words[-1]) if len(words) > 1 else f"not {words[-1]} yet"
        yield f"{what} is {later}" if not value else f"{what} is {_ALREADY.get(words[-1], '')}{words[-1]}"
    elif value and words[-1] in ("needed", "required") and len(words) > 1:
        yield f"{_an(' '.join(words[:-1])).capitalize()} is {words[-1]}"
    elif value and (text := piece_of_truth(name)):
        yield text
    elif value and len(words) == 1 and words[0].endswith("ed") and words[0] not in _DEALT:
        yield f"{{it}} is {words[0]}"


_ALREADY = {"paid": "already "}
_DEALT = frozenset({"archived", "blocked", "booked", "cancelled", "canceled", "closed", "completed", "deleted",
                    "expired", "finished", "returned"})  # fmt: skip


def _still(word: str) -> str:
    return "still to be paid" if word == "paid" else f"not {word} yet"


def raised(name: str, before: Json, value: Json, given: Collection[Json], text: str) -> str:
    """Return what a measure has come to by what was added to it or taken from it; nothing where it was set.

    Example:
        >>> raised("honey_kg", 8.0, 13.0, [5.0], "13 kg"), raised("age", 3, 4, [7], "4")
        ('That makes 13 kg of honey in all', '')
    """
    numbers = [each for each in given if isinstance(each, int | float) and not isinstance(each, bool)]
    if not isinstance(before, int | float) or not isinstance(value, int | float):
        return ""
    moved = abs(value - before)
    if not any(abs(moved - each) < _NEAR for each in numbers):
        return ""
    *rest, unit = plain_words(name)
    if rest and text.rpartition(" ")[0]:
        measured = " ".join(word for word in rest if word not in ("total", "current", "amount", "in"))
        if unit in ("kg", "litres", "liters", "grams", "ml", "metres", "meters", "km", "hours", "minutes", "g", "l"):
            return f"That makes {text}{f' of {measured}' if measured else ''} in all"
    return ""


_NEAR = 1e-9


_OPPOSITES = {"reopen": "closed", "resume": "paused", "unblock": "blocked", "unlock": "locked", "return": "lent"}


def turned(name: str, order: tuple[str, str, str], *, value: bool) -> Iterator[str]:
    """Say what a change has made true or untrue on the side; nothing of what it says by itself.

    Args:
        name: The member.
        order: The verb of the change, the verb when it is done, and what the change is about.
        value: What the member is now.
    """
    verb, done, about = order
    words = [word for word in plain_words(name) if word not in ("is", "has", "flag")]
    said = not words or words[-1][:4] == done[:4] or words[-1] == _OPPOSITES.get(verb) or words[-1] in about.split()
    if not said:
        yield f"{{it}} is {' '.join(words)} now" if value else f"{{it}} is no longer {' '.join(words)}"
