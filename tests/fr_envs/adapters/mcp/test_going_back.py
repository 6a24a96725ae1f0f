"""Servers that go back without being started anew, those that cannot, and what they say beside the protocol.

1. A tool, a command or a folder puts a server back; it is started as often as it is connected to, not as it is forked.
2. A state that outlives its process is noticed at the first going back.
3. ``forks: refuse`` is kept to, and said before anything is tried.
4. Processes that are seen to know nothing of each other are kept side by side; others are started one after the other.
5. A traceback goes to a file that the error names; rubbish on standard output ends it.
"""

from __future__ import annotations

import contextlib
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fr_envs.adapters import standing
from fr_envs.adapters.mcp.client import GoingBack, StdioServer, mcp_world, read_mcp
from fr_envs.adapters.mcp.resets import Reset, reset_of
from fr_envs.adapters.world_file import read_world
from fr_envs.episode.session import Session
from fr_envs.errors import ForeignToolError, UsageError
from fr_synth.cli import main
from tests.processes import GUARD, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.adapters.replaying import RemoteWorld

pytest.importorskip("mcp", reason="the extra `mcp` is not installed")

SERVER = Path(__file__).parent / "shelf_server.py"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "boxes").write_text("lamp\n")
    (tmp_path / "clean.sh").write_text("echo lamp > data/boxes\n")
    yield tmp_path
    assert servers_at(tmp_path) == []  # whatever a test starts ends with it


def servers_at(home: Path) -> list[str]:
    """Return the command lines of the servers of a shelf that are running."""
    lines = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            lines.append(process.read_bytes().decode(errors="replace").replace("\0", " "))
    return [line for line in lines if str(SERVER) in line and str(home) in line]


def shelf(home: Path, *more: str) -> StdioServer:
    return StdioServer(sys.executable, (str(SERVER), str(home), *more), folder=str(home))


@pytest.mark.slow
@pytest.mark.parametrize("reset", [Reset(tool="clear"), Reset(command="sh clean.sh"), Reset(folder="data")], ids=str)
def test_a_server_is_put_back_and_not_started_anew(home: Path, reset: Reset) -> None:
    back = GoingBack(None, reset_of(reset, str(home), GUARD), reset.tool)
    with mcp_world(shelf(home), timeout=GUARD, going_back=back) as world:
        assert ("clear" in world.domain.spec.tools) == (reset.tool is None)
        session = Session(world.domain)
        session.reset()
        forks = [session.fork() for _ in range(4)]
        for number, fork in enumerate(forks):
            assert fork.call("put_box", {"name": f"b{number}"}) == {"result": 2}
        for number, fork in enumerate(forks):
            assert fork.call("list_boxes") == {"result": ["lamp", f"b{number}"]}
    assert (home / "starts").read_text() == "xx"  # one to read its tools, one to play


@pytest.mark.slow
def test_a_state_that_outlives_its_process_is_noticed(home: Path) -> None:
    with mcp_world(shelf(home), timeout=GUARD) as world:
        session = Session(world.domain)
        session.reset()
        fork = session.fork()
        session.call("put_box", {"name": "cup"})
        with pytest.raises(UsageError, match="list_boxes still shows after a fresh start"):
            fork.call("put_box", {"name": "pot"})


def _to_and_fro(world: RemoteWorld, times: int) -> None:
    """Play on two ways at once, a call on each in turn."""
    session = Session(world.domain)
    session.reset()
    ways = [session, session.fork()]
    for number in range(times):
        for letter, way in zip("ab", ways, strict=True):
            assert way.call("put_box", {"name": f"{letter}{number}"}) == {"result": number + 2}
    for letter, way in zip("ab", ways, strict=True):
        assert way.call("list_boxes") == {"result": ["lamp", *(f"{letter}{number}" for number in range(times))]}


@pytest.mark.slow
def test_processes_that_are_apart_are_kept_side_by_side(home: Path) -> None:
    with mcp_world(shelf(home, "memory"), timeout=GUARD) as world:
        _to_and_fro(world, 8)
        beforehand = standing._BEFOREHAND
    assert len((home / "starts").read_text()) <= 2 + beforehand
    until(lambda: servers_at(home) == [])


@pytest.mark.slow
def test_processes_that_disturb_each_other_are_started_one_after_the_other(home: Path) -> None:
    with mcp_world(shelf(home, "wipe"), timeout=GUARD) as world:
        _to_and_fro(world, 3)
        assert len(servers_at(home)) == 1
    assert len((home / "starts").read_text()) >= 6


@pytest.mark.slow
def test_a_server_that_is_not_to_go_back_does_not(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = shlex.join([sys.executable, str(SERVER), str(home)])
    file = home / "shelf.world.yaml"
    file.write_text(f"mcp: {command}\nforks: refuse\ncontract: shelf.yaml\n")
    domain = read_world(file).bare(contract=False)
    session = Session(domain)
    session.reset()
    fork = session.fork()
    session.call("put_box", {"name": "cup"})
    with pytest.raises(UsageError, match="cannot go back"):
        fork.call("put_box", {"name": "pot"})
    assert main(["spec", "infer", str(file)]) == 2
    assert "cannot go back to an earlier state" in capsys.readouterr().err
    assert not (home / "shelf.yaml").exists()
    assert servers_at(home) == []  # a command lets go of what it has started, and of what was loaded before


@pytest.mark.slow
def test_a_server_that_cannot_be_put_back_is_ended(home: Path) -> None:
    back = GoingBack(None, reset_of(Reset(command="false"), str(home), GUARD), None)
    with mcp_world(shelf(home), timeout=GUARD, going_back=back) as world:
        session = Session(world.domain)
        session.reset()
        with pytest.raises(ForeignToolError, match="ended with 1"):
            session.call("put_box", {"name": "cup"})
        assert servers_at(home) == []


@pytest.mark.slow
def test_a_traceback_goes_to_a_file_that_is_named(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ForeignToolError, match=r"its log: ") as caught:
        read_mcp(shelf(home, "broken"), timeout=GUARD)
    log = Path(str(caught.value).partition("its log: ")[2].partition(")")[0])
    assert "RuntimeError: no shelf" in log.read_text()
    log.unlink()
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.slow
def test_rubbish_ends(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ForeignToolError, match="writes what are no messages"):
        read_mcp("yes", timeout=GUARD)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("reset", "said"),
    [
        (Reset(), "says 0 ways"),
        (Reset(tool="a", command="b"), "says 2 ways"),
        (Reset(folder="nowhere"), "no folder"),
    ],
)
def test_a_reset_says_one_way(home: Path, reset: Reset, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        reset_of(reset, str(home), 5)


class Nobody:
    def call(self, tool: str, arguments: dict[str, Any]) -> Any:
        raise AssertionError

    def close(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize(("command", "said"), [("false", "ended with 1"), ("no-such-command-anywhere", "does not run")])
def test_a_command_that_fails_is_said(home: Path, command: str, said: str) -> None:
    with pytest.raises(ForeignToolError, match=said):
        reset_of(Reset(command=command), str(home), GUARD)(Nobody())


def test_what_goes_back_is_known_before(home: Path) -> None:
    file = home / "a.world.yaml"
    for text, goes in (
        ("mcp: a\n", True),
        ("mcp: http://a\n", False),
        ("mcp: http://a\nfresh: true\n", True),
        ("mcp: http://a\nreset: {tool: clear}\n", True),
        ("mcp: a\nforks: refuse\n", False),
        ("openapi: a.json\n", False),
        ("openapi: a.json\nreset: /r\n", True),
        ("python: a:b\n", True),
    ):
        file.write_text(text)
        assert read_world(file).goes_back == goes
    file.write_text("mcp: a\nreset: {folder: data}\n")
    assert read_world(file).shared
