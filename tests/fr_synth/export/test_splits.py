"""What splits promise, for any records.

1. Records of one situation, or of one first state, are in one split.
2. A held-out tool is called by no record of the first split, and by some of a later one.
3. Every split has its share, to within what groups allow; one that would be empty is refused.
4. The division depends on the records, not on their order.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fr_envs.errors import UsageError
from fr_synth.export.splits import divide, tools_called
from tests.fr_synth.export.golden import EXAMPLE, call
from tests.rounds import rounds

if TYPE_CHECKING:
    from fr_synth.export.example import Example

SHARES = [{"train": 0.9, "val": 0.1}, {"train": 0.8, "val": 0.1, "test": 0.1}, {"a": 0.5, "b": 0.5}]


def record(seed: int, tools: tuple[str, ...], situation: str = "") -> Example:
    messages = ({"role": "assistant", "content": "", "tool_calls": [call(0, name, "/") for name in tools]},)
    return msgspec.structs.replace(EXAMPLE, seed=(seed,), messages=messages, situation=situation)


records = st.lists(
    st.builds(
        record, st.integers(0, 10**6), st.lists(st.sampled_from("abcdefghij"), max_size=3).map(tuple),
        st.sampled_from([*[""] * 30, "moving house", "a lost card"]),
    ),
    min_size=20, max_size=120,
)  # fmt: skip


@settings(max_examples=rounds(15, 500))
@given(records, st.sampled_from(SHARES))
def test_what_belongs_together_stays_together_and_tools_are_apart(
    found: list[Example], shares: dict[str, float]
) -> None:
    largest = max(Counter(each.situation or each.seed for each in found).values())
    assume(largest * 20 <= len(found))  # a few large groups may leave a split empty, which is refused
    division = divide(found, shares)
    split = [division.split_of(each) for each in found]
    assert set(split) == set(shares)
    homes: dict[object, set[str]] = {}
    for each, name in zip(found, split, strict=True):
        homes.setdefault(each.situation or each.seed, set()).add(name)
    assert all(len(names) == 1 for names in homes.values())
    first = next(iter(shares))
    called = {tool for each, name in zip(found, split, strict=True) if name == first for tool in tools_called(each)}
    everywhere = {tool for each in found for tool in tools_called(each)}
    assert not called & set(division.held_out)
    assert set(division.held_out) <= everywhere
    again = divide(found[::-1], shares)
    assert [again.split_of(each) for each in found] == split


@pytest.mark.parametrize("shares", SHARES)
@pytest.mark.parametrize("count", [10, 57, 1000])
def test_every_split_has_its_share(count: int, shares: dict[str, float]) -> None:
    found = [record(seed, (f"t{seed % 60}", f"t{seed % 7}")) for seed in range(count)]
    division = divide(found, shares)
    sizes = Counter(division.split_of(each) for each in found)
    for name, share in shares.items():
        assert abs(sizes[name] - share * count) <= max(1.5, 0.02 * count)
    if count == 1000:
        assert division.held_out


def test_one_split_holds_everything() -> None:
    division = divide([EXAMPLE], {"train": 1.0})
    assert (division.split_of(EXAMPLE), division.held_out) == ("train", ())


def test_a_split_that_would_be_empty_is_refused() -> None:
    same = [record(1, ("a",), "moving house") for _ in range(20)]
    with pytest.raises(UsageError, match="comes out empty: 20 records make 1 groups"):
        divide(same, SHARES[0])
