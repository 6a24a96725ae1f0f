"""The synthesis: from worlds and their API graphs to proven multi-turn dialogues and tasks.

The names below are imported when they are first asked for, so that nothing is loaded that nobody uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs import __version__

if TYPE_CHECKING:
    from fr_synth.evaluate.agents import Agent, Move, agent_of
    from fr_synth.evaluate.playing import rollouts
    from fr_synth.evaluate.rollouts import PlayRules, Rollout, play
    from fr_synth.evaluate.tally import RolloutTotals, tally
    from fr_synth.export.job import Export, export_run
    from fr_synth.export.options import ExportOptions
    from fr_synth.run.config import RunConfig
    from fr_synth.run.folder.stored import StoredRecords, read_records
    from fr_synth.run.job import Run, synthesise
    from fr_synth.run.statistics import Totals
    from fr_synth.run.verification import RecordFinding, Verification, verify_run
    from fr_synth.trace.records import Dialogue
    from fr_synth.trace.rows import row_schema, task_of
else:

    def __getattr__(name: str) -> object:
        from fr_envs.lazy_names import load_name

        return load_name(__name__, _HOMES, name)


__all__ = [
    "Agent",
    "Dialogue",
    "Export",
    "ExportOptions",
    "Move",
    "PlayRules",
    "RecordFinding",
    "Rollout",
    "RolloutTotals",
    "Run",
    "RunConfig",
    "StoredRecords",
    "Totals",
    "Verification",
    "__version__",
    "agent_of",
    "export_run",
    "play",
    "read_records",
    "rollouts",
    "row_schema",
    "synthesise",
    "tally",
    "task_of",
    "verify_run",
]

_HOMES = {
    "Agent": "fr_synth.evaluate.agents",
    "Dialogue": "fr_synth.trace.records",
    "Export": "fr_synth.export.job",
    "ExportOptions": "fr_synth.export.options",
    "Move": "fr_synth.evaluate.agents",
    "PlayRules": "fr_synth.evaluate.rollouts",
    "RecordFinding": "fr_synth.run.verification",
    "Rollout": "fr_synth.evaluate.rollouts",
    "RolloutTotals": "fr_synth.evaluate.tally",
    "Run": "fr_synth.run.job",
    "RunConfig": "fr_synth.run.config",
    "StoredRecords": "fr_synth.run.folder.stored",
    "Totals": "fr_synth.run.statistics",
    "Verification": "fr_synth.run.verification",
    "agent_of": "fr_synth.evaluate.agents",
    "export_run": "fr_synth.export.job",
    "play": "fr_synth.evaluate.rollouts",
    "read_records": "fr_synth.run.folder.stored",
    "row_schema": "fr_synth.trace.rows",
    "rollouts": "fr_synth.evaluate.playing",
    "synthesise": "fr_synth.run.job",
    "tally": "fr_synth.evaluate.tally",
    "task_of": "fr_synth.trace.rows",
    "verify_run": "fr_synth.run.verification",
}


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
