"""Calls among words: JSON, lists of calls as code, lines of code; and what only looks like one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.episode.reading.cursor import Got
from fr_envs.episode.reading.hints import names_a_tool, names_arguments, starts_like_a_call
from fr_envs.episode.reading.objects import Place, calls_in
from fr_envs.episode.reading.styles.forms import LISTED, call_at
from fr_envs.episode.reading.styles.invocations import NAME, invocations_at, past_heads
from fr_envs.episode.reading.styles.literals import Broken, Exhausted

if TYPE_CHECKING:
    from fr_envs.episode.reading.cursor import Cursor

__all__ = ["Words"]

_AFTER_CALL = re.compile(r"[ \t]*+(?:\Z|\n|[;,<`\[{}\]])")
_LINE_ENDS = re.compile(r"[ \t.!:)*\"']*+(?:\n|\Z)")
_GOES_ON = re.compile(r"[.\[][\w\"']|[ \t]*+[-+*/%|]")
_CODE_LINE = re.compile(r"[^\n]*[)\](,;][ \t]*+(?:\n|\Z)")
_MOST_CODE = 256
"""Lines that look like code and are read as calls in vain."""

_NEAR_START = 8
"""Characters, as a bullet or a bracket, that may stand before what is alone all the same."""


class Words:
    """Looks for calls among the words of one text; ``suspect`` says what looked like a call and is none.

    Args:
        cursor: The text.
    """

    __slots__ = ("_code", "_cursor", "_first", "last", "suspect")

    def __init__(self, cursor: Cursor) -> None:
        """Note where the words begin and end."""
        self._cursor = cursor
        self._code = _MOST_CODE
        self._first = cursor.blanks(0)
        self.last = len(cursor.text.rstrip())
        self.suspect = ""

    def value_at(self, at: int) -> Got | None:
        """Read JSON, or a list of calls as code; no calls where it is data, None where it is neither."""
        cursor = self._cursor
        if LISTED.match(cursor.text, at):
            return self._listed(at)
        hints = starts_like_a_call(cursor.text, at)
        try:
            value, end = cursor.json(at, loose=hints)
        except Exhausted:
            raise
        except Broken as broken:
            if hints:
                self._broken(at, broken)
            return None
        calls = calls_in(value, cursor.offer, Place.ALONE if self._is_alone(at, end) else Place.AMONG)
        if calls is None or (cursor.offer is None and not self._is_last(end)):
            return Got((), end)
        if not self._ends_well(end):
            self._suspect("a call stands in the middle of words; write it alone, or reply without it")
            return Got((), end)
        return Got(calls, end)

    def code_at(self, start: int) -> Got | None:
        """Read a line that begins like a call of an offered tool; None if it is words."""
        alone = start <= self._first + _NEAR_START
        if self._cursor.offer is None or self._code <= 0:
            return None
        name = NAME.match(self._cursor.text, past_heads(self._cursor, start).at)
        if name is None or not (alone or self._cursor.offers(name[0])):
            return None
        self._code -= 1
        try:
            got = self._line(start, name, alone=alone)
        except Exhausted:
            raise
        except Broken as broken:
            if self._cursor.offers(name[0]) and (broken.at >= self.last or _CODE_LINE.match(self._cursor.text, start)):
                self._suspect(broken.problem)
            return None
        if got is not None and _GOES_ON.match(self._cursor.text, got.end):
            self._suspect("a call is part of more code; write the call alone")
        return got if got is not None and self._ends_well(got.end) else None

    def _line(self, start: int, name: re.Match[str], *, alone: bool) -> Got | None:
        """The calls that begin with a name; None if it is a word."""
        cursor = self._cursor
        after = cursor.blanks(name.end())
        if cursor.text.startswith("(", after) and "\n" not in cursor.text[name.end() : after]:
            return self._invoked(start, alone=alone)
        if cursor.offer is None or not cursor.offers(name[0]):
            return None
        if cursor.text.startswith("{", after) or (alone and cursor.text.startswith("```", after)):
            return call_at(cursor, name.start())
        return call_at(cursor, name.start()) if alone and after >= self.last else None

    def _invoked(self, start: int, *, alone: bool) -> Got | None:
        found = invocations_at(self._cursor, start)
        known = any(self._cursor.offers(item.name) for item in found.items)
        if known or (alone and self._is_alone(start, found.end) and all(item.named for item in found.items)):
            return Got(tuple(item.call for item in found.items), found.end)
        return None

    def _listed(self, at: int) -> Got | None:
        cursor = self._cursor
        try:
            found = invocations_at(cursor, at)
        except Exhausted:
            raise
        except Broken as broken:
            name = NAME.search(cursor.text, at)
            if name and cursor.offers(name[0]):
                self._suspect(broken.problem)
            return None
        known = any(cursor.offers(item.name) for item in found.items)
        alone = cursor.offer is not None and self._is_alone(at, found.end)
        if known or (alone and all(item.named for item in found.items)):
            return Got(tuple(item.call for item in found.items), found.end)
        return None

    def _broken(self, at: int, broken: Broken) -> None:
        """Note what begins like a call and cannot be read, where it goes on like one or ends too early."""
        cut_off = broken.at >= len(self._cursor.text) and at <= self._first + _NEAR_START
        if cut_off or names_arguments(self._cursor.text, at) or names_a_tool(self._cursor, at):
            self._suspect(f"the call is no JSON: {broken.problem}")

    def _suspect(self, problem: str) -> None:
        self.suspect = self.suspect or problem

    def _is_alone(self, at: int, end: int) -> bool:
        return at <= self._first and end >= self.last

    def _is_last(self, end: int) -> bool:
        """Whether no more words follow."""
        after = self._cursor.blanks(end)
        return self._cursor.text[after : after + 1] in {"", "{", "[", "<", ";", ",", "`"}

    def _ends_well(self, end: int) -> bool:
        """Whether no words follow on the same line, other than a full stop."""
        text = self._cursor.text
        return _AFTER_CALL.match(text, end) is not None or _LINE_ENDS.match(text, end) is not None
