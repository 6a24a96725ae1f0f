"""What a policy is worth: the same targets and worlds for each, figures with intervals, the same for the same seed."""

from __future__ import annotations

import itertools
import json
import math

import pytest

from fr_synth.evaluate.ablation import FIGURES, Estimate, Sample, ablate, as_json
from fr_synth.sample.reaching.reach import POLICIES
from tests.fr_envs.small_world import LIBRARY


def test_each_policy_gets_every_figure_with_its_interval() -> None:
    table = ablate(LIBRARY, 30, 1)
    assert list(table) == list(POLICIES)
    for row in table.values():
        assert list(row) == list(FIGURES)
        for name, estimate in row.items():
            if estimate.low is None or estimate.high is None:
                assert estimate == Estimate(estimate.value), name
            else:
                assert estimate.low <= estimate.value <= estimate.high, name
        for share in ("hit rate", "wasted"):
            assert 0 <= row[share].value <= 1
        assert row["distinct tools"].value <= len(LIBRARY.spec.tools)
    assert table["directed"]["hit rate"].value > table["random"]["hit rate"].value - 0.2
    assert table["directed"]["wasted"].value < table["random"]["wasted"].value


def test_the_same_seed_gives_the_same_table_and_another_seed_another_one() -> None:
    first = ablate(LIBRARY, 12, 1, ("directed",))
    assert first == ablate(LIBRARY, 12, 1, ("directed",))
    assert list(first) == ["directed"]
    assert first != ablate(LIBRARY, 12, 2, ("directed",))


def test_a_table_is_plain_data() -> None:
    table = ablate(LIBRARY, 7, 1, ("random",))
    plain = json.loads(json.dumps(as_json(table)))
    assert plain["random"]["hit rate"] == list(table["random"]["hit rate"])
    assert plain["random"]["distinct tools"][1:] == [None, None]


def sample(*tools: str, hit: bool = True, wasted: float = 0.0) -> Sample:
    return Sample("x", hit, len(tools), wasted, 1, tools, tuple((a, b, "k") for a, b in itertools.pairwise(tools)))


def test_figures_by_hand() -> None:
    samples = [sample("a", "b", "c"), sample("a", "b", hit=False, wasted=1.0), sample("d")]
    figures = {name: figure(samples) for name, figure in FIGURES.items()}
    assert figures["hit rate"] == pytest.approx(2 / 3)
    assert figures["calls"] == 2
    assert figures["wasted"] == pytest.approx(1 / 3)
    assert figures["distinct tools"] == 4
    assert figures["distinct edges"] == 2
    entropy = -(2 / 3 * math.log2(2 / 3) + 1 / 3 * math.log2(1 / 3))
    assert figures["bigram entropy"] == pytest.approx(entropy)
    assert figures["trigram entropy"] == 0  # there is but one


def test_every_walk_is_counted() -> None:
    walks: list[None] = []
    ablate(LIBRARY, 4, 1, ("directed", "random"), each=lambda: walks.append(None))
    assert len(walks) == 8
    assert FIGURES["bigram entropy"]([sample("a")]) == 0, "one call is no pair"
