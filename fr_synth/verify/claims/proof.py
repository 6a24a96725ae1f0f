"""Proof over the text itself: nothing false and nothing untraceable stands in what a trainer reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.verify.claims.figures.denials import denied
from fr_synth.verify.claims.figures.enumerations import out_of_row
from fr_synth.verify.claims.figures.in_hand import of_another
from fr_synth.verify.claims.figures.links import unlinked
from fr_synth.verify.claims.figures.reference.added import unproven
from fr_synth.verify.claims.figures.reference.aligned import replaced
from fr_synth.verify.claims.figures.reference.altered import altered
from fr_synth.verify.claims.figures.reference.figured import misfigured
from fr_synth.verify.claims.figures.reference.rates import misrated
from fr_synth.verify.claims.figures.reference.refilled import misfilled
from fr_synth.verify.claims.figures.relevance import beside_the_point
from fr_synth.verify.claims.figures.situated.as_told import told_otherwise
from fr_synth.verify.claims.figures.situated.exchanged import exchanged
from fr_synth.verify.claims.figures.situated.itemised import mislisted
from fr_synth.verify.claims.figures.situated.measured import mismeasured
from fr_synth.verify.claims.figures.statements import misstatements
from fr_synth.verify.claims.figures.values import values
from fr_synth.verify.claims.known.moment import moments
from fr_synth.verify.claims.shown.listed import unlisted
from fr_synth.verify.claims.shown.proof import shown_otherwise
from fr_synth.verify.claims.shown.sorts import of_another_sort
from fr_synth.verify.claims.user import unfounded
from fr_synth.verify.claims.wording.contraries import compares
from fr_synth.verify.claims.wording.otherwise import otherwise
from fr_synth.verify.claims.wording.requests import overreaching
from fr_synth.verify.claims.wording.statuses import misstated
from fr_synth.verify.claims.wording.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.evidence import Evidence

__all__ = ["claims"]


def claims(evidence: Evidence) -> Iterator[str]:
    """Every number, date, identifier, quote, path and name is known then, and what is said to be done was done."""
    for moment in moments(evidence):
        for problem in _problems(moment):
            yield f"turn {moment.turn}, {moment.who}: {problem}"


def _problems(moment: Moment) -> Iterator[str]:
    if not moment.text.strip():
        return
    yield from words(moment)
    if moment.who in ("user", "easy"):
        yield from unfounded(moment)
        yield from overreaching(moment)
    else:
        yield from values(moment)
        yield from unlinked(moment)
        if moment.evidence.dialogue.teacher != "scripted":  # a situation's own words are held to its own names
            yield from _in_own_words(moment)
        elif moment.who == "reasoning" and compares(moment.bare):
            yield from otherwise(moment)
    if moment.who == "reasoning":
        yield from beside_the_point(moment)
    if moment.who == "reply":
        yield from misstated(moment)
        yield from misstatements(moment)
    if _may_deny(moment):
        yield from denied(moment)
        yield from shown_otherwise(moment)


def _in_own_words(moment: Moment) -> Iterator[str]:
    """Iterate over what is wrong with a text that a model has worded."""
    yield from of_another(moment)
    yield from out_of_row(moment)
    yield from otherwise(moment)
    yield from told_otherwise(moment)
    yield from mismeasured(moment)
    yield from exchanged(moment)
    yield from mislisted(moment)
    yield from misfilled(moment)
    yield from altered(moment)
    yield from replaced(moment)
    yield from unproven(moment)
    yield from misfigured(moment)
    yield from misrated(moment)
    yield from unlisted(moment)
    yield from of_another_sort(moment)


def _may_deny(moment: Moment) -> bool:
    """Return True unless a text is in a situation's own words, which are held to their letter, or not of a model."""
    scripted, situated = moment.evidence.dialogue.teacher == "scripted", moment.evidence.situation is not None
    return (moment.who == "reply" and not (scripted and situated)) or (moment.who == "reasoning" and not scripted)
