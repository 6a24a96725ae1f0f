"""The kinds of turn: what the right move of the assistant is."""

from __future__ import annotations

from typing import Literal

__all__ = ["TurnKind"]

TurnKind = Literal["act", "ask", "choose", "missing_tool", "no_call", "out_of_scope", "refuse", "confirm"]
"""What the right move is. act: calls lead to the goal; ask: a value is missing and asking is right; choose: several
things could be meant; missing_tool: the tool needed is not offered; no_call: nothing is to be called; out_of_scope:
nothing in the world does it; refuse: the rules forbid it; confirm: the user's consent comes first."""
