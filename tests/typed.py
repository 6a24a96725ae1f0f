"""Commands typed in this process: the same `main` that the script calls, without an interpreter that starts for each.

What an interpreter of one's own would begin with is given back: the worlds of world files that a command has made known
are forgotten, and modules from the folder in which it was typed as well.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.world.registry import add_world, drop_world, own_worlds
from fr_synth.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Typed", "typed"]


class Typed(NamedTuple):
    """What came of a command; standard output and standard error as one text."""

    code: int
    output: str


def typed(words: Sequence[str], environment: Mapping[str, str]) -> Typed:
    """Type a command in the current folder, with some variables in its environment."""
    output = io.StringIO()
    with _alone(environment), contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        try:
            code = main(words)
        except SystemExit as exit_of_argparse:
            code = int(exit_of_argparse.code or 0)
    return Typed(code, output.getvalue())


@contextlib.contextmanager
def _alone(environment: Mapping[str, str]) -> Iterator[None]:
    """Let a command have an environment of its own, and leave nothing behind."""
    variables, worlds, path = dict(os.environ), own_worlds(), list(sys.path)
    os.environ.update(environment)
    sys.path.insert(0, str(Path.cwd()))  # as `python -m` does
    _know(())
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(variables)
        _know(())
        for name, world in worlds.items():
            add_world(name, world)
        sys.path[:] = path
        folder = str(Path.cwd())
        for name in [name for name, module in sys.modules.items() if _stands_in(folder, module)]:
            del sys.modules[name]


def _know(names: Sequence[str]) -> None:
    for name in set(own_worlds()).difference(names):
        drop_world(name)


def _stands_in(folder: str, module: object) -> bool:
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and file.startswith(folder)
