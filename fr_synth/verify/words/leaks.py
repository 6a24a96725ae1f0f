"""What a hard query must not hold."""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING, Any

from fr_synth.language.verbalise import stands_in
from fr_synth.trace.dataflow.provenance import harvest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_envs.json_values import Json
    from fr_envs.world.domain import Domain
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["issued_values", "leaks"]


def issued_values(domain: Domain[Any], steps: Iterable[ExecutedCall]) -> Iterator[Json]:
    """Iterate over every value that only a tool's output tells, in the results of some steps."""
    for step in steps:
        for found in [] if step.error else harvest(domain.spec.tools[step.call.name].returns, step.result):
            if domain.spec.kinds[found.kind].origin == "issued" and not isinstance(found.value, dict | list):
                yield found.value


def leaks(text: str, tools: Iterable[str], issued: Iterable[Json]) -> list[str]:
    """Return what a hard query must not hold and does: names of tools, and values that only outputs tell.

    A name of several words counts wherever it stands; a name of one word counts when it is set apart as code.
    """
    names = tuple(tools)
    found = [name for name in names if "_" in name and name in text]
    found += [match[1] or match[2] for match in _alone(names).finditer(text)] if "`" in text or "(" in text else []
    return found + [json.dumps(value) for value in issued if isinstance(value, str) and stands_in(value, text)]


@functools.lru_cache(maxsize=64)
def _alone(tools: tuple[str, ...]) -> re.Pattern[str]:
    """Return the names of one word as a pattern: set apart as code, or with a bracket behind."""
    words = "|".join(re.escape(name) for name in tools if "_" not in name) or r"(?!)"
    return re.compile(rf"`({words})`|\b({words})\(")
