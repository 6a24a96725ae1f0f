"""Whether a record that could be read has the shape that its page needs: messages hold what a stranger put there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.trace.records import Dialogue

__all__ = ["shape_faults"]

_ROLES = ("system", "user", "assistant", "tool")


def shape_faults(dialogue: Dialogue) -> Iterator[str]:
    """Iterate over what a page cannot show of a record, each with its JSON pointer in the dialogue's line."""
    for number, message in enumerate(dialogue.messages):
        yield from _message(message, f"/messages/{number}")
    yield from _tools(dialogue.tools)
    for number, turn in enumerate(dialogue.turns):
        properties = turn.advanced.parameters.get("properties", {})
        if not isinstance(properties, dict):
            at = f"/turns/{number}/advanced/parameters/properties"
            yield f"{at} of its evidence is {_kind(properties)}, not an object"


def _message(message: JsonObject, at: str) -> Iterator[str]:
    role = message.get("role")
    if role not in _ROLES:
        yield f"{at}/role is {_named(role)}, none of {', '.join(_ROLES)}"
        return
    for name in ("content", "reasoning_content"):
        value = message.get(name)
        if not isinstance(value, str) and (value is not None or (name == "content" and role != "assistant")):
            yield f"{at}/{name} is {_kind(value)}, not a text"
    if role == "assistant":
        yield from _calls(message.get("tool_calls"), f"{at}/tool_calls")
    elif role == "tool" and not isinstance(message.get("tool_call_id", ""), str):
        yield f"{at}/tool_call_id is {_kind(message['tool_call_id'])}, not a text"


def _calls(calls: Json, at: str) -> Iterator[str]:
    if calls is not None and not isinstance(calls, list):
        yield f"{at} is {_kind(calls)}, not a list"
        return
    for number, call in enumerate(calls or ()):
        here = f"{at}/{number}"
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(call, dict):
            yield f"{here} is {_kind(call)}, not an object"
        elif not isinstance(call.get("id"), str):
            yield f"{here}/id is {_kind(call.get('id'))}, not a text"
        elif not isinstance(function, dict):
            yield f"{here}/function is {_kind(function)}, not an object"
        elif not isinstance(function.get("name"), str):
            yield f"{here}/function/name is {_kind(function.get('name'))}, not a text"
        elif not isinstance(function.get("arguments"), dict):
            yield f"{here}/function/arguments is {_kind(function.get('arguments'))}, not an object"


def _tools(text: str) -> Iterator[str]:
    try:
        tools: Json = json.loads(text)
    except (ValueError, RecursionError) as error:
        yield f"/tools is a text that is no JSON: {error}"
        return
    if not isinstance(tools, list):
        yield f"/tools is the JSON of {_kind(tools)}, not of a list"
        return
    for number, tool in enumerate(tools):
        function = tool.get("function") if isinstance(tool, dict) else None
        if not isinstance(function, dict) or not isinstance(function.get("name"), str):
            yield f"/tools is a text in which the tool {number} has no name of a function"


def _named(value: Json) -> str:
    return repr(value) if isinstance(value, str) else _kind(value)


def _kind(value: Json) -> str:
    if value is None:
        return "null or missing"
    kinds = {bool: "true or false", str: "a text", list: "a list", dict: "an object"}
    return kinds.get(type(value), "a number")
