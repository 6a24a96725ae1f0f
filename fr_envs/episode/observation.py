"""Observation and Snapshot, what a session hands out, and the reader of the tasks that it takes in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import msgspec

from fr_envs.episode.faults import check_faults
from fr_envs.episode.judging.verdicts import Context, judge
from fr_envs.episode.task import TASK_VERSION, Task, Verdict
from fr_envs.errors import UsageError
from fr_envs.json_values import Json, JsonObject

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fr_envs.episode.judging.reward import RewardRules
    from fr_envs.episode.task import Turn
    from fr_envs.episode.trajectory import RecordedCall
    from fr_envs.episode.user.talk import Exchange
    from fr_envs.world.domain import Domain, Outcome, Scale
    from fr_envs.world.state import State
    from fr_envs.world.tool_call import ToolCall

__all__ = ["Made", "Observation", "Past", "Snapshot", "calls_since", "judged", "read_task", "task_for"]

Past: TypeAlias = "tuple[Past, ToolCall, Outcome[Any] | RecordedCall] | None"
"""What was called so far, latest first: a chain, so that a snapshot keeps it by one reference."""

Made: TypeAlias = "list[tuple[ToolCall, Outcome[Any] | RecordedCall]]"
"""Calls and what came of them, in order."""


class Observation(msgspec.Struct, frozen=True, gc=False):
    """What a step leads to.

    Attributes:
        results: One for each call of the step, in order; ``{"error": …}`` where it did not go through.
        message: What the user says next, None when it is still the agent's move or the episode is over.
        verdict: How the turn went, when the step was a reply to a user with a goal.
        reward: Reward of the step.
        terminated: The last turn has been answered.
        truncated: The turn took more steps than it may.
    """

    results: tuple[JsonObject, ...] = ()
    message: str | None = None
    verdict: Verdict | None = None
    reward: float = 0.0
    terminated: bool = False
    truncated: bool = False


class Snapshot(NamedTuple):
    """Everything about a session that changes. Taking one and going back cost a few references.

    Attributes:
        task: What is played, None in a free session.
        seed: Seed of the first state.
        scale: Size of the first state.
        start: The first state.
        turn_start: The state when the user's last message came.
        state: The state now.
        past: What was called.
        turn_past: What had been called when the user's last message came.
        turn: Index of the turn, from 0.
        turn_steps: Steps taken in it.
        verdicts: One for each turn that was answered.
        reward: Sum of all rewards so far.
        over: The episode has ended.
        talk: What was said, where somebody answers as the user.
    """

    task: Task | None
    seed: tuple[int, ...]
    scale: Scale
    start: State
    turn_start: State
    state: State
    past: Past
    turn_past: Past
    turn: int
    turn_steps: int
    verdicts: tuple[Verdict, ...]
    reward: float
    over: bool
    talk: tuple[Exchange, ...] = ()


def read_task(given: Task | Mapping[str, Json] | str | bytes) -> Task:
    """Take a task as it is, as plain data, or as JSON text.

    Raises:
        UsageError: It has another form or another version.
    """
    if isinstance(given, Task):
        return given
    try:
        task = msgspec.json.decode(given, type=Task) if isinstance(given, str | bytes) else msgspec.convert(given, Task)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise UsageError(_refusal(given, error)) from error
    if task.version != TASK_VERSION:
        raise UsageError(f"a task of version {task.version}; this package reads version {TASK_VERSION}")
    return task


def task_for(domain: Domain[Any], given: Task | Mapping[str, Json] | str) -> Task:
    """Read a task that is to be played in a world.

    Raises:
        UsageError: It has another form or version, is for another world, has no turns, or has tools or faults that
            there cannot be.
    """
    task, tools = read_task(given), domain.spec.tools
    if task.domain != domain.name:
        raise UsageError(f"the task is for {task.domain!r}, the session plays {domain.name!r}")
    if not task.turns:
        raise UsageError("the task has no turns; give at least one")
    unknown = {name for turn in task.turns for name in turn.tools} - tools.keys()
    if unknown:
        raise UsageError(f"the task offers tools that {task.domain!r} has not: {', '.join(sorted(unknown))}")
    check_faults(task.faults, len(task.turns), tools)
    return task


def calls_since(past: Past, mark: Past) -> Made:
    """Return what was called after a mark, the first first."""
    found: Made = []
    while past is not mark and past is not None:
        past, call, outcome = past
        found.append((call, outcome))
    return found[::-1]


def judged(at: Snapshot, turn: Turn, text: str, rules: RewardRules, policy: str) -> Verdict:
    """Judge a reply.

    Args:
        at: Where the episode stands.
        turn: The turn that is being played.
        text: The reply.
        rules: What pays.
        policy: Rules that a reply may quote; empty for none.
    """
    results = [outcome.value for _, outcome in calls_since(at.past, at.turn_past) if outcome.error is None]
    return judge(turn.goal, at.turn_start, at.state, results, text, _context(at, turn, rules, policy))


def _context(at: Snapshot, turn: Turn, rules: RewardRules, policy: str) -> Context:
    """Return what else than states and results a reply is judged by."""
    messages = [] if at.task is None else [each.message for each in at.task.turns[: at.turn + 1]]
    heard = [each.answer.text for each in at.talk if each.answer is not None]
    made = calls_since(at.past, at.turn_past)
    return Context(
        texts=[*filter(None, [policy]), *heard, *messages],
        arguments=[call.arguments for call, _ in made],
        earlier=lambda: [outcome.value for _, outcome in calls_since(at.turn_past, None) if outcome.error is None],
        errors=[outcome.value for _, outcome in made if outcome.error is not None],
        reference=turn.reply,
        rules=rules,
        kind=turn.kind,
        called=[call.name for call, outcome in made if outcome.error is None],
        tried=len(made),
    )


def _refusal(given: object, error: Exception) -> str:
    """Say why something is no task, and of what is mistaken for one, where the task is."""
    members = _members(given)
    if isinstance(given, list | tuple):
        return "this is a list, no task: give it as tasks= to gymnasium.make, which plays one after the other"
    if "messages" in members:
        return "this is a dialogue, no task: give the line of its id in tasks.jsonl, or fr_synth.task_of(record)"
    if "proofs" in members:
        return "this is the evidence of a record, no task: give the line of its id in tasks.jsonl"
    return f"this is no task: {error}"


def _members(given: object) -> Collection[str]:
    if isinstance(given, msgspec.Struct):
        return given.__struct_fields__
    try:
        found = msgspec.json.decode(given) if isinstance(given, str | bytes) else given
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return ()
    return found if isinstance(found, dict) else ()
