"""Files with a story: what somebody left behind, changed, mixed up or forgot, so that there is a reason to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.domains.filesystem.stories import home, records, service, team
from fr_envs.domains.filesystem.stories.setting import Setting

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.domains.filesystem.builder import Builder

__all__ = ["Setting", "tell"]

_STORIES: tuple[Callable[[Builder, Setting], None], ...] = (
    *service.STORIES,
    *records.STORIES,
    *home.STORIES,
    *team.STORIES,
)


def tell(build: Builder, setting: Setting, count: int) -> None:
    """Add some stories to a tree that is otherwise complete.

    Args:
        build: The tree; its draws decide which stories and how they go.
        setting: Where and among whom they happen.
        count: How many; all there are where that is less.
    """
    for story in build.draw.some(_STORIES, count):
        story(build, setting)
