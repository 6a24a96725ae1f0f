"""The real side of the oracle: calls written as commands of a shell, run many at a time, and their results read.

One script stands for a whole batch. It reads nothing, ends by itself or is killed with all that it started, and after
each call writes a mark with the exit status into both of its outputs.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from fr_envs.json_values import JsonObject

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["COMMANDS", "NOBODY", "SNAPSHOT", "Result", "codes", "run"]

NOBODY = 65_534 if os.geteuid() == 0 else None
"""User that the batch runs as: to the superuser, permissions would mean nothing."""

SNAPSHOT = (
    "find \"$top\" -printf '%P|%y|%m|%n|%s|%l|%Ts\\n'; echo; "
    '( cd "$top" && exec find . -type f -size +0 -exec sha256sum -- {} + )'
)
"""Command that tells the whole tree, then the fingerprints of all files that can be read."""

_TIMEOUT = 60  # seconds for a batch that takes half a second on an idle machine

_ERRORS: Sequence[tuple[str, str]] = (
    ("No such file or directory", "ENOENT"),
    ("Not a directory", "ENOTDIR"),
    ("Is a directory", "EISDIR"),
    ("is a directory", "EISDIR"),
    ("uniq: error reading", "EISDIR"),
    ("-r not specified; omitting directory", "EISDIR"),
    ("cannot overwrite directory", "EISDIR"),
    ("cannot overwrite non-directory", "ENOTDIR"),
    ("Symbolic link not followed", "ENOTDIR"),
    ("Permission denied", "EACCES"),
    ("Directory not empty", "ENOTEMPTY"),
    ("File exists", "EEXIST"),
    ("cannot overwrite existing file", "EEXIST"),
    ("cannot operate on dangling symlink", "ENOENT"),
    ("not writing through dangling symlink", "EEXIST"),
    ("Too many levels of symbolic links", "ELOOP"),
    ("File name too long", "ENAMETOOLONG"),
    ("hard link not allowed for directory", "EPERM"),
    ("Operation not permitted", "EPERM"),
    ("are the same file", "EINVAL"),
    ("into itself", "EINVAL"),
    ("to a subdirectory of itself", "EINVAL"),
    ("refusing to remove", "EINVAL"),
    ("would overwrite input", "EINVAL"),
    ("is not sorted", "EINVAL"),
    ("Invalid argument", "EINVAL"),
    ("invalid", "EINVAL"),
    ("fields are numbered from 1", "EINVAL"),
    ("Device or resource busy", "EBUSY"),
)


class Result(NamedTuple):
    """What a command gave: standard output, standard error and exit status."""

    out: str
    err: str
    status: int


def codes(err: str) -> set[str]:
    """Return the names of the errors that a message of a utility tells in words."""
    return {code for text, code in _ERRORS if text in err}


def run(commands: Sequence[str], top: Path, work: Path) -> list[Result]:
    """Run commands one after the other in one shell, which starts in ``top``; its files go to ``work``."""
    lines = [f"top={quote(str(top))}", "umask 022", "export LC_ALL=C TZ=UTC0", 'cd "$top"']
    for command in commands:
        lines += [command, "s=$?; printf '\\0%d\\0' $s; printf '\\0%d\\0' $s >&2"]
    script, out, err = work / "batch.sh", work / "out", work / "err"
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(
            ["bash", "--norc", "--noprofile", str(script)],
            stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, cwd=top, start_new_session=True,
            user=NOBODY, group=NOBODY, extra_groups=None if NOBODY is None else [],
        )  # fmt: skip
        try:
            process.wait(timeout=_TIMEOUT)
        except subprocess.TimeoutExpired:
            done = out.read_bytes().count(b"\0") // 2
            raise AssertionError(f"this did not end: {commands[done]}") from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    outs, errs = (path.read_text(encoding="utf-8", errors="replace").split("\0") for path in (out, err))
    assert len(outs) == len(errs) == 2 * len(commands) + 1, (len(outs), len(errs), errs[-1])
    return [Result(outs[i], errs[i], int(outs[i + 1])) for i in range(0, 2 * len(commands), 2)]


_Command: TypeAlias = Callable[[Mapping[str, str], JsonObject], str]


def _option(arguments: Mapping[str, object], **options: str) -> str:
    return " ".join(option for name, option in options.items() if arguments.get(name))


def _grep(a: JsonObject) -> str:
    options = _option(a, ignore_case="-i", invert="-v")
    return f"{'-E' if a.get('regex') else '-F'} {options} -e {quote(str(a['pattern']))}"


def _sort(q: Mapping[str, str], a: JsonObject) -> str:
    key = f"-t {q['delimiter']} -k {a['field']},{a['field']}" if a.get("field") else ""
    return f"sort {_option(a, numeric='-n', reverse='-r', unique='-u')} {key} -- {q['path']}"


def _find(q: Mapping[str, str], a: JsonObject) -> str:
    tests = {"file": "-type f", "directory": "-type d", "link": "-type l"}.get(str(a.get("type")), "")
    tests += f" -size +{int(str(a['min_size'])) - 1}c" if a.get("min_size") else ""
    tests += f" -size -{int(str(a['max_size'])) + 1}c" if a.get("max_size") is not None else ""
    tests += f" -newermt '{a['newer_than']}Z'" if a.get("newer_than") else ""
    depth = f"-maxdepth {a['max_depth']}" if a.get("max_depth") else ""
    return f"LC_ALL=C.UTF-8 find -H {q['path']}/ -mindepth 1 {depth} -name {q['name']} {tests} -printf '%P\\n'"


def _write(q: Mapping[str, str], a: JsonObject) -> str:
    return f"set {'+' if a.get('overwrite') else '-'}C; printf %s {q['content']} > {q['path']}"


def _replace(q: Mapping[str, str], a: JsonObject) -> str:
    slash = "//" if a.get("all", True) else "/"
    return (
        f"cat -- {q['path']} >/dev/null && {{ set +C; new={q['new']}; old={q['old']}; "
        f"IFS= read -rd '' text < {q['path']}; "
        f'printf %s "${{text{slash}"$old"/"$new"}}" > {q["path"]}; }}'
    )


def _tree(q: Mapping[str, str], a: JsonObject) -> str:
    hidden = "" if a.get("all") else "-name '.*' -prune -o"
    return f"find -H {q['path']}/ -mindepth 1 -maxdepth {a['depth']} {hidden} -printf '%y %d %f %l\\n'"


def _touch(q: Mapping[str, str], a: JsonObject) -> str:
    return f"touch {'-d ' + str(a['modified']) + 'Z' if a.get('modified') else ''} -- {q['path']}"


def _recursive(tool: str, names: Sequence[str]) -> _Command:
    def command(q: Mapping[str, str], a: JsonObject) -> str:
        option = "-R" if a.get("recursive") else ""
        return f"{tool} {option} -- {' '.join(q[name] for name in names)}"

    return command


COMMANDS: Mapping[str, _Command] = {
    "pwd": lambda q, a: "pwd -P",
    "cd": lambda q, a: f"cd -P -- {q['path']}",
    "ls": lambda q, a: f"ls -1p {_option(a, all='-A')} {'-S' if a.get('sort') == 'size' else ''} -- {q['path']}/",
    "tree": _tree,
    "stat": lambda q, a: f"stat {'-L' if a.get('follow', True) else ''} -c '%F|%a|%A|%h|%s' -- {q['path']}",
    "find": _find,
    "du": lambda q, a: f"find -H {q['path']} ! -type d -printf '%i %s %y\\n' | sort -u",
    "cat": lambda q, a: f"cat {_option(a, number='-n')} -- {q['path']}",
    "head": lambda q, a: f"head -n {a['lines']} -- {q['path']}",
    "tail": lambda q, a: f"tail -n {a['lines']} -- {q['path']}",
    "wc": lambda q, a: f"LC_ALL=C.UTF-8 wc -lwmc -- {q['path']}",
    "grep": lambda q, a: f"LC_ALL=C.UTF-8 grep -n {_grep(a)} -- {q['path']}",
    "rgrep": lambda q, a: (
        f"( cd -P -- {q['path']} && LC_ALL=C.UTF-8 exec grep -rcI {_grep(a)} "
        f"{'--include=' + q['name'] if a.get('name') else ''} . )"
    ),
    "sort": _sort,
    "uniq": lambda q, a: f"uniq {_option(a, count='-c', repeated='-d')} -- {q['path']}",
    "cut": lambda q, a: f"cut -d {q['delimiter']} -f {q['fields']} -- {q['path']}",
    "diff": lambda q, a: (
        "diff -d --old-line-format='-%l%c'\\''\\012'\\''' --new-line-format='+%l%c'\\''\\012'\\''' "
        f"--unchanged-line-format='' -- {q['path']} {q['other']}"
    ),
    "cmp": lambda q, a: f"cmp -- {q['path']} {q['other']}",
    "checksum": lambda q, a: f"{a['algorithm']}sum -- {q['path']}",
    "join": lambda q, a: (
        f"join --check-order -t {q['delimiter']} -1 {a['field']} -2 {a['other_field']} -- {q['path']} {q['other']}"
    ),
    "touch": _touch,
    "mkdir": lambda q, a: f"mkdir {_option(a, parents='-p')} -- {q['path']}",
    "write_file": _write,
    "append_file": lambda q, a: f"set +C; printf %s {q['content']} >> {q['path']}",
    "replace_in_file": _replace,
    "truncate": lambda q, a: f"truncate -c -s {a['size']} -- {q['path']}",
    "split": lambda q, a: f"split -l {a['lines']} -- {q['path']} {q['prefix']}",
    "cp": _recursive("cp", ("source", "destination")),
    "mv": _recursive("mv -f", ("source", "destination")),
    "rm": _recursive("rm", ("path",)),
    "rmdir": lambda q, a: f"rmdir -- {q['path']}",
    "ln": lambda q, a: f"ln -- {q['target']} {q['path']}",
    "symlink": lambda q, a: f"ln -s -- {q['target']} {q['path']}",
    "readlink": lambda q, a: f"readlink -v -- {q['path']}",
    "realpath": lambda q, a: f"realpath -e -- {q['path']}",
    "chmod": _recursive("chmod", ("mode", "path")),
    "tar_create": lambda q, a: f"tar -cf {q['path']} --sort=name -C {q['folder']} -- {q['name']}",
    "tar_list": lambda q, a: f"LC_ALL=C.UTF-8 tar -tvf {q['path']}",
    "tar_extract": lambda q, a: f"tar -xf {q['path']} -C {q['destination']}",
}
"""How each tool is written as a command: from quoted arguments and plain ones."""

_POSITION = re.compile(r"(?:byte|char) (\d+), (in )?line (\d+)")


def position(result: Result) -> tuple[int, int] | None:
    """Return byte and line in which two files differ, as cmp tells them; None where they are the same."""
    if not result.status:
        return None
    if "which is empty" in result.err:
        return 1, 1
    found = _POSITION.search(result.out + result.err)
    assert found is not None, result
    byte, line = int(found[1]), int(found[3])
    if "EOF" not in result.err:
        return byte, line
    return byte + 1, line + (not found[2])
