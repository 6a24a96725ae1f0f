"""The command ``funreason``."""

from __future__ import annotations

import argparse
import io
import os
import sys
from typing import TYPE_CHECKING

from fr_envs import __version__
from fr_envs.errors import FunReasonError
from fr_synth.commands import COMMANDS
from fr_synth.commands.base import ending_as_interrupted, interrupted_code, logged, warn

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_WRONG = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code.

    0; 1 (a check found something); 2 (bad input); 130 (Ctrl-C); 143 (asked to end).
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a terminal cannot show is spelt out
            stream.reconfigure(errors="backslashreplace")
    try:
        with ending_as_interrupted(), logged():
            options = _parser().parse_args(argv)
            code: int = options.run(options)
            sys.stdout.flush()
    except KeyboardInterrupt as interrupt:
        _complain(str(interrupt) or "interrupted")
        return interrupted_code()
    except BrokenPipeError:
        # Whoever read our output has gone; let the interpreter not complain about it once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except FunReasonError as error:
        _complain(str(error))
        return _WRONG
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _complain(f"{place}{error.strerror or error}")
        return _WRONG
    finally:
        _let_go()
    return code


def _let_go() -> None:
    """End the servers that a command has started for worlds of world files, if it loaded any."""
    loaded = sys.modules.get("fr_envs.adapters.world_file")
    if loaded is not None:
        loaded.close_worlds()


def _complain(text: str) -> None:
    warn(f"funreason: {text}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="funreason",
        description="Worlds for tool use, and proven multi-turn dialogues from them.",
        epilog="Start with: funreason synth --count 100 --out runs/first",
    )
    parser.add_argument("--version", action="version", version=f"funreason {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        own = commands.add_parser(
            command.name,
            help=command.summary,
            description=command.summary,
            epilog="examples:\n" + "\n".join(f"  {line}" for line in command.examples),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.options(own)
        own.set_defaults(run=command.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
