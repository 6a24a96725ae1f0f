"""How people point at a thing by what is told of it: by its name, by whose it is, by what sort it is of."""

from __future__ import annotations

import re

from fr_envs.adapters.words.grammar.phrases import spaced
from fr_envs.adapters.words.grammar.verbs import VERBS
from fr_envs.adapters.words.grammar.vocabulary import (
    GROUPS,
    LEVELS,
    MAKERS,
    PEOPLE,
    RECEIVERS,
    STARTS,
    is_doer,
    is_end,
    is_time,
    words_of,
)

__all__ = ["GOODS", "names_it", "pointed_at"]

_CODED = words_of("bus coach ferry flight gate line platform train tram")
_PLAIN_NAMES = words_of(
    "alarm bay bed bike board boat car channel class club collection court course desk device folder garden group hall "
    "apartment arena bench berth booth bouquet bundle cabin camp campsite chalet cottage cruise dock field flat gym "
    "bus cake frame hamper kit menu round stand tray "
    "hut jetty lesson lodge marquee mooring office package pier pitch plan platform pool program programme seminar "
    "session space stall suite tour villa ward wing workshop "
    "list locker lot machine playlist plot pool printer queue room route shelf site station store studio team track "
    "trip unit van vehicle ward warehouse workspace zone"
)
_APPLIANCES = words_of(
    "amplifier bicycle canoe computer drone guitar kayak laptop microphone phone projector robot tablet trailer "
    "appliance camera car coat costume device drill dress garment gadget instrument item lens machine outfit printer "
    "prop scope suit telescope tent tool toy van vehicle"
)
_QUOTED = words_of("card email issue memo message note post request task thread ticket todo")
_KINDS = words_of("category class colour color cuisine genre kind level make material size specialty speciality type "
              "weekday")  # fmt: skip
GOODS = words_of("appliance breed brand cake crop cuisine device dish drink film flavor flavour game instrument item "
              "meal model movie piece plant product recipe service species sport style subject topic treatment variety "
              "wine")  # fmt: skip
"""Words for what is called by its sort."""
_FIRST_NAMES = frozenset({"name", "title", "subject", "summary", "label"})


def names_it(member: str, about: str) -> bool:
    """Return True if a member is the name of what it belongs to.

    Example:
        >>> names_it("title", "book"), names_it("room_name", "room"), names_it("guest_name", "stay")
        (True, True, False)
    """
    words = spaced(member).lower()
    return words in _FIRST_NAMES or any(words == f"{about} {each}" for each in _FIRST_NAMES)


def pointed_at(about: str, member: str, place: str) -> str:
    """Return words that point at a thing by what is told of it, as people speak of such things.

    Example:
        >>> pointed_at("book", "title", "{title}"), pointed_at("room", "name", "{name}")
        ('{title}', 'the {name} room')
        >>> pointed_at("claim", "employee", "{employee}"), pointed_at("stay", "check_in", "{check_in}")
        ("{employee}'s claim", 'the stay starting on {check_in}')
        >>> pointed_at("ticket", "subject", "{subject}"), pointed_at("flight", "number", "{number}")
        ('the "{subject}" ticket', 'flight {number}')
        >>> pointed_at("hive", "last_checked", "{last_checked}")
        'the hive last checked on {last_checked}'
    """
    words = spaced(member).lower()
    last, bare = words.split()[-1], words.removesuffix(" name").split()[-1]
    head = about.split()[-1] if about else ""
    if names_it(member, about) or (words in _FAMILY_NAMES and head in GROUPS):
        return _by_name(about, head, place) if words not in _FAMILY_NAMES else f"the {place} {about}"
    if words == "number" or (head in _CODED and last == "number"):
        return f"{about} {place}"
    if bare in PEOPLE | RECEIVERS | {"driver"} or is_doer(bare):
        return f"{place}'s {about}"
    if time := _by_time(words, last, about, place):
        return time
    for names, text in _SAID:
        if (last in names or bare in names) and not (names is _KINDS and words != last):
            return text.format(about=about, place=place, words=words)
    if words.endswith(" name") or last in GROUPS:
        return f"the {about} for {place}"
    return f"the {about} with the {spaced(member)} {place}"


_FAMILY_NAMES = frozenset({"family name", "last name", "surname"})
_SAID = (
    (GOODS, "the {place} {about}"),
    (MAKERS, "the {about} by {place}"), (LEVELS, "the {place}-{words} {about}"), (_KINDS, "the {place} {about}"),
    (frozenset({"amount", "total"}), "the {about} of {place}"),
    (frozenset({"city", "country", "town"}), "the {about} for {place}"),
    (frozenset({"destination"}), "the {about} to {place}"),
    (frozenset({"location", "site", "venue"}), "the {about} at {place}"),
)  # fmt: skip


_DONE = re.compile(r"last [a-z]+(?:ed|en|wn|nt)")


def _by_time(words: str, last: str, about: str, place: str) -> str:
    """Return words that point at a thing by a day or hour of it; empty for what is none."""
    if words.startswith("due"):
        return f"the {about} due {place}"
    if _DONE.fullmatch(words):  # "the hive last checked on 4 May"
        return f"the {about} {words} on {place}"
    if not is_time(words) or is_end(words):
        return ""
    if last == "time":
        return f"the {place} {about}"
    if last == "on" and words.split()[0] in VERBS:  # "deliver on"
        return f"the {about} for {place}"
    if last == "on" and not words.startswith(STARTS):
        return f"the {about} {words} {place}"
    if words in {"collection date", "delivery date", "pickup date"}:
        return f"the {about} for {place}"
    return f"the {about} {'starting on' if words.startswith(STARTS) else 'on'} {place}"


def _by_name(about: str, head: str, place: str) -> str:
    if head in _CODED:
        return f"{about} {place}"
    if head in _QUOTED:
        return f'the "{place}" {about}'
    if head in _APPLIANCES:
        return f"the {place}"
    return f"the {place} {about}" if head in _PLAIN_NAMES else place
