"""A newcomer with a service of five routes: infer, make dialogues, prove them again when the service is gone."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from fr_envs.contract.loading import read_spec
from fr_synth.cli import main
from tests.fr_envs.adapters.openapi.library_service import DOCUMENT, library

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_from_a_service_to_dialogues_that_stay_proven(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "library.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    file, run = tmp_path / "library.world.yaml", tmp_path / "run"
    with library() as url:
        lines = [
            "openapi: library.json",
            f"base_url: {url}",
            "reset: /reset",
            "contract: library.yaml",
            "answers: a.jsonl",
        ]
        file.write_text("\n".join(lines), encoding="utf-8")
        assert main(["spec", "infer", str(file), "--walks", "20", "--seed", "1"]) == 0
        made = ["--count", "4", "--turns", "1-2", "--seed", "3", "--out", str(run)]
        assert main(["synth", "--world", str(file), *made]) == 0
    spec = read_spec(tmp_path / "library.yaml")
    assert list(spec.tools) == ["list_books", "get_book", "list_loans", "lend_book", "return_book"]
    assert spec.tools["lend_book"].request_templates[0] == "lend {book_id} to {borrower}"
    rows = [json.loads(line) for line in (run / "dialogues.jsonl").read_text("utf-8").splitlines()]
    asked = " ".join(m["content"] for row in rows for m in row["messages"] if m["role"] == "user")
    assert not re.search(r"as the borrower|\btext\b|\w_\w|\"\"", asked)
    capsys.readouterr()
    assert main(["verify", str(run), "--world", str(file)]) == 0
    assert "4 records proven again, 0 findings" in capsys.readouterr().out
