"""What ``spec infer`` says at its end, where time ran out before each tool went through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fr_envs.adapters.enrich import Completed
from fr_envs.adapters.inference.contract import Inferred
from fr_envs.adapters.lists.tool_lists import spec_from_tools
from fr_synth.commands.specs.spec_infer import _tell

if TYPE_CHECKING:
    from fr_envs.json_values import Json

TOOLS: list[Json] = [{"name": name, "description": "Do it.", "parameters": {}} for name in ("join", "leave")]


@pytest.mark.parametrize(
    ("silent", "told"), [(("join", "leave"), "; no example was found of join, leave; more"), ((), "walks; more")]
)  # fmt: skip
def test_tools_without_an_example_are_named_where_time_ran_out(
    capsys: pytest.CaptureFixture[str], silent: tuple[str, ...], told: str
) -> None:
    spec = spec_from_tools(TOOLS, name="rides")
    _tell(Completed(spec, Inferred(spec, (), (), silent, cut={"walks": "seconds"})))
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "out of seconds" in line]
    assert told in line
    assert "--most-seconds" in line
