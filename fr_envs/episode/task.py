"""Task, Turn, Goal, Verdict: what an agent is asked, and how well it did, judged by state and answers alone.

No text of a call is ever compared: a goal names the rows that must have changed and the values that the user must
have been given, so every path that gets there earns the same. See ``docs/episodes.md`` for the life of an episode.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from fr_envs.json_values import Json, JsonObject, scalars
from fr_envs.world.state import Change, State
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "TASK_VERSION",
    "Answer",
    "Goal",
    "RewardRules",
    "Task",
    "Turn",
    "TurnKind",
    "Verdict",
    "judge",
]

TASK_VERSION = 2
"""Version of the form of a task; a reader refuses any other."""

TurnKind = Literal["act", "ask", "choose", "missing_tool", "no_call", "out_of_scope", "refuse", "confirm"]
"""What the right move is. act: calls lead to the goal; ask: a value is missing and asking is right; choose: several
things could be meant; missing_tool: the tool needed is not offered; no_call: nothing is to be called; out_of_scope:
nothing in the world does it; refuse: the rules forbid it; confirm: the user's consent comes first."""


class Answer(msgspec.Struct, frozen=True):
    """One value that the user has to be given.

    Attributes:
        value: The value as a tool gives it: a string, a number or a boolean.
        text: The value as an assistant says it.
    """

    value: Json
    text: str


class Goal(msgspec.Struct, frozen=True):
    """What has to hold at the end of a turn.

    Attributes:
        changes: Rows that differ from the start of the turn, and how they look then.
        answers: Values that were obtained from a tool in this turn, or told in the reply.
        incidental: Tables in which further changes do no harm; a further change anywhere else zeroes the turn.
        mentions: For turns in which to ask or to refuse is right: the reply names at least one of these.
    """

    changes: tuple[Change, ...] = ()
    answers: tuple[Answer, ...] = ()
    incidental: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


class Turn(msgspec.Struct, frozen=True):
    """One message of the user and what is to come of it.

    Attributes:
        message: What the user says.
        goal: What has to hold at the end.
        calls: Reference calls, in an order that reaches the goal.
        reply: Reference reply to the user.
        kind: What the right move is.
        tools: Names of the tools offered in this turn; empty for all of the world's.
        traits: What else is going on.
    """

    message: str
    goal: Goal
    calls: tuple[ToolCall, ...] = ()
    reply: str = ""
    kind: TurnKind = "act"
    tools: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()


class Task(msgspec.Struct, frozen=True):
    """A dialogue to be played: a world, its seed, and turns with goals.

    Attributes:
        domain: Short name of the world.
        seed: Seed of the first state, integers from 0.
        turns: In order; at least one.
        scale: Size of the first state.
        id: Identifier within a run; empty if none.
        view: Under which names the tools are offered; None for their own.
        faults: What goes wrong in the world on purpose, in order.
        version: ``TASK_VERSION`` of the writer.
    """

    domain: str
    seed: tuple[int, ...]
    turns: tuple[Turn, ...]
    scale: Literal["tiny", "small", "medium", "large"] = "small"
    id: str = ""
    view: JsonObject | None = None
    faults: tuple[JsonObject, ...] = ()
    version: int = TASK_VERSION


class RewardRules(msgspec.Struct, frozen=True):
    """What costs what.

    Attributes:
        step_cost: Taken from the reward of each step, in reward units; 0 or more.
        invalid_penalty: Taken for each call that is malformed, unknown or has invalid arguments; 0 or more.
    """

    step_cost: float = 0.0
    invalid_penalty: float = 0.0


class Verdict(NamedTuple):
    """How well a turn went.

    Attributes:
        score: From 0 to 1: the share of changes and answers that were reached; 0 after a forbidden change.
        reached: Number of changes and answers reached.
        expected: Number of changes and answers expected.
        forbidden: Changes that nobody asked for.
        missing: What was not reached, in words.
    """

    score: float
    reached: int
    expected: int
    forbidden: tuple[Change, ...]
    missing: tuple[str, ...]


def judge(goal: Goal, before: State, after: State, results: Iterable[Json], reply: str) -> Verdict:
    """Judge a turn by the states at its ends, the results obtained in it, and the reply.

    Args:
        goal: What was to be reached.
        before: State when the user's message came.
        after: State when the reply was given.
        results: Results of the turn's successful calls.
        reply: What the assistant said.
    """
    happened = {(c.table, c.key): c for c in before.diff(after)}
    wanted = {(c.table, c.key): c for c in goal.changes}
    missing = [_words(c) for place, c in wanted.items() if place not in happened or happened[place].after != c.after]
    spared = set(goal.incidental)
    forbidden = tuple(c for place, c in happened.items() if place not in wanted and c.table not in spared)
    obtained = {_plain(value) for result in results for value in scalars(result)} if goal.answers else set()
    missing += [f"answer {a.text!r}" for a in goal.answers if not _given(a, obtained, reply)]
    expected = len(wanted) + len(goal.answers) + bool(goal.mentions)
    if goal.mentions and not any(_said(word, reply) for word in goal.mentions):
        missing.append(f"a reply that mentions {' or '.join(goal.mentions)}")
    reached = expected - len(missing)
    score = 0.0 if forbidden or not expected else reached / expected
    return Verdict(score, reached, expected, forbidden, tuple(missing))


def _words(change: Change) -> str:
    verb = "changed" if change.after is not None else "removed"
    return f"{change.table}[{change.key}] {verb}"


def _plain(value: Json) -> Json:
    """Make equal what means the same: 100 and 100.0; keep True apart from 1."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return (type(value).__name__, value)
    return ("number", value if not isinstance(value, float) or not math.isnan(value) else "nan")


def _given(answer: Answer, obtained: set[Json], reply: str) -> bool:
    return _plain(answer.value) in obtained or _said(answer.text, reply)


def _said(text: str, reply: str) -> bool:
    """Return True if ``text`` stands in ``reply`` as a whole: "5" is not said by "150"."""
    if not text:
        return False
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", reply, re.IGNORECASE) is not None
