"""From a path to a node, as POSIX does it: search permission on the way, links followed, ``..`` taken physically."""

from __future__ import annotations

import functools
from bisect import bisect_left
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from fr_envs.domains.filesystem.state import ROOT, SHELL, SUPERUSER, Dir, File, FileSystem, Link, Node, Session
from fr_envs.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "READ",
    "SEARCH",
    "WRITE",
    "Found",
    "Place",
    "Seen",
    "child",
    "deny",
    "directory",
    "existing",
    "leads_to",
    "may",
    "moment",
    "names_to",
    "path_of",
    "readable",
    "reject",
    "text_file",
    "to_write",
    "under",
    "walk",
]

READ, WRITE, SEARCH = 4, 2, 1
_OWNERS_SEARCH = SEARCH << 6  # asked first, as one walks through one's own directories most of the time

_MAX_HOPS = 40  # as Linux has it
_DOTS = frozenset({"", ".", ".."})
_MAX_NAME = 255  # bytes
_SHORT_NAME = _MAX_NAME // 4  # characters, of four bytes at most


class Place(NamedTuple):
    """Where a path leads.

    Attributes:
        path: Physical absolute path of the place.
        holder: Key of the directory that the name lies in.
        folder: That directory.
        name: Name in it; empty where the path ends in ``/``, ``.`` or ``..`` of a directory itself.
        key: Key of the node; empty where there is none.
        node: What is there, None where nothing is.
        slash: The path demands a directory (it ends in a slash).
    """

    path: str
    holder: str
    folder: Dir
    name: str
    key: str
    node: Node | None
    slash: bool


class Found(NamedTuple):
    """An existing node: its physical path, its key and itself."""

    path: str
    key: str
    node: Node


_TEXTS = {
    "EACCES": "Permission denied",
    "EBUSY": "Device or resource busy",
    "EEXIST": "File exists",
    "EFBIG": "File too large",
    "EINVAL": "Invalid argument",
    "EISDIR": "Is a directory",
    "ELOOP": "Too many levels of symbolic links",
    "ENAMETOOLONG": "File name too long",
    "ENOENT": "No such file or directory",
    "ENOSPC": "No space left on device",
    "ENOTDIR": "Not a directory",
    "ENOTEMPTY": "Directory not empty",
    "EPERM": "Operation not permitted",
    "EXDEV": "Invalid cross-device link",
}


def reject(code: str, path: str, detail: str = "") -> NoReturn:
    """Refuse in the words of a shell: ``path: text``."""
    raise Refusal(code, f"{path}: {detail or _TEXTS[code]}")


def may(who: Session, node: Node, right: int) -> bool:
    """Return True if ``who`` has some rights (READ | WRITE | SEARCH) on a node; the first class that fits decides."""
    if who.user == SUPERUSER:
        return True
    if node.owner == who.user:
        return node.mode >> 6 & right == right
    if node.group in who.groups:
        return node.mode >> 3 & right == right
    return node.mode & right == right


def deny(who: Session, node: Node, right: int, path: str) -> None:
    """Refuse with EACCES where ``who`` lacks a right on a node."""
    if not may(who, node, right):
        reject("EACCES", path)


def child(folder: Dir, name: str) -> str:
    """Return the key of an entry, empty where there is none. O(log n)."""
    names = folder.names
    at = bisect_left(names, name)
    return folder.nodes[at] if at < len(names) and names[at] == name else ""


def names_to(state: FileSystem, key: str) -> list[str]:
    """Return the names that lead from the root to a directory; refuse with ENOENT if it has been removed."""
    names: list[str] = []
    node_at = state.nodes.lookup
    while key != ROOT:
        node = node_at(key)
        if type(node) is not Dir:
            reject("ENOENT", ".")
        names.append(node.name)
        key = node.parent
    names.reverse()
    return names


def path_of(state: FileSystem, key: str) -> str:
    """Return the absolute path of a directory."""
    return "/" + "/".join(names_to(state, key))


def walk(state: FileSystem, path: str, *, follow: bool = True, there: bool = False) -> Place:
    """Follow a path to its place; the last component may be missing.

    Args:
        state: The world.
        path: Absolute, or relative to the working directory.
        follow: Whether a link in last place is followed. Links before that always are.
        there: Whether the last component, too, has to be there.

    Raises:
        Refusal: ENOENT, ENOTDIR, EACCES, ELOOP or ENAMETOOLONG on the way.
    """
    if "/" not in path and len(path) <= _SHORT_NAME and path not in _DOTS:
        place = _beside(state, path, follow, there)
        if place is not None:
            return place
    return _walked(state, path, follow=follow, there=there)


def _beside(state: FileSystem, name: str, follow: bool, there: bool) -> Place | None:
    """Take the one step of a path that is a name alone, as most are; None where the whole walk has more to say."""
    who = state.session[SHELL]
    folder = state.nodes.get(who.cwd)
    if type(folder) is not Dir or not may(who, folder, SEARCH):
        return None
    key = child(folder, name)
    if not key and there:
        reject("ENOENT", name)
    node = state.nodes[key] if key else None
    if follow and type(node) is Link:
        return None
    return Place("/" + "/".join([*names_to(state, who.cwd), name]), who.cwd, folder, name, key, node, False)


def _walked(  # noqa: C901 - one loop, as in a kernel
    state: FileSystem, path: str, *, follow: bool, there: bool
) -> Place:
    who = state.session[SHELL]
    nodes = state.nodes
    key = base = ROOT if path.startswith("/") else who.cwd
    start = nodes.get(key)
    if start is None:
        reject("ENOENT", ".")
    node: Node = start
    trail: list[str] = []  # names below the base, whose own are looked up when they are wanted
    holder, name, hops = key, "", 0
    parts = path.split("/")
    parts.reverse()
    while parts:
        part = parts.pop()
        if type(node) is not Dir:
            reject("ENOTDIR", path)
        if not part:
            continue
        if not ((node.owner == who.user and node.mode & _OWNERS_SEARCH) or may(who, node, SEARCH)):
            reject("EACCES", path)
        if part == ".":
            continue
        if part == "..":
            key, name = node.parent, ""
            node = nodes[key]
            if trail:
                trail.pop()
            else:
                base = key
            continue
        found = child(node, part)
        if not found:
            if len(part) > _SHORT_NAME:
                _check_length(path, part)
            if there or (parts and any(parts)):
                reject("ENOENT", path)
            whole = "/" + "/".join([*names_to(state, base), *trail, part])
            return Place(whole, key, node, part, "", None, bool(parts))
        below = nodes[found]
        if type(below) is Link and (follow or parts):
            hops += 1
            if hops > _MAX_HOPS:
                reject("ELOOP", path)
            if below.target.startswith("/"):
                key, base, node, trail = ROOT, ROOT, nodes[ROOT], []
            name = ""
            parts.extend(reversed(below.target.split("/")))
            continue
        holder, key, node, name = key, found, below, part
        trail.append(part)
    folder = nodes[holder] if name else node
    assert isinstance(folder, Dir)
    whole = "/" + "/".join([*names_to(state, base), *trail])
    return Place(whole, holder, folder, name, key, node, path.endswith("/"))


def _check_length(path: str, name: str) -> None:
    if len(name.encode("utf-8", "surrogatepass")) > _MAX_NAME:
        reject("ENAMETOOLONG", path)


def existing(state: FileSystem, path: str, *, follow: bool = True) -> Found:
    """Return what a path leads to; refuse where nothing is there."""
    place = walk(state, path, follow=follow, there=True)
    assert place.node is not None
    return Found(place.path, place.key, place.node)


def leads_to(state: FileSystem, path: str) -> Place | None:
    """Return what is at the end of a path that may be a link, None where it leads nowhere."""
    try:
        place = walk(state, path)
    except Refusal:
        return None
    return None if place.node is None else place


def readable(state: FileSystem, path: str) -> tuple[str, File]:
    """Return physical path and file for reading; refuse directories and what may not be read."""
    place = walk(state, path, there=True)
    node = place.node
    assert node is not None
    if not may(state.session[SHELL], node, READ):
        reject("EACCES", path)
    if type(node) is not File:
        reject("EISDIR", path)
    return place.path, node


def text_file(state: FileSystem, path: str) -> tuple[str, str]:
    """Return physical path and text of a file; refuse archives too, with EINVAL."""
    real, node = readable(state, path)
    if node.members is not None:
        reject("EINVAL", path, "Is an archive, not text")
    return real, node.text


def to_write(state: FileSystem, path: str) -> Place:
    """Return the place of a file to be opened or created; no file's path ends in a slash, whatever is there."""
    if not path.endswith("/"):
        return walk(state, path)
    walk(state, path.rstrip("/") or path, follow=False)
    reject("EISDIR", path)


def directory(state: FileSystem, path: str, right: int) -> tuple[str, str, Dir]:
    """Return physical path, key and directory; refuse where a right on it is missing."""
    found = existing(state, path)
    if not isinstance(found.node, Dir):
        reject("ENOTDIR", path)
    deny(state.session[SHELL], found.node, right, path)
    return found.path, found.key, found.node


class Seen(NamedTuple):
    """An entry met on a walk through a tree: path, name, depth (1 for the entries of the top), key and node."""

    path: str
    name: str
    depth: int
    key: str
    node: Node


def under(state: FileSystem, path: str, top: Dir, depth: int, budget: int, *, hidden: bool = True) -> Iterator[Seen]:
    """Iterate over what lies under a directory, depth first, names sorted; links are not followed.

    Directories that may not be read are met but not entered. Stops after ``budget`` entries.
    """
    who = state.session[SHELL]
    nodes = state.nodes
    stack = [_entries(path, top, 1)]
    while stack:
        for where, name, level, key in stack[-1]:
            if not hidden and name.startswith("."):
                continue
            if budget == 0:
                return
            budget -= 1
            node = nodes[key]
            yield Seen(where, name, level, key, node)
            if type(node) is Dir and level < depth and may(who, node, READ) and may(who, node, SEARCH):
                stack.append(_entries(where, node, level + 1))
                break
        else:
            stack.pop()


def _entries(path: str, folder: Dir, depth: int) -> Iterator[tuple[str, str, int, str]]:
    base = path if path.endswith("/") else path + "/"
    return ((base + name, name, depth, key) for name, key in zip(folder.names, folder.nodes, strict=True))


@functools.lru_cache(maxsize=4096)
def moment(seconds: int) -> str:
    """Write a time as results have it: ``2027-03-12T09:41:00``.

    Example:
        >>> moment(1804844460)
        '2027-03-12T09:41:00'
    """
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
