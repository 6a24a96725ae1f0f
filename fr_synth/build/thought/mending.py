"""Moves about a call that was refused: what it means, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.build.thought.wording import SHORT, clause, doing

if TYPE_CHECKING:
    from fr_synth.build.thought.scene import Scene
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["once_more", "way_on"]


def way_on(scene: Scene, position: int) -> list[str]:
    """Say what the refusal just before a call means, and how to go on.

    Args:
        scene: The turn.
        position: The first call after the refusal.
    """
    failed, step = scene.trace.steps[position - 1], scene.trace.steps[position]
    refused = scene.say("refused", code=failed.error, said=_said(scene, failed))
    order = doing(scene.tool(failed))
    if step.call.name == failed.call.name:
        return [refused, scene.say("other_choice", order=order)]
    return [refused, scene.say("set_right", do_first=doing(scene.tool(step)))]


def _said(scene: Scene, failed: ExecutedCall) -> str:
    """Return what an error says, in a clause; its general meaning where the message is long."""
    said = clause(str(failed.result["error"]["message"]).removeprefix("Not possible: this must hold first: "))
    if said != clause(str(failed.result["error"]["message"])):
        return f"it does not hold that {said}"
    return said if len(said) <= 2 * SHORT else clause(scene.tool(failed).errors[failed.error])


def once_more(scene: Scene, step: ExecutedCall) -> str:
    """Say of a call that was refused before that it can be made now."""
    order = doing(scene.tool(step))
    return scene.say("once_more", order=order, wish=order)
