"""Orders that change one thing or another of what is there: "change the hours of the booking to 4"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from fr_envs.adapters.words.grammar.attaching import COUNTS, changes, is_text
from fr_envs.adapters.words.grammar.phrases import is_prose, spaced
from fr_envs.adapters.words.grammar.vocabulary import MOVES
from fr_envs.adapters.words.places import clause_for, is_goods, quoted, words_for
from fr_envs.adapters.words.pointing import is_handle, is_number, json_type
from fr_envs.contract.schemas import field_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.contract.spec import Clause, DomainSpec, Parameter, ToolSpec

__all__ = ["alternatives", "another", "behind_what", "changed_to", "counted_in", "marked", "optional_clause"]

_SAYABLE = frozenset({"integer", "number", "string"})


def changed_to(order: str, tool: ToolSpec, spec: DomainSpec) -> tuple[str, ...]:
    """Return an order for each option of a tool that changes what its options say; none for another tool.

    Args:
        order: The order without options: "update {booking_id}".
        tool: The tool.
        spec: The contract.
    """
    verb, _, thing = order.partition(" ")
    if not changes(verb):
        return ()
    optional = [p for p in tool.parameters.values() if not p.required and clause_for(spec, p, verb) is not None]
    return tuple(_change(p, thing, spec) for p in optional if json_type(spec, p.field) in _SAYABLE)


def _change(parameter: Parameter, thing: str, spec: DomainSpec) -> str:
    words = re.sub(r"^new ", "", spaced(parameter.name).lower())
    if words in _LASTS and is_number(spec, parameter.field):
        return f"change {thing} to {{{parameter.name}}} {words}"  # "change the booking to 4 hours"
    place = quoted(spec, parameter).removeprefix(f"{words} ")
    return f"change the {words} of {thing} to {place}"


_LASTS = frozenset({"days", "hours", "minutes", "months", "nights", "weeks"})


_STANDS = frozenset({"condition", "state", "status"})
_THING_AND_STATE = 2


def marked(verb: str, required: Sequence[Parameter], spec: DomainSpec) -> str:
    """Return the order that says how a thing stands now: "mark the lamp as damaged"; empty for other orders.

    Args:
        verb: Verb of the order.
        required: The arguments that it needs.
        spec: The contract.
    """
    things = [p for p in required if is_handle(spec, p)]
    states = [p for p in required if spaced(p.name).lower().split()[-1] in _STANDS]
    chosen = states and "enum" in field_schema(spec, states[0].field)
    if (
        len(required) != _THING_AND_STATE
        or not things
        or not states
        or not (changes(verb) or verb == "report" or chosen)
    ):
        return ""
    return f"mark {{{things[0].name}}} as {{{states[0].name}}}"


def behind_what(parameter: Parameter, asks: Sequence[str]) -> Parameter:
    """Return an option as it is said behind a question for whatever there is: "what was handed in and is stored?".

    Args:
        parameter: The option.
        asks: The questions that it may stand behind.
    """
    several = isinstance(parameter.clause, str) and parameter.clause.startswith("that are ")
    if not several or not asks or not all(re.match(r"what (?:is|was|has been) ", each) for each in asks):
        return parameter
    return msgspec.structs.replace(parameter, clause=f"and is {str(parameter.clause).removeprefix('that are ')}")


_OF_SEVERAL = re.compile(r"^([a-z]+) ([a-z]+s)(?= of \{)")


def counted_in(order: str, tool: ToolSpec, spec: DomainSpec) -> str:
    """Return an order with how many there are, where an option of its tool says that: "take {bottles} bottles of …".

    Args:
        order: The order without options.
        tool: The tool.
        spec: The contract.
    """
    match = _OF_SEVERAL.match(order)
    options = [p.name for p in tool.parameters.values() if not p.required and is_number(spec, p.field)]
    if match is None or match[2] not in options:
        return order
    return f"{match[1]} {{{match[2]}}} {match[2]}{order[match.end() :]}"


_OTHER = r"\b(?:another|a different|a new|the other|a second)"


def another(text: str, inside: Sequence[Parameter], spec: DomainSpec) -> str:
    """Put arguments where the phrase speaks of another thing or sort: "move an enrolment to another course"."""
    for p in inside:
        for words in dict.fromkeys(words_for(p, spec)):
            pattern = rf"{_OTHER} (?:[a-z]+ )?{re.escape(words)}\b(?: (?:date|day|hour|time))?(?: (?:and|or) [a-z]+\b)?"
            place = f"{{{p.name}}}" if is_handle(spec, p) or is_prose(p.name) else quoted(spec, p)
            place = (
                f"{words} {place}" if words in _CODED and place.startswith("{") and not is_handle(spec, p) else place
            )
            text = re.sub(pattern, place, text, count=1, flags=re.IGNORECASE) if f"{{{p.name}}}" not in text else text
    return text


def alternatives(text: str, inside: Sequence[Parameter], spec: DomainSpec) -> str:
    """Put arguments where the phrase lists what they choose among: "switch the light on or off".

    Args:
        text: The phrase.
        inside: The arguments.
        spec: The contract.
    """
    for p in inside:
        values = field_schema(spec, p.field).get("enum")
        words = [str(value).lower().replace("_", " ") for value in values] if isinstance(values, list) else []
        if len(words) > 1:
            each = "|".join(map(re.escape, words))
            listed = rf"\b(?:{each})(?:(?:, | ?/ ?|,? or |,? and )(?:{each})){{{len(words) - 1}}}(?=$|[ ,.])"
            text = re.sub(listed, f"{{{p.name}}}", text, count=1, flags=re.IGNORECASE)
    return text


_CODED = frozenset({"bay", "box", "gate", "lane", "locker", "platform", "room", "shelf", "table", "track"})


_JUDGES = frozenset({"grade", "rate", "review", "score"})
_COUNTED = COUNTS | {"pieces", "units"}


def optional_clause(spec: DomainSpec, parameter: Parameter, tool: ToolSpec, verb: str) -> Clause | None:
    """Return how an option is said; None where it cannot be, as how many there are of "a silk dress".

    Args:
        spec: The contract.
        parameter: The option.
        tool: Its tool.
        verb: Verb of the order.
    """
    if isinstance(parameter.default, float) and not parameter.default.is_integer() and abs(parameter.default) < 1:
        return None  # a rate or a share that the tool knows itself
    if verb in _JUDGES and is_text(parameter.name):
        return None  # nobody knows what somebody liked
    goods = any(is_goods(spec, p) for p in tool.parameters.values() if p.required)
    if goods and spaced(parameter.name).lower() in _COUNTED:
        return None
    clause = clause_for(spec, parameter, verb)
    return "to {}" if verb in MOVES and clause == "at {}" else clause
