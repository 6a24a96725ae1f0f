"""Shares of the kinds of turn: how they are written, and that a run follows them."""

from __future__ import annotations

import collections

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs.errors import UsageError
from fr_synth.sample.kinds import DEFAULT_SHARES, read_kinds
from fr_synth.sample.schedule import draw_asides, draw_kinds


def test_shares_are_read() -> None:
    assert read_kinds("default") == DEFAULT_SHARES
    assert read_kinds("none") == {}
    assert read_kinds("ask=0.1, refuse=0.2") == {"ask": 0.1, "refuse": 0.2}
    assert 0.35 <= sum(DEFAULT_SHARES.values()) <= 0.6  # not every one finds a place
    assert min(DEFAULT_SHARES.values()) >= 0.025


@pytest.mark.parametrize(
    "text", ["", "ask", "ask=", "ask=2", "ask=nan", "act=0.5", "ask=0.1,ask=0.1", "ask=0.5,refuse=0.5"]
)
def test_other_words_are_no_shares(text: str) -> None:
    with pytest.raises(UsageError, match="kinds"):
        read_kinds(text)


@given(st.integers(0, 1000), st.integers(1, 4))
def test_kinds_come_up_by_their_shares(seed: int, worlds: int) -> None:
    shares = read_kinds("ask=0.2,refuse=0.1")
    drawn = collections.Counter(
        kind for index in range(200 * worlds) for kind in draw_kinds(seed, index, worlds, (2, 4), shares)
    )
    assert drawn["ask"] == pytest.approx(2 * drawn["refuse"], rel=0.3)
    assert drawn.total() == pytest.approx(200 * worlds * 3 * 0.3 * 1.6, rel=0.02)


def test_an_index_is_drawn_alone() -> None:
    first = [draw_kinds(3, index, 2, (2, 4), DEFAULT_SHARES) for index in range(40)]
    assert [draw_kinds(3, index, 2, (2, 4), DEFAULT_SHARES) for index in reversed(range(40))] == first[::-1]
    assert draw_kinds(3, 0, 2, (2, 4), {}) == ()
    assert sorted(draw_asides(3, 7, 0, 5)) == list(range(5))
