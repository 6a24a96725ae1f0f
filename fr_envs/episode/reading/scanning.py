"""Reading a text from left to right: thinking apart, calls in order, words as the reply."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.episode.calls import Action, Malformed
from fr_envs.episode.reading.bounds import FORM, MAX_CALLS, mended
from fr_envs.episode.reading.cursor import Cursor
from fr_envs.episode.reading.hints import ends_in_a_call, names_by_lines
from fr_envs.episode.reading.replies import reply_in
from fr_envs.episode.reading.styles.blocks import block_at
from fr_envs.episode.reading.styles.forms import call_at, malformed, marked_at
from fr_envs.episode.reading.styles.harmony import BARE, bare_message_at, message_at
from fr_envs.episode.reading.styles.invocations import NAME
from fr_envs.episode.reading.styles.labels import CUTS, LABEL, labelled_at
from fr_envs.episode.reading.styles.literals import Broken, Exhausted
from fr_envs.episode.reading.styles.markup import element_at, names_a_call
from fr_envs.episode.reading.tags import TAG, Mark
from fr_envs.episode.reading.words import Words

if TYPE_CHECKING:
    from fr_envs.episode.reading.cursor import Found, Got
    from fr_envs.episode.reading.objects import Calls
    from fr_envs.episode.reading.offer import Offer

__all__ = ["scan"]

_PLACES = re.compile(
    rf"(?P<tag>{TAG.pattern})"
    r"|(?P<fence>`{3,})|(?P<arrows>>>>)(?=[A-Za-z_])"
    r"|(?P<value>[{\[](?=\s*+[{\[\"'“‘A-Za-z_]))"
    r"|\n[ \t>*_#-]{0,8}(?:(?P<tilde>~{3,})|(?P<cut>" + CUTS + r")|(?P<label>" + LABEL + r")"
    r"|\(?(?P<code>[A-Za-z_][\w.:/-]*+)(?:[ \t]*+(?:[({=]|$|\n\s{0,8}\{|[ \t][A-Za-z_][\w.]*+\()|(?<=\bawait)))",
    re.MULTILINE,
)
"""Every place at which something other than words may begin; each begins with one of a few characters."""

MAX_PLACES = 10_000
"""Places of one text at which something other than words may begin."""

_ASSISTANTS = frozenset({"assistant", "model", "ai", "bot"})
_ROLE = re.compile(r"\s*+([A-Za-z]{2,16})[ \t]*+\n?")
_NAMING = frozenset({"function", "invoke", "toolcall", "functioncall", "tooluse", "usetool", "calltool"})
"""Marks that begin a call wherever they name a tool, offered or not."""

_TOOL_ENDS = frozenset({"toolcall", "toolcalls", "functioncall", "functioncalls", "toolcallsection"})


def scan(text: str, offer: Offer | None) -> Action:
    """Read a text that is not JSON from end to end."""
    return _Scan(text, offer).action()


def _scan_block(text: str, offer: Offer | None) -> Action:
    """Read what stands in a block; blocks inside of it are none."""
    return _Scan(text, offer, inside=True).action()


class _Scan:
    """One pass over one text."""

    __slots__ = (
        "calls", "cursor", "ended", "groups", "inside", "kept", "said", "stripped", "text", "thoughts", "unclosed",
        "words", "words_until",
    )  # fmt: skip

    def __init__(self, text: str, offer: Offer | None, *, inside: bool = False) -> None:
        self.inside = inside
        self.text = text = f"\n{text}"
        self.cursor = Cursor(text, offer)
        self.words = Words(self.cursor)
        self.calls: Calls = ()
        self.groups: list[list[str]] = []
        self.said: list[str] = []
        self.thoughts: list[str] = []
        self.kept = self.words_until = 0
        self.unclosed = self.ended = False
        self.stripped = BARE.search(text) if " to=" in text else None

    def run(self) -> None:
        """Go through the text once.

        Raises:
            Exhausted: Too much looks like a call.
        """
        at = 0
        for _ in range(MAX_PLACES):
            if self.stripped is not None and self.stripped.start() < at:
                self.stripped = BARE.search(self.text, at)
            place = _PLACES.search(self.text, at)
            if self.stripped is not None and (place is None or place.start() > self.stripped.start()):
                at = self._bare(self.stripped)
            elif place is None or len(self.calls) > MAX_CALLS:
                break
            else:
                at = max(place.start() + 1, self._at(place) or 0)
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
        kind, start = place.lastgroup or "", place.start()
        if kind == "tag":
            return self._tag(place)
        if kind in ("fence", "tilde"):
            at = place.start(kind)
            return None if self.inside else self._got(block_at(self.cursor, at, _scan_block), at)
        if kind == "value":
            return self._got(self.words.value_at(start), start)
        if kind == "code":
            return self._got(self.words.code_at(place.start("code")), place.start("code"))
        if kind == "cut":
            return self.drop(start, len(self.text)) if self.calls else None
        return self._arrows(start) if kind == "arrows" else self._label(place)

    def _got(self, got: Got | None, start: int) -> int | None:
        if got is None or not got.calls:
            return None if got is None else got.end
        return self.take(got.calls, start, got.end)

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
        if name and (
            found.tag.value or self.cursor.offers(name) or found.tag.core in _NAMING or self.cursor.offer is None
        ):
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
            if self.calls and found.end >= self.words.last:
                return self.drop(found.start, found.end)
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

    def _arrows(self, at: int) -> int | None:
        """``>>>mkdir`` and its arguments, ``>>>all`` and a reply."""
        start = at + 3
        name = NAME.match(self.text, start)
        if name is not None and name[0] == "all":
            return self.drop(at, name.end())
        if name is None or not self.cursor.offers(name[0]):
            return None
        try:
            got = call_at(self.cursor, start)
        except Exhausted:
            raise
        except Broken as broken:
            return self._broken(at, max(start, broken.at), broken.problem)
        return self.take(got.calls, at, got.end)

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
            self.ended = True
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
        self.groups, self.said, self.calls = [], [], ()
        self.words.suspect, self.ended = "", False
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
        if not (self._words() or self.calls or self.text[self.kept : found.start].strip()):
            self.calls = (malformed(f"only the assistant's turn is yours, not that of {who!r}"),)
        return self.drop(found.start, len(self.text))

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

    def _label(self, place: re.Match[str]) -> int | None:
        try:
            got = labelled_at(self.cursor, place.end("label"))
        except Exhausted:
            raise
        except Broken as broken:
            return self.take((malformed(broken.problem),), place.start(), max(broken.at, place.end()))
        return self._got(got, place.start())

    # ------------------------------------------------------------------------------------------------ the end

    def action(self) -> Action:
        """Return what the text means."""
        try:
            self.run()
        except Exhausted as exhausted:
            return Action((malformed(self.words.suspect or exhausted.problem),), "", self._reasoning())
        if len(self.calls) > MAX_CALLS:
            return Action((malformed(f"more than {MAX_CALLS} calls; write fewer at a time"),), "", self._reasoning())
        reply = reply_in(self._words())
        self.thoughts.append(reply.thought)
        problem = None if self.calls else self._problem(reply.text)
        return Action(self.calls if problem is None else (problem,), mended(reply.text), self._reasoning())

    def _words(self) -> str:
        """All that was said; around calls, piece by piece."""
        pieces = ("".join(group) for group in (*self.groups, self.said))
        return "\n".join(filter(None, (piece.strip() for piece in pieces)))

    def _reasoning(self) -> str:
        return mended("\n".join(filter(None, self.thoughts)))

    def _problem(self, said: str) -> Malformed | None:
        """What is wrong with a text that calls nothing; None if it is a reply."""
        if self.words.suspect:
            return malformed(self.words.suspect)
        if self.unclosed:
            return malformed("the thinking is not closed; write its end, </think>, then a call or a reply")
        if not said:
            return malformed(f"nothing is said and nothing is called; {FORM}, or reply in words")
        if names_by_lines(self.cursor):
            return malformed("the call is no JSON: names and values stand on lines")
        if ends_in_a_call(self.cursor):
            return malformed("a call stands among other marks; write the call alone")
        return malformed("the call has an end and no beginning") if self.ended else None


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
