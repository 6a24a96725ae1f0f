"""Values drawn from schemas fit them, and a pattern that is too much is refused by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import numpy as np
import pytest

from fr_envs import domain_names, load_spec
from fr_envs.contract.samples import sample_arguments, sample_text, sample_value
from fr_envs.contract.schemas import parameters_schema
from fr_envs.errors import UsageError

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject

PATTERNS = [
    r"^[^\x00]+$",
    r"^\x41\u00e9?$",
    r"^a\tb\nc$",
    r"^(?:a|b{2,3}|\d+)[-_]\w*$",
    r"^.{3}\.(x|y){0}[a-c\d]+$",
    r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}$",
    r"^a{2,}]?$",
    "",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_text_matches_its_pattern(pattern: str) -> None:
    rng = np.random.default_rng(1)
    assert all(re.search(pattern, sample_text(pattern, rng)) for _ in range(50))


@pytest.mark.parametrize(
    "pattern", [r"^\xzz$", r"^\x4", r"^(?=a)$", r"^\bword$", r"^[ab", r"^a{x}$", r"^a{2", r"^(a", r"a)b"]
)
def test_a_pattern_that_is_too_much_is_refused(pattern: str) -> None:
    with pytest.raises(UsageError, match="cannot draw a text of the pattern"):
        sample_text(pattern, np.random.default_rng(1))


def test_a_pattern_at_odds_with_the_length_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot draw a text of 9 to 9 characters"):
        sample_value({"type": "string", "pattern": "^a{3}$", "minLength": 9, "maxLength": 9}, np.random.default_rng(1))


@pytest.mark.parametrize(
    "schema",
    [
        {"enum": ["a", 5, None]},
        {"const": {"a": 1}},
        {"anyOf": [{"type": "integer", "minimum": 3, "maximum": 4}, {"type": "null"}]},
        {"oneOf": [{"type": "boolean"}, {"const": "a"}]},
        {"type": ["string", "null"], "minLength": 30},
        {"type": "string", "minLength": 2, "maxLength": 5},
        {"type": "string", "pattern": "^[a-z]+( [a-z]+)*$", "minLength": 4, "maxLength": 8},
        {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        {"type": "string", "format": "date-time", "pattern": "T"},
        {"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.01},
        {"type": "number", "minimum": -2, "exclusiveMaximum": -1},
        {"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 3},
        {"type": "array", "items": {"enum": [1, 2, 3]}, "minItems": 1, "maxItems": 3, "uniqueItems": True},
        {"type": "array", "items": {"type": "boolean"}, "maxItems": 1},
        {"type": "object", "properties": {"a": {"type": "null"}, "b": {"const": 1}}, "required": ["b"]},
        {},
    ],
    ids=str,
)
def test_a_value_fits_its_schema(schema: JsonObject) -> None:
    rng = np.random.default_rng(1)
    values = [sample_value(schema, rng) for _ in range(60)]
    assert all(jsonschema_rs.is_valid(schema, value) for value in values)


def test_the_same_generator_draws_the_same() -> None:
    def drawn(seed: int) -> list[Any]:
        rng = np.random.default_rng(seed)
        return [sample_value({"type": "string"}, rng) for _ in range(5)]

    assert drawn(1) == drawn(1) != drawn(2)


@pytest.mark.parametrize("name", domain_names())
def test_every_tool_takes_what_is_drawn_for_it(name: str) -> None:
    spec, rng = load_spec(name), np.random.default_rng(2)
    for tool in spec.tools:
        schema = parameters_schema(spec, tool)
        for _ in range(10):
            jsonschema_rs.validate(schema, sample_arguments(spec, tool, rng))
