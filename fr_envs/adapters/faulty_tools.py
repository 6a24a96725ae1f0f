"""Contracts of foreign worlds that hold faulty tools: the first fault stops everything, or costs its tool alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.foreign import Fitted
from fr_envs.contract.loading import contract_data_of, read_spec, spec_from_dict
from fr_envs.errors import SpecError
from fr_envs.json_values import unescape

if TYPE_CHECKING:
    from pathlib import Path

    from fr_envs.adapters.foreign import OnError

__all__ = ["read_sound"]

_TOOL = re.compile(r"/tools/([^/]+)")


def read_sound(path: Path, on_error: OnError) -> Fitted:
    """Read a contract; where faulty tools are skipped, without those.

    A tool is faulty when something in it is wrong, when it sets and clears one fact, or when no sequence of calls leads
    to it: it takes an issued value that no tool gives, or needs a fact that rests on the tool itself.

    Raises:
        SpecError: The contract is faulty, and such stop or it is not a tool's fault; or no tool is left.
    """
    if on_error == "stop":
        return Fitted(read_spec(path), ())
    data = contract_data_of(path)
    left_out: list[str] = []
    while True:
        try:
            return Fitted(spec_from_dict(data, str(path)), tuple(left_out))
        except SpecError as error:
            found = _TOOL.match(error.pointer)
            tools = data.get("tools") if isinstance(data, dict) else None
            name = unescape(found[1]) if found else ""
            if not isinstance(tools, dict) or name not in tools or len(tools) == 1:
                raise
            del tools[name]
            left_out.append(str(error))
