"""An identifier read off the next line of a list: which lines can be taken for each other, and how each is told."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.contract.spec import DomainSpec, Reference
    from fr_envs.json_values import Json, JsonObject

__all__ = ["Misread", "neighbours_of"]

_ROWS = 3  # rows from which on one can slip into the next line
_SHORT = 60  # characters of a label
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


class Misread(NamedTuple):
    """An identifier beside the one that is meant.

    Attributes:
        wrong: The identifier of the line beside.
        pointer: JSON pointer to it.
        case: What can be told of the two: ``wrong_label``, ``right_label``, and on which ``side`` the right line is.
    """

    wrong: str
    pointer: str
    case: dict[str, str]


def neighbours_of(spec: DomainSpec, kind: str, right: Json, shown: Json, said: str) -> Iterator[Misread]:
    """Iterate over the identifiers beside one in a list, where the two lines have a like label.

    Args:
        spec: The world's contract.
        kind: Kind of the identifier.
        right: The identifier that is meant.
        shown: The result with the list.
        said: The person's message, which names what tells the two apart.
    """
    for pointer, rows in _lists(shown, ""):
        for k, row in enumerate(rows):
            name = next((name for name, value in row.items() if value == right), None)
            if name is None or len(rows) < _ROWS:
                continue
            for other, side in ((k - 1, "below"), (k + 1, "above")):
                beside = rows[other] if 0 <= other < len(rows) else {}
                labels = _labels(spec.kinds[kind].references, row, beside, said)
                wrong = beside.get(name)
                if labels is not None and isinstance(wrong, str) and wrong != right:
                    case = {"right_label": labels[0], "wrong_label": labels[1], "side": side}
                    yield Misread(wrong, f"{pointer}/{other}/{name}", case)


def _lists(value: Json, pointer: str) -> Iterator[tuple[str, list[JsonObject]]]:
    if not isinstance(value, dict):
        return
    for name, member in value.items():
        if isinstance(member, list) and all(isinstance(row, dict) for row in member):
            yield f"{pointer}/{name}", member
        yield from _lists(member, f"{pointer}/{name}")


def _labels(references: Sequence[Reference], right: JsonObject, wrong: JsonObject, said: str) -> tuple[str, str] | None:
    """Return how each of two rows is told, by members of which they share one, and what they don't share is said."""
    for reference in references:
        ours, theirs = ([_words(row.get(name)) for name in reference.by] for row in (right, wrong))
        apart = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
        if not all((*ours, *theirs)) or not apart or not all(a in said and b not in said for a, b in apart):
            continue
        if len(apart) < len(ours) or all(_is_like(a, b) for a, b in apart):
            told = _told(reference, ours), _told(reference, theirs)
            return told if max(map(len, told)) <= _SHORT else None
    return None


def _words(value: Json) -> str:
    """Return a name as it stands, a day as people write it; empty for anything else."""
    if not isinstance(value, str) or not value:
        return ""
    if _DAY.fullmatch(value):
        day = datetime.date.fromisoformat(value)
        return f"{day.day} {day:%B}"
    return value if value[0].isalpha() else ""


def _is_like(one: str, other: str) -> bool:
    """Return True if two names begin with the same word."""
    first = one.replace("-", " ").replace("_", " ").split()[:1]
    return first == other.replace("-", " ").replace("_", " ").split()[:1]


def _told(reference: Reference, values: Sequence[str]) -> str:
    text = reference.text
    for name, value in zip(reference.by, values, strict=True):
        text = text.replace(f"{{{name}}}", value)
    return re.sub(r"^my ", "the ", text)
