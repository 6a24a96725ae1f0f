"""Numbers told with their units, and lists told by what was asked of them.

1. How much there is stands with the unit that a row says, in requests and replies; pieces are not said.
2. The number before a unit is the one in it; another number of the row is in none.
3. What is left after something was taken is told.
4. Sums by sort, and what something would cost, are said in a sentence.
5. What is listed is told by the words of the question.
6. People are not "it", a stay is from when to when, and what was done is said again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fr_envs.contract.loading import spec_from_dict
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.told.composing import result_told
from fr_synth.language.told.figures.units import asked_for, in_that_unit, with_units
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.provenance import Said
from tests.fr_synth.walks import new_walk

TEXT = {"schema": {"type": "string"}}
MUCH = {"schema": {"type": "number"}}
COUNT = {"schema": {"type": "integer"}}
TRUTH = {"schema": {"type": "boolean"}}
ROW = {"item": TEXT, "unit": TEXT, "quantity": MUCH, "minimum": MUCH}


def _tool(description: str, effect: str, parameters: Any, returns: Any, *asks: str) -> dict[str, Any]:
    return {"description": description, "effect": effect, "parameters": parameters, "returns": returns,
            "request_templates": list(asks)}  # fmt: skip


def _kind(name: str, *references: dict[str, Any]) -> dict[str, Any]:
    told = {"references": list(references)} if references else {}
    return {"schema": {"type": "string"}, "origin": "issued", "description": name, **told}


SINGER = {"singer_id": {"kind": "singer_id"}, "name": TEXT, "paid": TRUTH}
STAY = {"stay_id": {"kind": "stay_id"}, "boat_name": TEXT, "arrival": TEXT, "departure": TEXT}
SPEC = spec_from_dict({
    "name": "shed", "id": "Test/Shed-v0", "version": "1.0.0", "summary": "A shed.", "policy": "Be kind.",
    "kinds": {
        "singer_id": _kind("Which singer.", {"text": "{name}", "by": ["name"]}),
        "stay_id": _kind("Which stay.", {"text": "the stay for {boat_name}", "by": ["boat_name"]}),
        "lesson_id": _kind("Which lesson."),
        "charger_id": _kind("Which charger.", {"text": "the charger at {location}", "by": ["location"]}),
        "helper_id": _kind("Which helper.", {"text": "{name}", "by": ["name"]}),
    },
    "facts": {},
    "tools": {
        "stock_of": _tool("How much of an item is left.", "read", {"item": TEXT}, ROW, "how much of a {item} is left?"),
        "low": _tool("Items that are below their minimum.", "read", {}, {"result": {"array": {"object": ROW}}},
                     "which items are below their minimum?"),
        "take": _tool("Take items out.", "write", {"item": TEXT, "quantity": MUCH}, {"unit": TEXT, "left": MUCH},
                      "take {quantity} {item} out"),
        "totals": _tool("Get the total spent per category, in USD.", "read", {},
                        {"total": MUCH, "by_category": {"object": {"food": MUCH, "fun": MUCH}}},
                        "what was spent per category?"),
        "sheets": _tool("How many sheets of each paper are left.", "read", {}, {"plain": COUNT, "glossy": COUNT},
                        "how many sheets of each paper are left?"),
        "quote": _tool("What it would cost to print it, in GBP.", "read", {}, {"price": MUCH}, "what would it cost?"),
        "add_singer": _tool("Add a singer.", "write", {"name": TEXT},
                            SINGER, "add {name}"),
        "note": _tool("Note that a singer has paid.", "write", {"singer_id": {"kind": "singer_id"}},
                      SINGER, "note that {singer_id} has paid"),
        "wheels": _tool("How many wheels of a cheese are left.", "read", {"cheese": TEXT}, {"result": COUNT},
                        "how many wheels of {cheese} are left?"),
        "cellar": _tool("What is in the cellar: every cheese with its wheels.", "read", {},
                        {"result": {"array": {"object": {"name": TEXT, "wheels": COUNT}}}}, "what is in the cellar?"),
        "chargers": _tool("List chargers with temperature in degrees Celsius.", "read", {}, {"result": {"array": {
            "object": {"charger_id": {"kind": "charger_id"}, "location": TEXT, "power_kw": COUNT,
                       "temperature": COUNT}}}}, "show me the chargers"),
        "week": _tool("Summarise this week.", "read", {}, {"runs": COUNT, "distance_km": MUCH, "minutes": COUNT},
                      "summarise this week"),
        "helpers": _tool("List helpers.", "read", {}, {"result": {"array": {"object": {
            "helper_id": {"kind": "helper_id"}, "name": TEXT, "languages": {"array": TEXT}, "free": TRUTH,
            "balance_due": MUCH}}}}, "show me the helpers"),
        "stays": _tool("List stays.", "read", {}, {"result": {"array": {"object": STAY}}}, "list the stays"),
        "lessons": _tool("List lessons.", "read", {}, {"result": {"array": {"object": {
            "lesson_id": {"kind": "lesson_id"}, "instructor": TEXT, "day": TEXT, "price_eur": MUCH}}}},
            "show me the lessons"),
    },
})  # fmt: skip


def step(name: str, arguments: dict[str, Any], result: dict[str, Any]) -> ExecutedCall:
    state = new_walk().state
    sources = {f"/{each}": Said(0, "x") for each in arguments}
    return ExecutedCall(ToolCall(name, arguments), result, state, state, sources, {}, user_requested=True, turn=0)


def told(*steps: ExecutedCall, message: str = "") -> str:
    return result_told(SPEC, steps, len(steps) - 1, message, np.random.default_rng(0)).text


SUGAR = {"item": "sugar", "unit": "kg", "quantity": 1.3, "minimum": 1.8}
EGGS = {"item": "eggs", "unit": "pieces", "quantity": 53.0, "minimum": 20.0}


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (SUGAR, "1.3 kg of sugar is left; the minimum is 1.8 kg."),
        (EGGS, "53 eggs are left; the minimum is 20."),
        ({**EGGS, "item": "oat milk", "unit": "l"}, "53 litres of oat milk is left; the minimum is 20 litres."),
    ],
)
def test_how_much_is_left_is_told_with_its_unit(row: dict[str, Any], text: str) -> None:
    assert told(step("stock_of", {"item": row["item"]}, row)) == text


def test_a_row_is_told_with_its_unit_and_the_list_by_what_was_asked() -> None:
    assert told(step("low", {}, {"result": [SUGAR]})) == "One item is below its minimum: sugar, 1.3 kg, minimum 1.8 kg."
    several = told(step("low", {}, {"result": [SUGAR, {**EGGS, "quantity": 5.0}]}))
    assert several == "Two items are below their minimum: sugar (1.3 kg, minimum 1.8 kg); eggs (5, minimum 20)."


def test_the_number_before_a_unit_is_the_one_in_it() -> None:
    assert in_that_unit({"dose": 5, "unit": "mg", "pills_left": 42}) == ["dose"]
    assert in_that_unit({"quantity": 5, "pills_left": 42}) == []


def test_a_request_says_the_unit_and_asks_for_what_is_counted_by_number() -> None:
    asked = step("take", {"item": "sugar", "quantity": 2}, {"unit": "kg", "left": 3})
    assert with_units("take 2 sugar out", asked, {"sugar": "kg"}) == "take 2 kg of sugar out"
    assert with_units("take 2 sugar out", asked, {}) == "take 2 units of sugar out"
    eggs = step("stock_of", {"item": "eggs"}, EGGS)
    assert asked_for("how much of eggs is left", eggs, {"eggs": "pieces"}) == "how many eggs are left"
    assert asked_for("how much of eggs is left", eggs, {"eggs": "kg"}) == "how much of eggs is left"


def test_what_is_left_is_told_after_something_was_taken() -> None:
    taken = step("take", {"item": "sugar", "quantity": 2}, {"unit": "kg", "left": 1.5})
    assert told(taken) == "2 kg of sugar is taken out. 1.5 kg is left."


def test_sums_by_sort_are_told_in_a_sentence() -> None:
    spent = {"total": 58.3, "by_category": {"food": 42.8, "fun": 15.5}}
    assert told(step("totals", {}, spent)) == "The total is $58.30: $42.80 for food and $15.50 for fun."
    sheets = step("sheets", {}, {"plain": 2631, "glossy": 1713})
    assert told(sheets) == "2631 sheets of plain paper and 1713 of glossy are left."
    assert told(step("quote", {}, {"price": 0.8})) == "That would cost £0.80."


def test_people_are_no_it_and_what_was_noted_is_said_again() -> None:
    made = {"singer_id": "S1", "name": "Nora Quist", "paid": False}
    assert told(step("add_singer", {"name": "Nora Quist"}, made)).endswith(" Nora Quist has not paid yet.")
    shown = step("add_singer", {"name": "Nora Quist"}, made)
    noted = step("note", {"singer_id": "S1"}, {**made, "paid": True})
    assert told(shown, noted) == "I have noted that Nora Quist has paid."


def test_amounts_texts_and_truths_are_told_as_they_tell_rows_apart() -> None:
    people = [
        {"helper_id": "A", "name": "Ulla Berg", "languages": ["German", "French"], "free": True, "balance_due": 12},
        {"helper_id": "B", "name": "Pablo Ruiz", "languages": ["Spanish"], "free": True, "balance_due": 30},
    ]
    text = told(step("helpers", {}, {"result": people}))
    assert "Ulla Berg (German and French, €12 due)" in text
    assert "free" not in text


def test_a_summary_tells_its_figures() -> None:
    week = {"runs": 3, "distance_km": 27.7, "minutes": 161}
    assert told(step("week", {}, week)) == "This week: 3 runs, distance 27.7 km, 161 minutes."


def test_a_stay_is_from_when_to_when_and_a_lesson_with_whom() -> None:
    stays = [
        {"stay_id": "A", "boat_name": "Albatross", "arrival": "2026-08-03", "departure": "2026-08-06"},
        {"stay_id": "B", "boat_name": "Marlin", "arrival": "2026-08-04", "departure": "2026-08-11"},
    ]
    text = told(step("stays", {}, {"result": stays}))
    assert "Albatross (3 August 2026 to 6 August 2026)" in text
    lessons = [
        {"lesson_id": "A", "instructor": "Lena Auer", "day": "2027-01-11", "price_eur": 39.0},
        {"lesson_id": "B", "instructor": "Tim Gruber", "day": "2027-01-12", "price_eur": 45.0},
    ]
    assert "on 11 January 2027 with Lena Auer (€39)" in told(step("lessons", {}, {"result": lessons}))


def test_a_count_is_told_in_the_words_of_its_question() -> None:
    assert told(step("wheels", {"cheese": "Goat Log"}, {"result": 13})) == "13 wheels of Goat Log are left."
    assert told(step("wheels", {"cheese": "Goat Log"}, {"result": 0})) == "No wheels of Goat Log are left."


def test_a_list_without_a_noun_is_told_by_what_its_tool_says_of_each() -> None:
    cellar = {"result": [{"name": "Tilsiter", "wheels": 19}, {"name": "Alp", "wheels": 21}]}
    assert told(step("cellar", {}, cellar)).startswith("There are two cheeses: ")


def test_a_unit_may_stand_in_what_a_tool_says_of_its_rows() -> None:
    rows = [{"charger_id": "A", "location": "Town Hall", "power_kw": 22, "temperature": 60},
            {"charger_id": "B", "location": "Pool", "power_kw": 50, "temperature": 40}]  # fmt: skip
    text = told(step("chargers", {}, {"result": rows}))
    assert "power 22 kW" in text
    assert "temperature 60 degrees" in text
