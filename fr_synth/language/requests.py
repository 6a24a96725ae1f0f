"""Requests in words: a call that the user asks for as a phrase of the contract, several joined, and those made in case.

A call that fails is asked for once, in the words of its first attempt; what the user allows then ("you may unfreeze the
card if that is what it takes", "if that is too much, 300 will do") is a sentence after it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.contract.spec import PLACEHOLDER
from fr_envs.streams import pick
from fr_synth.language.manner import PLAIN
from fr_synth.language.reference_rules import said_inside, spoken
from fr_synth.language.verbalise import fill, join_words, unrepeated

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy as np

    from fr_envs.contract.spec import ToolSpec
    from fr_envs.world.domain import Domain
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = [
    "Request",
    "fallback_clause",
    "has_order",
    "joined",
    "lower_first",
    "request_for",
    "sentence",
    "split",
    "upper_first",
]

_ASKING = (
    *("{}",) * 12, "please {}", "please {}", "could you {}?", "can you {}?", "I'd like you to {}", "I need you to {}",
    "would you {}?", "could you please {}?", "can you please {}?", "would you be able to {}?", "do me a favour and {}",
    "go ahead and {}", "I want you to {}", "kindly {}", "can I ask you to {}?", "could I get you to {}?",
    "I was hoping you could {}", "it would be good if you could {}", "I have to ask you to {}", "would you please {}?",
    "I would ask you to {}", "are you able to {}?", "will you {}?", "what I need is for you to {}",
)  # fmt: skip
_LINKS = (", and {}", ", then {}", ", and then {}", ", and also {}")


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop, if with nothing else."""
    text = unrepeated(text[:1].upper() + text[1:])
    return text if text.endswith((".", "?", "!")) else f"{text}."


def upper_first(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Go on in the middle of a sentence: "Move" -> "move", "A" -> "a", but "I" and "IBAN" stay."""
    word = re.split(r"[\s']", text, maxsplit=1)[0]
    return text[:1].lower() + text[1:] if word == "A" or word[1:].islower() else text


class Request(NamedTuple):
    """A request in words, and whether it is an order ("move …") that "please" or "could you" can stand before."""

    text: str
    order: bool


def request_for(tool: ToolSpec, step: ExecutedCall, rng: np.random.Generator, *, order: bool = False) -> Request | None:
    """Return one phrase of the contract with its places filled and the optional arguments said after it.

    Args:
        tool: The tool that is asked for.
        step: The call.
        rng: Chooses among the phrases.
        order: Only phrases that "please" can stand before.
    """
    inner = said_inside(step.sources)
    words = spoken(step.sources, step.mentions) | inner
    usable = [ask for ask in _usable(tool, words, order=order) if not _jars(ask, words)]
    if not usable:
        return None
    ask = pick(rng, usable)
    whole = {name.partition(".")[0] for name in PLACEHOLDER.findall(ask)}
    left = [name for name in words if name not in inner and name not in whole]
    if any(tool.parameters[name].required for name in left):
        return None
    return _filled(ask, words, "".join(f" {_clause(tool, name, words[name])}" for name in left))


def _filled(ask: str, words: dict[str, str], tail: str) -> Request:
    """Fill the places of a phrase and put what it has no place for behind it."""
    filled = fill(ask, words)
    if filled.endswith("?") or _QUESTION.match(ask):
        return Request(f"{filled.removesuffix('?')}{tail}?", order=False)
    return Request(filled + tail, order=not _STATEMENT.match(ask))


def _usable(tool: ToolSpec, words: Collection[str], *, order: bool) -> list[str]:
    fitting = [ask for ask in tool.request_templates if all(name in words for name in PLACEHOLDER.findall(ask))]
    return [ask for ask in fitting if not order or not (_QUESTION.match(ask) or _STATEMENT.match(ask))]


_PLACED = re.compile(
    r"\b(?:a|an|the|my|our|one|first|last|final|top|next|every|airport|archive|directory|file|folder|group|link|user) "
    + PLACEHOLDER.pattern,
    re.IGNORECASE,
)
_PHRASE = re.compile(r"(?:the|that|my|our|it|today)\b", re.IGNORECASE)


def _jars(ask: str, words: Mapping[str, str]) -> bool:
    """Return True if a place of a phrase takes a bare word alone: nobody says "the user the owner of that file"."""
    return any(_PHRASE.match(words[name]) for name in _PLACED.findall(ask) if name in words)


def has_order(tool: ToolSpec, words: Collection[str]) -> bool:
    """Return True if a tool can be asked for by an order, where there are words for some of its arguments."""
    return bool(_usable(tool, words, order=True))


def _clause(tool: ToolSpec, name: str, text: str) -> str:
    clause = tool.parameters[name].clause
    if isinstance(clause, dict) and text not in clause.values():
        return f"with {text}"
    return fill(clause, {"": text}) if isinstance(clause, str) else text


def joined(
    requests: Sequence[Request], rng: np.random.Generator, string_together: float = PLAIN.string_together
) -> str:
    """Join requests: orders are strung together, questions and statements ("I'd like …") are sentences of their own.

    Args:
        requests: The requests.
        rng: Chooses among phrases.
        string_together: Share of orders that go on in the sentence of the one before.
    """
    text = ""
    for request, order in requests:
        if not text:
            text = fill(pick(rng, _ASKING), {"": request}) if order else request
        elif order and not text.endswith(("?", ".", "!")) and rng.random() < string_together:
            text += fill(pick(rng, _LINKS), {"": request})
        else:
            start = fill(pick(rng, _FRESH), {"": request}) if order else request
            text = f"{sentence(text)} {sentence(start)}"
        if not order:
            text = sentence(text)
    return text


_STATEMENT = re.compile(
    r"(\{|(i|i'd|i'm|i've|i'll|my|our|we|we'd|we've|we're|it's|there|there's|that|that's|this|the|a|an|please|let's|don't|"
    r"before|after|once|if|for|from|on|in|at|until|because|since|suppose|one|no|not|never|somebody|someone|everything|"
    r"nobody|just)\b)",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"((until|from|at|in|on|by|for|to|with|under|since|of) )?"
    r"(what|what's|which|who|who's|whose|whom|when|where|where's|why|how|how's|is|are|am|was|were|do|does|did|has|had|"
    r"can|could|would|will|shall|should|may)\b",
    re.IGNORECASE,
)
_FRESH = ("{}", "then {}", "also, {}", "after that, {}", "and {}")


# --------------------------------------------------------------------------------------------- in case it fails


def split(steps: Sequence[ExecutedCall]) -> tuple[list[ExecutedCall], list[ExecutedCall]]:
    """Split a turn's calls into what is asked for outright, supporting calls included, and what is asked for in case.

    The first call that fails stands for itself and for the one that works in the end.
    """
    failed = next((k for k, step in enumerate(steps) if step.error), None)
    if failed is None:
        return list(steps), []
    return list(steps[: failed + 1]), list(steps[failed + 1 :])


_MAY = (
    "you may {} if that is what it takes.", "feel free to {} if you have to.", "if it takes that, {} first.",
    "{} first if there is no other way.", "if need be, {} first.", "and {} beforehand if it has to be.",
    "should it be necessary, {} first.", "{} if it can't be done otherwise.",
)  # fmt: skip
_LESS = (
    "If that is too much, {} will do.", "{} would do as well if that is too much.", "Otherwise {} is fine.",
    "If it can't be that much, make it {}.", "If not, then {}.", "Should that be over the limit, take {}.",
    "I can live with {} if that is too high.", "If that does not work, {} is enough.",
)  # fmt: skip
_OTHER_DAY = (
    "If that day does not work, {} is fine too.", "Otherwise {}.", "If not, then {}.", "{} would do as well.",
    "If that can't be, take {}.", "Should that day be out, {} suits me too.",
)  # fmt: skip


def fallback_clause(domain: Domain[Any], steps: Sequence[ExecutedCall], rng: np.random.Generator) -> str | None:
    """Return what the user says for the case that a call fails; None if there are no words, empty if none are needed.

    Args:
        domain: The world.
        steps: A turn's calls, of which one fails.
        rng: Chooses among phrases.
    """
    plain, later = split(steps)
    failed, asked = plain[-1], [step for step in later if step.user_requested]
    if not asked:
        return None
    tools = domain.spec.tools
    means = [request_for(tools[step.call.name], step, rng, order=True) for step in asked[:-1]]
    worded = [request.text for request in means if request is not None]
    if len(worded) < len(means):
        return None
    if worded:
        return fill(pick(rng, _MAY), {"": join_words(worded)})
    choice, number = _choice(tools[failed.call.name], failed, asked[-1])
    return fill(pick(rng, _LESS if number else _OTHER_DAY), {"": choice}) if choice else ""


def _choice(tool: ToolSpec, failed: ExecutedCall, worked: ExecutedCall) -> tuple[str, bool]:
    """Return the words for what the second call has in place of the first, empty if none; is it a number?"""
    first, second = spoken(failed.sources, failed.mentions), spoken(worked.sources, worked.mentions)
    name = next((name for name, text in second.items() if first.get(name) != text), None)
    if name is None:
        return "", False
    kind = tool.parameters[name].field.kind
    alike = sum(parameter.field.kind == kind for parameter in tool.parameters.values()) > 1
    role = f" as the {name.removesuffix('_id').replace('_', ' ')}" if alike else ""
    return f"{second[name]}{role}", isinstance(worked.call.arguments.get(name), int | float)
