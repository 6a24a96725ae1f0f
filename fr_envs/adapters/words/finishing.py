"""Orders with their arguments in place, put as people put them: whose it is, copies of what, from what to what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import noun, spaced
from fr_envs.adapters.words.grammar.verbs import VERBS, words_of
from fr_envs.adapters.words.grammar.vocabulary import SUMS, is_doer, is_person
from fr_envs.adapters.words.places import quoted
from fr_envs.adapters.words.pointing import is_number
from fr_envs.adapters.words.values.spots import are_plain
from fr_envs.contract.schemas import field_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.contract.spec import DomainSpec, Parameter

__all__ = ["finished", "with_owners"]


def with_owners(text: str, inside: Sequence[Parameter], spec: DomainSpec) -> str:
    """Put people where a phrase says whose something is, and a sum where it speaks of money.

    Args:
        text: The phrase.
        inside: The arguments.
        spec: The contract.
    """
    for p in inside:
        if is_person(p.name):  # "a child's savings"
            whose = rf"\b(?:an?|the) {re.escape(spaced(p.name).lower())}'s\b"
            text = re.sub(whose, f"{{{p.name}}}'s", text, count=1)
        elif is_number(spec, p.field) and spaced(p.name).lower() in SUMS | {"amount"}:
            text = _MONEY.sub(quoted(spec, p), text, count=1) if "amount" not in text else text
    return text


def finished(order: str, inside: Sequence[Parameter], spec: DomainSpec) -> str:
    """Return an order or a question as people put it once its arguments are in place.

    Args:
        order: The order, with places.
        inside: The arguments.
        spec: The contract.
    """
    order = _BREED.sub(r"\1\2\5 \3\4", _of_each(order, inside))
    order = _on_paper(order, inside, spec)
    for p in inside:
        if is_person(p.name) or is_doer(p.name):  # "a member of the studio"
            order = re.sub(rf"(\{{{p.name}\}}) of (?:our|the|this) [a-z]+(?=$|[ ,;])", r"\1", order)
    also = _AND_ALSO.search(order)
    if also is not None and "{" in order[: also.start()] and also[1] in VERBS:  # what comes of it besides
        order = order[: also.start()]
    order = _EXTRA.sub(r"by \1 ", _FROM_FROM.sub(r"from \1 to \2", _INTO.sub(r"\1 to \2", order)))
    return _RELATIVE.sub(r"\1", _OF_SORT.sub(r"for \1", _UNIT_TOLD.sub(r"\1", order)))


def _on_paper(order: str, inside: Sequence[Parameter], spec: DomainSpec) -> str:
    """Return an order with a plain choice before what it is of: "on glossy paper"."""
    for p in inside:
        if are_plain(field_schema(spec, p.field).get("enum")):
            words = re.escape(spaced(p.name).lower())
            how = "on" if noun(p.name).split()[-1].lower() in _PRINTED_ON else r"\1"
            order = re.sub(rf"\b(with|and) the ({words}) (\{{{p.name}\}})", rf"{how} \3 \2", order)
    return order


def _of_each(order: str, several: Sequence[Parameter]) -> str:
    """Return an order with copies of what they are copies of: "with {copies} copies of {document}"."""
    count = next((p.name for p in several if spaced(p.name).lower() in _COPIES), "")
    match = re.search(rf" with the ([a-z ]+) (\{{\w+\}}) and (\{{{count}\}} [a-z]+)$", order) if count else None
    if match is None:
        return order
    joint = "for" if re.search(r"\b(?:booking|delivery|order|reservation)\b", order) else "with"
    return f"{order[: match.start()]} {joint} {match[3]} of {match[2]}"


_BREED = re.compile(
    r"^([a-z]+ )(an? )?([a-z]+)((?: [a-z]+)* (?:at|in|into|on|to) .*) with the (?:breed|species|variety) (\{\w+\})$"
)
_COPIES = words_of(
    "bags barrels bars bins blocks bottles boxes bunches cases copies crates cups jars kg kilos litres loaves metres "
    "packs pallets pieces portions pots prints rolls sacks servings sheets slices tins trays tubes wheels"
)
_PRINTED_ON = frozenset({"card", "cardboard", "paper"})
_AND_ALSO = re.compile(r" and ([a-z]+) (?:the|its|their|it|his|her)\b[^{}]*$")
_MONEY = re.compile(r"(?<= )(?:some )?money(?= (?:from|into|out|to)\b|$)")
_INTO = re.compile(r"(from \{source\w*\}) for (\{target\w*\})")
_RELATIVE = re.compile(r"(\{\w+\}) (?:that|which|who) (?:is|are|has|have|was|were) [a-z ]+$")
"""Which one it is, which whoever points at it says already."""
_SORT = r"(?:category|department|kind|section|type)"
_OF_SORT = re.compile(rf"\bof (?:the {_SORT} |a )(\{{{_SORT}\}})")
_FROM_FROM = re.compile(r"\bfrom (\{\w+\}) from (\{\w+\})")
_EXTRA = re.compile(r"\bby (\{\w+\}) (?:extra|additional|more) ")
_UNIT_TOLD = re.compile(r" in (?:EUR|USD|GBP|euros?|dollars?|pounds)( (?:to|at|of|for) [€$£]?\{)")
