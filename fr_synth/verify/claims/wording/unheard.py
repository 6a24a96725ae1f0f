"""Things of which a reply speaks and nobody has told, what is said to be made, and what is said to be free."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.known.sources import norm, tokens
from fr_synth.verify.claims.wording.patterns import FEE, FREE, MADE, THINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.moment import Moment

__all__ = ["described", "unheard_of"]


def unheard_of(moment: Moment, part: str) -> Iterator[str]:
    """Iterate over things that neither the results nor the user nor the tools speak of, and what is free and is not."""
    for match in THINGS.finditer(part):
        if not _is_spoken_of(moment, match[1].lower()):
            yield f"it speaks of {match[0]!r}, of which nothing is known"
    for match in MADE.finditer(part):
        if not _is_made(moment, match["thing"]):
            yield f"it says {match[0]!r}, and nothing makes one"
    fees = list(_fees(moment))
    free = FREE.search(part)
    if free and any(fees) and not any(FREE.search(described(moment, k)) for k in moment.told()):
        yield f"it says {free[0]!r}, and there is a fee"
    if free and not fees and not any(_is_spoken_of(moment, word) for word in _COSTS):
        yield f"it says {free[0]!r}, and nothing tells that"
    fee = FEE.search(part)
    if fee and not any(fees):
        yield f"it says {fee[0]!r}, and there is none"


_COSTS = ("cost", "free", "fee", "charge", "price")


def _is_made(moment: Moment, thing: str) -> bool:
    """Return True if a change of the turn speaks of a thing, or the turn only looks things up."""
    wrote = moment.wrote()
    returned = (" ".join(moment.spec.tools[moment.call(k).name].returns) for k in wrote)
    spoken = [*returned, *(f"{moment.call(k).name} {described(moment, k)}" for k in wrote)]
    return not wrote or any(thing[:_STEM] in norm(text) for text in spoken)


_STEM = 4  # letters that tell a thing in all its forms


def described(moment: Moment, number: int) -> str:
    """Return what the tool of a call does, in the contract's words."""
    return moment.spec.tools[moment.call(number).name].description


def _fees(moment: Moment) -> Iterator[float]:
    sources = moment.sources
    for number in sources.of_calls(moment.told()):
        for name, value in sources.rows[number].fields.items():
            if tokens(name)[-1:] == ["fee"] and isinstance(value, int | float):
                yield float(value)


def _is_spoken_of(moment: Moment, thing: str) -> bool:
    stems = [word[:5] for word in re.findall(r"[a-z]+", thing.replace("e-", "")) if word not in ("the",)]
    sources = moment.sources
    told = [
        norm(f"{moment.call(k).name.replace('_', ' ')} {moment.spec.tools[moment.call(k).name].description}")
        for k in moment.ran
    ]
    for number in sources.of_calls(moment.ran):
        for name, value in sources.rows[number].fields.items():
            told.append(f"{name.replace('_', ' ').lower()}{' number' if name.lower().endswith('id') else ''}")
            told += [
                norm(str(item)) for item in (value if isinstance(value, list) else (value,)) if isinstance(item, str)
            ]
    told += sources.heard[1:]
    return all(any(re.search(rf"\b{stem}", text) for text in told) for stem in stems[:2])
