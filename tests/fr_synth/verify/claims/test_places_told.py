"""Values in a model's words that stand where the situation has another one: told beside true ones that are alike."""

from __future__ import annotations

import pytest

from tests.fr_synth.verify.claims.situated_scenes import deposit, problems, rooms, shortcut, statements, trips
from tests.fr_synth.verify.claims.test_model_words import bonus, stay

LISTED = "{pot} has {count} statements. Here they are with the balance at the end of the month: "
"""What a phrase that lists things stands behind."""


@pytest.mark.parametrize(
    "text",
    [
        LISTED + "{last} (€{new}) and {first} (€{old}).",
        "For {pot} there are {count} statements: {last} (€{new}) and {first} (€{old}).",
        "{pot} has {count} statements, for {first} with €{old} and for {last} with €{new}.",
    ],
)
def test_things_of_a_list_each_with_its_own_values(text: str) -> None:
    assert problems(statements(), 0, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "{last} has {count} statements. Here they are with the balance at the end of the month: "
        "{pot} (€{new}) and {first} (€{old}).",
        LISTED + "{last} (€{old}) and {first} (€{old}).",
        LISTED + "{pot} (€{new}) and {first} (€{old}).",
        LISTED + "{last} (€0.00) and {first} (€{old}).",
    ],
)
def test_things_of_a_list_with_what_is_anothers(text: str) -> None:
    assert problems(statements(), 0, text) != []


def test_a_neighbour_in_place_of_the_one_that_is_picked() -> None:
    text = "The list came through the link. Names alone don't show how new a report is, so I add the date of "
    assert problems(shortcut(), 1, text + "{newest}.", thought=True) == []
    assert problems(shortcut(), 1, text + "{oldest}.", thought=True) != []


@pytest.mark.parametrize(
    "text", ["Paid today, it arrives on {day}.", "It arrives on {day}, so tomorrow.", "Paid now, it is there tomorrow."]
)
def test_the_day_on_which_something_happens(text: str) -> None:
    assert problems(deposit(), 0, text + " The fee is €{fee}, and €{left} is left.") == []


@pytest.mark.parametrize("text", ["Paid tomorrow, it arrives on {day}.", "Paid yesterday, it arrives on {day}."])
def test_another_day_in_place_of_today(text: str) -> None:
    assert problems(deposit(), 0, text + " The fee is €{fee}, and €{left} is left.") != []


NIGHTS = " all {nights} nights. I say how many are left."
"""What is thought of a price beside what it is for."""


@pytest.mark.parametrize(
    "text",
    [
        "{price} {code} for the {room} is the least, and it covers" + NIGHTS,
        "The {room} is {price} {code} and the {other} {dearer} {code}, and that covers" + NIGHTS,
        "{price} {code} for the {room} is the least for {nights} nights, so {night} {code} a night.",
        "The {room} is {price} {code} and the {other} {dearer} {code}; all together make {both} {code}.",
    ],
)
def test_prices_and_what_follows_from_them(text: str) -> None:
    assert problems(rooms(), 2, text, thought=True) == []


@pytest.mark.parametrize(
    "text",
    [
        "{night} {code} for the {room} is the least, and it covers" + NIGHTS,
        "{twice} {code} for the {room} is the least, and it covers" + NIGHTS,
        "The {room} is {price} {code} and the {other} {night} {code}, and that covers" + NIGHTS,
        "The {room} is {price} {code} and the {other} {twice} {code}, and that covers" + NIGHTS,
        "{more} {code} for the {room} is the least, and it covers" + NIGHTS,
        "The {room} is {price} {code} and the {other} {dearer} {code}, all together make {twice} {code}.",
        "The {room} is {price} {code} and the {other} {dearer} {code}, all together make {dearer} {code}.",
    ],
)
def test_prices_by_a_count_of_which_no_word_speaks(text: str) -> None:
    assert problems(rooms(), 2, text, thought=True) != []


@pytest.mark.parametrize("words", ["All of them together come to", "All together make", "All of these together cost"])
def test_what_all_of_a_list_come_to(words: str) -> None:
    text = f"The {{room}} is {{price}} {{code}} and the {{other}} {{dearer}} {{code}}. {words} "
    assert problems(rooms(), 2, text + "{both} {code}.") == []
    assert problems(rooms(), 2, text + "{apart} {code}.") != []


NOTHING = (
    "{pot} has {count} statements. €{new} was there in {last}.",
    "{pot} has {count} statements, and {last} came to €{new}.",
)
"""Replies that tell one amount."""


@pytest.mark.parametrize("text", NOTHING)
def test_an_amount_of_nothing_that_nobody_tells(text: str) -> None:
    assert problems(statements(), 0, text) == []
    assert problems(statements(), 0, text.replace("{new}", "0.00")) != []


def test_a_single_value_in_anothers_place() -> None:
    assert problems(stay(), 0, "{hotel} is cancelled, and {refund} {code} comes back.") == []
    assert problems(stay(), 0, "{hotel} is cancelled, and {others} {code} comes back.") != []


def test_a_name_and_a_currency_in_each_others_places() -> None:
    assert problems(rooms(), 2, "At {hotel} there's a {room} for {price} {code}.") == []
    assert problems(rooms(), 2, "At {code} there's a {room} for {price} {hotel}.") != []


@pytest.mark.parametrize(("amount", "right"), [("old", True), ("new", False)])
def test_an_amount_is_that_of_the_identifier_that_it_is_said_to_be(amount: str, right: bool) -> None:
    text = f"There are {{count}} statements. The one at €{{{amount}}} is {{id}}."
    assert (problems(statements(), 0, text) == []) == right


def test_names_of_a_listed_thing_that_have_changed_places() -> None:
    assert problems(trips(), 1, "On record so far: {who} to {city} for {price} {code}.") == []
    assert problems(trips(), 1, "On record so far: {city} to {who} for {price} {code}.") != []


def test_nothing_is_left_on_an_account_that_has_something() -> None:
    assert problems(bonus(), 1, "I've moved €{moved} to {pot}; {main} is left with €{left}.") == []
    assert problems(bonus(), 1, "I've moved €{moved} to {pot}; {main} is left with €0.00.") != []
