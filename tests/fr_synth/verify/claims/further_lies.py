"""Further lies: in whatever form a value has, in any voice; and words that say the contrary of what they said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.fr_synth.verify.claims import lies
from tests.fr_synth.verify.claims.lies import leaves, pick

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from tests.fr_synth.verify.claims.lies import Place

_SMALL = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty"),
)
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth"]


def _free(text: str, pattern: str) -> list[re.Match[str]]:
    """Return the matches that stand in no quotation, which is what somebody else wrote."""
    quotes = [m.span() for m in re.finditer(r'"[^"]*"', text)]
    return [m for m in re.finditer(pattern, text) if not any(a <= m.start() < b for a, b in quotes)]


def _swap(place: Place, rng: np.random.Generator, pattern: str, other: Callable[[str], str | None]) -> str | None:
    match = pick(rng, _free(place.text, pattern))
    new = None if match is None else other(match[0])
    if match is None or new is None or new == match[0]:
        return None
    return f"{place.text[: match.start()]}{new}{place.text[match.end() :]}"


def number_in_words(place: Place, rng: np.random.Generator) -> str | None:
    """A number in words is another one."""

    def other(word: str) -> str:
        at = _SMALL.index(word.lower()) + int(pick(rng, [-1, 1, 2, 3]))
        new = _SMALL[at % len(_SMALL)]
        return new.capitalize() if word[0].isupper() else new

    words = "|".join(_SMALL[1:])
    return _swap(place, rng, rf"(?<![\w-])(?:{words}|{words.title()})(?![\w-])(?! [A-Z])", other)


def ordinal(place: Place, rng: np.random.Generator) -> str | None:
    """The first is said to be the second, or a day of a month is another one."""

    def other(word: str) -> str:
        if word[0].isdigit():
            day = int(word[:-2]) % 27 + 1
            return f"{day}{'st' if day in (1, 21) else 'nd' if day in (2, 22) else 'rd' if day in (3, 23) else 'th'}"
        return _ORDINALS[(_ORDINALS.index(word) + 1) % len(_ORDINALS)]

    return _swap(place, rng, rf"\b\d{{1,2}}(?:st|nd|rd|th)\b|(?<=[Tt]he )(?:{'|'.join(_ORDINALS)})(?= [a-z])", other)


def weekday(place: Place, rng: np.random.Generator) -> str | None:
    """A day of the week is another one."""
    further = int(rng.integers(1, 6))
    return _swap(place, rng, rf"\b(?:{'|'.join(_WEEKDAYS)})\b", lambda w: _WEEKDAYS[(_WEEKDAYS.index(w) + further) % 7])


def day_without_year(place: Place, rng: np.random.Generator) -> str | None:
    """A day of a month is another one, or of another month."""

    def other(said: str) -> str:
        day, month = said.split()
        if rng.random() < 0.5:
            return f"{int(day) % 28 + 1} {month}"
        return f"{day} {_MONTHS[(_MONTHS.index(month) + 1) % 12]}"

    return _swap(place, rng, rf"\b\d{{1,2}} (?:{'|'.join(_MONTHS)})\b(?! \d)", other)


def month(place: Place, rng: np.random.Generator) -> str | None:
    """A month is another one."""
    months = "|".join(each for each in _MONTHS if each != "May")
    further = int(rng.integers(1, 11))
    return _swap(place, rng, rf"(?<!\d )\b(?:{months})\b(?! \d)", lambda m: _MONTHS[(_MONTHS.index(m) + further) % 12])


def relative_day(place: Place, rng: np.random.Generator) -> str | None:
    """Tomorrow is said to be today."""
    others = {
        "tomorrow": "today",
        "today": "tomorrow",
        "yesterday": "tomorrow",
        "Tomorrow": "Today",
        "Today": "Tomorrow",
    }
    return _swap(place, rng, r"\b(?:[Tt]omorrow|[Tt]oday|yesterday)\b", others.get)


def other_value(place: Place, rng: np.random.Generator) -> str | None:
    """A name, a place, an identifier or a status is that of another thing of the same sort."""
    before = [c for c in place.dialogue.calls if c.message <= place.message]
    pairs = [(k, str(v)) for c in before for r in (c.arguments, c.result) for k, v in leaves(r) if isinstance(v, str)]
    named = [(k, v) for k, v in pairs if len(v) > 2 and (v[0].isupper() or any(map(str.isdigit, v)))]
    mine = sorted({(k, v) for k, v in named if len(_free(place.text, rf"(?<!\w){re.escape(v)}(?!\w)")) == 1})
    chosen = pick(rng, mine)
    if chosen is None:
        return None
    key, value = chosen
    own = {k for k, v in pairs if v == value}
    others = sorted({v for k, v in pairs if k in own and v != value and v not in place.text and len(v) > 2})
    others = [other for other in others if other.lstrip("0") != value.lstrip("0")]  # mode 600 is mode 0600
    new = pick(rng, others)
    if new is None or key in ("line", "text", "content"):
        return None
    return re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", lambda _: new, place.text, count=1)


def other_number(place: Place, rng: np.random.Generator) -> str | None:
    """A number is another one that a result tells."""
    numbers = sorted(
        {
            f"{v:,.2f}" if isinstance(v, float) else str(v)
            for c in place.dialogue.calls
            for _, v in leaves(c.result)
            if isinstance(v, int | float) and not isinstance(v, bool) and v > 2
        }
    )
    free = [n for n in numbers if n not in place.text]
    pattern = (
        r"(?<![\w.,/:-])\d[\d,]*\.\d{2}(?![\w/.])"
        if rng.random() < 0.7
        else r"(?<![\w.,/:-])\d{1,3}(?![\w.,/:-])(?! [A-Z])"
    )
    match = pick(rng, _free(place.text, pattern))
    if match is None:
        return None
    fitting = [n for n in free if ("." in n) == ("." in match[0])]
    new = pick(rng, fitting)
    return None if new is None else f"{place.text[: match.start()]}{new}{place.text[match.end() :]}"


FURTHER_VALUES = (
    number_in_words, ordinal, weekday, day_without_year, month, relative_day, other_value, other_number,
)  # fmt: skip
"""Lies in a value, in a reply or a thought."""

ANY_VOICE = (
    lies.digit, lies.cents, lies.other_amount, lies.swapped_amounts, lies.sign, lies.decimal, lies.currency,
    lies.date_shifted, lies.year, lies.other_date, lies.time_shifted, lies.other_name, lies.invented_name,
    lies.invented_person, lies.identifier, lies.tail, lies.path_extension, lies.path_folder, lies.invented_file,
    lies.altered_quote, lies.invented_quote, lies.count_off, lies.false_sum, lies.false_equation, lies.invented_fee,
    lies.percentage, lies.unit, *FURTHER_VALUES,
)  # fmt: skip
"""Lies in a value that a thought can tell as well as a reply."""


# ------------------------------------------------------------------------------------------------------- words

_CONTRARY = {
    "cheaper": "dearer", "dearer": "cheaper", "cheapest": "dearest", "dearest": "cheapest", "earlier": "later",
    "later": "earlier", "earliest": "latest", "latest": "earliest", "newest": "oldest", "oldest": "newest",
    "above": "below", "below": "above", "over": "under", "under": "over", "higher": "lower", "lower": "higher",
    "highest": "lowest", "lowest": "highest", "largest": "smallest", "smallest": "largest", "biggest": "smallest",
    "longest": "shortest", "shortest": "longest", "longer": "shorter", "shorter": "longer", "more than": "less than",
    "less than": "more than", "nearest": "farthest", "before": "after", "after": "before",
}  # fmt: skip
_VALUE = r"(?=(?: the| your| its| a)*(?: \w+)? (?:limit|cap|[€$£]?\d|[A-Z]{3} \d))"


def contrary(place: Place, rng: np.random.Generator) -> str | None:
    """What compares says the contrary, right beside a value."""
    plain = "|".join(
        word for word in _CONTRARY if word.endswith(("est", "er")) and word not in ("over", "under", "after")
    )
    beside = "|".join(("above", "below", "over", "under", "more than", "less than", "before", "after"))
    sentence = re.compile(r"\d")
    if not sentence.search(place.text):
        return None
    return _swap(place, rng, rf"\b(?:{plain})\b(?! on\b)|\b(?:{beside})\b{_VALUE}", _CONTRARY.get)


_STATES = (
    "active frozen blocked", "ticketed reserved flown lapsed", "booked pending", "scheduled delayed landed",
    "weekly monthly quarterly yearly", "savings checking", "economy business", "pending settled", "open closed",
    "paid unpaid", "settled unsettled", "refundable non-refundable", "included excluded", "empty full",
    "readable unreadable", "public private", "free occupied", "confirmed unconfirmed", "valid expired",
)  # fmt: skip


def other_state(place: Place, rng: np.random.Generator) -> str | None:
    """Something is said to be otherwise than it is."""
    others = {w: [o for o in group.split() if o != w] for group in _STATES for w in group.split()}
    said = str([c.result for c in place.calls]) + str([c.arguments for c in place.calls])

    def other(match: str) -> str | None:
        word = match.split()[-1]
        free = [o for o in others[word] if not re.search(rf"\b{o}\b", said)]
        new = pick(rng, free)
        return None if new is None else f"{match[: len(match) - len(word)]}{new}"

    verbs = r"(?:is|are|was|were|still|now|stays|remains)(?: still| now)? "
    return _swap(place, rng, rf"\b{verbs}(?:{'|'.join(others)})\b", other)


def denied(place: Place, rng: np.random.Generator) -> str | None:
    """What is so of a value is denied."""
    pattern = r"(?<=[\w)] )(?:is|are|was|costs|holds|leaves|lands|has) (?=[€$£]?\d|[A-Z]{2,3}\d|on \d|at \d)"
    others = {
        "is ": "isn't ", "are ": "aren't ", "was ": "wasn't ", "costs ": "doesn't cost ", "has ": "doesn't have ",
        "holds ": "doesn't hold ", "leaves ": "doesn't leave ", "lands ": "doesn't land ",
    }  # fmt: skip
    return _swap(place, rng, pattern, others.get)


FURTHER_WORDS = (contrary, other_state, denied)
"""Lies in words, in a reply or a thought."""
