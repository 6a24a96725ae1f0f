"""What was tried of Python toolkits, MCP servers and strangers' text: sections of ``docs/outside.md``."""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import jsonschema_rs
import msgspec
import yaml

from fr_envs.adapters.mcp.client import GoingBack, StdioServer, mcp_world, read_mcp
from fr_envs.adapters.mcp.resets import Reset, reset_of
from fr_envs.adapters.python.objects import domain_from_object
from fr_envs.contract.loading import read_spec
from fr_envs.episode.session import Session
from fr_envs.errors import FunReasonError
from fr_envs.yaml_text import read_yaml
from fr_synth.commands.base import printable
from tests.fr_envs.adapters.python.kinds_of_values import Airline
from tests.fr_envs.adapters.python.test_kinds_of_values import CALLS
from tests.processes import GUARD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Row", "servers", "strangers", "toolkits"]

SERVERS = Path(__file__).parent / "mcp"
BOMB = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{other}'] * 9)}]\n" for other, name in itertools.pairwise("abcdefghi")
)


class Row(NamedTuple):
    """Something tried, and what came."""

    tried: str
    came: str


def said_by(act: Callable[[], Any], *hidden: str) -> str:
    """Return what an act refuses with, up to the mend, without what differs from run to run; "taken" if it does not."""
    try:
        act()
    except FunReasonError as error:
        text = str(error).partition(" (its log")[0].partition("; ")[0]
        for each in hidden:
            text = text.replace(each, "…")
        return f"refused: {printable(text)[:140]}"
    return "taken"


def toolkits() -> Iterator[Row]:
    """Iterate over what methods take and give."""
    domain = domain_from_object(Airline, name="airline")
    session = Session(domain, max_steps=None)
    session.reset()
    for tool, arguments, _ in CALLS:
        yield Row(f"`{tool}({json.dumps(arguments)[1:-1]})`", f"`{json.dumps(session.call(tool, arguments))}`")


def servers() -> Iterator[Row]:
    """Iterate over ways in which servers fail, and in which they are put back."""
    liar = StdioServer(sys.executable, (str(SERVERS / "lying_server.py"), "pattern"))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "data").mkdir()
        (home / "data" / "boxes").write_text("lamp\n")
        (home / "clean").write_text("lamp\n")
        shelf = StdioServer(sys.executable, (str(SERVERS / "shelf_server.py"), folder), folder=folder)
        broken = StdioServer(sys.executable, (*shelf.arguments, "broken"), folder=folder)
        label = f"{sys.executable} {' '.join(broken.arguments)}"
        yield Row("rubbish without end (`yes`)", said_by(lambda: read_mcp("yes", timeout=GUARD)))
        yield Row("it raises when it starts", said_by(lambda: read_mcp(broken, timeout=GUARD), label))
        yield Row("its state outlives its process", said_by(lambda: _forked(shelf, GoingBack())))
        (home / "data" / "boxes").write_text("lamp\n")
        back = GoingBack(None, reset_of(Reset(command="cp clean data/boxes"), folder, GUARD), None)
        yield Row("the same, with `reset:` by command", said_by(lambda: _forked(shelf, back)))
        for word, tried in (("memory", "its state is in memory"), ("wipe", "it wipes its file when it starts")):
            yield Row(f"two ways at once, {tried}", _two_ways(shelf, home, word))
    yield Row("a result that its schema refuses", said_by(lambda: _called(liar, "weather")))
    yield Row("an expression in a schema on which others hang", said_by(lambda: _called(liar, "stamp")))


def _forked(server: StdioServer, back: GoingBack) -> None:
    with mcp_world(server, timeout=GUARD, going_back=back) as world:
        session = Session(world.domain)
        session.reset()
        fork = session.fork()
        session.call("put_box", {"name": "cup"})
        fork.call("put_box", {"name": "pot"})


def _two_ways(server: StdioServer, home: Path, word: str) -> str:
    """Play on two ways in turn, and say whether each turn took a start."""
    (home / "starts").unlink()
    turns = 8
    with mcp_world(msgspec.structs.replace(server, arguments=(*server.arguments, word)), timeout=GUARD) as world:
        session = Session(world.domain)
        session.reset()
        ways = [session, session.fork()]
        for number in range(turns):
            ways[number % 2].call("put_box", {"name": f"b{number}"})
        rows = [len(way.call("list_boxes")["result"]) for way in ways]
    anew = len((home / "starts").read_text()) > turns
    return f"{rows[0]} and {rows[1]} boxes; {'a start for each turn' if anew else 'two processes side by side'}"


def _called(server: StdioServer, tool: str) -> None:
    with mcp_world(server, timeout=GUARD) as world:
        session = Session(world.domain)
        session.reset()
        session.call(tool)


def strangers() -> Iterator[Row]:
    """Iterate over texts that are meant to do harm."""
    yield Row("escapes of a terminal", f"`{printable(chr(27) + '[2J' + chr(7))}`")
    yield Row("marks of direction", f"`{printable(chr(0x202E) + 'gpj.exe')}`")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bomb.yaml"
        file.write_text(BOMB)
        yield Row("YAML whose aliases grow", said_by(lambda: read_spec(file), folder))
    yield Row("YAML that makes objects", _as_yaml("!!python/object/apply:os.system [ls]"))
    validator = jsonschema_rs.Draft202012Validator({"type": "string", "pattern": "^(a+)+$"})
    yield Row("an expression that goes back for ever", f"answered: {validator.is_valid('a' * 5_000 + '!')}")


def _as_yaml(text: str) -> str:
    try:
        read_yaml(text)
    except yaml.YAMLError as error:
        return f"refused: {str(error).splitlines()[0]}"
    return "taken"
