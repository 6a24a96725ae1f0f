"""Make proven dialogues over a Python class that knows nothing of worlds."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypedDict

import fr_envs
from fr_envs.adapters.enrich import complete
from fr_envs.adapters.python.objects import domain_from_object
from fr_envs.adapters.world_file import ready
from fr_synth.run.config import RunConfig
from fr_synth.run.pipeline import produce
from fr_synth.trace.rows import decode

if TYPE_CHECKING:
    from fr_envs.contract.spec import DomainSpec
    from fr_envs.world.domain import Domain


class Book(TypedDict):
    """A row of a listing."""

    book_id: str
    title: str


class Library:
    """A small library."""

    def __init__(self) -> None:
        """Put three books on the shelf."""
        self.shelf = {"B-17": "Emma", "B-24": "Dune", "B-31": "Ulysses"}
        self.lent: list[str] = []

    def list_books(self) -> list[Book]:
        """List the books on the shelf."""
        return [{"book_id": key, "title": title} for key, title in self.shelf.items() if key not in self.lent]

    def lend_book(self, book_id: str) -> dict[str, int]:
        """Lend a book."""
        if book_id not in self.shelf or book_id in self.lent:
            raise ValueError("that book is not on the shelf")
        self.lent.append(book_id)
        return {"books_out": len(self.lent)}

    def add_book(self, title: str) -> Book:
        """Add a book to the shelf.

        Args:
            title: Its title, such as 'Middlemarch' or 'Solaris'.
        """
        key = f"B-{17 + 7 * len(self.shelf)}"
        self.shelf[key] = title
        return {"book_id": key, "title": title}


def library(spec: DomainSpec) -> Domain[Any]:
    """Build the world under a contract; a worker process would do so too."""
    return ready(domain_from_object(Library, name="library", spec=spec))


def main() -> None:
    """Play the world, complete its contract, and print the requests of two dialogues."""
    completed = complete(domain_from_object(Library, name="library"), walks=40, length=10)
    fr_envs.register_world("library", functools.partial(library, completed.spec))
    config = RunConfig(domains=("library",), seed=7, turns=(2, 2)).checked()
    lines = (made.lines for made in produce(config, first=0, workers=1) if made.lines is not None)
    for _, line in zip(range(2), lines, strict=False):
        dialogue = decode(line, "memory")
        for turn in dialogue.turns:
            print("user:", dialogue.messages[turn.message]["content"])  # noqa: T201 - an example may talk
        print("calls:", ", ".join(call.name for call in dialogue.calls))  # noqa: T201


if __name__ == "__main__":
    main()
