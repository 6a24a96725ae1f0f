"""Phase II, second half: what the user says. The hard query hides every step that is not a request of its own."""

from __future__ import annotations

import collections
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.json_values import member_of
from fr_envs.streams import pick
from fr_synth.language.manner import PLAIN, Manner
from fr_synth.language.reference_rules import spoken
from fr_synth.language.requests import Request, fallback_clause, joined, lower_first, request_for, sentence, split
from fr_synth.language.verbalise import fill, mentions_value, singular, stands_in, verbalise
from fr_synth.trace.dataflow.provenance import Output, Said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

    from fr_envs.contract.spec import ToolSpec
    from fr_envs.json_values import Json
    from fr_envs.world.domain import Domain
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["Query", "compose", "is_said", "must_say", "spelt_out"]


class Query(NamedTuple):
    """A request in two grades.

    Attributes:
        easy: Spells out the steps.
        hard: Says only what is wanted.
    """

    easy: str
    hard: str


_HALF = 0.5
_BARE = 0.78  # share of messages that begin with the request, and that end with it
_OPENERS = (
    "Good, ", "Right, ", "Okay, ", "OK, ", "Great, ", "Perfect, ", "Lovely, ", "Fine, ", "Thanks, ", "Ah, ", "Well, ",
    "All right, ", "Understood, ", "Good to know. ", "That helps. ", "Got it. ", "Thanks for that. ", "Nice. ",
    "One more thing: ", "And another thing: ", "Quick one: ", "While we are at it, ", "Before I forget: ", "Next, ",
    "Then there is this: ", "Something else: ", "Another matter: ", "On to the next: ", "By the way, ", "Oh, and ",
)  # fmt: skip
_FIRST_OPENERS = (
    "Hi, ", "Hello! ", "Good morning. ", "Hey, ", "I need a hand. ", "Hi there. ", "Hello there, ", "Good afternoon. ",
    "Good evening. ", "Morning! ", "Hey there, ", "Hi! ", "Hello, ", "Could use some help. ", "Evening! ",
    "A small job for you: ", "Right, ", "Okay, ", "Got a minute? ", "Here is what I need: ", "Let us begin: ",
)  # fmt: skip
_OCCASIONS = (
    "I'm working through my list. ", "A few things have piled up here. ", "I've put some things off for too long. ",
    "I want a few things off my desk. ", "I have some time on my hands today. ",
    "I'm catching up on what was left undone. ", "There's some tidying up to do. ",
    "I finally have time for odds and ends. ", "It's a quiet day, so let me clear up a few things. ",
    "I'm going through my notes, and there are some loose ends. ", "My to-do list has become rather long. ",
    "Let me get some small things out of the way. ", "I'd like to put a few things in order today. ",
    "It's about time that I saw to some things. ", "I keep forgetting about some of this. ",
    "Nothing big, only a handful of small things. ", "Bear with me, I have a whole list. ",
    "I sat down to sort out a few matters. ",
)  # fmt: skip
_GOES_ON = (
    "Next, ", "On to the next: ", "Next on the list: ", "Then, ", "That's one done. ", "Ticked off. ", "Right, next: ",
    "Another one: ", "Moving on: ", "Good, on we go: ", "The next thing: ", "What else, yes: ", "Done with that. ",
)  # fmt: skip
_CLOSERS = (
    " Thanks!", " Thank you.", " That would help a lot.", " Cheers.", " Thanks a lot.", " Many thanks.", " Ta.",
    " Much appreciated.", " Thank you!", " That would be great.", " Appreciate it.", " Thanks in advance.",
    " No rush.", " Would be good to have that settled.", " Whenever you can.",
    " I would be grateful.", " That would save me some time.", " You would do me a favour.", " Please and thank you.",
    " Thx.", " Very kind.", " It would put my mind at rest.", " I want that off my list.",
)  # fmt: skip


def compose(
    domain: Domain[Any], steps: Sequence[ExecutedCall], first: int, rng: np.random.Generator, manner: Manner = PLAIN
) -> Query | None:
    """Write the request for a turn; None if some request cannot be put into words.

    Args:
        domain: The world, for the phrases of its contract.
        steps: The turn's calls.
        first: Number in the dialogue of the first of them.
        rng: Chooses among phrases and manners.
        manner: How often which.
    """
    body, in_case = _body(domain, steps, rng, manner), _in_case(domain, steps, rng)
    if body is None or in_case is None:
        return None
    asides = _asides(domain, steps, first, f"{body} {in_case}", rng)
    parts = [body, *asides] if rng.random() < manner.request_first else [*asides, body]
    text = _TWICE.sub("", " ".join(sentence(part) for part in (*parts, in_case) if part))
    named = any(text.startswith(word) for word in must_say(steps) if word[:1].isupper())
    opener = _opener(rng, manner, first_turn=steps[0].turn == 0)
    goes_on = opener and not opener.endswith((". ", "! ", "? ")) and not named
    hard = opener + (lower_first(text) if goes_on else text) + _one_of(_CLOSERS, rng)
    keep = [word for word in must_say(steps) if word in hard]
    return Query(_easy(domain, steps, [*asides, in_case], rng), singular(hard, keep))


# a phrase and the words for a thing both name it: "the user the user with number 1000"
_TWICE = re.compile(r"\bthe ([a-z]+) (?=(?:the|that|this|my|our)(?: same)? \1\b)")


def _opener(rng: np.random.Generator, manner: Manner, *, first_turn: bool) -> str:
    """Return what people say before a request: nothing, a word or two, or why they have come."""
    opener = _one_of(_FIRST_OPENERS if first_turn else _OPENERS, rng)
    if manner.occasion and rng.random() < manner.occasion:
        opener = pick(rng, _OCCASIONS) if first_turn else pick(rng, _GOES_ON) if rng.random() < _HALF else ""
    return opener


def _one_of(phrases: Sequence[str], rng: np.random.Generator) -> str:
    """Return one of some phrases, mostly none."""
    return pick(rng, phrases) if rng.random() >= _BARE else ""


def _body(domain: Domain[Any], steps: Sequence[ExecutedCall], rng: np.random.Generator, manner: Manner) -> str | None:
    """Return the requests of a turn, joined; None if there are no words for some."""
    plain, _ = split(steps)
    requests = [
        request_for(domain.spec.tools[step.call.name], step, rng) for step in plain if step.user_requested or step.error
    ]
    worded = [request for request in requests if request is not None]
    if not worded or len(worded) < len(requests):
        return None
    return joined(worded, rng, manner.string_together)


def _in_case(domain: Domain[Any], steps: Sequence[ExecutedCall], rng: np.random.Generator) -> str | None:
    """Return what the user says for the case that a call fails, empty if nothing; None if there are no words for it."""
    return fallback_clause(domain, steps, rng) if split(steps)[1] else ""


def _asides(
    domain: Domain[Any], steps: Sequence[ExecutedCall], first: int, body: str, rng: np.random.Generator
) -> list[str]:
    """Return sentences that tell what supporting calls need and the requests do not say."""
    asides: list[str] = []
    turn = (steps, first)
    supporting = list(_supporting_words(steps))
    often = collections.Counter(_kind_of(domain, step, name) for step, name, _ in supporting)
    for step, name, text in supporting:
        if is_said(" ".join([body, *asides]), text, step.call.arguments[name]):
            continue
        tool = domain.spec.tools[step.call.name]
        role = _role(tool, name, step, turn) if often[_kind_of(domain, step, name)] > 1 else ""
        be = "are" if role.endswith("s") else "is"
        asides.append(f"The {role} {be} {text}." if role else _aside(domain, tool, name, text, rng))
    return asides


def _supporting_words(steps: Sequence[ExecutedCall]) -> Iterator[tuple[ExecutedCall, str, str]]:
    """Iterate over (call, argument, words) of what supporting calls take from the user."""
    for step in steps:
        if not step.user_requested and not step.error:
            for name, text in spoken(step.sources, step.mentions).items():
                yield step, name, text


def is_said(said: str, text: str, value: Json) -> bool:
    """Return True if words for a value stand in what is said, or the value itself; "4480" does not say "4".

    Args:
        said: What is said.
        text: Words for the value.
        value: The value.
    """
    stands = stands_in(text.lower(), said.lower())
    if isinstance(value, int | float) and text == verbalise(value):
        return stands and (isinstance(value, bool) or mentions_value(said, value))
    return stands or mentions_value(said, value)


def _kind_of(domain: Domain[Any], step: ExecutedCall, name: str) -> str:
    field = domain.spec.tools[step.call.name].parameters[name].field
    return (field.array or field).kind or name


def _role(tool: ToolSpec, name: str, producer: ExecutedCall, turn: tuple[Sequence[ExecutedCall], int]) -> str:
    """Return what a supporting call's argument is there for, in words: two values of a kind are there for two things.

    A step with one argument is named after what its result becomes (the origin, the destination), another one after
    the argument.
    """
    steps, first = turn
    if sum(parameter.required for parameter in tool.parameters.values()) == 1:
        number = next(k for k, step in enumerate(steps) if step is producer)
        for step in steps[number + 1 :]:
            for pointer, source in step.sources.items():
                if isinstance(source, Output) and source.step == first + number:
                    return member_of(pointer).removesuffix("_id").replace("_", " ")
    return name.removesuffix("_id").replace("_", " ")


def _aside(domain: Domain[Any], tool: ToolSpec, name: str, text: str, rng: np.random.Generator) -> str:
    field = tool.parameters[name].field
    kind = domain.spec.kinds.get((field.array or field).kind or "")
    if kind is not None and kind.statement_templates:
        return fill(pick(rng, kind.statement_templates), {"": text})
    if kind is not None and kind.origin == "issued":
        return f"It is about {text}."
    words = name.replace("_", " ")
    return f"Make it {text} {words}." if text.isdigit() and words.endswith("s") else f"For the {words}: {text}."


def spelt_out(domain: Domain[Any], steps: Sequence[ExecutedCall], message: str, rng: np.random.Generator) -> str:
    """Return a message with the steps spelt out behind it, as an easy query has them."""
    return _easy(domain, steps, [message, ""], rng)


def _easy(domain: Domain[Any], steps: Sequence[ExecutedCall], besides: list[str], rng: np.random.Generator) -> str:
    """Spell out the steps one by one; what is said besides is the asides, then what is wanted in case a call fails."""
    links = ("First, {}", "then {}", "after that, {}", "next, {}")
    spelt = []
    plain, _ = split([step for step in steps if step.purpose == "needed"])
    for number, step in enumerate(plain):
        tool = domain.spec.tools[step.call.name]
        phrase = request_for(tool, step, rng)
        if phrase is None:
            phrase = Request(lower_first(tool.description.split(". ")[0].rstrip(".")), order=True)
        link = "{}" if len(plain) == 1 else links[0] if number == 0 else links[1 + (number - 1) % 3]
        spelt.append(sentence(fill(link, {"": phrase.text})))
    return " ".join([*besides[:-1], *spelt, besides[-1]]).strip()


def must_say(steps: Sequence[ExecutedCall]) -> list[str]:
    """Return the words that a rewording has to keep, letter for letter: everything said or pointed with."""
    texts: dict[str, None] = {}
    for step in steps:
        for pointer, source in step.sources.items():
            if pointer in step.mentions:
                texts[step.mentions[pointer].text] = None
            elif isinstance(source, Said):
                texts[source.text] = None
    return list(texts)
