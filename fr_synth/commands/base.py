"""What a command is, and how commands read options and write to the terminal."""

from __future__ import annotations

import argparse
import contextlib
import logging
import re
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import FrameType

    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    from fr_envs.contract.spec import DomainSpec

__all__ = [
    "Command",
    "Interrupts",
    "console",
    "contract",
    "deliver",
    "deliver_lines",
    "ending_as_interrupted",
    "interrupted_code",
    "interrupts",
    "is_file",
    "logged",
    "must_be_free",
    "overwrite_option",
    "printable",
    "printable_json",
    "renamed_option",
    "span",
    "take_worlds",
    "warn",
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
    """Return a console that writes plain text where there is no terminal, or NO_COLOR is set.

    Text from strangers has no power over the terminal: what would move the cursor is spelt out.
    """
    from rich.console import Console
    from rich.segment import Segment

    class Pipe(Console):
        """Leaves a reader who has gone to ``main``, as every other writer does."""

        @override
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

        @override
        def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
            for part in super().render(renderable, options):
                yield part if part.control else Segment(printable(part.text), part.style)

    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() else _PLAIN_WIDTH
    return Pipe(file=stream, highlight=False, emoji=False, soft_wrap=not stream.isatty(), width=width)


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
        """Take Ctrl-C, or a request to end."""
        _asked[:] = [number]
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


_ENDING = (signal.SIGINT, signal.SIGTERM)
_asked: list[int] = []  # the signal that has asked this command to end


def interrupted_code() -> int:
    """Return the exit code of a command that was asked to end: 130 after Ctrl-C, 143 after SIGTERM."""
    return 128 + (_asked[-1] if _asked else signal.SIGINT)


def _end(number: int, frame: FrameType | None) -> None:
    _asked[:] = [number]
    raise KeyboardInterrupt


@contextlib.contextmanager
def ending_as_interrupted() -> Iterator[None]:
    """Let a request to end be what Ctrl-C is; outside the main thread, where no signal arrives, do nothing."""
    _asked.clear()
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [(number, signal.getsignal(number)) for number in _ENDING]
    for number, handler in before:
        if handler is not signal.SIG_IGN:  # whoever started the command wants it to go on
            signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


@contextlib.contextmanager
def interrupts() -> Iterator[Interrupts]:
    """Watch for Ctrl-C while a long job runs; outside the main thread, where no signal arrives, watch nothing."""
    watch = Interrupts()
    if threading.current_thread() is not threading.main_thread():
        yield watch
        return
    before = [(number, signal.getsignal(number)) for number in (*_ENDING, signal.SIGALRM)]
    signal.signal(signal.SIGALRM, watch.insist)
    for number in _ENDING:
        signal.signal(number, watch.note)
    try:
        yield watch
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before:
            signal.signal(number, handler)


def write(text: str) -> None:
    """Write a line, or several, to standard output; text from strangers has no power over the terminal."""
    sys.stdout.write(f"{printable(text)}\n")


def warn(text: str) -> None:
    """Write a line to standard error, likewise."""
    sys.stderr.write(f"{printable(text)}\n")


class _Told(logging.Handler):
    """What the packages log, on standard error as every other line is: their words may be a stranger's."""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        warn(record.getMessage())


@contextlib.contextmanager
def logged() -> Iterator[None]:
    """Let what the two packages warn of reach the terminal by ``warn`` while a command runs."""
    told = _Told(logging.WARNING)
    loggers = [logging.getLogger(name) for name in ("fr_envs", "fr_synth")]
    for logger in loggers:
        logger.addHandler(told)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(told)


def overwrite_option(parser: argparse.ArgumentParser) -> None:
    """Add the option without which no file is written over."""
    parser.add_argument("--overwrite", action="store_true", help="write in place of what is in the file")


def must_be_free(*files: Path | None, overwrite: bool) -> None:
    """Refuse files that are there already, before anything is done for which they are to be written.

    Args:
        files: What is to be written; None where that is standard output.
        overwrite: They may be there.

    Raises:
        UsageError: One is there.
    """
    from fr_envs.errors import UsageError

    for file in files:
        if file is not None and not overwrite and file.is_file():
            raise UsageError(f"{file} is there already; give another name, or --overwrite")


def deliver(text: str, out: Path | None) -> None:
    """Write a text that ends with a newline to a file, for which ``must_be_free`` has looked, or to standard output."""
    if out is None:
        sys.stdout.write(printable(text) if sys.stdout.isatty() else text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(out)) from error
    warn(f"wrote {out}")


def deliver_lines(lines: Iterable[str], out: Path | None) -> None:
    """Write lines as they come, each with its end, to a file or to standard output; nothing is half written."""
    if out is None or (out.exists() and not out.is_file()):
        with contextlib.nullcontext(sys.stdout) if out is None else out.open("w", encoding="utf-8") as stream:
            stream.writelines(map(printable, lines) if stream.isatty() else lines)
        return
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("w", encoding="utf-8") as stream:
            stream.writelines(lines)
        part.replace(out)
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename == str(part):
            raise OSError(error.errno, error.strerror, str(out)) from error
        raise
    warn(f"wrote {out}")


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
            warn(f"{world.name}: left out: {fault}")
        names.append(world.name)
    return tuple(names)


def span(text: str) -> tuple[int, int]:
    """Read ``LEAST-MOST`` or a single number, for argparse."""
    least, dash, most = text.partition("-")
    try:
        return int(least), int(most if dash else least)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no LEAST-MOST, such as 2-5") from None


_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    """Spell out what would move the cursor, turn the direction of writing or send commands to a terminal."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}" if ord(found[0]) > 255 else repr(found[0])[1:-1], text)


def printable_json(text: str) -> str:
    """Escape in a JSON text what ``printable`` spells out, so that it stays the JSON of the same value."""
    return _CONTROL.sub(lambda found: _escaped(found[0]), text)


def _escaped(character: str) -> str:
    if character == "\r":  # within a text it would have to be escaped already
        return " "
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
