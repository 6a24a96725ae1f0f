"""What somebody says wrongly at first: another thing of the kind, or another value of the same rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from fr_envs.situation.conditions import matches
from fr_synth.language.taking_back import REASONS, pieces_of
from fr_synth.situations.rules import work_out
from fr_synth.situations.scope import Entity, Worked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.situation.spec import SituationTurn
    from fr_synth.language.taking_back import Reason
    from fr_synth.sample.walk import Walk
    from fr_synth.situations.mishaps.plan import Shares
    from fr_synth.situations.rendering import Rendered
    from fr_synth.situations.scope import Scope

__all__ = ["Misspoken", "another", "draw_reason", "told_wrongly", "ways_of"]

_TAKEN: Mapping[Reason, float] = {"correction": 0.12, "change_of_mind": 0.12}
"""Share of turns taken to give the occasion; fewer do, as only what changes something is held off."""
_TRIES = 6


class Misspoken(NamedTuple):
    """An argument that can be told wrongly.

    Attributes:
        name: The argument.
        root: The name that its value has in the situation.
    """

    name: str
    root: str


def draw_reason(rng: np.random.Generator, shares: Shares) -> Reason | Literal[""]:
    """Draw whether what a turn asks for is taken back before it is done, and why; empty where it is not.

    Args:
        rng: Source of the choice; one draw, whatever comes out.
        shares: How often what is to come up.
    """
    drawn = float(rng.random())
    for reason in REASONS:
        drawn -= getattr(shares, reason) / _TAKEN[reason]
        if drawn < 0:
            return reason
    return ""


def ways_of(turn: SituationTurn, wordings: Sequence[str]) -> list[Misspoken]:
    """Return the arguments of a turn's one request that some wordings tell in a piece by itself."""
    pieces = (piece for wording in wordings for piece in pieces_of(turn, wording))
    return list(dict.fromkeys(Misspoken(piece.name, piece.root) for piece in pieces))


def another(root: str, rules: Mapping[str, JsonObject], scope: Scope, walk: Walk) -> Entity | Worked | None:
    """Return what could be said in place of something; None where there is nothing.

    Args:
        root: Its name in the situation.
        rules: How the values of the situation are worked out, by name.
        scope: What can be spoken of.
        walk: Where the dialogue stands.
    """
    thing = scope.names.get(root)
    if isinstance(thing, Entity):
        return _other_entity(thing, scope, walk)
    if not isinstance(thing, Worked) or root not in rules:
        return None
    for _ in range(_TRIES):
        other = work_out(rules[root], scope, walk)
        if other is not None and other.value != thing.value:
            return other
    return None


def _other_entity(thing: Entity, scope: Scope, walk: Walk) -> Entity | None:
    """Return another thing that fits as well, of those that the situation is not about; None where there is none."""
    if thing.key is None:
        return None
    cast = {each.key for each in scope.names.values() if isinstance(each, Entity) and each.kind == thing.kind}
    others = [(key, each) for key, each in (walk.entities(thing.kind) or {}).items() if key not in cast]
    alike = [each for each in others if matches(thing.where, each[1]) and _is_beside(thing.members, each[1])]
    if not alike:
        return None
    key, members = alike[int(walk.rng.integers(len(alike)))]
    return Entity(thing.kind, key, members, thing.where)


def _is_beside(members: Mapping[str, Json], others: Mapping[str, Json]) -> bool:
    """Return True if one thing can be taken for another: a file for one of its sort beside it, all else for any."""
    if "folder" not in members:
        return True
    endings = (str(each.get("name", "")).rpartition(".")[2] for each in (members, others))
    return members["folder"] == others.get("folder") and len(set(endings)) == 1


def told_wrongly(said: Rendered, root: str, scope: Scope) -> str:
    """Return the words that tell something wrongly in a message; empty where they tell nothing wrong, or not clearly.

    Args:
        said: The message, in which a name stood for something else.
        root: The name.
        scope: What it stands for in truth.
    """
    filled = [each for each in said.filled if each.path.partition(".")[0] == root]
    if len(filled) != 1 or scope.get(filled[0].path) in (filled[0].value, None):
        return ""
    pointed = filled[0].path == root or any(each.path == root for each in said.referring)
    if isinstance(scope.names[root], Entity) and not pointed:  # by a member alone, and nothing marks that it is meant
        return ""
    around = [each.text for each in said.referring if each.path == root and filled[0].text in each.text]
    words = around[0] if around else filled[0].text
    return words if said.text.count(words) == 1 else ""
