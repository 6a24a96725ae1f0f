"""What a mention has to be in itself: words that the contract has for its way of pointing, and something that uses it.

Whether the words mean one thing alone is the question of ``unambiguous``; here is asked whether they are such words.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from typing_extensions import override

from fr_envs.contract.spec import PLACEHOLDER
from fr_synth.language.verbalise import verbalise
from fr_synth.trace.dataflow.provenance import harvest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.contract.spec import DomainSpec, Reference
    from fr_envs.json_values import Json
    from fr_synth.trace.dataflow.mention import Mention
    from fr_synth.verify.evidence import Evidence

__all__ = ["ContractKey", "no_pointing"]


def no_pointing(evidence: Evidence) -> Iterator[str]:
    """Iterate over what is wrong with mentions, whatever they mean.

    Args:
        evidence: The record and its replay.
    """
    for number, turn in enumerate(evidence.dialogue.turns):
        taken = _taken(evidence, number) if turn.mentions else []
        for position, mention in enumerate(turn.mentions):
            problem = _problem(evidence, number, mention, taken)
            if mention in turn.mentions[:position]:
                problem = "is mentioned twice"
            if problem:
                yield f"turn {number}: {mention.text!r} {problem}"


def _problem(evidence: Evidence, number: int, mention: Mention, taken: list[tuple[str, Json]]) -> str:
    """Say what is wrong with a mention of a turn whose calls are made with some values; empty if nothing is."""
    if any(each.turn != mention.turn for each in _with_owners(mention)):
        return "is said of another turn than its owner"
    if mention.turn != number and mention.turn not in evidence.left_open(number, mention.value):
        return "is said of another turn, which left no call with it undone"
    situated = bool(evidence.dialogue.situation)
    if not all(_is_worded(evidence.domain.spec, each, situated=situated) for each in _with_owners(mention)):
        return f"are no words that point at a {mention.kind} so"
    return "" if (mention.kind, mention.value) in taken else "points at what no call of the turn is made with"


def _with_owners(mention: Mention) -> Iterator[Mention]:
    at: Mention | None = mention
    while at is not None:
        yield at
        at = at.owner


def _taken(evidence: Evidence, number: int) -> list[tuple[str, Json]]:
    """Return (kind, value) of all that the calls of a turn are made with."""
    found: list[tuple[str, Json]] = []
    for call in evidence.dialogue.calls:
        tool = evidence.domain.spec.tools.get(call.name) if call.turn == number else None
        if tool is not None:
            fields = {name: parameter.field for name, parameter in tool.parameters.items()}
            found += [(each.kind, each.value) for each in harvest(fields, call.arguments)]
    return found


def _is_worded(spec: DomainSpec, mention: Mention, *, situated: bool) -> bool:
    """Return True if the words are such as the contract has for this way of pointing, with what they go by.

    In a situation people have words of their own ("the rent"); what they go by is a condition or a member at least.
    """
    kind = spec.kinds.get(mention.kind)
    if kind is None or not mention.text.strip():
        return False
    if situated:
        return _is_own(mention)
    if (mention.owner is None) != (mention.way != "of"):
        return False
    if mention.way == "anaphora":
        return not mention.by and mention.text in kind.anaphora
    if mention.way == "noun":
        return not mention.by and _is_noun(spec, mention.text)
    if mention.way == "of":
        return len(mention.by) == 1
    return any(_fills(spec, mention, reference) for reference in kind.references if _goes_by(mention, reference))


_OWN_WAYS = frozenset({"where", "fields", "least", "most", "anaphora"})


def _is_own(mention: Mention) -> bool:
    """Return True if words of a situation's own go by what such words can: for a member also the thing it is of."""
    owner = mention.owner
    if owner is not None and (owner.kind == mention.kind or (owner.text, owner.way, owner.by) != (
        mention.text, mention.way, mention.by
    )):  # fmt: skip
        return False
    if mention.way == "anaphora":
        return not mention.by and owner is None
    return mention.way in _OWN_WAYS and (bool(mention.by) or (mention.way == "where" and mention.group is None))


def _goes_by(mention: Mention, reference: Reference) -> bool:
    names = {"fields": reference.by, "least": (reference.least,), "most": (reference.most,)}[mention.way]
    return bool(names) and set(names) == set(mention.by)


def _fills(spec: DomainSpec, mention: Mention, reference: Reference) -> bool:
    """Return True if a reference says just these words of what the mention goes by, in the form of some kind."""
    pattern = re.escape(reference.text)
    for name, value in mention.by.items():
        forms = {verbalise(value), *(verbalise(value, kind) for kind in spec.kinds.values() if kind.format != "plain")}
        either = "|".join(map(re.escape, forms))
        pattern = pattern.replace(re.escape(f"{{{name}}}"), f"(?:{either})")
    whole = mention.text
    doubled = f"{whole} {whole.rpartition(' ')[2]}"  # "the Long bed": nobody says "the Long bed bed"
    named = [f"the {whole} {word}" for word in whole.lower().split()]  # "Court Two": nor "the Court Two court"
    titled = f"the {whole}"  # "The Long Harbour screening"
    return any(re.fullmatch(pattern, text, re.IGNORECASE) is not None for text in (whole, doubled, titled, *named))


def _is_noun(spec: DomainSpec, text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in _nouns(ContractKey(spec)))


class ContractKey:
    """A contract by identity, for what is remembered of it: it is frozen, and too large to hash.

    Attributes:
        spec: The contract.
    """

    def __init__(self, spec: DomainSpec) -> None:
        """Stand for a contract."""
        self.spec = spec

    @override
    def __hash__(self) -> int:
        return id(self.spec)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, ContractKey) and other.spec is self.spec


@functools.lru_cache(maxsize=16)
def _nouns(contract: ContractKey) -> tuple[re.Pattern[str], ...]:
    """Return the noun phrases of a contract as patterns."""
    templates = {noun for tool in contract.spec.tools.values() for nouns in tool.nouns.values() for noun in nouns}
    parts = (PLACEHOLDER.split(template)[::2] for template in templates)
    return tuple(re.compile(".+".join(map(re.escape, each)), re.DOTALL) for each in parts)
