"""Situations from files: the shipped ones hold together, and each fault of anybody's names its place and mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

import env_specs
from fr_envs.errors import SpecError
from fr_envs.situation.loading import (
    asides_in,
    kind_of,
    load_personas,
    load_situations,
    most_turns,
    played_in,
    read_situations,
    situations_in,
)
from fr_envs.situation.spec import TONES, arrival_of

if TYPE_CHECKING:
    from pathlib import Path

    from fr_envs.json_values import Json


def _situation(**changes: Json) -> dict[str, Json]:
    turn = {
        "say": {"plain": ["How much is in [my account](main)?"]},
        "requests": [{"call": "get_account", "with": {"account_id": "main"}, "as": "seen"}],
        "reply": [{"say": ["{seen.balance|money} at the moment."]}],
    }
    return {
        "name": "curious",
        "worlds": ["banking"],
        "summary": "Somebody wants to know.",
        "cast": {"main": {"kind": "account_id", "where": {"type": "checking"}}},
        "turns": [turn],
        **changes,
    }


def _written(tmp_path: Path, *situations: Json) -> Path:
    path = tmp_path / "some.yaml"
    path.write_text(yaml.safe_dump(list(situations)), encoding="utf-8")
    return path


def test_a_sound_situation_is_read(tmp_path: Path) -> None:
    (situation,) = read_situations(_written(tmp_path, _situation()))
    assert situation.turns[0].requests[0].name == "seen"
    assert situation.source.endswith("some.yaml")


def test_the_shipped_situations_have_names_of_their_own_and_wordings_in_known_tones() -> None:
    situations = load_situations()
    assert len({situation.name for situation in situations}) == len(situations) > 0
    assert all(set(turn.say) <= set(TONES) for situation in situations for turn in situation.turns)


@pytest.mark.parametrize("path", env_specs.situation_paths(), ids=lambda path: path.name)
def test_the_shipped_situations_break_no_rule(path: Path) -> None:
    assert read_situations(path)


def test_at_least_twelve_personas_speak_in_known_tones() -> None:
    personas = load_personas()
    assert len({persona.name for persona in personas}) == len(personas) >= 12
    assert all(persona.tones and set(persona.tones) <= set(TONES) for persona in personas)


@pytest.mark.parametrize(
    ("change", "place", "problem"),
    [
        ({"name": "No Name"}, "/0/name", "does not match"),
        ({"wish": "x"}, "/0", "wish"),
        ({"cast": {"main": {"kind": "acount_id"}}}, "/0/cast/main/kind", "no kind 'acount_id'"),
        ({"cast": {"other": {"kind": "account_id"}}}, "/0/turns/0/say/plain/0", "'main' names nothing"),
        ({"cast": {"main": {"kind": "account_id", "where": {"balance": {"over": 5}}}}}, "/0/cast/main", "over"),
        ({"values": {"more": {"raise": "rent.amount"}}}, "/0/values/more", "'rent.amount' names nothing"),
        ({"require": {"rest": {"above": 0}}}, "/0/require", "'rest' names nothing"),
    ],
)
def test_a_fault_names_its_place(tmp_path: Path, change: dict[str, Json], place: str, problem: str) -> None:
    with pytest.raises(SpecError) as caught:
        read_situations(_written(tmp_path, _situation(**change)))
    assert caught.value.pointer.startswith(place)
    assert problem in caught.value.problem
    assert caught.value.line is not None


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        ({"call": "get_acount", "with": {}}, "no tool 'get_acount'"),
        ({"call": "get_account", "with": {"account": "main"}}, "no parameter 'account'"),
        ({"call": "get_account", "with": {}}, "needs 'account_id'"),
        ({"call": "get_account", "with": {"account_id": "mine"}}, "'mine' names nothing"),
    ],
)
def test_a_request_is_held_to_the_contract(tmp_path: Path, request_: Json, problem: str) -> None:
    turn = {**_situation()["turns"][0], "requests": [{**request_, "as": "seen"}]}
    with pytest.raises(SpecError, match=problem):
        read_situations(_written(tmp_path, _situation(turns=[turn])))


def test_a_path_into_a_result_is_held_to_what_the_tool_returns(tmp_path: Path) -> None:
    turn = {**_situation()["turns"][0], "reply": [{"say": ["It is {seen.saldo}."]}]}
    with pytest.raises(SpecError, match="has no such member"):
        read_situations(_written(tmp_path, _situation(turns=[turn])))


def test_a_wording_that_is_none_is_refused(tmp_path: Path) -> None:
    turn = {**_situation()["turns"][0], "say": {"plain": ["How much is in [my account](main?"]}}
    with pytest.raises(SpecError, match="is missing"):
        read_situations(_written(tmp_path, _situation(turns=[turn])))


def test_a_filter_that_is_none_is_refused_with_the_one_meant(tmp_path: Path) -> None:
    told = [{"say": ["{seen.balance|mony} at the moment."]}]
    turn = {**_situation()["turns"][0], "reply": told}
    with pytest.raises(SpecError, match="there is no filter 'mony'") as caught:
        read_situations(_written(tmp_path, _situation(turns=[turn])))
    assert caught.value.pointer == "/0/turns/0/reply/0/say/0"
    assert caught.value.fix.startswith("write 'money'")


def test_situations_for_none_of_the_worlds_are_refused(tmp_path: Path) -> None:
    path = _written(tmp_path, _situation(worlds=["bankin"]))
    with pytest.raises(SpecError, match="no situation for banking, but for bankin") as caught:
        played_in(path, ["banking"])
    assert caught.value.pointer == "/0/worlds"
    assert [each.name for each in played_in(path, ["travel", "bankin"])] == ["curious"]


def test_two_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="there twice"):
        read_situations(_written(tmp_path, _situation(), _situation()))


@pytest.mark.parametrize("text", ["- name: [", "just words", "42", "- 7"])
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError):
        read_situations(path)


def test_an_empty_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"holds no file"):
        read_situations(tmp_path)
    with pytest.raises(SpecError, match="cannot be read"):
        read_situations(tmp_path / "none.yaml")


def test_a_composition_plays_what_needs_several_of_its_worlds(tmp_path: Path) -> None:
    both = _situation(name="both", worlds=["banking", "travel"])
    read = read_situations(_written(tmp_path, _situation(), both))
    assert [each.name for each in situations_in("banking", read)] == ["curious"]
    assert [each.name for each in situations_in("banking+travel", read)] == ["both"]
    assert situations_in("travel", read) == ()


def test_of_turns_instead_of_each_other_one_counts(tmp_path: Path) -> None:
    turn = _situation()["turns"][0]
    turns = [turn, {**turn, "instead": "later"}, {**turn, "instead": "later"}]
    (situation,) = read_situations(_written(tmp_path, _situation(turns=turns)))
    assert most_turns(situation) == 2


def _asking(**changes: Json) -> dict[str, Json]:
    """A turn in which a value is missing."""
    return {
        "kind": "ask",
        "say": {"plain": ["Change my daily limit."]},
        "awaits": {"call": "set_daily_limit", "with": {"amount": "limit"}, "lacks": ["amount"]},
        "names": ["how much"],
        "thought": {"close": ["To what was not said, so I ask."]},
        "reply": [{"say": ["To how much?"]}],
        **changes,
    }


def _beyond(*said: str, **changes: Json) -> dict[str, Json]:
    """A turn about the news, which no tool reads."""
    turn = _asking(kind="out_of_scope", about=["news", "headlines"], say={"plain": list(said)}, **changes)
    del turn["awaits"]
    return turn


def test_what_no_tool_deals_with_has_several_words(tmp_path: Path) -> None:
    turn = _beyond("Read me the news.", "Any headlines?")
    (found,) = read_situations(_written(tmp_path, _situation(turns=[turn])))
    assert found.turns[0].about == ("news", "headlines")


@pytest.mark.parametrize(
    ("turn", "problem"),
    [
        (_asking(names=[]), "names"),
        (_asking(awaits={"call": "set_daily_limit"}), "needs 'lacks'"),
        (_asking(thought={}), "needs 'thought' with 'close'"),
        (_asking(about=["shares"]), "has no use for 'about'"),
        (_asking(kind="guess"), "guess"),
        (_asking(awaits={"call": "set_dayly_limit", "lacks": ["amount"]}), "no tool 'set_dayly_limit'"),
        (_asking(awaits={"call": "set_daily_limit", "lacks": ["sum"]}), "no parameter 'sum'"),
        (_asking(kind="refuse"), "needs 'rule'"),
        (_asking(kind="choose"), "needs 'candidates'"),
        (_asking(kind="act"), "requests"),
        (_asking(say={"plain": ["Change it to how much I earn."]}), "name 'how much', which the reply has to"),
        (_beyond("Read me the news.", "And the papers?"), "have none of 'about'"),
    ],
)
def test_a_kind_of_turn_needs_what_it_is_about(tmp_path: Path, turn: Json, problem: str) -> None:
    situation = _situation(values={"limit": {"pick": [5]}}, turns=[turn])
    with pytest.raises(SpecError, match=problem):
        read_situations(_written(tmp_path, situation))


def _lacking(arrives: Json, **changes: Json) -> dict[str, Json]:
    """A turn whose tool comes later."""
    return _asking(
        kind="missing_tool", awaits={"call": "set_daily_limit", "with": {"amount": "limit"}}, arrives=arrives, **changes
    )


_DONE: Json = [{"say": ["{done.daily_limit}"]}]
_COMING: Json = {"say": {"plain": ["The bank says it works now."]}, "as": "done", "reply": _DONE}
_AT = "/0/turns/0/arrives"


@pytest.mark.parametrize(
    ("turn", "place", "problem", "fix"),
    [
        (_lacking({"say": {"plain": ["Now."]}}), "", "reply", ""),
        (_lacking({**_COMING, "requests": []}), "", "requests", ""),
        (_asking(arrives=_COMING), "", "kind ask lacks no tool", "leave it out"),
        (_lacking(_COMING, then=[_asking()]), "", "goes without the tool", "or 'then'"),
        (_lacking({**_COMING, "reply": [{"say": ["{done.sum}"]}]}), "/reply/0/say/0", "sum", "limit"),
        (_lacking({**_COMING, "lookups": [{"call": "nothing"}]}), "/lookups/0/call", "nothing", "take"),
        (_lacking(_COMING, say={"plain": ["a"], "terse": ["b"]}), "/say", "tone 'terse'", "add 'terse'"),
    ],
)  # fmt: skip
def test_how_a_missing_tool_comes_is_checked_like_a_turn(
    tmp_path: Path, turn: Json, place: str, problem: str, fix: str
) -> None:
    situation = _situation(values={"limit": {"pick": [5]}}, turns=[turn])
    with pytest.raises(SpecError, match=problem) as caught:
        read_situations(_written(tmp_path, situation))
    assert caught.value.pointer == _AT + place
    assert fix in caught.value.fix


def test_what_a_tool_that_comes_brings_is_known_nowhere_else(tmp_path: Path) -> None:
    limit = {"limit": {"pick": [5]}}
    later = {**_situation()["turns"][0], "say": {"plain": ["And {done.daily_limit}?"]}}
    (found,) = read_situations(_written(tmp_path, _situation(values=limit, turns=[_lacking(_COMING)])))
    assert arrival_of(found.turns[0]) is not None
    with pytest.raises(SpecError, match="names nothing that is known by then"):
        read_situations(_written(tmp_path, _situation(values=limit, turns=[_lacking(_COMING), later])))


def test_turns_behind_a_question_count(tmp_path: Path) -> None:
    told = {"say": {"plain": ["{limit}"]}, "requests": [{"call": "set_daily_limit", "with": {"amount": "limit"}}],
            "reply": [{"say": ["Done."]}]}  # fmt: skip
    turns = [_asking(instead="way", then=[told]), {**told, "instead": "way"}]
    (found,) = read_situations(_written(tmp_path, _situation(values={"limit": {"pick": [5]}}, turns=turns)))
    assert (most_turns(found), kind_of(found)) == (2, "ask")


def test_what_is_said_besides_is_nothing_to_come_for(tmp_path: Path) -> None:
    every = load_situations()
    assert not any(each.aside for world in ("banking", "banking+travel") for each in situations_in(world, every))
    for world in ("banking", "travel", "filesystem"):
        kinds = {kind_of(each) for each in asides_in(world, every)}
        assert kinds == {"ask", "choose", "missing_tool", "no_call", "out_of_scope", "refuse", "confirm"}
    with pytest.raises(SpecError, match="no world is named"):
        read_situations(_written(tmp_path, _situation(worlds=[])))
