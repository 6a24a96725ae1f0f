"""A small finished run, made once."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING

import pytest

from fr_synth.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve dialogues in the file system, not to be written to."""
    folder = tmp_path_factory.mktemp("runs") / "twelve"
    with contextlib.redirect_stdout(io.StringIO()):
        words = f"synth --domain filesystem --scale tiny --count 12 --seed 3 --workers 1 --quiet --out {folder}"
        assert main(words.split()) == 0
    return folder
