"""What the drills of a run aim at: edges that no story tells of before those that stories come along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fr_envs import load_domain
from fr_envs.situation.loading import load_situations, situations_in
from fr_synth.run.config import RunConfig, targets_by_kind
from fr_synth.run.making import make_index
from fr_synth.run.stories import told_by_stories
from fr_synth.sample.schedule import draw_situations
from fr_synth.trace.rows import decode
from fr_synth.trace.target import EdgeTarget, read_target

if TYPE_CHECKING:
    from fr_synth.trace.records import Dialogue


def test_stories_tell_of_what_they_look_up_themselves() -> None:
    banking = load_domain("banking")
    told = told_by_stories(targets_by_kind(banking), banking.spec, situations_in("banking", load_situations()))
    assert EdgeTarget("list_payees", "pay_payee", "payee_id") in told
    assert 0 < len(told) < len(targets_by_kind(banking)["edge"])


def test_without_stories_no_edge_is_told_of() -> None:
    banking = load_domain("banking")
    assert told_by_stories(targets_by_kind(banking), banking.spec, ()) == frozenset()


def test_the_first_drills_beside_stories_aim_at_what_no_story_tells_of() -> None:
    files = load_domain("filesystem")
    told = told_by_stories(targets_by_kind(files), files.spec, situations_in("filesystem", load_situations()))
    config = RunConfig(domains=("filesystem",), seed=3, drills=0.15)
    drills = [index for index in range(20) if not draw_situations(3, index, (len(told),), 0.15)]
    targets = [read_target(turn.target) for index in drills for turn in dialogue_of(config, index).turns]
    edges = [target for target in targets if isinstance(target, EdgeTarget)]
    assert edges
    assert told.isdisjoint(edges)


@pytest.mark.slow
def test_no_drill_falls_for_a_sum_with_a_balance_that_an_earlier_turn_has_told() -> None:
    """Such a sum is checked against what the same turn has shown, or not at all."""
    config = RunConfig(domains=("banking",), seed=0, drills=0.15)
    made = [make_index(config, index) for index in (145, 161, 261, 355)]
    assert not [reason for each in made for reason in each.reasons if "is of another turn" in reason]


def dialogue_of(config: RunConfig, index: int) -> Dialogue:
    made = make_index(config, index)
    assert made.lines is not None
    return decode(made.lines, "memory")
