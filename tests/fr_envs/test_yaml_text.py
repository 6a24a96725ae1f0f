"""YAML from strangers: plain values come out, and what would never end is refused at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fr_envs import SpecError, read_spec
from fr_envs.yaml_text import SAFE_LOADER, read_yaml

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


_WHOLE = type("Whole", (SAFE_LOADER,), {})  # the loader itself, which makes a tree of nodes first


def _outcome(text: str, *loader: type) -> str:
    try:
        return repr(read_yaml(text, *loader))
    except (yaml.YAMLError, ValueError, TypeError) as error:
        return f"{type(error).__name__}: {error}"


_PIECES = st.sampled_from(
    [*"abc01 -:,.[]{}?#&*!|>'\"\n~=", "\n  ", "- ", ": ", "? ", "true", "No", "null", "1e3", "0x1F", "0b", "1_0",
     "12:30", "2026-11-28", "2026-13-99", "<<", "&a ", "*a", "!!str ", "---\n", "...\n", ".inf", "é"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=14).map("".join))
def test_what_is_read_without_a_tree_is_what_the_loader_reads(text: str) -> None:
    assert _outcome(text) == _outcome(text, _WHOLE)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(_VALUES, st.sampled_from([True, False, None]))
def test_plain_values_survive_the_way_out_and_in(value: object, flow: bool | None) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, sort_keys=False)
    assert _outcome(text) == _outcome(text, _WHOLE) == repr(value)


def test_a_contract_that_is_a_bomb_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bomb.yaml").write_text(LAUGHS)
    with pytest.raises(SpecError, match="is no YAML: aliases unfold to too much"):
        read_spec(tmp_path / "bomb.yaml")
