"""Phrases of descriptions without what speaks of arguments in general."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import spaced

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["numbered", "some_of", "tidied", "weighed", "without_double"]

_EMPTY = re.compile(
    r"(?:,\s[^{}]*|\s+by [a-z]+ (?:or|and) [a-z]+"
    r"|\s+and (?:say|state|give|explain|tell)\b[^{}]*"
    r"|\s+of (?:the|a|an) (?:authenticated |current |logged-in )?(?:user|account)"
    r"|\s+(?:for|by|with|using|in|at|from|to|of|on|based on|matching|within|between|via|given)\s+"
    r"(?:(?:the|an?|its|their)\s+)?(?:given|specified|provided|specific|supplied|certain|another|new|different|optional"
    r"|either|various)\s+[^{}]*|\s+by\s+(?:(?:its|their|the|an?)\s+)?(?:unique\s+)?"
    r"(?:ids?|identifiers?|uuid|keys?|names?|numbers?)(?:\s+[^{}]*)?|\s+if\s+[^{}]*|\s+by some \w+)$",
    re.IGNORECASE,
)


_BETWEEN = re.compile(
    r"\s+(?:between|across)\s+(?:two\s+|the\s+|different\s+)?[a-z]+(?=\s+(?:on|at|for|in|from)\s+\{|$)"
)
_ONE_TO_ANOTHER = re.compile(r"\s+from (?:an?|one) [a-z]+(?: to (?:another|a second|an?)(?: [a-z]+)?)?$")
_LATER = re.compile(
    r"\s+(?:until|till|up to|to|by|on|for|from) (?:an?|some|the)"
    r" (?:later|earlier|new|different|certain|given|other|particular|specific) (?:date|day|hour|moment|time)$"
)
_SUCH_AS = re.compile(r"\s+(?:such as|like|e\.g\.|for example)\s+(?:an? |the )?[a-z ]+?(?=\s+(?:to|for|from|in|on) |$)")


_IN_ORDER_TO = re.compile(r"(?<=[a-z}]) (?:in order )?to (?!be )[a-z]+ (?:it|them)$")


def tidied(text: str) -> str:
    """Take off what a description says of arguments in general: "for given dates", "by its id".

    Example:
        >>> tidied("cancel an order by its id")
        'cancel an order'
    """
    text = _IN_ORDER_TO.sub("", text)
    text = _LATER.sub("", _ONE_TO_ANOTHER.sub("", _SUCH_AS.sub("", _BETWEEN.sub("", text))))
    while (match := _EMPTY.search(text)) is not None and match.start():
        text = text[: match.start()]
    return text


_SOME_MORE = re.compile(r"\b(?:a few|several|some) (?:additional|extra|more) (\{\w+\} \w+)")
_NUMBER_OF = re.compile(r"\b(?:a|some|the) number of (?=\{)")


def numbered(text: str) -> str:
    """Take out that there is a number of something, where the number itself stands there.

    Example:
        >>> numbered("extend {loan_id} by a number of {weeks} weeks")
        'extend {loan_id} by {weeks} weeks'
    """
    return _SEVERAL.sub("", _SOME_MORE.sub(r"\1 more", _NUMBER_OF.sub("", text)))


_SEVERAL = re.compile(r"\b(?:a few|many|multiple|one or more|several|some) (?=\{)")


def some_of(text: str, left: list[str]) -> tuple[str, list[str]]:
    """Put how much there is where an order speaks of some of a thing; return the text and what is left over.

    Args:
        text: The order.
        left: Names of the arguments that stand nowhere yet.

    Example:
        >>> some_of("take some of {item} out of the pantry", ["amount"])
        ('take {amount} of the {item} out of the pantry', [])
    """
    amount = next((name for name in left if spaced(name).lower() in {"amount", "count", "quantity"}), "")
    match = re.search(r"\bsome of (?:the )?(?=\{)", text) if amount else None
    if match is None:
        return text, left
    told = f"{text[: match.start()]}{{{amount}}} of the {text[match.end() :]}"
    return told, [name for name in left if name != amount]


_WEIGHS = frozenset({
    "bags", "bottles", "boxes", "bundles", "crates", "grams", "jars", "kg", "kilograms", "kilos", "liters", "litres",
    "packs", "pounds", "sacks", "sheets", "tonnes", "trays",
})  # fmt: skip
_MASS = re.compile(
    r"^([a-z]+) (?!an? |the |some )([a-z]+)(?: (?:given|harvested|made|taken|used))?(?= (?:for|from|in|on|to)\b|$)"
)


def weighed(text: str, numbers: Sequence[str]) -> tuple[str, str]:
    """Put how much there is before what is weighed; return the text and the argument that says how much.

    Args:
        text: The order.
        numbers: Names of arguments that are numbers.

    Example:
        >>> weighed("log honey taken from {hive_id}", ["kilograms"])
        ('log {kilograms} kilograms of honey from {hive_id}', 'kilograms')
        >>> weighed("add honey harvested from {hive_id}", ["kg"])
        ('add {kg} kg of honey from {hive_id}', 'kg')
        >>> weighed("water {bed_id}", ["litres"])
        ('water {bed_id}', '')
    """
    amount = next((name for name in numbers if spaced(name).lower() in _WEIGHS), "")
    match = _MASS.match(text)
    if not amount or match is None:
        return text, ""
    return f"{match[1]} {{{amount}}} {spaced(amount).lower()} of {match[2]}{text[match.end() :]}", amount


_UNSAID = re.compile(
    r"\s+(to|for|with|by|in|at|from|on|as)\s+(?:an?|the|another|some|someone|somebody)(?:\s+[a-z]+){0,2}$"
)


def without_double(text: str, tail: Sequence[str]) -> str:
    """Take off the end of a phrase what an argument behind it says: "to an agent", before "to Ada".

    Args:
        text: The phrase.
        tail: What comes behind it.
    """
    match = _UNSAID.search(text)
    said = match is not None and any(part.startswith(f"{match[1]} ") for part in tail)
    return text[: match.start()] if match is not None and said else text
