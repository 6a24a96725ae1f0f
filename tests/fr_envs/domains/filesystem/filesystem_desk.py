"""A small machine for the tests: one of everything that a path can lead to, and calls that are checked as they run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema_rs
from msgspec.structs import replace

from fr_envs.contract.schemas import returns_schema
from fr_envs.domains.filesystem import DOMAIN
from fr_envs.domains.filesystem.state import ROOT, SHELL, SUPERUSER, Dir, Group, User, Volume
from fr_envs.world.tool_call import ToolCall
from tests.fr_envs.domains.filesystem.oracle_files import mirror

if TYPE_CHECKING:
    from fr_envs.domains.filesystem.state import FileSystem
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Outcome

__all__ = ["HOME", "Desk"]

SPEC = DOMAIN.spec
VALIDATORS = {name: jsonschema_rs.Draft202012Validator(returns_schema(SPEC, name)) for name in SPEC.tools}
HOME = "/home/me"
_ROOM = 21_000


class Desk:
    """A shell at ``/home/me``; ``/mnt/v`` is a small volume of its own, ``/tmp`` is for all."""

    def __init__(self) -> None:
        """Set up the machine."""
        state = mirror(Path(HOME))
        session = state.session[SHELL]
        users = {"me": (1000, "me"), "other": (1001, "other"), SUPERUSER: (0, SUPERUSER)}
        rows = {name: User(uid, (group,), "/") for name, (uid, group) in users.items()}
        rows["me"] = User(1000, ("me", "team"), HOME)
        groups = {name: Group(row.uid, (name,)) for name, row in rows.items()} | {"team": Group(2000, ("me",))}
        self.state = replace(
            state,
            users=state.users.put("other", rows["other"]).put(SUPERUSER, rows[SUPERUSER]).put("me", rows["me"]),
            groups=type(state.groups)("groups", dict(groups)),
            session=state.session.put(SHELL, replace(session, groups=("me", "team"), password="please")),
        )
        self.call("su", password="please")
        for path in ("/tmp", "/mnt", "/mnt/v", "/tmp/od"):
            self.call("mkdir", path=path)
        self.call("write_file", path="/tmp/o", content="other's\n")
        for path, mode in (("/tmp", "1777"), ("/tmp/o", "666"), ("/tmp/od", "755"), ("/mnt", "777")):
            self.call("chmod", path=path, mode=mode)
        for path, owner in (("/tmp/o", "other"), ("/tmp/od", "other"), ("/mnt/v", "me")):
            self.call("chown", path=path, owner=owner)
        self.call("exit")
        volume = self.state.nodes["/mnt/v"]
        assert isinstance(volume, Dir)
        self.state = replace(
            self.state,
            nodes=self.state.nodes.put("/mnt/v", replace(volume, volume="/mnt/v")),
            volumes=self.state.volumes.put("/mnt/v", Volume("/dev/sdb1", _ROOM, 0)).put(
                ROOT, replace(self.state.volumes[ROOT], capacity=1_000_000)
            ),
        )
        for path in ("d", "d/sub", "e", "locked"):
            self.call("mkdir", path=path)
        for path, text in (
            ("f", "b\na\n"),
            ("d/g", "one\n"),
            ("secret", "key\n"),
            ("big", "".join(f"{i:04d}\n" for i in range(4_000))[:-1] + "x"),
        ):
            self.call("write_file", path=path, content=text)
        for path, target in (("l", "f"), ("dangling", "none"), ("loop", "loop"), ("to-d", "d"), ("d/up", "..")):
            self.call("symlink", path=path, target=target)
        self.call("tar_create", source="d", path="a.tar")
        for path in ("locked", "secret"):
            self.call("chmod", path=path, mode="000")

    def run(self, tool: str, arguments: JsonObject) -> Outcome[FileSystem]:
        """Run a call and check what holds for every call: shape of the result, reads and errors change nothing."""
        outcome = DOMAIN.apply(self.state, ToolCall(tool, arguments))
        if outcome.error is not None:
            assert outcome.state is self.state
            return outcome
        VALIDATORS[tool].validate(outcome.value)
        if SPEC.tools[tool].effect == "read":
            assert outcome.state is self.state
        return outcome

    def call(self, tool: str, **arguments: Json) -> JsonObject:
        """Make a call that goes through and return its result."""
        outcome = self.run(tool, arguments)
        assert outcome.error is None, outcome.error
        self.state = outcome.state
        return outcome.value

    def refused(self, tool: str, **arguments: Json) -> str:
        """Make a call that does not go through and return the error's code."""
        outcome = self.run(tool, arguments)
        assert outcome.error is not None, outcome.value
        return outcome.error.code
