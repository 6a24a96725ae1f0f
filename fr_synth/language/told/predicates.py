"""What is said of a thing: "is due on 5 April 2026", "has 3 copies", "is by George Eliot"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.adapters.words.grammar.attaching import is_end, is_length, is_time
from fr_envs.adapters.words.grammar.phrases import is_identifier, spaced
from fr_envs.episode.task import Answer
from fr_synth.language.told.bracketed import CODE, CODED, in_brackets, several_told
from fr_synth.language.told.orders.folding import piece_of_way
from fr_synth.language.told.things import own_identifier
from fr_synth.language.told.values import (
    CURRENCIES,
    OWED,
    PEOPLE,
    counting_words,
    is_amount,
    is_bare_count,
    is_counting,
    is_dull,
    is_plural,
    plain_words,
    said,
)
from fr_synth.language.verbalise import join_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fr_envs.json_values import Json
    from fr_synth.language.told.things import Thing, Things

__all__ = ["PLAINLY", "Predicate", "predicate", "run", "sentence_of", "told_values", "worth"]


class Predicate(NamedTuple):
    """One member of a thing, said of it.

    Attributes:
        verb: "is", "has", "costs"; ``the`` where the member's name has to be the subject.
        rest: What follows.
        bare: The same in a bracket behind a name: "3 copies".
        answers: The values that it tells.
    """

    verb: str
    rest: str
    bare: str
    answers: tuple[Answer, ...]


_MAKERS = frozenset({"artist", "author", "composer", "director", "maker", "manufacturer", "publisher", "writer"})
_SORTS = frozenset({"category", "cuisine", "genre", "kind", "type"})
_STATES = frozenset({"availability", "condition", "phase", "stage", "state", "status"})
_LEVELS = frozenset({"importance", "priority", "severity", "urgency"})
_PLACES = frozenset({"address", "city", "country", "location", "place", "town", "venue"})
_FROM = frozenset({"reporter", "requester", "sender"})
_TO = frozenset({"assignee", "recipient", "receiver", "addressee"})
_STARTS = ("arrival", "begin", "check in", "checkin", "departure", "from", "since", "start")
PLAINLY = frozenset({"active", "booked", "confirmed", "fine", "good", "none", "ok", "open", "valid"})
"""States that a thing has as a rule, so that nobody tells them unasked."""

_SCARCE = frozenset({"copies", "docks", "places", "rooms", "seats", "slots", "spots", "tickets", "units"})
_LASTS = frozenset({"days", "hours", "minutes", "months", "nights", "seconds", "weeks", "years"})


def predicate(things: Things, thing: Thing, name: str) -> Predicate | None:
    """Return what a member says of a thing; None where there is nothing to say.

    Args:
        things: What is known.
        thing: The thing.
        name: The member.
    """
    value, words = thing.row.get(name), counting_words(name, thing.fields.get(name))
    if isinstance(value, bool):
        return _truth(words, value)
    if is_identifier(name) and name in thing.fields:
        other = things.of(thing.fields[name].kind or name, value)
        if other is not None and other.named:
            return _related(words, other, value)
        if name == own_identifier(things.spec, thing.fields):
            return Predicate("has", f"the number {value}", f"number {value}", (Answer(value, str(value)),))
    text = said(things.spec, name, thing.row, thing.fields)
    if not text:
        told = several_told(words, value) if isinstance(value, list) else ("", "")
        return Predicate("the", *told, ()) if told[0] else _nothing(words, value, name, thing)
    answers = (Answer(value, text),)
    if isinstance(value, str):
        return _worded(words, text, answers, thing)
    found = _numbered(words, text, answers, value)
    if found.rest.startswith("over ") and plain_words(thing.noun)[-1] not in OWED:  # only what is owed is over so much
        return found._replace(verb="comes", rest=f"to {text}")
    return found


def _truth(words: Sequence[str], value: bool) -> Predicate:
    plain = " ".join(word for word in words if word not in ("is", "has", "flag"))
    if words[0] == "has":
        return Predicate("has", f"{'a' if value else 'no'} {plain}", f"{'with' if value else 'no'} {plain}",
                         ())  # fmt: skip
    if len(words) == 2 and words[1] in _SETTLED and words[0] not in _ADVERBS:  # "deposit paid"
        told = words[1] if value else f"not {words[1]}"
        return Predicate("the", f"the {words[0]} is {told}", f"{words[0]} {told}", ())
    told = plain if value else f"not {plain}"
    return Predicate("is", told, told, ())


_SETTLED = frozenset({"approved", "confirmed", "delivered", "paid", "received", "sent", "signed"})
_ADVERBS = frozenset({"already", "been", "fully", "has", "is", "partly", "was"})


def _related(words: Sequence[str], other: Thing, value: Json) -> Predicate:
    del words, value
    person = other.label.startswith(("Dr. ", "Prof. "))
    told = f"with {other.label}" if person else f"for {other.label}"
    if other.noun.split()[-1] in _AT:
        told = f"at {other.label}"
    return Predicate("is", told, other.label, ())


_AT = frozenset({"station", "branch", "site", "stop", "depot", "warehouse", "clinic", "shop", "store"})


def _nothing(words: Sequence[str], value: Json, name: str, thing: Thing) -> Predicate | None:
    if value is None and name in thing.row and words[-1] in _TO:
        return Predicate("is", "not assigned to anybody yet", "not assigned", ())
    return None


def _worded(words: Sequence[str], text: str, answers: tuple[Answer, ...], thing: Thing) -> Predicate:
    """Say a member that is a text."""
    if len(words) == 2 and words[1] in ("on", "at") and words[0].endswith("s"):  # "expires on 30 April 2026"
        joint = "at" if ":" in text[:3] else "on" if text[:1].isdigit() else words[1]
        return Predicate(words[0], f"{joint} {text}", f"{words[0]} {joint} {text}", answers)
    last, plain = words[-1], " ".join(words)
    past = last in ("on", "at") and len(words) > 1 and words[-2] not in _AHEAD
    if is_time(plain) or plain.startswith("due") or past:
        goes = _leaves(words, thing) and text[:1].isdigit() and ":" not in text[:3]
        moment = f"until {text}" if goes else _moment(words, text, alone=_is_alone(thing, plain))
        if moment.startswith("for "):  # "for pickup on 3 March 2026"
            return Predicate("is", moment, moment[4:], answers)
        bare = moment if moment.startswith(("from ", "until ", "due ")) else text
        return Predicate("was" if past else "is", moment, bare, answers)
    if last in _SORTS:
        article = "an" if text[:1].lower() in "aeiou" else "a"
        coded = (len(text) < CODE and not text.islower()) or CODED.fullmatch(text) is not None
        return Predicate("is", f"{article} {text} {thing.noun}", f"{plain} {text}" if coded else text, answers)
    if last in _LEVELS:
        return Predicate("has", f"{text} {last}", f"{text} {last}", answers)
    if last == "by" and len(words) > 1 and re.match(r"\d", text):  # "ready by 24 April 2026"
        return Predicate("is", f"{plain} {text}", f"{plain} {text}", answers)
    told = _of_somebody(words, text) or _of_some_place(words, text)
    if told:
        return Predicate("is", told.rest, told.bare, answers)
    bare = in_brackets(words, text)
    way = piece_of_way("_".join(words), text, text).removeprefix(" with ")
    bare = way if way and not way.startswith((" ", ",")) else bare
    return Predicate("the", f"the {plain} is {text}", bare, answers)


_DID = {"composer": "composed", "director": "directed"}
_WEEKDAYS = frozenset({"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"})
_AHEAD = frozenset({"available", "due", "ready", "valid"})


class _Told(NamedTuple):
    rest: str
    bare: str


def _of_somebody(words: Sequence[str], text: str) -> _Told | None:
    """Say whose, by whom, from whom or for whom something is; None where a member is about nobody."""
    bare = next((word for word in reversed(words) if word != "name"), words[-1])
    if bare in _MAKERS:
        if bare in _DID:
            return _Told(f"{_DID[bare]} by {text}", f"{bare} {text}")
        return _Told(f"by {text}", f"by {text}")
    if bare in _FROM:
        return _Told(f"from {text}", f"from {text}")
    if bare in _TO:
        told = f"assigned to {text}" if bare == "assignee" else f"for {text}"
        return _Told(told, told)
    if bare not in PEOPLE or bare in _SERVES:  # a curator, a host: who sees to it
        return None
    shown = f"{bare} {text}" if bare in _ROLES else text
    return _Told(f"for {text}", shown)


_SERVES = frozenset({"agent", "driver", "host", "keeper", "organizer", "trainer"})
_ROLES = frozenset({"agent", "animal", "driver", "guide", "holder", "host", "owner", "pet", "seller"})


def _of_some_place(words: Sequence[str], text: str) -> _Told | None:
    """Say how something stands, where it is or to what it belongs; None for other members."""
    last = words[-1]
    if last in _STATES:
        return _Told(text, text)
    if last == "weekday" and text in _WEEKDAYS:
        return _Told(f"on {text}s", f"{text}s")
    if len(words) == 2 and words[0] in ("from", "to") and last in _STOPS:
        return _Told(f"{words[0]} {text}", f"{words[0]} {text}")  # "from port Aran"
    if last in ("from", "to"):
        told = f"{' '.join(words)} {text}"  # "lent to Ada"
        return _Told(told, told)
    if last == "destination":
        return _Told(f"to {text}", f"to {text}")
    if last in _PLACES:
        return _Told(
            f"{'at' if last in ('address', 'venue') else 'in'} {text}", f"address {text}" if last == "address" else text
        )
    return _Told(f"in {text}", text) if last in _FIELDS or last in ("hall", "language", "room") else None


_STOPS = frozenset({"airport", "city", "harbour", "place", "port", "station", "stop", "town"})
_FIELDS = frozenset({"department", "speciality", "specialty", "team"})


def _is_alone(thing: Thing, plain: str) -> bool:
    """Return True if nothing in a row says how long what begins then goes on."""
    names = [spaced(name).lower() for name in thing.row]
    if _leaves(plain.split(), thing) or (plain.startswith(_COMES) and any(each.startswith(_GOES) for each in names)):
        return False  # from when it comes until when it goes
    if plain_words(thing.noun)[-1] in _GOES_ON or any(name.split()[-1] in ("weekday", "weekdays") for name in names):
        return False  # what comes again every week begins on a day
    return not any(each != plain and (is_end(each) or is_length(each)) for each in names)


_GOES_ON = frozenset({"contract", "insurance", "lease", "membership", "policy", "rental", "subscription", "tenancy"})
_COMES = ("arrival", "arrive", "check in", "checkin")
_GOES = ("depart", "departure", "leave")


def _leaves(words: Sequence[str], thing: Thing) -> bool:
    """Return True for when something goes that came before: a departure beside an arrival."""
    others = (spaced(name).lower() for name in thing.row)
    return " ".join(words).startswith(_GOES) and any(each.startswith(_COMES) for each in others)


def _moment(words: Sequence[str], text: str, *, alone: bool = False) -> str:
    last, plain = words[-1], " ".join(words)
    if last in ("on", "at") and len(words) > 1:
        return f"{' '.join(words[:-1])} {'at' if ':' in text[:3] else 'on'} {text}"
    if plain.startswith("due"):
        return f"due on {text}" if text[:1].isdigit() and ":" not in text[:3] else f"due {text}"
    if is_end(plain):
        return f"until {text}"
    before = "at" if ":" in text[:3] else "on"
    if plain.startswith(_STARTS):
        return f"{before} {text}" if last == "time" or alone else f"from {text}"
    if words[0] in ("collection", "delivery", "pickup"):
        return f"for {words[0]} {before} {text}"
    return f"{before} {text}" if len(words) == 1 else f"{' '.join(words[:-1])} {before} {text}"


def _numbered(words: Sequence[str], text: str, answers: tuple[Answer, ...], value: Json) -> Predicate:
    if is_amount("_".join(words)):
        words = [word for word in words if word not in CURRENCIES]
    last, plain = words[-1], " ".join(words)
    if is_counting(words) or (is_bare_count(words) and text.endswith(f" {last}")):
        return Predicate("has", text, text, answers)
    if is_amount(last) or text[:1] in "€$£":
        return _sum(last, plain, text, answers)
    if len(words) == 1 and (last in _LASTS or last in ("degrees", "percent")):
        return Predicate("is", f"{'for' if last in _LASTS else 'at'} {text}", text, answers)
    if last in _LASTS and words[0] in ("duration", "length", "playing", "runtime", "total"):
        return Predicate("lasts", text, text, answers)
    if is_plural(last) and not re.fullmatch(r"[\d.,]+", text) and last not in _LASTS:
        told = text if value else f"no {plain}"
        left = "" if value or last not in _SCARCE else " left"
        return Predicate("has", f"{told}{left}", told, answers)
    rate = _RATE.fullmatch(plain)
    if rate is not None:
        each = f"an {rate[2]}" if rate[2] == "hour" or rate[2][0] in "aeio" else f"a {rate[2]}"
        clear = text[-1:].isalpha() or (text[:1] in "€$£" and rate[1] == "price")
        bare = f"{'' if clear else f'{rate[1]} '}{text} {each}"
        return Predicate("the", f"the {rate[1]} is {text} {each}", bare, answers)
    named = (
        " ".join(words[:-1])
        if text.rpartition(" ")[2].lower() in (last, "percent", "degrees") and len(words) > 1
        else plain
    )
    bare = text if named == "area" else f"{named or plain} {text}"
    return Predicate("the", f"the {named or plain} is {text}", bare, answers)


def _sum(last: str, plain: str, text: str, answers: tuple[Answer, ...]) -> Predicate:
    """Say an amount; without a currency its bracket says what it is."""
    clear = text[:1] in "€$£" or text[-1:].isalpha()
    each = plain.split()[0] if plain else ""
    if plain == "from":  # what the cheapest costs
        return Predicate("costs", f"{text} and more", f"from {text}", answers)
    if each in _SOLD_SINGLY and last in ("price", "fee", "fare"):
        return Predicate("costs", f"{text} a {each}", f"{text} a {each}", answers)
    if last in ("cost", "fare", "fee", "price"):
        bare = text if clear and (last == plain or last == "price") else f"{plain} {text}"
        return Predicate("costs", text, bare, answers)
    if last == "amount":
        return Predicate("is", f"over {text}", text if clear else f"over {text}", answers)
    plain = re.sub(r"\bkwh\b", "kWh", plain)
    per = _PER.search(plain)
    if per is None:
        bare = f"{text} due" if last == "due" else text if clear and _COMES_TO & {*plain.split()} else f"{plain} {text}"
        return Predicate("the", f"the {plain} is {text}", bare, answers)
    what = plain[: per.start()].strip()
    bare = f"{text} {per[0]}" if clear or not what else f"{what} {text} {per[0]}"
    return Predicate("the", f"the {plain} is {text}", bare, answers)


_COMES_TO = frozenset({"amount", "charge", "charged", "paid", "payment", "refunded", "spent", "sum", "total", "value"})
_SOLD_SINGLY = frozenset({"day", "night", "page", "person", "seat", "ticket", "unit", "week"})
_RATE = re.compile(r"([a-z ]+) per ([a-z]+)")
_PER = re.compile(r"\bper [a-zA-Z]+$")


def sentence_of(label: str, found: Sequence[Predicate]) -> str:
    """Return one sentence that says several things of one: "Salt is by Mark Kurlansky and has 3 copies".

    Args:
        label: The thing.
        found: What is said of it.
    """
    verbs = dict.fromkeys(each.verb for each in found if each.verb != "the")
    parts = [f"{verb} {run([each.rest for each in found if each.verb == verb])}" for verb in verbs]
    others = [each.rest for each in found if each.verb == "the"]
    text = f"{label} {join_words(parts)}" if parts else ""
    if not text:
        first, *others = others
        text = _of(first, label)
    return _upper(f"{text}; {join_words(others)}" if others else text) + "."


def _of(text: str, label: str) -> str:
    """Return "the battery is 80 percent" as what it is of: "the battery of the Swift bike is 80 percent"."""
    head, _, rest = text.partition(" is ")
    return f"{head} of {label} is {rest}"


def run(parts: Sequence[str]) -> str:
    """Join what one verb says; a day and a time are told in one breath."""
    merged: list[str] = []
    for part in parts:
        if merged and (
            (part.startswith(("at ", "until ")) and merged[-1].startswith(("on ", "from ")))
            or (part.startswith("by ") and merged[-1].startswith(("a ", "an ")))
        ):
            merged[-1] = f"{merged[-1]} {part}"
        else:
            merged.append(part)
    return join_words(merged)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def worth(things: Things, thing: Thing) -> list[str]:
    """Return the members of a thing that are worth telling, the most telling first; not its name nor its number."""
    own = own_identifier(things.spec, thing.fields)
    names = [name for name in thing.row if name in thing.fields and name not in thing.told and name != own]
    known = {name for name, _ in things.related(thing.fields, thing.row)}
    good = [name for name in names if not is_dull(name) and (name in known or not is_identifier(name))]
    good = [name for name in good if plain_words(name)[-1] != "currency"]
    return sorted(good, key=_rank)


def _rank(name: str) -> int:
    words = plain_words(name)
    last = words[-1]
    for rank, some in enumerate((_SORTS, _MAKERS, _FROM | _TO)):
        if last in some:
            return rank
    if is_time(spaced(name).lower()) or words[0] == "due":
        return 4
    return 5 if last in _STATES else 6


def told_values(found: Iterable[Predicate]) -> tuple[Answer, ...]:
    """Return the values that some predicates tell."""
    return tuple(answer for each in found for answer in each.answers)
