"""Rules that hold for every module and for what is shipped.

1. A module has at most 400 lines.
2. The wheel carries the code and every data file of the packages.

That lists of exports are sorted (RUF022, RUF068) and that all that is public has a docstring (D) is held by ruff.
"""

import re
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parent.parent
PACKAGES = ("env_specs", "fr_envs", "fr_synth")
DATA_SUFFIXES = {".css", ".html", ".json", ".ngrams", ".yaml"}
MAX_LINES = 400


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_a_module_is_short() -> None:
    modules = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    lengths = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert len(lengths) > 500
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_wheel_carries_code_and_data(package: str) -> None:
    shipped = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    files = [path for path in (ROOT / package).rglob("*") if path.is_file()]
    needed = {relative(path) for path in files if path.suffix in DATA_SUFFIXES | {".py", ".typed"}}
    assert needed
    assert needed <= shipped


def test_the_wheel_carries_the_contracts() -> None:
    shipped = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    assert "env_specs/spec.schema.json" in shipped
    assert {name for name in shipped if re.fullmatch(r"env_specs/\w+\.yaml", str(name))}
