"""Texts of situations as instances of their wordings, and dialogues held to their situation.

1. A text is an instance of a wording with its blanks, counts, days and amounts in their forms, or it is none.
2. A greeting, thanks, small letters, a missing full stop and a slip of the keyboard are looked through.
3. A word more, a swapped thought, another outcome, another value or other words for an answer are findings.
4. What a model has worded, or a situation that nobody knows, is held to no wordings.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import msgspec
import pytest

from fr_envs import load_domain
from fr_envs.situation.loading import load_personas, load_situations
from fr_synth.run.trial import trial_of
from fr_synth.verify.evidence import gather
from fr_synth.verify.situated import situated
from fr_synth.verify.situated.forms import fits, is_marked, read_as
from fr_synth.verify.situated.manner import heard_as

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.json_values import JsonObject
    from fr_synth.trace.records import Dialogue

WORDING = "<Please |>pay [{who}'s rent](rent) of {rent.amount|money} on {day|date}, {n|plural:night}."


@pytest.mark.parametrize(
    "text",
    [
        "Please pay Ada's rent of €1,240.00 on Friday 12 March, 3 nights.",
        "pay Ada's rent of 9.50 SEK on Friday 12 March 2027, 1 night.",
    ],
)
def test_a_text_is_an_instance_of_its_wording(text: str) -> None:
    reading = read_as(WORDING, text)
    assert reading is not None
    assert is_marked(reading, "Ada's rent")
    assert not is_marked(reading, "the rent")
    assert [told.path for told in reading.told] == ["who", "rent.amount", "day", "n"]


@pytest.mark.parametrize(
    "text",
    [
        "Please pay Ada's rent of €1,240.00 on Friday 12 March, 1 nights.",
        "Please pay Ada's rent of €1,240 on Friday 12 March, 3 nights.",
        "Please pay Ada's rent of €1,240.00 on 12 March, 3 nights.",
        "Please do not pay Ada's rent of €1,240.00 on Friday 12 March, 3 nights.",
        "Please pay Ada's rent of €1,240.00 on Friday 12 March, 3 nights. And close the account.",
    ],
)
def test_another_text_is_none(text: str) -> None:
    assert read_as(WORDING, text) is None


def test_two_places_beside_each_other_may_be_divided_otherwise() -> None:
    reading = read_as("{zip} {city}", "38354 New Town")
    assert reading is not None
    town = reading.told[1]
    assert fits(reading, town, ["Town", "New Town"])
    assert not fits(reading, town, ["Old Town"])


def test_a_manner_is_looked_through() -> None:
    turn = next(each for each in load_situations() if each.name == "queue_given_up_for_a_detour").turns[0]
    personas = {each.name: each for each in load_personas()}
    plain = turn.say["plain"][0].replace("<", "").split("{")[0]
    assert heard_as(personas["annoyed"], turn, f"{plain} and more", first=True) is None
    sloppy = next(each for each in personas.values() if each.typos and each.lower)
    said = msgspec.structs.replace(turn, say={"plain": ("Would you please cancel the meeting.",)})
    assert heard_as(sloppy, said, "would you plaese cancel the meeting.", first=False) is not None
    assert heard_as(sloppy, said, "would you plaese canecl the meeting.", first=False) is None
    formal = personas["formal"]
    assert heard_as(formal, said, "Good morning. Would you please cancel the meeting. Thank you.", first=True)
    assert heard_as(formal, said, "Good morning. Would you please cancel the meeting. Thank you.", first=False) is None


@functools.cache
def played() -> Dialogue:
    situation = next(each for each in load_situations() if each.name == "queue_given_up_for_a_detour")
    return trial_of(situation, load_domain("travel"), 12, keep=1).dialogues[0]


def faults(dialogue: Dialogue) -> list[str]:
    return list(situated(gather(dialogue, load_domain("travel"))))


def edited(role: str, which: int, member: str, edit: Callable[[str], str]) -> Dialogue:
    messages: list[JsonObject] = [dict(message) for message in played().messages]
    found = [m for m in messages if m["role"] == role and m.get(member)]
    found[which][member] = edit(found[which][member])
    return msgspec.structs.replace(played(), messages=tuple(messages))


def test_a_dialogue_keeps_to_its_situation() -> None:
    assert faults(played()) == []


@pytest.mark.parametrize(
    ("role", "which", "member", "edit"),
    [
        ("user", 0, "content", lambda text: f"{text} And sign me out."),
        ("assistant", -1, "content", lambda text: text.replace(" ", " not ", 1)),
        ("assistant", 0, "reasoning_content", lambda text: "I shall take the other way round."),
        ("assistant", 0, "reasoning_content", lambda text: str(played().messages[-1]["reasoning_content"])),
    ],
    ids=["a wish more", "a denial", "a thought that leads nowhere", "the thought of another moment"],
)
def test_other_words_are_found(role: str, which: int, member: str, edit: Callable[[str], str]) -> None:
    spoilt = edited(role, which, member, edit)
    assert spoilt != played()
    assert faults(spoilt)
    by_model = msgspec.structs.replace(spoilt, teacher="openai:some-model")
    assert faults(by_model) == []
    unknown = {"queue_given_up_for_a_detour": None}
    assert list(situated(gather(spoilt, load_domain("travel"), unknown))) == []


def test_somebody_who_does_not_come_there_is_found() -> None:
    assert faults(msgspec.structs.replace(played(), persona="nobody"))
