"""Fenced blocks: calls where they hold nothing else, otherwise part of the words."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.episode.reading.bounds import MAX_CALLS
from fr_envs.episode.reading.cursor import Cursor, Got
from fr_envs.episode.reading.hints import names_arguments, starts_like_a_call
from fr_envs.episode.reading.objects import Place, calls_in
from fr_envs.episode.reading.styles.forms import LISTED, call_at, malformed
from fr_envs.episode.reading.styles.invocations import invocations_at
from fr_envs.episode.reading.styles.literals import Broken, Exhausted
from fr_envs.episode.reading.tags import Mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.episode.calls import Action
    from fr_envs.episode.reading.objects import Calls
    from fr_envs.episode.reading.offer import Offer

__all__ = ["block_at"]

_FENCE = re.compile(
    r"(?P<bar>`{3,}|[ \t]*~{3,})[ \t]*+(?P<lang>[\w+.-]*+)(?:[ \t][^\n`{\[(]{0,200}(?=\n))?[ \t]*+(?P<eol>\n?)"
)
_CALL_BLOCKS = frozenset({"tool_code", "tool_call", "tool_calls", "tool", "function_call"})
"""Languages of blocks that are for calls alone."""

_CALLED_LINE = re.compile(
    r"^[ \t]*+(?:[\w.]+[ \t]*+=[ \t]*+)?(?:await[ \t]++|print\()?([A-Za-z_][\w.:/-]*+)[ \t]*+\(", re.MULTILINE
)
_LOOKED_AT = 64


class _Block(NamedTuple):
    """The content of a block, its language in small letters, and where it ends."""

    content: str
    language: str
    end: int


def block_at(cursor: Cursor, at: int, scan: Callable[[str, Offer | None], Action]) -> Got | None:
    """Read the block that begins at a place; no calls where it is part of the words, None where none begins.

    Args:
        cursor: The text.
        at: Where the fence begins.
        scan: Reads a text that holds marks.
    """
    opening = _FENCE.match(cursor.text, at)
    if opening is None:
        return None
    bar = opening["bar"].strip()
    got = _values(cursor, cursor.blanks(opening.end()))
    if got is not None:
        closing = cursor.blanks(got.end)
        if cursor.text.startswith(bar, closing) or closing >= len(cursor.text):
            return Got(got.calls, min(closing + len(bar), len(cursor.text)))
    block = _content(cursor, opening, bar)
    return Got(_calls(block, cursor.offer, scan) if block.content.strip() else (), block.end)


def _content(cursor: Cursor, opening: re.Match[str], bar: str) -> _Block:
    lines = bool(opening["eol"])
    text = cursor.text
    closing = text.find(f"\n{bar}" if lines else bar, opening.end() - lines)
    until = closing if closing >= 0 else len(text)
    end = closing + len(bar) + lines if closing >= 0 else len(text)
    return _Block(text[opening.end() : until], opening["lang"].lower(), end)


def _values(cursor: Cursor, at: int) -> Got | None:
    """The calls in a row of JSON values; None if any of them is data, or there is none."""
    calls: Calls = ()
    end = at
    while cursor.text[at : at + 1] in {"{", "["} and len(calls) <= MAX_CALLS:
        if LISTED.match(cursor.text, at):
            return None
        try:
            value, end = cursor.json(at, loose=True)
        except Exhausted:
            raise
        except Broken:
            return None
        found = calls_in(value, cursor.offer, Place.AMONG)
        if found is None:
            return None if calls else Got((), end)
        calls = (*calls, *found)
        at = cursor.blanks(end)
        if cursor.text[at : at + 1] in {",", ";"}:
            at = cursor.blanks(at + 1)
    return Got(calls, end) if calls else None


def _calls(block: _Block, offer: Offer | None, scan: Callable[[str, Offer | None], Action]) -> Calls:
    cursor = Cursor(block.content, offer)
    found = cursor.tag(cursor.blanks(0))
    if found is not None and found.tag.mark in (Mark.CALL, Mark.MAYBE, Mark.TEXT):
        inner = scan(block.content, offer)
        return inner.calls if inner.calls and (found.tag.mark is Mark.CALL or not inner.text) else ()
    marked = block.language in _CALL_BLOCKS
    calls = _code(cursor, marked=marked)
    if calls:
        return calls
    called = any(cursor.offers(m[1]) for m in islice(_CALLED_LINE.finditer(block.content), _LOOKED_AT))
    broken = starts_like_a_call(block.content, cursor.blanks(0)) and names_arguments(block.content, 0)
    if called or broken or marked:
        return (malformed("the call is no JSON, and more than names and literals"),)
    return ()


def _code(cursor: Cursor, *, marked: bool) -> Calls:
    """The calls written as code; none if there is anything else."""
    text = cursor.text
    try:
        if marked and text.lstrip()[:1] not in {"{", "["} and "(" not in text:
            return call_at(cursor, 0).calls
        found = invocations_at(cursor, 0)
    except Exhausted:
        raise
    except Broken:
        return ()
    if cursor.literals.skip(found.end) < len(text.rstrip()):
        return ()
    known = marked or (cursor.offer is not None and all(cursor.offers(item.name) for item in found.items))
    return tuple(item.call for item in found.items) if known else ()
