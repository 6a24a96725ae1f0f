"""Text from strangers has no power over a terminal, wherever in a contract, a world file or a log it stands.

1. Whatever goes through ``write``, ``warn``, a console, an error or a logger is spelt out.
2. Each text of a contract, spoilt in turn, does no harm in what commands print of it, refusals included.
3. Drawings for browsers hold it escaped.
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import env_specs
from fr_synth.cli import main
from fr_synth.commands.base import console, logged, printable, warn, write

EVIL = (
    "\x1b]8;;http://evil\x07\x1b[2J\u202eevil\u2066\u200f\u061c\r\x9b31m\U000e0041[/] [link=x]<script>alert(1)</script>"
)
BAD = frozenset("\x1b\x07\u202e\u2066\u200f\u061c\r\x9b\U000e0041")


def test_every_way_to_the_terminal_spells_it_out(capsys: pytest.CaptureFixture[str]) -> None:
    write(EVIL)
    warn(EVIL)
    console().print(EVIL, markup=False)
    console(error=True).print(EVIL, markup=False)
    with logged():
        logging.getLogger("fr_envs").warning("%s", EVIL)
    said = capsys.readouterr()
    assert not BAD & set(said.out + said.err)
    assert said.err.count("evil") == 6
    assert printable("plain\ttext\nline") == "plain\ttext\nline"


def test_a_name_with_colons_is_no_emoji(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.table import Table

    console().print(Table("agent", title="openai:m: 2 rollouts"))
    console().print("openai:m: 2 rollouts")
    assert capsys.readouterr().out.count("openai:m: 2 rollouts") == 2


def _small() -> dict[str, Any]:
    """Two tools and a kind, out of a contract as people write it."""
    return {
        "name": "odd", "id": "FunReason/Odd-v0", "version": "1.0.0", "summary": "Odd.", "policy": "None.",
        "kinds": {
            "code": {"schema": {"type": "string"}, "origin": "issued", "description": "A code.", "examples": ["abc"]}
        },
        "facts": {"signed_in": {"description": "Somebody is signed in.", "violation": "not_signed_in"}},
        "tools": {
            "make_code": {
                "description": "Make a code.", "effect": "write", "parameters": {},
                "returns": {"code": {"kind": "code"}}, "sets": ["signed_in"],
            },
            "use_code": {
                "description": "Use a code.", "effect": "read", "needs": ["signed_in"],
                "parameters": {"code": {"kind": "code", "description": "Which."}},
                "returns": {"note": {"schema": {"type": "string"}, "description": "What it is."}},
            },
        },
    }  # fmt: skip


def _places(data: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Iterate over the places of all texts, names of members included, the root's first."""
    if isinstance(data, dict):
        for key, item in data.items():
            yield (*at, key, "key")
            yield from _places(item, (*at, key))
    elif isinstance(data, list):
        for index, item in enumerate(data):
            yield from _places(item, (*at, index))
    elif isinstance(data, str):
        yield (*at, "value")


def _spoilt(place: tuple[Any, ...]) -> dict[str, Any]:
    data = _small()
    *path, last, what = place
    inner: Any = data
    for part in path:
        inner = inner[part]
    if what == "key":
        inner[f"{last}{EVIL}"] = inner.pop(last)
    else:
        inner[last] = f"{inner[last]} {EVIL}"
    return data


def test_each_text_of_a_contract_does_no_harm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "odd.yaml"
    shown = 0
    for place in _places(_small()):
        file.write_text(yaml.safe_dump(_spoilt(place), allow_unicode=True), encoding="utf-8")
        for command in (["spec", "check"], ["graph"]):
            code = main([*command, str(file)])
            said = capsys.readouterr()
            assert code in {0, 1, 2}, (place, command)
            assert not BAD & set(said.out + said.err), (place, command)
            shown += "evil" in said.out + said.err
    assert shown > 20


def test_drawings_are_escaped(tmp_path: Path) -> None:
    data = _small()
    data["summary"] = data["tools"]["use_code"]["description"] = f"Use. {EVIL}"
    file = tmp_path / "odd.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    for name in ("a.svg", "a.html"):
        assert main(["graph", str(file), "--out", str(tmp_path / name)]) == 0
        assert "<script>alert" not in (tmp_path / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("key", ["name", "python", "mcp", "contract", "nonsense", "reset"])
def test_each_text_of_a_world_file_does_no_harm(tmp_path: Path, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "odd.world.yaml"
    given = {"mcp": "true", key: EVIL} if key != "python" else {"python": EVIL}
    file.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
    assert main(["spec", "infer", str(file)]) == 2
    said = capsys.readouterr()
    assert not BAD & set(said.out + said.err)
    assert said.err.count("\n") == 1


def test_a_shipped_contract_is_untouched() -> None:
    text = env_specs.contract_path("banking").read_text(encoding="utf-8")
    assert printable(text) == text
