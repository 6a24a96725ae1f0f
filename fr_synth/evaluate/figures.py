"""EvalFigures: what came of an evaluation, as JSON, as a table and as a page tell it."""

from __future__ import annotations

import collections
import math
from typing import TYPE_CHECKING

import msgspec

from fr_envs.episode.user.scripted import ScriptedUser
from fr_envs.errors import UsageError
from fr_synth.evaluate.agents import IdleAgent, OracleAgent
from fr_synth.evaluate.metrics import Group, groups_of
from fr_synth.evaluate.rollouts import play

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fr_envs.episode.task import Task
    from fr_synth.evaluate.rollouts import PlayRules, Rollout
    from fr_synth.teachers.endpoint.spending import Prices

__all__ = ["EVAL_VERSION", "EvalFigures", "Floor", "Spending", "figures_of", "floors_of"]

EVAL_VERSION = 1
"""Version of the form of ``eval.json``."""


class Floor(msgspec.Struct, frozen=True):
    """What an agent earns that needs no skill, or needs none to be perfect.

    Attributes:
        agent: Its name.
        score: Mean score.
        passed: Share of tasks with the score 1.
    """

    agent: str
    score: float
    passed: float


class Spending(msgspec.Struct, frozen=True):
    """What the answers took.

    Attributes:
        messages: Messages of the agent.
        tokens_in: Tokens read, 0 if not known.
        tokens_out: Tokens written, 0 if not known.
        usd: What they cost by the prices given, in dollars.
        finish_reasons: Messages by why the model stopped.
        mean_logprob: Mean log probability of a token, None where the endpoint gives none.
    """

    messages: int
    tokens_in: int
    tokens_out: int
    usd: float
    finish_reasons: dict[str, int]
    mean_logprob: float | None


class EvalFigures(msgspec.Struct, frozen=True):
    """What came of an evaluation.

    Attributes:
        agent: Who played.
        tasks: Tasks.
        rollouts: Rollouts of them.
        groups: Figures over all first, then by part.
        floors: What the idle agent and the reference earn on the same tasks.
        endings: Rollouts by how they ended, those included that were dropped since the user let something slip.
        dropped: Rollouts among them that were dropped, and count nowhere else.
        calls: Calls made.
        invalid: Calls among them that were malformed, of no tool offered, or had invalid arguments.
        spending: What the answers took.
        version: ``EVAL_VERSION`` of the writer.
    """

    agent: str
    tasks: int
    rollouts: int
    groups: list[Group]
    floors: list[Floor]
    endings: dict[str, int]
    calls: int
    invalid: int
    spending: Spending
    dropped: int = 0
    version: int = EVAL_VERSION


def figures_of(
    rollouts: Sequence[Rollout], floors: Sequence[Floor], prices: Prices, seed: int = 0, least: float = 1.0
) -> EvalFigures:
    """Return the figures of rollouts.

    Args:
        rollouts: At least one; their messages play no part.
        floors: What others earn on the same tasks.
        prices: What tokens cost.
        seed: Seed of the bootstrap.
        least: Score from which on a rollout counts as a success, above 0 and up to 1.

    Raises:
        UsageError: All were dropped.
    """
    everything, rollouts = rollouts, [rollout for rollout in rollouts if not rollout.dropped]
    if not rollouts:
        raise UsageError(f"the user let something slip in each of {len(everything)} rollouts; give another --user")
    turns = [turn for rollout in rollouts for turn in rollout.turns]
    return EvalFigures(
        agent=", ".join(dict.fromkeys(rollout.agent for rollout in rollouts)),
        tasks=len({rollout.task_key for rollout in rollouts}),
        rollouts=len(rollouts),
        groups=groups_of(rollouts, seed, least),
        floors=list(floors),
        endings=dict(sorted(collections.Counter(rollout.ending for rollout in everything).items())),
        dropped=len(everything) - len(rollouts),
        calls=sum(turn.calls for turn in turns),
        invalid=sum(turn.invalid for turn in turns),
        spending=_spending(rollouts, prices),
    )


def _spending(rollouts: Iterable[Rollout], prices: Prices) -> Spending:
    notes = [note for rollout in rollouts for note in rollout.replies]
    tokens_in, tokens_out = sum(note.tokens_in for note in notes), sum(note.tokens_out for note in notes)
    logprobs = [value for note in notes for value in note.logprobs]
    reasons = collections.Counter(note.finish_reason for note in notes if note.finish_reason)
    return Spending(
        len(notes), tokens_in, tokens_out, round(prices.of(tokens_in, tokens_out), 6), dict(sorted(reasons.items())),
        round(math.fsum(logprobs) / len(logprobs), 6) if logprobs else None,
    )  # fmt: skip


def floors_of(tasks: Sequence[Task], rules: PlayRules) -> list[Floor]:
    """Return what the idle agent and the reference earn; a task that gives something away, or cannot be done, shows."""
    floors = []
    if rules.user is not None:  # nobody has to be paid for what is known beforehand
        rules = rules._replace(user=ScriptedUser())
    for agent in (IdleAgent(), OracleAgent()):
        scores = [play(task, agent, (0, number), rules).score for number, task in enumerate(tasks)]
        passed = sum(score >= 1 for score in scores) / len(scores)
        floors.append(Floor(agent.name, round(math.fsum(scores) / len(scores), 6), round(passed, 6)))
    return floors
