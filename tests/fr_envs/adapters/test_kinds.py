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


def _shop(*tools: str) -> Any:
    row: Any = {"id": NUMBER, "owner": TEXT}
    both: Any = {
        "list_jobs": {"description": "List jobs.", "parameters": {}, "effect": "read",
                      "returns": {"result": {"array": {"object": row}}}},
        "list_parts": {"description": "List parts.", "parameters": {}, "effect": "read",
                       "returns": {"result": {"array": {"object": row}}}},
        "finish": {"description": "Finish a job.", "parameters": {"id": NUMBER}, "effect": "write", "returns": row},
        "throw_away": {"description": "Throw it away.", "parameters": {"id": NUMBER}, "effect": "write",
                       "returns": {"ok": TEXT}},
    }  # fmt: skip
    return settled(spec_from_dict({**CONTRACT, "kinds": {}, "tools": {name: both[name] for name in tools}}), ())


def test_a_bare_id_is_that_of_the_thing_its_tool_speaks_of() -> None:
    spec = _shop("list_jobs", "list_parts", "finish", "throw_away")
    assert spec.tools["finish"].parameters["id"].field.kind == "job_id"
    assert spec.tools["finish"].returns["id"].kind == "job_id"
    assert spec.tools["throw_away"].parameters["id"].field.kind is None  # of a job or of a part: nobody knows
    parts = spec.tools["list_parts"].returns["result"].array
    assert parts is not None
    assert parts.object is not None
    assert parts.object["id"].kind is None


def test_a_bare_id_is_that_of_the_only_thing_that_is_listed() -> None:
    spec = _shop("list_jobs", "throw_away")
    assert spec.tools["throw_away"].parameters["id"].field.kind == "job_id"
    assert spec.kinds["job_id"].origin == "issued"


def _with_code(**more: Any) -> Any:
    code: Any = {"schema": {"type": "string", **more}, "origin": "named", "description": "Code on the ticket."}
    ticket = {"code": {"kind": "code"}, "seats": NUMBER}
    return {
        **CONTRACT, "kinds": {"code": code},
        "tools": {
            "buy": {"description": "Buy.", "parameters": {"seats": NUMBER}, "effect": "write", "returns": ticket},
            "refund": {"description": "Refund a ticket.", "parameters": {"code": {"kind": "code"}}, "effect": "write",
                       "returns": ticket},
        },
    }  # fmt: skip


def test_an_identifier_of_which_the_owner_gives_an_example_is_had_in_writing_where_nothing_lists_it() -> None:
    assert settled(spec_from_dict(_with_code(examples=["K7QX"])), ()).kinds["code"].origin == "named"
    assert settled(spec_from_dict(_with_code()), ()).kinds["code"].origin == "issued"


def test_kinds_made_of_names_in_one_word_are_called_as_kinds_are() -> None:
    loan = {"bookId": NUMBER, "title": TEXT}
    tools = {
        "list_books": {"description": "List books.", "parameters": {}, "effect": "read",
                       "returns": {"result": {"array": {"object": loan}}}},
        "lend": {"description": "Lend a book.", "parameters": {"bookId": NUMBER}, "effect": "write", "returns": loan},
    }  # fmt: skip
    spec = settled(spec_from_dict({**CONTRACT, "kinds": {}, "tools": tools}), ())
    assert list(spec.kinds) == ["book_id"]
    assert spec.tools["lend"].parameters["bookId"].field.kind == "book_id"
