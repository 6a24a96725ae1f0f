"""Stories of a home: a to-do list, lost notes, scans and photos, a link that leads nowhere, a chapter that is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.domains.filesystem.state import Member
from fr_envs.domains.filesystem.stories.setting import Setting, ago, numbered
from fr_envs.domains.filesystem.words import PEOPLE, PLACES, SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.domains.filesystem.builder import Builder

__all__ = ["STORIES"]

_TODO = ("book the movers", "cancel the old electricity contract", "return the library books", "renew the passport",
         "paint the hallway", "tell the bank the new address", "order moving boxes", "sell the bicycle",
         "defrost the freezer", "hand over the cellar key")  # fmt: skip


def _todo(build: Builder, at: Setting) -> None:
    """What is open and what is done of a move."""
    draw = build.draw
    items = draw.some(_TODO, 6 + draw.below(4))
    done = 2 + draw.below(3)
    lines = [f"{'DONE' if k < done else 'TODO'} {each}" for k, each in enumerate(items)]
    build.write(f"{at.home}/documents", "moving-todo.txt", numbered(draw.some(lines, len(lines))), ago(build, 1, 9))


def _notes(build: Builder, at: Setting) -> None:
    """Notes whose names say little, one of which holds what is looked for."""
    draw = build.draw
    folder = build.folder(f"{at.home}/notes", at.owner)
    place, other = draw.some(PLACES, 2)
    wifi, phone = (
        f"{draw.pick(SECOND)}{10 + draw.below(90)}",
        f"0{200 + draw.below(700)} {100_000 + draw.below(800_000)}",
    )
    texts = [
        ["Cabin", f"The cabin near {place}: the wifi password is {wifi}.", "The key hangs behind the shed."],
        ["Plumber", f"Plumber: {draw.pick(PEOPLE).title()}, phone {phone}.", "Comes on weekdays only."],
        ["Soup", f"Lentil soup for six: {300 + 10 * draw.below(30)} g lentils, 2 onions, cumin.", "Simmer an hour."],
        ["Doctor", f"Dentist in {other}, ask for Dr {draw.pick(SECOND).title()}.", "Next check-up in half a year."],
    ]  # fmt: skip
    for number, lines in enumerate(draw.some(texts, len(texts))):
        build.write(folder, f"note-{number + 1:02d}.txt", numbered(lines), ago(build, 20, 380))


_CONTRACT = ("Rental agreement", "monthly rent")
_SCANS = (("Electricity bill", "amount due"), ("Vaccination record", "batch number"),
          ("Car insurance", "yearly premium"), ("Birth certificate", "register number"))  # fmt: skip


def _scans(build: Builder, at: Setting) -> None:
    """Scans with the names that the scanner gives, a contract among them; the first line says what each is."""
    draw = build.draw
    folder = build.folder(f"{at.home}/documents/scanner", at.owner)
    number = 10 + draw.below(80)
    for title, line in draw.some((_CONTRACT, *draw.some(_SCANS, 2)), 3):
        number += 1
        text = numbered([title, f"{draw.pick(PLACES)}, {line}: {100 + draw.below(800)}"])
        build.write(folder, f"scan{number:04d}.txt", text, ago(build, 5, 200))


def _photos(build: Builder, at: Setting) -> None:
    """Pictures of a trip; one of them lies in the downloads too."""
    draw, place = build.draw, build.draw.pick(PLACES)
    pictures = build.folder(f"{at.home}/pictures", at.owner)
    folder = build.folder(f"{pictures}/{place.lower()}", at.owner)
    number, when, text = 2000 + draw.below(6000), ago(build, 30, 200), ""
    for k in range(3):
        number += 1 + draw.below(9)
        text = f"JPEG {place} " + "".join(f"{draw.below(1 << 40):010x}" for _ in range(20 + draw.below(40))) + "\n"
        build.write(folder, f"IMG_{number}.jpg", text, when + 900 * k)
    build.write(f"{at.home}/downloads", f"IMG_{number}-copy.jpg", text, when + 90_000)


_BOOKS = ("handbook", "style-guide", "price-list", "house-rules")


def _moved(build: Builder, at: Setting) -> None:
    """A link whose file was moved to the archive, so that it leads nowhere."""
    draw, book = build.draw, build.draw.pick(_BOOKS)
    documents = f"{at.home}/documents"
    archive = build.folder(f"{documents}/archive", at.owner)
    text = numbered(
        [f"# {book.replace('-', ' ').title()}", "", f"Valid until {draw.pick(PEOPLE).title()} says otherwise."]
    )
    build.write(archive, f"{book}.md", text, ago(build, 100, 300))
    build.link(documents, f"{book}.md", f"manuals/{book}.md")


_CHAPTERS = ("introduction", "methods", "results", "discussion")


def _thesis(build: Builder, at: Setting) -> None:
    """A thesis of which one chapter is gone; an older archive on the second volume still has it."""
    draw = build.draw
    folder = build.folder(f"{at.home}/thesis", at.owner)
    lost, saved, members = draw.below(4), ago(build, 9, 40), []
    members.append(Member("thesis", "directory", 0o755, at.owner, at.owner, saved))
    for number, title in enumerate(_CHAPTERS):
        name = f"chapter{number + 1}.md"
        lines = [f"# {title.title()}", ""]
        lines += [
            f"The {draw.pick(SECOND)} near {draw.pick(PLACES)} was measured {2 + draw.below(30)} times."
            for _ in range(4)
        ]
        members.append(
            Member(f"thesis/{name}", "file", 0o644, at.owner, at.owner, saved, len(numbered(lines)), numbered(lines))
        )
        if number != lost:
            build.write(folder, name, numbered([*lines, "Revised."]), ago(build, 1, 8))
    build.pack(at.label, "thesis.tar", members, saved)


def _install(build: Builder, at: Setting) -> None:
    """A project of the own about to be released: a guide with a slip in it, changes, and a number of the version."""
    draw = build.draw
    folder = build.folder(
        f"{at.home}/projects/{draw.pick(('pagemill', 'tidewatch', 'birdcount', 'bookswap'))}", at.owner
    )
    wrong = draw.pick(("recieve", "seperate", "adress", "occured"))
    major, minor = 1 + draw.below(4), draw.below(10)
    guide = ["# Installing", "", f"You will need a mail {wrong} setup.", "Run ./install.sh and answer the questions."]
    guide[2] = {
        "recieve": "You will recieve a key by mail.", "seperate": "Use a seperate folder for the data.",
        "adress": "Enter the adress of the server.", "occured": "If an error occured, run it again.",
    }[wrong]  # fmt: skip
    build.write(folder, "INSTALL.md", numbered(guide), ago(build, 10, 80))
    build.write(
        folder,
        "CHANGELOG.md",
        numbered([f"{major}.{minor}: export to CSV", "- fixed the sorting of dates"]),
        ago(build, 2, 9),
    )
    build.write(folder, "VERSION", f"{major}.{minor}\n", ago(build, 2, 9))
    build.write(
        folder,
        "install.sh",
        numbered(["#!/bin/sh", "set -eu", f'echo "installing to {draw.pick(SECOND)}-{draw.pick(SECOND)}"']),
        ago(build, 10, 80),
    )


STORIES: tuple[Callable[[Builder, Setting], None], ...] = (
    _todo, _notes, _scans, _photos, _moved, _thesis, _install,
)  # fmt: skip
"""What has happened to somebody's own things."""
