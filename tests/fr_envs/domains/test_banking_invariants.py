"""What has to hold after any calls at the bank, over random walks of thousands of calls.

1. Every entry sums to zero per currency; a balance is the sum of its account's postings.
2. No account falls below its floor; nothing moves on a closed account, which holds nothing.
3. Nothing is paid with a card that is not active, and no card pays more in a month than its limit.
4. Booked entries keep their postings; money is neither made nor lost: what customers gain the bank's accounts lose.
5. A refused call changes nothing at all.
6. Every IBAN is valid; what is listed as due is due after today, and is gone once it has been dealt with.
7. One request with one idempotency key books one entry.

What a call changed is checked at every step, everything at every thousandth.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fr_envs.contract.samples import sample_arguments
from fr_envs.domains.banking import DOMAIN
from fr_envs.domains.banking.iban import iban_fault
from fr_envs.world.tool_call import ToolCall
from tests.fr_envs.domains.banking_desk import SPEC, VALIDATORS
from tests.rounds import rounds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.contract.spec import Parameter, ToolSpec
    from fr_envs.domains.banking.state import Bank, Entry
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Outcome

TOOLS = tuple(SPEC.tools.values())
MOVING = ("transfer_between_accounts", "pay_payee", "pay_by_card", "get_exchange_quote", "execute_exchange",
          "schedule_payment", "create_standing_order", "recall_payment", "refund_direct_debit", "take_loan",
          "repay_loan")  # fmt: skip
STOPPING = ("revoke_mandate", "block_subscription", "report_card_lost", "freeze_card", "cancel_standing_order",
            "pause_standing_order", "sign_out", "confirm_code", "sign_in", "cancel_account_closure")  # fmt: skip
WEIGHTS = np.array(
    [{**dict.fromkeys(MOVING, 4.0), **dict.fromkeys(STOPPING, 0.15)}.get(tool.name, 1.0) for tool in TOOLS]
)
WEIGHTS /= WEIGHTS.sum()
ISSUED = frozenset(name for name, kind in SPEC.kinds.items() if kind.origin == "issued")


class Walk:
    """A walk at random: mostly with arguments that fit the state, now and then with others."""

    def __init__(self, seed: int) -> None:
        """Start in a small world."""
        self.rng = np.random.default_rng(seed)
        self.state = DOMAIN.initial(seed, "small")
        self.succeeded: Counter[str] = Counter()
        self.refused: set[tuple[str, str]] = set()
        self._ids: dict[str, list[Json]] = {}
        self._age = 0

    def step(self) -> tuple[str, Outcome[Bank]]:
        """Make one call."""
        if self._age % 25 == 0:  # entities are dear; ids that have gone stale meanwhile make good bad arguments
            self._ids = {kind: list(hook(self.state)) for kind, hook in DOMAIN.hooks.entities.items()}
        self._age += 1
        if self.rng.random() < 0.15 and not self.state.session["me"].code_confirmed:
            return self._code()
        if not self.state.session["me"].signed_in and self.rng.random() < 0.5:
            user = self.state.customers[self.state.clock["now"].user]
            return self._make("sign_in", {"customer_number": user.number, "pin": user.pin})
        tool = TOOLS[int(self.rng.choice(len(TOOLS), p=WEIGHTS))]
        made = self._make(tool.name, self._arguments(tool))
        tries = 0 if self.rng.random() < 0.2 else 4
        while tries and made[1].error is not None:  # on a fork, until it goes through
            made, tries = self._make(tool.name, self._arguments(tool)), tries - 1
        return made

    def _code(self) -> tuple[str, Outcome[Bank]]:
        me = self.state.session["me"]
        if not me.challenge_id or me.valid_until < self.state.clock["now"].today:
            return self._make("request_code", {})
        return self._make("confirm_code", {"challenge_id": me.challenge_id, "code": me.code})

    def _make(self, name: str, arguments: JsonObject) -> tuple[str, Outcome[Bank]]:
        outcome = DOMAIN.apply(self.state, ToolCall(name, arguments))
        if outcome.error is None:
            assert VALIDATORS[name].is_valid(outcome.value), (name, outcome.value)
            self.succeeded[name] += 1
        else:
            self.refused.add((name, outcome.error.code))
        return name, outcome

    def _arguments(self, tool: ToolSpec) -> JsonObject:
        if self.rng.random() < 0.05:
            return sample_arguments(SPEC, tool.name, self.rng)
        arguments: JsonObject = {}
        for parameter in sorted(tool.parameters.values(), key=lambda p: p.field.kind not in ISSUED):
            if parameter.required or self.rng.random() < 0.4:
                value = self._value(tool, parameter, arguments)
                if value is not None:
                    arguments[parameter.name] = value
        return arguments

    def _value(self, tool: ToolSpec, parameter: Parameter, arguments: Mapping[str, Json]) -> Json:
        known = self._ids.get(parameter.field.kind or "")
        if known:
            recent = known[-6:] if self.rng.random() < 0.5 else known
            return recent[int(self.rng.integers(len(recent)))]
        value = DOMAIN.suggest(self.state, tool.name, parameter.name, arguments, self.rng)
        if isinstance(value, float) and self.rng.random() < 0.05:
            return value * 100
        if value is None and parameter.field.kind not in ISSUED:
            return sample_arguments(SPEC, tool.name, self.rng).get(parameter.name)
        return value


def check_entry(before: Bank, after: Bank, entry: Entry) -> None:
    """What holds of a new entry (rules 1, 2 and 3)."""
    sums: Counter[str] = Counter()
    for posting in entry.postings:
        sums[posting.currency] += posting.amount
        account = after.accounts.get(posting.account)
        if account is None:
            assert posting.account.startswith("BANK:")
            continue
        assert account.currency == posting.currency
        was = before.accounts.get(posting.account)
        assert was is None or was.status != "closed"
    assert not any(sums.values())
    assert before.clock["now"].today < entry.date <= after.clock["now"].today or entry.date == after.clock["now"].today
    assert entry.value_date >= entry.date
    if entry.type == "card":
        card = before.cards[entry.source_id]
        assert card.status == "active"
        assert after.cards[entry.source_id].spent <= after.cards[entry.source_id].limit


def check_step(before: Bank, after: Bank) -> None:
    """What holds of the difference that one call made."""
    moved: Counter[str] = Counter()
    for change in before.entries.changes(after.entries):
        entry = after.entries[change.key]
        old = before.entries.get(change.key)
        if old is None:
            check_entry(before, after, entry)
            for posting in entry.postings:
                moved[posting.account] += posting.amount
        else:  # only the category and the status of what is booked ever change
            assert old.postings == entry.postings
            assert (old.date, old.amount, old.account_id) == (entry.date, entry.amount, entry.account_id)
    for change in before.accounts.changes(after.accounts):
        account, was = after.accounts[change.key], before.accounts.get(change.key)
        assert account.balance - (was.balance if was else 0) == moved.pop(account.account_id, 0)
        assert account.balance >= account.floor
        assert account.status != "closed" or account.balance == 0
    assert all(name.startswith("BANK:") or not cents for name, cents in moved.items())


def check_whole(state: Bank) -> None:
    """Everything that holds of a state."""
    sums: Counter[str] = Counter()
    per_currency: Counter[str] = Counter()
    for entry in state.entries.values():
        for posting in entry.postings:
            sums[posting.account] += posting.amount
            per_currency[posting.currency] += posting.amount
    assert not any(per_currency.values())
    for account in state.accounts.values():
        assert account.balance == sums[account.account_id]
        assert account.balance >= account.floor
        assert not iban_fault(account.iban)
    assert not any(iban_fault(payee.iban) for payee in state.payees.values())
    check_due(state)
    check_statements(state)
    assert len({account.iban for account in state.accounts.values()}) == len(state.accounts)
    assert len(state.messages) <= 41


def check_due(state: Bank) -> None:
    """Nothing that fell due is left behind, but for what waits for the next business day."""
    today = np.datetime64(state.clock["now"].today)
    for day in (
        *(row.next_date for row in state.scheduled.values()),
        *(row.due_on for row in state.standing_orders.values() if row.due_on),
        *(row.next_date for row in state.mandates.values() if row.next_date),
        *(row.next_date for row in state.subscriptions.values() if row.next_date),
        *(row.next_date for row in state.loans.values() if row.next_date),
        *(row.decide_on for row in state.disputes.values() if row.decide_on),
    ):
        assert today - np.datetime64(day) < np.timedelta64(5, "D")
    for loan in state.loans.values():
        assert (state.accounts[loan.account_id].balance == 0) == (loan.status == "repaid") == (not loan.next_date)


def check_statements(state: Bank) -> None:
    """An account's statements continue one another."""
    rows = defaultdict(list)
    for statement in state.statements.values():
        rows[statement.account_id].append(statement)
    for statements in rows.values():
        statements.sort(key=lambda s: s.month)
        assert len({s.month for s in statements}) == len(statements)
        for earlier, later in itertools.pairwise(statements):
            assert later.opening == earlier.closing


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(rounds(2, 10)))
def test_a_long_walk_keeps_the_books(seed: int) -> None:
    steps = 3_000
    walk = Walk(seed)
    for step in range(steps):
        before = walk.state
        digest = before.digest
        name, outcome = walk.step()
        assert before.digest == digest
        if outcome.error is not None or SPEC.tools[name].effect == "read":
            assert outcome.state is before
            continue
        check_step(before, outcome.state)
        walk.state = outcome.state
        if step % 1_000 == 999:
            check_whole(walk.state)
    check_whole(walk.state)
    assert len(walk.succeeded) > 60


def test_a_short_walk_keeps_the_books() -> None:
    walk = Walk(99)
    for _ in range(500):
        before = walk.state
        name, outcome = walk.step()
        if outcome.error is not None or SPEC.tools[name].effect == "read":
            assert outcome.state is before
            continue
        check_step(before, outcome.state)
        walk.state = outcome.state
    check_whole(walk.state)
    assert len(walk.succeeded) > 30
