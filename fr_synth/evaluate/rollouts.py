"""Rollouts: agents against tasks, and what came of it, turn by turn. One line of JSON each."""

from __future__ import annotations

import contextlib
import functools
import json
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from fr_envs.episode.calls import Malformed
from fr_envs.episode.judging.reward import read_rules
from fr_envs.episode.reading import read_action
from fr_envs.episode.reading.bounds import writable
from fr_envs.episode.session import MAX_STEPS, Session
from fr_envs.episode.task import RewardRules
from fr_envs.episode.turn_kind import TurnKind
from fr_envs.episode.user.talk import ANSWERING
from fr_envs.errors import TeacherError, UserSlipError
from fr_envs.json_values import JsonObject
from fr_envs.streams import generator
from fr_synth.evaluate.agents import Move, ReplyNote
from fr_synth.run.side_by_side import in_order

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from fr_envs.contract.view import View
    from fr_envs.episode.calls import Action
    from fr_envs.episode.judging.reward import Rules
    from fr_envs.episode.observation import Observation
    from fr_envs.episode.task import Task, Turn, Verdict
    from fr_envs.episode.user.talk import User
    from fr_envs.json_values import Json
    from fr_envs.world.tool_call import ToolCall
    from fr_synth.evaluate.agents import Agent

__all__ = ["ROLLOUT_VERSION", "PlayRules", "Rollout", "TurnPlay", "judged", "play", "play_all"]

ROLLOUT_VERSION = 3
"""Version of the form of a rollout."""

Ending = Literal["finished", "out_of_steps", "no_answer", "gave_up", "user_slip"]
"""finished: every turn was answered; out_of_steps: a turn took more steps than it may; no_answer: the agent, or a model
that speaks as the user, failed; gave_up: the user left; user_slip: a model that speaks as the user said what the person
could not, so that the episode is dropped: it counts for nothing, and its messages are not kept."""

_INVALID = frozenset({"malformed_call", "unknown_tool", "invalid_arguments"})


class TurnPlay(msgspec.Struct, frozen=True):
    """How one turn went.

    Attributes:
        kind: What the right move was.
        message: Index of the user's message, None if the episode ended before.
        steps: Messages that the agent wrote.
        calls: Calls that it made.
        invalid: Calls among them that were malformed, of no tool offered, or had invalid arguments.
        score: From 0 to 1; 0 when no reply was given.
        reward: Score less costs.
        reached: Changes and answers that were reached.
        expected: Changes and answers that were expected, None when no reply was given.
        missing: What was not reached, in words.
        forbidden: Rows that should not have changed, ``table[key]``.
        answers: Answers that were expected.
        obtained: Those of them that a call of the turn gave.
        said: Those of them that the reply tells.
        contradiction: Where the reply says what is not so, in words; empty if it does not.
        dumped: The reply passes results on as they are.
        depth: Calls of the reference.
        traits: What else is going on in the turn.
    """

    kind: TurnKind
    message: int | None = None
    steps: int = 0
    calls: int = 0
    invalid: int = 0
    score: float = 0.0
    reward: float = 0.0
    reached: int = 0
    expected: int | None = None
    missing: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    answers: int = 0
    obtained: int = 0
    said: int = 0
    contradiction: str = ""
    dumped: bool = False
    depth: int = 0
    traits: tuple[str, ...] = ()


class Rollout(msgspec.Struct, frozen=True, kw_only=True):
    """One episode of an agent.

    Attributes:
        version: ``ROLLOUT_VERSION`` of the writer.
        task: Identifier of the task.
        domain: Its world.
        agent: Who played.
        seed: Seed of the rollout: that of the run, the number of the task, and that of the sample where it is not 0.
        score: Mean score of the turns, from 0 to 1.
        reward: Sum of all rewards.
        ending: How it ended.
        failure: Why there was no answer, or what the user let slip; empty where all went well.
        turns: One for each turn of the task.
        messages: As in a dialogue record. What could not be read as a call stands as a call of ``malformed_call``.
        sample: Number of the rollout among those of its task, from 0.
        view: Under which names the tools were offered; empty for their own.
        faults: What went wrong in the world on purpose.
        replies: What is known about each message of the agent, in order; empty where nothing is.
        user: Who answered within turns; empty where nobody did.
    """

    version: int = ROLLOUT_VERSION
    task: str
    domain: str
    agent: str
    seed: tuple[int, ...]
    score: float
    reward: float
    ending: Ending
    failure: str
    turns: tuple[TurnPlay, ...]
    messages: tuple[JsonObject, ...]
    sample: int = 0
    view: str = ""
    faults: tuple[str, ...] = ()
    replies: tuple[ReplyNote, ...] = ()
    user: str = ""

    @property
    def dropped(self) -> bool:
        """Whether it counts for nothing, since the user let something slip."""
        return self.ending == "user_slip"

    @property
    def task_key(self) -> str:
        """What tells its task from others: the identifier, or the number where a task has none."""
        return self.task or f"#{self.seed[1]}"


class PlayRules(NamedTuple):
    """What an episode costs, and how long it may take.

    Attributes:
        rewards: Costs of steps and of invalid calls.
        max_steps: Steps that a turn may take.
        user: Who answers what the agent says within a turn; None for nobody.
    """

    rewards: RewardRules = RewardRules()
    max_steps: int = MAX_STEPS
    user: User | None = None

    @classmethod
    def read(cls, given: PlayRules | Rules) -> PlayRules:
        """Take rules as they are, or those of rewards alone, as an object or as plain data; the usual ones for None.

        Raises:
            UsageError: There is no such rule, or a value is none for it.
        """
        return given if isinstance(given, PlayRules) else cls(read_rules(given))


def play(
    task: Task, agent: Agent, seed: tuple[int, ...] = (0, 0), rules: PlayRules | Rules = None, sample: int = 0
) -> Rollout:
    """Let an agent play a task from beginning to end. The same arguments give the same rollout, a model aside.

    Args:
        task: What to play.
        agent: Who plays.
        seed: Seed of what the agent draws.
        rules: Costs and bounds; what pays and what costs alone will do, as ``RewardRules`` or as plain data.
        sample: Number of the rollout among those of its task, from 0.

    Raises:
        EndpointError: No request to the agent's endpoint can succeed.
        UsageError: The task is none that its world can play.
    """
    played = _Episode(task, agent, seed, PlayRules.read(rules)).played()
    return msgspec.structs.replace(played, sample=sample) if sample else played


class _Episode:
    def __init__(self, task: Task, agent: Agent, seed: tuple[int, ...], rules: PlayRules) -> None:
        self.task = task
        self.agent = agent
        self.seed = seed
        self.session = Session(task.domain, rules=rules.rewards, max_steps=rules.max_steps, user=rules.user)
        self.rng = generator(*seed)
        self.session.reset(task)
        told = self.session.domain.system_text_at(self.session.state)
        self.messages: list[JsonObject] = [{"role": "system", "content": told}]
        self.turns: list[TurnPlay] = []
        self.calls = 0
        self.replies: list[ReplyNote] = []

    def played(self) -> Rollout:
        ending: Ending = "finished"
        failure = ""
        try:
            while not self.session.over:
                ending = self._turn()
        except TeacherError as error:
            ending, failure = "no_answer", str(error)
        except UserSlipError as slip:
            ending, failure = "user_slip", str(slip)
            self.messages.clear()
        left = (_unplayed(turn) for turn in self.task.turns[len(self.turns) :])
        return Rollout(
            task=self.task.id, domain=self.task.domain, agent=self.agent.name, seed=self.seed,
            score=self.session.score(), reward=self.session.reward, ending=ending, failure=failure,
            turns=(*self.turns, *left), messages=tuple(self.messages), view=_view(self.task.view),
            faults=tuple(fault.code for fault in self.task.faults), replies=tuple(self.replies),
            user="" if self.session.user is None else self.session.user.name,
        )  # fmt: skip

    def _turn(self) -> Ending:
        """Play one turn; return how the episode would end with it."""
        turn = self.session.current_turn
        assert turn is not None
        self.turns.append(msgspec.structs.replace(_unplayed(turn), message=len(self.messages)))
        self.messages.append({"role": "user", "content": turn.message})
        while True:
            seen = self._step()
            parting = seen.terminated and seen.message is not None
            if seen.message is not None and (seen.verdict is None or parting):
                self.messages.append({"role": "user", "content": seen.message, "name": ANSWERING})
            if seen.verdict is not None:
                self.turns[-1] = judged(self.turns[-1], seen.verdict)
                return "gave_up" if parting else "finished"
            if seen.truncated:
                missing = (f"a reply within {self.session.max_steps} steps",)
                self.turns[-1] = msgspec.structs.replace(self.turns[-1], missing=missing)
                return "out_of_steps"

    def _step(self) -> Observation:
        given = self.agent.act(Move(self.session, self.messages, self.rng, self.replies.append))
        action = read_action(given, self.session.offer)
        seen = self.session.act(action) if action.calls else self.session.say(action.text)
        now = self.turns[-1]
        self.turns[-1] = msgspec.structs.replace(
            now, steps=now.steps + 1, calls=now.calls + len(action.calls), reward=now.reward + seen.reward,
            invalid=now.invalid + sum(_code(result) in _INVALID for result in seen.results),
        )  # fmt: skip
        self._write(action, given, seen.results)
        return seen

    def _write(self, action: Action, given: Json, results: Iterable[JsonObject]) -> None:
        message: JsonObject = {"role": "assistant", "content": action.text}
        if action.reasoning:
            message["reasoning_content"] = action.reasoning
        self.messages.append(message)
        if not action.calls:
            return
        message["tool_calls"] = []
        for number, (call, result) in enumerate(zip(action.calls, results, strict=True)):
            name, arguments = _named(call, given, number)
            call_id = f"call_{self.calls}"
            self.calls += 1
            function = {"name": name, "arguments": arguments}
            message["tool_calls"].append({"id": call_id, "type": "function", "function": function})
            content = json.dumps(result, ensure_ascii=False)
            self.messages.append({"role": "tool", "tool_call_id": call_id, "name": name, "content": content})


def judged(turn: TurnPlay, verdict: Verdict) -> TurnPlay:
    """Return a turn with what a verdict says of it."""
    return msgspec.structs.replace(
        turn, score=verdict.score, reached=verdict.reached, expected=verdict.expected, missing=verdict.missing,
        forbidden=tuple(f"{change.table}[{change.key}]" for change in verdict.forbidden),
        answers=len(verdict.obtained), obtained=sum(verdict.obtained), said=sum(verdict.said),
        contradiction=verdict.contradiction, dumped=verdict.dumped,
    )  # fmt: skip


def _unplayed(turn: Turn) -> TurnPlay:
    return TurnPlay(turn.kind, depth=len(turn.calls), traits=turn.traits)


def _view(view: View | None) -> str:
    """Return how the tools of a task are called: empty for the contract's names, else "aliases" or "codes"."""
    if view is None or not view.renames:
        return ""
    named = [tool for tool in view.tools if tool.offered != tool.tool]
    return "codes" if named and all(re.fullmatch(r"[a-z]+_\d+", tool.offered) for tool in named) else "aliases"


def _code(result: JsonObject) -> str:
    error = result.get("error")
    return str(error.get("code")) if isinstance(error, dict) else ""


def _named(call: ToolCall | Malformed, given: Json, number: int) -> tuple[str, JsonObject]:
    """Return name and arguments under which a call is written down; of what is none, the text as it came."""
    if not isinstance(call, Malformed):
        return call.name, call.arguments
    listed = given.get("tool_calls") if isinstance(given, dict) else None
    text = listed[number] if isinstance(listed, list) and number < len(listed) else given
    return "malformed_call", {"written": writable(text)}


# ------------------------------------------------------------------------------------------------------- many of them


def play_all(
    tasks: Iterable[Task], agent: Agent, seed: int = 0, rules: PlayRules | Rules = None, *, first: int = 0
) -> Generator[Rollout]:
    """Iterate over the rollouts of tasks, in their order; those of an agent that has to wait run side by side.

    Args:
        tasks: What to play; read as far ahead as episodes run side by side.
        agent: Who plays.
        seed: Seed of the run, from 0.
        rules: Costs and bounds, as ``play`` takes them.
        first: Number of the first task, which goes into its seed.

    Raises:
        EndpointError: No request to the agent's endpoint can succeed.
    """
    numbered, read = enumerate(tasks, start=first), PlayRules.read(rules)
    works = (functools.partial(play, task, agent, (seed, number), read) for number, task in numbered)
    if agent.concurrency == 1:
        yield from (work() for work in works)
        return
    with contextlib.closing(in_order(works, lambda: agent.concurrency)) as played:
        yield from played
