"""Where values stand in results: what is beside a value is in its own row, and in no other."""

import pytest

from fr_envs.graph.witness.value_walk import ValueAt, values_beside, walk_values
from tests.fr_envs.small_world import LIBRARY


def values_of(rows: int) -> list[ValueAt]:
    """The values of a kind in a list of so many books."""
    books = [{"book_id": f"B{row}", "title": f"Book {row}", "genre": "novel", "pages": 9} for row in range(rows)]
    return list(walk_values(LIBRARY.spec.tools["list_books"].returns, {"books": books}))


@pytest.mark.parametrize("row", [0, 1, 9, 10, 11])
def test_what_is_beside_a_value_stands_in_its_row_alone(row: int) -> None:
    """Row 1 does not hold what stands in row 10."""
    places = values_of(12)
    one = next(place for place in places if place.pointer.startswith(f"/books/{row}/"))
    beside = values_beside(one, places)
    assert one in beside
    assert [place.pointer for place in beside] == [f"/books/{row}/{name}" for name in ("book_id", "title", "genre")]


def test_everything_is_beside_a_value_of_the_result_itself() -> None:
    places = values_of(2)
    own = places[0]._replace(pointer="/owner")
    assert values_beside(own, [own, *places]) == [own, *places]
