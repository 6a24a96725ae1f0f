"""What tools have to do with each other, found by execution.

1. A value that works where a made-up one fails is a flow; a number that works as anything does is none.
2. A call that changes a later one is found by leaving it out; one that changes nothing is not.
3. What was found is a contract that the reader of contracts takes.
4. The same seed finds the same.
"""

from pathlib import Path
from typing import Any

import pytest

from fr_envs.adapters.inference.contract import Inferred, infer
from fr_envs.adapters.inference.outcomes import succeeded
from fr_envs.adapters.inference.shapes import shape_of
from fr_envs.adapters.inference.values import Named, fits, in_json, in_state, offered, telling, words
from fr_envs.adapters.inference.writing import contract_text
from fr_envs.adapters.python.objects import domain_from_object
from fr_envs.contract.loading import read_spec
from fr_envs.errors import UsageError
from fr_envs.world.registry import load_domain


class Desk:
    """A help desk."""

    def __init__(self) -> None:
        self.owner = "kim"
        self.tickets: dict[str, dict[str, str]] = {"T-1000": {"title": "Lamp", "state": "open"}}
        self.user = ""

    def login(self, owner: str) -> dict[str, bool]:
        """Sign in."""
        if owner != self.owner:
            raise ValueError("nobody of that name")
        self.user = owner
        return {"done": True}

    def create_ticket(self, title: str, urgency: float = 1.0) -> dict[str, Any]:
        """Open a ticket."""
        if not self.user:
            raise ValueError("sign in first")
        key = f"T-{1000 + 7 * len(self.tickets)}"
        self.tickets[key] = {"title": title, "state": "open"}
        return {"ticket_key": key, "cost": 12.5 * urgency}

    def close_ticket(self, number: str) -> dict[str, str]:
        """Close a ticket."""
        self.tickets[number]["state"] = "closed"
        return {"state": "closed"}

    def list_tickets(self) -> list[str]:
        """List what is open."""
        return [key for key, body in self.tickets.items() if body["state"] == "open"]

    def now(self) -> dict[str, str]:
        """Tell the time."""
        return {"time": "12:30"}

    def paint(self, colour: str) -> dict[str, str]:
        """Paint it.

        Args:
            colour: One of 'red' or 'blue'.
        """
        if colour not in {"red", "blue"}:
            raise ValueError("use 'red' or 'blue'")
        return {"colour": colour}

    def never(self, ticket_key: str) -> dict[str, float]:
        """Never work."""
        raise RuntimeError("no")


@pytest.fixture(scope="module")
def found() -> Inferred:
    return infer(domain_from_object(Desk, name="desk", time_limit=None), walks=30, length=10)


@pytest.mark.slow
def test_values_that_work_where_others_fail_are_flows(found: Inferred) -> None:
    flows = {(edge.producer, edge.consumer, edge.parameter): edge.ground for edge in found.data}
    assert flows["create_ticket", "close_ticket", "number"] == "executed"
    assert flows["list_tickets", "close_ticket", "number"] == "executed"
    assert flows["create_ticket", "never", "ticket_key"] == "guessed"
    assert not any(producer == "now" for producer, _, _ in flows)
    assert ("create_ticket", "create_ticket", "urgency") not in flows


def test_calls_that_change_others_are_found_and_no_more(found: Inferred) -> None:
    effects = {(edge.earlier, edge.later): edge for edge in found.state}
    assert effects["login", "create_ticket"].enables > 1
    assert ("close_ticket", "list_tickets") in effects
    assert not any("now" in pair or "paint" in pair for pair in effects)
    first, second = effects["login", "create_ticket"].witness
    assert (first.name, second.name) == ("login", "create_ticket")


def test_what_never_worked_is_named(found: Inferred) -> None:
    assert found.silent == ("never",)


def test_the_contract_reads_back(found: Inferred, tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text(contract_text(found.spec), encoding="utf-8")
    again = read_spec(path)
    number = again.tools["close_ticket"].parameters["number"].field.kind
    assert number is not None
    assert again.tools["create_ticket"].returns["ticket_key"].kind == number
    assert again.tools["create_ticket"].needs == ("after_login",)
    assert again.tools["login"].sets == ("after_login",)
    assert (again.tools["now"].effect, again.tools["login"].effect) == ("read", "write")


def test_the_same_seed_finds_the_same() -> None:
    domain = domain_from_object(Desk, name="desk", time_limit=None)
    assert infer(domain, walks=10, length=6) == infer(domain, walks=10, length=6)


def test_without_a_kind_there_is_no_contract() -> None:
    with pytest.raises(UsageError, match="has no kind"):
        contract_text(domain_from_object(Desk, name="desk").spec)


@pytest.mark.slow
def test_a_world_of_ours_is_explored_as_well() -> None:
    domain = load_domain("filesystem")
    found = infer(domain, walks=4, length=6)
    assert set(found.silent) < set(domain.spec.tools)


def test_words_and_values() -> None:
    assert words("cityA fuelLevels HTTPServer") == {"city", "fuel", "level", "http", "server"}
    assert offered("Between 0 and 1.", "number") == [0.0, 1.0, 0.5]
    assert offered("Options are: economy, business or first.", "string") == ["economy", "business", "first"]
    assert "2024-11-15" in offered("In the form YYYY-MM-DD.", "string")
    assert offered('The animal\'s name, such as "Bruno" or "Kiwi".', "string")[:2] == ["Bruno", "Kiwi"]
    assert [telling(value) for value in ("a", "ab", True, 3, 3.5, 12, None)] == [
        False,
        True,
        False,
        False,
        True,
        True,
        False,
    ]
    assert fits(3, "number")
    assert not fits(True, "integer")
    assert not fits(10**9, "integer")
    assert list(in_json({"a": [1, None]})) == [Named(("#",), "a"), Named(("a", "*"), 1)]


def test_a_state_shows_keys_and_values_with_their_names() -> None:
    state = domain_from_object(Desk, name="desk").initial(0)
    held = {(each.path, each.value) for each in in_state(state)}
    assert (("owner",), "kim") in held
    assert (("tickets", "#"), "T-1000") in held
    assert (("tickets", "T-1000", "title"), "Lamp") in held


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, True),
        ({"error": "x"}, False),
        ({"r": [{"error": "x"}]}, False),
        ({"r": ["Error: x"]}, False),
        ({"r": [1]}, True),
    ],
)
def test_failures_are_known_by_their_form(value: dict[str, Any], expected: bool) -> None:
    assert succeeded(value) is expected


def test_shapes_of_what_was_seen() -> None:
    shape = shape_of([{"a": 1, "b": []}, {"a": "x"}], {})
    assert shape.object is not None
    assert shape.object["a"].schema == {"type": ["integer", "string"]}
    assert shape.object["b"].optional
    assert shape_of([{"k1": 1}], {}).schema == {"type": "object"}
    assert shape_of([["x"]], {("*",): "word"}).array == shape_of(["x"], {(): "word"})
    assert shape_of([], {}).schema == {}
    assert shape_of([[1], 2], {}).schema == {"type": ["array", "integer"]}


class Board:
    """A board of tags."""

    def __init__(self) -> None:
        self.tags = ["red", "blue", "green"]

    def all_tags(self) -> list[str]:
        """List the tags."""
        return self.tags

    def drop(self, tags: list[str], options: dict[str, str]) -> bool:
        """Drop tags."""
        if not tags or not set(tags) <= set(self.tags):
            raise ValueError("no such tag")
        self.tags = [tag for tag in self.tags if tag not in tags]
        return True


BOARD_DOCS = [
    {"name": "all_tags", "description": "List.", "parameters": {"type": "dict", "properties": {}}},
    {
        "name": "drop",
        "description": "Drop.",
        "parameters": {
            "type": "dict",
            "properties": {
                "tags": {"type": "array", "items": {"type": "string"}},
                "options": {"type": "dict", "properties": {"mode": {"type": "string", "enum": ["soft", "hard"]}}},
            },
            "required": ["tags", "options"],
        },
    },
]


def test_lists_and_objects_are_filled_and_their_flows_found() -> None:
    found = infer(domain_from_object(Board, name="board", docs=BOARD_DOCS, time_limit=None), walks=40, length=8)
    assert ("all_tags", "drop", "tags") in {edge[0:1] + edge[2:4] for edge in found.data}
    assert ("drop", "all_tags") in {(edge.earlier, edge.later) for edge in found.state}
    assert found.silent == ()
