"""Replies and thoughts as people write them: the true ones pass, and each lying variant is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fr_synth.verify.claims import scenes

if TYPE_CHECKING:
    from collections.abc import Callable

TRUE: list[tuple[Callable[[], scenes.Scene], str]] = [
    *((scenes.rent, text) for text in (
        "Done: {new} from {month}.",
        "Done: {new} from {month}. {this}'s {old} still goes out on the {nth} and leaves {rest} in {type}.",
        "Changed: {old} for {this}, {new} from {month}.",
        "{payee} gets {new} from {start} on; until then it stays at {old}.",
        "The rent to {payee} is {new} from {month}, {more} more than before.",
        "From {start} the order is {new} instead of {old}.",
        "I've changed the order to {payee}: {new}, starting {start}.",
        "All set. The next payment, on {next}, is still {old}; after it {rest} will be left.",
        "The new amount holds from {month} on. After the {old} on the {nth} there will be {rest} in \"{name}\".",
        "Updated from {old} to {new}.",
        "The order to {payee} now carries {new}, effective {start}.",
        "{available} less {old} leaves {rest}.",
        "{available} - {old} = {rest} is what you will have left.",
        "Your other order, {other_amount} to {other}, is as it was.",
        "That makes {year} a year, 12 x {new} = {year}.",

    "Both are looked after: {new} goes to {payee} from {month}, and after the {old} of "
    "{this} {rest} will be left."
,
        "Is there anything else?",
        "Shall I do the same for {other}?",
        "It took effect as you asked: {new}, from {month}.",
    )),
    *((scenes.flights, text) for text in (
        "{who} flies to {to} on {day} at {at}.",
        "{first_name} is booked to {to} for {day}.",
        "There are {bookings} bookings. To {to} that day you could also take {flight} at {leaves}.",
        "{many} other flights go that day; the first is {flight}, leaving at {leaves}.",
        "Besides the {at} departure there is {flight} at {leaves}.",
        "The booking to {to} is ticketed and cost {price}.",
        "{first_name}'s booking cost {price}; {flight} leaves at {leaves}.",
        "{flight} leaves at {leaves} on {day}. Would you like me to move {first_name} to it?",
        "I found {many} that go that day, {flight} at {leaves} among them.",
        "{who} is the one flying to {to}. Shall I look at prices?",
        "I looked at {day}: {flight} would leave at {leaves}.",
        "Nothing has been changed so far.",
    )),
    *((scenes.logs, text) for text in (
        "There are {count} files in /var/log; the oldest, {oldest}, is now kept as {copy}.",
        "{count} entries, the largest being {largest} with {size} bytes.",
        "I've copied {oldest} to {copy}.",
        "Copied. {oldest} was last changed on {date}.",
        "{path} is the oldest of them; a copy is at {copy}.",
        "Together they come to {sum} bytes.",
        "{largest} is about {kb} kB and belongs to {owner}.",
        "{largest} makes up {share} % of it.",
        "Done: saved.log is in {home}.",
        "The copy is in place. {oldest} itself stays where it was.",
        "The newest is {newest}, the oldest {oldest}.",
        "It's done: {copy} holds what {oldest} holds.",
    )),
    *((scenes.card, text) for text in (
        "Frozen: nobody can pay with the {type} card now.",
        "The card ending in {tail} is frozen.",
        "Your {type} card ({tail}) is on ice; {left} of its {limit} were left.",
        "I've frozen it. You can have it unfrozen at any time.",
        "Done, the {type} card is locked. The {other} card still works.",
        "I froze the {type} card. This month {spent} went over it.",
        "The card ending in {tail} can't be used until you say so.",
        "It is frozen now. Shall I order a new one?",
        "That card is no longer active.",
    )),
]  # fmt: skip

THOUGHTS: list[tuple[Callable[[], scenes.Scene], str]] = [
    (scenes.rent, 'Only {id} is rent ("{reference}"). {available} - {old} = {rest} is what will be left.'),
    (scenes.rent, "{new} is below 1,000, so no code is needed. The old amount is {old}."),
    (scenes.rent, "{old} is less than {new}, so this is a raise of {more}."),
    (scenes.rent, "The change went through; the {old} of {this} leaves {rest}."),
    (scenes.rent, "I must not guess which account it is; {id} names it."),
    (scenes.rent, "There were two orders, and the one to {payee} is the rent."),
    (scenes.flights, "{first_name}'s booking goes to {to}; {flight} leaves at {leaves}. Offer it."),
    (scenes.flights, "Nothing is to be changed yet, only told."),
    (scenes.logs, "{oldest} was changed on {date}, before all others; that is the oldest."),
    (scenes.logs, "No SSH key is needed for that; the copy is at {copy}, and {oldest} holds no notes."),
    (scenes.card, "The {type} card ends in {tail}; it was active, and now it is frozen."),
    (scenes.card, "No hint of a loss, only that it can't be found: freezing is enough, a report would be for good."),
]

LIES: list[tuple[Callable[[], scenes.Scene], str]] = [
    *((scenes.rent, text) for text in (
        "Done: {new} from {month}. {this}'s {old} still goes out on the {nth} and leaves {wrong} in {type}.",
        "Changed: {new} for {this}, {old} from {month}.",
        "{other} gets {new} from {start} on.",
        "From {start} the order is {old} instead of {new}.",
        "I've cancelled the order to {payee}.",
        "The order to {payee} has been paused.",
        "The rent to {payee} is {new} from {month}, {other_amount} more than before.",
        "Updated from {new} to {old}.",
        "{available} less {old} leaves {wrong}.",
        "{available} - {old} = {wrong} is what you will have left.",
        "I couldn't change the order.",
        "I also informed the landlord.",
        "A fee of 4.90 was charged for that.",
        "All four orders are changed.",
        "The order to {payee} runs from 31 February 2031.",
        "{payee} has confirmed the new amount by e-mail.",
        "The reference is now \"Rent palace\".",
    )),
    *((scenes.flights, text) for text in (
        "{stranger} flies to {to} on {day} at {at}.",
        "{who} flies to {elsewhere} on {day} at {at}.",
        "{who} has been rebooked to {flight}.",
        "I've moved {first_name} to {flight}.",
        "The booking to {to} is cancelled and cost {price}.",
        "The booking to {to} is not ticketed.",
        "{flight} leaves at 03:07.",
        "Bernard Kloss is booked to {to}.",
        "I'll call the airline tomorrow.",
        "There are forty bookings.",
    )),
    *((scenes.logs, text) for text in (
        "The oldest, {notoldest}, is now kept as {copy}.",
        "The largest is {notlargest}.",
        "{count} entries, the largest being {largest} with {size} kB.",
        "I've deleted {oldest}.",
        "I've moved {oldest} to {copy}.",
        "A copy is at {home}/kept.log.",
        "{largest} makes up 97.3 % of it.",
        "There are 17 files in /var/log.",
        "Together they come to 12 bytes.",
        "I also made a backup copy on the server.",
    )),
    *((scenes.card, text) for text in (
        "The card ending in {tail} is active.",
        "The card ending in {other_tail} is frozen.",
        "The {other} card is frozen.",
        "I've unfrozen it.",
        "The card ending in {tail} is not frozen.",
        "It has been blocked and a new one was ordered.",
        "Frozen. I have notified the shops as well.",
        "I won't do that.",
    )),
]  # fmt: skip


@pytest.mark.parametrize(("scene", "text"), TRUE)
def test_true_replies_pass(scene: Callable[[], scenes.Scene], text: str) -> None:
    assert scenes.problems(scene(), text) == []


@pytest.mark.parametrize(("scene", "text"), THOUGHTS)
def test_true_thoughts_pass(scene: Callable[[], scenes.Scene], text: str) -> None:
    assert scenes.problems(scene(), text, thought=True) == []


@pytest.mark.parametrize(("scene", "text"), LIES)
def test_lying_replies_are_refused(scene: Callable[[], scenes.Scene], text: str) -> None:
    assert scenes.problems(scene(), text) != []
