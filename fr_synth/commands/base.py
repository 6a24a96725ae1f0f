"""What a command is, and how commands read options and write to the terminal."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, NamedTuple

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rich.console import Console

    from fr_envs.spec import DomainSpec

__all__ = ["Command", "console", "contract", "deliver", "span", "write"]


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
    """Return the contract of a shipped world or of a composition, without building a world where that can be spared.

    Raises:
        UsageError: There is no such world.
    """
    from fr_envs import domain_names, load_domain, load_spec

    return load_spec(name) if name in domain_names() else load_domain(name).spec


def span(text: str) -> tuple[int, int]:
    """Read ``LEAST-MOST`` or a single number, for argparse."""
    least, dash, most = text.partition("-")
    try:
        return int(least), int(most if dash else least)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no LEAST-MOST, such as 2-5") from None
