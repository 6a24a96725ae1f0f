"""Kinds that an inference has found, set right by their words.

1. A bare ``id`` of what a tool speaks of is the identifier that another takes, and the same name is the same kind.
2. Numbers and times are no kinds: that two are equal is chance, or an echo.
3. An identifier that a tool gives is issued; every tool stays within reach.
"""

from typing import Any

from fr_envs.adapters.kinds import settled
from fr_envs.contract.loading import spec_from_dict

TEXT: Any = {"schema": {"type": "string"}}
NUMBER: Any = {"schema": {"type": "integer"}}
DAY: Any = {"kind": "day"}
CONTRACT: Any = {
    "name": "shop", "id": "FunReason/Shop-v0", "summary": "A shop.", "policy": "Be kind.", "facts": {},
    "kinds": {"day": {"schema": {"type": "string", "format": "date"}, "origin": "named", "description": "A day."}},
    "tools": {
        "list_tickets": {"description": "List tickets.", "parameters": {}, "effect": "read",
                         "returns": {"result": {"array": {"object": {"id": NUMBER, "owner": TEXT, "due": DAY}}}}},
        "close_ticket": {"description": "Close a ticket.", "parameters": {"ticket_id": NUMBER, "on": DAY},
                         "effect": "write", "returns": {"due": DAY}},
        "move_ticket": {"description": "Move a ticket.", "parameters": {"ticket_id": NUMBER}, "effect": "write",
                        "returns": {"ticket_id": NUMBER}},
        "find_part": {"description": "Find a part.", "parameters": {"part_id": TEXT}, "effect": "read",
                      "returns": {"name": TEXT}},
    },
}  # fmt: skip


def test_identifiers_are_one_kind_and_times_are_none() -> None:
    spec = settled(spec_from_dict(CONTRACT), ())
    assert list(spec.kinds) == ["ticket_id"]
    assert spec.kinds["ticket_id"].origin == "issued"
    row = spec.tools["list_tickets"].returns["result"].array
    assert row is not None
    assert row.object is not None
    assert (row.object["id"].kind, row.object["due"].kind) == ("ticket_id", None)
    for tool in ("close_ticket", "move_ticket"):
        assert spec.tools[tool].parameters["ticket_id"].field.kind == "ticket_id"
    assert spec.tools["close_ticket"].parameters["on"].field.schema == {"type": "string", "format": "date"}
    assert spec.tools["move_ticket"].returns["ticket_id"].kind == "ticket_id"


def test_what_no_tool_gives_stays_as_it_is() -> None:
    spec = settled(spec_from_dict(CONTRACT), ())
    assert spec.tools["find_part"].parameters["part_id"].field.kind is None
