"""What toolkits take and give, in JSON both ways.

1. Parameters arrive as their hints say, whatever they are; results leave as JSON, the same on every run.
2. The schemas say so beforehand, and what comes out fits them.
3. A coroutine runs to its end, with the tasks that it started; one that does not end is late.
4. A public method is a tool if it is named, or marked, or has a docstring.
"""

import asyncio
import pickle
import threading
from typing import Any

import jsonschema_rs
import pytest

from fr_envs.adapters.python.coroutines import finished
from fr_envs.adapters.python.objects import Handling, domain_from_object
from fr_envs.adapters.python.values import plain, schema_of, taken
from fr_envs.adapters.watchdog import OutOfTime
from fr_envs.contract.schemas import returns_schema
from fr_envs.episode.session import Session
from fr_envs.errors import UsageError
from tests.fr_envs.adapters.python.kinds_of_values import Airline, Cabin, Marked

BORN = {"name": "Ida", "born": "1990-01-31"}
CALLS: list[tuple[str, dict[str, Any], Any]] = [
    ("enum_value", {"cabin": "business"}, "business"),
    ("enum_value", {"cabin": "business", "level": 2}, "business"),
    ("dataclass_value", {"leg": {"start": "oslo", "day": "2027-03-12"}},
     {"start": "OSLO", "day": "2027-03-12", "cabin": "economy"}),
    ("model_value", {"passengers": [{**BORN, "tags": ["b", "a"]}], "price": "2.50"},
     {"number": "00000000-0000-0000-0000-000000000007", "holder": {**BORN, "tags": ["a", "b"]}, "price": "3.50"}),
    ("either_model", {"one": BORN}, "Passenger"),
    ("either_model", {}, "NoneType"),
    ("moment", {"at": "2027-03-12T10:00:00", "wait": "PT90M"}, "2027-03-12T11:30:00"),
    ("identifier", {"key": "00000000-0000-0000-0000-000000000007"}, "00000000-0000-0000-0000-000000000007"),
    ("numbers", {"values": [1.5, 2], "scale": 2}, [3.0, 4.0]),
    ("scalar", {}, 0.5),
    ("mixed", {}, {"1": True, "business": ["x"], "nan": None, "2": 1}),
    ("pair", {"place": [3, "c"]}, [3, "c"]),
    ("group", {"names": ["ida", "bo"]}, ["bo", "ida", "zoe"]),
    ("seat", {"seat": [4]}, [5, "A"]),
    ("meal", {"meal": {"name": "soup", "served": "12:30:00"}}, {"name": "soup", "served": "12:30:00"}),
    ("counted", {}, {"keys": [1, 2], "more": [0, 1], "queue": [1]}),
    ("annotated", {"cabin": "economy"}, "ECONOMY"),
    ("later", {"count": 4}, 5),
    ("stream", {}, [0, 1, 2]),
    ("by_place", {"first": 1, "third": 5}, [1, 2, 5]),
]  # fmt: skip


@pytest.fixture(scope="module")
def played() -> Session:
    made = Session(domain_from_object(Airline, name="airline"), max_steps=None)
    made.reset()
    return made


def test_what_a_tool_prints_is_kept_from_what_a_command_writes(
    played: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    assert played.call("loud") == {"result": "said"}
    assert capsys.readouterr() == ("", "hush\n")


@pytest.mark.parametrize(("tool", "arguments", "result"), CALLS, ids=lambda each: str(each)[:30])
def test_values_go_in_and_out_as_the_hints_say(played: Session, tool: str, arguments: Any, result: Any) -> None:
    given = played.call(tool, arguments)
    assert given == (result if isinstance(result, dict) else {"result": result})
    if tool not in {"mixed", "counted"}:  # of a bare dictionary nothing is declared
        jsonschema_rs.validate(returns_schema(played.domain.spec, tool), given)


def test_what_is_no_value_of_the_hint_is_refused_beforehand(played: Session) -> None:
    for tool, arguments in (
        ("enum_value", {"cabin": "first"}),
        ("dataclass_value", {"leg": {"start": "oslo", "day": "soon"}}),
        ("identifier", {"key": "seven"}),
    ):
        assert played.call(tool, arguments)["error"]["code"] in {"invalid_arguments", "tool_failed"}


def test_tasks_that_a_coroutine_starts_are_part_of_the_state(played: Session) -> None:
    before = played.digest
    played.call("later", {"count": 4})
    assert played.digest != before


def test_a_coroutine_that_does_not_end_is_late() -> None:
    made = Session(domain_from_object(Airline, name="airline", time_limit=0.05), max_steps=None)
    made.reset()
    assert made.call("never")["error"]["code"] == "time_limit"
    assert made.call("later", {"count": 1}) == {"result": 2}
    with pytest.raises(OutOfTime):
        finished(Airline().never(), 0.01)


def test_coroutines_run_below_a_loop_and_with_errors_of_their_own() -> None:
    async def outer() -> Any:
        return finished(Airline().later(1), None)

    async def fails() -> None:
        raise TimeoutError("mine")

    assert asyncio.run(outer()) == 2
    with pytest.raises(TimeoutError, match="mine"):
        finished(fails(), 5)

    async def below() -> Any:
        return finished(fails(), None)

    with pytest.raises(TimeoutError, match="mine"):
        asyncio.run(below())
    assert finished(7, None) == 7


def test_helpers_are_no_tools() -> None:
    assert "helper" not in domain_from_object(Airline, name="airline").spec.tools
    assert list(domain_from_object(Marked, name="marked").spec.tools) == ["ring"]
    named = domain_from_object(Airline, name="airline", handling=Handling(tools=("helper",)))
    assert list(named.spec.tools) == ["helper"]
    with pytest.raises(UsageError, match="no public method 'flap'"):
        domain_from_object(Airline, name="airline", handling=Handling(tools=("flap",)))


def test_a_world_of_rich_values_pickles(played: Session) -> None:
    again = pickle.loads(pickle.dumps(played.domain))
    other = Session(again)
    other.reset()
    assert other.call("annotated", {"cabin": "economy"}) == {"result": "ECONOMY"}


def test_the_unsayable_is_refused() -> None:
    for value in ({(1, 2): 3}, object(), threading.Lock()):
        with pytest.raises(TypeError):
            plain(value)
    with pytest.raises(TypeError, match="said as another one"):
        plain(object(), lambda _: object())
    with pytest.raises(ValueError, match="goes on"):
        plain(iter(int, 1))
    assert plain({2, 1, 10}) == [1, 2, 10]
    assert plain([complex(1)], str) == ["(1+0j)"]
    with pytest.raises(ValueError, match="enum"):
        taken("first", Cabin)
    assert schema_of(threading.Thread) == {}
