"""Turns in which what was asked for cannot be done: the reply has to own up to it, after it was tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.episode.faults import is_fault
from fr_envs.episode.judging.moves import moves

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fr_envs.json_values import Json

__all__ = ["unmet_lack"]

_FAILED = ("failed", "refused", "unchanged")


def unmet_lack(code: str, reply: str, errors: Iterable[Json], results: Sequence[Json]) -> str:
    """Return in words what a turn lacks in which something cannot be done; empty where it lacks nothing.

    Args:
        code: The error for which it cannot be done. One of a fault has to be met; what the world's own rules forbid may
            be found out by looking as well.
        reply: What the assistant said.
        errors: Results of the turn's calls that did not go through.
        results: Results of those that did.
    """
    met = any(_code(each) == code for each in errors)
    if not met and (is_fault(code) or not results):
        return f"an attempt, which fails with {code}"
    claims = moves(reply)
    owned = any(move.kind in _FAILED and not move.overcome for move in claims)
    boasted = any(move.kind == "done" and move.whole for move in claims)
    return "" if owned and not boasted else "a reply that says it was not done"


def _code(result: Json) -> Json:
    error = result.get("error") if isinstance(result, dict) else None
    return error.get("code") if isinstance(error, dict) else None
