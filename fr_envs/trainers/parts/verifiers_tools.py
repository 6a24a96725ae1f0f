"""A world as a tool server of verifiers, and its traces as OpenAI has messages."""

# Annotations are values here: pydantic reads them, and the class is made inside a function.

import functools
from typing import TYPE_CHECKING, Any

import msgspec

from fr_envs.episode.judging.reward import read_rules
from fr_envs.episode.judging.transcripts import score
from fr_envs.trainers.parts.trl_tools import method_of
from fr_envs.trainers.rollout import Rollout, library, result_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.json_values import Json, JsonObject

__all__ = ["WorldTools", "earned", "plain_messages"]  # noqa: F822 - made below

_HOW = "verifiers==0.4.0, in an environment of its own"


def plain_messages(messages: Any) -> "list[JsonObject]":  # noqa: ANN401 - verifiers' own types
    """Return the messages of a trace as OpenAI has them."""
    plain = []
    for each in messages:
        message = each.model_dump(exclude_none=True)
        calls = message.pop("tool_calls", None) or ()
        if calls:
            message["tool_calls"] = [
                {
                    "id": call["id"],
                    "type": "function",
                    "function": {"name": call["name"], "arguments": call["arguments"]},
                }
                for call in calls
            ]
        plain.append(message)
    return plain


def earned(task: str, messages: Any, rules: "Mapping[str, Json]") -> float:  # noqa: ANN401 - verifiers' own types
    """Return what a trace earned: the mean score of its turns less what its steps cost."""
    paying = msgspec.structs.replace(read_rules(rules), pay="turns")  # when it is paid makes no difference here
    found = score(task, plain_messages(messages), rules=paying)
    return found.score + found.reward - sum(turn.score for turn in found.turns)


@functools.cache
def _class() -> type:
    vf = library("verifiers.v1", _HOW)

    class WorldTools(vf.Toolset[vf.ToolsetConfig]):  # type: ignore[misc,name-defined]
        """The tools of one rollout's world, with their whole schemas."""

        TOOL_PREFIX = None

        async def setup_task(self, task: Any) -> None:  # noqa: ANN401
            """Start the task of the rollout."""
            self.rollout = Rollout(task.task, rules=task.rules, max_steps=None)

        def register(self, mcp: Any) -> None:  # noqa: ANN401
            """Offer each tool of the task, that of a later turn as well: the server lists them once."""
            for tool in self.rollout.all_tools:
                _offer(mcp, self.rollout, tool["function"])

    WorldTools.__qualname__ = WorldTools.__name__  # other processes look it up by module and name
    return WorldTools


def _offer(mcp: Any, rollout: Rollout, function: "JsonObject") -> None:  # noqa: ANN401 - a server of mcp
    class World:
        def _call(self, name: str, arguments: "JsonObject") -> str:
            return result_text(rollout.act({"name": name, "arguments": arguments}).seen.results[0])

    method = method_of(function).__get__(World())
    mcp.add_tool(method, name=function["name"], description=function["description"], structured_output=False)
    tools = getattr(mcp, "_tool_manager", None)
    offered = tools.get_tool(function["name"]) if tools is not None else None
    if offered is not None:
        offered.parameters = function["parameters"]  # all that the hints of the method cannot say


def __getattr__(name: str) -> type:
    """Make the class when it is first asked for.

    Raises:
        UsageError: verifiers is not installed.
    """
    if name != "WorldTools":
        raise AttributeError(name)
    return _class()
