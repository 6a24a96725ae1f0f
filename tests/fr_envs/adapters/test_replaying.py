"""Worlds that live elsewhere, against a counter in memory.

1. A call on the latest state costs one call; on another one, a connection and the log.
2. A call made before in the same state costs nothing and gives the same.
3. A refused write may have left something behind: the next call stands on a fresh connection.
4. What gives another result when called again is named.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs
from typing_extensions import override

from fr_envs.adapters import replaying
from fr_envs.adapters.foreign import FAILURES, ForeignTool, collect
from fr_envs.adapters.replaying import RemoteWorld
from fr_envs.contract.spec import Fact, Field, Kind, Parameter
from fr_envs.episode.trajectory import play, replay
from fr_envs.errors import ForeignToolError, Refusal, SpecError
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject

RESULT = {"type": "object", "properties": {"sum": {"type": "integer"}}, "required": ["sum"]}
ADD = ForeignTool("add", "", {"properties": {"n": {"type": "integer"}}, "required": ["n"]}, RESULT, "write", "/0")
TOOLS = (ADD, ADD._replace(name="total", parameters={}, effect="read"))


class Counter:
    """A sum; ``add`` refuses 0 after it has counted a half of it, and gives no object for 13."""

    opened: int = 0
    open_now: int = 0
    calls: int = 0
    drift: int = 0

    def __init__(self) -> None:
        Counter.opened += 1
        Counter.open_now += 1
        self.sum = 0

    def call(self, tool: str, arguments: JsonObject) -> Json:
        Counter.calls += 1
        self.sum += arguments.get("n", 0) + Counter.drift
        if arguments.get("n") == 0:
            self.sum += 500
            raise Refusal("tool_failed", "It is nothing.")
        return self.sum if arguments.get("n") == 13 else {"sum": self.sum}

    def close(self) -> None:
        Counter.open_now -= 1


def world(**options: Any) -> RemoteWorld:
    Counter.opened = Counter.open_now = Counter.calls = Counter.drift = 0
    tools = [tool._replace(errors=FAILURES) for tool in TOOLS]
    imported = collect(tools, name="counter", summary="", source="<counter>", on_error="stop")
    return RemoteWorld(imported.spec, imported.names, Counter, **options)


def add(n: int) -> ToolCall:
    return ToolCall("add", {"n": n})


TOTAL = ToolCall("total", {})


def test_going_on_costs_one_call_and_going_back_the_log() -> None:
    with world() as remote:
        domain = remote.domain
        two = domain.apply(domain.apply(domain.initial(0), add(1)).state, add(2))
        assert (two.value, Counter.opened, Counter.calls) == ({"sum": 3}, 1, 2)
        assert domain.apply(two.state, TOTAL).state is two.state
        one = domain.apply(domain.initial(0), add(1))
        assert (one.value, Counter.calls) == ({"sum": 1}, 3)
        assert domain.apply(one.state, add(4)).value == {"sum": 5}
        assert (Counter.opened, Counter.open_now, Counter.calls) == (2, 1, 5)
        assert domain.apply(two.state, add(7)).value == {"sum": 10}
        assert (Counter.opened, Counter.calls) == (3, 8)
    assert Counter.open_now == 0


def test_what_was_called_before_is_known() -> None:
    remote = world()
    domain = remote.domain
    played = play(domain, domain.initial(0), [add(1), TOTAL, add(2), add(0)])
    remote.close()
    before = Counter.calls
    assert replay(domain, domain.initial(0), played.steps) is None
    assert (Counter.calls, Counter.open_now) == (before, 0)
    assert [change.key for change in domain.initial(0).diff(played.state)] == [0, 1]


def test_a_refused_write_leaves_nothing_behind() -> None:
    domain = world().domain
    one = domain.apply(domain.initial(0), add(1))
    refused = domain.apply(one.state, add(0))
    assert refused.error is not None
    assert refused.state is one.state
    assert domain.apply(one.state, TOTAL).value == {"sum": 1}


def test_where_there_is_no_going_back_a_refused_write_stays() -> None:
    domain = world(forks="refuse").domain
    one = domain.apply(domain.initial(0), add(1))
    domain.apply(one.state, add(0))
    assert (domain.apply(one.state, TOTAL).value, Counter.opened) == ({"sum": 501}, 1)


def test_what_changes_when_called_again_is_named() -> None:
    remote = world()
    one = remote.domain.apply(remote.domain.initial(0), add(1))
    remote.close()
    Counter.drift = 1
    with pytest.raises(ForeignToolError, match=r"^add: gave another result"):
        remote.domain.apply(one.state, TOTAL)
    remote.on_error = "skip"
    assert remote.domain.apply(one.state, TOTAL).value["error"]["code"] == "out_of_service"
    assert list(remote.broken) == ["add"]


def test_what_is_refused_when_called_again_is_named() -> None:
    remote = world()
    one = remote.domain.apply(remote.domain.initial(0), add(1))
    remote.close()

    class Closed(Counter):
        @override
        def call(self, tool: str, arguments: JsonObject) -> Json:
            raise Refusal("tool_failed", "closed")

    remote.connect = Closed
    with pytest.raises(ForeignToolError, match=r"^add: refused a call that had gone through: tool_failed"):
        remote.domain.apply(one.state, TOTAL)


def test_a_result_of_another_shape_is_named() -> None:
    domain = world().domain
    with pytest.raises(ForeignToolError, match=r"^add: gave a int for an object"):
        domain.apply(domain.initial(0), add(13))


def test_few_results_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "_MOST_KEPT", 2)
    domain = world().domain
    for n in (1, 2, 3, 1):
        assert domain.apply(domain.initial(0), add(n)).value == {"sum": n}
    assert Counter.calls == 4


def test_a_forked_process_connects_anew() -> None:
    remote = world()
    one = remote.domain.apply(remote.domain.initial(0), add(1))
    remote._owner = os.getpid() + 1  # as if this were the child
    remote.close()
    assert Counter.open_now == 1
    assert remote.domain.apply(one.state, add(2)).value == {"sum": 3}
    assert Counter.opened == 2


def test_a_contract_with_tools_that_nobody_offers_is_refused() -> None:
    remote = world()
    with pytest.raises(SpecError, match="/tools/total: is declared but not implemented"):
        RemoteWorld(remote.domain.spec, {"add": remote.names["add"]}, Counter)


def test_facts_hold_by_the_log() -> None:
    remote = world()
    spec = remote.domain.spec
    number = Kind("number", {"type": "integer"}, "open", "A number.")
    facts = {
        "begun": Fact("begun", "Something was added.", "not_begun"),
        "used": Fact("used", "The number was added.", "unused", about="number"),
        "open": Fact("open", "The counter is open.", "closed"),
    }
    parameters = {"n": Parameter("n", Field(kind="number"), required=True)}
    adds = structs.replace(spec.tools["add"], parameters=parameters, sets=("begun", "used"))
    ends = structs.replace(adds, name="end", sets=(), clears=("used",))
    tools = {"add": adds, "end": ends, "total": structs.replace(spec.tools["total"], needs=("begun",))}
    tools["total"] = structs.replace(tools["total"], errors={"not_begun": "Add first."})
    corrected = structs.replace(spec, kinds={"number": number}, facts=facts, tools=tools)
    names = {**remote.names, "end": remote.names["add"]}
    domain = RemoteWorld(corrected, names, Counter).domain
    first = domain.initial(0)
    assert domain.apply(first, TOTAL).value["error"]["code"] == "not_begun"
    one = domain.apply(first, add(1)).state
    assert domain.apply(one, TOTAL).value == {"sum": 1}
    assert [domain.holds(state, "open") for state in (first, one)] == [True, True]
    assert [domain.holds(one, "used", n) for n in (1, 2)] == [True, False]
    both = domain.apply(one, ToolCall("end", {"n": 1})).state
    assert (domain.holds(both, "used", 1), domain.holds(both, "begun")) == (False, True)
