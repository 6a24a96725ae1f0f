"""What is tried can be bounded, is told while it goes on, and says of a silent tool why it is silent.

1. No more calls than the bound, whatever the world; the same seed and bound find the same.
2. Seconds bound it too; which phases were cut is said.
3. A tool that never went through is reported with how often it was tried and what it said.
"""

import datetime
import itertools

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
        domain.apply(domain.initial(0), ToolCall("list_boxes", {}))


def test_a_silent_tool_says_why() -> None:
    found = infer(world(), walks=12, length=8)
    assert found.silent == ("open_safe",)
    silence = found.refused["open_safe"]
    assert silence.tried > 3
    assert all("is wrong" in text for text, _ in silence.said)


def test_dates_are_drawn_by_their_format() -> None:
    assert "due" not in infer(world(), walks=12, length=8).silent
