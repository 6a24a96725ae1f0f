"""OpenEnv: the models of actions and observations, and the client of ``fr_envs.trainers.openenv``."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pydantic

from fr_envs.trainers.rollout import library

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject

__all__ = ["client_class", "models"]

_HOW = "'funreason[openenv]'"


@functools.cache
def models() -> tuple[Any, Any]:
    """Return the models of actions (``message``: text, a message or calls) and observations.

    Raises:
        UsageError: OpenEnv is not installed.
    """
    core = library("openenv.core", _HOW)
    action: Any = {"message": (Any, ...)}
    seen: Any = {"messages": (list[dict[str, Any]], []), "tools": (list[dict[str, Any]], []), "turn": (int, 0)}
    return (
        pydantic.create_model("FunReasonAction", __base__=core.Action, **action),
        pydantic.create_model("FunReasonObservation", __base__=core.Observation, **seen, score=(float, 0.0)),
    )


def client_class() -> Any:  # noqa: ANN401 - a class over OpenEnv's own
    """Return the client: ``reset(seed=…)``, ``step(models()[0](message=…))``, ``state()``.

    Raises:
        UsageError: OpenEnv is not installed.
    """
    core = library("openenv.core", _HOW)
    result = library("openenv.core.client_types", _HOW).StepResult

    def payload(self: Any, action: Any) -> JsonObject:  # noqa: ANN401
        return {"message": action.message}

    def parsed(self: Any, payload: JsonObject) -> Any:  # noqa: ANN401
        outer = {"reward": payload.get("reward"), "done": payload.get("done", False)}
        return result(observation=models()[1](**(payload["observation"] | outer)), **outer)

    def state(self: Any, payload: JsonObject) -> Any:  # noqa: ANN401
        return core.State(**payload)

    methods = {"_step_payload": payload, "_parse_result": parsed, "_parse_state": state}
    return type("FunReasonClient", (core.EnvClient,), methods)
