"""Derived values are evaluated by a closed list of expressions; what does not fit is refused, never raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_synth.trace.dataflow.derive import EXPRESSIONS, DerivationError, evaluate, value_of
from fr_synth.trace.dataflow.provenance import Derived, Said

if TYPE_CHECKING:
    from fr_envs.json_values import Json


def derived(expression: str, *inputs: Json) -> Json:
    sources = tuple(Said(number, "") for number in range(len(inputs)))
    return evaluate(Derived(expression, sources), lambda source: inputs[source.turn] if isinstance(source, Said) else 0)


CASES: list[tuple[str, tuple[Json, ...], Json]] = [
    ("sum", (905, 35.5), 940.5),
    ("sum", ([1, 2, 3],), 6),
    ("difference", (2310.55, 905.0), 1405.55),
    ("product", (940, 12), 11280),
    ("percentage", (25, 200), 12.5),
    ("count", ([{}, {}],), 2),
    ("count", (4, 5, 6), 3),
    ("least", (3, 2.5), 2.5),
    ("most", ([3, 2.5],), 3),
    ("rounded", (938.2, 5), 940),
    ("days_after", ("2026-11-28", 4), "2026-12-02"),
    ("first_of_month_after", ("2026-12-31",), "2027-01-01"),
    ("inside", ("/home/vera/", "notes.md"), "/home/vera/notes.md"),
    ("beside", ("/home/vera/notes.md", "new.md"), "/home/vera/new.md"),
    ("beside", ("/notes.md", "new.md"), "/new.md"),
    ("containing", ("tax",), "*tax*"),
    ("ending_in", (".log",), "*.log"),
    ("first_of_month_after", ("2026-02-01T10:00:00",), "2026-03-01"),
    ("converted", (8625.0, 0.132468), 1142.54),
    ("figure", ("1003,bicycle,4,320.00",), 320),
    ("figure", ("of the 2 offers the second, at 41.5, then",), 41.5),
    ("row", ("2026-12-25", 8625.0, 3, "Yard House, Shanghai"), '2026-12-25,8625.00,3,"Yard House, Shanghai"'),
    ("row", ('the "old" one', 0.132468), '"the ""old"" one",0.132468'),
    ("phrase", ("left over", 1240.5), "left over 1240.50"),
    ("lines", ("a", 2.0), "a\n2.00\n"),
]


@pytest.mark.parametrize(("expression", "inputs", "value"), CASES)
def test_each_expression_gives_its_value(expression: str, inputs: tuple[Json, ...], value: Json) -> None:
    assert derived(expression, *inputs) == value


def test_every_expression_is_tried() -> None:
    assert {expression for expression, _, _ in CASES} == set(EXPRESSIONS)


def test_expressions_go_into_each_other() -> None:
    inner = Derived("sum", (Said(0, "1,000"), Said(0, "240")))
    outer = Derived("difference", (inner, Said(0, "0.5")))
    assert evaluate(outer, lambda each: value_of(each.text) if isinstance(each, Said) else None) == 1239.5


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
ANY = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(), PLAIN, max_size=2)


@given(st.sampled_from([*EXPRESSIONS, "eval", ""]), st.lists(ANY, max_size=3))
def test_whatever_does_not_fit_is_refused(expression: str, inputs: list[Any]) -> None:
    try:
        derived(expression, *inputs)
    except DerivationError:
        return
    assert expression in EXPRESSIONS
    assert inputs
