"""YAML from strangers: plain values come out, and what would never end is refused at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from fr_envs import SpecError, read_spec
from fr_envs.yaml_text import read_yaml

if TYPE_CHECKING:
    from pathlib import Path

NINE = "\n".join(f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]" for k in range(1, 12))
LAUGHS = f"a0: &a0 [ha, ha, ha]\n{NINE}\n"
MERGES = "a0: &a0 {k: 1}\n" + "\n".join(
    f"a{k}: &a{k} {{<<: [{', '.join([f'*a{k - 1}'] * 9)}], k{k}: 1}}" for k in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (LAUGHS, "aliases unfold to too much"),
        (MERGES, "aliases unfold to too much"),
        ("a: &a [1, *a]", "an alias holds itself"),
        ("a: &a {b: *a}", "an alias holds itself"),
        ("[" * 100_000, "nest"),
    ],
)
@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
def test_what_would_never_end_is_refused(text: str, problem: str, loader: type) -> None:
    with pytest.raises(yaml.YAMLError, match=problem):
        read_yaml(text, loader)


def test_aliases_that_people_write_are_read() -> None:
    assert read_yaml("base: &base {a: 1}\none: {<<: *base, b: 2}\ntwo: [*base, *base]") == {
        "base": {"a": 1}, "one": {"a": 1, "b": 2}, "two": [{"a": 1}, {"a": 1}],
    }  # fmt: skip
    assert read_yaml("") is None
    assert read_yaml("text: 2 * 3") == {"text": "2 * 3"}


def test_a_contract_that_is_a_bomb_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bomb.yaml").write_text(LAUGHS)
    with pytest.raises(SpecError, match="is no YAML: aliases unfold to too much"):
        read_spec(tmp_path / "bomb.yaml")
