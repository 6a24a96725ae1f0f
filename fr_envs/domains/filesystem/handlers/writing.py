"""Handlers: new files and directories, and new content."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from fr_envs.domains.filesystem.edit import Edit
from fr_envs.domains.filesystem.paths import WRITE, Place, deny, leads_to, reject, text_file, to_write, walk
from fr_envs.domains.filesystem.state import SUPERUSER, Dir, File, FileSystem, Link
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

__all__ = ["append_file", "mkdir", "replace_in_file", "split", "touch", "truncate", "write_file"]

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def touch(state: FileSystem, path: str, modified: str | None) -> Effect[FileSystem]:
    """Create an empty file, or set the time of what is there."""
    place = walk(state, path)
    edit = Edit(state)
    when = edit.now if modified is None else _seconds(modified)
    if place.node is None:
        if place.slash:
            reject("ENOENT", path)
        edit.may_enter(place)
        edit.create(place, replace(edit.new_file(), modified=when))
        return Effect(edit.done(), {"path": place.path, "name": place.name, "created": True})
    owns = edit.who.user in {SUPERUSER, place.node.owner}
    if not owns and modified is not None:
        reject("EPERM", path)
    if not owns:
        deny(edit.who, place.node, WRITE, path)
    edit.set(place.key, replace(place.node, modified=when, changed=edit.now))
    return Effect(edit.done(), {"path": place.path, "name": place.path.rpartition("/")[2], "created": False})


def mkdir(state: FileSystem, path: str, parents: bool) -> Effect[FileSystem]:
    """Make a directory, with the missing ones above it if asked to."""
    edit = Edit(state)
    created = 0
    if parents:
        parts = path.rstrip("/").split("/")
        for end in range(1, len(parts)):
            above = "/".join(parts[:end])
            if parts[end - 1] not in {"", ".", ".."}:
                created += _ensure(edit, above, "ENOTDIR")
        created += _ensure(edit, path, "EEXIST")
        place = edit.look(path)
    else:
        place = edit.look(path.rstrip("/") or path, follow=False)
        if place.node is not None:
            reject("EEXIST", path)
        edit.make_dir(place)
        created = 1
    return Effect(edit.done(), {"path": place.path, "name": place.path.rpartition("/")[2], "created": created})


def write_file(state: FileSystem, path: str, content: str, overwrite: bool) -> Effect[FileSystem]:
    """Write a file."""
    new = not overwrite and not path.endswith("/")
    if new and type(walk(state, path, follow=False).node) is Link and leads_to(state, path) is None:
        reject("EEXIST", path)
    place = to_write(state, path)
    if not overwrite and type(place.node) is File:
        reject("EEXIST", path)
    edit = Edit(state)
    file = edit.write(place, content)
    return Effect(edit.done(), _written(place, file))


def append_file(state: FileSystem, path: str, content: str) -> Effect[FileSystem]:
    """Add text to the end of a file, which is created if it is missing."""
    place = to_write(state, path)
    edit = Edit(state)
    file = edit.write(place, _text_of(place) + content)
    return Effect(edit.done(), _written(place, file))


def replace_in_file(state: FileSystem, path: str, old: str, new: str, all: bool) -> Effect[FileSystem]:
    """Put another text in place of one, everywhere or the first time only."""
    _, text = text_file(state, path)
    count = text.count(old)
    if not count:
        reject("EINVAL", path, "The text to replace does not occur")
    place = walk(state, path)
    edit = Edit(state)
    file = edit.write(place, text.replace(old, new, -1 if all else 1))
    value = {"replacements": count if all else 1, **_written(place, file)}
    return Effect(edit.done(), value)


def truncate(state: FileSystem, path: str, size: int) -> Effect[FileSystem]:
    """Cut a file off after a number of bytes."""
    place = walk(state, path, there=True)
    if isinstance(place.node, Dir):
        reject("EISDIR", path)
    data = _text_of(place).encode()
    if size > len(data):
        reject("EINVAL", path, "Is shorter than that already")
    edit = Edit(state)
    try:
        file = edit.write(place, data[:size].decode())
    except UnicodeDecodeError:
        reject("EINVAL", path, "That would cut a character in two")
    return Effect(edit.done(), _written(place, file))


def split(state: FileSystem, path: str, lines: int, prefix: str) -> Effect[FileSystem]:
    """Write the lines of a file into numbered pieces."""
    real, text = text_file(state, path)
    kept = _line_ends(text)
    pieces = ["".join(kept[i : i + lines]) for i in range(0, len(kept), lines)]
    if len(pieces) > len(_LETTERS) ** 2:
        reject("EINVAL", path, "More pieces than suffixes")
    edit = Edit(state)
    files = []
    for i, piece in enumerate(pieces):
        place = edit.look(f"{prefix}{_LETTERS[i // 26]}{_LETTERS[i % 26]}")
        if place.path == real:
            reject("EINVAL", path, "Would be replaced by a piece of it")
        file = edit.write(place, piece)
        files.append({"path": place.path, "name": place.name, "size": file.size})
    return Effect(edit.done(), {"count": len(files), "files": files})


def _line_ends(text: str) -> list[str]:
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _ensure(edit: Edit, path: str, code: str) -> int:
    """Make a directory where there is none; return how many were made. ``code`` is for anything else in its place."""
    bare = path.rstrip("/") or path
    place = edit.look(bare, follow=False)
    if isinstance(place.node, Link):
        place = _through(edit, bare, code)
    if place.node is None:
        edit.make_dir(place, 0o777)
        return 1
    if not isinstance(place.node, Dir):
        reject(code, path)
    return 0


def _through(edit: Edit, path: str, code: str) -> Place:
    """Return what a link leads to; nothing is made through one that leads nowhere."""
    try:
        place = edit.look(path)
    except Refusal as error:
        if error.code not in {"ENOENT", "ENOTDIR"}:
            raise
        reject(code if error.code == "ENOTDIR" else "EEXIST", path)
    if place.node is None:
        reject("EEXIST", path)
    return place


def _text_of(place: Place) -> str:
    node = place.node
    if type(node) is not File:
        return ""
    if node.members is not None:
        reject("EINVAL", place.path, "Is an archive, not text")
    return node.text


def _written(place: Place, file: File) -> dict[str, object]:
    return {"path": place.path, "name": place.path.rpartition("/")[2], "size": file.size}


def _seconds(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
    except ValueError:
        reject("EINVAL", text, "Is no date and time")
