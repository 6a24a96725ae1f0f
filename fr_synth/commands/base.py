"""What a command is, and how commands read options and write to the terminal."""

from __future__ import annotations

import argparse
import contextlib
import re
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from rich.console import Console

    from fr_envs.contract.spec import DomainSpec

__all__ = [
    "Command",
    "Interrupts",
    "console",
    "contract",
    "deliver",
    "interrupts",
    "is_file",
    "printable",
    "renamed_option",
    "span",
    "take_worlds",
    "world_options",
    "write",
]


class Command(NamedTuple):
    """One command.

    Attributes:
        name: What is typed.
        summary: One line for ``--help``.
        examples: Lines that can be typed as they are.
        options: Adds the options to a parser.
        run: Does the work; returns the exit code. Heavy imports belong in here.
    """

    name: str
    summary: str
    examples: tuple[str, ...]
    options: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def console(*, error: bool = False) -> Console:
    """Return a console that writes plain text where there is no terminal, or NO_COLOR is set."""
    from rich.console import Console

    class Pipe(Console):
        """Leaves a reader who has gone to ``main``, as every other writer does."""

        @override
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() else _PLAIN_WIDTH
    return Pipe(file=stream, highlight=False, soft_wrap=not stream.isatty(), width=width)


_PLAIN_WIDTH = 120  # columns where the output is no terminal


class Interrupts:
    """Ctrl-C as a request to stop: a long job ends at its next ``check``, or a second later wherever it is.

    Raising on the spot would be neither safe nor sure: Python drops an exception raised in a finaliser, or in a
    callback from C that cannot pass it on. So the request is remembered, and after a second raised again and again.
    """

    def __init__(self) -> None:
        """Start without a request to stop."""
        self.seen = False

    def note(self, number: int, frame: FrameType | None) -> None:
        """Take Ctrl-C."""
        self.seen = True
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE, _PATIENCE)

    def insist(self, number: int, frame: FrameType | None) -> None:
        """Raise for a job that has not come to a check.

        Raises:
            KeyboardInterrupt: Always.
        """
        raise KeyboardInterrupt

    def check(self) -> None:
        """Do nothing unless Ctrl-C was pressed.

        Raises:
            KeyboardInterrupt: It was, at any time before; the job winds up from here on, so nobody insists any more.
        """
        if self.seen:
            signal.setitimer(signal.ITIMER_REAL, 0)
            raise KeyboardInterrupt


_PATIENCE = 1.0  # seconds from Ctrl-C to the moment when a job is broken off between two checks


@contextlib.contextmanager
def interrupts() -> Iterator[Interrupts]:
    """Watch for Ctrl-C while a long job runs; outside the main thread, where no signal arrives, watch nothing."""
    watch = Interrupts()
    if threading.current_thread() is not threading.main_thread():
        yield watch
        return
    before = [(number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGALRM)]
    signal.signal(signal.SIGALRM, watch.insist)
    signal.signal(signal.SIGINT, watch.note)
    try:
        yield watch
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before:
            signal.signal(number, handler)


def write(text: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(f"{text}\n")


def deliver(text: str, out: Path | None) -> None:
    """Write a text that ends with a newline to a file, in place of what was there, or to standard output."""
    if out is None:
        sys.stdout.write(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(out)) from error
    sys.stderr.write(f"wrote {out}\n")


def contract(name: str) -> DomainSpec:
    """Return the contract of a shipped world, of a composition, or of a YAML file, whichever the name looks like.

    No world is built where that can be spared.

    Raises:
        SpecError: The file is no contract.
        UsageError: There is no such world.
    """
    from fr_envs import domain_names, load_domain, load_spec, read_spec

    if is_file(name):
        return read_spec(name)
    return load_spec(name) if name in domain_names() else load_domain(name).spec


def is_file(name: str) -> bool:
    """Return True if a name means a contract's file and no shipped world."""
    from fr_envs import domain_names

    return name not in domain_names() and (Path(name).suffix in {".yaml", ".yml"} or Path(name).is_file())


def world_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that make worlds of your own known to a command."""
    parser.add_argument(
        "--world", action="append", type=Path, metavar="FILE", help="world file of a world of your own; may be repeated"
    )
    parser.add_argument(
        "--on-bad-tool", choices=("stop", "skip"),
        help="what a faulty tool of your own does: stop with its error, or be left out (default: as the file says)",
    )  # fmt: skip


class _Renamed(argparse.Action):
    """An option that is called otherwise now: giving it stops with the new name."""

    @override
    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[object] | None,
        option_string: str | None = None,
    ) -> None:
        parser.error(f"{self.option_strings[0]} is called {self.metavar} now")


def renamed_option(parser: argparse.ArgumentParser, old: str, new: str) -> None:
    """Refuse an option of an earlier release, with the name that it has now; ``--help`` does not show it."""
    parser.add_argument(
        old, action=_Renamed, nargs="?", metavar=new, dest=argparse.SUPPRESS, default=argparse.SUPPRESS,
        help=argparse.SUPPRESS,
    )  # fmt: skip


def take_worlds(options: argparse.Namespace) -> tuple[str, ...]:
    """Make the worlds of ``--world`` known by their names, name the tools that are left out, and return the names.

    Raises:
        FunReasonError: A file is no world file, or its world cannot be loaded.
    """
    if not options.world:
        return ()
    from fr_envs import load_domain
    from fr_envs.adapters.world_file import read_world

    names = []
    for path in options.world:
        world = read_world(path, on_bad_tool=options.on_bad_tool)
        world.register()
        for fault in load_domain(world.name).left_out:
            sys.stderr.write(f"{world.name}: left out: {fault}\n")
        names.append(world.name)
    return tuple(names)


def span(text: str) -> tuple[int, int]:
    """Read ``LEAST-MOST`` or a single number, for argparse."""
    least, dash, most = text.partition("-")
    try:
        return int(least), int(most if dash else least)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no LEAST-MOST, such as 2-5") from None


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Spell out what would move the cursor, turn the direction of writing or send commands to a terminal."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}" if ord(found[0]) > 255 else repr(found[0])[1:-1], text)
