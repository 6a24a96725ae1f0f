"""The file system against the real one: random calls in the world, and the same through coreutils in a real folder.

1. What goes through here goes through there, with the same output; what is refused is refused for the same reason.
2. Afterwards both trees agree in names, kinds, modes, links, sizes, times and contents.
3. At least 2,000 calls are compared, 20,000 where new ones are looked for, in parts that can run side by side; the
   calls of a run go to one shell.

Where the two differ on purpose (docs/world-filesystem.md), a call is left out before it runs.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from fr_envs.domains.filesystem import DOMAIN
from fr_envs.world.tool_call import ToolCall
from tests.fr_envs.domains.filesystem.oracle_calls import PATHS, Spot, drawn, halfway, left_out
from tests.fr_envs.domains.filesystem.oracle_files import entries, mirror, packed, told, where
from tests.fr_envs.domains.filesystem.oracle_results import agrees
from tests.fr_envs.domains.filesystem.oracle_shell import COMMANDS, NOBODY, SNAPSHOT, Result, codes, run
from tests.rounds import rounds

if TYPE_CHECKING:
    from fr_envs.domains.filesystem.state import FileSystem
    from fr_envs.json_values import JsonObject
    from fr_envs.world.domain import Outcome

_PARTS, _RUNS, _CALLS = 2, rounds(7, 64), 200  # a run makes about 165 of its calls; the others differ on purpose
_CROWD = 50  # entries; with more, what is not hidden is cleared away


class Sent(NamedTuple):
    """A call that was made in the world, and the command that does the same in the real file system."""

    call: str
    command: str
    outcome: Outcome[FileSystem] | None
    tool: str
    arguments: JsonObject
    before: FileSystem


class Run:
    """Makes calls in the world, and at the end the same ones, all at once, in a real folder."""

    def __init__(self) -> None:
        """Set up an empty folder in both worlds; the folders above it cannot be written to."""
        self.counted = 0
        self.base = Path(tempfile.mkdtemp(prefix="oracle-")).resolve()
        self.top = self.base / "up" / "above" / "top"
        self.top.mkdir(parents=True)
        if NOBODY is not None:
            os.chown(self.top, NOBODY, NOBODY)
        for folder in (self.top.parent, self.top.parent.parent, self.base):
            folder.chmod(0o555)
        self.work = Path(tempfile.mkdtemp(prefix="oracle-"))
        self.work.chmod(0o755)
        self.start = int(self.top.stat().st_mtime)
        self.state = mirror(self.top)
        self.sent: list[Sent] = []

    def call(self, rng: np.random.Generator) -> None:
        """Make a call, unless it is one of those that differ on purpose."""
        tool, parts = drawn(rng)
        paths = [path for path, _ in entries(self.state, self.top)]
        here = where(self.state)
        assert here is not None
        arguments: JsonObject = {
            name: value.of(paths, str(self.top), here) if isinstance(value, Spot) else value
            for name, value in parts.items()
            if value is not None
        }
        outcome = DOMAIN.apply(self.state, ToolCall(tool, arguments))
        if left_out(self.state, self.top, tool, arguments, outcome):
            return
        self.make(tool, arguments, outcome)
        if where(self.state) is None:
            self.make("cd", {"path": str(self.top)})
        if len(paths) > _CROWD:
            self.make("cd", {"path": str(self.top)})
            for path in paths[1:]:
                if "/" not in path and not path.startswith("."):
                    self.make("rm", {"path": path, "recursive": True})
        if len(self.sent) % 60 == 0:
            self.sent.append(Sent("snapshot", SNAPSHOT, None, "", {}, self.state))

    def make(self, tool: str, arguments: JsonObject, outcome: Outcome[FileSystem] | None = None) -> None:
        """Make a call in the world and note the command; undo what a command may have done in half."""
        before = self.state
        outcome = DOMAIN.apply(before, ToolCall(tool, arguments)) if outcome is None else outcome
        self.state = outcome.state
        quoted = {name: quote(str(value)) for name, value in arguments.items()}
        if tool == "tar_create":
            folder, _, name = PATHS.real(before, str(arguments["source"])).rpartition("/")
            quoted |= {"folder": quote(folder), "name": quote(name)}
        command = COMMANDS[tool](quoted, arguments)
        self.sent.append(Sent(f"{tool} {arguments}", command, outcome, tool, arguments, before))
        if outcome.error is not None and halfway(before, tool, arguments):
            self.restore()

    def restore(self) -> None:
        """Let the real folder be set up again as the world has it."""
        archive = self.work / f"{len(self.sent)}.tar"
        archive.write_bytes(packed(self.state, self.top, self.start + 5))
        archive.chmod(0o644)
        command = (
            f'cd "$top"; chmod -R u+rwx . ; find . -mindepth 1 -delete; '
            f"tar --warning=no-timestamp -xpf {quote(str(archive))}"
        )
        self.sent.append(Sent("restore", command, None, "", {}, self.state))
        self.make("cd", {"path": str(self.top)})

    def finish(self) -> None:
        """Run the commands and compare."""
        try:
            self.sent.append(Sent("snapshot", SNAPSHOT, None, "", {}, self.state))
            results = run([each.command for each in self.sent], self.top, self.work)
            for i, (sent, result) in enumerate(zip(self.sent, results, strict=True)):
                wrong = self.compare(sent, result)
                if wrong is not None:
                    history = [f"{each.call}\n      {each.command}" for each in self.sent[max(0, i - 30) : i + 1]]
                    pytest.fail("\n".join([*history, wrong]))
        finally:
            for folder in (self.base, self.base / "up", self.top.parent):
                folder.chmod(0o755)
            for root, names, _ in os.walk(self.top):
                for name in names:
                    path = Path(root, name)
                    if not path.is_symlink():
                        path.chmod(0o755)
            shutil.rmtree(self.base)
            shutil.rmtree(self.work)

    def compare(self, sent: Sent, result: Result) -> str | None:
        """Return how a result differs from the world's, None where it does not."""
        if sent.call == "restore":
            return None if result.status == 0 else f"cannot restore: {result}"
        if sent.outcome is None:
            return self._trees(sent.before, result)
        self.counted += 1
        error = sent.outcome.error
        if error is not None:
            real = codes(result.err)
            if real and "directory into itself" in error.message:  # what else is wrong depends on how far cp comes
                return None
            return None if real & {error.code, *self._other(sent)} else f"world refuses: {error}\nreal: {result}"
        if codes(result.err) and sent.tool not in {"find", "tree", "du", "rgrep"}:
            return f"world gives: {sent.outcome.value}\nreal refuses: {result}"
        value = sent.outcome.value
        path = PATHS.real(sent.before, str(sent.arguments.get("path", ".")))
        if not agrees(sent.tool, {**sent.arguments, "real": path}, value, result):
            return f"world gives: {value}\nreal gives: {result}"
        return None

    @staticmethod
    def _other(sent: Sent) -> set[str]:
        """Return what is wrong with the second file of two: which of both is told first is the utility's affair."""
        if sent.tool not in {"diff", "cmp", "join"}:
            return set()
        turned = {**sent.arguments, "path": sent.arguments["other"], "other": sent.arguments["path"]}
        error = DOMAIN.apply(sent.before, ToolCall(sent.tool, turned)).error
        return set() if error is None else {error.code}

    def _trees(self, state: FileSystem, result: Result) -> str | None:
        """Compare the trees; sizes and links of directories, and sizes of archives, are the file system's own."""
        listing = told(state, self.top)
        text, _, sums = result.out.partition("\n\n")
        lines = []
        for line in text.rstrip("\n").split("\n"):
            path, kind, mode, links, size, target, when = line.split("|")
            when = "now" if int(when) >= self.start else when
            links, size = ("", "") if kind == "d" else (links, size)
            lines.append(f"{path}|{kind}|{mode}|{links}|{size}|{target}|{when}")
        if sorted(lines) != listing.entries:
            here, there = set(listing.entries), set(lines)
            return f"only in the world: {sorted(here - there)}\nonly in reality: {sorted(there - here)}"
        shown = sorted(line for line in sums.rstrip("\n").split("\n") if line)
        wrong = set(listing.sums) - set(shown)
        return f"other contents: {wrong}" if wrong else None


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the utilities of GNU are the yardstick")
@pytest.mark.parametrize("part", range(_PARTS))
def test_random_calls_give_what_coreutils_give(part: int) -> None:
    counted = 0
    for number in range(_RUNS):
        rng, run = np.random.default_rng([part, number]), Run()
        try:
            for _ in range(_CALLS):
                run.call(rng)
        finally:
            run.finish()
        counted += run.counted
    assert counted * _PARTS >= rounds(2_000, 20_000)
