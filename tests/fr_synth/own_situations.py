"""Proven dialogues of situations that a test writes itself."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from fr_envs import load_domain
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.situation.loading import read_situations
from fr_synth.build.dialogue import DialoguePlan, Settings, make_dialogue
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.records import Dialogue
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import examine

if TYPE_CHECKING:
    from pathlib import Path

    from fr_envs.episode.turn_kind import TurnKind
    from fr_synth.verify.evidence import Evidence

__all__ = ["proven_dialogue"]

_TRIES = 60  # worlds tried until one comes to a dialogue


@functools.cache
def proven_dialogue(path: Path, name: str, kinds: tuple[TurnKind, ...] = ()) -> Evidence:
    """Return a proven dialogue of a bank's situation, run again.

    Args:
        path: The file of situations.
        name: The situation.
        kinds: Kinds of turn that are wanted.
    """
    bank = load_domain("banking")
    situation = next(each for each in read_situations(path) if each.name == name)
    graph, why = ApiGraph(bank.spec), []
    for number in range(_TRIES):
        plan = DialoguePlan("x", (5, number, 0), (), situation=situation, kinds=kinds)
        found = make_dialogue(bank, graph, plan, Settings(), ScriptedTeacher(0.0))
        if isinstance(found, Dialogue):
            evidence = gather(found, bank, {situation.name: situation})
            finding = examine(evidence)
            if finding is None:
                return evidence
            why.append(str(finding))
        else:
            why.append(found.reason)
    raise AssertionError(f"{situation.name} comes to nothing: {why}")
