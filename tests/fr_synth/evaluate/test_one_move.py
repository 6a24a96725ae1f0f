"""Agents with one move for everything, over the turns of a run: each earns the turns of its own kind at most.

1. Fixed sentences, and sentences that repeat words of the request, in several forms.
2. The reference replies, behind the reference calls, earn all in the turns of other kinds.
"""

from __future__ import annotations

import collections
import re
from typing import TYPE_CHECKING

import pytest

from fr_envs.episode.session import Session
from fr_synth.cli import main
from fr_synth.run.folder.journal import read_dialogues
from fr_synth.trace.rows import task_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.episode.task import Task
    from fr_envs.episode.turn_kind import TurnKind

    Words = Callable[[str], str]


def wish(message: str) -> str:
    """Return what is asked for, as far as a pattern can tell."""
    asked = r"(?:could you|can you|would you|will you|please|kindly|i'd like to|i want to|let's)\s+(?:also |now )?"
    found = re.search(rf"{asked}(.+?)(?:[.?!;]|$)", message, re.IGNORECASE)
    return found[1] if found else re.split(r"(?<=[.!?])\s", message)[-1].rstrip(".?!")


def nouns(message: str, count: int = 3) -> str:
    """Return the longest words of a message."""
    return " and ".join(sorted(set(re.findall(r"[A-Za-z]{4,}", message)), key=lambda word: (len(word), word))[-count:])


REFUSING: tuple[Words, ...] = (
    lambda _: "I'm sorry, I can't help with that.",
    lambda _: "I'm afraid that's not allowed by our policy.",
    lambda _: "I can't do that, the rules forbid it. You may ask for something else.",
    lambda _: "I'm unable to assist with that request. Is there anything else I can help you with?",
    lambda _: "That's not something I can do without approval; only the owner or root may, and it can't be undone.",
    lambda message: f"I'm sorry, but I can't {wish(message)}.",
    lambda message: f"I can't {wish(message)}, because the policy doesn't allow it.",
    lambda message: f'You asked: "{message}" I have to refuse that.',
    lambda message: f"I'm not able to help with {nouns(message)}. Please contact customer support.",
    lambda message: f"Regarding {nouns(message, 6)}: I'm not permitted to do this. What I can do is help otherwise.",
    lambda message: f"Unfortunately I can't {wish(message)} here. Please contact the support team.",
    lambda message: f"I must decline: {nouns(message)} is outside my guidelines. I can look for an allowed way.",
)
LACKING: tuple[Words, ...] = (
    lambda _: "I have no tool for that.",
    lambda _: "That isn't available here.",
    lambda message: f"I have no tool for {nouns(message)} here.",
    lambda message: f"I can't {wish(message)}, that tool isn't available to me. Please contact support.",
    lambda message: f"There's no function here with which I could {wish(message)}. You can do it yourself.",
    lambda message: f'"{message}" isn\'t something I can do here: I lack the tool.',
)
ASKING: tuple[Words, ...] = (
    lambda _: "Could you tell me more?",
    lambda _: "Which one do you mean?",
    lambda _: "What should it be called, and when?",
    lambda _: "Please tell me the name, the amount, the date, the time and the account. The first or the second?",
    lambda message: f"You want me to {wish(message)}. Which one exactly?",
    lambda message: f"What do you mean by {nouns(message)}?",
    lambda message: f"Before I {wish(message)}: how much, from which account, to whom, when and under which name?",
)
CONFIRMING: tuple[Words, ...] = (
    lambda _: "Shall I go ahead?",
    lambda message: f"Shall I {wish(message)}?",
    lambda message: f"You'd like the following: {message} Do you confirm?",
    lambda message: f"I would {wish(message)}. This can't be undone. Please say yes.",
    lambda message: f"Just to be sure about {nouns(message, 8)}: is that right?",
)
TALKING: tuple[Words, ...] = (
    lambda _: "Done.",
    lambda _: "You're welcome!",
    lambda _: "My pleasure, have a good day, and take care!",
    lambda message: f"Sure: {message}",
    lambda message: f"I have done it: {wish(message)}.",
    lambda message: f"Good to know. {nouns(message)} it is.",
)
AGENTS: list[tuple[TurnKind, Words]] = [
    *(("refuse", words) for words in REFUSING),
    *(("missing_tool", words) for words in LACKING),
    *(("ask", words) for words in ASKING),
    *(("confirm", words) for words in CONFIRMING),
    *(("no_call", words) for words in TALKING),
]


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> list[Task]:
    folder = tmp_path_factory.mktemp("runs") / "kinds"
    assert main(f"synth --count 30 --seed 3 --drills 0 --rename 0 --workers 1 --quiet --out {folder}".split()) == 0
    return [task_of(dialogue) for dialogue in read_dialogues(folder)]


@pytest.mark.slow
def test_one_move_for_everything_earns_the_turns_of_its_kind_at_most(tasks: list[Task]) -> None:
    earned: dict[int, float] = collections.defaultdict(float)
    turns = collections.Counter(turn.kind for task in tasks for turn in task.turns)
    for task in tasks:
        session = Session(task.domain, max_steps=None)
        session.reset(task)
        for turn in task.turns:
            for number, (_, words) in enumerate(AGENTS):
                verdict = session.fork().say(words(turn.message)).verdict
                assert verdict is not None
                earned[number] += verdict.score
            for call in turn.calls:
                session.call(call.name, call.arguments)
            verdict = session.say(turn.reply).verdict
            assert verdict is not None
            assert turn.kind == "act" or verdict.score == 1.0, (turn.message, turn.reply, verdict.missing)
    assert all(turns[kind] >= 2 for kind, _ in AGENTS), turns
    over = [
        (words("Please do it."), earned[n], kind) for n, (kind, words) in enumerate(AGENTS) if earned[n] > turns[kind]
    ]
    assert over == []
