"""OpenAI tool lists in: the nested chat-completions form and the flat one, as a contract.

Such a list declares no kinds and cannot be executed. What it says is kept: names, descriptions, schemas, enumerations,
defaults, what is required. A tool counts as reading when the first word of its name says so, else as writing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fr_envs.adapters.foreign import ForeignTool, Imported, OnError, collect, effect_by_name
from fr_envs.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import Json, JsonObject

__all__ = ["load_tool_list", "read_openai", "spec_from_openai"]

_MEND = 'give {"type": "function", "function": {"name", "description", "parameters"}}'


def spec_from_openai(tools: Json, *, name: str, source: str = "<tools>", on_error: OnError = "stop") -> DomainSpec:
    """Return the contract of an OpenAI tool list.

    Args:
        tools: The list; of tools in either form, or an object with the list under ``tools``.
        name: Short name of the world.
        source: File or name that errors give.
        on_error: Whether a faulty tool stops everything or is left out; ``read_openai`` reports those left out.

    Raises:
        SpecError: The list or a tool in it is faulty.
        UsageError: ``name`` is no name of a world.

    Example:
        >>> tool = {"name": "get_time", "description": "Tell the time.", "parameters": {"type": "object"}}
        >>> spec_from_openai([tool], name="clock").tools["get_time"].effect
        'read'
    """
    return read_openai(tools, name=name, source=source, on_error=on_error).spec


def read_openai(tools: Json, *, name: str, source: str = "<tools>", on_error: OnError = "stop") -> Imported:
    """Return the contract of an OpenAI tool list with the tools that were left out; see ``spec_from_openai``.

    Raises:
        SpecError: The list or a tool in it is faulty.
        UsageError: ``name`` is no name of a world.
    """
    listed = tools.get("tools") if isinstance(tools, dict) else tools
    if not isinstance(listed, list | tuple):
        raise SpecError(source, "", "is no list of tools", f"give a JSON list; in it {_MEND}")
    at = "/tools" if isinstance(tools, dict) else ""
    return collect(_read(listed, source, at), name=name, summary="", source=source, on_error=on_error)


def load_tool_list(path: Path) -> Json:
    """Read a tool list from a JSON file.

    Raises:
        SpecError: It cannot be read or is no JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(str(path), "", f"cannot be read: {error}", "give the path of a JSON file") from error
    except (ValueError, RecursionError) as error:
        raise SpecError(str(path), "", f"is no JSON: {error}", "fix the syntax there") from error


def _read(listed: list[Json] | tuple[Json, ...], source: str, at: str) -> Iterator[ForeignTool | SpecError]:
    seen: set[str] = set()
    for i, given in enumerate(listed):
        pointer = f"{at}/{i}"
        if isinstance(given, dict) and given.get("type", "function") != "function":
            yield SpecError(
                source, pointer, f"is of the type {given['type']!r}", "take it out: only functions can be called"
            )
            continue
        nested = isinstance(given, dict) and isinstance(given.get("function"), dict)
        tool = _tool(given["function"] if nested else given, pointer + "/function" * nested, source)
        if isinstance(tool, ForeignTool) and tool.name in seen:
            yield SpecError(source, tool.pointer, f"there is another tool {tool.name!r}", "rename one of them")
            continue
        if isinstance(tool, ForeignTool):
            seen.add(tool.name)
        yield tool


def _tool(body: Json, pointer: str, source: str) -> ForeignTool | SpecError:
    if not isinstance(body, dict) or not isinstance(body.get("name"), str) or not body["name"].strip():
        return SpecError(source, pointer, "names no function", _MEND)
    given: JsonObject = body
    parameters = given.get("parameters")
    return ForeignTool(
        name=given["name"], description=given.get("description") or "",
        parameters={} if parameters is None else parameters, returns=None,
        effect=effect_by_name(given["name"]), pointer=pointer,
    )  # fmt: skip
