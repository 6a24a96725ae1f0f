"""The proofs of the kinds of turn, each shown failing.

1. What is asked for was said, can be looked up, may be left out, or is told by nobody.
2. What is to be chosen is one thing alone, or the candidates are not told apart.
3. What is missing is there, or there is a way round.
4. What nothing does, some tool does. What is forbidden, the world allows.
5. What waits for a yes needs none, or was ordered. What needs no call needs one, or was told a moment ago.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs.world.registry import load_domain
from fr_synth.verify.kinds.proof import kinds
from fr_synth.verify.kinds.waiting import orders
from tests.fr_synth.asides import dialogue_with, gathered, place_of, with_awaited

if TYPE_CHECKING:
    from fr_synth.trace.records import Dialogue


def problems(dialogue: Dialogue) -> str:
    return "; ".join(kinds(gathered(dialogue)))


def said(dialogue: Dialogue, turn: int, text: str) -> Dialogue:
    """The dialogue with another message of the user."""
    at = dialogue.turns[turn].message
    messages = (*dialogue.messages[:at], {"role": "user", "content": text}, *dialogue.messages[at + 1 :])
    return msgspec.structs.replace(dialogue, messages=messages)


def replied(dialogue: Dialogue, turn: int, text: str) -> Dialogue:
    """The dialogue with another reply at the end of a turn."""
    end = dialogue.turns[turn + 1].message if turn + 1 < len(dialogue.turns) else len(dialogue.messages)
    message = {**dialogue.messages[end - 1], "content": text}
    return msgspec.structs.replace(
        dialogue, messages=(*dialogue.messages[: end - 1], message, *dialogue.messages[end:])
    )


def as_kind(dialogue: Dialogue, turn: int, **changes: Any) -> Dialogue:
    other = msgspec.structs.replace(dialogue.turns[turn], **changes)
    return msgspec.structs.replace(dialogue, turns=(*dialogue.turns[:turn], other, *dialogue.turns[turn + 1 :]))


@pytest.fixture(scope="module")
def ask() -> Dialogue:
    return dialogue_with("banking", "new_mailbox")


@pytest.fixture(scope="module")
def choose() -> Dialogue:
    return dialogue_with("banking", "which_card")


def test_what_is_proven_passes(ask: Dialogue, choose: Dialogue) -> None:
    assert problems(ask) == problems(choose) == ""


def test_a_value_that_was_said_is_not_to_be_asked_for(ask: Dialogue) -> None:
    place = place_of(ask, "ask")
    mail = ask.turns[place].awaited.arguments["email"]  # type: ignore[union-attr]
    assert "was said in turn" in problems(said(ask, place, f"My new mailbox is {mail}."))


def test_a_value_that_can_be_looked_up_is_not_to_be_asked_for(ask: Dialogue) -> None:
    domain = load_domain("banking")
    profile = domain.apply(gathered(ask).states[0], _call("get_profile"))
    there = profile.value["email"]
    spoilt = msgspec.structs.replace(with_awaited(ask, "ask", arguments={"email": there}), offered=())
    assert any(each in problems(spoilt) for each in ("could be looked up with", "was told by an earlier result"))


def test_a_value_that_may_be_left_out_is_not_to_be_asked_for(ask: Dialogue) -> None:
    spoilt = with_awaited(ask, "ask", tool="list_accounts", arguments={"type": "savings"}, lacks=("type",))
    assert "type may be left out" in problems(spoilt)


def test_a_question_that_nobody_answers_is_none(ask: Dialogue) -> None:
    assert "nobody tells email" in problems(with_awaited(ask, "ask", arguments={"email": "other@example.org"}))


def test_a_message_must_not_name_what_the_reply_has_to(ask: Dialogue) -> None:
    assert "the message itself names" in problems(said(ask, place_of(ask, "ask"), "Change my email address."))


def test_a_reference_to_one_thing_alone_leaves_no_choice(choose: Dialogue) -> None:
    card = choose.turns[place_of(choose, "choose") + 1]
    tail = next(mention.by["card_tail"] for mention in card.mentions)
    assert "leaves no choice" in problems(with_awaited(choose, "choose", where={"card_tail": tail}))
    place = place_of(choose, "choose")
    assert "so there is nothing to choose" in problems(said(choose, place, f"Freeze my card ending in {tail}."))


def test_candidates_have_to_be_told_apart(choose: Dialogue) -> None:
    assert "apart from the others" in problems(replied(choose, place_of(choose, "choose"), "Which card do you mean?"))
    assert "no result" in problems(with_awaited(choose, "choose", step=99))


def test_a_tool_that_is_offered_is_not_missing() -> None:
    missing = dialogue_with("banking", "alert_missing")
    assert "create_alert is offered" in problems(msgspec.structs.replace(missing, offered=()))


def test_a_way_round_a_missing_tool_is_found() -> None:
    missing = dialogue_with("filesystem", "fingerprint_missing")
    file = missing.turns[place_of(missing, "missing_tool")].awaited.arguments["path"]  # type: ignore[union-attr]
    others = tuple(name for name in load_domain("filesystem").spec.tools if name != "mv")
    moved = {"source": file, "destination": "/tmp/elsewhere"}
    spoilt = with_awaited(missing, "missing_tool", tool="mv", arguments=moved, withheld=("mv",))
    assert "there is a way round: cp and rm" in problems(msgspec.structs.replace(spoilt, offered=others))


def test_what_some_tool_does_is_in_scope() -> None:
    beyond = dialogue_with("travel", "weather_there")
    place = place_of(beyond, "out_of_scope")
    spoilt = with_awaited(said(beyond, place, "And the insurance there?"), "out_of_scope", about=("insurance",))
    assert "deals with 'insurance'" in problems(spoilt)
    assert "does not speak of 'weather'" in problems(said(beyond, place, "And the news?"))


def test_what_the_world_allows_is_not_to_be_refused() -> None:
    refused = dialogue_with("filesystem", "wipe_the_machine")
    allowed = with_awaited(refused, "refuse", tool="mkdir", arguments={"path": "/tmp/fresh"}, rule="EEXIST")
    assert "is not refused with EEXIST: it ends with no error" in problems(allowed)
    assert "nor the policy knows the rule" in problems(with_awaited(refused, "refuse", rule="Nobody may do that"))


def test_what_only_lacks_a_step_is_not_forbidden() -> None:
    refused = dialogue_with("banking", "overdraft_on_savings")
    spoilt = with_awaited(refused, "refuse", tool="set_daily_limit", arguments={"amount": 500}, rule="code_required")
    assert "only means that a step is missing" in problems(spoilt)


def test_a_rule_has_to_be_about_the_call() -> None:
    refused = dialogue_with("travel", "light_fare_stays")
    assert "has nothing to do with list_claims" in problems(with_awaited(refused, "refuse", tool="list_claims"))


def test_a_yes_is_waited_for_only_where_the_policy_wants_one() -> None:
    confirm = dialogue_with("travel", "room_not_needed")
    stay = confirm.turns[place_of(confirm, "confirm")].awaited.arguments["stay_id"]  # type: ignore[union-attr]
    spoilt = with_awaited(confirm, "confirm", tool="move_stay", arguments={"stay_id": stay, "check_in": "2026-05-05"})
    assert "wants no consent" in problems(spoilt)
    assert "the message orders" in problems(said(confirm, place_of(confirm, "confirm"), "Please cancel the room."))


@pytest.mark.parametrize(
    ("text", "ordered"),
    [("Cancel it.", True), ("Could you cancel the room?", True), ("We won't need the room after all.", False)],
)
def test_an_order_is_told_from_a_hint(text: str, ordered: bool) -> None:
    assert orders(text, load_domain("travel").spec.tools["cancel_stay"]) is ordered


def test_what_needs_a_call_is_no_small_talk() -> None:
    thanks = dialogue_with("banking", "thanks_all_done")
    place = place_of(thanks, "no_call")
    assert "orders what" in problems(said(thanks, place, "Thanks. Freeze my card."))
    assert "asks something" in problems(said(thanks, place, "Thanks! How are you?"))


def test_what_was_told_a_moment_ago_is_not_asked_for() -> None:
    thanks = dialogue_with("banking", "thanks_all_done")
    place = place_of(thanks, "no_call")
    goal = msgspec.structs.replace(thanks.turns[place].goal, mentions=("no charge", "nothing to pay"))
    asked = as_kind(said(thanks, place, "Do I understand correctly that it's free?"), place, goal=goal)
    told = replied(asked, place - 1, "It is done, and there's nothing to pay.")
    again = "asks for what the reply before it has just told"
    assert again in problems(replied(told, place, "That's right, at no charge."))
    assert again not in problems(replied(told, place, "Until Friday there's nothing to pay."))
    assert again not in problems(replied(replied(asked, place - 1, "It is done."), place, "Yes, at no charge."))


def test_what_was_never_told_cannot_be_recalled() -> None:
    recall = dialogue_with("travel", "what_was_it_again")
    place = place_of(recall, "no_call")
    assert problems(recall) == ""
    goal = recall.turns[place].goal
    never = msgspec.structs.replace(goal.answers[0], text="Zanzibar", value="Zanzibar")
    spoilt = as_kind(recall, place, goal=msgspec.structs.replace(goal, answers=(never,)))
    assert "was never told" in problems(spoilt)


def test_the_call_that_is_not_made_is_not_made(choose: Dialogue) -> None:
    place = place_of(choose, "choose")
    assert "bars other calls" in problems(
        as_kind(choose, place, goal=msgspec.structs.replace(choose.turns[place].goal, barred=()))
    )
    moved = as_kind(choose, place + 1, kind="choose", awaited=choose.turns[place].awaited)
    assert "freeze_card is called all the same" in problems(moved)
    assert "does not say which call" in problems(as_kind(choose, place, awaited=None))


def _call(name: str) -> Any:
    from fr_envs.world.tool_call import ToolCall

    return ToolCall(name, {})


# ---------------------------------------------------------------------------------------------- after the yes


@pytest.fixture(scope="module")
def agreed() -> tuple[Dialogue, int]:
    """A dialogue with a grave call, and the number of the call, which comes behind a turn that waits for a yes."""
    dialogue = dialogue_with("travel", "room_not_needed")
    tool = dialogue.turns[place_of(dialogue, "confirm")].awaited.tool  # type: ignore[union-attr]
    for number, call in enumerate(dialogue.calls):
        if call.name == tool and dialogue.turns[call.turn - 1].kind == "confirm":
            return dialogue, number
    raise AssertionError("nothing waits for a yes")


def moved(dialogue: Dialogue, number: int, **changes: Any) -> Dialogue:
    calls = list(dialogue.calls)
    calls[number] = msgspec.structs.replace(calls[number], **changes)
    return msgspec.structs.replace(dialogue, calls=tuple(calls))


def test_a_grave_call_comes_after_the_yes(agreed: tuple[Dialogue, int]) -> None:
    dialogue, number = agreed
    call = dialogue.calls[number]
    assert problems(dialogue) == ""
    assert "before the yes that is waited for" in problems(moved(dialogue, number, turn=call.turn - 1))
    assert "nobody has asked for it" in problems(moved(dialogue, number, user_requested=False))
    for text in ("Hm.", "I see.", "How interesting."):
        assert "says no yes to it" in problems(said(dialogue, call.turn, text))
    assert problems(said(dialogue, call.turn, "Yes, go ahead.")) == ""
    assert "not to be acted on" in problems(as_kind(dialogue, call.turn, kind="no_call"))
