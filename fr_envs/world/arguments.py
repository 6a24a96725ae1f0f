"""Whether arguments fit the schema of a tool, and what an agent reads where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fr_envs.json_values import pointer_of
from fr_envs.world.tool_call import ToolError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import jsonschema_rs

    from fr_envs.json_values import Json, JsonObject

__all__ = ["fits", "given", "invalid", "taken"]

_encode = msgspec.msgpack.Encoder().encode


def fits(validator: jsonschema_rs.Draft202012Validator, arguments: Json) -> bool:
    """Return True if a schema takes the arguments; what a state could not keep (half a surrogate pair) never fits."""
    try:
        _encode(arguments)
        return validator.is_valid(arguments)
    except (ValueError, OverflowError, TypeError, RecursionError):
        return False


def given(nullable: Collection[str], arguments: JsonObject) -> JsonObject:
    """Return arguments without those whose null only says that they are not given."""
    return {n: v for n, v in arguments.items() if v is not None or n not in nullable}


def invalid(validator: jsonschema_rs.Draft202012Validator, nullable: Collection[str], arguments: Json) -> ToolError:
    """Return what an agent reads about arguments that a schema does not take."""
    try:
        _encode(arguments)
        blamed = given(nullable, arguments) if isinstance(arguments, dict) else arguments  # not a null that may stand
        first = next(iter(validator.iter_errors(blamed)))
    except (ValueError, OverflowError, TypeError, RecursionError):
        return ToolError("invalid_arguments", "The arguments are not a JSON object of ordinary values.")
    return ToolError("invalid_arguments", first.message, pointer_of(first.instance_path))


def taken(
    validator: jsonschema_rs.Draft202012Validator, nullable: Collection[str], whole: Iterable[str], arguments: Json
) -> JsonObject | None:
    """Return arguments as a handler is to get them; None if their schema does not take them.

    Args:
        validator: What checks them.
        nullable: Names whose null says that they are not given.
        whole: Names whose values hold integers.
        arguments: What was given.
    """
    try:
        _encode(arguments)
        fit = validator.is_valid(arguments)
    except (ValueError, OverflowError, TypeError, RecursionError):  # as ``fits`` has it, without another call
        fit = False
    kept = arguments if fit else _without_nulls(validator, nullable, arguments)
    return _with_whole(whole, kept) if whole and kept is not None else kept


def _without_nulls(
    validator: jsonschema_rs.Draft202012Validator, nullable: Collection[str], arguments: Json
) -> JsonObject | None:
    """Models often write null for "not given"; take it so where that is allowed. None if it fits neither way."""
    if not isinstance(arguments, dict):
        return None
    kept = given(nullable, arguments)
    return kept if len(kept) < len(arguments) and fits(validator, kept) else None


_NOT_WHOLE = (float, list, dict)


def _with_whole(names: Iterable[str], arguments: JsonObject) -> JsonObject:
    for name in names:
        if arguments.get(name).__class__ in _NOT_WHOLE:
            arguments = {**arguments, name: _whole(arguments[name])}
    return arguments


def _whole(value: Json) -> Json:
    """JSON Schema takes 5.0 for an integer; a handler is to get 5."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return {n: _whole(v) for n, v in value.items()} if isinstance(value, dict) else value
