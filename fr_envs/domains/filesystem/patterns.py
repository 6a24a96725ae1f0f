r"""Regular expressions and globs whose matching takes time linear in the text, whatever the pattern.

A pattern comes from whoever calls a tool, so no engine that backtracks may run it. The dialect is the part of POSIX
extended expressions that a finite automaton knows: literals, ``.``, ``[a-z]``, ``[^...]``, ``[[:digit:]]``, ``\w \s
\d`` and their opposites, ``* + ? {m,n}``, ``|``, ``( )``, ``^``, ``$``. No back-references. The pattern is compiled
into at most ``MAX_STATES`` instructions (Thompson's construction); the deterministic automaton grows while text is
read, and is thrown away when it has more than ``MAX_CACHE`` transitions. A step of it costs at most ``MAX_STATES``
operations, so the worst case is O(len(text) * MAX_STATES).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from fr_envs.errors import UsageError

__all__ = ["MAX_CACHE", "MAX_STATES", "Matcher", "compile_expression", "compile_glob"]

MAX_STATES = 1_000
MAX_CACHE = 4_000
_MAX_REPEAT = 255  # RE_DUP_MAX of POSIX

_Test: TypeAlias = Callable[[str], bool]


class _Node(NamedTuple):
    """A piece of a parsed pattern: an operation, its parts, and what else it needs."""

    op: str  # char any-of: "test"; "seq", "alt", "repeat", "begin", "end"
    parts: tuple[_Node, ...] = ()
    test: _Test | None = None
    least: int = 0
    most: int | None = 0


_WORD: _Test = lambda c: c.isalnum() or c == "_"  # noqa: E731 - a table of tests reads best as expressions
_SPACE: _Test = lambda c: c in " \t\n\v\f\r"  # noqa: E731
_DIGIT: _Test = lambda c: "0" <= c <= "9"  # noqa: E731
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")

_ESCAPES: dict[str, _Test] = {
    "w": _WORD, "W": lambda c: not _WORD(c),
    "s": _SPACE, "S": lambda c: not _SPACE(c),
    "d": _DIGIT, "D": lambda c: not _DIGIT(c),
}  # fmt: skip

_CLASSES: dict[str, _Test] = {
    "alnum": str.isalnum, "alpha": str.isalpha, "blank": lambda c: c in " \t", "digit": _DIGIT,
    "lower": str.islower, "punct": _PUNCTUATION.__contains__, "space": _SPACE, "upper": str.isupper,
    "xdigit": lambda c: c in "0123456789abcdefABCDEF",
}  # fmt: skip


class _Parser:
    """Recursive descent over one pattern; ``UsageError`` names what is wrong with it."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        char = self.peek()
        self.at += 1
        return char

    def whole(self) -> _Node:
        node = self.choice(0)
        if self.at < len(self.pattern):
            raise UsageError("Unmatched ) or \\)")
        return node

    def choice(self, depth: int) -> _Node:
        if depth > 50:
            raise UsageError("Regular expression too big")
        branches = [self.sequence(depth)]
        while self.peek() == "|":
            self.take()
            branches.append(self.sequence(depth))
        return branches[0] if len(branches) == 1 else _Node("alt", tuple(branches))

    def sequence(self, depth: int) -> _Node:
        parts = []
        while self.peek() not in {"", "|", ")"}:
            parts.append(self.repeated(depth))
        return _Node("seq", tuple(parts))

    def repeated(self, depth: int) -> _Node:
        node = self.atom(depth)
        while self.peek() in {"*", "+", "?", "{"} and self.peek():
            least, most = self.bounds()
            node = _Node("repeat", (node,), least=least, most=most)
        return node

    def bounds(self) -> tuple[int, int | None]:
        mark = self.take()
        if mark != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[mark]
        text, closed, _ = self.pattern[self.at :].partition("}")
        low, comma, high = text.partition(",")
        if not closed or not (low.isdecimal() or (comma and not low)) or not (high.isdecimal() or not high):
            raise UsageError("Invalid content of \\{\\}")
        self.at += len(text) + 1
        least = int(low or 0)
        most = least if not comma else int(high) if high else None
        if least > _MAX_REPEAT or (most is not None and (most > _MAX_REPEAT or most < least)):
            raise UsageError("Invalid content of \\{\\}")
        return least, most

    def atom(self, depth: int) -> _Node:
        char = self.take()
        if char == "(":
            node = self.choice(depth + 1)
            if self.take() != ")":
                raise UsageError("Unmatched ( or \\(")
            return node
        if char in {"*", "+", "?", "{"}:
            raise UsageError("Invalid preceding regular expression")
        if char in {"^", "$"}:
            return _Node("begin" if char == "^" else "end")
        if char == ".":
            return _Node("test", test=lambda c: c != "\n")
        if char == "[":
            return _Node("test", test=self.bracket())
        return _Node("test", test=self.escape()) if char == "\\" else _literal(char)

    def escape(self) -> _Test:
        char = self.take()
        if not char:
            raise UsageError("Trailing backslash")
        if char in _ESCAPES:
            return _ESCAPES[char]
        if char in _PUNCTUATION:
            return char.__eq__
        raise UsageError(f"Unsupported escape \\{char}")

    def bracket(self) -> _Test:
        negated = self.peek() == "^"
        self.at += negated
        tests: list[_Test] = []
        chars: set[str] = set()
        first = True
        while first or self.peek() != "]":
            first = False
            if self.pattern.startswith("[:", self.at):
                tests.append(self.named_class())
            else:
                self.member(chars, tests)
        self.take()
        return _OneOf(frozenset(chars), tuple(tests), negated=negated)

    def named_class(self) -> _Test:
        end = self.pattern.find(":]", self.at)
        name = self.pattern[self.at + 2 : end]
        if end < 0 or name not in _CLASSES:
            raise UsageError("Invalid character class name")
        self.at = end + 2
        return _CLASSES[name]

    def member(self, chars: set[str], tests: list[_Test]) -> None:
        low = self.take()
        if not low:
            raise UsageError("Unmatched [, [^, [:, [., or [=")
        if self.peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in {"]", ""}:
            self.take()
            high = self.take()
            if high < low:
                raise UsageError("Invalid range end")
            tests.append(lambda c: low <= c <= high)
        else:
            chars.add(low)


def _literal(char: str) -> _Node:
    return _Node("test", test=char.__eq__)


class _OneOf:
    """A test for a bracket: some characters and classes, or with ``negated`` all others."""

    __slots__ = ("_chars", "_tests", "negated")

    def __init__(self, chars: frozenset[str], tests: tuple[_Test, ...], *, negated: bool) -> None:
        self._chars = chars
        self._tests = tests
        self.negated = negated

    def __call__(self, char: str) -> bool:
        return (char in self._chars or any(each(char) for each in self._tests)) is not self.negated


def _passes(test: _Test, forms: set[str]) -> bool:
    """Return True if a character passes in one of its forms; what a bracket leaves out, it leaves out in every form."""
    return (all if isinstance(test, _OneOf) and test.negated else any)(test(form) for form in forms)


class _Step(NamedTuple):
    """One instruction: read a character that passes ``test``, or do ``op``; then go on at each of ``to``."""

    op: str
    test: _Test | None
    to: tuple[int, ...]


class _Compiler:
    """Thompson's construction, from the end to the start: each node is compiled with what follows it."""

    def __init__(self) -> None:
        self.steps: list[_Step] = [_Step("match", None, ())]

    def emit(self, step: _Step) -> int:
        if len(self.steps) >= MAX_STATES:
            raise UsageError("Regular expression too big")
        self.steps.append(step)
        return len(self.steps) - 1

    def compile(self, node: _Node, then: int) -> int:
        if node.op == "test":
            return self.emit(_Step("test", node.test, (then,)))
        if node.op == "seq":
            for part in reversed(node.parts):
                then = self.compile(part, then)
            return then
        if node.op == "alt":
            return self.emit(_Step("jump", None, tuple(self.compile(part, then) for part in node.parts)))
        if node.op == "repeat":
            return self.repeat(node, then)
        return self.emit(_Step(node.op, None, (then,)))

    def repeat(self, node: _Node, then: int) -> int:
        (part,) = node.parts
        if node.most is None:
            loop = self.emit(_Step("jump", None, ()))
            self.steps[loop] = _Step("jump", None, (self.compile(part, loop), then))
            then = loop
        else:
            after = then
            for _ in range(node.most - node.least):
                then = self.emit(_Step("jump", None, (self.compile(part, then), after)))
        for _ in range(node.least):
            then = self.compile(part, then)
        return then


class _Auto:
    """A state of the deterministic automaton."""

    __slots__ = ("accepts", "accepts_at_end", "next", "waiting")

    def __init__(self, waiting: frozenset[int], *, accepts: bool, accepts_at_end: bool) -> None:
        self.waiting = waiting
        self.accepts = accepts
        self.accepts_at_end = accepts_at_end
        self.next: dict[str, _Auto] = {}


class Matcher:
    """A compiled pattern.

    Args:
        root: Parsed pattern.
        ignore_case: Whether upper and lower case are one.
        whole: Whether the pattern has to cover the whole text, as a glob does.
    """

    def __init__(self, root: _Node, *, ignore_case: bool = False, whole: bool = False) -> None:
        """Compile; the automaton is built while texts are read."""
        compiler = _Compiler()
        self._first = compiler.compile(root, 0)
        self._steps = compiler.steps
        self._fold = ignore_case
        self._whole = whole
        self._reset()

    def _reset(self) -> None:
        self._states: dict[frozenset[int], _Auto] = {}
        self._count = 0
        self._start = self._state({self._first}, begin=True)

    def _closure(self, roots: set[int], *, begin: bool, end: bool) -> set[int]:
        seen: set[int] = set()
        todo = list(roots)
        while todo:
            at = todo.pop()
            if at in seen:
                continue
            seen.add(at)
            step = self._steps[at]
            if step.op == "jump" or (step.op == "begin" and begin) or (step.op == "end" and end):
                todo.extend(step.to)
        return seen

    def _state(self, roots: set[int], *, begin: bool = False) -> _Auto:
        if not begin and not self._whole:
            roots.add(self._first)
        reached = frozenset(self._closure(roots, begin=begin, end=False))
        state = None if begin else self._states.get(reached)
        if state is None:
            at_end = 0 in self._closure(set(reached), begin=begin, end=True)
            state = _Auto(reached, accepts=0 in reached and not self._whole, accepts_at_end=at_end)
            if not begin:
                self._states[reached] = state
        return state

    def _advance(self, state: _Auto, char: str) -> _Auto:
        self._count += 1
        if self._count > MAX_CACHE:
            self._reset()
        forms = {char, char.lower(), char.upper()} if self._fold else {char}
        roots: set[int] = set()
        for at in state.waiting:
            step = self._steps[at]
            if step.test is not None and _passes(step.test, forms):
                roots.update(step.to)
        following = self._state(roots)
        state.next[char] = following
        return following

    def __call__(self, text: str) -> bool:
        """Return True if the pattern matches somewhere in ``text`` (the whole of it for a glob)."""
        state = self._start
        for char in text:
            if state.accepts:
                return True
            state = state.next.get(char) or self._advance(state, char)
        return state.accepts or state.accepts_at_end


@functools.lru_cache(maxsize=256)
def compile_expression(pattern: str, *, ignore_case: bool = False) -> Matcher:
    r"""Compile a regular expression.

    Raises:
        UsageError: The pattern is outside of the dialect or too big.

    Example:
        >>> compile_expression(r"^ERROR .*(disk|quota)")("ERROR: no disk"), compile_expression("(a*)*b")("a" * 5000)
        (False, False)
        >>> compile_expression("err(or)?s?$", ignore_case=True)("3 Errors")
        True
    """
    return Matcher(_Parser(pattern).whole(), ignore_case=ignore_case)


@functools.lru_cache(maxsize=256)
def compile_glob(pattern: str) -> Callable[[str], bool]:
    """Compile a shell pattern with ``*``, ``?`` and ``[...]``.

    Raises:
        UsageError: The pattern is too big.

    Example:
        >>> compile_glob("*.lo[g]")("app.log"), compile_glob("no?es*")("node.txt")
        (True, False)
    """
    if not any(mark in pattern for mark in "*?[\\"):
        return pattern.__eq__
    if pattern.startswith("*") and not any(mark in pattern[1:] for mark in "*?[\\"):
        tail = pattern[1:]
        return lambda name: name.endswith(tail)
    return Matcher(_Node("seq", tuple(_glob_parts(pattern))), whole=True)


def _glob_parts(pattern: str) -> list[_Node]:
    parts: list[_Node] = []
    at = 0
    anything = _Node("test", test=lambda _: True)
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            parts.append(_Node("repeat", (anything,), most=None))
        elif char == "?":
            parts.append(anything)
        elif char == "[":
            test, at = _glob_bracket(pattern, at)
            parts.append(_Node("test", test=test))
        else:
            if char == "\\" and at < len(pattern):
                char, at = pattern[at], at + 1
            parts.append(_literal(char))
    return parts


def _glob_bracket(pattern: str, at: int) -> tuple[_Test, int]:
    """Read what stands after ``[``; where nothing closes it, it stands for itself."""
    inner = _Parser("^" + pattern[at + 1 :] if pattern[at : at + 1] == "!" else pattern[at:])
    try:
        return inner.bracket(), at + inner.at
    except UsageError as error:
        if not str(error).startswith("Unmatched"):
            raise
        return "[".__eq__, at
