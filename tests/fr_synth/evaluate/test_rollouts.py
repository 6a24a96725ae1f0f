"""What rollouts promise.

1. The reference earns 1 on every task and doing nothing earns 0: nothing is asked that cannot be done, nothing is given
   away.
2. The same seed gives the same bytes, however many tasks come before or run side by side.
3. What an agent writes wrongly is answered and counted, and never lost.
4. A line of the file is whole: Ctrl-C and a full disk leave a prefix that can be read.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

from fr_envs.episode.faults import is_fault
from fr_envs.episode.task import Goal, RewardRules, Task, Turn
from fr_envs.episode.task_file import TASKS
from fr_envs.errors import TeacherError, UsageError
from fr_envs.world.tool_call import ToolCall
from fr_synth.cli import main
from fr_synth.evaluate.agents import Agent, ChatAgent, IdleAgent, OracleAgent, RandomAgent, agent_of
from fr_synth.evaluate.rollouts import PlayRules, Rollout, play, play_all
from fr_synth.evaluate.tally import Share, tally
from fr_synth.run.folder.journal import read_dialogues
from fr_synth.teachers.openai import EndpointError, EndpointOptions, OpenAITeacher
from fr_synth.trace.rows import task_of
from tests.fr_synth.stub_endpoint import (
    Behaviour,
    Reply,
    Script,
    StubEndpoint,
    calls,
    completion,
    dead_url,
    fails,
    no_choices,
    says,
    slow,
    without,
)
from tests.processes import GUARD, run, started, until

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.evaluate.agents import Move


@pytest.fixture(scope="module")
def tasks(run_folder: Path) -> list[Task]:
    return [task_of(dialogue) for dialogue in read_dialogues(run_folder)]


class Recited:
    """Gives prepared answers, and fails when there are none left."""

    name = "recited"
    concurrency = 1

    def __init__(self, *answers: Json) -> None:
        self.answers = list(answers)

    def act(self, move: Move) -> Json:
        if not self.answers:
            raise TeacherError("nothing left to say")
        return self.answers.pop(0)


def roles(rollout: Rollout) -> list[str]:
    return [message["role"] for message in rollout.messages]


# ---------------------------------------------------------------------------------------------------- own agents


def test_the_reference_earns_everything(tasks: Sequence[Task]) -> None:
    for rollout in play_all(tasks, OracleAgent()):
        assert (rollout.score, rollout.ending, rollout.failure) == (1.0, "finished", "")
        assert all(turn.score == 1.0 and turn.reached == turn.expected and not turn.missing for turn in rollout.turns)
        assert all(turn.answers == turn.obtained == turn.said and not turn.contradiction for turn in rollout.turns)
        assert not any(turn.dumped for turn in rollout.turns)


def test_what_is_not_said_pays_as_the_rules_have_it(tasks: Sequence[Task]) -> None:
    """The calls are right and the reply says nothing: answers were obtained, and each earns a share."""
    task = next(task for task in tasks if task.turns[0].goal.answers and (task.view is None or not task.view.renames))
    made = [call for turn in task.turns[:1] for call in turn.calls]
    wire = [{"type": "function", "function": {"name": c.name, "arguments": c.arguments}} for c in made]
    scores = []
    for unsaid in (0.0, 1.0):
        agent = Recited({"role": "assistant", "content": "", "tool_calls": wire}, "Here you are.")
        rollout = play(task, agent, rules=PlayRules(RewardRules(unsaid=unsaid)))
        turn = rollout.turns[0]
        assert turn.answers == turn.obtained > turn.said
        scores.append(turn.score)
    assert scores[0] < scores[1] == 1.0


def test_the_reference_plays_the_dialogue_again(run_folder: Path) -> None:
    for dialogue in read_dialogues(run_folder):
        rollout = play(task_of(dialogue), OracleAgent())
        assert rollout.messages[0] == dialogue.messages[0]
        assert [m for m in rollout.messages if m["role"] == "user"] == [
            m for m in dialogue.messages if m["role"] == "user"
        ]
        made = [m["content"] for m in rollout.messages if m["role"] == "tool"]
        left_out = {f"call_{k}" for k, call in enumerate(dialogue.calls) if call.purpose == "slip"}
        results = [m["content"] for m in dialogue.messages if m["role"] == "tool" and m["tool_call_id"] not in left_out]
        refused = {call.turn for call in dialogue.calls if call.error is not None and not is_fault(call.error)}
        assert made == results or refused
        assert [rollout.messages[turn.message or 0]["role"] for turn in rollout.turns] == ["user"] * len(rollout.turns)


def test_doing_nothing_earns_nothing(tasks: Sequence[Task]) -> None:
    for rollout in play_all(tasks, IdleAgent()):
        assert (rollout.score, rollout.reward, rollout.ending) == (0.0, 0.0, "finished")
        assert all((turn.steps, turn.calls) == (1, 0) and turn.missing for turn in rollout.turns)


def test_calls_at_random_go_through_and_earn_little(tasks: Sequence[Task]) -> None:
    rollouts = list(play_all(tasks, RandomAgent(), seed=5))
    results = [json.loads(m["content"]) for r in rollouts for m in r.messages if m["role"] == "tool"]
    assert sum("error" not in result for result in results) > 0.8 * len(results) > 0
    assert all(turn.calls >= 1 for rollout in rollouts for turn in rollout.turns)
    assert tally(rollouts).all.score < 0.3
    assert tally(rollouts).invalid == 0


def test_the_same_seed_gives_the_same_rollouts(tasks: Sequence[Task]) -> None:
    first = list(play_all(tasks, RandomAgent(), seed=5))
    assert list(play_all(tasks, RandomAgent(), seed=5)) == first
    assert list(play_all(tasks[4:], RandomAgent(), seed=5, first=4)) == first[4:]
    assert list(play_all(tasks, RandomAgent(), seed=6)) != first


def test_agents_have_names() -> None:
    assert [agent_of(name).name for name in ("oracle", "random", "idle", "openai:m")] == [
        "oracle", "random", "idle", "openai:m",
    ]  # fmt: skip
    assert agent_of("openai:m", "http://127.0.0.1:1/v1", 3).concurrency == 3
    with pytest.raises(
        UsageError, match="no agent 'best'; there are oracle, random, idle and openai:MODEL, or module:Class"
    ):
        agent_of("best")
    with pytest.raises(UsageError, match="the name of the model is missing"):
        agent_of("openai:")


# -------------------------------------------------------------------------------------------- what is written down


def small_task(*turns: Turn, seed: int = 3) -> Task:
    return Task("filesystem", (seed,), turns or (Turn("Where am I?", Goal(mentions=("home",))),), "tiny", "one")


def test_a_rollout_says_what_each_turn_was_worth() -> None:
    task = small_task(
        Turn("Where am I?", Goal(mentions=("home",))),
        Turn("Take me to a better place.", Goal(mentions=("cannot",)), kind="refuse"),
    )
    rollout = play(task, Recited({"name": "pwd", "arguments": {}}, "You are at home.", "There is none."), (4, 2))
    assert (rollout.task, rollout.domain, rollout.agent, rollout.seed) == ("one", "filesystem", "recited", (4, 2))
    assert (rollout.score, rollout.reward, rollout.ending) == (0.5, 1.0, "finished")
    assert roles(rollout) == ["system", "user", "assistant", "tool", "assistant", "user", "assistant"]
    first, second = rollout.turns
    assert (first.kind, first.message, first.steps, first.calls, first.score) == ("act", 1, 2, 1, 1.0)
    assert (second.kind, second.message, second.score, second.expected) == ("refuse", 5, 0.0, 1)
    assert second.missing == ("words that it may not be done", "a reply that mentions cannot")
    assert msgspec.json.decode(msgspec.json.encode(rollout), type=Rollout) == rollout


def test_parallel_calls_and_thinking_are_kept() -> None:
    said = {
        "role": "assistant",
        "content": "Let me look.",
        "reasoning_content": "Two things at once.",
        "tool_calls": [
            {"id": "same", "function": {"name": "pwd", "arguments": "{}"}},
            {"id": "same", "function": {"name": "date", "arguments": {}}},
        ],
    }
    rollout = play(small_task(), Recited(said, "At home."))
    written = rollout.messages[2]
    assert (written["content"], written["reasoning_content"]) == ("Let me look.", "Two things at once.")
    assert [call["id"] for call in written["tool_calls"]] == ["call_0", "call_1"]
    assert [call["function"] for call in written["tool_calls"]] == [
        {"name": "pwd", "arguments": {}},
        {"name": "date", "arguments": {}},
    ]
    assert [(m["tool_call_id"], m["name"]) for m in rollout.messages[3:5]] == [("call_0", "pwd"), ("call_1", "date")]


def test_what_is_no_call_is_answered_counted_and_kept() -> None:
    listed = {"tool_calls": [{"function": {"name": "pwd", "arguments": "{half"}}]}
    text = '<tool_call>{"name": </tool_call>'
    wrong = [{"name": "pwd", "arguments": {"x": 1}}, {"name": "fly", "arguments": {}}]
    rules = PlayRules(RewardRules(step_cost=0.01, invalid_penalty=0.1))
    rollout = play(small_task(), Recited(listed, text, wrong, "At home."), rules=rules)
    assert (rollout.turns[0].steps, rollout.turns[0].calls, rollout.turns[0].invalid) == (4, 4, 4)
    assert rollout.turns[0].reward == rollout.reward == pytest.approx(1 - 4 * 0.01 - 4 * 0.1)
    assert rollout.score == 1.0
    functions = [call["function"] for message in rollout.messages for call in message.get("tool_calls", ())]
    assert functions[0] == {"name": "malformed_call", "arguments": {"written": listed["tool_calls"][0]}}
    assert functions[1] == {"name": "malformed_call", "arguments": {"written": text}}
    assert [function["name"] for function in functions[2:]] == ["pwd", "fly"]
    codes = [json.loads(m["content"])["error"]["code"] for m in rollout.messages if m["role"] == "tool"]
    assert codes == ["malformed_call", "malformed_call", "invalid_arguments", "unknown_tool"]


def test_forbidden_changes_are_named() -> None:
    made = {"name": "mkdir", "arguments": {"path": "new"}}
    rollout = play(small_task(), Recited(made, "At home."))
    assert rollout.score == 0.0
    assert any(place.startswith("nodes[") and place.endswith("/new]") for place in rollout.turns[0].forbidden)


def test_an_episode_out_of_steps_ends() -> None:
    again = [{"name": "pwd", "arguments": {}}] * 9
    task = small_task(Turn("Where?", Goal(mentions=("home",))), Turn("And now?", Goal(mentions=("home",))))
    rollout = play(task, Recited(*([call] for call in again)), rules=PlayRules(max_steps=3))
    assert (rollout.ending, rollout.score) == ("out_of_steps", 0.0)
    assert [(turn.message, turn.steps) for turn in rollout.turns] == [(1, 3), (None, 0)]
    assert rollout.turns[0].missing == ("a reply within 3 steps",)
    assert rollout.turns[0].expected is None


def test_an_agent_without_an_answer_ends_its_episode_only() -> None:
    rollout = play(small_task(), Recited({"name": "pwd", "arguments": {}}))
    assert (rollout.ending, rollout.failure, rollout.score) == ("no_answer", "nothing left to say", 0.0)
    assert roles(rollout) == ["system", "user", "assistant", "tool"]


def test_figures_add_up() -> None:
    two = (Turn("a", Goal(mentions=("x",))), Turn("b", Goal(mentions=("y",)), kind="ask"))
    played = [
        play(small_task(*two), Recited("x", "y?")),
        play(small_task(*two), Recited("x", "no")),
        play(small_task(two[0]), Recited()),
    ]
    figures = tally(played)
    third = round(1 / 3, 6)
    assert figures.agent == "recited"
    assert figures.all == Share(3, 0.5, third)
    assert figures.by_domain == {"filesystem": figures.all}
    assert figures.by_turn == (Share(3, round(2 / 3, 6), round(2 / 3, 6)), Share(2, 0.5, 0.5))
    assert figures.by_kind == {"act": figures.by_turn[0], "ask": figures.by_turn[1]}
    assert figures.endings == {"finished": 2, "no_answer": 1}
    assert (figures.steps, figures.calls, figures.invalid) == (4, 0, 0)
    assert tally([]).all == Share(0, 0.0, 0.0)


# ------------------------------------------------------------------------------------------------------- endpoints


def model(behaviour: Behaviour) -> tuple[StubEndpoint, ChatAgent]:
    stub = StubEndpoint(behaviour)
    options = EndpointOptions(4, max_retries=0, give_up_after=2)
    teacher = OpenAITeacher("m", stub.url, options=options, sleep=lambda _: None)
    return stub, ChatAgent(teacher)


@pytest.mark.slow
def test_a_model_is_told_rules_tools_and_results() -> None:
    stub, agent = model(Script(calls(("pwd", "{}"), ("date", "")), says("You are at home.")))
    with stub:
        rollout = play(small_task(), agent, (7, 0))
    assert (rollout.agent, rollout.score, rollout.ending) == ("openai:m", 1.0, "finished")
    first, second = stub.requests
    assert [message["role"] for message in first["messages"]] == ["system", "user"]
    assert {tool["function"]["name"] for tool in first["tools"]} >= {"pwd", "date"}
    assert "response_format" not in first
    assert [message["role"] for message in second["messages"]] == ["system", "user", "assistant", "tool", "tool"]
    assert second["messages"][2]["tool_calls"][0]["function"] == {"name": "pwd", "arguments": "{}"}
    assert set(second["messages"][3]) == {"role", "content", "tool_call_id"}
    assert first["seed"] != second["seed"]


def test_tools_that_are_withheld_are_not_offered() -> None:
    stub, agent = model(says("At home."))
    with stub:
        play(small_task(Turn("Where am I?", Goal(mentions=("home",)), tools=("pwd", "ls"))), agent)
    assert [tool["function"]["name"] for tool in stub.requests[0]["tools"]] == ["pwd", "ls"]


def test_settings_that_an_endpoint_refuses_are_left_out() -> None:
    stub, agent = model(without("seed", without("temperature", says("At home."))))
    with stub:
        assert play(small_task(), agent).score == 1.0
    assert len(stub.requests) == 3
    assert not {"seed", "temperature"} & set(stub.requests[-1])


def test_a_request_that_is_rejected_ends_its_episode() -> None:
    stub, agent = model(fails(400, "too long"))
    with stub:
        rollout = play(small_task(), agent)
    assert rollout.ending == "no_answer"
    assert "too long" in rollout.failure


def test_a_completion_without_a_choice_is_no_answer() -> None:
    stub, agent = model(Script(no_choices, says("At home.")))
    with stub:
        rollout = play(small_task(), agent)
        assert (rollout.ending, rollout.score) == ("no_answer", 0.0)
        assert "no chat completion" in rollout.failure
        assert play(small_task(), agent).score == 1.0


def test_a_model_that_writes_nothing_ends_the_run() -> None:
    """An empty message is no reply, so that an episode would pay for fifty of them, and the next one again."""
    stub, agent = model(lambda _: completion({"content": " ", "reasoning": "Hm."}, "length"))
    with stub, pytest.raises(EndpointError, match=r"2\d empty messages in a row, the last after 3 letters .*'length'"):
        list(play_all([small_task()] * 9, agent))
    assert len(stub.requests) < 40


def test_an_endpoint_that_is_gone_ends_the_run() -> None:
    agent = ChatAgent(OpenAITeacher("m", dead_url(), options=EndpointOptions(2, max_retries=0, give_up_after=1)))
    with pytest.raises(EndpointError, match="cannot be reached"):
        list(play_all([small_task()] * 5, agent))


@pytest.mark.slow
def test_episodes_side_by_side_come_in_order() -> None:
    """The first answers last, and each is told its own message."""

    def answer(body: JsonObject) -> Reply | str:
        place = int(body["messages"][1]["content"])
        return slow(0.3 if place == 0 else 0.0, says(f"{place} at home"))(body)

    stub, agent = model(answer)
    tasks = [small_task(Turn(str(n), Goal(mentions=(f"{n} at home",)))) for n in range(9)]
    with stub:
        rollouts = list(play_all(tasks, agent))
    assert [rollout.score for rollout in rollouts] == [1.0] * 9
    assert [rollout.messages[1]["content"] for rollout in rollouts] == [str(n) for n in range(9)]
    assert [rollout.seed for rollout in rollouts] == [(0, n) for n in range(9)]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_agent_that_breaks_down_is_no_silent_end() -> None:
    class Broken:
        name = "broken"
        concurrency = 2

        def act(self, move: Move) -> Json:
            raise ZeroDivisionError

    agent: Agent = Broken()
    with pytest.raises(RuntimeError, match="a thread broke down"):
        list(play_all([small_task()], agent))


def test_a_native_call_of_a_model_is_an_object_in_the_rollout() -> None:
    stub, agent = model(
        Script(
            lambda _: completion({"content": None, "tool_calls": None}), calls(("cd", '{"path": "/"}')), says("home")
        )
    )
    with stub:
        rollout = play(small_task(), agent)
    assert rollout.messages[4]["tool_calls"][0]["function"] == {"name": "cd", "arguments": {"path": "/"}}


# --------------------------------------------------------------------------------------------------------- command


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "fr_synth.cli", "rollouts", *words]


def test_the_command_writes_a_line_a_rollout(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("first", "second"):
        words = f"rollouts --tasks {run_folder} --agent random --seed 2 --count 5 --json --out {tmp_path}/{name}"
        assert main(words.split()) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == second
    assert json.loads(first)["all"]["number"] == 5
    text = (tmp_path / "first").read_bytes()
    assert text == (tmp_path / "second").read_bytes()
    rollouts = [msgspec.json.decode(line, type=Rollout) for line in text.splitlines()]
    assert json.loads(first) == json.loads(msgspec.json.encode(tally(rollouts)))


def test_the_table_tells_scores_by_world_and_turn(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(f"rollouts --tasks {run_folder} --agent oracle --out {tmp_path}/o".split()) == 0
    out = capsys.readouterr().out
    for row in ("all", "filesystem", "turn 0", "turn 1"):
        assert any(row in line and "1.000" in line and "100.0%" in line for line in out.splitlines())
    assert main(f"rollouts --tasks {run_folder} --agent oracle --overwrite --quiet --out {tmp_path}/o".split()) == 0
    assert capsys.readouterr().out == ""
    slow_words = f"rollouts --tasks {run_folder} --agent oracle --max-steps 1 --overwrite --out {tmp_path}/o"
    assert main(slow_words.split()) == 0
    assert "out of steps: 12" in capsys.readouterr().out


@pytest.mark.slow
def test_a_full_disk_leaves_whole_lines(run_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "rollouts.jsonl"
    (tmp_path / "tasks.jsonl").write_bytes((run_folder / TASKS).read_bytes() * 20)
    limit = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000)); "
    code = limit + "from fr_synth.cli import main; sys.exit(main(sys.argv[1:]))"
    words = ["rollouts", "--tasks", str(tmp_path / "tasks.jsonl"), "--agent", "oracle", "--out", str(out)]
    done = run([sys.executable, "-c", code, *words])
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"funreason: {out}: File too large\n"
    lines = out.read_bytes().splitlines(keepends=True)
    assert 12 < len(lines) < 240
    assert all(line.endswith(b"\n") and msgspec.json.decode(line, type=Rollout) for line in lines)


@pytest.mark.slow
def test_ctrl_c_keeps_what_was_written(run_folder: Path, tasks: Sequence[Task], tmp_path: Path) -> None:
    """The model answers in the first four episodes and is silent in all others; Ctrl-C does not wait for it."""
    out = tmp_path / "rollouts.jsonl"
    heard = {task.turns[0].message for task in tasks[:4]}
    assert heard.isdisjoint(task.turns[0].message for task in tasks[4:])

    def answer(body: JsonObject) -> Reply | str:
        begins = next(message["content"] for message in body["messages"] if message["role"] == "user")
        return slow(0.0 if begins in heard else GUARD, says("At home."))(body)

    with StubEndpoint(answer) as stub:
        words = ["--tasks", str(run_folder), "--agent", "openai:m", "--base-url", stub.url, "--out", str(out)]
        with started(
            command(*words, "--concurrency", "2"), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        ) as process:  # fmt: skip
            until(lambda: out.exists() and out.read_bytes().count(b"\n") == 4, process)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=GUARD / 2)
    kept = out.read_bytes().splitlines()
    assert len(kept) == 4
    assert process.returncode == 130
    assert err.splitlines()[-1] == f"funreason: stopped: 4 rollouts are kept in {out}"
    assert all(msgspec.json.decode(line, type=Rollout) for line in kept)


def test_a_call_of_the_reference_is_played_as_it_stands() -> None:
    turn = Turn("Where am I?", Goal(mentions=("home",)), (ToolCall("pwd", {}),), "At home.")
    rollout = play(small_task(turn), OracleAgent())
    assert rollout.turns[0].calls == 1
    assert rollout.messages[-1] == {"role": "assistant", "content": "At home."}
