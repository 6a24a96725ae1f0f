"""pass@k, pass^k, intervals and paired tests, held against what they mean."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs.errors import UsageError
from fr_synth.evaluate.compare import compare, mcnemar, permutation
from fr_synth.evaluate.metrics import groups_of, interval, ks_of, pass_at, pass_hat
from fr_synth.evaluate.rollouts import Rollout, TurnPlay


def rollout(task: str, score: float, sample: int = 0, *turns: TurnPlay, domain: str = "banking") -> Rollout:
    return Rollout(
        task=task, domain=domain, agent="a", seed=(0, 0, sample), score=score, reward=score, ending="finished",
        failure="", turns=turns or (TurnPlay("act", score=score, depth=2),), messages=(), sample=sample,
    )  # fmt: skip


@given(st.integers(1, 9), st.data())
def test_both_figures_are_what_drawing_k_of_n_gives(n: int, data: st.DataObject) -> None:
    c, k = data.draw(st.integers(0, n)), data.draw(st.integers(1, n))
    drawn = list(itertools.combinations([True] * c + [False] * (n - c), k))
    assert math.isclose(pass_at(n, c, k), sum(map(any, drawn)) / len(drawn), abs_tol=1e-12)
    assert math.isclose(pass_hat(n, c, k), sum(map(all, drawn)) / len(drawn), abs_tol=1e-12)


def test_the_chance_over_k_tries_is_not_biased() -> None:
    """Over every outcome of 5 rollouts of chance 0.3, the mean of the estimates is the chance of k tries itself."""
    p, n = 0.3, 5
    for k in range(1, n + 1):
        weights = [math.comb(n, c) * p**c * (1 - p) ** (n - c) for c in range(n + 1)]
        mean = sum(weight * pass_at(n, c, k) for c, weight in enumerate(weights))
        assert math.isclose(mean, 1 - (1 - p) ** k)
        mean = sum(weight * pass_hat(n, c, k) for c, weight in enumerate(weights))
        assert math.isclose(mean, p**k)


def test_an_interval_is_seeded_and_counts_clusters() -> None:
    apart = [(str(number), float(number % 2)) for number in range(40)]
    together = [(str(number // 10), float(number // 10 % 2)) for number in range(40)]
    assert interval(apart, 3) == interval(list(reversed(apart)), 3)
    uneven = [(str(number), number**0.5) for number in range(40)]
    assert interval(uneven, 3) != interval(uneven, 4)
    narrow, wide = interval(apart, 3), interval(together, 3)
    assert narrow.value == wide.value == 0.5
    assert narrow.low < 0.5 < narrow.high
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)
    assert interval([("a", 1.0)], 0) == interval([("a", 1.0), ("b", 1.0)], 0)


def test_parts_are_told_apart() -> None:
    played = [
        rollout("a", 1.0, 0, TurnPlay("act", score=1.0, depth=1, traits=("typo",)), TurnPlay("refuse", score=1.0)),
        rollout("a", 0.5, 1, TurnPlay("act", score=1.0, depth=1, traits=("typo",)), TurnPlay("refuse", score=0.0)),
        rollout("b", 0.0, 0, TurnPlay("act", score=0.0, depth=12), domain="travel"),
    ]
    found = {(group.by, group.name): group for group in groups_of(played)}
    assert [group.by for group in groups_of(played)] == [
        "all", "world", "world", "kind", "kind", "depth", "depth", "depth", "trait",
    ]  # fmt: skip
    whole = found["all", "all tasks"]
    assert (whole.tasks, whole.rollouts) == (2, 3)
    assert whole.score.value == 0.375
    assert whole.pass_at[1].value == 0.25
    assert whole.pass_at[2].value == 1.0, "only a was played twice"
    assert whole.pass_hat[2].value == 0.0
    assert found["kind", "act"].pass_at[1].value == 0.5
    assert found["kind", "refuse"].pass_at[1].value == 0.5
    assert found["trait", "typo"].units == 1
    assert found["depth", "12 calls"].score.value == 0.0
    assert groups_of(played, least=0.5)[0].pass_at[1].value == 0.5


def test_ks_are_powers_and_the_most() -> None:
    assert ks_of(6) == (1, 2, 4, 6)


# ---------------------------------------------------------------------------------------------------------- paired


@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemar_is_the_binomial_tail(better: int, worse: int) -> None:
    number = better + worse
    ways = [math.comb(number, k) for k in range(number + 1)]
    extreme = sum(way for k, way in enumerate(ways) if abs(2 * k - number) >= abs(better - worse))
    assert math.isclose(mcnemar(better, worse), min(1.0, extreme / 2**number), abs_tol=1e-6)


def test_large_numbers_have_a_test_too() -> None:
    assert mcnemar(600, 600) == 1.0
    assert mcnemar(700, 500) < 1e-6
    assert abs(mcnemar(530, 469) - mcnemar(531, 470)) < 0.002, "exact and approximate sums meet"


@given(st.lists(st.integers(-4, 4), min_size=15, max_size=24))
def test_drawn_signs_come_near_every_sign(numbers: list[int]) -> None:
    values = [number / 4 for number in numbers]
    name, p = permutation(values, 1)
    if "drawn" not in name:
        return
    few = permutation(values[:14], 1)
    assert 0 < p <= 1
    assert 0 < few[1] <= 1
    assert permutation(values, 1) == (name, p)
    assert permutation([-value for value in values], 1) == (name, p)


def test_two_evaluations_are_paired_by_task() -> None:
    first = [rollout(str(number), float(number < 5)) for number in range(20)]
    second = [rollout(str(number), float(number < 15)) for number in range(1, 21)]
    (found,) = compare(first, second)
    assert (found.tasks, found.apart, found.better, found.worse) == (19, 2, 10, 0)
    assert (found.test, found.p) == ("McNemar, exact", mcnemar(10, 0))
    assert found.difference.low > 0
    (back,) = compare(second, first)
    assert (back.p, back.difference.value) == (found.p, -found.difference.value)
    more = compare([*first, *first], [*second, *second])[0]
    assert more.test.startswith("permutation")
    with pytest.raises(UsageError, match="no task in common"):
        compare(first, [rollout("other", 1.0)])


def test_worlds_are_compared_apart() -> None:
    sides = [[rollout("a", 1.0), rollout("b", score, domain="travel")] for score in (0.0, 1.0)]
    assert [(each.world, each.better) for each in compare(sides[0], sides[1])] == [
        ("", 1),
        ("banking", 0),
        ("travel", 1),
    ]
