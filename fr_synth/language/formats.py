"""Values in words: the filters that wordings put a value through.

=============  ==========================================================  ==========================
filter         what it gives                                               example
=============  ==========================================================  ==========================
(none)         numbers with thousands, ISO dates as days, lists joined     1,240.50; 12 March; a and b
money[:CODE]   two decimals, with the currency where it is known           €1,240.00; 310.00 SEK
amount         a number without idle decimals                              1,240
day            day and month, with the year where it is another one        12 March
date           weekday, day and month                                      Friday 12 March
weekday        the day of the week                                         Friday
when           the day as people say it near to it                         tomorrow; on Friday; on 12 March
nth            the day of the month, or a number, as people count          12th
month          the month                                                   March
time           time of day                                                 14:05
plural:NOUN    a count with its noun                                       3 nights
words          a small number in words                                     three
name, folder   the last part of a path, or what stands before it           notes.md
first, last    the first or last word                                      Marta
quoted         in quotation marks                                          "Rent flat 4"
label          an identifier's underscores as spaces                       not received
lower, title   in small letters, or with a capital
named          in capitals of names                                        Nordea Bank Finland Plc
country        the country of a code                                       Switzerland
size           a number of bytes                                           1.2 kB
=============  ==========================================================  ==========================
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import re
from typing import TYPE_CHECKING

import babel
import babel.dates
import babel.lists
import babel.numbers
import inflection
import num2words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fr_envs.json_values import Json

__all__ = ["FILTERS", "in_words"]

_LOCALE = "en_GB"
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}
_FEW = 12  # numbers up to this are written as words
_HOUR = 60  # minutes
_WEEK = 7
_FAR = 183  # days from which on a date is told with its year


def in_words(
    value: Json, filters: tuple[str, ...] = (), *, today: str | None = None, currency: str | None = None
) -> str:
    """Return a value in words.

    Args:
        value: The value.
        filters: Filters, applied from left to right, each with its argument behind a colon.
        today: The world's day in ISO form, None where there is none.
        currency: Code of the currency of amounts, None where it is not known.

    Raises:
        LookupError: There is no such filter.

    Example:
        >>> in_words(1240.5, ("money",), currency="EUR"), in_words(3, ("plural:night",))
        ('€1,240.50', '3 nights')
    """
    if value and isinstance(value, str | int | float):  # of the numbers 0 two are equal and told apart all the same
        return _known_in_words(value, filters, today, currency)
    return _told(value, filters, today, currency)


def _told(value: Json, filters: tuple[str, ...], today: str | None, currency: str | None) -> str:
    if not filters:
        return _plain(value, today)
    for each in filters:
        name, _, argument = each.partition(":")
        value = FILTERS[name](value, argument, (today, currency))
    return str(value)


_known_in_words = functools.lru_cache(maxsize=16384, typed=True)(_told)
"""Values of one dialogue are told in several of its texts, and read in them again."""

_Context = tuple[str | None, str | None]


def _moment(value: Json) -> datetime.datetime:
    return datetime.datetime.fromisoformat(str(value))


def _plain(value: Json, today: str | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _amount(value)
    if isinstance(value, list | tuple):
        return babel.lists.format_list([_plain(each, today) for each in value], locale=_LOCALE)
    text = str(value)
    with contextlib.suppress(ValueError):
        if len(text) >= len("2027-03-12") and text[4:5] == "-":
            moment = _moment(text)
            return _day(text, "", (today, None)) + (f" at {moment:%H:%M}" if len(text) > len("2027-03-12") else "")
    return text


def _amount(value: Json, _argument: str = "", _context: _Context = (None, None)) -> str:
    whole = float(value) == int(value)
    if whole or isinstance(value, int):
        return f"{int(value):,}"
    return f"{value:,.2f}" if round(value, 2) == value else f"{value:,}"


def _money(value: Json, argument: str, context: _Context) -> str:
    code = argument or context[1] or ""
    number = f"{abs(float(value)):,.2f}"
    sign = "-" if value < 0 else ""
    if code in _SIGNS:
        return f"{sign}{_SIGNS[code]}{number}"
    return f"{sign}{number} {code}".rstrip()


def _day(value: Json, _argument: str, context: _Context) -> str:
    date, today = _moment(value).date(), context[0]
    near = today is not None and abs((date - datetime.date.fromisoformat(today)).days) <= _FAR
    return babel.dates.format_date(date, "d MMMM" if near else "d MMMM y", locale=_LOCALE)


def _date(value: Json, _argument: str, context: _Context) -> str:
    return f"{_weekday(value)} {_day(value, '', context)}"


def _weekday(value: Json, _argument: str = "", _context: _Context = (None, None)) -> str:
    return babel.dates.format_date(_moment(value).date(), "EEEE", locale=_LOCALE)


def _when(value: Json, _argument: str, context: _Context) -> str:
    """Return a day as it is said: from today within a day, by its weekday within the week, else by its date."""
    ahead = None if context[0] is None else (_moment(value).date() - datetime.date.fromisoformat(context[0])).days
    if ahead in (0, 1):
        return "today" if ahead == 0 else "tomorrow"
    return f"on {_weekday(value)}" if ahead is not None and 1 < ahead < _WEEK else f"on {_day(value, '', context)}"


def _nth(value: Json, _argument: str, _context: _Context) -> str:
    number = value if isinstance(value, int) else _moment(value).day
    return inflection.ordinalize(number)


def _month(value: Json, _argument: str, _context: _Context) -> str:
    text = str(value)
    date = datetime.date.fromisoformat(f"{text}-01" if len(text) == len("2027-03") else text[:10])
    return babel.dates.format_date(date, "MMMM", locale=_LOCALE)


def _plural(value: Json, argument: str, _context: _Context) -> str:
    count = len(value) if isinstance(value, list) else value
    noun = argument if count == 1 else _several(argument)
    return f"{_amount(count)} {noun}"


_several = functools.lru_cache(maxsize=4096)(inflection.pluralize)


def _words(value: Json, argument: str, _context: _Context) -> str:
    """A number, with what it counts if that is named: nobody counts zero bookings, there are no bookings."""
    count = len(value) if isinstance(value, list) else value
    small = isinstance(count, int) and 0 <= count <= _FEW
    number = str(num2words.num2words(count)) if small else _amount(count)
    if not argument:
        return number
    return f"{number if count else 'no'} {argument if count == 1 else _several(argument)}"


@functools.cache
def _territories() -> Mapping[str, str]:
    return dict(babel.Locale.parse(_LOCALE).territories)


def _name_of(text: str) -> str:
    """Return a name as people write it that stands in capitals; one that is an abbreviation keeps them."""
    if not text.isupper() or (" " not in text and len(text) <= _ABBREVIATED):
        return text
    return " ".join(word if not _VOWEL.search(word) else word.title() for word in text.split(" "))


_ABBREVIATED = 4  # letters: HSBC, KFC, EDF
_VOWEL = re.compile("[AEIOUY]")


def _size(value: Json, _argument: str, _context: _Context) -> str:
    return f"{value:,} bytes" if value != 1 else "1 byte"


def _hours(value: Json, _argument: str = "", _context: _Context = (None, None)) -> str:
    """Return minutes as people say them: in hours and minutes from an hour on."""
    hours, minutes = divmod(int(value), _HOUR)
    parts = [_plural(hours, "hour", _context)] if hours else []
    return " ".join([*parts, *([_plural(minutes, "minute", _context)] if minutes or not hours else [])])


FILTERS: Mapping[str, Callable[[Json, str, _Context], Json]] = {
    "money": _money,
    "amount": _amount,
    "day": _day,
    "date": _date,
    "weekday": _weekday,
    "when": _when,
    "nth": _nth,
    "month": _month,
    "time": lambda value, _a, _c: f"{_moment(value):%H:%M}",
    "plural": _plural,
    "words": _words,
    "name": lambda value, _a, _c: str(value).rstrip("/").rpartition("/")[2],
    "folder": lambda value, _a, _c: str(value).rstrip("/").rpartition("/")[0] or "/",
    "first": lambda value, _a, _c: (str(value).split() or [""])[0],
    "last": lambda value, _a, _c: (str(value).split() or [""])[-1],
    "quoted": lambda value, _a, _c: f'"{value}"',
    "label": lambda value, _a, _c: str(value).replace("_", " "),
    "lower": lambda value, _a, _c: str(value).lower(),
    "named": lambda value, _a, _c: _name_of(str(value)),
    "country": lambda value, _a, _c: _territories().get(str(value), str(value)),
    "title": lambda value, _a, _c: str(value)[:1].upper() + str(value)[1:],
    "size": _size,
    "hours": _hours,
}
"""Every filter by name: ``(value, argument, (today, currency))``."""
