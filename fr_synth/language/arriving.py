"""What people say when a tool that was missing has come after all, and what is thought then."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import msgspec

import env_specs
from fr_envs.situation.spec import ReplyWordings, SituationTurn, Thought, Wordings
from fr_envs.streams import pick
from fr_envs.yaml_text import read_yaml

if TYPE_CHECKING:
    import numpy as np

__all__ = ["arrival", "arrival_thoughts", "arrival_with"]


class _Thoughts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    first: tuple[str, ...]
    close: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    say: Wordings
    thoughts: _Thoughts


@functools.cache
def _file() -> _File:
    return msgspec.convert(read_yaml(env_specs.arrivals_path().read_text(encoding="utf-8")), _File)


@functools.cache
def arrival() -> SituationTurn:
    """Return the turn that comes behind one in which a tool is missing; what is done in it depends on that one."""
    return SituationTurn(_file().say, (ReplyWordings(()),))


@functools.lru_cache(maxsize=256)
def arrival_with(tool: str) -> SituationTurn:
    """Return the same turn with everything that may be thought in it when a certain tool has come.

    Args:
        tool: Name of the tool.
    """
    words = _file().thoughts
    first = tuple(each.replace("{tool}", tool) for each in words.first)
    return msgspec.structs.replace(arrival(), thought=Thought(plan=first, direct=first, close=words.close))


def arrival_thoughts(tool: str, rng: np.random.Generator) -> tuple[str, str]:
    """Return what is thought before a tool that has come is called, and before the reply.

    Args:
        tool: Name of the tool.
        rng: Chooses among wordings.
    """
    words = _file().thoughts
    return pick(rng, words.first).replace("{tool}", tool), pick(rng, words.close)
