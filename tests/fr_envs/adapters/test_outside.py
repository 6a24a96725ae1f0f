"""The page of what was tried says what happens."""

from __future__ import annotations

from tests.fr_envs.adapters.outside import PAGE, SECTIONS, page


def test_the_page_says_what_happens() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.fr_envs.adapters.outside"


def test_every_section_has_rows() -> None:
    assert all(len(list(rows())) > 1 for rows in SECTIONS.values())
