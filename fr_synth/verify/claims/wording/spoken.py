"""A situation's words for what is thought and told in a turn, whoever words the dialogue."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.situation.templates import Choice, Fill, Mark, parse
from fr_synth.verify.claims.wording.contraries import said_in
from fr_synth.verify.claims.wording.lexicon import acts_of, lemma
from fr_synth.verify.situated.meaning.scope import scope_of
from fr_synth.verify.situated.turns import told_in, turns_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.situation.templates import Template
    from fr_synth.verify.claims.known.moment import Moment

__all__ = ["Spoken", "spoken_of"]


class Spoken(NamedTuple):
    """The words of a situation for a turn.

    Attributes:
        said: What they say that has a contrary, by slot.
        words: All of them, in small letters.
        acts: The classes of acts that they tell.
        text: All of them, one after the other.
    """

    said: Mapping[str, frozenset[str]]
    words: frozenset[str]
    acts: frozenset[str]
    text: str


def spoken_of(moment: Moment) -> Spoken | None:
    """Return the words that a situation has for what is thought and told in a turn; None where they are not known."""
    if moment.evidence.dialogue.teacher == "scripted":  # whose words are held to the situation's, one by one
        wordings = told_in(turns_of(moment.evidence, moment.turn))
    else:
        scope = scope_of(moment.evidence, moment.turn)
        wordings = () if scope is None else scope.wordings
    return _spoken(wordings) if wordings else None


@functools.lru_cache(maxsize=1024)
def _spoken(wordings: tuple[str, ...]) -> Spoken:
    found: dict[str, set[str]] = {}
    texts = [text for wording in wordings for text in _ways(parse(wording))]
    for text in texts:
        for each in said_in(text, doubtful=True):
            found.setdefault(each.slot, set()).add(each.filler)
    words = frozenset(word.lower() for text in texts for word in _WORD.findall(text))
    acts = frozenset().union(*(acts_of(lemma(word)) for word in words))
    return Spoken({slot: frozenset(each) for slot, each in found.items()}, words, acts, " ".join(texts))


_WORD = re.compile(r"(?<![\w'\u2019-])[A-Za-z]+(?![\w-])")


def _ways(template: Template) -> tuple[str, ...]:
    """Return a wording with its first alternatives, its second ones, and so on, and ``_`` in its places."""
    most = max((len(part.options) for part in template if isinstance(part, Choice)), default=1)
    return tuple("".join(_written(template, number)) for number in range(most))


def _written(template: Template, number: int) -> Iterator[str]:
    for part in template:
        if isinstance(part, Fill):
            yield "_"
        elif isinstance(part, Mark):
            yield from _written(part.words, number)
        elif isinstance(part, Choice):
            yield from _written(part.options[min(number, len(part.options) - 1)], number)
        else:
            yield part
