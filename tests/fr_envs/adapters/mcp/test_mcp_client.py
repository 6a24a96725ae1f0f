"""Worlds behind real MCP servers.

1. Their tools become a contract; their results are what the contract says.
2. A state can be played on again after another was: on a fresh server, with the same outcome.
3. A tool that refuses is an observation. One that dies, hangs or lies stops the run with one clear error that names it,
   or is out of service from then on, as configured.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fr_envs.adapters.mcp.client import HttpServer, StdioServer, _effect, _explained, mcp_world, read_mcp
from fr_envs.adapters.python.docstrings import without_sections
from fr_envs.env import ToolEnv
from fr_envs.episode.session import Session
from fr_envs.errors import ForeignToolError, SpecError, UsageError
from fr_envs.world.tool_call import ToolCall
from tests.processes import GUARD, run, started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.adapters.replaying import RemoteWorld

pytest.importorskip("mcp", reason="the extra `mcp` is not installed")

HERE = Path(__file__).parent
NOTES = StdioServer(sys.executable, (str(HERE / "notes_server.py"),))
LIAR = StdioServer(sys.executable, (str(HERE / "lying_server.py"),))
DIES = StdioServer(sys.executable, (str(HERE / "todo_server.py"), "dies"))
HANGS = StdioServer(sys.executable, (str(HERE / "todo_server.py"), "hangs"))
BAD = StdioServer(sys.executable, (str(HERE / "lying_server.py"), "bad-schema"))


@pytest.fixture(scope="module")
def notes() -> Iterator[RemoteWorld]:
    with mcp_world(NOTES, timeout=GUARD) as world:
        yield world


@pytest.mark.slow
def test_tools_become_a_contract(notes: RemoteWorld) -> None:
    spec = notes.domain.spec
    assert (spec.name, spec.id) == ("note_book", "FunReason/NoteBook-v0")
    assert {name: tool.effect for name, tool in spec.tools.items()} == {
        "add_note": "write", "list_notes": "read", "export": "read", "die": "write", "hang": "write", "tick": "write",
    }  # fmt: skip
    add = spec.tools["add_note"]
    assert (add.description, list(add.returns)) == ("Write a note down.", ["number", "text"])
    assert add.parameters["text"].required
    assert not add.parameters["from_"].required
    assert spec.tools["export"].parameters["form"].default == "json"


@pytest.mark.slow
def test_a_session_plays_and_forks(notes: RemoteWorld) -> None:
    session = Session(notes.domain)
    session.reset()
    assert session.call("add_note", {"text": "milk"}) == {"number": 1, "text": "milk"}
    twin = session.fork()
    assert session.call("add_note", {"text": "tea", "from_": "Ann"}) == {"number": 2, "text": "tea (Ann)"}
    assert twin.call("list_notes") == {"result": [{"number": 1, "text": "milk"}]}
    assert twin.call("add_note", {"text": "bread"}) == {"number": 2, "text": "bread"}
    assert twin.call("export") == {"result": {"notes": ["milk", "bread"]}}
    assert session.call("export", {"form": "repr"}) == {"result": "{1: 'milk', 2: 'tea (Ann)'}"}
    assert session.digest != twin.digest
    assert [change.key for change in session.diff()] == [0, 1]


@pytest.mark.slow
def test_a_refusal_is_an_observation_and_leaves_the_state(notes: RemoteWorld) -> None:
    session = Session(notes.domain)
    session.reset()
    before = session.digest
    seen = session.call("add_note", {"text": ""})
    assert seen["error"]["code"] == "tool_failed"
    assert "a note needs a text" in seen["error"]["message"]
    assert session.call("add_note", {})["error"]["code"] == "invalid_arguments"
    assert session.digest == before


@pytest.mark.slow
def test_it_is_a_gymnasium_environment(notes: RemoteWorld) -> None:
    env = ToolEnv(notes.domain)
    env.reset(seed=1)
    shown, _, terminated, _, info = env.step('{"name": "add_note", "arguments": {"text": "jam"}}')
    assert (shown, terminated) == ('{"number":1,"text":"jam"}', False)
    assert {tool["function"]["name"] for tool in info["tools"]} == set(notes.domain.spec.tools)


@pytest.mark.slow
def test_a_domain_goes_through_pickle_and_connects_anew(notes: RemoteWorld) -> None:
    domain = pickle.loads(pickle.dumps(notes.domain))
    outcome = domain.apply(domain.initial(0), ToolCall("add_note", {"text": "far"}))
    assert outcome.value == {"number": 1, "text": "far"}
    domain.handlers["add_note"].world.close()


@pytest.mark.slow
def test_a_server_that_dies_stops_the_run_with_the_tools_name() -> None:
    with mcp_world(DIES, timeout=GUARD) as world:
        session = Session(world.domain)
        session.reset()
        kept = session.call("add_task", {"title": "Feed the cat"})
        with pytest.raises(ForeignToolError, match=r"^archive_list: .*losed"):
            session.call("archive_list")
        assert kept in session.call("list_tasks")["tasks"]


@pytest.mark.slow
def test_a_server_that_hangs_stops_the_run_with_the_tools_name() -> None:
    """The server starts in a twentieth of a second, so that only what hangs is ever late."""
    with mcp_world(HANGS, timeout=4) as world:
        session = Session(world.domain)
        session.reset()
        kept = session.call("add_task", {"title": "Feed the cat"})
        with pytest.raises(ForeignToolError, match=r"^tidy_up: did not answer within 4 s"):
            session.call("tidy_up")
        assert kept in session.call("list_tasks")["tasks"]


@pytest.mark.slow
def test_a_tool_that_dies_can_be_left_out_and_the_run_goes_on() -> None:
    with mcp_world(DIES, timeout=GUARD, on_error="skip") as world:
        session = Session(world.domain)
        session.reset()
        kept = session.call("add_task", {"title": "Feed the cat"})
        assert session.call("archive_list")["error"]["code"] == "out_of_service"
        assert list(world.broken) == ["archive_list"]
        more = session.call("add_task", {"title": "Air the attic"})
        assert session.call("archive_list")["error"]["code"] == "out_of_service"
        assert session.call("list_tasks")["tasks"][-2:] == [kept, more]


@pytest.mark.slow
def test_a_tool_that_answers_differently_when_called_again_is_named() -> None:
    with mcp_world(NOTES, timeout=GUARD) as world:
        session = Session(world.domain)
        session.reset()
        session.call("tick")
        world.close()
        with pytest.raises(ForeignToolError, match=r"^tick: gave another result"):
            session.call("list_notes")


@pytest.mark.slow
def test_a_result_that_its_own_schema_refuses_is_a_lie() -> None:
    with mcp_world(LIAR, timeout=GUARD) as world:
        session = Session(world.domain)
        session.reset()
        assert session.call("plain") == {"result": "[warm"}
        with pytest.raises(ForeignToolError, match=r"^weather: Invalid structured content.*warm"):
            session.call("weather")


@pytest.mark.slow
def test_an_expression_that_hangs_others_is_answered() -> None:
    with mcp_world(StdioServer(LIAR.command, (*LIAR.arguments, "pattern")), timeout=GUARD) as world:
        session = Session(world.domain)
        session.reset()
        with pytest.raises(ForeignToolError, match=r"^stamp: Invalid structured content"):
            session.call("stamp")


@pytest.mark.slow
def test_a_tool_with_a_broken_schema_stops_or_is_left_out() -> None:
    with pytest.raises(SpecError, match="/tools/broken/inputSchema: is no JSON Schema"):
        read_mcp(BAD, timeout=GUARD)
    imported = read_mcp(BAD, timeout=GUARD, on_error="skip")
    assert list(imported.spec.tools) == ["weather", "plain"]
    assert [fault.pointer for fault in imported.skipped] == ["/tools/broken/inputSchema"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "timeout", "said"),
    [
        ("no-such-command-anywhere", GUARD, "no-such-command-anywhere"),
        ("sh -c 'exec sleep 1000'", 1, "did not answer within 1 s"),
        ("true", GUARD, "losed"),
    ],
    ids=["no command", "hangs", "ends"],
)
def test_what_is_no_server_is_said_in_one_line(command: str, timeout: float, said: str) -> None:
    with pytest.raises(ForeignToolError, match=said) as caught:
        read_mcp(command, timeout=timeout)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("command", ["", "python 'unclosed"])
def test_a_command_line_must_be_one(command: str) -> None:
    with pytest.raises(UsageError, match="command line"):
        read_mcp(command)


def test_a_missing_client_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(UsageError, match=r"funreason\[mcp\]"):
        read_mcp("server")


@pytest.mark.slow
def test_a_program_that_closes_nothing_ends_all_the_same() -> None:
    source = f"""
import sys
from fr_envs.adapters.mcp.client import StdioServer, mcp_world
from fr_envs.world.tool_call import ToolCall

domain = mcp_world(StdioServer(sys.executable, ({str(HERE / "todo_server.py")!r},))).domain
print(domain.apply(domain.initial(0), ToolCall("add_task", {{"title": "milk"}})).value["title"])
"""
    done = run([sys.executable, "-W", "error", "-c", source], check=True)
    assert done.stdout == "milk\n"


@pytest.fixture
def url() -> Iterator[str]:
    with started([sys.executable, str(HERE / "notes_server.py"), "http"], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()


@pytest.mark.slow
def test_a_server_over_http_plays_and_its_states_are_not_forked(url: str) -> None:
    with mcp_world(url, timeout=GUARD) as world:
        session = Session(world.domain)
        session.reset()
        assert session.call("add_note", {"text": "milk"}) == {"number": 1, "text": "milk"}
        twin = session.fork()
        assert session.call("add_note", {"text": "tea"}) == {"number": 2, "text": "tea"}
        with pytest.raises(UsageError, match="cannot go back"):
            twin.call("add_note", {"text": "bread"})


@pytest.mark.slow
def test_a_server_over_http_that_starts_afresh_can_be_forked(url: str) -> None:
    with mcp_world(HttpServer(url, fresh=True), timeout=GUARD) as world:
        session = Session(world.domain)
        session.reset()
        session.call("export")
        twin = session.fork()
        assert twin.call("add_note", {"text": "x"})["number"] == 1


def test_what_a_docstring_says_of_arguments_is_theirs_and_what_an_argument_says_itself_stays() -> None:
    schema = {"type": "object", "properties": {"start": {"type": "string"}, "end": {"description": "Mine."}}}
    text = "Move an event.\n\n    Args:\n        start: ISO 8601, e.g. 2026-09-18T11:30:00\n        end: Theirs.\n    "
    found = _explained(schema, text)["properties"]
    assert found["start"]["description"] == "ISO 8601, e.g. 2026-09-18T11:30:00"
    assert found["end"]["description"] == "Mine."
    assert _explained(schema, "Move an event.") is schema
    assert without_sections(text) == "Move an event."
    assert without_sections("Move an event.\nArgs: see there.") == "Move an event.\nArgs: see there."


@pytest.mark.parametrize(
    ("name", "hint", "effect"),
    [("list_notes", None, "read"), ("add_note", None, "write"), ("list_notes", False, "write"), ("drop", True, "read")],
)
def test_a_tool_without_a_hint_does_what_its_name_says(name: str, hint: bool | None, effect: str) -> None:
    assert _effect(name, hint) == effect
