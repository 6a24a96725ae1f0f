"""What words of names stand for: people and places, moments and lengths, sums and texts."""

from __future__ import annotations

from fr_envs.adapters.words.grammar.phrases import spaced
from fr_envs.adapters.words.grammar.verbs import words_of

__all__ = [
    "ALTERS",
    "CHANGES",
    "COUNTS",
    "DOERS",
    "ENDS",
    "LASTS",
    "LENGTHENS",
    "LEVELS",
    "MAKERS",
    "MOVES",
    "OVER",
    "PEOPLE",
    "PLACES",
    "RECEIVERS",
    "SEEKS",
    "STARTS",
    "SUMS",
    "TO",
    "UNITS",
    "changes",
    "is_end",
    "is_key",
    "is_length",
    "is_person",
    "is_several",
    "is_text",
    "is_time",
    "words_of",
]


TO = frozenset(["assign", "give", "hand", "lend", "offer", "return", "sell", "send", "share", "ship", "transfer"])
CHANGES = frozenset(["adjust", "change", "edit", "modify", "patch", "rename", "set", "update"])
MOVES = frozenset(["defer", "delay", "move", "postpone", "reschedule", "shift"])
LENGTHENS = frozenset(["extend", "lengthen", "prolong", "renew", "shorten", "increase", "decrease", "raise", "lower"])
PEOPLE = words_of(
    "assignee attendee borrower buyer client contact customer employee guest member owner passenger patient person "
    "applicant candidate dancer holder musician participant player pupil resident singer volunteer worker "
    "baker climber collector dealer exhibitor farmer fisher gardener grower keeper leaseholder lodger maker painter "
    "picker sailor skater tester trader "
    "animal cat child claimant dog horse kitten pet pony puppy "
    "reader reporter requester rider student subscriber tenant traveler traveller user visitor"
)
DOERS = words_of("coach courier doctor driver guide instructor mechanic teacher technician therapist trainer vet")
GROUPS = words_of("band class club company ensemble family firm group organisation organization school society team")
RECEIVERS = frozenset({"recipient", "receiver", "addressee"})
MAKERS = frozenset({"artist", "author", "composer", "director", "writer"})
PLACES = frozenset({"area", "city", "country", "district", "language", "neighbourhood", "region", "room", "town"})
LEVELS = frozenset({"priority", "severity", "urgency", "importance"})
STARTS = (
    "arrival",
    "arrives",
    "begin",
    "first day",
    "check in",
    "checkin",
    "departure",
    "from",
    "pickup",
    "since",
    "start",
    "valid from",
)
ENDS = (
    "check out",
    "checkout",
    "drop off",
    "end",
    "expires",
    "last day",
    "leaves",
    "leaving",
    "expiry",
    "finish",
    "return",
    "till",
    "until",
    "valid to",
)
OVER = words_of("block call cancel close decline delete deny dismiss drop refund reject remove return revoke stop void "
             "withdraw")  # fmt: skip

COUNTS = frozenset({"count", "qty", "quantity"})
"""Names of how many there are of what stands beside them."""

SUMS = words_of("amount budget cost fare fee price rent sum total")
LASTS = words_of("day days servings guest guests adults children hour hours minute minutes month months night nights "
                 "people person persons seats week weeks year years")  # fmt: skip
UNITS = {
    "eur": "EUR", "usd": "USD", "gbp": "GBP", "kg": "kg", "km": "km", "m": "m", "cm": "cm", "mm": "mm", "g": "g",
    "percent": "percent", "sqm": "sqm", "kcal": "kcal", "kwh": "kWh", "mg": "mg", "ml": "ml",
}  # fmt: skip
SEEKS = words_of("find get list look search show")
ALTERS = MOVES | LENGTHENS
"""Verbs that say in which way something becomes another, and not into what."""


def is_time(words: str) -> bool:
    """Return True for words that name a moment: a day, a date, the beginning or end of something.

    Example:
        >>> is_time("start date"), is_time("check out"), is_time("date format"), is_time("startup")
        (True, True, False, False)
    """
    last = words.split()[-1]
    return (
        last in {"date", "day", "time", "at"}
        or (last == "on" and " " in words)
        or words in {*STARTS, *ENDS} - {"from", "return"}
    )


_TEXTS = words_of("body comment content contents description fault issue message note notes problem remark remarks "
                  "subject summary symptom symptoms text")  # fmt: skip


def is_text(name: str) -> bool:
    """Return True for the name of a text that is told behind a colon, by its last word.

    Example:
        >>> is_text("note_text"), is_text("title")
        (True, False)
    """
    return spaced(name).lower().split()[-1] in _TEXTS


def is_person(noun: str) -> bool:
    """Return True for what people are called by what they do or want: a member, a doctor."""
    return bool(noun) and noun.lower().split()[-1] in PEOPLE | DOERS | MAKERS | RECEIVERS


def is_doer(noun: str) -> bool:
    """Return True for a word that says by its ending that somebody comes or wants something: an observer, a pianist.

    Who serves them, as an engineer does, is another matter.

    Example:
        >>> is_doer("observer"), is_doer("order"), is_doer("pianist"), is_doer("engineer")
        (True, False, True, False)
    """
    last = noun.lower().split()[-1] if noun else ""
    return len(last) > 4 and last.endswith(("er", "or", "ist")) and last not in _NO_DOERS | DOERS | MAKERS


_NO_DOERS = words_of(
    "anchor answer banner barometer boiler buffer burner calendar carrier center chapter charger color computer "
    "conductor container cooker corner counter cover cutter diameter dinner divider drawer dryer elevator engineer "
    "error factor filter finger flavor flower floor folder freezer gender header heater identifier indicator ladder "
    "layer letter list locker mirror mixer monitor motor mower newsletter number offer operator order organiser "
    "organizer other paper parameter parlor perimeter pier plotter pointer porter poster power presenter printer "
    "projector provider publisher quarter register river router scanner scooter sector semester sensor server shelter "
    "shower sister speaker sponsor sticker summer supper supplier temper tender theater thermometer tower tracker "
    "tractor trailer trimester vector vendor voucher washer water weather winter wrapper"
)


def is_length(name: str) -> bool:
    """Return True for the name of a number of days, nights, people and their like.

    Example:
        >>> is_length("nights"), is_length("number_of_nights"), is_length("price")
        (True, False, False)
    """
    return spaced(name).lower() in LASTS


def is_end(words: str) -> bool:
    """Return True for words that name the later end of a span of time."""
    return words.startswith(ENDS)


def changes(verb: str) -> bool:
    """Return True for a verb that says that something is changed, and not how."""
    return verb in CHANGES


def is_key(name: str) -> bool:
    """Return True for the name of what opens something: a token, a code, a session."""
    return bool(set(spaced(name).lower().split()) & {"code", "key", "password", "pin", "secret", "session", "token"})


def is_several(words: str) -> bool:
    """Return True for a noun phrase that ends in a plural.

    Example:
        >>> is_several("open orders"), is_several("the bus"), is_several("children")
        (True, False, True)
    """
    several = words.endswith("s") and not words.endswith(("ss", "us", "is"))
    return several or words.split()[-1:] in (["children"], ["people"])
