"""Worlds by name: those that ship, those of your own, and compositions. Each is built on first use and kept.

A world of your own is made known to a process by ``add_world`` (which ``fr_envs.register_world`` and the command
line's ``--world`` call) with a loader. Records hold names only: what a name means is said by whoever reads them.
"""

from __future__ import annotations

import functools
import importlib
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import env_specs
from fr_envs.errors import UsageError
from fr_envs.world.compose import compose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fr_envs.world.domain import Domain

__all__ = [
    "WORKSPACE",
    "OwnWorld",
    "add_world",
    "domain_names",
    "drop_world",
    "is_own",
    "is_shared",
    "load_domain",
    "own_worlds",
    "world_id",
]


def domain_names() -> tuple[str, ...]:
    """Return the short names of the shipped worlds, sorted."""
    return env_specs.names()


WORKSPACE = "workspace"
"""Name of the composition of every shipped world."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


class OwnWorld(NamedTuple):
    """A world of your own, as a process comes by it.

    Attributes:
        load: Builds the world; picklable where worker processes are to have it.
        shared: It is one live service for every process that uses it, so that only one may.
    """

    load: Callable[[], Domain[Any]]
    shared: bool = False


_own: dict[str, OwnWorld] = {}
_built: dict[str, Domain[Any]] = {}


def world_id(name: str) -> str:
    """Return the Gymnasium id of a world of your own.

    Example:
        >>> world_id("help_desk")
        'FunReason/HelpDesk-v0'
    """
    return f"FunReason/{''.join(part.capitalize() for part in name.split('_'))}-v0"


def own_worlds() -> Mapping[str, OwnWorld]:
    """Return the worlds of your own that this process knows, by name; what a worker process is to be given."""
    return dict(_own)


def is_own(name: str) -> bool:
    """Return True if a name is that of a world of your own, or of a composition that holds one."""
    return any(part in _own for part in name.split("+"))


def is_shared(name: str) -> bool:
    """Return True if a world is one live service for all processes, or a composition that holds such a one."""
    return any(_own[part].shared for part in name.split("+") if part in _own)


def add_world(name: str, world: OwnWorld) -> None:
    """Make a world of your own known by a name, in place of what the name meant before.

    Raises:
        UsageError: The name is none, or that of a shipped world.
    """
    if _NAME.fullmatch(name) is None:
        raise UsageError(f"{name!r} is no name of a world; take small letters, digits and underscores")
    if name in (*domain_names(), WORKSPACE):
        raise UsageError(f"{name!r} is the name of a shipped world; take another")
    if _own.get(name) != world:
        drop_world(name)
        _own[name] = world


def drop_world(name: str) -> None:
    """Forget a world of your own, and the compositions that hold it; nothing happens where there is none."""
    _own.pop(name, None)
    for kept in [kept for kept in _built if name in kept.split("+")]:
        del _built[kept]


def load_domain(name: str) -> Domain[Any]:
    """Return a world by its short name, or a composition: ``banking+travel``, or ``workspace`` for all that ship.

    Raises:
        UsageError: There is no such world, or one of your own is not called as its name says.

    Example:
        >>> load_domain("banking").name, len(load_domain("banking+travel").spec.tools) > 50
        ('banking', True)
    """
    if name not in _built:
        domain = _build(name)
        own = tuple((part, _own[part]) for part in name.split("+") if part in _own)
        domain.loader = functools.partial(_elsewhere, name, own)
        _built[name] = domain
    return _built[name]


def _elsewhere(name: str, own: Iterable[tuple[str, OwnWorld]]) -> Domain[Any]:
    """Load a world where a pickle of it is read: another process may not know of it yet."""
    for part, world in own:
        if part not in _own:
            add_world(part, world)
    return load_domain(name)


def _build(name: str) -> Domain[Any]:
    if name == WORKSPACE:
        parts = [load_domain(each) for each in domain_names()]
        return compose(*parts, name=WORKSPACE, id="FunReason/Workspace-v0")
    if "+" in name:
        return compose(*(load_domain(each) for each in name.split("+")))
    if name in _own:
        domain = _own[name].load()
        if domain.name != name:
            raise UsageError(f"the world {name!r} calls itself {domain.name!r}; give one of the two the other's name")
        return domain
    if name not in domain_names():
        there = ", ".join((*domain_names(), WORKSPACE, *_own))
        raise UsageError(
            f"no world {name!r}; there are {there}, and A+B of these; one of your own is made known by --world FILE"
        )
    shipped: Domain[Any] = importlib.import_module(f"fr_envs.domains.{name}").DOMAIN
    return shipped
