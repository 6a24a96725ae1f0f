"""Reasoning from provenance: what is wanted, what is missing, where each value comes from, which call follows.

Everything said here rests on the message or on results that are there by then, so the faithful proof has nothing to
find; the guided chain still checks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_synth.knowledge import Output, Said, at_pointer
from fr_synth.necessity import feeds
from fr_synth.speech import join_words, say
from fr_synth.turns import as_ran

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from fr_envs.domain import Domain
    from fr_envs.state import Json
    from fr_synth.turns import TurnTrace
    from fr_synth.walk import Mention, Step

__all__ = ["closing", "explain", "groups"]


def groups(domain: Domain[Any], steps: Sequence[Step], first: int) -> list[list[int]]:
    """Split a turn's calls into messages: reads that follow each other and do not feed each other go out together.

    Args:
        domain: The world.
        steps: The turn's calls.
        first: Number in the dialogue of the first of them.
    """
    together: list[list[int]] = []
    for position, step in enumerate(steps):
        current = together[-1] if together else []
        reads = all(domain.spec.tools[steps[k].call.name].effect == "read" for k in (*current, position))
        if current and reads and not feeds(as_ran(step)) & {first + k for k in current}:
            current.append(position)
        else:
            together.append([position])
    return together


class _Writer:
    """Writes the reasoning of one message."""

    def __init__(self, domain: Domain[Any], trace: TurnTrace, before: Sequence[Step], rng: np.random.Generator) -> None:
        self.domain = domain
        self.trace = trace
        self.before = before
        self.rng = rng

    def pick(self, *texts: str) -> str:
        return texts[int(self.rng.integers(len(texts)))]

    def aim(self, step: Step, position: int) -> str:
        """Say why a call comes now."""
        name = step.call.name
        if step.wanted:
            return self.pick(f"So {name} is the call to make.", f"Next: {name}.", f"I can call {name} now.",
                             f"That is what {name} does.", f"{name} takes care of that.")  # fmt: skip
        lacking = self.serves(position)
        if lacking:
            what, user = lacking
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
                    return pointer.split("/")[1].replace("_", " "), later.call.name
        return None

    def values(self, step: Step) -> list[str]:
        """Say where the arguments come from."""
        found, said = [], []
        for pointer, source in step.sources.items():
            value = at_pointer(step.call.arguments, pointer)
            name = pointer.split("/")[1].replace("_", " ")
            if isinstance(source, Output):
                found.append(self.taken(name, value, source, step.mentions.get(pointer)))
            elif isinstance(source, Said) and not isinstance(value, bool):
                said.append(f"{name} {_short(say(value))}")
        if said:
            found.append(self.pick(f"Given: {join_words(said)}.", f"The request says {join_words(said)}.",
                                   f"From the message: {join_words(said)}."))  # fmt: skip
        return found

    def taken(self, name: str, value: Json, source: Output, mention: Mention | None) -> str:
        steps = [*self.before, *self.trace.steps]
        giver = steps[source.step].call.name
        shown = _short(say(value))
        if mention is None or mention.way == "noun":
            return self.pick(f"{giver} gave {shown} as the {name}.", f"The {name} is {shown}, from {giver}.")
        if mention.way == "again":
            return self.pick(f'"{mention.text}" is {shown}, the one just dealt with.',
                             f'By "{mention.text}" they mean {shown} from before.')  # fmt: skip
        if mention.owner is not None:
            return self.pick(f'"{mention.text}" is {shown}, as {giver} shows.',
                             f"{giver} gives {shown} as {mention.text}.")  # fmt: skip
        by = join_words([f"{member.replace('_', ' ')} {_short(say(each))}" for member, each in mention.by.items()])
        extreme = {"least": "the smallest of all", "most": "the largest of all"}.get(mention.way)
        why = f"{by}, {extreme}" if extreme else by
        return self.pick(f'"{mention.text}" is {shown} ({why}).',
                         f"{giver} lists {shown} with {why}: that is the {name}.",
                         f"In what {giver} gave, {shown} has {why}, so it is the {name}.")  # fmt: skip


def _short(text: str) -> str:
    """Keep a long text to its beginning; nobody thinks a whole file."""
    line = text.replace("\n", " ")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()}…"


_LONGEST = 60


def explain(
    domain: Domain[Any], trace: TurnTrace, before: Sequence[Step], group: Sequence[int], rng: np.random.Generator
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
    parts: list[str] = []
    if group[0] == 0:
        parts.append(_intent(writer, trace))
    for position in group:
        step = trace.steps[position]
        parts += writer.values(step)
        parts.append(writer.aim(step, position))
    if len(group) > 1:
        parts.append(writer.pick("Neither needs the other, so they go out together.", "These can run side by side.")
                     if len(group) == 2 else "None of these needs another, so they go out together.")  # fmt: skip
    return " ".join(dict.fromkeys(parts))


def _intent(writer: _Writer, trace: TurnTrace) -> str:
    goals = [step.call.name.replace("_", " ") for step in trace.steps if step.wanted]
    what = join_words(list(dict.fromkeys(goals)))
    return writer.pick(f"What is asked for: {what}.", f"The request comes down to: {what}.", f"Task: {what}.",
                       f"They want one thing done: {what}." if len(goals) == 1 else f"They want: {what}.")  # fmt: skip


def closing(trace: TurnTrace, rng: np.random.Generator) -> str:
    """Write the reasoning before the reply to the user."""
    reads = [step.call.name for step in trace.steps if step.wanted and step.before.digest == step.after.digest]
    texts = (
        ["The answer is in the results; tell it plainly.", "That answers the question.", "I have what was asked for."]
        if reads
        else [
            "Everything asked for is done; say so.",
            "Done; confirm it.",
            "The change went through. Report it briefly.",
        ]
    )
    return texts[int(rng.integers(len(texts)))]
