"""Orders as people word them: the deed in place of the record of it, what is left over in a sentence of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import noun, spaced
from fr_envs.adapters.words.grammar.vocabulary import DOERS, GROUPS, PEOPLE, RECEIVERS, is_doer, is_several, words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = ["ANIMALS", "KIND_OF", "shaped", "wished_by"]

ANIMALS = words_of("animal bird cat cow dog goat hen horse kitten pet pony puppy rabbit sheep")
"""Words for animals, which come for something as people do and have an owner beside them."""

_DEEDS = {
    "booking": "book", "hire": "hire", "order": "order", "purchase": "buy", "rental": "rent", "reservation": "reserve",
}  # fmt: skip
_MAKES = "add|arrange|book|create|make|order|place|plan|register|request|schedule"
_RECORD = re.compile(
    rf"^(?:{_MAKES}) an? (?:new )?({'|'.join(_DEEDS)}|stay) (?:at|for|in|of|on) (?=(?:the )?\{{(\w+)\}})"
)
_OWNERS = words_of("client customer guardian holder keeper master owner parent")
_MOST = 2  # what a noun is told with before it becomes too much
_LEADS = re.compile(r" (?:as|at|by|for|from|in|of|on|to|until|with) (?=(?:an? |the )?[a-z ]*\{)")
_LENGTH = re.compile(
    r" (?:for|with) (\{\w+\}) (days|hours|minutes|months|nights|pages|people|persons|seats|weeks|years)\b(?! more)"
)
_ONE = {"people": "person"}
_HEADED = re.compile(r"^([a-z]+) an? (?:new )?((?:[a-z]+ )?[a-z]+)(?= (?:at|called|for|from|in|of|on|to|with)\b)")
_LAST = re.compile(
    r" (?:with|and) (?:the (?![a-z ]+ to \{)([a-z]+(?: [a-z]+)?)|an? ([a-z]+(?: [a-z]+)?) of)"
    r" ((?:\{\w+\})(?: [a-z]+)?)$"
)


def shaped(order: str, choices: Collection[str]) -> str:
    """Return an order as a person words it.

    "Book a hire of a boat" is hiring it, a print of some pages is "a 5-page print", what comes for treatment comes
    for itself and has an owner; where much is told already, the last thing follows behind a semicolon.

    Args:
        order: The order, with places for its arguments.
        choices: Names of the arguments that are a choice among plain words.

    Example:
        >>> shaped("book a hire of {boat_id} for {guest} on {day} at {start_time}", ())
        'hire {boat_id} for {guest} on {day} at {start_time}'
        >>> shaped("order a print on {paper_id} for {customer} with {pages} pages", ())
        'order a {pages}-page print on {paper_id} for {customer}'
        >>> shaped("plan a consultation of {animal} with {vet_id} for {owner} on {day}", ())
        'plan a consultation for {animal} with {vet_id} on {day}; the owner is {owner}'
        >>> shaped("issue a permit for {bay_id} to {holder} from {start} for {days} days with the plate {plate}", ())
        'issue a {days}-day permit for {bay_id} to {holder} from {start}; the plate is {plate}'
        >>> shaped("schedule a pickup at {address} with the service {service}", {"service"})
        'schedule a pickup at {address} with {service} service'
    """
    order = _RECORD.sub(_deed, order)
    order = _OF_THEM.sub(r"\1 \3 x \2", order)
    order = _SIGNED_UP.sub(r": \1 \2, \3", order)
    order = _PART_IN_IT.sub(r"; the \1 is {\2}", order) if ";" not in order and ":" not in order else order
    order = _for_whom(order)
    weight = _WEIGHING.search(order)
    if weight is not None and ";" not in order and _leads(order) > _MOST:
        what = _LOAD.search(order)
        left = f"{order[: weight.start()]}{' with ' if weight[2] else ''}{order[weight.end() :]}"
        order = f"{left}; {f'the {what[1]}' if what is not None else 'it'} weighs {weight[1]}"
    for name in choices:
        words = spaced(name).lower()
        order = re.sub(rf"\b(with|and) the {re.escape(words)} (\{{{name}\}})", rf"\1 \2 {words}", order)
    order = _SEATED.sub(r"\1, \2", order)
    return _KIND_IS.sub(r"; the \1 is a {", _told_last(_role_last(_measured(order))))


_OF_THEM = re.compile(r"^(book|buy|hire|order|rent|reserve) (\{\w+\}), (\{\w+\}) of them")
_PART_IN_IT = re.compile(r" with the (captain|carer|chaperone|guardian|leader|parent|skipper) \{(\w+)\}$")
_SIGNED_UP = re.compile(r" with the ([a-z]+(?: [a-z]+)?) (\{\w+\}) and (\{\w+\} [a-z]+)$")
"""Whose part it is and how many there are, as lists put it: ": captain Orla, 4 players"."""
_SEATED = re.compile(r"( for .*) for (\{\w*(?:places|seats|tickets)\} (?:places|seats|tickets))$")
_KIND_IS = re.compile(r"; the (bike|boat|car|caravan|instrument|motorbike|motorhome|phone|van|vehicle|yacht) is \{")


_FOR_ROLE = re.compile(r" for \{(\w+)\}")


def _role_last(order: str) -> str:
    """Return an order of many parts with somebody's part in it behind them: "the skipper is {skipper}"."""
    if ";" in order or _leads(order) <= _MOST + 1:
        return order
    for match in _FOR_ROLE.finditer(order):
        last = noun(match[1]).split()[-1]
        if last not in PEOPLE | RECEIVERS | GROUPS and is_doer(last):
            role = spaced(noun(match[1])).lower()
            return f"{order[: match.start()]}{order[match.end() :]}; the {role} is {{{match[1]}}}"
    return order


KIND_OF = re.compile(r"\ban? (?:kind|sort|type) of (?=(?:an? )?\{)")
"""What a description says of an argument that is one of several sorts."""

_WEIGHING = re.compile(r" with a (?:weight|mass) of (\{\w+\}(?: [a-z]+)?)( and (?=(?:the |an? )?[a-z{]))?")
_LOAD = re.compile(r"\b(bag|box|crate|item|load|luggage|package|parcel|shipment)\b")


def _deed(match: re.Match[str]) -> str:
    about = noun(match[2]).split()[-1]
    if about in PEOPLE | GROUPS | RECEIVERS:
        return match[0]
    return f"{_DEEDS.get(match[1], 'book')} "


def _for_whom(order: str) -> str:
    """Return an order in which a person who comes is one for whom it is, and an animal's owner comes last."""
    places = re.findall(r"\{(\w+)\}", order)
    coming = [name for name in places if noun(name).split()[-1] in PEOPLE - ANIMALS | ANIMALS]
    for name in places:
        last = noun(name).split()[-1]
        if last in coming or noun(name).split()[-1] in PEOPLE | ANIMALS:
            order = re.sub(rf"^([a-z]+ an? [a-z]+) of (\{{{name}\}})", r"\1 for \2", order)
        elif last in DOERS or is_doer(last):
            order = re.sub(rf"^([a-z]+ an? (?:call|check|inspection|visit)) of (\{{{name}\}})", r"\1 by \2", order)
    owner = next((name for name in places if noun(name).split()[-1] in _OWNERS), "")
    if owner and any(noun(name).split()[-1] in ANIMALS for name in places) and f" for {{{owner}}}" in order:
        order = f"{order.replace(f' for {{{owner}}}', '', 1)}; the {spaced(noun(owner)).lower()} is {{{owner}}}"
    return order


def _measured(order: str) -> str:
    """Return an order with how long, or of how many parts, a thing is before what it is: "a 5-page print"."""
    head, length = _HEADED.match(order), _LENGTH.search(order)
    if head is None or length is None or head[2].split()[-1].endswith("s") or _leads(order) <= _MOST:
        return order
    unit = _ONE.get(length[2], length[2].removesuffix("s"))
    told = f"{order[: length.start()]}{order[length.end() :]}"
    return f"{head[1]} a {length[1]}-{unit} {head[2]}{told[head.end() :]}"


def _leads(order: str) -> int:
    return len(_LEADS.findall(order.partition(";")[0]))


def _told_last(order: str) -> str:
    """Return an order with the last of much that is told of a thing in a clause of its own."""
    match = _LAST.search(order)
    if match is None or ";" in order or _leads(order) <= _MOST:
        return order
    words = match[1] or match[2]
    return f"{order[: match.start()]}; the {words} {'are' if is_several(words) else 'is'} {match[3]}"


_WISHED = words_of("arrange book borrow buy hire make order rent reserve")
_FOR = re.compile(r" for \{(\w+)\}")


def wished_by(order: str) -> Iterator[str]:
    """Iterate over the ways to say whose wish an order is: "{guest} would like to book {room_id} on {day}".

    Args:
        order: The order, with places for its arguments.
    """
    if order.split()[0] not in _WISHED or ";" in order or ":" in order:
        return
    for match in _FOR.finditer(order):
        last = noun(match[1]).split()[-1]
        if last in PEOPLE - ANIMALS and last not in ("child", "patient"):
            yield f"{{{match[1]}}} would like to {order[: match.start()]}{order[match.end() :]}"
            return
