"""Second thoughts put into words: why what was made a moment ago is to be otherwise, or what was said wrongly of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.attaching import COUNTS, is_time
from fr_envs.adapters.words.grammar.phrases import is_identifier, noun, spaced
from fr_envs.adapters.words.grammar.shaping import ANIMALS
from fr_envs.adapters.words.grammar.vocabulary import PEOPLE
from fr_synth.language.reference_rules import spoken
from fr_synth.language.verbalise import singular

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["CHANGES", "corrected", "otherwise", "put_right", "thoughts_on"]

CHANGES = frozenset({
    "adjust", "assign", "change", "edit", "hand", "modify", "reassign", "rename", "set", "swap", "switch", "transfer",
    "update", "upgrade",
})  # fmt: skip
"""Verbs that say that something is to be otherwise, and not how."""

_THOUGHTS: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (
        frozenset({"move", "postpone", "reschedule", "shift"}),
        (
            "that day doesn't work after all, so {}", "something has come up, so {}", "on second thoughts, {}",
            "sorry, I got the date wrong: {}", "{who} can't make it then, so {}",
            "{who} has asked for a different {when}: {}",
        ),
    ),
    (
        frozenset({"extend", "lengthen", "prolong", "renew"}),
        (
            "that won't be long enough after all, so {}", "on second thoughts, {}", "I've changed my mind: {}",
            "{who} needs it for longer, so {}",
        ),
    ),
    (
        frozenset({"cut", "reduce", "shorten"}),
        ("that's longer than needed after all, so {}", "on second thoughts, {}", "I've changed my mind: {}"),
    ),
    (CHANGES, ("on second thoughts, {}", "actually, {}", "I've changed my mind: {}")),
)  # fmt: skip
"""Why somebody changes what was made a moment ago, by the verb of the change."""

_THEN = re.compile(r"\bthen\b|\{when\}")
_DAYS = re.compile(r"\b(?:day|date)\b")
_LONGER = re.compile(r"\b(?:day|hour|month|night|week)s?\b")


def thoughts_on(step: ExecutedCall, text: str, before: Sequence[ExecutedCall]) -> tuple[str, ...]:
    """Return ways to begin a change of what was made a moment ago, each with a place for the request.

    Args:
        step: The change.
        text: Its request in words.
        before: The calls of the turns before.
    """
    verbs = frozenset(text.split()[:1]) | frozenset(step.call.name.lower().split("_")[:1])
    several = next((several for known, several in _THOUGHTS if known & verbs), ())
    dated = re.search(r"\d{4}", text) is not None
    several = tuple(each for each in several if dated or not _DAYS.search(each))
    if not dated and not re.search(r"\d\d:\d\d", text):  # moved to another place, and not to another time
        several = tuple(each for each in several if not _THEN.search(each))
    who = next(_comers(before), "")
    if not who or who in text:
        return tuple(each for each in several if "{who}" not in each)
    when = "day" if dated else "time"
    told = [each.replace("{who}", who).replace("{when}", when) for each in several
            if "for longer" not in each or _LONGER.search(text)]  # fmt: skip
    return tuple(told)


def _comers(before: Sequence[ExecutedCall]) -> Iterator[str]:
    """Iterate over the people for whom the last request was: those who can have asked for something else."""
    last = next((each for each in reversed(before) if each.user_requested), None)
    for name, value in last.call.arguments.items() if last is not None else ():
        words = spaced(name).lower().removesuffix(" name").split()
        person = words[-1] in PEOPLE - ANIMALS and re.fullmatch(r"[A-Z][\w'-]+(?: [\w'-]+)+", str(value)) is not None
        if isinstance(value, str) and (person or words[-1] in _FIRMS):
            yield value


_FIRMS = frozenset({"company", "family", "firm", "organisation", "organization", "school", "society", "team"})


def corrected(step: ExecutedCall, text: str) -> Iterator[str]:
    """Iterate over the ways to say what should have been said of a thing, in place of an order to change it.

    Args:
        step: The change, of one member of one thing.
        text: Its request in words.

    Example:
        A change of the plate of "that permit" is "sorry, I gave you the wrong plate for that permit. It should be …".
    """
    words = spoken(step.sources, step.mentions)
    held = next((n for n in words if (m := step.mentions.get(f"/{n}")) is not None and m.way == "anaphora"), "")
    others = [name for name in words if name != held]
    if not held or len(others) != 1 or len(step.call.arguments) != 2:
        return
    name, thing, value = others[0], words[held], words[others[0]]
    about = spaced(noun(name) if is_identifier(name) else name).lower()
    number = isinstance(step.call.arguments[name], int | float)
    if number and about.endswith(("s", "children", "people")) and about not in COUNTS:
        counted = f"{value} {about.removeprefix('number of ')}"
        yield from _counting(thing, counted if value != "1" else singular(counted))
    elif not number and re.match(rf"[a-z]+ the {re.escape(about)}\b", text):
        of = "" if thing == "it" else f" for {thing}"
        yield f"sorry, I gave you the wrong {about}{of}. It should be {value}"
        if not is_time(about):
            yield f"I made a mistake with the {about}{of}. It should be {value}"
    elif not number and thing == "it":
        yield f"actually, make it {value}"
        yield f"on second thoughts, make it {value}{'' if is_time(about) else ' instead'}"


def _counting(thing: str, counted: str) -> Iterator[str]:
    if thing == "it":
        yield from (
            f"actually, make it {counted}",
            f"on second thoughts, make it {counted}",
            f"sorry, make it {counted}",
        )


# -------------------------------------------------------------------------------------------------- ways to begin


def put_right(step: ExecutedCall, text: str, before: Sequence[ExecutedCall]) -> tuple[str, ...]:
    """Return the ways to say what was said wrongly, or why it is to be otherwise; none where there are no words.

    Args:
        step: The change.
        text: Its request in words, an order.
        before: The calls of the turns before.
    """
    return tuple(corrected(step, text)) or thoughts_on(step, text, before)


def otherwise(step: ExecutedCall, text: str, before: Sequence[ExecutedCall]) -> tuple[str, ...]:
    """Return the ways to begin a change of what a dialogue has made; none where it is no change of mind.

    Args:
        step: The change.
        text: Its request in words.
        before: The calls of the turns before.
    """
    if re.search(r"\b(?:status|state)\b", text):  # how a thing stands is no change of mind
        return ()
    verbs = frozenset(text.split()[:1]) | frozenset(step.call.name.lower().split("_")[:1])
    thoughts = thoughts_on(step, text, before)
    if thoughts and (not verbs & CHANGES or _takes_back(step, before)):
        fixed = tuple(corrected(step, text)) if verbs & CHANGES else ()
        return fixed or thoughts
    return ()


def _takes_back(step: ExecutedCall, before: Sequence[ExecutedCall]) -> bool:
    """Return True if a change is of what was asked for before, and not of something that nobody has spoken of."""
    settled = {name for each in before if each.user_requested for name in each.call.arguments}
    return any(name in settled for name in step.call.arguments if f"/{name}" not in step.mentions) or any(
        mention.way == "fields" and pointer.removeprefix("/") in settled for pointer, mention in step.mentions.items()
    )
