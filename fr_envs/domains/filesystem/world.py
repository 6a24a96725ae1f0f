"""First states: homes, projects, a team's folder, logs and settings of the machine, a second volume."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_envs.domains.filesystem.builder import DAY, Builder
from fr_envs.domains.filesystem.state import (
    CLOCK,
    ROOT,
    SHELL,
    SUPERUSER,
    Clock,
    File,
    FileSystem,
    Group,
    Node,
    Session,
    User,
    Volume,
)
from fr_envs.domains.filesystem.stories import Setting, tell
from fr_envs.domains.filesystem.texts import Draw, log_line, project_name
from fr_envs.domains.filesystem.words import FIRST, PEOPLE, SECOND
from fr_envs.world.state import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from fr_envs.world.domain import Scale

__all__ = ["SPAN", "begin", "initial"]

_EPOCH = 1_790_000_000  # September 2026: every world's present is within two years after it
_DAYS = 700
SPAN = (_EPOCH - 600 * DAY, _EPOCH + _DAYS * DAY)
"""First and last moment at which a file system can begin, in seconds since 1970 UTC."""

_FOLDER = 40  # files in a folder of the mass store


class _Size(NamedTuple):
    """How much a scale has of everything."""

    others: int
    projects: int
    logs: int
    papers: int
    mass: int
    stories: int


_SIZES: dict[Scale, _Size] = {
    "tiny": _Size(1, 1, 1, 3, 0, 8),
    "small": _Size(2, 2, 3, 5, 0, 17),
    "medium": _Size(6, 5, 8, 12, 9_500, 20),
    "large": _Size(12, 8, 12, 20, 1_000_000, 20),
    "busy": _Size(2, 14, 60, 60, 0, 20),
}


def initial(rng: np.random.Generator, scale: Scale) -> FileSystem:
    """Build a first state.

    Args:
        rng: Source of all randomness.
        scale: ``tiny`` has about 100 entries, ``small`` 160, ``medium`` 10,000, ``large`` more than 1,000,000;
            ``busy`` 400, in long folders.
    """
    return _built(rng, scale, None)


def begin(rng: np.random.Generator, scale: Scale, moment: int) -> FileSystem:
    """Build a first state whose clock stands at ``moment``, in seconds since 1970 UTC."""
    return _built(rng, scale, moment)


def _built(rng: np.random.Generator, scale: Scale, moment: int | None) -> FileSystem:
    size = _SIZES[scale]
    draw = Draw(rng, 1 << 16 if size.mass else 2048)
    own = _EPOCH + draw.below(_DAYS * DAY)
    now = own if moment is None else moment
    build = Builder(draw, now)
    people = draw.some(PEOPLE, size.others + 1)
    team = draw.pick(SECOND)
    label = f"/mnt/{draw.pick(('backup', 'usb', 'vault', 'archive', 'nas'))}"
    build.used[label] = 0
    for path in ("/etc", "/home", "/mnt", "/srv", "/var", "/var/log"):
        build.folder(path)
    build.folder("/tmp", mode=0o1777)
    build.folder(label, people[0])
    homes = [_home(build, person, size, own=i == 0) for i, person in enumerate(people)]
    projects = [f"{homes[0]}/projects/{name}" for name in build.entries[f"{homes[0]}/projects"]]
    _machine(build, team, people, size)
    _extras(build, homes[0], projects, label)
    if size.mass:
        _mass(build, team, size.mass)
    users = {SUPERUSER: User(0, (SUPERUSER,), "/root")}
    members = sorted(people[: 1 + draw.below(len(people))] if len(people) > 1 else people)
    guild = draw.pick([each for each in FIRST if each != team])
    for i, person in enumerate(people):
        more = ((team,) if person in members else ()) + ((guild,) if i != 1 else ())
        users[person] = User(1000 + i, (person, *more), f"/home/{person}")
    groups = {name: Group(row.uid, (str(name),)) for name, row in users.items()}
    groups[team] = Group(2000, tuple(members))
    groups[guild] = Group(2001, tuple(sorted(person for i, person in enumerate(people) if i != 1)))
    build.folder("/root", mode=0o700)
    login = people[0]
    cwd = draw.pick([homes[0], homes[0], *projects])
    password = f"{draw.pick(FIRST)}{draw.pick(SECOND).title()}{10 + draw.below(90)}"
    build.date()
    room = 80_000 + draw.below(240_000), 6_000 + draw.below(60_000)
    build.draw = Draw(rng, 2048)  # what is told comes behind all other draws, which stay as they are
    tell(build, Setting(homes[0], people[0], people[1:], team, label), size.stories)
    nodes = build.written()
    used = build.used
    return FileSystem(
        nodes=Table[Node]("nodes", nodes),
        volumes=Table[Volume](
            "volumes",
            {
                ROOT: Volume("/dev/sda2", used[ROOT] + room[0], used[ROOT]),
                label: Volume("/dev/sdb1", used[label] + room[1], used[label]),
            },
        ),
        users=Table[User]("users", users),
        groups=Table[Group]("groups", groups),
        session=Table[Session]("session", {SHELL: Session(login, login, users[login].groups, cwd, 0o022, password)}),
        clock=Table[Clock]("clock", {CLOCK: Clock(now)}),
    )


def _home(build: Builder, person: str, size: _Size, *, own: bool) -> str:
    """Add a home directory; those of others are smaller, and often closed."""
    draw = build.draw
    home = build.folder(f"/home/{person}", person, 0o755 if own else draw.pick((0o700, 0o750, 0o755)))
    build.text(home, "script", ".profile")
    build.text(home, "config", ".gitconfig")
    documents = build.folder(f"{home}/documents", person)
    for _ in range(size.papers if own else 2):
        build.text(documents, draw.pick(("note", "note", "table", "todo", "list", "json")))
    projects = build.folder(f"{home}/projects", person)
    for _ in range(size.projects if own else 1):
        name = project_name(draw)
        if name not in build.entries[projects]:
            _project(build, f"{projects}/{name}", person, full=own)
    if own:
        keys = build.folder(f"{home}/.ssh", person, 0o700)
        build.text(keys, "list", "known_hosts", 0o600)
        settings = build.folder(f"{home}/.config", person)
        build.text(settings, "config")
        build.text(settings, "json", f"{draw.pick(SECOND)}.json")
        build.folder(f"{home}/downloads", person)
    return home


def _project(build: Builder, path: str, person: str, *, full: bool) -> None:
    draw = build.draw
    build.folder(path, person)
    build.text(path, "note", "README.md")
    source = build.folder(f"{path}/src", person)
    for _ in range(1 + draw.below(3 if full else 1)):
        build.text(source, "source")
    if not full:
        return
    build.text(path, "config")
    build.text(path, "todo", draw.pick(("TODO.md", "todo.txt", "CHANGES.md")))
    build.text(path, "list", ".gitignore")
    build.text(path, "script", f"{draw.pick(('run', 'build', 'deploy', 'sync'))}.sh", 0o755)
    data = build.folder(f"{path}/data", person)
    for _ in range(1 + draw.below(3)):
        build.text(data, draw.pick(("table", "table", "json", "list")))
    logs = build.folder(f"{path}/logs", person)
    last = [build.text(logs, "log") for _ in range(1 + draw.below(3))][-1]
    if draw.below(2):
        build.link(path, "latest.log", f"logs/{last.rpartition('/')[2]}")


def _machine(build: Builder, team: str, people: Sequence[str], size: _Size) -> None:
    draw = build.draw
    shared = build.folder(f"/srv/{team}", people[-1], 0o775, team)
    reports = build.folder(f"{shared}/reports", people[0], 0o775, team)
    for _ in range(2 + draw.below(3)):
        build.text(reports, draw.pick(("table", "note", "list")), mode=0o664)
    build.text(shared, "note", mode=draw.pick((0o660, 0o640)))
    for _ in range(size.logs):
        build.text("/var/log", "log", mode=draw.pick((0o644, 0o644, 0o640)))
    build.text("/var/log", "log", "secure.log", 0o600)
    build.text("/etc", "config")
    build.text("/etc", "list", "allowed_hosts")
    build.text("/tmp", draw.pick(("json", "log", "list")))


def _extras(build: Builder, home: str, projects: Sequence[str], label: str) -> None:
    """Add what makes a tree awkward: links, archives, duplicates, empty and closed places."""
    draw = build.draw
    downloads = f"{home}/downloads"
    documents = f"{home}/documents"
    project = draw.pick(projects)
    build.link(home, draw.pick(("current", "work", "main", "active")), f"projects/{project.rpartition('/')[2]}")
    build.link(documents, draw.pick(("old-plan", "shared", "reference")), f"{draw.pick(SECOND)}/missing.txt")
    first, second = draw.some(SECOND, 2)
    build.link("/tmp", first, second)
    build.link("/tmp", second, first)
    year = 2023 + draw.below(4)
    build.archive(downloads, f"{project_name(draw)}.tar", f"{project}/src")
    packed = draw.pick((f"{project}/data", documents))
    build.archive(label, f"{project.rpartition('/')[2]}-{year}.tar", packed, bare=draw.below(2) == 0)
    build.text(label, "note")
    build.folder(f"{documents}/{draw.pick(('drafts', 'incoming', 'outbox', 'scans'))}", home.rpartition("/")[2])
    paper = draw.pick([n for n in build.entries[documents] if type(build.nodes.get(f"{documents}/{n}")) is File])
    original = build.nodes[f"{documents}/{paper}"]
    build.put(downloads, draw.pick((paper, f"copy-of-{paper}", f"old-{paper}")), original)
    if draw.below(2):
        build.text(downloads, "table")
    name = f"{draw.pick(SECOND)}-private.txt"
    build.text(documents, "note", name, draw.pick((0o000, 0o400, 0o444)))


def _mass(build: Builder, team: str, count: int) -> None:
    """Add a store of ``count`` short files, by day; one line each, so that a million fit into seconds and memory."""
    draw = build.draw
    top = build.folder(f"/srv/{team}/store", mode=0o755)
    nodes, below = build.nodes, draw.below
    total = 0
    year = month = top
    days = -(-count // _FOLDER)
    for day in range(days):
        if day % 600 == 0:
            year = build.folder(f"{top}/{day // 600:03d}")
        if day % 30 == 0:
            month = build.folder(f"{year}/{day // 30 % 20:02d}")
        folder = build.folder(f"{month}/{day % 30:02d}")
        entries = build.entries[folder]
        when = build.past()
        for number in range(min(_FOLDER, count - day * _FOLDER)):
            name = f"{draw.pick(SECOND)}-{number:02d}.log"
            text = log_line(draw, number * 997) if number % 8 == 0 else f"{draw.pick(FIRST)} {below(100_000)}\n"
            path = f"{folder}/{name}"
            entries[name] = path
            nodes[path] = File(0o644, SUPERUSER, team, when, when, len(text), text)
            total += len(text)
    build.used[ROOT] += total
