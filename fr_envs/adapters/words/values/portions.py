"""How much of something there is: "hand out {amount} {name}", where a unit, if one is known, comes in between."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import spaced
from fr_envs.adapters.words.grammar.vocabulary import is_person
from fr_envs.adapters.words.places import COMMON, GOODS
from fr_envs.adapters.words.pointing import is_handle, is_number, json_type
from fr_envs.adapters.words.values.described import measured
from fr_envs.contract.schemas import field_schema

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from fr_envs.contract.spec import DomainSpec, Parameter

__all__ = ["AMOUNTS", "portioned", "stuff_in"]

AMOUNTS = frozenset({"amount", "count", "number", "portion", "qty", "quantity", "volume", "weight"})
"""Names of how much there is of what stands beside them."""

_IN_UNITS = frozenset({"grams", "kg", "kilos", "litres", "liters", "metres", "meters"})
_STUFF = GOODS | {
    "component", "drug", "fabric", "flour", "food", "full name", "good", "goods", "ingredient", "material", "medicine",
    "name", "part", "spare part", "sort", "stock item", "substance", "supply",
}  # fmt: skip
_SOME = (
    r"(?:(?:an?|the|some|extra) )*(?:(?:quantity|amount|number|portion|piece|unit)s? of |(?:more|some) (?:of )?)?"
    r"(?:(?:an?|the|some|extra) )*"
)
_GENERAL = (
    "articles", "food", "goods", "ingredients", "items", "material", "products", "stock", "supplies", "things",
)  # fmt: skip


def stuff_in(spec: DomainSpec, several: Sequence[Parameter]) -> Parameter | None:
    """Return the argument that names what there is so much of, by a common noun: rice, tea bags; None for none.

    Args:
        spec: The contract.
        several: The arguments.
    """
    for p in several:
        weighed = any(spaced(each.name).lower() in _IN_UNITS for each in several)
        called = spaced(p.name).lower() in _STUFF or (weighed and p.field.kind is not None)
        if is_handle(spec, p) or json_type(spec, p.field) != "string" or not called or is_person(p.name):
            continue
        kind, schema = spec.kinds.get(p.field.kind or ""), field_schema(spec, p.field)
        named = (kind.examples if kind is not None else ()) or schema.get("enum") or schema.get("examples") or ()
        if len(named) > 1 and all(isinstance(each, str) and COMMON.fullmatch(each) is not None for each in named):
            return p
    return None


def portioned(
    text: str, spec: DomainSpec, several: Sequence[Parameter], left: list[str], nouns: Collection[str] = ()
) -> str:
    """Return an order with how much before what; what is placed so is left over no more.

    "Hand out goods to a family" is handing out so much of one of them; "order more of an item" orders so much of it.

    Args:
        text: The order, with places for some of its arguments.
        spec: The contract.
        several: All arguments that it needs.
        left: Names of those that have no place yet.
        nouns: Words by which the order may speak of what is named.
    """
    stuff = stuff_in(spec, several)
    amounts = [p for p in several if is_number(spec, p.field) and spaced(p.name).lower() in AMOUNTS | _IN_UNITS]
    amount = next((p for p in amounts if p.name in left), None)
    if stuff is None:
        return text
    if amount is None:  # "a quantity of an item"
        told = "|".join(re.escape(p.name) for p in amounts)
        return re.sub(rf"(\{{(?:{told})\}}) of (?=\{{{stuff.name}\}})", r"\1 ", text) if amounts else text
    name = spaced(amount.name).lower()
    much = measured("" if name in _IN_UNITS else amount.field.description, f"{{{amount.name}}}")
    much = f"{much} {name}" if name in _IN_UNITS else much
    portion = f"{much}{' of' if not much.endswith('}') else ''} {{{stuff.name}}}"
    if stuff.name in left:
        known = sorted({*nouns, *(f"{each}s" for each in nouns), *_GENERAL}, key=len, reverse=True)
        found = re.sub(rf"(?<= ){_SOME}(?:{'|'.join(map(re.escape, known))})\b", portion, text, count=1)
    else:
        found = re.sub(rf"(?<= ){_SOME}\{{{stuff.name}\}}", portion, text, count=1)
    if found != text:
        left[:] = [name for name in left if name not in (stuff.name, amount.name)]
    return found
