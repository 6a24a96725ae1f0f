"""Runs whose records are spoilt: made by the command, and proven before anything is changed."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING

from fr_synth import verify_run
from fr_synth.cli import main
from fr_synth.run.folder.journal import read_lines

if TYPE_CHECKING:
    from pathlib import Path

    from fr_synth.trace.rows import RecordLines

__all__ = ["EVERYWHERE", "lines_of", "proven_run"]

EVERYWHERE = "--domain banking --domain filesystem --domain travel --domain banking+travel --domain filesystem+banking"
"""Options for every world, and for two worlds together."""


def proven_run(folder: Path, options: str) -> Path:
    """Make a run with options of ``synth``, which hold no blanks themselves, and return its folder."""
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(["synth", *options.split(), "--workers", "1", "--quiet", "--out", str(folder)]) == 0
    assert verify_run(folder).holds
    return folder


def lines_of(folder: Path) -> list[RecordLines]:
    """Return the records of a run as they stand in its files."""
    return [found.lines for found in read_lines(folder)]
