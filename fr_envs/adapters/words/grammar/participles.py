"""What is told by a participle, "found in the lobby on 3 May"; texts about a thing, and games between two."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import spaced
from fr_envs.adapters.words.grammar.vocabulary import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.contract.spec import Parameter

__all__ = ["about_it", "between", "is_of_text", "participle_in", "with_participles"]

_IRREGULAR = words_of(
    "begun born bought broken brought built caught done drawn driven eaten found given held hurt kept left lent lost "
    "made met paid put read sealed seen sent set sewn sold sown spent stolen taken told won woven written"
)
_NAMED = re.compile(r"([a-z]+) (on|at)")


def participle_in(name: str) -> str:
    """Return the participle of what a name says when or where something was done; empty for other names.

    Example:
        >>> participle_in("found_on"), participle_in("seen_at"), participle_in("starts_at"), participle_in("due_on")
        ('found', 'seen', '', '')
    """
    match = _NAMED.fullmatch(spaced(name).lower())
    done = match is not None and (match[1] in _IRREGULAR or (match[1].endswith("ed") and match[1] not in _NONE))
    return match[1] if match is not None and done else ""


_NONE = frozenset({"bed", "feed", "need", "seed", "shed", "speed"})


def with_participles(order: str, several: Sequence[Parameter]) -> str:
    """Return an order with what was done to its thing in one clause: "…, found in {location} on {found_on}".

    Args:
        order: The order, with places for its arguments.
        several: The arguments.
    """
    for p in several:
        done = participle_in(p.name)
        told = re.search(rf" {done} (on|at) \{{{p.name}\}}", order) if done else None
        if told is None or f", {done} " in order:
            continue
        rest = f"{order[: told.start()]}{order[told.end() :]}"
        where = next((each for q in several if (each := _place(q, done, rest)) is not None), None)
        spot = "" if where is None else where[0]
        rest = rest if where is None else f"{rest[: where.start()]}{rest[where.end() :]}"
        order = f"{rest}, {done}{spot} {told[1]} {{{p.name}}}"
    return order


def _place(parameter: Parameter, done: str, order: str) -> re.Match[str] | None:
    """Return where an order tells the place at which something was done."""
    said = re.search(rf"\b(?:it|they) (?:was|were) {done}\b", parameter.field.description) is not None
    spot = spaced(parameter.name).lower().split()[-1] in _SPOTS
    return re.search(rf" (?:at|in) (?:the )?\{{{parameter.name}\}}", order) if said or spot else None


_SPOTS = words_of("location place spot venue where")
_TEXTS = r"(?:announcement|card|e-?mail|invitation|label|letter|message|note|notice|post|report|summary|text)"
_DETAILS = re.compile(
    rf"\b(?:the|an?) ((?:[a-z]+ )?{_TEXTS}) (?:with|containing|of) (?:all |all the |the )?(?:details|information) "
    r"(?:about|of|on) (?=an?\b|the\b|\{)"
)


def about_it(text: str) -> str:
    """Return a description of a text with what it is about, and not with what stands in it.

    Example:
        >>> about_it("Write the message with all details of a ride")
        'Write a message about a ride'
    """
    return _DETAILS.sub(lambda each: f"{'an' if each[1][0] in 'aeiou' else 'a'} {each[1]} about ", text)


_OF_TEXT = re.compile(rf"[a-z]+ (?:(?:an?|the) )?(?:[a-z]+ ){{0,2}}?{_TEXTS}\b", re.IGNORECASE)


def is_of_text(description: str) -> bool:
    """Return True for a tool whose description names a text that it makes or gives.

    Example:
        >>> is_of_text("Write a message about a ride."), is_of_text("Get the seat of a rider.")
        (True, False)
    """
    return _OF_TEXT.match(description) is not None


_MEETS = re.compile(
    r"^([a-z]+ (?:an?|the) (?:[a-z]+ )?(?:bout|duel|fixture|game|match|meeting|race))(?: result)? for (\{\w+\}) and "
    r"(\{\w+\})(?= |$)"
)


def between(order: str) -> str:
    """Return an order about what two play with that between them.

    Example:
        >>> between("record a played game for {white} and {black} with the result {result}")
        'record a game between {white} and {black} with the result {result}'
    """
    return _OVER.sub(r"\1", _MEETS.sub(r"\1 between \2 and \3", order))


_OVER = re.compile(r"^([a-z]+ an? )(?:finished|played) (?=[a-z]+ between \{)")
