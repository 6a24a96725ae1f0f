"""Calls at a place that is marked as one: JSON, code, markup, or a name with its arguments behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.episode.calls import Malformed
from fr_envs.episode.reading.arguments import with_arguments
from fr_envs.episode.reading.bounds import FORM, MAX_CALLS
from fr_envs.episode.reading.cursor import Got
from fr_envs.episode.reading.objects import Place, calls_in
from fr_envs.episode.reading.offer import bare_name
from fr_envs.episode.reading.styles.invocations import NAME, invocations_at
from fr_envs.episode.reading.styles.literals import Broken, Exhausted
from fr_envs.episode.reading.styles.markup import body_at, element_at, field_at, names_a_call
from fr_envs.episode.reading.tags import Mark

if TYPE_CHECKING:
    from fr_envs.episode.reading.cursor import Cursor
    from fr_envs.episode.reading.objects import Calls

__all__ = ["LISTED", "call_at", "malformed", "marked_at"]

LISTED = re.compile(r"\[\s*+(?:print\s*+\(\s*+)?[A-Za-z_][\w.:/-]*+\s*?\(")
"""The start of a list of calls written as code."""

_FENCE = re.compile(r"`{3,}[ \t]*+[\w+-]*+[ \t]*+\n?|~{3,}[ \t]*+\w*+[ \t]*+\n?")
_FENCE_END = re.compile(r"\s*+(?:`{3,}|~{3,})")
_CALLED = re.compile(r"`{3}(?:python)?[ \t]*+\n?tool_call\(")
"""Arguments in the form of a call of their own, as ChatGLM writes them below the name."""

_LEAD = re.compile(r"(?:call|tool|name|to|function(?:s)?)\s*+[:=]\s*+(?=[A-Za-z_])")
_IDENTIFIER = re.compile(r"[\w-]{1,64}")
_SEPARATORS = frozenset(
    {"toolsep", "toolcallargument", "args", "callid", "functionsep", "content", "constrain", "message"}
    | {"toolcallname", "toolcallargs", "toolcallarguments"}
)
_FIELD = re.compile(r"[ \t]*+\n?[ \t]*+(?:[Aa]rguments|[Pp]arameters|[Aa]rgs|[Ii]nput|[Pp]arams)\s*+[:=]\s*+")
_LEFT_OVER = re.compile(r"[\s}\])]*+(?=<|\Z|\[/)")
_BESIDE = frozenset({"server_name", "id", "type", "thought", "reasoning", "explanation"})
"""Elements that may stand before the one that names the tool."""

_BETWEEN = re.compile(r"[\s;,]*+")


def malformed(problem: str) -> Malformed:
    """Return what stands in the place of a call that cannot be read."""
    known = ("more than", "the call", "the arguments", "the list", "the thinking", "nothing", "a call", "only")
    said = problem if problem.startswith(known) else f"the call is no JSON: {problem}"
    return Malformed(said if FORM in said or said.endswith("at a time") else f"{said}; {FORM}")


def marked_at(cursor: Cursor, at: int) -> Got:
    """Read all calls between the marks that begin just before a place.

    Raises:
        Broken: There is none; ``at`` is where looking stopped.
    """
    calls: Calls = ()
    end = at + cursor.text.startswith(">", at)  # <<function>>
    while True:
        at = _after_marks(cursor, end, started=bool(calls))
        if at < 0 or (calls and not _goes_on(cursor, at)):
            break
        try:
            found = call_at(cursor, at)
        except Exhausted:
            raise
        except Broken as broken:
            if not calls:
                raise
            calls = (*calls, malformed(broken.problem))
            end = max(broken.at, at)
            break
        calls = (*calls, *found.calls)
        if len(calls) > MAX_CALLS:
            raise Exhausted(f"more than {MAX_CALLS} calls; write fewer at a time", len(cursor.text))
        end = found.end
        left = _LEFT_OVER.match(cursor.text, end)
        end = left.end() if left else end
    return Got(calls, end)


def _after_marks(cursor: Cursor, at: int, *, started: bool) -> int:
    """Past blanks and marks that open; -1 where the calls end."""
    while True:
        between = _BETWEEN.match(cursor.text, at) if started else None
        at = between.end() if between else cursor.blanks(at)
        found = cursor.tag(at)
        if found is None:
            return at if at < len(cursor.text) or not started else -1
        if started and found.tag.mark not in (Mark.CALLED, Mark.CALL, Mark.MAYBE):
            return at if names_a_call(cursor, found) else -1
        if found.tag.mark not in (Mark.CALL, Mark.MAYBE) or names_a_call(cursor, found):
            return -1 if started and found.tag.mark is Mark.CALLED else at
        if field_at(cursor, found):
            return at
        if started:
            return -1
        at = found.end


def _goes_on(cursor: Cursor, at: int) -> bool:
    """Whether another call of the same marks stands at a place."""
    if cursor.text.startswith(("{", "["), at):
        return True
    found = cursor.tag(at)
    if found is not None:
        return bool(names_a_call(cursor, found))
    name = NAME.match(cursor.text, at)
    return bool(name) and cursor.text.startswith("(", name.end() if name else at)


def call_at(cursor: Cursor, at: int) -> Got:
    """Read what stands at a place as a call, or as a list of them.

    Raises:
        Broken: It is none.
    """
    at = cursor.blanks(at)
    text = cursor.text
    fence = _FENCE.match(text, at)
    if fence:
        return _fenced(cursor, fence.end())
    if text.startswith("<", at):
        return _markup(cursor, at)
    if LISTED.match(text, at):
        return _code(cursor, at)
    if text[at : at + 1] in _OPENINGS:
        value, end = cursor.json(at, loose=True)
        calls = calls_in(value, cursor.offer, Place.MARKED)
        assert calls is not None
        return Got(calls, end)
    return _named(cursor, at)


def _fenced(cursor: Cursor, at: int) -> Got:
    if _FENCE.match(cursor.text, cursor.blanks(at)):
        raise Broken("the block is empty", at)
    got = call_at(cursor, at)
    end = _FENCE_END.match(cursor.text, got.end)
    return Got(got.calls, end.end() if end else got.end)


_OPENINGS = frozenset("{[\"'“‘")


def _code(cursor: Cursor, at: int) -> Got:
    found = invocations_at(cursor, at)
    return Got(tuple(item.call for item in found.items), found.end)


def _markup(cursor: Cursor, at: int) -> Got:
    found = cursor.tag(at)
    if found is None:
        raise Broken("no value stands where one should", at)
    if found.tag.word in _BESIDE and not found.tag.closing:
        end = cursor.closer(found.tag.word, found.end)
        if end:
            return call_at(cursor, end.end())
    name = names_a_call(cursor, found)
    if name:
        return element_at(cursor, found, name)
    got = field_at(cursor, found)
    if got is None:
        raise Broken("no value stands where one should", at)
    return got


# ------------------------------------------------------------------------------------- a name, then its arguments


def _named(cursor: Cursor, at: int) -> Got:
    """``mkdir{…}``, ``mkdir[ARGS]{…}``, ``function<sep>mkdir``, ``mkdir<arg_key>…``, ``mkdir(…)``."""
    lead = _LEAD.match(cursor.text, at)
    start = lead.end() if lead else at
    name = NAME.match(cursor.text, start)
    if name is None:
        raise Broken("no value stands where one should" if at < len(cursor.text) else "the text ends too early", at)
    if cursor.text.startswith("(", name.end()):
        return _code(cursor, start)
    after = _past_separators(cursor, name.end())
    parted = cursor.tag(cursor.blanks(name.end()))
    numbered = parted is not None and parted.tag.core == "toolcallname"  # the call's number stands before its name
    if (numbered or name[0] in ("function", "custom")) and after > name.end() and not cursor.offers(name[0]):
        if cursor.text.startswith("<", after):
            return call_at(cursor, after)
        second = NAME.match(cursor.text, after)
        if second:
            name, after = second, _past_separators(cursor, second.end())
    field = _FIELD.match(cursor.text, after)
    after = field.end() if field else after
    return _with_body(cursor, name[0], after)


def _past_separators(cursor: Cursor, at: int) -> int:
    """Past the marks that part a name from its arguments, blanks, and the word that names their format."""
    while True:
        at = cursor.blanks(at)
        found = cursor.tag(at)
        if found is None or found.tag.core not in _SEPARATORS or found.tag.mark is Mark.TEXT:
            break
        at = found.end
        word = _IDENTIFIER.match(cursor.text, at)
        if word and found.tag.core in {"callid", "constrain"}:
            at = word.end()
    if cursor.text.startswith("json", at) and cursor.text[at + 4 : at + 5] in {"\n", "{", " ", "<"}:
        return _past_separators(cursor, at + 4)
    return at


def _with_body(cursor: Cursor, name: str, at: int) -> Got:
    at = cursor.blanks(at)
    found = cursor.tag(at)
    code = _CALLED.match(cursor.text, at)
    if code:
        written = cursor.literals.call(code.end() - 1)
        end = _FENCE_END.match(cursor.text, written.end)
        resolved = bare_name(name) if cursor.offer is None else cursor.offer.resolve(name)
        return Got((with_arguments(resolved, written.named, ""),), end.end() if end else written.end)
    if cursor.text.startswith(("{", "```"), at) or (found and found.tag.mark is Mark.TEXT and not found.tag.closing):
        return body_at(cursor, at, name, "", {})
    if at >= len(cursor.text) or found or cursor.text.startswith("[/", at):
        resolved = bare_name(name) if cursor.offer is None else cursor.offer.resolve(name)
        if not found and not cursor.offers(name):
            raise Broken("the text ends too early", at)
        return Got((with_arguments(resolved, None, ""),), at)
    raise Broken(f"{name[:40]!r} is followed by no arguments", at)
