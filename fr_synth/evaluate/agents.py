"""Agents that play tasks: the reference, one that does nothing, one that calls at random, and any OpenAI endpoint."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, final

import msgspec

from fr_envs.contract.samples import sample_value
from fr_envs.contract.schemas import field_schema
from fr_envs.errors import UsageError
from fr_envs.streams import draw_seed, pick
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np

    from fr_envs.episode.session import Session
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.teachers.openai import EndpointOptions, OpenAITeacher

__all__ = [
    "AGENTS",
    "Agent",
    "ChatAgent",
    "IdleAgent",
    "Move",
    "OracleAgent",
    "RandomAgent",
    "ReplyNote",
    "Sampling",
    "agent_of",
]

AGENTS = ("oracle", "random", "idle")
"""The agents that come with the package; ``openai:MODEL`` stands for a model behind an endpoint."""


class ReplyNote(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known about one message of an agent.

    Attributes:
        tokens_in: Tokens read, 0 if not known.
        tokens_out: Tokens written, 0 if not known.
        finish_reason: Why the model stopped, in the endpoint's words; empty if not known.
        logprobs: Log probability of each token written, where the endpoint gives them.
        seconds: How long the answer took; 0 if it was there already. Kept apart from rollouts, which tell no time.
    """

    tokens_in: int = 0
    tokens_out: int = 0
    finish_reason: str = ""
    logprobs: tuple[float, ...] = ()
    seconds: float = 0.0


class Move(NamedTuple):
    """What an agent has before it when it is its move.

    Attributes:
        session: The episode. A fair agent looks at no more of it than ``tools``.
        messages: The conversation, as it stands in the rollout: arguments of calls are objects.
        rng: Source of every choice.
        note: Takes what there is to tell about the answer, where there is something.
    """

    session: Session
    messages: Sequence[JsonObject]
    rng: np.random.Generator
    note: Callable[[ReplyNote], None] = lambda _: None


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
        return self.endpoint.options.concurrency

    def act(self, move: Move) -> JsonObject:
        """Ask the model.

        Raises:
            TeacherError: It did not answer.
        """
        seed = draw_seed(move.rng)
        wired = list(_wired(move.messages, self.endpoint.thinking_field if self.endpoint.hands_back else ""))
        answer = self.endpoint.chat(wired, move.session.tools, seed)
        said = answer.completion
        move.note(ReplyNote(said.tokens_in, said.tokens_out, said.finish_reason, said.logprobs, answer.seconds))
        message: JsonObject = {"role": "assistant", "content": said.text, "reasoning_content": said.thinking}
        return {**message, "tool_calls": said.tool_calls} if said.tool_calls else message


def _wired(messages: Sequence[JsonObject], thinking_field: str) -> Iterator[JsonObject]:
    """Iterate over messages as endpoints take them: arguments as text, and what was thought since the user spoke.

    Models that think are trained to see their thoughts between the calls of a turn, and not those of earlier turns.
    """
    asked = max((number for number, message in enumerate(messages) if message["role"] == "user"), default=-1)
    for number, message in enumerate(messages):
        kept = {key: value for key, value in message.items() if key in ("role", "content", "tool_call_id")}
        thought = message.get("reasoning_content")
        if thought and thinking_field and number > asked:
            kept[thinking_field] = thought
        calls = [
            {**call, "function": {**call["function"], "arguments": json.dumps(call["function"]["arguments"])}}
            for call in message.get("tool_calls", ())
        ]
        yield {**kept, "tool_calls": calls} if calls else kept


class Sampling(NamedTuple):
    """How a model is to write.

    Attributes:
        temperature: From 0; None to leave it to the endpoint.
        top_p: Above 0 and up to 1; None likewise.
        max_output_tokens: Most tokens of a message, thinking included; None for no limit.
        logprobs: Ask for the log probability of each token.
        extra_body: Further members of each request.
    """

    temperature: float | None = None
    top_p: float | None = None
    max_output_tokens: int | None = None
    logprobs: bool = False
    extra_body: JsonObject | None = None


def agent_of(
    name: str,
    base_url: str = "",
    concurrency: int = 8,
    sampling: Sampling | None = None,
    options: EndpointOptions | None = None,
) -> Agent:
    """Return an agent by name: one of ``AGENTS``, ``openai:MODEL``, or ``module:Class`` for one of your own.

    Args:
        name: Its name.
        base_url: Endpoint of a model; empty for the client's own default.
        concurrency: Most requests to it at once.
        sampling: How a model is to write.
        options: How its endpoint is asked, in place of ``concurrency``.

    Raises:
        UsageError: There is no such agent.
    """
    kind, colon, model = name.partition(":")
    if colon and kind == "openai":
        return _model(model, base_url, sampling or Sampling(), options, concurrency)
    if base_url:
        raise UsageError(f"agent {name!r} asks no endpoint; leave --base-url out")
    if colon:
        return _own(name, kind, model)
    agents: dict[str, Agent] = {"oracle": OracleAgent(), "random": RandomAgent(), "idle": IdleAgent()}
    if name not in agents:
        raise UsageError(
            f"no agent {name!r}; there are {', '.join(AGENTS)} and openai:MODEL, or module:Class for your own"
        )
    return agents[name]


def _model(
    model: str, base_url: str, sampling: Sampling, options: EndpointOptions | None, concurrency: int
) -> ChatAgent:
    from fr_synth.teachers.openai import EndpointOptions, OpenAITeacher

    return ChatAgent(
        OpenAITeacher(
            model, base_url=base_url or None, temperature=sampling.temperature, top_p=sampling.top_p,
            max_tokens=sampling.max_output_tokens, logprobs=sampling.logprobs, extra_body=sampling.extra_body or {},
            options=options or EndpointOptions(concurrency),
        )
    )  # fmt: skip


@final
class _OwnAgent:
    """Somebody's own agent; what it does not say of itself is said for it."""

    def __init__(self, name: str, inner: _Acting) -> None:
        self.name: str = getattr(inner, "name", name)
        self.concurrency: int = getattr(inner, "concurrency", 1)
        self.act = inner.act


class _Acting(Protocol):
    def act(self, move: Move) -> Json: ...


def _own(name: str, module: str, attribute: str) -> Agent:
    """Return an agent of a module that can be imported, the folder in which the command was given included."""
    here = str(Path.cwd())
    try:
        sys.path.insert(0, here)
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(f"agent {name!r} cannot be imported: {error}; give module:Class") from error
    finally:
        sys.path.remove(here)
    made = found() if isinstance(found, type) else found
    if not callable(getattr(made, "act", None)):
        raise UsageError(f"agent {name!r} has no method act(move)")
    return _OwnAgent(name, made)
