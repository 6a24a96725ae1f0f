"""What operations are called and what is said of them: ids without what frameworks put behind, summaries, tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject

__all__ = ["described", "labels", "operation_name"]


def labels(operation: JsonObject) -> frozenset[str]:
    """Return the tags and the id of an operation."""
    tags = operation.get("tags")
    named = [*(tags if isinstance(tags, list) else ()), operation.get("operationId")]
    return frozenset(name for name in named if isinstance(name, str))


def operation_name(owned: Json, method: str, path: str) -> str:
    """Return an operation's name: its id without the path and method that frameworks put behind it.

    Example:
        >>> operation_name("lend_book_loans__loan_id__delete", "delete", "/loans/{loan_id}")
        'lend_book'
    """
    if not isinstance(owned, str) or not owned:
        return re.sub(r"[^A-Za-z0-9]+", "_", f"{method} {path}").strip("_")
    behind = re.sub(r"\W", "_", f"{path}_{method}")
    return owned.removesuffix(behind).strip("_") or owned


def described(operation: JsonObject, method: str, path: str) -> str:
    """Return what an operation does: its summary and its description, less a summary that only repeats its name."""
    texts = [operation.get(key) for key in ("summary", "description")]
    if isinstance(texts[0], str) and _is_made_of_name(texts[0], operation.get("operationId")):
        texts[0] = None if isinstance(texts[1], str) and texts[1].strip() else texts[0].strip().capitalize()
    kept = list(dict.fromkeys(text.strip() for text in texts if isinstance(text, str) and text.strip()))
    joined = " ".join(text if text[-1] in ".!?" else f"{text}." for text in kept)
    return joined or f"{method.upper()} {path}."


def _is_made_of_name(summary: str, owned: Json) -> bool:
    """Return True for "Lend Book" of ``lend_book_loans__loan_id__delete``, which a framework has made up."""
    words = summary.split()
    plain = "_".join(words).lower()
    return isinstance(owned, str) and all(word.istitle() for word in words) and owned.lower().startswith(plain)
