"""What evaluations with somebody who answers promise.

1. The reference earns everything, in the same words as without; doing nothing earns nothing.
2. An agent that asks in a turn to be acted on is told what the person knows, and can still reach the goal.
3. A model that speaks as the user is held to the person: what it lets slip is found, and the episode is dropped and
   counted.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, final

import pytest

from fr_envs.episode.user.roles import label_of
from fr_envs.episode.user.scripted import ScriptedUser
from fr_envs.episode.user.talk import ANSWERING, Heard
from fr_envs.errors import UsageError
from fr_envs.world.registry import load_domain
from fr_synth.cli import main
from fr_synth.evaluate.agents import IdleAgent, OracleAgent
from fr_synth.evaluate.figures import figures_of, floors_of
from fr_synth.evaluate.model_user import LEAVING, user_of
from fr_synth.evaluate.rollouts import PlayRules, play, play_all
from fr_synth.evaluate.tally import tally
from fr_synth.evaluate.user_slips import slip_of
from fr_synth.run.folder.journal import read_dialogues
from fr_synth.teachers.endpoint.spending import Prices
from fr_synth.trace.rows import task_of
from tests.fr_synth.stub_endpoint import StubEndpoint, answering, says

if TYPE_CHECKING:
    from pathlib import Path

    from fr_envs.episode.task import Task
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.evaluate.agents import Move

SCRIPTED = PlayRules(user=ScriptedUser())


@pytest.fixture(scope="module")
def tasks(run_folder: Path) -> list[Task]:
    return [task_of(dialogue) for dialogue in read_dialogues(run_folder)]


@final
class Asking:
    """Asks for the first thing that the person knows, once in each turn to be acted on, and then does it."""

    name = "asking"
    concurrency = 1

    def __init__(self, question: str = "One thing first: which {label} is it to be?") -> None:
        self.question = question
        self.inner = OracleAgent()

    def act(self, move: Move) -> JsonObject:
        turn = move.session.current_turn
        assert turn is not None
        latest = move.messages[-1]
        if turn.kind == "act" and turn.knows and latest["role"] == "user" and "name" not in latest:
            return {"role": "assistant", "content": self.question.format(label=label_of(turn.knows[0]))}
        return self.inner.act(move)


def test_the_reference_earns_everything_in_the_same_words(tasks: list[Task]) -> None:
    fixed, answered = list(play_all(tasks, OracleAgent())), list(play_all(tasks, OracleAgent(), rules=SCRIPTED))
    assert [rollout.score for rollout in answered] == [1.0] * len(tasks)
    assert [rollout.messages for rollout in answered] == [rollout.messages for rollout in fixed]
    assert {rollout.user for rollout in answered} == {"scripted"}


def test_doing_nothing_wears_patience_out_and_earns_nothing(tasks: list[Task]) -> None:
    for rollout in play_all(tasks, IdleAgent(), rules=SCRIPTED):
        assert (rollout.score, rollout.ending) == (0.0, "gave_up")
        assert rollout.messages[-1]["role"] == "user"
        assert all(turn.message is None for turn in rollout.turns[1:])


def test_who_asks_is_told_and_reaches_the_goal(tasks: list[Task]) -> None:
    asked = told = 0
    for task in tasks:
        rollout = play(task, Asking(), rules=SCRIPTED)
        assert rollout.score == 1.0
        for turn, played in zip(task.turns, rollout.turns, strict=True):
            if turn.kind == "act" and turn.knows:
                asked += 1
                answer = rollout.messages[(played.message or 0) + 2]
                assert answer["name"] == ANSWERING
                heard = str(answer["content"]).lower()
                told += any(each.text.rstrip(".").lower() in heard for each in turn.knows)
        assert play(task, Asking(), rules=SCRIPTED) == rollout
    assert asked >= 5
    assert told == asked


def test_who_asks_without_a_user_loses_those_turns(tasks: list[Task]) -> None:
    assert max(play(task, Asking()).score for task in tasks) < 1


def heard_in(tasks: list[Task], reply: str) -> Heard:
    task = next(each for each in tasks if each.turns[0].kind == "act" and each.turns[0].knows)
    spec = load_domain(task.domain).spec
    seen: list[Heard] = []

    class Listening:
        name = "listening"

        def hear(self, heard: Heard) -> None:
            seen.append(heard)

    class Saying:
        name = "saying"
        concurrency = 1

        def act(self, move: Move) -> Json:
            return reply

    play(task, Saying(), rules=PlayRules(user=Listening()))
    assert seen[0].spec == spec
    return seen[0]


def test_slips_are_found(tasks: list[Task]) -> None:
    heard = heard_in(tasks, "Which one is it to be, please?")
    known = heard.current.knows[0].text

    def slip(text: str, *, leaving: bool = False, lost: bool = False) -> str:
        return slip_of(heard, text, leaving=leaving, lost=lost)

    assert slip(f"It's {known}.") == ""
    assert slip("I don't know, sorry.") == ""
    assert "'ZX99817'" in slip("Take ZX99817.")
    assert "'Quibbleton'" in slip("I mean the one of Quibbleton.")
    assert "'a blue moon'" in slip('It is called "a blue moon".')
    assert "ends the talk" in slip("Goodbye then.", leaving=True)
    assert slip("Goodbye then.", leaving=True, lost=True) == ""
    assert "says nothing" in slip(" ")


def test_another_wish_is_a_slip(tasks: list[Task]) -> None:
    spec = load_domain("filesystem").spec
    heard = heard_in([each for each in tasks if each.domain == "filesystem"], "Which one?")
    wanted = {call.name for turn in heard.task.turns[:1] for call in turn.calls}
    text = "Please remove it." if "rm" in spec.tools and not wanted & {"rm", "rmdir"} else "Please zip it."
    assert "is not what the person came for" in slip_of(heard, text, leaving=False, lost=False)


def test_a_model_speaks_as_the_user(tasks: list[Task]) -> None:
    def honest(messages: object) -> str:
        assert isinstance(messages, list)
        assert messages[0]["role"] == "system"
        known = str(messages[0]["content"]).split("knows: ")[1].splitlines()[0]
        return f"That is {known.partition('; ')[0].partition(': ')[2]}."

    with StubEndpoint(answering(honest)) as stub:
        user = user_of("openai:person", stub.url)
        assert user is not None
        rollouts = list(play_all(tasks, Asking(), rules=PlayRules(user=user)))
        asked = len(stub.requests)
    assert asked >= 5
    assert all(rollout.ending == "finished" and rollout.score == 1 for rollout in rollouts)
    assert {rollout.user for rollout in rollouts} == {"openai:person"}


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("Use account QQ-40499177, quick.", "does not know"),
        (f"I'm off. {LEAVING}", "ends the talk"),
    ],
)
def test_an_episode_with_a_slip_is_dropped_and_counted(tasks: list[Task], said: str, problem: str) -> None:
    with StubEndpoint(says(said)) as stub:
        user = user_of("openai:person", stub.url)
        rollouts = list(play_all(tasks, Asking(), rules=PlayRules(user=user)))
    dropped = [rollout for rollout in rollouts if rollout.dropped]
    assert dropped
    assert all(problem in rollout.failure and not rollout.messages for rollout in dropped)
    kept = play(tasks[0], OracleAgent())
    figures = figures_of([*rollouts, kept], [], Prices())
    assert (figures.dropped, figures.endings["user_slip"]) == (len(dropped), len(dropped))
    assert figures.rollouts == len(rollouts) + 1 - len(dropped)
    assert tally([*rollouts, kept]).all.number == figures.rollouts
    with pytest.raises(UsageError, match="the user let something slip in each of"):
        figures_of(dropped, [], Prices())


def test_floors_ask_no_model(tasks: list[Task]) -> None:
    with StubEndpoint(says("Hm.")) as stub:
        floors = floors_of(tasks, PlayRules(user=user_of("openai:person", stub.url)))
        assert not stub.requests
    assert [floor.score for floor in floors] == [0.0, 1.0]


def lines(path: Path) -> list[JsonObject]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_commands_take_a_user(run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--tasks", str(run_folder), "--quiet", "--count", "2"]
    assert (
        main(["rollouts", *given, "--agent", "idle", "--user", "scripted", "--out", str(tmp_path / "one.jsonl")]) == 0
    )
    assert {each["ending"] for each in lines(tmp_path / "one.jsonl")} == {"gave_up"}
    with StubEndpoint(says("Take QQ-40499177.")) as stub:
        model = ["--user", "openai:person", "--user-url", stub.url]
        folder = str(tmp_path / "slips")
        assert main(["eval", *given, "--agent", "idle", *model, "--out", folder]) == 2
    assert "the user let something slip in each of 2 rollouts" in capsys.readouterr().err
    assert main(["eval", *given, "--agent", "idle", "--user", "nobody", "--out", str(tmp_path / "x")]) == 2
    assert "no user 'nobody'" in capsys.readouterr().err
    assert main(["eval", *given, "--agent", "idle", "--user-url", "http://x/v1", "--out", str(tmp_path / "x")]) == 2
    assert "leave --user-url out" in capsys.readouterr().err
    assert main(["eval", *given, "--agent", "idle", "--user", "openai:m", "--out", str(tmp_path / "x")]) == 2
    assert "give --yes" in capsys.readouterr().err
