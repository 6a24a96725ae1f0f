"""Whoever installs the wheel has types: mypy knows runs, worlds and sessions, and finds a user's mistakes."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEEDED = ("immutables", "msgspec", "numpy", "typing_extensions")
"""What the types of the public names are made of; without the rest of the dependencies mypy is done sooner."""

GOOD = """\
from fr_synth import RunConfig, synthesise, verify_run
run = synthesise(RunConfig(domains=("travel",), seed=7), "runs/mine", count=20)
print(verify_run(run).findings[0].proof.upper(), run.totals.records + 1, run.records[-1].id.upper())
"""
BAD = """\
import fr_envs, fr_synth
fr_envs.load_domain(7)
fr_envs.Session("banking").reset(seed=7).no_such_part
fr_envs.no_such_name
fr_synth.synthesise(fr_synth.RunConfig(domains=("travel",)), count="many")
fr_synth.read_records("runs/mine")[0].no_such_field
for rollout in fr_synth.rollouts("runs/mine", 7): ...
"""


def _env() -> dict[str, str]:
    """The environment of somebody who has the wheel and no checkout."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MYPYPATH")}


def _run(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, cwd=cwd, env=_env(), capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with the wheel installed, and with what its public types need."""
    folder = tmp_path_factory.mktemp("wheel")
    built = _run("hatchling", "build", "-t", "wheel", "-d", str(folder))
    assert built.returncode == 0, built.stderr
    home = folder / "home"
    venv.create(home, with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(home), "platbase": str(home)}))
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(site)  # as pip does, which also compiles all; .ci/run installs it with pip
    for name in NEEDED:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        place = Path(str(spec.origin))
        place = place.parent if place.stem == "__init__" else place
        (site / place.name).symlink_to(place)
    return home / "bin" / "python"


@pytest.mark.slow
def test_a_user_has_types(python: Path, tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text(GOOD)
    (tmp_path / "bad.py").write_text(BAD)
    words = ("mypy", "--strict", "--no-error-summary", "--python-executable", str(python), "good.py", "bad.py")
    done = _run(*words, cwd=tmp_path)
    found = [line.partition(": error: ")[0] for line in done.stdout.splitlines() if ": error: " in line]
    assert (found, done.stderr) == ([f"bad.py:{line}" for line in range(2, 8)], ""), done.stdout
