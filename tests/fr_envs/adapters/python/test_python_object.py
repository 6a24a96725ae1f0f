"""A Python object whose methods are tools, as a world.

1. Hints, docstrings or given docs become the contract; what they get wrong is said with the tool's name.
2. Calls act on a copy: nothing reaches the factory's object, another fork, or the arguments.
3. A tool that raises, hangs or gives no JSON is an observation and leaves no trace; where faulty tools stop, hanging
   and changed arguments are errors that name the tool.
4. The digest is that of the contents.
"""

import datetime
import enum
import pickle
import time
from typing import Any, TypedDict

import numpy as np
import pytest

from fr_envs.adapters.python.frozen_objects import ObjectState, content_of, freeze, thaw
from fr_envs.adapters.python.objects import Handling, domain_from_object
from fr_envs.adapters.watchdog import run_within
from fr_envs.contract.loading import spec_from_dict
from fr_envs.contract.writing import contract_data
from fr_envs.env import ToolEnv
from fr_envs.episode.session import Session
from fr_envs.errors import ForeignToolError, SpecError, StateError, UsageError
from fr_envs.world.tool_call import ToolCall


class Receipt(TypedDict):
    order: int
    total: float


class Shop:
    """A shop with a stock and orders."""

    def __init__(self) -> None:
        self.stock = {"pen": 3, "ink": 1}
        self.orders: list[dict[str, Any]] = []
        self.opened = datetime.date(2027, 3, 12)

    def order(self, item: str, count: int = 1) -> Receipt:
        """Order something.

        Args:
            item: What to order,
                by name.
            count (int): How many.

        Returns:
            The receipt.
        """
        if self.stock[item] < count:
            raise ValueError(f"only {self.stock[item]} left")
        self.stock[item] -= count
        self.orders.append({"item": item})
        return {"order": len(self.orders), "total": 2.5 * count}

    def left(self) -> dict[str, int]:
        """Say what is left."""
        return self.stock

    def break_off(self, item: str) -> None:
        """Change something, then fail."""
        self.stock[item] = 0
        raise SystemExit

    def wait(self) -> None:
        """Never end."""
        while True:
            time.sleep(0.001)

    def sorted(self, items: list[str]) -> list[str]:
        """Sort in place."""
        items.sort()
        return items

    def odd(self) -> object:
        """Give what JSON cannot say."""
        return object()

    def since(self, note: str | None = None) -> datetime.date:
        """Say since when, and perhaps why."""
        return self.opened if note is None else datetime.date.min

    def __len__(self) -> int:
        return len(self.orders)


def session(**options: Any) -> Session:
    made = Session(domain_from_object(Shop, name="corner_shop", **options), max_steps=None)
    made.reset()
    return made


def test_hints_and_docstring_become_the_contract() -> None:
    spec = session().domain.spec
    tool = spec.tools["order"]
    assert (spec.id, spec.summary) == ("FunReason/CornerShop-v0", "A shop with a stock and orders.")
    assert tool.description == "Order something."
    assert tool.parameters["item"].field.description == "What to order, by name."
    assert (tool.parameters["count"].required, tool.parameters["count"].default) == (False, 1)
    assert tool.returns["total"].schema == {"type": "number"}
    assert "__len__" not in spec.tools


def test_calls_change_the_state_and_nothing_else() -> None:
    played = session()
    fork = played.fork()
    assert played.call("order", {"item": "pen", "count": 2}) == {"order": 1, "total": 5.0}
    assert played.call("left") == {"pen": 1, "ink": 1}
    assert fork.call("left") == {"pen": 3, "ink": 1}
    assert {change.key for change in played.diff()} == {"stock", "orders"}
    played.reset()
    assert played.digest == fork.digest


@pytest.mark.parametrize(
    ("tool", "arguments", "code"),
    [
        ("order", {"item": "pen", "count": 9}, "tool_failed"),
        ("break_off", {"item": "pen"}, "tool_failed"),
        ("odd", {}, "no_json"),
        ("order", {"item": 7}, "invalid_arguments"),
    ],
)
def test_a_tool_that_fails_leaves_no_trace(tool: str, arguments: dict[str, Any], code: str) -> None:
    played = session()
    before = played.digest
    assert played.call(tool, arguments)["error"]["code"] == code
    assert played.digest == before
    assert played.call("left")["pen"] == 3


@pytest.mark.slow
def test_a_tool_that_hangs_is_stopped() -> None:
    played = session(time_limit=1)
    assert played.call("wait")["error"]["message"] == "wait was stopped after 1 s."
    assert played.call("left") == {"pen": 3, "ink": 1}


def test_changed_arguments_are_copies_and_reported() -> None:
    told: list[str] = []
    played = session(handling=Handling(report=told.append))
    given = {"items": ["b", "a"]}
    assert played.call("sorted", given) == {"result": ["a", "b"]}
    assert given == {"items": ["b", "a"]}
    assert told == ["sorted changes its argument 'items'; it was given a copy"]
    played.call("sorted", {"items": ["a"]})
    assert len(told) == 1


def test_a_tool_that_hangs_is_not_waited_for_again() -> None:
    told: list[str] = []
    played = session(time_limit=0.1, handling=Handling(report=told.append))
    first = played.call("wait")
    assert played.call("wait") == first
    assert told == ["wait did not return within 0.1 s; it is out of service from now on"]


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("wait", {}, "wait: did not return within 0.1 s; fix it, raise the time limit, or skip such tools"),
        ("sorted", {"items": ["b", "a"]}, "sorted: changes its argument 'items'; let it work on a copy, or skip "),
    ],
)
def test_a_faulty_tool_can_stop_everything(tool: str, arguments: dict[str, Any], said: str) -> None:
    played = session(time_limit=0.1 if tool == "wait" else None, handling=Handling(on_error="stop"))
    with pytest.raises(ForeignToolError) as caught:
        played.call(tool, arguments)
    assert str(caught.value).startswith(said)


class Polite:
    """Tells of failures where others raise."""

    def __init__(self) -> None:
        self.open = False

    def enter(self, name: str) -> dict[str, str]:
        """Go in."""
        self.open = True
        return {"error": "no such name"} if name == "nobody" else {"name": name}

    def look(self) -> dict[str, bool]:
        """Look around."""
        return {"open": self.open}


def test_a_failure_that_is_told_is_a_refusal() -> None:
    played = Session(domain_from_object(Polite, name="polite", handling=Handling(error_member="error")))
    played.reset()
    assert played.call("enter", {"name": "nobody"})["error"] == {"code": "tool_failed", "message": "no such name"}
    assert played.call("look") == {"open": False}


def corrected(**facts: Any) -> Any:
    """Return the contract of `Polite` as a person might correct it: one has to enter before looking."""
    data = contract_data(domain_from_object(Polite, name="polite").spec)
    data["kinds"] = {"name": {"schema": {"type": "string"}, "origin": "named", "description": "A name."}}
    data["facts"] = {"inside": {"description": "One is inside.", "violation": "not_inside", **facts}}
    data["tools"]["enter"] |= {"sets": ["inside"]}
    data["tools"]["enter"]["parameters"]["name"] = {"kind": "name"}
    return data


def test_facts_hold_as_calls_have_left_them() -> None:
    data = corrected()
    data["tools"]["look"] |= {"needs": ["inside"], "clears": ["inside"]}
    played = Session(domain_from_object(Polite, name="polite", spec=spec_from_dict(data)))
    played.reset()
    before = played.digest
    assert played.call("look")["error"]["code"] == "not_inside"
    played.call("enter", {"name": "kim"})
    assert played.digest != before
    assert played.call("look") == {"open": True}
    assert played.call("look")["error"]["code"] == "not_inside"


def test_a_fact_can_be_about_somebody() -> None:
    data = corrected(about="name")
    data["tools"]["enter"] |= {"errors": {"not_inside": "First somebody else."}}
    domain = domain_from_object(Polite, name="polite", spec=spec_from_dict(data))
    state = domain.apply(domain.initial(0), ToolCall("enter", {"name": "kim"})).state
    assert domain.holds(state, "inside", "kim")
    assert not domain.holds(state, "inside", "lee")


def test_a_contract_of_what_is_not_there_stops_or_is_shortened() -> None:
    data = corrected()
    data["tools"]["leave"] = data["tools"]["look"]
    spec = spec_from_dict(data)
    with pytest.raises(SpecError, match="/tools/leave: is declared but not implemented"):
        domain_from_object(Polite, name="polite", spec=spec, handling=Handling(on_error="stop"))
    domain = domain_from_object(Polite, name="polite", spec=spec)
    assert set(domain.spec.tools) == {"enter", "look"}
    assert domain.left_out == ("<memory>: /tools/leave: is not offered by its owner; take it out",)


def test_a_doc_that_fits_nothing_can_be_left_out() -> None:
    domain = domain_from_object(Polite, name="polite", docs=[{"name": "enter"}, {"name": "sing"}])
    assert set(domain.spec.tools) == {"enter"}
    assert domain.left_out == ("<polite>: /sing: the object has no such public method; take the doc out",)


def test_what_json_has_no_word_for_can_be_said() -> None:
    played = session(handling=Handling(say=lambda value: type(value).__name__))
    assert played.call("odd") == {"result": "object"}
    assert played.call("since") == {"result": "2027-03-12"}
    assert played.call("since", {"note": None}) == played.call("since")
    assert played.call("since", {"note": "x"}) == {"result": "0001-01-01"}


def test_it_plays_in_the_environment_and_is_picklable() -> None:
    domain = domain_from_object(Shop, name="shop")
    env = ToolEnv(domain)
    env.reset(seed=1)
    env.step({"name": "order", "arguments": {"item": "ink"}})
    again = Session(pickle.loads(pickle.dumps(domain)))
    again.reset()
    assert again.call("left") == {"pen": 3, "ink": 1}


DOC = {
    "name": "order",
    "description": "Order.",
    "parameters": {
        "type": "dict",
        "properties": {
            "item": {"type": "string", "description": "What.", "enum": ["pen", "ink"]},
            "count": {"type": "float"},
        },
        "required": ["item"],
    },
    "response": {
        "type": "dict",
        "properties": {"parts": {"type": "array", "items": {"type": "dict", "properties": {"a": {"type": "any"}}}}},
    },
}


@pytest.mark.parametrize("doc", [DOC, {"type": "function", "function": DOC}], ids=["bare", "openai"])
def test_given_docs_are_the_contract(doc: dict[str, Any]) -> None:
    played = session(docs=[doc])
    assert played.tool_names == ("order",)
    assert played.call("order", {"item": "cap"})["error"]["code"] == "invalid_arguments"
    assert played.call("order", {"item": "ink"})["total"] == 2.5
    part = played.domain.spec.tools["order"].returns["parts"].array
    assert part is not None
    assert part.object is not None
    assert part.object["a"].schema == {}


@pytest.mark.parametrize(
    ("doc", "message"),
    [
        ({"name": "sell"}, "/sell: the object has no such public method"),
        ({"title": "order"}, "/0: is no function's doc"),
        ({"name": "left", "parameters": {"properties": {"x": {}}}}, "/left/parameters/x: is in the doc but"),
    ],
)
def test_docs_that_do_not_fit_are_refused_by_name(doc: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        session(docs=[doc])


class Bare:
    def _hidden(self) -> None: ...


def test_an_object_without_tools_is_refused() -> None:
    with pytest.raises(UsageError, match="Bare has no public method"):
        domain_from_object(Bare, name="bare")


class Loose:
    __slots__ = ("kept", "unset")

    kept: Any
    unset: int

    def __init__(self, kept: Any) -> None:
        self.kept = kept

    @staticmethod
    def add(a: "Missing", *rest: int, **more: int) -> Any:  # type: ignore[name-defined]  # noqa: F821
        return a + sum(rest) + sum(more.values())

    def default(self, when: Any = object) -> bool:
        return when is object

    def forward(self, way: "Loose | None" = None) -> str:
        return str(way)


def test_loose_classes_are_taken_as_they_are() -> None:
    domain = domain_from_object(
        lambda rng: Loose(int(rng.integers(100))), name="loose", handling=Handling(tools=("add", "default", "forward"))
    )
    first, second = domain.initial(np.random.default_rng(1)), domain.initial(np.random.default_rng(2))
    assert first.digest != second.digest
    assert domain.initial(np.random.default_rng(1)) == first
    assert len({first, domain.initial(np.random.default_rng(1))}) == 1
    played = Session(domain)
    played.reset()
    assert played.call("add", {"a": 2}) == {"result": 2}
    assert played.call("default") == {"result": True}
    assert played.call("forward", {}) == {"result": "None"}


class Colour(enum.StrEnum):
    RED = "red"


def test_equal_contents_have_equal_text_whatever_the_objects() -> None:
    word = "".join(["a", "b"])
    assert content_of([word, word]) == content_of(["ab", "".join(["a", "b"])])
    assert content_of({1, 2, 3}) == content_of({3, 2, 1})
    assert content_of(Colour.RED) != content_of("red")
    assert content_of(datetime.date(2027, 1, 1)) != content_of(datetime.date(2027, 1, 2))
    circle: list[Any] = []
    circle.append(circle)
    assert content_of(circle) == '[["@",0]]'


def test_what_cannot_be_pickled_is_copied() -> None:
    class Local:
        def __init__(self) -> None:
            self.items = [1]
            self.shout = lambda: "!"

    made = Local()
    state = freeze(made)
    made.items.append(2)
    assert thaw(state).items == [1]
    assert thaw(state) is not thaw(state)
    assert freeze(thaw(state), before=state) is state


def test_attributes_come_go_and_are_ignored() -> None:
    made = Loose([1])
    before = freeze(made)
    made.unset = 5
    added = freeze(made, before=before)
    del made.unset
    assert freeze(made, before=added) == before
    made.kept = [2]
    assert freeze(made, ["kept"]).digest == freeze(Loose([3]), ["kept"]).digest


def test_a_state_of_an_object_cannot_be_read_back() -> None:
    with pytest.raises(StateError, match="replay its calls"):
        ObjectState.from_json({})


def test_without_a_limit_it_runs_in_the_callers_thread_and_can_be_interrupted() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    assert run_within(None, lambda: 1).value == 1
    with pytest.raises(KeyboardInterrupt):
        run_within(None, interrupt)
