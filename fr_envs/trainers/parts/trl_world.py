"""What the environments of ``fr_envs.trainers.trl`` share: a rollout, its reset, its calls, and what it earned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_envs.episode.reading import read_action
from fr_envs.errors import UsageError
from fr_envs.trainers.rollout import Rollout, result_text, under_own_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fr_envs.episode.task import RewardRules
    from fr_envs.json_values import Json

__all__ = ["REPLY", "World"]

REPLY = "reply_to_user"
"""The tool that ends a turn; a world's own tool of this name would win."""


class World:
    """What all environments share; TRL makes an instance of a subclass, and uses it for many rollouts."""

    _rules: RewardRules | Mapping[str, Json] | None = None
    _first: bool  # there has been an instance of the class
    _own_names: bool = False  # tools are shown under the contract's names, whatever a task's view calls them
    _rollout: Rollout | None = None
    _looked_at: set[str] | None = None  # tools of which TRL has had its look at the first instance; None for the others

    def __init__(self) -> None:
        """Let the first instance of a class be the one that TRL looks at."""
        cls = type(self)
        if "_first" not in cls.__dict__:
            cls._first = True
            self._looked_at = set()

    def reset(self, *, task: str | None = None, **row: object) -> str | None:
        """Start the task of a row; tell how to go on where the user has more than one thing to say.

        Raises:
            UsageError: The row holds no task.
        """
        if task is None:
            raise UsageError("the row holds no task: give a column task, as funreason export --to trl-grpo writes it")
        self._looked_at = None
        self._rollout = Rollout(under_own_names(task) if self._own_names else task, rules=self._rules)
        played = self._rollout.session.task
        if played is None or len(played.turns) == 1:
            return None
        return f"\n\n(There may be more to come: answer with {REPLY}, which gives the user's next message.)"

    def _call(self, name: str, arguments: Mapping[str, Json]) -> str:
        rollout = self._rollout
        if rollout is None or rollout.session.over:
            return result_text({"error": {"code": "episode_over", "message": "The conversation is over."}})
        return result_text(rollout.act({"name": name, "arguments": dict(arguments)}).seen.results[0])

    def _say(self, text: str) -> str:
        rollout = self._rollout
        if rollout is None or rollout.session.over:
            return "The conversation is over."
        seen = rollout.session.say(text)
        return "The conversation is over." if seen.message is None else seen.message

    def _earned(self, completion: Sequence[Mapping[str, Any]]) -> float:
        """Return what the rollout earned; a last message without a call is the reply to the turn it stands in."""
        rollout = self._rollout
        if rollout is None:
            return 0.0
        last = completion[-1] if completion else {}
        if last.get("role") == "assistant" and not rollout.session.over:
            action = read_action({key: last[key] for key in ("role", "content", "tool_calls") if last.get(key)})
            if not action.calls:
                rollout.session.say(action.text)
        return rollout.earned
