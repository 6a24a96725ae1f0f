"""What a finished dialogue shows: which tools, under which names, and messages in those names, within a bound."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import msgspec

from fr_envs.streams import DialogueStream, generator
from fr_envs.world.lens import lens_of
from fr_envs.world.tool_call import ToolCall
from fr_synth.build.offer import tools_offered
from fr_synth.build.views import Naming, draw_view
from fr_synth.trace.arrivals import with_announcement
from fr_synth.trace.tokens import token_counter

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from fr_envs.contract.view import View
    from fr_envs.graph.api_graph import ApiGraph
    from fr_envs.json_values import JsonObject
    from fr_envs.world.domain import Domain
    from fr_envs.world.lens import Lens
    from fr_synth.trace.failed_attempt import FailedAttempt
    from fr_synth.trace.records import CallRecord, TurnRecord
    from fr_synth.trace.tokens import TokenCount

__all__ = ["NOTHING_WANTED", "Shown", "Stage", "Wanted", "attempts_shown", "show"]

counter_of: functools._lru_cache_wrapper[TokenCount] = functools.lru_cache(maxsize=4)(token_counter)


class Stage(NamedTuple):
    """What decides how a dialogue is shown.

    Attributes:
        tools: Least and most tools, or ``ALL_TOOLS``.
        rename: Share of dialogues that show tools under other names, from 0 to 1.
        max_tokens: Most tokens of messages and tools; None for no bound.
        tokenizer: Folder of the tokenizer that counts them; empty for an estimate that is rather too high.
    """

    tools: tuple[int, int]
    rename: float = 0.0
    max_tokens: int | None = None
    tokenizer: str = ""


class Shown(NamedTuple):
    """A dialogue as it is shown.

    Attributes:
        messages: In the names that are offered.
        calls: In the contract's names, with the results that were read.
        tools: The tools offered, a JSON string of an OpenAI tool list.
        offered: Their names in the contract, in its order; empty for all of the world's.
        view: In which order, and under which names, they are offered; None for the contract's.
    """

    messages: tuple[JsonObject, ...]
    calls: tuple[CallRecord, ...]
    tools: str
    offered: tuple[str, ...]
    view: View | None


_Later: TypeAlias = "Mapping[int, tuple[str, ...]]"


class Wanted(NamedTuple):
    """Tools of which turns speak without a call.

    Attributes:
        offered: They are there, although they may not be called yet.
        withheld: They are not, whatever else is.
        later: Those that come later, by the index of the message that announces them.
    """

    offered: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    later: Mapping[int, tuple[str, ...]] = {}


NOTHING_WANTED = Wanted()
"""What a dialogue of acts alone speaks of."""


def show(
    graph: ApiGraph, domain: Domain[Any], stage: Stage, seed: Sequence[int],
    said: tuple[Sequence[JsonObject], Sequence[CallRecord]], wanted: Wanted = NOTHING_WANTED,
) -> Shown | None:  # fmt: skip
    """Return how a dialogue is shown, with fewer tools where it would be too long; None where that does not help.

    Args:
        graph: The world's graph.
        domain: The world.
        stage: What decides.
        seed: Seed of the dialogue.
        said: Its messages, in the contract's names, and its calls.
        wanted: Tools of which turns speak besides.
    """
    used: dict[str, set[str]] = {}
    for call in said[1]:
        used.setdefault(call.name, set()).update(call.arguments)
    for name in sorted(wanted.offered):
        used.setdefault(name, set())
    span = stage.tools
    while True:
        offered = tools_offered(graph, used, span, generator(*seed, DialogueStream.OFFER))
        if wanted.withheld:
            offered = tuple(name for name in offered or domain.spec.tools if name not in wanted.withheld)
        shown = _shown(domain, (offered, wanted.later), used, (stage.rename, seed), said)
        if stage.max_tokens is None:
            return shown
        if counter_of(stage.tokenizer)(shown.messages, shown.tools, "a dialogue") <= stage.max_tokens:
            return shown
        beside = len(offered or domain.spec.tools) - len(used)
        if beside <= _LEAST:
            return None
        span = (len(used) + max(beside // 2, _LEAST),) * 2


_LEAST = 2  # tools beside those that are called, whatever is asked for


def _shown(
    domain: Domain[Any], there: tuple[tuple[str, ...], _Later], used: dict[str, set[str]],
    draw: tuple[float, Sequence[int]],
    said: tuple[Sequence[JsonObject], Sequence[CallRecord]],
) -> Shown:  # fmt: skip
    (rename, seed), (messages, calls), (offered, later) = draw, said, there
    coming = (name for names in later.values() for name in names)
    in_view = (*offered, *coming) if offered else ()
    view = draw_view(domain.spec, Naming(in_view, used, rename), generator(*seed, DialogueStream.VIEW))
    if view is None:
        return Shown(tuple(messages), tuple(calls), domain.offer_json(offered), offered, None)
    lens = lens_of(domain.spec, view)
    messages = [_announcing(lens, message, later.get(index, ())) for index, message in enumerate(messages)]
    if not view.renames:
        return Shown(tuple(messages), tuple(calls), lens.offer_json(offered), offered, view)
    told = tuple(_message(lens, message, calls) for message in messages)
    return Shown(told, tuple(_call(lens, call) for call in calls), lens.offer_json(offered), offered, view)


def _announcing(lens: Lens, message: JsonObject, names: Collection[str]) -> JsonObject:
    """Return a message with the definitions of tools that come with it, as they are offered."""
    if not names:
        return message
    tools = [lens.openai_tools[name] for name in names]
    return {**message, "content": with_announcement(str(message["content"]), tools)}


def _call(lens: Lens, call: CallRecord) -> CallRecord:
    if call.error is None:
        return call
    result = lens.shown_result(ToolCall(call.name, call.arguments), call.result)
    return msgspec.structs.replace(call, result=result)


def _message(lens: Lens, message: JsonObject, calls: Sequence[CallRecord]) -> JsonObject:
    """Return a message in the names that are offered; what the user says stays as it was said."""
    role = message["role"]
    if role == "user":
        return message
    if role == "tool":
        number = int(message["tool_call_id"].removeprefix("call_"))
        call = ToolCall(calls[number].name, calls[number].arguments)
        told: JsonObject = {**message, "name": lens.shown(call).name}
        if calls[number].error is not None:
            told["content"] = json.dumps(lens.shown_result(call, calls[number].result), ensure_ascii=False)
        return told
    texts: JsonObject = {key: lens.text(message[key]) for key in ("content", "reasoning_content") if key in message}
    made = {"tool_calls": _wire(lens, message["tool_calls"])} if "tool_calls" in message else {}
    return {**message, **texts, **made}


def _wire(lens: Lens, calls: Collection[JsonObject]) -> list[JsonObject]:
    shown = [lens.shown(ToolCall(call["function"]["name"], call["function"]["arguments"])) for call in calls]
    return [
        {**call, "function": {"name": each.name, "arguments": each.arguments}}
        for call, each in zip(calls, shown, strict=True)
    ]


def attempts_shown(turns: Sequence[TurnRecord], domain: Domain[Any], view: View | None) -> tuple[TurnRecord, ...]:
    """Return turns with what was not taken in the names that are offered, as the messages are.

    Args:
        turns: The turns of a dialogue, their attempts in the contract's names.
        domain: The world.
        view: Under which names the tools are offered; None for the contract's.
    """
    if view is None or not view.renames:
        return tuple(turns)
    lens = lens_of(domain.spec, view)
    return tuple(
        msgspec.structs.replace(turn, failed=tuple(_attempt(lens, each) for each in turn.failed)) for turn in turns
    )


def _attempt(lens: Lens, attempt: FailedAttempt) -> FailedAttempt:
    return msgspec.structs.replace(
        attempt, reasoning=lens.text(attempt.reasoning), calls=tuple(map(lens.shown, attempt.calls)),
        reply=lens.text(attempt.reply),
    )  # fmt: skip
