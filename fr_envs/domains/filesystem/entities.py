"""What a name can stand for: everything of a kind in the tree, with what tells it apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.domains.filesystem.paths import path_of
from fr_envs.domains.filesystem.state import Dir, File, FileSystem, Link, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fr_envs.json_values import Json
    from fr_envs.world.domain import Entities
    from fr_envs.world.state import Table

__all__ = ["ENTITIES"]


def _paths(state: FileSystem) -> list[tuple[str, str, Node]]:
    """Return (path, name, node) of everything below the root; O(nodes).

    The latest few trees are remembered, as every kind is looked for in the same one.
    """
    nodes = state.nodes
    kept = _LATEST.get(id(nodes))
    if kept is not None and kept[0] is nodes:
        return kept[1]
    found = list(_walked(nodes))
    if len(_LATEST) >= _MOST_LATEST:
        _LATEST.pop(next(iter(_LATEST)), None)
    _LATEST[id(nodes)] = nodes, found
    return found


_LATEST: dict[int, tuple[Table[Node], list[tuple[str, str, Node]]]] = {}
_MOST_LATEST = 8


def _walked(nodes: Table[Node]) -> Iterator[tuple[str, str, Node]]:
    below = [("", nodes["/"])]
    while below:
        path, found = below.pop()
        if isinstance(found, Dir):
            for name, child in zip(found.names, found.nodes, strict=True):
                node = nodes[child]
                yield f"{path}/{name}", name, node
                if isinstance(node, Dir):
                    below.append((f"{path}/{name}", node))


def _files(state: FileSystem) -> Entities:
    return {
        path: {
            "name": name,
            "owner": node.owner,
            "size": node.size,
            "modified": node.modified,
            "matches": None,
            "folder": path[: -len(name) - 1] or "/",
            "group": node.group,
            "links": node.links,
        }
        for path, name, node in _paths(state)
        if isinstance(node, File)
    }


def _archives(state: FileSystem) -> Entities:
    found = _paths(state)
    return {
        path: {"name": name, "folder": path[: -len(name) - 1] or "/"}
        for path, name, node in found
        if isinstance(node, File) and node.members is not None
    }


def _all_links(state: FileSystem) -> Entities:
    found = _paths(state)
    return {
        path: {"name": name, "target": node.target, "folder": path[: -len(name) - 1] or "/"}
        for path, name, node in found
        if isinstance(node, Link)
    }


def _dirs(state: FileSystem) -> Entities:
    homes = {user.home: name for name, user in state.users.rows()}
    volumes = {path_of(state, str(key)): volume for key, volume in state.volumes.rows()}
    found: dict[str, dict[str, Json]] = {}
    for path, name, node in (("/", "/", state.nodes["/"]), *_paths(state)):
        if isinstance(node, Dir):
            volume = volumes.get(path)
            found[path] = {
                "name": name, "entries": len(node.names), "modified": node.modified, "size": None,
                "folder": path.rpartition("/")[0] or "/", "owner": node.owner, "group": node.group,
                "user": homes.get(path), "device": None if volume is None else volume.device,
                "available": None if volume is None else volume.capacity - volume.used,
            }  # fmt: skip
    return found


ENTITIES: Mapping[str, Callable[[FileSystem], Entities]] = {
    "file_path": _files,
    "dir_path": _dirs,
    "link_path": _all_links,
    "archive_path": _archives,
}
"""By kind, everything of it in the tree, with what tells it apart: a name alone is often that of several files."""
