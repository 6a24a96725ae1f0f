"""Signing in, one-time codes, messages."""

from __future__ import annotations

import hashlib

from msgspec.structs import replace

from fr_envs.domains.banking.days import add_days
from fr_envs.domains.banking.ledger import clock, consume_code, fresh, notify, session
from fr_envs.domains.banking.state import Bank, Session
from fr_envs.errors import Refusal
from fr_envs.world.domain import Effect


def sign_in(state: Bank, customer_number: str, pin: str) -> Effect[Bank]:
    """Open a session for the user."""
    if session(state).signed_in:
        raise Refusal("already_signed_in")
    user = state.customers[clock(state).user]
    if (customer_number, pin) != (user.number, user.pin):
        raise Refusal("wrong_credentials")
    after = replace(state, session=state.session.put("me", Session(signed_in=True)))
    return Effect(after, {"name": user.name, "date": clock(state).today})


def sign_out(state: Bank) -> Effect[Bank]:
    """Close the session; a code that was on its way is void."""
    return Effect(replace(state, session=state.session.put("me", Session())), {"signed_out": True})


def request_code(state: Bank) -> Effect[Bank]:
    """Send a one-time code to the inbox; an earlier one is void."""
    now = clock(state)
    state, challenge_id = fresh(state, "challenges")
    digest = hashlib.blake2b(f"{now.salt}:{challenge_id}".encode(), digest_size=8).digest()
    code = f"{int.from_bytes(digest, 'little') % 1_000_000:06d}"
    until = add_days(now.today, 1)
    me = Session(signed_in=True, challenge_id=challenge_id, code=code, valid_until=until)
    state = notify(state, "Your one-time code", f"Your one-time code is {code}. Nobody at the bank asks for it.", code)
    phone = state.customers[now.user].phone
    return Effect(
        replace(state, session=state.session.put("me", me)),
        {"challenge_id": challenge_id, "sent_to": f"phone ending in {phone[-3:]}", "valid_until": until},
    )


def confirm_code(state: Bank, challenge_id: str, code: str) -> Effect[Bank]:
    """Confirm the code; the next order uses it up."""
    me = session(state)
    if not me.challenge_id or challenge_id != me.challenge_id:
        raise Refusal("unknown_challenge")
    if clock(state).today > me.valid_until:
        raise Refusal("code_expired")
    if code != me.code:
        raise Refusal("wrong_code")
    after = replace(state, session=state.session.put("me", Session(signed_in=True, code_confirmed=True)))
    return Effect(after, {"confirmed": True})


def list_messages(state: Bank, limit: int, offset: int) -> Effect[Bank]:
    """List the inbox, newest first."""
    keys = state.messages.keys()[::-1]
    rows = [state.messages[key] for key in keys[offset : offset + limit]]
    shown = [
        {"date": m.date, "subject": m.subject, "text": m.text, "code": m.code or None}
        for m in rows
    ]  # fmt: skip
    return Effect(state, {"messages": shown, "total": len(keys)})


def change_pin(state: Bank, old_pin: str, new_pin: str) -> Effect[Bank]:
    """Replace the PIN."""
    user = state.customers[clock(state).user]
    if old_pin != user.pin:
        raise Refusal("wrong_pin")
    if len(set(new_pin)) == 1 or new_pin in "0123456789" or new_pin in "9876543210" or new_pin == old_pin:
        raise Refusal("weak_pin")
    customers = state.customers.put(user.customer_id, replace(user, pin=new_pin))
    return Effect(replace(consume_code(state), customers=customers), {"changed": True})
