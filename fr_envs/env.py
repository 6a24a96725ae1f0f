"""ToolEnv: a session as a Gymnasium environment; spaces of text.

``docs/episodes.md`` draws the legal sequences of an episode and says what a step may be and what it returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import gymnasium as gym
import msgspec
from gymnasium.vector.utils import batch_space, concatenate
from typing_extensions import override

from fr_envs.contract.patterns import Numbers
from fr_envs.contract.samples import sample_arguments
from fr_envs.episode.calls import Action
from fr_envs.episode.session import MAX_STEPS, Session
from fr_envs.episode.task_deck import TaskDeck
from fr_envs.errors import UsageError
from fr_envs.shared_texts import share
from fr_envs.step_info import StepInfo
from fr_envs.streams import draw_seed
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    import numpy as np

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.contract.view import View
    from fr_envs.episode.observation import Observation
    from fr_envs.episode.offering import Offering
    from fr_envs.episode.task import RewardRules
    from fr_envs.episode.task_deck import Tasks
    from fr_envs.episode.user.talk import User
    from fr_envs.json_values import Json
    from fr_envs.world.domain import Domain, Scale

__all__ = ["ActionSpace", "MessageSpace", "ToolEnv"]

_encode = msgspec.json.Encoder().encode


class MessageSpace(gym.Space[str]):
    """Every text. Gymnasium's ``Text`` rejects ordinary prose, as its characters and length are bounded."""

    def __init__(self, seed: int | np.random.Generator | None = None) -> None:
        """Take the seed of what ``sample`` draws."""
        super().__init__(dtype=str, seed=seed)

    @property
    @override
    def is_np_flattenable(self) -> bool:
        return False

    @override
    def contains(self, x: Any) -> bool:
        return isinstance(x, str)

    @override
    def sample(self, mask: None = None, probability: None = None) -> str:
        words = ("Thank", "you,", "please", "look", "again", "at", "the", "first", "one", "tomorrow")
        picked = self.np_random.integers(len(words), size=int(self.np_random.integers(1, 12)))
        return " ".join(words[int(i)] for i in picked) + "."

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, MessageSpace)

    @override
    def __hash__(self) -> int:
        return hash(MessageSpace)

    @override
    def __repr__(self) -> str:
        return "MessageSpace()"


class ActionSpace(gym.Space[Any]):
    """What an assistant can write: prose, calls as text, calls and messages as objects.

    ``sample`` draws one well-formed call of one of the tools offered, as JSON text; it is seeded as every space is.

    Args:
        spec: Contract of the world.
        seed: Seed of what ``sample`` draws.

    Attributes:
        tools: Name under which a tool is offered -> its name in the contract.
        view: Under which names parameters are offered; None for the contract's own.
    """

    def __init__(self, spec: DomainSpec, seed: int | np.random.Generator | None = None) -> None:
        """Keep the contract, from which samples are drawn."""
        super().__init__(dtype=object, seed=seed)
        self.spec = spec
        self.tools = {name: name for name in spec.tools}
        self.view: View | None = None
        self._numbers = Numbers(self.np_random)

    @property
    @override
    def is_np_flattenable(self) -> bool:
        return False

    @override
    def contains(self, x: Any) -> bool:
        if isinstance(x, Sequence) and not isinstance(x, str | bytes | bytearray):
            return bool(x) and all(isinstance(item, Mapping | ToolCall) for item in x)
        return isinstance(x, str | Mapping | ToolCall | Action)

    @override
    def sample(self, mask: Sequence[str] | None = None, probability: None = None) -> str:
        """Draw a call; ``mask`` holds the names of the tools to choose from, all of them if None."""
        names = tuple(mask) if mask else tuple(self.tools)
        if self._numbers.rng is not self.np_random:  # seeded anew
            self._numbers = Numbers(self.np_random)
        name = names[self._numbers.integers(len(names))]
        tool = self.tools.get(name, name)
        arguments = sample_arguments(self.spec, tool, self._numbers)
        if self.view is not None:
            each = next(each for each in self.view.tools if each.tool == tool)
            arguments = {each.parameters.get(n, n): v for n, v in arguments.items() if n not in each.omitted}
        return _encode({"name": name, "arguments": arguments}).decode()

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, ActionSpace) and (self.spec.id, self.spec.tools.keys()) == (
            other.spec.id, other.spec.tools.keys()
        )  # fmt: skip

    @override
    def __hash__(self) -> int:
        return hash((self.spec.id, tuple(self.spec.tools)))

    @override
    def __repr__(self) -> str:
        return f"ActionSpace({self.spec.name})"


def _batched(space: ActionSpace, n: int = 1) -> gym.Space[Any]:
    """As Gymnasium batches spaces that it does not know, without a copy of the contract for each."""
    batch = gym.spaces.Tuple(tuple(ActionSpace(space.spec) for _ in range(n)))
    batch.seed([int(seed) for seed in space.np_random.integers(2**31, size=n)])
    return batch


class _Texts(tuple[str, ...]):
    """The observations of a vector, which copies them anew at every step: texts in a tuple are as good as a copy."""

    __slots__ = ()

    def __deepcopy__(self, memo: object) -> _Texts:
        return self


def _together(space: MessageSpace, items: Iterable[str], out: object) -> _Texts:
    """As Gymnasium puts observations together that it does not know."""
    return _Texts(items)


batch_space.register(ActionSpace, _batched)
concatenate.register(MessageSpace, _together)
share(MessageSpace)


class ToolEnv(gym.Env[str, Any]):
    """A world as a Gymnasium environment: the agent writes text or objects, and reads text.

    Args:
        domain: The world, or the short name of a shipped one.
        rules: What pays and what costs; as an object or as plain data.
        max_steps: Steps that a turn may take before the episode is truncated; None for no bound.
        tasks: A run folder, a file of tasks, or tasks; each reset plays the next of those for the world, in
            an order that the environment's seed draws. None for free episodes.
        scale: Size of the first state in free episodes.
        view: Under which names tools are offered, as a ``View``, as plain data, or as JSON text; a task's own goes
            before it. None for the contract's own.
        user: Who answers what the agent says within a turn of a task: ``scripted``, a ``User`` of one's own, or nobody.
        render_mode: ``ansi``, or None.

    Example:
        >>> import gymnasium
        >>> import fr_envs
        >>> env = gymnasium.make("FunReason/Banking-v0")
        >>> observation, info = env.reset(seed=7)
        >>> observation, reward, terminated, truncated, info = env.step('{"name": "no_such_tool", "arguments": {}}')
        >>> observation.startswith('{"error":{"code":"unknown_tool"')
        True
    """

    metadata: ClassVar[dict[str, Any]] = {"render_modes": ["ansi"], "render_fps": 1}  # type: ignore[misc]

    def __init__(  # noqa: PLR0913 (gymnasium.make hands over every option as a keyword)
        self,
        domain: Domain[Any] | str,
        *,
        rules: RewardRules | Mapping[str, Json] | None = None,
        max_steps: int | None = MAX_STEPS,
        tasks: Tasks | None = None,
        scale: Scale = "small",
        view: View | Mapping[str, Json] | str | None = None,
        user: User | str | None = None,
        render_mode: str | None = None,
    ) -> None:
        """Take the world; ``reset`` starts an episode.

        Raises:
            UsageError: There is no such world, user or render mode, no task for the world, or the view does not fit it.
        """
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise UsageError(f"no render mode {render_mode!r}; there is ansi")
        self.session = Session(domain, rules=rules, max_steps=max_steps, view=view, user=user)
        self._deck = None if tasks is None else TaskDeck(tasks, self.session.domain.name)
        self._scale = scale
        self.render_mode = render_mode
        self.observation_space = MessageSpace()
        self.action_space: ActionSpace = ActionSpace(self.session.domain.spec)
        self._shown = ""
        self._offering: Offering | None = None
        self._tell_space()

    @override
    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Start an episode.

        Args:
            seed: Seed of the environment's generator, and of the first state in a free episode, which is drawn from the
                generator if None. With tasks it begins a new order of them.
            options: ``task`` (a ``Task``, the same as plain data, or as JSON text), which is played whatever would be
                next, or ``scale`` of a free episode.

        Raises:
            UsageError: There is no such option, scale or task.
        """
        super().reset(seed=seed)
        options = options or {}
        unknown = options.keys() - {"task", "scale"}
        if unknown:
            raise UsageError(f"no option {', '.join(sorted(unknown))}; there are task and scale")
        if seed is not None and self._deck is not None:
            self._deck.shuffle(self.np_random)
        task = options.get("task")
        if task is None and self._deck is not None:
            task = self._deck.draw(self.np_random)
        drawn = draw_seed(self.np_random) if seed is None else seed
        seen = self.session.reset(task, seed=drawn, scale=options.get("scale", self._scale))
        policy = self.session.policy
        self._shown = policy if seen.message is None else f"{policy}\n\nUser: {seen.message}"
        return self._shown, self._info(seen)

    @override
    def step(self, action: Any) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Take one step: calls, whose results come back as JSON, or a reply, to which the user answers.

        Raises:
            UsageError: The episode is over.
        """
        session = self.session
        seen = session.act(action)
        results = seen.results
        if not results:
            self._shown = seen.message or ""
            return self._shown, seen.reward, seen.terminated, seen.truncated, self._info(seen)
        state, offering, turn = session.standing
        if offering is not self._offering:
            self._tell_space()
        self._shown = shown = _encode(results[0] if len(results) == 1 else results).decode()
        info = StepInfo()
        info.at = (seen, state, offering, turn)
        return shown, seen.reward, seen.terminated, seen.truncated, info

    @override
    def render(self) -> str | None:
        """Return what the agent read last, None without a render mode."""
        return self._shown if self.render_mode == "ansi" else None

    def _info(self, seen: Observation) -> StepInfo:
        session = self.session
        self._tell_space()
        return StepInfo.whole((seen, session.state, session.offering, session.turn))

    def _tell_space(self) -> None:
        """Let samples be of the tools that are offered now."""
        self._offering = offering = self.session.offering
        self.action_space.tools = offering.named
        self.action_space.view = None if offering.lens is None else offering.lens.view
