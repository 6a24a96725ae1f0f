"""How a thing is said to stand, held to its own members as they are by now: "is not watered", "is still stored"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_synth.verify.claims.known.sources import tokens
from fr_synth.verify.claims.shown.again import shown_to
from fr_synth.verify.claims.wording.contraries import is_doubtful
from fr_synth.verify.claims.wording.lexicon import lemma
from fr_synth.verify.claims.wording.licensed import stem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import Json
    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.shown.again import Shown, Thing

__all__ = ["STANDING", "flag_of", "misjudged"]

STANDING = frozenset({"status", "state"})
"""Words in the names of members that tell how something stands."""


_PLAIN_STATES = frozenset({"waiting", "pending", "active", "inactive"})


class _Said(NamedTuple):
    """A word for how something stands: whether it is denied, said of the past, and said to last."""

    word: str
    denied: bool
    past: bool
    lasting: bool


_IS = re.compile(
    r"(?P<be>\b(?:is|are|was|were|(?:has|have|had) been|stays?|remains?|"
    r"(?:isn|aren|wasn|weren|hasn)[\u2019']t(?: been)?)|(?<=[\w])[\u2019']s)"
    r"(?P<how>(?: (?:not|never|no longer|now|still|already|yet|also|just|currently|indeed))*) (?P<word>[a-z]{3,})\b"
)
_LISTED = re.compile(r"[(,] ?(?P<how>not )?(?P<word>[a-z]{3,})(?=[,)])")


def misjudged(moment: Moment) -> Iterator[str]:
    """Iterate over what a reply says that a thing is, or is not, where its members say the contrary.

    Args:
        moment: A reply.
    """
    found = [*_IS.finditer(moment.bare), *_LISTED.finditer(moment.bare)]
    if not found or not moment.evidence.dialogue.calls:
        return
    shown = shown_to(moment)
    for match in found:
        start, end = next(((a, b) for a, b in moment.clauses if a <= match.start() < b), (0, len(moment.text)))
        if moment.text[start:end].rstrip().endswith("?") or is_doubtful(moment.bare[start:], match.start() - start):
            continue
        thing = _subject(moment, shown, (start, match.start()))
        if thing is None or not thing.now:
            continue
        problem = _problem(thing, _said(match), moment)
        if problem:
            yield f"it says {match[0].strip()!r} of {thing.key!r}, {problem}"


def _said(match: re.Match[str]) -> _Said:
    be, how = match.groupdict().get("be") or "", match["how"] or ""
    denied = re.search(r"n[\u2019']t\b", be) is not None or re.search(r"\b(?:not|never|no longer)\b", how) is not None
    return _Said(match["word"], denied, be in ("was", "were", "had been"), "still" in how)


def _subject(moment: Moment, shown: Shown, part: tuple[int, int]) -> Thing | None:
    """Return the thing that is named last in a part of a text, with nothing but words of its own behind it."""
    claims = [c for c in moment.claims if part[0] <= c.span.start and c.span.end <= part[1]]
    claims = [claim for claim in claims if not (claim.plain and shown.named(claim) is None)]
    things = [(claim, thing) for claim in claims if (thing := shown.named(claim)) is not None]
    if not things or (len({thing.key for _, thing in things}) > 1 and not _CUT.search(moment.bare, *part)):
        return None
    claim, thing = things[-1]
    return None if _CUT.search(moment.bare, claim.span.end, part[1]) and claim is not claims[-1] else thing


_CUT = re.compile(r"[;)]|, |\band\b")


def flag_of(thing: Thing, word: str) -> str | None:
    """Return the member of a thing that says yes or no to a word, None where there is none."""
    root = lemma(word)
    for name, value in thing.now.items():
        if isinstance(value, bool) and lemma(tokens(name)[-1]) == root:
            return name
    return None


def _problem(thing: Thing, said: _Said, moment: Moment) -> str:
    """Return what is wrong with what is said of a thing; empty where nothing is known to be."""
    flag = flag_of(thing, said.word)
    if flag is not None:
        values = [thing.now[flag], *thing.was(flag)] if said.past else [thing.now[flag]]
        return "" if (not said.denied) in values else f"and {flag!r} is {str(thing.now[flag]).lower()}"
    standing = [name for name in thing.now if tokens(name)[-1] in STANDING and isinstance(thing.now[name], str)]
    if standing and not said.past:
        return _on_standing(thing, said, standing, moment)
    if _is_of_another(moment, thing, said):
        return "and that was done with another one"
    if said.lasting and not said.denied and thing.changed and not _has(thing.now.values(), said.word):
        return "and nothing shows that it still is"
    return ""


def _on_standing(thing: Thing, said: _Said, standing: list[str], moment: Moment) -> str:
    values = [str(thing.now[name]).replace("_", " ") for name in standing]
    if not _has(values, said.word) and _is_of_another(moment, thing, said):
        return "and that was done with another one"
    if _is_of_another_sort(moment, thing, said.word):
        return ""
    known = said.word in _PLAIN_STATES or _has(_standings(moment, standing), said.word)
    so = _has(values, said.word) or _is_done(thing, said.word, moment) or _has(thing.now.values(), said.word)
    if known and so == said.denied:
        return f"and it is {' or '.join(values)}"
    return ""


def _standings(moment: Moment, names: list[str]) -> list[Json]:
    """Return what the members that tell how something stands have been so far, in any result."""
    return [row.fields[name] for row in moment.sources.rows for name in names if name in row.fields]


def _is_of_another_sort(moment: Moment, mine: Thing, word: str) -> bool:
    """Return True if a thing of another sort stands as a word tells; a clause may mean that one."""
    return any(
        tokens(name)[-1] in STANDING and _has([value], word)
        for thing in shown_to(moment).things
        if thing.kind != mine.kind
        for name, value in thing.now.items()
    )


def _is_done(thing: Thing, word: str, moment: Moment) -> bool:
    """Return True if a change of the turn with a thing does what a word tells."""
    root = stem(lemma(word))
    return any(stem(tokens(moment.call(k).name)[0]) == root for k in thing.writes)


def _is_of_another(moment: Moment, mine: Thing, said: _Said) -> bool:
    """Return True if what a word tells was done in the turn with others of its sort, and not with a thing."""
    if said.denied or said.past or mine.writes:
        return False
    root = stem(lemma(said.word))
    made = [thing for thing in shown_to(moment).things if thing.writes and thing.kind == mine.kind]
    return any(stem(tokens(moment.call(k).name)[0]) == root for thing in made for k in thing.writes)


def _has(values: object, word: str) -> bool:
    return any(word in str(value).lower().replace("_", " ").split() for value in values)  # type: ignore[attr-defined]
