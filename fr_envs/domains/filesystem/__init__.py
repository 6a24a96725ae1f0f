"""The file system: a shell's tools over a tree of files, with users, permissions, links, archives and two volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.contract.loading import load_spec
from fr_envs.domains.filesystem.entities import ENTITIES
from fr_envs.domains.filesystem.handlers import archives, clock, comparing, looking, moving, reading, rights, writing
from fr_envs.domains.filesystem.hooks import FACTS, SUGGEST
from fr_envs.domains.filesystem.world import SPAN, begin, initial
from fr_envs.world.briefing import day_told
from fr_envs.world.domain import Domain, Hooks, TimeHooks, handlers_in

if TYPE_CHECKING:
    from fr_envs.domains.filesystem.state import FileSystem

__all__ = ["DOMAIN"]

DOMAIN: Domain[FileSystem] = Domain(
    load_spec("filesystem"),
    handlers_in(looking, reading, comparing, writing, moving, rights, archives, clock),
    Hooks(
        initial=initial,
        facts=FACTS,
        suggest=SUGGEST,
        entities=ENTITIES,
        incidental=frozenset({"session"}),
        time=TimeHooks(clock.now_of, clock.pass_until, begin, SPAN),
        briefing=lambda fs: day_told(clock.now_of(fs)),
        busy=True,
    ),
)
