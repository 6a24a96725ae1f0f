"""Sly lies: values of a neighbour, sums of a part, words that turn a sentence round, and things nobody said."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

from tests.fr_synth.verify.claims.lies import leaves, pick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np

    from tests.fr_synth.verify.claims.lies import Place

Lie = "Callable[[Place, np.random.Generator], str | None]"

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAY = rf"(?P<day>\d{{1,2}}) (?P<month>{'|'.join(_MONTHS)})(?: (?P<year>\d{{4}}))?"
_AMOUNT = r"(?<![\w.,/:-])\d[\d,]*\.\d{2}(?![\w/])(?! %)"
_TIME = r"(?<![\d:])\d{2}:\d{2}(?![\d:])"
_JOINED = re.compile(r"(?: [A-Z]{3}| \([^()]*\))?(?:,| and| or|, and|, or| \+| is) [€$£\"]?")


def _free(text: str, pattern: str) -> list[re.Match[str]]:
    quotes = [m.span() for m in re.finditer(r'"[^"]*"', text)]
    return [m for m in re.finditer(pattern, text) if not any(a <= m.start() < b for a, b in quotes)]


def _put(text: str, match: re.Match[str], new: str | None) -> str | None:
    return None if new is None or new == match[0] else f"{text[: match.start()]}{new}{text[match.end() :]}"


def _turned(name: str, pairs: dict[str, str]) -> Callable[[Place, np.random.Generator], str | None]:
    """Return a lie that puts one of some words in place of another."""

    def tell(place: Place, rng: np.random.Generator) -> str | None:
        match = pick(rng, _free(place.text, rf"(?<![\w'-])(?:{'|'.join(map(re.escape, pairs))})(?![\w'-])"))
        return None if match is None else _put(place.text, match, pairs[match[0]])

    tell.__name__ = name
    return tell


def _added(name: str, *sentences: str) -> Callable[[Place, np.random.Generator], str | None]:
    """Return a lie that adds one of some sentences to a text that asks nothing."""

    def tell(place: Place, rng: np.random.Generator) -> str | None:
        words = {word for call in place.calls for word in re.findall(r"[a-z]{5,}", str(call.result).lower())}
        free = [each for each in sentences if not words & set(re.findall(r"[a-z]{7,}", each.lower()))]
        return None if place.text.rstrip().endswith("?") or not free else f"{place.text} {pick(rng, free)}"

    tell.__name__ = name
    return tell


def _known(place: Place) -> list[dict[str, Any]]:
    """Return the results of the turn's calls before the text."""
    return [call.result for call in place.dialogue.calls if call.message < place.message and call.error is None]


def _lists(place: Place) -> Iterator[list[dict[str, Any]]]:
    """Iterate over the lists of things that the dialogue's results have."""
    for result in _known(place):
        for value in result.values():
            if isinstance(value, list) and len(value) > 1 and all(isinstance(each, dict) for each in value):
                yield value


def _money(value: float) -> str:
    return f"{value:,.2f}"


def _spoken(value: object) -> str:
    return _money(value) if isinstance(value, float) else str(value)


# ----------------------------------------------------------------------------------------------- of the neighbour


def neighbour_row(place: Place, rng: np.random.Generator) -> str | None:
    """A value of one thing of a list is the same member of another one."""
    found = []
    for rows in _lists(place):
        for row in rows:
            for name, value in row.items():
                if not isinstance(value, str | float) or len(_spoken(value)) < 3:
                    continue
                said = _free(place.text, rf"(?<![\w.,/-]){re.escape(_spoken(value))}(?![\w/])")
                others = [_spoken(r[name]) for r in rows if type(r.get(name)) is type(value) and r[name] != value]
                others = [other for other in others if other not in place.text]
                found += [(said[0], other) for other in others if len(said) == 1]
    match, other = pick(rng, found) or (None, "")
    return None if match is None else _put(place.text, match, other)


def neighbour_member(place: Place, rng: np.random.Generator) -> str | None:
    """An amount is another member of the same result."""
    found = []
    rows = [*_known(place), *(row for rows in _lists(place) for row in rows)]
    for row in rows:
        amounts = [value for value in row.values() if isinstance(value, float)]
        for said in _free(place.text, _AMOUNT):
            if float(said[0].replace(",", "")) in amounts:
                found += [(said, other) for other in map(_money, amounts) if other not in place.text]
    match, other = pick(rng, found) or (None, "")
    return None if match is None else _put(place.text, match, other)


_BEFORE = re.compile(r"\b[a-z]+ [a-z]+ [(\"]?$")


def _is_free(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    """Return True if two values can stand in either order: in a row, in lines, around "is", behind the same words."""
    before = [_BEFORE.search(text, 0, each.start()) for each in (one, other)]
    if before[0] and before[1] and before[0][0] == before[1][0]:
        return True
    behind = text[one.end() : other.start()].removesuffix(" or ").removesuffix(" and ")
    if behind != text[one.end() : other.start()] and text.startswith(behind, other.end()):
        return True  # "3 June at 14:40 or 5 June at 14:40"
    lines = [text[: each.start()].rpartition("\n") for each in (one, other)]
    listed = all(line[1] and len(line[2].split()) < 2 for line in lines)
    return listed or _JOINED.fullmatch(text[one.end() : other.start()]) is not None


def _exchanged(place: Place, rng: np.random.Generator, found: list[re.Match[str]]) -> str | None:
    """Two values change places, unless they stand in a row, where either order is true."""
    text = place.text
    pairs = [
        (a, b) for k, a in enumerate(found) for b in found[k + 1 : k + 2]
        if a[0] != b[0] and not _is_free(text, a, b)
    ]  # fmt: skip
    if not pairs:
        return None
    a, b = pick(rng, pairs)
    return f"{text[: a.start()]}{b[0]}{text[a.end() : b.start()]}{a[0]}{text[b.end() :]}"


def swapped_days(place: Place, rng: np.random.Generator) -> str | None:
    """Two days change places."""
    return _exchanged(place, rng, _free(place.text, _DAY))


def swapped_times(place: Place, rng: np.random.Generator) -> str | None:
    """Two times of day change places."""
    return _exchanged(place, rng, _free(place.text, _TIME))


def swapped_names(place: Place, rng: np.random.Generator) -> str | None:
    """Two names of a text change places."""
    values = {str(v) for result in _known(place) for _, v in leaves(result) if isinstance(v, str)}
    names = sorted(
        {v for v in values if re.fullmatch(r"[A-Z][\w'-]+(?: [A-Z]?[\w'-]+){0,3}", v)}, key=len, reverse=True
    )
    if not names:
        return None
    return _exchanged(place, rng, _free(place.text, rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)"))


def sibling_identifier(place: Place, rng: np.random.Generator) -> str | None:
    """An identifier is that of another thing of its list."""
    issued = r"\b[A-Z]{2,4}\d{5,}\b"
    match = pick(rng, _free(place.text, issued))
    if match is None:
        return None
    alike = {v for result in _known(place) for _, v in leaves(result) if isinstance(v, str) and re.fullmatch(issued, v)}
    others = sorted(v for v in alike if v[:3] == match[0][:3] and v not in place.text)
    return _put(place.text, match, pick(rng, others))


def cut_identifier(place: Place, rng: np.random.Generator) -> str | None:
    """An identifier lacks its last digit."""
    match = pick(rng, _free(place.text, r"\b[A-Z]{2,4}\d{5,}\b"))
    return None if match is None else _put(place.text, match, match[0][:-1])


def sibling_path(place: Place, rng: np.random.Generator) -> str | None:
    """A path is that of another file."""
    match = pick(rng, _free(place.text, r"(?<![\w/])/[\w./-]*\w"))
    paths = {v for result in _known(place) for _, v in leaves(result) if isinstance(v, str) and v.startswith("/")}
    others = sorted(v for v in paths if v not in place.text and "\n" not in v and " " not in v)
    return None if match is None else _put(place.text, match, pick(rng, others))


def stale(place: Place, rng: np.random.Generator) -> str | None:
    """What was so before a change is told as what is so now."""
    found = []
    for call in place.calls:
        for name, old in call.result.items():
            new = call.result.get(name.removeprefix("previous_").removeprefix("old_"))
            if name.startswith(("previous_", "old_")) and isinstance(old, float) and new != old:
                said = _free(place.text, rf"(?<![\w.,]){re.escape(_money(float(new)))}(?!\w)") if new else []
                found += [(match, _money(old)) for match in said if _money(old) not in place.text]
    match, other = pick(rng, found) or (None, "")
    return None if match is None else _put(place.text, match, other)


# ------------------------------------------------------------------------------------------------------- figures


def _column(place: Place, rng: np.random.Generator) -> tuple[str, list[float]]:
    columns = [
        (name, [row[name] for row in rows])
        for rows in _lists(place)
        for name in rows[0]
        if re.search(r"price|amount|balance|size|total|cost", name)
        and all(isinstance(r.get(name), int | float) for r in rows)
    ]  # fmt: skip
    return pick(rng, [each for each in columns if len(set(each[1])) > 2]) or ("", [])


def _numbers(rows: list[dict[str, Any]], name: str) -> list[float]:
    return [row[name] for row in rows if isinstance(row.get(name), int | float)]


def partial_sum(place: Place, rng: np.random.Generator) -> str | None:
    """A sum leaves out one of what it sums up."""
    _, column = _column(place, rng)
    members = {name for rows in _lists(place) for name in rows[0]}
    sums = {round(sum(_numbers(rows, name)), 2) for rows in _lists(place) for name in members}
    left_out = pick(rng, [each for value in column if (each := round(sum(column) - value, 2)) not in sums])
    if left_out is None:
        return None
    return f"{place.text} All of them together come to {_money(float(left_out))}."


def wrong_mean(place: Place, rng: np.random.Generator) -> str | None:
    """A mean is none."""
    _, column = _column(place, rng)
    mean = sum(column) / len(column) + float(rng.uniform(3, 30)) if column else 0
    return f"{place.text} On average that is {_money(mean)}." if column else None


def wrong_range(place: Place, rng: np.random.Generator) -> str | None:
    """The difference between two values is another one."""
    amount = round(float(rng.uniform(15, 900)), 2)
    return f"{place.text} The difference between them is {_money(amount)}." if _column(place, rng)[1] else None


def halved(place: Place, rng: np.random.Generator) -> str | None:
    """An amount is half or twice what it is."""
    match = pick(rng, [m for m in _free(place.text, _AMOUNT) if float(m[0].replace(",", "")) > 5])
    if match is None:
        return None
    return _put(place.text, match, _money(float(match[0].replace(",", "")) * float(pick(rng, [0.5, 2.0, 3.0]))))


def rounded(place: Place, rng: np.random.Generator) -> str | None:
    """An amount is rounded to what is far from it."""
    match = pick(rng, [m for m in _free(place.text, rf"[€$£]{_AMOUNT[21:]}") if len(m[0]) > 6])
    if match is None:
        return None
    value = float(match[0][1:].replace(",", ""))
    return _put(place.text, match, f"about {match[0][0]}{round(value * 1.3, -1):,.0f}")


def nothing_left(place: Place, rng: np.random.Generator) -> str | None:
    """An amount is nothing."""
    match = pick(rng, [m for m in _free(place.text, _AMOUNT) if float(m[0].replace(",", "")) > 0])
    return None if match is None else _put(place.text, match, "0.00")


def other_sign_of_money(place: Place, rng: np.random.Generator) -> str | None:
    """An amount has the sign of another currency."""
    match = pick(rng, _free(place.text, r"[€$£](?=\d)"))
    return None if match is None else _put(place.text, match, {"€": "$", "$": "£", "£": "€"}[match[0]])


def invented_difference(place: Place, rng: np.random.Generator) -> str | None:
    """It is said to be more than before by what nothing tells."""
    amount = _money(round(float(rng.uniform(3, 400)), 2))
    return f"{place.text} " + str(pick(rng, [f"That is {amount} more than before.", f"You save {amount} that way."]))


def invented_limit(place: Place, rng: np.random.Generator) -> str | None:
    """There is a limit of which nobody knows."""
    amount = f"{int(rng.integers(11, 90)) * 10 + 7}.00"
    return f"{place.text} " + str(
        pick(rng, [f"The limit for that is {amount} a day.", f"At most {amount} is allowed."])
    )


def wrong_weekday(place: Place, rng: np.random.Generator) -> str | None:
    """A day has the name of another day of the week."""
    found = [m for m in _free(place.text, rf"(?<!day ){_DAY}") if m["year"]]
    match = pick(rng, found)
    if match is None:
        return None
    try:
        day = datetime.date(int(match["year"]), _MONTHS.index(match["month"]) + 1, int(match["day"]))
    except ValueError:  # the end of a line of figures, with no day of that month
        return None
    return _put(place.text, match, f"{day + datetime.timedelta(days=int(rng.integers(1, 6))):%A} {match[0]}")


def half_day(place: Place, rng: np.random.Generator) -> str | None:
    """A time of the afternoon is one of the morning, or the other way round."""
    match = pick(rng, _free(place.text, _TIME))
    if match is None:
        return None
    hour, minutes = int(match[0][:2]), match[0][3:]
    return _put(place.text, match, f"{(hour - 1) % 12 + 1}:{minutes} {'am' if hour > 11 else 'pm'}")


def twelve_hours(place: Place, rng: np.random.Generator) -> str | None:
    """A time in twelve hours is another one."""
    match = pick(rng, _free(place.text, _TIME))
    if match is None:
        return None
    hour, minutes = int(match[0][:2]), (int(match[0][3:]) + 20) % 60
    return _put(place.text, match, f"{(hour - 1) % 12 + 1}:{minutes:02} {'am' if hour < 12 else 'pm'}")


def other_span(place: Place, rng: np.random.Generator) -> str | None:
    """So many hours are so many days."""
    match = pick(rng, _free(place.text, r"(?<=\d )(?:hours|minutes|nights|days|weeks|months)\b"))
    pairs = "hours days, minutes hours, nights weeks, days weeks, weeks months, months weeks"
    longer = dict(pair.split(" ") for pair in pairs.split(", "))
    return None if match is None else _put(place.text, match, longer[match[0]])


def invented_span(place: Place, rng: np.random.Generator) -> str | None:
    """How long something takes is invented."""
    number = int(rng.integers(33, 57))
    return f"{place.text} " + str(pick(rng, [f"It takes {number} minutes.", f"That is {number} days off."]))


def invented_time(place: Place, rng: np.random.Generator) -> str | None:
    """A time of day turns up that nothing has."""
    time = f"{int(rng.integers(1, 5)):02}:{int(rng.integers(10, 59))}"
    return f"{place.text} " + str(pick(rng, [f"It begins at {time}.", f"That was at {time}."]))


def share_in_words(place: Place, rng: np.random.Generator) -> str | None:
    """A share is invented."""
    return f"{place.text} That is {int(rng.integers(31, 49))} % {pick(rng, ['more', 'less'])} than before."


def total_off(place: Place, rng: np.random.Generator) -> str | None:
    """There is one more in a list than there is."""
    rows = [(name, value) for call in place.calls for name, value in call.result.items() if isinstance(value, list)]
    name, value = pick(rng, [each for each in rows if len(each[1]) > 3]) or ("", [])
    return f"{place.text} That makes {len(value) + 1} {name.replace('_', ' ')} in all." if name else None


def _best(place: Place, rng: np.random.Generator, words: str, *, least: bool) -> str | None:
    """The second one of a list is said to be the first of it."""
    for rows in _lists(place):
        name = next((n for n in rows[0] if re.search(words, n)), None)
        title = next((n for n in rows[0] if re.search(r"name|number|reference|title", n)), None)
        if name is None or title is None or not all(isinstance(r.get(name), int | float) for r in rows):
            continue
        order = sorted(rows, key=lambda row: row[name], reverse=not least)
        if order[0][name] != order[1][name] and order[0][title] != order[1][title] and isinstance(order[1][title], str):
            word = pick(rng, ["cheapest", "least expensive"] if least else ["largest", "biggest"])
            return f"{place.text} The {word} of them is {order[1][title]}."
    return None


def not_cheapest(place: Place, rng: np.random.Generator) -> str | None:
    """The second cheapest is said to be the cheapest."""
    return _best(place, rng, r"price|fee$|cost", least=True)


def not_largest(place: Place, rng: np.random.Generator) -> str | None:
    """The second largest is said to be the largest."""
    return _best(place, rng, r"size|balance|amount", least=False)


SLY_VALUES = (
    neighbour_row, neighbour_member, swapped_days, swapped_times, swapped_names, sibling_identifier, cut_identifier,
    sibling_path, stale, partial_sum, wrong_mean, wrong_range, halved, rounded, nothing_left, other_sign_of_money,
    invented_difference, invented_limit, wrong_weekday, half_day, twelve_hours, other_span, invented_span,
    invented_time, share_in_words, total_off, not_cheapest, not_largest,
)  # fmt: skip
"""Lies in a value, in a reply or a thought."""


# --------------------------------------------------------------------------------------------------------- words

no_longer = _turned("no_longer", {"still": "no longer", "no longer": "still"})
not_yet = _turned("not_yet", {"already": "not yet", "not yet": "already"})
never = _turned("never", {"never": "always", "always": "never", "nobody": "everybody", "nothing": "everything"})
cannot = _turned("cannot", {"can": "can't", "can't": "can", "cannot": "can", "couldn't": "could", "could": "couldn't"})
other_order = _turned("other_order", {"before": "after", "after": "before"})
more_or_less = _turned(
    "more_or_less", {"more": "less", "less": "more", "enough": "too little", "most": "least", "least": "most"}
)
needless = _turned(
    "needless", {"needs": "doesn't need", "has to": "needn't", "must": "needn't", "doesn't need": "needs"}
)
without = _turned("without", {"without": "with", "free of charge": "for a fee", "at no charge": "for a fee"})
all_or_none = _turned(
    "all_or_none", {"all": "none", "All": "None", "both": "neither", "Both": "Neither", "every": "no", "none": "all"}
)
only_one = _added("only_one", "It is the only one there is.", "There is no other one.", "No other would do.")
reason = _added(
    "reason",
    "That is because the shop has closed down.",
    "The reason is a strike of the staff.",
    "It is due to bad weather.",
    "That comes from a mistake of the last clerk.",
)
consent = _added(
    "consent",
    "You agreed to that earlier.",
    "As you confirmed by phone, that is fine.",
    "You gave your consent last week.",
    "Your boss has agreed to it.",
)
told_others = _added(
    "told_others",
    "The staff there know about it.",
    "They have been told.",
    "I let your family know.",
    "I have told the others.",
)
will_come = _added(
    "will_come",
    "You will get an e-mail shortly.",
    "They will ring you back.",
    "A letter will follow.",
    "I'll see to the rest later.",
)
did_besides = _added(
    "did_besides",
    "I also tidied up the rest.",
    "I have also changed your address.",
    "I made a second one to be safe.",
    "I've also turned on reminders for it.",
    "I also checked it twice with the office.",
)
rule = _added(
    "rule",
    "By the rules it can't be changed for a year.",
    "The rules forbid doing it twice.",
    "Everybody has the right to a refund within a month.",
    "Above a certain sum the police has to be asked.",
)


def condition_dropped(place: Place, rng: np.random.Generator) -> str | None:
    """What holds up to a day is said to hold."""
    match = pick(rng, _free(place.text, r"(?<=free|open|held|kept|good) (?:until|up to|till) [^.,;]*"))
    return None if match is None else _put(place.text, match, "")


def quantified(place: Place, rng: np.random.Generator) -> str | None:
    """All of a list are said to be what some of it are."""
    for rows in _lists(place):
        for name in ("status", "card_status", "order_status", "state", "type", "currency"):
            values = {row[name] for row in rows if isinstance(row.get(name), str)}
            if len(values) > 1:
                return f"{place.text} All of them are {pick(rng, sorted(values)).replace('_', ' ')}."
    return None


SLY_WORDS = (
    no_longer, not_yet, never, cannot, other_order, more_or_less, needless, without, all_or_none, only_one, reason,
    consent, told_others, will_come, did_besides, rule, condition_dropped, quantified,
)  # fmt: skip
"""Lies in words, in a reply or a thought."""
