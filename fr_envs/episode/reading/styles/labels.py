"""Calls under labels, as agents of the ReAct kind write them: ``Action: mkdir``, ``Action Input: {…}``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.episode.reading.arguments import with_arguments
from fr_envs.episode.reading.cursor import Got
from fr_envs.episode.reading.styles.forms import LISTED, call_at
from fr_envs.episode.reading.styles.invocations import NAME
from fr_envs.episode.reading.styles.literals import Broken, Exhausted

if TYPE_CHECKING:
    from fr_envs.episode.reading.cursor import Cursor
    from fr_envs.json_values import Json

__all__ = ["CUTS", "LABEL", "labelled_at"]

LABEL = (
    r"(?i:Action|Tool|Function|Tool[ _]Call|Function[ _]Call|Call|API|Tool[ _]Name|Action[ _]Name|Calling|Use[ _]Tool"
    r"|Invoke|Command|Tool[ _]Calls|Tool[ _]Used|Tool[ _]to[ _]use|Function[ _]Name|✿FUNCTION✿)"
    r"[*_ \t]{0,6}[:：][*_]{0,3}"
)
"""What stands before a call on a line of its own."""

CUTS = (
    r"(?i:Observation|Tool[ _](?:Response|Output|Result)|Function[ _](?:Output|Result)|✿RESULT✿)"
    r"[*_ \t]{0,6}[:：]"
)
"""What only a tool can say; a model that goes on with it makes it up."""

_INPUT = re.compile(
    r"[ \t.]*+\n\s*+[>*_#]{0,4}\s*+"
    r"(?:(?:(?:Action|Tool|Function)[ _])?(?:Inputs?|Arguments|Parameters|Args|Params)|✿ARGS✿|With"
    r"|Arguments[ _]JSON)[*_ \t]{0,6}[:：][*_]{0,3}[ \t]*+",
    re.IGNORECASE,
)
_INDENTED = re.compile(r"\n[ \t-]{1,16}[\w\"']{1,64}[ \t]*+[:=]")
_KEY = re.compile(r"\s*+[\"']?(\w{1,64})[\"']?[ \t]*+[:=](?!/)")
_LINE_END = re.compile(r"[ \t`.]*+(?=\n|\Z|<)")
_SQUARE = re.compile(r"\[([^\[\]\n]*)\]")
_QUOTE = re.compile(r"[\"'`*]{0,3}")
_NOT_CALLED = frozenset({"final answer", "finish", "none", "n/a", "answer", "respond", "reply", "final_answer"})


def labelled_at(cursor: Cursor, at: int) -> Got | None:
    """Read the call behind a label; None if words stand there.

    Raises:
        Broken: What stands there looks like a call and is none.
    """
    text = cursor.text
    start = cursor.blanks(at)
    if text.startswith(("{", "```", "[{", "[\n"), start) or LISTED.match(text, start):
        return call_at(cursor, start)
    if "\n" in text[at:start] and not text.startswith("<", start):
        start_of_name = NAME.match(text, start)
        if not start_of_name or not cursor.offers(start_of_name[0]):
            return None
    quote = _QUOTE.match(text, start)
    name = NAME.match(text, quote.end() if quote else start)
    if name is None or name[0].lower() in _NOT_CALLED:
        return None
    if text.startswith("(", name.end()):
        return _as_code(cursor, name)
    return _by_lines(cursor, name)


def _as_code(cursor: Cursor, name: re.Match[str]) -> Got | None:
    if not cursor.offers(name[0]) and cursor.offer is not None and not _ends_line(cursor, name.end()):
        return None
    try:
        return call_at(cursor, name.start())
    except Exhausted:
        raise
    except Broken:
        if cursor.offers(name[0]):
            raise
    return None


def _ends_line(cursor: Cursor, at: int) -> bool:
    end = cursor.text.find("\n", at)
    return cursor.text[at : end if end >= 0 else len(cursor.text)].rstrip().endswith(")")


def _by_lines(cursor: Cursor, name: re.Match[str]) -> Got | None:
    """``mkdir`` and its input on the lines below, or ``mkdir[drafts]``, or ``mkdir`` alone."""
    offered = cursor.offers(name[0])
    quote = _QUOTE.match(cursor.text, name.end())
    end = quote.end() if quote else name.end()
    given = _INPUT.match(cursor.text, end)
    if given:
        return _with_input(cursor, name[0], given.end())
    square = _SQUARE.match(cursor.text, end)
    if square and offered:
        return Got(
            (with_arguments(_resolved(cursor, name[0]), _bare(cursor, name[0], square[1], end), ""),), square.end()
        )
    after = cursor.blanks(end + cursor.text.startswith(":", end))
    if cursor.text.startswith("{", after) and (offered or "\n" not in cursor.text[end:after]):
        return call_at(cursor, name.start())
    line = _LINE_END.match(cursor.text, end)
    if offered and line:
        return Got((with_arguments(_resolved(cursor, name[0]), None, ""),), line.end())
    return None


def _with_input(cursor: Cursor, name: str, at: int) -> Got:
    start = cursor.blanks(at)
    if cursor.text.startswith(("{", "```", "["), start):
        return _object(cursor, name, start)
    cut = cursor.text.find("\n", at)
    end = cut if cut >= 0 else len(cursor.text)
    written = cursor.text[at:end].strip()
    if not written and _INDENTED.match(cursor.text, end):
        raise Broken(f"the arguments of {name[:40]} are no JSON", end)
    if written.lower() in {"", "none", "null", "n/a", "{}"}:
        return Got((with_arguments(_resolved(cursor, name), None, ""),), end)
    return Got((with_arguments(_resolved(cursor, name), _bare(cursor, name, written, end), ""),), end)


def _object(cursor: Cursor, name: str, at: int) -> Got:
    fence = cursor.text.startswith("```", at)
    if fence:
        at = cursor.blanks(cursor.text.find("\n", at) + 1 or len(cursor.text))
    value, end = cursor.json(at, loose=True)
    after = cursor.blanks(end)
    if fence and cursor.text.startswith("```", after):
        end = after + 3
    return Got((with_arguments(_resolved(cursor, name), value, ""),), end)


def _bare(cursor: Cursor, name: str, written: str, at: int) -> Json:
    """The arguments that a bare text stands for: the value of the one parameter."""
    resolved = _resolved(cursor, name)
    sole = cursor.offer[resolved].sole if cursor.offer is not None and resolved in cursor.offer else None
    if not written.strip():
        return None
    key = _KEY.match(written)
    if key and cursor.offer is not None and resolved in cursor.offer and key[1] in cursor.offer[resolved].schemas:
        raise Broken(f"the arguments of {name[:40]} are no JSON", at)
    if sole is None or cursor.offer is None:
        raise Broken(f"the arguments of {name[:40]} are no object", at)
    return {sole: cursor.offer.value(resolved, sole, written.strip().strip("\"'"))}


def _resolved(cursor: Cursor, name: str) -> str:
    return name if cursor.offer is None else cursor.offer.resolve(name)
