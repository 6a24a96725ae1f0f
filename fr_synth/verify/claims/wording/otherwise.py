"""A model's words held to what its situation says of the turn: it can't say the contrary of it.

A situation says in two or more wordings what is thought and told in each of its turns. A model has words of its own for
it; but where all of those say "the cheapest" or "not paid yet", it can't say "the dearest" or "refunded" instead.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.known.sources import norm, tokens
from fr_synth.verify.claims.wording.contraries import ANY, is_doubtful, said_in
from fr_synth.verify.claims.wording.enumerated import enumerated
from fr_synth.verify.claims.wording.lexicon import READS, STATES, acts_of, is_light, lemma
from fr_synth.verify.claims.wording.licensed import plain_acts_of
from fr_synth.verify.claims.wording.parity import turned
from fr_synth.verify.claims.wording.patterns import FAILED, WONT
from fr_synth.verify.claims.wording.spoken import spoken_of
from fr_synth.verify.claims.wording.states import outdated, strange_sorts, strange_states
from fr_synth.verify.claims.wording.statuses import ENUMERATED_LITTLE
from fr_synth.verify.claims.wording.unsupported import unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.wording.contraries import Said
    from fr_synth.verify.claims.wording.spoken import Spoken

__all__ = ["otherwise"]


def otherwise(moment: Moment) -> Iterator[str]:
    """Iterate over what a thought or a reply says where the situation says the contrary, and never that.

    What the user has just said may be taken up, whatever the situation says.
    """
    spoken = spoken_of(moment)
    if spoken is None:
        return
    heard = moment.sources.heard[-1] if moment.sources.heard else ""
    text = moment.worded
    twice = _DENIED_TWICE.search(text)
    if twice and not _DENIED_TWICE.search(spoken.text):
        yield f"it denies twice, {twice[0]!r}"
    for each in said_in(text, doubtful=False):
        fillers = spoken.said.get(each.slot)
        if (
            fillers
            and fillers.isdisjoint((each.filler, ANY))
            and each.words.lower() not in heard
            and not _denies_act(each)
        ):
            yield f"it says {each.words!r}, where the situation has {' or '.join(sorted(fillers))!r}"
    yield from _states(moment, spoken)
    yield from _ordinals(moment, spoken)
    yield from strange_states(moment, spoken)
    yield from strange_sorts(moment, spoken)
    yield from outdated(moment) if moment.who == "reply" else ()
    yield from unsupported(moment, spoken)
    yield from turned(moment) if moment.who == "reply" else ()
    if moment.who == "reply":
        yield from _acts(moment, spoken)
        yield from _completed(moment, spoken)
        yield from _strange_objects(moment, spoken)
        yield from _failures(moment, spoken)


_DENIED_TWICE = re.compile(
    r"\b(?:nothing|nobody|no one|none)(?: (?!who|that|which|what)[a-z]+){0,2}? (?:not|[a-z]+n[\u2019']t)\b",
    re.IGNORECASE,
)


def _states(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over a contract's words for how something stands, or of what sort it is, where there are others."""
    words = enumerated(moment.spec)
    for match in _WORD.finditer(moment.bare):
        word = match[0]
        fields = words.get(word)
        if not fields or len(word) < _SHORTEST or word in spoken.words or word in _LITTLE:
            continue
        if is_doubtful(moment.bare, match.start()):
            continue
        others = sorted(other for other in spoken.words if words.get(other, _NONE) & fields and other[:4] != word[:4])
        alone = any(_STANDING & set(tokens(field)) for field in fields)  # each of a list stands as it does
        if not others or (_is_told(moment, word, alone=alone) and not _stands_in(moment, word, others, match.start())):
            continue
        if not (alone and _is_named_so(moment, word, match.start())):
            yield f"it says {word!r}, where the situation has {' or '.join(others)!r}"


_LITTLE = ENUMERATED_LITTLE - {"active"}


def _stands_in(moment: Moment, word: str, others: Sequence[str], at: int) -> bool:
    """Return True if a word for a sort stands where another is meant: things of a list alone have it, none named here.

    Args:
        moment: The text.
        word: The word.
        others: Words for the same that the situation has.
        at: Where it stands.
    """
    telling = [other for other in others if other not in ENUMERATED_LITTLE]
    if not telling or any(other in moment.bare for other in telling) or _is_named_so(moment, word, at):
        return False
    if moment.sources.heard and re.search(rf"\b{word}\b", moment.sources.heard[-1]):
        return False
    rows = [row for row in moment.sources.rows if any(word in str(value).lower() for value in row.fields.values())]
    return bool(rows) and all(row.list and word in row.fields.values() for row in rows)


_STANDING = frozenset({"status", "state"})


def _is_named_so(moment: Moment, word: str, at: int) -> bool:
    """Return True if a clause names a thing that stands as a word says."""
    start, end = next(((a, b) for a, b in moment.clauses if a <= at < b), (0, len(moment.text)))
    own = [claim for claim in moment.claims if start <= claim.span.start < end and not claim.plain]
    rows = {place.row for claim in own for place in claim.places if place.row >= 0}
    return any(word in map(str, moment.sources.rows[number].fields.values()) for number in rows)


def _ordinals(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over which one of a row something is said to be, where the situation says that it is another."""
    others = sorted(spoken.words & _ORDINALS)
    for match in _WORD.finditer(moment.bare) if others else ():
        word = match[0].lower()
        if word in _ORDINALS and word not in others and not _is_told(moment, word):
            yield f"it says {word!r}, where the situation has {' or '.join(others)!r}"


_ORDINALS = frozenset({"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"})
_NONE: frozenset[str] = frozenset()
_SHORTEST = 4  # letters


def _acts(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over the acts that a reply tells, and that neither the situation nor the user nor a call speaks of."""
    known: frozenset[str] | None = None
    for match in _DONE.finditer(moment.bare):
        word = match[0].lower()
        base = lemma(word)
        acts = acts_of(base)
        if (
            base == word
            or base in READS
            or base in STATES
            or not acts
            or word in spoken.words
            or _is_said(moment, word)
        ):
            continue
        known = _known_acts(moment, spoken) if known is None else known
        plain = _WEIGHS.search(moment.bare, 0, match.start()) or _NOTHING.search(moment.bare, 0, match.start())
        if not acts & known and not plain:
            yield f"it says {match[0]!r}, of which nobody speaks"


def _completed(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over what a reply says has been done by now, and no change so far did, nor does the situation say so."""
    calls = moment.evidence.dialogue.calls
    for match in _HAS_BEEN.finditer(moment.bare):
        word = match["passive"] or match["own"]
        base = lemma(word)
        acts = acts_of(base)
        if base == word or base in STATES or not acts or moment.bare[match.end() :].lstrip().startswith("?"):
            continue
        writes = [call for k, call in enumerate(calls) if call.turn < moment.turn or k in moment.ran]
        writes = [call for call in writes if moment.spec.tools[call.name].effect == "write" and call.error is None]
        done = frozenset[str]().union(*(plain_acts_of(moment.spec.tools[call.name]) for call in writes))
        said = {acts_of(lemma(each)) for each in _BEEN.findall(spoken.text)}
        if not acts & done.union(*said) and not _is_said(moment, word):
            yield f"it says {match[0]!r}, and no change did that"


_HAS_BEEN = re.compile(
    r"\b(?:(?:has|have)(?: now| just| already| also)* been (?P<passive>[a-z]+)|"
    r"I(?:[\u2019']ve| have)(?: now| just| already| also)* (?P<own>[a-z]+))\b"
)
_BEEN = re.compile(r"\b(?:been|have|has|had|[\u2019']ve|was|were)(?: now| just| already| also)* ([a-z]+)")


_WEIGHS = re.compile(
    r"(?:\b(?:would|could|should|can|cannot|may|might|must|will|to|if|unless|whether)\b|[\u2019']ll\b)[^,;:.]*$",
    re.IGNORECASE,
)


def _is_said(moment: Moment, word: str) -> bool:
    """Return True if the user has said a word, or a result has it as such."""
    pattern = re.compile(rf"(?<![a-z]){word}(?![a-z])")
    values = (value for row in moment.sources.rows for value in row.fields.values() if isinstance(value, str))
    return any(pattern.search(text) for text in moment.sources.heard[1:]) or any(
        pattern.search(value.lower()) for value in values
    )


def _known_acts(moment: Moment, spoken: Spoken) -> frozenset[str]:
    """Return the classes of acts that the situation tells of as done in the turn, and those of the calls so far."""
    calls, sources = moment.evidence.dialogue.calls, moment.sources
    made = [call for k, call in enumerate(calls) if call.turn < moment.turn or k in moment.ran or k in moment.ahead]
    done = (plain_acts_of(moment.spec.tools[call.name]) for call in made)
    names = (name for k in sources.of_calls(moment.ran) for name, value in sources.rows[k].fields.items() if value)
    words = [*spoken.words, *(word for name in names for word in tokens(name))]
    told = (acts_of(lemma(word)) for word in words if lemma(word) != word and not is_light(lemma(word)))
    return frozenset().union(*done, *told)


_DONE = re.compile(r"(?<![\w'\u2019-])[A-Za-z]{2,}(?:ed|en|id|nt|de|ut|wn)\b(?!-)")
_NOTHING = re.compile(r"(?:\b(?:nothing|nobody|none|no|not|never|without)|n[\u2019']t)\b[^.;:]*$", re.IGNORECASE)


def _strange_objects(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over things to which something is said to be done, and of which nobody speaks ("reset the password")."""
    about = ""
    for match in _DONE_TO.finditer(moment.bare):
        noun = match["one"] or match["other"]
        about = about or _about(moment, spoken)
        if noun[: max(_STEM, len(noun) - 2)] not in about and not is_doubtful(moment.bare, match.start()):
            yield f"it says {match[0]!r}, and nobody speaks of {noun!r}"


_STEM = 5  # letters that tell a noun in all its forms
_DONE_TO = re.compile(
    r"\b(?:I|[Ww]e)(?:[\u2019']ve| have)?(?: also| just| already| now| then)* "
    r"(?:[a-z]+ed|put|set|sent|made|reset|wrote|paid) "
    r"(?:the|your|their|its|an?|another)(?: (?:new|old|other|whole|second|further))* (?P<one>[a-z]{4,})\b(?! [a-z]{4,})"
    r"|\b(?:[Tt]he|[Yy]our|[Aa]n?|[Aa]nother)(?: (?:new|old|other|whole|second|further))* (?P<other>[a-z]{4,}) "
    r"(?:has|have)(?: also| just| already| now)* been [a-z]+(?:ed|en|id|nt|de|ut)\b"
)


def _about(moment: Moment, spoken: Spoken) -> str:
    """Return the words of the turn's tools and results, of all that was said, and of the situation."""
    tools = [moment.spec.tools[moment.call(number).name] for number in moment.ran]
    found = [spoken.text, *moment.sources.heard[1:]]
    for tool in tools:
        found += (tool.name, tool.description, *tool.parameters, *tool.returns, *tool.response_templates)
    found += (str(moment.call(number).result) for number in moment.ran)
    return norm(" ".join(found))


def _failures(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Yield a failure or a refusal where nothing is done, nothing has failed, and the situation speaks of none."""
    turn = moment.evidence.dialogue.turns[moment.turn]
    if turn.kind not in _OPEN or moment.ran:
        return
    found = FAILED.search(moment.bare) or WONT.search(moment.bare)
    if found and not (FAILED.search(spoken.text) or WONT.search(spoken.text)):
        yield f"it says {found[0]!r}, and nothing was in the way"


_OPEN = frozenset({"ask", "choose", "confirm", "no_call"})  # kinds of turns in which nothing can't be done


def _denies_act(said: Said) -> bool:
    """Return True if something is said not to have been done, which other parts hold to what was ("wasn't ordered")."""
    return said.denied and bool(acts_of(lemma(said.slot.split(" ")[-1])))


def _is_told(moment: Moment, word: str, *, alone: bool = False) -> bool:
    """Return True if a result has a word, or the user has just said it.

    Args:
        moment: The text.
        word: The word.
        alone: Leave out what is told of the rows of a list, each of which may stand otherwise, and in earlier turns.
    """
    sources = moment.sources
    rows = [sources.rows[number] for number in sources.of_calls(moment.ran)] if alone else sources.rows
    rows = [row for row in rows if not (alone and row.list)]
    values = (value for row in rows for value in row.fields.values() if isinstance(value, str | list))
    if any(word in str(value).lower() for value in values):
        return True
    return bool(sources.heard) and re.search(rf"\b{word}\b", sources.heard[-1]) is not None


_WORD = re.compile(r"(?<![\w'\u2019-])[A-Za-z]+(?![\w-])")
