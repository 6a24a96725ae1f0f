"""Options taken wrongly: a call about another thing of the same kind, or about another month, as agents mix them up."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.contract.schemas import field_schema
from fr_synth.trace.provenance import Output

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from fr_envs.json_values import JsonObject
    from fr_envs.world.tool_call import ToolCall
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.provenance import Provenance

__all__ = ["Option", "other_options"]


class Option(NamedTuple):
    """Another value for one argument of a call.

    Attributes:
        name: The argument.
        arguments: All arguments with the other value.
        source: Where the other value comes from; None for a slip that comes from nowhere.
    """

    name: str
    arguments: JsonObject
    source: Provenance | None


def other_options(walk: Walk, call: ToolCall, rng: np.random.Generator) -> Iterator[Option]:
    """Iterate over calls that are about another thing, and otherwise the same.

    Args:
        walk: Where the dialogue stands.
        call: The call as it should be.
        rng: Chooses among alternatives.
    """
    tool = walk.domain.spec.tools[call.name]
    for name, value in call.arguments.items():
        kind = walk.domain.spec.kinds.get(tool.parameters[name].field.kind or "")
        if not isinstance(value, str):
            continue
        choices = field_schema(walk.domain.spec, tool.parameters[name].field).get("enum")
        if choices:
            others = [each for each in choices if each != value]
            picked = [others[int(number)] for number in rng.permutation(len(others))[:_MOST]]
            yield from (Option(name, {**call.arguments, name: each}, None) for each in picked)
        elif kind is None:
            continue
        elif kind.origin == "issued" or kind.references or "/" in value:
            yield from _beside(walk, call, name, kind.name, rng)
        elif tool.effect == "read" and _DAY.fullmatch(value):
            other = _month_before(value)
            yield Option(name, {**call.arguments, name: other}, None)


def _beside(walk: Walk, call: ToolCall, name: str, kind: str, rng: np.random.Generator) -> Iterator[Option]:
    """Iterate over things that results have shown, those beside the one that is meant first."""
    value, taken = call.arguments[name], set(map(str, call.arguments.values()))
    others = [each for each in walk.knowledge.values(kind) if isinstance(each, str) and each not in taken]
    lists = {known.step for known in walk.knowledge.sources(kind, value)}
    for number in rng.permutation(len(others))[:_MOST]:
        other = others[int(number)]
        known = walk.knowledge.sources(kind, other)
        shown = [each for each in known if each.step in lists] or known
        if shown:
            source = Output(shown[-1].step, shown[-1].pointer)
            yield Option(name, {**call.arguments, name: other}, source)


def _month_before(day: str) -> str:
    date = datetime.date.fromisoformat(day)
    before = date.replace(day=1) - datetime.timedelta(days=1)
    return before.replace(day=min(date.day, before.day)).isoformat()


_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])")
_MOST = 3  # other things that are tried
