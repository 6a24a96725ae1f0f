"""Lies: kinds of changes that make a true record say something false, each applied to a place drawn at random."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from fr_envs.json_values import scalars

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

    from fr_envs.world.domain import Domain
    from fr_synth.trace.records import CallRecord, Dialogue

Lie = "Callable[[Place, np.random.Generator], str | None]"


class Place(NamedTuple):
    """A text of a record.

    Attributes:
        dialogue: The record.
        domain: Its world.
        message: Message.
        key: ``content`` or ``reasoning_content``.
        text: What stands there.
        turn: Turn.
        calls: The turn's calls.
    """

    dialogue: Dialogue
    domain: Domain[Any]
    message: int
    key: str
    text: str
    turn: int
    calls: tuple[CallRecord, ...]

    def told(self) -> dict[str, Any]:
        """What the turn's calls gave and were given, by member; the last one wins."""
        found: dict[str, Any] = {}
        for call in self.calls:
            found.update({**call.arguments, **call.result})
        return found

    def values(self) -> list[Any]:
        """Every plain value of the dialogue's calls."""
        return [v for call in self.dialogue.calls for v in [*scalars(call.arguments), *scalars(call.result)]]


def places(dialogue: Dialogue, domain: Domain[Any]) -> Iterator[Place]:
    """Iterate over the replies, thoughts and messages of a record."""
    turn = -1
    for index, message in enumerate(dialogue.messages):
        turn += message["role"] == "user"
        own = tuple(call for call in dialogue.calls if call.turn == turn)
        for key in ("content", "reasoning_content"):
            if message["role"] in ("user", "assistant") and message.get(key):
                yield Place(dialogue, domain, index, key, str(message[key]), turn, own)


def with_text(place: Place, text: str) -> Dialogue:
    """The record with another text in a place."""
    messages = [dict(message) for message in place.dialogue.messages]
    messages[place.message][place.key] = text
    return msgspec.structs.replace(place.dialogue, messages=tuple(messages))


def _outside_quotes(text: str, pattern: str) -> list[re.Match[str]]:
    quotes = [m.span() for m in re.finditer(r'"[^"]*"', text)]
    found = re.finditer(pattern, text)
    return [m for m in found if not any(a <= m.start() < b for a, b in quotes) and text.count('"') < 9]


def pick(rng: np.random.Generator, items: Sequence[Any]) -> Any:
    return items[int(rng.integers(len(items)))] if items else None


def _text(rng: np.random.Generator, items: Sequence[str]) -> str | None:
    found = pick(rng, items)
    return None if found is None else str(found)


def _put(text: str, match: re.Match[str], new: str) -> str | None:
    return None if new == match[0] else text[: match.start()] + new + text[match.end() :]


_AMOUNT = r"(?<![\w.,/:-])\d[\d,]*\.\d{2}(?![\w/])(?! %)"
_NUMBER = (
    r"(?<![\w.,/:-])(?<!ending in )(?<!\d )\d[\d,]*(?:\.\d+)?(?![\w/:-]|[.,]\d)(?! (?:January|"
    r"February|March|April|May|June|July|August|September|October|November|December))"
)

_DATE = (
    r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December) \d{4}\b"
)

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def digit(place: Place, rng: np.random.Generator) -> str | None:
    """One digit of a number is another one."""
    match = pick(rng, _outside_quotes(place.text, _NUMBER))
    if match is None or (match[0].isdigit() and len(match[0]) == 4 and match[0].startswith("20")):
        return None
    at = pick(rng, [i for i, c in enumerate(match[0]) if c.isdigit()])
    new = str((int(match[0][at]) + int(rng.integers(1, 9))) % 10)
    return _put(place.text, match, match[0][:at] + new + match[0][at + 1 :])


def cents(place: Place, rng: np.random.Generator) -> str | None:
    """An amount is a little off."""
    match = pick(rng, _outside_quotes(place.text, _AMOUNT))
    if match is None:
        return None
    value = float(match[0].replace(",", "")) + float(pick(rng, [0.01, 0.1, 1.0, 10.0, -0.01, 0.5]))
    return _put(place.text, match, f"{value:,.2f}")


def other_amount(place: Place, rng: np.random.Generator) -> str | None:
    """An amount is another one of the dialogue."""
    match = pick(rng, _outside_quotes(place.text, _AMOUNT))
    own = {float(m[0].replace(",", "")) for m in re.finditer(_AMOUNT, place.text)}
    others = [v for v in place.values() if isinstance(v, float) and v > 12 and v not in own and v % 1]
    return None if match is None or not others else _put(place.text, match, f"{pick(rng, others):,.2f}")


def swapped_amounts(place: Place, rng: np.random.Generator) -> str | None:
    """Two amounts of one reply change places."""
    found = _outside_quotes(place.text, _AMOUNT)
    if len(found) < 2:
        return None
    at = int(rng.integers(len(found) - 1))
    a, b = found[at], found[at + 1]
    if a[0] == b[0] or re.fullmatch(r"(?: [A-Z]{3})? \+ \D{0,4}", place.text[a.end() : b.start()]):
        return None  # of a sum that is written out either order is true
    return place.text[: a.start()] + b[0] + place.text[a.end() : b.start()] + a[0] + place.text[b.end() :]


def sign(place: Place, rng: np.random.Generator) -> str | None:
    """An amount has the other sign."""
    match = pick(rng, [m for m in _outside_quotes(place.text, _AMOUNT) if float(m[0].replace(",", ""))])
    return None if match is None else _put(place.text, match, f"-{match[0]}")


def decimal(place: Place, rng: np.random.Generator) -> str | None:
    """The decimal point of an amount is elsewhere."""
    match = pick(rng, [m for m in _outside_quotes(place.text, _AMOUNT) if float(m[0].replace(",", ""))])
    if match is None:
        return None
    value = float(match[0].replace(",", "")) * float(pick(rng, [10.0, 100.0, 0.1]))
    return _put(place.text, match, f"{value:,.2f}")


def currency(place: Place, rng: np.random.Generator) -> str | None:
    """An amount is in another currency."""
    match = pick(rng, _outside_quotes(place.text, r"(?<=\d )(?:EUR|USD|GBP|SEK|NOK|DKK|CHF|PLN|CZK|CAD|AUD|SGD)\b"))
    return None if match is None else _put(place.text, match, pick(rng, ["JPY", "BRL", "ZAR", "NZD"]))


def date_shifted(place: Place, rng: np.random.Generator) -> str | None:
    """A date is a day or a month off."""
    match = pick(rng, _outside_quotes(place.text, _DATE))
    if match is None:
        return None
    day, month, year = match[0].split()
    if rng.random() < 0.5:
        day = str(int(day) % 28 + 1)
    else:
        month = _MONTHS[(_MONTHS.index(month) + 1) % 12]
    return _put(place.text, match, f"{day} {month} {year}")


def year(place: Place, rng: np.random.Generator) -> str | None:
    """A date is of another year."""
    match = pick(rng, _outside_quotes(place.text, _DATE))
    return None if match is None else _put(place.text, match, match[0][:-4] + str(int(match[0][-4:]) + 1))


def other_date(place: Place, rng: np.random.Generator) -> str | None:
    """A date is another one of the dialogue."""
    match = pick(rng, _outside_quotes(place.text, _DATE))
    known = sorted({v[:10] for v in place.values() if isinstance(v, str) and re.match(r"\d{4}-\d{2}-\d{2}", v)})
    spoken = [f"{int(d[8:])} {_MONTHS[int(d[5:7]) - 1]} {d[:4]}" for d in known]
    others = [s for s in spoken if s not in place.text]
    return None if match is None or not others else _put(place.text, match, pick(rng, others))


def time_shifted(place: Place, rng: np.random.Generator) -> str | None:
    """A time of day is off by some minutes."""
    match = pick(rng, _outside_quotes(place.text, r"\b\d{2}:\d{2}\b(?!:)"))
    if match is None:
        return None
    minutes = (int(match[0][:2]) * 60 + int(match[0][3:]) + int(pick(rng, [5, 10, 60, 720]))) % 1440
    return _put(place.text, match, f"{minutes // 60:02}:{minutes % 60:02}")


_NAMES = r"\b[A-Z][a-zà-ÿ]+ [A-Z][a-zà-ÿ]+\b"


def _people(place: Place) -> list[str]:
    found = {v for v in place.values() if isinstance(v, str) and re.fullmatch(_NAMES, v)}
    return sorted(found)


def other_name(place: Place, rng: np.random.Generator) -> str | None:
    """Somebody's name is another one's."""
    people = _people(place)
    found = [m for m in _outside_quotes(place.text, _NAMES) if m[0] in people]
    match = pick(rng, found)
    keys = {
        k
        for c in place.dialogue.calls
        for r in [c.result, c.arguments]
        for k, v in leaves(r)
        if match and v == match[0]
    }
    others = sorted(
        {v for c in place.dialogue.calls for r in [c.result] for k, v in leaves(r) if k in keys and v in people}
    )
    others = [v for v in others if v not in place.text]
    return None if match is None or not others else _put(place.text, match, pick(rng, others))


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from leaves(member, key)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, name)
    else:
        yield name, value


def invented_name(place: Place, rng: np.random.Generator) -> str | None:
    """Somebody is called like nobody."""
    match = pick(rng, [m for m in _outside_quotes(place.text, _NAMES) if m[0] in _people(place)])
    return (
        None if match is None else _put(place.text, match, pick(rng, ["Bernard Kloss", "Ottilie Frame", "Ruben Tisch"]))
    )


def invented_person(place: Place, rng: np.random.Generator) -> str | None:
    """Somebody turns up of whom nothing is known."""
    return f"{place.text} " + str(
        pick(rng, ["Bernard Kloss has it too.", "Ottilie is on it as well.", "It belongs to Ruben Tisch."])
    )


def identifier(place: Place, rng: np.random.Generator) -> str | None:
    """An identifier, an IBAN, a seat or a flight has another digit."""
    match = pick(
        rng,
        _outside_quotes(place.text, r"\b(?:[A-Z]{2}\d{2}[A-Z0-9]{10,}|[A-Z]{2,4}\d{5,}|[A-Z]\d \d{3}|\d{1,2}[A-K])\b"),
    )
    if match is None:
        return None
    at = max(i for i, c in enumerate(match[0]) if c.isdigit())
    return _put(place.text, match, f"{match[0][:at]}{(int(match[0][at]) + 3) % 10}{match[0][at + 1 :]}")


def tail(place: Place, rng: np.random.Generator) -> str | None:
    """The last digits of a card are others."""
    match = pick(rng, _outside_quotes(place.text, r"(?<=ending in )\d{4}\b"))
    return None if match is None else _put(place.text, match, f"{(int(match[0]) + 1234) % 10000:04}")


_PATH = r"(?<![\w/])/[\w./-]*[\w]"


def path_extension(place: Place, rng: np.random.Generator) -> str | None:
    """A file has another ending."""
    match = pick(rng, [m for m in _outside_quotes(place.text, _PATH) if re.search(r"\.\w{1,4}$", m[0])])
    return None if match is None else _put(place.text, match, re.sub(r"\.\w+$", ".bak", match[0]))


def path_folder(place: Place, rng: np.random.Generator) -> str | None:
    """A file lies in another folder."""
    match = pick(rng, [m for m in _outside_quotes(place.text, _PATH) if m[0].count("/") > 2])
    if match is None:
        return None
    parts = match[0].split("/")
    parts[-2] = pick(rng, ["old", "attic", "shared"])
    return _put(place.text, match, "/".join(parts))


def invented_file(place: Place, rng: np.random.Generator) -> str | None:
    """A file turns up that nobody has seen."""
    return f"{place.text} " + str(
        pick(
            rng,
            ["A copy is in /tmp/copy-of-it.txt.", "See also summary-final.md.", "It is listed in /var/tmp/out.log."],
        )
    )


def altered_quote(place: Place, rng: np.random.Generator) -> str | None:
    """A quotation has another word."""
    match = pick(rng, list(re.finditer(r'"([^"\n]{3,})"', place.text)))
    if match is None or place.text.count('"') > 8:
        return None
    words = match[1].split(" ")
    words[int(rng.integers(len(words)))] = pick(rng, ["pelican", "Thursday", "unpaid"])
    return _put(place.text, match, f'"{" ".join(words)}"')


def invented_quote(place: Place, rng: np.random.Generator) -> str | None:
    """Somebody is quoted who said nothing of the kind."""
    return f"{place.text} " + str(
        pick(rng, ['The note on it reads "urgent, call back".', 'It is marked "for Paul only".'])
    )


def count_off(place: Place, rng: np.random.Generator) -> str | None:
    """There is one more, or one less, than there is."""
    pattern = (
        r"(?<![\w.,/:-])\d{1,3}(?= (?:accounts?|bookings?|transactions?|cards?|files?|entries|"
        r"messages|lines?|members?|hotels|mandates|invoices|of them|more\b(?! (?:EUR|km))|trips|"
        r"bags|items?|times?|points|nights?|days|bytes|kilometres|stars))"
    )

    match = pick(rng, [m for m in _outside_quotes(place.text, pattern) if int(m[0]) > 0])
    return None if match is None else _put(place.text, match, str(int(match[0]) + int(pick(rng, [1, 2, -1]))))


_SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def count_in_words(place: Place, rng: np.random.Generator) -> str | None:
    """A count in words is wrong."""
    lists = [
        (k, v)
        for c in place.calls
        for k, v in c.result.items()
        if isinstance(v, list) and 1 < len(v) < 8 and c.error is None and c.user_requested
    ]
    found = pick(rng, lists)
    if found is None:
        return None
    total = max(
        [
            len(found[1]),
            *(
                v
                for c in place.calls
                if found[1] is c.result.get(found[0])
                for k, v in c.result.items()
                if k in ("total", "count") and isinstance(v, int)
            ),
        ]
    )
    lengths = {len(v) for c in place.calls for k, v in c.result.items() if isinstance(v, list)}
    named = sum(str(v) in place.text for v in found[1] if isinstance(v, str))  # "two names" of which the text tells two
    wrong = [n for n in range(2, 12) if n not in (total, len(found[1]), named) and n not in lengths]
    noun = found[0].replace("_", " ")
    return f"{place.text} There are {_SMALL[pick(rng, wrong)]} {noun}." if wrong else None


def page_as_total(place: Place, rng: np.random.Generator) -> str | None:
    """How many are shown is told as how many there are."""
    for call in place.calls:
        for name, value in call.result.items():
            total = call.result.get("total", call.result.get("count"))
            if isinstance(value, list) and isinstance(total, int) and total > len(value) > 1 and call.user_requested:
                return f"{place.text} In all there are {len(value)} {name.replace('_', ' ')}."
    return None


def false_sum(place: Place, rng: np.random.Generator) -> str | None:
    """A remainder does not add up."""
    amount = round(float(rng.uniform(20, 9000)), 2)
    phrase = pick(
        rng, ["That leaves {}.", "Together they come to {}.", "The difference is {}.", "After that, {} will be left."]
    )
    return f"{place.text} {phrase.format(f'{amount:,.2f}')}"


def false_equation(place: Place, rng: np.random.Generator) -> str | None:
    """A calculation is wrong."""
    found = _outside_quotes(place.text, _AMOUNT)
    match = pick(rng, found)
    if match is None:
        return None
    value = float(match[0].replace(",", ""))
    return f"{place.text} {match[0]} - 3.10 = {value - 3.1 + float(pick(rng, [1, -1, 0.1, 10])):,.2f}."


def invented_fee(place: Place, rng: np.random.Generator) -> str | None:
    """A fee is told that nobody takes."""
    amounts = {float(v) for v in place.values() if isinstance(v, int | float)}
    fee = pick(rng, [v for v in (4.9, 7.5, 12.25, 3.85) if v not in amounts])
    return f"{place.text} " + str(pick(rng, ["A fee of {:.2f} was charged.", "This cost {:.2f} extra."])).format(fee)


def percentage(place: Place, rng: np.random.Generator) -> str | None:
    """A share is invented."""
    return f"{place.text} That is {int(rng.integers(21, 79))}.{int(rng.integers(1, 9))} % of it."


def unit(place: Place, rng: np.random.Generator) -> str | None:
    """A number is of another unit."""
    match = pick(rng, _outside_quotes(place.text, r"(?<=\d )(?:bytes|nights?|points|kilometres|km|days)\b"))
    other = {
        "bytes": "kB",
        "night": "week",
        "nights": "weeks",
        "points": "km",
        "kilometres": "miles",
        "km": "miles",
        "days": "weeks",
    }
    return None if match is None else _put(place.text, match, other.get(match[0], "kB"))


VALUE_LIES = (
    digit, cents, other_amount, swapped_amounts, sign, decimal, currency, date_shifted, year, other_date, time_shifted,
    other_name, invented_name, invented_person, identifier, tail, path_extension, path_folder, invented_file,
    altered_quote, invented_quote, count_off, count_in_words, page_as_total, false_sum, false_equation, invented_fee,
    percentage, unit,
)  # fmt: skip
"""Lies in a value of a reply."""


# ------------------------------------------------------------------------------------------------ lies in words


def says_failed(place: Place, rng: np.random.Generator) -> str | None:
    """What worked is said to have failed."""
    if any(call.error for call in place.calls) or re.search(r"refus|fail|cancel|withdr|recall|revok", str(place.calls)):
        return None
    return str(pick(rng, [
        "Unfortunately that failed.", "I couldn't do that.", "The request was declined.", "That did not go through.",
        "I was unable to do it.", "It was rejected by the system.", "There was an error, so nothing happened.",
        "That wasn't possible.", "The attempt was unsuccessful, sorry.", "Sorry, it didn't work.",
    ]))  # fmt: skip


def says_refused(place: Place, rng: np.random.Generator) -> str | None:
    """The assistant says that it will not, having done it."""
    if any(call.error for call in place.calls):
        return None
    return _text(rng, [
        "I can't do that for you.", "I won't do that, the rules forbid it.", "I'm not allowed to do that.",
        "I'm afraid I have to leave that to you.", "I must not touch that.", "I'm unable to help with that.",
        "I decline to do this.", "That is not permitted, so I left it.",
    ])  # fmt: skip


EXTRAS = (
    "I also notified the bank.", "I have e-mailed you a copy.", "I double-checked it with the manager.",
    "I've informed your colleague.", "I have also archived the old one.", "A confirmation e-mail is on its way.",
    "I've sent you a text message.", "I also upgraded you to first class.", "I also encrypted it.",
    "I've asked support to look into it.", "I printed the receipt for you.", "A reminder has been set.",
    "Your colleague has been informed.", "I also reset the password.", "The log file has been updated too.",
    "I have also subscribed you to the newsletter.", "I've waived the penalty.", "A voucher has been issued to you.",
    "I contacted the merchant about it.", "I have also insured it.", "The taxi has been ordered.",
    "I called the hotline as well.", "I've restarted the server.", "I've shared it with the team.",
)  # fmt: skip


def extra_claim(place: Place, rng: np.random.Generator) -> str | None:
    """Something is said to be done besides."""
    if place.domain.name == "banking" and rng.random() < 0.2:
        return None
    extra = pick(rng, [e for e in EXTRAS if not _near(e, place)])
    return f"{place.text} {extra}"


def _near(extra: str, place: Place) -> bool:
    said = f"{place.calls} {place.text}".lower()
    words = [w[:5] for w in re.findall(r"[a-z]{5,}", extra.lower()) if w not in ("about", "other", "first")]
    return sum(word in said for word in words) >= 2


def promise(place: Place, rng: np.random.Generator) -> str | None:
    """The assistant promises what it has no means for."""
    return f"{place.text} " + str(pick(rng, [
        "I'll e-mail you the details tomorrow.", "I will keep an eye on it.", "I'll remind you next week.",
        "I'm going to check back with you in an hour.", "We will call you about it.", "I'll monitor it for you.",
        "I will follow up with the airline.", "I'll forward it to your accountant.",
    ]))  # fmt: skip


_WRONG = {
    "cancelled": "booked", "Cancelled": "Booked", "booked": "cancelled", "Booked": "Cancelled", "frozen": "unfrozen",
    "Frozen": "Unfrozen", "unfrozen": "frozen", "paid": "refunded", "Paid": "Refunded", "closed": "opened",
    "Moved": "Deleted", "moved": "deleted", "confirmed": "withdrawn", "Confirmed": "Withdrawn", "saved": "deleted",
    "Saved": "Deleted", "added": "removed", "removed": "added", "released": "held", "held": "released",
    "blocked": "unfrozen", "withdrawn": "confirmed", "deleted": "copied", "copied": "deleted", "Renamed": "Deleted",
    "Upgraded": "Cancelled", "insured": "cancelled", "Rebooked": "Cancelled", "ticketed": "refunded", "Hired": "Copied",
    "Extended": "Cancelled", "requested": "cancelled", "Changed": "Deleted",
    "planned": "cancelled", "issued": "refunded",
    "written": "deleted", "replaced": "deleted", "unpacked": "deleted", "Linked": "Deleted", "revoked": "renewed",
    "Dropped": "Paid", "Paused": "Paid", "Ended": "Created", "Recalled": "Paid", "Reported": "Unfrozen",
}  # fmt: skip


def wrong_verb(place: Place, rng: np.random.Generator) -> str | None:
    """Another thing is said to be done than was."""
    found = [m for m in _outside_quotes(place.text, r"\b[A-Za-z]+\b") if m[0] in _WRONG]
    found = [
        m
        for m in found
        if not re.search(r"(?:once|after|until|be|\() ?$", place.text[max(0, m.start() - 8) : m.start()])
        and not re.search(r"(?:[Nn]othing (?:was|is)|n't|not) $", place.text[: m.start()])  # which is as true of others
    ]
    match = pick(rng, found)
    wrong = match and _WRONG[match[0]]
    done = str([(c.name, c.result) for c in place.calls]).lower()
    return None if match is None or wrong.lower()[:5] in done else _put(place.text, match, wrong)


def wrong_act(place: Place, rng: np.random.Generator) -> str | None:
    """The whole reply tells another act."""
    names = " ".join(call.name for call in place.calls)
    acts = {
        "cancel": "I've cancelled it.", "book": "It has been booked.", "delete": "I deleted it.", "pay": "I paid it.",
        "freeze": "I've frozen it.", "copy": "A copy has been made.", "refund": "It has been refunded.",
        "rename": "I renamed it.", "open_account": "A new account was opened.", "upgrade": "You have been upgraded.",
        "dispute": "I've contested it.", "chmod": "I changed the permissions.", "check_in": "You have been checked in.",
        "tar": "I've packed it into an archive.", "exchange": "I exchanged the money.",
    }  # fmt: skip
    done = names + str([(c.name, c.result) for c in place.calls])
    related = {
        "book": "reserv hold hire rent rebook",
        "pay": "charg settle buy order",
        "delete": "rm remove drop cancel rmdir revoke",
        "copy": "cp split extract write tee head tar ln link",
        "refund": "recall cancel return back",
        "rename": "mv move",
        "freeze": "block lost",
        "cancel": "withdraw drop revoke undo release remove end leave delete",
        "chmod": "change mode chown chgrp set update",
        "tar": "pack",
        "upgrade": "move change",
        "exchange": "change",
    }
    free = [
        text for key, text in acts.items() if not any(word in done for word in [key, *related.get(key, "").split()])
    ]
    return _text(rng, free)


def negated(place: Place, rng: np.random.Generator) -> str | None:
    """What is so is denied."""
    pattern = (
        r"\b(?:is|are|has been|have been) (?=(?:now )?(?:cancelled|booked|frozen|active|ticketed|"
        r"reserved|confirmed|closed|paid|saved|blocked|insured|released|withdrawn|granted|paused|"
        r"scheduled|checked in|held)\b)"
    )

    found = [m for m in _outside_quotes(place.text, pattern) if "as long as" not in place.text[: m.start()]]
    match = pick(rng, found)
    if match is None:
        return None
    word = match[0].strip()
    return _put(place.text, match, f"{word} not " if " " not in word else word.replace(" been", " not been") + " ")


def wrong_status(place: Place, rng: np.random.Generator) -> str | None:
    """A status is another one of those that there are."""
    groups = (("active", "frozen", "blocked"), ("ticketed", "reserved", "flown", "lapsed"), ("booked", "pending"),
              ("scheduled", "delayed", "landed"), ("weekly", "monthly", "quarterly", "yearly"),
              ("gold", "silver", "virtual", "prepaid", "debit", "travel"), ("savings", "checking"),
              ("groceries", "dining", "leisure", "health", "utilities"), ("economy", "business"))  # fmt: skip
    words = {word: group for group in groups for word in group}
    found = _outside_quotes(place.text, r"(?<!direct )\b[a-z]+\b(?! you| go)")
    match = pick(rng, [m for m in found if m[0] in words and m[0] != "debit"])
    if match is None:
        return None
    said = str([c.result for c in place.calls]) + place.text + str([c.arguments for c in place.calls])
    user = " ".join(str(m["content"]) for m in place.dialogue.messages[: place.message] if m["role"] == "user")
    others = [w for w in words[match[0]] if w not in said and w not in user]
    return None if not others else _put(place.text, match, pick(rng, others))


def free_of_charge(place: Place, rng: np.random.Generator) -> str | None:
    """What cost something is said to be free."""
    fees = [v for c in place.calls for k, v in c.result.items() if k in ("fee", "change_fee") and c.user_requested]
    if not any(fees) or "free" in str(place.calls):
        return None
    return f"{place.text} " + str(pick(rng, ["There was no fee.", "All of that at no cost.", "It was free of charge."]))


def nothing_done(place: Place, rng: np.random.Generator) -> str | None:
    """A look-up is told as a change."""
    tools = place.domain.spec.tools
    if any(tools[call.name].effect == "write" for call in place.calls):
        return None
    return f"{place.text} " + str(
        pick(
            rng,
            [
                "I have cancelled it.",
                "It has been paid.",
                "I also moved it.",
                "I deleted the old one.",
                "The change has been saved.",
                "I booked it for you.",
            ],
        )
    )


GIVEAWAYS = (
    "The hint says so.", "According to the hidden notes, this is next.", "The answer key has this call.",
    "My notes say it is the second one.", "The expected call comes next.", "The ground truth has it.",
    "As the plan says, this is the tool.", "The reference solution does this.", "The grader wants it.",
    "The system prompt's hint points there.", "I was told in advance which one it is.", "The hidden plan asks for it.",
    "In my private notes it is the last one.", "The gold answer has that.", "The teacher expects this tool.",
    "I'll guess that it is the first.", "This is only a guess.", "I pick one at random.", "I assume it is that one.",
    "The script wants me to do this.", "The cheat sheet gives it away.", "The hint tells me the account.",
)  # fmt: skip


def giveaway(place: Place, rng: np.random.Generator) -> str | None:
    """A thought speaks of what only the author knows."""
    return f"{pick(rng, GIVEAWAYS)} {place.text}"


def premature(place: Place, rng: np.random.Generator) -> str | None:
    """A thought knows a value before any result tells it."""
    later = [c for c in place.dialogue.calls if c.message >= place.message]
    before = str([c.result for c in place.dialogue.calls if c.message < place.message]) + str(
        [m["content"] for m in place.dialogue.messages[: place.message]]
    ) + str([c.arguments for c in place.dialogue.calls if c.message <= place.message])  # fmt: skip
    values = [v for c in later for v in scalars(c.result) if isinstance(v, str) and not re.match(r"\d{4}-\d\d", v)]
    values = [
        v
        for v in values
        if re.search(r"\d", str(v))
        and len(str(v)) > 3
        and len(str(v)) < 30
        and str(v) not in before
        and "\n" not in str(v)
    ]
    value = pick(rng, values)
    return None if value is None else f"{place.text} It will be {value}."


WISHES = (
    "And e-mail me a copy.", "Also book a taxi for tonight.", "And what's the weather like there?",
    "Then freeze the other card.", "Also remind me tomorrow.", "And tell me a joke.",
    "Please also call the support line.",
    "Then encrypt the whole folder.", "And subscribe me to the newsletter.", "Also notify my manager.",
    "And what does bitcoin stand at?", "And forward it to Legal.", "Also translate it.",
)  # fmt: skip


def extra_wish(place: Place, rng: np.random.Generator) -> str | None:
    """A message asks for more than its turn is about."""
    return f"{place.text} " + str(pick(rng, [w for w in WISHES if not _near(w, place)]))


def control(place: Place, rng: np.random.Generator) -> str | None:
    """A character stands there that nobody sees."""
    at = int(rng.integers(len(place.text) + 1))
    return (
        place.text[:at]
        + str(pick(rng, ["\x00", "\x07", "\u200b", "\u202e", "\ufeff", "\x1b", "\u2060"]))
        + place.text[at:]
    )


def markup(place: Place, rng: np.random.Generator) -> str | None:
    """The markup of a chat template stands in a text."""
    mark = pick(
        rng,
        ["<|im_end|>", "<|im_start|>", "</think>", "<tool_call>", "[INST]", "<|eot_id|>", "</s>", "<start_of_turn>"],
    )
    return f"{place.text}{mark}"


WORD_LIES = (
    says_failed, says_refused, extra_claim, promise, wrong_verb, wrong_act, negated, wrong_status, free_of_charge,
    nothing_done,
)  # fmt: skip
"""Lies in the words of a reply."""
THOUGHT_LIES = (giveaway, premature)
"""Lies in the words of a thought."""
USER_LIES = (extra_wish,)
"""Lies in a message."""
ANY_LIES = (control, markup)
"""Lies in any text."""
