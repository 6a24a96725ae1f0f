"""A desk at the bank for the tests: calls that are checked as they run, and states that leave one rule to refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsonschema_rs
from msgspec.structs import replace

from fr_envs.contract.schemas import returns_schema
from fr_envs.domains.banking import DOMAIN
from fr_envs.domains.banking.ledger import booked, draft
from fr_envs.domains.banking.state import Account, Bank, Card, Payee, Posting, Session
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Outcome

SPEC = DOMAIN.spec
VALIDATORS = {
    name: jsonschema_rs.Draft202012Validator(returns_schema(SPEC, name), validate_formats=True) for name in SPEC.tools
}


def run(state: Bank, tool: str, arguments: JsonObject) -> Outcome[Bank]:
    """Run a call and check what holds for every call: shape of the result, reads and errors change nothing."""
    before = state.digest
    outcome = DOMAIN.apply(state, ToolCall(tool, arguments))
    assert state.digest == before
    if outcome.error is not None:
        assert outcome.state is state
        return outcome
    VALIDATORS[tool].validate(outcome.value)
    if SPEC.tools[tool].effect == "read":
        assert outcome.state is state
    for fact in SPEC.tools[tool].sets:
        about = SPEC.tools[tool].about(SPEC.facts[fact].about or "")
        assert DOMAIN.holds(outcome.state, fact, arguments.get(about or ""))
    for fact in SPEC.tools[tool].clears:
        about = SPEC.tools[tool].about(SPEC.facts[fact].about or "")
        assert not DOMAIN.holds(outcome.state, fact, arguments.get(about or ""))
    return outcome


class Desk:
    """A signed-in customer whose calls are made one after the other."""

    def __init__(self, state: Bank) -> None:
        """Sit down in a state."""
        self.state = replace(state, session=state.session.put("me", Session(signed_in=True)))

    def call(self, tool: str, **arguments: Json) -> JsonObject:
        """Make a call that goes through and return its result."""
        outcome = run(self.state, tool, arguments)
        assert outcome.error is None, outcome.error
        self.state = outcome.state
        return outcome.value

    def refused(self, tool: str, **arguments: Json) -> str:
        """Make a call that does not go through and return the error's code."""
        outcome = run(self.state, tool, arguments)
        assert outcome.error is not None, outcome.value
        return outcome.error.code

    def code(self) -> None:
        """Request a one-time code, read it and confirm it."""
        challenge = self.call("request_code")["challenge_id"]
        code = self.call("list_messages", limit=1)["messages"][0]["code"]
        self.call("confirm_code", challenge_id=challenge, code=code)

    @property
    def today(self) -> str:
        """The day it is."""
        return self.state.clock["now"].today

    def accounts(self, kind: str, currency: str = "EUR") -> list[Account]:
        """The customer's open accounts of a kind."""
        mine = self.state.accounts.by("customer_id", self.state.clock["now"].user)
        return [a for a in mine if (a.type, a.currency, a.status) == (kind, currency, "open")]

    @property
    def main(self) -> Account:
        """The first checking account in euro."""
        return self.accounts("checking")[0]

    @property
    def savings(self) -> Account:
        """The first savings account in euro."""
        return self.accounts("savings")[0]

    @property
    def card(self) -> Card:
        """The first card that can pay."""
        return next(card for card in self.state.cards.values() if card.status == "active")

    def balance(self, account_id: str) -> float:
        """What an account holds."""
        return round(self.state.accounts[account_id].balance / 100, 2)

    def payee(self, *, inside: bool = False) -> Payee:
        """A confirmed payee of old, at another bank or at this one."""
        rows = [
            payee for payee in self.state.payees.values()
            if payee.confirmed_on and payee.confirmed_on < self.today[:8]
            and bool(self.state.accounts.keys_by("iban", payee.iban)) == inside
        ]  # fmt: skip
        return rows[0]

    def put(self, table: str, key: str, **fields: Json) -> Desk:
        """Change a row behind the bank's back."""
        rows = getattr(self.state, table)
        self.state = replace(self.state, **{table: rows.put(key, replace(rows[key], **fields))})
        return self

    def fund(self, account_id: str, cents: int) -> None:
        """Bring money into an account, or take it out, through the ledger."""
        account = self.state.accounts[account_id]
        sides = (Posting(account_id, account.currency, cents), Posting("BANK:CLEARING", account.currency, -cents))
        details = {"type": "credit", "direction": "in" if cents > 0 else "out"}
        self.state, _ = booked(self.state, draft(account, sides, abs(cents), "Somebody", **details))

    def rich(self) -> Desk:
        """Put so much into the main account that only the rule under test refuses."""
        self.fund(self.main.account_id, 10_000_000)
        return self

    def open(self, kind: str, currency: str, nickname: str) -> str:
        """Open an account and return its identifier."""
        row = self.call("open_account", account_type=kind, currency=currency, nickname=nickname)
        return str(row["account_id"])

    def until_business_day(self) -> None:
        """Wait until it is a TARGET business day."""
        while not self.call("get_date")["business_day"]:
            self.call("wait_days", days=1)


def desk(seed: int = 2) -> Desk:
    """Sit down in a small world of a seed, with money on the main account."""
    return Desk(DOMAIN.initial(seed, "small")).rich()


def new_iban(country: str = "AT", bank_code: str = "99999", number: int = 12_345) -> str:
    """A valid IBAN of a bank that the directory does not have."""
    bban = f"{bank_code}{number:011d}"
    digits = "".join(str(int(letter, 36)) for letter in f"{bban}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{bban}"
