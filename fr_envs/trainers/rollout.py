"""Rollout: one task played by a model of a trainer, in the messages that chat templates take; and libraries on demand.

What a rollout earns is one number: the mean score of the task's turns less the costs of the rules, so 1 at most.
"""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from fr_envs.contract.view import ToolView, View
from fr_envs.episode.observation import read_task
from fr_envs.episode.offering import offering_of_task
from fr_envs.episode.reading import read_action
from fr_envs.episode.session import MAX_STEPS, Session
from fr_envs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.episode.observation import Observation
    from fr_envs.episode.task import RewardRules, Task
    from fr_envs.episode.user.talk import User
    from fr_envs.json_values import Json, JsonObject

__all__ = ["Rollout", "Shown", "library", "result_text", "task_text", "tools_text", "under_own_names", "with_base"]


class Shown(NamedTuple):
    """What a step leads to.

    Attributes:
        messages: What the model is shown: a message of the tool for each result, or what the user says next.
        reward: Reward of the step.
        done: The episode is over.
        seen: The same as the session has it.
    """

    messages: list[JsonObject]
    reward: float
    done: bool
    seen: Observation


class Rollout:
    """A task being played.

    Args:
        task: What to play; as an object, as plain data, or as JSON text.
        rules: What pays and what costs; as an object or as plain data.
        max_steps: Steps that a turn may take; None for no bound.
        user: Who answers what the model says within a turn: ``scripted``, a ``User`` of one's own, or nobody.

    Raises:
        UsageError: The task or the rules are none, or there is no such world or user.
    """

    def __init__(
        self,
        task: Task | Mapping[str, Json] | str,
        *,
        rules: RewardRules | Mapping[str, Json] | None = None,
        max_steps: int | None = MAX_STEPS,
        user: User | str | None = None,
    ) -> None:
        """Start the episode."""
        played = read_task(task)
        self.session = Session(played.domain, rules=rules, max_steps=max_steps, user=user)
        self.session.reset(played)
        self.system = self.session.domain.system_text_at(self.session.state)

    @property
    def tools(self) -> list[JsonObject]:
        """The tools offered in this turn, as OpenAI chat-completions tools."""
        return self.session.tools

    @property
    def all_tools(self) -> list[JsonObject]:
        """The tools offered in any turn of the task, as OpenAI chat-completions tools."""
        task = self.session.task
        return self.tools if task is None else offering_of_task(self.session.domain, task).tools

    @property
    def opening(self) -> list[JsonObject]:
        """The first messages: system and user."""
        return [{"role": "system", "content": self.system}, {"role": "user", "content": self.session.message}]

    @property
    def earned(self) -> float:
        """Mean score of the task's turns, from 0 to 1, less what its steps cost."""
        session = self.session
        scores = sum(verdict.score for verdict in session.verdicts)
        paid = scores if session.rules.pay == "turns" or session.over else 0.0
        return session.score() + session.reward - paid

    def act(self, written: Json) -> Shown:
        """Take one step: whatever the model wrote.

        Raises:
            UsageError: The episode is over.
        """
        action = read_action(written, self.session.offer)
        seen = self.session.act(action) if action.calls else self.session.say(action.text)
        messages: list[JsonObject] = []
        for call, result in zip(action.calls, seen.results, strict=False):
            named = {"tool_call_id": call.id} if call.id else {}
            messages.append({"role": "tool", **named, "content": result_text(result)})
        if seen.message is not None:
            messages.append({"role": "user", "content": seen.message})
        return Shown(messages, seen.reward, seen.terminated or seen.truncated, seen)


def result_text(result: Json) -> str:
    """Return a result as records write it."""
    return json.dumps(result, ensure_ascii=False)


def task_text(task: Task) -> str:
    """Return a task as JSON text, which ``Rollout`` takes."""
    return msgspec.json.encode(task).decode()


def under_own_names(task: Task | Mapping[str, Json] | str) -> Task:
    """Return a task that offers the same tools under the contract's names, for libraries that show a world's tools.

    Raises:
        UsageError: It is none.
    """
    played = read_task(task)
    if played.view is None:
        return played
    return msgspec.structs.replace(played, view=View(tuple(ToolView(each.tool) for each in played.view.tools)))


def tools_text(rollout: Rollout) -> str:
    """Return a system message that holds the tools, for libraries whose prompts have no place of their own for them."""
    listed = "\n".join(result_text(tool["function"]) for tool in rollout.tools)
    return (
        f"{rollout.system}\n\nTools, one a line:\n{listed}\n\n"
        'To call one, write <tool_call>{"name": …, "arguments": {…}}</tool_call>; without a call you speak to the user.'
    )


def library(name: str, how: str) -> Any:  # noqa: ANN401 - a module that need not be installed
    """Import a module of an optional library.

    Args:
        name: Full name of the module.
        how: What to give to ``pip install``.

    Raises:
        UsageError: It is not installed.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not (name + ".").startswith(error.name + "."):
            raise
        package = name.partition(".")[0]
        raise UsageError(f"{package} is not installed: pip install {how}") from error


def with_base(logic: type, base: type) -> type:
    """Return a class with the methods of one and the base class that a library asks for."""
    return type(logic.__name__, (logic, base), {"__module__": logic.__module__, "__doc__": logic.__doc__})
