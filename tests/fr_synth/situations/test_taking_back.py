"""What is taken back before it is done.

1. A request is told wrongly and held off by the message itself; the next one puts it right, and only then it is done.
2. Nothing is done and undone; the right move in between is to wait, and whoever does it at once earns nothing.
3. Every way to spoil the two turns is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from fr_envs.episode.session import Session
from fr_envs.situation.loading import load_situations
from fr_envs.situation.templates import parse
from fr_envs.world.registry import load_domain
from fr_synth.build.dialogue import DialoguePlan, Settings, make_dialogue
from fr_synth.evaluate.agents import OracleAgent
from fr_synth.evaluate.rollouts import play
from fr_synth.language.taking_back import REASONS, held_off, is_held_off, pieces_of, put_otherwise
from fr_synth.situations.mishaps.plan import NO_SHARES
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.records import Dialogue
from fr_synth.trace.rows import task_of
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import examine
from tests.fr_synth.walks import graph_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.situation.spec import SituationTurn
    from fr_synth.language.taking_back import Reason

NAMES = {"fast_or_cheap": "banking", "join_the_queue": "travel"}


def turns_in(turns: tuple[SituationTurn, ...]) -> list[SituationTurn]:
    return [each for turn in turns for each in (turn, *turns_in(turn.then))]


def taken_back(name: str, reason: Reason, seeds: int = 40) -> Dialogue:
    """The first dialogue of a situation in which something is taken back."""
    domain = load_domain(NAMES[name])
    situation = next(each for each in load_situations() if each.name == name)
    shares = NO_SHARES._replace(**{reason: 1.0})
    for seed in range(seeds):
        plan = DialoguePlan(f"{name}-{seed}", (4, seed), (), situation=situation)
        made = make_dialogue(domain, graph_of(domain), plan, Settings(shares=shares), ScriptedTeacher())
        if isinstance(made, Dialogue) and any(turn.traits and reason in turn.traits for turn in made.turns):
            return made
    raise AssertionError(f"{name} takes nothing back in {seeds} worlds")


def problems(dialogue: Dialogue) -> list[str]:
    found = examine(gather(dialogue, load_domain(dialogue.domain)))
    return [] if found is None else [f"{found.proof}: {found.problem}"]


def place(dialogue: Dialogue) -> int:
    return next(k for k, turn in enumerate(dialogue.turns) if turn.awaited is not None and turn.awaited.misspoken)


def test_nobody_thinks_better_of_whom_a_story_is_about() -> None:
    with pytest.raises(AssertionError, match="takes nothing back"):
        taken_back("join_the_queue", "change_of_mind", seeds=8)


@pytest.mark.parametrize(
    ("name", "reason"), [*(("fast_or_cheap", each) for each in REASONS), ("join_the_queue", "correction")]
)
def test_what_is_held_off_is_done_once_and_rightly(name: str, reason: Reason) -> None:
    dialogue = taken_back(name, reason)
    number = place(dialogue)
    held, again = dialogue.turns[number], dialogue.turns[number + 1]
    assert (held.kind, again.kind) == ("no_call", "act")
    assert reason in again.traits
    assert held.awaited is not None
    assert held.goal.barred == (held.awaited.tool,)
    assert not [call for call in dialogue.calls if call.turn == number]
    made = [call for call in dialogue.calls if call.turn == number + 1 and call.name == held.awaited.tool]
    assert [call.arguments for call in made if call.purpose == "needed"] == [held.awaited.arguments]
    assert not [call for call in dialogue.calls if call.purpose == "slip"]
    assert problems(dialogue) == []
    assert play(task_of(dialogue), OracleAgent()).score == 1.0


def test_who_does_it_at_once_earns_nothing() -> None:
    dialogue = taken_back("fast_or_cheap", "correction")
    number, task = place(dialogue), task_of(dialogue)
    done = task.turns[number + 1]
    session = Session(task.domain)
    session.reset(task)
    for turn in task.turns[:number]:
        session.act([{"name": call.name, "arguments": call.arguments} for call in turn.calls] or turn.reply)
        if turn.calls:
            session.say(turn.reply)
    wrong = session.fork()
    assert session.say(task.turns[number].reply).verdict.score == 1.0  # type: ignore[union-attr]
    for call in done.calls:
        wrong.call(call.name, call.arguments)
    verdict = wrong.say("All right, I'm waiting until you tell me.").verdict
    assert verdict is not None
    assert verdict.score == 0.0


def paid_for(reply: Callable[[str], str]) -> float:
    """What a reply earns to a message that holds something off."""
    dialogue = taken_back("fast_or_cheap", "correction")
    number, task = place(dialogue), task_of(dialogue)
    session = Session(task.domain)
    session.reset(msgspec.structs.replace(task, turns=task.turns[number : number + 1]))
    verdict = session.say(reply(task.turns[number].message)).verdict
    assert verdict is not None
    return verdict.score


@pytest.mark.parametrize("reply", ["Done.", "Which one do you mean?", "I can't do that.", "…", "Sure!"])
def test_other_replies_do_not_wait(reply: str) -> None:
    assert paid_for(lambda message: reply) == 0.0


@pytest.mark.parametrize(
    "reply", ["Okay, waiting. Let me know when you are ready.", "Of course, I'll hold off for now."]
)
def test_waiting_can_be_said_in_other_words(reply: str) -> None:
    assert paid_for(lambda message: reply) == 1.0


def test_whoever_repeats_the_message_does_not_wait() -> None:
    assert paid_for(lambda message: f"You want this: {message} Shall I go ahead?") == 0.0


def said(dialogue: Dialogue, number: int, text: Callable[[str], str]) -> Dialogue:
    messages = list(dialogue.messages)
    at = dialogue.turns[number].message
    messages[at] = {**messages[at], "content": text(messages[at]["content"])}
    return msgspec.structs.replace(dialogue, messages=tuple(messages))


def turn_with(dialogue: Dialogue, number: int, **fields: object) -> Dialogue:
    turns = list(dialogue.turns)
    turns[number] = msgspec.structs.replace(turns[number], **fields)
    return msgspec.structs.replace(dialogue, turns=tuple(turns))


def spoilt(dialogue: Dialogue) -> dict[str, Dialogue]:
    number = place(dialogue)
    awaited = dialogue.turns[number].awaited
    assert awaited is not None
    other = msgspec.structs.replace
    right = str(awaited.arguments[awaited.lacks[0]])
    return {
        "no hold": said(dialogue, number, lambda text: text.split(awaited.misspoken)[0] + awaited.misspoken + "."),
        "nothing wrong": turn_with(dialogue, number, awaited=other(awaited, misspoken="")),
        "not in the message": turn_with(dialogue, number, awaited=other(awaited, misspoken="XX-1")),
        "not barred": turn_with(dialogue, number, goal=other(dialogue.turns[number].goal, barred=())),
        "another call": turn_with(dialogue, number, awaited=other(awaited, arguments={**awaited.arguments, "x": 1})),
        "nothing lacking": turn_with(dialogue, number, awaited=other(awaited, lacks=())),
        "no argument": turn_with(dialogue, number, awaited=other(awaited, lacks=("nothing",))),
        "no trait": turn_with(dialogue, number + 1, traits=()),
        "wrong again": said(dialogue, number + 1, lambda text: f"{text} Not {awaited.misspoken}."),
        "right at once": said(dialogue, number, lambda text: f"{text} {right}"),
        "another message": said(dialogue, number + 1, lambda _: "Go ahead as we said."),
    }


@pytest.mark.parametrize("way", [
    "no hold", "nothing wrong", "not in the message", "not barred", "another call", "nothing lacking", "no argument",
    "no trait", "wrong again", "right at once", "another message",
])  # fmt: skip
def test_each_spoiling_is_found(way: str) -> None:
    assert problems(spoilt(taken_back("fast_or_cheap", "correction"))[way])


def test_pieces_are_written_as_wordings_are() -> None:
    """Every derived wording can be read, tells the piece, and is heard as held off only where it is."""
    checked = 0
    for situation in load_situations()[::7]:
        for turn in turns_in(situation.turns):
            names = {piece.name for said in turn.say.values() for each in said for piece in pieces_of(turn, each)}
            for name in sorted(names):
                for reason in REASONS:
                    held, again = held_off(turn, reason, name), put_otherwise(turn, reason, name)
                    for wording in (w for said in held.say.values() for w in said):
                        assert parse(wording)
                        assert reason in is_held_off(wording)
                    assert all(parse(w) for said in again.say.values() for w in said)
                    assert again.say.keys() == held.say.keys()
                    checked += 1
    assert checked >= 20


def test_plain_requests_hold_nothing_off() -> None:
    wordings = [w for s in load_situations() for turn in turns_in(s.turns) for said in turn.say.values() for w in said]
    held = [each for each in wordings if list(is_held_off(each))]
    assert held == []
