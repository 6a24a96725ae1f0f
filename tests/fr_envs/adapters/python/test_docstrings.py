"""Docstrings in each of the usual manners say the same."""

from __future__ import annotations

import pytest

from fr_envs.adapters.inference.values import options_of
from fr_envs.adapters.python.docstrings import docstring_parts
from fr_envs.contract.spec import Field

MANNERS = {
    "google": "Book a seat.\n\nArgs:\n    seat: which one\n    name: who sits there\n\nReturns:\n    its number",
    "sphinx": (
        "Book a seat.\n\n:param seat: which one\n:type seat: str\n:param str name: who sits there\n:returns: its number"
    ),
    "numpy": (
        "Book a seat.\n\nParameters\n----------\nseat : str\n    which one\nname : str\n    who sits there\n\n"
        "Returns\n-------\nits number"
    ),
    "javadoc": "Book a seat.\n\n@param seat: which one\n@param name: who sits there\n@return: its number",
}


@pytest.mark.parametrize("text", MANNERS.values(), ids=MANNERS)
def test_each_manner_says_the_same(text: str) -> None:
    summary, told, returned = docstring_parts(text, ["seat", "name"])
    assert (summary, told, returned) == ("Book a seat.", {"seat": "which one", "name": "who sits there"}, "its number")


def test_lines_that_begin_with_an_argument_are_about_it() -> None:
    summary, told, _ = docstring_parts(
        "Book a seat.\nseat: which one\nNote: no refunds.\n- name: who", ["seat", "name"]
    )
    assert (summary, told) == ("Book a seat. Note: no refunds.", {"seat": "which one", "name": "who"})


def test_who_somebody_is_enumerates_nothing() -> None:
    text = {"type": "string"}
    assert options_of(Field(schema=text, description="who gives it (person or shop)")) == []
    assert options_of(Field(schema=text, description="where it goes (home or shop)")) == ["home", "shop"]
