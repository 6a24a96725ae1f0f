"""Literals as models write them: JSON, and beside it Python's, JavaScript's and typographers' spellings.

``Literals`` reads values and calls with keywords from a place in a text; it evaluates nothing. Reading is linear:
every token is looked at once, and all readings of one text share one purse of steps.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.episode.reading.bounds import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.json_values import Json, JsonObject

__all__ = ["STRICT", "Broken", "Exhausted", "Literals", "Reading", "Written"]

MAX_STEPS = 50_000
"""Tokens that are read of one text in other spellings than JSON's."""

MAX_TRIES = 1_000
"""Values that one text may hold outside of each other, and places that look like one and are none."""

_SPARE = 1 << 16
_TOO_MUCH = "too much of the text looks like a call and is none"

_GAP = re.compile(r"(?:\s++|//[^\n]*+|#[^\n]*+)*+")
_NOTHING = re.compile(
    r"(?:[\s,:]++|\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\"|-?\d[\d.eE+-]*+|true|false|null|NaN|-?Infinity)*+", re.DOTALL
)
"""What may stand between the brackets of JSON."""


_STRINGS = {
    '"': re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"', re.DOTALL),
    "'": re.compile(r"'([^'\\]*+(?:\\.[^'\\]*+)*+)'", re.DOTALL),
    '"""': re.compile(r'"""((?:[^"\\]++|\\.|"(?!""))*+)"""', re.DOTALL),
    "'''": re.compile(r"'''((?:[^'\\]++|\\.|'(?!''))*+)'''", re.DOTALL),
    "“": re.compile(r"[“”„]([^“”\\]*+(?:\\.[^“”\\]*+)*+)[“”]", re.DOTALL),
    "‘": re.compile(r"[‘’‚]([^‘’\\]*+(?:\\.[^‘’\\]*+)*+)[‘’]", re.DOTALL),
}
_OPENS = {"”": "“", "„": "“", "’": "‘", "‚": "‘"}
_RAW = re.compile(r'<\|"\|>|<escape>')
_PREFIX = re.compile(r"[rRbBuU]{1,2}(?=[\"'])")
_NUMBER = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F]{1,32}|(?:\d[\d_]*+(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?)(?![\w.])")
_WORD = re.compile(r"[A-Za-z_$][\w$]*+")
_KEY = re.compile(r"(?:[^\W\d]|\$)[\w$.-]*+")
_KEYWORD = re.compile(r"([^\W\d]\w*+)\s*+[=:](?!=)")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|\r\n|.)", re.DOTALL)
_ESCAPED = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "a": "\a",
    "v": "\v",
    "0": "\0",
    "\n": "",
    "\r\n": "",
}
_CONSTANTS: dict[str, Json] = {
    "true": True, "false": False, "null": None, "True": True, "False": False, "None": None, "undefined": None,
    "nil": None, "TRUE": True, "FALSE": False, "NULL": None,
}  # fmt: skip


class Broken(ValueError):
    """What stands there is no literal.

    Attributes:
        problem: What is wrong, in words.
        at: Where reading stopped.
    """

    def __init__(self, problem: str, at: int) -> None:
        super().__init__(problem, at)
        self.problem = problem
        self.at = at


class Exhausted(Broken):
    """So much was read in vain that reading ends here."""


class Reading(NamedTuple):
    """A value and where it ends."""

    value: Json
    end: int


class Written(NamedTuple):
    """What stands between the brackets of a call.

    Attributes:
        positional: Values without a name.
        named: Values by name.
        end: Where the call ends.
    """

    positional: list[Json]
    named: JsonObject
    end: int


class Literals:
    """Reads literals of one text.

    Args:
        text: The text.
    """

    __slots__ = ("_comments_end", "_fuel", "_steps", "_tries", "text")

    def __init__(self, text: str) -> None:
        """Fill the purse: what is read in vain may be a few times the text."""
        self.text = text
        self._steps = MAX_STEPS
        self._fuel = 2 * len(text) + _SPARE
        self._tries = MAX_TRIES
        self._comments_end = True

    def pay(self, characters: int) -> None:
        """Take one try from the purse, and the characters that were read in vain.

        Raises:
            Exhausted: It is empty.
        """
        self._fuel -= characters
        self._tries -= 1
        if self._fuel < 0 or self._tries < 0:
            raise Exhausted(_TOO_MUCH, len(self.text))

    def extent(self, at: int) -> int:
        """Return where the JSON value in brackets that begins at a place ends, by its brackets and texts alone.

        Raises:
            Broken: Something that is no JSON comes first.
        """
        depth = 0
        text = self.text
        start = at
        while True:
            mark = text[at : at + 1]
            if mark in ("[", "{"):
                depth += 1
            elif mark in ("]", "}") and mark:
                depth -= 1
            else:
                self.pay(at - start + 64)
                early = at >= len(text) or mark == '"'
                raise Broken("the text ends too early" if early else "no value stands where one should", at)
            at += 1
            if depth == 0:
                return at
            if depth > MAX_DEPTH + 8:
                self.pay(at - start + 64)
                raise Broken(f"is nested too deeply, more than {MAX_DEPTH} levels", at)
            between = _NOTHING.match(text, at)
            at = between.end() if between else at

    def skip(self, at: int) -> int:
        """Return where blanks and comments end."""
        while True:
            found = _GAP.match(self.text, at)
            at = found.end() if found else at
            if not (self._comments_end and self.text.startswith("/*", at)):
                return at
            end = self.text.find("*/", at + 2)
            self._comments_end = end >= 0
            at = end + 2 if end >= 0 else at

    def whole(self) -> Json:
        """Read the one value that the text is.

        Raises:
            Broken: It is none, or is followed by something.
        """
        value, end = self.value(self.skip(0))
        if self.skip(end) < len(self.text):
            raise Broken("something follows the object", end)
        return value

    def value(self, at: int, depth: int = 0) -> Reading:
        """Read one value.

        Raises:
            Broken: There is none.
        """
        self._steps -= 1
        if self._steps < 0:
            raise Broken(f"more than {MAX_STEPS:,} tokens are no JSON", at)
        if depth > MAX_DEPTH:
            raise Broken(f"is nested too deeply, more than {MAX_DEPTH} levels", at)
        mark = self.text[at : at + 1]
        reader = _READERS.get(mark)
        if reader is not None:
            return reader(self, at, depth)
        return self._other(at)

    def _other(self, at: int) -> Reading:
        number = _NUMBER.match(self.text, at)
        if number:
            return Reading(_number(number[0], at), number.end())
        if self.text.startswith("<", at):
            raw = _RAW.match(self.text, at)
            if raw:
                end = self.text.find(raw[0], raw.end())
                if end < 0:
                    raise self._unclosed(at)
                return Reading(self.text[raw.end() : end], end + len(raw[0]))
        prefix = _PREFIX.match(self.text, at)
        if prefix:
            return self._text(prefix.end(), raw="r" in prefix[0].lower())
        word = _WORD.match(self.text, at)
        if word and word[0] in _CONSTANTS:
            return Reading(_CONSTANTS[word[0]], word.end())
        if not word:
            raise Broken("the text ends too early" if at >= len(self.text) else "no value stands where one should", at)
        raise Broken(f"{word[0][:40]!r} is no literal", at)

    def _text(self, at: int, *, raw: bool = False) -> Reading:
        mark = self.text[at]
        tripled = mark * 3 if mark in "\"'" and self.text.startswith(mark * 3, at) else mark
        found = _STRINGS[_OPENS.get(tripled, tripled)].match(self.text, at)
        if not found:
            raise self._unclosed(at)
        return Reading(found[1] if raw else _unescaped(found[1], found.start()), found.end())

    def _unclosed(self, at: int) -> Broken:
        self.pay(len(self.text) - at)
        return Broken("a text is not closed", len(self.text))

    def _texts(self, at: int, _depth: int) -> Reading:
        """Texts side by side are one, as in Python."""
        value, end = self._text(at)
        while True:
            after = self.skip(end)
            if self.text[after : after + 1] not in {'"', "'"} or after == end:
                return Reading(value, end)
            self._steps -= 1
            if self._steps < 0:
                raise Broken(f"more than {MAX_STEPS:,} tokens are no JSON", after)
            more, end = self._text(after)
            value += more

    def _list(self, at: int, depth: int) -> Reading:
        closing = "]" if self.text[at] == "[" else ")"
        items: list[Json] = []
        at = self.skip(at + 1)
        while not self.text.startswith(closing, at):
            value, at = self.value(at, depth + 1)
            items.append(value)
            at = self._comma(at, closing)
        return Reading(items, at + 1)

    def _object(self, at: int, depth: int) -> Reading:
        members: JsonObject = {}
        at = self.skip(at + 1)
        while not self.text.startswith("}", at):
            key, at = self._key(at, depth)
            at = self.skip(at)
            if not self.text.startswith((":", "="), at):
                raise Broken("a colon is missing after a name", at)
            value, at = self.value(self.skip(at + 1), depth + 1)
            if key in members:
                raise Broken(f"{key[:40]!r} is given twice", at)
            members[key] = value
            at = self._comma(at, "}")
        return Reading(members, at + 1)

    def _key(self, at: int, depth: int) -> tuple[str, int]:
        bare = _KEY.match(self.text, at)
        if bare and not _PREFIX.match(self.text, at):
            return bare[0], bare.end()
        key, end = self.value(at, depth + 1)
        if not isinstance(key, str):
            raise Broken("a name is no text", at)
        return key, end

    def _comma(self, at: int, closing: str) -> int:
        """After a member: where the next one starts, or the closing bracket."""
        at = self.skip(at)
        if self.text.startswith(",", at):
            return self.skip(at + 1)
        if not self.text.startswith(closing, at):
            early = at >= len(self.text)
            raise Broken("the text ends too early" if early else f"',' or {closing!r} is missing", at)
        return at

    def call(self, at: int) -> Written:
        """Read what stands between the brackets of a call, from the opening one.

        Raises:
            Broken: It is more than literals.
        """
        positional: list[Json] = []
        named: JsonObject = {}
        at = self.skip(at + 1)
        while not self.text.startswith(")", at):
            keyword = _KEYWORD.match(self.text, at)
            if keyword:
                value, at = self.value(self.skip(keyword.end()))
                if keyword[1] in named:
                    raise Broken(f"{keyword[1][:40]!r} is given twice", at)
                named[keyword[1]] = value
            else:
                at = self._unnamed(at, positional, named)
            at = self._comma(at, ")")
        return Written(positional, named, at + 1)

    def _unnamed(self, at: int, positional: list[Json], named: JsonObject) -> int:
        spread = self.text.startswith("**", at)
        value, end = self.value(at + 2 if spread else at)
        if not spread:
            positional.append(value)
            return end
        if not isinstance(value, dict) or named.keys() & value.keys():
            raise Broken("what is spread is no object, or gives a name twice", at)
        named.update(value)
        return end


_READERS: dict[str, Callable[[Literals, int, int], Reading]] = {
    **dict.fromkeys("[(", Literals._list),
    **dict.fromkeys("\"'“”„‘’‚", Literals._texts),
    "{": Literals._object,
}


def _number(written: str, at: int) -> float:
    try:
        if written.lower().lstrip("+-").startswith("0x"):
            return int(written, 16)
        return json_number(written.replace("_", "").lstrip("+"))
    except ValueError:
        raise Broken("a number is too long", at) from None


def json_number(written: str) -> float:
    """Return the number that decimal digits stand for."""
    return int(written) if written.lstrip("-").isdigit() else float(written)


def _unescaped(written: str, at: int) -> str:
    if "\\" not in written:
        return written
    text = _ESCAPE.sub(_character, written)
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise Broken("a text is no Unicode (half a surrogate pair)", at) from None


def _character(found: re.Match[str]) -> str:
    written = found[1]
    if len(written) > 2:
        code = int(written[1:], 16)
        return chr(code) if code < 0x110000 else "\ufffd"
    return _ESCAPED.get(written, written)


def duplicate_free(pairs: list[tuple[str, Json]]) -> JsonObject:
    """Make an object of its members; for ``json``'s ``object_pairs_hook``.

    Raises:
        Broken: A name is given twice.
    """
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Broken(f"{twice[:40]!r} is given twice", 0)
    return members


def _no_constant(word: str) -> Json:
    raise Broken(f"{word} is no JSON", 0)


STRICT = json.JSONDecoder(object_pairs_hook=duplicate_free, parse_constant=_no_constant)
"""Decodes JSON at a place in a text; names given twice and numbers that are none are refused."""
