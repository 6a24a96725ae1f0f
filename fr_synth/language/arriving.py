"""What people say when a tool that was missing has come after all."""

from __future__ import annotations

import functools

import msgspec

import env_specs
from fr_envs.situation.spec import ReplyWordings, SituationTurn, Wordings
from fr_envs.yaml_text import read_yaml

__all__ = ["arrival"]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    say: Wordings


@functools.cache
def arrival() -> SituationTurn:
    """Return the turn that comes behind one in which a tool is missing; what is done in it depends on that one."""
    words = msgspec.convert(read_yaml(env_specs.arrivals_path().read_text(encoding="utf-8")), _File)
    return SituationTurn(words.say, (ReplyWordings(()),))
