"""Reading a text from left to right: thinking apart, calls in order, words as the reply."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from fr_envs.calls import Action, Malformed
from fr_envs.reading.bounds import FORM, MAX_CALLS, mended
from fr_envs.reading.cursor import Cursor, Got
from fr_envs.reading.forms import LISTED, call_at, malformed, marked_at
from fr_envs.reading.harmony import BARE, bare_message_at, message_at
from fr_envs.reading.invocations import NAME, invocations_at, past_heads
from fr_envs.reading.labels import CUTS, LABEL, labelled_at
from fr_envs.reading.literals import Broken, Exhausted
from fr_envs.reading.markup import element_at, names_a_call
from fr_envs.reading.objects import Place, calls_in
from fr_envs.reading.tags import TAG, Mark, tag_of

if TYPE_CHECKING:
    from fr_envs.reading.cursor import Found
    from fr_envs.reading.objects import Calls
    from fr_envs.reading.offer import Offer

__all__ = ["scan"]

_PLACES = re.compile(
    r"(?P<tag>" + TAG.pattern + r")"
    r"|(?P<fence>`{3,})"
    r"|(?P<value>[{\[](?=\s*+[{\[\"'“‘A-Za-z_]))"
    r"|\n[ \t>*_#-]{0,8}(?:(?P<tilde>~{3,})|(?P<cut>" + CUTS + r")|(?P<label>" + LABEL + r")"
    r"|(?P<code>[A-Za-z_][\w.:/-]*+)(?:[ \t]*+(?:[({=]|$|\n\s{0,8}\{|[ \t][A-Za-z_][\w.]*+\()|(?<=\bawait)))",
    re.MULTILINE,
)
"""Every place at which something other than words may begin; each begins with one of a few characters."""

_FENCE = re.compile(r"(?P<bar>`{3,}|[ \t]*~{3,})[ \t]*+(?P<lang>[\w+.-]*+)[ \t]*+(?P<eol>\n?)")
_AFTER_CALL = re.compile(r"[ \t]*+(?:\Z|\n|[;,<`\[{}\]])")
_LINE_ENDS = re.compile(r"[ \t.!:)*\"']*+(?:\n|\Z)")
_CALL_KEY = re.compile(
    r"[{\[\s\"'“”‘’]{1,64}(?:name|tool|function|action|tool_name|tool_calls?|function_call|toolName|arguments|parameters|"
    r"type|recipient_name|tool_uses|thought|id)[\"'“”‘’]?\s*+:"
)
_ARGUMENT_KEY = re.compile(r"[\"'“](?:arguments|parameters|args|action_input|tool_input|input)[\"'”]\s*+:")
_THOUGHT = re.compile(r"\A\s*+[*_#]{0,3}Thought[*_]{0,3}[:：][*_]{0,3}\s*+", re.IGNORECASE)
_FINAL = re.compile(r"^[ \t*_#]{0,6}Final Answer[*_]{0,3}[:：][*_]{0,3}[ \t]*+", re.MULTILINE | re.IGNORECASE)
_GRANITE = re.compile(r"\A\s*+Here(?:'s| is) my (?:thought process|thoughts?)[:.]\s*+", re.IGNORECASE)
_RESPONSE = re.compile(r"Here(?:'s| is) my (?:response|answer|reply)[:.]\s*+", re.IGNORECASE)
_ASSISTANTS = frozenset({"assistant", "model", "ai", "bot"})
_ROLE = re.compile(r"\s*+([A-Za-z]{2,16})[ \t]*+\n?")
MAX_PLACES = 10_000
"""Places of one text at which something other than words may begin."""

_MOST_CODE = 256
"""Lines that look like code and are read as calls in vain."""


def scan(text: str, offer: Offer | None) -> Action:
    """Read a text that is not JSON from end to end."""
    return _Scan(text, offer).action()


class _Scan:
    """One pass over one text."""

    __slots__ = ("calls", "code", "cursor", "first", "groups", "kept", "last", "marked", "said", "stripped", "suspect", "text", "thoughts", "unclosed", "words_until")

    def __init__(self, text: str, offer: Offer | None) -> None:
        text = f"\n{text}"
        self.cursor = Cursor(text, offer)
        self.text = text
        self.calls: Calls = ()
        self.said: list[str] = []
        self.groups: list[list[str]] = []
        self.thoughts: list[str] = []
        self.kept = 0
        self.suspect = ""
        self.unclosed = False
        self.code = _MOST_CODE
        self.words_until = 0
        self.marked = False
        self.stripped = BARE.search(text) if " to=" in text else None
        self.first = self.cursor.blanks(0)
        self.last = len(text.rstrip())

    def run(self) -> None:
        """Go through the text once."""
        at = 0
        for _ in range(MAX_PLACES):
            if len(self.calls) > MAX_CALLS:
                break
            place = _PLACES.search(self.text, at)
            if self.stripped is not None and (place is None or place.start() > self.stripped.start()):
                at = self._bare(self.stripped)
                continue
            if place is None:
                break
            end = self._at(place)
            at = max(place.start() + 1, end or 0)
        else:
            raise Exhausted(f"more than {MAX_PLACES:,} places of the text look like calls", at)
        self.keep(len(self.text))

    def keep(self, until: int, then: int | None = None) -> None:
        """Put the words up to a place aside; go on behind what stands there."""
        if until > self.kept:
            self.said.append(self.text[self.kept : until])
        self.kept = max(self.kept, until if then is None else then)

    def _at(self, place: re.Match[str]) -> int | None:
        """Read what begins at a place; return where it ends, None if only words do."""
        kind = place.lastgroup
        if place["tag"] is not None:
            return self._tag(place)
        if kind in ("fence", "tilde"):
            return self._fence(place.start(kind))
        if kind == "value":
            return self._value(place.start())
        if kind == "cut":
            return self.drop(place.start(), len(self.text)) if self.calls else None
        if place["label"] is not None:
            return self._label(place)
        return self._code(place)

    def take(self, calls: Calls, start: int, end: int) -> int:
        """Add calls that stand between two places."""
        self.keep(start, end)
        self.groups.append(self.said)
        self.said = []
        self.calls = (*self.calls, *calls)
        return end

    def drop(self, start: int, end: int, thought: str = "") -> int:
        """Leave out what stands between two places."""
        self.keep(start, end)
        if thought.strip():
            self.thoughts.append(thought.strip())
        return end

    # ------------------------------------------------------------------------------------------------- marks

    def _tag(self, place: re.Match[str]) -> int | None:
        found = self.cursor.tag(place.start())
        if found is None or self._quoted(place):
            return None
        name = names_a_call(self.cursor, found)
        if name and (found.tag.value or self.cursor.offers(name) or found.tag.core in _NAMING or self.cursor.offer is None):
            return self._element(found, name)
        handler = _HANDLERS.get(found.tag.mark)
        return handler(self, found) if handler else None

    def _quoted(self, place: re.Match[str]) -> bool:
        """Whether a mark stands between backticks, as one that is talked about does."""
        around = self.text[max(place.start() - 1, 0) : place.start()], self.text[place.end() : place.end() + 1]
        return around == ("`", "`")

    def _element(self, found: Found, name: str) -> int:
        try:
            got = element_at(self.cursor, found, name)
        except Exhausted:
            raise
        except Broken as broken:
            return self._broken(found.start, max(found.end, broken.at), broken.problem)
        return self.take(got.calls, found.start, got.end)

    def _begin(self, found: Found) -> int:
        try:
            got = marked_at(self.cursor, found.end)
        except Exhausted:
            raise
        except Broken as broken:
            problem = "nothing stands between the marks" if not self.text[found.end :].strip() else broken.problem
            return self._broken(found.start, max(found.end, broken.at), problem)
        return self.take(got.calls, found.start, got.end)

    def _broken(self, start: int, at: int, problem: str) -> int:
        """A marked call that cannot be read; goes on at the next mark that matters."""
        while (found := self.cursor.next_tag(at)) is not None:
            if found.tag.mark is not Mark.TEXT or names_a_call(self.cursor, found):
                break
            at = found.end
        end = len(self.text) if found is None else found.end if found.tag.mark is Mark.CALLED else found.start
        return self.take((malformed(problem),), start, end)

    def _maybe(self, found: Found) -> int | None:
        if found.start < self.words_until:
            return None
        try:
            got = marked_at(self.cursor, found.end)
        except Exhausted:
            raise
        except Broken as broken:
            self.words_until = broken.at
            return None
        self.words_until = got.end
        if any(isinstance(call, Malformed) for call in got.calls):
            return None
        if self.cursor.offer is not None and not any(
            call.name in self.cursor.offer for call in got.calls if not isinstance(call, Malformed)
        ):
            return None
        return self.take(got.calls, found.start, got.end)

    def _ended(self, found: Found) -> int:
        if found.tag.core in _TOOL_ENDS:
            self.marked = True
        return self.drop(found.start, found.end)

    def _think(self, found: Found) -> int:
        at = found.end
        depth = 1
        while (end := self.cursor.next_tag(at)) is not None:
            at = end.end
            if end.tag.mark in (Mark.THINK, Mark.THOUGHT) and end.tag.core == found.tag.core:
                depth += 1 if end.tag.mark is Mark.THINK else -1
                if end.tag.mark is Mark.THOUGHT:
                    break
        if end is None:
            self.unclosed = True
            return self.drop(found.start, len(self.text), self.text[found.end :])
        return self.drop(found.start, end.end, self.text[found.end : end.start])

    def _thought(self, found: Found) -> int:
        """Thinking ends that never began: all that stands before was thought."""
        self.keep(found.start, found.end)
        self.thoughts.append(self._words())
        self.groups, self.said, self.calls, self.suspect, self.marked = [], [], (), "", False
        return found.end

    def _result(self, found: Found) -> int:
        """What only a tool can say: what the model makes up from here on is not read."""
        if not self.calls:
            self.calls = (malformed("only a tool gives results, and none was called"),)
        return self.drop(found.start, len(self.text))

    def _turn(self, found: Found) -> int:
        role = _ROLE.match(self.text, found.end) if found.tag.word.startswith(("im", "start", "turn", "role")) else None
        who = role[1].lower() if role else found.tag.core
        if who in _ASSISTANTS:
            return self.drop(found.start, role.end() if role else found.end)
        if self._words() or self.calls or self.text[self.kept : found.start].strip():
            return self.drop(found.start, len(self.text))
        return self.drop(found.start, role.end() if role else found.end)

    def _noise(self, found: Found) -> int:
        return self.drop(found.start, found.end)

    def _harmony(self, found: Found) -> int | None:
        if found.tag.core == "channel" and self.text[found.end - 2] != "|":
            return self._think(found)
        message = message_at(self.cursor, found.start)
        if message is None:
            return self._noise(found)
        if message.call is not None:
            return self.take((message.call,), found.start, message.end)
        self.drop(found.start, message.end, message.thought)
        if message.said:
            self.said.append(message.said)
        return message.end

    def _bare(self, found: re.Match[str]) -> int:
        """A message of the harmony format without its marks."""
        message = bare_message_at(self.cursor, found)
        assert message.call is not None
        self.keep(found.start())
        self.thoughts.append(self._words().removeprefix("analysis").strip())
        self.groups, self.said = [], []
        self.stripped = BARE.search(self.text, message.end)
        return self.take((message.call,), found.start(), message.end)

    # ------------------------------------------------------------------------------------------- among words

    def _fence(self, at: int) -> int | None:
        opening = _FENCE.match(self.text, at)
        if opening is None:
            return None
        start = self.cursor.blanks(opening.end())
        got = None
        if self.text[start : start + 1] in {"{", "["}:
            got = self._values(start)
        if got is not None:
            closing = self.cursor.blanks(got[1])
            if self.text.startswith(opening["bar"].strip(), closing):
                return self.take(got[0], at, closing + len(opening["bar"].strip()))
            if closing >= len(self.text):
                return self.take(got[0], at, closing)
        return self._block(opening, at)

    def _values(self, at: int) -> tuple[Calls, int] | None:
        """The calls in a row of JSON values; None if any of them is data, or none."""
        calls: Calls = ()
        while self.text[at : at + 1] in {"{", "["}:
            if LISTED.match(self.text, at):
                return None
            try:
                value, end = self.cursor.json(at, loose=True)
            except Exhausted:
                raise
            except Broken:
                return None
            found = calls_in(value, self.cursor.offer, Place.AMONG)
            if found is None:
                return None
            calls = (*calls, *found)
            at = end
            after = self.cursor.blanks(end)
            after = self.cursor.blanks(after + 1) if self.text[after : after + 1] in {",", ";"} else after
            if len(calls) > MAX_CALLS or self.text[after : after + 1] not in {"{", "["}:
                break
            at = after
        return calls, at

    def _block(self, opening: re.Match[str], at: int) -> int:
        """A fenced block of anything: calls where it holds nothing else, otherwise part of the words."""
        bar = opening["bar"].strip()
        closing = self.text.find(f"\n{bar}" if opening["eol"] else bar, opening.end() - len(opening["eol"]))
        until = closing if closing >= 0 else len(self.text)
        end = closing + len(bar) + (1 if opening["eol"] else 0) if closing >= 0 else len(self.text)
        content = self.text[opening.end() : until]
        if not content.strip():
            return end
        calls = _calls_in_block(content, opening["lang"].lower(), self.cursor.offer)
        return self.take(calls, at, end) if calls else end

    def _value(self, at: int) -> int | None:
        """JSON, or a list of calls as code, among words."""
        if LISTED.match(self.text, at):
            return self._listed(at)
        hints = _CALL_KEY.match(self.text, at) is not None
        try:
            value, end = self.cursor.json(at, loose=hints)
        except Exhausted:
            raise
        except Broken as broken:
            return self._no_value(at, broken, hints=hints)
        calls = calls_in(value, self.cursor.offer, Place.ALONE if self._is_alone(at, end) else Place.AMONG)
        if calls is None:
            return end
        if self.cursor.offer is None and not self._is_last(end):
            return end
        if not _AFTER_CALL.match(self.text, end) and self._goes_on(end):
            self._suspect("a call stands in the middle of words; write it alone, or reply without it")
            return end
        return self.take(calls, at, end)

    def _is_alone(self, at: int, end: int) -> bool:
        return at <= self.first and end >= self.last

    def _is_last(self, end: int) -> bool:
        """Whether no more words follow."""
        after = self.cursor.blanks(end)
        return self.text[after : after + 1] in {"", "{", "[", "<", ";", ",", "`"}

    def _goes_on(self, end: int) -> bool:
        """Whether words follow on the same line, more than a full stop."""
        return _LINE_ENDS.match(self.text, end) is None

    def _no_value(self, at: int, broken: Broken, *, hints: bool) -> int | None:
        named = self._names_a_tool(self.text[at : at + 4096])
        if hints and (named or _ARGUMENT_KEY.search(self.text, at, at + 4096) or broken.at >= len(self.text)):
            first = at <= self.first + 8
            if named or first or _ARGUMENT_KEY.search(self.text, at, at + 4096):
                self._suspect(f"the call is no JSON: {broken.problem}")
        return None

    def _names_a_tool(self, part: str) -> bool:
        return any(
            self.cursor.offers(m[1]) for m in islice(_QUOTED_NAME.finditer(part), 16)
        )

    def _suspect(self, problem: str) -> None:
        self.suspect = self.suspect or problem

    def _listed(self, at: int) -> int | None:
        try:
            found = invocations_at(self.cursor, at)
        except Exhausted:
            raise
        except Broken as broken:
            name = NAME.search(self.text, at)
            if name and self.cursor.offers(name[0]):
                self._suspect(broken.problem)
            return None
        known = any(self.cursor.offers(item.name) for item in found.items)
        alone = self._is_alone(at, found.end) and self.cursor.offer is not None
        if not (known or (alone and all(item.named for item in found.items))):
            return None
        return self.take(tuple(item.call for item in found.items), at, found.end)

    def _code(self, place: re.Match[str]) -> int | None:
        """A line that begins like a call of an offered tool."""
        start = place.start("code")
        alone = start <= self.first + 4
        if self.cursor.offer is None or self.code <= 0:
            return None
        name = NAME.match(self.text, past_heads(self.cursor, start).at)
        if name is None or not (alone or self.cursor.offers(name[0])):
            return None
        self.code -= 1
        try:
            read = self._line(start, name, alone=alone)
        except Exhausted:
            raise
        except Broken as broken:
            if self.cursor.offers(name[0]):
                self._suspect(broken.problem)
            return None
        if read is None or not (_AFTER_CALL.match(self.text, read.end) or not self._goes_on(read.end)):
            return None
        return self.take(read.calls, start, read.end)

    def _line(self, start: int, name: re.Match[str], *, alone: bool) -> Got | None:
        """The calls that begin with a name at a place; None if it is a word."""
        offered = self.cursor.offers(name[0])
        after = self.cursor.blanks(name.end())
        if self.text.startswith("(", after) and "\n" not in self.text[name.end() : after]:
            found = invocations_at(self.cursor, start)
            known = any(self.cursor.offers(item.name) for item in found.items)
            if known or (alone and self._is_alone(start, found.end) and all(item.named for item in found.items)):
                return Got(tuple(item.call for item in found.items), found.end)
            return None
        if not offered:
            return None
        if self.text.startswith("{", after):
            return call_at(self.cursor, name.start())
        bare = self.cursor.offer is not None and not self.cursor.offer[self.cursor.offer.resolve(name[0])].required
        if alone and after >= self.last and bare:
            return call_at(self.cursor, name.start())
        return None

    def _label(self, place: re.Match[str]) -> int | None:
        try:
            got = labelled_at(self.cursor, place.end("label"))
        except Exhausted:
            raise
        except Broken as broken:
            return self.take((malformed(broken.problem),), place.start(), max(broken.at, place.end()))
        if got is None:
            return None
        return self.take(got.calls, place.start(), got.end)

    # ------------------------------------------------------------------------------------------------ the end

    def action(self) -> Action:
        """Return what the text means."""
        try:
            self.run()
        except Exhausted as exhausted:
            return Action((malformed(exhausted.problem),), "", self._reasoning())
        if len(self.calls) > MAX_CALLS:
            return Action((malformed(f"more than {MAX_CALLS} calls; write fewer at a time"),), "", self._reasoning())
        said = self._reply(self._words())
        if self.calls:
            return Action(self.calls, said, self._reasoning())
        problem = self._problem(said)
        if problem:
            return Action((problem,), said if said else "", self._reasoning())
        return Action((), said, self._reasoning())

    def _words(self) -> str:
        """All that was said; around calls, piece by piece."""
        pieces = ("".join(group) for group in (*self.groups, self.said))
        return "\n".join(filter(None, (piece.strip() for piece in pieces)))

    def _reasoning(self) -> str:
        return mended("\n".join(filter(None, self.thoughts)))

    def _reply(self, said: str) -> str:
        """The words without thinking that is written as words."""
        thought = _THOUGHT.match(said)
        final = _FINAL.search(said)
        if final and (thought or not said[: final.start()].strip()):
            before = said[: final.start()]
            self.thoughts.append(before[thought.end() if thought else 0 :].strip())
            said = said[final.end() :]
        elif thought:
            self.thoughts.append(said[thought.end() :].strip())
            said = ""
        granite, response = _GRANITE.match(said), _RESPONSE.search(said)
        if granite and response:
            self.thoughts.append(said[granite.end() : response.start()].strip())
            said = said[response.end() :]
        return mended(said.strip())

    def _problem(self, said: str) -> Malformed | None:
        """What is wrong with a text that calls nothing; None if it is a reply."""
        if self.suspect:
            return malformed(self.suspect)
        if self.unclosed:
            return malformed("the thinking is not closed; write its end, </think>, then a call or a reply")
        if not said:
            return malformed(f"nothing is said and nothing is called; {FORM}, or reply in words")
        if self.marked:
            return malformed("the call has an end and no beginning")
        return None


_QUOTED_NAME = re.compile(
    r"[\"'“](?:name|tool|tool_name|function|action|function_name|recipient_name)[\"'”]\s*+:\s*+[\"'“]([\w.:/-]{1,128})"
)
_NAMING = frozenset({"function", "invoke", "toolcall", "functioncall", "tooluse", "usetool", "calltool"})
_TOOL_ENDS = frozenset({"toolcall", "toolcalls", "functioncall", "functioncalls", "toolcallsection"})
_HANDLERS = {
    Mark.CALL: _Scan._begin,
    Mark.MAYBE: _Scan._maybe,
    Mark.CALLED: _Scan._ended,
    Mark.THINK: _Scan._think,
    Mark.THOUGHT: _Scan._thought,
    Mark.RESULT: _Scan._result,
    Mark.TURN: _Scan._turn,
    Mark.NOISE: _Scan._noise,
    Mark.HARMONY: _Scan._harmony,
}
_CODE_BLOCKS = frozenset({"tool_code", "tool_call", "tool_calls", "tool", "function_call"})


def _calls_in_block(content: str, language: str, offer: Offer | None) -> Calls:
    """The calls in a fenced block that holds calls and nothing else; none if it is part of the words."""
    cursor = Cursor(content, offer)
    found = cursor.tag(cursor.blanks(0))
    if found is not None and found.tag.mark in (Mark.CALL, Mark.MAYBE, Mark.TEXT):
        inner = _Scan(content, offer).action()
        return inner.calls if inner.calls and (found.tag.mark is Mark.CALL or not inner.text) else ()
    marked = language in _CODE_BLOCKS
    calls = _code_block(cursor, marked=marked)
    if calls:
        return calls
    called = offer is not None and any(cursor.offers(m[1]) for m in islice(_CALLED_LINE.finditer(content), 64))
    broken = _CALL_KEY.match(content.lstrip()) and _ARGUMENT_KEY.search(content)
    if called or broken or marked:
        return (malformed("the block holds a call that is more than names and literals"),)
    return ()


_CALLED_LINE = re.compile(r"^[ \t]*+(?:[\w.]+[ \t]*+=[ \t]*+)?(?:await[ \t]++|print\()?([A-Za-z_][\w.:/-]*+)[ \t]*+\(", re.MULTILINE)


def _code_block(cursor: Cursor, *, marked: bool) -> Calls:
    try:
        if marked and cursor.text.lstrip()[:1] not in {"{", "["} and "(" not in cursor.text:
            return call_at(cursor, 0).calls
        found = invocations_at(cursor, 0)
    except Exhausted:
        raise
    except Broken:
        return ()
    if cursor.literals.skip(found.end) < len(cursor.text.rstrip()):
        return ()
    if cursor.offer is None and not marked:
        return ()
    if not marked and not all(cursor.offers(item.name) for item in found.items):
        return ()
    return tuple(item.call for item in found.items)
