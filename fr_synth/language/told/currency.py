"""Which currency an amount is in: as its name, its description, or all that a contract says of money tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import spaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.contract.spec import DomainSpec, Field

__all__ = ["CURRENCIES", "currency_of", "money"]

CURRENCIES = frozenset({"chf", "eur", "gbp", "jpy", "sek", "usd"})
"""Last words of names that say in which currency an amount is."""

_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}
_SAID = (
    ("EUR", re.compile(r"€|\b(?:euros?|EUR)\b", re.IGNORECASE)),
    ("USD", re.compile(r"\$|\b(?:(?:US )?dollars?|USD)\b", re.IGNORECASE)),
    ("GBP", re.compile(r"£|\b(?:pounds sterling|GBP)\b|\bin pounds\b", re.IGNORECASE)),
    ("CHF", re.compile(r"\b(?:CHF|Swiss francs?)\b", re.IGNORECASE)),
)


def currency_of(spec: DomainSpec, field: Field | None) -> str:
    """Return the currency of an amount; empty where nothing says it.

    Args:
        spec: The contract.
        field: The contract's field of the amount, if it has one.
    """
    return (_said_in(field.description) if field is not None else "") or _sole(spec)


def _said_in(text: str) -> str:
    """Return the one currency that a text names, else nothing."""
    found = [code for code, pattern in _SAID if pattern.search(text)]
    return found[0] if len(found) == 1 else ""


def money(value: int | float, currency: str) -> str:
    """Return an amount with its currency: "€12.50", "12.50 CHF"."""
    figure = f"{value:,.2f}".removesuffix(".00")
    if currency in _SIGNS:
        return f"{_SIGNS[currency]}{figure}"
    return f"{figure} {currency}".strip()


def _sole(spec: DomainSpec) -> str:
    """Return the currency that a contract says of its members, in names or descriptions, where it says one alone."""
    kept = _KEPT.get(id(spec))
    if kept is None or kept[0] is not spec:
        if len(_KEPT) > 16:
            _KEPT.clear()
        _KEPT[id(spec)] = kept = (spec, _only(_by_name(spec)) or _only(_by_schema(spec)) or _only(_by_words(spec)))
    return kept[1]


_KEPT: dict[int, tuple[DomainSpec, str]] = {}


def _only(found: set[str]) -> str:
    return next(iter(found)).upper() if len(found) == 1 else ""


def _by_name(spec: DomainSpec) -> set[str]:
    return {words[-1] for tool in spec.tools.values() for name, _ in _members(tool.returns)
            for words in [spaced(name).lower().split()] if len(words) > 1 and words[-1] in CURRENCIES}  # fmt: skip


def _by_schema(spec: DomainSpec) -> set[str]:
    schemas = [field.schema or {} for tool in spec.tools.values() for name, field in _members(tool.returns)
               if spaced(name).lower().split()[-1] == "currency"]  # fmt: skip
    found = {str(schema.get("default", schema.get("const", ""))).lower() for schema in schemas}
    return found if found <= CURRENCIES else set()


def _by_words(spec: DomainSpec) -> set[str]:
    """Return the currencies that descriptions of tools, arguments and members name."""
    texts = [tool.description for tool in spec.tools.values()]
    texts += [p.field.description for tool in spec.tools.values() for p in tool.parameters.values()]
    texts += [field.description for tool in spec.tools.values() for _, field in _members(tool.returns)]
    return {code for text in texts for code, pattern in _SAID if pattern.search(text)}


def _members(fields: Mapping[str, Field]) -> Iterator[tuple[str, Field]]:
    for name, field in fields.items():
        yield name, field
        inner = field.object or (field.array.object if field.array is not None else None)
        if inner is not None:
            yield from _members(inner)
