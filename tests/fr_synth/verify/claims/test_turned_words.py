"""Texts of situations, held to be a model's, in which a few words are others: lies are refused, near twins pass."""

from __future__ import annotations

import functools
import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import pytest

from fr_envs import load_domain
from fr_envs.situation.loading import load_situations, read_situations
from fr_synth.run.trial import AS_IT_COMES, Variant, trial_of
from fr_synth.verify.claims.proof import claims
from fr_synth.verify.evidence import gather

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.trace.records import Dialogue


class Text(NamedTuple):
    """A text of a dialogue: in which message it stands, and as what."""

    dialogue: Dialogue
    message: int
    key: str
    text: str


OWN = {each.name: each for each in read_situations(Path(__file__).with_name("turned_words.yaml"))}


@functools.cache
def dialogues(situation: str, world: str, keep: int = 8) -> tuple[Dialogue, ...]:
    """Dialogues that play a situation, held to be in a model's words; those that pass as they are."""
    spec = OWN.get(situation) or next(each for each in load_situations() if each.name == situation)
    choosing = Variant("choose", 1) if any(turn.kind == "choose" for turn in spec.turns) else AS_IT_COMES
    made = trial_of(spec, load_domain(world), 12, keep=keep, variant=choosing).dialogues
    in_other_words = (msgspec.structs.replace(each, teacher="openai:model") for each in made)
    return tuple(each for each in in_other_words if not problems(each))


def problems(dialogue: Dialogue) -> list[str]:
    own = {dialogue.situation: OWN[dialogue.situation]} if dialogue.situation in OWN else None
    return list(claims(gather(dialogue, load_domain(dialogue.domain), own)))


def texts(situation: str, world: str) -> Iterator[Text]:
    for dialogue in itertools.chain.from_iterable(dialogues(situation, world, keep) for keep in (1, 8)):
        for number, message in enumerate(dialogue.messages):
            if message["role"] == "assistant":
                for key in ("content", "reasoning_content"):
                    if message.get(key):
                        yield Text(dialogue, number, key, str(message[key]))


def told(situation: str, world: str, pattern: str, instead: str) -> list[str]:
    """What the proof says where the first text that a pattern fits says something else there."""
    found = next(each for each in texts(situation, world) if re.search(pattern, each.text, re.DOTALL))
    messages = [dict(message) for message in found.dialogue.messages]
    messages[found.message][found.key] = re.sub(pattern, instead, found.text, count=1, flags=re.DOTALL)
    return problems(msgspec.structs.replace(found.dialogue, messages=tuple(messages)))


_END = r"\Z"
CASES = (  # situation, world, what stands there, the lie, what is as true in other words
    ("fence_paid_later", "banking", r"(?<=without your doing )anything more", "anything less", "anything else"),
    ("fence_paid_later", "banking", r"without(?= your doing)", "with", "with no need of"),
    ("course_is_over", "banking", r"(?<=doesn't happen any )more", "less", "longer"),
    ("course_is_over", "banking", r"€(?=[\d.]+ monthly)", "$", "EUR "),
    ("course_is_over", "banking", r"(?<=any more\.)" + _END, " It is the only one there is.", " That was all."),
    ("paper_read_online", "banking", r"(?<=collected\.)" + _END, " There is no other one.", " Anything else?"),
    ("licence_before_car", "travel", r"can(?= be hired)", "can't", "could"),
    ("licence_before_car", "travel", r"(?<=for the \d )days", "weeks", "days"),
    (
        "fence_paid_later", "banking", r"\A(\w[\w' -]+)( gets .*? from )([\w ]+)(, without)", r"\3\2\1\4", r"\1\2\3\4",
    ),
    ("wrong_friend_paid", "banking", _END, " I also checked it twice with the office.", " I hope that helps."),
    ("aunt_says_borrow", "banking", r"(?<= %\.)" + _END, " They have been told.", " Do you need anything else?"),
    ("order_from_a_shop", "banking", r"the (?:gold|virtual|travel) one(?= ending)", "the silver one", r"\g<0>"),
    ("service_nobody_uses", "banking", r"(?<=for )€(?=[\d.]+,)", "$", "EUR "),
    ("untouched_for_long", "filesystem", r"(?<=files )[\w.-]+(?= is the latest)", "logs", r"\g<0>"),
    ("new_card_in_the_post", "banking", _END, " That is 31 % less than before.", " Anything else?"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}: {case[3]}")
def test_a_lie_is_refused_and_its_near_twin_passes(case: tuple[str, str, str, str, str]) -> None:
    situation, world, pattern, lie, twin = case
    assert told(situation, world, pattern, lie) != []
    assert told(situation, world, pattern, twin) == []


def test_a_value_where_the_situation_has_another_of_its_kind_is_refused() -> None:
    said = next(each for each in texts("fence_paid_later", "banking") if "without your doing" in each.text)
    payee = re.match(r"[\w' -]+(?= gets)", said.text)
    accounts = re.search(r"(?<=, from )[\w ]+(?=, without)", said.text)
    assert payee is not None
    assert accounts is not None
    whole = r"\A[\w' -]+ gets (.*?), from [\w ]+, without your doing anything more"
    lie, twin = f"{accounts[0]} gets \\1, without more ado", f"{payee[0]} gets \\1, without your help"
    assert told("fence_paid_later", "banking", whole, lie) != []
    assert told("fence_paid_later", "banking", whole, twin) == []
