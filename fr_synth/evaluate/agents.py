"""Agents that play tasks: the reference, one that does nothing, one that calls at random, and any OpenAI endpoint."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple, Protocol, final

from fr_envs.contract.samples import sample_value
from fr_envs.contract.schemas import field_schema
from fr_envs.errors import UsageError
from fr_envs.streams import draw_seed, pick
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from fr_envs.episode.session import Session
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.teachers.openai import OpenAITeacher

__all__ = ["AGENTS", "Agent", "ChatAgent", "IdleAgent", "Move", "OracleAgent", "RandomAgent", "agent_of"]

AGENTS = ("oracle", "random", "idle")
"""The agents that come with the package; ``openai:MODEL`` stands for a model behind an endpoint."""


class Move(NamedTuple):
    """What an agent has before it when it is its move.

    Attributes:
        session: The episode. A fair agent looks at no more of it than ``tools``.
        messages: The conversation, as it stands in the rollout: arguments of calls are objects.
        rng: Source of every choice.
    """

    session: Session
    messages: Sequence[JsonObject]
    rng: np.random.Generator


class Agent(Protocol):
    """Anything that plays. Holds nothing about an episode, so that it can play several at once."""

    @property
    def name(self) -> str:
        """Name that goes into the rollouts."""
        ...

    @property
    def concurrency(self) -> int:
        """Number of episodes that it plays at once; more than 1 only pays while it waits for somebody."""
        ...

    def act(self, move: Move) -> Json:
        """Return what ``fr_envs.episode.reading.read_action`` reads: as a rule an assistant's message.

        Raises:
            TeacherError: It has no answer; the episode ends here.
        """
        ...


def _calls(*calls: ToolCall) -> JsonObject:
    listed = [{"type": "function", "function": {"name": call.name, "arguments": call.arguments}} for call in calls]
    return {"role": "assistant", "content": "", "tool_calls": listed}


def _says(text: str) -> JsonObject:
    return {"role": "assistant", "content": text}


def _made(messages: Sequence[JsonObject]) -> int:
    """Return how many calls were made since the user spoke."""
    count = 0
    for message in reversed(messages):
        if message["role"] == "user":
            break
        count += len(message.get("tool_calls", ()))
    return count


@final
class OracleAgent:
    """Makes the reference calls one after the other, and gives the reference reply. It scores 1 on every task."""

    name = "oracle"
    concurrency = 1

    def act(self, move: Move) -> JsonObject:
        """Return the next reference call, or the reply after the last."""
        turn = move.session.current_turn
        assert turn is not None  # whoever plays a task is asked in a turn
        made = _made(move.messages)
        return _calls(move.session.offering.shown(turn.calls[made])) if made < len(turn.calls) else _says(turn.reply)


@final
class IdleAgent:
    """Calls nothing and says nothing of use. It scores 0 on every task; whatever it earns, a task gives away."""

    name = "idle"
    concurrency = 1

    def act(self, move: Move) -> JsonObject:
        """Return the least that counts as a reply."""
        return _says("…")


@final
class RandomAgent:
    """Calls tools at random, as far as it can such that the world lets the call through, and replies now and then.

    It looks into the world for values that make sense, so that it is a harder floor than noise.
    """

    name = "random"
    concurrency = 1
    _stop = 0.25  # chance of a reply at each step
    _tries = 8  # calls drawn until one goes through

    def act(self, move: Move) -> JsonObject:
        """Return a call, or a reply."""
        session, rng = move.session, move.rng
        if _made(move.messages) and rng.random() < self._stop:
            return _says("Done.")
        call = self._drawn(session, rng)
        for _ in range(self._tries):
            if session.domain.apply(session.state, call).error is None:
                break
            call = self._drawn(session, rng)
        return _calls(session.offering.shown(call))

    def _drawn(self, session: Session, rng: np.random.Generator) -> ToolCall:
        offering = session.offering
        tool = session.domain.spec.tools[pick(rng, tuple(offering.named.values()))]
        arguments: JsonObject = {}
        for name, parameter in tool.parameters.items():
            if not parameter.required and (offering.omits(tool.name, name) or rng.random() < 0.7):
                continue
            value = session.domain.suggest(session.state, tool.name, name, arguments, rng)
            fresh = value is None and not parameter.field.nullable
            arguments[name] = sample_value(field_schema(session.domain.spec, parameter.field), rng) if fresh else value
        return ToolCall(tool.name, arguments)


@final
class ChatAgent:
    """A model behind an OpenAI-compatible endpoint, with the tools of each turn.

    Args:
        endpoint: Where to ask. Its faults are told apart as a teacher's are.
    """

    def __init__(self, endpoint: OpenAITeacher) -> None:
        """Keep the endpoint."""
        self.endpoint = endpoint

    @property
    def name(self) -> str:
        """``openai:MODEL``."""
        return self.endpoint.name

    @property
    def concurrency(self) -> int:
        """As many episodes as the endpoint may be asked at once."""
        return self.endpoint.max_concurrency

    def act(self, move: Move) -> JsonObject:
        """Ask the model.

        Raises:
            TeacherError: It did not answer.
        """
        seed = draw_seed(move.rng)
        return self.endpoint.chat([_wire(message) for message in move.messages], move.session.tools, seed)


def _wire(message: JsonObject) -> JsonObject:
    """Return a message as endpoints take it: arguments as text, and no thinking of earlier moves."""
    kept = {key: value for key, value in message.items() if key in ("role", "content", "tool_call_id")}
    calls = [
        {**call, "function": {**call["function"], "arguments": json.dumps(call["function"]["arguments"])}}
        for call in message.get("tool_calls", ())
    ]
    return {**kept, "tool_calls": calls} if calls else kept


def agent_of(name: str, base_url: str = "", concurrency: int = 8) -> Agent:
    """Return an agent by name: one of ``AGENTS``, or ``openai:MODEL``.

    Args:
        name: Its name.
        base_url: Endpoint of a model; empty for the client's own default.
        concurrency: Most requests to it at once.

    Raises:
        UsageError: There is no such agent.
    """
    kind, colon, model = name.partition(":")
    if colon and kind == "openai":
        from fr_synth.teachers.openai import OpenAITeacher

        return ChatAgent(OpenAITeacher(model, base_url=base_url or None, max_concurrency=concurrency))
    if base_url:
        raise UsageError(f"agent {name!r} asks no endpoint; leave --base-url out")
    agents: dict[str, Agent] = {"oracle": OracleAgent(), "random": RandomAgent(), "idle": IdleAgent()}
    if name not in agents:
        raise UsageError(f"no agent {name!r}; there are {', '.join(AGENTS)} and openai:MODEL")
    return agents[name]
