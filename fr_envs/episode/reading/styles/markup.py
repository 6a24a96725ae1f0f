"""Calls written as markup: ``<function=mkdir>…``, ``<invoke name="mkdir">…``, ``<arg_key>…``, ``<mkdir>…``."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from fr_envs.episode.reading.arguments import decoded, with_arguments
from fr_envs.episode.reading.cursor import Got, closer
from fr_envs.episode.reading.offer import bare_name, typed
from fr_envs.episode.reading.styles.literals import Broken
from fr_envs.episode.reading.tags import Attributes, Mark, attributes_of

if TYPE_CHECKING:
    from fr_envs.episode.reading.cursor import Cursor, Found
    from fr_envs.json_values import Json, JsonObject

__all__ = ["body_at", "element_at", "field_at", "names_a_call"]

_CARRIERS = frozenset({
    "function", "functioncall", "tool", "toolcall", "invoke", "action", "call", "tooluse", "usetool", "toolrequest",
    "functions", "execute", "run", "calltool", "plugin", "api", "command",
})  # fmt: skip
"""Marks that may name the tool themselves."""

_HOLDERS = frozenset({"parameters", "arguments", "args", "input", "inputs", "params", "kwargs", "parameter_list"})
_NAME_FIELDS = frozenset({"name", "tool_name", "function_name", "recipient_name", "tool", "function", "toolname"})
_AFTER = re.compile(r"\s*+(?:<|\Z|```|\[)")
_MOST_CLOSERS = 64
"""How many ends of an element are looked at, where its value holds marks that look like its end."""


def names_a_call(cursor: Cursor, found: Found) -> str:
    """Return the name of the tool that a mark calls, empty if it calls none."""
    tag = found.tag
    if tag.closing or not tag.word:
        return ""
    if tag.core in _CARRIERS:
        return tag.value or attributes_of(tag.rest).name
    if (
        tag.mark in (Mark.TEXT, Mark.MAYBE)
        and cursor.offers(tag.word)
        and (tag.alone or cursor.closer(tag.word, found.end))
    ):
        return tag.word
    return ""


def element_at(cursor: Cursor, found: Found, name: str) -> Got:
    """Read the call that a mark begins.

    Raises:
        Broken: It is none.
    """
    tag = found.tag
    given: JsonObject = {}
    if tag.rest and not tag.value:
        attributes = attributes_of(tag.rest)
        own = tag.core in _CARRIERS
        kept = {k: v for k, v in attributes.items() if not (own and v == attributes.name) and k not in {"id", "type"}}
        given = {k: _value(cursor, name, k, v) for k, v in kept.items()}
    if tag.alone:
        return _got(cursor, name, given, found.end)
    return body_at(cursor, found.end, name, tag.word, given)


def field_at(cursor: Cursor, found: Found) -> Got | None:
    """Read ``<tool_name>mkdir</tool_name><parameters>…``; None if no such field stands there."""
    tag = found.tag
    if tag.word.lower() not in _NAME_FIELDS or tag.closing or tag.value or tag.rest:
        return None
    end = cursor.closer(tag.word, found.end)
    name = cursor.text[found.end : end.start()].strip() if end else ""
    if not end or not name or len(name) > 128 or any(c in name for c in "<>{}\n\"'"):
        return None
    return body_at(cursor, end.end(), name, "", {})


def _got(cursor: Cursor, name: str, arguments: Json, end: int) -> Got:
    resolved = cursor.offer.resolve(name) if cursor.offer is not None else bare_name(name)
    return Got((with_arguments(resolved, arguments, ""),), end)


def body_at(cursor: Cursor, at: int, name: str, word: str, given: JsonObject) -> Got:
    """Read the arguments of a call from a place on: JSON, or elements, until its end.

    Raises:
        Broken: They cannot be read.
    """
    at = cursor.blanks(at)
    if cursor.text.startswith(("{", "```"), at):
        value, at = _json_at(cursor, at)
        if given and isinstance(value, dict):
            value = {**given, **value}
        return _got(cursor, name, value, _closed(cursor, at, word))
    arguments = dict(given)
    while True:
        at = cursor.blanks(at)
        found = cursor.tag(at)
        if found is None:
            break
        if found.tag.closing and found.tag.word.lower() in _HOLDERS:
            at = found.end
            continue
        if found.tag.closing or found.tag.mark in _OUTSIDE or _calls_another(cursor, found):
            break
        at = _parameter(cursor, found, name, arguments)
    if not arguments and at < len(cursor.text) and cursor.tag(at) is None:
        return _bare(cursor, at, name, word)
    return _got(cursor, name, arguments, _closed(cursor, at, word))


_OUTSIDE = frozenset({Mark.CALL, Mark.CALLED, Mark.THINK, Mark.THOUGHT, Mark.RESULT, Mark.TURN, Mark.NOISE})


def _calls_another(cursor: Cursor, found: Found) -> bool:
    """Whether the next call begins here; what is named like an offered tool may be a parameter all the same."""
    return found.tag.core in _CARRIERS and bool(names_a_call(cursor, found))


def _json_at(cursor: Cursor, at: int) -> tuple[Json, int]:
    fenced = cursor.text.startswith("```", at)
    if fenced:
        at = cursor.blanks(cursor.literals.text.find("\n", at) + 1 or len(cursor.text))
    value, at = cursor.json(at, loose=True)
    if fenced:
        after = cursor.blanks(at)
        at = after + 3 if cursor.text.startswith("```", after) else at
    return value, at


def _closed(cursor: Cursor, at: int, word: str) -> int:
    """Past the end of the element, where it has one."""
    after = cursor.blanks(at)
    found = closer(word).match(cursor.text, after) if word else None
    return found.end() if found else at


def _bare(cursor: Cursor, at: int, name: str, word: str) -> Got:
    """Text in place of elements: the value of the one parameter, or nothing that can be read."""
    end = cursor.closer(word, at) if word else None
    if end is None:
        raise Broken(f"the arguments of {name[:40]} are neither JSON nor elements", at)
    raise Broken(f"the arguments of {name[:40]} are neither JSON nor elements", end.end())


def _parameter(cursor: Cursor, found: Found, name: str, arguments: JsonObject) -> int:
    """Put one element among the arguments; return where it ends.

    Raises:
        Broken: It cannot be read, or is there already; ``at`` is -1 then.
    """
    tag = found.tag
    attributes = attributes_of(tag.rest)
    key = tag.value or attributes.name
    if not key and tag.word.lower() in _HOLDERS and not _takes(cursor, name, tag.word):
        return _held(cursor, found, arguments)
    if tag.core.endswith("argkey"):
        return _pair(cursor, found, name, arguments)
    if tag.alone:
        _put(arguments, key or tag.word, _value(cursor, name, key, attributes.get("value", "")))
        return found.end
    written, end = _content(cursor, found)
    _put(arguments, key or tag.word, _by_attributes(cursor, name, key or tag.word, (written, attributes)))
    return end


def _takes(cursor: Cursor, name: str, word: str) -> bool:
    if cursor.offer is None:
        return False
    resolved = cursor.offer.resolve(name)
    return resolved in cursor.offer and word in cursor.offer[resolved].schemas


def _held(cursor: Cursor, found: Found, arguments: JsonObject) -> int:
    """What stands between ``<arguments>`` and its end: JSON here, elements one by one."""
    at = cursor.blanks(found.end)
    if not cursor.text.startswith("{", at):
        return found.end
    value, at = cursor.json(at, loose=True)
    if isinstance(value, dict):
        for key, item in value.items():
            _put(arguments, key, item)
    return at


def _pair(cursor: Cursor, found: Found, name: str, arguments: JsonObject) -> int:
    key, at = _content(cursor, found)
    second = cursor.tag(cursor.blanks(at))
    if second is None or not second.tag.core.endswith("argvalue"):
        raise Broken(f"{key.strip()[:40]!r} is given no value", at)
    written, at = _content(cursor, second)
    _put(arguments, key.strip(), _value(cursor, name, key.strip(), written))
    return at


def _put(arguments: JsonObject, key: str, value: Json) -> None:
    if key in arguments:
        raise Broken(f"{key[:40]!r} is given twice", -1)
    arguments[key] = value


def _content(cursor: Cursor, found: Found) -> tuple[str, int]:
    """What an element holds, and where it ends: at the first of its ends behind which markup goes on."""
    first = end = cursor.closer(found.tag.word, found.end)
    for _ in range(_MOST_CLOSERS):
        if end is None or _AFTER.match(cursor.text, end.end()):
            break
        end = cursor.closer(found.tag.word, end.end())
    end = end or first
    following = _sibling(cursor, found, end.start() if end else len(cursor.text))
    if following is not None:
        if end and closer(found.tag.word).match(cursor.text, cursor.blanks(end.end())):
            raise Broken(f"it cannot be told where <{found.tag.word[:40]}> ends", end.end())
        return cursor.text[found.end : following], following
    if end is None:
        raise Broken(f"<{found.tag.word[:40]}> is not closed", len(cursor.text))
    return cursor.text[found.end : end.start()], end.end()


def _sibling(cursor: Cursor, found: Found, limit: int) -> int | None:
    """Where the next ``<parameter=…>`` begins, or the call ends, where this one was left open."""
    if not found.tag.value:
        return None
    start = _opener(found.tag.word).search(cursor.text, found.end, limit)
    return start.start() + 1 if start else None


@functools.lru_cache(maxsize=512)
def _opener(word: str) -> re.Pattern[str]:
    return re.compile(rf"\n[ \t]*<(?:{re.escape(word)}=|/function>)")


def _by_attributes(cursor: Cursor, name: str, key: str, given: tuple[str, Attributes]) -> Json:
    written, attributes = given
    said = attributes.get("string")
    if said == "true":
        return written
    if said == "false":
        value, problem = decoded(written)
        return written if problem else value
    return _value(cursor, name, key, written)


def _value(cursor: Cursor, name: str, key: str, written: str) -> Json:
    if cursor.offer is None:
        return typed(written, None)
    return cursor.offer.value(cursor.offer.resolve(name), key, written)
