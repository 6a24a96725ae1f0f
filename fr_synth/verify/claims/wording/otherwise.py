"""A model's words held to what its situation says of the turn: it can't say the contrary of it.

A situation says in two or more wordings what is thought and told in each of its turns. A model has words of its own for
it; but where all of those say "the cheapest" or "not paid yet", it can't say "the dearest" or "refunded" instead.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.known.sources import norm
from fr_synth.verify.claims.wording.contraries import ANY, is_doubtful, said_in
from fr_synth.verify.claims.wording.enumerated import enumerated
from fr_synth.verify.claims.wording.lexicon import READS, STATES, acts_of, lemma
from fr_synth.verify.claims.wording.licensed import tool_acts_of
from fr_synth.verify.claims.wording.patterns import FAILED, WONT
from fr_synth.verify.claims.wording.spoken import spoken_of
from fr_synth.verify.claims.wording.states import strange_states
from fr_synth.verify.claims.wording.statuses import ENUMERATED_LITTLE

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    text = _without_values(moment)
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
    if moment.who == "reply":
        yield from _acts(moment, spoken)
        yield from _strange_objects(moment, spoken)
        yield from _failures(moment, spoken)


_DENIED_TWICE = re.compile(
    r"\b(?:nothing|nobody|no one|none)(?: (?!who|that|which|what)[a-z]+){0,2}? (?:not|[a-z]+n[\u2019']t)\b",
    re.IGNORECASE,
)


def _without_values(moment: Moment) -> str:
    """Return the text with a line of ``_`` in place of each value but for plain words such as "two" and "neither"."""
    text = moment.text
    for claim in moment.claims:
        span = claim.span
        if not claim.plain and not (span.text.isalpha() and isinstance(span.value, float)):
            text = f"{text[: span.start]}{'_' * (span.end - span.start)}{text[span.end :]}"
    return text


def _states(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over a contract's words for how something stands, or of what sort it is, where there are others."""
    words = enumerated(moment.spec)
    for match in _WORD.finditer(moment.bare):
        word = match[0]
        fields = words.get(word)
        if not fields or len(word) < _SHORTEST or word in spoken.words or word in ENUMERATED_LITTLE:
            continue
        if is_doubtful(moment.bare, match.start()):
            continue
        others = sorted(other for other in spoken.words if words.get(other, _NONE) & fields and other[:4] != word[:4])
        so = any(f"is {other}" in spoken.said for other in others) and _SO.search(moment.bare, 0, match.start())
        if others and not _is_told(moment, word, alone=bool(so)):
            yield f"it says {word!r}, where the situation has {' or '.join(others)!r}"


def _ordinals(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over which one of a row something is said to be, where the situation says that it is another."""
    others = sorted(spoken.words & _ORDINALS)
    for match in _WORD.finditer(moment.bare) if others else ():
        word = match[0].lower()
        if word in _ORDINALS and word not in others and not _is_told(moment, word):
            yield f"it says {word!r}, where the situation has {' or '.join(others)!r}"


_ORDINALS = frozenset({"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"})
_SO = re.compile(r"\b(?:is|are|was|were|stays?|remains?)(?: now| still| also| both| already)? $")
_NONE: frozenset[str] = frozenset()
_SHORTEST = 4  # letters


def _acts(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over the acts that a reply tells, and that neither the situation nor the user nor a result speaks of."""
    known = _known_acts(moment, spoken)
    for match in _DONE.finditer(moment.bare):
        base = lemma(match[0].lower())
        acts = acts_of(base)
        plain = base == match[0].lower() or base in READS or base in STATES or not acts
        if plain or acts & known or _is_told(moment, match[0].lower()) or _is_told(moment, base):
            continue
        if not _NOTHING.search(moment.bare, 0, match.start()) and not is_doubtful(moment.bare, match.start()):
            yield f"it says {match[0]!r}, of which nobody speaks"


def _known_acts(moment: Moment, spoken: Spoken) -> frozenset[str]:
    """Return the classes of acts that the situation tells of as done in the turn, and those of the calls so far."""
    calls = moment.evidence.dialogue.calls
    made = [call for k, call in enumerate(calls) if call.turn < moment.turn or k in moment.ran or k in moment.ahead]
    done = (tool_acts_of(moment.spec.tools[call.name]) for call in made)
    told = (acts_of(lemma(word)) for word in spoken.words if lemma(word) != word)
    return frozenset().union(*done, *told)


_DONE = re.compile(r"(?<![\w'\u2019-])[A-Za-z]{2,}(?:ed|en|id|nt|de|ut)\b(?!-)")
_NOTHING = re.compile(r"\b(?:nothing|nobody|none|no|not|never|without|n[\u2019']t)\b[^.;:]*$", re.IGNORECASE)


def _strange_objects(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over things to which something is said to be done, and of which nobody speaks ("reset the password")."""
    about = ""
    for match in _DONE_TO.finditer(moment.bare):
        noun = match["one"] or match["other"]
        about = about or _about(moment, spoken)
        if noun[:_STEM] not in about and not is_doubtful(moment.bare, match.start()):
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
