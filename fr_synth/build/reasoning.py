"""Reasoning from provenance: what is wanted, what is missing, where each value comes from, which call follows.

Everything said here rests on the message or on results that are there by then, so the faithful proof has nothing to
find; the guided chain still checks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_envs.json_values import at_pointer, member_of
from fr_envs.streams import pick
from fr_synth.language.requests import split
from fr_synth.language.verbalise import join_words, verbalise
from fr_synth.trace.provenance import Output, Said

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from fr_envs.json_values import Json
    from fr_envs.world.domain import Domain
    from fr_synth.trace.executed import ExecutedCall
    from fr_synth.trace.mention import Mention
    from fr_synth.trace.turn_trace import TurnTrace

__all__ = ["closing", "explain"]


class _Writer:
    """Writes the reasoning of one message."""

    def __init__(
        self, domain: Domain[Any], trace: TurnTrace, before: Sequence[ExecutedCall], rng: np.random.Generator
    ) -> None:
        self.domain = domain
        self.trace = trace
        self.before = before
        self.rng = rng

    def pick(self, *texts: str) -> str:
        return pick(self.rng, texts)

    def purpose(self, step: ExecutedCall, position: int) -> str:
        """Say why a call comes now."""
        name = step.call.name
        if step.distractor:
            return self.pick(f"Let me get an overview with {name}.", f"A look at what {name} shows can do no harm.",
                             f"I check {name} as well, to see where things stand.")  # fmt: skip
        if step.user_requested or step.error:
            return self.pick(f"So {name} is the call to make.", f"Next: {name}.", f"I can call {name} now.",
                             f"That is what {name} does.", f"{name} takes care of that.")  # fmt: skip
        served = self.serves(position)
        if served:
            what, user = served
            return self.pick(
                f"For {user} I need the {what}, which nobody has given me; {name} will show it.",
                f"The {what} for {user} is not known yet, so {name} comes first.",
                f"I cannot call {user} without the {what}. Look it up with {name}.",
                f"Before {user}: find the {what} through {name}.",
            )
        facts = [self.domain.spec.facts[fact].description.rstrip(".") for fact in self.domain.spec.tools[name].sets]
        if facts:
            held = join_words([fact[:1].lower() + fact[1:] for fact in facts])
            return self.pick(
                f"What comes next needs this to hold: {held}. So {name} first.",
                f"First {name}, so that this holds: {held}.",
            )
        return self.pick(f"{name} has to come first for the rest to work.", f"The way there leads through {name}.")

    def serves(self, position: int) -> tuple[str, str] | None:
        """Return (words for the value, tool) of the first later call that takes something from this one."""
        number = self.trace.first + position
        for later in self.trace.steps[position + 1 :]:
            for pointer, source in later.sources.items():
                if isinstance(source, Output) and source.step == number:
                    return member_of(pointer).replace("_", " "), later.call.name
        return None

    def values(self, step: ExecutedCall) -> list[str]:
        """Say where the arguments come from."""
        found, said = [], []
        for pointer, source in step.sources.items():
            value = at_pointer(step.call.arguments, pointer)
            name = member_of(pointer).replace("_", " ")
            if isinstance(source, Output):
                found.append(self.taken(name, value, source, step.mentions.get(pointer)))
            elif isinstance(source, Said) and not isinstance(value, bool):
                said.append(f"{name} {_short(verbalise(value))}")
        if said:
            found.append(self.pick(f"Given: {join_words(said)}.", f"The request says {join_words(said)}.",
                                   f"From the message: {join_words(said)}."))  # fmt: skip
        return found

    def taken(self, name: str, value: Json, source: Output, mention: Mention | None) -> str:
        steps = [*self.before, *self.trace.steps]
        producer = steps[source.step].call.name
        shown = _short(verbalise(value))
        if mention is not None and mention.way == "where":
            return self.pick(f'"{mention.text}" is {shown}, as {producer} shows.',
                             f"{producer} has it: {mention.text} is {shown}.")  # fmt: skip
        if mention is None or mention.way == "noun":
            return self.pick(f"{producer} gave {shown} as the {name}.", f"The {name} is {shown}, from {producer}.")
        if mention.way == "anaphora":
            return self.pick(f'"{mention.text}" is {shown}, the one just dealt with.',
                             f'By "{mention.text}" they mean {shown} from before.')  # fmt: skip
        if mention.owner is not None:
            return self.pick(f'"{mention.text}" is {shown}, as {producer} shows.',
                             f"{producer} gives {shown} as {mention.text}.")  # fmt: skip
        by = join_words(
            [f"{member.replace('_', ' ')} {_short(verbalise(each))}" for member, each in mention.by.items()]
        )
        extreme = {"least": "the smallest of all", "most": "the largest of all"}.get(mention.way)
        why = f"{by}, {extreme}" if extreme else by
        return self.pick(f'"{mention.text}" is {shown} ({why}).',
                         f"{producer} lists {shown} with {why}: that is the {name}.",
                         f"In what {producer} gave, {shown} has {why}, so it is the {name}.")  # fmt: skip


def _short(text: str) -> str:
    """Keep a long text to its beginning; nobody thinks a whole file."""
    line = text.replace("\n", " ")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()}…"


_LONGEST = 60


def explain(
    domain: Domain[Any],
    trace: TurnTrace,
    before: Sequence[ExecutedCall],
    group: Sequence[int],
    rng: np.random.Generator,
) -> str:
    """Write the reasoning that leads to a group of calls.

    Args:
        domain: The world.
        trace: The turn.
        before: Every step of earlier turns.
        group: Positions in the turn of the calls that go out together.
        rng: Chooses the words.
    """
    writer = _Writer(domain, trace, before, rng)
    parts = _beginning(writer, trace, group[0])
    for position in group:
        parts += _thoughts(writer, trace, position)
    if len(group) > 1:
        parts.append(writer.pick("Neither needs the other, so they go out together.", "These can run side by side.")
                     if len(group) == 2 else "None of these needs another, so they go out together.")  # fmt: skip
    return " ".join(dict.fromkeys(parts))


def _beginning(writer: _Writer, trace: TurnTrace, position: int) -> list[str]:
    """Say what is asked for, before the first call; or what goes on from a call that has just failed."""
    if position == 0:
        return [_intent(writer, trace)]
    failed = trace.steps[position - 1]
    return [_way_on(writer, failed, trace.steps[position:])] if failed.error else []


def _thoughts(writer: _Writer, trace: TurnTrace, position: int) -> list[str]:
    """Say of one call where its values come from, as far as they are new, and why it comes now."""
    step = trace.steps[position]
    failed = next((other for other in trace.steps[:position] if other.error), None)
    if failed is not None and failed.call == step.call:
        return [writer.pick(f"With that out of the way, {step.call.name} can be called again.",
                            f"Now {step.call.name} once more, as before.")]  # fmt: skip
    if failed is not None and failed.call.name == step.call.name:
        step = step._replace(sources={p: s for p, s in step.sources.items() if failed.sources.get(p) != s})
    return [*writer.values(step), writer.purpose(step, position)]


def _way_on(writer: _Writer, failed: ExecutedCall, rest: Sequence[ExecutedCall]) -> str:
    """Say what went wrong and what follows from it."""
    said = str(failed.result["error"]["message"]).rstrip(".")
    what = writer.pick(f"{failed.call.name} was refused with {failed.error}: {said[:1].lower() + said[1:]}.",
                       f"That did not go through ({failed.error}): {said[:1].lower() + said[1:]}.")  # fmt: skip
    requested = [step for step in rest if step.user_requested]
    if len(requested) == 1 and requested[0].call != failed.call:
        return f"{what} " + writer.pick("For that case the message names a second choice.",
                                        "The user has said what to take instead.")  # fmt: skip
    if len(requested) > 1:
        means = join_words([step.call.name for step in requested[:-1]])
        return f"{what} " + writer.pick(f"For that case {means} is allowed.", f"The message says what then: {means}.")
    return f"{what} That can be set right."


def _intent(writer: _Writer, trace: TurnTrace) -> str:
    outright, _ = split(trace.steps)
    goals = [step.call.name.replace("_", " ") for step in outright if step.user_requested or step.error]
    what = join_words(list(dict.fromkeys(goals)))
    return writer.pick(f"What is asked for: {what}.", f"The request comes down to: {what}.", f"Task: {what}.",
                       f"They want one thing done: {what}." if len(goals) == 1 else f"They want: {what}.")  # fmt: skip


def closing(trace: TurnTrace, rng: np.random.Generator) -> str:
    """Write the reasoning before the reply to the user."""
    reads = [step.call.name for step in trace.steps if step.user_requested and step.before.digest == step.after.digest]
    texts = (
        ["The answer is in the results; tell it plainly.", "That answers the question.", "I have what was asked for."]
        if reads
        else [
            "Everything asked for is done; say so.",
            "Done; confirm it.",
            "The change went through. Report it briefly.",
        ]
    )
    return pick(rng, texts)
