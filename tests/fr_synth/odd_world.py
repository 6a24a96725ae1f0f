"""The library once more, with everything that a contract may hold and the small one has no occasion for.

Lists and objects as arguments, kinds whose values are lists, a fact about something that the user can name, clauses in
every form, nouns for values of a kind, references that cannot be used, and optional arguments of issued kinds.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from fr_envs.contract.loading import spec_from_dict
from fr_envs.errors import Refusal
from fr_envs.world.domain import Domain, Effect, Entities
from tests.fr_envs.small_world import CONTRACT, HANDLERS, HOOKS, Book, Library, Loan

if TYPE_CHECKING:
    import numpy as np

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Scale


def odd_contract() -> JsonObject:
    contract: JsonObject = json.loads(json.dumps(CONTRACT))
    contract["name"] = "odd"
    kinds, facts, tools = contract["kinds"], contract["facts"], contract["tools"]
    kinds["book_id"]["references"] += [
        {"text": "the book of loan {loan_id}", "by": ["loan_id"]},
        {"text": "the longest one", "most": "pages"},
    ]
    kinds["shelf_marks"] = {
        "schema": {"type": "array", "items": {"type": "string"}},
        "origin": "issued",
        "description": "Marks of a shelf, a value that is a list.",
    }
    kinds["note"] = {"schema": {"type": "string"}, "origin": "open", "description": "A note that nobody suggests."}
    facts["wished_for"] = {"description": "The book is wished for.", "violation": "no_wish", "about": "title"}
    tools["get_book"]["nouns"]["title"] = ["the title of {book_id}"]
    tools["get_book"]["nouns"]["genre"] = ["the genre of {book_id}"]
    tools["borrow_several"] = {
        "description": "Lend several books.",
        "parameters": {
            "book_ids": {"array": {"kind": "book_id"}, "min_items": 2, "max_items": 3},
            "large_print": {"schema": {"type": "boolean"}, "default": False, "clause": {"true": "in large print"}},
            "bags": {
                "schema": {"type": "integer", "minimum": 0, "maximum": 3},
                "default": 0,
                "clause": {"0": "without a bag", "2": "in two bags", "9": "in nine bags", "some": "in some bags"},
            },
            "only": {"schema": {"enum": ["all"]}, "default": "all", "clause": {"all": "all of them"}},
        },
        "returns": {"loan_ids": {"array": {"kind": "loan_id"}}},
        "effect": "write",
        "errors": {"lent": "One of the books is lent already.", "no_such_book": "No book has this identifier."},
        "request_templates": ["lend me {book_ids}"],
        "response_templates": ["All of them are yours."],
    }
    tools["plan_evening"] = {
        "description": "Plan a reading evening.",
        "parameters": {
            "evening": {
                "object": {
                    "day": {"schema": {"type": "integer", "minimum": 1, "maximum": 31}},
                    "guests": {"array": {"kind": "person_name"}},
                }
            },
            "room": {"schema": {"enum": ["hall", "attic"]}},
            "chairs": {"schema": {"type": "integer", "minimum": 3}},
            "book_id": {"kind": "book_id", "default": None, "clause": "about {}"},
            "genre": {"kind": "genre", "default": "novel", "clause": "with {}"},
            "note": {"kind": "note", "default": "", "clause": "noting {}"},
            "hour": {"schema": {"type": "number"}, "default": 0, "clause": "at {}"},
            "tea": {"schema": {"type": "boolean"}, "default": False, "clause": "tea: {}"},
        },
        "returns": {"places": {"array": {"array": {"kind": "stars"}}}, "marks": {"kind": "shelf_marks"}},
        "effect": "write",
        "request_templates": ["plan an evening on day {evening} in the {room} with {chairs} chairs"],
        "response_templates": ["It is planned."],
    }
    tools["write_blurb"] = {
        "description": "Write a text that nobody can suggest.",
        "parameters": {"blurb": {"schema": {"type": "string"}}, "note": {"kind": "note"}},
        "returns": {"marks": {"kind": "shelf_marks"}},
        "effect": "read",
    }
    tools["wish_for"] = {
        "description": "Wish for a book.",
        "parameters": {"title": {"kind": "title"}},
        "returns": {"title": {"kind": "title"}},
        "sets": ["wished_for"],
        "effect": "write",
        "errors": {"wished_already": "It is wished for already."},
        "request_templates": ["put {title} on my wish list"],
        "response_templates": ["{title} is on the list."],
    }
    tools["drop_wish"] = {
        "description": "Drop a wish.",
        "parameters": {"title": {"kind": "title"}},
        "returns": {"title": {"kind": "title"}},
        "needs": ["wished_for"],
        "clears": ["wished_for"],
        "effect": "write",
        "request_templates": ["take {title} off my wish list"],
        "response_templates": ["{title} is off the list."],
    }
    return contract


_WISH = "wish: "  # a wish is a loan of its title, which keeps the tables few


def borrow_several(
    state: Library, book_ids: list[str], large_print: bool, bags: int, only: str
) -> Effect[Library]:  # fmt: skip
    del large_print, bags, only
    loans, loan_ids = state.loans, []
    for book_id in book_ids:
        if book_id not in state.books:
            raise Refusal("no_such_book")
        if loans.keys_by("book_id", book_id):
            raise Refusal("lent")
        loan_ids.append(f"LOAN9{book_id[-3:]}")
        loans = loans.put(loan_ids[-1], Loan(book_id, 114))
    return Effect(msgspec.structs.replace(state, loans=loans), {"loan_ids": loan_ids})


def plan_evening(
    state: Library, evening: JsonObject, room: str, chairs: int, book_id: str | None, genre: str, note: str,
    hour: float, tea: bool,
) -> Effect[Library]:  # fmt: skip
    del room, book_id, genre, note, hour, tea
    key = f"BOOK{900 + evening['day']}"
    books = state.books.put(key, Book(f"Programme of day {evening['day']}", "novel", chairs))
    return Effect(
        msgspec.structs.replace(state, books=books), {"places": [[1, 2], [], [3]], "marks": ["A", "B"]}
    )  # fmt: skip


def write_blurb(state: Library, blurb: str, note: str) -> Effect[Library]:
    return Effect(state, {"marks": [blurb, note]})


def wish_for(state: Library, title: str) -> Effect[Library]:
    if wished_for(state, title):
        raise Refusal("wished_already")
    return Effect(msgspec.structs.replace(state, loans=state.loans.put(_WISH + title, Loan("", 0))), {"title": title})


def drop_wish(state: Library, title: str) -> Effect[Library]:
    return Effect(msgspec.structs.replace(state, loans=state.loans.drop(_WISH + title)), {"title": title})


def wished_for(state: Library, title: str) -> bool:
    return _WISH + title in state.loans


def _titles(state: Library) -> Entities:
    return {book.title: {"title": book.title} for _, book in state.books.rows()}


def _evening(_state: Library, _arguments: Json, rng: np.random.Generator) -> Json:
    return {"day": int(rng.integers(1, 30)), "guests": ["Ada Kern", "Ben Okoye"]}


def _no_card(rng: np.random.Generator, scale: Scale) -> Library:
    return HOOKS.initial(rng, scale)


ODD: Domain[Library] = Domain(
    spec_from_dict(odd_contract()),
    {
        **HANDLERS,
        **{tool.__name__: tool for tool in (borrow_several, plan_evening, write_blurb, wish_for, drop_wish)},
    },
    HOOKS._replace(
        initial=_no_card,
        facts={**HOOKS.facts, "wished_for": wished_for},
        entities={**HOOKS.entities, "title": _titles},
        suggest={**HOOKS.suggest, "plan_evening.evening": _evening},
    ),
)
