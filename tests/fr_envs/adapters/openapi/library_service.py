"""A library over HTTP as a web framework would serve it: five routes, in memory, with the document of a framework."""

from __future__ import annotations

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DOCUMENT", "library"]

_BOOKS = (("Dune", "Frank Herbert"), ("Beloved", "Toni Morrison"), ("Emma", "Jane Austen"), ("Ulysses", "James Joyce"))
_NUMBER: Any = {"type": "integer"}
_TEXT: Any = {"type": "string"}


def _object(**members: Any) -> Any:
    return {"type": "object", "properties": members, "required": list(members)}


def _answer(code: int, schema: Any, **refusals: str) -> Any:
    told = {status.strip("_"): {"description": text} for status, text in refusals.items()}
    return {str(code): {"description": "ok", "content": {"application/json": {"schema": schema}}}, **told}


_BOOK: Any = {"$ref": "#/components/schemas/Book"}
_LOAN: Any = {"$ref": "#/components/schemas/Loan"}


def _in_path(name: str) -> Any:
    return {"name": name, "in": "path", "required": True, "schema": _NUMBER}


DOCUMENT: Any = {
    "openapi": "3.1.0",
    "info": {"title": "Library", "version": "0.1.0"},
    "paths": {
        "/books": {"get": {
            "summary": "List Books", "description": "List the books of the library.",
            "operationId": "list_books_books_get",
            "responses": _answer(200, {"type": "array", "items": _BOOK})}},
        "/books/{book_id}": {"get": {
            "summary": "Get Book", "operationId": "get_book_books__book_id__get", "parameters": [_in_path("book_id")],
            "responses": _answer(200, _BOOK, _404="There is no such book.")}},
        "/loans": {
            "get": {"summary": "List Loans", "operationId": "list_loans_loans_get",
                    "responses": _answer(200, {"type": "array", "items": _LOAN})},
            "post": {"summary": "Lend Book", "operationId": "lend_book_loans_post", "requestBody": {
                "required": True, "content": {"application/json": {
                    "schema": _object(book_id=_NUMBER, borrower=_TEXT)}}},
                "responses": _answer(201, _LOAN, _404="There is no such book.", _409="The book is lent already.")}},
        "/loans/{loan_id}": {"delete": {
            "summary": "Return Book", "operationId": "return_book_loans__loan_id__delete",
            "parameters": [_in_path("loan_id")], "responses": _answer(200, _LOAN, _404="There is no such loan.")}},
    },
    "components": {"schemas": {
        "Book": _object(book_id=_NUMBER, title=_TEXT, author=_TEXT, available={"type": "boolean"}),
        "Loan": _object(loan_id=_NUMBER, book_id=_NUMBER, title=_TEXT, borrower=_TEXT)}},
}  # fmt: skip


class _Library(BaseHTTPRequestHandler):
    books: dict[int, dict[str, Any]]
    loans: dict[int, dict[str, Any]]

    @classmethod
    def reset(cls) -> None:
        rows = enumerate(_BOOKS, start=1)
        cls.books = {k: {"book_id": k, "title": t, "author": a, "available": True} for k, (t, a) in rows}
        cls.loans = {}

    def say(self, status: int, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        kind, _, number = self.path.strip("/").partition("/")
        if not number:
            self.say(200, list((self.books if kind == "books" else self.loans).values()))
        else:
            found = self.books.get(int(number))
            self.say(200 if found else 404, found)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        if self.path == "/reset":
            self.reset()
            return self.say(200, {})
        book = self.books.get(asked["book_id"])
        if book is None or not book["available"]:
            return self.say(409 if book else 404, {"detail": "no"})
        book["available"] = False
        number = 101 + len(self.loans)
        self.loans[number] = {"loan_id": number, "book_id": book["book_id"], "title": book["title"],
                              "borrower": asked["borrower"]}  # fmt: skip
        return self.say(201, self.loans[number])

    def do_DELETE(self) -> None:
        loan = self.loans.pop(int(self.path.rpartition("/")[2]), None)
        if loan is not None:
            self.books[loan["book_id"]]["available"] = True
        self.say(200 if loan else 404, loan)

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def library() -> Iterator[str]:
    """Serve the library; give its address."""
    _Library.reset()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Library) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
