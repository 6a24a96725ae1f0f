"""Every declared error of every tool of the file system is reached, and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fr_envs.domains.filesystem.filesystem_desk import SPEC, Desk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.json_values import Json, JsonObject

_LONG = "n" * 256
_NONE = "0" * 64

GOOD: Mapping[str, JsonObject] = {
    "cd": {"path": "d"},
    "ls": {"path": "d"},
    "tree": {"path": "d"},
    "stat": {"path": "f"},
    "find": {"path": "d", "name": "*"},
    "du": {"path": "d"},
    "cat": {"path": "f"},
    "head": {"path": "f", "lines": 1},
    "tail": {"path": "f", "lines": 1},
    "wc": {"path": "f"},
    "grep": {"path": "f", "pattern": "a"},
    "rgrep": {"path": "d", "pattern": "a"},
    "sort": {"path": "f"},
    "uniq": {"path": "f"},
    "cut": {"path": "f", "fields": "1"},
    "diff": {"path": "f", "other": "d/g"},
    "cmp": {"path": "f", "other": "d/g"},
    "checksum": {"path": "f"},
    "verify_checksum": {"path": "f", "checksum": _NONE},
    "join": {"path": "d/g", "other": "d/g"},
    "touch": {"path": "f"},
    "mkdir": {"path": "new"},
    "write_file": {"path": "new", "content": "x"},
    "append_file": {"path": "f", "content": "x"},
    "replace_in_file": {"path": "f", "old": "a", "new": "b"},
    "truncate": {"path": "f", "size": 1},
    "split": {"path": "f", "lines": 1, "prefix": "x"},
    "cp": {"source": "f", "destination": "new"},
    "mv": {"source": "f", "destination": "new"},
    "rm": {"path": "f"},
    "rmdir": {"path": "e"},
    "ln": {"target": "f", "path": "new"},
    "symlink": {"path": "new", "target": "f"},
    "readlink": {"path": "l"},
    "realpath": {"path": "l"},
    "chmod": {"path": "f", "mode": "600"},
    "chown": {"path": "f", "owner": "other"},
    "chgrp": {"path": "f", "group": "team"},
    "tar_create": {"source": "d", "path": "new.tar"},
    "tar_list": {"path": "a.tar"},
    "tar_extract": {"path": "a.tar", "destination": "e"},
}
"""A call of each tool that walks along a path; the path comes first."""

WALK: Mapping[str, str] = {
    "ENOENT": "none/x",
    "ENOTDIR": "f/x",
    "EACCES": "locked/x",
    "ELOOP": "loop/x",
    "ENAMETOOLONG": _LONG,
}

OTHERS: Mapping[tuple[str, str], JsonObject] = {
    ("find", "EINVAL"): {"path": "d", "name": "[[:none:]]"},
    ("cat", "EFBIG"): {"path": "big", "number": True},
    ("grep", "EINVAL"): {"path": "f", "pattern": "(", "regex": True},
    ("rgrep", "EINVAL"): {"path": "d", "pattern": "a\nb"},
    ("sort", "EFBIG"): {"path": "big"},
    ("uniq", "EFBIG"): {"path": "big", "count": True},
    ("cut", "EFBIG"): {"path": "big", "fields": "1-2"},
    ("join", "EFBIG"): {"path": "big", "other": "big"},
    ("join", "EINVAL"): {"path": "f", "other": "d/g"},
    ("touch", "EPERM"): {"path": "/tmp/o", "modified": "2020-01-01T00:00:00"},
    ("touch", "EINVAL"): {"path": "f", "modified": "2020-02-30T00:00:00"},
    ("mkdir", "EEXIST"): {"path": "d"},
    ("write_file", "EEXIST"): {"path": "f", "content": ""},
    ("write_file", "EISDIR"): {"path": "d", "content": ""},
    ("write_file", "ENOSPC"): {"path": "/mnt/v/new", "content": "\u20ac" * 9_000},
    ("append_file", "EISDIR"): {"path": "d", "content": "x"},
    ("append_file", "EINVAL"): {"path": "a.tar", "content": "x"},
    ("append_file", "EFBIG"): {"path": "big", "content": "xy"},
    ("append_file", "ENOSPC"): {"path": "/mnt/v/new", "content": "\u20ac" * 9_000},
    ("replace_in_file", "EINVAL"): {"path": "f", "old": "zz", "new": ""},
    ("replace_in_file", "EFBIG"): {"path": "big", "old": "0", "new": "00"},
    ("replace_in_file", "ENOSPC"): {"path": "/mnt/v/half", "old": "y", "new": "\u20ac"},
    ("truncate", "EINVAL"): {"path": "f", "size": 99},
    ("split", "EINVAL"): {"path": "big", "lines": 1, "prefix": "x"},
    ("split", "ENOSPC"): {"path": "/mnt/v/half", "lines": 1, "prefix": "/mnt/v/piece"},
    ("cp", "EISDIR"): {"source": "d", "destination": "new"},
    ("cp", "EEXIST"): {"source": "f", "destination": "dangling"},
    ("cp", "EPERM"): {"source": "l", "destination": "/tmp/o", "recursive": True},
    ("cp", "EINVAL"): {"source": "f", "destination": "f"},
    ("cp", "ENOSPC"): {"source": "/mnt/v/half", "destination": "/mnt/v/more"},
    ("mv", "EISDIR"): {"source": "d/g", "destination": "blocked/d"},
    ("mv", "ENOTEMPTY"): {"source": "d/sub", "destination": "."},
    ("mv", "EINVAL"): {"source": "d", "destination": "d/sub"},
    ("mv", "EPERM"): {"source": "/tmp/o", "destination": "new"},
    ("mv", "EBUSY"): {"source": "/mnt/v", "destination": "/mnt/w"},
    ("mv", "ENOSPC"): {"source": "big", "destination": "/mnt/v"},
    ("rm", "EISDIR"): {"path": "d"},
    ("rm", "EINVAL"): {"path": "d/..", "recursive": True},
    ("rm", "EPERM"): {"path": "/tmp/o"},
    ("rm", "EBUSY"): {"path": "/mnt/v", "recursive": True},
    ("rmdir", "ENOTEMPTY"): {"path": "d"},
    ("rmdir", "EINVAL"): {"path": "e/."},
    ("rmdir", "EPERM"): {"path": "/tmp/od"},
    ("rmdir", "EBUSY"): {"path": "/mnt/v"},
    ("ln", "EEXIST"): {"target": "f", "path": "l"},
    ("ln", "EPERM"): {"target": "d", "path": "new"},
    ("ln", "EXDEV"): {"target": "f", "path": "/mnt/v"},
    ("symlink", "EEXIST"): {"target": "f", "path": "f"},
    ("readlink", "EINVAL"): {"path": "f"},
    ("chmod", "EPERM"): {"path": "/tmp/o", "mode": "600"},
    ("chown", "not_privileged"): {"path": "f", "owner": "other"},
    ("chown", "EINVAL"): {"path": "f", "owner": "nobody"},
    ("chgrp", "EINVAL"): {"path": "f", "group": "none"},
    ("chgrp", "EPERM"): {"path": "f", "group": "other"},
    ("id", "EINVAL"): {"user": "nobody"},
    ("getent_group", "EINVAL"): {"group": "none"},
    ("su", "EACCES"): {"password": "no"},
    ("exit", "not_privileged"): {},
    ("tar_create", "EISDIR"): {"source": "d", "path": "e"},
    ("tar_create", "EINVAL"): {"source": ".", "path": "new.tar"},
    ("tar_create", "ENOSPC"): {"source": "d", "path": "/mnt/v/new.tar"},
    ("tar_list", "EINVAL"): {"path": "f"},
    ("tar_extract", "EISDIR"): {"path": "a.tar", "destination": "blocked"},
    ("tar_extract", "EEXIST"): {"path": "a.tar", "destination": "taken"},
    ("tar_extract", "EINVAL"): {"path": "f", "destination": "e"},
    ("tar_extract", "EPERM"): {"path": "one.tar", "destination": "/tmp"},
    ("tar_extract", "ENOSPC"): {"path": "big.tar", "destination": "/mnt/v"},
    ("pwd", "ENOENT"): {},
}

_READING = frozenset({"cat", "head", "tail", "wc", "grep", "sort", "uniq", "cut", "diff", "cmp", "checksum"}) | {
    "verify_checksum", "join", "replace_in_file", "truncate", "split", "tar_list",
}  # fmt: skip


@pytest.fixture(scope="module")
def desk() -> Desk:
    desk = Desk()
    desk.call("write_file", path="/mnt/v/half", content="x\n" * 6 + "y" * 11_000)
    desk.call("mkdir", path="sub")
    desk.call("touch", path="sub/x")
    desk.call("mkdir", path="blocked/d/g", parents=True)
    desk.call("mkdir", path="taken")
    desk.call("write_file", path="taken/d", content="")
    desk.call("write_file", path="o", content="")
    desk.call("tar_create", source="o", path="one.tar")
    desk.call("tar_create", source="big", path="big.tar")
    desk.call("append_file", path="/mnt/v/half", content="z" * 8_900)
    return desk


def _call(tool: str, code: str) -> JsonObject | None:
    if (tool, code) in OTHERS:
        return OTHERS[tool, code]
    if tool not in GOOD:
        return None
    first = next(iter(GOOD[tool]))
    path: Json = WALK.get(code)
    if code == "EISDIR" and tool in _READING:
        path = "d"
    if code == "EINVAL" and tool in _READING:
        path = "a.tar"
    return None if path is None else {**GOOD[tool], first: path}


CASES = [(name, code) for name, tool in SPEC.tools.items() for code in tool.errors]


@pytest.mark.parametrize(("tool", "code"), CASES, ids=[f"{tool}-{code}" for tool, code in CASES])
def test_a_declared_error_is_reached(desk: Desk, tool: str, code: str) -> None:
    arguments = _call(tool, code)
    assert arguments is not None
    state = desk.state
    if tool == "chown" and code != "not_privileged":
        desk.call("su", password="please")
    if tool == "pwd":
        desk.call("cd", path="e")
        desk.call("rmdir", path="../e")
    found = desk.refused(tool, **arguments)
    desk.state = state
    assert found == code


@pytest.mark.parametrize("tool", sorted(GOOD))
def test_each_call_goes_through_with_good_arguments(tool: str) -> None:
    desk = Desk()
    if tool == "chown":
        desk.call("su", password="please")
    desk.call(tool, **GOOD[tool])
