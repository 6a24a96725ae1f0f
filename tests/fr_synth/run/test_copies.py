"""Copies are found among any number of records, at a few hundred bytes each.

1. A record that says the same is found, by its digest or by its signature; one that says something else is not.
2. Every number under a key is found again, however often the table has grown, and none under another key.
3. What is kept of a record does not take more than a kilobyte.
"""

from __future__ import annotations

import tracemalloc

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fr_synth.run.copies import Copies, Likeness, _Numbers

KEYS = st.integers(1, 2**64 - 1)


def likeness(seed: int, changed: int = 0) -> Likeness:
    """The likeness of a record like no other; so many of the numbers of its signature are others."""
    rng = np.random.default_rng(seed)
    signature = rng.integers(0, 2**32, 64, dtype=np.uint32)
    signature[:changed] ^= 1
    return Likeness(rng.bytes(15) + bytes([changed]), signature.astype("<u4").tobytes())


def test_a_near_copy_is_found_and_what_is_no_copy_is_not() -> None:
    copies = Copies()
    for seed in range(300):
        assert copies.twin_of(likeness(seed)) is None
        copies.add(f"record {seed}", likeness(seed))
    assert copies.twin_of(likeness(7)) == "record 7"
    assert copies.twin_of(likeness(7, changed=6)) == "record 7"
    assert copies.twin_of(likeness(7, changed=7)) is None, "less than nine tenths are alike"
    assert copies.twin_of(Likeness(b"another", b"")) is None


def test_short_records_are_copies_only_to_the_letter() -> None:
    copies = Copies()
    copies.add("short", Likeness(b"digest", b""))
    copies.add("another", Likeness(b"other", b""))
    assert copies.twin_of(Likeness(b"digest", b"")) == "short"
    assert copies.twin_of(Likeness(b"third", bytes(256))) is None


@given(st.lists(st.tuples(st.one_of(st.integers(1, 5), KEYS), st.integers(0, 2**32 - 1)), max_size=60))
def test_all_numbers_of_a_key_are_found(pairs: list[tuple[int, int]]) -> None:
    table = _Numbers()
    for key, value in pairs:
        table.add(key, value)
    for key in {key for key, _ in pairs}:
        assert sorted(table.of(key)) == sorted(value for each, value in pairs if each == key)


def test_numbers_are_found_after_the_table_has_grown() -> None:
    table = _Numbers()
    for key in range(1, 5001):
        table.add(key * 2**40, key)
    assert all(list(table.of(key * 2**40)) == [key] for key in range(1, 5001))
    assert list(table.of(5001 * 2**40)) == []


def test_a_record_takes_less_than_a_kilobyte() -> None:
    made = [likeness(seed) for seed in range(2000)]
    tracemalloc.start()
    copies = Copies()
    for number, each in enumerate(made):
        copies.add(f"index {number}", each)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 1100 * len(made)
