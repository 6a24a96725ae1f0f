"""The page of what was tried says what happens, section by section."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fr_envs.adapters.outside import PAGE, SECTIONS, head, section

SLOW = {"Endpoints", "MCP servers", "Signals"}


def _sections() -> list[object]:
    return [pytest.param(title, marks=pytest.mark.slow if title in SLOW else ()) for title in SECTIONS]


@pytest.mark.parametrize("title", _sections())
def test_the_page_says_what_happens(title: str) -> None:
    if title == "MCP servers":
        pytest.importorskip("mcp", reason="the extra `mcp` is not installed")
    if title == "Signals" and not Path("/proc/self/stat").exists():
        pytest.skip("processes are looked up in /proc")
    own = section(title)
    assert own in PAGE.read_text(encoding="utf-8"), "write it anew: python -m tests.fr_envs.adapters.outside"
    assert own.count("\n| ") > 2


def test_the_page_has_these_sections_alone() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.startswith(head())
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == list(SECTIONS)
