"""Slips of the pen: a call wrongly written in one argument, as agents write them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from fr_synth.language.mishaps import slip_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from fr_envs.contract.spec import Parameter
    from fr_envs.json_values import JsonObject
    from fr_envs.world.tool_call import ToolCall
    from fr_synth.language.mishaps import SlipKind
    from fr_synth.sample.walk import Walk

__all__ = ["Slip", "slips_of"]


class Slip(NamedTuple):
    """One way to write a call wrongly.

    Attributes:
        name: The argument that is wrong or left out.
        arguments: All arguments as they are written.
        why: What was wrong.
    """

    name: str
    arguments: JsonObject
    why: SlipKind


def slips_of(walk: Walk, call: ToolCall, rng: np.random.Generator) -> Iterator[Slip]:
    """Iterate over ways to write a call wrongly; whether the world minds is for the caller to try.

    Args:
        walk: Where the dialogue stands.
        call: The call as it should be.
        rng: Chooses letters and lines of lists.
    """
    tool = walk.domain.spec.tools[call.name]
    for name, value in call.arguments.items():
        parameter = tool.parameters[name]
        others = {key: each for key, each in call.arguments.items() if key != name}
        if parameter.required and len(call.arguments) > 1:
            yield Slip(name, others, "missing")
        if isinstance(value, str):
            if tool.effect == "write" and slip_kind(value) not in ("format", "time", "path"):
                continue  # nobody trusts an agent that changes whatever an identifier happens to name
            for wrong, why in _miswritten(walk, parameter, value, rng):
                yield Slip(name, {**call.arguments, name: wrong}, why)


def _miswritten(
    walk: Walk, parameter: Parameter, value: str, rng: np.random.Generator
) -> Iterator[tuple[str, SlipKind]]:
    why = slip_kind(value)
    if why == "format":
        yield _other_way(value, rng), why
    elif why == "time":
        yield _twelve_hours(value), why
    elif why == "path":
        yield _misspelt(value, rng), why
    else:
        kind = walk.domain.spec.kinds.get(parameter.field.kind or "")
        if kind is not None and kind.origin == "issued":
            yield from ((each, why) for each in _of_another_list(walk, kind.name, value, rng))


def _other_way(day: str, rng: np.random.Generator) -> str:
    """Return a day as it is written elsewhere, with the clock time that stands behind it."""
    year, month, date, rest = day[:4], day[5:7], day[8:10], day[10:]
    try:
        spelt = f"{datetime.date(int(year), int(month), int(date)):%B} {int(date)}, {year}"
    except ValueError:
        return f"{date}.{month}.{year}{rest}"
    return (f"{date}.{month}.{year}{rest}", f"{month}/{date}/{year}{rest}", f"{spelt}{rest}")[int(rng.integers(3))]


def _twelve_hours(clock: str) -> str:
    hour = int(clock[:2])
    return f"{(hour - 1) % 12 + 1}{clock[2:5]} {'am' if hour < 12 else 'pm'}"


def _misspelt(path: str, rng: np.random.Generator) -> str:
    """Exchange two letters that differ in the last part of a path, or leave one out."""
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0] or name
    places = [k for k in range(1, len(stem) - 1) if stem[k] != stem[k + 1] and stem[k : k + 2].isalnum()]
    if not places:
        return f"{folder}/{name[1:]}"
    at = places[int(rng.integers(len(places)))]
    return f"{folder}/{name[:at]}{name[at + 1]}{name[at]}{name[at + 2 :]}"


def _of_another_list(walk: Walk, kind: str, value: str, rng: np.random.Generator) -> list[str]:
    """Return an identifier that is known and of another kind."""
    kinds = walk.domain.spec.kinds
    known = [
        each
        for other in sorted(walk.knowledge.kinds())
        if other != kind and kinds[other].origin == "issued"
        for each in walk.knowledge.values(other)
        if isinstance(each, str) and each != value
    ]
    return [known[int(rng.integers(len(known)))]] if known else []
