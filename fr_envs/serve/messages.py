"""What goes over HTTP: the forms of requests and answers, from which the OpenAPI document is made too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from fr_envs.episode.judging.reward import RewardRules
from fr_envs.json_values import Json, JsonObject
from fr_envs.serve.sessions import Beginning, Seat

if TYPE_CHECKING:
    from fr_envs.episode.judging.verdicts import Verdict
    from fr_envs.episode.observation import Observation
    from fr_envs.episode.session import Session

__all__ = [
    "CallRequest",
    "Digest",
    "Judgement",
    "Listed",
    "OpenRequest",
    "Problem",
    "Reply",
    "RowChange",
    "Score",
    "Standing",
    "Step",
    "TaskPage",
    "World",
]

_MOST = 2**63 - 1


class OpenRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What a session starts with.

    Attributes:
        domain: Short name of the world; may be left out where a task says it, or only one is served.
        seed: Seed of the first state, 0 if left out; a task brings its own.
        scale: Size of the first state, small if left out; a task brings its own.
        task: Identifier or index of a task to play; left out for a free session.
        rules: What pays and what costs in this session; left out for what the server was started with.
    """

    domain: str | None = None
    seed: Annotated[int, msgspec.Meta(ge=0, le=_MOST)] | None = None
    scale: Literal["tiny", "small", "medium", "large", "busy"] | None = None
    task: Annotated[int, msgspec.Meta(ge=0, le=_MOST)] | str | None = None
    rules: RewardRules | None = None

    def beginning(self) -> Beginning:
        """Return what was asked for."""
        return Beginning(self.domain, self.seed or 0, self.scale or "small", self.task, self.rules)


class CallRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A call of a tool.

    Attributes:
        name: Tool to call.
        arguments: Arguments by name.
    """

    name: str
    arguments: JsonObject = {}


class Reply(msgspec.Struct, forbid_unknown_fields=True):
    """What the agent says to the user.

    Attributes:
        text: The reply.
    """

    text: str


class Standing(msgspec.Struct):
    """A session as it stands.

    Attributes:
        session: Identifier.
        domain: Short name of its world.
        task: Identifier of the task that is played; None in a free session.
        policy: The rules that the agent is told.
        message: What the user said last; None in a free session and after the last turn.
        tools: The tools offered in this turn, as OpenAI chat-completions tools.
        digest: Digest of the state, 32 hexadecimal digits.
        turn: Index of the turn, from 0.
        over: The episode has ended.
        ttl: Seconds after which the session is given up if nobody uses it.
    """

    session: str
    domain: str
    task: str | None
    policy: str
    message: str | None
    tools: list[JsonObject]
    digest: str
    turn: int
    over: bool
    ttl: float

    @classmethod
    def of(cls, seat: Seat, ttl: float) -> Standing:
        """Return how a session stands."""
        at = seat.session
        task = None if at.task is None else at.task.id
        return cls(
            seat.id, at.domain.name, task, at.policy, at.message, at.tools, at.digest, at.turn, at.over, ttl
        )  # fmt: skip


class RowChange(msgspec.Struct):
    """One row that differs between two states.

    Attributes:
        table: Name of the table.
        key: Key of the row.
        before: The row, None where there was none.
        after: The row, None where there is none any more.
    """

    table: str
    key: Json
    before: JsonObject | None
    after: JsonObject | None


class Judgement(msgspec.Struct):
    """How well a turn went; what each part says is told with ``fr_envs.Verdict``.

    Attributes:
        score: From 0 to 1.
        reached: Number of changes and answers reached.
        expected: Number of changes and answers expected.
        forbidden: Changes that nobody asked for.
        missing: What was not reached, in words.
        contradiction: Where the reply says what is not so; empty if it does not.
    """

    score: float
    reached: int
    expected: int
    forbidden: list[RowChange]
    missing: list[str]
    contradiction: str

    @classmethod
    def of(cls, verdict: Verdict) -> Judgement:
        """Return a verdict in the form in which it goes out."""
        forbidden = [RowChange(*change) for change in verdict.forbidden]
        missing = list(verdict.missing)
        return cls(
            verdict.score, verdict.reached, verdict.expected, forbidden, missing, verdict.contradiction
        )  # fmt: skip


class Step(msgspec.Struct):
    """What a step leads to.

    Attributes:
        results: One for each call of the step, in order; ``{"error": …}`` where it did not go through.
        message: What the user says next, None when it is still the agent's move or the episode is over.
        verdict: How the turn went, when the step was a reply to a user with a goal.
        reward: Reward of the step.
        terminated: The last turn has been answered.
        truncated: The turn took more steps than it may.
    """

    results: tuple[JsonObject, ...]
    message: str | None
    verdict: Judgement | None
    reward: float
    terminated: bool
    truncated: bool

    @classmethod
    def of(cls, seen: Observation) -> Step:
        """Return an observation in the form in which it goes out."""
        verdict = None if seen.verdict is None else Judgement.of(seen.verdict)
        return cls(seen.results, seen.message, verdict, seen.reward, seen.terminated, seen.truncated)


class Digest(msgspec.Struct):
    """The state of a session in brief.

    Attributes:
        digest: Digest of the state, 32 hexadecimal digits.
    """

    digest: str


class Score(msgspec.Struct):
    """How well an episode has gone so far.

    Attributes:
        score: Mean score of the task's turns, 0 to 1; 0 in a free session.
        reward: Sum of the rewards of all steps.
        verdicts: One for each turn that was answered.
        over: The episode has ended.
    """

    score: float
    reward: float
    verdicts: list[Judgement]
    over: bool

    @classmethod
    def of(cls, at: Session) -> Score:
        """Return how well a session has gone."""
        return cls(at.score(), at.reward, [Judgement.of(verdict) for verdict in at.verdicts], at.over)


class World(msgspec.Struct):
    """A world that is served.

    Attributes:
        name: Short name.
        summary: What it is.
        tools: Number of its tools.
    """

    name: str
    summary: str
    tools: int


class Listed(msgspec.Struct):
    """A task that is served.

    Attributes:
        index: Its index, from 0.
        id: Its identifier; empty if it has none.
        domain: Short name of its world.
    """

    index: int
    id: str
    domain: str


class TaskPage(msgspec.Struct):
    """Some of the tasks that are served.

    Attributes:
        total: Number of all.
        tasks: Those of the page.
    """

    total: int
    tasks: list[Listed]


class Problem(msgspec.Struct):
    """Why a request was not done, after RFC 9457.

    Attributes:
        title: The status in words.
        status: The status code.
        detail: What is wrong and how to mend it, in one line.
        type: ``about:blank``: the status says what kind of problem it is.
    """

    title: str
    status: int
    detail: str
    type: str = "about:blank"
