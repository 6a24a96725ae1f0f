"""Arguments as models give them, objects or text, into a call whose arguments can be kept and sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from fr_envs.episode.calls import Malformed
from fr_envs.episode.reading.bounds import FORM, fault_of, kind_of, mended
from fr_envs.episode.reading.styles.literals import STRICT, Broken, Literals
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from fr_envs.json_values import Json

__all__ = ["decoded", "with_arguments"]


def decoded(text: str) -> tuple[Json, str]:
    """Decode a text that is JSON, or a literal of another spelling, from end to end.

    Returns:
        The value, and what is wrong, empty if nothing.
    """
    try:
        return STRICT.decode(text), ""
    except Broken as broken:
        return None, broken.problem
    except RecursionError:
        return None, "is nested too deeply; give flat arguments"
    except ValueError:
        return _lenient(text)


def _lenient(text: str) -> tuple[Json, str]:
    literals = Literals(text)
    try:
        value = literals.whole()
    except Broken as broken:
        return None, broken.problem if "\\" in text and "Unicode" in broken.problem else _strictly(text, broken)
    return value, ""


def _strictly(text: str, broken: Broken) -> str:
    """What the decoder of JSON says, whose words are plain; else why it is no other literal."""
    try:
        msgspec.json.decode(text)
    except UnicodeError:
        return "the text is no Unicode"
    except (ValueError, RecursionError) as error:
        return str(error).splitlines()[0] if len(text) < 1_000 else broken.problem
    return broken.problem


def with_arguments(name: str, arguments: Json, call_id: str) -> ToolCall | Malformed:
    """Return the call of a tool, or what is wrong with its arguments."""
    if isinstance(arguments, str):
        arguments, problem = decoded(arguments) if arguments.strip() else (None, "")
        if problem:
            return Malformed(f"the arguments of {name}: {problem}; {FORM}", call_id)
    if arguments is None:
        arguments = {}
    if not isinstance(arguments, Mapping):
        return Malformed(f"the arguments of {name} are {kind_of(arguments)}; give an object by parameter", call_id)
    fault = fault_of(arguments)
    if fault:
        return Malformed(f"the arguments of {mended(name)} {fault}", mended(call_id))
    return ToolCall(mended(name), dict(arguments), mended(call_id))
