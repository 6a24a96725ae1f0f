"""How a call of a foreign tool came out: whether it went through, and what it said if it did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject

__all__ = ["complaint", "first_words", "succeeded"]


def succeeded(value: JsonObject) -> bool:
    """Return True if a result tells of success: foreign tools, too, tell of a failure under ``error``."""
    return "error" not in value and not any(_tells_of_failure(item) for item in value.values())


def complaint(value: JsonObject) -> str:
    """Return what a failed call says."""
    error = value.get("error", value)
    return str(error.get("message", error) if isinstance(error, dict) else error)


_TOLD = 160  # characters of a complaint that are kept


def first_words(text: str) -> str:
    """Return the beginning of a complaint, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _TOLD else f"{line[:_TOLD]} …"


def _tells_of_failure(item: Json) -> bool:
    """A list of nothing but a failure, in the place of results."""
    if not isinstance(item, list) or len(item) != 1:
        return False
    only = item[0]
    return "error" in only if isinstance(only, dict) else isinstance(only, str) and only.startswith("Error")
