"""Words of foreign contracts.

1. What a person has written stays; only what is missing is filled in, and doing it twice changes nothing.
2. Every contract with words is one that `funreason spec check` accepts, whatever the tools are called and say.
3. A request holds a place for every required argument, and none twice.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_envs.adapters.lists.tool_lists import spec_from_tools
from fr_envs.adapters.simulated.world import simulated_contract
from fr_envs.adapters.words.grammar.phrases import phrase_of, shared_beginning
from fr_envs.adapters.words.naming import pointed_at
from fr_envs.adapters.words.wording import worded
from fr_envs.contract.loading import spec_from_dict
from fr_envs.contract.spec import PLACEHOLDER, ToolSpec
from fr_envs.contract.writing import contract_data
from tests.rounds import rounds


def tool(description: str, required: dict[str, Any], optional: dict[str, Any] | None = None, name: str = "tool") -> Any:
    properties = {**required, **(optional or {})}
    return {
        "name": name,
        "description": description,
        "parameters": {"type": "object", "properties": properties, "required": list(required)},
    }


def made(*tools: Any) -> ToolSpec:
    return next(iter(worded(spec_from_tools(list(tools), name="world")).tools.values()))


TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("name", "description", "required", "asks"),
    [
        ("add_stock", "Adds a stock to the watchlist.", {"stock": TEXT}, "add {stock} to the watchlist"),
        ("get_zip", "Retrieve the zip code of a city. Slowly.", {"city": TEXT}, "what's the zip code of {city}?"),
        ("open_ticket", "Open a ticket", {"title": TEXT, "level": TEXT},
         'open a ticket called "{title}" at {level} level'),
        ("cancel", "Cancel an order.", {"order_id": {"type": "integer"}}, "cancel order {order_id}"),
        ("trading_logout", "The way out.", {}, "do the trading logout"),
        ("remove", "Remove a file or directory.", {"file_name": TEXT},
         "remove a file or directory called {file_name}"),
        ("set_lamp", "Switch a lamp.", {"lamp": TEXT, "on": {"type": "boolean"}}, None),
        ("set_any", "Set anything.", {"what": {}}, None),
        ("move", "Move it.", {"way": {"enum": ["up", "down"]}}, "move it with {way} way"),
    ],
)  # fmt: skip
def test_a_request_is_made_of_name_and_description(
    name: str, description: str, required: dict[str, Any], asks: str | None
) -> None:
    found = made(tool(description, required, name=name)).request_templates
    assert found[:1] == (() if asks is None else (asks,))


def test_what_all_descriptions_begin_with_is_left_out() -> None:
    texts = ["This tool is of the bank. Text: Open a box.", "This tool is of the bank. Text: Close a box."]
    assert shared_beginning(texts) == len("This tool is of the bank. Text: ")
    assert shared_beginning(texts[:1]) == 0
    assert made(*(tool(text, {}, name=f"t{k}") for k, text in enumerate(texts))).request_templates == ("open a box",)


def test_optional_arguments_are_said_where_they_can_be() -> None:
    optional = {
        "limit": {"type": "integer", "default": 5},
        "deep": {"type": "boolean"},
        "quiet": {"type": "boolean", "default": True},
        "tags": {"type": "array", "items": TEXT},
    }
    clauses = {name: p.clause for name, p in made(tool("List the boxes.", {}, optional)).parameters.items()}
    assert clauses == {
        "limit": "but at most {}",
        "deep": None,
        "quiet": None,
        "tags": None,
    }


CONTRACT: Any = {
    "name": "shelf", "id": "FunReason/Shelf-v0", "summary": "A shelf.", "policy": "Be kind.", "facts": {},
    "kinds": {"book_id": {"schema": {"type": "string"}, "origin": "issued", "description": "A book."}},
    "tools": {
        "list_books": {
            "description": "List the books.", "parameters": {}, "effect": "read",
            "returns": {
                "books": {"array": {"object": {
                    "book_id": {"kind": "book_id"}, "title": {"schema": TEXT}, "parts": {"array": {"schema": TEXT}},
                }}},
                "total": {"schema": {"type": "integer"}},
            },
        },
        "find_shelf": {
            "description": "Get the number of the shelf.", "effect": "read", "parameters": {"room": {"schema": TEXT}},
            "returns": {"book_id": {"kind": "book_id"}},
        },
        "lend": {
            "description": "Lend a book.", "parameters": {"book_id": {"kind": "book_id"}}, "effect": "write",
            "returns": {"days": {"schema": {"type": "integer"}}, "due": {"schema": TEXT}},
            "request_templates": ["I take {book_id}"],
        },
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("description", "ways", "asks", "clause"),
    [
        ("Sends the owner a reminder by SMS or e-mail.", ["sms", "email"], "send the owner a reminder",
         {"sms": "by SMS", "email": "by e-mail"}),
        ("Send a note by post, fax, or phone to the owner.", ["fax", "phone", "post"], "send a note to the owner",
         {"fax": "by fax", "phone": "by phone", "post": "by post"}),
        ("Send a note by post or fax to the owner.", ["fax", "post", "phone"],
         "send a note by post or fax to the owner", None),
    ],
)  # fmt: skip
def test_of_several_ways_the_one_that_is_taken_is_said(
    description: str, ways: list[str], asks: str, clause: dict[str, str] | None
) -> None:
    channel = {"channel": {"type": "string", "enum": ways}}
    optional = made(tool(description, {}, channel))
    assert optional.request_templates[0] == asks
    told = optional.parameters["channel"].clause
    assert told == clause if clause else not isinstance(told, dict)


def test_a_way_that_must_be_chosen_has_its_place_where_the_ways_are_listed() -> None:
    channel = {"channel": {"type": "string", "enum": ["fax", "post"]}}
    found = made(tool("Send a note by post or fax to the owner.", channel)).request_templates[0]
    assert found == "send a note by {channel} to the owner"


def test_kinds_are_pointed_at_and_results_told() -> None:
    spec = worded(spec_from_dict(CONTRACT))
    kind = spec.kinds["book_id"]
    assert kind.anaphora == ("that book", "the book", "it")
    assert [each.text for each in kind.references] == ["{title}"]
    assert spec.tools["lend"].request_templates == ("I take {book_id}",)
    assert spec.tools["lend"].response_templates == (), "results are told by what the contract says of them"
    assert spec.tools["find_shelf"].nouns == {"book_id": ("the number of the shelf in {room}",)}


def test_words_come_once_and_pass_the_check() -> None:
    spec = worded(spec_from_dict(CONTRACT))
    assert worded(spec) == spec
    assert spec_from_dict(contract_data(spec)).tools["lend"].request_templates == spec.tools["lend"].request_templates


DATE = {"type": "string", "format": "date"}
COUNT = {"type": "integer"}


@pytest.mark.parametrize(
    ("name", "description", "required", "asks"),
    [
        ("water_bed", "Water a bed.", {"bed": TEXT, "litres": COUNT}, "water {bed} with {litres} litres"),
        ("sow", "Sow something in a bed.", {"bed": TEXT, "plant": TEXT}, "sow {plant} in {bed}"),
        ("set_status", "Set the status of a ticket.", {"ticket": TEXT, "status": TEXT},
         "set the status of {ticket} to {status}"),
        ("change_nights", "Change the number of nights of a stay.", {"stay": TEXT, "nights": COUNT},
         "change {stay} to {nights} nights"),
        ("search_rooms", "Search rooms in a city for given dates", {"city": TEXT, "check_in": DATE, "check_out": DATE},
         "which rooms are there in {city} from {check_in} until {check_out}?"),
        ("search_flights", "Search flights between two airports.", {"origin": TEXT, "destination": TEXT},
         "which flights are there from {origin} to {destination}?"),
        ("book", "Book a room.", {"room": TEXT, "guest_name": TEXT, "nights": COUNT},
         "book {room} for {guest_name} for {nights} nights"),
        ("move_visit", "Move a visit to another day.", {"visit": TEXT, "day": DATE}, "move {visit} to {day}"),
        ("find", "Find a pet by its id.", {"pet": TEXT}, "find {pet}"),
        ("renew_loan", "Extend a loan by some weeks.", {"loan": TEXT}, "extend {loan}"),
        ("sum_up", "Sum up the claims of a category.", {"category": {"enum": ["meals", "travel"], "type": "string"}},
         "sum up the claims for {category}"),
        ("send", "Send a note.", {"price_eur": {"type": "number"}}, "send a note at {price_eur} EUR"),
    ],
)  # fmt: skip
def test_values_stand_where_people_put_them(name: str, description: str, required: dict[str, Any], asks: str) -> None:
    assert made(tool(description, required, name=name)).request_templates[0] == asks


def test_a_handle_takes_the_place_of_its_whole_compound() -> None:
    tools = dict(CONTRACT["tools"], approve={
        "description": "Approve a book claim, giving a reason.", "effect": "write", "returns": {},
        "parameters": {"book_id": {"kind": "book_id"}, "reason": {"schema": TEXT}},
    })  # fmt: skip
    spec = worded(spec_from_dict({**CONTRACT, "tools": tools}))
    assert spec.tools["approve"].request_templates == ("approve {book_id} for {reason}",)


SCHEMAS = st.sampled_from([TEXT, {"type": "integer"}, {"type": "boolean"}, {"enum": ["a", "b"]}, {}, {"type": "array"}])
NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,12}", fullmatch=True)


@pytest.mark.slow
@settings(max_examples=rounds(25, 500), deadline=None)
@given(
    st.dictionaries(NAMES, st.tuples(st.text(max_size=60), st.dictionaries(NAMES, SCHEMAS, max_size=3)), min_size=1,
                    max_size=3)
)  # fmt: skip
def test_any_tools_get_words_that_a_contract_takes(tools: dict[str, tuple[str, dict[str, Any]]]) -> None:
    listed = [tool(text, schemas, name=name) for name, (text, schemas) in tools.items()]
    spec = worded(spec_from_tools(listed, name="world"))
    assert worded(spec_from_dict(contract_data(spec))).tools.keys() == spec.tools.keys()
    for each in spec.tools.values():
        for text in each.request_templates:
            assert sorted(PLACEHOLDER.findall(text)) == sorted(p.name for p in each.parameters.values() if p.required)


def test_a_long_description_gives_way_to_the_name() -> None:
    assert phrase_of("list_books", f"List {'very ' * 40}old books.").order == "list books"
    assert phrase_of("_", "").order == "do the _"


@pytest.mark.parametrize(
    ("tools", "asks"),
    [
        ([("set_condition", "Set the condition of a coat.", {"coat_id": TEXT, "condition": {"enum": ["good", "torn"]}}),
          ("list_coats", "List the coats.", {})], "mark {coat_id} as {condition}"),
        ([("change_desk", "Change the desk of a viewing.", {"viewing_id": TEXT, "desk_id": TEXT}),
          ("list_viewings", "List the viewings.", {}), ("list_desks", "List the desks.", {}),
          ("add_viewing", "Add a viewing.", {"title": TEXT})], "change the desk of {viewing_id} to {desk_id}"),
        ([("change_check_out", "Change the check-out day of a stay.", {"stay_id": TEXT, "check_out": TEXT}),
          ("list_stays", "List the stays.", {})], "change the check-out day of {stay_id} to {check_out}"),
        ([("order_tickets", "Order tickets for an event.", {"event_id": TEXT, "seats": {"type": "integer"}}),
          ("list_events", "List the events.", {})], "order {seats} tickets for {event_id}"),
    ],
)  # fmt: skip
def test_what_changes_and_what_is_counted_stand_in_plain_places(tools: list[Any], asks: str) -> None:
    listed = [tool(description, required, name=name) for name, description, required in tools]
    spec = worded(simulated_contract(spec_from_tools(listed, name="world")))
    assert next(iter(spec.tools.values())).request_templates == (asks,)


@pytest.mark.parametrize(
    ("description", "asks"),
    [
        ("List the pickers.", "show me the list of pickers"),
        ("List the bookings.", "show me the list of bookings"),
        ("List the lamps.", "which lamps are there?"),
    ],
)
def test_people_and_what_was_arranged_are_shown_as_lists(description: str, asks: str) -> None:
    rows = {"type": "object", "properties": {"rows": {"type": "array", "items": {
        "type": "object", "properties": {"name": TEXT}}}}}  # fmt: skip
    found = made({**tool(description, {}, name="list_all"), "output_schema": rows}).request_templates
    assert found[0] == asks
    assert not any("do you have" in ask for ask in found)


def test_a_thing_without_a_name_is_pointed_at_by_whose_it_is() -> None:
    assert pointed_at("stay", "dog_name", "{}") == "{}'s stay"
    assert pointed_at("session", "band", "{}") == "the session for {}"
    assert pointed_at("booking", "observer", "{}") == "{}'s booking"
    assert pointed_at("booking", "helmet_size", "{}") == "the booking with the helmet size {}"
