"""The targets that a world has, by kind, and in what mix turns are aimed at them (``fr_synth.trace.target``)."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, get_args

from fr_envs.contract.spec import leaves
from fr_envs.errors import UsageError
from fr_envs.graph.witness import unproven_edges
from fr_envs.world.compose import owner
from fr_synth.language.reference_rules import owner_member
from fr_synth.trace.target import (
    ChainTarget,
    CrossDomainTarget,
    EdgeTarget,
    ErrorTarget,
    RuleTarget,
    Target,
    ToolTarget,
)
from fr_synth.verify.calls.errors import unexpected_errors

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from fr_envs.graph.api_graph import ApiGraph, Edge
    from fr_envs.world.domain import Domain

__all__ = [
    "KINDS",
    "PRESETS",
    "Mix",
    "TargetKind",
    "consumers",
    "edges_of",
    "offers_of",
    "read_mix",
    "targets_of",
]

T = TypeVar("T")

TargetKind = Literal["tool", "edge", "chain", "error", "pair", "policy"]
"""Kind of a target; see the module's text."""

KINDS: tuple[TargetKind, ...] = get_args(TargetKind)

CHAIN_LENGTHS = (4, 5, 6)
"""Lengths of the chains that are aimed at, in calls."""


# ------------------------------------------------------------------------------------------- what a world has


def targets_of(domain: Domain[Any]) -> tuple[ToolTarget, ...]:
    """Return the tools that a user can ask for, in the order of the contract."""
    tools = domain.spec.tools.items()
    return tuple(ToolTarget(name) for name, tool in tools if tool.request_templates and not tool.implicit)


def edges_of(graph: ApiGraph) -> tuple[EdgeTarget, ...]:
    """Return the data edges at which a request can be aimed, in the order of the contract.

    Left out are edges that no execution has borne out, those whose value nobody could point at (a kind without words,
    from a result without a noun for it), and those along which what has just been done is taken back.
    """
    unproven = unproven_edges(graph.spec.name)
    found = (edge for edge in graph.edges() if edge.relation == "data" and edge not in unproven)
    return _distinct(
        EdgeTarget(edge.source, edge.target, edge.via)
        for edge in found
        if _can_be_asked(graph, edge.target) and _can_be_pointed_at(graph, edge) and not _takes_back(graph, edge)
    )


def _takes_back(graph: ApiGraph, edge: Edge) -> bool:
    """Return True if one call does something and the next, on the same thing, ends or undoes it."""
    first, second = graph.spec.tools[edge.source], graph.spec.tools[edge.target]
    undoes = bool(set(first.sets) & set(second.clears) or set(second.name.split("_")) & _BACK)
    return first.effect == second.effect == "write" and undoes


_BACK = frozenset({"cancel", "delete", "leave", "release", "remove", "revoke", "undo", "withdraw"})
"""Words in the names of tools that take back what another has done."""


@functools.lru_cache(maxsize=1024)
def consumers(graph: ApiGraph, tool: str) -> tuple[tuple[str, str], ...]:
    """Return the tools that people ask for and that rest on a tool, each with the kind of value that it takes.

    The kind is empty where a fact is what they rest on.

    Args:
        graph: The graph.
        tool: The tool that they rest on.
    """
    tools = graph.spec.tools
    found = [
        (edge.target, edge.via if edge.relation == "data" else "")
        for edge in graph.edges()
        if edge.source == tool and edge.relation in ("data", "fact")
    ]
    return tuple(dict.fromkeys((n, kind) for n, kind in found if tools[n].request_templates and not tools[n].implicit))


def _distinct(targets: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(targets))


def _can_be_asked(graph: ApiGraph, tool: str) -> bool:
    """Return True if somebody asks for a tool, or for something that rests on one that nobody asks for."""
    spec = graph.spec.tools[tool]
    return bool(consumers(graph, tool)) if spec.implicit else bool(spec.request_templates)


def _can_be_pointed_at(graph: ApiGraph, edge: Edge) -> bool:
    kind, producer = graph.spec.kinds[edge.via], graph.spec.tools[edge.source]
    if kind.references or kind.anaphora or ".".join(edge.output) in producer.nouns:
        return True
    around = edge.output[:-1]
    beside = {leaf.path[-1]: leaf.kind for leaf in leaves(producer.returns) if leaf.path[:-1] == around}
    owner = owner_member(graph.spec.kinds, beside)
    if owner is None and not around:
        owner = owner_member(graph.spec.kinds, {name: p.field.kind for name, p in producer.parameters.items()})
    return edge.output[-1] != "*" and owner not in (None, edge.output[-1])


def offers_of(domain: Domain[Any], graph: ApiGraph) -> dict[TargetKind, tuple[Target, ...]]:
    """Return every target that a world has, by kind, each in the order of the contract.

    Args:
        domain: The world.
        graph: Its API graph.
    """
    targets, edges = targets_of(domain), edges_of(graph)
    tools = [target.tool for target in targets]
    return {
        "tool": targets,
        "edge": edges,
        "chain": tuple(ChainTarget(length, tool) for length in CHAIN_LENGTHS for tool in tools),
        "error": tuple(ErrorTarget(tool, code) for tool in tools for code in unexpected_errors(domain.spec, tool)),
        "pair": _crossing(domain, edges),
        "policy": _rules(graph, tools),
    }


def _crossing(domain: Domain[Any], edges: Iterable[EdgeTarget]) -> tuple[CrossDomainTarget, ...]:
    """Return the edges that lead from one world of a composition to another."""
    return tuple(
        CrossDomainTarget(edge.producer, edge.tool, edge.kind)
        for edge in edges
        if owner(domain, edge.producer) != owner(domain, edge.tool)
    )


def _rules(graph: ApiGraph, tools: Collection[str]) -> tuple[RuleTarget, ...]:
    """Return the orders that the rules demand of some tools."""
    rules = (edge for edge in graph.edges() if edge.relation == "policy" and edge.target in tools)
    return _distinct(RuleTarget(edge.source, edge.target, edge.via) for edge in rules)


# -------------------------------------------------------------------------------------------------- the mix

Mix: TypeAlias = "Mapping[TargetKind, int]"
"""How many of each kind there are in as many slots as the weights add up to; kinds that are absent do not come up."""

PRESETS: dict[str, dict[TargetKind, int]] = {
    "tools": {"tool": 1},
    "mixed": {"tool": 3, "edge": 14, "chain": 2, "pair": 1, "policy": 1},
    "edges": {"tool": 1, "edge": 26, "chain": 1, "pair": 1, "policy": 1},
}
"""Mixes that have a name: of tools alone, for drills by themselves, and for drills beside stories, which leave no tool
out but walk few edges."""

_MOST_WEIGHT = 100


def read_mix(text: str) -> Mix:
    """Read a mix of kinds of target: the name of a preset, or ``KIND=WEIGHT,KIND=WEIGHT``.

    Args:
        text: The mix.

    Raises:
        UsageError: It is none; the message says what can be given.

    Example:
        >>> read_mix("tool=2,edge=3")["edge"], read_mix("mixed")["edge"]
        (3, 14)
    """
    if text in PRESETS:
        return PRESETS[text]
    parts = [_PART.fullmatch(part.strip()) for part in text.split(",")]
    weights = {KINDS[_NAMES.index(part[1])]: int(part[2]) for part in parts if part is not None}
    if len(weights) < len(parts):
        raise UsageError(f"no target mix {text!r}; give {_HOW_TO_GIVE}")
    if not 0 < max(weights.values()) <= _MOST_WEIGHT:
        raise UsageError(f"target mix {text!r}: give weights from 0 to {_MOST_WEIGHT}, at least one of them above 0")
    return {kind: weight for kind, weight in weights.items() if weight}


_NAMES: tuple[str, ...] = KINDS
_PART = re.compile(rf"({'|'.join(KINDS)})=([0-9]{{1,3}})")
_HOW_TO_GIVE = f"{', '.join(PRESETS)}, or KIND=WEIGHT,... with each kind once out of {', '.join(KINDS)}"
