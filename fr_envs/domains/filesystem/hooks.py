"""What the world knows about itself: whether its fact holds, and values that make sense now."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from fr_envs.domains.filesystem.paths import READ, SEARCH, WRITE, may, moment, path_of, under, walk
from fr_envs.domains.filesystem.state import CLOCK, SHELL, SUPERUSER, Dir, File, FileSystem, Link, Node
from fr_envs.domains.filesystem.words import SECOND, THINGS
from fr_envs.errors import Refusal
from fr_envs.json_values import Json
from fr_envs.streams import pick

__all__ = ["FACTS", "SUGGEST"]

_Arguments: TypeAlias = Mapping[str, Json]
_Suggestion: TypeAlias = Callable[[FileSystem, _Arguments, np.random.Generator], Json]
_Test: TypeAlias = Callable[[FileSystem, Node], bool]

_SCAN = 400  # entries of the home that are looked at for something rare, about 0.3 ms
_DEPTH = 9


class _Dice:
    """A few draws at the price of one call of numpy."""

    __slots__ = ("_draws",)

    def __init__(self, rng: np.random.Generator) -> None:
        self._draws: Iterator[float] = iter(rng.random(160).tolist())

    def below(self, limit: int) -> int:
        return int(next(self._draws, 0.5) * limit)

    def pick(self, items: Sequence[str]) -> str:
        return items[self.below(len(items))]

    def chance(self, share: float) -> bool:
        return next(self._draws, 0.5) < share


def _privileged(state: FileSystem) -> bool:
    return state.session[SHELL].user == SUPERUSER


def _no_mount(state: FileSystem, path: str) -> bool:
    """Return True if no volume is mounted at a path, the root's included; nothing is where nothing can be found."""
    try:
        found = walk(state, path)
    except Refusal:
        return True
    node = found.node
    if not isinstance(node, Dir):
        return True
    parent = state.nodes[node.parent]
    return found.key != node.parent and isinstance(parent, Dir) and parent.volume == node.volume


# --------------------------------------------------------------------------------------- what may be meant


def _readable(state: FileSystem, node: Node) -> bool:
    return isinstance(node, File) and node.members is None and bool(node.size) and may(state.session[SHELL], node, READ)


def _writable(state: FileSystem, node: Node) -> bool:
    return _readable(state, node) and may(state.session[SHELL], node, WRITE)


def _table(state: FileSystem, node: Node) -> bool:
    return _readable(state, node) and isinstance(node, File) and "," in node.text.partition("\n")[0]


def _sorted_table(state: FileSystem, node: Node) -> bool:
    if not _table(state, node):
        return False
    assert isinstance(node, File)
    keys = [line.partition(",")[0] for line in node.text.split("\n")[:-1]]
    return all(a <= b for a, b in itertools.pairwise(keys))


def _own(state: FileSystem, node: Node) -> bool:
    return isinstance(node, File) and state.session[SHELL].user in {SUPERUSER, node.owner}


def _open_dir(state: FileSystem, node: Node) -> bool:
    who = state.session[SHELL]
    return isinstance(node, Dir) and may(who, node, READ) and may(who, node, SEARCH)


def _free_dir(state: FileSystem, node: Node) -> bool:
    return _open_dir(state, node) and may(state.session[SHELL], node, WRITE)


def _plain_dir(state: FileSystem, node: Node) -> bool:
    """A directory without archives in it and with something readable."""
    if not _open_dir(state, node) or not isinstance(node, Dir) or not node.names:
        return False
    below = [state.nodes[key] for key in node.nodes]
    return all(_readable(state, each) or isinstance(each, Link) for each in below)


def _empty_dir(state: FileSystem, node: Node) -> bool:
    return isinstance(node, Dir) and not node.names


def _link(state: FileSystem, node: Node) -> bool:
    del state
    return isinstance(node, Link)


def _archive(state: FileSystem, node: Node) -> bool:
    return isinstance(node, File) and node.members is not None and may(state.session[SHELL], node, READ)


# ------------------------------------------------------------------------------------------- where to look


def _starts(state: FileSystem) -> list[str]:
    session = state.session[SHELL]
    home = state.users[session.login].home
    return [path for path in (session.cwd, home, home, "/srv", "/var/log") if isinstance(state.nodes.get(path), Dir)]


def _wander(state: FileSystem, dice: _Dice, test: _Test, *, top: bool = False) -> str | None:
    """Walk down at random from a likely directory until something fits; ``top`` lets the start itself fit."""
    starts = _starts(state)
    who = state.session[SHELL]
    for _ in range(14):
        if not starts:
            return None
        key = starts[dice.below(len(starts))]
        node = state.nodes[key]
        path = path_of(state, key)
        for level in range(_DEPTH):
            if (level or top) and test(state, node) and (isinstance(node, File) or dice.chance(0.5)):
                return path
            if not isinstance(node, Dir) or not node.names or not (may(who, node, READ) and may(who, node, SEARCH)):
                break
            at = dice.below(len(node.names))
            path = f"{path.rstrip('/')}/{node.names[at]}"
            node = state.nodes[node.nodes[at]]
    return None


def _scan(state: FileSystem, test: _Test) -> list[str]:
    """Return what fits among the first entries of the login's home and of the other volumes."""
    found: list[str] = []
    mounts = [str(mount) for mount in state.volumes if mount != "/"]
    for path in (state.users[state.session[SHELL].login].home, *mounts):
        node = _at(state, path)
        if isinstance(node, Dir) and _open_dir(state, node):
            found += [seen.path for seen in under(state, path, node, _DEPTH, _SCAN) if test(state, seen.node)]
    return found


def _at(state: FileSystem, path: str) -> Node | None:
    try:
        return walk(state, path).node
    except Refusal:
        return None


def _spoken(state: FileSystem, path: str | None, dice: _Dice) -> str | None:
    """Return a path as somebody may say it: sometimes relative where it lies under the working directory."""
    if path is None or not dice.chance(0.3):
        return path
    try:
        here = path_of(state, state.session[SHELL].cwd).rstrip("/") + "/"
    except Refusal:
        return path
    return path[len(here) :] if path.startswith(here) and len(path) > len(here) else path


def _wandering(test: _Test, *, top: bool = False) -> _Suggestion:
    def suggest(state: FileSystem, arguments: _Arguments, rng: np.random.Generator) -> Json:
        dice = _Dice(rng)
        return _spoken(state, _wander(state, dice, test, top=top), dice)

    return suggest


def _scanning(test: _Test) -> _Suggestion:
    def suggest(state: FileSystem, arguments: _Arguments, rng: np.random.Generator) -> Json:
        dice = _Dice(rng)
        taken = set(arguments.values()) if all(isinstance(v, str) for v in arguments.values()) else set()
        found = [path for path in _scan(state, test) if path not in taken]
        return _spoken(state, found[dice.below(len(found))], dice) if found else None

    return suggest


def _new(endings: tuple[str, ...]) -> _Suggestion:
    def suggest(state: FileSystem, arguments: _Arguments, rng: np.random.Generator) -> Json:
        dice = _Dice(rng)
        folder = _wander(state, dice, _free_dir, top=True)
        taken = None if folder is None else _at(state, folder)
        if folder is None or not isinstance(taken, Dir):
            return None  # the working directory may lie where the user can no longer look
        for _ in range(8):
            shape = ("{a}", "{b}-{a}", "{a}_{n}", "{a}-{b}")[dice.below(4)]
            stem = shape.format(a=dice.pick(THINGS), b=dice.pick(SECOND), n=1 + dice.below(99))
            name = stem + endings[dice.below(len(endings))]
            if name not in taken.names:
                return _spoken(state, f"{folder.rstrip('/')}/{name}", dice)
        return None

    return suggest


def _destination(state: FileSystem, arguments: _Arguments, rng: np.random.Generator) -> Json:
    """Suggest a directory to put the source into, or a new name with the source's ending."""
    source = arguments.get("source")
    name = source.rpartition("/")[2] if isinstance(source, str) else ""
    dice = _Dice(rng)
    if dice.chance(0.4):
        folder = _wander(state, dice, _free_dir, top=True)
        node = None if folder is None else _at(state, folder)
        if isinstance(node, Dir) and name not in node.names:
            return _spoken(state, folder, dice)
    _, dot, ending = name.rpartition(".")
    return _new((dot + ending,))(state, arguments, rng)


def _word(state: FileSystem, arguments: _Arguments, rng: np.random.Generator) -> Json:
    """Suggest a word that stands in the file, or in a file under the directory, that the arguments name."""
    path = arguments.get("path")
    node = _at(state, path) if isinstance(path, str) else None
    dice = _Dice(rng)
    for _ in range(_DEPTH):
        if not isinstance(node, Dir) or not node.nodes:
            break
        node = state.nodes[node.nodes[dice.below(len(node.nodes))]]
    if node is None or not _readable(state, node) or not isinstance(node, File):
        return None
    words = [word.strip(".,:;()[]{}\"'#") for word in node.text.split()]
    words = [word for word in words if 3 <= len(word) <= 20]
    return words[dice.below(len(words))] if words else None


def _size(state: FileSystem, arguments: _Arguments, rng: np.random.Generator) -> Json:
    path = arguments.get("path")
    node = _at(state, path) if isinstance(path, str) else None
    if not isinstance(node, File) or not node.size:
        return None
    size = int(rng.integers(node.size))
    return size - size % 10


def _one_of(choices: Callable[[FileSystem], list[Json]]) -> _Suggestion:
    def suggest(state: FileSystem, arguments: _Arguments, rng: np.random.Generator) -> Json:
        items = choices(state)
        return pick(rng, items) if items else None

    return suggest


def _past(state: FileSystem, arguments: _Arguments, rng: np.random.Generator) -> Json:
    minutes = int(rng.integers(1, 500_000))
    return moment((state.clock[CLOCK].now // 60 - minutes) * 60)


def _others(state: FileSystem) -> list[Json]:
    session = state.session[SHELL]
    return [name for name in state.users if name not in {session.login, SUPERUSER}]


def _groups(state: FileSystem) -> list[Json]:
    login = state.session[SHELL].login
    return [group for group in state.users[login].groups if group != login]


_names = _new((".txt", ".md", ".csv", ".log"))
_folders = _new(("",))
_links = _new(("", "-link"))
_free = _wandering(_free_dir, top=True)
_mine = _wandering(_own)
_change = _wandering(_writable)

FACTS: Mapping[str, Callable[..., bool]] = {"privileged": _privileged, "no_mount": _no_mount}

SUGGEST: Mapping[str, _Suggestion] = {
    "file_path": _wandering(_readable),
    "dir_path": _wandering(_open_dir, top=True),
    "link_path": _scanning(_link),
    "archive_path": _scanning(_archive),
    "new_path": _names,
    "new_archive": _new((".tar",)),
    "destination": _destination,
    "pattern": _word,
    "old_text": _word,
    "user_name": _one_of(lambda state: list(state.users.keys())),
    "group_name": _one_of(lambda state: list(state.groups.keys())),
    "password": _one_of(lambda state: [state.session[SHELL].password]),
    "moment": _past,
    "date": _one_of(lambda state: [moment(state.clock[CLOCK].now)[:10]]),
    "append_file.path": _change,
    "replace_in_file.path": _change,
    "truncate.path": _change,
    "truncate.size": _size,
    "mv.source": _mine,
    "rm.path": _mine,
    "chmod.path": _mine,
    "chgrp.path": _mine,
    "chgrp.group": _one_of(_groups),
    "chown.owner": _one_of(_others),
    "ln.target": _mine,
    "mkdir.path": _folders,
    "symlink.path": _links,
    "split.prefix": _new(("-", ".", "-part-")),
    "rmdir.path": _scanning(_empty_dir),
    "cut.path": _wandering(_table),
    "cut.fields": _one_of(lambda _: ["1", "2", "3", "1,3", "2-3", "1-2"]),
    "join.path": _scanning(_sorted_table),
    "join.other": _scanning(_sorted_table),
    "tar_create.source": _wandering(_plain_dir),
    "tar_extract.destination": _free,
    "wait.minutes": _one_of(lambda _: [2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 240, 720]),
}
