"""Whether what a utility printed is what the world's tool returned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fr_envs.domains.filesystem.oracle_shell import position

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fr_envs.json_values import JsonObject
    from tests.fr_envs.domains.filesystem.oracle_shell import Result

__all__ = ["agrees"]


def agrees(tool: str, arguments: JsonObject, value: JsonObject, result: Result) -> bool:
    """Compare a value with a result; tools without an output of their own need an exit status of 0."""
    check = _CHECKS.get(tool)
    return result.status == 0 if check is None else check(arguments, value, result)


def _content(arguments: JsonObject, value: JsonObject, result: Result) -> bool:
    return bool(result.out == value["content"])


def _path(arguments: JsonObject, value: JsonObject, result: Result) -> bool:
    return result.out == f"{value['path']}\n"


def _ls(arguments: JsonObject, value: JsonObject, result: Result) -> bool:
    names = result.out.splitlines()
    if arguments["sort"] == "size":  # a directory's own size depends on the file system
        names = [name for name in names if not name.endswith("/")]
        folders = {row["name"] for row in value["directories"]}
        return names == [name for name in value["names"] if name not in folders]
    return bool([name.rstrip("/") for name in names] == value["names"])


def _tree(arguments: JsonObject, value: JsonObject, result: Result) -> bool:
    lines = []
    for line in result.out.splitlines():
        kind, depth, rest = line.split(" ", 2)
        name, _, target = rest.partition(" ")
        mark = f" -> {target}" if kind == "l" else "/" if kind == "d" else ""
        lines.append("  " * int(depth) + name + mark)
    folders = sum(line.startswith("d") for line in result.out.splitlines())
    drawn = value["drawing"].split("\n")[1:]
    return sorted(lines) == sorted(drawn) and (value["directories"], value["files"]) == (folders, len(lines) - folders)


_KINDS = {"regular file": "file", "regular empty file": "file", "directory": "directory", "symbolic link": "link"}


def _stat(arguments: JsonObject, value: JsonObject, result: Result) -> bool:
    kind, mode, permissions, links, size = result.out.strip().split("|")
    same = (value["type"], int(value["mode"], 8), value["permissions"]) == (_KINDS[kind], int(mode, 8), permissions)
    return same and (kind == "directory" or (value["links"], value["size"]) == (int(links), int(size)))


def _find(arguments: JsonObject, value: JsonObject, result: Result) -> bool:
    start = arguments["real"] + "/"
    return sorted(result.out.splitlines()) == sorted(path.removeprefix(start) for path in value["paths"])


def _du(arguments: JsonObject, value: JsonObject, result: Result) -> bool:
    rows = [line.split() for line in result.out.splitlines()]
    sizes = sum(int(size) for _, size, _ in rows)
    return (value["size"], value["files"]) == (sizes, sum(kind == "f" for _, _, kind in rows))


def _wc(arguments: JsonObject, value: JsonObject, result: Result) -> bool:
    counts = [int(word) for word in result.out.split()[:4]]
    return counts == [value["lines"], value["words"], value["characters"], value["size"]]


def _grep(arguments: JsonObject, value: JsonObject, result: Result) -> bool:
    return result.out == "".join(f"{row['line_number']}:{row['line']}\n" for row in value["matches"])


def _rgrep(arguments: JsonObject, value: JsonObject, result: Result) -> bool:
    start = arguments["real"] + "/"
    found = [line.removeprefix("./") for line in result.out.splitlines() if not line.endswith(":0")]
    return sorted(found) == sorted(f"{row['path'].removeprefix(start)}:{row['matches']}" for row in value["files"])


def _diff(arguments: JsonObject, value: JsonObject, result: Result) -> bool:
    lines = result.out.split("\n")
    counts = sum(line.startswith("-") for line in lines), sum(line.startswith("+") for line in lines)
    return (value["removed"], value["added"], value["same"]) == (*counts, result.status == 0)


def _cmp(arguments: JsonObject, value: JsonObject, result: Result) -> bool:
    where = position(result)
    return (value["same"], value["byte"], value["line"]) == ((True, None, None) if where is None else (False, *where))


def _checksum(arguments: JsonObject, value: JsonObject, result: Result) -> bool:
    return bool(result.out.lstrip("\\").split()[0] == value["checksum"])


def _readlink(arguments: JsonObject, value: JsonObject, result: Result) -> bool:
    return result.out == f"{value['target']}\n"


def _tar_list(arguments: JsonObject, value: JsonObject, result: Result) -> bool:
    kinds = {"-": "file", "d": "directory", "l": "link", "h": "hard"}
    rows = []
    for line in result.out.splitlines():
        mode, _, size, _, _, rest = line.split(None, 5)
        name = rest.partition(" -> ")[0].partition(" link to ")[0].rstrip("/")
        rows.append((kinds[mode[0]], int(size), name))
    return rows == [(row["type"], row["size"], row["name"]) for row in value["entries"]]


_CHECKS: Mapping[str, Callable[[JsonObject, JsonObject, Result], bool]] = {
    "pwd": _path, "realpath": _path, "ls": _ls, "tree": _tree, "stat": _stat, "find": _find, "du": _du,
    "cat": _content, "head": _content, "tail": _content, "sort": _content, "uniq": _content, "cut": _content,
    "join": _content, "wc": _wc, "grep": _grep, "rgrep": _rgrep, "diff": _diff, "cmp": _cmp, "checksum": _checksum,
    "readlink": _readlink, "tar_list": _tar_list,
}  # fmt: skip
