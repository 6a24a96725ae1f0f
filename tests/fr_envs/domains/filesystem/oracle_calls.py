"""Random calls for the oracle: paths that often lead somewhere, texts that look like tables, options that matter."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from fr_envs.domains.filesystem.paths import walk
from fr_envs.domains.filesystem.state import Dir, File, FileSystem, Link
from fr_envs.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy as np

    from fr_envs.domains.filesystem.paths import Place
    from fr_envs.json_values import JsonObject
    from fr_envs.world.domain import Outcome

__all__ = ["CALLS", "PATHS", "Spot", "drawn", "halfway", "left_out"]

_NAMES = ("a", "b", "c", "d", "e.txt", ".h", "aaa", "\u00e4", "t.tar")
_FORMS = (
    *(("{old}",) * 12), *(("{old}/{name}",) * 6), *(("{name}",) * 4), "{old}/", "{name}/", "{old}/.", "{old}/..",
    "{old}/../{name}", "./{old}", "..", ".", "{old}/{name}/{name}", "{old}//{name}", "{name}/{name}/..",
)  # fmt: skip


class Spot(NamedTuple):
    """A path to be: an existing one and what is made of it."""

    pick: int
    name: str
    form: str
    absolute: bool

    def of(self, paths: Sequence[str], top: str, here: str) -> str:
        """Return the path, given what exists (relative to ``top``) and the working directory."""
        old = f"{top}/{paths[self.pick % len(paths)]}".rstrip("/")
        if not self.absolute:
            old = os.path.relpath(old, here)
        if self.form in {"..", ".", "{name}", "{name}/", "{name}/{name}/.."}:
            return self.form.format(name=self.name)
        if self.absolute and self.form.startswith("./"):
            return old
        return self.form.format(old=old, name=self.name)


class PATHS:
    """Where paths lead in a world."""

    @staticmethod
    def place(state: FileSystem, path: str, *, follow: bool = True) -> Place | None:
        """Return the place, None where the walk is refused."""
        try:
            return walk(state, path, follow=follow)
        except Refusal:
            return None

    @classmethod
    def real(cls, state: FileSystem, path: str) -> str:
        """Return the physical path, the path itself where it leads nowhere."""
        place = cls.place(state, path)
        return path if place is None else place.path


_Draw: TypeAlias = "Callable[[np.random.Generator], object]"


def _pick(*options: object) -> _Draw:
    return lambda rng: options[int(rng.integers(len(options)))]


def _number(low: int, high: int) -> _Draw:
    return lambda rng: int(rng.integers(low, high + 1))


def _maybe(draw: _Draw) -> _Draw:
    return lambda rng: draw(rng) if rng.integers(2) else None


def _many(draw: _Draw, low: int, high: int, between: str = "") -> _Draw:
    return lambda rng: between.join(str(draw(rng)) for _ in range(int(rng.integers(low, high + 1))))


def _joined(*draws: _Draw) -> _Draw:
    return lambda rng: "".join(str(draw(rng)) for draw in draws)


def _spot(rng: np.random.Generator) -> Spot:
    pick, name, form, absolute = (int(x) for x in rng.integers(0, (60, len(_NAMES), len(_FORMS), 4)))
    return Spot(pick, _NAMES[name], _FORMS[form], absolute == 0)


_flag = _pick(False, True)
_word = _pick("a", "b", "ab", "B", "10", "9", "-2", "1.5", "", "\u00e4", "a b", "x\ty", "aab", "07", ".")
_text = _joined(_many(_many(_word, 1, 3, ","), 0, 7, "\n"), _pick("\n", "\n", "\n", ""))
_time = _pick("2001-09-09T01:46:40", "2012-02-29T12:00:00", "2020-12-31T23:59:59")
_mode = _pick(
    "755", "644", "700", "600", "000", "500", "300", "444", "777", "1777", "640", "u+x", "go-w", "a+rX", "u=rw,go=r",
    "+x", "-w", "=rX", "u-w", "u+w", "a=rwX", "ug+rwX,o-rwx", "o=",
)  # fmt: skip
_atom = _pick(
    "a", "b", ".", "[ab]", "[^a]", "[0-9]", "[[:digit:]]", "\\w", "\\s", "(a|b)", "(ab)", ",", "\\.", "\u00e4", "(b|)"
)
_piece = _joined(_atom, _pick("", "", "", "*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}"))
_branch = _joined(_pick("", "", "^"), _many(_piece, 1, 3), _pick("", "", "$"))
_expression = _many(_branch, 1, 2, "|")
_literal = _pick("a", "b,", "10", ".", "\u00e4", "[", "B", "a b")
_glob = _pick(
    "*",
    "a*",
    "*a",
    "a?",
    "[ab]",
    "[!a]*",
    "[a-c]",
    "*.t*",
    ".*",
    "a",
    "*[.]txt",
    "[^b]*",
    "a??*",
    "[]a]",
    "\\a",
    "[a",
    "[[:alpha:]]*",
)
_delimiter = _pick(",", ",", ",", "a", ".")
_fields = _pick("1", "2", "1,3", "2-", "-2", "3-1", "0", "1-2,4", "3,1", "2-3,3", "0-2")
_count = _number(1, 9)

CALLS: Mapping[str, Mapping[str, _Draw]] = {
    "pwd": {},
    "cd": {"path": _spot},
    "ls": {"path": _spot, "all": _flag, "sort": _pick("name", "size")},
    "tree": {"path": _spot, "depth": _number(1, 3), "all": _flag},
    "stat": {"path": _spot, "follow": _flag},
    "find": {
        "path": _spot, "name": _glob, "type": _pick("any", "file", "file", "directory", "link"),
        "min_size": _maybe(_number(1, 9)), "max_size": _maybe(_number(0, 20)), "newer_than": _maybe(_time),
        "max_depth": _maybe(_number(1, 2)),
    },
    "du": {"path": _spot},
    "cat": {"path": _spot, "number": _flag},
    "head": {"path": _spot, "lines": _count},
    "tail": {"path": _spot, "lines": _count},
    "wc": {"path": _spot},
    "grep": {"path": _spot, "pattern": _literal, "ignore_case": _flag, "invert": _flag},
    "rgrep": {"path": _spot, "pattern": _literal, "ignore_case": _flag, "name": _maybe(_glob)},
    "sort": {
        "path": _spot, "numeric": _flag, "reverse": _flag, "unique": _flag, "field": _maybe(_number(1, 3)),
        "delimiter": _delimiter,
    },
    "uniq": {"path": _spot, "count": _flag, "repeated": _flag},
    "cut": {"path": _spot, "fields": _fields, "delimiter": _delimiter},
    "diff": {"path": _spot, "other": _spot},
    "cmp": {"path": _spot, "other": _spot},
    "checksum": {"path": _spot, "algorithm": _pick("md5", "sha1", "sha256")},
    "join": {
        "path": _spot, "other": _spot, "field": _number(1, 2), "other_field": _number(1, 2), "delimiter": _delimiter
    },
    "touch": {"path": _spot, "modified": _maybe(_time)},
    "mkdir": {"path": _spot, "parents": _flag},
    "write_file": {"path": _spot, "content": _text, "overwrite": _flag},
    "append_file": {"path": _spot, "content": _text},
    "replace_in_file": {"path": _spot, "old": _pick("a", "b", ",", "\n", "1", "a,"), "new": _word, "all": _flag},
    "truncate": {"path": _spot, "size": _number(0, 12)},
    "split": {"path": _spot, "lines": _number(1, 4), "prefix": _spot},
    "cp": {"source": _spot, "destination": _spot, "recursive": _flag},
    "mv": {"source": _spot, "destination": _spot},
    "rm": {"path": _spot, "recursive": _flag},
    "rmdir": {"path": _spot},
    "ln": {"target": _spot, "path": _spot},
    "symlink": {"target": _spot, "path": _spot},
    "readlink": {"path": _spot},
    "realpath": {"path": _spot},
    "chmod": {"path": _spot, "mode": _mode, "recursive": _flag},
    "tar_create": {"source": _spot, "path": _spot},
    "tar_list": {"path": _spot},
    "tar_extract": {"path": _spot, "destination": _spot},
}  # fmt: skip
"""What may be called with what."""

_OFTEN = (*CALLS, *("write_file", "mkdir", "mkdir", "cp", "mv", "symlink", "grep", "grep", "chmod", "sort", "join"))


def drawn(rng: np.random.Generator) -> tuple[str, dict[str, object]]:
    """Draw a tool and its arguments, paths still to be made of what exists."""
    tool = _OFTEN[int(rng.integers(len(_OFTEN)))]
    arguments = {name: draw(rng) for name, draw in CALLS[tool].items()}
    if tool in {"grep", "rgrep"} and rng.integers(2):
        arguments |= {"pattern": _expression(rng), "regex": True}
    if arguments.get("min_size") or arguments.get("max_size"):
        arguments["type"] = "file"  # how large a directory is depends on the file system
    return tool, arguments


_TEXT = frozenset({
    "cat", "head", "tail", "wc", "grep", "sort", "uniq", "cut", "diff", "cmp", "checksum", "join", "append_file",
    "replace_in_file", "truncate", "split",
})  # fmt: skip
_PATHS = ("path", "other", "source", "destination", "target", "prefix")


def left_out(
    state: FileSystem, top: Path, tool: str, arguments: JsonObject, outcome: Outcome[FileSystem]
) -> bool:  # fmt: skip
    """Return True if a call stays out of the comparison: it leaves the folder, or is one of the known differences."""
    for name in _PATHS:
        if name not in arguments or (tool, name) == ("symlink", "target"):
            continue
        for follow in (True, False):
            place = PATHS.place(state, str(arguments[name]), follow=follow)
            if (
                place is not None
                and not place.path.startswith(f"{top}/")
                and (tool in {"chmod", "mv", "rm", "rmdir", "touch", "cp", "tar_create"} or place.path != str(top))
            ):
                return True
    if tool == "symlink" and str(arguments["target"]).endswith("/"):
        return True  # opened for writing, such a link is a directory to Linux, whatever is there
    goal = str(arguments.get("destination", ""))
    if tool in {"cp", "mv"} and goal.endswith("/"):
        bare = PATHS.place(state, goal.rstrip("/"), follow=False)
        if bare is not None and isinstance(bare.node, Link):
            return True  # each of the utilities has its own mind about a slash after a link
    return _differs(state, tool, arguments, outcome)


_LOOKED_AT: Sequence[str] = ("source", "path", "other")
_ON_PURPOSE = ("Is an archive", "does not occur", "Is shorter", "cut a character", "Is no tar archive")


def _differs(state: FileSystem, tool: str, arguments: JsonObject, outcome: Outcome[FileSystem]) -> bool:
    """Return True if the world is meant to differ here."""
    after, error = outcome.state, outcome.error
    places = {n: PATHS.place(state, str(arguments[n])) for n in _LOOKED_AT if n in arguments}
    if error is None:
        return _differs_in_result(after, tool, places)
    if any(text in error.message for text in _ON_PURPOSE):
        return True
    if tool == "du":  # for a link to nothing, find takes the link itself
        bare = PATHS.place(state, str(arguments["path"]), follow=False)
        return bare is not None and isinstance(bare.node, Link)
    if tool == "realpath":
        return error.code == "ELOOP"  # realpath does not end where a link leads below itself
    if tool == "truncate":
        return error.code == "ENOENT"
    return _differs_in_result(after, tool, places)


def _differs_in_result(after: FileSystem, tool: str, places: Mapping[str, Place | None]) -> bool:
    nodes = [None if place is None else place.node for place in places.values()]
    archives = [node.members for node in nodes if isinstance(node, File) and node.members is not None]
    if tool == "chmod":  # the world lists with attributes only, for which a directory has to be searchable
        return any(isinstance(node, Dir) and node.mode & 0o500 == 0o400 for node in after.nodes.values())
    if tool in {"cmp", "diff"} and any(isinstance(node, Dir) for node in nodes):
        return True  # diff takes a directory for the file of that name in it, cmp one for its own equal
    if tool == "tar_create":
        return nodes[0] is None  # tar makes the archive all the same
    if tool == "tar_extract":
        return () in archives  # tar never looks at the destination of nothing
    return tool in _TEXT and bool(archives)


def halfway(state: FileSystem, tool: str, arguments: JsonObject) -> bool:
    """Return True if a command that fails may have done a part of its work, where the world has done nothing."""
    if tool in {"mkdir", "chmod", "rm", "cp"} and not arguments.get("parents" if tool == "mkdir" else "recursive"):
        return False
    source = PATHS.place(state, str(arguments.get("source", arguments.get("path"))), follow=tool != "rm")
    if tool in {"cp", "rm", "chmod"}:
        return source is not None and isinstance(source.node, Dir)
    return tool in {"mkdir", "split", "tar_create", "tar_extract"} and source is not None
