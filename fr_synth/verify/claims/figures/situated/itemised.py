"""Things of a list, each in the situation's words ("Main with 40.00 on it"): what is said of one is its own."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.situation.templates import Fill, parse
from fr_synth.verify.claims.figures.situated.as_told import states
from fr_synth.verify.situated.meaning.scope import scope_of
from fr_synth.verify.situated.meaning.told import inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import JsonObject
    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim

__all__ = ["mislisted"]


class _Item(NamedTuple):
    """The words for a thing: the members told, what stands between each two of them, and what behind the last."""

    paths: tuple[str, ...]
    between: tuple[str, ...]
    behind: str


def mislisted(moment: Moment) -> Iterator[str]:
    """Iterate over things of a list that are told with a value of another one, or with another of their own.

    Somebody may say something else in the same form; so one other thing at least has to be told rightly, or all of
    the values have to be those of one thing, in other places.

    Args:
        moment: A model's text.
    """
    scope = scope_of(moment.evidence, moment.turn)
    for slot in () if scope is None else scope.slots:
        item = _item(slot.item) if slot.item else None
        rows = [row for value in slot.values if isinstance(value, list) for row in value if isinstance(row, dict)]
        if item is None:
            continue
        told = list(_told(moment, item))
        wrong = [claims for claims in told if not any(_is_of(moment, claims, item, row) for row in rows)]
        for claims in wrong:
            if len(wrong) < len(told) or any(_is_turned(moment, claims, item, row) for row in rows):
                text = moment.text[claims[0].span.start : claims[-1].span.end]
                yield f"{text!r} is none of the things that are listed there"


_SEVERAL = 2


@functools.lru_cache(maxsize=512)
def _item(wording: str) -> _Item | None:
    """Return the words for a thing; None where they tell one member alone, or are not the same for all things."""
    paths, words = [], [""]
    for part in parse(wording):
        if isinstance(part, Fill):
            paths.append(part.path)
            words.append("")
        elif isinstance(part, str):
            words[-1] += part
        else:
            return None
    if len(paths) < _SEVERAL or not all(words[1:-1]):
        return None
    return _Item(tuple(paths), tuple(_CODE + re.escape(each) for each in words[1:-1]), _CODE + re.escape(words[-1]))


_CODE = r"(?: [A-Z]{3}\b)?"


def _told(moment: Moment, item: _Item) -> Iterator[Sequence[Claim]]:
    """Iterate over the values of a text that stand one after the other as those of a thing do."""
    claims, text, count = moment.claims, moment.text, len(item.paths)
    for at in range(len(claims) - count + 1):
        mine = claims[at : at + count]
        gaps = zip(item.between, mine, mine[1:], strict=False)
        joined = all(re.fullmatch(words, text[a.span.end : b.span.start]) for words, a, b in gaps)
        if joined and re.match(item.behind, text[mine[-1].span.end :]):
            yield mine


def _is_of(moment: Moment, claims: Sequence[Claim], item: _Item, row: JsonObject) -> bool:
    """Return True if values are those of a thing, each in its place; what is no member of it may be anything."""
    for claim, path in zip(claims, item.paths, strict=True):
        if path.partition(".")[0] in row and not states(claim, inside(row, path), moment):
            return False
    return True


def _is_turned(moment: Moment, claims: Sequence[Claim], item: _Item, row: JsonObject) -> bool:
    """Return True if values are those of a thing, and names stand in each other's places around a word ("A to B")."""
    members = [inside(row, path) for path in item.paths if path.partition(".")[0] in row]
    if len(members) != len(claims) or not any(_WORD.search(words.removeprefix(_CODE)) for words in item.between):
        return False
    misplaced = [
        k for k, (claim, each) in enumerate(zip(claims, members, strict=True)) if not states(claim, each, moment)
    ]
    return all(
        isinstance(claims[k].span.value, str) and any(states(claims[k], members[j], moment) for j in misplaced)
        for k in misplaced
    )


_WORD = re.compile(r"[a-z]{2}")
