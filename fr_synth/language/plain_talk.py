"""What people say in worlds without stories: one request in one manner, and a word that ties it to what came before.

Nothing is known there of who speaks and why, so little is made of it: no greetings strung together, no thanks in
advance. A dialogue keeps to one way of asking; a change of mind comes with a reason.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import msgspec

from fr_envs.streams import pick
from fr_synth.language.queries import Query, must_say, spelt_out
from fr_synth.language.questions import asks_of_one, question_for
from fr_synth.language.requests import Request, request_for, sentence
from fr_synth.language.verbalise import fill, singular

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from fr_envs.world.domain import Domain
    from fr_synth.trace.executed import ExecutedCall

__all__ = ["WAYS", "Moment", "Way", "say_plainly", "with_pronouns"]

Way: TypeAlias = Literal["direct", "polite", "asking", "brisk"]
"""A manner of asking that somebody keeps to."""

WAYS: tuple[Way, ...] = ("direct", "direct", "polite", "asking", "brisk")
"""Every manner, as often as it is drawn."""

_FIRST: dict[Way, tuple[str, ...]] = {
    "direct": ("{}", "{}", "I need you to {}"),
    "polite": ("please {}", "could you {}?", "could you please {}?", "hi, could you {}?", "hello, please {}"),
    "asking": ("can you {}?", "hi, can you {}?", "can you {} for me?"),
    "brisk": ("{}", "{}, please"),
}
_LATER: dict[Way, tuple[str, ...]] = {
    "direct": ("{}", "{}", "now {}"),
    "polite": ("please {}", "could you {}?", "{}, please", "could you also {}?"),
    "asking": ("can you {}?", "can you also {}?", "and can you {}?"),
    "brisk": ("{}", "{}, please"),
}
_AFTER_LOOK: dict[Way, tuple[str, ...]] = {
    "direct": ("then {}", "OK, {}", "good, {}"),
    "polite": ("then please {}", "thanks, then please {}", "thank you. Could you {}?"),
    "asking": ("OK, can you {}?", "then can you {}?"),
    "brisk": ("then {}", "OK, {}", "right, {}"),
}
_ASKED_FIRST: dict[Way, tuple[str, ...]] = {
    "direct": ("{}",), "polite": ("hi, {}", "hello, {}", "{}"), "asking": ("hi, {}", "{}"), "brisk": ("{}",),
}  # fmt: skip
_ASKED_LATER = ("{}", "{}", "and {}")
_OFF = (
    "they have just called it off, so {}", "change of plans: {} after all", "sorry, that's off now: {}",
    "sorry, something has come up, so {} again",
)  # fmt: skip
_OFF_WITH_REASON = ("sorry, {}", "I'm afraid I have to take that back: {}")
_DONE = ("{}", "then {}", "now {}")
_CHANGES = frozenset({
    "adjust", "change", "edit", "hand", "modify", "reassign", "rename", "set", "swap", "switch", "transfer", "update",
    "upgrade",
})  # fmt: skip
_SECOND_THOUGHTS: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (
        frozenset({"move", "postpone", "reschedule", "shift"}),
        (
            "that day doesn't work after all, so {}", "something has come up, so {}", "on second thoughts, {}",
            "they can't make it that day, so {}", "sorry, I got the date wrong: {}",
        ),
    ),
    (
        frozenset({"extend", "lengthen", "prolong", "renew"}),
        (
            "I've just heard that it won't be long enough, so {}", "that's a bit short, so {}",
            "they need it for longer than that, so {}", "on second thoughts, {}",
        ),
    ),
    (
        _CHANGES,
        (
            "on second thoughts, {}", "actually, {}", "sorry, I got that wrong: {}", "wait, {}",
            "I've changed my mind: {}",
        ),
    ),
)  # fmt: skip
"""Why somebody changes what was made a moment ago, by the verb of the change."""


_SHORT = 14  # characters up to which words that tie a request to what came before can come up again


class Moment(NamedTuple):
    """Where in a dialogue something is said.

    Attributes:
        before: The calls of the turns before.
        way: The manner of the dialogue.
        said: What the person has said so far.
        off: What is asked for takes back, is done with, or changes what the dialogue has made.
    """

    before: Sequence[ExecutedCall]
    way: Way
    said: str = ""
    off: Literal["", "undo", "finish", "change"] = ""


def say_plainly(
    domain: Domain[Any], steps: Sequence[ExecutedCall], moment: Moment, rng: np.random.Generator
) -> Query | None:
    """Write the message of a turn with one request; None if it cannot be put into words.

    Args:
        domain: The world.
        steps: The turn's calls.
        moment: Where in the dialogue it is said.
        rng: Chooses among the phrases.
    """
    asked = [step for step in steps if step.user_requested]
    if len(asked) != 1:
        return None
    request = _request(domain, asked[0], moment, rng)
    if request is None:
        return None
    frames = _frames(domain, asked[0], request, moment)
    said = moment.said.lower()
    fresh = [each for each in frames if len(each) < _SHORT or each[:_SHORT].lower() not in said]
    text = fill(pick(rng, fresh or frames), {"": request.text})
    if text.endswith("for me?") and re.search(r"\bfor\b", request.text):
        text = text.removesuffix(" for me?") + "?"
    hard = _whole(text)
    return Query(spelt_out(domain, steps, "", rng), singular(hard, [w for w in must_say(steps) if w in hard]))


def _request(domain: Domain[Any], step: ExecutedCall, moment: Moment, rng: np.random.Generator) -> Request | None:
    if asks_of_one(domain.spec, step):
        found = question_for(domain, step, moment.before, rng)
        if found is not None:
            return found
    return request_for(domain.spec.tools[step.call.name], step, rng)


def _frames(domain: Domain[Any], step: ExecutedCall, request: Request, moment: Moment) -> Sequence[str]:
    """Return the ways to begin and end a message, with a place for the request."""
    first, way = not moment.before, moment.way
    goes_on = re.search(r"\b(?:status|state)\b", request.text) is not None  # how a thing stands is no change of mind
    if moment.off == "change" and not goes_on:
        verbs = frozenset(request.text.split()[:1]) | frozenset(step.call.name.lower().split("_")[:1])
        thoughts = next((several for known, several in _SECOND_THOUGHTS if known & verbs), ())
        if thoughts:
            return thoughts
    elif moment.off and moment.off != "change":
        reason = "because" in request.text
        return _DONE if moment.off == "finish" else _OFF_WITH_REASON if reason else _OFF
    if not request.order:
        return _ASKED_FIRST[way] if first else _ASKED_LATER
    if first:
        return _FIRST[way]
    last = next(each for each in reversed(moment.before) if each.user_requested)
    looked = domain.spec.tools[last.call.name].effect == "read"
    return _AFTER_LOOK[way] if looked else _LATER[way]


def _whole(text: str) -> str:
    """Return a message as one or two sentences; a question mark does not come behind a text in quotes with its own."""
    text = re.sub(r'([.?!]")([.?])$', r"\1", text)
    text = re.sub(r"(: \"[^\"]*\"), please$", r"\1", text)
    return sentence(text)


_PRONOUNS = 0.4  # share of things dealt with last that are "it" where there is room for it
_OBJECT = r"^(?:[a-z]+|record that|mark) \{%s\}"


def with_pronouns(
    domain: Domain[Any], steps: Sequence[ExecutedCall], rng: np.random.Generator
) -> tuple[ExecutedCall, ...]:
    """Return a turn's calls in which some things dealt with last are "it" where the words leave them room for that.

    Args:
        domain: The world.
        steps: The turn's calls.
        rng: Decides.
    """
    return tuple(_with_pronoun(domain, step, rng) for step in steps)


def _with_pronoun(domain: Domain[Any], step: ExecutedCall, rng: np.random.Generator) -> ExecutedCall:
    tool = domain.spec.tools[step.call.name]
    for pointer, mention in step.mentions.items() if step.user_requested else ():
        kind = domain.spec.kinds[mention.kind]
        if mention.way != "anaphora" or "it" not in kind.anaphora or len(step.mentions) > 1:
            continue
        name = pointer.removeprefix("/")
        says_that = any(f" that {{{name}}}" in text for text in tool.request_templates)  # nobody says "that that"
        fits = bool(tool.request_templates) and not asks_of_one(domain.spec, step)  # of which of two things one asks?
        fits = fits and all(re.match(_OBJECT % re.escape(name), text) for text in tool.request_templates)
        if says_that or (fits and rng.random() < _PRONOUNS):
            return step._replace(mentions={pointer: msgspec.structs.replace(mention, text="it")})
    return step
