"""A teacher that chooses what is asked, and says it in words of its own: what comes out is proven like all else."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING

import msgspec
import pytest
from typing_extensions import override

from fr_envs import load_domain
from fr_synth.run.config import RunConfig
from fr_synth.run.making import make_index
from fr_synth.teachers.protocol import TeacherReply, TeacherRequest
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.rows import decode
from fr_synth.verify.proofs import prove
from tests.fr_synth.build.free_teacher import FreeTeacher

if TYPE_CHECKING:
    from fr_synth.trace.records import Dialogue

CONFIG = RunConfig(domains=("banking", "filesystem", "travel"), seed=11, teacher="openai:free")
MOST = 60  # indexes


@functools.cache
def freely_made() -> tuple[FreeTeacher, tuple[Dialogue, ...]]:
    """Return a teacher, and its dialogues: as many as it takes until one calls a thing by words of its own."""
    teacher = FreeTeacher()
    found: list[Dialogue] = []
    for index in range(MOST):
        made = make_index(CONFIG, index, teacher=teacher)
        if made.lines is not None:
            found.append(decode(made.lines, str(made.number)))
        if index >= 8 and any(map(renames, found)):
            break
    return teacher, tuple(found)


def renames(dialogue: Dialogue) -> bool:
    own = [each.text for turn in dialogue.turns for each in turn.mentions if each.way == "where"]
    return any(text.startswith("the ") and text.endswith(" one") for text in own)


def user_texts(dialogue: Dialogue) -> list[str]:
    return [str(each["content"]) for each in dialogue.messages if each["role"] == "user"]


def test_dialogues_in_words_of_ones_own_are_proven() -> None:
    teacher, dialogues = freely_made()
    assert any(map(renames, dialogues))
    assert teacher.said["day"] + teacher.said["sum"] >= 1
    for dialogue in dialogues:
        assert prove(dialogue, load_domain(dialogue.domain)) is None


def test_a_menu_has_several_requests_or_nobody_is_asked() -> None:
    teacher, _ = freely_made()
    assert teacher.menus
    assert all(len(menu) == len(set(menu)) for menu in teacher.menus)
    assert any(len(menu) > 1 for menu in teacher.menus)


class Choosing(ScriptedTeacher):
    """Takes the first or the last of every menu."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place
        self.taken: list[str] = []

    @override
    def complete(self, request: TeacherRequest) -> TeacherReply:
        if request.role != "choose":
            return super().complete(request)
        menu = request.material["menu"]
        self.taken.append(menu[self.place])
        return TeacherReply({"choice": 1 + (self.place % len(menu))})


def test_what_is_chosen_is_what_is_asked() -> None:
    texts = []
    for place in (0, -1):
        teacher = Choosing(place)
        made = [make_index(CONFIG, index, teacher=teacher) for index in range(8)]
        said = [user_texts(decode(each.lines, "0")) for each in made if each.lines is not None]
        asked = sum(taken in dialogue for dialogue in said for taken in teacher.taken)
        assert asked >= len(said) // 2, "what belongs to a try that was dropped is in no record"
        texts.append(said)
    assert texts[0] != texts[1], "another choice leads to another dialogue"


@pytest.mark.parametrize("choice", [7, -1, "1", None, True])
def test_a_choice_that_is_none_drops_the_dialogue(choice: object) -> None:
    class Lost(ScriptedTeacher):
        @override
        def complete(self, request: TeacherRequest) -> TeacherReply:
            return TeacherReply({"choice": choice}) if request.role == "choose" else super().complete(request)

    made = [make_index(CONFIG, index, teacher=Lost()) for index in range(4)]
    reasons = [reason for each in made for reason in each.reasons if reason.startswith("chose ")]
    assert reasons
    assert all("from a menu of" in reason for reason in reasons)


def test_words_that_a_thing_does_not_go_by_are_found() -> None:
    """Of a model nobody asks for the situation's wordings; what it calls a thing still has to be the thing's."""
    _, dialogues = freely_made()
    tried = 0
    for dialogue in dialogues:
        for number, turn in enumerate(dialogue.turns):
            mention = next((each for each in turn.mentions if " one" in each.text and each.way == "where"), None)
            if mention is None or mention.turn != number:
                continue
            lie = "the Rumpelstiltskin one"
            turns = list(dialogue.turns)
            other = msgspec.structs.replace(mention, text=lie)
            mentions = tuple(other if each is mention else each for each in turn.mentions)
            turns[number] = msgspec.structs.replace(turn, mentions=mentions, easy=turn.easy.replace(mention.text, lie))
            messages = json.loads(json.dumps(dialogue.messages))
            at = turn.message
            messages[at]["content"] = messages[at]["content"].replace(mention.text, lie)
            spoilt = msgspec.structs.replace(dialogue, turns=tuple(turns), messages=tuple(messages))
            assert prove(spoilt, load_domain(dialogue.domain)) is not None
            tried += 1
    assert tried
