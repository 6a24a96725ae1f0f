"""The short way through the commonest form of a call: what it reads is what the whole reader reads."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fr_envs.episode.calls import Action
from fr_envs.episode.reading.action import _read_text
from fr_envs.episode.reading.plain import plain_call
from fr_envs.world.tool_call import ToolCall

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=4),
    st.sampled_from(["x:y", "é", "\u202e", 'a"b', 2**62, -(2**62), 2**62 - 1, [1], {"a": 1}]),
)  # fmt: skip


@given(
    st.text(max_size=3) | st.sampled_from(["pwd", "class", "é", "a.b"]),
    st.dictionaries(st.sampled_from(["p", "q", "a:b", "é"]), VALUES),
    st.sampled_from(["", " ", "\n", '"name":"z",', ',"id":"c"']), st.integers(0, 12), st.booleans(),
)  # fmt: skip
def test_the_short_way_reads_what_the_long_way_reads(
    name: str, arguments: dict[str, Any], junk: str, at: int, plain: bool
) -> None:
    text = json.dumps({"name": name, "arguments": arguments}, ensure_ascii=plain)
    written = text[:at] + junk + text[at:]
    call = plain_call(written)
    if call is not None:
        assert repr(_read_text(written, None)) == repr(Action((call,)))


def test_the_commonest_form_goes_the_short_way() -> None:
    text = '{"name": "mv", "arguments": {"source": "a", "target": "b", "deep": 3, "part": 0.5, "all": true, "x": null}}'
    assert plain_call(text) == ToolCall("mv", json.loads(text)["arguments"])
    for other in (
        '{"name": "mv"}',
        '{"name": "a b", "arguments": {}}',
        '{"name": "mv", "arguments": {"a": [1]}}',
        "Hi.",
    ):
        assert plain_call(other) is None
