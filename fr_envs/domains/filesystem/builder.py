"""A tree under construction: nodes by path, the entries of each directory, and what each volume holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.domains.filesystem.edit import archive_size
from fr_envs.domains.filesystem.state import ROOT, SUPERUSER, Dir, File, Link, Member, Node
from fr_envs.domains.filesystem.texts import TEXTS, Draw, file_name
from fr_envs.domains.filesystem.words import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["DAY", "Builder"]

DAY = 86_400
"""Seconds of a day."""


class Builder:
    """Nodes by path, and the entries of each directory, until the directories can be written.

    Attributes:
        draw: Source of everything that is drawn.
        now: The world's present, seconds since 1970 UTC.
        nodes: What has been put, by path; directories come last.
        entries: For each directory the keys of its entries by name.
        folders: For each directory (mode, owner, group, volume).
        used: Bytes on each volume.
        dated: When each directory was changed last.
    """

    def __init__(self, draw: Draw, now: int) -> None:
        """Begin with an empty root."""
        self.draw = draw
        self.now = now
        self.nodes: dict[str, Node] = {}
        self.entries: dict[str, dict[str, str]] = {ROOT: {}}
        self.folders: dict[str, tuple[int, str, str, str]] = {ROOT: (0o755, SUPERUSER, SUPERUSER, ROOT)}
        self.used = {ROOT: 0}
        self.dated: dict[str, int] = {}

    def folder(self, path: str, owner: str = SUPERUSER, mode: int = 0o755, group: str | None = None) -> str:
        """Add a directory; ``path`` becomes a volume of its own where ``used`` has it."""
        above, _, name = path.rpartition("/")
        volume = path if path in self.used else self.folders[above or ROOT][3]
        self.folders[path] = (mode, owner, group or owner, volume)
        self.entries[path] = {}
        self.entries[above or ROOT][name] = path
        return path

    def put(self, folder: str, name: str, node: Node) -> str:
        """Add a file or link, under another name where the name is taken."""
        entries = self.entries[folder]
        while name in entries:
            name = f"{self.draw.pick(SECOND)}-{name}"
        path = f"{folder}/{name}"
        entries[name] = path
        self.nodes[path] = node
        if type(node) is File:
            self.used[self.folders[folder][3]] += node.size
        return path

    def past(self) -> int:
        """Return a moment of the last four hundred days."""
        return self.now - 60 - self.draw.below(400 * DAY)

    def text(self, folder: str, sort: str, name: str | None = None, mode: int = 0o644) -> str:
        """Add a file of some sort, owned as its directory is."""
        _, owner, group, _ = self.folders[folder]
        when = self.past()
        text = TEXTS[sort](self.draw)
        file = File(mode, owner, group, when, when, len(text), text)
        return self.put(folder, name or file_name(self.draw, sort), file)

    def write(self, folder: str, name: str, text: str, when: int, mode: int = 0o644) -> str:
        """Add a file of a given text and time, owned as its directory is."""
        _, owner, group, _ = self.folders[folder]
        return self.put(folder, name, File(mode, owner, group, when, when, len(text), text))

    def pack(self, folder: str, name: str, members: Sequence[Member], when: int) -> str:
        """Add an archive of given members, owned as its directory is."""
        _, owner, group, _ = self.folders[folder]
        held = tuple(members)
        return self.put(folder, name, File(0o644, owner, group, when, when, archive_size(held), "", members=held))

    def link(self, folder: str, name: str, target: str) -> str:
        """Add a symbolic link."""
        _, owner, group, _ = self.folders[folder]
        when = self.past()
        return self.put(folder, name, Link(0o777, owner, group, when, when, target))

    def archive(self, folder: str, name: str, top: str, *, bare: bool = False) -> str:
        """Add an archive of a tree that exists; a bare one holds what is in the folder and not the folder itself."""
        _, owner, group, _ = self.folders[folder]
        when = self.past()
        within = [member for below in sorted(self.entries[top]) for member in self.members(f"{top}/{below}", below)]
        members = tuple(within if bare else self.members(top, top.rpartition("/")[2]))
        file = File(0o644, owner, group, when, when, archive_size(members), "", members=members)
        return self.put(folder, name, file)

    def members(self, path: str, name: str) -> list[Member]:
        """Return what an archive of a tree holds."""
        if path in self.folders:
            mode, owner, group, _ = self.folders[path]
            found = [Member(name, "directory", mode, owner, group, self.now - DAY)]
            for below in sorted(self.entries[path]):
                found += self.members(f"{path}/{below}", f"{name}/{below}")
            return found
        node = self.nodes[path]
        if isinstance(node, Link):
            return [Member(name, "link", node.mode, node.owner, node.group, node.modified, 0, node.target)]
        assert isinstance(node, File)
        return [Member(name, "file", node.mode, node.owner, node.group, node.modified, node.size, node.text)]

    def date(self) -> None:
        """Draw when each directory that has no date yet was changed."""
        for path in self.folders:
            if path not in self.dated:
                self.dated[path] = self.past()

    def written(self) -> dict[str, Node]:
        """Return all nodes, directories included."""
        self.date()
        nodes = self.nodes
        for path, (mode, owner, group, volume) in self.folders.items():
            entries = self.entries[path]
            names = tuple(sorted(entries))
            above, _, name = path.rpartition("/")
            when = self.dated[path]
            nodes[path] = Dir(
                mode, owner, group, when, when, above or ROOT, name, volume, names,
                tuple(map(entries.__getitem__, names)),
            )  # fmt: skip
        return nodes
