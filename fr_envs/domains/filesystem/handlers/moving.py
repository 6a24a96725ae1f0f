"""Handlers: copying, renaming, removing, linking."""

from __future__ import annotations

from msgspec.structs import replace

from fr_envs.domains.filesystem.edit import Edit
from fr_envs.domains.filesystem.paths import READ, SEARCH, WRITE, Place, deny, existing, leads_to, reject, walk
from fr_envs.domains.filesystem.state import Dir, File, FileSystem, Link
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

__all__ = ["cp", "ln", "mv", "readlink", "realpath", "rm", "rmdir", "symlink"]


def cp(state: FileSystem, source: str, destination: str, recursive: bool) -> Effect[FileSystem]:
    """Copy a file, or a directory with all that lies under it."""
    origin = walk(state, source, follow=not recursive, there=True)
    if type(origin.node) is Dir and not recursive:
        reject("EISDIR", source)
    edit = Edit(state)
    goal = _copied_to(edit, origin, source, destination)
    if goal.node is not None and goal.key in {origin.key, _behind(state, source, goal)}:
        reject("EINVAL", source, "Is the same file")
    if type(origin.node) is Dir and goal.node is not None and type(goal.node) is not Dir:
        reject("ENOTDIR", goal.path)
    if type(origin.node) is Dir and edit.inside(goal.holder, origin.key):
        reject("EINVAL", source, "Cannot copy a directory into itself")
    count = _copy(edit, origin, goal)
    return Effect(edit.done(), {"path": goal.path, "name": goal.name, "copied": count})


def mv(state: FileSystem, source: str, destination: str) -> Effect[FileSystem]:
    """Rename or move a file or a directory."""
    edit = Edit(state)
    origin = _entry(edit, source)
    goal = _goal(edit, source, destination, follow=False)
    node = origin.node
    assert node is not None
    if _slashed(edit, source):
        reject("ENOTDIR", source)
    if goal.key == origin.key and (type(node) is not File or (goal.holder, goal.name) == (origin.holder, origin.name)):
        reject("EINVAL", source, "Is the same file")
    if isinstance(node, Link) and _is_referent(state, source, goal):
        reject("EINVAL", source, "Is the same file")
    if isinstance(node, Dir):
        if goal.node is not None and not isinstance(goal.node, Dir):
            reject("ENOTDIR", goal.path)
        _check_subtree(edit, source, origin, goal)
    edit.may_leave(edit.folder(origin.holder), node, source)
    _make_room(edit, origin, goal)
    if edit.folder(origin.holder).volume == edit.folder(goal.holder).volume:
        if isinstance(node, Dir) and origin.holder != goal.holder:
            deny(edit.who, node, WRITE, source)  # its entry .. changes
        _rename(edit, origin, goal)
    else:
        _copy(edit, origin, edit.look(goal.path, follow=False), exact=True)
        edit.remove(origin.holder, origin.name, origin.path)
    return Effect(edit.done(), {"path": goal.path, "name": goal.name, "source": origin.path})


def rm(state: FileSystem, path: str, recursive: bool) -> Effect[FileSystem]:
    """Remove a file or a link, or a directory with all that lies under it."""
    edit = Edit(state)
    if _slashed(edit, path):
        place = leads_to(state, path)
        reject("EISDIR" if place is not None and not recursive else "ENOTDIR", path)
    place = _entry(edit, path)
    if isinstance(place.node, Dir) and not recursive:
        reject("EISDIR", path)
    if _dotted(path):
        reject("EINVAL", path)
    count = edit.remove(place.holder, place.name, place.path)
    return Effect(edit.done(), {"removed": count, "path": place.path})


def rmdir(state: FileSystem, path: str) -> Effect[FileSystem]:
    """Remove an empty directory."""
    edit = Edit(state)
    bare = path.rstrip("/") or path
    place = _entry(edit, bare)
    node = place.node
    assert node is not None
    if not isinstance(node, Dir):
        edit.may_leave(place.folder, node, path)
        reject("ENOTDIR", path)
    if _dotted(bare):
        reject("ENOTEMPTY" if bare.endswith("..") else "EBUSY" if bare == "/" else "EINVAL", path)
    if node.volume != place.folder.volume:
        reject("EBUSY", path)
    edit.may_leave(place.folder, node, path)
    if node.names:
        reject("ENOTEMPTY", path)
    edit.remove(place.holder, place.name, place.path)
    return Effect(edit.done(), {"path": place.path})


def ln(state: FileSystem, target: str, path: str) -> Effect[FileSystem]:
    """Give a file a second name."""
    edit = Edit(state)
    origin = walk(state, target, follow=False, there=True)
    node = origin.node
    assert node is not None
    if isinstance(node, Dir):
        reject("EPERM", target, "Hard link not allowed for directory")
    goal = _new_name(edit, target, path)
    if goal.folder.volume != origin.folder.volume:
        reject("EXDEV", path)
    edit.may_enter(goal)
    edit.set(origin.key, replace(node, links=node.links + 1, changed=edit.now))
    edit.enter(goal.holder, goal.name, origin.key)
    return Effect(edit.done(), {"path": goal.path, "name": goal.name, "links": node.links + 1})


def symlink(state: FileSystem, target: str, path: str) -> Effect[FileSystem]:
    """Make a symbolic link; the target need not exist."""
    edit = Edit(state)
    goal = _new_name(edit, target, path)
    edit.may_enter(goal)
    edit.create(goal, edit.new_link(target))
    return Effect(edit.done(), {"path": goal.path, "name": goal.name, "target": target})


def readlink(state: FileSystem, path: str) -> Effect[FileSystem]:
    """Tell where a symbolic link points."""
    real, _, node = existing(state, path, follow=False)
    if not isinstance(node, Link):
        reject("EINVAL", path, "Is no symbolic link")
    return Effect(state, {"target": node.target, "path": real, "name": real.rpartition("/")[2]})


def realpath(state: FileSystem, path: str) -> Effect[FileSystem]:
    """Tell the absolute path without links."""
    return Effect(state, {"path": existing(state, path).path})


def _entry(edit: Edit, path: str) -> Place:
    """Return what is to be removed or renamed; refuse where nothing is there."""
    return edit.look(path, follow=False, there=True)


def _behind(state: FileSystem, source: str, goal: Place) -> str:
    """Return the key of the file that a copied link leads to, where a file is to be replaced; else an empty one."""
    found = leads_to(state, source) if type(goal.node) is File else None
    return "" if found is None else found.key


def _is_referent(state: FileSystem, source: str, goal: Place) -> bool:
    """Return True if a link would be moved onto the file that it leads to, and that file has no other name."""
    found = leads_to(state, source) if isinstance(goal.node, File) else None
    if found is None or found.key != goal.key or not isinstance(goal.node, File):
        return False
    return goal.node.links == 1 or found.path == goal.path


def _slashed(edit: Edit, path: str) -> bool:
    """Return True if a path has a slash after a link: what it leads to is not removed or renamed by that name."""
    return path.endswith("/") and isinstance(edit.look(path.rstrip("/") or path, follow=False).node, Link)


def _dotted(path: str) -> bool:
    """Return True if a path ends in ``/``, ``.`` or ``..``, which is no entry that could be removed or renamed."""
    return path.rstrip("/").rpartition("/")[2] in {"", ".", ".."}


def _new_name(edit: Edit, target: str, path: str) -> Place:
    """Return the free place that a new link gets; refuse where something is there."""
    bare = edit.look(path.rstrip("/") or path, follow=False)
    goal = bare if bare.node is None else _goal(edit, target, path.rstrip("/") or path, follow=False)
    if goal.node is not None:
        reject("EEXIST", path)
    if bare.node is None and path.endswith("/"):
        reject("ENOENT", path)
    return goal


def _goal(edit: Edit, source: str, destination: str, *, follow: bool = True) -> Place:
    """Return the place that a copy or a new name gets: inside of the destination if that is a directory."""
    goal = _end(edit, destination, follow=follow)
    if isinstance(goal.node, Dir):
        base = source.rstrip("/").rpartition("/")[2] or "."
        destination = goal.path.rstrip("/") + "/" + base
        goal = _end(edit, destination, follow=True) if follow else goal
    return goal if follow else edit.look(destination, follow=False)


def _copied_to(edit: Edit, origin: Place, source: str, destination: str) -> Place:
    """Return the place that a copy gets; that a file cannot be read is told before a link to nothing is."""
    node = origin.node
    try:
        goal = _goal(edit, source, destination, follow=isinstance(node, File))
    except Refusal as error:
        if error.code == "EEXIST" and isinstance(node, File):
            deny(edit.who, node, READ, source)
        raise
    if isinstance(node, Link) and goal.node is None and goal.slash:
        reject("ENOENT", destination)  # a slash demands a directory, which a copied link is none
    return goal


def _end(edit: Edit, path: str, *, follow: bool) -> Place:
    """Return where a path leads; with ``follow``, refuse a link to nothing, as nothing is written through it."""
    bare = goal = edit.look(path, follow=False)
    if not isinstance(bare.node, Link):
        return bare
    try:
        goal = edit.look(path)
    except Refusal as error:
        if follow and error.code != "ENOENT":
            raise
    if follow and (goal.node is None or goal is bare):
        reject("EEXIST", path)
    return goal


def _copy(edit: Edit, origin: Place, goal: Place, *, exact: bool = False) -> int:
    """Copy one entry and what lies under it to a place; ``exact`` keeps owner, mode and times, as mv does."""
    node = origin.node
    if isinstance(node, Dir):
        return _copy_dir(edit, origin, goal, node, exact=exact)
    if isinstance(goal.node, Dir):
        reject("EISDIR", goal.path)
    if goal.key and goal.key == origin.key:
        reject("EINVAL", goal.path, "Is the same file")
    if isinstance(node, Link):
        edit.may_enter(goal)
        if goal.node is not None:
            edit.may_leave(edit.folder(goal.holder), goal.node, goal.path)
            edit.unlink(goal.holder, goal.name)
        edit.create(goal, edit.new_link(node.target))
        return 1
    assert isinstance(node, File)
    deny(edit.who, node, READ, origin.path)
    if goal.slash:
        reject("ENOTDIR", goal.path)
    file = edit.write(goal, node.text, mode=node.mode & 0o777, members=node.members)
    if exact:
        key = edit.look(goal.path, follow=False).key
        edit.set(key, replace(node, links=1, changed=edit.now, size=file.size))
    return 1


def _copy_dir(edit: Edit, origin: Place, goal: Place, node: Dir, *, exact: bool) -> int:
    deny(edit.who, node, READ, origin.path)
    deny(edit.who, node, SEARCH, origin.path)
    if goal.node is not None and not isinstance(goal.node, Dir):
        reject("ENOTDIR", goal.path)
    key = goal.key or edit.make_dir(goal, 0o777)
    count = 1
    for name, below in zip(node.names, node.nodes, strict=True):
        start = Place(f"{origin.path}/{name}", origin.key, node, name, below, edit.nodes[below], slash=False)
        count += _copy(edit, start, edit.look(f"{goal.path}/{name}", follow=False), exact=exact)
    made = edit.folder(key)
    if goal.node is None and exact:
        edit.set(key, replace(made, mode=node.mode, owner=node.owner, group=node.group, modified=node.modified))
    elif goal.node is None:
        edit.set(key, replace(made, mode=node.mode & 0o1777 & ~edit.who.umask))
    return count


def _check_subtree(edit: Edit, source: str, origin: Place, goal: Place) -> None:
    node = origin.node
    assert isinstance(node, Dir)
    if _dotted(source):
        reject("EBUSY", source)
    if edit.inside(goal.holder, origin.key):
        reject("EINVAL", origin.path, "Cannot move a directory into itself")
    if node.volume != origin.folder.volume or any(
        str(mount).startswith(origin.path + "/") for mount in edit.state.volumes
    ):
        reject("EBUSY", origin.path)


def _make_room(edit: Edit, origin: Place, goal: Place) -> None:
    """Check the new place, and take away what a rename replaces there."""
    node, old = origin.node, goal.node
    edit.may_enter(goal)
    if old is None:
        if goal.slash and not isinstance(node, Dir):
            reject("ENOTDIR", goal.path)
        return
    if isinstance(old, Dir) and not isinstance(node, Dir):
        reject("EISDIR", goal.path)
    if isinstance(old, Dir) and old.names:
        reject("ENOTEMPTY", goal.path)
    edit.may_leave(edit.folder(goal.holder), old, goal.path)
    edit.remove(goal.holder, goal.name, goal.path)


def _rename(edit: Edit, origin: Place, goal: Place) -> None:
    key = edit.leave(origin.holder, origin.name)
    if key not in edit.nodes:  # the other name of the same file has just been replaced
        return
    node = edit.nodes[key]
    if isinstance(node, Dir):
        edit.set(key, replace(node, parent=goal.holder, name=goal.name, changed=edit.now))
    else:
        edit.set(key, replace(node, changed=edit.now))
    edit.enter(goal.holder, goal.name, key)
