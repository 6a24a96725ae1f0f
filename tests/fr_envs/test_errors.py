"""One tree of errors, each with a message of one line; all of them go through pickle with their parts."""

from __future__ import annotations

import pickle

import pytest

from fr_envs import errors
from fr_envs.errors import ForeignToolError, FunReasonError, Refusal, SpecError

PARTS = {"ForeignToolError", "Refusal", "SpecError"}
"""Errors made of more than a message."""

ERRORS = [
    SpecError("a.yaml", "/tools/x", "is odd", "fix it", 7),
    SpecError("a.yaml", "", "is empty", "write one"),
    Refusal("lent", "The book is lent."),
    ForeignToolError("book_flight", "hangs", "raise timeout"),
    *(getattr(errors, name)("why") for name in errors.__all__ if name not in PARTS),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_survives_pickling(error: FunReasonError) -> None:
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error)
    assert (str(back), back.args, vars(back)) == (str(error), error.args, vars(error))


def test_every_error_is_listed_and_stands_in_the_tree() -> None:
    found = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    assert sorted(found) == errors.__all__
    assert all(issubclass(getattr(errors, name), FunReasonError) for name in found)


def test_a_contracts_error_names_file_line_pointer_and_mend() -> None:
    assert str(ERRORS[0]) == "a.yaml:7: /tools/x: is odd; fix it"
    assert str(ERRORS[1]) == "a.yaml: /: is empty; write one"


def test_a_foreign_tools_error_names_tool_problem_and_mend() -> None:
    assert str(ERRORS[3]) == "book_flight: hangs; raise timeout"
