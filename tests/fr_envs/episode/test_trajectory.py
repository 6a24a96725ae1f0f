"""What was played comes again, and what does not come again is named by step and part."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from fr_envs.episode.trajectory import Trajectory, first_state, hex_digest, play, replay
from fr_envs.errors import UsageError
from fr_envs.world.tool_call import ToolCall, ToolError
from tests.fr_envs.small_world import LIBRARY

START = LIBRARY.initial(1)
CALLS = (
    ToolCall("join", {"name": "Ada"}),
    ToolCall("borrow", {"book_id": "BOOK001"}),
    ToolCall("borrow", {"book_id": "BOOK001"}),
    ToolCall("get_book", {"book_id": "BOOK001"}),
)


def test_a_refused_call_changes_nothing_and_the_next_goes_on() -> None:
    played = play(LIBRARY, START, CALLS)
    codes = [None if step.error is None else step.error.code for step in played.steps]
    assert codes == [None, None, "lent", None]
    digests = [step.digest for step in played.steps]
    assert digests[1] == digests[2] == digests[3] == hex_digest(played.state) != digests[0]


def test_what_was_written_and_read_back_comes_again() -> None:
    steps = play(LIBRARY, START, CALLS).steps
    trajectory = Trajectory("library", (1,), "small", steps)
    back = msgspec.json.decode(msgspec.json.encode(trajectory), type=Trajectory)
    assert back.calls == CALLS
    assert replay(LIBRARY, START, back.steps) is None


@pytest.mark.parametrize(
    ("part", "value"),
    [("value", {"card_id": "CARD0009"}), ("error", ToolError("lent", "")), ("digest", "0" * 32)],
)
def test_the_first_step_that_differs_is_named(part: str, value: Any) -> None:
    steps = list(play(LIBRARY, START, CALLS).steps)
    steps[1] = msgspec.structs.replace(steps[1], **{part: value})
    found = replay(LIBRARY, START, steps)
    assert found is not None
    assert (found.at, found.part, found.recorded) == (1, part, steps[1])
    assert found.now == play(LIBRARY, START, CALLS).steps[1]


def test_a_first_state_is_kept_and_shared() -> None:
    for scale in ("tiny", "large"):
        assert first_state(LIBRARY, (1,), scale) is first_state(LIBRARY, (1,), scale)
    assert first_state(LIBRARY, (1, 2)) != first_state(LIBRARY, (2, 1))


def test_a_seed_is_made_of_integers_from_zero() -> None:
    with pytest.raises(UsageError, match=r"integers from 0, not \(1, -2\)"):
        first_state(LIBRARY, (1, -2))
