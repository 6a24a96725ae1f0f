"""Which situation an index plays, and how often the run has come to it before."""

from __future__ import annotations

import collections
import functools

from fr_envs.situation.loading import load_situations, situations_in
from fr_synth.run.config import RunConfig
from fr_synth.run.stories import Stories
from fr_synth.sample.kinds import read_kinds
from fr_synth.situations.mishaps.plan import read_shares

WORLDS = ("banking", "travel")


@functools.cache
def stories(drills: float = 0.0) -> Stories:
    config = RunConfig(domains=WORLDS, seed=5, drills=drills)
    told = tuple(situations_in(world, load_situations()) for world in WORLDS)
    return Stories(config, told, read_kinds("default"), read_shares(config.traits))


def test_each_time_around_is_counted_by_itself() -> None:
    seen: collections.Counter[tuple[int, int]] = collections.Counter()
    for index in range(240):
        order = stories().story(index).order
        key = index % len(WORLDS), order[0]
        assert stories().times(index) == seen[key]
        seen[key] += 1
    assert max(seen.values()) > 1


def test_it_does_not_matter_what_was_asked_before() -> None:
    fresh = Stories.__new__(Stories)
    fresh.__dict__.update({**stories().__dict__, "_counted": {}})
    late = [fresh.times(index) for index in (239, 3, 100, 238)]
    assert late == [stories().times(index) for index in (239, 3, 100, 238)]


def test_a_drill_has_no_story() -> None:
    drilled = [index for index in range(60) if not stories(1.0).story(index).order]
    assert len(drilled) == 60
    assert not any(stories(1.0).story(index).kinds for index in drilled)
