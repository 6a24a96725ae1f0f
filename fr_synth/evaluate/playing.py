"""The records of a run as tasks, and an agent that plays them."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING

from fr_envs.episode.task_file import read_tasks
from fr_envs.errors import UsageError
from fr_synth.evaluate.agents import agent_of
from fr_synth.evaluate.rollouts import play_all
from fr_synth.trace.records import Dialogue
from fr_synth.trace.rows import task_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from fr_envs.episode.judging.reward import Rules
    from fr_envs.episode.task import Task
    from fr_synth.evaluate.agents import Agent
    from fr_synth.evaluate.rollouts import PlayRules, Rollout
    from fr_synth.run.folder.stored import Records

__all__ = ["rollouts"]


def rollouts(
    run: Records | Iterable[Task],
    agent: Agent | str,
    *,
    count: int | None = None,
    seed: int = 0,
    rules: PlayRules | Rules = None,
) -> Generator[Rollout]:
    """Iterate over the rollouts of an agent that plays the tasks of a run, in their order.

    Args:
        run: A run folder, a file of tasks, or records or tasks.
        agent: Who plays: anything with a name, a concurrency and ``act``; or ``oracle``, ``random``, ``idle``, or
            ``openai:MODEL`` at the client's own endpoint (``agent_of`` takes another one).
        count: Tasks to play, from the first on, at least 1; None for all.
        seed: Seed of what the agent draws, from 0.
        rules: Costs and bounds; what pays and what costs alone will do, as ``RewardRules`` or as plain data.

    Raises:
        UsageError: There is no such agent or file, or a number is out of its range.
        EndpointError: No request to the agent's endpoint can succeed.

    Example:
        >>> from fr_synth import RunConfig, synthesise
        >>> run = synthesise(RunConfig(domains=("filesystem",), seed=7, scale="tiny"), count=2)
        >>> [rollout.score for rollout in rollouts(run, "oracle")]
        [1.0, 1.0]
    """
    if count is not None and count < 1:
        raise UsageError(f"count {count}: give at least 1")
    if seed < 0:
        raise UsageError(f"seed {seed}: give an integer from 0")
    player = agent_of(agent) if isinstance(agent, str) else agent
    if isinstance(run, str | os.PathLike):
        return play_all(itertools.islice(read_tasks(os.fspath(run)), count), player, seed, rules)
    given: Iterable[Dialogue | Task] = run
    return play_all(map(_task, itertools.islice(given, count)), player, seed, rules)


def _task(given: Dialogue | Task) -> Task:
    return task_of(given) if isinstance(given, Dialogue) else given
