"""The worlds that ship with the package, by name; each is built on first use and kept."""

from __future__ import annotations

import functools
import importlib
from typing import TYPE_CHECKING, Any

import env_specs
from fr_envs.compose import compose
from fr_envs.errors import UsageError

if TYPE_CHECKING:
    from fr_envs.domain import Domain

__all__ = ["WORKSPACE", "domain_names", "load_domain"]


def domain_names() -> tuple[str, ...]:
    """Return the short names of the shipped worlds, sorted."""
    return env_specs.names()


WORKSPACE = "workspace"
"""Name of the composition of every shipped world."""


@functools.cache
def load_domain(name: str) -> Domain[Any]:
    """Return a shipped world by its short name, or a composition: ``banking+travel``, or ``workspace`` for all.

    Raises:
        UsageError: There is no such world.

    Example:
        >>> load_domain("banking").name, len(load_domain("banking+travel").spec.tools) > 50
        ('banking', True)
    """
    domain = _built(name)
    domain.loader = functools.partial(load_domain, name)
    return domain


def _built(name: str) -> Domain[Any]:
    if name == WORKSPACE:
        parts = [load_domain(each) for each in domain_names()]
        return compose(*parts, name=WORKSPACE, id="FunReason/Workspace-v0")
    if "+" in name:
        return compose(*(load_domain(each) for each in name.split("+")))
    if name not in domain_names():
        raise UsageError(f"no world {name!r}; there are {', '.join(domain_names())}, {WORKSPACE}, and A+B of these")
    domain: Domain[Any] = importlib.import_module(f"fr_envs.domains.{name}").DOMAIN
    return domain
