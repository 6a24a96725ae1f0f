"""Before a reply: what of a long list is told, that there is nothing, that figures agree, what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.build.thought.closing import sums_of
from fr_synth.build.thought.deciding.phrases import PHRASES
from fr_synth.build.thought.deciding.words import things_of
from fr_synth.build.thought.wording import filled, number_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.build.thought.scene import Scene
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["picked_out"]


def picked_out(scene: Scene) -> Iterator[str]:
    """Iterate over what is decided before the reply of a turn; nothing where the results are told as they are.

    Args:
        scene: The turn.
    """
    steps = scene.trace.steps
    for step in (step for step in steps if step.user_requested and not step.error):
        if scene.tool(step).effect == "read":
            yield _listed(scene, step)
        elif told := sums_of(scene, step, scene.trace.first):  # a balance of an earlier turn is no longer at hand
            yield filled(PHRASES["adds_up"], {"sum": told}, scene.rng)
    if any(step.error for step in steps):
        yield scene.say("after_error")


def _listed(scene: Scene, step: ExecutedCall) -> str:
    """Say what is told of a list that is long, or empty."""
    lists = [value for value in step.result.values() if isinstance(value, list)]
    things = things_of(scene, scene.tool(step))
    beside = step.result.keys() - {"count", "total"}
    if len(lists) != 1 or len(beside) != 1 or not things:
        return ""
    size = len(lists[0])
    if not size:
        return filled(PHRASES["none"], {"things": things}, scene.rng)
    if "The first five are" in scene.trace.reply.text:
        return filled(PHRASES["too_many"], {"count": number_word(size), "things": things}, scene.rng)
    return ""
