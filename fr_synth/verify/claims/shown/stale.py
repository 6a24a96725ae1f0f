"""Members that a change of the turn has altered: told as what they are by now, and as what they were before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.json_values import scalars
from fr_synth.verify.claims.figures.situated.as_told import states
from fr_synth.verify.claims.shown.again import shown_to
from fr_synth.verify.claims.wording.contraries import is_doubtful

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim
    from fr_synth.verify.claims.shown.again import Shown, Thing

__all__ = ["outlived", "was_so"]


def was_so(moment: Moment, claim: Claim) -> bool:
    """Return True if a value is told as what a thing was before the turn's change of it: "from Malmo to Bergen".

    Args:
        moment: A reply.
        claim: The value.
    """
    if not moment.wrote() or not _OUT.search(moment.text, 0, claim.span.start):
        return False
    changed = [thing for thing in shown_to(moment).things if thing.writes]
    return any(states(claim, value, moment) for thing in changed for name in thing.changed for value in thing.was(name))


def outlived(moment: Moment) -> Iterator[str]:
    """Iterate over values that a changed thing had before, told as if it had them still, and the other way round.

    Args:
        moment: A reply.
    """
    if not moment.wrote():
        return
    yield from _needless(moment)
    shown = shown_to(moment)
    changed = [thing for thing in shown.things if thing.now and thing.changed]
    for start, end in moment.clauses if changed else ():
        own = [c for c in moment.claims if start <= c.span.start < end]
        named = {thing.key: thing for claim in own if (thing := shown.named(claim)) is not None}
        about = [thing for thing in changed if thing.key in named] if named else changed
        if len(about) != 1 or moment.text[start:end].rstrip().endswith("?"):
            continue
        for claim in own:
            if not is_doubtful(moment.bare[start:], claim.span.start - start):
                yield from _judged(moment, (start, end), claim, (about[0], shown))


def _judged(moment: Moment, clause: tuple[int, int], claim: Claim, about: tuple[Thing, Shown]) -> Iterator[str]:
    thing, shown = about
    if shown.named(claim) is not None or (isinstance(claim.span.value, float) and claim.span.places is None):
        return
    is_now = any(states(claim, value, moment) for value in thing.now.values())
    late = [k for k in moment.ran if k >= moment.wrote()[0]]  # the changes themselves, and what came after them
    told = [value for k in late for value in scalars(moment.call(k).result)]
    given = [value for k in moment.wrote() for value in scalars(moment.call(k).arguments)]
    before = [value for name in thing.changed for value in thing.was(name)]
    is_before = any(states(claim, value, moment) for value in before)
    around = moment.text[clause[0] : claim.span.start], moment.text[claim.span.end : clause[1]]
    if is_before and not is_now and not any(states(claim, value, moment) for value in [*told, *given]):
        if not (_PAST.search(moment.text, *clause) or _OUT.search(around[0])):
            yield f"{claim.span.text!r} was so of {thing.key!r}, and is no longer"
    elif is_now and not is_before and _BEFORE.search(moment.text, *clause):
        fresh = [name for name in thing.changed if states(claim, thing.now[name], moment)]
        same = [name for name in thing.now if name not in thing.changed and states(claim, thing.now[name], moment)]
        if fresh and not same and not _NOW.search(moment.text, *clause):
            yield f"{claim.span.text!r} is so of {thing.key!r} by now, and was not before"


_PAST = re.compile(
    r"\b(?:was|were|had|before|previously|used to|until now|so far|instead of|rather than|no longer|not|formerly|"
    r"originally|replac\w+|old|former|earlier|changed|moved|less|more|than|left|took|taken|off|away|exchanged)\b|n[\u2019']t\b"
)
_OUT = re.compile(
    r"\b(?:from|out of|off|leaves|left|no longer(?: to| in| at)?|instead of)(?: the)? [\"(\u20ac$\u00a3]*$"
)
_BEFORE = re.compile(r"\b(?:before(?=[.,;]|$)|previously|used to be|until now|so far|originally|formerly)\b")
_NOW = re.compile(r"\b(?:now|instead|rather|than|from|to)\b")

_NEEDLESS = re.compile(
    r"\b(?:nothing (?:was|had|needed|is|has) to be (?:done|changed)|(?:there was|I had) nothing to (?:do|change)|"
    r"no (?:change|action) was needed)\b",
    re.IGNORECASE,
)


def _needless(moment: Moment) -> Iterator[str]:
    """Yield that nothing was to be done, where something was."""
    match = _NEEDLESS.search(moment.text)
    if match and not re.search(r"\b(?:else|more|further)\b", moment.text):
        yield f"it says {match[0]!r}, and something was done"
