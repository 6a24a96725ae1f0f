"""Members of results in words: money with its currency, counts with what they count, days as days."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.attaching import UNITS, is_time
from fr_envs.adapters.words.grammar.mass import is_mass
from fr_envs.adapters.words.grammar.phrases import is_prose, spaced
from fr_envs.adapters.words.grammar.vocabulary import DOERS, is_doer
from fr_envs.adapters.words.values.described import measured
from fr_synth.language.told.currency import CURRENCIES, currency_of, money
from fr_synth.language.verbalise import verbalise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fr_envs.contract.spec import DomainSpec, Field
    from fr_envs.json_values import Json, JsonObject

__all__ = [
    "AMOUNTS",
    "AWAITED",
    "CURRENCIES",
    "OWED",
    "PEOPLE",
    "counting_words",
    "figure",
    "is_amount",
    "is_bare_count",
    "is_counting",
    "is_dull",
    "is_name",
    "is_person",
    "is_plural",
    "may_name",
    "one_of",
    "plain_words",
    "plural",
    "portion",
    "said",
]

AMOUNTS = frozenset({
    "amount", "balance", "budget", "charge", "cost", "deposit", "fare", "fee", "income", "payment", "price", "rent",
    "salary", "spent", "sum", "tax", "total", "value",
})  # fmt: skip
"""Last words of names whose numbers are money where a currency stands beside them."""

PEOPLE = frozenset({
    "agent", "assignee", "attendee", "author", "borrower", "buyer", "client", "contact", "customer", "driver",
    "employee", "guest", "holder", "host", "member", "organizer", "owner", "participant", "passenger", "patient",
    "payee", "person", "pupil", "reader", "receiver", "recipient", "renter", "reporter", "requester", "researcher",
    "resident", "rider", "seller", "sender", "student", "tenant", "traveller", "user", "visitor",
    "baker", "climber", "collector", "dealer", "exhibitor", "farmer", "fisher", "gardener", "grower", "keeper",
    "leaseholder", "lodger", "painter", "picker", "sailor", "skater", "tester", "trader",
    "animal", "cat", "child", "claimant", "dog", "horse", "kitten", "pet", "pony", "puppy",
})  # fmt: skip
"""Words for people, by what they do."""

_NAMED = frozenset({"label", "name", "subject", "summary", "title"})
_MEASURES = {
    **UNITS, "kmh": "km/h", "kph": "km/h", "mph": "mph", "kwh": "kWh", "kw": "kW",
    "celsius": "degrees", "days": "days", "degrees": "degrees", "grams": "grams", "hours": "hours",
    "kilograms": "kg", "kilometres": "km", "litres": "litres", "liters": "litres", "metres": "metres",
    "meters": "metres", "miles": "miles", "min": "minutes", "minutes": "minutes", "ml": "ml", "months": "months",
    "nights": "nights", "pages": "pages", "seconds": "seconds", "secs": "seconds", "weeks": "weeks", "years": "years",
}  # fmt: skip
_DULL = frozenset({
    "created", "digest", "etag", "hash", "href", "html", "icon", "image", "index", "lat", "latitude", "link", "links",
    "lon", "longitude", "md5", "message", "modified", "msg", "raw", "revision", "sha", "slug", "success", "thumbnail",
    "timestamp", "token", "updated", "uri", "url", "uuid", "version",
})  # fmt: skip


AWAITED = frozenset({"approved", "confirmed", "paid", "signed"})
"""What somebody still has to do with a thing that is there."""

OWED = frozenset({"bill", "charge", "claim", "donation", "expense", "fine", "invoice", "order", "payment", "refund"})
"""Things that are told apart by their amounts."""


def plain_words(name: str) -> list[str]:
    """Return the words of a member's name, in small letters."""
    return spaced(name).lower().split()


def is_name(name: str, about: str = "") -> bool:
    """Return True for the member that holds a thing's own name.

    Args:
        name: Name of the member.
        about: What the thing is: the ``course_name`` of a course is its name.
    """
    words = plain_words(name)
    return words[-1] in _NAMED and (len(words) == 1 or " ".join(words[:-1]) == about)


def may_name(name: str) -> bool:
    """Return True for a member that may stand for a name where it comes first: the film of a screening."""
    words = plain_words(name)
    last = words[-1]
    return not (
        is_person(name) or last in DOERS or is_prose(name) or is_dull(name) or is_time(" ".join(words))
        or words[0] in ("due", "from", "to") or last in _NO_NAMES or last in ("by", "on")
    )  # fmt: skip


_NO_NAMES = frozenset({
    "address", "category", "destination", "origin",
    "station", "city", "color", "colour", "condition", "country", "cuisine", "currency", "department",
    "email", "genre", "kind", "language", "level", "location", "phone", "phase", "place", "priority", "role",
    "severity", "size", "specialty", "stage", "state", "status", "type", "unit", "weather", "weekday",
})  # fmt: skip


def is_person(name: str) -> bool:
    """Return True for a member that holds a person's name."""
    words = [word for word in plain_words(name) if word != "name"]
    return bool(words) and (words[-1] in PEOPLE or is_doer(words[-1]) or words[-1] in _FIRMS)


_FIRMS = frozenset({"association", "company", "family", "firm", "organisation", "organization", "school", "society"})


def is_amount(name: str) -> bool:
    """Return True for a member that holds an amount of money, if it holds a number."""
    words = plain_words(name)
    if words[-1] == "due" and len(words) > 1:
        words = words[:-1]
    if words[-2:] == ["to", "pay"]:
        return True
    return not AMOUNTS.isdisjoint(words[-1:]) or (len(words) > 1 and words[-1] in CURRENCIES)


_BEHIND = frozenset({
    "absent", "available", "booked", "free", "left", "month", "now", "open", "remaining", "taken", "today", "used",
    "week", "year",
})  # fmt: skip


def is_counting(words: Sequence[str]) -> bool:
    """Return True for a member's name that reads as what its number counts: "days left", "in stock".

    Example:
        >>> is_counting(["days", "left"]), is_counting(["in", "stock"]), is_counting(["places"])
        (True, True, False)
    """
    return list(words) == ["in", "stock"] or (len(words) > 1 and is_plural(words[0]) and words[-1] in _BEHIND)


_ADJECTIVES = frozenset({"available", "booked", "free", "left", "occupied", "remaining", "taken", "used", "vacant"})


def is_bare_count(words: Sequence[str]) -> bool:
    """Return True for a member's name that says only how what its number counts is: "free"."""
    return len(words) == 1 and words[0] in _ADJECTIVES


def counting_words(name: str, field: Field | None) -> list[str]:
    """Return the words of a member's name; where that is a bare adjective, those of its description that count.

    Example:
        >>> from fr_envs.contract.spec import Field
        >>> counting_words("free", Field(schema={"type": "integer"}, description="Number of free bikes."))
        ['free', 'bikes']
    """
    words = plain_words(name)
    if not is_bare_count(words) or field is None:
        return words
    told = re.fullmatch(r"(?:the )?(?:number of |count of )?([a-z]+(?: [a-z]+){1,2})\.?", field.description.lower())
    found = told[1].split() if told is not None else []
    counts = words[0] in found and (is_plural(found[-1]) or is_counting(found))
    return found if counts else words


def is_dull(name: str) -> bool:
    """Return True for a member that nobody asks about: links, versions, stamps."""
    words = plain_words(name)
    return words[-1] in _DULL or (words[-1] in ("at", "on", "by") and words[0] in _DULL)


def is_plural(words: str) -> bool:
    """Return True if a noun stands for several."""
    several = words.endswith("s") and not words.endswith(("is", "ss", "us"))
    return several or words.split()[-1:] in (["children"], ["people"])


def plural(words: str) -> str:
    """Return a noun for several of it.

    Example:
        >>> plural("entry"), plural("box"), plural("bike")
        ('entries', 'boxes', 'bikes')
    """
    if is_plural(words) or words in ("staff", "equipment"):
        return words
    if words.endswith("y") and words[-2:-1] not in "aeiou":
        return f"{words[:-1]}ies"
    if words == "person":
        return "people"
    if words.endswith("child"):
        return f"{words}ren"
    return f"{words}es" if words.endswith(("s", "x", "ch", "sh")) else f"{words}s"


def one_of(words: str) -> str:
    """Return a noun for one of several: "copies" is "copy"."""
    if not is_plural(words):
        return words
    if words.endswith("ies"):
        return f"{words[:-3]}y"
    if words.split()[-1] in _VES:
        return f"{words[:-3]}f"
    if words.endswith(("children", "people")):
        return words.removesuffix("ren") if words.endswith("ren") else f"{words[:-6]}person"
    return words[:-2] if words.endswith(("xes", "ches", "shes", "sses")) else words[:-1]


_VES = frozenset({"calves", "halves", "leaves", "loaves", "scarves", "shelves", "thieves", "wolves"})


def counted(number: Json, words: str) -> str:
    """Return a count with what it counts: "3 copies", "1 copy"."""
    return f"{figure(number)} {one_of(words) if number == 1 else words}"


def portion(number: Json, what: str) -> str:
    """Return a number of something, as a part of it where it cannot be counted.

    Example:
        >>> portion(4, "inner tubes"), portion(30, "black vinyl")
        ('4 inner tubes', '30 of the black vinyl')
    """
    plain = what[:1].islower() and not what.startswith(("a ", "an ", "the "))
    counted_ = is_plural(what) or (number == 1 and not is_mass(what)) or not plain or bool(_UNIT_OF.search(what))
    return f"{figure(number)} {what}" if counted_ else f"{figure(number)} of the {what}"


_UNIT_OF = re.compile(r"^[a-z]+s of ")


def _bounded(value: int | float, words: Sequence[str]) -> str:
    """Return how many there are at most or at least, where a name says so: "at most 4 guests"."""
    way = _BOUNDS.get(words[0]) or _BOUNDS[words[-1]]
    what = [word for word in words if word not in _BOUNDS]
    several = bool(what) and is_plural(what[-1])
    return f"{way} {counted(value, ' '.join(what))}" if several else figure(value)


_BOUNDS = {"max": "at most", "maximum": "at most", "min": "at least", "minimum": "at least"}


def said(spec: DomainSpec, name: str, row: JsonObject, fields: Mapping[str, Field]) -> str:
    """Return a member as a person says it, with its unit and its currency; empty for what is not told.

    Args:
        spec: The contract.
        name: Name of the member.
        row: The object that has it.
        fields: The contract's fields of the object.
    """
    value = row.get(name)
    if value is None or isinstance(value, bool | dict | list) or value == "":
        return ""
    if isinstance(value, str):
        return _text(spec, name, value, fields)
    return _number(spec, value, (name, row), fields)


def _number(
    spec: DomainSpec, value: int | float, member: tuple[str, JsonObject], fields: Mapping[str, Field]
) -> str:  # fmt: skip
    name, row = member
    words = counting_words(name, fields.get(name))
    currency = next((str(row[each]) for each in row if plain_words(each)[-1] == "currency"), "")
    if (
        is_amount(name)
        or words == ["paid"]
        or words == ["refunded"]
        or (_RATED.search(" ".join(words)) and not is_plural(words[0]))
    ):
        named = words[-1].upper() if words[-1] in CURRENCIES else currency
        return money(value, named or currency_of(spec, fields.get(name)))
    if is_counting(words):
        first, *more = words
        return f"{figure(value)} in stock" if first == "in" else f"{counted(value, first)} {' '.join(more)}"
    if len(words) > 1 and words[-1] in ("c", "f") and words[-2] in ("temp", "temperature"):
        return f"{figure(value)} degrees"
    if words[-1] in _MEASURES:
        unit = _MEASURES[words[-1]]
        return counted(value, unit) if is_plural(unit) else f"{figure(value)} {unit}"
    if words[0] in _BOUNDS or words[-1] in _BOUNDS:
        return _bounded(value, words)
    described = _described(spec, value, name, fields.get(name))
    if described:
        return described
    if isinstance(value, int) and (is_plural(words[-1]) or is_bare_count(words)):
        return counted(value, " ".join(words))
    return figure(value)


def _described(spec: DomainSpec, value: int | float, name: str, field: Field | None) -> str:
    """Return a number in the unit or the currency that the description of its field names; empty where it names none.

    Args:
        spec: The contract.
        value: The number.
        name: Its name.
        field: The contract's field of it.
    """
    form = measured(field.description, "{}") if field is not None else "{}"
    form = measured(_unit_told(spec, name), "{}") if form == "{}" else form
    if form == "{}" or (form[0] in "€$£" and is_plural(plain_words(name)[0])):
        return ""
    return money(value, currency_of(spec, field)) if form[0] in "€$£" else form.format(figure(value))


def _unit_told(spec: DomainSpec, name: str) -> str:
    """Return what descriptions of tools say of the unit of a member: "temperature in degrees Celsius"."""
    said = re.compile(rf"\b{re.escape(spaced(name).lower())} (in (?:degrees|litres|metres|grams|kg|km|mg|ml|cm|mm)\b)")
    found = (said.search(tool.description.lower()) for tool in spec.tools.values())
    return next((match[1] for match in found if match is not None), "")


_RATED = re.compile(r"\b(?:charge|cost|fee|price|rate|rent) per [a-z]+$")


def _text(spec: DomainSpec, name: str, value: str, fields: Mapping[str, Field]) -> str:
    field = fields.get(name)
    kind = spec.kinds.get((field.kind if field is not None else None) or "")
    if "\n" in value or len(value) > _LONGEST:
        return ""
    spoken = verbalise(value, kind)
    coded = spoken == value and "_" in value and value.replace("_", "").isalpha() and value == value.lower()
    return value.replace("_", " ") if coded and not is_time(spaced(name).lower()) else spoken


_LONGEST = 90


def figure(value: Json) -> str:
    """Return a number as people write it: no decimals where there are none.

    Args:
        value: The number.
    """
    if isinstance(value, float):
        return f"{int(value):,}" if value.is_integer() else f"{value:,}"
    return verbalise(value)
