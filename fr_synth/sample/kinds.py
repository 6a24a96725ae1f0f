"""What share of all turns each kind of turn is to have, and how such shares are written."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from fr_envs.episode.turn_kind import KINDS
from fr_envs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.episode.turn_kind import TurnKind

__all__ = ["DEFAULT_SHARES", "KindShares", "read_kinds"]

KindShares: TypeAlias = "Mapping[TurnKind, float]"
"""The share of all turns that each kind but ``act`` is to have, from 0 to 1; the rest is ``act``."""

DEFAULT_SHARES: KindShares = {
    "ask": 0.055, "choose": 0.14, "missing_tool": 0.075, "no_call": 0.06, "out_of_scope": 0.065, "refuse": 0.085,
    "confirm": 0.105,
}  # fmt: skip
"""The shares of a run that asks for no others, above what comes out, as not every turn finds a place: measured, 35 of
100 turns are of another kind than ``act``, from 4 of ``choose``, ``confirm`` and ``missing_tool`` to 7 of ``no_call``.
"""

_MOST = 0.8  # of all turns; somebody has to have come for something


def read_kinds(text: str) -> dict[TurnKind, float]:
    """Read how many turns of each kind there are to be.

    Args:
        text: ``default``; ``none``, for turns that are acted on alone; or shares such as ``ask=0.05,refuse=0.1``.

    Raises:
        UsageError: There is no such kind, or a share is none, or they add up to too much.

    Example:
        >>> read_kinds("ask=0.1,refuse=0.05")
        {'ask': 0.1, 'refuse': 0.05}
        >>> read_kinds("none")
        {}
    """
    if text == "default":
        return dict(DEFAULT_SHARES)
    found: dict[TurnKind, float] = {}
    for part in text.split(",") if text != "none" else ():
        name, _, share = part.partition("=")
        kind = next((each for each in KINDS if each == name.strip() and each != "act"), None)
        if kind is None or kind in found:
            raise UsageError(f"no kinds {text!r}: {name.strip()!r} is {'there twice' if kind else 'no kind'}; {_HOW}")
        found[kind] = _share(share, text)
    if sum(found.values()) > _MOST:
        raise UsageError(f"kinds {text!r} take {sum(found.values()):.2f} of all turns; leave {1 - _MOST:.1f} to act")
    return found


_HOW = f"give default, none, or shares of {', '.join(KINDS[1:])}, such as ask=0.05"


def _share(written: str, text: str) -> float:
    try:
        share = float(written)
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise UsageError(f"no kinds {text!r}: {written!r} is no share from 0 to 1; {_HOW}")
    return share
