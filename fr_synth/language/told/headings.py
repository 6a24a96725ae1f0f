"""How a list begins whose tool is asked what stands so: "Two items are below their minimum"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import phrase_of, spaced
from fr_synth.language.told.things import listed_noun
from fr_synth.language.told.values import is_plural, one_of, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.contract.spec import Field, ToolSpec
    from fr_synth.language.told.things import Things

__all__ = ["NUMBERS", "noun_listed", "standing_so"]

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
_WHICH = re.compile(
    r"which ([a-z]+(?: [a-z]+)?) ((?:still |now |currently )?)(are|have|need|wait|do|can|were)"
    r"\b(?! there)((?: [^{}?]+)?)\?"
)
_ONE = {"are": "is", "have": "has", "need": "needs", "wait": "waits", "do": "does", "were": "was"}


def standing_so(what: str, templates: Sequence[str], count: int) -> str:
    """Return how many there are that stand as a question says; empty where no question says how they stand.

    Args:
        what: What is listed, for several.
        templates: How the tool is asked for.
        count: How many there are.

    Example:
        >>> standing_so("items", ["which items are below their minimum?"], 2)
        'Two items are below their minimum'
        >>> standing_so("jobs", ["which jobs wait to be printed?"], 1)
        'One job waits to be printed'
        >>> standing_so("jobs", ["which jobs are there?"], 1)
        ''
    """
    for template in templates:
        match = _WHICH.fullmatch(template)
        if match is None or match[1].split()[-1] != what.split()[-1]:
            continue
        number = NUMBERS[count] if count < len(NUMBERS) else str(count)
        if count == 1:
            rest = re.sub(r"\btheir\b", "its", match[4])
            return f"{number} {one_of(match[1])} {match[2]}{_ONE.get(match[3], match[3])}{rest}"
        return f"{number} {match[1]} {match[2]}{match[3]}{match[4]}"
    return ""


def noun_listed(things: Things, member: tuple[str, Field], tool: ToolSpec) -> str:
    """Return what is listed, for several.

    Args:
        things: What is known.
        member: The name of the member that is the list, and the contract's field of its items.
        tool: The tool.
    """
    known = listed_noun(things.spec, spaced(member[0]), member[1])
    if known:
        return known
    phrase = phrase_of(tool.name, tool.description, reads=True)
    rest = re.split(r" (?:about|of|in|for|at|on|by|with|from|that|which|to) |,", phrase.rest)[0]
    last = rest.split()[-1:] or ["entries"]
    if is_plural(last[0]) and last[0] != "entries":
        return last[0]
    each = re.search(r"\b(?:every|each) ([a-z]+)\b", tool.description)
    if each is not None:  # "What is in the cellar: every cheese with its price"
        return plural(each[1])
    named = spaced(tool.name).lower().split()[1:]  # "List every zone and whether it runs", of "list_zones"
    return named[-1] if named and is_plural(named[-1]) else "entries"
