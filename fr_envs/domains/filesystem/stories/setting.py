"""Where stories happen: whose home it is, who else is there, and days counted back from now."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.domains.filesystem.builder import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.domains.filesystem.builder import Builder

__all__ = ["Setting", "ago", "day_of", "numbered", "stamp"]


class Setting(NamedTuple):
    """Where and among whom stories happen.

    Attributes:
        home: Path of the home directory of who logs in.
        owner: That user.
        others: The other users, at least one.
        team: Name of the shared folder below ``/srv``, and of the group it belongs to.
        label: Path of the second volume.
    """

    home: str
    owner: str
    others: Sequence[str]
    team: str
    label: str


def ago(build: Builder, low: int, high: int) -> int:
    """Return a moment between ``low`` and ``high`` days ago, in seconds since 1970 UTC."""
    return build.now - low * DAY - build.draw.below((high - low) * DAY or 1)


def day_of(moment: int) -> str:
    """Return the day of a moment, such as ``2026-11-05``."""
    return datetime.datetime.fromtimestamp(moment, tz=datetime.UTC).date().isoformat()


def stamp(moment: int) -> str:
    """Return day and time of a moment as logs have it, such as ``2026-11-05 18:02:11``."""
    return f"{datetime.datetime.fromtimestamp(moment, tz=datetime.UTC):%Y-%m-%d %H:%M:%S}"


def numbered(lines: Sequence[str]) -> str:
    """Return lines as one text that ends in a line end."""
    return "".join(f"{line}\n" for line in lines)
