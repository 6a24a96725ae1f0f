"""How the calls of a run come out: each yes or no, list and call by itself, and what is always the same.

A model that has seen one outcome alone learns to expect it. So a run should show each both ways; where one way is life
(a list of one's own accounts is never empty), the contract says so, with the reason (``steady``).
"""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from fr_envs.contract.reach_checks import outcome_places
from fr_envs.episode.faults import is_fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import Json
    from fr_synth.trace.records import CallRecord

__all__ = ["OneSided", "Outcomes", "count_outcomes", "one_sided"]

Outcomes: TypeAlias = "collections.Counter[tuple[str, str, str]]"
"""How often each (tool, place of the result, outcome) has come up."""


class OneSided(NamedTuple):
    """An outcome that a run shows one way.

    Attributes:
        tool: The tool.
        place: Dotted path of the member of the result, ``works`` for the call itself.
        outcome: What it nearly always is: true or false, empty or some, yes or no.
        share: In what share of its uses, from 0 to 1.
        uses: How often it came up.
        reason: Why that is so, as the contract says; empty where it says nothing.
    """

    tool: str
    place: str
    outcome: str
    share: float
    uses: int
    reason: str


def count_outcomes(spec: DomainSpec, calls: Iterable[CallRecord]) -> Outcomes:
    """Count how calls came out; those that a fault kept from reaching their tool are left out.

    Args:
        spec: Contract of their world.
        calls: The calls.
    """
    counted: Outcomes = collections.Counter()
    for call in calls:
        if is_fault(call.error or "") or call.name not in spec.tools:
            continue
        counted[call.name, "works", "no" if call.error else "yes"] += 1
        for place in outcome_places(spec, spec.tools[call.name])[1:] if not call.error else ():
            for value in _at(call.result, place.split(".")):
                outcome = str(value).lower() if isinstance(value, bool) else "some" if value else "empty"
                counted[call.name, place, outcome] += 1
    return counted


def _at(value: Json, path: Sequence[str]) -> Iterator[Json]:
    """Iterate over what stands at a path, every item of a list at ``*``; nulls and what is absent are left out."""
    if not path:
        if value is not None:
            yield value
    elif path[0] == "*":
        for item in value or ():
            yield from _at(item, path[1:])
    elif isinstance(value, dict) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


def one_sided(spec: DomainSpec, counted: Outcomes, *, least: int = 10, most: float = 0.8) -> list[OneSided]:
    """Return the outcomes that make up too much, the most used first; that a call works is what one expects.

    Args:
        spec: Contract of the world.
        counted: How the calls came out.
        least: How often a place has to have come up for it to count.
        most: The largest share that an outcome may have, from 0 to 1.
    """
    uses: collections.Counter[tuple[str, str]] = collections.Counter()
    for (tool, place, _), number in counted.items():
        uses[tool, place] += number
    found = []
    for (tool, place, outcome), number in counted.items():
        whole = uses[tool, place]
        if whole >= least and number > most * whole and (place, outcome) != ("works", "yes"):
            reason = spec.tools[tool].steady.get(place, "")
            found.append(OneSided(tool, place, outcome, number / whole, whole, reason))
    return sorted(found, key=lambda each: (-each.uses, each.tool, each.place))
