"""What somebody leaves out at first, is asked for, and says then, in worlds without stories.

The message of a turn that was worked out loses its last words, those for one value that the call must have. What is
left is a turn of its own, in which asking is right; the turn itself then answers with the value alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.adapters.words.grammar.phrases import is_identifier, spaced
from fr_envs.episode.judging.saying import mentions
from fr_envs.episode.task import Goal
from fr_envs.streams import pick
from fr_synth.language.requests import sentence
from fr_synth.sample.purpose.dealt import thing_kinds
from fr_synth.trace.awaited import Awaited
from fr_synth.trace.dataflow.provenance import Said
from fr_synth.trace.target import ToolTarget
from fr_synth.trace.turn_trace import Reply, TurnTrace

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from fr_envs.contract.spec import Parameter
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["LeftOut", "leave_out", "without"]


class LeftOut(NamedTuple):
    """A turn in two: what is asked for lacks something, which is said when the assistant asks.

    Attributes:
        asking: The turn in which the assistant asks.
        thought: What it thinks before.
        message: What the user says in it.
        answer: What the user says next.
        trace: The turn in which that is said.
    """

    asking: TurnTrace
    thought: str
    message: str
    answer: str
    trace: TurnTrace


def leave_out(walk: Walk, trace: TurnTrace, message: str, rng: np.random.Generator) -> LeftOut | None:
    """Return a turn in two, the first without a value that has to be asked for; None where nothing can be left out.

    Args:
        walk: Where the dialogue stands after the turn.
        trace: The turn.
        message: What the user says in it, in one sentence.
        rng: Chooses among the words.
    """
    asked = next((step for step in trace.steps if step.user_requested), None)
    if asked is None or any(step.error for step in trace.steps):
        return None
    for parameter, said in _values(walk, asked):
        words = _words_for(parameter, walk.domain.spec.tools[asked.call.name].description)
        short = without(message, said.text)
        if not words or not short or mentions(short, words) or not _still_points(trace, short):
            continue
        question = _question(words, parameter, asked, rng)
        goal = Goal(mentions=(words,), barred=(asked.call.name,), incidental=trace.goal.incidental)
        awaited = Awaited(asked.call.name, asked.call.arguments, (parameter.name,))
        asking = TurnTrace(
            ToolTarget(asked.call.name), (), trace.first, trace.start, trace.start, goal, Reply(question, ()), "ask",
            awaited,
        )  # fmt: skip
        thought = pick(rng, _THOUGHTS).format(words)
        steps = tuple(_later(step, parameter.name, asked is step) for step in trace.steps)
        answer = pick(rng, _ANSWERS).format(said.text)
        return LeftOut(asking, thought, short, sentence(answer), trace._replace(steps=steps))
    return None


_THOUGHTS = (
    "The {} is missing, and only the user can say it, so I ask.",
    "Nobody has said the {} yet, and no list would tell it: I have to ask.",
    "Without the {} there is nothing to call with, so that is what I ask for.",
)
_ANSWERS = ("{}", "{}, please", "make it {}")


def _values(walk: Walk, step: ExecutedCall) -> Iterator[tuple[Parameter, Said]]:
    """Iterate over the required values that the user says of a request, and that are no things."""
    known = thing_kinds(walk.graph)
    for parameter in walk.domain.spec.tools[step.call.name].parameters.values():
        source = step.sources.get(f"/{parameter.name}")
        value = step.call.arguments.get(parameter.name)
        plain = parameter.required and parameter.field.kind not in known and not isinstance(value, bool)
        if plain and isinstance(source, Said) and not is_identifier(parameter.name):
            yield parameter, source


def _words_for(parameter: Parameter, description: str) -> str:
    """Return what people call a parameter; empty where nothing says that its name is a word for it."""
    words = spaced(parameter.name).lower().removeprefix("new ")
    last = words.split()[-1]
    texts = f"{description}\n{parameter.field.description}"
    if last in _DAYS or "enum" in (parameter.field.schema or {}):
        return words
    named = re.search(rf"\b(?:a|an|how many|its|number of|of|the|new|which|what) {re.escape(words)}\b", texts, re.I)
    return words if named or texts.partition("\n")[2].lower().startswith(words) else ""


_DAYS = frozenset({"date", "day", "time"})


def without(message: str, text: str) -> str:
    """Return a message without the words for a value, with which it ends; empty where it ends otherwise.

    Args:
        message: The message.
        text: The words for the value.

    Example:
        >>> without("Could you move the hire to 9 May 2026?", "9 May 2026"), without("Call it off.", "it")
        ('Could you move the hire?', '')
    """
    ending = rf"(?: {_JOINTS})(?: (?:an?|the))? {re.escape(text)}(?: [a-z]+)?(?:, please)?([.?])$"
    reason = _REASON.search(message)
    if reason is not None:  # "book the Kiln on 4 May, as it's the cheapest"
        short = without(f"{message[: reason.start()]}{message[reason.end() :]}", text)
        return f"{short[:-1]}{reason[0]}{short[-1]}" if short else ""
    found = re.search(ending, message)
    short = message[: found.start()] if found is not None else ""
    if not short or _DANGLES.search(short) or _VAGUE.search(short) or len(short.split()) < _LEAST:
        return ""
    return f"{short}{found[1] if found is not None else ''}"


_REASON = re.compile(r", as (?:it|they)(?:'| )[^,]*(?=[.?]$)")
_JOINTS = r"(?:to|on|for|at|until|from|as|in|into|with the [a-z]+)"
_DANGLES = re.compile(rf"\b(?:{_JOINTS}|and|called|of|with|by|a|an|the)$|\bto \d|[:;]")
_VAGUE = re.compile(
    r"(?:^|you |like to |want to |need to |please |then |now |so )(?:mark|set|note|record|correct)\b", re.I
)
_LEAST = 4  # words of a message from which nobody wonders what it is about


def _still_points(trace: TurnTrace, short: str) -> bool:
    """Return True if a message still has all words by which it says or points at values, but for what was left out."""
    texts = [mention.text for step in trace.steps for mention in step.mentions.values()]
    said = [source.text for step in trace.steps for source in step.sources.values() if isinstance(source, Said)]
    missing = [text for text in said if text.lower() not in short.lower()]
    return all(text.lower() in short.lower() for text in texts) and len(missing) == 1


def _question(words: str, parameter: Parameter, step: ExecutedCall, rng: np.random.Generator) -> str:
    value = step.call.arguments[parameter.name]
    if isinstance(value, int) and words.endswith("s"):
        return f"How many {words.removeprefix('number of ')} should it be?"
    return pick(rng, (f"Which {words} should it be?", f"Gladly. Which {words}?", f"What should the {words} be?"))


def _later(step: ExecutedCall, name: str, is_asked: bool) -> ExecutedCall:
    """Return a call as it is made a turn later, when the value has been said."""
    sources: dict[str, Any] = dict(step.sources)
    if is_asked:
        sources[f"/{name}"] = Said(step.turn + 1, sources[f"/{name}"].text)
    return step._replace(turn=step.turn + 1, sources=sources)
