"""Words of one's own for a thing mean it alone, or nothing."""

from __future__ import annotations

import pytest

from fr_envs import load_domain
from fr_synth.language.pointing import is_told_by, meant_by
from fr_synth.trace.dataflow.mention import Mention

KIND = load_domain("banking").spec.kinds["standing_order_id"]
ORDERS = {
    "standing_orders": [
        {"standing_order_id": "SO1", "payee_name": "Ada Kern", "reference": "Rent flat 4", "amount": 900.0},
        {"standing_order_id": "SO2", "payee_name": "Ada Kern", "reference": "Garage", "amount": 90.0},
        {"standing_order_id": "SO3", "payee_name": "Tom Hill", "reference": "Lessons", "amount": 90.0},
    ]
}
ENTITIES = {row["standing_order_id"]: row for row in ORDERS["standing_orders"]}


def the(key: str) -> Mention:
    return Mention(0, "standing_order_id", key, "that order of mine", "where", {}, 0, "/standing_orders")


@pytest.mark.parametrize(
    ("words", "key", "by"),
    [
        ("the one to Tom", "SO3", {"payee_name": {"mentions": "Tom"}}),
        ("my garage standing order", "SO2", {"reference": {"mentions": "garage"}}),
        ("the Rent flat standing order", "SO1", {"reference": {"mentions": "Rent flat"}}),
        ("Ada's garage one", "SO2", {"payee_name": {"mentions": "Ada"}, "reference": {"mentions": "garage"}}),
    ],
)
def test_words_of_the_thing_itself_mean_it(words: str, key: str, by: dict[str, object]) -> None:
    found = meant_by(words, the(key), KIND, ORDERS, ENTITIES)
    assert found is not None
    assert (found.text, found.way, found.by) == (words, "where", by)
    assert is_told_by(found, KIND)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("the one to Ada", "SO1"),  # two go by that
        ("the one to Tom", "SO1"),  # another goes by that
        ("the standing order", "SO1"),  # all go by that
        ("the cheapest one to Tom", "SO3"),  # nothing shown says cheapest
        ("the 90 one to Tom", "SO3"),  # a figure is said, not a name
        ("", "SO3"),
    ],
)
def test_words_that_may_mean_another_thing_or_none_are_not_taken(words: str, key: str) -> None:
    assert meant_by(words, the(key), KIND, ORDERS, ENTITIES) is None


def test_what_was_shown_alone_is_held_against_everything_there_is() -> None:
    shown = {"standing_orders": ORDERS["standing_orders"][1:]}
    mention = the("SO2")
    assert meant_by("the one to Ada", mention, KIND, shown, None) is not None
    assert meant_by("the one to Ada", mention, KIND, shown, ENTITIES) is None
