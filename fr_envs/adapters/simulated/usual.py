"""What rows that are made up have where nobody says it: the usual, nothing, and an hour of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fr_envs.adapters.words.grammar.attaching import is_time
from fr_envs.adapters.words.grammar.phrases import noun, spaced
from fr_envs.adapters.words.grammar.vocabulary import is_person
from fr_envs.adapters.words.values.plausible import plausible_values
from fr_envs.contract.schemas import field_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_envs.adapters.simulated.plan import Part, Thing
    from fr_envs.contract.spec import DomainSpec, Field, ToolSpec
    from fr_envs.json_values import Json, JsonObject

__all__ = ["apart", "charges", "is_own_name", "reckoned", "usual", "with_gaps"]


def is_own_name(name: str) -> bool:
    """Return True for a member that is the name of a thing, and not that of a person."""
    return spaced(name).split()[-1] in ("model", "name", "title") and not is_person(noun(name))


def _makers(spec: DomainSpec, parts: Mapping[str, Part], thing: Thing) -> list[ToolSpec]:
    return [spec.tools[name] for name, part in parts.items() if (part.thing, part.role) == (thing.name, "create")]


def usual(spec: DomainSpec, parts: Mapping[str, Part], thing: Thing, *, made: bool = True) -> dict[str, Json]:
    """Return the members that nobody has to say when a thing is made, with what each is then: no meal, no car.

    What only a later change says (a meal that is added) is nothing until then, which is None here.

    Args:
        spec: The contract.
        parts: What each tool does.
        thing: The sort of thing.
        made: A call makes it; what was there before may have more of it.
    """
    makers = _makers(spec, parts, thing)
    if not makers:
        return {}
    found: dict[str, Json] = {}
    for tool in makers:
        for name, parameter in tool.parameters.items():
            if made and name in thing.members and not parameter.required:
                found[name] = _unsaid(spec, parameter.field, parameter.default)
    if made:
        found |= dict(_at_first(spec, thing, {name for tool in makers for name in tool.parameters}))
    given = {name for tool in makers for name in (*tool.parameters, *tool.returns)}
    changes = [spec.tools[tool] for tool, part in parts.items() if part.thing == thing.name and part.role in _LATER]
    later = {name for tool in changes for name in tool.parameters} - given - {"status"}
    return {**{name: None for name in thing.members if name in later}, **found}


_LATER = ("update", "act")
_AWAITED = frozenset({"approved", "collected", "delivered", "paid", "returned", "shipped", "signed"})
_OVER = frozenset({"cancelled", "canceled", "closed", "completed", "done", "expired", "returned"})


def _at_first(spec: DomainSpec, thing: Thing, said: set[str]) -> Iterator[tuple[str, Json]]:
    """Iterate over what a thing just made has that nobody says: it is not paid yet, and its status is the first."""
    for name, field in thing.members.items():
        schema = field_schema(spec, field) if field is not None and name not in said else {}
        options = schema.get("enum", ())
        last = spaced(name).lower().split()[-1]
        if schema.get("type") == "boolean" and last in _AWAITED:
            yield name, False
        elif last in ("stage", "status") and options and options[0] not in _OVER:
            yield name, options[0]


def charges(name: str, owner: str, schema: JsonObject) -> list[int]:
    """Return what things of one sort may cost, so that none costs ten times what another does.

    Args:
        name: The member that says what a thing costs.
        owner: What the thing is: each sort has a range of its own.
        schema: The member's schema, whose bounds are kept.

    Example:
        >>> charges("price_eur", "court", {"type": "number"}), charges("seats", "court", {})
        ([40, 42, 45, 48, 50, 55], [])
    """
    words = spaced(name).lower().split()
    if not _PRICES & set(words):
        return []
    usual_ones = _RANGES[sum(map(ord, owner)) % len(_RANGES)]
    return [each for each in usual_ones if schema.get("minimum", each) <= each <= schema.get("maximum", each)]


_RANGES = ((12, 14, 15, 16, 18, 20), (24, 26, 28, 30, 32, 35), (40, 42, 45, 48, 50, 55))


def _unsaid(spec: DomainSpec, field: Field, default: Json) -> Json:
    boolean = field_schema(spec, field).get("type") == "boolean"
    return False if boolean and default is None else default


def reckoned(fields: Mapping[str, Field], row: JsonObject, others: Sequence[JsonObject]) -> JsonObject:
    """Return the sums of a result that follow from what a thing costs and how many are taken.

    Args:
        fields: The members of the result.
        row: What is known of what was made.
        others: What it is about: the sailing that was booked.
    """
    sums = [name for name in fields if spaced(name).lower().split()[0] in (_SUMS if name not in row else ("total",))]
    price = next((value for other in others for name, value in other.items()
                  if _PRICES & {*spaced(name).lower().split()} and isinstance(value, int | float)), None)  # fmt: skip
    if price is None:
        return {}
    counts = [value for value in row.values() if isinstance(value, int) and not isinstance(value, bool)]
    return dict.fromkeys(sums, price * (counts[0] if counts else 1))


_SUMS = frozenset({"amount", "cost", "fare", "fee", "price", "total"})
_PRICES = frozenset({"cost", "fare", "fee", "price", "rate", "rent"})


def with_gaps(spec: DomainSpec, parts: Mapping[str, Part], thing: Thing) -> dict[str, ToolSpec]:
    """Return the tools, in whose results what nobody has said of a thing may be missing.

    Args:
        spec: The contract.
        parts: What each tool does.
        thing: The sort of thing.
    """
    gaps = {name for name, value in usual(spec, parts, thing).items() if value is None}
    if not gaps:
        return spec.tools
    return {
        name: msgspec.structs.replace(tool, returns=_gapped(tool.returns, gaps)) if parts[name].thing == thing.name
        else tool for name, tool in spec.tools.items()
    }  # fmt: skip


def _gapped(fields: Mapping[str, Field], gaps: set[str]) -> dict[str, Field]:
    return {name: _one_gapped(field, gaps, optional=name in gaps) for name, field in fields.items()}


def _one_gapped(field: Field, gaps: set[str], *, optional: bool) -> Field:
    if field.object is not None:
        field = msgspec.structs.replace(field, object=_gapped(field.object, gaps))
    if field.array is not None:
        field = msgspec.structs.replace(field, array=_one_gapped(field.array, gaps, optional=False))
    return msgspec.structs.replace(field, optional=True) if optional else field


def apart(
    spec: DomainSpec, parts: Mapping[str, Part], thing: Thing, rows: tuple[JsonObject, Sequence[JsonObject]]
) -> JsonObject:
    """Return what tells a row without a name from those before it: another hour or day, while there is one.

    Args:
        spec: The contract.
        parts: What each tool does.
        thing: The sort of thing.
        rows: The row, and those before it.
    """
    row, others = rows
    told = {name for tool in _makers(spec, parts, thing) for name in tool.parameters}
    for name, field in thing.members.items():
        if name not in row or name in told or not is_time(spaced(name).lower()):
            continue
        schema = field_schema(spec, field) if field is not None else {}
        texts = schema.get("examples") or plausible_values(name, thing.name, {"type": "string", **schema})
        taken = [other.get(name) for other in others]
        free = [text for text in texts if text not in taken]
        return {name: free[0]} if row[name] in taken and free else {}
    return {}
