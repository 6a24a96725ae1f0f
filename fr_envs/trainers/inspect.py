"""inspect_ai: the tasks of a run as one task of an evaluation, over all turns of the user.

``funreason("runs/first")`` is an ``inspect_ai.Task``: a sample a task, a solver that plays it, and a scorer that gives
the mean score of the turns. Tools keep their whole schemas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_envs.episode.task_file import read_tasks
from fr_envs.errors import UsageError
from fr_envs.trainers.rollout import Rollout, library, task_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fr_envs.json_values import Json, JsonObject

__all__ = ["funreason"]

_HOW = "'funreason[inspect]'"


def funreason(tasks: str | Path, *, domain: str | None = None, rules: Mapping[str, Json] | None = None) -> Any:  # noqa: ANN401
    """Return the evaluation of the tasks of a run.

    Args:
        tasks: A run folder or a file of tasks.
        domain: Those for this world; None for all.
        rules: What pays and what costs; as an object or as plain data.

    Raises:
        UsageError: inspect_ai is not installed, or there are no tasks.
    """
    ai, dataset = library("inspect_ai", _HOW), library("inspect_ai.dataset", _HOW)
    samples = [
        dataset.Sample(id=task.id, input=turn.message, target=turn.reply, metadata={"task": task_text(task)})
        for task in read_tasks(tasks)
        for turn in task.turns[:1]
        if domain in (None, task.domain)
    ]
    if not samples:
        raise UsageError(f"{tasks} has no tasks" + (f" for the world {domain!r}" if domain else ""))
    return ai.Task(dataset=samples, solver=_player(rules), scorer=_scorer(), name="funreason")


def _player(rules: Mapping[str, Json] | None) -> Any:  # noqa: ANN401 - a solver
    solver, model, tool = (library(f"inspect_ai.{name}", _HOW) for name in ("solver", "model", "tool"))
    chat = {"system": model.ChatMessageSystem, "user": model.ChatMessageUser, "tool": model.ChatMessageTool}

    @solver.solver(name="funreason_player")  # type: ignore[untyped-decorator]
    def player() -> Any:  # noqa: ANN401
        async def solve(state: Any, generate: Any) -> Any:  # noqa: ANN401
            rollout = Rollout(state.metadata["task"], rules=rules)
            state.messages = [chat[each["role"]](content=each["content"]) for each in rollout.opening]
            while not rollout.session.over and not state.completed:
                tools = [_info(tool, each["function"]) for each in rollout.tools]
                state.output = await model.get_model().generate(state.messages, tools=tools)
                state.messages.append(state.output.message)
                shown = rollout.act(_message(state.output.message))
                state.messages += [
                    chat[each.pop("role")](**({"content": ""} | each))
                    for each in (dict(message) for message in shown.messages)
                ]
            state.metadata["earned"] = rollout.earned
            state.metadata["verdicts"] = [verdict.missing for verdict in rollout.session.verdicts]
            return state

        return solve

    return player()


def _info(tool: Any, function: JsonObject) -> Any:  # noqa: ANN401 - inspect's own types
    parameters = tool.ToolParams.model_validate(function["parameters"])
    return tool.ToolInfo(name=function["name"], description=function["description"], parameters=parameters)


def _message(message: Any) -> JsonObject:  # noqa: ANN401 - inspect's own types
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.function, "arguments": call.arguments}}
        for call in message.tool_calls or ()
    ]
    return {"role": "assistant", "content": message.text} | ({"tool_calls": calls} if calls else {})


def _scorer() -> Any:  # noqa: ANN401 - a scorer
    scorer = library("inspect_ai.scorer", _HOW)

    @scorer.scorer(metrics=[scorer.mean(), scorer.stderr()], name="funreason_score")  # type: ignore[untyped-decorator]
    def scored() -> Any:  # noqa: ANN401
        async def score(state: Any, target: Any) -> Any:  # noqa: ANN401
            missing = [text for texts in state.metadata["verdicts"] for text in texts]
            return scorer.Score(value=state.metadata["earned"], explanation="; ".join(missing) or "nothing missing")

        return score

    return scored()
