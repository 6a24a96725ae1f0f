"""What the evidence of an inference rests on.

1. An effect that shows only between calls that name the same thing is claimed for such calls alone.
2. An effect that hangs on an option of the later call is claimed for that option alone.
3. A change between two failures says nothing; a call that changes nothing has no effect.
4. What a parameter was given and what comes out again is no reason to give it there.
5. A made-up value is of the shape of a real one; a number that any neighbour can replace is a measure, no identifier.
6. A parameter that was hardly tried takes what one of the same name takes, unless trials tell them apart.
7. What opens only after several steps is reached, and examples open what nobody can guess.
"""

from typing import Any

import numpy as np
import pytest

from fr_envs.adapters.inference.contract import Inferred, infer
from fr_envs.adapters.inference.counterfactual import StateEdge, shares
from fr_envs.adapters.inference.dataflow import data_edges
from fr_envs.adapters.inference.trials import Trials, Tried
from fr_envs.adapters.inference.values import offered
from fr_envs.adapters.python.objects import domain_from_object
from fr_envs.world.tool_call import ToolCall


class Shelf:
    """A shelf with a lamp."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {f"box-{number}": "full" for number in range(1042, 9999, 994)}
        self.lamp = "off"
        self.note = ""
        self.level = 10.0

    def list_boxes(self) -> list[str]:
        """List the boxes."""
        return list(self.held)

    def drop(self, box: str) -> dict[str, str]:
        """Drop a box."""
        del self.held[box]
        return {"dropped": box}

    def weigh(self, box: str) -> dict[str, Any]:
        """Weigh a box."""
        return {"grams": 100 * len(self.held[box])}

    def switch(self, lamp: bool) -> dict[str, str]:
        """Switch the lamp."""
        self.lamp = "on" if lamp else "off"
        return {"lamp": self.lamp}

    def show(self, part: str) -> dict[str, Any]:
        """Show a part.

        Args:
            part: One of 'lamp' or 'size'.
        """
        parts: dict[str, dict[str, Any]] = {"lamp": {"lamp": self.lamp}, "size": {"size": 3}}
        return parts[part]

    def write_note(self, remark: str) -> dict[str, bool]:
        """Write a remark."""
        self.note = remark
        return {"done": True}

    def read_note(self) -> dict[str, str]:
        """Read the remark."""
        return {"remark": self.note}

    def pour(self, level: float) -> dict[str, float]:
        """Pour some."""
        if not 0 < level <= 50:
            raise ValueError("too much")
        self.level = min(90.0, self.level + level)
        return {"level": self.level}


@pytest.fixture(scope="module")
def shelf() -> Inferred:
    return infer(domain_from_object(Shelf, name="shelf", time_limit=None), walks=40, length=12)


@pytest.fixture(scope="module")
def effects(shelf: Inferred) -> dict[tuple[str, str], StateEdge]:
    return {(edge.earlier, edge.later): edge for edge in shelf.state}


@pytest.mark.slow
def test_an_effect_between_calls_that_name_the_same_thing(effects: dict[tuple[str, str], StateEdge]) -> None:
    edge = effects["drop", "weigh"]
    assert edge.same
    assert edge.blocks > 0
    dropped = ToolCall("drop", {"box": "box-1042"})
    assert edge.covers(dropped, {}, ToolCall("weigh", {"box": "box-1042"}))
    assert not edge.covers(dropped, {}, ToolCall("weigh", {"box": "box-2036"}))
    assert not effects["drop", "list_boxes"].same


def test_what_counts_as_the_same_thing() -> None:
    earlier = ToolCall("make", {"name": "a", "count": 3})
    assert shares(earlier, {}, ToolCall("use", {"of": "a"}))
    assert shares(earlier, {"id": 4711}, ToolCall("use", {"ids": [4711]}))
    assert not shares(earlier, {}, ToolCall("use", {"count": 3}))
    assert not shares(ToolCall("make", {"name": ""}), {}, ToolCall("use", {"of": ""}))


def test_an_effect_that_hangs_on_an_option(effects: dict[tuple[str, str], StateEdge]) -> None:
    edge = effects["switch", "show"]
    assert edge.spared == ("part", ("size",))
    switched = ToolCall("switch", {"lamp": True})
    assert edge.covers(switched, {}, ToolCall("show", {"part": "lamp"}))
    assert not edge.covers(switched, {}, ToolCall("show", {"part": "size"}))


def test_no_effect_without_a_change(effects: dict[tuple[str, str], StateEdge]) -> None:
    assert not any(earlier in {"list_boxes", "weigh", "show", "read_note"} for earlier, _ in effects)
    assert ("drop", "switch") not in effects


def test_what_was_written_is_not_what_is_to_be_written(shelf: Inferred) -> None:
    flows = {(edge.producer, edge.consumer, edge.parameter) for edge in shelf.data}
    assert ("list_boxes", "weigh", "box") in flows
    assert ("read_note", "write_note", "remark") not in flows


def test_a_measure_is_no_identifier(shelf: Inferred) -> None:
    assert not any(edge.parameter == "level" and edge.ground == "executed" for edge in shelf.data)


class Machine:
    """A machine that starts after three steps in order."""

    def __init__(self) -> None:
        self.ready: list[str] = []

    def prepare(self, step: str, hard: bool) -> dict[str, int]:
        """Do a step.

        Args:
            step: One of 'clean', 'oil' or 'load'.
            hard: Whether to do it hard.
        """
        wanted = ("clean", "oil", "load")[len(self.ready) % 3]
        if step != wanted or not hard:
            raise ValueError("that was wrong")
        self.ready = [*self.ready, step]
        return {"done": len(self.ready)}

    def start(self) -> dict[str, str]:
        """Start it, once."""
        if len(self.ready) < 3:
            raise ValueError(f"{len(self.ready)} steps are done")
        self.ready = []
        return {"state": "running"}


def test_what_opens_after_several_steps_is_reached() -> None:
    found = infer(domain_from_object(Machine, name="machine", time_limit=None), walks=80, length=8)
    assert found.silent == ()
    assert ("prepare", "start") in {(edge.earlier, edge.later) for edge in found.state}


class Safe:
    """A safe with a code that nothing tells."""

    def open_safe(self, code: str) -> dict[str, str]:
        """Open the safe."""
        if code != "tulip-1907":
            raise ValueError("wrong")
        return {"badge": "B-7719"}

    def use_badge(self, badge: str) -> dict[str, bool]:
        """Use what lay in the safe."""
        return {"done": {"B-7719": True}[badge]}


def test_examples_open_what_nobody_can_guess() -> None:
    safe = domain_from_object(Safe, name="safe", time_limit=None)
    assert infer(safe, walks=40, length=8).silent == ("open_safe", "use_badge")
    found = infer(safe, walks=40, length=8, examples={"open_safe": [{"code": "tulip-1907"}]})
    assert found.silent == ()
    flow = next(edge for edge in found.data if edge.parameter == "badge")
    assert (flow.producer, flow.pointer, flow.ground) == ("open_safe", ("badge",), "executed")


@pytest.mark.parametrize(("tried", "ground"), [(Tried(0, 0), "kin"), (Tried(0, 2), None), (Tried(2, 2), "executed")])
def test_what_was_hardly_tried_is_taken_from_a_parameter_of_the_same_name(tried: Tried, ground: str | None) -> None:
    domain = domain_from_object(Shelf, name="shelf", time_limit=None)
    trials = Trials(domain, [], np.random.default_rng(0))
    output = "list_boxes", ("result", "*")
    trials.outputs[output] = "box-1042"
    for tool in ("weigh", "drop"):
        trials.made_up[tool, "box"] = Tried(0, 9)
    trials.flows[(*output, "weigh", "box")] = Tried(9, 9)
    if tried.tried:
        trials.flows[(*output, "drop", "box")] = tried
    found = {edge.consumer: edge.ground for edge in data_edges(domain.spec, trials)}
    assert found["weigh"] == "executed"
    assert found.get("drop") == ground


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The place. [Enum]: Sunset Valley, Rome", ["Sunset Valley", "Rome"]),
        ("Options are: economy, business or first.", ["economy", "business", "first"]),
        ("In the format of street, city, state.", []),
    ],
)
def test_what_a_text_enumerates(text: str, expected: list[str]) -> None:
    assert offered(text, "string") == expected
