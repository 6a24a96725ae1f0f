"""Stories of records: tables that belong together, expenses, guests on two lists, subscribers, versions of a report."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from fr_envs.domains.filesystem.stories.setting import Setting, ago, day_of, numbered
from fr_envs.domains.filesystem.words import PEOPLE, PLACES, SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.domains.filesystem.builder import Builder

__all__ = ["STORIES"]

_GOODS = ("teapot", "lamp", "rug", "desk", "kettle", "mirror", "clock", "chair", "vase", "stool")


def _year(build: Builder) -> int:
    return datetime.datetime.fromtimestamp(build.now, tz=datetime.UTC).year


def _shop(build: Builder, at: Setting) -> None:
    """Orders and customers that share the customer's number."""
    draw, folder = build.draw, build.folder(f"{at.home}/documents/shop", at.owner)
    numbers = [f"C{100 + 7 * k + draw.below(7)}" for k in range(5 + draw.below(4))]
    people = draw.some(PEOPLE, len(numbers))
    rows = [f"{n},{p.title()},{draw.pick(PLACES)}" for n, p in zip(numbers, people, strict=True)]
    build.write(folder, "customers.csv", numbered(rows), ago(build, 20, 90))
    orders = sorted(
        f"{draw.pick(numbers)},{draw.pick(_GOODS)},{10 + draw.below(290)}.{draw.pick(('00', '50', '90'))}"
        for _ in range(6 + draw.below(6))
    )
    build.write(folder, "orders.csv", numbered(orders), ago(build, 1, 15))


def _club(build: Builder, at: Setting) -> None:
    """A club's members and who has paid, by number of membership; some have not."""
    draw, folder = build.draw, build.folder(f"{at.home}/documents/club", at.owner)
    numbers = [f"M{200 + 3 * k + draw.below(3)}" for k in range(6 + draw.below(5))]
    people = draw.some(PEOPLE, len(numbers))
    members = [f"{n},{p.title()},{p}@example.org" for n, p in zip(numbers, people, strict=True)]
    build.write(folder, "members.csv", numbered(members), ago(build, 60, 200))
    paid = [
        f"{n},{draw.pick(('cash', 'transfer', 'card'))},{draw.pick((40, 40, 60))}" for n in numbers if draw.below(3)
    ]
    build.write(folder, "payments.csv", numbered(paid or [f"{numbers[0]},cash,40"]), ago(build, 1, 30))


_SPENT = (("train to {L}", "travel"), ("taxi in {L}", "travel"), ("hotel {L}", "travel"),
          ("printer paper", "office"), ("desk lamp", "office"), ("team lunch", "meals"), ("coffee beans", "meals"),
          ("headset", "office"))  # fmt: skip


def _expenses(build: Builder, at: Setting) -> None:
    """A list of expenses of the year so far, now and then with a line that stands there twice."""
    draw, when = build.draw, ago(build, 1, 12)
    rows = []
    for k in range(7 + draw.below(6)):
        what, sort = draw.pick(_SPENT)
        day = day_of(when - 86_400 * (4 * (12 - k) + draw.below(4)))
        rows.append(
            f"{day},{what.format(L=draw.pick(PLACES))},{sort},{6 + draw.below(240)}.{draw.pick(('00', '40', '80'))}"
        )
    if draw.below(2):
        rows.insert(3, rows[2])
    name = f"expenses-{_year(build)}.csv"
    build.write(f"{at.home}/documents", name, numbered(["date,what,category,amount", *rows]), when)


_FEASTS = ("wedding", "housewarming", "anniversary", "farewell")


def _guests(build: Builder, at: Setting) -> None:
    """Two lists of guests with some names on both."""
    draw = build.draw
    feast, first, second = draw.pick(_FEASTS), *draw.some(at.others if len(at.others) > 1 else PEOPLE, 2)
    folder = build.folder(f"{at.home}/documents/{feast}", at.owner)
    names = [f"{p.title()} {s.title()}" for p, s in zip(draw.some(PEOPLE, 11), draw.some(SECOND, 11), strict=True)]
    for who, part in ((first, names[:7]), (second, names[4:])):
        build.write(folder, f"guests-{who}.txt", numbered(draw.some(part, len(part))), ago(build, 3, 40))


def _subscribers(build: Builder, at: Setting) -> None:
    """A long list of subscribers, some of them twice, and those who have left."""
    draw, folder = build.draw, build.folder(f"{at.home}/documents/newsletter", at.owner)
    mails = [f"{p}.{draw.pick(SECOND)}@example.{draw.pick(('org', 'com', 'net'))}" for p in draw.some(PEOPLE, 40)]
    twice = [draw.pick(mails) for _ in range(2 + draw.below(5))]
    build.write(folder, "subscribers.txt", numbered(draw.some([*mails, *twice], 60)), ago(build, 2, 30))
    build.write(folder, "unsubscribed.txt", numbered(draw.some(mails, 3 + draw.below(4))), ago(build, 0, 2))


_REPORTS = ("annual-report", "grant-proposal", "site-survey", "project-plan", "concert-programme")


def _versions(build: Builder, at: Setting) -> None:
    """Two versions of a paper that differ in a figure, a place and a sentence."""
    draw = build.draw
    name, (old, new) = draw.pick(_REPORTS), draw.some(PLACES, 2)
    folder = build.folder(f"{at.home}/documents/reports", at.owner)
    head = [f"# {name.replace('-', ' ').title()} {_year(build)}", "", "## Summary"]
    money = 20 + draw.below(60)
    tail = ["", "## Next steps", f"{draw.pick(PEOPLE).title()} prepares the contract.", "The board decides in spring."]
    first = [*head, f"The work takes place in {old}.", f"The budget is {money}000 euros.", *tail]
    second = [*head, f"The work takes place in {new}.", f"The budget is {money + 3 + draw.below(9)}000 euros.", *tail,
              "Risks: late delivery of the pumps."]  # fmt: skip
    ends = draw.pick((("-v1", "-v2"), ("-draft", "-final")))
    build.write(folder, f"{name}{ends[0]}.md", numbered(first), ago(build, 20, 60))
    build.write(folder, f"{name}{ends[1]}.md", numbered(second), ago(build, 1, 15))


STORIES: tuple[Callable[[Builder, Setting], None], ...] = (
    _shop, _club, _expenses, _guests, _subscribers, _versions,
)  # fmt: skip
"""What is kept in lists and papers."""
