"""ToolCall, ToolError, and the readers of what models write.

``read_action`` takes whatever an agent hands over and says what it means; it never raises and never evaluates::

    message   {"role": "assistant", "content": …, "tool_calls": [{"function": {"name", "arguments"}}]}
    call      {"name": …, "arguments": {…}}  and the spellings in ``_NAMES`` and ``_ARGUMENTS``
    calls     a list of such, as objects or as JSON text
    Hermes    <think>…</think> text <tool_call>{"name": …, "arguments": {…}}</tool_call> …
    fenced    text, then a block of JSON between ``` lines that holds a call or a list of calls
    prose     anything else: the reply to the user

What looks like a call and is none becomes ``Malformed``, which says what to fix.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from fr_envs.world.tool_call import ToolCall, ToolError

if TYPE_CHECKING:
    from fr_envs.json_values import Json

__all__ = ["Action", "Malformed", "read_action"]


class Malformed(msgspec.Struct, frozen=True):
    """What looks like a call and cannot be run: it is answered with an error and never reaches the world.

    Attributes:
        message: What is wrong and how to fix it; the agent reads it.
        id: Identifier that the caller gave the call, empty if none.
        code: ``malformed_call`` from the readers; a wrapper that puts a fault in a call's place has codes of its own.
    """

    message: str
    id: str = ""
    code: str = "malformed_call"

    @property
    def error(self) -> ToolError:
        """The error that an agent observes."""
        return ToolError(self.code, self.message)


class Action(msgspec.Struct, frozen=True):
    """What an assistant's message means: calls where there are any, else a reply to the user.

    Attributes:
        calls: In the order written.
        text: The reply; what was said beside the calls where there are any.
        reasoning: What was thought before; it plays no part in the episode.
    """

    calls: tuple[ToolCall | Malformed, ...] = ()
    text: str = ""
    reasoning: str = ""


_NAMES = ("name", "tool", "tool_name", "function", "function_name", "action")
_ARGUMENTS = ("arguments", "parameters", "args", "input", "kwargs", "tool_input", "action_input", "params")
_IDS = ("id", "call_id", "tool_call_id")
_FORM = 'write {"name": "<tool>", "arguments": {…}}'
_THINK = re.compile(r"\A\s*(?:<think>)?(.*?)</think>", re.DOTALL)
_TAG = re.compile(r"<tool_call>\s*")
_ANY_TAG = re.compile(r"</?tool_call>")
_END_TAG = re.compile(r"\s*</tool_call>")
_FENCE = re.compile(r"[ \t]*```[ \t]*(\w*)[ \t]*$")
_FENCED = ("", "json", "tool_call", "tool_code", "tool")
_MOST_CALLS = 128
"""Calls between tags that one text may hold."""

_MOST_STARTS = 16
"""How many lines that look like the start of a last call are tried: reading stays linear in the text."""

_LAST_OBJECT = re.compile(r"^[ \t]*(\{\s*\"(?:name|tool|tool_name|function)\"\s*:)", re.M)
_DECODER = json.JSONDecoder()


def read_action(given: Json) -> Action:
    """Read what an agent hands over: text, a message, a call, a list of calls, or an ``Action``.

    Example:
        >>> read_action('<tool_call>{"name": "pwd", "arguments": {}}</tool_call>').calls
        (ToolCall(name='pwd', arguments={}, id=''),)
        >>> read_action("Your balance is 12.40.").text
        'Your balance is 12.40.'
    """
    if isinstance(given, str):
        return _read_text(given)
    if isinstance(given, Mapping):
        return _read_mapping(given)
    if isinstance(given, Action):
        return given
    if isinstance(given, ToolCall | Malformed):
        return Action(calls=(given,))
    if isinstance(given, Sequence) and not isinstance(given, bytes | bytearray) and given:
        return Action(calls=tuple(_read_call(item) for item in given))
    return _malformed(f"{_kind(given)} is neither text, nor a call, nor a list of calls; {_FORM}")


def _malformed(message: str, text: str = "", reasoning: str = "") -> Action:
    return Action((Malformed(message),), text, reasoning)


# ----------------------------------------------------------------------------------------------------- objects


def _read_mapping(given: Mapping[str, Json]) -> Action:
    """An assistant's message or a single call."""
    if "role" not in given and "tool_calls" not in given:
        if "content" in given and not _names_a_tool(given):
            return _read_message(given)
        return Action(calls=(_read_call(given),))
    role = given.get("role", "assistant")
    if not isinstance(role, str) or role != "assistant":
        return _malformed(f"the message has the role {role!r}; an agent's messages have the role 'assistant'")
    return _read_message(given)


def _read_message(message: Mapping[str, Json]) -> Action:
    reasoning = message.get("reasoning_content") or message.get("reasoning") or ""
    reasoning = reasoning if isinstance(reasoning, str) else ""
    listed = message.get("tool_calls") or ()
    if not isinstance(listed, list | tuple):
        return _malformed('"tool_calls" is no list; give a list of calls', reasoning=reasoning)
    text, parts = _content(message.get("content"))
    if text is None:
        return _malformed('"content" is neither text nor a list of parts with text', reasoning=reasoning)
    calls = tuple(_read_call(item) for item in (*listed, *parts))
    if calls:
        return Action(calls, text, reasoning)
    action = _read_text(text)
    return msgspec.structs.replace(action, reasoning=reasoning) if reasoning and not action.reasoning else action


def _content(content: Json) -> tuple[str | None, list[Json]]:
    """The text of a message's content and the calls among its parts; no text where it is of no known form."""
    if content is None or isinstance(content, str):
        return content or "", []
    if not isinstance(content, list) or not all(isinstance(part, Mapping) for part in content):
        return None, []
    texts = [part["text"] for part in content if isinstance(part.get("text"), str)]
    return "".join(texts), [part for part in content if part.get("type") == "tool_use"]


def _names_a_tool(given: Mapping[str, Json]) -> bool:
    return any(key in given for key in _NAMES)


def _is_call(value: Json) -> bool:
    """Whether a JSON value found in prose is meant as a call: it names a tool and gives arguments."""
    if not isinstance(value, dict):
        return False
    inner = value.get("function")
    if isinstance(inner, dict):
        return "name" in inner
    return _names_a_tool(value) and any(key in value for key in _ARGUMENTS)


def _read_call(given: Json) -> ToolCall | Malformed:
    if isinstance(given, ToolCall | Malformed):
        return given
    if isinstance(given, str):
        given, problem = _json(given)
        if problem:
            return Malformed(problem)
    if not isinstance(given, Mapping):
        return Malformed(f"a call is an object, not {_kind(given)}; {_FORM}")
    call_id = next((given[key] for key in _IDS if isinstance(given.get(key), str)), "")
    inner = given.get("function")
    body = inner if isinstance(inner, Mapping) else given
    name = next((body[key] for key in _NAMES if key in body), None)
    if not isinstance(name, str) or not name.strip():
        return Malformed(f"the call names no tool; {_FORM}", call_id)
    arguments = next((body[key] for key in _ARGUMENTS if key in body), None)
    return _with_arguments(name.strip(), arguments, call_id)


def _with_arguments(name: str, arguments: Json, call_id: str) -> ToolCall | Malformed:
    if isinstance(arguments, str) and arguments.strip():
        arguments, problem = _json(arguments)
        if problem:
            return Malformed(f"the arguments of {name}: {problem}", call_id)
    if arguments is None or (isinstance(arguments, str) and not arguments.strip()):
        return ToolCall(name, {}, call_id)
    if not isinstance(arguments, Mapping):
        return Malformed(f"the arguments of {name} are {_kind(arguments)}; give an object by parameter", call_id)
    if not all(isinstance(key, str) for key in arguments):
        return Malformed(f"the arguments of {name} have a name that is no text; give an object by parameter", call_id)
    return ToolCall(name, dict(arguments), call_id)


_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", int: "a number", float: "a number"}


def _kind(value: Json) -> str:
    if value is None or (isinstance(value, list | tuple) and not value):
        return "nothing"
    return _KINDS.get(type(value), f"a value of type {type(value).__name__}")


# -------------------------------------------------------------------------------------------------------- text


def _json(text: str) -> tuple[Json, str]:
    """Decode strict JSON; the second part says what is wrong, empty if nothing."""
    try:
        return msgspec.json.decode(text), ""
    except RecursionError:
        return None, "is nested too deeply; give flat arguments"
    except ValueError as error:  # half a surrogate pair, a number out of range, broken JSON
        return None, f"{_first_line(error)}; {_FORM}"


def _first_line(error: ValueError) -> str:
    return "the text is no Unicode" if isinstance(error, UnicodeError) else str(error).splitlines()[0]


def _read_text(text: str) -> Action:
    if text[:1] == "{":  # the plain case first: the whole text is one object
        value, problem = _json(text)
        if not problem:
            return _read_mapping(value)
    thought = _THINK.match(text)
    reasoning = thought[1].strip() if thought else ""
    body = (text[thought.end() :] if thought else text).strip()
    if not thought and body.startswith("<think>"):
        return _malformed("the thinking is not closed; write </think>, then a call or a reply", "", body[7:].strip())
    if not body:
        return _malformed(f"nothing is said and nothing is called; {_FORM}, or reply in words", "", reasoning)
    for reader in (_tagged, _whole, _fenced, _trailing):
        found = reader(body)
        if found is not None:
            return Action(found.calls, found.text, found.reasoning or reasoning)
    return Action((), body, reasoning)


def _tagged(body: str) -> Action | None:
    """``<tool_call>…</tool_call>``, once or several times; what stands between them is text."""
    calls: list[ToolCall | Malformed] = []
    said: list[str] = []
    at = 0
    while (tag := _TAG.search(body, at)) is not None:
        if len(calls) >= _MOST_CALLS:
            return _malformed(f"more than {_MOST_CALLS} calls; write fewer at a time")
        said.append(body[at : tag.start()])
        at = _end_of_json(body, tag.end())
        calls += _several(body[tag.end() : at])
        closing = _END_TAG.match(body, at)
        at = closing.end() if closing else at
    said.append(body[at:])
    text = "\n".join(filter(None, (piece.replace("</tool_call>", "").strip() for piece in said)))
    return Action(tuple(calls), text) if calls else None


def _end_of_json(body: str, start: int) -> int:
    """Where the JSON value at ``start`` ends; where the tag ends if it is broken."""
    try:
        return _DECODER.raw_decode(body, start)[1]
    except (ValueError, RecursionError):
        tag = _ANY_TAG.search(body, start)
        return tag.start() if tag else len(body)


def _several(text: str) -> Iterator[ToolCall | Malformed]:
    value, problem = _json(text.strip())
    if problem:
        yield Malformed(f"the call is no JSON: {problem}")
    elif isinstance(value, list) and value:
        yield from map(_read_call, value)
    else:
        yield _read_call(value)


def _whole(body: str) -> Action | None:
    """The text is JSON from end to end, or meant to be."""
    if body[0] not in "{[":
        return None
    value, problem = _json(body)
    if isinstance(value, dict):
        return _read_mapping(value)
    if isinstance(value, list):
        return read_action(value) if value and all(isinstance(item, dict) for item in value) else None
    if problem and re.match(r"(\[\s*)?\{\s*\"", body) and not _ends_in_prose(body):
        return _malformed(f"the call is no JSON: {problem}")
    return None


def _ends_in_prose(body: str) -> bool:
    """Whether a whole JSON value stands at the start and words follow, as when a reply quotes some data."""
    try:
        return _DECODER.raw_decode(body)[1] < len(body)
    except (ValueError, RecursionError):
        return False


def _fenced(body: str) -> Action | None:
    """Blocks between ``` lines that hold calls; other blocks are part of the text."""
    calls: list[ToolCall | Malformed] = []
    said: list[str] = []
    for piece, fenced in _blocks(body):
        found = _calls_in(piece) if fenced else ()
        calls += found
        if piece.strip() and not found:
            said.append(f"```\n{piece}\n```" if fenced else piece)
    return Action(tuple(calls), "\n".join(said).strip()) if calls else None


def _blocks(body: str) -> Iterator[tuple[str, bool]]:
    """Text and the contents of fenced blocks in which calls may stand, in turn; one pass."""
    lines: list[str] = []
    inside = False
    for line in body.splitlines():
        fence = _FENCE.match(line)
        if fence and ((inside and not fence[1]) or (not inside and fence[1].lower() in _FENCED)):
            yield "\n".join(lines), inside
            lines, inside = [], not inside
        else:
            lines.append(line)
    yield "\n".join(lines), inside


def _calls_in(block: str) -> list[ToolCall | Malformed]:
    value, problem = _json(block.strip())
    if problem:
        return [Malformed(f"the call is no JSON: {problem}")] if _looks_like_a_call(block) else []
    listed = value if isinstance(value, list) else [value]
    return [_read_call(item) for item in listed] if all(_is_call(item) for item in listed) else []


def _looks_like_a_call(text: str) -> bool:
    return all(any(f'"{key}"' in text for key in keys) for keys in (_NAMES, _ARGUMENTS))


def _trailing(body: str) -> Action | None:
    """Words first, then a call that starts a line and ends the text."""
    for start in islice(_LAST_OBJECT.finditer(body), _MOST_STARTS):
        last = body[start.start(1) :]
        value, problem = _json(last)
        if not problem and _is_call(value):
            return Action((_read_call(value),), body[: start.start()].strip())
        if problem and _looks_like_a_call(last) and not _ends_in_prose(last):
            return _malformed(f"the call is no JSON: {problem}", body[: start.start()].strip())
    return None
