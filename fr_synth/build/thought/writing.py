"""Thoughts put together: what is said before a group of calls, and before the reply.

Everything said rests on the message or on results that are there by then, so the proofs have nothing to find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_synth.build.thought.closing import finding
from fr_synth.build.thought.mending import once_more, way_on
from fr_synth.build.thought.needs import going_ahead, need, overview, supporting
from fr_synth.build.thought.resolving import resolved
from fr_synth.build.thought.scene import Scene
from fr_synth.build.thought.wording import doing, sentences
from fr_synth.verify.faithful import leads_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from fr_envs.world.domain import Domain
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.turn_trace import TurnTrace

__all__ = ["closing", "explain", "in_brief"]


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
    scene = Scene(domain, trace, before, rng)
    parts = _beginning(scene, group[0])
    for position in group:
        parts += _thoughts(scene, position)
    if len(group) > 1:
        parts.append(scene.say("two_at_once" if len(group) == 2 else "many_at_once"))
    return _leading(scene, [part for part in dict.fromkeys(parts) if part], group)


def _leading(scene: Scene, parts: list[str], group: Sequence[int]) -> str:
    """Return a thought that speaks of what each call does, with a word for those of which it does not yet."""
    text = " ".join(parts)
    for position in group:
        step = scene.trace.steps[position]
        if not leads_to(text, step.call, scene.tool(step)):
            text = f"{text} {scene.say('act', order=doing(scene.tool(step)), wish=doing(scene.tool(step)))}".strip()
        if not leads_to(text, step.call, scene.tool(step)):
            text = f"{text} So {step.call.name} is next.".strip()
    return text


def _beginning(scene: Scene, position: int) -> list[str]:
    """Say what is asked for, before the first call; or what goes on from a call that has just failed."""
    if position == 0:
        return [need(scene)]
    return way_on(scene, position) if scene.trace.steps[position - 1].error else []


def _thoughts(scene: Scene, position: int) -> list[str]:
    """Say of one call what its values are, as far as they are new, and why it comes now."""
    step = scene.trace.steps[position]
    failed = next((other for other in scene.trace.steps[:position] if other.error), None)
    if failed is not None and failed.call == step.call:
        return [once_more(scene, step)]
    if step.distractor:
        return [overview(scene, step)]
    same: frozenset[str] = frozenset()
    if failed is not None and failed.call.name == step.call.name:
        same = frozenset(p for p, source in step.sources.items() if failed.sources.get(p) == source)
    if step.user_requested or step.error:
        said = resolved(scene, step, same)
        again = len(said) > 1 or (said and scene.chance(_ENOUGH))
        return said if again else [*said, going_ahead(scene, position, resolved=bool(said))]
    return [*_before_support(scene, step), *supporting(scene, position)]


_ENOUGH = 0.45  # share of calls that follow from what was just said without another word


def _before_support(scene: Scene, step: ExecutedCall) -> list[str]:
    """Say which thing a supporting call is about, where the message points at it."""
    return resolved(scene, step)[:1] if step.mentions else []


def closing(domain: Domain[Any], trace: TurnTrace, before: Sequence[ExecutedCall], rng: np.random.Generator) -> str:
    """Write the reasoning before the reply to the user.

    Args:
        domain: The world.
        trace: The turn.
        before: Every step of earlier turns.
        rng: Chooses the words.
    """
    return " ".join(dict.fromkeys(finding(Scene(domain, trace, before, rng))))


def in_brief(domain: Domain[Any], trace: TurnTrace, group: Sequence[int], thought: str) -> str:
    """Cut a thought down to one sentence: the last one that leads to every call, else what the calls do.

    Args:
        domain: The world.
        trace: The turn.
        group: Positions in the turn of the calls that go out together; none before a reply.
        thought: The thought.
    """
    parts = sentences(thought)
    steps = [trace.steps[position] for position in group]
    tools = domain.spec.tools
    for part in reversed(parts) if steps else parts:
        if all(leads_to(part, step.call, tools[step.call.name]) for step in steps):
            return part
    orders = list(dict.fromkeys(doing(tools[step.call.name]) for step in steps))
    text = f"I {', and '.join(orders)}."
    calls = all(leads_to(text, step.call, tools[step.call.name]) for step in steps)
    return text if calls else f"So {' and '.join(dict.fromkeys(step.call.name for step in steps))}."
