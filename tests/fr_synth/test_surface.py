"""What `fr_synth` offers, and that its version is one.

1. `__all__` is what is pinned here; every name in it is there, by attribute, by `import *` and in `dir`.
2. What type checkers see, what runs and what is exported is one list.
3. The version is one: of both packages, of the command, of what is installed.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager

import fr_envs
import fr_synth
from fr_synth.cli import main
from tests.fr_envs.test_surface import loaded_by, names_for_type_checkers

NAMES = [
    "Agent", "Dialogue", "Export", "ExportOptions", "Move", "PlayRules", "RecordFinding", "Rollout", "RolloutTotals",
    "Run", "RunConfig",
    "StoredRecords", "Totals", "Verification", "__version__", "agent_of", "export_run", "play",
    "read_records", "rollouts", "row_schema", "synthesise", "tally", "task_of", "verify_run",
]  # fmt: skip


def test_the_names_are_pinned() -> None:
    assert fr_synth.__all__ == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there(name: str) -> None:
    assert getattr(fr_synth, name) is not None
    assert name in dir(fr_synth)


def test_a_star_import_gives_every_name() -> None:
    space: dict[str, object] = {}
    exec("from fr_synth import *", space)
    assert set(NAMES) <= space.keys()


def test_a_name_that_is_not_there_is_named() -> None:
    with pytest.raises(AttributeError, match="module 'fr_synth' has no attribute 'no_such_name'"):
        fr_synth.no_such_name  # type: ignore[attr-defined]  # noqa: B018


def test_type_checkers_see_what_runs() -> None:
    seen = names_for_type_checkers("fr_synth")
    assert sorted(seen) == sorted(NAMES)
    for name, module in seen.items():
        assert getattr(importlib.import_module(module), name) is getattr(fr_synth, name)
    assert {name: seen[name] for name in fr_synth._HOMES} == fr_synth._HOMES


def test_the_import_and_the_help_are_light() -> None:
    assert loaded_by("import fr_synth", "numpy", "msgspec", "gymnasium", "argparse") == []
    cli = "import contextlib\nfrom fr_synth.cli import main\nwith contextlib.suppress(SystemExit): main(['--version'])"
    assert loaded_by(cli, "numpy", "msgspec", "gymnasium", "networkx", "rich", "yaml") == []


@pytest.mark.slow
def test_a_run_loads_neither_gymnasium_nor_a_teachers_client() -> None:
    assert loaded_by("from fr_synth import synthesise, verify_run, rollouts", "gymnasium", "httpx2", "rich") == []


def test_there_is_one_version(capsys: pytest.CaptureFixture[str]) -> None:
    root = Path(__file__).parents[2]
    assert fr_synth.__version__ == fr_envs.__version__
    assert ProjectMetadata(str(root), PluginManager()).version == fr_envs.__version__
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"funreason {fr_envs.__version__}\n"


def test_what_is_installed_has_that_version() -> None:
    assert importlib.metadata.version("funreason") == fr_envs.__version__


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fr_synth", "--version"], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == f"funreason {fr_synth.__version__}\n"
