"""What is to go wrong in a turn, drawn before it is played."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

from fr_envs.episode.faults import FAULT_CODES, FAULT_MANNERS
from fr_envs.errors import UsageError
from fr_envs.streams import pick

if TYPE_CHECKING:
    import numpy as np

    from fr_envs.episode.faults import FaultCode, FaultManner

__all__ = [
    "NO_MISHAP",
    "NO_SHARES",
    "Mishap",
    "MishapKind",
    "Shares",
    "busy_share",
    "draw_mishap",
    "read_shares",
    "whole_share",
]

MishapKind: TypeAlias = Literal["", "fault", "outage", "slip", "wrong"]
"""fault: a call fails once, for no reason of its own. outage: it fails to the end of the turn. slip: a value is written
in the person's words, and the world wants it otherwise. wrong: a read is about what stands on the line beside."""

Shared: TypeAlias = Literal["error", "self_correction", "follow_up", "long_context", "correction", "change_of_mind"]
"""Traits whose share of turns can be asked for; the others come of what people want."""


class Shares(NamedTuple):
    """Shares of turns that are to have a trait, from 0 to 1.

    Attributes:
        error: A call fails: by a fault, or because a value is written in the person's own words.
        self_correction: A read is about what stands on the line beside what was meant, and is set right.
        follow_up: A call rests on something several turns back.
        long_context: The results are long.
        correction: The person puts right what they said in the turn before.
        change_of_mind: The person, asked something, wants it otherwise, or lets it be.
    """

    error: float = 0.05
    self_correction: float = 0.0
    follow_up: float = 0.04
    long_context: float = 0.04
    correction: float = 0.04
    change_of_mind: float = 0.035


NO_SHARES = Shares(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
"""Nothing goes wrong."""


def read_shares(text: str) -> Shares:
    """Read ``TRAIT=SHARE,TRAIT=SHARE``; what is not named keeps its default share. ``none`` asks for none of them.

    Raises:
        UsageError: There is no such trait whose share can be asked for, one is named twice, or a share is none.

    Example:
        >>> read_shares("error=0.1,self_correction=0").error
        0.1
        >>> read_shares("none") == NO_SHARES
        True
    """
    if text == "none":
        return NO_SHARES
    found: dict[str, float] = {}
    names = get_args(Shared)
    for part in filter(None, map(str.strip, text.split(","))):
        name, equals, number = (each.strip() for each in part.partition("="))
        share = _share(number)
        if name not in names or name in found or not equals or share is None:
            wanted = f"TRAIT=SHARE,... with each trait once out of {', '.join(names)}, and shares from 0 to 1"
            raise UsageError(f"traits {text!r}: give {wanted}")
        found[name] = share
    return Shares(**found)


def _share(text: str) -> float | None:
    try:
        share = float(text)
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


class Mishap(NamedTuple):
    """What is to go wrong in a turn, where its calls give the occasion.

    Attributes:
        kind: What it is; empty for nothing.
        code: What a fault tells.
        manner: How it tells it.
        asked: Only a call that the person asks for is struck; otherwise the first that can be.
        seed: Seed of the choices that depend on the call.
    """

    kind: MishapKind = ""
    code: FaultCode = "service_unavailable"
    manner: FaultManner = "helpful"
    asked: bool = False
    seed: int = 0


NO_MISHAP = Mishap()

_OUTAGES = 0.25  # of errors, those that last
_SLIPS = 0.15  # of errors, values in the person's own words
_ERRORS, _MIXED_UP = 0.4, 0.012  # shares of turns that give the occasion for either, measured over 300 dialogues


_LONG = (
    0.08  # share of turns with long results in worlds of the scale "busy", measured over 150 dialogues with all kinds
)


_WHOLE = 3.0  # dialogues that have to be played to their end, by the share of turns that follow up something


def whole_share(shares: Shares) -> float:
    """Return the share of dialogues of many turns, all played, so that late turns rest on early ones."""
    return min(1.0, _WHOLE * shares.follow_up)


def busy_share(shares: Shares) -> float:
    """Return the share of dialogues that have to play in busy worlds, from 0 to 1, for the share of long results."""
    return min(1.0, shares.long_context / _LONG)


def draw_mishap(rng: np.random.Generator, shares: Shares) -> Mishap:
    """Draw what is to go wrong in a turn.

    Args:
        rng: Source of every choice; the same number of draws is made whatever comes out.
        shares: How often what is to come up.
    """
    drawn, which, asked = (float(each) for each in rng.random(3))
    code, manner, seed = pick(rng, FAULT_CODES), pick(rng, FAULT_MANNERS), int(rng.integers(2**31))
    errors, wrong = min(1.0, shares.error / _ERRORS), min(1.0, shares.self_correction / _MIXED_UP)
    kind: MishapKind = ""
    if drawn < errors:
        kind = "outage" if which < _OUTAGES else "slip" if which < _OUTAGES + _SLIPS else "fault"
    elif drawn < errors + wrong:
        kind = "wrong"
    return Mishap(kind, code, manner, asked < 0.5, seed)
