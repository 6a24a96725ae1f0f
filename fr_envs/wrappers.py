"""Wrappers that make a world harder: transient faults, withheld tools, long outputs, a budget of calls.

Each wraps a ``ToolEnv`` (or another of these) and touches neither the world's state nor its seed. What a wrapper
answers in the world's stead has the form of every other error, ``{"error": {"code": …, "message": …}}``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, SupportsFloat, TypeAlias

import gymnasium as gym
import msgspec
from gymnasium.utils import RecordConstructorArgs
from typing_extensions import override

from fr_envs.episode.calls import Action, Malformed
from fr_envs.episode.reading import read_action
from fr_envs.errors import UsageError
from fr_envs.streams import generator, pick
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fr_envs.json_values import Json

__all__ = ["CallBudget", "LongOutputs", "TransientFaults", "WithheldTools"]

_Env: TypeAlias = gym.Env[str, Any]
_Step: TypeAlias = tuple[str, SupportsFloat, bool, bool, dict[str, Any]]

_FAULTS: dict[str, dict[str, str]] = {
    "terse": {"unavailable": "503", "rate_limited": "429"},
    "actionable": {
        "unavailable": "The service is not reachable at the moment. Nothing was changed. Try the same call again.",
        "rate_limited": "Too many calls at once. Nothing was changed. Try the same call again.",
    },
}


def _answered(env: _Env, action: Json, answer: Callable[[ToolCall], Malformed | None]) -> Action:
    """Read an action and put an answer in the place of each call for which there is one."""
    read = read_action(action, env.get_wrapper_attr("session").offer)
    calls = tuple((answer(call) if isinstance(call, ToolCall) else None) or call for call in read.calls)
    return msgspec.structs.replace(read, calls=calls)


class TransientFaults(gym.Wrapper[str, Any, str, Any], RecordConstructorArgs):
    """Answers a share of the calls with an outage or a rate limit; the same call goes through when it is repeated.

    Args:
        env: The environment.
        rate: Share of calls that fail, from 0 to 1.
        wording: ``terse`` gives a bare number, ``actionable`` says that trying again helps.
        seed: Seed of the faults, beside that of ``reset``, which does not move them into step with the world.
    """

    def __init__(
        self, env: _Env, rate: float = 0.1, *, wording: Literal["terse", "actionable"] = "actionable", seed: int = 0
    ) -> None:
        """Take the rate.

        Raises:
            UsageError: The rate is not from 0 to 1, or there is no such wording.
        """
        if not 0 <= rate <= 1:
            raise UsageError(f"a rate is from 0 to 1, not {rate}")
        if wording not in _FAULTS:
            raise UsageError(f"no wording {wording!r}; there are {', '.join(_FAULTS)}")
        RecordConstructorArgs.__init__(self, rate=rate, wording=wording, seed=seed)
        gym.Wrapper.__init__(self, env)
        self.rate = rate
        self._texts = _FAULTS[wording]
        self._seed = seed
        self._rng = generator(seed)
        self._failed: ToolCall | None = None

    @override
    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Start an episode; with a seed, the faults start over as well."""
        if seed is not None:
            self._rng = generator(self._seed, seed)
        self._failed = None
        return self.env.reset(seed=seed, options=options)

    @override
    def step(self, action: Any) -> _Step:
        """Take one step, some of whose calls may fail."""
        return self.env.step(_answered(self.env, action, self._fault))

    def _fault(self, call: ToolCall) -> Malformed | None:
        draw = self._rng.random()  # always drawn, so that a repeated call does not shift the faults after it
        again, self._failed = call == self._failed, None
        if again or draw >= self.rate:
            return None
        self._failed = call
        code = pick(self._rng, list(self._texts))
        return Malformed(self._texts[code], call.id, code)


class WithheldTools(gym.Wrapper[str, Any, str, Any], RecordConstructorArgs):
    """Takes tools away: they are not offered, and a call of one meets ``unknown_tool``.

    Args:
        env: The environment.
        names: The tools to take away, by their names in the contract.
        until_turn: Turn, counted from 0, from which on they are there after all; None for never.
    """

    def __init__(self, env: _Env, names: Iterable[str], *, until_turn: int | None = None) -> None:
        """Take the names.

        Raises:
            UsageError: The world has no such tool.
        """
        withheld = tuple(sorted(names))
        unknown = set(withheld) - env.get_wrapper_attr("session").domain.spec.tools.keys()
        if unknown:
            raise UsageError(f"the world has no tool {', '.join(sorted(unknown))} to withhold")
        RecordConstructorArgs.__init__(self, names=withheld, until_turn=until_turn)
        gym.Wrapper.__init__(self, env)
        self.withheld = frozenset(withheld)
        self.until_turn = until_turn
        self._turn = 0

    @override
    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Start an episode with the tools taken away."""
        observation, info = self.env.reset(seed=seed, options=options)
        return observation, self._without(info)

    @override
    def step(self, action: Any) -> _Step:
        """Take one step without the tools."""
        observation, reward, terminated, truncated, info = self.env.step(_answered(self.env, action, self._refuse))
        return observation, reward, terminated, truncated, self._without(info)

    @property
    def _open(self) -> bool:
        return self.until_turn is not None and self._turn >= self.until_turn

    def _refuse(self, call: ToolCall) -> Malformed | None:
        named = self._named()
        if self._open or named.get(call.name) not in self.withheld:
            return None
        left = ", ".join(name for name, tool in named.items() if tool not in self.withheld)
        return Malformed(f"There is no tool {call.name!r}. Tools: {left}.", call.id, "unknown_tool")

    def _named(self) -> Mapping[str, str]:
        """Return name offered -> name in the contract."""
        named: Mapping[str, str] = self.env.get_wrapper_attr("session").offering.named
        return named

    def _without(self, info: dict[str, Any]) -> dict[str, Any]:
        self._turn = info["turn"]
        if self._open:
            return info
        named = self._named()
        kept = [tool for tool in info["tools"] if named.get(tool["function"]["name"]) not in self.withheld]
        return info | {"tools": kept}


class LongOutputs(gym.Wrapper[str, Any, str, Any], RecordConstructorArgs):
    """Puts a long log before every result, as services do that say too much; what the user says stays as it is.

    Args:
        env: The environment.
        characters: Least length of the log, in characters.
        seed: Seed of the log's words.
    """

    _WORDS = (
        "cache",
        "retry",
        "queue",
        "shard",
        "index",
        "lease",
        "batch",
        "probe",
        "route",
        "token",
        "audit",
        "flush",
    )

    def __init__(self, env: _Env, characters: int = 4000, *, seed: int = 0) -> None:
        """Take the length.

        Raises:
            UsageError: The length is negative.
        """
        if characters < 0:
            raise UsageError(f"a length is 0 or more, not {characters}")
        RecordConstructorArgs.__init__(self, characters=characters, seed=seed)
        gym.Wrapper.__init__(self, env)
        self.characters = characters
        self._seed = seed
        self._steps = 0

    @override
    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Start an episode; the log starts over."""
        self._steps = 0
        return self.env.reset(seed=seed, options=options)

    @override
    def step(self, action: Any) -> _Step:
        """Take one step; results come after a log."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        if info["results"]:
            self._steps += 1
            observation = f"{self._log()}{observation}"
        return observation, reward, terminated, truncated, info

    def _log(self) -> str:
        rng = generator(self._seed, self._steps)
        lines: list[str] = []
        length = 0
        while length < self.characters:
            picked = (self._WORDS[int(i)] for i in rng.integers(len(self._WORDS), size=8))
            lines.append(f"[{len(lines):05d}] {' '.join(picked)} ok\n")
            length += len(lines[-1])
        return "".join(lines)


class CallBudget(gym.Wrapper[str, Any, str, Any], RecordConstructorArgs):
    """Lets an episode make so many calls; later ones are answered with ``budget_exhausted``, replies stay possible.

    ``info["calls_left"]`` says how many are left.

    Args:
        env: The environment.
        calls: Number of calls.
    """

    def __init__(self, env: _Env, calls: int = 20) -> None:
        """Take the number.

        Raises:
            UsageError: It is negative.
        """
        if calls < 0:
            raise UsageError(f"a budget is 0 or more, not {calls}")
        RecordConstructorArgs.__init__(self, calls=calls)
        gym.Wrapper.__init__(self, env)
        self.calls = self._left = calls

    @override
    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Start an episode with the whole budget."""
        self._left = self.calls
        observation, info = self.env.reset(seed=seed, options=options)
        return observation, info | {"calls_left": self._left}

    @override
    def step(self, action: Any) -> _Step:
        """Take one step on the budget."""
        observation, reward, terminated, truncated, info = self.env.step(_answered(self.env, action, self._pay))
        return observation, reward, terminated, truncated, info | {"calls_left": self._left}

    def _pay(self, call: ToolCall) -> Malformed | None:
        if self._left == 0:
            text = f"All {self.calls} calls are used up. Reply to the user with what is known."
            return Malformed(text, call.id, "budget_exhausted")
        self._left -= 1
        return None
