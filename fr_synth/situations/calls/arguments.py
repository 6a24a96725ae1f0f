"""Arguments of a request: from the situation's notation to values, each with the path that it came by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.json_values import escape
from fr_envs.situation.templates import Fill, parse

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.situations.scope import Scope

__all__ = ["argument_paths", "plain_arguments"]


def plain_arguments(arguments: JsonObject, scope: Scope) -> JsonObject:
    """Return the values of arguments.

    Args:
        arguments: For each argument a path, a plain value that is no text, ``{text: ...}``, or a list of such.
        scope: What paths lead to.

    Raises:
        MissingPathError: A path leads nowhere.
    """
    return {name: _value(each, scope) for name, each in arguments.items()}


def _value(written: Json, scope: Scope) -> Json:
    if isinstance(written, str):
        return scope.value(written)
    if isinstance(written, list):
        return [_value(each, scope) for each in written]
    if isinstance(written, dict) and "text" in written:
        parts = parse(written["text"])
        return "".join(str(scope.value(part.path)) if isinstance(part, Fill) else str(part) for part in parts)
    if isinstance(written, dict):
        return {name: _value(each, scope) for name, each in written.items()}
    return written


def argument_paths(arguments: JsonObject) -> dict[str, str]:
    """Return the path that each leaf of the arguments came by, by JSON pointer; leaves without a path are left out."""
    found: dict[str, str] = {}
    for name, each in arguments.items():  # a parameter may be called "text" too
        _collect(each, f"/{escape(name)}", found)
    return found


def _collect(written: Json, at: str, found: dict[str, str]) -> None:
    if isinstance(written, str):
        found[at] = written
    elif isinstance(written, list):
        for number, each in enumerate(written):
            _collect(each, f"{at}/{number}", found)
    elif isinstance(written, dict) and "text" not in written:
        for name, each in written.items():
            _collect(each, f"{at}/{escape(name)}", found)
