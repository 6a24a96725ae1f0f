"""First file systems hold things with a story, and the story's parts fit each other.

1. A changed configuration differs from its copy in one line, and errors begin when it was changed.
2. Tables that share a key join; a checksum beside a download is that of the download two times of three.
3. What is lost from a thesis is in its archive; what a link leads to is in the archive folder.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from fr_envs import load_domain
from fr_envs.domains.filesystem.state import SHELL, File
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.domains.filesystem.state import FileSystem
    from fr_envs.json_values import JsonObject

DOMAIN = load_domain("filesystem")
SEEDS = range(40)


def states() -> Iterator[FileSystem]:
    for seed in SEEDS:
        state: FileSystem = DOMAIN.initial(seed)
        yield state


def paths(state: FileSystem, name: str) -> list[str]:
    return [str(path) for path in DOMAIN.entities(state, "file_path") or {} if str(path).rpartition("/")[2] == name]


def read(state: FileSystem, tool: str, **arguments: str) -> JsonObject:
    outcome = DOMAIN.apply(state, ToolCall(tool, dict(arguments)))
    assert outcome.error is None, (tool, arguments, outcome.error)
    return outcome.value


def text_of(state: FileSystem, path: str) -> str:
    node = state.nodes[path]
    assert isinstance(node, File)
    return node.text


def test_one_line_of_a_changed_configuration_differs_and_errors_follow_the_change() -> None:
    told = 0
    for state in states():
        copies = [path for path in map(str, state.nodes) if path.startswith("/srv/backup/") and path.endswith(".conf")]
        for copy in copies:
            name = copy.rpartition("/")[2]
            live = next(path for path in paths(state, name) if path.startswith("/etc/") and path.count("/") == 3)
            change = read(state, "diff", path=copy, other=live)
            assert (change["added"], change["removed"]) == ((0, 0) if name == "logging.conf" else (1, 1)), live
            if name != "logging.conf":
                told += 1
                log = next(
                    p
                    for p in map(str, state.nodes)
                    if p.startswith("/var/log/") and "configuration reloaded" in getattr(state.nodes[p], "text", "")
                )
                lines = text_of(state, log).splitlines()
                at = next(k for k, line in enumerate(lines) if "reloaded" in line)
                assert not any("ERROR" in line for line in lines[:at])
                assert all("ERROR" in line for line in lines[at + 1 :])
                assert lines[at + 1 :]
    assert told > len(SEEDS) / 2


@pytest.mark.parametrize(("first", "second"), [("customers.csv", "orders.csv"), ("members.csv", "payments.csv")])
def test_tables_that_share_a_key_join(first: str, second: str) -> None:
    told = 0
    for state in states():
        for one, other in zip(paths(state, first), paths(state, second), strict=True):
            told += 1
            rows = read(state, "join", path=one, other=other)["lines"]
            assert rows == len(text_of(state, other).splitlines())
    assert told > len(SEEDS) / 2


def test_a_checksum_beside_a_download_mostly_fits() -> None:
    fits: list[bool] = []
    for state in states():
        for note in (path for path in map(str, state.nodes) if path.endswith(".sha256")):
            total, name = text_of(state, note).split()
            program = text_of(state, f"{note.rpartition('/')[0]}/{name}")
            fits.append(hashlib.sha256(program.encode()).hexdigest() == total)
    assert True in fits
    assert False in fits
    assert 0.4 < sum(fits) / len(fits) < 0.9


def test_what_is_lost_is_kept_somewhere() -> None:
    lost = moved = 0
    for state in states():
        home = state.users[state.session[SHELL].login].home
        for archive in paths(state, "thesis.tar"):
            packed = set(read(state, "tar_list", path=archive)["names"])
            here = {f"thesis/{name}" for name in read(state, "ls", path=f"{home}/thesis")["names"]}
            assert len(packed - here - {"thesis"}) == 1
            assert here < packed
            lost += 1
        for path, link in (DOMAIN.entities(state, "link_path") or {}).items():
            if str(link["target"]).startswith("manuals/"):
                assert paths(state, str(path).rpartition("/")[2]) == [f"{home}/documents/archive/{link['name']}"]
                assert DOMAIN.apply(state, ToolCall("cat", {"path": str(path)})).error is not None
                moved += 1
    assert lost > len(SEEDS) / 2
    assert moved > len(SEEDS) / 2
