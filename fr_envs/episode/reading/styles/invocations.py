"""Calls written as code: ``mkdir(path="drafts")``, in lists, in blocks, one or several; read, never evaluated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.episode.reading.arguments import with_arguments
from fr_envs.episode.reading.bounds import MAX_CALLS
from fr_envs.episode.reading.offer import bare_name
from fr_envs.episode.reading.styles.literals import Broken, Exhausted, Written

if TYPE_CHECKING:
    from fr_envs.episode.calls import Malformed
    from fr_envs.episode.reading.cursor import Cursor
    from fr_envs.json_values import JsonObject
    from fr_envs.world.tool_call import ToolCall

__all__ = ["NAME", "Heads", "Invocation", "Invocations", "invocations_at", "past_heads"]

NAME = re.compile(r"[A-Za-z_]\w*+(?:[.:/-]\w++)*+")
"""The name of a tool, with the namespaces that models put before it."""

_HEAD = re.compile(r"(?:await|return|yield)\s++|[A-Za-z_][\w.]*+(?:\s*+:[^=\n(]{1,40})?\s*+=(?!=)\s*+|call:\s*+")
_PRINT = re.compile(r"(?:print|str|json\.dumps|display)\s*+\(\s*+")
_BETWEEN = re.compile(r"[\s;,]*+")
_MOST_HEADS = 8


class Invocation(NamedTuple):
    """One call written as code.

    Attributes:
        call: The call, or what is wrong with it.
        name: Its name as written.
        named: All its values are given by name, or it has none.
    """

    call: ToolCall | Malformed
    name: str
    named: bool


class Invocations(NamedTuple):
    """Calls one after the other.

    Attributes:
        items: In order, at least one.
        end: Where they end.
        listed: They stand in square brackets.
    """

    items: tuple[Invocation, ...]
    end: int
    listed: bool


def invocations_at(cursor: Cursor, at: int) -> Invocations:
    """Read calls from a place on, as far as there are any.

    Raises:
        Broken: None stands there, or one in a list is broken.
    """
    literals, text = cursor.literals, cursor.text
    at = literals.skip(at)
    listed = text.startswith("[", at)
    at = literals.skip(at + 1) if listed else at
    items: list[Invocation] = []
    end = at
    while not (items and (_ends(text, at, listed=listed) or not _follows(cursor, at, listed=listed))):
        item, end = _one(cursor, at)
        items.append(item)
        if len(items) > MAX_CALLS:
            raise Exhausted(f"more than {MAX_CALLS} calls; write fewer at a time", end)
        at = _past(cursor, end)
    return Invocations(tuple(items), at + 1 if listed else end, listed)


def _past(cursor: Cursor, at: int) -> int:
    """Past comments, blanks and what stands between two calls."""
    found = _BETWEEN.match(cursor.text, cursor.literals.skip(at))
    return cursor.literals.skip(found.end()) if found else at


def _ends(text: str, at: int, *, listed: bool) -> bool:
    if not listed:
        return at >= len(text)
    if at >= len(text):
        raise Broken("the list of calls is not closed", at)
    return text.startswith("]", at)


def _follows(cursor: Cursor, at: int, *, listed: bool) -> bool:
    """Whether another call follows; in a list nothing else may."""
    if listed:
        return True
    start, _ = past_heads(cursor, at)
    name = NAME.match(cursor.text, start)
    return bool(name) and cursor.text.startswith("(", name.end() if name else at)


class Heads(NamedTuple):
    """What stands before a call.

    Attributes:
        at: Where the call begins.
        opened: Brackets that are open there.
    """

    at: int
    opened: int


def past_heads(cursor: Cursor, at: int) -> Heads:
    """Return where the call behind ``x = await print(`` begins."""
    opened = 0
    for _ in range(_MOST_HEADS):
        head = _HEAD.match(cursor.text, at)
        if head:
            at = head.end()
            continue
        wrapping = _PRINT.match(cursor.text, at)
        if not wrapping or cursor.offers(wrapping[0].split("(")[0].strip()):
            break
        at, opened = wrapping.end(), opened + 1
    return Heads(at, opened)


def _one(cursor: Cursor, at: int) -> tuple[Invocation, int]:
    at, opened = past_heads(cursor, at)
    name = NAME.match(cursor.text, at)
    if not name:
        raise Broken("no call stands where one should", at)
    bracket = cursor.blanks(name.end()) if cursor.text[name.end() : name.end() + 1] in {" ", "\t"} else name.end()
    if not cursor.text.startswith("(", bracket):
        raise Broken(f"{name[0][:40]!r} is not called", bracket)
    written = cursor.literals.call(bracket)
    end = written.end
    for _ in range(opened):
        end = cursor.literals.skip(end)
        if not cursor.text.startswith(")", end):
            raise Broken("more than a call stands in brackets", end)
        end += 1
    return _made(cursor, name[0], written), end


def _made(cursor: Cursor, written_name: str, written: Written) -> Invocation:
    name = cursor.offer.resolve(written_name) if cursor.offer is not None else bare_name(written_name)
    arguments = _by_name(cursor, name, written)
    return Invocation(with_arguments(name, arguments, ""), name, not written.positional)


def _by_name(cursor: Cursor, name: str, written: Written) -> JsonObject:
    positional, named = written.positional, written.named
    if not positional:
        return named
    if len(positional) == 1 and not named and isinstance(positional[0], dict):
        return positional[0]
    if cursor.offer is None or name not in cursor.offer:
        raise Broken(f"the arguments of {name[:40]} have no names", written.end)
    names = list(cursor.offer[name].schemas)
    if len(positional) > len(names):
        raise Broken(f"{name} takes {len(names)} arguments", written.end)
    placed = dict(zip(names, positional, strict=False))
    if placed.keys() & named.keys():
        raise Broken(f"an argument of {name} is given twice", written.end)
    return {**placed, **named}
