"""Replies in a model's own words to turns of a situation: the true ones pass, those of another thing are refused.

Values are taken from the dialogue, so that nothing here hangs on what a world happens to hold.
"""

from __future__ import annotations

import functools

import pytest

from tests.fr_synth.verify.claims.situated_scenes import Played, dialogue_of, money, problems, result_of


@functools.cache
def bonus() -> Played:
    """A sum is more than there is on the account; a smaller one is moved."""
    dialogue = dialogue_of("more_than_there_is", "banking")
    accounts = result_of(dialogue, "list_accounts")["accounts"]
    moved = result_of(dialogue, "transfer_between_accounts")
    made = next(call.arguments for call in dialogue.calls if call.name == "transfer_between_accounts")
    assert isinstance(accounts, list)
    rows = [row for row in accounts if isinstance(row, dict)]
    main, pot = (
        next(r for r in rows if r["account_id"] == made[k]) for k in ("source_account_id", "target_account_id")
    )
    words = {
        "main": str(main["nickname"]), "pot": str(pot["nickname"]), "balance": money(main["balance"]),
        "others": money(pot["balance"]), "moved": money(moved["amount"]), "left": money(moved["new_balance"]),
    }  # fmt: skip
    return Played(dialogue, words)


@functools.cache
def stay() -> Played:
    """A hotel is cancelled, and its refund looked up among the invoices."""
    dialogue = dialogue_of("hotel_not_needed", "travel")
    done = result_of(dialogue, "cancel_stay")
    stays = result_of(dialogue, "list_stays")["stays"]
    assert isinstance(stays, list)
    rows = [row for row in stays if isinstance(row, dict)]
    mine = next(row for row in rows if row["stay_id"] == done["stay_id"])
    other = next(row for row in rows if row is not mine)
    words = {
        "hotel": str(mine["hotel_name"]), "who": str(mine["passenger_name"]), "refund": money(done["refund"]),
        "code": str(done["currency"]), "elsewhere": str(other["hotel_name"]), "stranger": str(other["passenger_name"]),
        "others": money(other["price"]), "city": str(mine["city"]),
    }  # fmt: skip
    return Played(dialogue, words)


TRUE = (
    (0, "There's only €{balance} on {main}, so it can't cover that yet. Would you like me to move less?"),
    (
        0,
        "{main} holds €{balance} at the moment. That isn't enough, so I haven't moved anything. How much then?",
    ),
    (0, "I'm afraid {main} doesn't cover that: its balance is €{balance}. Shall I move a smaller amount?"),
    (0, "Your {main} account has a balance of €{balance}, while {pot} has €{others}. What smaller sum should I move?"),
    (0, "Sorry, the balance of {main} is €{balance}, which doesn't cover it."),
    (1, "Done: €{moved} is now in {pot}, and {main} has €{left} left."),
    (1, "I've moved €{moved} from {main} to {pot}. The new balance of {main} is €{left}."),
    (1, "All set! {pot} got €{moved}; that leaves €{left} on {main}."),
    (1, "The transfer of €{moved} to {pot} went through, so {main} is down to €{left}."),
    (1, "€{balance} - €{moved} = €{left} is what {main} has left now."),
    (1, "I transferred €{moved} to {pot}. You still have €{left} on {main}. Is there anything else I can do?"),
)

LIES = (
    (0, "It holds €{others} at the moment. That isn't enough. How much shall I take?"),
    (0, "I can't move that much, {pot} doesn't cover it."),
    (0, "{main} has €{others} on it, so it can't cover that yet."),
    (0, "Sorry, the balance of {main} is €{left}, which doesn't cover it."),
    (1, "€{left} went over to {pot}; {main} is left with €{moved}."),
    (1, "€{balance} went over to {pot}; {main} is left with €{left}."),
    (1, "Moved: €{moved} to {main}, and {pot} is left with €{left}."),
    (1, "Done: ${moved} is now in {pot}."),
    (1, "€{moved} is in {pot} now. I have told the bank about it."),
    (1, "€{moved} is in {pot} now. By the rules it can't leave there again."),
    (1, "€{moved} went from {pot} to {pot}."),
    (1, "€{moved} is in {pot} now, 35 % more than before."),
)


TRUE_OF_STAY = (
    "Done, I've cancelled {who}'s stay at {hotel}, and you get {refund} {code} back.",
    "{hotel} is cancelled. There was no fee, so all of the {refund} {code} is refunded.",
    "All set: the room at {hotel} is cancelled and {refund} {code} comes back in full.",
    "I cancelled {who}'s room in {city}. The refund is {refund} {code}. Anything else?",
    "The booking at {hotel} has been cancelled, with a full refund of {refund} {code}.",
)

LIES_OF_STAY = (
    "Done, I've cancelled {stranger}'s stay at {hotel}.",
    "{elsewhere} is cancelled, and the full {refund} {code} comes back.",
    "The stay at {hotel} is cancelled, and {others} {code} comes back.",
    "{hotel} is still booked.",
    "{hotel} is cancelled, and {refund} JPY comes back.",
    "{hotel} is cancelled. The hotel's staff were sad to hear about it.",
    "{hotel} is cancelled, for a fee of {refund} {code}.",
    "I've upgraded {who} at {hotel}.",
)


@pytest.mark.parametrize("text", TRUE_OF_STAY)
def test_true_replies_to_a_cancelling_pass(text: str) -> None:
    assert problems(stay(), 0, text) == []


@pytest.mark.parametrize("text", LIES_OF_STAY)
def test_false_ones_are_refused(text: str) -> None:
    assert problems(stay(), 0, text) != []


@pytest.mark.parametrize(("turn", "text"), TRUE)
def test_true_replies_in_other_words_pass(turn: int, text: str) -> None:
    assert problems(bonus(), turn, text) == []


@pytest.mark.parametrize(("turn", "text"), LIES)
def test_what_is_of_another_thing_is_refused(turn: int, text: str) -> None:
    assert problems(bonus(), turn, text) != []
