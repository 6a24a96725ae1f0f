"""OpenEnv: a server for the tasks of one world, and its client.

``app = server_app("banking", tasks=RUN)`` is what ``uvicorn`` is given; each connection has a session of its own.
``reset(seed=…)`` begins an order of the tasks, ``reset(task=…)`` plays the one that is given.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from fr_envs.trainers.openenv_client import models
from fr_envs.trainers.parts.openenv_world import World
from fr_envs.trainers.rollout import library, with_base

if TYPE_CHECKING:
    from fr_envs.episode.task_deck import Tasks

__all__ = ["World", "server_app"]

_HOW = "'funreason[openenv]'"


def server_app(domain: str, tasks: Tasks | None = None, *, most_sessions: int = 256, **options: Any) -> Any:  # noqa: ANN401
    """Return the application to serve; ``options`` are those of ``World``.

    Raises:
        UsageError: OpenEnv is not installed, or there is no task for the world.
    """
    core = library("openenv.core", _HOW)
    cls: Any = with_base(World, core.Environment)
    cls(domain, tasks, **options)  # says at once what is wrong
    return core.create_app(
        functools.partial(cls, domain, tasks, **options), *models(), env_name=f"funreason-{domain}",
        max_concurrent_envs=most_sessions,
    )  # fmt: skip
