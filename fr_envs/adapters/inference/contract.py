"""What was found, as a contract: values that flow into each other share a kind, calls that open others set a fact."""

from __future__ import annotations

import re
from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from fr_envs.adapters.inference.counterfactual import Effects, StateEdge, state_edges
from fr_envs.adapters.inference.dataflow import DataEdge, data_edges
from fr_envs.adapters.inference.metered import OutOfBudget, metered
from fr_envs.adapters.inference.outcomes import succeeded
from fr_envs.adapters.inference.rules import DEFAULT, Rules
from fr_envs.adapters.inference.scouting import scouting_order
from fr_envs.adapters.inference.shapes import with_kind
from fr_envs.adapters.inference.trials import Trials
from fr_envs.adapters.inference.walks import ProbeWalk, ToolExplorer
from fr_envs.adapters.replaying import CallLog
from fr_envs.contract.spec import DomainSpec, Fact, Kind, ToolSpec, leaves
from fr_envs.streams import InferenceStream, generator
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State

__all__ = ["Inferred", "ProbeEvidence", "Silence", "gather", "infer", "judge"]

_SAID = 4  # complaints of a silent tool that are kept

_OPENS = 2
"""How often a call must have failed without the earlier one for that to set a fact."""

_CLEARLY = 0.5
"""Share of the best output's successes from which on another one tells what a parameter takes."""


class Silence(NamedTuple):
    """Why a tool never went through.

    Attributes:
        tried: How often it was called.
        said: What it said, and how often, the most frequent first.
    """

    tried: int
    said: tuple[tuple[str, int], ...]


class Inferred(NamedTuple):
    """What was found.

    Attributes:
        spec: The contract, kinds and facts written in; a proposal, which a person is to read.
        data: Flows of values.
        state: Effects of calls on later ones.
        silent: Tools that never went through, of which nothing was confirmed.
        refused: For each of those, how often it was tried, and what it said, the most frequent first.
        loose: Tool and parameter of those that take what nobody has heard of, too.
        cut: Phases that ended before they were through, each with what ran out.
    """

    spec: DomainSpec
    data: tuple[DataEdge, ...]
    state: tuple[StateEdge, ...]
    silent: tuple[str, ...]
    refused: Mapping[str, Silence] = MappingProxyType({})
    loose: frozenset[tuple[str, str]] = frozenset()
    cut: Mapping[str, str] = MappingProxyType({})


class ProbeEvidence(NamedTuple):
    """What was tried, before anything is judged by it.

    Attributes:
        domain: The world.
        starts: First states that the walks began in.
        walks: The walks.
        worked: For each tool arguments with which it went through.
        trials: Outputs as arguments.
        effects: Calls left out.
        silences: For each tool that never went through, why.
    """

    domain: Domain[Any]
    starts: tuple[State, ...]
    walks: tuple[ProbeWalk, ...]
    worked: dict[str, list[JsonObject]]
    trials: Trials
    effects: Effects
    silences: Mapping[str, Silence] = MappingProxyType({})


def gather(
    domain: Domain[Any],
    starts: Sequence[State] = (),
    *,
    seed: int = 0,
    walks: int = 200,
    length: int = 16,
    examples: Mapping[str, Sequence[JsonObject]] | None = None,
) -> ProbeEvidence:
    """Try out what the tools of a world have to do with each other; see ``infer`` for the arguments."""
    played = metered(domain)
    slow = played.bounds.seconds is not None
    pending = list(starts) or [domain.initial(generator(seed, InferenceStream.WORLD))]
    scout = scouting_order(domain.spec) if slow and isinstance(pending[0], CallLog) else []
    explorer = ToolExplorer(
        played.enter("examples" if scout else "walks"), generator(seed, InferenceStream.EXPLORER), examples
    )
    walked = explorer.explore(pending, 0, length, scout)
    played.enter("walks")
    walked += explorer.explore(pending, walks, length)
    trials = Trials(played.enter("values"), walked, generator(seed, InferenceStream.TRIALS))
    effects = Effects(played.enter("effects"), walked, generator(seed, InferenceStream.EFFECTS))
    silences = {
        name: Silence(explorer.tries[name], tuple(explorer.refused[name].most_common(_SAID)))
        for name in domain.spec.tools
        if not explorer.worked.get(name)
    }
    return ProbeEvidence(played, tuple(pending), tuple(walked), explorer.worked, trials, effects, silences)


def judge(evidence: ProbeEvidence, rules: Rules = DEFAULT) -> Inferred:
    """Say what evidence shows.

    Args:
        evidence: What was tried.
        rules: From when on something counts.
    """
    spec, worked = evidence.domain.spec, evidence.worked
    played = metered(evidence.domain).enter("first states")
    data = tuple(data_edges(spec, evidence.trials, rules))
    state = tuple(state_edges(evidence.effects, rules))
    silent = tuple(name for name in spec.tools if not worked.get(name))
    shut = frozenset(name for name in spec.tools if _shut(played, evidence.starts, worked.get(name, ()), name))
    opened = _opened(spec, tuple(edge for edge in state if edge.later in shut))
    written = _written(spec, evidence.walks, data, opened)
    trials = evidence.trials
    loose = frozenset(place for place, tried in trials.made_up.items() if tried.tried and not trials.checks(place))
    return Inferred(written, data, state, silent, dict(evidence.silences), loose, dict(played.cut))


def infer(
    domain: Domain[Any],
    starts: Sequence[State] = (),
    *,
    seed: int = 0,
    walks: int = 200,
    length: int = 16,
    examples: Mapping[str, Sequence[JsonObject]] | None = None,
) -> Inferred:
    """Find out by execution what the tools of a world have to do with each other.

    The world's states are values, so nothing that is tried here reaches anybody's object.

    Args:
        domain: The world; its contract needs no kinds. ``metered.metered`` bounds how often it is called.
        starts: First states to walk from, the more unlike the better; the world's own if none is given.
        seed: Seed of everything that is drawn.
        walks: How many walks.
        length: Calls in each.
        examples: For some tools, arguments that make sense somewhere, such as credentials that nobody can guess.
    """
    return judge(gather(domain, starts, seed=seed, walks=walks, length=length, examples=examples))


def _shut(domain: Domain[Any], starts: Sequence[State], worked: Sequence[JsonObject], tool: str) -> bool:
    """Return True if a tool goes through somewhere, but with the same arguments in no first state."""
    calls = [ToolCall(tool, arguments) for arguments in worked]
    try:
        return bool(calls) and not any(succeeded(domain.apply(start, call).value) for start in starts for call in calls)
    except OutOfBudget:
        return False  # nobody knows


def _written(
    spec: DomainSpec, walks: Sequence[ProbeWalk], data: tuple[DataEdge, ...], opened: dict[str, list[str]]
) -> DomainSpec:
    names = _kind_names(spec, data)
    one = {own: name for place, name in names.items() if (own := _declared(spec, place)) and own != name}
    outputs: dict[str, dict[tuple[str, ...], str]] = defaultdict(dict)
    for edge in data:
        outputs[edge.producer].setdefault(edge.pointer, names[edge.consumer, edge.parameter])
    kinds = {name: _kind(spec, name, place) for place, name in reversed(names.items()) if name not in spec.kinds}
    seen: dict[str, list[Json]] = defaultdict(list)
    writes = set()
    for walk in walks:
        for index, call in enumerate(walk.calls):
            if succeeded(walk.values[index]):
                seen[call.name].append(walk.values[index])
            if walk.states[index] is not walk.states[index + 1]:
                writes.add(call.name)
    tools = {}
    for name, tool in spec.tools.items():
        parameters = {
            key: msgspec.structs.replace(p, field=msgspec.structs.replace(p.field, kind=kind, schema=None))
            if (kind := names.get((name, key)) or one.get(p.field.kind or "")) is not None
            and p.field.array is None
            and p.field.object is None
            else p
            for key, p in tool.parameters.items()
        }
        tools[name] = msgspec.structs.replace(
            tool, parameters=parameters, returns=with_kind(tool.returns, seen[name], outputs[name]),
            effect="write" if name in writes else "read",
            needs=tuple(_fact(each) for each in opened.get(name, ())),
            sets=(_fact(name),) if any(name in each for each in opened.values()) else (),
        )  # fmt: skip
    facts = {fact: _fact_of(fact, name) for name, tool in tools.items() for fact in tool.sets}
    used = {leaf.kind for tool in tools.values() for leaf in leaves(tool.returns)}
    kept = {name: kind for name, kind in spec.kinds.items() if name not in one or name in used}
    kinds = {**kept, **kinds}  # what the owner's schemas share stays
    return msgspec.structs.replace(spec, kinds=dict(sorted(kinds.items())), facts=facts, tools=_told(tools, facts))


def _identifier(text: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()).strip("_")
    return plain if plain[:1].isalpha() else f"v_{plain}"


def _fact(tool: str) -> str:
    return f"after_{_identifier(tool)}"


def _kind_names(spec: DomainSpec, data: tuple[DataEdge, ...]) -> dict[tuple[str, str], str]:
    """Give parameters that are fed by the same outputs one kind, named after the first of them in the contract.

    A kind that the owner's document names, as a link does, goes before one made here, so that both are never two.
    """
    fed: dict[tuple[str, str], set[tuple[str, tuple[str, ...]]]] = defaultdict(set)
    for edge in _strong(data):
        fed[edge.consumer, edge.parameter].add((edge.producer, edge.pointer))
    names: dict[tuple[str, str], str] = {}
    places = [(tool.name, name) for tool in spec.tools.values() for name in tool.parameters]
    for place in sorted(filter(fed.__contains__, places), key=lambda place: _declared(spec, place) is None):
        plain = _rule(spec, place)
        same = next((n for p, n in names.items() if fed[p] & fed[place] and _rule(spec, p) == plain), None)
        names[place] = same or _declared(spec, place) or _free(_identifier(place[1]), {*names.values(), *spec.kinds})
    return names


def _strong(data: tuple[DataEdge, ...]) -> Iterator[DataEdge]:
    """Iterate over the edges that tell what a parameter takes; what works now and then makes no kind.

    A search for a name also finds something by a number, where somebody has given a number as a name.
    """
    best: dict[tuple[str, str], float] = defaultdict(float)
    for edge in data:
        place = edge.consumer, edge.parameter
        best[place] = max(best[place], edge.worked / max(1, edge.tried))
    yield from (
        edge for edge in data if edge.worked >= _CLEARLY * best[edge.consumer, edge.parameter] * max(1, edge.tried)
    )


def _declared(spec: DomainSpec, place: tuple[str, str]) -> str | None:
    """Return the kind of its own that the owner gives to what a parameter takes; None where only a schema is shared."""
    field = spec.tools[place[0]].parameters[place[1]].field
    kind = spec.kinds.get(field.kind or "")
    return kind.name if kind is not None and kind.origin == "named" else None


def _free(name: str, taken: set[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _schema(spec: DomainSpec, place: tuple[str, str]) -> Json:
    field = spec.tools[place[0]].parameters[place[1]].field
    plain = field.array or field
    return spec.kinds[plain.kind].schema if plain.kind is not None else plain.schema or {}


def _rule(spec: DomainSpec, place: tuple[str, str]) -> Json:
    """Return what a parameter's schema demands, without what it says for people: its title, its examples."""
    schema = _schema(spec, place)
    return {key: part for key, part in schema.items() if key not in _FOR_PEOPLE} if isinstance(schema, dict) else schema


_FOR_PEOPLE = frozenset({"default", "deprecated", "description", "example", "examples", "title"})


def _kind(spec: DomainSpec, name: str, place: tuple[str, str]) -> Kind:
    text = spec.tools[place[0]].parameters[place[1]].field.description or f"{name} of {place[0]}."
    return Kind(name, dict(_schema(spec, place)), "named", text)


def _opened(spec: DomainSpec, state: tuple[StateEdge, ...]) -> dict[str, list[str]]:
    """List for each tool those without which it mostly fails, as far as every tool can still be reached."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for edge in state:
        if edge.earlier != edge.later and edge.enables >= _OPENS:
            wanted[edge.later].append(edge.earlier)
    reached = {name for name in spec.tools if name not in wanted}
    grew = True
    while grew:
        more = {name for name, needed in wanted.items() if name not in reached and set(needed) <= reached}
        reached |= more
        grew = bool(more)
    return {name: needed for name, needed in wanted.items() if name in reached}


def _fact_of(name: str, tool: str) -> Fact:
    return Fact(name, f"{tool} has gone through.", f"not_{name}")


def _refusal(fact: Fact) -> str:
    return fact.description.replace(" has gone through.", " has not gone through yet.")


def _told(tools: dict[str, ToolSpec], facts: dict[str, Fact]) -> dict[str, ToolSpec]:
    """Add to each tool's errors what it answers when a fact that it needs does not hold."""
    return {
        name: msgspec.structs.replace(
            tool, errors={**tool.errors, **{facts[fact].violation: _refusal(facts[fact]) for fact in tool.needs}}
        )
        for name, tool in tools.items()
    }
