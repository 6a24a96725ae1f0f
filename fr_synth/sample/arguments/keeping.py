"""Values in keeping with what a dialogue has said: the same person and place, stays as long as their dates."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from fr_envs.adapters.words.grammar.attaching import is_end, is_person, is_time
from fr_envs.adapters.words.grammar.phrases import spaced
from fr_envs.json_values import pointer_of
from fr_synth.trace.dataflow.provenance import Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.contract.spec import ToolSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.sample.walk import Walk

__all__ = ["in_keeping"]

_PLACES = frozenset({"city", "country", "destination", "origin", "station", "town"})
_NIGHTS = frozenset({"days", "nights", "number of days", "number of nights"})
_STAYS = (2, 3, 4)  # nights of a stay of which nothing else is known


def in_keeping(walk: Walk, tool: ToolSpec, name: str, arguments: JsonObject) -> Json:
    """Return the value that an argument has to have for a dialogue to stay with its thread; None where any will do.

    Args:
        walk: Where the dialogue stands.
        tool: The tool.
        name: The argument.
        arguments: What is bound already.
    """
    words = spaced(name).lower()
    again = next((s.call for s in reversed(walk.steps) if s.call.name == tool.name and s.user_requested), None)
    if again is not None and tool.effect == "read" and name != list(tool.parameters)[-1]:
        return again.arguments.get(name)  # what is worked out once more differs in one thing: "and in euros?"
    said = dict(_said(walk, tool))
    if is_person(words.removesuffix(" name").split()[-1]) or words.split()[-1] in _PLACES:
        return said.get(name)
    start, end = _span({**said, **arguments})
    if words in _NIGHTS and start and end and tool.effect == "write" and _looked(walk):
        return (end - start).days
    if is_time(words) and is_end(words) and name not in said and start is not None:
        nights = next((v for n, v in arguments.items() if spaced(n).lower() in _NIGHTS and isinstance(v, int)), None)
        length = nights or int(walk.rng.choice(_STAYS))
        plain = isinstance(next(iter(_days(arguments)), None), str)
        return (start + datetime.timedelta(days=length)).isoformat() if plain else None
    return None


def _looked(walk: Walk) -> bool:
    """Return True if the request before only looked: what is changed gets other values."""
    last = next((step for step in reversed(walk.steps) if step.user_requested), None)
    return last is not None and walk.domain.spec.tools[last.call.name].effect == "read"


def _said(walk: Walk, tool: ToolSpec) -> Iterator[tuple[str, Json]]:
    """Iterate over (argument, value) of what the person has said for other tools, the latest last."""
    for step in walk.steps:
        if step.call.name == tool.name or not step.user_requested:
            continue
        for name, value in step.call.arguments.items():
            if isinstance(step.sources.get(pointer_of([name])), Said):
                yield name, value


def _days(arguments: JsonObject) -> Iterator[str]:
    for name, value in arguments.items():
        if is_time(spaced(name).lower()) and isinstance(value, str) and len(value) == _ISO_DAY:
            yield value


_ISO_DAY = len("2026-03-02")


def _span(said: dict[str, Any]) -> tuple[datetime.date | None, datetime.date | None]:
    """Return the first and the last day that have been said, as far as they have."""
    start = end = None
    for name, value in said.items():
        words = spaced(name).lower()
        if not is_time(words) or not isinstance(value, str) or len(value) != _ISO_DAY:
            continue
        try:
            day = datetime.date.fromisoformat(value)
        except ValueError:
            continue
        if is_end(words):
            end = day
        else:
            start = day
    return start, end
