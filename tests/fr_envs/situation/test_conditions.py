"""Conditions say which thing is meant: each operator both ways, and operands that name paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fr_envs.situation.conditions import OPERATORS, holds, matches, resolved

if TYPE_CHECKING:
    from fr_envs.json_values import Json


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        ("EUR", "EUR", "USD"),
        (None, None, "x"),
        ({"is": 5}, 5, 6),
        ({"not": "closed"}, "open", "closed"),
        ({"in": ["a", "b"]}, "b", "c"),
        ({"mentions": "rent"}, "Rent flat 4", "Current account"),
        ({"starts": "Rent"}, "Rent house", "The Rent"),
        ({"ends": ".log"}, "app.log", "app.log.1"),
        ({"above": 10}, 10.5, 10),
        ({"above": "2027-01-31"}, "2027-02-01", "2027-01-31"),
        ({"below": 10}, 9, 10),
        ({"least": 3}, 3, 2),
        ({"most": 3}, 3, 4),
        ({"empty": True}, "", "x"),
        ({"empty": False}, [1], None),
        ({"least": 3, "below": 5}, 4, 5),
    ],
)
def test_each_operator_holds_for_one_value_and_not_for_another(condition: Json, yes: Json, no: Json) -> None:
    assert holds(condition, yes)
    assert not holds(condition, no)


@pytest.mark.parametrize("operator", sorted(OPERATORS))
def test_no_pair_of_values_raises(operator: str) -> None:
    values: list[Json] = [None, True, 3, 2.5, "x", [], {}, ["a"]]
    assert {holds({operator: operand}, value) for value in values for operand in values} <= {True, False}


def test_a_missing_member_meets_only_what_asks_for_nothing() -> None:
    assert matches({"note": {"empty": True}}, {})
    assert not matches({"note": {"not": "x"}}, {})
    assert not matches({"amount": {"below": 5}}, {})


def test_an_unknown_operator_holds_for_nothing() -> None:
    assert not holds({"resembles": "x"}, "x")


def test_operands_that_name_paths_are_replaced_wherever_they_stand() -> None:
    values = {"rent.amount": 900, "cities": ["Rome"]}
    assert resolved({"amount": {"above": "$rent.amount"}, "city": {"in": "$cities"}}, values.__getitem__) == {
        "amount": {"above": 900},
        "city": {"in": ["Rome"]},
    }
    assert resolved(["$rent.amount", "plain"], values.__getitem__) == [900, "plain"]
