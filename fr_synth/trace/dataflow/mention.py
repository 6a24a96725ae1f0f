"""Mentions: words of a message that point at a value without naming it."""

from __future__ import annotations

from typing import Literal

import msgspec

from fr_envs.json_values import Json, JsonObject

__all__ = [
    "Mention",
    "Way",
]


Way = Literal["fields", "least", "most", "anaphora", "noun", "of", "where"]
"""fields: members that stand beside it; least, most: smallest or largest of a list; anaphora: the one dealt with last;
noun: what another call gives; of: a member of something that is pointed at in its turn; where: conditions on what
stands beside it (``fr_envs.situation.conditions``)."""


class Mention(msgspec.Struct, frozen=True, omit_defaults=True):
    """Words of a message that point at a value without naming it.

    Attributes:
        turn: Turn of the message, from 0.
        kind: Kind of the value.
        value: The value meant.
        text: The words.
        way: How they point.
        by: For ``fields``: the members and their values; for ``least`` and ``most``: the member alone, with its value;
            for ``of``: the member that identifies what it is a member of, with its value; for ``where``: conditions.
        step: Call in whose result the value stands.
        group: JSON pointer to the list in which it stands there, None where there is no list.
        owner: For ``of``: how the words point at what it is a member of; for ``where`` and ``fields``: the thing whose
            member it is, where it is not the thing itself.
    """

    turn: int
    kind: str
    value: Json
    text: str
    way: Way
    by: JsonObject
    step: int
    group: str | None = None
    owner: Mention | None = None
