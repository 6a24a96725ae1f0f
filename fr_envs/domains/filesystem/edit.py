"""One change of the tree in the making: entries added and removed, space charged, all of it or nothing."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.filesystem.paths import READ, SEARCH, WRITE, Place, deny, may, reject, walk
from fr_envs.domains.filesystem.state import (
    CLOCK,
    MAX_FILE,
    SHELL,
    STICKY,
    SUPERUSER,
    Dir,
    File,
    FileSystem,
    Link,
    Member,
    Node,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Edit", "archive_size", "size_of"]

_BLOCK, _RECORD = 512, 10_240  # bytes, as the tar format has them


def size_of(text: str, path: str) -> int:
    """Return the bytes of a text in UTF-8; refuse what no file can hold.

    Raises:
        Refusal: EFBIG where the text is too long.
    """
    if len(text) > MAX_FILE:
        reject("EFBIG", path)
    return len(text) if text.isascii() else len(text.encode())


def archive_size(members: tuple[Member, ...]) -> int:
    """Return the bytes that a tar archive of these members takes."""
    blocks = sum(1 + -(-member.size // _BLOCK) for member in members) + 2
    return -(-blocks * _BLOCK // _RECORD) * _RECORD


class Edit:
    """A state being changed inside one handler. What it holds is not seen before ``done``.

    Args:
        state: The state to start from.
    """

    __slots__ = ("_charges", "nodes", "now", "state", "who")

    def __init__(self, state: FileSystem) -> None:
        """Start from a state."""
        self.state = state
        self.nodes = state.nodes
        self.who = state.session[SHELL]
        self.now = state.clock[CLOCK].now
        self._charges: dict[str, int] = {}

    def done(self) -> FileSystem:
        """Return the state after; refuse with ENOSPC where a volume overflows."""
        volumes = self.state.volumes
        for key, amount in self._charges.items():
            volume = volumes[key]
            used = volume.used + amount
            if amount > 0 and used > volume.capacity:
                reject("ENOSPC", key)
            volumes = volumes.put(key, replace(volume, used=used))
        return replace(self.state, nodes=self.nodes, volumes=volumes)

    def folder(self, key: str) -> Dir:
        """Return a directory as it is by now."""
        node = self.nodes[key]
        assert isinstance(node, Dir)
        return node

    def charge(self, volume: str, amount: int) -> None:
        """Take ``amount`` bytes of a volume, or give them back."""
        if amount:
            self._charges[volume] = self._charges.get(volume, 0) + amount

    def set(self, key: str, node: Node) -> None:
        """Put a node in place of another under the same key."""
        self.nodes = self.nodes.put(key, node)

    def may_enter(self, place: Place) -> None:
        """Refuse where no entry may be added to the directory of a place."""
        folder = self.folder(place.holder)
        if not (may(self.who, folder, WRITE) and may(self.who, folder, SEARCH)):
            reject("EACCES", place.path)

    def may_leave(self, folder: Dir, node: Node, path: str) -> None:
        """Refuse where an entry may not be taken out of a directory."""
        deny(self.who, folder, WRITE, path)
        deny(self.who, folder, SEARCH, path)
        if folder.mode & STICKY and self.who.user not in {SUPERUSER, folder.owner, node.owner}:
            reject("EPERM", path)

    def enter(self, holder: str, name: str, key: str) -> None:
        """Write a name into a directory."""
        folder = self.folder(holder)
        at = bisect_left(folder.names, name)
        names = (*folder.names[:at], name, *folder.names[at:])
        nodes = (*folder.nodes[:at], key, *folder.nodes[at:])
        self.set(holder, replace(folder, names=names, nodes=nodes, modified=self.now, changed=self.now))

    def leave(self, holder: str, name: str) -> str:
        """Strike a name out of a directory and return the key it stood for."""
        folder = self.folder(holder)
        at = bisect_left(folder.names, name)
        names = folder.names[:at] + folder.names[at + 1 :]
        nodes = folder.nodes[:at] + folder.nodes[at + 1 :]
        self.set(holder, replace(folder, names=names, nodes=nodes, modified=self.now, changed=self.now))
        return folder.nodes[at]

    def create(self, place: Place, node: Node) -> str:
        """Add a new node at a free place and return its key."""
        key, count = place.path, 1
        while key in self.nodes:
            count += 1
            key = f"{place.path}#{count}"
        if type(node) is File:
            self.charge(self.folder(place.holder).volume, node.size)
        self.nodes = self.nodes.put(key, node)
        self.enter(place.holder, place.name, key)
        return key

    def new_file(self, text: str = "", size: int = 0, mode: int = 0o666) -> File:
        """Return a file of the acting user."""
        who = self.who
        return File(mode & ~who.umask, who.user, who.groups[0], self.now, self.now, size, text)

    def new_link(self, target: str) -> Link:
        """Return a symbolic link of the acting user."""
        return Link(0o777, self.who.user, self.who.groups[0], self.now, self.now, target)

    def new_dir(self, place: Place, mode: int = 0o777) -> Dir:
        """Return a directory of the acting user for a place."""
        who = self.who
        volume = self.folder(place.holder).volume
        return Dir(
            mode & ~who.umask, who.user, who.groups[0], self.now, self.now, place.holder, place.name, volume
        )  # fmt: skip

    def make_dir(self, place: Place, mode: int = 0o777) -> str:
        """Create a directory at a free place and return its key."""
        self.may_enter(place)
        return self.create(place, self.new_dir(place, mode))

    def write(self, place: Place, text: str, *, mode: int = 0o666, members: tuple[Member, ...] | None = None) -> File:
        """Create the file at a place, or put new content into the one that is there, and return it.

        Raises:
            Refusal: EISDIR, EACCES, EFBIG.
        """
        node = place.node
        size = size_of(text, place.path) if members is None else archive_size(members)
        if node is None:
            if place.slash:
                reject("EISDIR", place.path + "/")
            self.may_enter(place)
            file = replace(self.new_file(text, size, mode), members=members)
            self.create(place, file)
            return file
        if type(node) is not File:
            reject("EISDIR", place.path)
        deny(self.who, node, WRITE, place.path)
        self.charge(self.folder(place.holder).volume, size - node.size)
        file = replace(node, text=text, size=size, members=members, modified=self.now, changed=self.now)
        self.set(place.key, file)
        return file

    def unlink(self, holder: str, name: str) -> None:
        """Remove one name of a file or link; with the last name the node goes too."""
        key = self.leave(holder, name)
        node = self.nodes[key]
        assert not isinstance(node, Dir)
        if node.links > 1:
            self.set(key, replace(node, links=node.links - 1, changed=self.now))
            return
        self.nodes = self.nodes.drop(key)
        if type(node) is File:
            self.charge(self.folder(holder).volume, -node.size)

    def remove(self, holder: str, name: str, path: str) -> int:
        """Remove an entry with all that lies under it; return how many entries went.

        Raises:
            Refusal: EACCES or EPERM where something may not be removed, EBUSY for a mount point.
        """
        folder = self.folder(holder)
        key = folder.nodes[bisect_left(folder.names, name)]
        node = self.nodes[key]
        self.may_leave(folder, node, path)
        if not isinstance(node, Dir):
            self.unlink(holder, name)
            return 1
        if node.volume != folder.volume:
            reject("EBUSY", path)
        count = 1
        if node.names:
            deny(self.who, node, READ, path)
        for below in node.names:
            count += self.remove(key, below, f"{path}/{below}")
        self.leave(holder, name)
        self.nodes = self.nodes.drop(key)
        return count

    def inside(self, key: str, ancestor: str) -> bool:
        """Return True if a directory is ``ancestor`` or lies under it."""
        while key != ancestor:
            parent = self.folder(key).parent
            if parent == key:
                return False
            key = parent
        return True

    def change_tree(self, key: str, path: str, change: Callable[[Node, str], Node], *, deep: bool) -> int:
        """Put ``change(node, path)`` in place of a node and, if ``deep``, of all under it; links are left alone."""
        node = self.nodes[key]
        self.set(key, change(node, path))
        count = 1
        if deep and type(node) is Dir:
            right = READ | SEARCH if node.names else READ
            deny(self.who, self.nodes[key], right, path)  # as it is by now: a shell works its way down
            for name, below in zip(node.names, node.nodes, strict=True):
                if type(self.nodes[below]) is not Link:
                    count += self.change_tree(below, f"{path}/{name}", change, deep=True)
        return count

    def look(self, path: str, *, follow: bool = True, there: bool = False) -> Place:
        """Walk in the state as it is by now."""
        same = self.nodes is self.state.nodes
        state = self.state if same else replace(self.state, nodes=self.nodes)
        return walk(state, path, follow=follow, there=there)
