"""Tool lists in, however they are spelled, as a contract: OpenAI, Anthropic, MCP, Gemini, BFCL, xLAM and their kin.

Such a list declares no kinds and cannot be executed. What it says is kept: names, descriptions, schemas, enumerations,
defaults, what is required. A tool counts as reading when its owner says so, or the first word of its name, else as
writing. What cannot be read is named with its JSON pointer.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, NamedTuple

from fr_envs.adapters.foreign import ForeignTool, Imported, OnError, collect, effect_by_name
from fr_envs.adapters.lists.spellings import json_schema, parameters_object
from fr_envs.errors import SpecError
from fr_envs.json_values import escape

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import Json, JsonObject

__all__ = ["load_tool_list", "read_tools", "spec_from_tools"]

_MEND = (
    'give {"name", "description", "parameters"}, with "input_schema" or "inputSchema" in place of the last if you like'
)

_HOLDERS = (
    "tools",
    "functions",
    "function",
    "functionDeclarations",
    "function_declarations",
    "result",
    "toolConfig",
    "data",
)
"""Members under which lists stand, the likeliest first."""

_WRAPPERS = ("function", "toolSpec", "custom", "tool")
"""Members under which one tool stands."""

_PARAMETERS = (
    "parameters", "input_schema", "inputSchema", "parameter_definitions", "args_schema", "inputs", "input",
    "arguments", "args",
)  # fmt: skip
_RESULTS = ("outputSchema", "output_schema", "response", "returns", "output", "responses")


def spec_from_tools(tools: Json, *, name: str, source: str = "<tools>", on_error: OnError = "stop") -> DomainSpec:
    """Return the contract of a tool list.

    Args:
        tools: The list; or an object that holds it under ``tools``, or tools by name.
        name: Short name of the world.
        source: File or name that errors give.
        on_error: Whether a faulty tool stops everything or is left out; ``read_tools`` reports those left out.

    Raises:
        SpecError: The list or a tool in it is faulty.
        UsageError: ``name`` is no name of a world.

    Example:
        >>> tool = {"name": "get_time", "description": "Tell the time.", "input_schema": {"type": "object"}}
        >>> spec_from_tools([tool], name="clock").tools["get_time"].effect
        'read'
    """
    return read_tools(tools, name=name, source=source, on_error=on_error).spec


def read_tools(tools: Json, *, name: str, source: str = "<tools>", on_error: OnError = "stop") -> Imported:
    """Return the contract of a tool list with the tools that were left out; see ``spec_from_tools``.

    Raises:
        SpecError: The list or a tool in it is faulty.
        UsageError: ``name`` is no name of a world.
    """
    listed = list(_listed(tools, "", 0))
    if not listed and not isinstance(tools, list | tuple | dict):
        raise SpecError(source, "", "is no list of tools", f"give a JSON list; in it {_MEND}")
    if isinstance(tools, dict) and not listed and not any(isinstance(tools.get(key), list) for key in _HOLDERS):
        raise SpecError(source, "", "is no list of tools", f"give a JSON list; in it {_MEND}")
    return collect(_read(listed, source), name=name, summary="", source=source, on_error=on_error)


def load_tool_list(path: Path) -> Json:
    """Read a tool list from a JSON file, or one with a tool or a list a line.

    Raises:
        SpecError: It cannot be read or is no JSON.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(str(path), "", f"cannot be read: {error}", "give the path of a JSON file") from error
    try:
        return json.loads(text)
    except RecursionError as error:
        raise SpecError(str(path), "", f"is no JSON: {error}", "fix the syntax there") from error
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or not all(line.lstrip()[:1] in "{[" for line in lines):
            raise SpecError(str(path), "", f"is no JSON: {error}", "fix the syntax there") from error
        return _by_line(lines, path)


def _by_line(lines: list[str], path: Path) -> list[Json]:
    found: list[Json] = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise SpecError(str(path), "", f"line {number} is no JSON: {error}", "fix the syntax there") from error
    return found


class _Listed(NamedTuple):
    """One tool of a list, where it stands, and its name where that stands outside of it."""

    body: Json
    pointer: str
    name: str = ""


_DEEPEST = 4  # holders inside holders


def _listed(given: Json, pointer: str, depth: int) -> Iterator[_Listed]:
    """Iterate over the tools of a list, of an object that holds one, of rows of a data set, or of tools by name."""
    if isinstance(given, list | tuple):
        for i, each in enumerate(given):
            inner = list(_held(each, f"{pointer}/{i}", depth))
            yield from inner or [_Listed(each, f"{pointer}/{i}")]
    elif isinstance(given, dict):
        inner = list(_held(given, pointer, depth))
        if inner or any(isinstance(given.get(key), list) for key in _HOLDERS):
            yield from inner
        elif _is_tool(given):
            yield _Listed(given, pointer)
        elif given and all(isinstance(each, dict) and _describes(each) for each in given.values()):
            yield from (_Listed(each, f"{pointer}/{escape(name)}", name) for name, each in given.items())


def _held(given: Json, pointer: str, depth: int) -> Iterator[_Listed]:
    """Iterate over the tools under a holder's member; JSON text is read, as data sets have it."""
    if not isinstance(given, dict) or depth > _DEEPEST or isinstance(given.get("name"), str):
        return
    for key in _HOLDERS:
        inner = _from_text(given.get(key))
        if isinstance(inner, list) or (isinstance(inner, dict) and not _is_tool(inner)):
            yield from _listed(inner, f"{pointer}/{key}", depth + 1)
            return


def _from_text(given: Json) -> Json:
    if isinstance(given, str) and given.lstrip()[:1] in ("[", "{"):
        try:
            return json.loads(given)
        except (ValueError, RecursionError):
            return given
    return given


def _is_tool(given: JsonObject) -> bool:
    return isinstance(given.get("name"), str) or any(isinstance(given.get(key), dict) for key in _WRAPPERS)


def _describes(given: JsonObject) -> bool:
    return "description" in given or any(key in given for key in _PARAMETERS)


def _read(listed: list[_Listed], source: str) -> Iterator[ForeignTool | SpecError]:
    seen: dict[str, JsonObject] = {}
    for each in listed:
        body, pointer = _unwrapped(each)
        try:
            tool = _tool(body, pointer, each.name, source)
        except SpecError as error:
            yield error
            continue
        if tool.name in seen and seen[tool.name] == body and _in_rows(each.pointer):
            continue  # rows of a data set repeat their tools
        if tool.name in seen:
            yield SpecError(source, tool.pointer, f"there is another tool {tool.name!r}", "rename one of them")
            continue
        seen[tool.name] = body
        yield tool


def _in_rows(pointer: str) -> bool:
    return sum(part.isdecimal() for part in pointer.split("/")) > 1


def _unwrapped(each: _Listed) -> tuple[Json, str]:
    """Return a tool without what it is wrapped in, and where it stands."""
    body, pointer = each.body, each.pointer
    for key in _WRAPPERS:
        if isinstance(body, dict) and isinstance(body.get(key), dict) and not isinstance(body.get("name"), str):
            body, pointer = body[key], f"{pointer}/{key}"
    return body, pointer


def _tool(body: Json, pointer: str, name: str, source: str) -> ForeignTool:
    kind = body.get("type", "function") if isinstance(body, dict) else "function"
    own = next((key for key in _PARAMETERS if isinstance(body, dict) and body.get(key) is not None), "")
    if isinstance(kind, str) and kind not in {"function", "custom", "tool", "object"} and not own:
        raise SpecError(source, pointer, f"is of the type {kind!r}", "take it out: only functions can be called")
    own_name = body.get("name") if isinstance(body, dict) else None
    name = name or (own_name if isinstance(own_name, str) else "")
    if not isinstance(body, dict) or not name.strip():
        raise SpecError(source, pointer, "names no function", _MEND)
    if isinstance(body.get("required_parameters"), list) or isinstance(body.get("optional_parameters"), list):
        given: Json = _by_need(body)
    else:
        given = _unboxed(_from_text(body.get(own))) if own else None
    at = f"/{own or 'parameters'}"
    result = next((key for key in _RESULTS if isinstance(body.get(key), dict)), "")
    return ForeignTool(
        name=name, description=body.get("description") or "",
        parameters=parameters_object(given, source, pointer + at),
        returns=json_schema(body[result], source, f"{pointer}/{result}") if result else None,
        effect=_effect(body, name), pointer=pointer, parameters_pointer=at, returns_pointer=f"/{result}",
    )  # fmt: skip


def _by_need(body: JsonObject) -> list[Json]:
    """Return the parameters of a tool that lists those it needs and those that it can do without."""
    found: list[Json] = []
    for key, needed in (("required_parameters", True), ("optional_parameters", False)):
        listed = body.get(key)
        found += [{"required": needed, **each} if isinstance(each, dict) else each
                  for each in (listed if isinstance(listed, list) else [])]  # fmt: skip
    return found


def _unboxed(given: Json) -> Json:
    """Return the schema in ``{"json": schema}``, as Bedrock has it."""
    boxed = given.get("json") if isinstance(given, dict) and len(given) == 1 else None
    return boxed if isinstance(boxed, dict) else given


def _effect(body: JsonObject, name: str) -> Literal["read", "write"]:
    notes = body.get("annotations")
    said = notes.get("readOnlyHint") if isinstance(notes, dict) else None
    if isinstance(said, bool):
        return "read" if said else "write"
    return effect_by_name(name)
