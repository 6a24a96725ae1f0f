"""Orders for so much of something, one deed at a time, and whose sort is said as people say it.

1. How much there is stands before what, whatever the description calls it.
2. What an order brings about besides, and by what its thing is found, is not asked for.
3. Which of a sort is meant follows its owner without the word for the sort.
4. What stands for people, goods and stays is said as people say it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fr_envs.adapters.words.naming import pointed_at
from fr_envs.adapters.words.values.plausible import plausible_texts
from fr_envs.adapters.words.wording import worded
from fr_envs.contract.loading import spec_from_dict

if TYPE_CHECKING:
    from fr_envs.contract.spec import DomainSpec

TEXT = {"schema": {"type": "string"}}
MUCH = {"schema": {"type": "number"}}
GOODS = {"schema": {"type": "string"}, "origin": "named", "description": "What.", "examples": ["rice", "tea bags"]}
ISSUED = {"schema": {"type": "string"}, "origin": "issued", "description": "Which."}
LISTED = {"result": {"array": {"object": {"house_id": {"kind": "house_id"}, "surname": TEXT}}}}


def asked(description: str, parameters: dict[str, Any], effect: str = "write", name: str = "do_it") -> str:
    made = {"description": description, "effect": effect, "parameters": parameters, "returns": {"x": TEXT}}
    jobs = {"result": {"array": {"object": {"job_id": {"kind": "job_id"}, "what": TEXT}}}}
    shown = {"description": "List jobs.", "effect": "read", "parameters": {}, "returns": jobs}
    return spec({name: made, "list_jobs": shown}).tools[name].request_templates[0]


def spec(tools: dict[str, Any]) -> DomainSpec:
    houses = {"description": "List families.", "effect": "read", "parameters": {}, "returns": LISTED}
    return worded(
        spec_from_dict({
            "name": "shed", "id": "Test/Shed-v0", "version": "1.0.0", "summary": "A shed.", "policy": "Be kind.",
            "kinds": {"item": GOODS, "house_id": ISSUED, "job_id": ISSUED}, "facts": {},
            "tools": {**tools, "list_families": houses},
        })
    )  # fmt: skip


@pytest.mark.parametrize(
    ("description", "asks"),
    [
        ("Order more of an item.", "order {quantity} {item}"),
        ("Hand out goods.", "hand out {quantity} {item}"),
        ("Take a quantity of an item out of stock.", "take {quantity} {item} out of stock"),
        ("Register a donation of goods.", "register a donation of {quantity} {item}"),
    ],
)
def test_how_much_stands_before_what(description: str, asks: str) -> None:
    assert asked(description, {"item": {"kind": "item"}, "quantity": MUCH}) == asks


def test_a_unit_that_a_description_tells_comes_in_between() -> None:
    weighed = {**MUCH, "description": "How much, in kg."}
    asks = asked("Order more of an item.", {"item": {"kind": "item"}, "quantity": weighed})
    assert asks == "order {quantity} kg of {item}"


@pytest.mark.parametrize(
    ("description", "asks"),
    [
        ("Close a job and work out the bill.", "close {job_id}"),
        ("Print a job that is in the queue.", "print {job_id}"),
        ("Delete a job by its id.", "delete {job_id}"),
    ],
)
def test_one_deed_is_asked_for(description: str, asks: str) -> None:
    assert asked(description, {"job_id": {"kind": "job_id"}}) == asks


def test_hours_of_work_are_work() -> None:
    hours = {**MUCH, "description": "Hours of work."}
    assert asked("Close a job.", {"job_id": {"kind": "job_id"}, "hours": hours}).endswith("with {hours} hours of work")


def test_one_way_or_its_contrary_is_marked_as_chosen() -> None:
    chosen = {"schema": {"enum": ["paused", "active"], "type": "string"}}
    asks = asked("Pause a job or make it active again.", {"job_id": {"kind": "job_id"}, "status": chosen})
    assert asks == "mark {job_id} as {status}"


def test_what_belongs_to_a_sort_is_set_to_a_sum() -> None:
    sort = {"schema": {"enum": ["food", "fun"], "type": "string"}}
    asks = asked("Set the monthly budget of a category in USD.", {"category": sort, "monthly_limit": MUCH})
    assert asks == "set the monthly budget for {category} to ${monthly_limit}"


def test_a_stay_is_from_when_to_when() -> None:
    day = {"schema": {"type": "string", "format": "date"}}
    asks = asked("Reserve a berth.", {"berth": TEXT, "arrival": day, "departure": day})
    assert asks == "reserve {berth} from {arrival} to {departure}"


@pytest.mark.parametrize(
    ("description", "asks"),
    [
        ("Jobs that are still open, with parts.", "which jobs are still open?"),
        ("Hires that have not come back yet.", "which hires have not come back yet?"),
        ("List all pills with dose, schedule and number left.", "which pills are there?"),
        ("Returns all goods with the stock of each.", "which goods are there?"),
    ],
)
def test_a_list_is_asked_for_without_its_columns(description: str, asks: str) -> None:
    row = {"result": {"array": {"object": {"x": TEXT}}}}
    made = {"description": description, "effect": "read", "parameters": {}, "returns": row}
    assert spec({"look": made}).tools["look"].request_templates[0] == asks


def test_a_family_goes_by_its_name() -> None:
    taken = {"description": "Visit a family.", "effect": "write", "parameters": {"family_id": {"kind": "house_id"}},
             "returns": {"x": TEXT}}  # fmt: skip
    found = spec({"visit": taken}).kinds["house_id"].references
    assert [each.text for each in found] == ["the {surname} family"]


def test_whoever_a_word_ends_as_is_a_person() -> None:
    assert " " in plausible_texts("skier")[0]
    assert plausible_texts("boiler") == ()


@pytest.mark.parametrize(
    ("description", "parameters", "asks"),
    [
        ("Switch the light of a lamp on or off.", {"lamp": TEXT, "light": ["on", "off"]},
         "switch the light of {lamp} {light}"),
        ("Put a new job in the queue.", {"document": TEXT, "copies": {"schema": {"type": "integer"}}},
         "put a new job in the queue with {copies} copies of {document}"),
        ("Customer collects a parcel and pays for it.", {"parcel": TEXT}, "collect {parcel}"),
        ("Change the price per metre of a fabric (euros).", {"fabric": TEXT, "price_per_metre": MUCH},
         "change the price per metre of {fabric} to €{price_per_metre}"),
        ("Translate a page.", {"page": TEXT, "source": TEXT, "target": TEXT},
         "translate {page} from {source} to {target}"),
        ("Log a run.", {"distance_km": MUCH, "route": TEXT}, "log a run over {distance_km} km along the {route}"),
        ("Take an order from a shop.", {"shop": TEXT, "cheese": TEXT, "wheels": {"schema": {"type": "integer"}}},
         "take an order from {shop} for {wheels} wheels of {cheese}"),
        ("Pay out money from a child's savings (USD).", {"child": ["Mia", "Leo"], "amount": MUCH},
         "pay out ${amount} from {child}'s savings"),
        ("Mark a chore as done and pay the reward out.", {"chore": TEXT}, "mark {chore} as done"),
        ("Set the price of a cheese, in EUR per kg.", {"cheese": TEXT, "price_per_kg": MUCH},
         "set the price of {cheese} to €{price_per_kg}"),
        ("Rate a cook from 1 to 5 stars.", {"cook": TEXT, "stars": {"schema": {"type": "integer"}}},
         "rate {cook} with {stars} stars"),
        ("Request a grant.", {"amount": {**MUCH, "description": "EUR"}}, "request a grant of €{amount}"),
        ("Play a song.", {"song": TEXT, "show": TEXT}, "play {song} from {show}"),
        ("Rate a cook.", {"cook": TEXT, "stars": {"schema": {"type": "integer"}}}, "rate {cook} with {stars} stars"),
    ],
)  # fmt: skip
def test_choices_copies_and_prices_stand_where_people_put_them(
    description: str, parameters: dict[str, Any], asks: str
) -> None:
    given = {name: {"schema": {"enum": told, "type": "string"}} if isinstance(told, list) else told
             for name, told in parameters.items()}  # fmt: skip
    assert asked(description, given) == asks


@pytest.mark.parametrize(
    ("description", "asks"),
    [
        ("Tells how many metres of it are left.", "how many metres of it are left?"),
        ("What it would cost to print so many pages.", "what would it cost to print pages?"),
    ],
)
def test_a_question_is_asked_outright(description: str, asks: str) -> None:
    assert asked(description, {}, effect="read") == asks


def test_what_stands_somewhere_is_pointed_at_by_where() -> None:
    assert pointed_at("charger", "location", "{location}") == "the charger at {location}"
    assert pointed_at("order", "deliver_on", "{deliver_on}") == "the order for {deliver_on}"


def test_a_weight_stands_before_what_is_weighed() -> None:
    buyer = {**TEXT, "description": "Name of the member."}
    given = {"item": {"kind": "item"}, "kg": MUCH, "buyer": buyer}
    assert asked("Sell an item to a member of the club.", given) == "sell {kg} kg of {item} to {buyer}"
