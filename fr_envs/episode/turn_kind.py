"""The kinds of turn: what the right move of the assistant is.

act: calls lead to the goal; ask: a value is missing and asking is right; choose: several things could be meant;
missing_tool: the tool needed is not offered; no_call: nothing is to be called; out_of_scope: nothing in the world does
it; refuse: the rules forbid it; confirm: the user's consent comes first.
"""

from __future__ import annotations

from typing import get_args

from fr_envs.situation.spec import TurnKind

__all__ = ["KINDS", "TurnKind"]

KINDS: tuple[TurnKind, ...] = get_args(TurnKind)
"""Every kind, ``act`` first."""
