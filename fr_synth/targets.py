"""What a turn can be aimed at: kinds of target, how each is written, those that a world has, and in what mix.

A target is written as one word, which stands in the records and is read back by ``read_target``:

======  ==========================  =========================================================================
kind    written                     what the turn holds
======  ==========================  =========================================================================
tool    ``TOOL``                    a call of the tool that the user asks for
edge    ``GIVER>TAKER:KIND``        a call that takes a value of the kind from what an earlier one gave
chain   ``chain:LENGTH:TOOL``       a call at the end of as many calls as that, each on what the one before gave
error   ``error:TOOL:CODE``         a call that fails with the declared error, and one that works in the end
pair    ``pair:GIVER>TAKER:KIND``   an edge from one world of a composition to another
policy  ``policy:SETTER>TOOL:FACT`` a call that the rules forbid until another one has made the fact true
======  ==========================  =========================================================================
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import msgspec
from typing_extensions import override

from fr_envs.compose import owner
from fr_envs.errors import UsageError
from fr_envs.spec import leaves
from fr_envs.witness import unproven_edges
from fr_synth.references import owner_member

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_envs.domain import Domain
    from fr_envs.graph import ApiGraph, Edge
    from fr_envs.spec import DomainSpec

__all__ = [
    "KINDS",
    "PRESETS",
    "AlongEdge",
    "ByRule",
    "Chain",
    "CrossEdge",
    "Mishap",
    "Mix",
    "OneTool",
    "Target",
    "TargetKind",
    "consumers",
    "edges_of",
    "offers_of",
    "read_mix",
    "read_target",
    "surprises",
    "targets_of",
]

TargetKind = Literal["tool", "edge", "chain", "error", "pair", "policy"]
"""Kind of a target; see the module's text."""

KINDS: tuple[TargetKind, ...] = get_args(TargetKind)

CHAIN_LENGTHS = (4, 5, 6)
"""Lengths of the chains that are aimed at, in calls."""


class OneTool(msgspec.Struct, frozen=True):
    """A tool that the user asks for.

    Attributes:
        tool: Its name.
    """

    tool: str

    @override
    def __str__(self) -> str:
        return self.tool


class AlongEdge(msgspec.Struct, frozen=True):
    """An edge of the graph to walk along.

    Attributes:
        giver: Tool that gives a value.
        tool: Tool that takes it; the user asks for it.
        kind: Kind of the value.
    """

    giver: str
    tool: str
    kind: str

    @override
    def __str__(self) -> str:
        return f"{self.giver}>{self.tool}:{self.kind}"


class CrossEdge(AlongEdge, frozen=True):
    """An edge from one world of a composition to another; attributes as of any edge."""

    @override
    def __str__(self) -> str:
        return f"pair:{super().__str__()}"


class Chain(msgspec.Struct, frozen=True):
    """A chain of calls, each on what the one before gave.

    Attributes:
        length: Least number of its calls.
        tool: Tool that the user asks for in the turn.
    """

    length: int
    tool: str

    @override
    def __str__(self) -> str:
        return f"chain:{self.length}:{self.tool}"


class Mishap(msgspec.Struct, frozen=True):
    """An error to run into and recover from.

    Attributes:
        tool: Tool that fails at first; the user asks for it.
        code: The declared error.
    """

    tool: str
    code: str

    @override
    def __str__(self) -> str:
        return f"error:{self.tool}:{self.code}"


class ByRule(msgspec.Struct, frozen=True):
    """An order that the rules demand.

    Attributes:
        setter: Tool that makes the fact true.
        tool: Tool that is refused without it in this case; the user asks for it.
        fact: The fact.
    """

    setter: str
    tool: str
    fact: str

    @override
    def __str__(self) -> str:
        return f"policy:{self.setter}>{self.tool}:{self.fact}"


Target: TypeAlias = OneTool | AlongEdge | CrossEdge | Chain | Mishap | ByRule

_NAME = r"[^:>\s]+"
_FORMS: dict[str, type[OneTool | AlongEdge | CrossEdge | Mishap | ByRule]] = {
    rf"({_NAME})": OneTool,
    rf"({_NAME})>({_NAME}):({_NAME})": AlongEdge,
    rf"pair:({_NAME})>({_NAME}):({_NAME})": CrossEdge,
    rf"error:({_NAME}):({_NAME})": Mishap,
    rf"policy:({_NAME})>({_NAME}):({_NAME})": ByRule,
}


@functools.lru_cache(maxsize=65536)
def read_target(text: str) -> Target:
    """Read a target as it stands in a record.

    Args:
        text: What ``str`` of a target gives.

    Raises:
        UsageError: It is none.

    Example:
        >>> read_target("list_accounts>transfer_funds:account_id").giver
        'list_accounts'
        >>> str(read_target("chain:4:pay_payee"))
        'chain:4:pay_payee'
    """
    chain = re.fullmatch(rf"chain:([1-9][0-9]?):({_NAME})", text)
    if chain is not None:
        return Chain(int(chain.group(1)), chain.group(2))
    for form, target in _FORMS.items():
        match = re.fullmatch(form, text)
        if match is not None:
            return target(*match.groups())
    raise UsageError(
        f"no target {text!r}; give TOOL, GIVER>TAKER:KIND, chain:LENGTH:TOOL, error:TOOL:CODE, "
        "pair:GIVER>TAKER:KIND or policy:SETTER>TOOL:FACT"
    )


# ------------------------------------------------------------------------------------------- what a world has


def targets_of(domain: Domain[Any]) -> tuple[str, ...]:
    """Return the tools that a user can ask for, in the order of the contract."""
    return tuple(name for name, tool in domain.spec.tools.items() if tool.asks and not tool.implicit)


def edges_of(graph: ApiGraph) -> tuple[str, ...]:
    """Return the data edges along which a user's wish can be aimed, as ``giver>taker:kind``, in contract order.

    Left out are edges that no execution has borne out, and those whose value nobody could point at: a kind without
    words, from a result without a noun for it.
    """
    unproven = unproven_edges(graph.spec.name)
    found = (edge for edge in graph.edges() if edge.relation == "data" and edge not in unproven)
    return _written(
        AlongEdge(edge.source, edge.target, edge.via)
        for edge in found
        if _can_be_asked(graph, edge.target) and _can_be_pointed_at(graph, edge)
    )


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
    return tuple(dict.fromkeys((n, kind) for n, kind in found if tools[n].asks and not tools[n].implicit))


def _written(targets: Iterable[Target]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(str, targets)))


def _can_be_asked(graph: ApiGraph, tool: str) -> bool:
    """Say whether somebody asks for a tool, or for something that rests on one that nobody asks for."""
    spec = graph.spec.tools[tool]
    return bool(consumers(graph, tool)) if spec.implicit else bool(spec.asks)


def _can_be_pointed_at(graph: ApiGraph, edge: Edge) -> bool:
    kind, giver = graph.spec.kinds[edge.via], graph.spec.tools[edge.source]
    if kind.refer or kind.again or ".".join(edge.output) in giver.nouns:
        return True
    around = edge.output[:-1]
    beside = {leaf.path[-1]: leaf.kind for leaf in leaves(giver.returns) if leaf.path[:-1] == around}
    owner = owner_member(graph.spec.kinds, beside)
    if owner is None and not around:
        owner = owner_member(graph.spec.kinds, {name: p.field.kind for name, p in giver.parameters.items()})
    return edge.output[-1] != "*" and owner not in (None, edge.output[-1])


def surprises(spec: DomainSpec, tool: str) -> tuple[str, ...]:
    """Return the errors that a tool declares and that an agent may run into unawares.

    Left out is what the rules tell everybody: to sign in first, to have a code for large amounts.
    """
    told = {fact.violation for fact in spec.facts.values() if fact.about is None}
    return tuple(code for code in spec.tools[tool].errors if code not in told)


def offers_of(domain: Domain[Any], graph: ApiGraph) -> dict[TargetKind, tuple[str, ...]]:
    """Return every target that a world has, by kind, each in the order of the contract.

    Args:
        domain: The world.
        graph: Its API graph.
    """
    tools, edges = targets_of(domain), edges_of(graph)
    along = [target for target in map(read_target, edges) if isinstance(target, AlongEdge)]
    return {
        "tool": tools,
        "edge": edges,
        "chain": _written(Chain(length, tool) for length in CHAIN_LENGTHS for tool in tools),
        "error": _written(Mishap(tool, code) for tool in tools for code in surprises(domain.spec, tool)),
        "pair": _written(
            CrossEdge(edge.giver, edge.tool, edge.kind)
            for edge in along
            if owner(domain, edge.giver) != owner(domain, edge.tool)
        ),
        "policy": _written(
            ByRule(edge.source, edge.target, edge.via)
            for edge in graph.edges()
            if edge.relation == "policy" and edge.target in tools
        ),
    }


# -------------------------------------------------------------------------------------------------- the mix

Mix: TypeAlias = "Mapping[TargetKind, int]"
"""How many of each kind there are in as many slots as the weights add up to; kinds that are absent do not come up."""

PRESETS: dict[str, dict[TargetKind, int]] = {
    "tools": {"tool": 1},
    "mixed": {"tool": 3, "edge": 14, "chain": 2, "error": 2, "pair": 1, "policy": 1},
}
"""Mixes that have a name."""

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
    found: dict[TargetKind, int] = {}
    for part in text.split(","):
        name, equals, weight = part.strip().partition("=")
        kind = next((kind for kind in KINDS if kind == name), None)
        if not equals or kind is None or kind in found or not re.fullmatch(r"[0-9]{1,3}", weight):
            raise UsageError(f"no aims {text!r}; give {_HOW_TO_GIVE}")
        found[kind] = int(weight)
    if not sum(found.values()) > 0 or max(found.values()) > _MOST_WEIGHT:
        raise UsageError(f"aims {text!r}: give weights from 0 to {_MOST_WEIGHT}, at least one of them above 0")
    return {kind: weight for kind, weight in found.items() if weight}


_HOW_TO_GIVE = f"{', '.join(PRESETS)}, or KIND=WEIGHT,... with each kind once out of {', '.join(KINDS)}"
