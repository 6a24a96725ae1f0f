"""Sentences that nothing bears out: words turned round, things out of the blue, and what all or none of a list is."""

from __future__ import annotations

import functools
import re
from collections import Counter
from typing import TYPE_CHECKING

from fr_envs.situation.loading import every_turn, load_situations
from fr_synth.verify.claims.figures.reference.refilled import plainly
from fr_synth.verify.claims.known.sources import norm
from fr_synth.verify.claims.parsing.numbers import WORDS
from fr_synth.verify.claims.wording.in_place import opposites_in_place
from fr_synth.verify.claims.wording.lexicon import lemma
from fr_synth.verify.situated.turns import plain_text, told_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.wording.spoken import Spoken

__all__ = ["unsupported"]


def unsupported(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over what a text says that neither the situation nor the user nor any result speaks of.

    Args:
        moment: A model's text.
        spoken: The situation's words for the turn.
    """
    yield from _all_alike(moment)
    yield from opposites_in_place(moment, spoken)
    if not _goes_wrong(moment):  # of which a situation has no words
        yield from _turned_round(moment, spoken)
    yield from _on_no_word(moment, spoken)
    if moment.who == "reply" or not _goes_wrong(moment):  # what is thought of it is in no words of the situation's
        yield from _out_of_the_blue(moment, spoken)
    yield from _singled_out(moment, spoken)


def _goes_wrong(moment: Moment) -> bool:
    """Return True if a call of the turn fails or is a slip, or the turn before has not come to its goal."""
    calls = [moment.call(k) for k in {*moment.ran, *moment.ahead}]
    before = moment.evidence.dialogue.turns[max(moment.turn - 1, 0)]
    return bool(before.goal.unmet) or any(call.error is not None or call.purpose == "slip" for call in calls)


# ------------------------------------------------------------------------------------------------ turned round

_POLES = (
    ("still", "no longer"),
    ("already", "not yet"),
    ("never", "always"),
    ("nobody", "everybody"),
    ("nothing", "everything"),
    ("none", "all"),
    ("neither", "both"),
    ("before", "after"),
    ("enough", "too little"),
    ("least", "most"),
    ("_ less", "_ more"),
    ("with", "without"),
)
_OPPOSITES = {one: other for pair in _POLES for one, other in (pair, pair[::-1])}
_ALL_SET = {"all": r"(?<!at )(?<!after )(?<!that is )(?<!that[\u2019']s )all(?! (?:set|done|right|good|I|we)\b)"}
_POLE = {
    word: re.compile(rf"(?<![\w'\u2019-]){_ALL_SET.get(word, word)}(?![\w'\u2019-])", re.IGNORECASE)
    for word in _OPPOSITES
}
_MODAL = re.compile(
    r"\b(?P<verb>can|could|need|needs|has to|have to|must)(?P<not>n?[\u2019']t|not| not)? "
    r"(?:(?:also|now|still|only|then|just|be|have|to|it) )*(?P<word>[a-z]+)",
    re.IGNORECASE,
)
_ANYTHING = frozenset({"do", "help"})  # "is there anything else that I can do?"
_NEEDLESS = re.compile(r"\b(?:doesn|don)[\u2019']t (?:need|have) (?:to )?(?P<word>[a-z]+)", re.IGNORECASE)


def _turned_round(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over words of which the situation has the opposite alone, and nobody the word itself."""
    heard = moment.sources.heard[-1] if moment.sources.heard else ""
    text = re.sub("_+", "_", moment.worded)
    plain = re.sub(r"_ [A-Z]{3}\b", "_", text)
    for word, other in _OPPOSITES.items():
        here, there = _POLE[word], _POLE[other]
        if here.search(plain) and there.search(spoken.text) and not here.search(f"{spoken.text} {heard}"):
            yield f"it says {word!r}, where the situation has {other!r}"
    said, theirs = _possible(text), _possible(spoken.text)
    for word, way in sorted(said - theirs):
        if (word, not way) in theirs:
            yield f"it says that {word!r} {'can' if way else 'can not'} be, where the situation has the contrary"


def _possible(text: str) -> frozenset[tuple[str, bool]]:
    """Return the verbs of which a text says that they can, or need, be done; False with those that it says can't."""
    verbs = (match for match in _MODAL.finditer(text) if match["word"].lower() not in _ANYTHING)
    found = {(match["word"].lower(), match["not"] is None) for match in verbs}
    return frozenset(found | {(match["word"].lower(), False) for match in _NEEDLESS.finditer(text)})


# -------------------------------------------------------------------------------------------- out of the blue

_SENTENCE = re.compile(r"[^.!?;]+[.!?;]?")
_WORD = re.compile(r"(?<![\w'\u2019-])(?:[A-Za-z][a-z]+(?:-[a-z]+)?|[A-Z]{3,6})(?![\w-])")
_CAPITALS = re.compile(r"\b[A-Z]{3,6}\b")
_OFTEN = 14  # situations in whose words a word stands from which on it tells nothing by itself
_KIND = re.compile(
    r"\b(?:glad|welcome|happy|sorry|thanks?|luck|pleasure|sure|course|hope|enjoy|anything|need|help|wish|please|"
    r"let me|would you|shall|do you|if you)\b",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\b(?:[Yy]ou|[Tt]hey|[Yy]our [a-z]+|[Ee]verybody|[Ss]omebody)(?:[\u2019']ve| have| has| had)?"
    r"(?: already| also| just)?(?: been)? (?P<verb>[a-z]+(?:ed|en)|told|gave|said|knew|know|heard)\b"
    r"|\b(?:[Tt]hey|[Tt]he [a-z]+|[Aa] [a-z]+|[Yy]ou) will (?P<will>[a-z]+)\b"
)


_CLAIMED = re.compile(
    r"\b(?:(?:by|under|against) the rules?|the rules? [a-z]+|(?:has|have|had) (?:the|a) right to|forbids?|forbidden|"
    r"entitled|by law|the law|the policy|I(?:[\u2019']ve| have)?(?: also| just)? (?:told|let|asked|called|rang|made) "
    r"(?:the|your|them|everybody|his|her|a second|another)|(?:it|that) is because|the reason is|due to|"
    r"(?:it|that) comes from an?|"
    r"you (?:agreed|gave your|confirmed by|allowed|promised)|ha(?:s|ve) agreed|"
    r"(?:they|everybody|(?:the|your) [a-z]+(?: there)?) (?:(?:has|have) been (?:told|informed|notified|warned)|"
    r"knows? (?:of|about))|(?:an?|the) (?:letter|e-?mail|message|notice|receipt|confirmation) will|"
    r"(?:checked|cleared|arranged|settled|agreed|discussed|spoken|spoke|talked)(?: [a-z]+){0,2} with (?:the|your)|"
    r"(?:sent|written|left) (?:you|them|him|her) an?|"
    r"an? (?:small |extra |further )?(?:fee|penalty|deposit|surcharge)|"
    r"within (?:an?|the|_+|\d+|two|three) (?:hours?|days?|weeks?|months?)|"
    r"(?:at|in|from) the (?:airport|counter|desk|gate|branch|office|terminal|reception|shop))\b",
    re.IGNORECASE,
)
"""What rests on somebody's word: a rule, a reason, a consent, something told to others."""


def _on_no_word(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over rules, reasons and consents, and what others are said to have been told, of which nobody speaks."""
    theirs = f"{spoken.text.lower()} {moment.sources.heard[-1] if moment.sources.heard else ''}"
    known = [claim.span for claim in moment.claims if claim.places and not claim.plain]
    for claimed in _CLAIMED.finditer(moment.text):
        within = any(span.start < claimed.end() and claimed.start() < span.end for span in known)
        if not within and norm(claimed[0]) not in theirs and not moment.sources.holds(norm(claimed[0])):
            yield f"it says {claimed[0]!r}, which rests on nothing"


def _out_of_the_blue(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over sentences without a value of which no word is the situation's, the user's or a result's."""
    known: frozenset[str] | None = None
    for match in _SENTENCE.finditer(moment.worded):
        part = match[0]
        if part.rstrip().endswith("?") or _KIND.search(part) or not part.strip(" .!?;\n"):
            continue
        if known is None:
            known = _known_stems(moment, spoken)
        words = [word.lower() for word in _WORD.findall(part)]
        telling = [word for word in words if word not in _common() and word not in _LITTLE]
        novel = [word for word in telling if _stem(word) not in known]
        capitals = any(word.lower() in novel for word in _CAPITALS.findall(part))
        if "_" not in part and (len(novel) * 2 > len(telling) or len(novel) > 1 or capitals):
            yield f"it says {part.strip()!r}, and nobody speaks of {novel[0]!r}"
            continue
        for of in _OF_OTHERS.finditer(part):
            verb = of["verb"] or of["will"]
            if verb not in spoken.words and _stem(lemma(verb)) not in known:
                yield f"it says {of[0]!r}, of which nothing is known"


def _stem(word: str) -> str:
    word = lemma(word)
    for ending in ("ing", "ies", "es", "s", "ly", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) > _SHORT:
            return word.removesuffix(ending)[:6]
    return word[:6]


_SHORT = 2
_LITTLE = frozenset({*WORDS, "cannot"})


def _known_stems(moment: Moment, spoken: Spoken) -> frozenset[str]:
    """Return the beginnings of the words that the situation, the user, the results and the tools of the turn have."""
    sources = moment.sources
    calls = [moment.call(k) for k in {*moment.ran, *moment.ahead}]
    tools = [moment.spec.tools[call.name] for call in calls]
    texts = [*sources.heard[1:], *(f"{tool.name} {tool.description}" for tool in tools)]
    texts += [" ".join((*tool.parameters, *tool.returns, *tool.response_templates)) for tool in tools]
    texts += [f"{name} {value}" for row in sources.rows for name, value in row.fields.items()]
    words = {word for text in texts for word in re.findall(r"[a-z]{2,}", text.replace("_", " ").lower())}
    words.update(word.lower() for word in _WORD.findall(spoken.text))
    return frozenset(_stem(word) for word in words | spoken.words)


@functools.cache
def _common() -> frozenset[str]:
    """Return the words that assistants have for many things, and so tell nothing by themselves."""
    often: Counter[str] = Counter()
    for situation in load_situations():
        wordings = told_in(every_turn(situation))
        often.update({word.lower() for each in wordings for word in _WORD.findall(plain_text(each))})
    return frozenset(word for word, count in often.items() if count >= _OFTEN)


# ------------------------------------------------------------------------------------------------- all and only

_ONLY = re.compile(
    r"\b(?P<one>the only [a-z]+|no others?(?: [a-z]+)?)|\bthere (?:is|are) no [a-z]+|"
    r"\b(?:(?:nothing|nobody) else|just the one)\b",
    re.IGNORECASE,
)
_EVERY = re.compile(
    r"\b(?:all|every one) (?:of (?:them|these|those)|two|three|four|five|six|seven|eight)\b", re.IGNORECASE
)
_SINGLE = re.compile(r"\b(?:only one|just one|the only)\b")
_ALL = re.compile(
    r"\b(?P<all>all of (?:them|these|those)|they all|none of (?:them|these|those)) (?:are|is) (?P<word>[a-z]+)\b",
    re.IGNORECASE,
)


def _singled_out(moment: Moment, spoken: Spoken) -> Iterator[str]:
    """Iterate over what is said to be the only one of its sort, where neither the situation nor a result has it so."""
    theirs = plainly(f"{spoken.text.lower()} {moment.sources.heard[-1] if moment.sources.heard else ''}")
    for match in _EVERY.finditer(moment.worded):
        if not re.search(r"\b(?:all|every|each|any|both)\b", theirs):
            yield f"it says {match[0]!r}, which nothing tells"
    for match in _ONLY.finditer(plainly(moment.worded)):
        if match[0].lower().startswith("there") and moment.who != "reply":
            continue
        alone = match["one"] and not match[0].endswith(" would") and (_SINGLE.search(theirs) or _is_alone(moment))
        if not alone and not re.search(rf"\b{match[0].lower()}\b", theirs):
            yield f"it says {match[0]!r}, which nothing tells"


def _is_alone(moment: Moment) -> bool:
    """Return True if a list that the turn has looked up, as the user asked, has one item."""
    reads = [k for k in moment.told() if moment.spec.tools[moment.call(k).name].effect == "read"]
    results = [moment.call(number).result for number in reads]
    return any(isinstance(value, list) and len(value) == 1 for result in results for value in result.values())


def _all_alike(moment: Moment) -> Iterator[str]:
    """Iterate over what all of a list are said to be, and some are not; or none of it, and some are."""
    rows = moment.sources.rows
    for match in _ALL.finditer(moment.bare):
        word, every = match["word"], match["all"][:4].lower() != "none"
        columns: dict[tuple[int, str], list[bool]] = {}
        for row in rows:
            for name, value in row.fields.items() if row.list else ():
                if isinstance(value, str):
                    columns.setdefault((row.parent, name), []).append(value.replace("_", " ").startswith(word))
        told = [each for each in columns.values() if any(each)]
        if told and (not any(all(each) for each in told) if every else True):
            yield f"it says {match[0]!r}, which does not hold"
