"""A tool that is missing and comes later.

1. The message that announces it has its definition as it is offered, and what was wanted is done with it.
2. Before it the tool is not offered, afterwards it is: to agents, to proofs, in parts of a split export.
3. Every way to spoil it is found, in the words of the situation as well.
4. It comes only where the situation says how it goes on, and behind one in four such turns at most.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING

import msgspec
import pytest

from fr_envs.episode.session import Session
from fr_envs.situation.loading import load_situations
from fr_envs.situation.spec import arrival_of
from fr_synth.evaluate.agents import OracleAgent
from fr_synth.evaluate.rollouts import play
from fr_synth.export.example import Source
from fr_synth.export.shaping import parts
from fr_synth.situations.arriving import ARRIVALS
from fr_synth.trace.arrivals import announced_in, with_announcement
from fr_synth.trace.rows import decode, encode, task_of
from fr_synth.verify.proofs import examine
from tests.fr_synth.asides import dialogue_with, gathered

if TYPE_CHECKING:
    from fr_envs.situation.spec import SituationTurn
    from fr_synth.trace.records import Dialogue


@functools.cache
def arrived(rename: float = 0.0) -> Dialogue:
    """The first dialogue in which the tool for checksums is missing and comes later."""
    for seed in range(20):
        made = dialogue_with("filesystem", "fingerprint_missing", seed, rename)
        if any(turn.announced for turn in made.turns):
            return made
    raise AssertionError("it never comes")


def place(dialogue: Dialogue) -> int:
    return next(k for k, turn in enumerate(dialogue.turns) if turn.announced)


def problems(dialogue: Dialogue) -> list[str]:
    found = examine(gathered(dialogue))
    return [] if found is None else [f"{found.proof}: {found.problem}"]


@pytest.mark.parametrize("rename", [0.0, 1.0])
def test_what_was_missing_comes_and_is_used(rename: float) -> None:
    dialogue = arrived(rename)
    number = place(dialogue)
    before, turn = dialogue.turns[number - 1], dialogue.turns[number]
    assert (before.kind, turn.kind, turn.announced) == ("missing_tool", "act", ("checksum",))
    assert "checksum" not in dialogue.offered
    assert "checksum" in dialogue.offered_in(number)
    assert "checksum" not in dialogue.offered_in(number - 1)
    told = announced_in(dialogue.messages[turn.message]["content"])
    assert "checksum" not in told.said
    assert len(told.tools) == 1
    assert told.tools[0] not in json.loads(dialogue.tools)
    assert problems(dialogue) == []
    assert play(task_of(dialogue), OracleAgent()).score == 1.0


@pytest.mark.parametrize("rename", [0.0, 1.0])
def test_a_session_offers_it_from_then_on(rename: float) -> None:
    dialogue = arrived(rename)
    number, task = place(dialogue), task_of(dialogue)
    session = Session(task.domain)
    session.reset(task)
    announced = announced_in(task.turns[number].message).tools[0]
    for turn in range(len(task.turns)):
        assert (announced in session.tools) == (turn >= number)
        session.say("I see.")


def test_records_are_read_back_as_they_were() -> None:
    dialogue = arrived()
    again = decode(encode(dialogue), "here")
    assert again.disagreements == ()
    assert [turn.announced for turn in again.turns] == [turn.announced for turn in dialogue.turns]


def test_parts_carry_the_tools_of_their_turn() -> None:
    dialogue = arrived()
    (example,) = Source([dialogue]).examples()
    at = dialogue.turns[place(dialogue)].message
    for part in parts(example):
        names = [tool["function"]["name"] for tool in json.loads(part.tools)]
        assert ("checksum" in names) == (len(part.messages) > at)
        called = {c["function"]["name"] for m in part.messages for c in m.get("tool_calls", ())}
        assert called <= set(names)


def with_turn(dialogue: Dialogue, number: int, **fields: object) -> Dialogue:
    turns = list(dialogue.turns)
    turns[number] = msgspec.structs.replace(turns[number], **fields)
    return msgspec.structs.replace(dialogue, turns=tuple(turns))


def with_message(dialogue: Dialogue, content: str) -> Dialogue:
    messages = list(dialogue.messages)
    at = dialogue.turns[place(dialogue)].message
    messages[at] = {**messages[at], "content": content}
    return msgspec.structs.replace(dialogue, messages=tuple(messages))


def with_reply(dialogue: Dialogue, **members: str) -> Dialogue:
    messages = list(dialogue.messages)
    turns = [turn.message for turn in dialogue.turns[place(dialogue) + 1 :]]
    at = (turns[0] if turns else len(messages)) - 1
    messages[at] = {**messages[at], **members}
    return msgspec.structs.replace(dialogue, messages=tuple(messages))


def spoilt(way: str) -> Dialogue:
    dialogue = arrived()
    number = place(dialogue)
    told = announced_in(dialogue.messages[dialogue.turns[number].message]["content"])
    function = told.tools[0]["function"]
    other = {"type": "function", "function": {**function, "description": "Do something."}}
    ways = {
        "not announced": lambda: with_message(dialogue, told.said),
        "announced otherwise": lambda: with_message(dialogue, with_announcement(told.said, [other])),
        "announced twice": lambda: with_message(dialogue, with_announcement(told.said, [*told.tools, *told.tools])),
        "announced to nobody": lambda: with_turn(dialogue, number, announced=()),
        "another tool": lambda: with_turn(dialogue, number, announced=("pwd",)),
        "too early": lambda: with_turn(with_turn(dialogue, number, announced=()), number - 1, announced=("checksum",)),
        "there before": lambda: msgspec.structs.replace(dialogue, offered=dialogue.offered_in(number)),
        "not missing": lambda: with_turn(dialogue, number - 1, awaited=None),
        "in other words": lambda: with_message(dialogue, with_announcement("Here you are, friend.", told.tools)),
        "replied otherwise": lambda: with_reply(dialogue, content="Here it is, friend."),
        "thought what is not so": lambda: with_reply(
            dialogue, reasoning_content="I name md5, because they need it to compare."
        ),
    }
    return ways[way]()


@pytest.mark.parametrize("way", [
    "not announced", "announced otherwise", "announced twice", "announced to nobody", "another tool", "too early",
    "there before", "not missing", "in other words", "replied otherwise", "thought what is not so",
])  # fmt: skip
def test_each_spoiling_is_found(way: str) -> None:
    assert problems(spoilt(way))


def missing() -> list[SituationTurn]:
    """Every turn of what ships in which a tool is missing."""
    found: list[SituationTurn] = []
    ahead = [turn for situation in load_situations() for turn in situation.turns]
    while ahead:
        turn = ahead.pop()
        ahead += turn.then
        found += [turn] if turn.kind == "missing_tool" else []
    return found


def test_it_comes_behind_one_in_four_at_most() -> None:
    every = missing()
    told = sum(turn.arrives is not None for turn in every)
    assert told >= 12
    assert told * ARRIVALS <= len(every) / 4


def test_it_never_comes_where_the_situation_does_not_say_how() -> None:
    bare = next(turn for turn in missing() if turn.arrives is None)
    assert arrival_of(bare) is None
    coming = next(turn for turn in missing() if turn.arrives is not None)
    turn = arrival_of(coming)
    assert turn is not None
    assert coming.awaits is not None
    assert [request.call for request in turn.requests] == [coming.awaits.call]


def test_what_is_no_definition_announces_nothing() -> None:
    text = with_announcement("Go on.", [{"type": "function", "function": {"name": "x"}}])
    assert announced_in(text).said == "Go on."
    assert announced_in(f"{text}\nnot json").tools == ()
    assert announced_in("Go on.") == ("Go on.", ())
