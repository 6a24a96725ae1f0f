"""What a reply offers to do can be done: its tools, and those of the story, are among the tools of the dialogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from fr_envs import load_domain
from fr_envs.errors import SpecError
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.situation.loading import read_situations, tools_of
from fr_synth.build.dialogue import DialoguePlan, Dropped, Settings, make_dialogue
from fr_synth.build.showing import Stage
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import examine

if TYPE_CHECKING:
    from pathlib import Path

    from fr_synth.trace.records import Dialogue

STORY = """
- name: card_left_in_the_gym
  worlds: [banking]
  summary: A card was left somewhere, and is to be safe until it is back.
  cast:
    card: {kind: card_id, where: {card_status: active, card_type: {not: virtual}}}
  turns:
    - say: {plain: ["I left [the card ending in {card.card_tail}](card|card_tail) at the gym. Please freeze it."]}
      requests: [{call: freeze_card, with: {card_id: card}, as: cold}]
      thought:
        plan: ["The card may turn up again, so a freeze fits, and I look up which card it is."]
        close: ["It's frozen, and since it may turn up again, I offer to unfreeze it then."]
      reply:
        - offers: [unfreeze_card]
          say: ["It's frozen: nobody can pay with it now. I can unfreeze it when you have it back."]
    - say: {plain: ["It's gone for good. Please report [it](=card) as lost."]}
      chance: 0
      requests: [{call: report_card_lost, with: {card_id: card}, as: lost}]
      thought: {close: ["It can't be used any more, because a report is for good."]}
      reply: [{say: ["The card ending in {card.card_tail} is blocked for good."]}]
"""


def _made(folder: Path) -> Dialogue:
    file = folder / "own.yaml"
    file.write_text(STORY, encoding="utf-8")
    (story,) = read_situations(file)
    bank = load_domain("banking")
    for number in range(40):
        settings = Settings(stage=Stage((5, 5)))
        plan = DialoguePlan("x", (7, number, 0), (), turns=(1, 1), situation=story)
        found = make_dialogue(bank, ApiGraph(bank.spec), plan, settings, ScriptedTeacher(0.0))
        if isinstance(found, Dropped):
            continue
        if examine(gather(found, bank, {story.name: story})) is None:
            return found
    raise AssertionError("no world has such a card")


def test_the_tools_behind_an_offer_and_those_of_the_story_are_there(tmp_path: Path) -> None:
    made = _made(tmp_path)
    assert {call.name for call in made.calls} == {"list_cards", "freeze_card"}
    assert {"list_cards", "freeze_card", "unfreeze_card", "report_card_lost"} <= set(made.offered)
    assert len(made.offered) < len(load_domain("banking").spec.tools)


def test_an_offer_of_what_no_tool_does_is_a_finding(tmp_path: Path) -> None:
    made = _made(tmp_path)
    (story,) = read_situations(tmp_path / "own.yaml")
    (reply,) = story.turns[0].reply
    beyond = next(name for name in load_domain("banking").spec.tools if name not in made.offered)
    turn = msgspec.structs.replace(story.turns[0], reply=(msgspec.structs.replace(reply, offers=(beyond,)),))
    other = msgspec.structs.replace(story, turns=(turn, *story.turns[1:]))
    finding = examine(gather(made, load_domain("banking"), {story.name: other}))
    assert finding is not None
    assert f"the reply offers what {beyond} does, and that tool is not there" in str(finding)


def test_tools_of_a_story_are_those_of_all_its_turns(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(STORY, encoding="utf-8")
    (story,) = read_situations(tmp_path / "own.yaml")
    assert tools_of(story) == {"freeze_card", "report_card_lost"}


@pytest.mark.parametrize(
    ("offers", "told"), [("[melt_card]", "there is no tool 'melt_card'"), ("unfreeze_card", "array")]
)
def test_an_offer_by_no_tool_of_the_contract_is_refused(tmp_path: Path, offers: str, told: str) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(STORY.replace("[unfreeze_card]", offers), encoding="utf-8")
    with pytest.raises(SpecError, match=told) as caught:
        read_situations(file)
    assert caught.value.pointer.startswith("/0/turns/0/reply/0/offers")
