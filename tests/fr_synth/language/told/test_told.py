"""Results told by what the contract says of them: changes, answers, lists, single values."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

from fr_envs.contract.loading import spec_from_dict
from fr_envs.contract.spec import Field
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.questions import question
from fr_synth.language.told.composing import result_told
from fr_synth.language.told.predicates import predicate, sentence_of
from fr_synth.language.told.rows import piece_of
from fr_synth.language.told.things import Things
from fr_synth.language.told.values import counting_words, said
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.provenance import Said
from tests.fr_synth.walks import new_walk

TEXT = {"schema": {"type": "string"}}
COUNT = {"schema": {"type": "integer"}}
NUMBER = {"schema": {"type": "number"}}
BOOK = {"book_id": {"kind": "book_id"}, "title": TEXT, "author": TEXT, "genre": TEXT, "copies": COUNT,
        "signed": {"schema": {"type": "boolean"}}}  # fmt: skip
LOAN = {"loan_id": {"kind": "loan_id"}, "book_id": {"kind": "book_id"}, "borrower": TEXT, "due": TEXT}
CLAIM = {"claim_id": {"kind": "claim_id"}, "employee": TEXT, "category": TEXT, "amount": NUMBER, "currency": TEXT}


def _issued(name: str) -> dict[str, Any]:
    return {"schema": {"type": "string"}, "origin": "issued", "description": f"Identifier {name}."}


def _tool(description: str, effect: str, parameters: Any, returns: Any, *asks: str) -> dict[str, Any]:
    return {"description": description, "effect": effect, "parameters": parameters, "returns": returns,
            "request_templates": list(asks)}  # fmt: skip


SPEC = spec_from_dict({
    "name": "desk", "id": "Test/Desk-v0", "version": "1.0.0", "summary": "A desk.", "policy": "Be kind.",
    "kinds": {name: _issued(name) for name in ("book_id", "loan_id", "claim_id")}, "facts": {},
    "tools": {
        "list_books": _tool("List books.", "read", {"genre": {**TEXT, "default": None}},
                            {"books": {"array": {"object": BOOK}}}, "list the books"),
        "get_book": _tool("Get a book.", "read", {"book_id": {"kind": "book_id"}}, BOOK, "show me {book_id}"),
        "lend_book": _tool("Lend a book to a borrower.", "write",
                           {"book_id": {"kind": "book_id"}, "borrower": TEXT}, LOAN, "lend {book_id} to {borrower}"),
        "renew_loan": _tool("Extend a loan.", "write", {"loan_id": {"kind": "loan_id"}}, LOAN, "extend {loan_id}"),
        "list_claims": _tool("List claims.", "read", {}, {"result": {"array": {"object": CLAIM}}}, "list the claims"),
        "approve_claim": _tool("Approve a claim.", "write", {"claim_id": {"kind": "claim_id"}}, CLAIM,
                               "approve {claim_id}"),
        "convert": _tool("Convert an amount.", "read", {"amount": NUMBER, "source": TEXT, "target": TEXT},
                         {"result": NUMBER}, "convert {amount} from {source} to {target}"),
        "count_books": _tool("Count the books of a genre.", "read", {"genre": TEXT}, {"result": COUNT},
                             "count the books of {genre}"),
    },
})  # fmt: skip

BOOKS = [
    {"book_id": "B1", "title": "Salt", "author": "Mark Kurlansky", "genre": "history", "copies": 3, "signed": False},
    {"book_id": "B2", "title": "Pachinko", "author": "Min Jin Lee", "genre": "fiction", "copies": 0, "signed": True},
]
CLAIMS = [
    {"claim_id": "C1", "employee": "Mei Tanaka", "category": "travel", "amount": 214.5, "currency": "EUR"},
    {"claim_id": "C2", "employee": "Ana Sousa", "category": "meals", "amount": 38.0, "currency": "EUR"},
]
LENT = {"loan_id": "L7", "book_id": "B1", "borrower": "Idris Bello", "due": "2026-04-05"}


def told(*calls: tuple[str, dict[str, Any], dict[str, Any]], message: str = "", seed: int = 0) -> str:
    """Return what is told of the last of some calls."""
    state = new_walk().state
    steps = [
        ExecutedCall(ToolCall(name, arguments), result, state, state, {f"/{each}": Said(0, "x") for each in arguments},
                     {}, user_requested=True, turn=number)
        for number, (name, arguments, result) in enumerate(calls)
    ]  # fmt: skip
    return result_told(SPEC, steps, len(steps) - 1, message, np.random.default_rng(seed)).text


SHOWN: tuple[str, dict[str, Any], dict[str, Any]] = ("list_books", {}, {"books": BOOKS})


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("How many copies of Salt are there?", "Salt has 3 copies."),
        ("Who wrote Salt?", "Salt is by Mark Kurlansky."),
        ("Is Salt signed?", "No, Salt is not signed."),
        ("Which genre is it, and who is the author?", "Salt is a history book by Mark Kurlansky."),
    ],
)
def test_what_was_asked_is_answered_and_nothing_else(message: str, text: str) -> None:
    assert told(SHOWN, ("get_book", {"book_id": "B1"}, BOOKS[0]), message=message) == text


def test_nothing_left_is_said_as_such() -> None:
    asked = "How many copies are there?"
    assert told(SHOWN, ("get_book", {"book_id": "B2"}, BOOKS[1]), message=asked) == "Pachinko has no copies left."


def test_a_change_is_confirmed_by_name_with_what_is_new() -> None:
    lent = {told(SHOWN, ("lend_book", {"book_id": "B1", "borrower": "Idris Bello"}, LENT), seed=k) for k in range(6)}
    assert lent == {"Salt is lent to Idris Bello, loan number L7, due on 5 April 2026."}


def test_a_thing_without_a_name_is_called_by_whose_it_is() -> None:
    lending = ("lend_book", {"book_id": "B1", "borrower": "Idris Bello"}, {**LENT, "due": "2026-03-22"})
    texts = {told(SHOWN, lending, ("renew_loan", {"loan_id": "L7"}, LENT), seed=seed) for seed in range(6)}
    assert texts == {
        "Idris Bello's loan of Salt is extended. It is now due on 5 April 2026.",
    }
    listing: tuple[str, dict[str, Any], dict[str, Any]] = ("list_claims", {}, {"result": CLAIMS})
    approved = {told(listing, ("approve_claim", {"claim_id": "C1"}, CLAIMS[0]), seed=seed) for seed in range(6)}
    assert approved == {
        "Mei Tanaka's claim of €214.50 for travel is approved.",
    }


def test_a_list_is_counted_and_told_by_what_differs() -> None:
    assert told(("list_claims", {}, {"result": CLAIMS})) == (
        "There are two claims: Mei Tanaka: €214.50 for travel; Ana Sousa: €38 for meals."
    )
    only = ("list_books", {"genre": "history"}, {"books": BOOKS[:1]})
    assert told(only).startswith("There is one history book: Salt")
    assert told(("list_books", {"genre": "poetry"}, {"books": []})) == "There are no poetry books."


def test_of_a_long_list_the_number_and_the_first_are_told() -> None:
    many = [{**BOOKS[0], "book_id": f"B{k}", "title": f"Volume {k}"} for k in range(10, 22)]
    text = told(("list_books", {}, {"books": many}))
    assert text == (
        "There are twelve books. The first five are Volume 10, Volume 11, Volume 12, Volume 13 and Volume 14."
    )


def test_a_single_value_is_told_with_what_it_is() -> None:
    asked = {"amount": 12.5, "source": "EUR", "target": "GBP"}
    assert told(("convert", asked, {"result": 10.6})) == "12.50 EUR is 10.6 GBP."
    assert told(("count_books", {"genre": "history"}, {"result": 1})) == "There is 1 history book."
    assert told(("count_books", {"genre": "history"}, {"result": 4})) == "There are 4 history books."


def _plain(
    description: str, ask: str, parameters: dict[str, Any], returns: dict[str, Any], arguments: Any, result: Any
) -> str:
    """Return what is told of a call of the only tool of a world."""
    spec = spec_from_dict({
        "name": "hall", "id": "Test/Hall-v0", "version": "1.0.0", "summary": "A hall.", "policy": "Be kind.",
        "kinds": {"slot_id": _issued("slot_id")}, "facts": {},
        "tools": {"do": {"description": description, "effect": "write", "parameters": parameters, "returns": returns,
                         "request_templates": [ask]}},
    })  # fmt: skip
    state = new_walk().state
    sources = {f"/{each}": Said(0, "x") for each in arguments}
    step = ExecutedCall(ToolCall("do", arguments), result, state, state, sources, {}, user_requested=True, turn=0)
    return result_told(spec, [step], 0, "", np.random.default_rng(0)).text


DRYER, DONE = {"dryer": TEXT}, {"dryer": TEXT, "ok": {"schema": {"type": "boolean"}}}


@pytest.mark.parametrize(
    ("ask", "text"),
    [
        ("mark {dryer} as repaired", "The dryer is marked as repaired."),
        ("hand {dryer} over to Ada", "The dryer is handed over to Ada."),
        ("record that {dryer} has been paid", "The dryer is recorded as paid."),
        ("check in {dryer}", "The dryer is checked in."),
        ("move {dryer} to A2", "The dryer is moved to A2."),
        ("change {dryer} to 4 people", "The dryer is changed to 4 people."),
        ("add inner tubes to {dryer}", "Inner tubes are added to the dryer."),
        ("switch {dryer} on", "The dryer is switched on."),
        ("turn on {dryer} in the hall", "The dryer is turned on in the hall."),
        ("set up a scene that switches {dryer} on", "A scene that switches the dryer on is set up."),
        ("turn the heating down while {dryer} runs", "The heating is turned down while the dryer runs."),
        ("take 2 of {dryer} out", "2 of the dryer are taken out."),
        ("take 0.50 of {dryer} out", "0.50 of the dryer is taken out."),
        ("put the parts of {dryer} on the list", "The parts of the dryer are put on the list."),
        ("put the lid of {dryer} on the shelf", "The lid of the dryer is put on the shelf."),
        ("delete {dryer} that is set up", "The dryer that is set up is deleted."),
        ("send the owner a reminder of {dryer} by SMS", "A reminder of the dryer is sent to the owner by SMS."),
        ("give {dryer} a discount", "A discount is given to the dryer."),
        ("show the driver the route to {dryer}", "The route to the dryer is shown to the driver."),
        ("lend Ada Okoye 2 of {dryer} for 3 days", "2 of the dryer are lent to Ada Okoye for 3 days."),
        ("send the owner a bill for {dryer}", "A bill for the dryer is sent to the owner."),
        ("dispose of {dryer}", "The dryer is disposed of."),
        ("feed {dryer} with 200 grams", "The dryer is fed with 200 grams."),
        ("take 2 bottles of ink out of {dryer}", "2 bottles of ink are taken out of the dryer."),
        ("send {dryer} a second time", "The dryer a second time is sent."),
        ("send the parcel of the day to {dryer}", "The parcel of the day is sent to the dryer."),
    ],
)
def test_what_is_done_is_told_in_a_whole_sentence(ask: str, text: str) -> None:
    assert _plain("Do it.", ask, DRYER, DONE, {"dryer": "the dryer"}, {"dryer": "x", "ok": True}) == text


@pytest.mark.parametrize(
    ("description", "text", "asked"),
    [
        ("Free bikes", "Harbour has 3 free bikes.", "how many free bikes does it have"),
        ("Number of free bikes.", "Harbour has 3 free bikes.", "how many free bikes does it have"),
        ("How it stands", "Harbour has 3 free.", "how many does it have free"),
        ("", "Harbour has 3 free.", "how many does it have free"),
    ],
)
def test_a_bare_adjective_is_told_with_what_it_counts(description: str, text: str, asked: str) -> None:
    fields = {"name": Field(schema={"type": "string"}),
              "free": Field(schema={"type": "integer"}, description=description)}  # fmt: skip
    things = Things(SPEC, [])
    found = predicate(things, things.shown(fields, {"name": "Harbour", "free": 3}), "free")
    assert found is not None
    assert sentence_of("Harbour", [found]) == text
    assert question(" ".join(counting_words("free", fields["free"])), 3, "it") == asked


def test_what_cannot_be_built_into_a_sentence_is_only_said_to_be_done() -> None:
    told = _plain(
        "Do it.", "record whether {dryer} runs", DRYER, DONE, {"dryer": "the dryer"}, {"dryer": "x", "ok": True}
    )
    assert told in ("That's done.", "Done.")


def test_what_is_made_is_told_with_what_it_costs_and_waits_for_and_without_what_nobody_asked_for() -> None:
    slot = {"slot_id": {"kind": "slot_id"}, "name": TEXT, "program": TEXT, "price_eur": NUMBER,
            "confirmed": {"schema": {"type": "boolean"}}}  # fmt: skip
    parameters = {"name": TEXT, "program": {**TEXT, "default": "cotton"}}
    result = {"slot_id": "S1", "name": "Ada", "program": "cotton", "price_eur": 50, "confirmed": False}
    told = _plain("Do it.", "reserve a slot for {name}", parameters, slot, {"name": "Ada"}, result)
    assert told == "A slot is reserved for Ada, for €50. It is not confirmed yet."


@pytest.mark.parametrize("member", ["tags", "state", "status", "pin", "assignee", "other_id"])
@pytest.mark.parametrize("value", [[], ["late"], [1, ["x"]], {}, {"of": ["late"]}])
def test_members_that_are_lists_or_objects_leave_a_change_told_as_it_is_without_them(member: str, value: Any) -> None:
    row = {"slot_id": {"kind": "slot_id"}, "name": TEXT}
    more = {**row, member: {"schema": {}}}
    plain = _plain("Do it.", "reserve a slot for {name}", {"name": TEXT}, row, {"name": "Ada"},
                   {"slot_id": "S1", "name": "Ada"})  # fmt: skip
    with_it = _plain("Do it.", "reserve a slot for {name}", {"name": TEXT}, more, {"name": "Ada"},
                     {"slot_id": "S1", "name": "Ada", member: value})  # fmt: skip
    assert with_it == plain
    lent = ("lend_book", {"book_id": "B1", "borrower": "Idris Bello"}, LENT)
    again = ("renew_loan", {"loan_id": "L7"}, {**LENT, member: value})
    assert "Idris Bello" in told(SHOWN, lent, again)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("days_left", 14, "14 days left"), ("days_left", 1, "1 day left"), ("in_stock", 57, "57 in stock"),
        ("hours_this_month", 11, "11 hours this month"), ("amount_due_eur", 130.0, "€130"), ("sort", "in_repair",
                                                                                             "in repair"),
    ],
)  # fmt: skip
def test_numbers_and_states_are_said_with_grammar(name: str, value: Any, text: str) -> None:
    assert said(SPEC, name, {name: value}, {}) == text


def test_of_one_row_all_is_told_that_says_which_it_is() -> None:
    hire = {"result": [{"loan_id": "L7", "book_id": "B9", "borrower": "Idris Bello", "due": "2026-04-05"}]}
    spec_tool = SPEC.tools["renew_loan"]
    tools = {**SPEC.tools, "list_loans": msgspec.structs.replace(
        spec_tool, name="list_loans", description="List loans.", effect="read", parameters={},
        returns={"result": Field(array=Field(object=dict(spec_tool.returns)))})}  # fmt: skip
    state = new_walk().state
    step = ExecutedCall(ToolCall("list_loans", {}), hire, state, state, {}, {}, user_requested=True, turn=0)
    spec = msgspec.structs.replace(SPEC, tools=tools)
    text = result_told(spec, [step], 0, "show me the loans", np.random.default_rng(0)).text
    assert text == "There is one loan: Idris Bello, number L7, due on 5 April 2026."


def test_a_thing_that_was_arranged_is_named_by_what_it_is_for() -> None:
    pickup = {"slot_id": {"kind": "slot_id"}, "collected_by": TEXT, "access_code": TEXT,
              "with_seat": {"schema": {"type": "boolean"}}}  # fmt: skip
    result = {"slot_id": "P1", "collected_by": "Ruth", "access_code": "4711", "with_seat": False}
    told = _plain("Do it.", "arrange a pickup by {collected_by}", {"collected_by": TEXT}, pickup,
                  {"collected_by": "Ruth"}, result)  # fmt: skip
    assert told == "A pickup is arranged by Ruth, slot number P1, access code 4711."


SLOTS: dict[str, Any] = {"slot_id": {"kind": "slot_id"}, "name": TEXT, "seats": NUMBER, "total_eur": NUMBER,
                         "delivery": TEXT, "towels": {"schema": {"type": "boolean"}}}  # fmt: skip


@pytest.mark.parametrize(
    ("member", "value", "text"),
    [
        ("delivery", "email", "A slot is reserved for Ada with delivery by email, number S1."),
        ("delivery", "velvet", "A slot is reserved for Ada, number S1."),
        ("total_eur", 240.0, "A slot is reserved for Ada, number S1, for €240 in all."),
        ("towels", True, "A slot is reserved for Ada with towels, number S1."),
        ("towels", False, "A slot is reserved for Ada, number S1."),
        ("seats", 4, "A slot is reserved for Ada, number S1."),
    ],
)
def test_what_comes_back_goes_on_in_the_sentence_or_is_left_out(member: str, value: Any, text: str) -> None:
    returns = {"slot_id": SLOTS["slot_id"], "guest": TEXT, member: SLOTS[member]}
    parameters = {"guest": TEXT, "seats": {**NUMBER, "default": 4}}
    result = {"slot_id": "S1", "guest": "Ada", member: value}
    assert _plain("Do it.", "reserve a slot for {guest}", parameters, returns, {"guest": "Ada"}, result) == text


def test_rows_that_read_alike_are_told_apart_by_their_numbers_alone() -> None:
    alike = [{**BOOKS[0], "book_id": key} for key in ("B1", "B7")]
    text = told(("list_books", {}, {"books": alike}))
    assert "number B1" in text
    assert "number B7" in text
    assert "number" not in told(SHOWN)


@pytest.mark.parametrize(
    ("ask", "member", "value", "text"),
    [
        ("send a note about {dryer}", "sent_to", "Ada", "A note about the dryer is sent. It was sent to Ada."),
        ("hand {dryer} over to Ada", "total", 54.0, "The dryer is handed over to Ada, for a total of 54."),
        ("give {dryer} back", "fee", 6.5, "The dryer is given back, at a fee of 6.50."),
    ],
)
def test_one_value_that_a_change_gives_is_told_once(ask: str, member: str, value: Any, text: str) -> None:
    returns = {member: NUMBER if isinstance(value, float) else TEXT}
    assert _plain("Do it.", ask, DRYER, returns, {"dryer": "the dryer"}, {member: value}) == text


@pytest.mark.parametrize(
    ("description", "member", "value", "text"),
    [
        ("Tell how much it costs to send a parcel, in euros.", "price", 12, "It costs €12."),
        ("Tell how much a guest still owes.", "balance", 40, "The balance is 40."),
        ("How many seats are left for a show.", "result", 12, "There are 12 seats left."),
        ("Tell how many seats are left for a show.", "result", 1, "There is 1 seat left."),
        ("Tell what a stay costs, in euros.", "result", 162, "It costs €162."),
        ("Tell how much a guest still owes.", "result", 40, "It comes to 40."),
    ],
)
def test_a_question_is_answered_in_its_own_words(description: str, member: str, value: int, text: str) -> None:
    spec = spec_from_dict({
        "name": "hall", "id": "Test/Hall-v0", "version": "1.0.0", "summary": "A hall.", "policy": "Be kind.",
        "kinds": {}, "facts": {},
        "tools": {"get": {"description": description, "effect": "read", "parameters": {"show": TEXT},
                          "returns": {member: COUNT}}},
    })  # fmt: skip
    state = new_walk().state
    sources = {"/show": Said(0, "x")}
    step = ExecutedCall(
        ToolCall("get", {"show": "x"}), {member: value}, state, state, sources, {}, user_requested=True, turn=0
    )
    assert result_told(spec, [step], 0, "", np.random.default_rng(0)).text == text


def test_whether_something_is_on_is_told_whatever_it_is_called() -> None:
    row = {"name": TEXT, "room": TEXT, "on": {"schema": {"type": "boolean"}}}
    spec = spec_from_dict({
        "name": "home", "id": "Test/Home-v0", "version": "1.0.0", "summary": "A home.", "policy": "Be kind.",
        "kinds": {}, "facts": {},
        "tools": {"list_devices": {"description": "List every device and whether it is on.", "effect": "read",
                                   "parameters": {}, "returns": {"result": {"array": {"object": row}}}}},
    })  # fmt: skip
    rows = [
        {"name": "Coffee machine", "room": "kitchen", "on": False},
        {"name": "Porch light", "room": "hall", "on": True},
    ]
    state = new_walk().state
    call = ToolCall("list_devices", {})
    step = ExecutedCall(call, {"result": rows}, state, state, {}, {}, user_requested=True, turn=0)
    text = result_told(spec, [step], 0, "which devices are there?", np.random.default_rng(0)).text
    assert text == "There are two devices: Coffee machine (kitchen, off); Porch light (hall, on)."


def test_a_message_that_it_is_done_is_no_news() -> None:
    text = _plain("Add a note.", "add {dryer}", DRYER, {"result": TEXT}, {"dryer": "x"}, {"result": "Note 4 was added"})
    assert text == "X is added."


def test_what_is_made_waits_without_anybody_saying_so() -> None:
    made = {"slot_id": {"kind": "slot_id"}, "status": TEXT}
    result = {"slot_id": "S4", "status": "waiting"}
    assert "waiting" not in _plain("Book.", "book {dryer} in", DRYER, made, {"dryer": "x"}, result)


@pytest.mark.parametrize(("noun", "text"), [("ticket_id", "comes to 12"), ("claim_id", "is over 12")])
def test_only_what_is_owed_is_over_an_amount(noun: str, text: str) -> None:
    row = {noun: {"kind": noun}, "amount": NUMBER}
    spec = spec_from_dict({
        "name": "hall", "id": "Test/Hall-v0", "version": "1.0.0", "summary": "A hall.", "policy": "Be kind.",
        "kinds": {noun: _issued(noun)}, "facts": {}, "tools": {"get": _tool("Get one.", "read", {}, row, "show it")},
    })  # fmt: skip
    things = Things(spec, [])
    thing = things.shown(spec.tools["get"].returns, {noun: "T1", "amount": 12.0})
    found = predicate(things, thing, "amount")
    assert found is not None
    assert f"{found.verb} {found.rest}" == text


def test_a_unit_stands_behind_its_number_and_where_something_goes_before_its_name() -> None:
    row = {"slot_id": {"kind": "slot_id"}, "name": TEXT, "goal": COUNT, "unit": TEXT, "to_port": TEXT, "lent_to": TEXT,
           "quantity": COUNT}  # fmt: skip
    spec = spec_from_dict({
        "name": "hall", "id": "Test/Hall-v0", "version": "1.0.0", "summary": "A hall.", "policy": "Be kind.",
        "kinds": {"slot_id": _issued("slot_id")}, "facts": {},
        "tools": {"get": _tool("Get one.", "read", {}, row, "show it")},
    })  # fmt: skip
    things = Things(spec, [])
    thing = things.shown(
        spec.tools["get"].returns,
        {
            "slot_id": "S1",
            "name": "Read",
            "goal": 20,
            "unit": "pages",
            "to_port": "Aran",
            "lent_to": "Ada",
            "quantity": 1,
        },
    )
    told = {name: found.bare if (found := piece_of(things, thing, name)) else None for name in row}
    assert (told["goal"], told["unit"], told["quantity"]) == ("goal 20 pages", None, None)
    assert (told["to_port"], told["lent_to"]) == ("to Aran", "lent to Ada")


def test_what_was_paid_is_said_as_such() -> None:
    tool = {"paid": {"schema": {"type": "number"}, "description": "in EUR"}}
    assert _plain("Check out.", "check {dryer} out", DRYER, tool, {"dryer": "x"}, {"paid": 72}).endswith(
        "€72 was paid."
    )
