"""What is said of all, of none, or of one thing alone, counted over what the look-ups show by now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.known.sources import norm, tokens
from fr_synth.verify.claims.shown.again import shown_to
from fr_synth.verify.claims.wording.contraries import is_doubtful
from fr_synth.verify.claims.wording.lexicon import lemma
from fr_synth.verify.claims.wording.licensed import stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import JsonObject
    from fr_synth.verify.claims.known.moment import Moment

__all__ = ["miscounted"]

_OF_ALL = re.compile(
    r"(?<![Nn]ot )(?<!but )(?<!nearly )(?<!almost )\b(?P<all>[Aa]ll(?: of (?:them|these|those)|"
    r" (?:the )?[a-z]+)?|[Ee]very (?:one|single one|[a-z]+)|[Ee]ach(?: of them| [a-z]+)?|"
    r"[Ee]very(?:body|one|thing)|[Nn]one(?: of (?:them|these|those|the [a-z]+))?|[Nn]obody|[Nn]o one|They all) "
    r"(?:is|are|has been|have been|was|were)(?P<not> not)?(?: (?:now|still|already|also))* (?P<word>[a-z]{3,})\b"
)
_ONLY = re.compile(
    r"\b[Oo]nly (?=[A-Z_])(?P<who>[^.;:]*?) (?:is|are|has been|have been|was|were) (?P<word>[a-z]{3,})\b"
)
_NO = re.compile(r"\b[Nn]o (?P<what>[a-z]+(?: [a-z]+){0,2})\b")


def miscounted(moment: Moment) -> Iterator[str]:
    """Iterate over what a reply says of all, of none or of one alone, and that is otherwise.

    Args:
        moment: A reply.
    """
    if not moment.evidence.dialogue.calls or moment.text.rstrip().endswith("?"):
        return
    bare = moment.bare
    for match in _OF_ALL.finditer(bare):
        if not is_doubtful(bare, match.start()):
            yield from _of_all(moment, match)
    for match in _ONLY.finditer(bare):
        yield from _of_some(moment, match)
    for match in _NO.finditer(bare):
        yield from _of_none(moment, match)


def _rows(moment: Moment, word: str) -> list[tuple[JsonObject, bool]]:
    """Return the things of the last list that says yes or no to a word, each with what it says."""
    for _, _, rows in reversed(shown_to(moment).lists):
        judged = [(row, so) for row in rows if (so := _is_so(row, word)) is not None]
        if len(judged) == len(rows) and (any(so for _, so in judged) or _has_flag(rows, word)):
            return judged
    return []


def _has_flag(rows: Sequence[JsonObject], word: str) -> bool:
    return any(isinstance(value, bool) and _tells(name, word) for row in rows for name, value in row.items())


def _tells(name: str, word: str) -> bool:
    return lemma(tokens(name)[-1]) == lemma(word)


def _is_so(row: JsonObject, word: str) -> bool | None:
    for name, value in row.items():
        if isinstance(value, bool) and _tells(name, word):
            return value
    texts = [value for value in row.values() if isinstance(value, str) and value.islower()]
    return any(word in text.replace("_", " ").split() for text in texts) if texts else None


def _of_all(moment: Moment, match: re.Match[str]) -> Iterator[str]:
    none = match["all"].lower().startswith(("no", "none"))
    wanted = (match["not"] is None) != none
    judged = _rows(moment, match["word"])
    if judged:
        if any(so != wanted for _, so in judged):
            yield f"it says {match[0]!r}, which does not hold"
    elif not none and match["not"] is None and _is_of_one(moment, match["word"]):
        yield f"it says {match[0]!r}, and it was done with some alone"


def _is_of_one(moment: Moment, word: str) -> bool:
    """Return True if what a word tells was done with a thing of a list, and not with each of it."""
    root = stem(lemma(word))
    done = [k for k in moment.wrote() if root in {stem(each) for each in tokens(moment.call(k).name)}]
    made = {str(value) for k in done for value in moment.call(k).arguments.values()}
    for _, _, rows in shown_to(moment).lists:
        keys = [str(next(iter(row.values()), "")) for row in rows]
        if made & set(keys) and not set(keys) <= made:
            return True
    return False


def _of_some(moment: Moment, match: re.Match[str]) -> Iterator[str]:
    """Yield what is said to be so of some alone, where others of their list are so, too."""
    judged = _rows(moment, match["word"])
    start, end = match.span("who")
    named = {norm(c.span.text) for c in moment.claims if start <= c.span.start < end and not c.plain}
    others = [row for row, so in judged if so and not named & {norm(str(value)) for value in row.values()}]
    if named and others:
        yield f"it says {moment.text[match.start() : match.end()]!r}, and others are so, too"


def _of_none(moment: Moment, match: re.Match[str]) -> Iterator[str]:
    """Yield what is said not to be there, and of which a result of the turn tells how much or how many there are."""
    words = match["what"].split()
    for number in moment.told():
        call = moment.call(number)
        for name, value in call.result.items():
            own = tokens(name)
            count = len(value) if isinstance(value, list) else value
            if isinstance(count, bool) or not isinstance(count, int | float) or not count:
                continue
            if isinstance(value, list) and name == "result":
                own = tokens(call.name)[-1:]
            if [_one(word) for word in words[: len(own)]] == [_one(word) for word in own]:
                yield f"it says 'no {' '.join(words[: len(own)])}', and a result tells of some"
                return


def _one(word: str) -> str:
    return word.removesuffix("s")
