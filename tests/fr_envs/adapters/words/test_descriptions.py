"""What descriptions say of tools and arguments: questions, units, names, and things that nothing stands for.

1. A description that puts a question is asked as that question, direct or after "tell me", and never as "what's which".
2. An order is about the thing that its tool takes, wherever its description leaves that out.
3. A number is said in the unit that its description names.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from fr_envs.adapters.lists.tool_lists import spec_from_tools
from fr_envs.adapters.words.values.plausible import plausible_texts
from fr_envs.adapters.words.wording import worded
from fr_envs.contract.spec import DomainSpec, Field, Kind

TEXT = {"type": "string"}
NUMBER = {"type": "number"}
WHOLE = {"type": "integer"}


def first(name: str, description: str, required: dict[str, Any]) -> str:
    schema = {"type": "object", "properties": required, "required": list(required)}
    tool = {"name": name, "description": description, "parameters": schema}
    return worded(spec_from_tools([tool], name="world")).tools[name].request_templates[0]


@pytest.mark.parametrize(
    ("name", "description", "required", "asks"),
    [
        ("get_classes", "Tell which classes there are this week.", {}, "which classes are there this week?"),
        ("get_bookings", "Tell what a member has booked.", {"member": TEXT}, "what has {member} booked?"),
        ("get_warmth", "Tells how warm a room is, in degrees.", {"room": TEXT}, "how warm is {room}?"),
        ("get_due", "Which loans are due up to a certain day?", {"until": TEXT}, "which loans are due until {until}?"),
        ("get_owner", "Tell who a bike belongs to.", {"bike": TEXT}, "who does {bike} belong to?"),
        ("get_price", "Find out how much it costs to send a parcel.", {"city": TEXT},
         "how much does it cost to send a parcel to {city}?"),
        ("read_gauge", "Read the water level of a tank in percent.", {"tank": TEXT},
         "what's the water level of {tank}?"),
        ("list_pumps", "List every pump with its site and whether it runs.", {}, "which pumps are there?"),
    ],
)  # fmt: skip
def test_what_can_be_asked_is_asked(name: str, description: str, required: dict[str, Any], asks: str) -> None:
    assert first(name, description, required) == asks


@pytest.mark.parametrize(
    ("name", "description", "required", "asks"),
    [
        ("set_timer", "Set when and how long a pump runs.", {"pump": TEXT, "start_time": TEXT, "minutes": WHOLE},
         "set the timer for {pump} to {start_time} for {minutes} minutes"),
        ("create_scene", "Set up a scene that switches several lamps on.", {"scene": TEXT},
         "set up a scene called {scene} that switches several lamps on"),
        ("light", "Switch some lamps on.",
         {"lamps": {"type": "array", "items": {"type": "string", "examples": ["Reading lamp", "Porch light"]}}},
         "switch the {lamps} on"),
        ("dim", "Set the brightness of a lamp.",
         {"device_name": {**TEXT, "description": "Name of the lamp."},
          "brightness": {**WHOLE, "description": "Percent, from 0 to 100."}},
         "set the brightness of {device_name} to {brightness} percent"),
        ("pay", "Record a payment towards a bill.",
         {"bill": TEXT, "amount": {**NUMBER, "description": "Amount in euros."}},
         "record a payment of €{amount} towards {bill}"),
        ("join", "Sign up a member.", {"member": TEXT, "plan": {"enum": ["basic", "plus"]}},
         "sign up {member} on the {plan} plan"),
        ("tag_photo", "Add a tag to a photo.", {"tag": TEXT, "photo": TEXT}, 'add the tag "{tag}" to {photo}'),
        ("renew_permit", "Renew a permit until a later day.", {"permit": TEXT, "due_date": TEXT},
         "renew {permit} until {due_date}"),
    ],
)  # fmt: skip
def test_an_order_is_about_what_its_tool_takes(
    name: str, description: str, required: dict[str, Any], asks: str
) -> None:
    assert first(name, description, required) == asks


def issued(kind: str, description: str, tool_name: str = "act") -> DomainSpec:
    """Return a contract with one tool, which takes an identifier that is given out."""
    name = kind
    schema = {"type": "object", "properties": {name: TEXT}, "required": [name]}
    spec = spec_from_tools([{"name": tool_name, "description": description, "parameters": schema}], name="world")
    parameters = {name: msgspec.structs.replace(spec.tools[tool_name].parameters[name], field=Field(kind=kind))}
    tool = msgspec.structs.replace(spec.tools[tool_name], parameters=parameters)
    return msgspec.structs.replace(spec, kinds={kind: Kind(kind, TEXT, "issued", "One.")}, tools={tool_name: tool})


@pytest.mark.parametrize(
    ("kind", "description", "asks"),
    [
        ("loan_id", "Take a lent book back.", "take {loan_id} back"),
        ("loan_id", "Return a book.", "return {loan_id}"),
        ("order_id", "Issue a refund.", "issue a refund for {order_id}"),
    ],
)
def test_what_is_over_is_the_thing_itself(kind: str, description: str, asks: str) -> None:
    assert worded(issued(kind, description)).tools["act"].request_templates[0] == asks


def test_a_tracking_number_is_that_of_the_thing_that_its_tools_are_about() -> None:
    spec = worded(issued("tracking_number", "Tell where a parcel is.", "get_parcel"))
    assert spec.kinds["tracking_number"].anaphora[0] == "that parcel"
    assert spec.tools["get_parcel"].request_templates[0] == "where is {tracking_number}?"


def test_a_full_name_is_that_of_a_person_whatever_it_belongs_to() -> None:
    assert plausible_texts("full_name", "record") == plausible_texts("borrower")
    assert plausible_texts("first_name", "record")[0] == "Amara"
