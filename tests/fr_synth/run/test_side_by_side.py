"""Work on threads: in order or as it comes, no more at once than allowed, and no result lost to an error."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from fr_envs.errors import TeacherError
from fr_synth.run.side_by_side import as_they_come, in_order
from tests.processes import GUARD

if TYPE_CHECKING:
    from collections.abc import Callable


class Gauge:
    """Counts how many pieces of work are inside at once; each waits until all places are full."""

    def __init__(self, places: int) -> None:
        self.most = 0
        self._inside = 0
        self._lock = threading.Lock()
        self._full = threading.Barrier(places)

    def work(self, number: int) -> Callable[[], int]:
        def run() -> int:
            with self._lock:
                self._inside += 1
                self.most = max(self.most, self._inside)
            self._full.wait(GUARD)
            with self._lock:
                self._inside -= 1
            return number

        return run


@pytest.mark.parametrize("in_turn", [True, False])
def test_so_many_run_at_once_and_no_more(in_turn: bool) -> None:
    gauge = Gauge(3)
    works = (gauge.work(number) for number in range(9))
    results = list(in_order(works, lambda: 3) if in_turn else as_they_come(works, 3))
    assert gauge.most == 3
    assert sorted(results) == list(range(9))
    assert not in_turn or results == sorted(results)


def test_no_more_is_begun_than_is_wanted() -> None:
    wanted = [4]
    begun: list[int] = []

    def work(number: int) -> Callable[[], int]:
        def run() -> int:
            begun.append(number)
            return number

        return run

    with closing(in_order((work(number) for number in range(100)), lambda: wanted[0])) as results:
        for expected in range(4):
            assert next(results) == expected
            wanted[0] -= 1
    assert sorted(begun) == [0, 1, 2, 3]


def test_what_is_done_comes_before_an_error() -> None:
    first = threading.Event()

    def fails() -> int:
        first.set()
        raise TeacherError("gone")

    def lasts() -> int:
        first.wait(GUARD)
        return 7

    results = as_they_come([fails, lasts], 2)
    assert next(results) == 7
    with pytest.raises(TeacherError, match="gone"):
        next(results)


def test_an_error_comes_in_its_place() -> None:
    def fails() -> int:
        raise TeacherError("gone")

    results = in_order([lambda: 1, fails, lambda: 3], lambda: 3)
    assert next(results) == 1
    with pytest.raises(TeacherError):
        next(results)
