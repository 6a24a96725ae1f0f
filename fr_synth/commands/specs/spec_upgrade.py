"""``funreason spec upgrade``: a contract of an earlier release, with its keys under the names that they have now."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.base import deliver, must_be_free, overwrite_option, warn, write

if TYPE_CHECKING:
    import argparse

__all__ = ["upgrade_options"]


def upgrade_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the upgrade to a parser."""
    parser.add_argument("file", type=Path, metavar="FILE", help="YAML contract")
    parser.add_argument(
        "--out", type=Path, metavar="FILE",
        help="file to write (default: the contract itself; a copy of it as it was is kept)",
    )  # fmt: skip
    overwrite_option(parser)
    parser.set_defaults(part=_upgrade)


def _upgrade(options: argparse.Namespace) -> int:
    from fr_envs.contract.loading import upgrade_contract

    file: Path = options.file
    elsewhere = options.out is not None and not (options.out.exists() and options.out.samefile(file))
    if elsewhere:
        must_be_free(options.out, overwrite=options.overwrite)
    text, lines = upgrade_contract(file)
    for line, (pointer, new) in lines:
        write(f"{file}:{line}: {pointer}: {new}")
    if not lines:
        write(f"{file}: ok: every key has the name that it has now")
    if elsewhere:
        deliver(text, options.out)
    elif lines:
        _replace(file.resolve(), text)
    return 0


def _replace(file: Path, text: str) -> None:
    """Put a text in the place of a file at one stroke, and keep the file as it was beside it."""
    backup = _free(file)
    shutil.copy2(file, backup)
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_bytes(text.encode())
    shutil.copymode(file, fresh)
    fresh.replace(file)
    warn(f"wrote {file}; as it was: {backup}")


def _free(file: Path) -> Path:
    """Return a name for a copy that nothing has yet: nobody's older copy is written over."""
    backup, number = file.with_name(f"{file.name}.bak"), 1
    while backup.exists():
        backup, number = file.with_name(f"{file.name}.bak{number}"), number + 1
    return backup
