"""Thoughts of a turn put together: one where something is decided, an empty one where nothing is."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from fr_synth.build.thought.deciding.ending import picked_out
from fr_synth.build.thought.deciding.finding import found
from fr_synth.build.thought.deciding.looking import looked_up_for, order_of
from fr_synth.build.thought.mending import once_more, way_on
from fr_synth.build.thought.needs import overview
from fr_synth.build.thought.scene import Scene
from fr_synth.build.thought.wording import doing
from fr_synth.verify.faithful import leads_to

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

    from fr_envs.world.domain import Domain
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.turn_trace import TurnTrace

__all__ = ["decided", "decided_last"]


def decided(
    domain: Domain[Any],
    trace: TurnTrace,
    before: Sequence[ExecutedCall],
    group: Sequence[int],
    rng: np.random.Generator,
) -> str:
    """Write what is decided before a group of calls; empty where that is nothing.

    Args:
        domain: The world.
        trace: The turn.
        before: Every step of earlier turns.
        group: Positions in the turn of the calls that go out together.
        rng: Chooses the words.
    """
    scene = Scene(domain, trace, before, rng)
    steps = trace.steps
    parts = order_of(scene) if group[0] == 0 else way_on(scene, group[0]) if steps[group[0] - 1].error else []
    for position in group:
        parts += _unlike(parts, functools.partial(_of, scene, position))
    text = " ".join(dict.fromkeys(part for part in parts if part))
    led = all(leads_to(text, steps[k].call, scene.tool(steps[k])) for k in group)
    if led:
        return text
    failed = any(step.error for step in steps[: group[0]])
    if all(steps[k].user_requested or steps[k].error for k in group) and not failed:
        return ""
    orders = " and ".join(dict.fromkeys(doing(scene.tool(steps[k])) for k in group))
    text = f"{text} So {orders}.".strip()
    led = all(leads_to(text, steps[k].call, scene.tool(steps[k])) for k in group)
    return text if led else f"{text} {', '.join(steps[k].call.name for k in group)} is next."


_REDRAWN = 6  # times that a sentence is chosen again which begins as another one did


def _unlike(said: list[str], write: Callable[[], list[str]]) -> list[str]:
    """Return sentences that do not begin as those before them do, where other words are to be had."""
    begun = {" ".join(text.split()[:2]) for text in said}
    found = write()
    for _ in range(_REDRAWN):
        if not said or not any(" ".join(text.split()[:2]) in begun for text in found):
            break
        found = write()
    return found


def _of(scene: Scene, position: int) -> list[str]:
    """Say what is decided about one call."""
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
        return found(scene, step, same)
    return [*(found(scene, step, same) if step.mentions else []), *looked_up_for(scene, position)]


def decided_last(
    domain: Domain[Any], trace: TurnTrace, before: Sequence[ExecutedCall], rng: np.random.Generator
) -> str:
    """Write what is decided before the reply to the user; empty where the results are told as they are.

    Args:
        domain: The world.
        trace: The turn.
        before: Every step of earlier turns.
        rng: Chooses the words.
    """
    return " ".join(dict.fromkeys(part for part in picked_out(Scene(domain, trace, before, rng)) if part))
