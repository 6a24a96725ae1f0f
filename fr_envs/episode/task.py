"""Task, Turn, Goal: what an agent is asked. ``fr_envs.episode.judging`` says how well it did.

No text of a call is ever compared: a goal names the rows that must have changed and the values that the user must
have been given, so every path that gets there earns the same. See ``docs/episodes.md`` for the life of an episode.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from fr_envs.contract.view import View
from fr_envs.episode.faults import Fault
from fr_envs.episode.judging.reward import RewardRules
from fr_envs.episode.judging.verdicts import Verdict, judge
from fr_envs.episode.turn_kind import TurnKind
from fr_envs.json_values import Json
from fr_envs.world.state import Change
from fr_envs.world.tool_call import ToolCall

__all__ = [
    "TASK_VERSION",
    "Answer",
    "Goal",
    "Known",
    "RewardRules",
    "Task",
    "Turn",
    "Verdict",
    "judge",
]

TASK_VERSION = 2
"""Version of the form of a task; a reader refuses any other."""


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
        answers: Values that were obtained from a tool in this turn and that the reply tells.
        incidental: Tables in which further changes do no harm; a further change anywhere else zeroes the turn.
        mentions: For turns in which to ask or to refuse is right: the reply names at least one of these; in one that
            waits for a yes, all of them.
        barred: Tools that are not to be called with success in this turn: the value, the choice or the yes is missing.
        unmet: Code of the error for which what was asked for cannot be done in this turn: it has to be tried, and the
            reply has to say that it was not done; empty where it can be done.
    """

    changes: tuple[Change, ...] = ()
    answers: tuple[Answer, ...] = ()
    incidental: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    unmet: str = ""


class Known(msgspec.Struct, frozen=True):
    """Something that the person knows, and tells when they are asked for it.

    Attributes:
        tool: Tool whose argument it is, by its name in the contract.
        parameter: The argument.
        text: As the person says it.
    """

    tool: str
    parameter: str
    text: str


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
        knows: What the person can tell of what this turn is about.
    """

    message: str
    goal: Goal
    calls: tuple[ToolCall, ...] = ()
    reply: str = ""
    kind: TurnKind = "act"
    tools: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    knows: tuple[Known, ...] = ()


class Task(msgspec.Struct, frozen=True):
    """A dialogue to be played: a world, its seed, and turns with goals.

    Attributes:
        domain: Short name of the world.
        seed: Seed of the first state, integers from 0.
        turns: In order; at least one.
        scale: Size of the first state.
        id: Identifier within a run; empty if none.
        view: Under which names the tools are offered; None for their own.
        faults: What goes wrong in the world on purpose.
        version: ``TASK_VERSION`` of the writer.
    """

    domain: str
    seed: tuple[int, ...]
    turns: tuple[Turn, ...]
    scale: Literal["tiny", "small", "medium", "large", "busy"] = "small"
    id: str = ""
    view: View | None = None
    faults: tuple[Fault, ...] = ()
    version: int = TASK_VERSION
