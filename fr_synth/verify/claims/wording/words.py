"""Claims without values: that something was done, failed, was refused, or is so; and what a text must not speak of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_synth.verify.claims.known.sources import norm, tokens
from fr_synth.verify.claims.parsing.wordsets import letters_in, word_set
from fr_synth.verify.claims.wording.beforehand import told_beforehand
from fr_synth.verify.claims.wording.lexicon import READS, STATES, acts_of, lemma
from fr_synth.verify.claims.wording.licensed import is_completed, licensed, stem, tool_acts_of
from fr_synth.verify.claims.wording.patterns import (
    CONTROL,
    FAILED,
    FIRST,
    FUTURE,
    GIVEAWAY,
    GUESS,
    HINTS,
    I_NOT,
    MARKUP,
    OFFER,
    OWN,
    PASSIVE,
    SEEK,
    TRAILING,
    WONT,
    WORKED,
)
from fr_synth.verify.claims.wording.spoken import spoken_of
from fr_synth.verify.claims.wording.unheard import described, unheard_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.verify.claims.known.moment import Moment

__all__ = ["words"]


def words(moment: Moment) -> Iterator[str]:
    """Iterate over what a text says without a value, and must not, or is not so."""
    yield from _unclean(moment)
    yield from told_beforehand(moment)
    bare = moment.bare
    if moment.who == "reasoning" and not letters_in(bare).isdisjoint(HINTS | _TELLING):
        yield from _giveaways(moment, bare)
    for start, end in moment.clauses:
        part = bare[start:end]
        question = moment.text[start:end].rstrip('"” )').endswith("?")
        if moment.who == "reply":
            yield from _acts(moment, part, question)
            if not question:
                yield from _outcomes(moment, part)
                yield from unheard_of(moment, part)
        elif not question and moment.who == "reasoning":
            yield from _outcomes(moment, part)


def _unclean(moment: Moment) -> Iterator[str]:
    control = CONTROL.search(moment.text)
    if control:
        yield f"there is a control character, U+{ord(control[0]):04X}"
    whole = moment.text.strip()
    half = len(whole) // 2
    if half > _SHORT_TEXT and whole[:half].strip() == whole[half:].strip():
        yield "it says everything twice"
    markup = MARKUP.search(moment.text)
    if markup and not moment.sources.holds(norm(markup[0])):
        yield f"there is markup, {markup[0]!r}"


_SHORT_TEXT = 12  # letters; "bye bye" may be said twice


_TELLING = frozenset({"tell", "inform"})
_HIDES = re.compile(r"\bI (?:won[\u2019']t|will not) (?:tell|inform) the (?:user|customer)\b", re.IGNORECASE)


def _giveaways(moment: Moment, bare: str) -> Iterator[str]:
    hides = _HIDES.search(bare)
    if hides:
        yield f"it hides something, {hides[0]!r}"
    found = GIVEAWAY.search(bare)
    if found and not _is_known(moment, found[0]):
        yield f"it speaks of {found[0]!r}"
    for guess in GUESS.finditer(bare):
        if guess["no"] is None and not _is_own(moment, guess[0]):
            yield f"it speaks of a guess, {guess[0]!r}"


def _is_own(moment: Moment, phrase: str) -> bool:
    """Return True if the situation has a word for what is thought in the turn ("an invented name")."""
    spoken = spoken_of(moment)
    own = () if spoken is None else GUESS.finditer(spoken.text)
    return any(each["no"] is None and each[0].lower() == phrase.lower() for each in own)


def _is_known(moment: Moment, phrase: str) -> bool:
    return any(norm(phrase) in heard for heard in moment.sources.heard)


# ------------------------------------------------------------------------------------------------ what was done


def _acts(moment: Moment, part: str, question: bool) -> Iterator[str]:
    reason = FAILED.search(part) is not None and bool(moment.failed())  # what follows tells why it was refused
    for pattern in (OWN, PASSIVE, FIRST, TRAILING) if not question and not reason else (OWN,):
        for match in pattern.finditer(part):
            yield from _act(moment, part, match, own=pattern is OWN)
    for match in I_NOT.finditer(part):
        if licensed(moment, match["verb"], moment.wrote()):
            yield f"it denies {match['verb']!r}, which was done"
    if not question:
        yield from _promises(moment, part)


_ANYTHING = frozenset({"do", "change", "make", "alter", "touch", "adjust", "update", "edit", "modify", "set"})
_NOTHING = re.compile(r"\bnothing (?:\w+ ){0,3}$", re.IGNORECASE)


def _is_no_act(match: re.Match[str], base: str, *, own: bool) -> bool:
    word = match["verb"].lower()
    if word.startswith("un") and not acts_of(base) and not own:
        return True  # "unfinished" tells how things are
    if (base == word and word not in _SAME_FORM) or word in _NO_PARTICIPLE or (own and base in _MINDS):
        return True
    return base in _FAILURES or (own and base == word and not match["have"] and word not in ("put", "set", "cut"))


def _act(moment: Moment, part: str, match: re.Match[str], *, own: bool) -> Iterator[str]:
    word = match["verb"]
    base = lemma(word)
    if _is_no_act(match, base, own=own):
        return
    more = match["more"]
    whole = f"{base}-{more}" if more and (acts_of(f"{base}-{more}") or f"{base}-{more}" == "check-in") else base
    if _WOULD.search(part[: match.start()] + match[0]):
        return
    if _NOTHING.search(part[: match.start("verb")]):
        wrote = [k for k in moment.wrote() if not moment.spec.tools[moment.call(k).name].implicit]
        if wrote and (not acts_of(whole) or base in _ANYTHING or licensed(moment, whole, wrote)):
            yield f"it says that nothing was {word}, and something was"
    elif _is_negated(match):
        if not own and acts_of(whole) and _is_denied(moment, part, match, whole):
            yield f"it denies {match['verb']!r}, which was done"
    elif not _is_so(moment, part, match, whole, own=own):
        yield f"it says {match[0].strip()!r}, and nothing did that"


def _is_so(moment: Moment, part: str, match: re.Match[str], verb: str, *, own: bool) -> bool:
    """Return True if what is said to be done was done: something that was completed, by a change."""
    if (own or not _is_dated(moment, part, match)) and not _is_true(moment, verb, own=own):
        spoken = None if own else spoken_of(moment)
        if spoken is None or "yes" not in spoken.said.get(f"is {match['verb']}", ()):
            return False  # nor is it what the situation says of how things are
    return not (_COMPLETED.match(match[0]) and acts_of(verb)) or is_completed(moment, verb, match["verb"])


_COMPLETED = re.compile(r"(?:has|have) (?:[a-z]+ )*been ")


def _is_negated(match: re.Match[str]) -> bool:
    parts = match.groupdict()
    return (
        parts.get("not") is not None or re.search(r"\b(?:not|never)\b|n[\u2019']t\b", parts.get("be") or "") is not None
    )


def _is_denied(moment: Moment, part: str, match: re.Match[str], verb: str) -> bool:
    """Return True if something that was done is said not to be so; "no longer" tells of an end."""
    ended = "no longer" in match[0] or " any more" in part
    if ended or moment.failed() or _is_open(moment, match["verb"].lower()):
        return False
    return licensed(moment, verb, moment.wrote())


def _is_open(moment: Moment, word: str) -> bool:
    """Return True if a result of the turn says itself that something is not so yet: ``{"paid": false}``."""
    return any(
        value is False and re.split(r"[_\W]+|(?<=[a-z])(?=[A-Z])", name)[-1].lower() == word
        for number in moment.wrote()
        for name, value in moment.call(number).result.items()
    )


def _is_dated(moment: Moment, part: str, match: re.Match[str]) -> bool:
    """Return True if a participle tells a day of something that was looked up: "was booked on 10 April"."""
    begins = not acts_of(lemma(match["verb"])) & _ENDING
    return begins and part.startswith(" on ", match.end()) and bool(_reads(moment))


_ENDING = frozenset({"cancel", "delete", "refund", "release", "close", "block", "freeze"})


_SAME_FORM = word_set("put set cut read run let split shut come reset")
_NO_PARTICIPLE = word_set(
    "need indeed speed feed seed red bed hundred left read run set come let cut put split had met been "
    "embed exceed proceed succeed agreed based unlimited limited required gone open needed supposed "
    "interested united related said concerned attached enclosed tired scared detailed advanced supervised "
    "unused involved located named called"
)
_FAILURES = frozenset(["refuse", "decline", "reject", "deny", "fail"])
_MINDS = word_set(
    "see know find think understand mean notice realise realize want need have be like hope wonder say decide forget"
)
_WOULD = re.compile(
    r"\b(?:would|could|should|might|may|can|cannot|can[\u2019']t|must|to be|to have been|if|"
    r"unless|once|until|before|when|whether|will|won[\u2019']t|[\u2019']ll|nobody|nothing|no "
    r"one|as long as|so long as)\b[^,;]*$"
)


def _is_true(moment: Moment, verb: str, *, own: bool) -> bool:
    """Return True if a thing that is said to be done was done, or is told by a result."""
    base = verb.partition("-")[0]
    if base == "note" and moment.wrote():
        return True
    if base in _CHECKS:
        return _checked_after(moment) or licensed(moment, verb, moment.worked())
    if base in READS and verb == base and moment.worked() and (own or not (acts_of(verb) - _LOOKS)):
        return True
    if licensed(moment, verb, moment.wrote() if acts_of(verb) else moment.worked()):
        return True
    if not own and _ALREADY.search(moment.text) and licensed(moment, verb, _before(moment)):
        return True
    if any(stem(tokens(moment.call(k).name)[0]) == stem(base) for k in moment.worked()):
        return True
    if not own and base in STATES:
        return True
    return _is_told(moment, verb, own=own)


_ALREADY = re.compile(r"\balready\b")


def _before(moment: Moment) -> list[int]:
    """Return the calls of earlier turns that changed something: of these a reply may say that it was done already."""
    calls = moment.evidence.dialogue.calls
    earlier = (k for k, call in enumerate(calls) if call.turn < moment.turn and call.error is None)
    return [k for k in earlier if moment.spec.tools[calls[k].name].effect == "write"]


_LOOKS = frozenset({"check-in", "sort", "create", "refund", "confirm"})
_CHECKS = frozenset({"double-check", "verify", "test", "validate", "re-check"})


def _checked_after(moment: Moment) -> bool:
    """Return True if something was looked up after the last change."""
    wrote, worked = moment.wrote(), moment.worked()
    return bool(worked) and (not wrote or worked[-1] > wrote[-1])


def _is_told(moment: Moment, verb: str, *, own: bool) -> bool:
    """Return True if a result's values, names of its true members or the user's words tell a participle."""
    if own:
        return False
    root = stem(verb.partition("-")[0])
    sources = moment.sources
    for number in sources.of_calls(moment.worked()):
        for name, value in sources.rows[number].fields.items():
            if (
                isinstance(value, str)
                and len(value.split()) < 3
                and any(stem(lemma(w)) == root for w in re.findall(r"[a-z]+", value.lower()) if not w.endswith("ing"))
            ):
                return True
            if value is not False and value is not None and any(stem(lemma(w)) == root for w in tokens(name)):
                return True
    told = " ".join(f"{moment.call(k).name} {described(moment, k)}" for k in _reads(moment))
    if any(
        word.startswith(root) for k in _reads(moment) for word in tokens(moment.call(k).name)[1:] if len(root) > _SHORT
    ):
        return True
    known = re.findall(r"[a-z]+", told.lower())
    if any(word.endswith("ed") and stem(lemma(word)) == root for word in known):
        return True
    return any(stem(lemma(word)) == root or (len(root) > 3 and word.startswith(root)) for word in known) and not (
        moment.wrote() and acts_of(verb)
    )


_LATER = frozenset({"alert", "schedule"})


def _done(moment: Moment) -> frozenset[str]:
    """Return the classes of acts of the turn's changes."""
    return frozenset().union(*(tool_acts_of(moment.spec.tools[moment.call(k).name]) for k in moment.wrote()))


def _reads(moment: Moment) -> list[int]:
    """Return the turn's look-ups whose results are told."""
    return [k for k in moment.told() if moment.spec.tools[moment.call(k).name].effect == "read"]


_SHORT = 3  # stems of so many letters say nothing


_CALLED = re.compile(r"\b[Yy]ou(?:[\u2019']ll| will) (?:be (?:called|phoned|contacted|e-?mailed|texted)|hear from)\b")


def _promises(moment: Moment, part: str) -> Iterator[str]:
    """Iterate over what the assistant says it will do, and has no means for."""
    called = _CALLED.search(part)
    if called and not OFFER.search(part):
        yield f"it promises {called[0]!r}"
    for match in FUTURE.finditer(part):
        if OFFER.search(part) or (match["verb"] in ("be", "need", "have") and not match["rest"]):
            continue
        verbs = [match["verb"], *match["rest"].split()]
        if not any(acts_of(verb) & _LATER & _done(moment) for verb in verbs):
            yield f"it promises {match[0]!r}"


# ---------------------------------------------------------------------------------------- success, failure, refusal


def _outcomes(moment: Moment, part: str) -> Iterator[str]:
    failed = FAILED.search(part)
    kind = moment.evidence.dialogue.turns[moment.turn].kind if moment.turn >= 0 else "act"
    if (
        failed
        and re.search(r"\b(?:be|gets?|are|is) $", part[: failed.start()])
        and failed[0] in ("refused", "declined", "rejected", "denied")
    ):
        failed = None
    if failed and not moment.failed() and kind == "act" and not _failure_told(moment, failed[0]):
        yield f"it says {failed[0]!r}, and nothing failed"
    if failed and moment.failed() and moment.who == "reply" and _negated(part, failed.start()):
        yield f"it denies {failed[0]!r}, which something was"
    wont = WONT.search(part)
    if moment.who == "reply":
        if wont and not moment.failed() and kind == "act" and not SEEK.search(part, wont.end(), wont.end() + 12):
            yield f"it says {wont[0]!r}, and nothing was in the way"
        worked = WORKED.search(part)
        if worked and not _negated(part, worked.start()) and not _went_well(moment):
            yield f"it says {worked[0]!r}, and nothing was done"


def _negated(part: str, at: int) -> bool:
    return (
        re.search(r"(?i)\b(?:not|n[\u2019']t|never|nothing|none|isn|wasn|be|to)\W+(?:\w+ ){0,2}$", part[:at])
        is not None
    )


def _went_well(moment: Moment) -> bool:
    """Return True if the turn's last call went through."""
    return bool(moment.ran) and moment.call(moment.ran[-1]).error is None


def _failure_told(moment: Moment, phrase: str) -> bool:
    """Return True if a failure is what a result tells, or was asked for (a payment called back did not go through)."""
    if moment.who == "reasoning":
        if any(call.error for call in moment.evidence.dialogue.calls[: (moment.ran or moment.ahead or (0,))[0] + 1]):
            return True
        if re.search(r"\b(?:if|would|could|might|may|can|unless|before|otherwise|in case|should)\b", moment.text):
            return True
    if "go through" in phrase and any(tokens(moment.call(k).name)[0] in _UNDOING for k in moment.wrote()):
        return True
    root = stem(lemma(phrase.split()[-1].lower()))
    sources = moment.sources
    if not phrase.isalpha() or phrase.lower() == "impossible":
        return False
    return any(
        isinstance(value, str) and any(stem(lemma(w)) == root for w in re.findall(r"[a-z]+", value.lower()[:200]))
        for number in sources.of_calls(moment.worked())
        for value in sources.rows[number].fields.values()
    ) or any(re.search(rf"\b{root}", heard) for heard in sources.heard[1:])


_UNDOING = frozenset(["cancel", "recall", "revoke", "withdraw", "undo", "reverse", "stop"])
