"""What is tried can be bounded, is told while it goes on, and says of a silent tool why it is silent.

1. No more calls than the bound, whatever the world; the same seed and bound find the same.
2. Seconds bound it too; which phases were cut is said.
3. A call in a state in which it was made before costs nothing, so that ten small tools are tried to the end.
4. A tool that never went through is reported with how often it was tried and what it said.
"""

import datetime
import itertools
from typing import Any

import pytest

from fr_envs.adapters.enrich import complete
from fr_envs.adapters.inference.contract import infer
from fr_envs.adapters.inference.metered import PHASES, Bounds, MeteredDomain, OutOfBudget, Progress, metered
from fr_envs.adapters.python.objects import domain_from_object
from fr_envs.contract.writing import contract_text
from fr_envs.world.tool_call import ToolCall


class Shelf:
    """A shelf."""

    def __init__(self) -> None:
        self.boxes = {"B-101": "nails", "B-102": "glue", "B-103": "tape"}

    def list_boxes(self) -> list[dict[str, str]]:
        """List the boxes."""
        return [{"box_id": key, "holds": holds} for key, holds in self.boxes.items()]

    def empty_box(self, box_id: str) -> bool:
        """Empty a box."""
        if not self.boxes[box_id]:
            raise ValueError("empty already")
        self.boxes[box_id] = ""
        return True

    def due(self, day: datetime.date) -> str:
        """Say what is due."""
        return day.isoformat()

    def open_safe(self, code: str) -> str:
        """Open the safe."""
        raise PermissionError(f"{code} is wrong")


def world() -> MeteredDomain:
    return metered(domain_from_object(Shelf, name="shelf"))


def test_calls_are_bounded_and_the_outcome_is_the_same() -> None:
    texts = []
    for _ in range(2):
        domain = metered(domain_from_object(Shelf, name="shelf"), Bounds(calls=300))
        done = complete(domain, walks=50, length=8)
        assert domain.calls <= 300
        assert set(done.found.cut.values()) == {"calls"}
        assert set(done.found.cut) <= set(PHASES)
        texts.append(contract_text(done.spec))
        assert ("list_boxes", "empty_box") in {(edge.producer, edge.consumer) for edge in done.found.data}
    assert texts[0] == texts[1]


def test_seconds_are_bounded_and_progress_is_told() -> None:
    told: list[Progress] = []
    ticks = itertools.count()
    domain = metered(domain_from_object(Shelf, name="shelf"), Bounds(None, 100.0, told.append, lambda: next(ticks)))
    found = infer(domain, walks=20, length=5)
    assert found.cut["walks"] == "seconds"
    assert domain.calls < 100
    assert told[0].phase == "walks"
    assert told[-1].calls > told[0].calls


def test_an_unbounded_world_is_tried_to_the_end() -> None:
    domain = world()
    assert not domain.bounded
    assert infer(domain, walks=4, length=4).cut == {}
    assert metered(domain) is domain


def test_without_calls_nothing_is_known() -> None:
    domain = metered(domain_from_object(Shelf, name="shelf"), Bounds(calls=1))
    found = infer(domain, walks=2, length=2)
    assert found.refused["open_safe"].tried <= 1
    with pytest.raises(OutOfBudget):
        domain.apply(domain.initial(0), ToolCall("open_safe", {"code": "0000"}))


def test_what_is_known_from_the_same_state_costs_nothing() -> None:
    domain = metered(domain_from_object(Shelf, name="shelf"), Bounds(calls=8))  # a quarter of them for walks
    first = domain.initial(0)
    emptied = domain.apply(first, ToolCall("empty_box", {"box_id": "B-101"}))
    read = domain.apply(first, ToolCall("list_boxes", {}))
    for _ in range(3):
        assert domain.apply(first, ToolCall("empty_box", {"box_id": "B-101"})).state is emptied.state
        again = domain.apply(domain.initial(0), ToolCall("list_boxes", {}))
        assert again.value == read.value
    another = domain.initial(0)
    assert domain.apply(another, ToolCall("list_boxes", {})).state is another, "a read leaves the state as it is"
    assert domain.calls == 2
    with pytest.raises(OutOfBudget):
        domain.apply(emptied.state, ToolCall("list_boxes", {}))


class Pairs:
    """Things in pairs: ten small tools, some of which have nothing to do with each other."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, dict[str, Any]]] = {
            noun: {f"{noun[0].upper()}-{100 + k}": {"size": k, "open": True} for k in range(3)}
            for noun in ("door", "lamp", "pump")
        }
        self.notes: list[str] = []

    def _all(self, noun: str) -> list[dict[str, Any]]:
        return [{f"{noun}_id": key, **row} for key, row in self.rows[noun].items()]

    def _shut(self, noun: str, key: str) -> dict[str, Any]:
        if not self.rows[noun][key]["open"]:
            raise ValueError("it is shut")
        self.rows[noun][key]["open"] = False
        return {f"{noun}_id": key, **self.rows[noun][key]}

    def list_doors(self) -> list[dict[str, Any]]:
        """List the doors."""
        return self._all("door")

    def shut_door(self, door_id: str) -> dict[str, Any]:
        """Shut a door."""
        return self._shut("door", door_id)

    def get_door(self, door_id: str) -> dict[str, Any]:
        """Show a door."""
        return {"door_id": door_id, **self.rows["door"][door_id]}

    def list_lamps(self) -> list[dict[str, Any]]:
        """List the lamps."""
        return self._all("lamp")

    def shut_lamp(self, lamp_id: str) -> dict[str, Any]:
        """Switch a lamp off."""
        return self._shut("lamp", lamp_id)

    def get_lamp(self, lamp_id: str) -> dict[str, Any]:
        """Show a lamp."""
        return {"lamp_id": lamp_id, **self.rows["lamp"][lamp_id]}

    def list_pumps(self) -> list[dict[str, Any]]:
        """List the pumps."""
        return self._all("pump")

    def shut_pump(self, pump_id: str) -> dict[str, Any]:
        """Stop a pump."""
        return self._shut("pump", pump_id)

    def add_note(self, text: str) -> dict[str, int]:
        """Write a note."""
        self.notes.append(text)
        return {"notes": len(self.notes)}

    def list_notes(self) -> list[str]:
        """List the notes."""
        return self.notes


@pytest.mark.slow
def test_ten_small_tools_are_tried_to_the_end() -> None:
    domain = metered(domain_from_object(Pairs, name="pairs", time_limit=None), Bounds(calls=24_000))
    done = complete(domain)
    assert done.found.cut == {}
    flows = {(edge.producer, edge.consumer) for edge in done.found.data}
    for noun in ("door", "lamp", "pump"):
        assert (f"list_{noun}s", f"shut_{noun}") in flows
    assert not {("list_doors", "shut_lamp"), ("list_lamps", "shut_pump"), ("list_pumps", "shut_door")} & flows
    effects = {(edge.earlier, edge.later) for edge in done.found.state}
    assert {("shut_door", "get_door"), ("shut_lamp", "list_lamps"), ("add_note", "list_notes")} <= effects


def test_a_silent_tool_says_why() -> None:
    found = infer(world(), walks=12, length=8)
    assert found.silent == ("open_safe",)
    silence = found.refused["open_safe"]
    assert silence.tried > 3
    assert all("is wrong" in text for text, _ in silence.said)


def test_dates_are_drawn_by_their_format() -> None:
    assert "due" not in infer(world(), walks=12, length=8).silent
