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


def fresh(drills: float = 0.0) -> Stories:
    config = RunConfig(domains=WORLDS, seed=5, drills=drills)
    told = tuple(situations_in(world, load_situations()) for world in WORLDS)
    return Stories(config, told, read_kinds("default"), read_shares(config.traits))


stories = functools.cache(fresh)


def test_each_time_around_is_counted_by_itself() -> None:
    seen: collections.Counter[tuple[int, int]] = collections.Counter()
    for index in range(240):
        story = stories().story(index)
        key = index % len(WORLDS), story.order[0]
        assert story.times == seen[key]
        seen[key] += 1
    assert max(seen.values()) > 1


def test_it_does_not_matter_what_was_asked_before() -> None:
    late = [fresh().story(index) for index in (119, 3, 50, 118)]
    assert late == [stories().story(index) for index in (119, 3, 50, 118)]
    long = fresh()
    assert [long.story(index) for index in (300, 3)] == [fresh().story(300), late[1]]


def test_dialogues_near_each_other_tell_different_stories_and_all_are_told() -> None:
    for world, name in enumerate(WORLDS):
        chosen = [stories().story(index).order[0] for index in range(world, 600, len(WORLDS))]
        assert all(len(set(chosen[start : start + 26])) == 26 for start in range(len(chosen) - 25))
        counted = collections.Counter(chosen)
        assert len(counted) == len(situations_in(name, load_situations()))
        assert max(counted.values()) <= 0.04 * len(chosen)


def test_a_drill_has_no_story() -> None:
    drilled = [index for index in range(60) if not stories(1.0).story(index).order]
    assert len(drilled) == 60
    assert not any(stories(1.0).story(index).kinds for index in drilled)
