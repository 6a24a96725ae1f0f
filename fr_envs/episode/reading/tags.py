"""Marks that models write around calls, thinking and turns, told apart by the word inside, whatever stands around it.

``<tool_call>``, ``<|tool▁calls▁begin|>``, ``<minimax:tool_call>`` and ``[TOOL_CALLS]`` are one mark; so are
``<think>``, ``[THINK]``, ``<seed:think>`` and ``<|START_THINKING|>``.
"""

from __future__ import annotations

import enum
import functools
import re
from typing import NamedTuple

__all__ = ["TAG", "Attributes", "Mark", "Tag", "attributes_of", "tag_of"]

TAG = re.compile(r"<(?P<angle>[^<>\n]{1,300})>|\[(?P<square>/?[A-Za-z][A-Za-z_]{2,30})\]|◁(?P<white>/?[a-z_]{3,30})▷")
"""Anything that has the form of a mark."""

_INNER = re.compile(
    r"(?P<close>[|｜]?/?[|｜]?)(?:DSML[|｜])?(?P<space>[A-Za-z]\w{0,30}:)?(?P<word>[A-Za-z][\w▁.\-]*?)"
    r"(?:=(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"'|｜>/]+))?(?P<rest>\s[^|｜]*?)?(?P<alone>/?)(?P<bar>[|｜]?)"
)
_ATTRIBUTE = re.compile(r"([A-Za-z_][\w:.-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>/]+))")
_NOISE = str.maketrans("", "", "_▁.- ")
_WAY = re.compile(r"(start|begin|open|end|close|stop)?(?:of)?(.+?)(start|begin|open|prefix|end|close|stop|suffix)?")
_CLOSING = frozenset({"end", "close", "stop", "suffix"})


class Mark(enum.Enum):
    """What a mark is for."""

    CALL = enum.auto()
    """Begins a call or several; what follows is one."""

    MAYBE = enum.auto()
    """The same where a call follows; else it is text."""

    CALLED = enum.auto()
    """Ends a call, or parts the pieces of one."""

    THINK = enum.auto()
    THOUGHT = enum.auto()
    """Ends thinking."""

    RESULT = enum.auto()
    """Begins what only a tool can say."""

    TURN = enum.auto()
    """Begins somebody's turn."""

    NOISE = enum.auto()
    """Means nothing to the user: the end of a message, the frame of an answer."""

    HARMONY = enum.auto()
    """Begins a message of the harmony format."""

    TEXT = enum.auto()
    """No mark; may still be the name of a tool or of a parameter."""


_CALLS = frozenset({
    "toolcall", "toolcalls", "functioncall", "functioncalls", "toolcallsection", "toolcallssection", "tooluse",
    "tooluses", "toolcode", "toolrequest", "toolrequests", "toolinvocation", "functioninvocation", "apicall",
    "apicalls", "pythontag", "longcattoolcall", "toolcallslist", "toolcalllist", "calltool", "callfunction",
    "multitooluse", "functionscall", "toolscall", "toolcallblock", "usetool", "usemcptool", "executetool", "toolexec",
    "availabletoolcalls", "paralleltoolcalls", "invokes",
})  # fmt: skip
_VAGUE = frozenset({
    "tool", "tools", "function", "functions", "action", "actions", "call", "calls", "python", "api", "command",
    "invoke", "plugin", "execute", "run", "json",
})  # fmt: skip
_SEPARATORS = frozenset({"toolsep", "toolcallargument", "args", "callid", "functionsep", "content",
    "toolcallname", "toolcallargs", "toolcallarguments",
})  # fmt: skip
_THOUGHTS = frozenset({
    "think", "thinking", "thought", "thoughts", "reasoning", "reason", "reflection", "reflect", "analysis",
    "scratchpad", "innermonologue", "monologue", "cot", "chainofthought", "rationale", "longcatthink", "dsthink",
    "innerthoughts", "innerthought", "inner", "deliberation", "thinkingprocess", "thoughtprocess", "reasoningcontent",
    "internalmonologue", "internalthoughts", "internalreasoning", "internal", "antthinking", "planning",
    "reasoningthinking", "thinkfast", "thinkslow", "thinkoff", "thinkon",
})  # fmt: skip
_RESULTS = frozenset({
    "toolresponse", "toolresponses", "functionresponse", "functionresponses", "functionresult", "functionresults",
    "toolresult", "toolresults", "tooloutput", "tooloutputs", "functionoutput", "functionoutputs", "observation",
    "observations", "ipython", "toolcallresult", "toolcallresponse", "actionresult", "executionresult",
})  # fmt: skip
_TURNS = frozenset({"im", "headerid", "turn", "user", "assistant", "system", "human", "model", "inst", "role", "bot"})
_NOISES = frozenset({
    "im", "text", "eotid", "eomid", "eot", "eos", "bos", "turn", "sentence", "message", "turntoken", "s", "return",
    "call", "bot", "headerid", "answer", "finalanswer", "response", "finalresponse", "solution", "final", "eoa", "eom",
    "eoh", "sys", "inst", "assistantresponse", "document", "pad",
})  # fmt: skip
_ALWAYS = frozenset({"/s", "eos", "bos", "pad"})
_HARMONY = {False: Mark.HARMONY, True: Mark.THOUGHT}
"""``<channel|>`` ends the thinking that ``<|channel>`` begins."""

_FRAMES = frozenset({"answer", "finalanswer", "response", "finalresponse", "finaloutput"})


class Tag(NamedTuple):
    """A mark taken apart.

    Attributes:
        mark: What it is for.
        word: Its word as written, without what stands around.
        core: Its word in the form in which marks are compared.
        closing: It ends something.
        value: What stands after ``=`` in ``<function=mkdir>``, empty if nothing.
        rest: The attributes as written.
        alone: It ends what it begins: ``<mkdir path="a"/>``.
    """

    mark: Mark
    word: str
    core: str
    closing: bool
    value: str
    rest: str
    alone: bool


class Attributes(dict[str, str]):
    """Attributes of a mark by name."""

    @property
    def name(self) -> str:
        """What the mark names, empty if nothing."""
        return next((self[key] for key in ("name", "tool", "function", "tool_name", "key") if key in self), "")


def attributes_of(written: str) -> Attributes:
    """Return the attributes of a mark."""
    return Attributes((m[1], next(filter(None, m.groups()[1:]), "")) for m in _ATTRIBUTE.finditer(written))


def tag_of(found: re.Match[str]) -> Tag:
    """Take apart what ``TAG`` found."""
    angle = found["angle"]
    if angle is not None:
        return _angle(angle)
    square = found["square"]
    return _square(square) if square is not None else _white(found["white"])


_NONE = Tag(Mark.TEXT, "", "", closing=False, value="", rest="", alone=False)


@functools.lru_cache(maxsize=4096)
def _angle(inner: str) -> Tag:
    parts = _INNER.fullmatch(inner)
    if parts is None:
        return _NONE
    word = parts["word"].translate(_NOISE).lower()
    space = (parts["space"] or "").rstrip(":").translate(_NOISE).lower()
    word = f"{space}{word}" if space in _CALLS else word  # <|tool_call:name|>
    way = _WAY.fullmatch(word)
    core = "/s" if inner == "/s" else way[2] if way and way[2] != "s" else word  # <send> ends no <s>
    special = bool(parts["close"].strip("/") or parts["bar"])
    ends = "/" in parts["close"] or (bool(parts["bar"]) and not parts["close"])  # <tool_call|> ends <|tool_call>
    closing = ends or bool(way and {way[1], way[3]} & _CLOSING)
    named = bool(parts["value"] or parts["rest"])
    mark = _mark(core, special=special or bool(way and (way[1] or way[3])), closing=closing, named=named)
    if mark is Mark.TEXT:  # no mark that begins or ends anything: <lend> is a word
        core, closing = word, ends
        mark = Mark.NOISE if special and not named else mark
    value = (parts["value"] or "").strip("\"'")
    return Tag(mark, parts["word"], core, closing, value, parts["rest"] or "", bool(parts["alone"]))


def _mark(core: str, *, special: bool, closing: bool, named: bool) -> Mark:
    """What a word is a mark for; ``special`` where it is written as no ordinary word is."""
    if core in _CALLS or (core in _VAGUE and special and core != "call"):
        return Mark.CALLED if closing else Mark.CALL
    if core in _SEPARATORS and (special or core == "toolsep"):
        return Mark.CALLED
    if core in _THOUGHTS:
        return Mark.THOUGHT if closing else Mark.THINK
    if core in _RESULTS:
        return Mark.CALLED if closing else Mark.RESULT
    if special and core in {"channel", "constrain", "start", "from", "recipient"}:
        return _HARMONY[closing]
    return _frame(core, special=special, closing=closing, named=named)


def _frame(core: str, *, special: bool, closing: bool, named: bool) -> Mark:
    if special and core in _TURNS and not closing:
        return Mark.TURN
    if (special and core in _NOISES) or (core in _FRAMES and not named) or core in _ALWAYS:
        return Mark.NOISE
    if core in _VAGUE:
        return Mark.CALLED if closing else Mark.MAYBE
    return Mark.TEXT


_SQUARE = {
    "TOOL_CALLS": Mark.CALL, "TOOL_CALL": Mark.CALL, "TOOL_REQUEST": Mark.CALL, "FUNCTION_CALL": Mark.CALL,
    "FUNCTION_CALLS": Mark.CALL, "ARGS": Mark.CALLED, "CALL_ID": Mark.CALLED, "THINK": Mark.THINK,
    "THINKING": Mark.THINK, "REASONING": Mark.THINK, "TOOL_RESULTS": Mark.RESULT, "TOOL_RESULT": Mark.RESULT,
    "TOOL_CONTENT": Mark.RESULT, "TOOL_RESPONSE": Mark.RESULT, "INST": Mark.TURN, "EOS": Mark.NOISE,
    "TOOL_USE": Mark.CALL, "END_TOOL_REQUEST": Mark.CALLED, "TOOL": Mark.MAYBE, "ACTION": Mark.MAYBE,
    "END_TOOL_CALL": Mark.CALLED, "END_TOOL_CALLS": Mark.CALLED, "FUNCTION": Mark.MAYBE, "CALL": Mark.MAYBE,
}  # fmt: skip


@functools.lru_cache(maxsize=4096)
def _square(inner: str) -> Tag:
    word = inner.removeprefix("/")
    mark = _SQUARE.get(word.upper() if "_" in word else word, Mark.TEXT)
    closing = inner != word
    if closing:
        mark = {Mark.THINK: Mark.THOUGHT, Mark.TEXT: Mark.TEXT, Mark.TURN: Mark.NOISE}.get(mark, Mark.CALLED)
    return Tag(mark, word, word.lower().replace("_", ""), closing, "", "", alone=False)


@functools.lru_cache(maxsize=256)
def _white(inner: str) -> Tag:
    word = inner.removeprefix("/")
    closing = inner != word
    thinks = word.replace("_", "") in _THOUGHTS
    mark = (Mark.THOUGHT if closing else Mark.THINK) if thinks else Mark.TEXT
    return Tag(mark, word, word.replace("_", ""), closing, "", "", alone=False)
