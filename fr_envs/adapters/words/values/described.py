"""What the description of an argument adds to its name: its unit, and the noun of what it is the name of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.vocabulary import CHANGES, LENGTHENS, MOVES, OVER

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = [
    "by_its_key",
    "called",
    "is_bare",
    "measured",
    "named_for",
    "on_a_plan",
    "set_on",
    "taken_back",
    "with_sum_first",
]

_UNITS = (
    (re.compile(r"\bin (?:euros?|eur)\b|^(?:euros|eur)\b|\((?:euros?|eur)\)", re.IGNORECASE), "€{}"),
    (re.compile(r"\bin (?:(?:us )?dollars?|usd)\b|^(?:dollars|usd)\b|\((?:dollars?|usd)\)", re.IGNORECASE), "${}"),
    (re.compile(r"\bin (?:pounds sterling|british pounds|gbp)\b|^gbp\b|\((?:pounds?|gbp)\)", re.IGNORECASE), "£{}"),
    (re.compile(r"\bin percent\b|^percent(?:age)?\b", re.IGNORECASE), "{} percent"),
    (re.compile(r"\bin (?:kilograms?|kilos|kg)\b", re.IGNORECASE), "{} kg"),
    (re.compile(r"\bin (?:litres?|liters?)\b", re.IGNORECASE), "{} litres"),
    (re.compile(r"\bin (?:metres?|meters?)\b", re.IGNORECASE), "{} metres"),
    (re.compile(r"\bin (?:grams?|g)\b"), "{} g"),
    *((re.compile(rf"\bin {unit}\b"), f"{{}} {unit}") for unit in ("mg", "ml", "cm", "mm", "km", "kWh", "watts")),
    (re.compile(r"\bin degrees\b|^degrees\b|°C|\bcelsius\b", re.IGNORECASE), "{} degrees"),
)


def measured(description: str, place: str) -> str:
    """Return a place for a number with the unit that its description says; as it is where that says none.

    Args:
        description: What is said of the argument.
        place: What stands for its value.

    Example:
        >>> measured("Amount in euros.", "{amount}"), measured("Percent, from 0 to 100.", "{level}")
        ('€{amount}', '{level} percent')
        >>> measured("How many.", "{count}")
        '{count}'
    """
    form = next((form for pattern, form in _UNITS if pattern.search(description)), "{}")
    return form.format(place)


_NAME_OF = re.compile(
    r"^(?:the |an? )?(?:full |unique |exact )?(?:[a-z]+ )?(?:name|id|identifier|number|code|key|plate) of (?:the|an?)"
    r" ([a-z]+)\b(?! of\b)",
    re.IGNORECASE,
)


def named_for(description: str) -> str:
    """Return what an argument is the name or the identifier of, as its description says; empty where it does not.

    Example:
        >>> named_for("Name of the lamp."), named_for("ID of the pet to update"), named_for("A city.")
        ('lamp', 'pet', '')
    """
    match = _NAME_OF.match(description.strip())
    return match[1].lower() if match is not None else ""


_MAKES = r"(?:create|define|draft|found|make|open|set up|start)"


def called(text: str, name: str, words: str) -> str:
    """Return an order in which what is made bears the name that is said for it.

    Args:
        text: The order.
        name: Name of the argument that says it.
        words: The noun of what is made.

    Example:
        >>> called("set up a scene that switches devices on", "scene", "scene")
        'set up a scene called {scene} that switches devices on'
        >>> called("delete a scene", "scene", "scene")
        'delete a scene'
    """
    return re.sub(rf"^({_MAKES} an? (?:new )?{re.escape(words)})\b(?! called)", rf"\1 called {{{name}}}", text)


_KEYED = re.compile(
    r"^([a-z]+) an? ((?:[a-z]+ )?[a-z]+)(?= (?:at|by|for|from|in|on|to|until|with) )"
    r"(.*?) with the (barcode|code|key|number|plate|reference) (\{\w+\})$"
)
_THERE = OVER | LENGTHENS | MOVES | CHANGES


def by_its_key(order: str) -> str:
    """Return an order about a thing that is there already, and known by a key, with the key next to it.

    Example:
        >>> by_its_key("extend a permit by {months} months with the plate {plate}")
        'extend the permit with the plate {plate} by {months} months'
    """
    match = _KEYED.match(order)
    if match is None or match[1] not in _THERE or " {" in match[2]:
        return order
    return f"{match[1]} the {match[2]} with the {match[4]} {match[5]}{match[3]}"


_PLANS = r"(?:membership|package|plan|subscription|tariff|tier)"


def on_a_plan(order: str, plain: Collection[str]) -> str:
    """Return an order in which one is on a plan and not with it.

    Args:
        order: The order.
        plain: Names of the arguments whose values are plain words.

    Example:
        >>> on_a_plan("sign up {member} with the plan {plan}", ["plan"])
        'sign up {member} on the {plan} plan'
    """
    for name in plain:
        place = rf"\{{{re.escape(name)}\}}"
        order = re.sub(rf"\bwith the ({_PLANS}) ({place})", r"on the \2 \1", order)
        order = re.sub(rf"\bwith ({place}) ({_PLANS})\b", r"on the \1 \2", order)
    return order


def set_on(text: str, thing: str) -> str:
    """Return an order that sets something, with the thing that it is set for: "set the schedule of {zone}".

    Args:
        text: The order, without arguments.
        thing: What stands for the thing.
    """
    return f"{text} {'for' if text.split()[-1] in _MEANT_FOR else 'of'} {thing}"


_MEANT_FOR = frozenset({"alarm", "limit", "reminder", "rule", "schedule", "target", "timer"})


_SUM = re.compile(
    r"^([a-z]+ an? (?:new )?[a-z]+)( (?:for|from|on|to|towards|toward|with) \{\w+\}) (of [€$£]?\{\w+\})(?! [a-z]+s\b)"
)


def with_sum_first(order: str) -> str:
    """Return an order with a sum next to what it is a sum of.

    Example:
        >>> with_sum_first("record a payment towards {invoice_id} of €{amount}")
        'record a payment of €{amount} towards {invoice_id}'
    """
    return _SUM.sub(r"\1 \3\2", order)


_CHECKS = re.compile(r"check an? [a-z]+ (in|out)$")
_TAKES_BACK = re.compile(r"take [a-z ]+ back$")
_OBJECT = re.compile(r"^([a-z]+) (?:an?|the) [a-z]+(?: [a-z]+)?(?=$| (?:back|for|from|in|of|off|on|out)\b)")
_BARELY = re.compile(r"[a-z]+ the [a-z]+(?: [a-z]+)?")


def taken_back(body: str, verb: str, thing: str) -> str:
    """Return an order that ends something with the thing that it ends; empty for other orders.

    Args:
        body: The order, in which nothing stands for the thing.
        verb: Its verb.
        thing: What stands for the thing.

    Example:
        >>> taken_back("take a lent book back", "take", "{loan_id}"), taken_back("return a book", "return", "{loan_id}")
        ('take {loan_id} back', 'return {loan_id}')
        >>> taken_back("check a guest out", "check", "{stay_id}")
        'check {stay_id} out'
        >>> taken_back("issue a refund", "issue", "{order_id}")
        ''
    """
    if (verb not in OVER and _TAKES_BACK.match(body) is None and _CHECKS.match(body) is None) or "{" in body:
        return ""
    checks = _CHECKS.match(body)
    if checks is not None:
        return f"check {thing} {checks[1]}" if "{" not in body else ""
    return _OBJECT.sub(rf"\1 {thing}", body) if _OBJECT.match(body) is not None else ""


def is_bare(body: str) -> bool:
    """Return True for an order that names what is set, and not of what: "set the schedule"."""
    return _BARELY.fullmatch(body) is not None
