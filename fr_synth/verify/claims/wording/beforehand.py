"""What a thought tells of a search before one has come back so: that it was empty, while nothing seen was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import Json
    from fr_synth.verify.claims.known.moment import Moment

__all__ = ["told_beforehand"]


def told_beforehand(moment: Moment) -> Iterator[str]:
    """Iterate over what a thought says came of a search, where no call so far has come back empty or failed.

    Args:
        moment: The thought, and the calls up to it.
    """
    found = _EMPTY.search(moment.text) if moment.who == "reasoning" else None
    if found is None:
        return
    dialogue = moment.evidence.dialogue
    ahead = min(moment.ahead, default=len(dialogue.calls))
    seen = [call for number, call in enumerate(dialogue.calls) if call.turn <= moment.turn and number < ahead]
    if not any(call.error or _is_empty(call.result) for call in seen):
        yield f"it says {found[0]!r}, and nothing has come back so"


_EMPTY = re.compile(
    r"\b(?:c(?:a|o)mes? back (?:empty|with nothing)|nothing (?:was|has been) found|(?:has|have) found nothing"
    r"|(?:search|searches|list|look-up|answer) (?:is|are|was|were) empty|not a single (?:hit|match|line))\b",
    re.IGNORECASE,
)
"""Words that say that a search has come back without anything."""


def _is_empty(result: Json) -> bool:
    """Return True if a list or a text of a result is empty, or a whole number is zero."""
    if isinstance(result, dict):
        return any(map(_is_empty, result.values()))
    if isinstance(result, list):
        return not result or any(map(_is_empty, result))
    return result == "" or (type(result) is int and result == 0)
