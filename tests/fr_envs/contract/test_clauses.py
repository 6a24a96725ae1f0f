"""Optional values can be said in several ways: one that sentences are made with, and others that are understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from fr_envs import load_spec, read_spec
from fr_envs.contract.writing import contract_text

if TYPE_CHECKING:
    from pathlib import Path


def test_a_value_has_the_words_that_the_contract_gives_it() -> None:
    sort = load_spec("filesystem").tools["sort"]
    ways = sort.parameters["reverse"].said_as(True)
    assert ways[0] == "in descending order"
    assert len(ways) > 2
    assert set(ways) <= set(sort.parameters["reverse"].clauses)
    assert sort.parameters["reverse"].said_as(False) == ()
    assert sort.parameters["path"].said_as("x") == ()


def test_all_of_them_are_written_down(tmp_path: Path) -> None:
    spec = load_spec("filesystem")
    (tmp_path / "again.yaml").write_text(contract_text(spec), encoding="utf-8")
    again = read_spec(tmp_path / "again.yaml")
    assert again.tools["sort"].parameters["reverse"] == spec.tools["sort"].parameters["reverse"]
    written = yaml.safe_load((tmp_path / "again.yaml").read_text(encoding="utf-8"))
    assert isinstance(written["tools"]["sort"]["parameters"]["reverse"]["clause"]["true"], list)
