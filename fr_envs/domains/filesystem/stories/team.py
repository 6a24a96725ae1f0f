"""Stories of a team's folder: a hand-over that nobody else can read, plans that belong to somebody who has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.domains.filesystem.stories.setting import Setting, ago, numbered
from fr_envs.domains.filesystem.words import PEOPLE, PLACES

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.domains.filesystem.builder import Builder

__all__ = ["STORIES"]


def _handover(build: Builder, at: Setting) -> None:
    """Files for the team that only their owner can open."""
    draw = build.draw
    folder = build.folder(f"/srv/{at.team}/handover", at.owner, draw.pick((0o700, 0o750, 0o755)))
    contacts = [f"{p.title()}, {draw.pick(PLACES)}, {p}@example.org" for p in draw.some(PEOPLE, 4)]
    build.write(folder, "contacts.txt", numbered(contacts), ago(build, 1, 9), 0o600)
    steps = [
        f"Mondays: check the backups with {draw.pick(PEOPLE).title()}.",
        f"On the {10 + draw.below(18)}th: send the figures to {draw.pick(PLACES)}.",
    ]
    build.write(folder, "routine.md", numbered(["# Routine", "", *steps]), ago(build, 1, 9), 0o600)
    build.write(
        folder,
        "open-points.txt",
        numbered([f"offer from the printers in {draw.pick(PLACES)}", f"keys of {draw.pick(PEOPLE).title()}"]),
        ago(build, 1, 9),
        0o640,
    )


def _left_behind(build: Builder, at: Setting) -> None:
    """Plans that belong to another user, and that the others of the team cannot change."""
    draw = build.draw
    folder = build.folder(f"/srv/{at.team}/plans", draw.pick(at.others), 0o755)
    rows = [
        f"{day},{draw.pick(PEOPLE).title()},{draw.pick(('early', 'late'))}"
        for day in ("Mon", "Tue", "Wed", "Thu", "Fri")
    ]
    build.write(folder, "shifts.csv", numbered(["day,name,shift", *rows]), ago(build, 5, 50))
    build.write(
        folder,
        "fair-stand.md",
        numbered(["# Stand at the fair", "", f"{draw.pick(PLACES)}, hall {1 + draw.below(9)}."]),
        ago(build, 20, 90),
    )


STORIES: tuple[Callable[[Builder, Setting], None], ...] = (_handover, _left_behind)
"""What has happened in the team's folder."""
