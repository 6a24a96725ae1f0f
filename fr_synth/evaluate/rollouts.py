"""Rollouts: agents against tasks, and what came of it, turn by turn. One line of JSON each."""

from __future__ import annotations

import collections
import json
import math
import threading
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
from typing_extensions import override

from fr_envs.episode.calls import Malformed
from fr_envs.episode.reading import read_action
from fr_envs.episode.reading.bounds import writable
from fr_envs.episode.session import MAX_STEPS, Session
from fr_envs.episode.task import RewardRules
from fr_envs.episode.turn_kind import TurnKind
from fr_envs.errors import FunReasonError, TeacherError
from fr_envs.json_values import JsonObject
from fr_envs.streams import generator
from fr_synth.evaluate.agents import Move

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from fr_envs.episode.calls import Action
    from fr_envs.episode.observation import Observation
    from fr_envs.episode.task import Task, Verdict
    from fr_envs.json_values import Json
    from fr_envs.world.tool_call import ToolCall
    from fr_synth.evaluate.agents import Agent

__all__ = ["ROLLOUT_VERSION", "PlayRules", "Rollout", "RolloutTotals", "Share", "TurnPlay", "play", "play_all", "tally"]

ROLLOUT_VERSION = 2
"""Version of the form of a rollout."""

Ending = Literal["finished", "out_of_steps", "no_answer"]
"""finished: every turn was answered; out_of_steps: a turn took more steps than it may; no_answer: the agent failed."""

_INVALID = frozenset({"malformed_call", "unknown_tool", "invalid_arguments"})


class TurnPlay(msgspec.Struct, frozen=True):
    """How one turn went.

    Attributes:
        kind: What the right move was.
        traits: What else was going on.
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
    traits: tuple[str, ...] = ()


class Rollout(msgspec.Struct, frozen=True, kw_only=True):
    """One episode of an agent.

    Attributes:
        version: ``ROLLOUT_VERSION`` of the writer.
        task: Identifier of the task.
        domain: Its world.
        agent: Who played.
        seed: Seed of the rollout: that of the run, and its number.
        score: Mean score of the turns, from 0 to 1.
        reward: Sum of all rewards.
        ending: How it ended.
        failure: Why the agent had no answer; empty if it had.
        turns: One for each turn of the task.
        messages: As in a dialogue record. What could not be read as a call stands as a call of ``malformed_call``.
    """

    version: int = ROLLOUT_VERSION
    task: str
    domain: str
    agent: str
    seed: tuple[int, int]
    score: float
    reward: float
    ending: Ending
    failure: str
    turns: tuple[TurnPlay, ...]
    messages: tuple[JsonObject, ...]


class PlayRules(NamedTuple):
    """What an episode costs, and how long it may take.

    Attributes:
        rewards: Costs of steps and of invalid calls.
        max_steps: Steps that a turn may take.
    """

    rewards: RewardRules = RewardRules()
    max_steps: int = MAX_STEPS


def play(task: Task, agent: Agent, seed: tuple[int, int] = (0, 0), rules: PlayRules | None = None) -> Rollout:
    """Let an agent play a task from beginning to end. The same arguments give the same rollout, a model aside.

    Args:
        task: What to play.
        agent: Who plays.
        seed: Seed of what the agent draws.
        rules: Costs and bounds.

    Raises:
        EndpointError: No request to the agent's endpoint can succeed.
        UsageError: The task is none that its world can play.
    """
    return _Episode(task, agent, seed, rules or PlayRules()).played()


class _Episode:
    def __init__(self, task: Task, agent: Agent, seed: tuple[int, int], rules: PlayRules) -> None:
        self.task = task
        self.agent = agent
        self.seed = seed
        self.session = Session(task.domain, rules=rules.rewards, max_steps=rules.max_steps)
        self.rng = generator(*seed)
        self.session.reset(task)
        told = self.session.domain.system_text_at(self.session.state)
        self.messages: list[JsonObject] = [{"role": "system", "content": told}]
        self.turns: list[TurnPlay] = []
        self.calls = 0

    def played(self) -> Rollout:
        ending: Ending = "finished"
        failure = ""
        try:
            while not self.session.over:
                if not self._turn():
                    ending = "out_of_steps"
        except TeacherError as error:
            ending, failure = "no_answer", str(error)
        left = (TurnPlay(turn.kind, traits=turn.traits) for turn in self.task.turns[len(self.turns) :])
        return Rollout(
            task=self.task.id, domain=self.task.domain, agent=self.agent.name, seed=self.seed,
            score=self.session.score(), reward=self.session.reward, ending=ending, failure=failure,
            turns=(*self.turns, *left), messages=tuple(self.messages),
        )  # fmt: skip

    def _turn(self) -> bool:
        """Play one turn; return True if it was answered."""
        turn = self.session.current_turn
        assert turn is not None
        self.turns.append(TurnPlay(turn.kind, len(self.messages), traits=turn.traits))
        self.messages.append({"role": "user", "content": turn.message})
        while True:
            seen = self._step()
            if seen.verdict is not None:
                self.turns[-1] = _judged(self.turns[-1], seen.verdict)
                return True
            if seen.truncated:
                missing = (f"a reply within {self.session.max_steps} steps",)
                self.turns[-1] = msgspec.structs.replace(self.turns[-1], missing=missing)
                return False

    def _step(self) -> Observation:
        given = self.agent.act(Move(self.session, self.messages, self.rng))
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


def _judged(turn: TurnPlay, verdict: Verdict) -> TurnPlay:
    return msgspec.structs.replace(
        turn, score=verdict.score, reached=verdict.reached, expected=verdict.expected, missing=verdict.missing,
        forbidden=tuple(f"{change.table}[{change.key}]" for change in verdict.forbidden),
        answers=len(verdict.obtained), obtained=sum(verdict.obtained), said=sum(verdict.said),
        contradiction=verdict.contradiction, dumped=verdict.dumped,
    )  # fmt: skip


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
    tasks: Iterable[Task], agent: Agent, seed: int = 0, rules: PlayRules | None = None, *, first: int = 0
) -> Generator[Rollout]:
    """Iterate over the rollouts of tasks, in their order; those of an agent that has to wait run side by side.

    Args:
        tasks: What to play; read as far ahead as episodes run side by side.
        agent: Who plays.
        seed: Seed of the run, from 0.
        rules: Costs and bounds.
        first: Number of the first task, which goes into its seed.

    Raises:
        EndpointError: No request to the agent's endpoint can succeed.
    """
    numbered = enumerate(tasks, start=first)
    if agent.concurrency == 1:
        for number, task in numbered:
            yield play(task, agent, (seed, number), rules)
        return
    waiting: collections.deque[_Job] = collections.deque()
    abandoned = threading.Event()
    try:
        for number, task in numbered:
            waiting.append(_Job(task, agent, (seed, number), rules, abandoned))
            if len(waiting) >= agent.concurrency:
                yield waiting[0].result()
                waiting.popleft()
        while waiting:
            yield waiting[0].result()
            waiting.popleft()
    finally:
        abandoned.set()


class _Job(threading.Thread):
    """One rollout on a daemon thread, for which Ctrl-C need not wait, as it would for an executor's."""

    def __init__(
        self, task: Task, agent: Agent, seed: tuple[int, int], rules: PlayRules | None, abandoned: threading.Event
    ) -> None:
        super().__init__(daemon=True)
        self.what = (task, agent, seed, rules)
        self.rollout: Rollout | None = None
        self.error: FunReasonError | None = None
        self.abandoned = abandoned
        self.start()

    @override
    def run(self) -> None:
        try:
            self.rollout = play(*self.what)
        except FunReasonError as error:
            self.error = error
        except RuntimeError:  # connections are closed when the process ends
            if not self.abandoned.is_set():
                raise

    def result(self) -> Rollout:
        """Wait for the rollout."""
        self.join()
        if self.error is not None:
            raise self.error
        if self.rollout is None:
            raise RuntimeError(f"the agent broke down in task {self.what[0].id}; see the traceback above")
        return self.rollout


# ---------------------------------------------------------------------------------------------------------- what came


class Share(msgspec.Struct, frozen=True):
    """How well a part of the rollouts, or of their turns, went.

    Attributes:
        number: How many.
        score: Their mean score, from 0 to 1.
        perfect: Share of them with the score 1, from 0 to 1.
    """

    number: int
    score: float
    perfect: float


class RolloutTotals(msgspec.Struct, frozen=True):
    """Figures of rollouts.

    Attributes:
        agent: Who played; several names are joined by commas.
        all: Every rollout.
        by_domain: By world.
        by_turn: By number of the turn, from 0; of turns, not rollouts.
        by_kind: By kind of turn; of turns likewise.
        by_trait: By trait; of turns, each counted under every trait that it has.
        endings: Number of rollouts by how they ended.
        steps: Messages that the agent wrote.
        calls: Calls that it made.
        invalid: Calls among them that were malformed, of no tool offered, or had invalid arguments.
    """

    agent: str
    all: Share
    by_domain: dict[str, Share]
    by_turn: tuple[Share, ...]
    by_kind: dict[str, Share]
    by_trait: dict[str, Share]
    endings: dict[str, int]
    steps: int
    calls: int
    invalid: int


def tally(rollouts: Iterable[Rollout]) -> RolloutTotals:
    """Add rollouts up. Their messages play no part, so they need not be kept for it."""
    rollouts = list(rollouts)
    domains: dict[str, list[float]] = {}
    places: dict[int, list[float]] = {}
    kinds: dict[str, list[float]] = {}
    traits: dict[str, list[float]] = {}
    for rollout in rollouts:
        domains.setdefault(rollout.domain, []).append(rollout.score)
        for number, turn in enumerate(rollout.turns):
            places.setdefault(number, []).append(turn.score)
            kinds.setdefault(turn.kind, []).append(turn.score)
            for trait in turn.traits:
                traits.setdefault(trait, []).append(turn.score)
    turns = [turn for rollout in rollouts for turn in rollout.turns]
    return RolloutTotals(
        agent=", ".join(dict.fromkeys(rollout.agent for rollout in rollouts)),
        all=_share([rollout.score for rollout in rollouts]),
        by_domain={name: _share(scores) for name, scores in sorted(domains.items())},
        by_turn=tuple(_share(scores) for _, scores in sorted(places.items())),
        by_kind={name: _share(scores) for name, scores in sorted(kinds.items())},
        by_trait={name: _share(scores) for name, scores in sorted(traits.items())},
        endings=dict(sorted(collections.Counter(rollout.ending for rollout in rollouts).items())),
        steps=sum(turn.steps for turn in turns),
        calls=sum(turn.calls for turn in turns),
        invalid=sum(turn.invalid for turn in turns),
    )


def _share(scores: list[float]) -> Share:
    number = len(scores)
    if not number:
        return Share(0, 0.0, 0.0)
    perfect = sum(score >= 1.0 for score in scores)
    return Share(number, round(math.fsum(scores) / number, 6), round(perfect / number, 6))
