"""Which traits a turn has, read off its calls: true by construction, and found again by whoever doubts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_envs.episode.traits import AUTHORED, TRAITS
from fr_envs.json_values import at_pointer, leaves_of, member_of
from fr_envs.world.compose import owner
from fr_synth.trace.dataflow.provenance import Output, Said, inputs_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from fr_envs.episode.traits import Trait
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Domain
    from fr_synth.trace.records import CallRecord

__all__ = ["LONG_RESULTS", "traits_of"]

LONG_RESULTS = 5000
"""Characters of a turn's results from which on they are long: some 1,500 tokens."""

_BACK = 2  # turns back from which on something is a matter of several turns


def traits_of(
    domain: Domain[Any], calls: Sequence[CallRecord], turn: int, authored: Collection[Trait] = ()
) -> tuple[Trait, ...]:
    """Return the traits of a turn, in the order of ``TRAITS``.

    Args:
        domain: The world.
        calls: The calls of the dialogue, those of the turn at least to their end.
        turn: The turn, from 0.
        authored: What the author of the situation says of it; what calls tell is not theirs to say.
    """
    own = [number for number, call in enumerate(calls) if call.turn == turn]
    messages = [calls[k].message for k in own]
    tells: dict[Trait, bool] = {
        "error": any(calls[k].error is not None for k in own),
        "self_correction": any(calls[k].purpose == "slip" and calls[k].error is None for k in own),
        "follow_up": _follows_up(calls, own, turn),
        "long_context": sum(map(len, _texts(calls, own))) >= LONG_RESULTS,
        "parallel": len(set(messages)) < len(messages),
        "composed": len({owner(domain, calls[k].name) for k in own if calls[k].name in domain.spec.tools}) > 1,
    }
    said = AUTHORED.intersection(authored)
    return tuple(trait for trait in TRAITS if tells.get(trait, trait in said))


def _texts(calls: Sequence[CallRecord], own: Sequence[int]) -> list[str]:
    return [str(calls[k].result) for k in own]


def _follows_up(calls: Sequence[CallRecord], own: Sequence[int], turn: int) -> bool:
    """Return True if a call of the turn rests on something several turns back that the turn does not look up again."""
    for number in own:
        if calls[number].purpose == "slip":
            continue
        for pointer, source in calls[number].sources.items():
            far = [each for each in inputs_of(source) if _turn_of(calls, each, turn) <= turn - _BACK]
            near = [calls[k].result for k in own if k < number and calls[k].error is None]
            if far and not _told(near, _value(calls[number].arguments, pointer)):
                return True
    return False


def _turn_of(calls: Sequence[CallRecord], source: object, turn: int) -> int:
    """Return the turn that a plain source stands in; the turn itself for one that stands in none."""
    if isinstance(source, Said):
        return source.turn
    if isinstance(source, Output) and 0 <= source.step < len(calls):
        return calls[source.step].turn
    return turn


def _value(arguments: JsonObject, pointer: str) -> Json:
    try:
        return at_pointer(arguments, pointer)
    except LookupError:
        return arguments.get(member_of(pointer))


def _told(results: Sequence[JsonObject], value: Json) -> bool:
    return any(found == value for result in results for _, found in leaves_of(result))
