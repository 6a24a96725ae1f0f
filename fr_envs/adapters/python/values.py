"""Between Python values and JSON, both ways, as type hints say it: for the arguments and the results of methods.

Dataclasses, enums, dates, ``Decimal``, ``UUID``, tuples, sets, named tuples and typed dictionaries are ``msgspec``'s;
here stand pydantic models and numpy's scalars and arrays beside them. Neither library is imported: an object of theirs
is known by the module that its class comes from, and by then it is there.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import datetime
import decimal
import enum
import inspect
import itertools
import math
import pathlib
import sys
import typing
import uuid
from typing import TYPE_CHECKING, Any

import msgspec

from fr_envs.adapters.references import Resolver
from fr_envs.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fr_envs.json_values import Json, JsonObject

__all__ = ["convertible", "is_plain_hint", "plain", "schema_of", "taken"]

_SCALARS = (datetime.date, datetime.time, datetime.timedelta, decimal.Decimal, uuid.UUID, bytes, bytearray)
_MOST_ITEMS = 10_000
"""Items of an iterator that are looked at: one without an end is no result."""


# --------------------------------------------------------------------------------------------------------- to JSON


def plain(value: Any, say: Callable[[Any], Json] | None = None) -> Json:  # noqa: ANN401 - whatever a method returned
    """Return a value in JSON, and in new containers throughout; sets in a fixed order, no number that JSON lacks.

    Args:
        value: What a method returned.
        say: Says what there is no rule for; None to refuse it.

    Raises:
        TypeError: It cannot be said.
        ValueError: An iterator has no end.
        RecursionError: It holds itself.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return _scalar(value)
    if isinstance(value, _SCALARS):
        return msgspec.to_builtins(value)
    for test, write in _WRITERS:
        if test(value):
            return write(value, say)
    if say is None:
        raise TypeError(f"a {type(value).__qualname__} has no form in JSON")
    said = say(value)
    if type(said) is type(value):
        raise TypeError(f"a {type(value).__qualname__} is said as another one")
    return plain(said, say)


def _scalar(value: object) -> Json:
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return str(value)


def _key(key: Any) -> str:  # noqa: ANN401 - any key
    said = plain(key)
    if isinstance(said, list | dict):
        raise TypeError(f"a {type(key).__qualname__} is no name of a member in JSON")
    return said if isinstance(said, str) else msgspec.json.encode(said).decode()


def _object(pairs: Iterable[tuple[Any, Any]], say: Callable[[Any], Json] | None) -> JsonObject:
    return {_key(key): plain(item, say) for key, item in pairs}


def _list(items: Iterable[Any], say: Callable[[Any], Json] | None) -> list[Json]:
    return [plain(item, say) for item in items]


def _set(items: Iterable[Any], say: Callable[[Any], Json] | None) -> list[Json]:
    return sorted(_list(items, say), key=lambda item: (not isinstance(item, int | float), _order(item)))


def _order(item: Json) -> Any:  # noqa: ANN401 - a number, else text
    return item if isinstance(item, int | float) else msgspec.json.encode(item)


def _iterated(items: Iterable[Any], say: Callable[[Any], Json] | None) -> list[Json]:
    found = list(itertools.islice(items, _MOST_ITEMS + 1))
    if len(found) > _MOST_ITEMS:
        raise ValueError(f"it goes on after {_MOST_ITEMS} items")
    return _list(found, say)


def _members(value: Any, say: Callable[[Any], Json] | None) -> JsonObject:  # noqa: ANN401 - a dataclass or attrs object
    names = (field.name for field in dataclasses.fields(value)) if dataclasses.is_dataclass(value) else (
        field.name for field in value.__attrs_attrs__)  # fmt: skip
    return _object(((name, getattr(value, name)) for name in names), say)


def _of(root: str) -> Callable[[Any], bool]:
    return lambda value: any(kind.__module__.partition(".")[0] == root for kind in type(value).__mro__)


def _is_instance(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kinds)


_WRITERS: tuple[tuple[Callable[[Any], bool], Callable[[Any, Any], Json]], ...] = (
    (_is_instance(enum.Enum), lambda value, say: plain(value.value, say)),
    (_is_instance(collections.abc.Mapping), lambda value, say: _object(value.items(), say)),
    (_is_instance(collections.abc.Set), _set),
    (_is_instance(list, tuple, collections.abc.Sequence, collections.abc.ValuesView), _list),
    (_is_instance(pathlib.PurePath), lambda value, _: str(value)),
    (_is_instance(msgspec.Struct), lambda value, say: msgspec.to_builtins(
        value, str_keys=True, order="deterministic", enc_hook=lambda part: plain(part, say))),
    (lambda value: hasattr(type(value), "__pydantic_serializer__") and hasattr(value, "model_dump"),
     lambda value, say: _object(value.model_dump(by_alias=True).items(), say)),
    (lambda value: dataclasses.is_dataclass(value) or hasattr(type(value), "__attrs_attrs__"), _members),
    (lambda value: _of("numpy")(value) and hasattr(value, "tolist"), lambda value, say: plain(value.tolist(), say)),
    (inspect.isgenerator, _iterated),
    (_is_instance(collections.abc.Iterator), _iterated),
)  # fmt: skip
"""What is written how, beyond what JSON has words for; the first that fits."""


# ------------------------------------------------------------------------------------------------------- from JSON


def is_plain_hint(hint: Any) -> bool:  # noqa: ANN401 - a type form
    """Return True if what JSON gives is already what a hint asks for: no enum, date, model or the like in it."""
    if hint is None or hint in _PLAIN_HINTS:
        return True
    origin = typing.get_origin(hint)
    if origin is typing.Literal:
        return True
    if origin is typing.Annotated:
        return is_plain_hint(typing.get_args(hint)[0])
    return (origin in {list, dict} or _is_union(hint)) and all(map(is_plain_hint, typing.get_args(hint)))


_PLAIN_HINTS = (str, int, float, bool, list, dict, type(None), Any, object)


def _is_union(hint: Any) -> bool:  # noqa: ANN401 - a type form
    return typing.get_origin(hint) is typing.Union or type(hint).__name__ == "UnionType"


def taken(value: Json, hint: Any) -> Any:  # noqa: ANN401 - a type form, and what is of that type
    """Return a JSON value as what a hint asks for; as it is where the hint is of no type that is known.

    Raises:
        ValueError: It is none.
    """
    if is_plain_hint(hint):
        return value
    try:
        return msgspec.convert(value, hint, dec_hook=_decoded)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
    except TypeError:
        adapter = _pydantic_adapter(hint)
        return value if adapter is None else adapter.validate_python(value)


def _decoded(kind: type, value: Any) -> Any:  # noqa: ANN401 - whatever the hint names
    if hasattr(kind, "__pydantic_core_schema__") and hasattr(kind, "model_validate"):
        return kind.model_validate(value)
    origin = typing.get_origin(kind) or kind
    if _is_numpy(origin):
        numpy = sys.modules["numpy"]
        return numpy.asarray(value, dtype=_dtype_of(kind)) if origin is numpy.ndarray else origin(value)
    if isinstance(origin, type) and issubclass(origin, pathlib.PurePath):
        return origin(value)
    return value  # a type of the toolkit's own, which JSON cannot say and the toolkit has to take


def _is_numpy(kind: Any) -> bool:  # noqa: ANN401 - a type form
    return isinstance(kind, type) and kind.__module__.partition(".")[0] == "numpy"


def _dtype_of(hint: Any) -> Any:  # noqa: ANN401 - a type form, and a scalar type of numpy or None
    for part in typing.get_args(hint):
        inner = typing.get_args(part)
        if inner and _is_numpy(inner[0]):
            return inner[0]
    return None


def _pydantic_adapter(hint: Any) -> Any:  # noqa: ANN401 - a type form, and an adapter of pydantic's
    """Return pydantic's reading of a hint that has more than one type of a library in it; None without pydantic."""
    pydantic = sys.modules.get("pydantic")
    if pydantic is None:
        return None
    try:
        return pydantic.TypeAdapter(hint)
    except (TypeError, pydantic.errors.PydanticUserError):
        return None


# ---------------------------------------------------------------------------------------------------------- schemas


def schema_of(hint: Any, *, given: bool = False) -> JsonObject:  # noqa: ANN401 - a type form
    """Return the JSON Schema of a type hint, references written out; empty for what has none.

    Args:
        hint: The hint.
        given: It is a result's, and no parameter's.
    """
    if hint is None or hint is Any:
        return {}
    schema = _schema(hint, "serialization" if given else "validation")
    if schema is None:
        return {}
    schema.pop("default", None)
    definitions = schema.pop("$defs", None)
    if definitions is None:
        return schema
    try:  # a reference would point nowhere inside a contract
        written: JsonObject = Resolver({**schema, "$defs": definitions}, "<hints>").inline(schema, "")
    except SpecError:  # a type that holds itself
        return {"type": "object"} if "$ref" in schema else {}
    return written


def _schema(hint: Any, mode: str) -> JsonObject | None:  # noqa: ANN401 - a type form
    try:
        schema: JsonObject = msgspec.json.schema(hint, schema_hook=lambda kind: _schema_of_kind(kind, mode))
    except (TypeError, ValueError, NotImplementedError):
        adapter = _pydantic_adapter(hint)
        if adapter is None:
            return None
        try:
            found: JsonObject = adapter.json_schema(mode=mode)
        except (TypeError, ValueError, RuntimeError):  # pydantic's own errors are of these
            return None
        return found
    return schema


def _schema_of_kind(kind: Any, mode: str) -> JsonObject:  # noqa: ANN401 - a type form
    origin = typing.get_origin(kind) or kind
    if hasattr(kind, "model_json_schema"):
        return _standing_alone(kind.model_json_schema(mode=mode))
    if _is_numpy(origin):
        return _numpy_schema(kind, origin)
    if isinstance(origin, type) and issubclass(origin, pathlib.PurePath):
        return {"type": "string"}
    raise NotImplementedError


def _numpy_schema(kind: Any, origin: Any) -> JsonObject:  # noqa: ANN401 - type forms
    numpy = sys.modules["numpy"]
    if origin is numpy.ndarray:
        dtype = _dtype_of(kind)
        return {"type": "array", **({} if dtype is None else {"items": _numpy_schema(dtype, dtype)})}
    for scalar, name in ((numpy.bool_, "boolean"), (numpy.integer, "integer"), (numpy.floating, "number")):
        if issubclass(origin, scalar):
            return {"type": name}
    return {"type": "string"}


def _standing_alone(schema: JsonObject) -> JsonObject:
    """Write out the references of a model's schema: they point into it, and it is about to be a part of another."""
    definitions = schema.pop("$defs", None)
    if definitions is None:
        return schema
    try:
        written: JsonObject = Resolver({**schema, "$defs": definitions}, "<hints>").inline(schema, "")
    except SpecError:
        return {"type": "object"}
    return written


def convertible(hints: Mapping[str, Any]) -> dict[str, Any]:
    """Return the hints whose values are not what JSON gives already."""
    return {name: hint for name, hint in hints.items() if not is_plain_hint(hint)}
