"""Where values of a kind stand in arguments and results."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_envs.json_values import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fr_envs.contract.spec import Field
    from fr_envs.json_values import Json

__all__ = ["ValueAt", "values_beside", "walk_values"]


class ValueAt(NamedTuple):
    """A value of a kind within a result.

    Attributes:
        kind: What it means.
        path: Where the contract says that it stands; ``*`` for any item.
        pointer: Where it stands in this result, as a JSON pointer.
        value: The value.
        field: What the contract says of it.
    """

    kind: str
    path: tuple[str, ...]
    pointer: str
    value: Json
    field: Field


def walk_values(fields: Mapping[str, Field], value: Mapping[str, Json]) -> Iterator[ValueAt]:
    """Iterate over the values of a kind in an object, nulls and absent members left out."""
    for name, field in fields.items():
        if value.get(name) is not None:
            yield from _walk(field, value[name], (name,), f"/{escape(name)}")


def values_beside(place: ValueAt, values: Iterable[ValueAt]) -> list[ValueAt]:
    """Return those of a result's values that stand in the same object or list as one of them, or deeper in there.

    Args:
        place: The one.
        values: The result's values; the one itself may be among them, and is then among what is returned.
    """
    around = place.pointer.rpartition("/")[0] + "/"  # with its slash: row 1 does not hold what stands in row 10
    return [each for each in values if each.pointer.startswith(around)]


def _walk(field: Field, value: Json, path: tuple[str, ...], pointer: str) -> Iterator[ValueAt]:
    if field.kind is not None:
        yield ValueAt(field.kind, path, pointer, value, field)
    elif field.array is not None:
        for i, item in enumerate(value):
            if item is not None:
                yield from _walk(field.array, item, (*path, "*"), f"{pointer}/{i}")
    elif field.object is not None:
        for place in walk_values(field.object, value):
            yield place._replace(path=(*path, *place.path), pointer=pointer + place.pointer)
