"""Worlds in Gymnasium's registry, without importing Gymnasium: its ids are there as soon as it is.

Gymnasium knows no entry points for plug-ins, so ``import fr_envs`` registers the worlds: at once where Gymnasium has
been imported, else when it is.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

from fr_envs.import_hook import after_import

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.world.domain import Domain

__all__ = ["ENV_IDS", "register_envs", "register_world"]

ENV_IDS = {
    "FunReason/Banking-v0": "banking",
    "FunReason/FileSystem-v0": "filesystem",
    "FunReason/Travel-v0": "travel",
    "FunReason/Workspace-v0": "workspace",
}
"""Gymnasium ids of the shipped worlds. The contracts say the same; naming them here spares ``import`` their reading."""

_REGISTRY = "gymnasium.envs.registration"  # the first module of gymnasium that can register; every import loads it

_known = dict(ENV_IDS)  # worlds by id, those of your own included
_lock = threading.Lock()  # held for no import, so that it cannot stand against the locks of the import system


def register_envs() -> None:
    """Register the worlds with Gymnasium, unless they are; ``import fr_envs`` does it."""
    after_import(_REGISTRY, _register)


def _register() -> None:
    gymnasium: Any = sys.modules[_REGISTRY]
    with _lock:
        for env_id, domain in _known.items():
            if env_id not in gymnasium.registry:
                gymnasium.register(id=env_id, entry_point="fr_envs.env:ToolEnv", kwargs={"domain": domain})


def register_world(name: str, load: Callable[[], Domain[Any]], *, shared: bool = False) -> str:
    """Make a world of your own usable by name wherever a shipped one is; return its Gymnasium id.

    Args:
        name: Its short name, which records carry; a name that is registered already means the new world from now on.
        load: Builds the world, on first use; picklable (a function of a module, ``functools.partial`` of one) where
            worker processes are to have it.
        shared: It is one live service for every process that uses it, so that only one may.

    Raises:
        UsageError: The name is none, or that of a shipped world.

    Example:
        >>> import functools
        >>> import gymnasium
        >>> from fr_envs.adapters.python.objects import domain_from_object
        >>> class Counter:
        ...     def __init__(self) -> None:
        ...         self.count = 0
        ...     def add(self, amount: int) -> int:
        ...         "Add to the count."
        ...         self.count += amount
        ...         return self.count
        >>> env_id = register_world("counter", functools.partial(domain_from_object, Counter, name="counter"))
        >>> env = gymnasium.make(env_id)
        >>> _ = env.reset(seed=1)
        >>> env.step({"name": "add", "arguments": {"amount": 2}})[0]
        '{"result":2}'
        >>> from fr_envs.world.registry import drop_world
        >>> drop_world("counter")
    """
    from fr_envs.world.registry import OwnWorld, add_world, world_id  # here, so that ``import fr_envs`` stays light

    add_world(name, OwnWorld(load, shared))
    with _lock:
        _known[world_id(name)] = name
    register_envs()
    return world_id(name)
