"""The world's side of the oracle: a world whose tree starts at a folder of the real file system, told and packed."""

from __future__ import annotations

import hashlib
import io
import tarfile
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.domains.filesystem.paths import names_to, under
from fr_envs.domains.filesystem.state import (
    CLOCK,
    ROOT,
    SHELL,
    Clock,
    Dir,
    File,
    FileSystem,
    Link,
    Node,
    Session,
    User,
    Volume,
)
from fr_envs.world.state import Table

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["NOW", "Listing", "entries", "mirror", "packed", "told"]

NOW = 4_000_000_000
"""The world's present; whatever a call changes gets this time, whatever was dated lies long before."""

_ME = "me"
_ROOM = 100_000_000


class Listing(NamedTuple):
    """A tree: a line for each entry, and a line for each file that can be read and is not empty."""

    entries: list[str]
    sums: list[str]


def mirror(top: Path) -> FileSystem:
    """Return a world with nothing in it but an empty folder of ours at ``top``, which is the working directory."""
    nodes: dict[str, Node] = {}
    parts = top.parts[1:]
    key = ROOT
    for i in range(len(parts) + 1):
        name = parts[i - 1] if i else ""
        parent, key = key, ("/" + "/".join(parts[:i]))
        names, keys = ((parts[i],), ("/" + "/".join(parts[: i + 1]),)) if i < len(parts) else ((), ())
        owner = "root" if names else _ME
        nodes[key] = Dir(0o755, owner, owner, NOW, NOW, parent, name, ROOT, names, keys)
    return FileSystem(
        nodes=Table[Node]("nodes", nodes),
        volumes=Table[Volume]("volumes", {ROOT: Volume("/dev/sda1", _ROOM, 0)}),
        users=Table[User]("users", {_ME: User(1000, (_ME,), str(top))}),
        session=Table[Session]("session", {SHELL: Session(_ME, _ME, (_ME,), key, 0o022)}),
        clock=Table[Clock]("clock", {CLOCK: Clock(NOW)}),
    )


def entries(state: FileSystem, top: Path) -> list[tuple[str, Node]]:
    """Return what can be seen under a folder, with paths relative to it; the folder itself comes first."""
    folder = state.nodes[str(top)]
    assert isinstance(folder, Dir)
    start = len(str(top)) + 1
    return [("", folder), *((each.path[start:], each.node) for each in under(state, str(top), folder, 99, 9_999))]


def told(state: FileSystem, top: Path) -> Listing:
    """Tell the tree as the command ``SNAPSHOT`` does."""
    lines, sums = [], []
    for path, node in entries(state, top):
        when = "now" if node.modified == NOW else str(node.modified)
        if isinstance(node, Dir):
            lines.append(f"{path}|d|{node.mode:o}||||{when}")
            continue
        target = node.target if isinstance(node, Link) else ""
        size = len(target.encode()) if isinstance(node, Link) else node.size
        kind = "l" if isinstance(node, Link) else "f"
        lines.append(f"{path}|{kind}|{node.mode:o}|{node.links}|{size}|{target}|{when}")
        if isinstance(node, File) and node.mode & 0o400 and node.size and node.members is None:
            sums.append(f"{hashlib.sha256(node.text.encode()).hexdigest()}  ./{path}")
    return Listing(sorted(lines), sorted(sums))


def packed(state: FileSystem, top: Path, now: int) -> bytes:
    """Return an archive from which the real folder can be set up as the world has it."""
    buffer = io.BytesIO()
    first: dict[int, str] = {}
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        stack = [("", state.nodes[str(top)])]
        while stack:
            path, node = stack.pop()
            info = tarfile.TarInfo(path or ".")
            info.mode = node.mode
            info.mtime = now if node.modified == NOW else node.modified
            data = b""
            if isinstance(node, Dir):
                info.type = tarfile.DIRTYPE
                base = f"{path}/" if path else ""
                stack += [(base + n, state.nodes[k]) for n, k in zip(node.names, node.nodes, strict=True)]
            elif id(node) in first:
                info.type, info.linkname = tarfile.LNKTYPE, first[id(node)]
            elif isinstance(node, Link):
                info.type, info.linkname = tarfile.SYMTYPE, node.target
                first[id(node)] = path
            else:
                data = _bytes(node)
                first[id(node)] = path
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def where(state: FileSystem) -> str | None:
    """Return the working directory, None where it has been removed."""
    session = state.session[SHELL]
    return "/" + "/".join(names_to(state, session.cwd)) if session.cwd in state.nodes else None


def _bytes(node: File) -> bytes:
    """Return what to write for a file; an archive of the world becomes a real one of the same members."""
    if node.members is None:
        return node.text.encode()
    buffer = io.BytesIO()
    kinds = {"file": tarfile.REGTYPE, "directory": tarfile.DIRTYPE, "link": tarfile.SYMTYPE, "hard": tarfile.LNKTYPE}
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for member in node.members:
            info = tarfile.TarInfo(member.path)
            info.type, info.mode, info.mtime = kinds[member.kind], member.mode, min(member.modified, NOW)
            data = member.text.encode() if member.kind == "file" else b""
            info.linkname = "" if member.kind in {"file", "directory"} else member.text
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()
