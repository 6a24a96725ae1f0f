"""Nothing is done that nobody would want: each rule holds of what is sampled, and fails where it is broken.

1. Nothing is compared with itself.
2. What a request brought about is not taken back, in its own turn or later.
3. Nothing is asked twice for the same answer.
4. What calls on the way need stands in the requests.
5. What is to change something does.
6. A value is taken for what it is for.
7. Look-ups are those of an expert; what is at hand for another reason may be used.
8. Special rights are given up.
9. Nobody asks for a code where none is needed.
10. A situation may be about any of these, rights excepted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs import load_domain
from fr_envs.contract.loading import spec_from_dict
from fr_envs.episode.task import Goal
from fr_envs.errors import SpecError
from fr_synth.trace.dataflow.provenance import Output, Said
from fr_synth.verify.calls.proper import proper
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import necessary
from tests.fr_envs.small_world import CONTRACT, LIBRARY
from tests.fr_synth.walks import by_fields, given, new_walk, record_of, take

if TYPE_CHECKING:
    from fr_envs.world.domain import Domain
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.records import Dialogue

FILES, BANK, TRAVEL = (load_domain(name) for name in ("filesystem", "banking", "travel"))


def problems(dialogue: Dialogue, domain: Domain[Any]) -> list[str]:
    return list(proper(gather(dialogue, domain)))


def told(walk: Walk, domain: Domain[Any], seed: int = 0) -> list[str]:
    """What is wrong with the record of a walk, and, first, that a situation may be about it."""
    record = record_of(walk, *(f"Turn {number}." for number in range(walk.turn + 1)), seed=seed)
    story = msgspec.structs.replace(record, situation="a_reason_to_do_just_that")
    assert all("still holds" in problem for problem in problems(story, domain))
    return problems(record, domain)


def test_nothing_is_compared_with_itself() -> None:
    walk = new_walk(FILES)
    path = next(
        row["path"] for row in take(walk, "find", {"path": "/home", "name": "*"}, user_requested=True).result["files"]
    )
    walk.next_turn()
    take(walk, "diff", {"path": path, "other": path}, user_requested=True)
    (problem,) = told(walk, FILES)
    assert problem == "turn 1: nobody would ask for that: one thing twice"


@pytest.mark.parametrize("later", [False, True])
def test_what_was_brought_about_is_not_taken_back(later: bool) -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"}, user_requested=True)
    if later:
        walk.next_turn()
    take(walk, "leave", user_requested=True)
    (problem,) = told(walk, LIBRARY)
    assert "taken back" in problem


def test_what_is_moved_twice_is_not_taken_back() -> None:
    walk = new_walk(FILES)
    take(walk, "touch", {"path": "notes_for_all.txt"}, user_requested=True)
    take(walk, "mv", {"source": "notes_for_all.txt", "destination": "notes_for_some.txt"}, user_requested=True)
    assert told(walk, FILES) == []
    take(walk, "rm", {"path": "notes_for_some.txt"}, user_requested=True)
    assert told(walk, FILES) == ["turn 0: nobody would ask for that: taken back"]


def test_nothing_is_asked_twice_for_one_answer() -> None:
    walk = new_walk()
    take(walk, "list_books", user_requested=True)
    walk.next_turn()
    take(walk, "list_books", user_requested=True)
    assert told(walk, LIBRARY) == ["turn 1: nobody would ask for that: asked before"]


def test_what_a_look_up_needs_is_said_by_a_request() -> None:
    walk = new_walk()
    take(walk, "search_books", {"title": "The Weir"}, sources={"/title": Said(0, "The Weir")})
    take(walk, "get_book", {"book_id": "BOOK005"}, user_requested=True, sources={"/book_id": Said(0, "BOOK005")})
    assert told(walk, LIBRARY) == ["turn 0: nobody would ask for that: told beside"]


def test_what_a_request_points_by_is_said() -> None:
    walk = new_walk()
    take(walk, "search_books", {"title": "The Weir"}, sources={"/title": Said(0, "The Weir")})
    words = by_fields(walk, "book_id", "BOOK005", "the book called The Weir", title="The Weir")
    where = {"/book_id": given(walk, "book_id", "BOOK005")}
    take(walk, "get_book", {"book_id": "BOOK005"}, user_requested=True, sources=where, mentions={"/book_id": words})
    assert told(walk, LIBRARY) == []


def signed_in(seed: int = 0) -> Walk:
    """A walk in the bank whose customer is signed in, by a call that nobody asks for."""
    walk = new_walk(BANK, seed)
    if not BANK.holds(walk.state, "signed_in"):
        number = BANK.suggest(walk.state, "sign_in", "customer_number", {}, walk.rng)
        pin = BANK.suggest(walk.state, "sign_in", "pin", {"customer_number": number}, walk.rng)
        take(walk, "sign_in", {"customer_number": number, "pin": pin})
    return walk


def test_a_limit_is_not_set_to_what_it_is() -> None:
    walk = signed_in()
    cards = take(walk, "list_cards", user_requested=True).result["cards"]
    number = len(walk.steps) - 1
    card = next(row for row in cards if row["card_status"] == "active")
    where = {"/card_id": Output(number, f"/cards/{cards.index(card)}/card_id")}
    walk.next_turn()
    other = walk.fork()
    same = {"card_id": card["card_id"], "limit": card["monthly_limit"]}
    take(walk, "set_card_limit", same, user_requested=True, sources=where)
    assert told(walk, BANK) == ["turn 1: nobody would ask for that: without effect"]
    more = {**same, "limit": card["monthly_limit"] + 50}
    take(other, "set_card_limit", more, user_requested=True, sources=where)
    assert told(other, BANK) == []


def test_nothing_is_begun_and_ended_in_one_breath() -> None:
    walk = signed_in()
    cards = take(walk, "list_cards", user_requested=True).result["cards"]
    card = next(number for number, row in enumerate(cards) if row["card_status"] == "active")
    taken = {"card_id": cards[card]["card_id"]}
    where = {"/card_id": Output(len(walk.steps) - 1, f"/cards/{card}/card_id")}
    walk.next_turn()
    take(walk, "freeze_card", taken, user_requested=True, sources=where)
    later = walk.fork()
    take(walk, "unfreeze_card", taken, user_requested=True, sources=where)
    assert told(walk, BANK) == ["turn 1: nobody would ask for that: taken back"]
    take(later, "get_card", taken, user_requested=True, sources=where)
    assert told(later, BANK) == []


@pytest.mark.parametrize("own", [True, False])
def test_nothing_is_set_to_what_it_says_itself(own: bool) -> None:
    walk = signed_in()
    orders = take(walk, "list_standing_orders", user_requested=True).result["standing_orders"]
    place = next(number for number, row in enumerate(orders) if row["order_status"] == "active")
    source = {"/standing_order_id": Output(len(walk.steps) - 1, f"/standing_orders/{place}/standing_order_id")}
    amount = orders[place]["amount"] if own else orders[place]["amount"] - 1
    if own:
        source["/amount"] = Output(len(walk.steps) - 1, f"/standing_orders/{place}/amount")
    walk.next_turn()
    changed = {"standing_order_id": orders[place]["standing_order_id"], "amount": amount}
    changed["effective_from"] = orders[place]["next_date"]  # from now on the world itself would refuse it
    take(walk, "update_standing_order", changed, user_requested=True, sources=source)
    found = told(walk, BANK)
    assert found == (["turn 1: nobody would ask for that: set to its own"] if own else [])


@pytest.mark.parametrize(("member", "wrong"), [("destination_city", False), ("origin_city", True)])
def test_a_value_is_taken_for_what_it_is_for(member: str, wrong: bool) -> None:
    walk = new_walk(TRAVEL, 1)
    city = take(walk, "list_bookings", user_requested=True).result["bookings"][0][member]
    walk.next_turn()
    arguments = {"city": city, "check_in": TRAVEL.suggest(walk.state, "search_hotels", "check_in", {}, walk.rng)}
    sources = {"/city": Output(0, f"/bookings/0/{member}")}
    take(walk, "search_hotels", {**arguments, "nights": 1}, user_requested=True, sources=sources)
    expected = ["turn 1: nobody would ask for that: for something else"] if wrong else []
    assert told(walk, TRAVEL, 1) == expected


def paid(*, asked: bool, lister: str) -> list[str]:
    """Problems of a dialogue in which the payee of a request is looked up in some listing, asked for or not."""
    for seed in range(12):
        walk = signed_in(seed)
        member = {"list_standing_orders": "standing_orders", "list_payees": "payees"}[lister]
        rows = take(walk, lister, user_requested=asked).result[member]
        number = len(walk.steps) - 1
        if rows:
            source = {"/payee_id": Output(number, f"/{member}/0/payee_id")}
            take(walk, "get_payee", {"payee_id": rows[0]["payee_id"]}, user_requested=True, sources=source)
            return told(walk, BANK, seed)
    raise AssertionError("unreachable")


def test_look_ups_are_those_of_an_expert() -> None:
    assert paid(asked=False, lister="list_standing_orders") == ["turn 0: nobody would ask for that: looked up by luck"]
    assert paid(asked=False, lister="list_payees") == []
    assert paid(asked=True, lister="list_standing_orders") == [], "they are at hand"


@pytest.mark.parametrize("wrong", ["borrow", "nothing", "join"])
def test_what_looks_a_thing_up_has_to_be_a_read_that_shows_it(wrong: str) -> None:
    kinds = {**CONTRACT["kinds"], "book_id": {**CONTRACT["kinds"]["book_id"], "canonical": ["list_books", wrong]}}
    with pytest.raises(SpecError, match=f"/kinds/book_id/canonical/1: '{wrong}' is no read that shows"):
        spec_from_dict({**CONTRACT, "kinds": kinds})


def superuser() -> tuple[int, str]:
    """A seed on which nobody is the superuser, and the password that makes one."""
    for seed in range(40):
        walk = new_walk(FILES, seed)
        password = FILES.suggest(walk.state, "su", "password", {}, walk.rng)
        if password is not None and not FILES.holds(walk.state, "privileged"):
            return seed, password
    raise AssertionError("unreachable")


def test_special_rights_are_given_up() -> None:
    seed, password = superuser()
    walk = new_walk(FILES, seed)
    take(walk, "su", {"password": password})
    take(walk, "chown", {"path": ".", "owner": "root"}, user_requested=True)
    kept = "turn 0: privileged was made true unasked and still holds when the turn is over"
    assert told(walk, FILES, seed) == [kept]
    walk.take(take(walk.fork(), "exit")._replace(purpose="closing"))
    assert told(walk, FILES, seed) == []
    wanted = new_walk(FILES, seed)
    take(wanted, "su", {"password": password}, user_requested=True)
    assert told(wanted, FILES, seed) == [], "who wants to be the superuser is"


@pytest.mark.parametrize("codes", [0, 1])
def test_nobody_asks_for_a_code_where_none_is_needed(codes: int) -> None:
    walk = signed_in()
    for _ in range(codes):
        take(walk, "request_code")
    email = {"email": "new.start@example.org"}
    take(walk, "update_email", email, user_requested=True, sources={"/email": Said(0, email["email"])})
    record = record_of(walk, f"My new address is {email['email']}.")
    changes = tuple(each for each in record.turns[0].goal.changes if each.table not in BANK.hooks.incidental)
    turn = msgspec.structs.replace(record.turns[0], goal=Goal(changes, incidental=tuple(BANK.hooks.incidental)))
    found = list(necessary(gather(msgspec.structs.replace(record, turns=(turn,)), BANK)))
    needless = [problem for problem in found if "(request_code) changes nothing by its absence" in problem]
    assert len(needless) == codes, found
