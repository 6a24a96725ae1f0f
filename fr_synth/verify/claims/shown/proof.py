"""A reply held to the things that results have shown, whatever world they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.verify.claims.shown.acts import done_besides
from fr_synth.verify.claims.shown.beside import of_others
from fr_synth.verify.claims.shown.every import miscounted
from fr_synth.verify.claims.shown.first_of import misranked
from fr_synth.verify.claims.shown.stale import outlived
from fr_synth.verify.claims.shown.stated import misjudged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.moment import Moment

__all__ = ["shown_otherwise"]


def shown_otherwise(moment: Moment) -> Iterator[str]:
    """Iterate over what a reply says of things that is otherwise in what results have shown, or would show by now.

    Args:
        moment: A text; nothing is found in one that is no reply.
    """
    if moment.who != "reply":
        return
    yield from misjudged(moment)
    yield from miscounted(moment)
    yield from outlived(moment)
    yield from of_others(moment)
    yield from misranked(moment)
    yield from done_besides(moment)
