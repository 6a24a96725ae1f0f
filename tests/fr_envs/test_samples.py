"""Texts drawn from patterns match them, and a pattern that is too much is refused by name."""

from __future__ import annotations

import re

import numpy as np
import pytest

from fr_envs import domain_names, load_spec
from fr_envs.errors import UsageError
from fr_envs.samples import sample_arguments, sample_text


@pytest.mark.parametrize("pattern", [r"^[^\x00]+$", r"^\x41\u00e9?$", r"^a\tb\nc$", r"^(?:a|b{2,3}|\d+)[-_]\w*$"])
def test_a_text_matches_its_pattern(pattern: str) -> None:
    rng = np.random.default_rng(1)
    assert all(re.search(pattern, sample_text(pattern, rng)) for _ in range(50))


@pytest.mark.parametrize("pattern", [r"^\xzz$", r"^\x4", r"^(?=a)$", r"^\bword$", r"^[ab"])
def test_a_pattern_that_is_too_much_is_refused(pattern: str) -> None:
    with pytest.raises(UsageError, match="cannot draw a text of the pattern"):
        sample_text(pattern, np.random.default_rng(1))


@pytest.mark.parametrize("name", domain_names())
def test_every_tool_can_be_drawn_arguments_for(name: str) -> None:
    spec, rng = load_spec(name), np.random.default_rng(2)
    for tool in spec.tools:
        assert spec.tools[tool].parameters.keys() >= sample_arguments(spec, tool, rng).keys()
