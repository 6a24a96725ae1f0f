"""A message of a dialogue at the moment at which it is said: what is known, and what has run in its turn."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from fr_synth.trace.arrivals import announced_in
from fr_synth.verify.claims.known.clauses import clauses
from fr_synth.verify.claims.known.reading import Claim, read
from fr_synth.verify.claims.known.sources import Sources, norm
from fr_synth.verify.claims.parsing.numbers import CURRENCIES, UNITS
from fr_synth.verify.claims.parsing.spans import Span, parse
from fr_synth.verify.mishaps import right_call

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.contract.spec import DomainSpec
    from fr_synth.trace.records import CallRecord
    from fr_synth.verify.evidence import Evidence

__all__ = ["Moment", "in_odd_name", "moments", "vocabulary"]


class Moment(NamedTuple):
    """One text of a dialogue, and what its writer may know.

    Attributes:
        evidence: The record and its replay.
        who: Whose text it is: ``user``, ``reasoning`` or ``reply``; ``easy`` for the user's in so many words.
        turn: Number of the turn.
        text: The text.
        sources: What is known; shared by the moments of a dialogue, so to be read before the next one is taken.
        ran: Numbers of the turn's calls so far.
        ahead: Numbers of the calls that the message makes (reasoning), or that the turn makes (user).
        claims: The values in the text, with the places that tell them.
        clauses: (start, end) of each clause of the text.
    """

    evidence: Evidence
    who: Literal["user", "easy", "reasoning", "reply"]
    turn: int
    text: str
    sources: Sources
    ran: tuple[int, ...]
    ahead: tuple[int, ...]
    claims: tuple[Claim, ...]
    clauses: tuple[tuple[int, int], ...]

    @property
    def spec(self) -> DomainSpec:
        """The contract."""
        return self.evidence.domain.spec

    @property
    def bare(self) -> str:
        """The text with a line of ``_`` in place of each value."""
        text = self.text
        for start, end in {(c.span.start, c.span.end) for c in self.claims if not c.plain}:
            text = f"{text[:start]}{'_' * (end - start)}{text[end:]}"
        return text

    @property
    def worded(self) -> str:
        """The text with a line of ``_`` in place of each value but for numbers in words, such as "one" and "both"."""
        text = self.text
        for claim in self.claims:
            span = claim.span
            if not claim.plain and not (span.text.isalpha() and isinstance(span.value, float)):
                text = f"{text[: span.start]}{'_' * (span.end - span.start)}{text[span.end :]}"
        return text

    def call(self, number: int) -> CallRecord:
        """Return a call."""
        return self.evidence.dialogue.calls[number]

    def worked(self) -> list[int]:
        """Return the turn's calls so far that went through."""
        return [k for k in self.ran if self.call(k).error is None]

    def failed(self) -> list[int]:
        """Return the turn's calls so far that failed."""
        return [k for k in self.ran if self.call(k).error is not None]

    def wrote(self) -> list[int]:
        """Return the turn's calls so far that changed something."""
        return [k for k in self.worked() if self.spec.tools[self.call(k).name].effect == "write"]

    def told(self) -> list[int]:
        """Return the calls whose results the user has asked for; all that went through where none is marked so."""
        requested = [k for k in self.worked() if self.call(k).user_requested]
        return requested or self.worked()


def moments(evidence: Evidence) -> Iterator[Moment]:
    """Iterate over the texts of a dialogue in the order in which they are said."""
    dialogue, sources = evidence.dialogue, Sources()
    sources.vocabulary = vocabulary(evidence.domain.spec)
    sources.said += [(-1, span) for span in _figures(evidence.domain.spec)]
    turn, number = -1, 0
    ran: list[int] = []
    today = functools.cache(evidence.today)
    for index, message in enumerate(dialogue.messages):
        content = str(message.get("content") or "")
        content = announced_in(content).said if message["role"] == "user" else evidence.in_contract(content)
        sources.today = today(number)
        if message["role"] == "system":
            sources.hear(-1, content)
        elif message["role"] == "user":
            turn, ran = turn + 1, []
            yield from _asked(evidence, turn, content, sources)
            sources.hear(turn, "\n".join((content, *_well_known(evidence, turn))))
        elif message["role"] == "assistant":
            own = tuple(k for k in range(number, len(dialogue.calls)) if dialogue.calls[k].message == index)
            thought = evidence.in_contract(str(message.get("reasoning_content") or ""))
            for k in own:
                _foresee(dialogue.calls, k, sources)
            yield from _spoken(evidence, turn, (thought, content), (sources, tuple(ran), own))
            for k in own:
                sources.learn(k, dialogue.calls[k].result)
            ran += own
            number += len(own)


def _foresee(calls: Sequence[CallRecord], number: int, sources: Sources) -> None:
    """Take in what a call is to be given; what is thought before a slip is of the call as it is meant."""
    sources.foresee(number, calls[number].arguments)
    right = right_call(calls, number) if calls[number].purpose == "slip" else None
    if right is not None:
        sources.foresee(-1, right.arguments)


def _spoken(
    evidence: Evidence, turn: int, texts: tuple[str, str], known: tuple[Sources, tuple[int, ...], tuple[int, ...]]
) -> Iterator[Moment]:
    """Iterate over what an assistant thinks and says in a message."""
    for who, text in zip(_ASSISTANT, texts, strict=True):
        if text.strip():
            moment = _moment(evidence, who, turn, text, known)
            yield moment
            _remember(moment)


_MOST = 366  # what may count something: days of a year


def _is_sum(claim: Claim) -> bool:
    """Return True if a number may be a sum of money: it is in a currency, or counts nothing."""
    said, unit = claim.span.value, claim.span.unit
    large = isinstance(said, float) and said > _MOST
    return unit in CURRENCIES or (unit not in UNITS and (bool(claim.span.places) or large))


def _remember(moment: Moment) -> None:
    """Take in what a reply has worked out: from then on everybody may speak of it, and work on with it."""
    figures = [c for c in moment.claims if moment.who == "reply" and isinstance(c.span.value, float)]
    moment.sources.told += [c.span.value for c in figures if isinstance(c.span.value, float)]
    moment.sources.amounts |= {c.span.value for c in figures if isinstance(c.span.value, float) and _is_sum(c)}
    moment.sources.said += [(moment.turn, c.span) for c in figures if not (c.places or c.said or c.plain)]


def _well_known(evidence: Evidence, turn: int) -> tuple[str, ...]:
    """Return what a reply may name that needs no look-up: the answer to a question of general knowledge."""
    turns = evidence.dialogue.turns
    return turns[turn].goal.mentions if turn < len(turns) and turns[turn].kind == "no_call" else ()


def _asked(evidence: Evidence, turn: int, content: str, sources: Sources) -> Iterator[Moment]:
    """Iterate over what a user says in a turn, and the same in so many words."""
    dialogue = evidence.dialogue
    ahead = tuple(k for k, call in enumerate(dialogue.calls) if call.turn == turn)
    easy = dialogue.turns[turn].easy if turn < len(dialogue.turns) else ""
    yield _moment(evidence, "user", turn, content, (sources, (), ahead))
    said = norm(content)
    spans = parse(easy)
    if spans and all(norm(span.text) in said for span in spans):  # nearly always: it says what the message says
        claims = tuple(Claim(span, (), said=True) for span in spans)
        yield Moment(evidence, "easy", turn, easy, sources, (), ahead, claims, ())
    else:
        yield _moment(evidence, "easy", turn, easy, (sources, (), ahead))


_ASSISTANT: tuple[Literal["reasoning", "reply"], ...] = ("reasoning", "reply")


def _moment(
    evidence: Evidence,
    who: Literal["user", "easy", "reasoning", "reply"],
    turn: int,
    text: str,
    known: tuple[Sources, tuple[int, ...], tuple[int, ...]],
) -> Moment:
    claims = tuple(read(text, known[0]))
    return Moment(evidence, who, turn, text, *known, claims, tuple(clauses(text, claims)))


def _figures(spec: DomainSpec) -> list[Span]:
    """Return the figures that the contract's tools speak of ("above 1,000.00 a code is needed"); made once."""
    kept = _FIGURES.get(id(spec))
    if kept is None or kept[0] is not spec:
        if len(_FIGURES) > 16:
            _FIGURES.clear()
        text = " ".join(tool.description for tool in spec.tools.values())
        found = [span for span in parse(text) if isinstance(span.value, float) and span.value >= _LARGE]
        _FIGURES[id(spec)] = kept = (spec, found)
    return kept[1]


_LARGE = 100  # smaller ones are said of too many things
_FIGURES: dict[int, tuple[DomainSpec, list[Span]]] = {}


def in_odd_name(spec: DomainSpec, text: str) -> bool:
    """Return True if a text is part of a member's name that is no word: foreign tools have names such as ``a/b1``."""
    names = (name for tool in spec.tools.values() for name in (*tool.parameters, *tool.returns))
    return any(text in name for name in names if not re.fullmatch(r"\w+", name))


def vocabulary(spec: DomainSpec) -> frozenset[str]:
    """Return the words of a contract: what is written there with a capital is no name of anybody."""
    kept = _VOCABULARIES.get(id(spec))
    if kept is None or kept[0] is not spec:
        parts = [spec.summary, spec.policy]
        for tool in spec.tools.values():
            parts += [tool.name.replace("_", " "), tool.description, *tool.errors.values(), *tool.errors]
            parts += [field.replace("_", " ") for field in (*tool.returns, *tool.parameters)]
        parts += [kind.description for kind in spec.kinds.values()]
        words = frozenset(re.findall(r"\w+(?:[.'&/@+-]\w+)*", norm(" ".join(parts))))
        if len(_VOCABULARIES) > 16:
            _VOCABULARIES.clear()
        _VOCABULARIES[id(spec)] = kept = (spec, words)
    return kept[1]


_VOCABULARIES: dict[int, tuple[DomainSpec, frozenset[str]]] = {}
