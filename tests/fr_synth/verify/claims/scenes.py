"""Turns played by hand in the shipped worlds, so that free replies and thoughts can be held against what ran."""

from __future__ import annotations

import datetime
import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from fr_envs import load_domain
from fr_synth.trace.dataflow.provenance import Output
from fr_synth.verify.claims.proof import claims
from fr_synth.verify.evidence import gather
from tests.fr_synth.walks import new_walk, record_of, take

if TYPE_CHECKING:
    from fr_synth.trace.records import Dialogue


class Scene(NamedTuple):
    """A turn: the record, and its values as a person would write them, for the texts."""

    dialogue: Dialogue
    words: dict[str, str]


def problems(scene: Scene, text: str, *, thought: bool = False, user: bool = False) -> list[str]:
    """What the proof says of a text in place of the scene's own; places in braces are filled."""
    messages = [dict(message) for message in scene.dialogue.messages]
    if user:
        messages[1]["content"] = text.format(**scene.words)
    elif thought:
        messages[-1]["reasoning_content"] = text.format(**scene.words)
    else:
        messages[-1]["content"] = text.format(**scene.words)
    dialogue = msgspec.structs.replace(scene.dialogue, messages=tuple(messages))
    return list(claims(gather(dialogue, load_domain(dialogue.domain))))


def _money(value: float) -> str:
    return f"{value:,.2f}"


def _day(date: str) -> str:
    return f"{int(date[8:10])} {datetime.date.fromisoformat(date[:10]):%B %Y}"


def _ordinal(date: str) -> str:
    day = int(date[8:10])
    ending = "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


@functools.cache
def rent() -> Scene:
    """The rent goes up: a standing order is looked up and changed from the month after next."""
    walk = new_walk(load_domain("banking"), 2)
    orders = take(walk, "list_standing_orders").result["standing_orders"]
    accounts = take(walk, "list_accounts").result["accounts"]
    order = next(o for o in orders if o["reference"].startswith("Rent"))
    other = next(o for o in orders if o is not order)
    paying = next(a for a in accounts if a["account_id"] == order["account_id"])
    following = datetime.date.fromisoformat(order["next_date"]).replace(day=1) + datetime.timedelta(days=32)
    start = following.replace(day=1)
    new = order["amount"] + 36.0
    arguments = {"standing_order_id": order["standing_order_id"], "amount": new, "effective_from": start.isoformat()}
    take(walk, "update_standing_order", arguments, user_requested=True, sources={
        "/standing_order_id": Output(0, f"/standing_orders/{orders.index(order)}/standing_order_id"),
    })  # fmt: skip
    user = f"The landlord has put the rent up to {new:.0f} from {start:%B} on. What is left after the next payment?"
    words = {
        "payee": order["payee_name"], "old": _money(order["amount"]), "new": _money(new), "month": f"{start:%B}",
        "this": f"{datetime.date.fromisoformat(order['next_date']):%B}", "nth": _ordinal(order["next_date"]),
        "rest": _money(paying["available"] - order["amount"]), "available": _money(paying["available"]),
        "wrong": _money(paying["available"] - order["amount"] + 10), "type": paying["type"], "name": paying["nickname"],
        "id": order["standing_order_id"], "other": other["payee_name"], "other_amount": _money(other["amount"]),
        "start": _day(start.isoformat()), "next": _day(order["next_date"]), "year": _money(new * 12),
        "more": _money(new - order["amount"]), "orders": str(len(orders)), "reference": order["reference"],
    }  # fmt: skip
    return Scene(record_of(walk, user, seed=2), words)


@functools.cache
def flights() -> Scene:
    """Flights of a day are looked up for one of the booked routes."""
    walk = new_walk(load_domain("travel"), 1)
    bookings = take(walk, "list_bookings", user_requested=True).result["bookings"]
    booking = next(b for b in bookings if b["status"] == "ticketed")
    found = take(walk, "list_change_options", {"booking_id": booking["booking_id"], "date": booking["departure_date"]},
                 user_requested=True,
        sources={"/booking_id": Output(0, f"/bookings/{bookings.index(booking)}/booking_id")},
                 )  # fmt: skip
    options = found.result["flights"]
    assert options
    first = options[0]
    names = [b["passenger_name"] for b in bookings]
    words = {
        "who": booking["passenger_name"], "first_name": booking["passenger_name"].split()[0],
        "to": booking["destination_city"], "day": _day(booking["departure_date"]), "price": f"{booking['price']:,.0f}",
        "at": booking["departure"][11:], "flight": first["flight_number"], "leaves": first["departure_time"],
        "many": str(len(options)), "bookings": str(len(bookings)),
        "stranger": next(n for n in names if n != booking["passenger_name"]),
        "elsewhere": next(to for b in bookings if (to := b["destination_city"]) != booking["destination_city"]),
    }  # fmt: skip
    user = f"Which flights do we have booked, and what else goes to {booking['destination_city']} that day?"
    return Scene(record_of(walk, user, seed=1), words)


@functools.cache
def logs() -> Scene:
    """A folder is listed and one of its files is copied."""
    walk = new_walk(load_domain("filesystem"), 1)
    listed = take(walk, "ls", {"path": "/var/log"}, user_requested=True).result
    files = listed["files"]
    largest = max(files, key=lambda file: file["size"])
    oldest = min(files, key=lambda file: file["modified"])
    whole = sum(file["size"] for file in files)
    home = walk.domain.apply(walk.state, _call("pwd")).value["path"]
    taken = take(walk, "cp", {"source": oldest["path"], "destination": f"{home}/saved.log"}, user_requested=True,
    sources={
        "/source": Output(0, f"/files/{files.index(oldest)}/path"),
    })  # fmt: skip
    words = {
        "count": str(listed["total"]), "largest": largest["name"], "size": str(largest["size"]),
        "kb": f"{largest['size'] / 1000:.1f}", "oldest": oldest["name"], "path": oldest["path"],
        "copy": taken.result["path"], "home": home, "date": _day(oldest["modified"]), "owner": largest["owner"],
        "sum": str(whole), "share": f"{100 * largest['size'] / whole:.0f}",
        "notlargest": next(f["name"] for f in files if f is not largest),
        "notoldest": next(f["name"] for f in files if f is not oldest),
        "newest": max(files, key=lambda file: file["modified"])["name"],
    }  # fmt: skip
    user = f"What is in /var/log? Keep the oldest of it as {home}/saved.log."
    return Scene(record_of(walk, user, seed=1), words)


def _call(name: str) -> Any:
    from fr_envs.world.tool_call import ToolCall

    return ToolCall(name, {})


@functools.cache
def card() -> Scene:
    """A card is looked up and frozen."""
    walk = new_walk(load_domain("banking"), 2)
    cards = take(walk, "list_cards").result["cards"]
    one = next(c for c in cards if c["card_status"] == "active")
    other = next(c for c in cards if c is not one and c["card_type"] != one["card_type"])
    take(walk, "freeze_card", {"card_id": one["card_id"]}, user_requested=True, sources={
        "/card_id": Output(0, f"/cards/{cards.index(one)}/card_id"),
    })  # fmt: skip
    words = {
        "type": one["card_type"], "tail": one["card_tail"], "other": other["card_type"],
        "other_tail": other["card_tail"],
        "left": _money(one["left"]), "limit": _money(one["monthly_limit"]), "spent": _money(one["spent"]),
    }  # fmt: skip
    return Scene(record_of(walk, f"I can't find my {one['card_type']} card, put it on ice.", seed=2), words)


@functools.cache
def cards() -> Scene:
    """Two cards are looked up and frozen."""
    walk = new_walk(load_domain("banking"), 8)
    listed = take(walk, "list_cards").result["cards"]
    one, other = [c for c in listed if c["card_status"] == "active"][:2]
    for each in (one, other):
        take(walk, "freeze_card", {"card_id": each["card_id"]}, user_requested=True, sources={
            "/card_id": Output(0, f"/cards/{listed.index(each)}/card_id"),
        })  # fmt: skip
    words = {"tail": one["card_tail"], "other_tail": other["card_tail"]}
    user = f"Freeze the cards ending in {one['card_tail']} and {other['card_tail']}."
    return Scene(record_of(walk, user, seed=8), words)
