"""Whether arguments fit the schema of a tool, and what an agent reads where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fr_envs.json_values import pointer_of
from fr_envs.world.tool_call import ToolError

if TYPE_CHECKING:
    from collections.abc import Collection

    import jsonschema_rs

    from fr_envs.json_values import Json, JsonObject

__all__ = ["fits", "given", "invalid"]

_encode = msgspec.msgpack.Encoder().encode


def fits(validator: jsonschema_rs.Draft202012Validator, arguments: Json) -> bool:
    """Return True if a schema takes the arguments; what a state could not keep (half a surrogate pair) never fits."""
    try:
        if arguments:
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
