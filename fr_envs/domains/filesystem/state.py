"""The file system as a frozen value: nodes by identity, volumes, users, the shell's session, the clock.

A node's key is the path at which it was created (with ``#2`` and so on where that is taken), and it keeps the key when
it is renamed. So a rename touches two directories and nothing below them, hard links are two names of one key, and two
programs that create the same files in another order end in the same state.
"""

from __future__ import annotations

from typing import TypeAlias

from fr_envs.world.state import Record, State, Table

__all__ = [
    "CLOCK",
    "MAX_FILE",
    "ROOT",
    "SHELL",
    "STICKY",
    "SUPERUSER",
    "Clock",
    "Dir",
    "File",
    "FileSystem",
    "Group",
    "Link",
    "Member",
    "Node",
    "Session",
    "User",
    "Volume",
]

ROOT = "/"
"""Key of the root directory, and of the volume that it lies on."""

SHELL = "shell"
"""Key of the only session."""

CLOCK = "now"
"""Key of the only clock."""

SUPERUSER = "root"
"""Name of the user and of the group to whom nothing is forbidden."""

STICKY = 0o1000
"""Mode bit of a directory in which only owners may remove or rename."""

MAX_FILE = 20_000
"""Most characters that a file holds, so that every file can be shown whole."""


class Member(Record, frozen=True, omit_defaults=True, gc=False):
    """One entry of an archive.

    Attributes:
        path: Path relative to the place of extraction.
        kind: ``file``, ``directory``, ``link`` (symbolic) or ``hard`` (another name of an earlier member).
        mode: Permission bits.
        owner: User name.
        group: Group name.
        modified: Seconds since 1970, UTC.
        size: Bytes of content.
        text: Content of a file; target of a link of either sort.
    """

    path: str
    kind: str
    mode: int
    owner: str
    group: str
    modified: int
    size: int = 0
    text: str = ""


class File(Record, frozen=True, tag="file", omit_defaults=True, gc=False):
    """A regular file.

    Attributes:
        mode: Permission bits.
        owner: User name.
        group: Group name.
        modified: Last change of the content, seconds since 1970, UTC.
        changed: Last change of content or attributes.
        size: Bytes.
        text: Content; empty for an archive.
        links: Number of names.
        members: What an archive holds, None for any other file.
    """

    mode: int
    owner: str
    group: str
    modified: int
    changed: int
    size: int = 0
    text: str = ""
    links: int = 1
    members: tuple[Member, ...] | None = None


class Dir(Record, frozen=True, tag="dir", omit_defaults=True, gc=False):
    """A directory.

    Attributes:
        mode: Permission bits.
        owner: User name.
        group: Group name.
        modified: Last change of the entries, seconds since 1970, UTC.
        changed: Last change of entries or attributes.
        parent: Key of the directory that it lies in; its own for the root.
        name: Name in its parent; empty for the root.
        volume: Key of the volume that it lies on.
        names: Names of the entries, sorted.
        nodes: Keys of the entries, in the order of the names.
    """

    mode: int
    owner: str
    group: str
    modified: int
    changed: int
    parent: str
    name: str
    volume: str = ROOT
    names: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()


class Link(Record, frozen=True, tag="link", omit_defaults=True, gc=False):
    """A symbolic link.

    Attributes:
        mode: Permission bits, always 0777.
        owner: User name.
        group: Group name.
        modified: When it was made, seconds since 1970, UTC.
        changed: Last change of its attributes.
        target: Path that it stands for, as it was written.
        links: Number of names.
    """

    mode: int
    owner: str
    group: str
    modified: int
    changed: int
    target: str
    links: int = 1


Node: TypeAlias = File | Dir | Link
"""Anything that a name in a directory can stand for."""


class Volume(Record, frozen=True):
    """Storage behind a mount point.

    Attributes:
        device: Name of the device.
        capacity: Bytes that fit.
        used: Bytes of all files on it; each file counts once, however many names it has.
    """

    device: str
    capacity: int
    used: int


class User(Record, frozen=True):
    """Somebody with an account on the machine.

    Attributes:
        uid: Number.
        groups: Names of the groups, the primary one first.
        home: Path of the home directory.
    """

    uid: int
    groups: tuple[str, ...]
    home: str


class Group(Record, frozen=True):
    """A group of users.

    Attributes:
        gid: Number.
        members: Names of the users in it, sorted.
    """

    gid: int
    members: tuple[str, ...]


class Session(Record, frozen=True):
    """The shell.

    Attributes:
        login: User who logged in.
        user: User whose rights count now: ``login``, or the superuser.
        groups: Groups of that user.
        cwd: Key of the working directory.
        umask: Permission bits that new entries do not get.
        password: What ``login`` has to give in order to become the superuser.
    """

    login: str
    user: str
    groups: tuple[str, ...]
    cwd: str
    umask: int = 0o022
    password: str = ""


class Clock(Record, frozen=True):
    """The world's time.

    Attributes:
        now: Seconds since 1970, UTC.
    """

    now: int


class FileSystem(State, frozen=True):
    """A machine's file system and who works on it."""

    nodes: Table[Node] = Table[Node]("nodes")
    volumes: Table[Volume] = Table[Volume]("volumes")
    users: Table[User] = Table[User]("users")
    groups: Table[Group] = Table[Group]("groups")
    session: Table[Session] = Table[Session]("session")
    clock: Table[Clock] = Table[Clock]("clock")
