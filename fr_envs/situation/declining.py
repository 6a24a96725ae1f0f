"""Whether somebody who was asked for a yes says no."""

from __future__ import annotations

import re

__all__ = ["declines"]

_NO = re.compile(
    r"\b(?:no|not|never|nothing|leave|leaving|keep|keeping|stays?|stick|wait|rather|forget|hold|drop|without|instead|"
    r"better not|\w+n['’]?t)\b",
    re.IGNORECASE,
)
_YES = re.compile(r"\byes\b|\bgo ahead\b|\bplease do\b|\bdo it\b|\bdo that\b", re.IGNORECASE)


def declines(message: str) -> bool:
    """Return True if a message that answers a question says no, or not now, and yes to nothing.

    Example:
        >>> declines("My wife isn't sure, so leave it for now."), declines("Yes, why not."), declines("Hm.")
        (True, False, False)
    """
    return _NO.search(message) is not None and _YES.search(message) is None
