"""Tools and dialogues as plain text: what a prompt shows instead of long JSON.

A tool becomes its signature and what it does, a fifth of the tokens of its JSON Schema; a message becomes one line
for each thing said, called or seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_envs.json_values import Json, JsonObject

__all__ = ["LONG_LIST", "dialogue_text", "json_line", "tools_text"]

LONG_LIST = 24
"""Number of tools from which on a list shows signatures and first sentences alone."""

_BOUNDS = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}


def json_line(value: Json) -> str:
    """Return a value as JSON on one line, or a string as it is.

    Example:
        >>> json_line({"b": [1, 2]}), json_line("plain")
        ('{"b":[1,2]}', 'plain')
    """
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def tools_text(tools: Sequence[JsonObject]) -> str:
    r"""Return one entry for each tool, given as OpenAI tools or as bare functions.

    Example:
        >>> amount = {"type": "number", "exclusiveMinimum": 0, "description": "How much."}
        >>> parameters = {"type": "object", "properties": {"amount": amount}, "required": ["amount"]}
        >>> tools_text([{"name": "pay", "description": "Pay a bill.", "parameters": parameters}])
        'pay(amount: number >0): Pay a bill.\n  amount: How much.'
    """
    brief = len(tools) >= LONG_LIST
    return "\n".join(line for tool in tools for line in _tool_lines(tool.get("function", tool), brief=brief))


def _tool_lines(tool: JsonObject, *, brief: bool) -> Iterator[str]:
    schema: JsonObject = tool.get("parameters") or {}
    properties: JsonObject = schema.get("properties") or {}
    required = schema.get("required") or ()
    signature = ", ".join(_parameter(name, value, name in required) for name, value in properties.items())
    description: str = tool.get("description") or ""
    shown = _first_sentence(description) if brief else description
    yield f"{tool['name']}({signature}): {shown}" if shown else f"{tool['name']}({signature})"
    if not brief:
        yield from (f"  {name}: {value['description']}" for name, value in properties.items() if "description" in value)


def _first_sentence(text: str) -> str:
    head, stop, _ = text.partition(". ")
    return head + stop.strip()


def _parameter(name: str, schema: JsonObject, required: bool) -> str:
    text = f"{name}: {_type(schema)}"
    if "default" in schema:
        return f"{text} = {msgspec.json.encode(schema['default']).decode()}"
    return text if required else f"{name}?: {_type(schema)}"


def _type(schema: JsonObject) -> str:
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return " | ".join(_type(option) for option in options)
    if "enum" in schema:
        return " | ".join(msgspec.json.encode(value).decode() for value in schema["enum"])
    name = schema.get("type", "any")
    if isinstance(name, list):
        return " | ".join(name)
    if name == "array":
        return f"[{_type(schema.get('items') or {})}]"
    if name == "object":
        return _object(schema)
    return " ".join([name, *_limits(schema)])


def _object(schema: JsonObject) -> str:
    properties: JsonObject = schema.get("properties") or {}
    required = schema.get("required") or ()
    inside = ", ".join(_parameter(name, value, name in required) for name, value in properties.items())
    return f"{{{inside}}}" if inside else "object"


def _limits(schema: JsonObject) -> Iterator[str]:
    if "pattern" in schema:
        yield f"/{schema['pattern']}/"
    if "format" in schema:
        yield f"<{schema['format']}>"
    yield from (f"{sign}{schema[key]}" for key, sign in _BOUNDS.items() if key in schema)


def dialogue_text(messages: Iterable[JsonObject]) -> str:
    """Return a dialogue in the OpenAI form, one line for each thing said, thought, called or seen.

    Example:
        >>> call = {"function": {"name": "pwd", "arguments": {}}}
        >>> print(dialogue_text([{"role": "user", "content": "Where am I?"},
        ...                      {"role": "assistant", "content": "", "tool_calls": [call]},
        ...                      {"role": "tool", "name": "pwd", "content": "/home"}]))
        USER: Where am I?
        CALL: pwd({})
        RESULT of pwd: /home
    """
    return "\n".join(line for message in messages for line in _message_lines(message))


def _message_lines(message: JsonObject) -> Iterator[str]:
    role: str = message.get("role", "")
    content = message.get("content")
    thought = message.get("reasoning_content") or message.get("reasoning")
    if thought:
        yield f"THOUGHT: {thought}"
    if role == "tool":
        name = message.get("name")
        yield f"RESULT of {name}: {json_line(content)}" if name else f"RESULT: {json_line(content)}"
    elif content:
        yield f"{role.upper()}: {json_line(content)}"
    for call in message.get("tool_calls") or message.get("calls") or ():
        function: JsonObject = call.get("function", call)
        yield f"CALL: {function['name']}({json_line(function.get('arguments') or {})})"
