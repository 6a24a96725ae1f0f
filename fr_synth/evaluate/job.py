"""An evaluation: every task so many times, what is missing played side by side, what is there kept."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fr_envs.errors import UsageError
from fr_synth.evaluate.rollouts import PlayRules, Rollout, play
from fr_synth.run.side_by_side import as_they_come

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from fr_envs.episode.task import Task
    from fr_envs.episode.user.talk import User
    from fr_synth.evaluate.agents import Agent
    from fr_synth.evaluate.rollout_file import RolloutFile

__all__ = ["EvalPlan", "Played", "play_missing"]


class EvalPlan(NamedTuple):
    """What is to be played.

    Attributes:
        tasks: The tasks, in their order.
        samples: Rollouts of each, from 1.
        seed: Seed of what the agent draws, from 0.
        rules: Costs and bounds.
    """

    tasks: Sequence[Task]
    samples: int = 1
    seed: int = 0
    rules: PlayRules = PlayRules()

    def check(self) -> None:
        """Check the numbers.

        Raises:
            UsageError: One is out of its range, or there is nothing to play.
        """
        if not self.tasks:
            raise UsageError("there is no task to play as yet")
        if self.samples < 1:
            raise UsageError(f"samples {self.samples}: give at least 1")
        if self.seed < 0:
            raise UsageError(f"seed {self.seed}: give an integer from 0")

    def spoken_by(self, user: User | None) -> EvalPlan:
        """Return the plan with somebody who answers within turns, None for nobody."""
        return self._replace(rules=self.rules._replace(user=user))

    def seed_of(self, number: int, sample: int) -> tuple[int, ...]:
        """Return the seed of a rollout, by which it is known."""
        return (self.seed, number, sample) if sample else (self.seed, number)

    def slots(self) -> Iterator[tuple[int, int]]:
        """Iterate over number of the task and of the sample: each task once, then each a second time, and so on."""
        for sample in range(self.samples):
            yield from ((number, sample) for number in range(len(self.tasks)))


class Played(NamedTuple):
    """A rollout that was played just now.

    Attributes:
        rollout: The rollout, without times.
        seconds: How long each message of the agent took; 0 if it was there already.
    """

    rollout: Rollout
    seconds: tuple[float, ...]


def play_missing(plan: EvalPlan, agent: Agent, file: RolloutFile) -> Generator[Played]:
    """Play what is not in the file as yet, write each rollout as soon as it is there, and iterate over them.

    The finished file depends on the plan and the agent's answers alone, not on how many are played at once.

    Raises:
        UsageError: The file holds rollouts of another plan.
        EndpointError: No request to the agent's endpoint can succeed; what was finished is kept.
    """
    plan.check()
    _check_same(plan, agent, file)
    missing = (slot for slot in plan.slots() if plan.seed_of(*slot) not in file.done)
    works = (functools.partial(_played, plan, agent, *slot) for slot in missing)
    played = _alone(works) if agent.concurrency == 1 else as_they_come(works, _at_once(agent.concurrency))
    with contextlib.closing(played):
        for each in played:
            file.add(each.rollout)
            yield each
    file.finish()


def _at_once(concurrency: int) -> int:
    """Return how many episodes run: a quarter more than may be asked at once, since some are with their tools."""
    return concurrency + concurrency // 4


def _alone(works: Iterator[Callable[[], Played]]) -> Generator[Played]:
    yield from (work() for work in works)


def _played(plan: EvalPlan, agent: Agent, number: int, sample: int) -> Played:
    rollout = play(plan.tasks[number], agent, plan.seed_of(number, sample), plan.rules, sample)
    seconds = tuple(round(note.seconds, 4) for note in rollout.replies)
    notes = tuple(msgspec.structs.replace(note, seconds=0.0) for note in rollout.replies)
    return Played(msgspec.structs.replace(rollout, replies=notes), seconds)


def _check_same(plan: EvalPlan, agent: Agent, file: RolloutFile) -> None:
    """Hold what is there against the plan.

    Raises:
        UsageError: It is of another agent, another seed, or other tasks.
    """
    if not file.done:
        return
    wanted = {plan.seed_of(*slot): plan.tasks[slot[0]].id for slot in plan.slots()}
    for rollout in file.rollouts():
        if rollout.agent != agent.name:
            raise UsageError(f"{file.path} holds rollouts of {rollout.agent}; give another --out")
        if rollout.seed not in wanted:
            raise UsageError(f"{file.path} holds rollouts with another --seed, or of more tasks; give another --out")
        if wanted[rollout.seed] != rollout.task:
            raise UsageError(f"{file.path} holds rollouts of other tasks ({rollout.task}); give another --out")
