"""Handlers: where one is and what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fr_envs.domains.filesystem.paths import (
    READ,
    SEARCH,
    Seen,
    deny,
    directory,
    existing,
    moment,
    path_of,
    reject,
    under,
)
from fr_envs.domains.filesystem.patterns import compile_glob
from fr_envs.domains.filesystem.state import SHELL, Dir, File, FileSystem, Link, Node
from fr_envs.errors import UsageError
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fr_envs.json_values import Json, JsonObject

__all__ = ["cd", "df", "du", "find", "ls", "pwd", "stat", "tree"]

_BUDGET = 10_000  # entries that one search visits at most, about 10 ms; results say whether that was all
_KINDS = {File: "file", Dir: "directory", Link: "link"}


def pwd(state: FileSystem) -> Effect[FileSystem]:
    """Tell the working directory."""
    return Effect(state, {"path": path_of(state, state.session[SHELL].cwd)})


def cd(state: FileSystem, path: str) -> Effect[FileSystem]:
    """Change the working directory."""
    session = state.session[SHELL]
    real, key, _ = directory(state, path, SEARCH)
    session = replace(session, cwd=key)
    return Effect(replace(state, session=state.session.put(SHELL, session)), {"path": real})


def ls(state: FileSystem, path: str, all: bool, sort: str, limit: int, offset: int) -> Effect[FileSystem]:
    """List a directory."""
    real, _, top = directory(state, path, READ | SEARCH)
    rows = [(n, state.nodes[k]) for n, k in zip(top.names, top.nodes, strict=True) if all or not n.startswith(".")]
    if sort == "size":
        rows.sort(key=lambda row: -_bytes(row[1]))
    elif sort == "modified":
        rows.sort(key=lambda row: -row[1].modified)
    page = rows[offset : offset + limit]
    base = "/" if real == "/" else real + "/"
    value: JsonObject = {"path": real, "total": len(rows), "names": [name for name, _ in page]}
    value.update(_typed((base + name, name, node) for name, node in page))
    return Effect(state, value)


def tree(state: FileSystem, path: str, depth: int, all: bool) -> Effect[FileSystem]:
    """Draw what lies under a directory."""
    real, _, top = directory(state, path, READ | SEARCH)
    seen = list(under(state, real, top, depth, 301, hidden=all))
    shown = seen[:300]
    dirs = sum(isinstance(each.node, Dir) for each in shown)
    lines = [real, *("  " * each.depth + _label(each) for each in shown)]
    value = {"path": real, "directories": dirs, "files": len(shown) - dirs, "drawing": "\n".join(lines)}
    return Effect(state, {**value, "complete": len(seen) <= 300})


def stat(state: FileSystem, path: str, follow: bool) -> Effect[FileSystem]:
    """Tell all attributes of a file, a directory or a link."""
    real, _, node = existing(state, path, follow=follow)
    links = sum(isinstance(state.nodes[k], Dir) for k in node.nodes) + 2 if isinstance(node, Dir) else node.links
    value = {
        "path": real,
        "name": real.rpartition("/")[2] or "/",
        "size": _bytes(node),
        "type": _KINDS[type(node)],
        "mode": f"{node.mode:04o}",
        "permissions": _permissions(node),
        "owner": node.owner,
        "group": node.group,
        "links": links,
        "modified": moment(node.modified),
        "changed": moment(node.changed),
    }
    return Effect(state, value)


def find(
    state: FileSystem,
    path: str,
    name: str,
    type: str,
    owner: str | None,
    min_size: int | None,
    max_size: int | None,
    newer_than: str | None,
    max_depth: int,
    limit: int,
) -> Effect[FileSystem]:
    """Search a tree for entries by name and attributes."""
    real, _, top = directory(state, path, READ | SEARCH)
    matches = _glob(name)
    hits: list[tuple[str, str, Node]] = []
    visited = 0
    for entry in under(state, real, top, max_depth, _BUDGET):
        visited += 1
        node = entry.node
        if not matches(entry.name) or type not in {"any", _KINDS[node.__class__]} or owner not in {None, node.owner}:
            continue
        if not _within(node, min_size, max_size) or (newer_than is not None and moment(node.modified) <= newer_than):
            continue
        hits.append((entry.path, entry.name, node))
    value: JsonObject = {"count": len(hits), "paths": [where for where, _, _ in hits[:limit]]}
    value.update(_typed(hits[:limit]))
    return Effect(state, {**value, "complete": visited < _BUDGET and len(hits) <= limit})


def du(state: FileSystem, path: str) -> Effect[FileSystem]:
    """Add up the bytes of the files under a directory, each file once however many names it has."""
    real, _, node = existing(state, path)
    if isinstance(node, Dir):
        deny(state.session[SHELL], node, READ | SEARCH, path)
        return Effect(state, _usage(state, real, node))
    return Effect(state, {"path": real, "size": _bytes(node), "files": 1, "directories": []})


def df(state: FileSystem) -> Effect[FileSystem]:
    """Tell how full each volume is."""
    volumes = [
        {
            "device": volume.device,
            "path": str(mount),
            "capacity": volume.capacity,
            "used": volume.used,
            "available": max(0, volume.capacity - volume.used),
            "percent": -(-100 * volume.used // volume.capacity),
        }
        for mount, volume in state.volumes.rows()
    ]
    return Effect(state, {"volumes": volumes})


def _usage(state: FileSystem, real: str, top: Dir) -> JsonObject:
    sizes = dict.fromkeys((n for n, k in zip(top.names, top.nodes, strict=True) if type(state.nodes[k]) is Dir), 0)
    counted: set[str] = set()
    total = files = visited = 0
    branch = ""
    for entry in under(state, real, top, 1_000, _BUDGET):
        visited += 1
        if entry.depth == 1:
            branch = entry.name
        if type(entry.node) is Dir or entry.key in counted:
            continue
        counted.add(entry.key)
        files += type(entry.node) is File
        size = _bytes(entry.node)
        total += size
        if branch in sizes:
            sizes[branch] += size
    base = "/" if real == "/" else real + "/"
    parts = [{"path": base + name, "name": name, "size": size} for name, size in sizes.items()]
    return {"path": real, "size": total, "files": files, "directories": parts[:100]}


def _bytes(node: Node) -> int:
    if type(node) is File:
        return node.size
    return len(node.target.encode("utf-8", "surrogatepass")) if type(node) is Link else 0


def _permissions(node: Node) -> str:
    mark = "d" if type(node) is Dir else "l" if type(node) is Link else "-"
    bits = "".join(c if node.mode >> (8 - i) & 1 else "-" for i, c in enumerate("rwxrwxrwx"))
    if node.mode & 0o1000:
        bits = bits[:-1] + ("t" if node.mode & 1 else "T")
    return mark + bits


def _label(entry: Seen) -> str:
    if isinstance(entry.node, Link):
        return f"{entry.name} -> {entry.node.target}"
    return entry.name + "/" if isinstance(entry.node, Dir) else entry.name


def _within(node: Node, least: int | None, most: int | None) -> bool:
    size = _bytes(node)
    return (least is None or size >= least) and (most is None or size <= most)


def _glob(pattern: str) -> Callable[[str], bool]:
    try:
        return compile_glob(pattern)
    except UsageError as error:
        reject("EINVAL", pattern, str(error))


def _typed(rows: Iterable[tuple[str, str, Node]]) -> JsonObject:
    """Sort entries into files, directories and links, each with what stands beside its path."""
    files: list[Json] = []
    directories: list[Json] = []
    links: list[Json] = []
    for path, name, node in rows:
        entry: JsonObject = {"path": path, "name": name}
        if type(node) is File:
            files.append({**entry, "size": node.size, "owner": node.owner, "modified": moment(node.modified)})
        elif type(node) is Dir:
            entries = len(node.names)
            directories.append({**entry, "entries": entries, "owner": node.owner, "modified": moment(node.modified)})
        elif type(node) is Link:
            links.append({**entry, "target": node.target})
    return {"files": files, "directories": directories, "links": links}
