"""The shape of results, from results that were seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fr_envs.contract.spec import Field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fr_envs.json_values import Json

__all__ = ["shape_of", "with_kind"]

_MOST_MEMBERS = 30

_TYPES: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}


def shape_of(values: Sequence[Json], kinds: Mapping[tuple[str, ...], str], path: tuple[str, ...] = ()) -> Field:
    """Return a shape that fits every value.

    Args:
        values: What was seen at this place.
        kinds: Kind of each place that has one.
        path: Where this is.
    """
    if path in kinds:
        return Field(kind=kinds[path])
    if values and all(isinstance(value, list) for value in values):
        items = [item for value in values for item in value]
        return Field(array=shape_of(items, kinds, (*path, "*"))) if items else Field(schema={"type": "array"})
    if values and all(isinstance(value, dict) for value in values):
        names = list(dict.fromkeys(name for value in values for name in value))
        if any(any(letter.isdigit() for letter in name) for name in names) or not 0 < len(names) < _MOST_MEMBERS:
            return Field(schema={"type": "object"})
        return Field(object=_members(values, names, kinds, path))
    types = sorted({_TYPES.get(type(value), "object" if isinstance(value, dict) else "array") for value in values})
    return Field(schema={"type": types[0] if len(types) == 1 else types} if types else {})


def _members(
    values: Sequence[Json], names: Sequence[str], kinds: Mapping[tuple[str, ...], str], path: tuple[str, ...]
) -> dict[str, Field]:
    found = {}
    for name in names:
        held = [value[name] for value in values if name in value]
        shape = shape_of(held, kinds, (*path, name))
        always = len(held) == len(values)
        found[name] = shape if always else Field(shape.kind, shape.schema, shape.array, shape.object, optional=True)
    return found


def with_kind(
    declared: dict[str, Field], seen: Sequence[Json], kinds: Mapping[tuple[str, ...], str]
) -> dict[str, Field]:
    """Return the members of a tool's results as they were seen, and as they were declared where none was seen."""
    if not seen:
        return declared
    found = _members(seen, list(dict.fromkeys(name for value in seen for name in value)), kinds, ())
    return {name: _described(field, declared.get(name)) for name, field in found.items()}


def _described(found: Field, declared: Field | None) -> Field:
    """Return a field that was seen with what its owner says of it, and of all within it."""
    if declared is None:
        return found
    array, members = found.array, found.object
    if array is not None and declared.array is not None:
        array = _described(array, declared.array)
    if members is not None and declared.object is not None:
        members = {name: _described(each, declared.object.get(name)) for name, each in members.items()}
    return msgspec.structs.replace(found, array=array, object=members, description=declared.description)
