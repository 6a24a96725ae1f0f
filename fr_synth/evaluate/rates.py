"""How often each task is passed, measured by rollouts: what a trainer can learn from lies between never and always."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fr_envs.errors import UsageError
from fr_envs.files import read_file_lines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Rate", "pass_rates"]


class Rate(msgspec.Struct, frozen=True):
    """How a task went.

    Attributes:
        task: Identifier of the task.
        rollouts: How often it was played; at least once.
        passes: How often with the score 1.
        score: Mean score, from 0 to 1.
    """

    task: str
    rollouts: int
    passes: int
    score: float

    @property
    def rate(self) -> float:
        """Share of the rollouts that passed, from 0 to 1."""
        return self.passes / self.rollouts

    @property
    def weight(self) -> float:
        """``4 p (1 - p)`` of the rate: 1 where half of the rollouts pass, 0 where all do or none."""
        return 4 * self.rate * (1 - self.rate)


class _Played(msgspec.Struct):
    task: str
    score: float


def pass_rates(files: Iterable[Path]) -> dict[str, Rate]:
    """Return the rate of each task in files of rollouts, by its identifier, in the order of the first file.

    Raises:
        UsageError: A line is no rollout, or there is none.
    """
    scores: dict[str, list[float]] = {}
    decoder = msgspec.json.Decoder(_Played)
    names = []
    for path in files:
        names.append(str(path))
        for line in read_file_lines(path):
            try:
                played = decoder.decode(line.text)
            except (msgspec.MsgspecError, UnicodeError) as error:
                raise UsageError(
                    f"{line.place}: this is no rollout: {error}; give a file of funreason rollouts"
                ) from error
            scores.setdefault(played.task, []).append(played.score)
    if not scores:
        raise UsageError(f"{', '.join(names)} holds no rollouts")
    return {
        task: Rate(task, len(found), sum(score >= 1.0 for score in found), sum(found) / len(found))
        for task, found in scores.items()
    }
