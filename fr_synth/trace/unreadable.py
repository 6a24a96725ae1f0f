"""What is wrong with a line that is no record, in words for whoever has to find it."""

from __future__ import annotations

import json
import re

import msgspec

from fr_envs.json_values import pointer_of

__all__ = ["UNREADABLE", "line_fault", "other_version", "version_of"]

UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""What reading a line can raise, whatever stands in it."""


def line_fault(line: bytes, error: Exception) -> str:
    """Say what is wrong with a line: it is no JSON, or none of the shape that was asked for.

    Args:
        line: The line.
        error: What reading it raised, one of ``UNREADABLE``.
    """
    fault = _syntax_fault(line)
    if fault:
        return f"no JSON: {fault}"
    if isinstance(error, msgspec.ValidationError):
        return f"no record: {_with_pointer(str(error))}"
    if isinstance(error, RecursionError):
        return f"no JSON: {_DEEP}"
    return "no JSON: half of a surrogate pair stands in a text"  # all else that msgspec refuses was refused above


_DEEP = "it is nested too deeply"
_AT = re.compile(r" - at `(key in )?\$([^`]*)`$")
_PART = re.compile(r"\.([^.\[]+)|\[([^\]]+)\]")


def _with_pointer(text: str) -> str:
    """Put the place that msgspec names after a dollar in front, as a JSON pointer."""
    found = _AT.search(text)
    if found is None:
        return text
    parts = ["*" if index == "..." else member or index for member, index in _PART.findall(found[2])]  # a key unsaid
    return f"{pointer_of(parts)}: {text[: found.start()]}"


def _syntax_fault(line: bytes) -> str:
    """Say why a line is no JSON; empty if it is, or nearly so."""
    try:
        text = line.decode()
    except UnicodeDecodeError as fault:
        return f"byte {fault.start + 1} of the line, 0x{line[fault.start]:02x}, is no UTF-8"
    try:
        json.loads(text, parse_constant=_refuse, parse_int=float)  # a number of any length
    except json.JSONDecodeError as fault:
        return f"{fault.msg.removesuffix(' at')} at character {fault.pos + 1} of the line"
    except RecursionError:
        return _DEEP
    except ValueError as fault:
        return str(fault)
    return ""


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


class _Versioned(msgspec.Struct):
    version: int


def version_of(line: bytes) -> int | None:
    """Return the version that a line of an older form says it has; None where it says none."""
    try:
        return msgspec.json.decode(line, type=_Versioned).version
    except UNREADABLE:
        return None


def other_version(what: str, version: int, ours: int) -> str:
    """Say that a record or a task is of another version than is read."""
    return f"a {what} of version {version}, and this reads version {ours}; use the release of funreason that wrote it"
