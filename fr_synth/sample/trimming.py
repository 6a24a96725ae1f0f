"""Taking needless steps out of what a walk came to, and running what is left again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from fr_synth.trace.dataflow.executed import feeds, focus_after
from fr_synth.trace.dataflow.provenance import Derived, Output
from fr_synth.verify.calls.necessity import needed_by_world

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fr_envs.world.domain import Domain
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.dataflow.mention import Mention
    from fr_synth.trace.dataflow.provenance import Provenance

__all__ = ["needless", "run_again", "trimmed"]


def trimmed(trial: Walk, base: Walk) -> list[ExecutedCall] | None:
    """Take out of a trial every step that the last one does not need, and run what is left again from the base.

    Args:
        trial: A fork that has gone on.
        base: Where it began.

    Returns:
        The steps that are left; None if one gives something else without those that are not.
    """
    steps = trial.turn_steps()
    first = len(base.steps)
    left_out = needless(base.domain, steps, first)
    return run_again(base, [(first + k, step) for k, step in enumerate(steps) if not left_out[k]])


def needless(domain: Domain[Any], steps: Sequence[ExecutedCall], first: int = 0) -> list[bool]:
    """Return for each step whether the last one can do without it.

    Args:
        domain: The world.
        steps: Steps that follow each other; the last one is what they are for.
        first: Number in the dialogue of the first of them.
    """
    keep = [False] * (len(steps) - 1) + [True]
    for number in range(len(steps) - 2, -1, -1):
        later = [steps[k] for k in range(number + 1, len(steps)) if keep[k]]
        used = bool(steps[number].error) or any(first + number in feeds(each) for each in later)
        alone = [steps[number], *later]
        keep[number] = used or needed_by_world(domain, steps[number].before, alone, 0, None)
    return [not kept for kept in keep]


def run_again(base: Walk, numbered: Sequence[tuple[int, ExecutedCall]]) -> list[ExecutedCall] | None:
    """Run steps again from where a turn begins; None if one gives something else than it gave before.

    Args:
        base: Where the turn begins.
        numbered: The steps, each with the number that other steps know it by.
    """
    renumber = {old: len(base.steps) + position for position, (old, _) in enumerate(numbered)}
    state, result = base.state, []
    if any(
        _rests_on_nothing(mention, renumber, len(base.steps)) for _, s in numbered for mention in s.mentions.values()
    ):
        return None
    for _, step in numbered:
        outcome = base.domain.apply(state, step.call)
        if outcome.value != step.result:
            return None
        sources = {pointer: _renumbered(source, renumber) for pointer, source in step.sources.items()}
        mentions = {pointer: _moved(mention, renumber) for pointer, mention in step.mentions.items()}
        result.append(step._replace(before=state, after=outcome.state, sources=sources, mentions=mentions))
        state = outcome.state
    return result if _still_clear(base, result) else None


def _still_clear(base: Walk, steps: Sequence[ExecutedCall]) -> bool:
    """Return True if "that one" means the same still: a step that was taken out may have been what it went back to."""
    focus = base.focus
    for step in steps:
        for each in step.mentions.values():
            mention = each.owner or each
            if mention.way == "anaphora" and focus.get(mention.kind) != (mention.value,):
                return False
        if step.user_requested:
            focus = focus_after(focus, base.domain, step.call, step.result)
    return True


def _rests_on_nothing(mention: Mention, renumber: Mapping[int, int], first: int) -> bool:
    """Return True if words rest on the result of a step of the turn that was taken out."""
    owner = mention.owner is not None and _rests_on_nothing(mention.owner, renumber, first)
    return owner or (mention.step >= first and mention.step not in renumber)


def _moved(mention: Mention, renumber: Mapping[int, int]) -> Mention:
    owner = None if mention.owner is None else _moved(mention.owner, renumber)
    return msgspec.structs.replace(mention, step=renumber.get(mention.step, mention.step), owner=owner)


def _renumbered(source: Provenance, renumber: Mapping[int, int]) -> Provenance:
    if isinstance(source, Output):
        return Output(renumber.get(source.step, source.step), source.pointer)
    if isinstance(source, Derived):
        return Derived(source.expression, tuple(_renumbered(each, renumber) for each in source.inputs))
    return source
