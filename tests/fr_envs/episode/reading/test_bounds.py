"""What is read is bounded, and what was read can be kept.

1. Arguments that no file could hold are malformed, as text and as objects, with a message that says why.
2. A session that met them can be pickled, its trajectory encoded, its observations written.
3. What is longer, or holds more, than a bound is refused with a message that names the bound.
"""

import json
import pickle
from typing import Any

import msgspec
import numpy as np
import pytest

from fr_envs.episode.calls import Action, Malformed
from fr_envs.episode.reading import read_action, writable
from fr_envs.episode.reading.bounds import MAX_CALLS, MAX_DEPTH, MAX_TEXT, MAX_VALUES, MAX_WHOLE, fault_of
from fr_envs.episode.session import Session
from fr_envs.episode.trajectory import Trajectory
from fr_envs.world.tool_call import ToolCall


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def endless() -> dict[str, Any]:
    inner: dict[str, Any] = {}
    inner["again"] = inner
    return inner


HOSTILE: dict[str, tuple[Any, str]] = {
    "900 levels": ({"path": nested(900)}, "too deeply"),
    "one level too deep": ({"path": nested(MAX_DEPTH + 1)}, "too deeply"),
    "itself": (endless(), "too deeply"),
    "half a pair": ({"path": "\ud800"}, "no Unicode"),
    "half a pair in a name": ({"\udfff": 1}, "no Unicode"),
    "half a pair inside": ({"path": [{"a": "b\ud800"}]}, "no Unicode"),
    "not a number": ({"path": float("nan")}, "not finite"),
    "infinite": ({"path": [float("-inf")]}, "not finite"),
    "a long integer": ({"path": 1 << 64}, "64 bits"),
    "a longer integer": ({"path": 10**400}, "64 bits"),
    "bytes": ({"path": b"a"}, "bytes"),
    "an array": ({"path": np.zeros(2)}, "ndarray"),
    "a name that is a number": ({1: 2}, "no text"),
    "too many values": ({"path": [0] * (MAX_VALUES + 1)}, "values"),
    "too many in many": ({"path": [[0] * 1000] * 1000}, "values"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "why"), HOSTILE.values(), ids=HOSTILE)
def test_arguments_that_cannot_be_kept_are_malformed(arguments: Any, why: str) -> None:
    forms: tuple[Any, ...] = (
        {"name": "cd", "arguments": arguments},
        [{"type": "tool_use", "name": "cd", "input": arguments}],
        {"role": "assistant", "tool_calls": [{"function": {"name": "cd", "arguments": arguments}}]},
        ToolCall("cd", arguments),
        Action((ToolCall("cd", arguments),)),
    )
    for form in forms:
        (call,) = read_action(form).calls
        assert isinstance(call, Malformed), form
        if why not in call.message:
            assert why == "values", call.message


@pytest.mark.parametrize(
    "written",
    [
        "[" * 900 + "]" * 900,
        '{"a":' * 900 + "1" + "}" * 900,
        '"\\ud800"',
        '"\ud800"',
        "NaN",
        "-Infinity",
        "1" + "0" * 400,
        "1e999",
        str(1 << 64),
        str(-(1 << 64)),
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        '{"name": "cd", "arguments": {"path": %s}}',
        '<tool_call>{"name": "cd", "arguments": {"path": %s}}</tool_call>',
        "[cd(path=%s)]",
        '{"type": "function", "function": {"name": "cd", "arguments": {"path": %s}}}',
        '<think>a</think>[TOOL_CALLS]cd[ARGS]{"path": %s}',
        'Sure.\n```json\n{"name": "cd", "arguments": {"path": %s}}\n```',
    ],
)
def test_the_same_as_text_is_malformed(form: str, written: str) -> None:
    tools = [{"name": "cd", "inputSchema": {"properties": {"path": {}}}}]
    calls = read_action(form % written, tools).calls
    assert calls
    assert all(isinstance(call, Malformed) for call in calls)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [case[0] for case in HOSTILE.values()], ids=HOSTILE)
def test_a_session_goes_on_after_them(arguments: Any) -> None:
    session = Session("filesystem")
    session.reset(seed=1)
    assert session.call("cd", arguments)["error"]["code"] == "malformed_call"
    seen = session.act({"name": "cd", "arguments": arguments})
    assert session.call("no\ud800tool")["error"]["code"] == "unknown_tool"
    assert session.call("pwd")["path"]
    assert pickle.loads(pickle.dumps(session)).digest == session.digest
    written = msgspec.msgpack.encode(session.trajectory)
    assert msgspec.msgpack.decode(written, type=Trajectory) == session.trajectory
    assert json.dumps(seen.results).encode()
    assert json.dumps(writable({"name": "cd", "arguments": arguments})).encode()


def test_as_deep_as_may_be_is_read() -> None:
    call = ToolCall("cd", {"path": nested(MAX_DEPTH)})
    assert fault_of(call.arguments) == ""
    assert read_action({"name": "cd", "arguments": call.arguments}).calls == (call,)
    assert read_action(json.dumps({"name": "cd", "arguments": call.arguments})).calls == (call,)
    assert read_action(f"[cd(path={call.arguments['path']})]", [{"name": "cd"}]).calls == (call,)


def test_long_texts_are_refused_or_are_plain() -> None:
    text = "a" * (2 * MAX_TEXT)
    assert read_action(json.dumps({"name": "write", "arguments": {"text": text}})).calls == (
        ToolCall("write", {"text": text}),
    )
    assert read_action(f"{text} b") == Action((), f"{text} b")
    for long in (f"<think>{text}", "[" * MAX_TEXT * 2, "x" * MAX_WHOLE + "{}"):
        (refused,) = read_action(long).calls
        assert isinstance(refused, Malformed)
        assert "more than" in refused.message


def test_many_calls_are_refused() -> None:
    call = '{"name": "pwd", "arguments": {}}'
    for text in (
        f"<tool_call>{call}</tool_call>" * (MAX_CALLS + 1),
        f"<tool_call>[{','.join([call] * (MAX_CALLS + 1))}]</tool_call>",
        "[" + "pwd()," * (MAX_CALLS + 1) + "]",
    ):
        (refused,) = read_action(text, [{"name": "pwd"}]).calls
        assert isinstance(refused, Malformed)
        assert f"more than {MAX_CALLS} calls" in refused.message


def test_half_characters_of_replies_are_replaced() -> None:
    assert read_action("a\ud800b").text == "a\ufffdb"
    assert read_action("<think>\ud800</think>b").reasoning == "\ufffd"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, None),
        (1, 1),
        (float("inf"), "inf"),
        ("a\ud800", "a\ufffd"),
        ([1], [1]),
        ((), ()),
        (object(), "what cannot be written down: a value of type object"),
    ],
)
def test_what_is_handed_over_can_be_written_down(given: Any, kept: Any) -> None:
    assert writable(given) == kept
