"""The bank's rules, one by one.

1. Money: transfers, payments, fees, value dates, recalls, idempotency keys, limits.
2. Security: sessions, one-time codes, new payees, two steps to close an account.
3. Time: what is planned, repeats or is collected runs when it falls due, on business days; months are closed.
4. Cards, direct debits, disputes, loans, exchange, alerts, budgets.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from msgspec.structs import replace

from fr_envs.domains.banking.days import add_days, business_day_after, is_business_day
from fr_envs.domains.banking.first_state.frozen import euro_rates
from fr_envs.domains.banking.state import Bank
from tests.fr_envs.domains.banking_desk import Desk, desk, new_iban

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject

# ------------------------------------------------------------------------------------------------------- 1. money


def test_a_transfer_moves_money_and_costs_nothing() -> None:
    d = desk()
    source, target = d.main, d.savings
    row = d.call(
        "transfer_between_accounts", source_account_id=source.account_id, target_account_id=target.account_id,
        amount=12.34, reference="For later",
    )  # fmt: skip
    assert row["fee"] == 0
    assert row["new_balance"] == d.balance(source.account_id) == round(source.balance / 100 - 12.34, 2)
    assert d.balance(target.account_id) == round(target.balance / 100 + 12.34, 2)
    seen = d.call("list_transactions", account_id=target.account_id, limit=1)["transactions"][0]
    assert (seen["direction"], seen["amount"], seen["reference"]) == ("in", 12.34, "For later")


def pay(d: Desk, amount: float = 25.0, **more: object) -> JsonObject:
    return d.call("pay_payee", account_id=d.main.account_id, payee_id=d.payee().payee_id, amount=amount, **more)


def test_a_payment_to_another_bank_costs_the_fee_and_counts_from_the_next_business_day() -> None:
    d = desk()
    d.put("tariff", "now", standard_fee=35)
    before = d.balance(d.main.account_id)
    preview = d.call(
        "preview_payment", account_id=d.main.account_id, payee_id=d.payee().payee_id, amount=25.0
    )  # fmt: skip
    row = pay(d)
    assert row["fee"] == preview["fee"] == 0.35
    assert row["value_date"] == preview["value_date"] == business_day_after(d.today)
    assert row["new_balance"] == preview["balance_after"] == round(before - 25.35, 2)


def test_an_instant_payment_costs_more_and_counts_at_once() -> None:
    d = desk()
    tariff = d.state.tariff["now"]
    row = pay(d, speed="instant")
    assert row["fee"] == (tariff.standard_fee + tariff.instant_fee) / 100
    assert row["value_date"] == d.today


def test_a_payment_from_another_currency_costs_the_foreign_fee() -> None:
    d = desk()
    account = d.open("checking", "USD", "Dollars")
    d.fund(account, 100_000)
    row = d.call("pay_payee", account_id=account, payee_id=d.payee().payee_id, amount=10)
    assert row["fee"] == d.state.tariff["now"].foreign_fee / 100
    assert row["currency"] == "USD"


def test_a_payment_inside_the_bank_is_free_and_arrives_at_once() -> None:
    d = desk()
    other = next(
        a for a in d.state.accounts.values()
        if a.customer_id != d.state.clock["now"].user and a.currency == "EUR"
        and not any(p.iban == a.iban for p in d.state.payees.values())
    )  # fmt: skip
    payee = d.call("add_payee", payee_name="Ada Neighbour", iban=other.iban)
    assert payee["bic"] == d.state.clock["now"].bic
    d.code()
    d.call("confirm_payee", payee_id=payee["payee_id"])
    row = d.call("pay_payee", account_id=d.main.account_id, payee_id=payee["payee_id"], amount=77.7)
    assert (row["fee"], row["value_date"]) == (0, d.today)
    assert d.balance(other.account_id) == round((other.balance + 7_770) / 100, 2)


def test_a_recalled_payment_comes_back_without_the_fee() -> None:
    d = desk()
    d.put("tariff", "now", standard_fee=20)
    before = d.balance(d.main.account_id)
    paid = pay(d, 100)
    back = d.call("recall_payment", transaction_id=paid["transaction_id"])
    assert back["returned"] == 100
    assert back["new_balance"] == round(before - 0.2, 2)
    assert d.call("get_transaction", transaction_id=paid["transaction_id"])["status"] == "recalled"
    assert d.call("get_transaction", transaction_id=back["transaction_id"])["direction"] == "in"


def test_a_payment_cannot_be_recalled_once_it_has_arrived() -> None:
    d = desk()
    paid = pay(d)
    for _ in range(6):
        d.call("wait_days", days=1)
    assert d.refused("recall_payment", transaction_id=paid["transaction_id"]) == "too_late"


def test_a_repeated_request_takes_effect_once() -> None:
    d = desk()
    one = pay(d, idempotency_key="inv-77")
    count = len(d.state.entries)
    d.code()
    again = pay(d, idempotency_key="inv-77")
    assert again["transaction_id"] == one["transaction_id"]
    assert len(d.state.entries) == count
    assert not d.state.session["me"].code_confirmed
    transfer = {"source_account_id": d.main.account_id, "target_account_id": d.savings.account_id, "amount": 5}
    first = d.call("transfer_between_accounts", idempotency_key="move-1", **transfer)
    digest = d.state.digest
    assert d.call("transfer_between_accounts", idempotency_key="move-1", **transfer) == first
    assert d.state.digest == digest


def test_the_daily_limit_counts_payments_of_one_day() -> None:
    d = desk()
    d.code()
    assert d.call("set_daily_limit", amount=1_500)["daily_limit"] == 1_500
    pay(d, 900)
    pay(d, 600)
    arguments = {"account_id": d.main.account_id, "payee_id": d.payee().payee_id, "amount": 0.01}
    assert d.refused("pay_payee", **arguments) == "limit_exceeded"
    assert d.call("get_profile")["daily_limit"] == 1_500
    d.call("wait_days", days=1)
    d.call("pay_payee", **arguments)


def test_the_overdraft_limit_is_what_may_be_overdrawn() -> None:
    d = desk()
    account = d.open("checking", "EUR", "Second")
    assert d.refused("transfer_between_accounts", source_account_id=account,
                     target_account_id=d.main.account_id, amount=50) == "insufficient_funds"  # fmt: skip
    row = d.call("set_overdraft", account_id=account, limit=50)
    assert (row["available"], row["overdraft_limit"], row["previous_limit"]) == (50, 50, 0)
    moved = d.call(
        "transfer_between_accounts", source_account_id=account, target_account_id=d.main.account_id, amount=50
    )
    assert moved["new_balance"] == -50
    assert d.call("get_account", account_id=account)["available"] == 0
    total = d.call("get_total_balance", currency="EUR")
    assert total["debts"] >= 50
    assert total["total"] == pytest.approx(total["assets"] - total["debts"])


# ---------------------------------------------------------------------------------------------------- 2. security


def test_a_code_covers_one_order() -> None:
    d = desk()
    arguments = {"account_id": d.main.account_id, "payee_id": d.payee().payee_id, "amount": 1_000.01}
    assert d.refused("pay_payee", **arguments) == "code_required"
    d.code()
    d.call("pay_payee", **arguments)
    assert d.refused("pay_payee", **arguments) == "code_required"
    d.call("pay_payee", **{**arguments, "amount": 1_000})


def test_a_new_code_makes_the_last_one_void() -> None:
    d = desk()
    first = d.call("request_code")["challenge_id"]
    code = d.call("list_messages")["messages"][0]["code"]
    second = d.call("request_code")["challenge_id"]
    assert d.call("list_messages")["messages"][0]["code"] != code
    assert d.refused("confirm_code", challenge_id=first, code=code) == "unknown_challenge"
    assert d.refused("confirm_code", challenge_id=second, code=code) == "wrong_code"


def test_signing_out_voids_the_code() -> None:
    d = desk()
    user = d.state.customers[d.state.clock["now"].user]
    d.code()
    d.call("sign_out")
    assert d.refused("list_accounts") == "not_signed_in"
    assert d.call("sign_in", customer_number=user.number, pin=user.pin)["name"] == user.name
    assert d.refused("update_phone", phone="+4911122233") == "code_required"


def test_a_changed_pin_signs_in() -> None:
    d = desk()
    user = d.state.customers[d.state.clock["now"].user]
    d.code()
    d.call("change_pin", old_pin=user.pin, new_pin="8036")
    d.call("sign_out")
    assert d.refused("sign_in", customer_number=user.number, pin=user.pin) == "wrong_credentials"
    d.call("sign_in", customer_number=user.number, pin="8036")


@pytest.mark.parametrize("pin", ["1111", "4567", "6543"])
def test_a_weak_pin_is_refused(pin: str) -> None:
    d = desk()
    d.code()
    old = d.state.customers[d.state.clock["now"].user].pin
    assert d.refused("change_pin", old_pin=old, new_pin=pin) == "weak_pin"


def test_a_new_payee_is_confirmed_and_cools_off() -> None:
    d = desk()
    payee = d.call("add_payee", payee_name="Ida Fern", iban=new_iban(), bic="ABCDAT2A")["payee_id"]
    assert d.call("get_payee", payee_id=payee)["full_amounts_from"] is None
    arguments = {"account_id": d.main.account_id, "payee_id": payee, "amount": 500.01}
    assert d.refused("pay_payee", **arguments) == "payee_not_confirmed"
    d.code()
    row = d.call("confirm_payee", payee_id=payee)
    assert row["full_amounts_from"] == add_days(d.today, 2)
    assert d.refused("pay_payee", **arguments) == "cooling_off"
    d.call("pay_payee", **{**arguments, "amount": row["limit_until_then"]})
    d.call("wait_days", days=2)
    d.call("pay_payee", **arguments)


def test_payees_are_listed_renamed_and_removed() -> None:
    d = desk()
    payee = d.call("add_payee", payee_name="Ida Fern", iban=new_iban(), bic="ABCDAT2A")["payee_id"]
    d.call("rename_payee", payee_id=payee, nickname="Ida")
    rows = d.call("list_payees")
    assert [r["payee_nickname"] for r in rows["payees"] if r["payee_id"] == payee] == ["Ida"]
    assert d.call("list_payees", limit=2, offset=1)["payees"] == rows["payees"][1:3]
    assert d.call("remove_payee", payee_id=payee)["payee_name"] == "Ida Fern"
    assert d.call("list_payees")["total"] == rows["total"] - 1
    planned = d.call(
        "schedule_payment", account_id=d.main.account_id, payee_id=d.payee().payee_id, amount=5,
        execution_date=business_day_after(d.today, 3),
    )  # fmt: skip
    for order in d.call("list_standing_orders")["standing_orders"]:
        d.call("cancel_standing_order", standing_order_id=order["standing_order_id"])
    assert d.refused("remove_payee", payee_id=planned["payee_id"]) == "payee_in_use"


def test_an_iban_tells_its_bank() -> None:
    d = desk()
    own = d.call("check_iban", iban=d.main.iban)
    assert (own["bank_name"], own["bic"]) == (d.state.clock["now"].bank, d.state.clock["now"].bic)
    payee = d.payee()
    assert d.call("check_iban", iban=payee.iban)["bic"] == payee.bic
    assert d.call("check_iban", iban=new_iban())["bank_name"] is None


def test_an_account_is_closed_in_two_steps() -> None:
    d = desk()
    account, main = d.open("savings", "EUR", "Spare"), d.main.account_id
    d.call("transfer_between_accounts", source_account_id=main, target_account_id=account, amount=80)
    before = d.balance(main)
    closure = d.call("request_account_closure", account_id=account, payout_account_id=main)
    assert closure["to_be_paid_out"] == 80
    assert d.refused("transfer_between_accounts", source_account_id=account, target_account_id=main,
                     amount=1) == "account_not_open"  # fmt: skip
    assert d.refused("confirm_account_closure", closure_id=closure["closure_id"]) == "code_required"
    d.code()
    assert d.call("confirm_account_closure", closure_id=closure["closure_id"])["paid_out"] == 80
    assert d.balance(main) == before + 80
    assert account not in [row["account_id"] for row in d.call("list_accounts")["accounts"]]
    assert account in [row["account_id"] for row in d.call("list_accounts", include_closed=True)["accounts"]]
    assert d.refused("cancel_account_closure", closure_id=closure["closure_id"]) == "unknown_closure"


def test_a_closing_can_be_called_off() -> None:
    d = desk()
    account = d.open("savings", "EUR", "Spare")
    closure = d.call("request_account_closure", account_id=account, payout_account_id=d.main.account_id)
    assert d.call("cancel_account_closure", closure_id=closure["closure_id"])["status"] == "open"
    d.call("rename_account", account_id=account, nickname="Still here")
    assert "Still here" in [row["nickname"] for row in d.call("list_accounts", type="savings")["accounts"]]


def test_a_disputed_card_payment_keeps_its_account_open() -> None:
    d = desk()
    account = d.open("checking", "EUR", "Spare")
    d.fund(account, 5_000)
    card = d.card.card_id
    d.put("cards", card, account_id=account)
    paid = d.call("pay_by_card", card_id=card, merchant="Lumen Books", amount=9)
    d.call("open_dispute", transaction_id=paid["transaction_id"], reason="fraud")
    d.call("report_card_lost", card_id=card)
    assert d.refused("request_account_closure", account_id=account,
                     payout_account_id=d.main.account_id) == "account_in_use"  # fmt: skip
    for _ in range(3):
        d.call("wait_days", days=7)
    d.call("request_account_closure", account_id=account, payout_account_id=d.main.account_id)


# -------------------------------------------------------------------------------------------------------- 3. time


def quiet(d: Desk) -> Desk:
    """Take away everything that falls due by itself."""
    tables = ("scheduled", "standing_orders", "mandates", "subscriptions", "loans", "alerts")
    for table in tables:
        d.state = replace(d.state, **{table: getattr(Bank(), table)})
    return d


def _without(state: Bank, table: str, key: str) -> Bank:
    return replace(state, **{table: getattr(state, table).drop(key)})


def _friday(d: Desk) -> None:
    """Wait until a Friday that is followed by an ordinary Monday."""
    while not (
        np.datetime64(d.today).astype(object).weekday() == 4
        and is_business_day(d.today)
        and is_business_day(add_days(d.today, 3))
    ):
        d.call("wait_days", days=1)


def order(d: Desk, first: str, amount: float = 30, frequency: str = "monthly") -> str:
    row = d.call(
        "create_standing_order", account_id=d.main.account_id, payee_id=d.payee().payee_id, amount=amount,
        frequency=frequency, first_date=first, reference="Club",
    )  # fmt: skip
    return str(row["standing_order_id"])


def test_a_scheduled_payment_runs_on_its_day_and_is_gone() -> None:
    d = quiet(desk())
    day = business_day_after(d.today, 2)
    planned = d.call(
        "schedule_payment", account_id=d.main.account_id, payee_id=d.payee().payee_id, amount=64, execution_date=day,
        reference="Roof",
    )  # fmt: skip
    assert d.call("list_scheduled_payments")["scheduled_payments"] == [planned]
    ran: list[JsonObject] = []
    while d.today < day:
        assert not ran
        ran = d.call("wait_days", days=1)["executed"]
    assert [(row["summary"], row["amount"], row["date"]) for row in ran] == [
        (f"payment to {planned['payee_name']}", 64, day)
    ]
    assert d.call("list_scheduled_payments")["count"] == 0


def test_a_moved_payment_runs_on_the_new_day_and_a_cancelled_one_never() -> None:
    d = quiet(desk())
    day, later = business_day_after(d.today, 1), business_day_after(d.today, 3)
    ids = []
    for amount in (10, 20):
        row = d.call(
            "schedule_payment", account_id=d.main.account_id, payee_id=d.payee().payee_id, amount=amount,
            execution_date=day,
        )  # fmt: skip
        ids.append(row["scheduled_payment_id"])
    moved = d.call("move_scheduled_payment", scheduled_payment_id=ids[0], execution_date=later)
    assert (moved["previous_date"], moved["execution_date"]) == (day, later)
    assert d.call("cancel_scheduled_payment", scheduled_payment_id=ids[1])["cancelled"]
    ran = d.call("wait_days", days=10)["executed"]
    assert [(row["amount"], row["date"]) for row in ran] == [(10, later)]


def test_what_cannot_be_covered_is_told_and_not_run() -> None:
    d = quiet(desk())
    day = business_day_after(d.today)
    d.code()
    d.call(
        "schedule_payment", account_id=d.main.account_id, payee_id=d.payee().payee_id, amount=9_999_999,
        execution_date=day,
    )  # fmt: skip
    before = d.main.balance
    result = d.call("wait_days", days=5)
    assert result["executed"] == []
    assert [row["reason"] for row in result["failed"]] == ["insufficient_funds"]
    assert d.main.balance == before
    assert d.call("list_messages")["messages"][0]["subject"] == "Not executed"


def test_what_falls_due_on_a_weekend_runs_on_monday() -> None:
    d = quiet(desk())
    _friday(d)
    saturday, monday = add_days(d.today, 1), add_days(d.today, 3)
    created = order(d, saturday)
    assert d.call("wait_days", days=2)["executed"] == []
    ran = d.call("wait_days", days=1)["executed"]
    assert [row["date"] for row in ran] == [monday]
    row = d.call("list_standing_orders")["standing_orders"][0]
    assert row["standing_order_id"] == created
    assert row["next_date"][8:] == saturday[8:]


def test_a_standing_order_changes_from_the_day_that_was_said() -> None:
    d = quiet(desk())
    first = add_days(d.today, 3)
    created = order(d, first, 30)
    changed = d.call(
        "update_standing_order", standing_order_id=created, amount=45, effective_from=add_days(first, 1)
    )  # fmt: skip
    assert (changed["previous_amount"], changed["amount"], changed["next_date"]) == (30, 45, first)
    row = d.call("list_standing_orders")["standing_orders"][0]
    assert (row["amount"], row["new_amount"], row["effective_from"]) == (30, 45, add_days(first, 1))
    paid = [d.call("wait_days", days=31)["executed"] for _ in range(3)]
    assert [row["amount"] for rows in paid for row in rows][:2] == [30, 45]
    row = d.call("list_standing_orders")["standing_orders"][0]
    assert (row["amount"], row["new_amount"]) == (45, None)


def test_a_raise_above_the_threshold_needs_a_code_and_lowering_does_not() -> None:
    d = quiet(desk())
    created = order(d, add_days(d.today, 3), 900)
    assert d.refused("update_standing_order", standing_order_id=created, amount=1_400) == "code_required"
    d.code()
    d.call("update_standing_order", standing_order_id=created, amount=1_400)
    d.call("update_standing_order", standing_order_id=created, amount=1_200)
    assert d.call("list_standing_orders")["standing_orders"][0]["amount"] == 1_200


def test_a_paused_order_leaves_out_what_falls_due_meanwhile() -> None:
    d = quiet(desk())
    created = order(d, add_days(d.today, 2), frequency="weekly")
    d.call("pause_standing_order", standing_order_id=created)
    assert d.call("wait_days", days=15)["executed"] == []
    resumed = d.call("resume_standing_order", standing_order_id=created)
    assert d.today < resumed["next_date"] <= add_days(d.today, 7)
    assert len(d.call("wait_days", days=14)["executed"]) in (1, 2)
    assert d.refused("resume_standing_order", standing_order_id=created) == "order_not_paused"


def test_a_month_is_closed_with_a_statement_and_interest() -> None:
    d = quiet(desk())
    savings = d.savings
    d.put("accounts", savings.account_id, rate=1_200)
    before = d.call("list_statements", account_id=savings.account_id)["total"]
    month = d.today[:7]
    while d.today[:7] == month:
        d.call("wait_days", days=1)
    rows = d.call("list_statements", account_id=savings.account_id)
    assert rows["total"] == before + 1
    statement = d.call("get_statement", statement_id=rows["statements"][0]["statement_id"])
    assert statement["closing_balance"] == savings.balance / 100
    interest = d.call("list_transactions", account_id=savings.account_id, limit=1)["transactions"][0]
    assert interest["summary"] == "interest from savings"
    assert interest["amount"] == round(savings.balance * 0.01) / 100
    assert d.balance(savings.account_id) == round(savings.balance / 100 + interest["amount"], 2)


def test_statements_continue_one_another() -> None:
    d = desk()
    for _ in range(3):
        d.call("wait_days", days=31)
    rows = d.call("list_statements", account_id=d.main.account_id, limit=50)["statements"]
    full = [d.call("get_statement", statement_id=row["statement_id"]) for row in rows]
    for later, earlier in itertools.pairwise(full):
        assert later["opening_balance"] == earlier["closing_balance"]
        assert later["closing_balance"] == pytest.approx(
            later["opening_balance"] + later["credits"] - later["debits"]
        )  # fmt: skip


def test_overdraft_interest_never_breaks_the_floor() -> None:
    d = quiet(desk())
    account = d.open("checking", "EUR", "Low")
    d.put("accounts", account, floor=-100_001)
    d.fund(account, -100_000)
    month = d.today[:7]
    while d.today[:7] == month:
        d.call("wait_days", days=1)
    row = d.call("list_transactions", account_id=account, limit=1)["transactions"][0]
    assert (row["summary"], row["amount"]) == ("interest from the overdraft", 0.01)
    assert d.balance(account) == -1_000.01


# --------------------------------------------------------------------------- 4. cards, debits, disputes, loans, …


def test_a_frozen_card_pays_nothing_until_it_is_unfrozen() -> None:
    d = desk()
    card = d.card.card_id
    pay_arguments = {"card_id": card, "merchant": "Lumen Books", "amount": 7.5}
    d.call("freeze_card", card_id=card)
    assert d.refused("pay_by_card", **pay_arguments) == "card_not_active"
    d.call("unfreeze_card", card_id=card)
    before = d.call("get_card", card_id=card)
    row = d.call("pay_by_card", **pay_arguments)
    after = d.call("get_card", card_id=card)
    assert (row["summary"], row["card_id"]) == ("card payment at Lumen Books", card)
    assert after["spent"] == pytest.approx(before["spent"] + 7.5)
    assert after["left"] == pytest.approx(before["left"] - 7.5)


def test_a_subscription_fails_on_a_frozen_card_and_stops_when_blocked() -> None:
    d = desk()
    subscription = d.call("list_subscriptions")["subscriptions"][0]
    d.call("freeze_card", card_id=subscription["card_id"])
    failed = d.call("wait_days", days=31)["failed"]
    assert f"card payment at {subscription['merchant']}" in [row["summary"] for row in failed]
    d.call("unfreeze_card", card_id=subscription["card_id"])
    blocked = d.call("block_subscription", subscription_id=subscription["subscription_id"])
    assert (blocked["blocked"], blocked["next_date"]) == (True, None)
    result = d.call("wait_days", days=31)
    merchants = [row["summary"] for row in [*result["executed"], *result["failed"]]]
    assert f"card payment at {subscription['merchant']}" not in merchants


def test_a_lost_card_is_replaced_and_subscriptions_follow() -> None:
    d = desk()
    subscription = d.call("list_subscriptions")["subscriptions"][0]
    lost = subscription["card_id"]
    assert d.refused("reissue_card", card_id=lost) == "card_not_blocked"
    d.call("report_card_lost", card_id=lost)
    assert d.refused("freeze_card", card_id=lost) == "card_not_active"
    new = d.call("reissue_card", card_id=lost)
    assert new["fee"] == d.state.tariff["now"].reissue_fee / 100
    assert new["arrives_on"] == add_days(d.today, 5)
    assert lost not in [card["card_id"] for card in d.call("list_cards")["cards"]]
    assert d.call("list_subscriptions")["subscriptions"][0]["card_id"] == new["card_id"]
    d.code()
    assert d.refused("activate_card", card_id=new["card_id"]) == "not_delivered"
    d.call("wait_days", days=5)
    assert d.call("activate_card", card_id=new["card_id"])["card_status"] == "active"
    d.call("pay_by_card", card_id=new["card_id"], merchant="Alder", amount=3)


def test_an_expired_card_pays_nothing() -> None:
    d = desk()
    card = d.card.card_id
    d.put("cards", card, expires=d.today[:7])
    d.call("pay_by_card", card_id=card, merchant="Alder", amount=1)
    d.put("cards", card, expires="2022-12")
    assert d.refused("pay_by_card", card_id=card, merchant="Alder", amount=1) == "card_not_active"


def test_a_card_limit_starts_anew_every_month() -> None:
    d = desk()
    card = d.card.card_id
    d.put("cards", card, spent=0)
    d.call("set_card_limit", card_id=card, limit=50)
    d.call("pay_by_card", card_id=card, merchant="Alder", amount=50)
    assert d.refused("pay_by_card", card_id=card, merchant="Alder", amount=0.01) == "limit_exceeded"
    d.put("cards", card, spent_month="2022-12")
    assert d.call("get_card", card_id=card)["left"] == 50
    d.call("pay_by_card", card_id=card, merchant="Alder", amount=50)


def collected(d: Desk) -> JsonObject:
    """Let the first mandate collect tomorrow and wait for it."""
    mandate = next(m for m in d.state.mandates.values() if m.next_date)
    quiet_others = [m.mandate_id for m in d.state.mandates.values() if m.mandate_id != mandate.mandate_id]
    for key in quiet_others:
        d.state = _without(d.state, "mandates", key)
    d.put("mandates", mandate.mandate_id, next_date=add_days(d.today, 1))
    return d.call("wait_days", days=5)


def test_a_direct_debit_is_collected_and_can_be_taken_back() -> None:
    d = desk()
    rows = [row for row in collected(d)["executed"] if "direct debit" in row["summary"]]
    row, before = rows[0], d.balance(d.main.account_id)
    back = d.call("refund_direct_debit", transaction_id=row["transaction_id"])
    assert back["refunded"] == row["amount"]
    assert back["new_balance"] == pytest.approx(before + row["amount"])
    assert d.call("get_transaction", transaction_id=row["transaction_id"])["status"] == "refunded"


def test_a_mandate_collects_no_more_than_its_cap_and_nothing_once_revoked() -> None:
    d = desk()
    mandate = next(m for m in d.state.mandates.values() if m.next_date)
    assert d.call("set_mandate_cap", mandate_id=mandate.mandate_id, cap=0.01)["cap"] == 0.01
    assert ("above_cap", f"direct debit by {mandate.creditor}") in [
        (row["reason"], row["summary"]) for row in collected(d)["failed"]
    ]  # fmt: skip
    revoked = d.call("revoke_mandate", mandate_id=mandate.mandate_id)
    assert (revoked["mandate_status"], revoked["next_date"]) == ("revoked", None)
    result = d.call("wait_days", days=31)
    assert mandate.creditor not in str([*result["executed"], *result["failed"]])


@pytest.mark.parametrize(("reason", "age", "status"), [
    ("fraud", 60, "accepted"), ("duplicate", 60, "accepted"), ("defective", 5, "accepted"),
    ("defective", 60, "rejected"),
])  # fmt: skip
def test_a_dispute_is_decided_after_ten_business_days(reason: str, age: int, status: str) -> None:
    d = quiet(desk())
    paid = d.call("pay_by_card", card_id=d.card.card_id, merchant="Alder", amount=21)
    for _ in range(age // 5):
        d.call("wait_days", days=5)
    before = d.balance(d.main.account_id)
    dispute = d.call("open_dispute", transaction_id=paid["transaction_id"], reason=reason)
    assert dispute["decision_expected"] == business_day_after(d.today, 10)
    while d.today < dispute["decision_expected"]:
        assert d.call("list_disputes")["disputes"][0]["dispute_status"] == "open"
        d.call("wait_days", days=1)
    decided = d.call("list_disputes")["disputes"][0]
    assert (decided["dispute_status"], decided["decision_expected"]) == (status, None)
    refunds = [e for e in d.state.entries.values() if e.type == "refund" and e.source_id == dispute["dispute_id"]]
    assert bool(refunds) == (status == "accepted")
    assert d.balance(d.main.account_id) >= before
    assert d.refused("withdraw_dispute", dispute_id=dispute["dispute_id"]) == "dispute_decided"
    expected = {"accepted": "refunded", "rejected": "booked"}[status]
    assert d.call("get_transaction", transaction_id=paid["transaction_id"])["status"] == expected


def test_a_withdrawn_dispute_is_not_decided() -> None:
    d = quiet(desk())
    paid = d.call("pay_by_card", card_id=d.card.card_id, merchant="Alder", amount=21)
    dispute = d.call("open_dispute", transaction_id=paid["transaction_id"], reason="fraud")
    d.call("withdraw_dispute", dispute_id=dispute["dispute_id"])
    d.call("wait_days", days=20)
    assert d.call("list_disputes")["disputes"][0]["dispute_status"] == "withdrawn"


def test_a_loan_is_paid_out_and_repaid_month_by_month() -> None:
    d = quiet(desk())
    d.put("customers", d.state.clock["now"].user, loan_cap=10**9)
    before = d.balance(d.main.account_id)
    offer = d.call("simulate_loan", amount=1_200, months=6)
    d.code()
    loan = d.call("take_loan", account_id=d.main.account_id, amount=1_200, months=6, purpose="move")
    assert d.balance(d.main.account_id) == round(before + 1_200, 2)
    assert (loan["instalment"], loan["outstanding"]) == (offer["instalment"], 1_200)
    plan = d.call("get_repayment_plan", loan_id=loan["loan_id"])
    assert plan["instalments_left"] == 6
    assert plan["interest_left"] == offer["total_interest"]
    assert (
        d.call("get_repayment_plan", loan_id=loan["loan_id"], limit=2, offset=4)["instalments"]
        == (plan["instalments"][4:])
    )
    account = d.state.loans[loan["loan_id"]].account_id
    for part in plan["instalments"]:
        while d.balance(account) != -part["remaining"]:
            d.call("wait_days", days=1)
        assert d.today <= add_days(part["due_date"], 5)
    rows = d.call("list_loans")["loans"]
    assert [(row["loan_status"], row["outstanding"], row["next_date"]) for row in rows] == [("repaid", 0, None)]
    assert d.call("get_repayment_plan", loan_id=loan["loan_id"])["last_due_date"] is None


def test_a_missed_instalment_is_tried_again_a_week_later() -> None:
    d = quiet(desk())
    d.put("customers", d.state.clock["now"].user, loan_cap=10**9)
    account = d.open("checking", "EUR", "Empty")
    d.code()
    loan = d.call("take_loan", account_id=account, amount=600, months=6, purpose="move")
    d.call("transfer_between_accounts", source_account_id=account, target_account_id=d.main.account_id, amount=600)
    failed: list[JsonObject] = []
    while d.today < loan["next_date"] or not is_business_day(d.today):
        failed = d.call("wait_days", days=1)["failed"]
    assert [row["summary"] for row in failed] == ["instalment of the move loan"]
    row = d.call("list_loans")["loans"][0]
    assert (row["next_date"], row["outstanding"]) == (add_days(loan["next_date"], 7), 600)


def test_an_early_repayment_shortens_the_plan() -> None:
    d = quiet(desk())
    d.put("customers", d.state.clock["now"].user, loan_cap=10**9)
    d.code()
    loan = d.call("take_loan", account_id=d.main.account_id, amount=1_200, months=12, purpose="move")["loan_id"]
    result = d.call("repay_loan", loan_id=loan, account_id=d.main.account_id, amount=700)
    assert result["outstanding"] == 500
    assert d.call("get_repayment_plan", loan_id=loan)["instalments_left"] == 5
    d.call("repay_loan", loan_id=loan, account_id=d.main.account_id, amount=500)
    assert d.call("list_loans")["loans"][0]["loan_status"] == "repaid"


def test_exchange_happens_at_the_reference_rate_less_the_spread() -> None:
    d = desk()
    account = d.open("savings", "USD", "Dollars")
    now, spread = d.state.clock["now"], d.state.tariff["now"].spread
    expected = euro_rates(now.rates_date)["USD"] * (1 - spread / 10_000)
    rate = d.call("get_exchange_rate", base_currency="EUR", quote_currency="USD")
    assert rate["bank_rate"] == pytest.approx(expected, abs=1e-6)
    assert rate["rates_date"] == now.rates_date <= now.today
    quote = d.call(
        "get_exchange_quote", source_account_id=d.main.account_id, target_account_id=account, amount=200
    )  # fmt: skip
    before = d.balance(d.main.account_id)
    done = d.call("execute_exchange", quote_id=quote["quote_id"])
    assert done["target_amount"] == quote["target_amount"] == pytest.approx(200 * expected, abs=0.01)
    assert done["source_balance"] == round(before - 200, 2)
    assert done["target_balance"] == quote["target_amount"]
    seen = d.call("list_transactions", account_id=account)["transactions"][0]
    assert (seen["amount"], seen["currency"], seen["direction"]) == (quote["target_amount"], "USD", "in")
    same = d.call("get_exchange_rate", base_currency="EUR", quote_currency="EUR")
    assert same["bank_rate"] == same["reference_rate"] == 1


def test_only_the_latest_quotes_and_messages_are_kept() -> None:
    d = desk()
    account = d.open("savings", "USD", "Dollars")
    for _ in range(45):
        d.call("get_exchange_quote", source_account_id=d.main.account_id, target_account_id=account, amount=20)
        d.call("request_code")
    assert len(d.state.quotes) == 20
    assert len(d.state.messages) == 40
    page = d.call("list_messages", limit=5, offset=3)
    assert page["total"] == 40
    assert page["messages"] == d.call("list_messages", limit=50)["messages"][3:8]


def test_an_alert_is_told_once_until_it_is_over() -> None:
    d = quiet(desk())
    account = d.open("checking", "EUR", "Watched")
    alert = d.call("create_alert", account_id=account, threshold=100, direction="above")["alert_id"]

    def told() -> int:
        messages = d.call("list_messages", limit=50)["messages"]
        return sum(m["subject"] == "Balance alert" for m in messages)

    d.call("wait_days", days=1)
    assert told() == 0
    d.fund(account, 10_001)
    d.call("wait_days", days=2)
    assert told() == 1
    d.fund(account, -5_000)
    d.call("wait_days", days=1)
    d.fund(account, 5_000)
    d.call("wait_days", days=1)
    assert told() == 2
    d.call("delete_alert", alert_id=alert)
    assert alert not in str(d.call("list_alerts"))


def test_spending_and_budgets_follow_categories_and_refunds() -> None:
    d = quiet(desk())
    month = d.today[:7]
    row = d.call("pay_by_card", card_id=d.card.card_id, merchant="Alder", amount=20)
    before = {r["category"]: r["spent"] for r in d.call("get_spending", month=month)["categories"]}
    d.call("categorize_transaction", transaction_id=row["transaction_id"], category="household")
    after = {r["category"]: r["spent"] for r in d.call("get_spending", month=month)["categories"]}
    assert after.get("shopping", 0) == pytest.approx(before["shopping"] - 20)
    assert after["household"] == pytest.approx(before.get("household", 0) + 20)
    d.call("set_budget", category="household", amount=15)
    budget = next(b for b in d.call("list_budgets")["budgets"] if b["category"] == "household")
    assert budget["left"] == pytest.approx(15 - after["household"])
    assert d.call("set_budget", category="household", amount=30)["previous_budget"] == 15
    paid = pay(d, 50)
    total = d.call("get_spending", month=month)["total"]
    d.call("recall_payment", transaction_id=paid["transaction_id"])
    assert d.call("get_spending", month=month)["total"] < total
    d.call("delete_budget", category="household")
    assert "household" not in [b["category"] for b in d.call("list_budgets")["budgets"]]


def test_a_search_keeps_to_every_condition() -> None:
    d = desk()
    everything = d.call("search_transactions", limit=50)
    rows = everything["transactions"]
    assert [r["transaction_id"] for r in rows] == sorted((r["transaction_id"] for r in rows), reverse=True)
    some = rows[len(rows) // 2]
    for condition, keeps in (
        ({"text": some["counterparty"].upper()}, lambda r: some["counterparty"] in r["summary"]),
        ({"category": some["category"]}, lambda r: r["category"] == some["category"]),
        ({"direction": "in"}, lambda r: r["direction"] == "in"),
        ({"min_amount": some["amount"]}, lambda r: r["amount"] >= some["amount"]),
        ({"max_amount": some["amount"]}, lambda r: r["amount"] <= some["amount"]),
        ({"from_date": some["date"], "to_date": some["date"]}, lambda r: r["date"] == some["date"]),
    ):
        found = d.call("search_transactions", limit=50, **condition)["transactions"]
        if everything["total"] <= 50:
            assert found == [r for r in rows if keeps(r)]
        assert all(keeps(r) for r in found)
        assert found
    assert d.call("search_transactions", limit=3, offset=2)["transactions"] == rows[2:5]


def test_a_list_of_transactions_keeps_to_its_period() -> None:
    d = desk()
    rows = []
    for offset in (0, 50, 100):
        rows += d.call("list_transactions", account_id=d.main.account_id, limit=50, offset=offset)["transactions"]
    day = rows[len(rows) // 2]["date"]
    until = d.call("list_transactions", account_id=d.main.account_id, to_date=day, limit=50)["transactions"]
    since = d.call("list_transactions", account_id=d.main.account_id, from_date=day, limit=50)["transactions"]
    assert len(rows) < 150
    assert until == [r for r in rows if r["date"] <= day]
    assert since == [r for r in rows if r["date"] >= day]


def test_the_profile_is_what_was_last_said() -> None:
    d = desk()
    old = d.call("get_profile")
    d.call("update_address", street="Mill Lane 31", postal_code="1071", city="Marlow")
    assert d.call("update_email", email="new@example.org")["previous_email"] == old["email"]
    d.code()
    d.call("update_phone", phone="+4915112345678")
    new = d.call("get_profile")
    assert (new["street"], new["postal_code"], new["city"]) == ("Mill Lane 31", "1071", "Marlow")
    assert (new["country"], new["email"], new["phone"]) == (old["country"], "new@example.org", "+4915112345678")
    assert d.call("request_code")["sent_to"].endswith("678")


def test_the_tariff_is_what_is_charged() -> None:
    d = desk()
    tariff = d.call("get_tariff")
    d.call("sign_out")
    assert d.call("get_tariff") == tariff
    assert (tariff["code_above"], tariff["cooling_off_limit"], tariff["cooling_off_days"]) == (1_000, 500, 2)


def test_what_the_bank_lets_be_seen_of_others_is_nothing() -> None:
    d = desk()
    user = d.state.clock["now"].user
    other = next(a for a in d.state.accounts.values() if a.customer_id != user)
    entry = next(e for e in d.state.entries.values() if e.account_id == other.account_id)
    assert d.refused("get_account", account_id=other.account_id) == "unknown_account"
    assert d.refused("get_transaction", transaction_id=entry.entry_id) == "unknown_transaction"
    paid = {row["transaction_id"] for row in d.call("search_transactions", limit=50)["transactions"]}
    assert entry.entry_id not in paid


BILLS = [
    ("Total: 48.90 EUR", 48.9, "EUR", None, 1),
    ("net 100.00, VAT 19.00, USD 119.00 in all", 119.0, "USD", None, 3),
    ("1,234,567.05 due on 2027-03-01", 1_234_567.05, None, None, 1),
    ("pay 7.50 CHF to AT611904300234573201, not to AT611904300234573202", 7.5, "CHF", "AT611904300234573201", 1),
    ("0.00 now and 3.20 XYZ later, version 1.2.3, 3.141", 3.2, None, None, 1),
]


@pytest.mark.parametrize(("text", "amount", "currency", "iban", "count"), BILLS)
def test_a_bill_is_read(text: str, amount: float, currency: str | None, iban: str | None, count: int) -> None:
    value = desk().call("read_bill", text=text)
    assert value == {"amount": amount, "currency": currency, "iban": iban, "amounts_found": count}
