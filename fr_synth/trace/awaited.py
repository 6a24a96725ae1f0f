"""Awaited: the call that would do what a user wants, in a turn in which it is right not to make it."""

from __future__ import annotations

import json

import msgspec

from fr_envs.json_values import Json, JsonObject, at_pointer
from fr_envs.situation.conditions import matches

__all__ = ["Awaited"]


class Awaited(msgspec.Struct, frozen=True, omit_defaults=True):
    """The call that is not made, and why; what the proofs of the kinds look at (``fr_synth.verify.kinds``).

    Attributes:
        tool: The tool; empty where the kind is about no call (``out_of_scope``). Of a ``no_call`` it is what was asked
            about in the turn before, and is not wanted any more.
        arguments: Its arguments; those that are lacking as the user would have them.
        lacks: Parameters that the user has left out or left open.
        rule: Why it may not be made: the code of the error that it meets, or words of the policy.
        withheld: Tools that are not offered.
        step: For a choice, the call in whose result the candidates stand; -1 for none.
        group: JSON pointer to the list there.
        where: Conditions that the user's reference stands for.
        by: Members that tell the candidates apart.
        key: Member of a candidate that the call takes.
        about: Words for what no tool of the world deals with.
    """

    tool: str = ""
    arguments: JsonObject = {}
    lacks: tuple[str, ...] = ()
    rule: str = ""
    withheld: tuple[str, ...] = ()
    step: int = -1
    group: str = ""
    where: JsonObject = {}
    by: tuple[str, ...] = ()
    key: str = ""
    about: tuple[str, ...] = ()

    def candidates(self, result: Json) -> list[JsonObject]:
        """Return the rows of a result that the reference fits.

        Args:
            result: Result of the call in ``step``.
        """
        try:
            rows = at_pointer(result, self.group)
        except LookupError:
            return []
        if not isinstance(rows, list):
            return []
        return [row for row in rows if isinstance(row, dict) and matches(self.where, row)]

    def choices(self, result: Json) -> int:
        """Return how many different things the reference could mean in a result."""
        return len({json.dumps(row.get(self.key), sort_keys=True) for row in self.candidates(result)})
