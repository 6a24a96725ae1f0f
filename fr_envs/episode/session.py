"""Session: the trainer-neutral episode. Everything that serves worlds to agents stands on this class.

``docs/episodes.md`` draws the legal sequences of an episode, and says what each step may be and what it returns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from typing_extensions import override

from fr_envs.contract.view import checked_view, read_view
from fr_envs.episode.calls import Malformed
from fr_envs.episode.faults import struck
from fr_envs.episode.judging.reward import payment, read_rules, shown_error
from fr_envs.episode.observation import Observation, Past, Snapshot, calls_since, judged, read_task, task_for
from fr_envs.episode.offering import Offering, offering_of, policy_at, view_of
from fr_envs.episode.reading import plain_call, read_action
from fr_envs.episode.trajectory import RecordedCall, Trajectory, first_state, hex_digest, step_of
from fr_envs.episode.user.scripted import user_named
from fr_envs.episode.user.talk import Exchange, Heard, hear
from fr_envs.errors import UsageError
from fr_envs.world.registry import load_domain
from fr_envs.world.tool_call import ToolCall, ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fr_envs.contract.view import View
    from fr_envs.episode.judging.reward import Rules
    from fr_envs.episode.observation import Made
    from fr_envs.episode.reading.offer import Offer
    from fr_envs.episode.task import Task, Turn, Verdict
    from fr_envs.episode.user.talk import Answer, User
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Domain, Scale
    from fr_envs.world.lens import Lens
    from fr_envs.world.state import Change, State

__all__ = ["MAX_STEPS", "Observation", "Session", "Snapshot", "read_task"]

MAX_STEPS = 50
"""Steps that a turn may take before the episode is cut off."""

_PARTS = ("domain", "rules", "max_steps", "view", "user")
_INVALID = frozenset({"malformed_call", "unknown_tool", "invalid_arguments"})


class Session:
    """One world, one episode at a time.

    Args:
        domain: The world, or the short name of a shipped one.
        rules: What pays and what costs; as an object or as plain data.
        max_steps: Steps that a turn may take; None for no bound.
        view: Under which names tools are offered where the task says nothing of it; None for the contract's own.
        user: Who answers what the agent says within a turn: ``scripted``, a ``User`` of one's own, or nobody.

    Raises:
        UsageError: There is no such world or user, or the view does not fit it.

    Example:
        >>> session = Session("banking")
        >>> session.reset(seed=7).terminated
        False
        >>> session.call("no_such_tool")["error"]["code"]
        'unknown_tool'
    """

    __slots__ = (
        "_digested", "_domain", "_lens", "_offering", "max_steps", "rules", "user", "view",
        *(f"_{name}" for name in Snapshot._fields),
    )  # fmt: skip

    _digested: tuple[State, str] | None
    _lens: Lens | None
    _offering: Offering
    _task: Task | None
    _seed: tuple[int, ...]
    _scale: Scale
    _start: State
    _turn_start: State
    _state: State
    _past: Past
    _turn_past: Past
    _turn: int
    _turn_steps: int
    _verdicts: tuple[Verdict, ...]
    _reward: float
    _over: bool
    _talk: tuple[Exchange, ...]

    def __init__(
        self,
        domain: Domain[Any] | str,
        *,
        rules: Rules = None,
        max_steps: int | None = MAX_STEPS,
        view: View | Mapping[str, Json] | str | None = None,
        user: User | str | None = None,
    ) -> None:
        """Take the world; ``reset`` starts an episode."""
        self._domain = load_domain(domain) if isinstance(domain, str) else domain
        self.rules, self.max_steps = read_rules(rules), max_steps
        self.view = None if view is None else checked_view(read_view(view), self._domain.spec)
        self._task = self._digested = None
        self._begin(over=True)
        self.user = user_named(user) if isinstance(user, str) else user
        self._look()

    def reset(
        self,
        task: Task | Mapping[str, Json] | str | None = None,
        *,
        seed: int | Sequence[int] | None = None,
        scale: Scale = "small",
    ) -> Observation:
        """Start an episode: of a task, or a free one in which tools can be called and nothing is judged.

        Args:
            task: What to play; as an object, as plain data, or as JSON text. It brings its own seed and scale.
            seed: Seed of the first state in a free session; 0 if not given.
            scale: Size of the first state in a free session.

        Returns:
            The user's first message, None in a free session.

        Raises:
            UsageError: The task is none, is for another world, or names a tool that the world has not; or there is
                no such scale; or the task's view does not fit the world, or lacks a tool that the task needs.
        """
        self._task = played = None if task is None else task_for(self._domain, task)
        given = (seed or 0,) if isinstance(seed, int | None) else tuple(seed)
        self._seed, self._scale = (given, scale) if played is None else (played.seed, played.scale)
        self._look()
        self._start = self._turn_start = self._state = first_state(self._domain, self._seed, self._scale)
        self._begin(over=False)
        return Observation(message=self.message)

    def _begin(self, *, over: bool) -> None:
        self._past, self._turn_past, self._turn, self._turn_steps, self._talk = None, None, 0, 0, ()
        self._verdicts, self._reward, self._over = (), 0.0, over

    def _look(self) -> None:
        self._lens = view_of(self._domain, self._task, self.view)
        self._offer()

    def _offer(self) -> None:
        turn = self.current_turn
        offered = frozenset(turn.tools) if turn is not None and turn.tools else None
        self._offering = offering_of(self._domain, self._lens, offered)

    def call(self, name: str, arguments: JsonObject | None = None) -> JsonObject:
        """Take one step: call a tool and return what the agent sees. ``{"error": …}`` where it did not go through.

        Raises:
            UsageError: The episode is over.
        """
        return self._calls(read_action(ToolCall(name, arguments or {})).calls).results[0]

    def act(self, given: Json) -> Observation:
        """Take one step: whatever the agent wrote, read by ``fr_envs.episode.reading.read_action``.

        Raises:
            UsageError: The episode is over.
        """
        call = plain_call(given)
        if call is not None:  # nearly always
            return self._calls((call,))
        action = read_action(given, self._offering.offer)
        return self._calls(action.calls) if action.calls else self.say(action.text)

    def say(self, text: str) -> Observation:
        """Take one step: reply to the user. The turn is judged; the user's next message comes, or the episode ends.

        Where somebody answers as the user, the turn may go on instead, with what they say and without a verdict.

        Raises:
            UsageError: The episode is over.
            TeacherError: A model that speaks as the user has no answer.
        """
        turn = self._must_go_on()
        told = "" if turn is None or turn.kind == "act" else self.policy  # a refusal may quote the rules
        verdict = None if turn is None else judged(self.snapshot(), turn, text, self.rules, told)
        answer = None if verdict is None else self._hear(text, verdict)
        if answer is not None and not answer.parting:
            return self._step((), answer.text)
        self._verdicts += () if verdict is None else (verdict,)
        self._turn, self._turn_steps = self._turn + 1, 0
        self._turn_start, self._turn_past = self._state, self._past
        self._over = self._task is None or self._turn >= len(self._task.turns) or answer is not None
        self._offer()
        reward = self._paid(replied=verdict is not None) - self.rules.step_cost
        self._reward += reward
        said = self.message if answer is None else answer.text
        return Observation(message=said, verdict=verdict, reward=reward, terminated=self._over)

    @property
    def _made(self) -> Made:
        return calls_since(self._past, self._turn_past)

    def _hear(self, text: str, verdict: Verdict) -> Answer | None:
        """Let the user answer a reply; None where the turn ends with it."""
        if self.user is None or self._task is None:
            return None
        heard = Heard(self._domain.spec, self._task, self._turn, self._talk, text, verdict)
        self._talk, answer = hear(self.user, heard)
        return answer

    def _calls(self, calls: Sequence[ToolCall | Malformed]) -> Observation:
        if self._over:
            self._must_go_on()
        if len(calls) == 1:
            value, invalid = self._run(calls[0])
            return self._step((value,), None, self.rules.invalid_penalty * invalid)
        results, invalid_ones = zip(*(self._run(call) for call in calls), strict=True)
        return self._step(results, None, self.rules.invalid_penalty * sum(invalid_ones))

    def _step(self, results: tuple[JsonObject, ...], said: str | None, penalty: float = 0.0) -> Observation:
        """Count a step after which the turn goes on, unless it has taken as many as it may."""
        self._turn_steps = steps = self._turn_steps + 1
        self._over = over = self.max_steps is not None and steps >= self.max_steps
        reward = (self._paid(replied=False) if over else 0.0) - self.rules.step_cost - penalty
        self._reward += reward
        return Observation(results, said, None, reward, False, over)

    def _paid(self, *, replied: bool) -> float:
        return payment(self.rules, [each.score for each in self._verdicts], replied=replied, over=self._over)

    def _run(self, call: ToolCall | Malformed) -> tuple[JsonObject, bool]:
        """Return what the agent sees of a call, and whether it was none that the world could take."""
        if isinstance(call, Malformed):
            return self._told(call.error)
        made = call if self._offering.plain else self._offering.meant(call)
        if isinstance(made, ToolError):
            return self._told(made)
        faults = () if self._task is None else self._task.faults
        met = struck(faults, self._turn, made.name, self._made, self._state) if faults else None
        outcome = met or self._domain.apply(self._state, made)
        self._state = outcome.state
        self._past = (self._past, made, outcome)
        error = outcome.error
        if error is None:
            return outcome.value, False
        return self._told(error if self._lens is None else self._lens.shown_error(made, error))

    def _told(self, error: ToolError) -> tuple[JsonObject, bool]:
        return shown_error(self.rules, error), error.code in _INVALID

    def _must_go_on(self) -> Turn | None:
        if self._over:
            raise UsageError("no episode is going on; call reset")
        return self.current_turn

    @property
    def domain(self) -> Domain[Any]:
        """The world."""
        return self._domain

    @property
    def policy(self) -> str:
        """The rules that the agent is told."""
        return policy_at(self._domain, self._lens, getattr(self, "_start", None))  # none before the first reset

    @property
    def task(self) -> Task | None:
        """What is played, None in a free session."""
        return self._task

    @property
    def turn(self) -> int:
        """Index of the turn that is being played, from 0; the number of turns after the last."""
        return self._turn

    @property
    def current_turn(self) -> Turn | None:
        """The turn that is being played; None in a free session and after the last."""
        return None if self._task is None or self._turn >= len(self._task.turns) else self._task.turns[self._turn]

    @property
    def message(self) -> str | None:
        """What the user said last; None in a free session and after the last turn."""
        turn = self.current_turn
        return None if turn is None else turn.message

    @property
    def tool_names(self) -> tuple[str, ...]:
        """Names of the tools offered in this turn, in the order in which they are offered."""
        return tuple(self._offering.named)

    @property
    def tools(self) -> list[JsonObject]:
        """The tools offered in this turn, as OpenAI chat-completions tools. Shared: not to be changed."""
        return self._offering.tools

    @property
    def offer(self) -> Offer:
        """The tools offered in this turn, as ``read_action`` takes them."""
        return self._offering.offer

    @property
    def offering(self) -> Offering:
        """The tools offered in this turn, and how their names and the contract's go together."""
        return self._offering

    @property
    def standing(self) -> tuple[State, Offering, int]:
        """Where the episode stands: the state, the tools offered, the index of the turn."""
        return self._state, self._offering, self._turn

    @property
    def state(self) -> State:
        """The state now."""
        return self._state

    @property
    def digest(self) -> str:
        """Digest of the state now, as 32 hexadecimal digits."""
        if self._digested is None or self._digested[0] is not self._state:
            self._digested = self._state, hex_digest(self._state)
        return self._digested[1]

    @property
    def over(self) -> bool:
        """Whether the episode has ended, or none has been started."""
        return self._over

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """One verdict for each turn that was answered."""
        return self._verdicts

    @property
    def reward(self) -> float:
        """Sum of the rewards of all steps so far."""
        return self._reward

    @property
    def steps(self) -> tuple[RecordedCall, ...]:
        """Every call that reached the world: neither what could not be read nor a call of a tool not offered."""
        made = calls_since(self._past, None)
        return tuple(each if isinstance(each, RecordedCall) else step_of(call, each) for call, each in made)

    @property
    def trajectory(self) -> Trajectory:
        """The steps with the first state that they start from."""
        return Trajectory(self._domain.name, self._seed, self._scale, self.steps)

    def diff(self) -> tuple[Change, ...]:
        """Return every row that differs from the start of the episode."""
        return self._start.diff(self._state)

    def score(self) -> float:
        """Return the mean score of the task's turns, from 0 to 1; a turn not answered counts 0, as does no task."""
        return 0.0 if self._task is None else sum(v.score for v in self._verdicts) / len(self._task.turns)

    def snapshot(self) -> Snapshot:
        """Return everything that changes, as a value. O(1).

        Raises:
            UsageError: No episode was ever started.
        """
        if not hasattr(self, "_state"):
            raise UsageError("no episode was started; call reset")
        return Snapshot(*(getattr(self, f"_{name}") for name in Snapshot._fields))

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot of this session or of another one of the same world. O(1)."""
        played = self._task
        for name, value in zip(Snapshot._fields, snapshot, strict=True):
            setattr(self, f"_{name}", value)
        (self._offer if self._task is played else self._look)()

    def fork(self) -> Self:
        """Return a session that stands where this one stands and goes its own way from here. O(1)."""
        twin = type(self)(self._domain, rules=self.rules, max_steps=self.max_steps, view=self.view, user=self.user)
        twin.restore(self.snapshot())
        return twin

    @override
    def __getstate__(self) -> JsonObject:
        """Steps in place of outcomes, whose states would be written out one by one."""
        parts: JsonObject = {name: getattr(self, name) for name in _PARTS}
        if not hasattr(self, "_state"):
            return parts
        before = len(calls_since(self._past, None)) - len(self._made)
        at = self.snapshot()._replace(past=None, turn_past=None)
        return parts | {"at": tuple(at), "steps": self.steps, "before": before}

    def __setstate__(self, parts: JsonObject) -> None:
        """Take apart what ``__getstate__`` gave."""
        self.__init__(**{name: parts[name] for name in _PARTS})  # type: ignore[misc]
        if "at" not in parts:
            return
        past: Past = None
        marks: list[Past] = [None]
        for step in parts["steps"]:
            past = (past, step.call, step)
            marks.append(past)
        self.restore(Snapshot(*parts["at"])._replace(past=past, turn_past=marks[parts["before"]]))
