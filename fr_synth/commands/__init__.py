"""The commands of ``funreason``, one module each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.commands import (
    ablate,
    envs,
    eval,
    export,
    graph,
    overlap,
    rollouts,
    score,
    serve,
    show,
    situations,
    spec,
    synth,
    tasks,
    verify,
)

if TYPE_CHECKING:
    from fr_synth.commands.base import Command

__all__ = ["COMMANDS"]

COMMANDS: tuple[Command, ...] = (
    synth.COMMAND,
    verify.COMMAND,
    show.COMMAND,
    export.COMMAND,
    tasks.COMMAND,
    overlap.COMMAND,
    envs.COMMAND,
    situations.COMMAND,
    graph.COMMAND,
    spec.COMMAND,
    serve.COMMAND,
    eval.COMMAND,
    rollouts.COMMAND,
    score.COMMAND,
    ablate.COMMAND,
)
"""In the order in which ``--help`` lists them."""
