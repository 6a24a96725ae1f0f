"""A model's figures and names held to those that its situation tells in the turn, each in its own place.

Where all places of the situation's wordings are known, a text that tells something else has to say what it is: an
amount by the name of its member ("the balance is …"), another thing beside the one in hand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.json_values import scalars
from fr_synth.verify.claims.figures.counts import is_count
from fr_synth.verify.claims.figures.derive import equations
from fr_synth.verify.claims.known.sources import norm, tokens
from fr_synth.verify.claims.parsing.dates import Clock, Day, iso_day, iso_time
from fr_synth.verify.claims.parsing.numbers import CURRENCIES, UNITS
from fr_synth.verify.claims.parsing.spans import parse
from fr_synth.verify.claims.wording.enumerated import enumerated
from fr_synth.verify.claims.wording.lexicon import CUES
from fr_synth.verify.claims.wording.spoken import spoken_of
from fr_synth.verify.situated.meaning.scope import scope_of, words_beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import Json
    from fr_synth.trace.records import CallRecord
    from fr_synth.verify.claims.known.moment import Moment
    from fr_synth.verify.claims.known.reading import Claim
    from fr_synth.verify.claims.wording.spoken import Spoken
    from fr_synth.verify.situated.meaning.scope import Slot

__all__ = ["is_explained", "is_like", "said_just_now", "states", "tells", "told_otherwise"]


def told_otherwise(moment: Moment) -> Iterator[str]:
    """Iterate over values of a text that the situation does not tell there, or tells of something else."""
    scope, wordings = scope_of(moment.evidence, moment.turn), spoken_of(moment)
    if scope is None or wordings is None:
        return
    wrong = any(_went_wrong(moment.call(number)) for number in moment.ran)
    spoken, bare = said_just_now(moment), moment.bare
    yield from _sorted_otherwise(moment, scope.slots, wordings)
    sums = [(each.start, each.end) for each in equations(moment.text) if each.holds]
    for claim in moment.claims:
        if _stands_in(wordings.text, claim) or any(a <= claim.span.start < b for a, b in sums):
            continue
        if claim.plain and not _is_name(claim):
            yield from _of_no_such_sort(moment, claim, scope.slots, spoken)
            continue
        own = [slot for slot in scope.slots if tells(slot, claim, moment)]
        yield from _in_place_of(moment, claim, own, scope.slots, bare)
        if claim.plain:
            continue
        yield from _otherwise_measured(claim, own, scope.slots, spoken)
        free = wrong or claim.span.value in spoken or not (claim.places or _is_word(claim))
        known = () if claim.span.unit in CURRENCIES or claim.span.places == _CENTS else scope.values
        if own or free or any(_may_hold(slot, claim) or _counts(slot, claim) for slot in scope.slots):
            continue
        if not _is_among(known, claim, moment) and not is_explained(moment, claim, scope.slots):
            yield f"{claim.span.text!r} is nothing that is told there, and no word says what it is"


def _sorted_otherwise(moment: Moment, slots: Sequence[Slot], wordings: Spoken) -> Iterator[str]:
    """Iterate over words that stand where the situation tells of what sort something is ("card ending in")."""
    sorts = [slot for slot in slots if slot.values and all(_is_sort(value) for value in slot.values)]
    for match in _LOWER.finditer(moment.bare) if sorts else ():
        word, after = match[0], set(words_beside(moment.bare[match.end() :], last=False))
        if len(after) < _BOTH or word in wordings.words or any(word in slot.values for slot in sorts):
            continue
        slot = next((each for each in sorts if after <= each.after), None)
        if slot is not None and not moment.sources.holds(word):
            yield f"{word!r} stands where {slot.path} does"


_CENTS = 2  # decimals of an amount, in whatever it is
_LOWER = re.compile(r"(?<![\w'\u2019-])[a-z]{4,}(?![\w'\u2019-])")
_BOTH = 2  # words behind a place that tell it


def _is_sort(value: Json) -> bool:
    return isinstance(value, str) and value.isalpha() and value.islower()


def _of_no_such_sort(moment: Moment, claim: Claim, slots: Sequence[Slot], spoken: set[object]) -> Iterator[str]:
    """Yield a word for a sort ("gold") that the thing has not of which the situation tells the sort."""
    fields = {place.field for place in claim.places} & enumerated(moment.spec).get(claim.span.text, frozenset())
    own = [slot for slot in slots if fields & {slot.path.rpartition(".")[2], *_members(slot)}]
    if not own or claim.span.value in spoken or any(not slot.values for slot in own):
        return
    if not any(tells(slot, claim, moment) for slot in slots):
        yield f"{claim.span.text!r} is of another sort than is told there"


def _members(slot: Slot) -> set[str]:
    """Return the members of the things that stand in a place."""
    things = [each for value in slot.values for each in (value if isinstance(value, list) else (value,))]
    return {name for each in things if isinstance(each, dict) for name in each}


def _stands_in(wordings: str, claim: Claim) -> bool:
    """Return True if the situation's own words have a text; a number there may be another one than the one here."""
    if isinstance(claim.span.value, float):
        return False
    return re.search(rf"(?<!\w){re.escape(claim.span.text)}(?!\w)", wordings) is not None


def _otherwise_measured(claim: Claim, own: Sequence[Slot], slots: Sequence[Slot], spoken: set[object]) -> Iterator[str]:
    """Yield a number in a unit of which the situation tells another number, where nothing known has it."""
    said, unit = claim.span.value, claim.span.unit
    if not isinstance(said, float) or unit not in UNITS or claim.places or said in spoken:
        return
    units = {UNITS[word] for slot in own if not slot.path for word in slot.after if word in UNITS}
    if units and UNITS[unit] not in units:
        yield f"{claim.span.text!r} {unit} is in another unit than the situation has"
    if own:
        return
    words = {UNITS[unit][0], unit}
    if any(slot.values and words & {*tokens(slot.path), *_singular(slot.path), *slot.after} for slot in slots):
        yield f"{claim.span.text!r} {unit} is not what the situation tells"


def _singular(path: str) -> set[str]:
    return {word.removesuffix("s") for word in tokens(path)}


def _may_hold(slot: Slot, claim: Claim) -> bool:
    """Return True if nothing is known of a place, and it may be one for a value of the kind of a claim."""
    return not slot.values and (isinstance(claim.span.value, float) or not slot.money)


def _is_word(claim: Claim) -> bool:
    """Return True if this is a number in words."""
    return isinstance(claim.span.value, float) and claim.span.places is None


def _is_name(claim: Claim) -> bool:
    """Return True if a word is what something is called."""
    return any("name" in tokens(place.field) for place in claim.places)


def _went_wrong(call: CallRecord) -> bool:
    """Return True if a call failed or was a slip: what is set right may be spoken of."""
    return call.error is not None or call.purpose == "slip"


def said_just_now(moment: Moment) -> set[object]:
    """Return the values that the user has just said, and those that the turn's calls are made with.

    Args:
        moment: The text.
    """
    found: set[object] = {span.value for span in parse(moment.evidence.user_text(moment.turn))}
    for number in {*moment.ran, *moment.ahead}:
        for value in scalars(moment.call(number).arguments):
            found |= {value} | ({float(value)} if isinstance(value, int | float) else set())
    return found


def tells(slot: Slot, claim: Claim, moment: Moment) -> bool:
    """Return True if a claim states what stands in a place."""
    return _is_among(slot.values, claim, moment)


def _is_among(values: Sequence[Json], claim: Claim, moment: Moment) -> bool:
    return any(states(claim, value, moment) for whole in values for value in scalars(whole))


def _counts(slot: Slot, claim: Claim) -> bool:
    """Return True if a number is how many a place has."""
    return any(isinstance(value, list) and claim.span.value == float(len(value)) for value in slot.values)


def states(claim: Claim, value: Json, moment: Moment) -> bool:
    """Return True if a claim states a value, rounded or in words as it may be."""
    said = claim.span.value
    if isinstance(said, float):
        if isinstance(value, int | float) and not isinstance(value, bool):
            return abs(abs(said) - abs(value)) < 0.5 * 10.0 ** -(claim.span.places or 0) + 1e-9
        return isinstance(value, str) and _has_figure(value, claim.span.text)
    if not isinstance(value, str):
        return False
    if isinstance(said, Day):
        day = iso_day(value)
        return day is not None and said.fits(day, moment.sources.today)
    if isinstance(said, Clock):
        return iso_time(value) == said
    if any(place.value == value for place in claim.places):
        return True
    plain, own = norm(str(said)).strip(" \"'"), norm(value)
    if plain.startswith("/") and not own.startswith("/"):
        return own == plain.rpartition("/")[2]  # whose folder it lies in, it does not tell
    return plain in own or (len(own) > _SHORT and own in plain)


_SHORT = 3


def _has_figure(value: str, figure: str) -> bool:
    """Return True if a number stands in a text by itself, or is what an identifier ends in."""
    if len(figure) > _SHORT and value.endswith(figure):
        return True
    return re.search(rf"(?<!\w){re.escape(figure)}(?!\w)", value) is not None


def _shape(text: str) -> str:
    """Return the outline of a text: "A1" for an identifier, "A a A" for a name, "/" for a path."""
    if text.startswith("/"):
        return "/"
    text = re.sub(r"[a-z]+", "a", re.sub(r"[A-Z]+", "A", text))
    return re.sub(r"\d+", "1", text)


_OTHERS = re.compile(
    r"\b(?:other|others|another|else|besides|instead|apart from|rather than|neither|both|unlike|also|too|not|"
    r"no longer)\b"
)


def is_explained(moment: Moment, claim: Claim, slots: Sequence[Slot], *, strictly: bool = False) -> bool:
    """Return True if a text says what a value is of which the situation does not speak.

    Args:
        moment: The text.
        claim: The value.
        slots: The places of the situation's wordings.
        strictly: By what its member is called, and not just by being set apart or counted.
    """
    start, end = next(((a, b) for a, b in moment.clauses if a <= claim.span.start < b), (0, len(moment.text)))
    own = [each for each in moment.claims if start <= each.span.start < end]
    if not strictly and isinstance(claim.span.value, float) and claim.span.places is None and not claim.span.unit:
        return claim.span.value <= _PAIR or bool(claim.places) or bool(is_count(moment, claim, (start, end), own))
    if not strictly and claim.span.unit not in CURRENCIES and _OTHERS.search(moment.text, start, end):
        return True
    head, tail = moment.bare[start : claim.span.start], moment.bare[claim.span.end : end]
    near = " ".join(match[0] for match in (_END.search(head), _BEGINNING.search(tail)) if match)
    fields = {word for place in claim.places for word in tokens(place.field)}
    cues = {word for word in re.findall(r"[a-z]+", near.lower()) if _may_name(word) & fields}
    if not strictly and _is_named_before(moment, claim, own):
        return True
    taken = {word for slot in slots if slot.values and is_like(slot, claim) for word in slot.before | slot.after}
    return bool(cues - taken) or (bool(cues) and _is_held(moment, claim, own))


def _may_name(word: str) -> frozenset[str]:
    return CUES.get(word, frozenset({word, word.removesuffix("s")}))


def _is_named_before(moment: Moment, claim: Claim, own: Sequence[Claim]) -> bool:
    """Return True if the thing of which a value is stands right before it: "Savings has 40.00"."""
    before = [each for each in own if each.span.end <= claim.span.start and not each.plain]
    return bool(before) and _is_held(moment, claim, before[-1:])


def _is_held(moment: Moment, claim: Claim, own: Sequence[Claim]) -> bool:
    """Return True if a clause names the thing of which a value is."""
    rows = {place.row for place in claim.places if place.row >= 0}
    near = frozenset().union(*(moment.sources.scope(number) for number in rows))
    names = [each for each in own if each is not claim and not each.plain and isinstance(each.span.value, str)]
    return any(place.row in near for each in names for place in each.places)


_PAIR = 2  # of two things one speaks without counting
_END = re.compile(r"(?:[A-Za-z'\u2019-]+[ ,(]*){0,5}[€$£]?$")
_BEGINNING = re.compile(r"^(?:[ ,)]*[A-Za-z'\u2019-]+){0,3}")


def _in_place_of(moment: Moment, claim: Claim, own: Sequence[Slot], slots: Sequence[Slot], bare: str) -> Iterator[str]:
    """Yield a value that stands where the situation has another one of its kind, by the words beside it."""
    before, after = _words_at(moment, claim, bare)

    def score(slot: Slot) -> int:
        return len(before & slot.before) + len(after & slot.after)

    if any(isinstance(value, list) for slot in own for value in slot.values):
        return
    others = [slot for slot in slots if slot not in own and is_like(slot, claim)]
    best = max(others, key=score, default=None)
    if (
        best is None
        or _is_pronoun(claim, after & best.after)
        or any(_is_right(moment, each, best, bare) for each in moment.claims if each is not claim)
    ):
        return
    mine = [*own, *(slot for slot in slots if _may_hold(slot, claim) or _counts(slot, claim))]
    least = max((score(slot) for slot in mine), default=0)
    if not (before or after) and own and len(mine) == len(own):
        wrong = _is_alone(bare, claim) and not any(slot.alone for slot in own) and any(slot.alone for slot in others)
    else:  # a plain word, or what stands in place of a number of the wordings' own, needs both words beside it
        needed = claim.plain or (not best.path and not _MEASURES & {*before, *after} & {*best.before, *best.after})
        wrong = score(best) > max(least, int(needed))
    if wrong and (own or not is_explained(moment, claim, slots, strictly=True)):
        yield f"{claim.span.text!r} stands where {best.path or best.values[0]} does"


_MEASURES = frozenset({*UNITS, "above", "below", "over", "under", "most", "least", "exceed", "limit"})


def _is_pronoun(claim: Claim, counted: set[str] | frozenset[str]) -> bool:
    """Return True for "one" unless it counts things that the wordings count."""
    return claim.span.text.lower() in ("one", "a") and not any(word.endswith("s") for word in counted)


def _is_alone(bare: str, claim: Claim) -> bool:
    """Return True if a value begins what is said, and no other value stands right behind it."""
    return _BEGUN.search(bare, 0, claim.span.start) is not None and not bare.startswith(" _", claim.span.end)


_BEGUN = re.compile(r"(?:^|[.,;:!?])[ \n]*[\u20ac$\u00a3(\"]*$")


def _is_right(moment: Moment, claim: Claim, slot: Slot, bare: str) -> bool:
    """Return True if a value of a place stands with words of that place beside it."""
    if claim.plain or not tells(slot, claim, moment):
        return False
    before, after = _words_at(moment, claim, bare)
    return bool(before & slot.before or after & slot.after)


def _words_at(moment: Moment, claim: Claim, bare: str) -> tuple[set[str], set[str]]:
    """Return the words right before and right behind a value, in its clause."""
    start, end = next(((a, b) for a, b in moment.clauses if a <= claim.span.start < b), (0, len(bare)))
    before = words_beside(bare[start : claim.span.start], last=True)
    return set(before), set(words_beside(bare[claim.span.end : end], last=False))


def is_like(slot: Slot, claim: Claim) -> bool:
    """Return True if a place can hold a value of the kind of a claim."""
    said, field = claim.span.value, slot.path.rpartition(".")[2]
    members = {field, *(name for value in slot.values if isinstance(value, dict) for name in value)}
    named = any(place.field in members for place in claim.places)
    for value in (each for whole in slot.values for each in (scalars(whole) if isinstance(whole, dict) else (whole,))):
        if isinstance(said, float) and isinstance(value, int | float):
            return slot.money in (None, claim.span.unit in CURRENCIES)
        if isinstance(said, Day) and isinstance(value, str) and iso_day(value):
            return True
        if isinstance(said, float) and isinstance(value, str) and value.isdigit():
            return claim.span.text.isdigit() and len(value) == len(claim.span.text)
        if isinstance(said, str) and isinstance(value, str) and not iso_day(value) and named:
            return True
        if isinstance(said, str) and isinstance(value, str) and _shape(value) == _shape(said):
            return True
    return False
