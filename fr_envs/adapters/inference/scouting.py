"""In which order the tools of a world that is slow to start are tried first.

A server over stdio is started anew for every way that is tried, so little can be tried of it. One walk that calls every
tool, those first that show what there is, tells most of what a person would look for first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fr_envs.contract.spec import DomainSpec, ToolSpec

__all__ = ["scouting_order"]

_TAKES_AWAY = frozenset({"archive", "cancel", "clear", "close", "complete", "delete", "drop", "finish", "remove"})


def scouting_order(spec: DomainSpec) -> list[str]:
    """Return the names of tools in the order in which a first walk calls them.

    What shows all there is comes first, then what makes something and what looks one thing up, and last what takes
    something away. Only then each has its turn a second time, with what the first round has told.

    Args:
        spec: The contract.
    """
    ranked = sorted(spec.tools.values(), key=_rank)
    shown = [tool.name for tool in ranked if _rank(tool) == 0]
    others = [tool.name for tool in ranked if _rank(tool) > 0]
    again = [name for name in others if spec.tools[name].parameters]
    return [*shown, *others, *shown, *again]


def _rank(tool: ToolSpec) -> int:
    required = [p for p in tool.parameters.values() if p.required]
    if tool.effect == "read":
        return 2 if required else 0
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", tool.name)}
    if words & _TAKES_AWAY:
        return 4
    named = any(re.search(r"(?:^|_)(?:id|no|number|code|key)s?$|Id$", p.name) for p in required)
    return 3 if named else 1
