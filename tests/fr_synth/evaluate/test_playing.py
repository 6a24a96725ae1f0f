"""Agents, by name or one's own, play the records of a run, by path or in memory."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from fr_envs.errors import UsageError
from fr_synth import Move, PlayRules, read_records, rollouts, tally
from fr_synth.evaluate.agents import IdleAgent

if TYPE_CHECKING:
    from pathlib import Path

    from fr_envs.json_values import Json


class Repeater:
    """An agent of somebody's own: says what the user said."""

    name = "repeater"
    concurrency = 1

    def act(self, move: Move) -> Json:
        return move.messages[-1]["content"]


def test_the_reference_scores_one(run_folder: Path) -> None:
    figures = tally(rollouts(run_folder, "oracle"))
    assert (figures.agent, figures.all.number, figures.all.score) == ("oracle", 12, 1.0)


def test_paths_and_records_give_the_same(run_folder: Path) -> None:
    ways = (str(run_folder), run_folder, read_records(run_folder), iter(read_records(run_folder)))
    first, *others = [list(rollouts(way, "random", count=4, seed=3)) for way in ways]
    assert len(first) == 4
    assert all(other == first for other in others)
    assert list(rollouts(run_folder, "random", count=4, seed=4)) != first


def test_an_agent_of_ones_own_plays(run_folder: Path) -> None:
    mine = list(rollouts(run_folder, Repeater(), count=3))
    idle = list(rollouts(run_folder, IdleAgent(), count=3))
    assert [rollout.agent for rollout in mine] == ["repeater"] * 3
    assert [rollout.score for rollout in mine] == [rollout.score for rollout in idle] == [0.0] * 3


def test_rules_hold(run_folder: Path) -> None:
    bounded = next(iter(rollouts(run_folder, "oracle", rules=PlayRules(max_steps=1))))
    assert bounded.ending == "out_of_steps"


def test_no_more_is_read_than_is_played(run_folder: Path) -> None:
    records = iter(read_records(run_folder))
    assert len(list(itertools.islice(rollouts(records, "idle"), 2))) == 2
    assert len(list(records)) == 10


def test_what_cannot_be_is_refused_at_once(run_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no agent 'nobody'"):
        rollouts(run_folder, "nobody")
    with pytest.raises(UsageError, match=r"count 0: give at least 1"):
        rollouts(run_folder, "oracle", count=0)
    with pytest.raises(UsageError, match=r"seed -1: give an integer from 0"):
        rollouts(run_folder, "oracle", seed=-1)
    with pytest.raises(UsageError, match=r"holds no tasks\.jsonl"):
        rollouts(tmp_path, "oracle")
