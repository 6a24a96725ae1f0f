"""An order that was carried out, said back in one sentence: "The shift is handed over to Ada"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.attaching import changes
from fr_envs.streams import pick
from fr_synth.language.told.figures.units import MASSES
from fr_synth.language.told.values import is_plural, portion

if TYPE_CHECKING:
    import numpy as np

    from fr_synth.language.told.orders.wishes import Wish

__all__ = ["COMPLAINT", "carried_out"]


def carried_out(wish: Wish, rng: np.random.Generator) -> str:
    """Say that a wish has been carried out, in one sentence; "That's done." where none can be built from its words.

    Args:
        wish: The order.
        rng: Chooses among the forms.
    """
    about, tail = wish.about, wish.tail
    if about.startswith("that ") and wish.verb in _WRITES_DOWN and not _RECORDED.match(about):
        return f"I have {wish.done} {' '.join(filter(None, (about, tail)))}."
    if changes(wish.verb) and tail.startswith("to ") and (said := _changed(wish)):
        return said
    return _done(wish, rng)


def _changed(wish: Wish) -> str:
    """Say what something is now; empty for a count, which is carried out like other orders."""
    about, tail = wish.about, wish.tail
    if wish.verb == "rename" and tail.startswith("to "):
        return f"{_upper(about)} is now called {tail[3:]}."
    if not _COUNT.match(tail):
        head = about.removeprefix("the ").partition(" of ")[0].split()
        be = "are" if head and is_plural(head[-1]) and head[0] != "number" else "is"
        return f"{_upper(about)} {be} now {tail[3:]}."
    return ""


def _done(wish: Wish, rng: np.random.Generator) -> str:
    """Say that something was done."""
    about, tail = wish.about, wish.tail
    recorded = _RECORDED.match(about)
    if recorded is not None:
        return f"{_upper(recorded[1])} is {wish.done} as {recorded[2]}{' ' if tail else ''}{tail}."
    about, tail = _received(wish.verb, *_from_whom(about, tail))
    done, about, tail = _arranged(wish.done, about, tail)
    complaint = COMPLAINT.match(f"{about} {tail}")
    if complaint is not None:
        return f"The {complaint[1]} is {done}."
    part = re.fullmatch(r"(\d+) ([a-z][a-z -]*)", about)
    about = portion(int(part[1]), part[2]) if part is not None and " of " not in f" {part[2]}" else about
    paid = _FOR.match(f"{wish.verb} {about} {tail}".strip())
    if paid is not None:
        return f"{_upper(paid[1])} {'are' if _is_several(paid[1]) else 'is'} paid for."
    if not about or about.split()[0].lower() in _CLAUSES or about in _PARTICLES:
        return pick(rng, ["That's done.", "Done."])
    if re.match(r"\d+ x ", about):
        return f"That's done: {about}{' ' if tail else ''}{tail}."
    be = "are" if _is_several(about) else "is"
    about = f"{about}," if not tail and _DONE_BEFORE.search(about) else about
    between = "" if not tail or tail.startswith((":", ",")) else " "
    return f"{_upper(about)} {be} {done}{between}{tail}."


_WRITES_DOWN = frozenset({"confirm", "log", "mark", "mention", "note", "record", "register", "report"})
COMPLAINT = re.compile(r"an? ((?:breakdown|defect|fault|issue|problem) (?:at|in|of|on|with) .+?) ?: \"")
_FOR = re.compile(r"pay for ([^,:]+)$")
_COUNT = re.compile(r"to \d[\d,.]* [a-z]+$")
_RECORDED = re.compile(r"that (.+) (?:has|have) been ([a-z]+)$")
_CLAUSES = frozenset({"as", "for", "from", "how", "if", "on", "that", "to", "whether", "who", "with"})
_PARTICLES = frozenset({"away", "back", "down", "in", "off", "on", "out", "over", "up"})
_MEANWHILE = re.compile(r"^((?:the|your) [a-z]+(?: [a-z]+)?) (back|down|off|on|out|up) ((?:after|when|while) .+)$")
_RELATIVE = re.compile(r" (?:that|which) ")  # whose particle is of another verb: "that is set up"
_AS = re.compile(r"^(.+?) (as [a-z][a-z ]*|over|back|out|off|on|in|up|down|again|early)$")


_GIVES = frozenset({
    "assign", "award", "bring", "deliver", "email", "give", "grant", "hand", "issue", "lend", "mail", "offer", "owe",
    "pass", "pay", "post", "read", "sell", "send", "serve", "show", "teach", "tell", "text",
})  # fmt: skip
_NOUN = (
    r"(?!(?:about|after|and|as|at|back|before|by|for|from|in|into|like|of|off|on|onto|or|out|over|per|since|than|that"
    r"|through|to|under|until|up|via|which|who|with|within|without)\b)[a-z]+"
)
_TO_WHOM = re.compile(
    rf"((?:all|all the|an?|each|every|the|your) (?:{_NOUN} )?{_NOUN}|[A-Z]\S*(?: [A-Z]\S*)*) "
    r"((?:another|an?|the|your|\d+) (?!(?:first |last |next |same |second )?(?:day|month|time|week|year)s?\b).+)"
)
_OF_THE_GIFT = re.compile(r"(?:about|from|(?:for|to) (?!\d)) ?")  # begins what says which: "a bill for the repair"


def _from_whom(about: str, tail: str) -> tuple[str, str]:
    """Return what an order is about and what follows; who something came from belongs to it: "a donation from Ada"."""
    whose = _FROM_WHOM.match(tail) if _COMES_FROM.match(about) else None
    return (f"{about} {whose[1]}", whose[2].strip()) if whose is not None else (about, tail)


_COMES_FROM = re.compile(
    r"an? (?:[a-z]+ )?(?:call|complaint|contribution|delivery|donation|gift|message|payment|request)\b"
)
_FROM_WHOM = re.compile(r"(from (?:(?! (?:for|on|at|to|with) ).)+)(.*)$")


def _received(verb: str, about: str, tail: str) -> tuple[str, str]:
    """Return what somebody is given and what follows, with them behind it: only it can be the subject of the passive.

    Example:
        >>> _received("send", "the owner a reminder", "by SMS"), _received("send", "the owner a link", "to the form")
        (('a reminder', 'to the owner by SMS'), ('a link to the form', 'to the owner'))
        >>> _received("send", "the parcel", "to Ada")
        ('the parcel', 'to Ada')
    """
    match = _TO_WHOM.fullmatch(about) if verb in _GIVES else None
    if match is None:
        return about, tail
    if _OF_THE_GIFT.match(tail):
        return f"{match[2]} {tail}", f"to {match[1]}"
    return match[2], f"to {match[1]} {tail}".strip()


def _arranged(done: str, about: str, tail: str) -> tuple[str, str, str]:
    """Return a participle, what it is said of and what follows, each particle behind its participle.

    Example:
        >>> _arranged("handed", "the shift over", "to Ada"), _arranged("marked", "the dryer as repaired", "")
        (('handed over', 'the shift', 'to Ada'), ('marked as repaired', 'the dryer', ''))
        >>> _arranged("checked", "in the guest", "")
        ('checked in', 'the guest', '')
    """
    first, _, rest = about.partition(" ")
    if first in _PARTICLES or (first == "of" and rest):  # "of the umbrella", which is disposed of
        done, about = f"{done} {first}", rest
    aside = _MEANWHILE.match(about)
    if aside is not None:  # "the heating down while nobody is home"
        return f"{done} {aside[2]}", aside[1], f"{aside[3]} {tail}".strip()
    match = None if _RELATIVE.search(about) else _AS.match(about)
    return (f"{done} {match[2]}", match[1], tail) if match is not None else (done, about, tail)


def _is_several(text: str) -> bool:
    if _WEIGHED.match(text):  # "3 kg of flour"
        return False
    if re.match(r"[A-Z][a-z]+ [a-z]", text):  # a title: "Quiet interfaces"
        return False
    words = re.match(r"[A-Za-z ]*", text.partition(" of ")[0])
    if _PARTS_OF.match(text):  # "the ingredients of the pie"
        return True
    head = words[0].split() if words is not None and "'" not in text.partition(" of ")[0] else []
    if head and head[0] == "the" and len(head) > 1 and any(word[0].isupper() for word in head[1:]):
        return is_plural(head[-1].lower()) and head[-1].lower() not in _ONE_WITH_S  # "the House keys", called so
    if (
        head
        and head[0].lower() not in ("a", "an", "the")
        and is_plural(head[-1])
        and head[-1].islower()
        and head[-1] not in _ONE_WITH_S
    ):
        return True
    match = re.match(r"(\d[\d,.]*) ", text)
    return match is not None and match[1] != "1" and not match[1].startswith("0.")


_DONE_BEFORE = re.compile(r", [a-z]+(?: (?:at|in) [^,]+)? (?:at|on) [^,]+$")
_ONE_WITH_S = frozenset({"atlas", "canvas", "christmas", "gas", "lens", "mathematics", "news", "physics", "series"})
_WEIGHED = re.compile(rf"[\d.,]+ (?:{'|'.join(sorted(MASSES))})\b")
_PARTS_OF = re.compile(r"the (?:[a-z]+ )?[a-z]*[^aius]s of ")


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
