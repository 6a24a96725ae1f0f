"""Every tool of the bank, on every way through it.

1. The contract kit passes; a result has the shape that the contract declares, an error changes nothing.
2. Every error that the contract declares is reached.
3. A seed and a scale give one state; a state survives JSON.
4. Arguments of any kind that fit the schema end in a result or an error, never in an exception.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema_rs
import numpy as np
import pytest
from msgspec.structs import replace

from fr_envs.contract.samples import sample_arguments
from fr_envs.domains.banking import DOMAIN
from fr_envs.domains.banking.state import Bank, Session
from fr_envs.world.domain import SCALES, Scale
from tests.fr_envs.domains.banking_desk import SPEC, Desk, desk, new_iban, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.json_values import JsonObject


@pytest.mark.parametrize("scale", [s for s in SCALES if s != "large"])
def test_a_seed_gives_one_state(scale: Scale) -> None:
    one, same, other = DOMAIN.initial(5, scale), DOMAIN.initial(5, scale), DOMAIN.initial(6, scale)
    assert one.digest == same.digest
    assert one.sha256() == same.sha256()
    assert one.digest != other.digest


def test_a_state_survives_json() -> None:
    state = DOMAIN.initial(7, "small")
    again = Bank.from_json(json.loads(json.dumps(state.to_json())))
    assert again.digest == state.digest
    assert again == state


@pytest.mark.slow
@pytest.mark.parametrize("scale", ["tiny", "small", "medium"])
def test_entities_have_what_references_need(scale: Scale) -> None:
    for seed in range(4):
        state = DOMAIN.initial(seed, scale)
        for kind, hook in DOMAIN.hooks.entities.items():
            for identifier, fields in hook(state).items():
                assert jsonschema_rs.is_valid(SPEC.kinds[kind].schema, identifier)
                assert fields[kind] == identifier
                assert any(
                    set(reference.by) <= set(fields) for reference in SPEC.kinds[kind].references if reference.by
                )


def test_hooks_name_only_what_exists() -> None:
    assert set(DOMAIN.hooks.entities) <= set(SPEC.kinds)
    for name in DOMAIN.hooks.suggest:
        tool, _, parameter = name.partition(".")
        assert name in SPEC.kinds or parameter in SPEC.tools[tool].parameters


def test_pending_closures_and_quotes_can_be_meant() -> None:
    d = desk()
    usd, spare = d.open("checking", "USD", "Dollars"), d.open("savings", "EUR", "Spare")
    quote = d.call("get_exchange_quote", source_account_id=d.main.account_id, target_account_id=usd, amount=50)
    closure = d.call("request_account_closure", account_id=spare, payout_account_id=d.main.account_id)
    assert set(DOMAIN.entities(d.state, "quote_id") or {}) == {quote["quote_id"]}
    assert set(DOMAIN.entities(d.state, "closure_id") or {}) == {closure["closure_id"]}
    d.call("execute_exchange", quote_id=quote["quote_id"])
    d.call("cancel_account_closure", closure_id=closure["closure_id"])
    assert not DOMAIN.entities(d.state, "quote_id")
    assert not DOMAIN.entities(d.state, "closure_id")


def test_suggestions_fit_their_schemas_in_any_state() -> None:
    rng = np.random.default_rng(3)
    empty = replace(desk().state, budgets=Bank().budgets, loans=Bank().loans, entries=Bank().entries)
    for state in (desk().state, empty):
        for tool in SPEC.tools.values():
            for name, parameter in tool.parameters.items():
                value = DOMAIN.suggest(state, tool.name, name, {}, rng)
                if value is not None and parameter.field.kind is not None:
                    assert jsonschema_rs.is_valid(SPEC.kinds[parameter.field.kind].schema, value)


def _known(state: Bank, kind: str | None, rng: np.random.Generator) -> object:
    """An identifier that exists, so that the calls get past the first refusal."""
    found = list(DOMAIN.entities(state, kind) or {}) if kind else []
    return found[int(rng.integers(len(found)))] if found else None


EXTREMES: dict[str, tuple[object, ...]] = {
    "number": (0.01, 1e-2, 999_999.99, 1e12, 1e15, 1e300, 1e308),
    "date": ("0001-01-01", "9999-12-31", "2027-02-30"),
}


def test_no_arguments_raise() -> None:
    rng = np.random.default_rng(1)
    start = desk().state
    state = replace(start, session=start.session.put("me", Session(signed_in=True, code_confirmed=True)))
    for _ in range(40):
        for name, tool in SPEC.tools.items():
            arguments: JsonObject = sample_arguments(SPEC, name, rng)
            for key, parameter in tool.parameters.items():
                kind = parameter.field.kind
                known = _known(state, kind, rng)
                schema = SPEC.kinds[kind].schema if kind else {}
                extremes = EXTREMES.get(str(schema.get("format", schema.get("type"))), ())
                if known is not None and rng.random() < 0.9:
                    arguments[key] = known
                elif extremes and rng.random() < 0.5:
                    arguments[key] = extremes[int(rng.integers(len(extremes)))]
            run(state, name, arguments)


# ------------------------------------------------------------------------------------------- every declared error

NOBODY = {
    "account_id": "ACC999999", "transaction_id": "TXN999999", "card_id": "CRD999999", "payee_id": "PAY999999",
    "standing_order_id": "SO999999", "scheduled_payment_id": "SP999999", "mandate_id": "MND999999",
    "subscription_id": "SUB999999", "dispute_id": "DSP999999", "loan_id": "LN999999", "statement_id": "STM999999",
    "alert_id": "ALT999999", "quote_id": "QTE999999", "closure_id": "CLO999999", "challenge_id": "CHL999999",
}  # fmt: skip
UNKNOWN = {
    "unknown_account": "account_id", "unknown_transaction": "transaction_id", "unknown_card": "card_id",
    "unknown_payee": "payee_id", "unknown_standing_order": "standing_order_id",
    "unknown_scheduled_payment": "scheduled_payment_id", "unknown_mandate": "mandate_id",
    "unknown_subscription": "subscription_id", "unknown_dispute": "dispute_id", "unknown_loan": "loan_id",
    "unknown_statement": "statement_id", "unknown_alert": "alert_id", "unknown_quote": "quote_id",
    "unknown_closure": "closure_id", "unknown_challenge": "challenge_id",
}  # fmt: skip
GENERIC = [(t.name, code) for t in SPEC.tools.values() for code in t.errors if code in UNKNOWN]


def _plain(d: Desk, tool: str) -> JsonObject:
    """Required arguments that exist, as far as the customer has such things."""
    rng = np.random.default_rng(0)
    have = {"account_id": d.main.account_id, "payee_id": d.payee().payee_id, "date": "2040-01-02", "code": "000000"}
    arguments: JsonObject = {}
    for name, parameter in SPEC.tools[tool].parameters.items():
        if parameter.required:
            kind = str(parameter.field.kind)
            value = have.get(kind, NOBODY.get(kind))
            if value is None:
                examples = SPEC.kinds[kind].examples
                value = examples[0] if examples else DOMAIN.suggest(d.state, tool, name, arguments, rng)
            arguments[name] = value
    return arguments


@pytest.mark.parametrize(("tool", "code"), GENERIC)
def test_an_unknown_identifier_is_refused(tool: str, code: str) -> None:
    d = desk()
    if "code_confirmed" in SPEC.tools[tool].needs:
        d.code()
    arguments = _plain(d, tool)
    if tool == "repay_loan" and code == "unknown_account":
        arguments["loan_id"] = _loan(d)
    arguments[next(n for n, p in SPEC.tools[tool].parameters.items() if p.field.kind == UNKNOWN[code])] = NOBODY[
        UNKNOWN[code]
    ]
    assert d.refused(tool, **arguments) == code


NEEDING = [
    (t.name, SPEC.facts[fact].violation) for t in SPEC.tools.values() for fact in t.needs if fact != "payee_confirmed"
]


@pytest.mark.parametrize(("tool", "code"), NEEDING)
def test_a_missing_fact_is_refused(tool: str, code: str) -> None:
    d = desk()
    arguments = _plain(d, tool)
    if "card_id" in arguments:
        arguments["card_id"] = d.card.card_id
    if "standing_order_id" in arguments:
        arguments["standing_order_id"] = d.call("list_standing_orders")["standing_orders"][0]["standing_order_id"]
    if code == "not_signed_in":
        d.call("sign_out")
    assert d.refused(tool, **arguments) == code


def _order(d: Desk, **changes: object) -> JsonObject:
    return {"account_id": d.main.account_id, "payee_id": d.payee().payee_id, "amount": 40, **changes}


def _usd(d: Desk) -> str:
    return d.open("checking", "USD", "Dollars")


def _closing(d: Desk) -> str:
    account = d.open("checking", "EUR", "Old one")
    d.call("request_account_closure", account_id=account, payout_account_id=d.main.account_id)
    return account


def _closed(d: Desk) -> str:
    account = d.open("checking", "EUR", "Old one")
    _close(d, account)
    return account


def _close(d: Desk, account: str) -> None:
    closure = d.call("request_account_closure", account_id=account, payout_account_id=d.main.account_id)
    d.code()
    d.call("confirm_account_closure", closure_id=closure["closure_id"])


def _loan(d: Desk) -> str:
    d.put("customers", d.state.clock["now"].user, loan_cap=10**9)
    d.code()
    loan = d.call("take_loan", account_id=d.main.account_id, amount=2_000, months=24, purpose="wedding")
    return str(loan["loan_id"])


def _loan_account(d: Desk) -> str:
    loan = _loan(d)
    return d.state.loans[loan].account_id


def _new_payee(d: Desk) -> str:
    row = d.call("add_payee", payee_name="Ida Fern", iban=new_iban(), bic="ABCDAT2A")
    return str(row["payee_id"])


def _new_confirmed(d: Desk) -> str:
    payee = _new_payee(d)
    d.code()
    d.call("confirm_payee", payee_id=payee)
    return payee


def _foreign_payee(d: Desk) -> str:
    """A payee whose account at this bank is kept in another currency."""
    other = next(a for a in d.state.accounts.values() if a.customer_id != d.state.clock["now"].user)
    d.put("accounts", other.account_id, currency="SGD")
    row = next((p for p in d.state.payees.values() if p.iban == other.iban), None)
    if row is None:
        payee = str(d.call("add_payee", payee_name="Kim", iban=other.iban)["payee_id"])
        d.code()
        d.call("confirm_payee", payee_id=payee)
        return payee
    return row.payee_id


def _entry(d: Desk, kind: str) -> str:
    mine = {a.account_id for a in d.state.accounts.by("customer_id", d.state.clock["now"].user)}
    rows = [e for e in d.state.entries.values() if e.account_id in mine and e.type == kind and e.status == "booked"]
    return rows[-1].entry_id


def _card_paid(d: Desk) -> str:
    row = d.call("pay_by_card", card_id=d.card.card_id, merchant="Lumen Books", amount=12.5)
    return str(row["transaction_id"])


def _debited(d: Desk) -> str:
    """A direct debit of today."""
    d.until_business_day()
    mandate = next(m for m in d.state.mandates.values() if m.next_date)
    d.put("mandates", mandate.mandate_id, next_date=str(np.datetime64(d.today) + 1))
    while True:
        rows = d.call("wait_days", days=1)["executed"]
        found = [row for row in rows if row["summary"] == f"direct debit by {mandate.creditor}"]
        if found:
            return str(found[0]["transaction_id"])


def _close_behind(d: Desk, transaction: str) -> str:
    """Close the account of a transaction behind the bank's back."""
    d.put("accounts", d.state.entries[transaction].account_id, status="closed")
    return transaction


def _quote(d: Desk, amount: float = 20) -> str:
    row = d.call("get_exchange_quote", source_account_id=d.main.account_id, target_account_id=_usd(d), amount=amount)
    return str(row["quote_id"])


def _standing(d: Desk) -> str:
    return str(d.call("list_standing_orders")["standing_orders"][0]["standing_order_id"])


def _scheduled(d: Desk) -> str:
    row = d.call("schedule_payment", **_order(d, execution_date=d.call("get_date")["next_business_day"]))
    return str(row["scheduled_payment_id"])


def _again(d: Desk, tool: str, **arguments: object) -> str:
    d.call(tool, **arguments)
    return d.refused(tool, **arguments)


def _coded(d: Desk, tool: str, **arguments: object) -> str:
    d.code()
    return d.refused(tool, **arguments)


def _in_delivery(d: Desk) -> str:
    card = d.card.card_id
    d.call("report_card_lost", card_id=card)
    return str(d.call("reissue_card", card_id=card)["card_id"])


def _poor(d: Desk) -> str:
    """Empty the main account and return its identifier."""
    account = d.main
    d.fund(account.account_id, -(account.balance - account.floor))
    return account.account_id


def _weekend(d: Desk) -> str:
    days = (str(np.datetime64(d.today) + n) for n in range(1, 9))
    return next(day for day in days if np.datetime64(day).astype("datetime64[D]").astype(int) % 7 == 3 - 1)


def _transfer(d: Desk, **changes: object) -> JsonObject:
    plain = {"source_account_id": d.main.account_id, "target_account_id": d.savings.account_id, "amount": 10}
    return {**plain, **changes}


def _wrong_code(d: Desk) -> str:
    challenge = d.call("request_code")["challenge_id"]
    code = d.call("list_messages")["messages"][0]["code"]
    return d.refused("confirm_code", challenge_id=challenge, code=f"{(int(code) + 1) % 10**6:06d}")


def _old_code(d: Desk) -> str:
    challenge = d.call("request_code")["challenge_id"]
    code = d.call("list_messages")["messages"][0]["code"]
    d.call("wait_days", days=2)
    return d.refused("confirm_code", challenge_id=challenge, code=code)


def _many(d: Desk, tool: str) -> str:
    for n in range(25):
        arguments: JsonObject = (
            {"account_type": "savings", "currency": "EUR", "nickname": f"Pot {n}"}
            if tool == "open_account"
            else {"account_id": d.main.account_id, "threshold": 10 + n, "direction": "below"}
        )
        outcome = run(d.state, tool, arguments)
        if outcome.error is not None:
            return outcome.error.code
        d.state = outcome.state
    return ""


def _unconfirmed(d: Desk, tool: str, **more: object) -> str:
    return d.refused(tool, **_order(d, payee_id=_new_payee(d), **more))


def _late(d: Desk, transaction: str, tool: str, months: int, **more: object) -> str:
    for _ in range(months):
        d.call("wait_days", days=31)
    return d.refused(tool, transaction_id=transaction, **more)


def _repaid(d: Desk) -> str:
    loan = _loan(d)
    d.call("repay_loan", loan_id=loan, account_id=d.main.account_id, amount=2_000)
    return loan


def _other_month(d: Desk) -> str:
    return d.refused("move_scheduled_payment", scheduled_payment_id=_scheduled(d), execution_date=_weekend(d))


def _paid(d: Desk, **changes: object) -> str:
    return str(d.call("pay_payee", **_order(d, **changes))["transaction_id"])


def _withdrawn(d: Desk) -> str:
    row = d.call("open_dispute", transaction_id=_card_paid(d), reason="fraud")
    d.call("withdraw_dispute", dispute_id=row["dispute_id"])
    return str(row["dispute_id"])


def _payout_gone(d: Desk) -> str:
    spare, target = d.open("savings", "EUR", "One"), d.open("savings", "EUR", "Two")
    closure = d.call("request_account_closure", account_id=spare, payout_account_id=target)
    d.call("request_account_closure", account_id=target, payout_account_id=d.main.account_id)
    d.code()
    return d.refused("confirm_account_closure", closure_id=closure["closure_id"])


def _close_request(d: Desk, account: str, payout: str | None = None) -> str:
    return d.refused("request_account_closure", account_id=account, payout_account_id=payout or d.main.account_id)


def _overdrawn(d: Desk) -> str:
    account = d.open("checking", "EUR", "Low")
    d.put("accounts", account, floor=-10_000)
    d.fund(account, -5_000)
    return account


FUTURE = "2039-06-07"
PAST = "2020-01-02"
STANDING = {"frequency": "monthly", "first_date": FUTURE}

REFUSALS: dict[str, dict[str, Callable[[Desk], str]]] = {
    "sign_in": {
        "already_signed_in": lambda d: d.refused("sign_in", customer_number="12345678", pin="0000"),
        "wrong_credentials": lambda d: (
            d.call("sign_out"), d.refused("sign_in", customer_number="12345678", pin="0000"))[1],
    },
    "confirm_code": {"code_expired": _old_code, "wrong_code": _wrong_code},
    "change_pin": {
        "wrong_pin": lambda d: _coded(
            d, "change_pin", old_pin=f"{(int(d.state.customers[d.state.clock['now'].user].pin) + 1) % 10**4:04d}",
            new_pin="4917"),
        "weak_pin": lambda d: _coded(
            d, "change_pin", old_pin=d.state.customers[d.state.clock["now"].user].pin, new_pin="1234"),
    },
    "update_address": {
        "nothing_changes": lambda d: _again(d, "update_address", street="A 1", postal_code="1000", city="B")},
    "update_email": {"nothing_changes": lambda d: _again(d, "update_email", email="a@example.org")},
    "update_phone": {
        "nothing_changes": lambda d: _coded(
            d, "update_phone", phone=d.state.customers[d.state.clock["now"].user].phone)},
    "set_daily_limit": {"limit_too_high": lambda d: _coded(d, "set_daily_limit", amount=50_000.01)},
    "get_total_balance": {"unknown_currency": lambda d: d.refused("get_total_balance", currency="XXX")},
    "open_account": {
        "unknown_currency": lambda d: d.refused(
            "open_account", account_type="savings", currency="XXX", nickname="X"),
        "too_many_accounts": lambda d: _many(d, "open_account"),
        "nickname_taken": lambda d: _again(d, "open_account", account_type="savings", currency="EUR", nickname="X"),
    },
    "rename_account": {
        "account_not_open": lambda d: d.refused("rename_account", account_id=_closed(d), nickname="Y"),
        "nickname_taken": lambda d: d.refused(
            "rename_account", account_id=d.main.account_id, nickname=d.savings.nickname),
    },
    "set_overdraft": {
        "account_not_open": lambda d: d.refused("set_overdraft", account_id=_closing(d), limit=10),
        "wrong_account_type": lambda d: d.refused("set_overdraft", account_id=d.savings.account_id, limit=10),
        "limit_too_high": lambda d: d.refused("set_overdraft", account_id=d.main.account_id, limit=900_000),
        "overdraft_in_use": lambda d: d.refused("set_overdraft", account_id=_overdrawn(d), limit=10),
    },
    "request_account_closure": {
        "account_not_open": lambda d: _close_request(d, _closing(d)),
        "wrong_account_type": lambda d: _close_request(d, _loan_account(d)),
        "same_account": lambda d: _close_request(d, d.main.account_id),
        "currency_mismatch": lambda d: _close_request(d, _usd(d)),
        "account_overdrawn": lambda d: _close_request(d, _overdrawn(d)),
        "account_in_use": lambda d: _close_request(d, d.main.account_id, d.savings.account_id),
    },
    "confirm_account_closure": {"account_not_open": _payout_gone},
    "list_transactions": {
        "bad_period": lambda d: d.refused(
            "list_transactions", account_id=d.main.account_id, from_date=FUTURE, to_date=PAST)},
    "search_transactions": {
        "bad_period": lambda d: d.refused("search_transactions", from_date=FUTURE, to_date=PAST),
        "bad_range": lambda d: d.refused("search_transactions", min_amount=20, max_amount=10),
    },
    "categorize_transaction": {
        "nothing_changes": lambda d: _again(
            d, "categorize_transaction", transaction_id=_entry(d, "card"), category="household")},
    "transfer_between_accounts": {
        "account_not_open": lambda d: d.refused(
            "transfer_between_accounts", **_transfer(d, target_account_id=_closing(d))),
        "same_account": lambda d: d.refused(
            "transfer_between_accounts", **_transfer(d, target_account_id=d.main.account_id)),
        "wrong_account_type": lambda d: d.refused(
            "transfer_between_accounts", **_transfer(d, target_account_id=_loan_account(d))),
        "currency_mismatch": lambda d: d.refused(
            "transfer_between_accounts", **_transfer(d, target_account_id=_usd(d))),
        "insufficient_funds": lambda d: d.refused("transfer_between_accounts", **_transfer(d, amount=9e9)),
        "key_reused": lambda d: (
            d.call("transfer_between_accounts", **_transfer(d, idempotency_key="k-123")),
            d.refused("transfer_between_accounts", **_transfer(d, amount=11, idempotency_key="k-123")))[1],
    },
    "preview_payment": {
        "account_not_open": lambda d: d.refused("preview_payment", **_order(d, account_id=_closing(d))),
        "wrong_account_type": lambda d: d.refused("preview_payment", **_order(d, account_id=_loan_account(d))),
    },
    "pay_payee": {
        "payee_not_confirmed": lambda d: _unconfirmed(d, "pay_payee"),
        "account_not_open": lambda d: d.refused("pay_payee", **_order(d, account_id=_closing(d))),
        "wrong_account_type": lambda d: d.refused("pay_payee", **_order(d, account_id=_loan_account(d))),
        "currency_mismatch": lambda d: d.refused("pay_payee", **_order(d, payee_id=_foreign_payee(d))),
        "cooling_off": lambda d: d.refused("pay_payee", **_order(d, payee_id=_new_confirmed(d), amount=500.01)),
        "insufficient_funds": lambda d: d.refused("pay_payee", **_order(d, amount=9e9)),
        "code_required": lambda d: d.refused("pay_payee", **_order(d, amount=1_000.01)),
        "limit_exceeded": lambda d: _coded(d, "pay_payee", **_order(d, amount=60_000)),
        "key_reused": lambda d: (
            d.call("pay_payee", **_order(d, idempotency_key="k-123")),
            d.refused("pay_payee", **_order(d, speed="instant", idempotency_key="k-123")))[1],
    },
    "recall_payment": {
        "not_a_payment": lambda d: d.refused("recall_payment", transaction_id=_entry(d, "card")),
        "already_recalled": lambda d: _again(d, "recall_payment", transaction_id=_paid(d)),
        "too_late": lambda d: d.refused("recall_payment", transaction_id=_paid(d, speed="instant")),
    },
    "schedule_payment": {
        "payee_not_confirmed": lambda d: _unconfirmed(d, "schedule_payment", execution_date=FUTURE),
        "account_not_open": lambda d: d.refused(
            "schedule_payment", **_order(d, account_id=_closing(d), execution_date=FUTURE)),
        "wrong_account_type": lambda d: d.refused(
            "schedule_payment", **_order(d, account_id=_loan_account(d), execution_date=FUTURE)),
        "code_required": lambda d: d.refused("schedule_payment", **_order(d, amount=1_500, execution_date=FUTURE)),
        "date_in_past": lambda d: d.refused("schedule_payment", **_order(d, execution_date=d.today)),
        "no_business_day": lambda d: d.refused("schedule_payment", **_order(d, execution_date=_weekend(d))),
    },
    "move_scheduled_payment": {
        "date_in_past": lambda d: d.refused(
            "move_scheduled_payment", scheduled_payment_id=_scheduled(d), execution_date=d.today),
        "no_business_day": _other_month,
    },
    "read_bill": {"no_amount": lambda d: d.refused("read_bill", text="Invoice 12 of 2027-03-01, to be paid soon")},
    "check_iban": {
        "iban_country_unknown": lambda d: d.refused("check_iban", iban="XX1234567890123456"),
        "iban_invalid": lambda d: d.refused("check_iban", iban="AT001234512345678901"),
    },
    "add_payee": {
        "iban_country_unknown": lambda d: d.refused("add_payee", payee_name="A", iban="XX1234567890123456"),
        "iban_invalid": lambda d: d.refused("add_payee", payee_name="A", iban="AT001234512345678901"),
        "bic_invalid": lambda d: d.refused("add_payee", payee_name="A", iban=new_iban(), bic="ABCDDE2A"),
        "bic_required": lambda d: d.refused("add_payee", payee_name="A", iban=new_iban()),
        "payee_exists": lambda d: d.refused("add_payee", payee_name="A", iban=d.payee().iban),
        "own_account": lambda d: d.refused("add_payee", payee_name="A", iban=d.main.iban),
    },
    "confirm_payee": {"already_confirmed": lambda d: _coded(d, "confirm_payee", payee_id=d.payee().payee_id)},
    "remove_payee": {
        "payee_in_use": lambda d: d.refused(
            "remove_payee", payee_id=d.state.standing_orders[_standing(d)].payee_id)},
    "create_standing_order": {
        "payee_not_confirmed": lambda d: _unconfirmed(d, "create_standing_order", **STANDING),
        "account_not_open": lambda d: d.refused(
            "create_standing_order", **_order(d, account_id=_closing(d), **STANDING)),
        "wrong_account_type": lambda d: d.refused(
            "create_standing_order", **_order(d, account_id=_loan_account(d), **STANDING)),
        "code_required": lambda d: d.refused("create_standing_order", **_order(d, amount=1_500, **STANDING)),
        "date_in_past": lambda d: d.refused(
            "create_standing_order", **_order(d, frequency="weekly", first_date=d.today)),
    },
    "update_standing_order": {
        "code_required": lambda d: d.refused("update_standing_order", standing_order_id=_standing(d), amount=5_000),
        "date_in_past": lambda d: d.refused(
            "update_standing_order", standing_order_id=_standing(d), amount=20, effective_from=d.today),
        "nothing_changes": lambda d: _again(d, "update_standing_order", standing_order_id=_standing(d), amount=20),
    },
    "pause_standing_order": {
        "already_paused": lambda d: _again(d, "pause_standing_order", standing_order_id=_standing(d))},
    "revoke_mandate": {
        "mandate_revoked": lambda d: _again(d, "revoke_mandate", mandate_id=d.state.mandates.keys()[0])},
    "set_mandate_cap": {
        "mandate_revoked": lambda d: (
            d.call("revoke_mandate", mandate_id=d.state.mandates.keys()[0]),
            d.refused("set_mandate_cap", mandate_id=d.state.mandates.keys()[0], cap=10))[1]},
    "refund_direct_debit": {
        "account_not_open": lambda d: d.refused(
            "refund_direct_debit", transaction_id=_close_behind(d, _debited(d))),
        "not_a_direct_debit": lambda d: d.refused("refund_direct_debit", transaction_id=_entry(d, "card")),
        "already_refunded": lambda d: _again(d, "refund_direct_debit", transaction_id=_debited(d)),
        "too_late": lambda d: _late(d, _debited(d), "refund_direct_debit", 2),
    },
    "open_dispute": {
        "account_not_open": lambda d: d.refused(
            "open_dispute", transaction_id=_close_behind(d, _card_paid(d)), reason="fraud"),
        "not_a_card_payment": lambda d: d.refused("open_dispute", transaction_id=_paid(d), reason="fraud"),
        "already_disputed": lambda d: _again(d, "open_dispute", transaction_id=_card_paid(d), reason="fraud"),
        "too_late": lambda d: _late(d, _card_paid(d), "open_dispute", 4, reason="fraud"),
    },
    "withdraw_dispute": {"dispute_decided": lambda d: d.refused("withdraw_dispute", dispute_id=_withdrawn(d))},
    "freeze_card": {"card_not_active": lambda d: _again(d, "freeze_card", card_id=d.card.card_id)},
    "report_card_lost": {"card_not_active": lambda d: _again(d, "report_card_lost", card_id=d.card.card_id)},
    "reissue_card": {
        "account_not_open": lambda d: (
            card := d.card, d.call("report_card_lost", card_id=card.card_id),
            d.put("accounts", card.account_id, status="closed"), d.refused("reissue_card", card_id=card.card_id))[-1],
        "insufficient_funds": lambda d: (
            card := d.card, d.put("cards", card.card_id, account_id=_poor(d)),
            d.call("report_card_lost", card_id=card.card_id), d.refused("reissue_card", card_id=card.card_id))[-1],
    },
    "activate_card": {
        "already_active": lambda d: _coded(d, "activate_card", card_id=d.card.card_id),
        "not_delivered": lambda d: _coded(d, "activate_card", card_id=_in_delivery(d)),
    },
    "set_card_limit": {
        "card_not_active": lambda d: (
            card := d.card.card_id, d.call("report_card_lost", card_id=card),
            d.refused("set_card_limit", card_id=card, limit=10))[-1],
        "limit_too_high": lambda d: d.refused("set_card_limit", card_id=d.card.card_id, limit=20_000.01),
    },
    "pay_by_card": {
        "card_not_active": lambda d: (
            card := d.card.card_id, d.call("freeze_card", card_id=card),
            d.refused("pay_by_card", card_id=card, merchant="A", amount=5))[-1],
        "limit_exceeded": lambda d: d.refused("pay_by_card", card_id=d.card.card_id, merchant="A", amount=99_999),
        "account_not_open": lambda d: (
            d.put("accounts", d.card.account_id, status="closing"),
            d.refused("pay_by_card", card_id=d.card.card_id, merchant="A", amount=1))[1],
        "insufficient_funds": lambda d: (
            d.put("cards", d.card.card_id, account_id=_poor(d)),
            d.refused("pay_by_card", card_id=d.card.card_id, merchant="A", amount=1))[1],
    },
    "block_subscription": {
        "already_blocked": lambda d: _again(
            d, "block_subscription", subscription_id=d.state.subscriptions.keys()[0])},
    "get_exchange_rate": {
        "unknown_currency": lambda d: d.refused("get_exchange_rate", base_currency="EUR", quote_currency="XXX")},
    "get_exchange_quote": {
        "account_not_open": lambda d: d.refused(
            "get_exchange_quote", source_account_id=_closing(d), target_account_id=_usd(d), amount=5),
        "wrong_account_type": lambda d: d.refused(
            "get_exchange_quote", source_account_id=_loan_account(d), target_account_id=_usd(d), amount=5),
        "same_currency": lambda d: d.refused("get_exchange_quote", **_transfer(d)),
        "amount_too_small": lambda d: d.refused(
            "get_exchange_quote", source_account_id=d.open("checking", "HUF", "Forints"),
            target_account_id=d.main.account_id, amount=0.01),
    },
    "execute_exchange": {
        "quote_used": lambda d: _again(d, "execute_exchange", quote_id=_quote(d)),
        "quote_expired": lambda d: (
            quote := _quote(d), d.call("wait_days", days=2), d.refused("execute_exchange", quote_id=quote))[-1],
        "account_not_open": lambda d: (
            quote := _quote(d), d.put("accounts", d.main.account_id, status="closing"),
            d.refused("execute_exchange", quote_id=quote))[-1],
        "insufficient_funds": lambda d: d.refused("execute_exchange", quote_id=_quote(d, 9e9)),
    },
    "take_loan": {
        "account_not_open": lambda d: _coded(
            d, "take_loan", account_id=_closing(d), amount=100, months=12, purpose="move"),
        "wrong_account_type": lambda d: _coded(
            d, "take_loan", account_id=d.savings.account_id, amount=100, months=12, purpose="move"),
        "loan_declined": lambda d: _coded(
            d, "take_loan", account_id=d.main.account_id, amount=900_000, months=12, purpose="move"),
        "loan_exists": lambda d: (
            _loan(d), _coded(d, "take_loan", account_id=d.main.account_id, amount=100, months=12, purpose="wedding"),
        )[1],
    },
    "repay_loan": {
        "account_not_open": lambda d: d.refused("repay_loan", loan_id=_loan(d), account_id=_closing(d), amount=5),
        "wrong_account_type": lambda d: d.refused("repay_loan", loan_id=_loan(d), account_id=_usd(d), amount=5),
        "loan_repaid": lambda d: d.refused(
            "repay_loan", loan_id=_repaid(d), account_id=d.main.account_id, amount=5),
        "more_than_owed": lambda d: d.refused(
            "repay_loan", loan_id=_loan(d), account_id=d.main.account_id, amount=2_000.01),
        "insufficient_funds": lambda d: d.refused(
            "repay_loan", loan_id=_loan(d), account_id=_poor(d), amount=5),
    },
    "create_alert": {
        "account_not_open": lambda d: d.refused(
            "create_alert", account_id=_closed(d), threshold=5, direction="below"),
        "too_many_alerts": lambda d: _many(d, "create_alert"),
        "alert_exists": lambda d: _again(
            d, "create_alert", account_id=d.main.account_id, threshold=5, direction="below"),
    },
    "set_budget": {"nothing_changes": lambda d: _again(d, "set_budget", category="rent", amount=700)},
    "delete_budget": {"unknown_budget": lambda d: d.refused("delete_budget", category="taxes")},
}  # fmt: skip

CASES = [(tool, code) for tool, cases in REFUSALS.items() for code in cases]


@pytest.mark.parametrize(("tool", "code"), CASES)
def test_a_declared_error_is_reached(tool: str, code: str) -> None:
    assert REFUSALS[tool][code](desk()) == code


def test_every_declared_error_has_a_case() -> None:
    declared = {(tool.name, code) for tool in SPEC.tools.values() for code in tool.errors}
    assert declared == {*GENERIC, *NEEDING, *CASES}
