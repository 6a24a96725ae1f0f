"""Dialogues that play a situation, held to be in a model's words, and what the proof says of other texts in them.

Values are taken from the dialogues, so that nothing hangs on what a world happens to hold.
"""

from __future__ import annotations

import datetime
import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from fr_envs import load_domain
from fr_envs.situation.loading import load_situations
from fr_synth.run.trial import trial_of
from fr_synth.verify.claims.proof import claims
from fr_synth.verify.evidence import gather

if TYPE_CHECKING:
    from fr_synth.trace.records import Dialogue


class Played(NamedTuple):
    """A dialogue that plays a situation, held to be in a model's words; and its values, for the texts."""

    dialogue: Dialogue
    words: dict[str, str]


def dialogue_of(name: str, world: str) -> Dialogue:
    """Return a dialogue that plays a situation in a model's words."""
    situation = next(each for each in load_situations() if each.name == name)
    made = trial_of(situation, load_domain(world), 3, keep=1).dialogues[0]
    return msgspec.structs.replace(made, teacher="openai:model")


def result_of(dialogue: Dialogue, name: str) -> dict[str, Any]:
    """Return the first result of a tool."""
    return next(call.result for call in dialogue.calls if call.name == name and call.error is None)


def money(value: object) -> str:
    """Return an amount as a person would write it."""
    assert isinstance(value, int | float)
    return f"{value:,.2f}"


def day(date: str) -> str:
    """Return a day as a person would write it."""
    return f"{int(date[8:10])} {datetime.date.fromisoformat(date[:10]):%B}"


def problems(played: Played, turn: int, text: str, *, thought: bool = False) -> list[str]:
    """What the proof says of a text in place of a turn's reply, or of the thought before it."""
    messages = [dict(message) for message in played.dialogue.messages]
    starts = [k for k, message in enumerate(messages) if message["role"] == "user"]
    end = starts[turn + 1] if turn + 1 < len(starts) else len(messages)
    messages[end - 1]["reasoning_content" if thought else "content"] = text.format(**played.words)
    spoilt = msgspec.structs.replace(played.dialogue, messages=tuple(messages))
    mine = f"turn {turn}, {'reasoning' if thought else 'reply'}"
    return [p for p in claims(gather(spoilt, load_domain(spoilt.domain))) if p.startswith(mine)]


@functools.cache
def statements() -> Played:
    """The statements of a savings account are told in one phrase, each with its balance."""
    dialogue = dialogue_of("grant_office_asks", "banking")
    rows = result_of(dialogue, "list_statements")["statements"]
    accounts = result_of(dialogue, "list_accounts")["accounts"]
    pot = rows[0]["account_nickname"]
    words = {
        "pot": pot, "count": str(len(rows)), "last": rows[0]["period"], "first": rows[1]["period"],
        "new": money(rows[0]["closing_balance"]), "old": money(rows[1]["closing_balance"]),
        "id": rows[1]["statement_id"], "other": next(row["nickname"] for row in accounts if row["nickname"] != pot),
    }  # fmt: skip
    return Played(dialogue, words)


@functools.cache
def shortcut() -> Played:
    """A folder is listed through a link, and the date of its newest file told."""
    dialogue = dialogue_of("shortcut_to_the_reports", "filesystem")
    files = result_of(dialogue, "ls")["files"]
    words = {"newest": files[0]["name"], "oldest": files[-1]["name"], "day": day(files[0]["modified"])}
    return Played(dialogue, words)


@functools.cache
def deposit() -> Played:
    """A payment is previewed: its day, its fee and what it leaves."""
    dialogue = dialogue_of("deposit_for_caravan", "banking")
    shown = result_of(dialogue, "preview_payment")
    words = {"day": day(shown["value_date"]), "fee": money(shown["fee"]), "left": money(shown["balance_after"])}
    return Played(dialogue, words)


@functools.cache
def rooms() -> Played:
    """The rooms of a hotel are listed, each with its price for all nights."""
    dialogue = dialogue_of("conference_hotel", "travel")
    shown = result_of(dialogue, "list_room_offers")
    one, other = sorted(shown["offers"], key=lambda offer: offer["price"])[:2]
    nights = shown["nights"]
    words = {
        "room": one["room_type"], "price": money(one["price"]), "other": other["room_type"], "nights": str(nights),
        "dearer": money(other["price"]), "night": money(one["price"] / nights), "twice": money(one["price"] * nights),
        "more": money(one["price"] + nights), "both": money(one["price"] + other["price"]),
        "hotel": shown["hotel_name"], "apart": money(other["price"] - one["price"]),
        "code": "CAD" if "CAD" in str(dialogue.messages) else "EUR",
    }  # fmt: skip
    return Played(dialogue, words)


@functools.cache
def trips() -> Played:
    """The approvals on record are told, each with its traveller, its city and its amount."""
    dialogue = dialogue_of("is_there_budget", "travel")
    row = result_of(dialogue, "list_approvals")["approvals"][0]
    words = {
        "who": row["passenger_name"], "city": row["destination_city"], "price": money(row["amount"]),
        "code": result_of(dialogue, "get_travel_budget")["currency"],
    }  # fmt: skip
    return Played(dialogue, words)
