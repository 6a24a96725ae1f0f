"""Walks made by hand, so that a test can say exactly what a dialogue knows and where the world stands."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from fr_envs import load_domain
from fr_envs.contract.loading import spec_from_dict
from fr_envs.contract.writing import contract_data
from fr_envs.episode.task import Goal
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.json_values import leaves_of
from fr_envs.streams import generator
from fr_envs.world.domain import Domain
from fr_envs.world.tool_call import ToolCall
from fr_synth.build.guided_chain import Transcript
from fr_synth.language.verbalise import verbalise
from fr_synth.sample.walk import Walk, WalkSettings
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.mention import Mention
from fr_synth.trace.dataflow.provenance import KnownValue, Output, Said
from fr_synth.trace.macro import AdvancedTool
from fr_synth.trace.records import Dialogue, TurnRecord
from tests.fr_envs.small_world import CONTRACT, HANDLERS, HOOKS, LIBRARY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.trace.dataflow.provenance import Provenance

_graphs: dict[int, tuple[Domain[Any], ApiGraph]] = {}  # with the worlds, or another one might get the number of one


def graph_of(domain: Domain[Any]) -> ApiGraph:
    """The graph of a world, made once."""
    if id(domain) not in _graphs:
        _graphs[id(domain)] = domain, ApiGraph(domain.spec)
    return _graphs[id(domain)][1]


def part_of_library(*tools: str, **changes: Callable[..., Any]) -> Domain[Any]:
    """The library with a few of its tools; ``changes`` replace handlers by name."""
    contract = {**CONTRACT, "tools": {name: CONTRACT["tools"][name] for name in tools}}
    return Domain(spec_from_dict(contract), {name: changes.get(name, HANDLERS[name]) for name in tools}, HOOKS)


@functools.cache
def without_roles(name: str) -> Domain[Any]:
    """A shipped world as it is where its contract says nothing of what values are for."""
    domain = load_domain(name)
    data = contract_data(domain.spec)
    data.pop("flows", None)
    return Domain(spec_from_dict(_stripped(data)), domain.handlers, domain.hooks)


def _stripped(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _stripped(part) for key, part in node.items() if not (key == "role" and "kind" in node)}
    return [_stripped(part) for part in node] if isinstance(node, list) else node


def new_walk(
    domain: Domain[Any] = LIBRARY, seed: int = 0, draws: int = 0, settings: WalkSettings | None = None
) -> Walk:
    """A walk in the first state of ``seed``; ``draws`` seeds its choices."""
    rng = generator(seed, draws)
    return Walk(domain, graph_of(domain), domain.initial(seed), rng, settings or WalkSettings())


def step_of(
    walk: Walk,
    tool: str,
    arguments: JsonObject | None = None,
    *,
    user_requested: bool = False,
    sources: Mapping[str, Provenance] | None = None,
    mentions: Mapping[str, Mention] | None = None,
) -> ExecutedCall:
    """Make a call in the state at hand; what no source is given for counts as said."""
    call = ToolCall(tool, arguments or {})
    outcome = walk.domain.apply(walk.state, call)
    assert outcome.error is None, outcome.error
    said: dict[str, Provenance] = {
        pointer: Said(walk.turn, verbalise(value)) for pointer, value in leaves_of(call.arguments)
    }
    return ExecutedCall(
        call,
        outcome.value,
        walk.state,
        outcome.state,
        {**said, **(sources or {})},
        mentions or {},
        user_requested,
        walk.turn,
    )


def take(walk: Walk, tool: str, arguments: JsonObject | None = None, **more: Any) -> ExecutedCall:
    """Make a call and take it."""
    step = step_of(walk, tool, arguments, **more)
    walk.take(step)
    return step


def known(walk: Walk, kind: str, value: Json) -> KnownValue:
    """The first place that a value is known from."""
    return walk.knowledge.sources(kind, value)[0]


def given(walk: Walk, kind: str, value: Json) -> Output:
    """The first output that a value is known from."""
    found = known(walk, kind, value)
    return Output(found.step, found.pointer)


def by_fields(walk: Walk, kind: str, value: Json, text: str, **by: Json) -> Mention:
    """Words that point at a value by what stands beside it."""
    found = known(walk, kind, value)
    return Mention(walk.turn, kind, value, text, "fields", by, found.step, found.group)


def record_of(walk: Walk, *texts: str, seed: int = 0) -> Dialogue:
    """The record of a walk from `new_walk(…, seed)`, one message of the user a turn, every call on its own."""
    transcript = Transcript(walk.domain, walk.domain.initial(seed), "A library.")
    turns = []
    for number, text in enumerate(texts):
        steps = [step for step in walk.steps if step.turn == number]
        user = len(transcript.messages)
        transcript.hear(text)
        for step in steps:
            transcript.take(f"I call {step.call.name}.", [step], step.after)
        transcript.reply("That is it.", "Done.")
        mentions = tuple(mention for step in steps for mention in step.mentions.values())
        goal = Goal(tuple(steps[0].before.diff(steps[-1].after)))
        advanced = AdvancedTool("all_in_one", "Does it.", {}, (), {})
        turns.append(TurnRecord("act", steps[-1].call.name, user, text, goal, advanced, mentions, len(steps) + 1))
    return Dialogue(
        id=f"{walk.domain.name}-{seed}", domain=walk.domain.name, domain_version=walk.domain.spec.version,
        scale="small", seed=(seed,), teacher="nobody", messages=tuple(transcript.messages),
        tools=walk.domain.tools_json, turns=tuple(turns), calls=tuple(transcript.calls), sha256=walk.state.sha256(),
    )  # fmt: skip
