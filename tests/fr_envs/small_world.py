"""A small library, as a world to test with: seven books, one reader, a card.

Every part of a contract stands in it once: kinds of each origin, a fact about the whole state, a fact about a kind,
reads and writes, optional arguments with clauses, references, and phrases of each sort.
"""

from typing import Any

import msgspec
import numpy as np

from fr_envs.contract.loading import spec_from_dict
from fr_envs.errors import Refusal
from fr_envs.json_values import Json, JsonObject
from fr_envs.world.domain import Domain, Effect, Entities, Hooks, Scale
from fr_envs.world.state import Record, State, Table

CONTRACT: JsonObject = {
    "name": "library",
    "id": "FunReasonTest/Library-v0",
    "summary": "A public library with books, one reader's card, loans and reviews.",
    "policy": "Only a reader with a card borrows. A lent book cannot be lent again.",
    "kinds": {
        "book_id": {
            "schema": {"type": "string", "pattern": "^BOOK[0-9]{3}$"},
            "origin": "issued",
            "description": "Identifier of a book.",
            "anaphora": ["that book", "the same book"],
            "references": [
                {"text": "the book called {title}", "by": ["title"]},
                {"text": "the {genre} book of {pages} pages", "by": ["genre", "pages"]},
                {"text": "the shortest one", "least": "pages"},
            ],
        },
        "loan_id": {
            "schema": {"type": "string", "pattern": "^LOAN[0-9]{4}$"},
            "origin": "issued",
            "description": "Identifier of a loan.",
        },
        "card_id": {
            "schema": {"type": "string", "pattern": "^CARD[0-9]{4}$"},
            "origin": "issued",
            "description": "Identifier of a reader's card.",
        },
        "title": {
            "schema": {"type": "string", "minLength": 1, "maxLength": 60},
            "origin": "named",
            "description": "Title of a book.",
            "statement_templates": ["The book is called {}."],
        },
        "person_name": {
            "schema": {"type": "string", "minLength": 1, "maxLength": 80},
            "origin": "named",
            "description": "Name of a person.",
            "examples": ["Ada Kern", "Ben Okoye"],
            "statement_templates": ["My name is {}."],
        },
        "genre": {
            "schema": {"enum": ["novel", "history", "poetry"]},
            "origin": "open",
            "description": "Genre of a book.",
            "format": "label",
        },
        "stars": {
            "schema": {"type": "integer", "minimum": 1, "maximum": 5},
            "origin": "open",
            "description": "Number of stars.",
            "unit": "1 to 5",
            "examples": [1, 2, 3, 4, 5],
        },
        "text": {
            "schema": {"type": "string", "maxLength": 200},
            "origin": "open",
            "description": "Free text.",
            "format": "quoted",
            "examples": ["Could not put it down.", "Too long by half."],
        },
    },
    "facts": {
        "has_card": {"description": "The reader has a card.", "violation": "no_card"},
        "on_loan": {"description": "The reader has the book.", "violation": "not_on_loan", "about": "book_id"},
    },
    "tools": {
        "list_books": {
            "description": "List the books, by identifier.",
            "parameters": {
                "genre": {
                    "kind": "genre",
                    "default": None,
                    "clause": {"novel": "novels only", "history": "history only", "poetry": "poetry only"},
                },
                "limit": {
                    "schema": {"type": "integer", "minimum": 1, "maximum": 50},
                    "default": 10,
                    "clause": "at most {}",
                },
            },
            "returns": {
                "books": {
                    "array": {
                        "object": {
                            "book_id": {"kind": "book_id"},
                            "title": {"kind": "title"},
                            "genre": {"kind": "genre"},
                            "pages": {"schema": {"type": "integer", "minimum": 1}},
                        }
                    },
                    "max_items": 50,
                },
                "total": {"schema": {"type": "integer", "minimum": 0}},
            },
            "effect": "read",
            "request_templates": ["show me which books you have", "what is on the shelves?"],
            "response_templates": ["We have {books.title}."],
            "nouns": {"total": ["the number of books you have"]},
        },
        "search_books": {
            "description": "Find books by title.",
            "parameters": {"title": {"kind": "title", "description": "Whole title or a part of it."}},
            "returns": {
                "books": {"array": {"object": {"book_id": {"kind": "book_id"}, "title": {"kind": "title"}}}},
            },
            "effect": "read",
            "errors": {"no_match": "No book has such a title."},
            "request_templates": ["see whether you have {title}"],
            "response_templates": ["We have {books.title}."],
        },
        "get_book": {
            "description": "Tell everything about one book.",
            "parameters": {"book_id": {"kind": "book_id"}},
            "returns": {
                "book_id": {"kind": "book_id"},
                "title": {"kind": "title"},
                "genre": {"kind": "genre"},
                "pages": {"schema": {"type": "integer", "minimum": 1}},
                "loan_id": {"kind": "loan_id", "nullable": True, "description": "Its loan, null if it is in."},
                "stars": {"array": {"kind": "stars"}},
                "review": {"kind": "text", "optional": True},
            },
            "effect": "read",
            "errors": {"no_such_book": "No book has this identifier."},
            "request_templates": ["tell me about {book_id}", "how many pages has {book_id}?"],
            "response_templates": ["{title} is of the genre {genre} and has {pages} pages."],
            "nouns": {"pages": ["the number of pages of {book_id}"]},
        },
        "join": {
            "description": "Make the reader a card.",
            "parameters": {"name": {"kind": "person_name"}},
            "returns": {"card_id": {"kind": "card_id"}},
            "sets": ["has_card"],
            "effect": "write",
            "implicit": True,
            "errors": {"has_card_already": "The reader has a card already."},
            "request_templates": ["make me a card, my name is {name}"],
            "response_templates": ["Your card is {card_id}."],
        },
        "borrow": {
            "description": "Lend a book to the reader.",
            "parameters": {
                "book_id": {"kind": "book_id"},
                "days": {
                    "schema": {"type": "integer", "minimum": 1, "maximum": 28},
                    "default": 14,
                    "clause": "for {} days",
                },
            },
            "returns": {
                "loan_id": {"kind": "loan_id"},
                "due_day": {"schema": {"type": "integer"}, "description": "Day on which it is due."},
            },
            "needs": ["has_card"],
            "sets": ["on_loan"],
            "effect": "write",
            "errors": {"no_such_book": "No book has this identifier.", "lent": "The book is lent already."},
            "request_templates": ["lend me {book_id}", "I'd like to take {book_id} home"],
            "response_templates": ["It is yours until day {due_day}."],
        },
        "return_book": {
            "description": "Take a lent book back.",
            "parameters": {"book_id": {"kind": "book_id"}},
            "returns": {"loan_id": {"kind": "loan_id"}},
            "needs": ["has_card", "on_loan"],
            "clears": ["on_loan"],
            "effect": "write",
            "request_templates": ["take {book_id} back"],
            "response_templates": ["Loan {loan_id} is closed."],
        },
        "review_book": {
            "description": "Keep the reader's opinion of a book.",
            "parameters": {
                "book_id": {"kind": "book_id"},
                "stars": {"kind": "stars"},
                "text": {"kind": "text", "default": "", "clause": "with the words {}"},
            },
            "returns": {"reviews": {"schema": {"type": "integer", "minimum": 1}}},
            "needs": ["has_card"],
            "effect": "write",
            "errors": {"no_such_book": "No book has this identifier."},
            "request_templates": ["give {book_id} {stars} stars"],
            "response_templates": ["The book has {reviews} reviews now."],
        },
        "leave": {
            "description": "Give the card back.",
            "parameters": {},
            "returns": {"card_id": {"kind": "card_id"}},
            "needs": ["has_card"],
            "clears": ["has_card"],
            "effect": "write",
            "errors": {"books_out": "A book is still on loan."},
            "request_templates": ["take my card back"],
            "response_templates": ["Card {card_id} is closed."],
        },
    },
}

_TITLES = ("The Salt Road", "Winter Bees", "A Map of Rain", "Quiet Engines", "Ninety Lamps", "The Weir", "Old Harbours")
_GENRES = ("novel", "history", "poetry")
_SIZES = {"tiny": 3, "small": 7, "medium": 70, "large": 700}


class Book(Record, frozen=True):
    title: str
    genre: str
    pages: int
    stars: tuple[int, ...] = ()
    review: str = ""


class Loan(Record, frozen=True):
    book_id: str
    due_day: int


class Card(Record, frozen=True):
    card_id: str
    name: str


class Counter(Record, frozen=True):
    last: int


class Library(State, frozen=True):
    books: Table[Book] = Table("books", indexed=("genre",))
    loans: Table[Loan] = Table("loans", indexed=("book_id",))
    desk: Table[Card] = Table("desk")
    counters: Table[Counter] = Table("counters")


def initial(rng: np.random.Generator, scale: Scale) -> Library:
    books: dict[str, Book] = {}
    for i, pick in enumerate(rng.permutation(_SIZES[scale])):
        volume, title = divmod(int(pick), len(_TITLES))
        name = _TITLES[title] + (f" {volume + 1}" if volume else "")
        books[f"BOOK{i + 1:03d}"] = Book(name, _GENRES[int(rng.integers(3))], int(rng.integers(60, 900)))
    return Library(
        books=Table("books", books, indexed=("genre",)),
        counters=Table("counters", {"card": Counter(0), "loan": Counter(0)}),
    )


def has_card(state: Library) -> bool:
    return "reader" in state.desk


def on_loan(state: Library, book_id: str) -> bool:
    return bool(state.loans.keys_by("book_id", book_id))


def _entry(book_id: Json, book: Book) -> JsonObject:
    return {"book_id": book_id, "title": book.title, "genre": book.genre, "pages": book.pages}


def _book(state: Library, book_id: str) -> Book:
    book = state.books.get(book_id)
    if book is None:
        raise Refusal("no_such_book", f"There is no book {book_id}.")
    return book


def _count(state: Library, name: str) -> tuple[int, Table[Counter]]:
    last = state.counters[name].last + 1
    return last, state.counters.put(name, Counter(last))


def list_books(state: Library, genre: str | None, limit: int) -> Effect[Library]:
    keys = state.books.keys() if genre is None else state.books.keys_by("genre", genre)
    books = [_entry(key, state.books[key]) for key in keys[:limit]]
    return Effect(state, {"books": books, "total": len(keys)})


def search_books(state: Library, title: str) -> Effect[Library]:
    found = [{"book_id": key, "title": b.title} for key, b in state.books.rows() if title.lower() in b.title.lower()]
    if not found:
        raise Refusal("no_match")
    return Effect(state, {"books": found})


def get_book(state: Library, book_id: str) -> Effect[Library]:
    book = _book(state, book_id)
    loan_ids = state.loans.keys_by("book_id", book_id)
    value = {**_entry(book_id, book), "loan_id": loan_ids[0] if loan_ids else None, "stars": list(book.stars)}
    return Effect(state, value | ({"review": book.review} if book.review else {}))


def join(state: Library, name: str) -> Effect[Library]:
    if has_card(state):
        raise Refusal("has_card_already")
    number, counters = _count(state, "card")
    card = Card(f"CARD{number:04d}", name)
    after = msgspec.structs.replace(state, desk=state.desk.put("reader", card), counters=counters)
    return Effect(after, {"card_id": card.card_id})


def borrow(state: Library, book_id: str, days: int) -> Effect[Library]:
    _book(state, book_id)
    if on_loan(state, book_id):
        raise Refusal("lent")
    number, counters = _count(state, "loan")
    loan_id, due_day = f"LOAN{number:04d}", 100 + days
    after = msgspec.structs.replace(state, loans=state.loans.put(loan_id, Loan(book_id, due_day)), counters=counters)
    return Effect(after, {"loan_id": loan_id, "due_day": due_day})


def return_book(state: Library, book_id: str) -> Effect[Library]:
    (loan_id,) = state.loans.keys_by("book_id", book_id)
    return Effect(msgspec.structs.replace(state, loans=state.loans.drop(loan_id)), {"loan_id": loan_id})


def review_book(state: Library, book_id: str, stars: int, text: str) -> Effect[Library]:
    book = _book(state, book_id)
    after = msgspec.structs.replace(book, stars=(*book.stars, stars), review=text or book.review)
    return Effect(msgspec.structs.replace(state, books=state.books.put(book_id, after)), {"reviews": len(after.stars)})


def leave(state: Library) -> Effect[Library]:
    if len(state.loans):
        raise Refusal("books_out")
    card = state.desk["reader"]
    return Effect(msgspec.structs.replace(state, desk=state.desk.drop("reader")), {"card_id": card.card_id})


def _books(state: Library) -> Entities:
    return {key: _entry(key, book) for key, book in state.books.rows()}


def _titles(state: Library, _arguments: Json, rng: np.random.Generator) -> Json:
    keys = state.books.keys()
    return state.books[keys[int(rng.integers(len(keys)))]].title


def _days(_state: Library, _arguments: Json, rng: np.random.Generator) -> Json:
    return int(rng.integers(1, 29))


HANDLERS = {
    tool.__name__: tool for tool in (list_books, search_books, get_book, join, borrow, return_book, review_book, leave)
}

HOOKS: Hooks[Library] = Hooks(
    initial=initial,
    facts={"has_card": has_card, "on_loan": on_loan},
    entities={"book_id": _books},
    suggest={"title": _titles, "borrow.days": _days},
    incidental=frozenset({"desk", "counters"}),
)


def library(contract: JsonObject = CONTRACT, **changes: Any) -> Domain[Library]:
    """Build the world; ``changes`` replace handlers by name, so that a test can spoil one."""
    return Domain(spec_from_dict(contract), {**HANDLERS, **changes}, HOOKS)


LIBRARY: Domain[Library] = library()
