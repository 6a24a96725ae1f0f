"""The shipped worlds as one: one clock for all, and values that one world gives and another takes.

1. All parts begin at one moment; when one of them lets time pass, it passes in all, and what is due there happens.
2. Time beyond what one part has planned for is no error: it has nothing more to offer.
3. Data edges cross the borders between every two worlds, and executed calls prove them.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from fr_envs import load_domain
from fr_envs.contract.loading import spec_from_dict
from fr_envs.domains.travel.lookup import net_of
from fr_envs.errors import UsageError
from fr_envs.graph.api_graph import ApiGraph, Edge
from fr_envs.search.witnesses import find_witnesses
from fr_envs.world.compose import Composite, compose
from fr_envs.world.domain import Domain, Hooks, TimeHooks
from fr_envs.world.registry import WORKSPACE, domain_names
from fr_envs.world.tool_call import ToolCall
from tests.fr_envs.small_world import CONTRACT, HANDLERS, HOOKS, LIBRARY

if TYPE_CHECKING:
    from fr_envs.domains.banking.state import Bank
    from fr_envs.domains.filesystem.state import FileSystem
    from fr_envs.domains.travel.state import Travel
    from fr_envs.json_values import Json, JsonObject

WORK = load_domain(WORKSPACE)
DAY = 86_400
OWNER = {tool: world for world in domain_names() for tool in load_domain(world).spec.tools}


def bank(state: Composite) -> Bank:
    return cast("Bank", state.part("banking"))


def disk(state: Composite) -> FileSystem:
    return cast("FileSystem", state.part("filesystem"))


def desk(state: Composite) -> Travel:
    return cast("Travel", state.part("travel"))


def did(state: Composite, tool: str, **arguments: Json) -> tuple[Composite, JsonObject]:
    outcome = WORK.apply(state, ToolCall(tool, arguments))
    assert outcome.error is None, (tool, outcome.error)
    return outcome.state, outcome.value


def days_of(state: Composite) -> set[str]:
    """The day (UTC) by the clock of each part."""
    minutes = desk(state).clock["clock"].now
    return {
        bank(state).clock["now"].today,
        dt.datetime.fromtimestamp(disk(state).clock["now"].now, dt.UTC).date().isoformat(),
        dt.datetime.fromtimestamp(minutes * 60, dt.UTC).date().isoformat(),
    }


@pytest.fixture(scope="module")
def work() -> Composite:
    state: Composite = WORK.initial(4)
    return state if bank(state).session["me"].signed_in else signed_in(state)


def signed_in(state: Composite) -> Composite:
    user = bank(state).customers[bank(state).clock["now"].user]
    return did(state, "sign_in", customer_number=user.number, pin=user.pin)[0]


@pytest.mark.parametrize("seed", range(12))
def test_all_parts_begin_at_one_moment(seed: int) -> None:
    state: Composite = WORK.initial(seed)
    assert len(days_of(state)) == 1
    assert disk(state).clock["now"].now == desk(state).clock["clock"].now * 60
    assert WORK.initial(seed) == state
    assert days_of(state) != days_of(WORK.initial(seed + 1))


@pytest.mark.parametrize(
    ("tool", "arguments", "seconds"),
    [
        ("wait_days", {"days": 3}, 3 * DAY),
        ("wait_hours", {"hours": 30}, 30 * 3600),
        ("wait", {"minutes": 4000}, 240_000),
    ],
)
def test_time_that_passes_in_one_part_passes_in_all(
    work: Composite, tool: str, arguments: JsonObject, seconds: int
) -> None:
    after, _ = did(work, tool, **arguments)
    assert disk(after).clock["now"].now - disk(work).clock["now"].now == seconds
    assert desk(after).clock["clock"].now - desk(work).clock["clock"].now == seconds // 60
    assert len(days_of(after)) == 1
    assert days_of(after) != days_of(work)


def test_clocks_never_part_however_time_passes(work: Composite) -> None:
    rng, state = np.random.default_rng(8), work
    for _ in range(25):
        tool, name, most = (("wait_days", "days", 3), ("wait_hours", "hours", 40), ("wait", "minutes", 3000))[
            int(rng.integers(3))
        ]
        outcome = WORK.apply(state, ToolCall(tool, {name: int(rng.integers(1, most))}))
        if outcome.error is not None:
            assert (tool, outcome.error.code) == ("wait_hours", "end_of_timetable")
        state = outcome.state
        assert len(days_of(state)) == 1
        assert disk(state).clock["now"].now // 60 == desk(state).clock["clock"].now


def test_holds_expire_while_the_bank_lets_days_pass(work: Composite) -> None:
    held = [hold.hold_id for hold in desk(work).holds.by("status", "active")]
    assert held
    after, _ = did(work, "wait_days", days=4)
    assert {desk(after).holds[hold].status for hold in held} == {"expired"}


def test_payments_run_while_the_travellers_wait(work: Composite) -> None:
    scheduled = bank(work).scheduled
    orders = {key: order.due_on for key, order in bank(work).standing_orders.rows()}
    assert scheduled or orders
    after = work
    for _ in range(3):
        after, _ = did(after, "wait_hours", hours=160)
    now = bank(after).clock["now"].today
    for key, row in scheduled.rows():
        assert (key in bank(after).scheduled) == (row.next_date > now)
    assert len(bank(after).entries) > len(bank(work).entries)


def test_refused_waits_move_no_clock(work: Composite) -> None:
    late, _ = did(work, "wait_days", days=31)
    outcome = WORK.apply(late, ToolCall("wait_hours", {"hours": 1}))
    assert outcome.error is not None
    assert outcome.error.code == "end_of_timetable"
    assert outcome.state is late


def test_beyond_the_timetable_there_is_nothing_to_book_and_nothing_raises(work: Composite) -> None:
    late = work
    for _ in range(3):
        late, _ = did(late, "wait_days", days=31)
    rng = np.random.default_rng(3)
    for name, tool in WORK.spec.tools.items():
        for _ in range(4):
            arguments: JsonObject = {}
            for parameter in tool.parameters:
                value = WORK.suggest(late, name, parameter, arguments, rng)
                if value is not None:
                    arguments[parameter] = value
            WORK.apply(late, ToolCall(name, arguments))
    codes = [airport.code for airport in net_of(desk(late)).airports]
    outcome = WORK.apply(late, ToolCall("search_flights", {
        "origin": codes[0], "destination": codes[1], "date": bank(late).clock["now"].today,
    }))  # fmt: skip
    assert outcome.error is not None
    assert outcome.error.code == "date_out_of_range"


def test_an_invoice_is_saved_and_paid_from_what_the_file_says(work: Composite) -> None:
    state, listed = did(work, "list_invoices")
    invoice = min((i for i in listed["invoices"] if i["kind"] == "charge"), key=lambda i: i["amount"])
    state, written = did(state, "get_invoice", invoice_id=invoice["invoice_id"], currency="EUR")
    state, _ = did(state, "write_file", path="/tmp/invoice.txt", content=written["text"])
    state, read = did(state, "cat", path="/tmp/invoice.txt")
    assert read["content"] == written["text"]
    state, bill = did(state, "read_bill", text=read["content"])
    amount = bill["amount"]
    assert (amount, bill["currency"]) == (written["amount"], "EUR")
    payer = next(a for a in bank(state).accounts.by("customer_id", bank(state).clock["now"].user)
                 if a.currency == "EUR" and a.type == "savings" and a.balance > 100 * amount)  # fmt: skip
    target = next(a for a in bank(state).accounts.by("customer_id", payer.customer_id) if a.type == "checking")
    after, _ = did(
        state, "transfer_between_accounts",
        source_account_id=payer.account_id, target_account_id=target.account_id, amount=amount,
    )  # fmt: skip
    assert bank(after).accounts[payer.account_id].balance == payer.balance - round(100 * amount)


def test_a_card_of_the_bank_pays_for_a_booking(work: Composite) -> None:
    state, cards = did(work, "list_cards")
    year = int(bank(state).clock["now"].today[:4]) + 2
    known = {method.tail for method in desk(state).payments.values()}
    card = next(card for card in cards["cards"] if card["card_tail"] not in known)
    state, saved = did(
        state, "add_payment_card", label="From the bank", ending=card["card_tail"], expires_on=f"{year}-01-31"
    )
    method = saved["payment_method_id"]
    booking = min(desk(state).bookings.by("status", "reserved"), key=lambda b: b.fare)
    after, paid = did(state, "pay_booking", booking_id=booking.booking_id, payment_method_id=method)
    assert paid["status"] == "ticketed"
    assert WORK.holds(after, "ticketed", booking.booking_id)


CROSSINGS = (
    ("list_cards", "add_payment_card", "card_ending"),
    ("list_messages", "write_file", "text"),
    ("get_invoice", "write_file", "text"),
    ("get_boarding_pass", "write_file", "text"),
    ("list_bookings", "transfer_between_accounts", "money"),
    ("get_invoice", "search_transactions", "money"),
    ("get_invoice", "get_exchange_rate", "currency"),
    ("list_stays", "list_transactions", "date"),
    ("cat", "read_bill", "text"),
    ("date", "search_flights", "date"),
)


@pytest.mark.slow
def test_edges_cross_between_every_two_worlds_and_calls_prove_them() -> None:
    edges = ApiGraph(WORK.spec).edges()
    crossing = {(OWNER[e.source], OWNER[e.target]) for e in edges if OWNER[e.source] != OWNER[e.target]}
    assert crossing >= {
        ("banking", "filesystem"), ("banking", "travel"), ("filesystem", "banking"), ("filesystem", "travel"),
        ("travel", "banking"), ("travel", "filesystem"),
    }  # fmt: skip
    wanted: dict[tuple[str, str, str], Edge] = {}
    for edge in edges:
        wanted.setdefault((edge.source, edge.target, edge.via), edge)
    chosen = {crossed: wanted[crossed] for crossed in CROSSINGS}
    witnesses = find_witnesses(WORK, edges=chosen.values(), attempts=40)
    assert [crossed for crossed, edge in chosen.items() if witnesses[edge] is None] == []


def test_a_composition_can_be_a_part_of_another(work: Composite) -> None:
    nested = compose(load_domain("banking+travel"), load_domain("filesystem"), name="nested")
    state = nested.initial(3)
    assert set(nested.spec.tools) == set(WORK.spec.tools)
    after = nested.apply(state, ToolCall("wait", {"minutes": 3 * 1440})).state
    inner = cast("Composite", after.part("banking+travel"))
    moment = cast("FileSystem", after.part("filesystem")).clock["now"].now
    assert cast("Travel", inner.part("travel")).clock["clock"].now == moment // 60
    day = dt.datetime.fromtimestamp(moment, dt.UTC).date().isoformat()
    assert cast("Bank", inner.part("banking")).clock["now"].today == day


def timed(name: str, span: tuple[int, int]) -> Domain[Any]:
    contract = {**CONTRACT, "name": name, "id": f"FunReasonTest/{name.title()}-v0"}
    time = TimeHooks(lambda _: 0, lambda state, _: state, lambda rng, scale, _: LIBRARY.initial(rng, scale), span)
    return Domain(spec_from_dict(contract), HANDLERS, Hooks(*HOOKS)._replace(time=time))


def test_worlds_without_a_day_in_common_do_not_compose() -> None:
    early, late = timed("early", (0, 10 * DAY)), timed("late", (9 * DAY, 20 * DAY))
    with pytest.raises(UsageError, match="early and late have no day in common"):
        compose(early, late)
    assert compose(early, timed("next", (5 * DAY, 20 * DAY))).initial(1).worlds == ("early", "next")
