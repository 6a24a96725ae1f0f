"""Stateful simulated worlds for tool use.

``import fr_envs`` makes ``gymnasium.make("FunReason/Banking-v0")`` and the like work, whichever of the two is imported
first. The names below are imported when they are first asked for, so that nothing is loaded that nobody uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.registration import register_envs, register_world

if TYPE_CHECKING:
    from fr_envs.adapters.python.chosen import tool
    from fr_envs.contract.loading import load_spec, read_spec
    from fr_envs.contract.schemas import openai_tools
    from fr_envs.contract.spec import DomainSpec
    from fr_envs.env import ToolEnv
    from fr_envs.episode.calls import Action
    from fr_envs.episode.judging.transcripts import score
    from fr_envs.episode.observation import Observation, Snapshot, read_task
    from fr_envs.episode.reading import read_action
    from fr_envs.episode.session import Session
    from fr_envs.episode.task import Goal, RewardRules, Task, Turn, Verdict
    from fr_envs.episode.trajectory import Trajectory
    from fr_envs.errors import ContractViolation, ForeignToolError, FunReasonError, SpecError, UsageError
    from fr_envs.graph.api_graph import ApiGraph
    from fr_envs.world.compose import compose
    from fr_envs.world.domain import Domain, Outcome
    from fr_envs.world.registry import domain_names, load_domain
    from fr_envs.world.tool_call import ToolCall, ToolError
else:

    def __getattr__(name: str) -> object:
        from fr_envs.lazy_names import load_name

        return load_name(__name__, _HOMES, name)


__all__ = [
    "Action",
    "ApiGraph",
    "ContractViolation",
    "Domain",
    "DomainSpec",
    "ForeignToolError",
    "FunReasonError",
    "Goal",
    "Observation",
    "Outcome",
    "RewardRules",
    "Session",
    "Snapshot",
    "SpecError",
    "Task",
    "ToolCall",
    "ToolEnv",
    "ToolError",
    "Trajectory",
    "Turn",
    "UsageError",
    "Verdict",
    "__version__",
    "compose",
    "domain_names",
    "load_domain",
    "load_spec",
    "openai_tools",
    "read_action",
    "read_spec",
    "read_task",
    "register_envs",
    "register_world",
    "score",
    "tool",
]

__version__ = "0.1.0"

_HOMES = {
    "Action": "fr_envs.episode.calls",
    "ApiGraph": "fr_envs.graph.api_graph",
    "ContractViolation": "fr_envs.errors",
    "Domain": "fr_envs.world.domain",
    "DomainSpec": "fr_envs.contract.spec",
    "ForeignToolError": "fr_envs.errors",
    "FunReasonError": "fr_envs.errors",
    "Goal": "fr_envs.episode.task",
    "Observation": "fr_envs.episode.observation",
    "Outcome": "fr_envs.world.domain",
    "RewardRules": "fr_envs.episode.task",
    "Session": "fr_envs.episode.session",
    "Snapshot": "fr_envs.episode.observation",
    "SpecError": "fr_envs.errors",
    "Task": "fr_envs.episode.task",
    "ToolCall": "fr_envs.world.tool_call",
    "ToolEnv": "fr_envs.env",
    "ToolError": "fr_envs.world.tool_call",
    "Trajectory": "fr_envs.episode.trajectory",
    "Turn": "fr_envs.episode.task",
    "UsageError": "fr_envs.errors",
    "Verdict": "fr_envs.episode.task",
    "compose": "fr_envs.world.compose",
    "domain_names": "fr_envs.world.registry",
    "load_domain": "fr_envs.world.registry",
    "load_spec": "fr_envs.contract.loading",
    "openai_tools": "fr_envs.contract.schemas",
    "read_action": "fr_envs.episode.reading",
    "read_spec": "fr_envs.contract.loading",
    "read_task": "fr_envs.episode.observation",
    "score": "fr_envs.episode.judging.transcripts",
    "tool": "fr_envs.adapters.python.chosen",
}


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


register_envs()
