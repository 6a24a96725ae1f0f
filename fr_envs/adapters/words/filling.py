"""Orders and questions with their arguments in them: where the words for one stand, else after it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.finishing import finished, with_owners
from fr_envs.adapters.words.grammar.attaching import (
    COUNTS,
    attached,
    changes,
    is_key,
    is_person,
    is_text,
    is_time,
    joined,
)
from fr_envs.adapters.words.grammar.participles import between, with_participles
from fr_envs.adapters.words.grammar.phrases import (
    is_identifier,
    is_prose,
    join_words,
    noun,
    placed,
    spaced,
)
from fr_envs.adapters.words.grammar.shaping import KIND_OF
from fr_envs.adapters.words.grammar.smoothing import of_what, smoothed, with_goods
from fr_envs.adapters.words.grammar.tidying import numbered, some_of, tidied, weighed, without_double
from fr_envs.adapters.words.places import (
    BARE_NAMES,
    SEATS,
    is_goods,
    place_for,
    quoted,
    words_for,
)
from fr_envs.adapters.words.pointing import (
    is_handle,
    is_number,
    json_type,
)
from fr_envs.adapters.words.values.days import as_hour
from fr_envs.adapters.words.values.described import (
    called,
    is_bare,
    set_on,
    taken_back,
)
from fr_envs.adapters.words.values.portions import AMOUNTS, portioned, stuff_in
from fr_envs.adapters.words.values.settings import alternatives, another
from fr_envs.contract.schemas import field_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.contract.spec import DomainSpec, Parameter

__all__ = ["filled"]


def filled(text: str, spec: DomainSpec, required: Sequence[Parameter], verb: str) -> str:
    """Put every required argument into a phrase: where the words for it stand, else after it.

    Args:
        text: The phrase.
        spec: The contract.
        required: The arguments.
        verb: The verb of the phrase.
    """
    text, verb = (f"change{text[len(verb) :]}", "change") if _SWAPS.match(text) else (text, verb)
    verb = "create" if _SET_UP.match(text) else verb
    changed = _changed(text, spec, required, verb)
    formed = [p for p in required if p.field.object is not None or (p.field.array and p.field.array.object)]
    inside = [p for p in required if p is not changed and p not in formed]
    asked = text.endswith("?")
    for p in inside:
        if not is_handle(spec, p) and not is_person(p.name) and json_type(spec, p.field) == "string":
            text = called(text, p.name, noun(p.name))
    text = another(alternatives(with_owners(text, inside, spec), inside, spec), inside, spec)
    there = [p for p in inside if f"{{{p.name}}}" in text]
    worded = [p for p in inside if p not in there and not _is_told_last(spec, p)]
    body, left = placed(
        text.removesuffix("?"), {p.name: place_for(spec, p) for p in worded},
        {p.name: dict.fromkeys(words_for(p, spec)) for p in worded},
        whole=[p.name for p in worded if is_handle(spec, p)],
    )  # fmt: skip
    left += [p.name for p in inside if p not in worded and p not in there]
    body, left = of_what(
        body, left, [p.name for p in inside if p.field.kind is not None and spaced(p.name).lower() in BARE_NAMES]
    )
    body = _to_thing(tidied(body), verb, inside, left, spec, several=len(required) > 1)
    timed = _is_timed(body, verb, [p for p in inside if p.name in left])
    verb = "plan" if timed else verb
    free = next(
        (p for p in inside if p.name in left and not is_handle(spec, p) and json_type(spec, p.field) == "string"), None
    )
    if free is not None and _SOMETHING.search(body):
        body, left = _SOMETHING.sub(quoted(spec, free), body, count=1), [name for name in left if name != free.name]
    body, left = some_of(body, left)
    stuff = stuff_in(spec, inside)
    about = words_for(stuff, spec) if stuff is not None and stuff.name in left else ()
    before = list(left)
    body = portioned(body, spec, inside, left, [word for word in about if word not in BARE_NAMES])
    weighed_out = before != left or (stuff is not None and _MUCH_OF.search(body) is not None)
    body, heavy = weighed(body, [p.name for p in inside if p.name in left and is_number(spec, p.field)])
    left = [name for name in left if name != heavy]
    body = _BARE.sub(r"\1", _counted(body, spec, inside, left))
    plain = {p.name: quoted(spec, p) for p in required}
    handles = [plain[p.name] for p in inside if p.name in left and is_handle(spec, p)]
    tail = [attached(as_hour(p.name, p.field.description), plain[p.name], verb, number=is_number(spec, p.field))
            for p in inside if p.name in left and not is_handle(spec, p)]  # fmt: skip
    by_how = [p.name for p in inside if p.field.description.lower().startswith("by how m")]
    tail = [re.sub(r"^(?:for|with) (?=\{)", "by ", each) if name in by_how else each for name, each in
            zip([p.name for p in inside if p.name in left and not is_handle(spec, p)], tail, strict=True)]  # fmt: skip
    tail = [_spent(each, inside) for each in tail]
    if len(tail) == 1 and tail[0].startswith("and set the ") and body.startswith(f"{verb} the ") and not handles:
        tail = [f"to {tail[0].rpartition(' to ')[2]}"]
    keys = any(is_key(p.name) for p in inside if p.name in left and is_handle(spec, p))
    planned = bool(handles) and verb in _PLANS and not keys
    ridden = all(noun(p.name).split()[-1] in _RIDDEN for p in inside if p.name in left and is_handle(spec, p))
    standing = all(noun(p.name).split()[-1] in _STAND for p in inside if p.name in left and is_handle(spec, p))
    how = "on" if ridden else "at" if standing else "for"
    using = f", using {join_words(handles)}" if keys else f" {how} {join_words(handles)}"
    if planned:  # "plan a meal of lentil soup for Monday"
        body, handles = re.sub(r"^(\w+ an? \w+)", rf"\1 of {join_words(handles)}", body), []
    tail += [part for p in formed for part in _members(spec, p, verb)]
    parts = [
        without_double(body + (using if handles else ""), tail),
        f"to {plain[changed.name]}" if changed is not None else "",
        joined(tail, "move" if timed else verb),
    ]
    told = "; ".join(plain[p.name] for p in formed if p.field.object is None)
    parts[0] = _ADDED.sub(r"add \2", tidied(numbered(parts[0])))
    whole = re.sub(r" +(?=[,:])", "", _SUM_OF.sub(r"{\1} {\2}", " ".join(filter(None, parts))))
    whole += f": {told}" if told else ""
    whole = KIND_OF.sub("", whole)
    whole = _AND_HOUR.sub(r"\1 at \2", _CALLED_LAST.sub(r"\1\3\2", whole))
    whole = smoothed(_SORTED.sub(r"\1 \4 \2\3", _TO_COUNT.sub(r"\1 \3 to \4 \2", whole)))
    whole = with_goods(whole, [p.name for p in inside if is_goods(spec, p) and not (weighed_out and p is stuff)])
    whole = between(with_participles(finished(whole, inside, spec), inside))
    return f"{whole}?" if asked else whole


def _spent(told: str, several: Sequence[Parameter]) -> str:
    """Return an argument as it is attached, a number of hours of something with what they were spent on."""
    match = _FOR_HOURS.fullmatch(told)
    described = next((p.field.description for p in several if match is not None and p.name == match[1]), "")
    spent = re.match(r"(?:number of |the )?(days|hours|minutes) of ([a-z]+(?: [a-z]+)?)\.?$", described, re.IGNORECASE)
    return f"with {{{match[1]}}} {match[2]} of {spent[2]}" if match is not None and spent is not None else told


_FOR_HOURS = re.compile(r"for \{(\w+)\} (days|hours|minutes)")


def _to_thing(
    body: str, verb: str, inside: Sequence[Parameter], left: list[str], spec: DomainSpec, *, several: bool
) -> str:
    """Put the one thing that an order is about, and that nothing in it stands for, where people say it.

    "Take a lent book back", of a loan, takes back what was lent; "set the schedule" sets that of a zone.
    """
    things = [p for p in inside if p.name in left and is_handle(spec, p)]
    taken = taken_back(body, verb, f"{{{things[0].name}}}") if len(things) == 1 else ""
    if taken:
        left.remove(things[0].name)
        return taken
    named = next((p for p in inside if p.name in left and _is_name(p, spec)), None)
    named = things[0] if len(things) == 1 else named
    if changes(verb) and named is not None and is_bare(body) and several:
        left.remove(named.name)
        return set_on(body, quoted(spec, named))
    return body


def _is_timed(body: str, verb: str, left: Sequence[Parameter]) -> bool:
    """Return True for an order that sets something of a thing to an hour: "set the schedule for the lawn"."""
    return changes(verb) and "{" in body and any(spaced(p.name).lower().split()[-1] == "time" for p in left)


_SET_UP = re.compile(r"set (?:up|out|aside)\b")


def _is_name(parameter: Parameter, spec: DomainSpec) -> bool:
    """Return True for what is called by a name of its own: no number, no time, no choice, no text."""
    plain = json_type(spec, parameter.field) == "string" and "enum" not in field_schema(spec, parameter.field)
    words = spaced(parameter.name).lower()
    return plain and not is_time(words) and not is_text(parameter.name) and not is_prose(parameter.name)


_CALLED_LAST = re.compile(
    r"^([a-z]+ an? (?:new )?[a-z]+)( (?:(?:in|into|on|to) the [a-z]+(?: [a-z]+)?|for \{\w+\}))( called \"?\{\w+\}\"?)"
)
_AND_HOUR = re.compile(r"( to \{\w+\}) to (\{(?:\w+_)?time\})")
_ADDED = re.compile(r"^add the ([a-z]+) (\{\1\})")
_TO_COUNT = re.compile(r"^([a-z]+) the number of ([a-z]+s|children|people) (?:of|in|for) (\{\w+\}) to (\{\w+\})$")
_SORTED = re.compile(r"\b(the|which|what) ([a-z]+s)\b(.*) for (\{(?:\w+_)?(?:colou?r|cuisine|genre|language)\})$")


_SUM_OF = re.compile(r"\{(\w*amount\w*)\} from \{(\w*currency\w*)\}")


def _is_told_last(spec: DomainSpec, parameter: Parameter) -> bool:
    """Return True for a text of somebody's own, which comes behind a colon, and for a reason, which comes last."""
    own = is_text(parameter.name) or spaced(parameter.name).lower().split()[-1] == "reason"
    own = own and "enum" not in field_schema(spec, parameter.field)
    return own and parameter.field.kind is None and json_type(spec, parameter.field) == "string"


def _counted(text: str, spec: DomainSpec, inside: Sequence[Parameter], left: list[str]) -> str:
    """Put how many there are before what they count: "sow {count} {plant}"; what is placed so is left over no more."""
    seats = COUNTS | SEATS | _COMING if _SEATED.match(text) else COUNTS
    several = next((p.name for p in inside if p.name in left and spaced(p.name).lower() in seats), None)
    if several is None:
        return text
    plural = re.match(r"^([a-z]+) ([a-z]+s)\b(?! \{)", text)
    if plural is not None and not plural[2].endswith("ss"):  # "buy {quantity} tickets for {concert_id}"
        left.remove(several)
        return f"{plural[1]} {{{several}}} {text[len(plural[1]) + 1 :]}"
    match = re.match(r"^[a-z]+ (?:an? |some |the )?(?:[a-z]+ )?(?=\{(\w+)\})", text)
    counted = next((p for p in inside if match is not None and p.name == match[1]), None)
    if match is None or counted is None or _PREPOSITION.search(match[0]) or json_type(spec, counted.field) == "number":
        return text
    left.remove(several)
    before = re.sub(r"\b(?:an?|some|the)\s+(?:[a-z]+\s+)?$", "", match[0])
    times = "x " if is_handle(spec, counted) else ""
    return f"{before}{{{several}}} {times}{text[match.end() :]}"


_COMING = frozenset({"adults", "guests", "number of people", "participants", "party size", "people", "persons"})
_SEATED = re.compile(r"[a-z]+ (?:places|seats|spots|tickets)\b")
_PREPOSITION = re.compile(r" (?:at|by|for|from|in|into|of|on|onto|to|with) ")


def _members(spec: DomainSpec, parameter: Parameter, verb: str) -> Iterator[str]:
    """Iterate over what the parts of an object are said as, each beside the order like an argument of its own."""
    for name, member in (parameter.field.object or {}).items():
        if member.optional:
            continue
        place = f"{{{parameter.name}.{name}}}"
        yield attached(name, f'"{place}"' if is_prose(name) else place, verb, number=is_number(spec, member))


def _changed(text: str, spec: DomainSpec, required: Sequence[Parameter], verb: str) -> Parameter | None:
    """Return the argument that is what something becomes, where the text names what that is: "set the status of …"."""
    if not changes(verb) and verb not in _LENGTHENS:
        return None
    for p in required:  # "change the desk of a viewing" changes it to another desk
        if is_handle(spec, p) and re.match(rf"[a-z]+ the {re.escape(noun(p.name))} of\b", text) and len(required) == 2:
            return p
    plain = [p for p in required if not is_handle(spec, p) and p.field.object is None]
    plain = [p for p in plain if not is_identifier(p.name) or p.field.kind is None]
    flat = text.lower().replace("-", " ")
    numbers = [p for p in plain if is_number(spec, p.field)]
    owner = re.match(r"[a-z]+ the [a-z ]+? of an? ([a-z]+)", flat) if len(plain) == _WITH_ITS_OWNER else None
    if owner is not None and len(numbers) == 1 and any(noun(p.name) == owner[1] for p in plain if p not in numbers):
        return numbers[0]  # "set the monthly budget of a category"
    found = ((re.search(rf"\b{re.escape(spaced(p.name).lower())}\b", flat), p) for p in plain)
    named = [(match.start(), p) for match, p in found if match is not None]
    return (
        min(named, key=lambda each: each[0])[1] if named else None
    )  # "the status of a ticket": what changes comes first


_MUCH_OF = re.compile(rf"\{{(?:{'|'.join(sorted(AMOUNTS))})\}} \{{")
_WITH_ITS_OWNER = 2
_BARE = re.compile(r"(?<=[a-z] )an? (?:spare |new |extra )?(\{\w+\})(?= (?:to|for|in|on|from|with)\b|,|$)")
_STAND = frozenset({"charger", "counter", "desk", "gate", "kiosk", "pump", "stall", "stand", "station", "till"})
_RIDDEN = frozenset({"bike", "board", "boat", "dryer", "lane", "machine", "printer", "scooter", "track", "washer"})
_SWAPS = re.compile(r"(?:exchange|replace|swap|switch) the [a-z]+ of\b(?!.* or )")
_PLANS = frozenset({"cook", "order", "plan", "schedule", "serve"})
_SOMETHING = re.compile(r"\b(?:some|any)thing\b")
_LENGTHENS = frozenset({"decrease", "increase", "lower", "raise"})
