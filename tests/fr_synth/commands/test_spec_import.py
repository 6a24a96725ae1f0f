"""`funreason spec import`, and contracts' files where a world's name can stand.

1. What is written is accepted by `funreason spec check` and drawn by `funreason graph`.
2. A fault is one line and the exit code 2; with `--on-bad-tool skip` it is one line and the rest is written.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from fr_envs.contract.loading import read_spec
from fr_synth.cli import main

TOOLS: Any = [
    {"type": "function", "function": {"name": "getPet", "parameters": {"properties": {"id": {"type": "string"}}}}},
    {"type": "web_search"},
]
API: Any = {"openapi": "3.1.0", "info": {"title": "Pets"}, "paths": {"/pets": {"get": {"operationId": "listPets"}}}}
SERVER = Path(__file__).parents[2] / "fr_envs" / "adapters" / "mcp" / "notes_server.py"

Typed: TypeAlias = Callable[..., tuple[int, str, str]]
"""Types a command; exit code, standard output, standard error."""


@pytest.fixture
def typed(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my tools.json").write_text(json.dumps(TOOLS), encoding="utf-8")
    (tmp_path / "api.json").write_text(json.dumps(API), encoding="utf-8")

    def run(*words: str) -> tuple[int, str, str]:
        code = main(list(words))
        return code, *capfd.readouterr()

    return run


def test_a_list_is_imported_checked_and_drawn(typed: Typed) -> None:
    code, out, err = typed("spec", "import", "openai", "my tools.json", "--on-bad-tool", "skip", "--out", "pets.yaml")
    assert (code, out) == (0, "")
    assert err.splitlines() == [
        "left out: my tools.json: /1: is of the type 'web_search'; take it out: only functions can be called",
        "wrote pets.yaml",
    ]
    assert read_spec("pets.yaml").name == "my_tools"
    assert typed("spec", "check", "pets.yaml")[:2] == (0, "pets.yaml: ok: my_tools 1.0.0, 1 tools, 0 kinds, 0 facts\n")
    assert "1 tools: 1 read, 0 write" in typed("graph", "pets.yaml")[1]
    assert typed("graph", "pets.yaml", "--witnesses")[::2] == (
        2, "funreason: --witnesses executes the tools, which a contract alone cannot; give a shipped world\n",
    )  # fmt: skip


def test_a_faulty_tool_ends_the_import(typed: Typed) -> None:
    code, out, err = typed("spec", "import", "openai", "my tools.json")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("funreason: my tools.json: /1: ")


def test_a_document_is_imported(typed: Typed) -> None:
    code, out, _ = typed("spec", "import", "openapi", "api.json", "--name", "zoo")
    assert code == 0
    assert out.startswith("name: zoo\nid: FunReason/Zoo-v0\n")


@pytest.mark.slow
def test_a_server_is_imported(typed: Typed) -> None:
    pytest.importorskip("mcp", reason="the extra `mcp` is not installed")
    command = shlex.join([sys.executable, str(SERVER)])
    code, _, err = typed("spec", "import", "mcp", command, "--out", "notes.yaml", "--timeout", "20")
    assert (code, err) == (0, "wrote notes.yaml\n")
    assert list(read_spec("notes.yaml").tools) == ["add_note", "list_notes", "export", "die", "hang", "tick"]


def test_a_server_that_is_none_costs_one_line(typed: Typed) -> None:
    pytest.importorskip("mcp", reason="the extra `mcp` is not installed")
    code, _, err = typed("spec", "import", "mcp", "no-such-command-anywhere")
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("funreason: no-such-command-anywhere: ")


def test_a_shipped_worlds_name_is_no_file(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "banking").write_text("name: other", encoding="utf-8")
    assert typed("graph", "banking")[1].startswith("banking: A retail bank")
