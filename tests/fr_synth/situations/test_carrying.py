"""What was said of a call that was left undone holds until it is made.

1. The answer to a question says what was asked for and no more; what the call takes besides was said before, in the
   turn that left it undone, be it a name, words that point at something, a day or "it".
2. After a choice the other arguments hold as well, and after a yes all of them.
3. A name of the cast may stand in a turn that makes no call, and one that the person ``knows``; another one may not.
4. Words of a turn that left nothing of the kind undone, or that mean something else, are findings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs import load_domain
from fr_synth.trace.dataflow.provenance import Said
from fr_synth.verify.claims.proof import claims
from fr_synth.verify.situated import situated
from fr_synth.verify.words.pointing import no_pointing
from fr_synth.verify.words.unambiguous import unambiguous
from tests.fr_synth.own_situations import proven_dialogue

if TYPE_CHECKING:
    from pathlib import Path

    from fr_synth.verify.evidence import Evidence

BANK = load_domain("banking")

SITUATIONS = """
- name: how_much
  worlds: [banking]
  summary: Somebody plans a payment and leaves out how much it is.
  cast:
    main: {kind: account_id, where: {nickname: Main}, unique: true}
    payee: {kind: payee_id, where: {payee_name: {above: "H"}}}
  values: {sum: {between: [101, 148]}, day: {days_after: today, days: [5, 9]}}
  turns:
    - kind: ask
      say:
        plain:
          - "Plan for [{payee.payee_name}](payee|payee_name) to be paid on {day|day} out of [my main account](main)."
      awaits:
        call: schedule_payment
        with: &planned {account_id: main, payee_id: payee, amount: sum, execution_date: day}
        lacks: [amount]
      names: [how much]
      thought: {close: ["Nobody has said what they are to get."]}
      reply: [{say: ["Gladly. How much is it?"]}]
      then:
        - say: {plain: ["{sum|amount}, please."]}
          requests: [{call: schedule_payment, with: *planned}]
          thought:
            {plan: ["Now I need the payee and the account."], found: ["So I can plan it."], close: ["It is planned."]}
          reply: [{say: ["Planned."]}]
- name: its_name
  worlds: [banking]
  summary: Somebody looks at an account, wants another name for it, and says which only when asked.
  cast: {main: {kind: account_id, where: {nickname: Main}, unique: true}}
  values: {name: {pick: [Harbour, Orchard, Lantern]}}
  turns:
    - say: {plain: ["What has moved on [my main account](main) lately?"]}
      requests: [{call: list_transactions, with: {account_id: main}, as: seen}]
      thought: {plan: ["The list has the account."], close: ["The latest is what they want."]}
      reply: [{say: ["The latest is {seen.transactions.0.amount|money}."]}]
    - kind: ask
      say: {plain: ["I want another name for [it](=main)."]}
      awaits: {call: rename_account, with: {account_id: main, nickname: name}, lacks: [nickname]}
      names: [what is it, which one]
      thought: {close: ["Which one, they don't say."]}
      reply: [{say: ["Which one would you like?"]}]
      then:
        - say: {plain: ["\\"{name}\\"."]}
          requests: [{call: rename_account, with: {account_id: main, nickname: name}}]
          thought: {direct: ["They want {name}, and the account is known."], close: ["Done."]}
          reply: [{say: ["It is called {name} now."]}]
- name: which_one
  worlds: [banking]
  summary: Somebody wants a card's limit lowered and leaves open which card's.
  cast: {card: {kind: card_id, where: {card_status: active}}}
  values: {limit: {pick: [410, 430, 470]}}
  turns:
    - kind: choose
      say: {plain: ["Lower the limit of my card to {limit|amount}, would you?"]}
      requests:
        - call: list_cards
          as: seen
          values: {all: {list: seen.cards, item: "the {card_tail} one", where: {card_status: active}, join: or}}
      awaits:
        call: set_card_limit
        with: {card_id: card, limit: limit}
        lacks: [card_id]
        candidates: {rows: seen.cards, where: {card_status: active}, by: [card_tail], key: card_id}
      thought: {direct: ["I look at the cards."], plan: ["I look at the cards."], close: ["There are several."]}
      reply: [{say: ["Which one is it: {all}?"]}]
      then:
        - say: {plain: ["[The {card.card_tail} one](card|card_tail)."]}
          requests: [{call: set_card_limit, with: {card_id: card, limit: limit}}]
          thought: {direct: ["Now it is clear which card."], close: ["It is done."]}
          reply: [{say: ["Done."]}]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("carrying") / "trial.yaml"
    path.write_text(SITUATIONS, encoding="utf-8")
    return path


def made(path: Path, name: str) -> Evidence:
    return proven_dialogue(path, name, kinds=("ask",))


def test_what_was_said_of_a_call_left_undone_holds(folder: Path) -> None:
    dialogue = made(folder, "how_much").dialogue
    assert [(mention.turn, mention.way) for mention in dialogue.turns[1].mentions] == [(0, "where"), (0, "fields")]
    sources = dialogue.calls[-1].sources
    assert [sources[f"/{name}"].turn for name in ("amount", "execution_date")] == [1, 0]  # type: ignore[union-attr]


def test_it_holds_as_well(folder: Path) -> None:
    last = made(folder, "its_name").dialogue.turns[2]
    assert [(mention.turn, mention.text, mention.way) for mention in last.mentions] == [(1, "it", "anaphora")]


def test_after_a_choice_the_other_arguments_hold(folder: Path) -> None:
    dialogue = made(folder, "which_one").dialogue
    said = dialogue.calls[-1].sources["/limit"]
    assert isinstance(said, Said)
    assert said.turn == 0
    assert [mention.turn for mention in dialogue.turns[1].mentions] == [1]


def spoilt(evidence: Evidence, number: int, **changes: Any) -> Evidence:
    """Return the evidence with another first mention, or other parts, of a turn."""
    own = {name: changes.pop(name) for name in ("awaited",) if name in changes}
    first, *others = evidence.dialogue.turns[number].mentions or (None,)
    mentions = (msgspec.structs.replace(first, **changes), *others) if first is not None else ()
    record = msgspec.structs.replace(evidence.dialogue.turns[number], mentions=mentions, **own)
    turns = (*evidence.dialogue.turns[:number], record, *evidence.dialogue.turns[number + 1 :])
    return evidence._replace(dialogue=msgspec.structs.replace(evidence.dialogue, turns=turns))


def test_words_of_a_turn_that_left_nothing_undone_do_not_hold(folder: Path) -> None:
    evidence = made(folder, "how_much")
    awaited = evidence.dialogue.turns[0].awaited
    assert awaited is not None
    without = msgspec.structs.replace(awaited, arguments={**awaited.arguments, "account_id": "ACC000000"})
    for other in (without, msgspec.structs.replace(awaited, tool=""), None):
        problems = list(no_pointing(spoilt(evidence, 0, awaited=other)))
        assert any("which left no call with it undone" in each for each in problems)
    assert list(no_pointing(evidence)) == []


@pytest.mark.parametrize("changes", [{"text": "my other account"}, {"turn": 7}, {"turn": -1}, {"by": {"type": "loan"}}])
def test_words_that_mean_something_else_are_found(folder: Path, changes: dict[str, Any]) -> None:
    assert list(unambiguous(spoilt(made(folder, "how_much"), 1, **changes)))


def test_words_that_the_earlier_turn_does_not_mark_are_found(folder: Path) -> None:
    evidence = spoilt(made(folder, "how_much"), 1, text="to be paid")
    assert any("is not marked as words" in each for each in situated(evidence))


def test_words_that_are_used_and_mentioned_nowhere_are_found(folder: Path) -> None:
    evidence = made(folder, "how_much")
    last = msgspec.structs.replace(evidence.dialogue.turns[1], mentions=())
    bare = msgspec.structs.replace(evidence.dialogue, turns=(evidence.dialogue.turns[0], last))
    problems = list(situated(evidence._replace(dialogue=bare)))
    assert any("'my main account' points at" in each for each in problems)
    assert list(unambiguous(evidence._replace(dialogue=bare)))


def test_only_names_that_the_cast_can_have_may_stand_where_no_call_is_made(folder: Path) -> None:
    evidence = made(folder, "how_much")
    assert list(claims(evidence)) == []
    payees = BANK.entities(evidence.states[0], "payee_id") or {}
    strangers = [str(each["payee_name"]) for each in payees.values() if str(each["payee_name"]) < "H"]
    message = evidence.dialogue.messages[1]
    known = next(m.text for m in evidence.dialogue.turns[1].mentions if m.kind == "payee_id")
    other = {**message, "content": str(message["content"]).replace(known, strangers[0])}
    messages = (evidence.dialogue.messages[0], other, *evidence.dialogue.messages[2:])
    spoilt = evidence._replace(dialogue=msgspec.structs.replace(evidence.dialogue, messages=messages))
    assert any(f"{strangers[0]!r} is neither wanted nor known" in each for each in claims(spoilt))
    assert evidence.situation is not None
    acquainted = msgspec.structs.replace(evidence.situation, knows=(f"{strangers[0]} fixed the fence.",))
    assert not any("neither wanted nor known" in each for each in claims(spoilt._replace(situation=acquainted)))
