"""Rules of situations, worked out again: what they give from known inputs, and nothing from others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fr_synth.verify.situated.meaning.worked import Outcome, outcome_of

if TYPE_CHECKING:
    from fr_envs.json_values import Json

KNOWN: dict[str, Json] = {
    "a": 12.5,
    "b": 0.3,
    "rate": 0.5,
    "rows": [{"n": 1.1, "of": "x"}, {"n": 2.2, "of": "y"}, {"n": 4.0, "of": "x"}],
    "day": "2027-12-30",
    "path": "/srv/logs/web.log",
    "line": "Ada Kern paid 7 of 12.40",
}


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ({"sum": ["a", "b"]}, 12.8),
        ({"difference": ["a", "b"]}, 12.2),
        ({"product": ["a", -1]}, -12.5),
        ({"share": ["b", "a"]}, 2.4),
        ({"converted": ["a", "rate"]}, 6.25),
        ({"total": "rows", "member": "n", "where": {"of": "x"}}, 5.1),
        ({"count": "rows"}, 3),
        ({"days_after": "day", "days": [3, 3]}, "2028-01-02"),
        ({"first_of_month_after": "day"}, "2028-01-01"),
        ({"part": "path", "take": "name"}, "web.log"),
        ({"part": "path", "take": "folder"}, "/srv/logs"),
        ({"figure": ["line"]}, 12.4),
    ],
)
def test_a_rule_gives_one_value(rule: dict[str, Any], value: Json) -> None:
    assert outcome_of(rule, KNOWN.__getitem__) == Outcome((value,))


@pytest.mark.parametrize(
    ("rule", "within", "beyond"),
    [
        ({"raise": "a", "percent": [4, 8]}, 13.2, 14.0),
        ({"lower": "a", "percent": [4, 8]}, 11.9, 12.4),
        ({"between": [10, 20], "round": 5}, 15, 40),
    ],
)
def test_a_drawn_value_lies_in_a_range(rule: dict[str, Any], within: float, beyond: float) -> None:
    found = outcome_of(rule, KNOWN.__getitem__)
    assert found is not None
    assert found.low <= within <= found.high
    assert not found.low <= beyond <= found.high


@pytest.mark.parametrize(
    "rule", [{"sum": ["a", "unknown"]}, {"text": "some words"}, {"total": "rows", "member": "n", "where": {"of": "z"}}]
)
def test_what_is_not_known_for_sure_is_left_open(rule: dict[str, Any]) -> None:
    assert outcome_of(rule, KNOWN.__getitem__) is None
