"""A situation played in a living world.

1. What is wanted is called, and the way to it is found in the world as it is: look-ups, codes, nothing needless.
2. A world that a situation does not fit is told from one in which something goes wrong.
3. Words for a thing can mean nothing else; a value comes from where its source says.
4. The same seed gives the same dialogue.
5. What a reply has worked out from several turns may be spoken of later, and another figure may not.
6. Of things that fit alike, one is taken that the person's words single out, where there is such a one.
7. What has just been told is not asked for, and the dialogue goes on without that.
8. A choice of things that does not fit is made again in the same world, with other things, as long as there are any.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
import pytest
import yaml

from fr_envs import load_domain
from fr_envs.episode.trajectory import first_state
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.situation.loading import load_situations, read_situations
from fr_envs.streams import generator
from fr_envs.world.tool_call import ToolCall
from fr_synth.build.dialogue import DialoguePlan, Dropped, Settings, make_dialogue
from fr_synth.run.trial import trial_of
from fr_synth.sample.walk import Walk, WalkSettings
from fr_synth.situations.casting import Misfit, cast
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.records import Dialogue
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import examine

if TYPE_CHECKING:
    from pathlib import Path

    from fr_envs.json_values import Json
    from fr_envs.situation.spec import Situation

BANK = load_domain("banking")
GRAPH = ApiGraph(BANK.spec)
RENT = next(each for each in load_situations() if each.name == "rent_goes_up")


def played(situation: Situation, number: int) -> Dialogue | Dropped:
    plan = DialoguePlan("x", (5, number, 0), (), situation=situation)
    return make_dialogue(BANK, GRAPH, plan, Settings(), ScriptedTeacher(0.0))


def several(situation: Situation, worlds: int = 25) -> list[Dialogue]:
    made = [played(situation, number) for number in range(worlds)]
    return [each for each in made if isinstance(each, Dialogue)]


def written(tmp_path: Path, **parts: Json) -> Situation:
    whole = {"name": "trial", "worlds": ["banking"], "summary": "Somebody tries something.", **parts}
    path = tmp_path / "trial.yaml"
    path.write_text(yaml.safe_dump([whole]), encoding="utf-8")
    return read_situations(path)[0]


ASK = {
    "say": {"plain": ["Tell me when [my checking account](main) drops below 250, will you?"]},
    "requests": [{"call": "create_alert", "as": "seen",
                  "with": {"account_id": "main", "direction": {"text": "below"}, "threshold": 250}}],
    "reply": [{"say": ["You will hear from us once it is below {seen.threshold|money}."]}],
}  # fmt: skip
CHECKING = {"main": {"kind": "account_id", "where": {"type": "checking"}, "unique": True}}


def test_the_way_to_a_request_is_found_in_the_world() -> None:
    dialogues = several(RENT)
    ways = {tuple(call.name for call in each.calls if call.turn == 0) for each in dialogues}
    assert ("list_standing_orders", "update_standing_order") in ways
    coded = [way for way in ways if "confirm_code" in way]  # rents above 1,000
    assert coded
    assert all(way[-1] == "update_standing_order" and "list_messages" in way for way in coded)


def test_every_dialogue_holds_its_proofs_and_names_its_situation_and_persona() -> None:
    for dialogue in several(RENT):
        assert examine(gather(dialogue, BANK)) is None
        assert dialogue.situation == "rent_goes_up"
        assert dialogue.persona
        assert all(turn.target == "situation:rent_goes_up" for turn in dialogue.turns)


def test_the_same_seed_gives_the_same_dialogue_and_another_one_another() -> None:
    first, again = several(RENT, 8), several(RENT, 8)
    assert first == again
    assert len({str(each.messages) for each in first}) == len(first)


def test_a_world_that_lacks_the_cast_does_not_fit(tmp_path: Path) -> None:
    nobody = {"main": {"kind": "account_id", "where": {"type": "treasure"}}}
    dropped = played(written(tmp_path, cast=nobody, turns=[ASK]), 0)
    assert isinstance(dropped, Dropped)
    assert dropped.stage == "cast"
    assert "main: no account_id fits" in dropped.reason


def test_a_member_that_no_thing_has_is_named(tmp_path: Path) -> None:
    nobody = {"main": {"kind": "account_id", "where": {"account_type": "savings"}}}
    dropped = played(written(tmp_path, cast=nobody, turns=[ASK]), 0)
    assert isinstance(dropped, Dropped)
    assert "main: no account_id has a member 'account_type'; there is " in dropped.reason
    assert ", type" in dropped.reason


def test_a_thing_that_has_to_be_the_only_one_is_not_chosen_where_several_fit(tmp_path: Path) -> None:
    several_fit = {"main": {"kind": "transaction_id", "where": {}, "unique": True}}
    turn = {**ASK, "say": {"plain": ["Show me [that](main)."]},
            "requests": [{"call": "get_transaction", "with": {"transaction_id": "main"}, "as": "seen"}],
            "reply": [{"say": ["{seen.amount|money}."]}]}  # fmt: skip
    dropped = played(written(tmp_path, cast=several_fit, turns=[turn]), 0)
    assert isinstance(dropped, Dropped)
    assert "things fit where one has to" in dropped.reason


def test_what_it_requires_has_to_hold(tmp_path: Path) -> None:
    situation = written(tmp_path, cast=CHECKING, require={"main.balance": {"above": 10**9}}, turns=[ASK])
    reasons = {
        d.reason.rpartition(": ")[2] for d in (played(situation, k) for k in range(12)) if isinstance(d, Dropped)
    }
    assert "what it requires does not hold here" in reasons
    assert not several(situation, 12)


def test_words_that_could_mean_several_things_do_not_get_through(tmp_path: Path) -> None:
    vague = {"one": {"kind": "transaction_id", "where": {"direction": "out"}}}
    turn = {**ASK, "say": {"plain": ["File [that payment](one) under groceries."]},
            "requests": [{"call": "categorize_transaction", "as": "seen",
                          "with": {"transaction_id": "one", "category": {"text": "groceries"}}}],
            "reply": [{"say": ["It counts as groceries now."]}]}  # fmt: skip
    trial = trial_of(written(tmp_path, cast=vague, turns=[turn]), BANK, 12, 3)
    assert trial.made == 0
    assert {"unambiguous", "advanced"} & trial.fell.keys()


def test_a_value_that_nobody_tells_does_not_fit(tmp_path: Path) -> None:
    silent = {**ASK, "say": {"plain": ["Please have an eye on [my checking account](main)."]}}
    reasons = [d.reason for d in (played(written(tmp_path, cast=CHECKING, turns=[silent]), k) for k in range(12))
               if isinstance(d, Dropped)]  # fmt: skip
    assert any("create_alert: no way to know /threshold = 250" in reason for reason in reasons)


def test_a_read_whose_reply_tells_nothing_is_no_turn(tmp_path: Path) -> None:
    mute = {**ASK, "say": {"plain": ["What's in [my checking account](main)?"]},
            "requests": [{"call": "list_accounts", "as": "seen"}], "reply": [{"say": ["I have looked."]}]}  # fmt: skip
    reasons = [d.reason for d in (played(written(tmp_path, cast=CHECKING, turns=[mute]), k) for k in range(12))
               if isinstance(d, Dropped)]  # fmt: skip
    assert any("answers nothing" in reason for reason in reasons)


def test_turns_come_up_by_what_was_found(tmp_path: Path) -> None:
    back = {"say": {"plain": ["Forget [that](=seen.alert_id), I'd rather not know."]},
            "requests": [{"call": "delete_alert", "with": {"alert_id": "seen.alert_id"}}],
            "reply": [{"say": ["The alert is gone."]}]}  # fmt: skip
    never = {**back, "when": {"seen.threshold": {"above": 1000}}}
    always = {**back, "when": {"seen.threshold": {"most": 1000}}}
    for later, turns in ((never, 1), (always, 2)):
        made = several(written(tmp_path, cast=CHECKING, turns=[ASK, later]))
        assert made
        assert all(len(each.turns) == turns for each in made)


@pytest.mark.parametrize("number", range(3))
def test_what_is_pointed_at_is_never_spelt(number: int) -> None:
    for dialogue in several(RENT, 10)[number : number + 1]:
        text = str(dialogue.messages[1]["content"])
        assert not any(str(call.arguments.get("standing_order_id")) in text for call in dialogue.calls)


def thoughts_of(dialogue: Dialogue) -> dict[str, str]:
    """Return what is thought before each tool is called, the last time."""
    return {
        call["function"]["name"]: message["reasoning_content"]
        for message in dialogue.messages
        for call in message.get("tool_calls", ())
    }


def test_a_look_up_is_thought_about_in_its_own_words(tmp_path: Path) -> None:
    look_up: Json = {"call": "list_accounts", "thought": ["Which of them is checking?"]}
    request: Json = ASK["requests"][0]  # type: ignore[index]
    ask: dict[str, Json] = {
        **ASK,
        "thought": {"plan": ["Only the kind is known."]},
        "requests": [{**request, "lookups": [look_up]}],
    }
    made = several(written(tmp_path, cast=CHECKING, turns=[ask]))
    assert made
    assert {thoughts_of(each)["list_accounts"] for each in made} == {
        "Only the kind is known. Which of them is checking?"
    }


def test_calls_on_the_way_are_made_in_silence_after_the_plan() -> None:
    """A code is sent with a word on the rule; that it is read and confirmed then needs none."""
    situation = next(each for each in load_situations() if each.name == "forgotten_pin_habit")
    found = [thoughts_of(each) for each in several(situation)]
    assert found
    assert all(thought["request_code"] and not thought["confirm_code"] for thought in found)


def test_a_list_of_nothing_can_be_answered(tmp_path: Path) -> None:
    """A list in which no row fits has no words of its own; a reply for that case may be there."""
    others: Json = {"list": "seen.accounts", "item": "{nickname}", "where": {"nickname": "Nobody's"}}
    none: Json = {
        "when": {"others": {"empty": True}},
        "say": ["No; there are {seen.count|plural:account}, and none is called that."],
    }
    turn: dict[str, Json] = {
        "say": {"plain": ["Is any account of mine called Nobody's?"]},
        "requests": [{"call": "list_accounts", "as": "seen", "values": {"others": others}}],
        "reply": [none, {"say": ["Yes: {others}."]}],
    }
    answered = several(written(tmp_path, turns=[turn]), worlds=6)
    assert answered
    assert all(str(each.messages[-1]["content"]).startswith("No; there are") for each in answered)
    turn["reply"] = [{"say": ["Yes: {others}."]}]
    speechless = [played(written(tmp_path, turns=[turn]), number) for number in range(6)]
    reasons = [each.reason if isinstance(each, Dropped) else "" for each in speechless]
    assert all(reasons)
    assert any("speaks of others, which there is not" in reason for reason in reasons)


GAP = """
- name: gap
  worlds: [banking]
  summary: Somebody compares two standing orders, one turn each, and raises the one by the difference.
  cast:
    a: {kind: standing_order_id, where: {order_status: active}, most: amount}
    b: {kind: standing_order_id, where: {order_status: active}, least: amount}
  turns:
    - say: {plain: ["What goes out with [the order for {a.reference}](a|reference)?"]}
      requests:
        - call: list_standing_orders
          as: one
          picks: {first: {rows: one.standing_orders, where: {standing_order_id: $a}}}
      thought: {direct: ["The list tells."], plan: ["The list tells."], close: ["It does."]}
      reply: [{say: ["{first.amount|money} each time."]}]
    - say: {plain: ["And how far is [the one for {b.reference}](b|reference) from that?"]}
      requests:
        - call: list_standing_orders
          as: two
          picks: {second: {rows: two.standing_orders, where: {standing_order_id: $b}}}
          values: {gap: {difference: [first.amount, second.amount]}}
      thought: {direct: ["The list tells that."], plan: ["The list tells that."], close: ["{gap|amount} less."]}
      reply: [{say: ["{second.amount|money}, so the difference is {gap|amount}."]}]
    - say: {plain: ["Then raise [the one for {b.reference}](b|reference) by these {gap|amount}."]}
      values: {all: {sum: [second.amount, gap]}}
      requests: [{call: update_standing_order, with: {standing_order_id: b, amount: all}, as: done}]
      thought: {direct: ["That makes {all|amount}."], plan: ["That makes {all|amount}."], close: ["It is raised."]}
      reply: [{say: ["Raised by {gap|amount} to {done.amount|money}."]}]
"""


def test_what_a_reply_has_worked_out_may_be_spoken_of_later(tmp_path: Path) -> None:
    path = tmp_path / "gap.yaml"
    path.write_text(GAP, encoding="utf-8")
    (situation,) = read_situations(path)
    dialogue = several(situation)[0]
    evidence = gather(dialogue, BANK, {situation.name: situation})
    assert examine(evidence) is None
    message = dialogue.messages[dialogue.turns[2].message]
    content = str(message["content"])
    figure = re.findall(r"\d[\d,.]*\d|\d", content)[-1]
    at = dialogue.turns[2].message
    other = {**message, "content": content.replace(figure, "98,765")}
    spoilt = msgspec.structs.replace(dialogue, messages=(*dialogue.messages[:at], other, *dialogue.messages[at + 1 :]))
    assert examine(gather(spoilt, BANK, {situation.name: situation})) is not None


def test_things_are_taken_that_words_single_out() -> None:
    travel = load_domain("travel")
    graph = ApiGraph(travel.spec)
    situation = next(each for each in load_situations() if each.name == "too_dear_next_day")
    alone = among = 0
    for number in range(12):
        walk = Walk(travel, graph, first_state(travel, (5, number), "small"), generator(5, number), WalkSettings())
        scope = cast(situation, walk)
        assert not isinstance(scope, Misfit)
        cities = [row["city"] for row in (walk.entities("airport_code") or {}).values()]
        reachable = walk.domain.apply(
            walk.state, ToolCall("list_destinations", {"airport_code": scope.value("from")})
        ).value["destinations"]
        if any(cities.count(row["city"]) == 1 for row in reachable):
            among += 1
            alone += cities.count(scope.value("to.city")) == 1
    assert alone == among > 0


@pytest.mark.parametrize(("told", "asked"), [("all of them free of charge", False), ("all of them yours", True)])
def test_what_was_just_told_is_not_asked_for(told: str, asked: bool, tmp_path: Path) -> None:
    def turn(say: str, reply: str, **more: Json) -> Json:
        return {"say": {"plain": [say]}, "reply": [{"say": [reply]}], **more}

    looked = {"requests": [{"call": "list_accounts", "as": "found"}]}
    situation = written(
        tmp_path,
        turns=[
            turn("How many accounts have I got?", f"You have {{found.accounts.count}} accounts, {told}.", **looked),
            turn(
                "And they cost nothing?",
                "Yes, they are free of charge.",
                kind="no_call",
                names=["free of charge"],
                thought={"close": ["They ask what everybody knows."]},
            ),
            turn(
                "Which ones are they, please?",
                "They are {again.accounts.count}.",
                requests=[{"call": "list_accounts", "as": "again"}],
            ),
        ],
    )
    plan = DialoguePlan("x", (5, 1, 0), (), situation=situation, kinds=("no_call",))
    made = make_dialogue(BANK, GRAPH, plan, Settings(), ScriptedTeacher(0.0))
    assert isinstance(made, Dialogue), made
    assert ("no_call" in [each.kind for each in made.turns]) is asked
    assert made.turns[-1].kind == "act"


CHARGE = {"kind": "transaction_id", "where": {"summary": {"starts": "card payment"}}}
SAID = [{"say": {"plain": ["Hello."]}, "requests": [{"call": "list_accounts"}], "reply": [{"say": ["Yes."]}]}]


def walk_in(number: int) -> Walk:
    return Walk(BANK, GRAPH, first_state(BANK, (5, number, 1)), generator(5, number), WalkSettings())


def test_a_choice_that_does_not_fit_is_made_again_in_the_same_world(tmp_path: Path) -> None:
    cast_of: dict[str, Json] = {
        "charge": CHARGE,
        "once": {"call": "search_transactions", "with": {"text": "charge.counterparty"}, "where": {"total": 1}},
    }
    story = written(tmp_path, cast=cast_of, turns=SAID)
    could = fitted = 0
    for number in range(30):
        walk = walk_in(number)
        paid = [each for each in (walk.entities("transaction_id") or {}).values() if "card" in str(each["summary"])]
        shops = [each["counterparty"] for each in paid]
        single = [shop for shop in shops if shops.count(shop) == 1]
        found = cast(story, walk)
        could += bool(single)
        fitted += not isinstance(found, Misfit)
        if not single:
            assert isinstance(found, Misfit)
    assert could > 10
    assert fitted > 0.6 * could


def test_values_that_do_not_fit_are_drawn_again(tmp_path: Path) -> None:
    values: dict[str, Json] = {"less": {"between": [1, 100]}, "more": {"between": [1, 100]}}
    story = written(tmp_path, values=values, require={"more": {"above": "$less"}}, turns=SAID)
    fell = sum(isinstance(cast(story, walk_in(number)), Misfit) for number in range(30))
    assert fell <= 2  # one in two, if they were drawn once


def test_what_no_choice_can_mend_is_given_up_at_once(tmp_path: Path) -> None:
    story = written(tmp_path, cast={"card": {"kind": "card_id", "where": {"card_status": "eaten"}}}, turns=SAID)
    walk = walk_in(0)
    before = walk.rng.bit_generator.state
    assert isinstance(cast(story, walk), Misfit)
    assert walk.rng.bit_generator.state == before
