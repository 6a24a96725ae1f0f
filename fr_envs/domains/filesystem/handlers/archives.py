"""Handlers: tar archives."""

from __future__ import annotations

from msgspec.structs import replace

from fr_envs.domains.filesystem.edit import Edit
from fr_envs.domains.filesystem.paths import (
    READ,
    SEARCH,
    Place,
    deny,
    directory,
    existing,
    moment,
    readable,
    reject,
    to_write,
)
from fr_envs.domains.filesystem.state import Dir, File, FileSystem, Link, Member, Node
from fr_envs.world.domain import Effect

__all__ = ["tar_create", "tar_extract", "tar_list"]


def tar_create(state: FileSystem, source: str, path: str) -> Effect[FileSystem]:
    """Pack a file or a directory into an archive."""
    real, key, node = existing(state, source)
    edit = Edit(state)
    place = to_write(state, path)
    members: list[Member] = []
    _pack(edit, (key, node), real.rpartition("/")[2] or ".", members, {place.key: ""} if place.key else {})
    file = edit.write(place, "", members=tuple(members))
    value = {"path": place.path, "name": place.name, "entries": len(members), "size": file.size}
    return Effect(edit.done(), value)


def tar_list(state: FileSystem, path: str) -> Effect[FileSystem]:
    """Tell what an archive holds."""
    real, members = _archive(state, path)
    entries = [{"name": m.path, "type": m.kind, "size": m.size, "modified": moment(m.modified)} for m in members[:500]]
    value = {"path": real, "name": real.rpartition("/")[2], "count": len(members), "entries": entries}
    return Effect(state, {**value, "names": [m.path for m in members[:500]]})


def tar_extract(state: FileSystem, path: str, destination: str) -> Effect[FileSystem]:
    """Unpack an archive into a directory; files of the same name are replaced."""
    _, members = _archive(state, path)
    base, _, _ = directory(state, destination, SEARCH)
    edit = Edit(state)
    for member in members:
        _unpack(edit, member, edit.look(f"{base}/{member.path}", follow=False), base)
    for member in reversed(members):  # modes and times last, or the work itself would meet or change them
        place = edit.look(f"{base}/{member.path}", follow=False)
        if member.kind == "directory" and isinstance(place.node, Dir):
            mode = member.mode & ~edit.who.umask
            edit.set(place.key, replace(place.node, mode=mode, modified=member.modified))
    tops = dict.fromkeys(f"{base.rstrip('/')}/{m.path.partition('/')[0]}" for m in members)
    value = {"destination": base, "extracted": len(members), "files": [], "directories": []}
    for top in tops:
        sort = "directories" if isinstance(edit.look(top, follow=False).node, Dir) else "files"
        value[sort].append({"path": top, "name": top.rpartition("/")[2]})  # type: ignore[attr-defined]
    return Effect(edit.done(), value)


def _pack(edit: Edit, entry: tuple[str, Node], name: str, members: list[Member], seen: dict[str, str]) -> None:
    """Add a node and what lies under it; ``seen`` has the files that are in already, by key, with their names."""
    key, node = entry
    if key in seen:
        if seen[key]:
            members.append(Member(name, "hard", node.mode, node.owner, node.group, node.modified, 0, seen[key]))
        return  # the archive itself is passed over
    common = (node.mode, node.owner, node.group, node.modified)
    if isinstance(node, Link):
        members.append(Member(name, "link", *common, 0, node.target))
        return
    deny(edit.who, node, READ, name)
    if isinstance(node, File):
        if node.members is not None:
            reject("EINVAL", name, "Is an archive itself")
        seen[key] = name
        members.append(Member(name, "file", *common, node.size, node.text))
        return
    deny(edit.who, node, SEARCH, name)
    members.append(Member(name, "directory", *common))
    for below, below_key in zip(node.names, node.nodes, strict=True):
        _pack(edit, (below_key, edit.nodes[below_key]), f"{name}/{below}", members, seen)


def _archive(state: FileSystem, path: str) -> tuple[str, tuple[Member, ...]]:
    real, file = readable(state, path)
    if file.members is None:
        reject("EINVAL", path, "Is no tar archive")
    return real, file.members


def _unpack(edit: Edit, member: Member, place: Place, base: str) -> None:
    old = place.node
    if member.kind == "directory":
        if old is None:
            edit.make_dir(place, 0o700)
        elif not isinstance(old, Dir):
            reject("EEXIST", place.path)
        return
    if isinstance(old, Dir):
        reject("EISDIR", place.path)
    if old is not None:
        edit.may_leave(edit.folder(place.holder), old, place.path)
        edit.unlink(place.holder, place.name)
    edit.may_enter(place)
    if member.kind == "hard":
        first = edit.look(f"{base}/{member.text}", follow=False)
        assert isinstance(first.node, File)
        edit.set(first.key, replace(first.node, links=first.node.links + 1))
        edit.enter(place.holder, place.name, first.key)
    elif member.kind == "link":
        edit.create(place, edit.new_link(member.text))
    else:
        file = edit.new_file(member.text, member.size, member.mode)
        edit.create(place, replace(file, modified=member.modified))
