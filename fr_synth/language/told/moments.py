"""What time it is somewhere, and what a time of one place is in another: answers that are about no thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.episode.task import Answer
from fr_synth.language.told.values import plain_words, said
from fr_synth.trace.turn_trace import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.contract.spec import DomainSpec, Field, ToolSpec
    from fr_envs.json_values import JsonObject
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["of_moment"]

_PLACES = frozenset({"city", "country", "location", "place", "timezone", "zone"})
_DAYS = frozenset({"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"})
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def of_moment(spec: DomainSpec, tool: ToolSpec, step: ExecutedCall) -> Reply | None:
    """Return what is told of a moment somewhere, or of one moment in two places; None for other results.

    Args:
        spec: The contract.
        tool: The tool.
        step: The call.
    """
    places = [str(value) for name, value in step.call.arguments.items() if plain_words(name)[-1] in _PLACES]
    if len(places) == 1:
        return _now(spec, tool.returns, step.result, places[0])
    times = [value for name, value in step.call.arguments.items() if plain_words(name)[-1] == "time"]
    parts = [(name, value) for name, value in step.result.items() if isinstance(value, dict)]
    if len(places) != 2 or len(times) != 1 or not parts:
        return None
    name, last = parts[-1]
    moment = _moment(spec, tool.returns[name].object or {}, last)
    if moment is None:
        return None
    day, _, clock = moment.text.rpartition(" at ")
    then = Answer(moment.value, f"{clock} on {day}" if day else clock)
    return Reply(f"At {times[0]} in {places[0]} it is {then.text} in {places[1]}.", (then,))


def _now(spec: DomainSpec, fields: Mapping[str, Field], row: JsonObject, place: str) -> Reply | None:
    moment = _moment(spec, fields, row)
    if moment is None:
        return None
    day = next((value for value in row.values() if isinstance(value, str) and value in _DAYS), "")
    answers = (moment, Answer(day, day)) if day else (moment,)
    return Reply(f"In {place} it is {f'{day}, ' if day else ''}{moment.text}.", answers)


def _moment(spec: DomainSpec, fields: Mapping[str, Field], row: JsonObject) -> Answer | None:
    """Return the first member of a row that is a day with an hour."""
    for name, value in row.items():
        if isinstance(value, str) and _MOMENT.match(value) and name in fields:
            return Answer(value, said(spec, name, row, fields))
    return None
