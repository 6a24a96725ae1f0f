"""Objects kept between calls.

1. A call that changes nothing costs neither a thaw nor a freeze, whatever the object holds.
2. Nothing that a call does reaches another state, be it kept or not.
3. A method that says it reads and writes is found out; what it writes from then on counts.
"""

import pickle
from typing import Any, ClassVar

from typing_extensions import override

from fr_envs.adapters.python.live import LiveObjects
from fr_envs.adapters.python.objects import Handling, domain_from_object
from fr_envs.episode.session import Session


class Ledger:
    """A ledger whose copies are counted."""

    copies: ClassVar[list[str]] = []

    def __init__(self) -> None:
        self.rows = {str(number): number for number in range(100)}
        self.visits = 0

    @override
    def __getstate__(self) -> dict[str, Any]:
        self.copies.append("out")
        return dict(self.__dict__)

    def __setstate__(self, held: dict[str, Any]) -> None:
        self.copies.append("in")
        self.__dict__.update(held)

    def get_row(self, key: str) -> int:
        """Read a row."""
        return self.rows[key]

    def set_row(self, key: str, value: int) -> int:
        """Write a row, unless it is negative."""
        self.rows[key] = value
        if value < 0:
            raise ValueError("negative")
        return value

    def get_visits(self) -> int:
        """Say how often this was asked, which is a write."""
        self.visits += 1
        return self.visits


class Forking(Ledger):
    """A ledger that says itself what its copies and its changes are."""

    def fork(self) -> "Forking":
        """Copy."""
        other = Forking()
        other.rows, other.visits = dict(self.rows), self.visits
        return other

    def fingerprint(self) -> int:
        """Tell apart."""
        return hash((tuple(self.rows.items()), self.visits))


def session(kind: type = Ledger, handling: Handling | None = None) -> Session:
    made = Session(domain_from_object(kind, name="ledger", handling=handling or Handling()), max_steps=None)
    made.reset()
    return made


def test_a_read_costs_no_copy() -> None:
    played = session()
    for key in range(9):
        played.call("get_row", {"key": str(key)})
    Ledger.copies.clear()
    for key in range(9, 15):
        assert played.call("get_row", {"key": str(key)}) == {"result": key}
    played.call("get_row", {"key": "none"})
    assert Ledger.copies in ([], ["out"])  # the sixteenth call is looked at


def test_a_toolkit_that_forks_is_never_pickled() -> None:
    Ledger.copies.clear()
    played = session(Forking)
    assert "fork" not in played.domain.spec.tools
    fork = played.fork()
    played.call("set_row", {"key": "1", "value": 5})
    assert played.call("get_row", {"key": "1"}) == {"result": 5}
    assert fork.call("get_row", {"key": "1"}) == {"result": 1}
    assert played.digest != fork.digest
    assert Ledger.copies == []


def test_nothing_leaks_between_states() -> None:
    for kind in (Ledger, Forking):
        played = session(kind)
        first = played.fork()
        played.call("set_row", {"key": "1", "value": 5})
        second = played.fork()
        played.call("set_row", {"key": "1", "value": 6})
        assert played.call("set_row", {"key": "1", "value": -1})["error"]["code"] == "tool_failed"
        assert [each.call("get_row", {"key": "1"})["result"] for each in (first, second, played)] == [1, 5, 6]
        assert played.call("set_row", {"key": "1", "value": 6}) == {"result": 6}
        assert first.digest == session(kind).digest


def test_a_read_that_writes_is_found_out() -> None:
    told: list[str] = []
    played = session(Ledger, Handling(report=told.append))
    before = played.digest
    assert [played.call("get_visits")["result"] for _ in range(3)] == [1, 2, 3]
    assert played.digest != before
    assert told == ["get_visits says that it reads, and changes the object; it counts as writing from now on"]


class Sly(Ledger):
    """A ledger that writes when it reads the third time."""

    @override
    def get_row(self, key: str) -> int:
        """Read a row."""
        self.visits += key == "sly"
        return self.visits


def test_what_a_read_wrote_before_it_was_found_out_is_dropped() -> None:
    played = session(Sly)
    for key in ("1", "2", "sly"):
        played.call("get_row", {"key": key})
    played.call("set_row", {"key": "1", "value": 3})
    assert played.call("get_row", {"key": "1"}) == {"result": 0}
    assert played.call("get_row", {"key": "sly"}) == {"result": 1}
    assert played.call("get_row", {"key": "1"}) == {"result": 1}


def test_few_are_kept_and_none_is_pickled() -> None:
    live = LiveObjects(("a",))
    assert vars(pickle.loads(pickle.dumps(live))).keys() == vars(live).keys()
    played = session()
    forks = []
    for value in range(8):
        played.call("set_row", {"key": "1", "value": value})
        forks.append(played.fork())
    assert [fork.call("get_row", {"key": "1"})["result"] for fork in forks] == list(range(8))
