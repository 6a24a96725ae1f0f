"""What a foreign world offers a dialogue.

1. Values fit their schemas, come from examples first, and are what a person could say.
2. What a user can mean is what the world's own listings show now.
3. Agents see no examples.
"""

from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
import pytest

from fr_envs.adapters.enrich import complete
from fr_envs.adapters.faulty_tools import read_sound
from fr_envs.adapters.lists.tool_lists import spec_from_tools
from fr_envs.adapters.python.objects import domain_from_object
from fr_envs.adapters.sampling_hooks import Shown, suggestions_of, with_examples
from fr_envs.adapters.world_file import ready
from fr_envs.contract.writing import contract_text
from fr_envs.errors import SpecError
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from fr_envs.world.state import State


class Box(TypedDict):
    box_id: str
    colour: str
    weight: int


class Attic:
    """An attic full of boxes."""

    def __init__(self) -> None:
        self.boxes = {"box-17": ("red", 4), "box-29": ("blue", 7), "box-31": ("green", 9)}

    def list_boxes(self) -> list[Box]:
        """List the boxes."""
        return [{"box_id": key, "colour": colour, "weight": weight} for key, (colour, weight) in self.boxes.items()]

    def throw_away(self, box_id: str, why: str = "") -> dict[str, int]:
        """Throw a box away."""
        del self.boxes[box_id]
        return {"left": len(self.boxes)}

    def paint(self, box_id: str, colour: str) -> dict[str, str]:
        """Paint a box.

        Args:
            box_id: Which box.
            colour: 'red', 'blue' or 'white'.
        """
        if colour not in {"red", "blue", "white"}:
            raise ValueError("there is 'red', 'blue' and 'white'")
        self.boxes[box_id] = (colour, self.boxes[box_id][1])
        return {"colour": colour}


@pytest.fixture(scope="module")
def attic() -> Any:
    completed = complete(domain_from_object(Attic, name="attic"), walks=30, length=8)
    return completed, ready(domain_from_object(Attic, name="attic", spec=completed.spec))


@pytest.mark.slow
def test_identifiers_are_issued_and_examples_come_from_the_text(attic: Any) -> None:
    spec = attic[0].spec
    assert spec.kinds["box_id"].origin == "issued"
    colour = spec.tools["paint"].parameters["colour"].field
    examples = colour.schema["examples"] if colour.kind is None else spec.kinds[colour.kind].examples
    assert examples
    assert set(examples) <= {"red", "blue", "white"}


def test_agents_see_no_examples(attic: Any) -> None:
    domain = attic[1]
    assert "examples" not in domain.tools_json
    drawn = {
        domain.suggest(domain.initial(0), "paint", "colour", {}, np.random.default_rng(seed)) for seed in range(20)
    }
    assert drawn
    assert drawn <= {"red", "blue", "white"}


def test_what_is_meant_is_what_listings_show_now(attic: Any) -> None:
    domain = attic[1]
    state: State = domain.initial(0)
    shown = domain.entities(state, "box_id")
    assert shown["box-29"] == {"box_id": "box-29", "colour": "blue", "weight": 7}
    after = domain.apply(state, ToolCall("throw_away", {"box_id": "box-29"})).state
    assert set(domain.entities(after, "box_id")) == {"box-17", "box-31"}


def test_a_contract_with_a_faulty_tool_is_read_without_it(attic: Any, tmp_path: Any) -> None:
    file = tmp_path / "attic.yaml"
    text = contract_text(attic[0].spec)
    before, _, after = text.rpartition("kind: box_id")  # in throw_away, the last tool
    file.write_text(f"{before}kind: crate_id{after}", encoding="utf-8")
    with pytest.raises(SpecError, match="no kind 'crate_id'"):
        read_sound(file, "stop")
    spec, left_out = read_sound(file, "skip")
    assert spec is not None
    assert len(spec.tools) == 2
    assert "no kind 'crate_id'" in left_out[0]
    file.write_text(text.replace("kind: box_id", "kind: crate_id", 1), encoding="utf-8")  # in the one listing
    with pytest.raises(SpecError, match="/tools/throw_away: can never be called"):
        read_sound(file, "skip")
    file.write_text("name: attic", encoding="utf-8")
    with pytest.raises(SpecError):
        read_sound(file, "skip")


SCHEMAS = {
    "option": {"enum": ["a", "b"]},
    "example": {"type": "string", "examples": ["Rome"]},
    "number": {"type": "number"},
    "bounded": {"type": "integer", "minimum": 3, "maximum": 4},
    "text": {"type": "string"},
    "list": {"type": "array", "items": {"type": "string", "enum": ["x", "y"]}},
    "thing": {
        "type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "required": ["a"],
        "additionalProperties": False, "minProperties": 1,
    },
    "odd": {"type": "string", "pattern": "^(?=a)b$"},
    "any": {},
}  # fmt: skip


def test_values_are_made_up_from_schemas() -> None:
    tool = {"name": "do", "description": "Do it.", "parameters": {"properties": SCHEMAS, "required": list(SCHEMAS)}}
    hooks = suggestions_of(spec_from_tools([tool], name="world"))
    drawn = {name: [hooks[f"do.{name}"](None, {}, np.random.default_rng(k)) for k in range(10)] for name in SCHEMAS}
    assert set(drawn["option"]) == {"a", "b"}
    assert set(drawn["example"]) == {"Rome"}
    assert all(isinstance(value, int) for value in drawn["number"])
    assert set(drawn["bounded"]) <= {3, 4}
    assert all(value and isinstance(value, str) for value in drawn["text"])
    assert all(value and set(value) <= {"x", "y"} and len(set(value)) == len(value) for value in drawn["list"])
    assert all(value.keys() == {"a"} for value in drawn["thing"])
    assert set(drawn["odd"]) == {None}
    assert set(drawn["any"]) == {None}


def _listed(name: str, parameter: str, description: str = "") -> Any:
    schema = {"properties": {parameter: {"type": "integer", "description": description}}, "required": [parameter]}
    return {"name": name, "description": "Do it.", "parameters": schema}


def test_a_limit_that_is_set_is_a_sum_and_one_that_is_looked_up_with_is_a_few() -> None:
    spec = spec_from_tools([_listed("set_limit", "limit"), _listed("search_books", "limit")], name="world")
    drawn = suggestions_of(spec)
    state: Any = None
    rng = np.random.default_rng(3)
    assert all(drawn["set_limit.limit"](state, {}, rng) >= 35 for _ in range(20))
    assert all(drawn["search_books.limit"](state, {}, rng) <= 10 for _ in range(20))


def test_dates_that_show_how_dates_are_written_are_no_examples() -> None:
    day = {"type": "string", "description": "Due date, as YYYY-MM-DD."}
    tool = {"name": "lend", "description": "Lend it.",
            "parameters": {"properties": {"due_date": day}, "required": ["due_date"]}}  # fmt: skip
    worked = {"lend": [{"due_date": "2024-11-15"}, {"due_date": "1990-01-31"}]}
    shown = Shown({}, frozenset(), worked, frozenset())
    spec = with_examples(spec_from_tools([tool], name="world"), shown)
    assert "examples" not in (spec.tools["lend"].parameters["due_date"].field.schema or {})


def test_days_that_are_taken_anyhow_follow_on_those_that_are_shown() -> None:
    day = {"type": "string", "format": "date"}
    tool = {"name": "lend", "description": "Lend it.", "parameters": {"properties": {"day": day}, "required": ["day"]}}
    shown = Shown({"2026-09-16": [frozenset({"due"})]}, frozenset(), {"lend": [{"day": "1990-01-31"}]}, frozenset())
    spec = with_examples(spec_from_tools([tool], name="world"), shown)
    assert (spec.tools["lend"].parameters["day"].field.schema or {})["examples"][:2] == ["2026-09-18", "2026-09-21"]


def _one(name: str, tool: str, schema: Any, worked: list[Any], around: Any) -> Any:
    listed = {"name": tool, "description": "Do it.", "parameters": {"properties": {name: schema}, "required": [name]}}
    shown = Shown(around, frozenset(), {tool: [{name: value} for value in worked]}, frozenset({tool}))
    spec = with_examples(spec_from_tools([listed], name="world"), shown)
    return (spec.tools[tool].parameters[name].field.schema or {}).get("examples")


def test_an_amount_is_one_of_what_its_tool_is_about() -> None:
    around = {310.0: [frozenset({"quote"})], 7.0: [frozenset({"level"})]}
    assert _one("amount", "set_quote", {"type": "number"}, [310.0, 7.0], around) == [310.0]


def test_people_look_for_what_there_is_and_make_what_there_is_not() -> None:
    around = {"Dune": [frozenset({"film"})]}
    assert _one("film", "list_screenings", {"type": "string"}, ["Dune", "Solaris"], around) == ["Dune"]
    assert _one("film", "add_screening", {"type": "string"}, ["Dune", "Solaris"], around) == ["Solaris"]


def test_things_go_where_the_world_keeps_some() -> None:
    around = {"kitchen": [frozenset({"plant", "room"})], "Basil": [frozenset({"plant", "name"})]}
    assert _one("room", "move_plant", {"type": "string"}, ["Granite"], around) == ["kitchen"]
    assert _one("new_room", "move_plant", {"type": "string"}, [], around) == ["kitchen"]


class Choir:
    """A choir that meets anywhere."""

    def __init__(self) -> None:
        self.singers = ["Maud Eriksen", "Tomas Vega"]
        self.venues = {11: "Old School", 12: "Town Library"}

    def get_singers(self) -> list[dict[str, str]]:
        """All singers."""
        return [{"name": each} for each in self.singers]

    def get_rehearsals(self) -> list[dict[str, Any]]:
        """All rehearsals."""
        return [{"rehearsal_id": key, "venue": venue} for key, venue in self.venues.items()]

    def move_rehearsal(self, rehearsal_id: int, venue: str) -> dict[str, Any]:
        """Move a rehearsal to another venue."""
        if self.venues[rehearsal_id] == venue:
            raise ValueError("it is there already")
        self.venues[rehearsal_id] = venue
        return {"rehearsal_id": rehearsal_id, "venue": venue}


@pytest.mark.slow
def test_what_a_walk_has_put_somewhere_is_no_example_in_the_walks_that_go_on_from_it() -> None:
    spec = complete(domain_from_object(Choir, name="choir"), walks=20, length=8).spec
    venue = spec.tools["move_rehearsal"].parameters["venue"].field
    found = venue.schema or {} if venue.kind is None else {"examples": spec.kinds[venue.kind].examples}
    assert set(found["examples"]) <= {"Old School", "Town Library"}


@pytest.mark.parametrize("name", ["due", "due_date", "pickup_date", "until"])
def test_days_are_of_this_year_however_their_form_is_described(name: str) -> None:
    day = {"type": "string", "description": "As YYYY-MM-DD."}
    tool = {"name": "lend", "description": "Lend it.", "parameters": {"properties": {name: day}, "required": [name]}}
    drawn = suggestions_of(spec_from_tools([tool], name="world"))[f"lend.{name}"]
    state: Any = None
    rng = np.random.default_rng(3)
    assert all(str(drawn(state, {}, rng)).startswith("2026-") for _ in range(20))


class Course(TypedDict):
    course: str
    day: str


class Club:
    """A club with courses and members."""

    def __init__(self) -> None:
        self.courses = {"Spinning": "Monday", "Boxing": "Friday", "Rowing": "Sunday"}
        self.members = ["Nora Quist", "Ben Ashby"]

    def list_courses(self) -> list[Course]:
        """List the courses."""
        return [{"course": name, "day": day} for name, day in self.courses.items()]

    def list_members(self) -> list[dict[str, str]]:
        """List the members."""
        return [{"member_name": name} for name in self.members]

    def add_member(self, member_name: str) -> dict[str, str]:
        """Sign up a member."""
        if member_name in self.members:
            raise ValueError("is one already")
        self.members.append(member_name)
        return {"member_name": member_name}

    def greet_member(self, member_name: str) -> dict[str, str]:
        """Greet a member."""
        if member_name not in self.members:
            raise ValueError("is none")
        return {"greeted": member_name}


@pytest.mark.slow
def test_what_a_world_shows_under_another_name_is_no_example() -> None:
    spec = complete(domain_from_object(Club, name="club"), walks=20, length=12).spec
    found = [*spec.kinds["member_name"].examples]
    assert "Nora Quist" in found
    assert not {"Spinning", "Boxing", "Rowing", "Monday"} & set(found)
