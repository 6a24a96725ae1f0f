"""Looking before asking, and before saying no.

1. A value that anybody can make up may be asked for, though some result happens to have an equal one.
2. It may not where an expert would look it up: a result about the thing itself, or the only one there is.
3. A read before a refusal is needed for what the reply tells, or for what the call would be made with; no other is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs import load_domain
from fr_envs.world.tool_call import ToolCall
from fr_synth.verify.kinds.leading_up import leading_up
from fr_synth.verify.kinds.proof import kinds
from fr_synth.verify.kinds.world import Sought, tells, told_by_looking
from fr_synth.verify.proofs import necessary
from tests.fr_synth.own_situations import proven_dialogue

if TYPE_CHECKING:
    from pathlib import Path

    from fr_synth.verify.evidence import Evidence

BANK = load_domain("banking")

SITUATIONS = """
- name: by_chance
  worlds: [banking]
  summary: Somebody plans a payment, of an amount that came in once before.
  cast:
    main: {kind: account_id, where: {nickname: Main}, unique: true}
    payee: {kind: payee_id}
    income: {kind: transaction_id, where: {amount: {above: 20, below: 4000}}}
  values: {day: {days_after: today, days: [5, 9]}}
  turns:
    - kind: ask
      say: {plain: ["Plan for [{payee.payee_name}](payee|payee_name) on {day|day}, from [my main account](main)."]}
      awaits:
        call: schedule_payment
        with: &planned {account_id: main, payee_id: payee, amount: income.amount, execution_date: day}
        lacks: [amount]
      names: [how much]
      thought: {close: ["Nobody has said what."]}
      reply: [{say: ["How much is it?"]}]
      then:
        - say: {plain: ["{income.amount|amount}, please."]}
          requests: [{call: schedule_payment, with: *planned}]
          thought: {plan: ["Now I need the payee and the account."], found: ["So I can plan it."], close: ["Planned."]}
          reply: [{say: ["Planned."]}]
- name: looked_first
  worlds: [banking]
  summary: Somebody wants to overdraw an account on which that is not possible.
  cast: {mine: {kind: account_id, where: {type: savings, status: open}, unique: true}}
  turns:
    - kind: refuse
      say: {plain: ["I'd like to be able to go 700 into the red on my savings."]}
      requests:
        - {call: list_accounts, as: seen, picks: {found: {rows: seen.accounts, where: {type: savings}}}}
      awaits: {call: set_overdraft, with: {account_id: mine, limit: 700}, rule: wrong_account_type}
      names: [only checking, overdraft]
      thought:
        direct: ["I see what kind of account that is."]
        plan: ["I see what kind of account that is."]
        close: ["It is for savings, so there is no overdraft for it."]
      reply: [{say: ["No, only checking accounts can have an overdraft, and {found.nickname} is for savings."]}]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("looking") / "trial.yaml"
    path.write_text(SITUATIONS, encoding="utf-8")
    return path


def test_what_some_result_has_by_chance_may_be_asked_for(folder: Path) -> None:
    evidence = proven_dialogue(folder, "by_chance")
    assert list(kinds(evidence)) == []
    awaited = evidence.dialogue.turns[0].awaited
    assert awaited is not None
    amount = awaited.arguments["amount"]
    rows = (BANK.entities(evidence.states[0], "transaction_id") or {}).values()
    assert any(row["amount"] == amount for row in rows)


def test_what_an_expert_would_look_up_may_not(folder: Path) -> None:
    evidence = proven_dialogue(folder, "by_chance")
    profile = BANK.apply(evidence.states[-1], ToolCall("get_profile", {}))
    mail = Sought("email", "email", profile.value["email"], {"email": profile.value["email"]})
    assert told_by_looking(evidence, evidence.states[-1], mail) == "get_profile"
    accounts = BANK.entities(evidence.states[-1], "account_id")
    assert accounts
    account = next(iter(accounts))
    assert told_by_looking(evidence, evidence.states[-1], Sought("account_id", "account_id", account, {}))


def test_a_thing_tells_only_of_itself(folder: Path) -> None:
    evidence = proven_dialogue(folder, "by_chance")
    number, transaction = next(iter((BANK.entities(evidence.states[-1], "transaction_id") or {}).items()))
    call = ToolCall("get_transaction", {"transaction_id": number})
    result = BANK.apply(evidence.states[-1], call).value
    kind = BANK.spec.tools["get_transaction"].returns["amount"].kind or ""
    sought = Sought("amount", kind, transaction["amount"], {"amount": transaction["amount"]})
    assert not tells(evidence, sought, call, result)
    about = {**sought.arguments, "transaction_id": number}
    assert tells(evidence, sought._replace(arguments=about), call, result)
    assert not tells(evidence, sought, ToolCall("no_such_tool", {}), result)


def test_a_read_before_a_refusal_is_needed_for_what_the_reply_tells(folder: Path) -> None:
    evidence = proven_dialogue(folder, "looked_first")
    number = next(k for k, call in enumerate(evidence.dialogue.calls) if call.name == "list_accounts")
    assert number in leading_up(evidence, 0, range(len(evidence.dialogue.calls)))


def _elsewhere(evidence: Evidence, **changes: Any) -> Evidence:
    turn = evidence.dialogue.turns[0]
    assert turn.awaited is not None
    awaited = msgspec.structs.replace(turn.awaited, **changes)
    record = msgspec.structs.replace(turn, awaited=awaited)
    last = {**evidence.dialogue.messages[-1], "content": "No, that is not possible."}
    messages = (*evidence.dialogue.messages[:-1], last)
    turns = (record, *evidence.dialogue.turns[1:])
    return evidence._replace(dialogue=msgspec.structs.replace(evidence.dialogue, messages=messages, turns=turns))


def test_a_read_on_which_nothing_rests_is_needless(folder: Path) -> None:
    evidence = proven_dialogue(folder, "looked_first")
    spoilt = _elsewhere(evidence, arguments={"account_id": "ACC000000", "limit": 701})
    assert any("changes nothing by its absence" in each for each in necessary(spoilt))
    assert leading_up(_elsewhere(evidence, tool=""), 0, range(len(evidence.dialogue.calls))) == set()
