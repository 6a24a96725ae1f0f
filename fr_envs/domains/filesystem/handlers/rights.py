"""Handlers: who one is, and who may do what."""

from __future__ import annotations

import re

from msgspec.structs import replace

from fr_envs.domains.filesystem.edit import Edit
from fr_envs.domains.filesystem.paths import existing, reject
from fr_envs.domains.filesystem.state import SHELL, SUPERUSER, Dir, FileSystem, Node
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect

__all__ = ["chgrp", "chmod", "chown", "exit", "getent_group", "getent_passwd", "id", "su", "whoami"]

_BITS = {"r": 4, "w": 2, "x": 1}
_CLAUSE = re.compile(r"([ugoa]*)([-+=][rwxX]*)")


def whoami(state: FileSystem) -> Effect[FileSystem]:
    """Tell whose rights count now."""
    session = state.session[SHELL]
    return Effect(state, {"user": session.user, "login": session.login})


def id(state: FileSystem, user: str) -> Effect[FileSystem]:
    """Tell number, groups and home of a user."""
    row = state.users.get(user)
    if row is None:
        reject("EINVAL", user, "No such user")
    value = {"user": user, "uid": row.uid, "group": row.groups[0], "groups": list(row.groups), "home": row.home}
    return Effect(state, value)


def getent_passwd(state: FileSystem) -> Effect[FileSystem]:
    """List the users of the machine."""
    users = [
        {"user": str(name), "uid": row.uid, "group": row.groups[0], "home": row.home}
        for name, row in state.users.rows()
    ]
    return Effect(state, {"count": len(users), "users": users})


def getent_group(state: FileSystem, group: str) -> Effect[FileSystem]:
    """Tell who is in a group."""
    row = state.groups.get(group)
    if row is None:
        reject("EINVAL", group, "No such group")
    members = [{"user": name, "uid": state.users[name].uid} for name in row.members]
    return Effect(state, {"group": group, "gid": row.gid, "count": len(members), "members": members})


def su(state: FileSystem, password: str) -> Effect[FileSystem]:
    """Become the superuser."""
    session = state.session[SHELL]
    if password != session.password:
        raise Refusal("EACCES", "su: Authentication failure")
    session = replace(session, user=SUPERUSER, groups=state.users[SUPERUSER].groups)
    return Effect(replace(state, session=state.session.put(SHELL, session)), {"user": SUPERUSER})


def exit(state: FileSystem) -> Effect[FileSystem]:
    """Give the superuser's rights up again."""
    session = state.session[SHELL]
    session = replace(session, user=session.login, groups=state.users[session.login].groups)
    return Effect(replace(state, session=state.session.put(SHELL, session)), {"user": session.login})


def chmod(state: FileSystem, path: str, mode: str, recursive: bool) -> Effect[FileSystem]:
    """Change permissions."""
    edit = Edit(state)
    user, umask = edit.who.user, edit.who.umask

    def change(node: Node, where: str) -> Node:
        if user not in {SUPERUSER, node.owner}:
            reject("EPERM", where)
        return replace(node, mode=_new_mode(node, mode, umask), changed=edit.now)

    real, key, _ = existing(state, path)
    count = edit.change_tree(key, real, change, deep=recursive)
    return Effect(edit.done(), {"path": real, "mode": f"{edit.nodes[key].mode:04o}", "changed": count})


def chown(state: FileSystem, path: str, owner: str, recursive: bool) -> Effect[FileSystem]:
    """Give files to another user."""
    if owner not in state.users:
        reject("EINVAL", owner, "No such user")
    edit = Edit(state)
    real, key, _ = existing(state, path)
    count = edit.change_tree(key, real, lambda n, _: replace(n, owner=owner, changed=edit.now), deep=recursive)
    return Effect(edit.done(), {"path": real, "owner": owner, "changed": count})


def chgrp(state: FileSystem, path: str, group: str, recursive: bool) -> Effect[FileSystem]:
    """Give files to another group; without the superuser's rights one's own files and groups only."""
    if group not in state.groups:
        reject("EINVAL", group, "No such group")
    edit = Edit(state)
    user, groups = edit.who.user, edit.who.groups

    def change(node: Node, where: str) -> Node:
        if user != SUPERUSER and (node.owner != user or group not in groups):
            reject("EPERM", where)
        return replace(node, group=group, changed=edit.now)

    real, key, _ = existing(state, path)
    count = edit.change_tree(key, real, change, deep=recursive)
    return Effect(edit.done(), {"path": real, "group": group, "changed": count})


def _new_mode(node: Node, mode: str, umask: int) -> int:
    if mode[0].isdigit():
        return int(mode, 8)
    bits = node.mode
    for clause in mode.split(","):
        found = _CLAUSE.match(clause)
        assert found is not None
        classes, act = found.groups()
        bits = _apply(bits, classes, act, executable=isinstance(node, Dir) or bool(bits & 0o111), umask=umask)
    return bits


def _apply(bits: int, classes: str, act: str, *, executable: bool, umask: int) -> int:
    """Apply one clause such as ``go-w``; without a class it is for all, but leaves alone what the umask covers."""
    wanted = sum(_BITS[c] for c in set(act[1:]) - {"X"})
    if "X" in act and executable:
        wanted |= 1
    mask = value = 0
    for name, shift in (("u", 6), ("g", 3), ("o", 0)):
        if not classes or "a" in classes or name in classes:
            mask |= 7 << shift
            value |= wanted << shift
    if not classes:
        value &= ~umask
    if act[0] == "+":
        return bits | value
    return bits & ~value if act[0] == "-" else (bits & ~mask) | value
