"""Statuses and other enumerated words: what a reply says that something is, held against the results it tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.known.sources import tokens
from fr_synth.verify.claims.parsing.wordsets import word_set
from fr_synth.verify.claims.wording.enumerated import enumerated
from fr_synth.verify.claims.wording.lexicon import lemma
from fr_synth.verify.claims.wording.licensed import licensed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_synth.verify.claims.known.moment import Moment

__all__ = ["ENUMERATED_LITTLE", "misstated"]

_CONDITION = re.compile(r"\b(?:as long as|unless|until|once|if|was refused)\b")
_IS = re.compile(
    r"\b(?P<be>is|are|was|were|stays?|remains?|status:?|isn[\u2019']t|aren[\u2019']t|"
    r"wasn[\u2019']t|[\u2019']s)(?P<not> not| no longer)?"
    r"(?: (?:now|again|still|already|also|currently|just|status|both|all|set to|marked|marked as|being))*"
    r" (?P<word>[a-z]+(?:[ _-][a-z]+)?)\b"
)


def misstated(moment: Moment) -> Iterator[str]:
    """Iterate over the enumerated words of a reply that nothing told there has, or that it denies and has."""
    words = enumerated(moment.spec)
    if not words or not moment.ran:
        return
    text = moment.bare
    own, plain = _told(moment), _told(moment, joined=False)
    for start, end in moment.clauses:
        part = text[start:end]
        if moment.text[start:end].rstrip().endswith("?") or re.search(
            r"\b(?:as long as|unless|until|once|if|was refused)\b", part
        ):
            continue
        stated: set[int] = set()
        for match, word in _statements(part, words):
            stated.add(match.start("word"))
            yield from _statement(moment, (start, end), match, word, (own, plain))
        yield from _sorts(part, own, moment)
        yield from _bracketed(part, moment)
        for found in re.finditer(r"[a-z]+(?:[_ -][a-z]+)?|[a-z]+", part):
            used = _as_enumerated(found[0], words)
            dated = part.startswith(" on ", found.start() + len(used or "")) and part[: found.start()].endswith("was ")
            if used is not None and not dated and found.start() not in stated and not _is_done(used, moment):
                yield from _used(used, words[used], own, moment)


def _statements(part: str, words: Mapping[str, frozenset[str]]) -> Iterator[tuple[re.Match[str], str]]:
    """Iterate over what is said to be so, with the enumerated word; "was booked on 10 April" tells a day instead."""
    for match in _IS.finditer(part):
        word = _as_enumerated(match["word"], words)
        dated = match["be"] in ("was", "were") and part.startswith(" on ", match.start("word") + len(word or ""))
        if word is not None and len(word) >= _SHORTEST and not dated:
            yield match, word


_SHORTEST = 4  # "in" and "out" are too common


def _statement(
    moment: Moment,
    clause: tuple[int, int],
    match: re.Match[str],
    word: str,
    told: tuple[Mapping[str, set[str]], Mapping[str, set[str]]],
) -> Iterator[str]:
    own, plain = told
    negated = match["not"] is not None or match["be"].endswith(("n't", "n\u2019t"))
    if not negated and _is_done(word, moment):
        return
    if match["be"].startswith("status") and not negated and word not in set().union(*own.values()):
        yield f"it says status {word!r}, which nothing has"
    fields = enumerated(moment.spec)[word]
    if not negated and any(word in plain.get(name, ()) for name in fields):
        meant: dict[str, set[str]] = {}  # a later result may have it where an earlier list has not
    else:
        meant = _meant(moment, clause)
    here = meant if fields & meant.keys() else (plain if negated or fields & plain.keys() else own)
    yield from _stated(word, fields, here, negated=negated)


def _is_done(word: str, moment: Moment) -> bool:
    """Return True if a word tells what the turn's calls do ("closed" of a closing), or names what they are for."""
    base = lemma(word)
    if base != word and licensed(moment, base, moment.worked()):
        return True
    return any(word in tokens(moment.call(k).name) for k in moment.ran)


def _as_enumerated(text: str, words: Mapping[str, frozenset[str]]) -> str | None:
    for each in (text, text.replace(" ", "_"), text.replace("-", "_"), re.split(r"[ _-]", text)[0]):
        if each in words:
            return each
    return None


def _told(moment: Moment, *, joined: bool = True) -> dict[str, set[str]]:
    """Return the text members of what the reply may speak of, by name."""
    sources = moment.sources
    rows: set[int] = set()
    for number in sources.of_calls(moment.told()):
        rows |= sources.scope(number) if joined else {number}
    found: dict[str, set[str]] = {}
    for number in rows:
        for name, value in sources.rows[number].fields.items():
            for item in value if isinstance(value, list) else (value,):
                if isinstance(item, str):
                    found.setdefault(name, set()).add(item)
    return found


def _meant(moment: Moment, clause: tuple[int, int]) -> dict[str, set[str]]:
    """Return the text members of the rows in a told list that have every value of a clause; none where none has."""
    sources = moment.sources
    claims = [c for c in moment.claims if clause[0] <= c.span.start < clause[1] and not c.plain]
    placed = [{place.row for place in c.places if place.row >= 0} for c in claims]
    placed = [rows for rows in placed if rows]
    told = {number for number in sources.of_calls(moment.told()) if sources.rows[number].list}
    found: dict[str, set[str]] = {}
    for number in told.intersection(*placed) if placed else ():
        for name, value in sources.rows[number].fields.items():
            if isinstance(value, str):
                found.setdefault(name, set()).add(value)
    return found


def _stated(word: str, fields: frozenset[str], own: Mapping[str, set[str]], *, negated: bool) -> Iterator[str]:
    have = [own[name] for name in fields if name in own]
    anywhere = any(word in values for values in own.values())
    if negated and any(word in values and len(values) < 3 for values in have):
        yield f"it denies {word!r}"
    elif not negated and have and not anywhere:
        yield f"it says {word!r}, where {' or '.join(sorted(set().union(*have)))!r} is so"


def _used(word: str, fields: frozenset[str], own: Mapping[str, set[str]], moment: Moment) -> Iterator[str]:
    """Yield a word such as "savings" where what is told is of another sort."""
    if word in ENUMERATED_LITTLE or len(word) < 4:
        return
    have = [own[name] for name in fields if name in own]
    if (
        have
        and not any(word in value.lower().split() for values in own.values() for value in values)
        and not _said(word, moment)
        and not _read(word, moment)
    ):
        yield f"it says {word!r}, where {' or '.join(sorted(set().union(*have)))!r} is so"


_ITEMS = re.compile(r"\(([^()]*,[^()]*)\)")


def _bracketed(part: str, moment: Moment) -> Iterator[str]:
    """Iterate over words in a bracket of several that no result tells: "Ada Kern (Oslo, pending)"."""
    for match in _ITEMS.finditer(part):
        for item in match[1].split(","):
            word = item.strip()
            if word.startswith("the ") and word[4:].replace(" ", "").isalpha() and word.islower():
                yield from _described(word, part, moment)
            known = word in moment.sources.texts or word.replace(" ", "_") in moment.sources.texts
            if re.fullmatch(r"[a-z]{4,}", word) and not known and not _said(word, moment) and not _read(word, moment):
                yield f"it says {word!r}, which nothing tells"


def _described(phrase: str, part: str, moment: Moment) -> Iterator[str]:
    """Yield "the economy district" where nothing tells it, and a bracket beside it has such words that are told."""
    texts = moment.sources.texts
    others = {item.strip() for match in _ITEMS.finditer(part) for item in match[1].split(",")} - {phrase}
    if _is_known(phrase, texts) or _said(phrase, moment):
        return
    if any(other.startswith("the ") and _is_known(other, texts) for other in others):
        yield f"it says {phrase!r}, which nothing tells"


def _is_known(phrase: str, texts: Mapping[str, object]) -> bool:
    return phrase in texts or phrase.removeprefix("the ") in texts


def _read(word: str, moment: Moment) -> bool:
    """Return True if some result of the turn has a word within a text of a few words."""
    sources = moment.sources
    return any(
        isinstance(value, str) and word in re.split(r"[\W_]+", value.lower())
        for number in sources.of_calls(moment.worked())
        for value in sources.rows[number].fields.values()
    )


_SORT = re.compile(r"\b[Tt]he (?P<sort>[a-z]+) (?P<noun>[a-z]+)\b")
_SORTS = frozenset(["type", "kind", "class", "sort"])
_ANY = word_set(
    "new old same first second last other next only latest whole entire current previous original lost "
    "right wrong stolen replacement free cheapest chosen bank day payment reported blocked frozen "
    "physical plastic own following"
)


def _sorts(part: str, own: Mapping[str, set[str]], moment: Moment) -> Iterator[str]:
    """Iterate over "the silver card" where the results have a ``card_type``, and none is silver."""
    for match in _SORT.finditer(part):
        names = [
            name
            for name in own
            if tokens(name)[0] == match["noun"] and len(tokens(name)) == 2 and tokens(name)[1] in _SORTS
        ]
        if not names or match["sort"] in _ANY or _said(match["sort"], moment):
            continue
        if re.search(r"\b(?:other|another|still)\b", part) and _read(match["sort"], moment):
            continue
        if not any(match["sort"] in value.lower() for name in names for value in own[name]):
            so = " or ".join(sorted(set().union(*(own[name] for name in names))))
            yield f"it says {match[0]!r}, where {so!r} is so"


def _said(word: str, moment: Moment) -> bool:
    return any(re.search(rf"\b{re.escape(word.replace('_', ' '))}\b", heard) for heard in moment.sources.heard[1:])


ENUMERATED_LITTLE = word_set(
    "other open move light free single double business above below family travel fees income rent active "
    "file link directory standard flight hotel first last name size time date price"
)
"""Enumerated words that are too common to tell how something stands."""
