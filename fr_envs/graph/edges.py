"""Edges: one dependency between two tools each, derived from kinds and facts alone.

A data edge joins a result to an argument of the same kind, unless a fact that the argument must have can never hold
again of what the result gives (see ``fr_envs.graph.fact_reachability``), or unless the value is there for something
else (see ``fr_envs.contract.roles``): such an edge is forbidden, and told apart on request. Edges of facts join what a
tool sets and clears to what demands it; what a tool sets serves none that cannot be called on the same thing any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from fr_envs.contract.roles import parameters_of, roles_in
from fr_envs.contract.spec import leaves
from fr_envs.graph.fact_reachability import FactReachability
from fr_envs.json_values import pointer_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_envs.contract.spec import DomainSpec, Leaf, ToolSpec

__all__ = ["Edge", "ForbiddenEdge", "Relation", "always_of", "edges_of", "forbidden_of", "rules_of"]

Relation = Literal["data", "fact", "conflict", "policy"]
"""data: an output's kind is a parameter's kind; fact: one sets what the other needs; conflict: one clears it; policy:
one sets what the rules demand of the other in some cases (an amount above a threshold), so that it may be refused."""


class Edge(NamedTuple):
    """One dependency between two tools.

    Attributes:
        source: The tool to call first.
        target: The tool that it serves (or, for a conflict, spoils).
        relation: What sort of dependency; see ``Relation``.
        via: Name of the kind or fact.
        output: Path in the source's result (data), ``*`` for any item; empty otherwise.
        argument: Path in the target's arguments (data); empty otherwise.
    """

    source: str
    target: str
    relation: Relation
    via: str
    output: tuple[str, ...] = ()
    argument: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Why the edge is there, in words."""
        if self.relation == "data":
            output, argument = pointer_of(self.output), pointer_of(self.argument)
            return f"{self.source} gives {self.via} at {output}, {self.target} takes it as {argument}"
        if self.relation == "fact":
            return f"{self.source} makes {self.via} true, which {self.target} needs"
        if self.relation == "policy":
            return f"{self.source} makes {self.via} true, which the rules demand of {self.target} in some cases"
        return f"{self.source} ends {self.via}, which {self.target} needs"


class ForbiddenEdge(NamedTuple):
    """Two places that agree in kind, and between which roles let no value go.

    Attributes:
        edge: What would be the edge.
        because: Why it is none, in words.
    """

    edge: Edge
    because: str


class _Consumer(NamedTuple):
    """A place in a tool's arguments, with the facts that must hold of the value there."""

    tool: str
    leaf: Leaf
    demands: frozenset[str]


def edges_of(spec: DomainSpec) -> list[Edge]:
    """Return every edge, in contract order of source and target. O(pairs that share a kind or fact).

    Example:
        >>> from fr_envs import load_spec
        >>> edges = edges_of(load_spec("travel"))
        >>> ("cancel_booking", "check_in", "booking_id") in {(e.source, e.target, e.via) for e in edges}
        False
    """
    return _Edges(spec).all()


def forbidden_of(spec: DomainSpec) -> list[ForbiddenEdge]:
    """Return what roles keep from being an edge, in contract order of source and target; none without roles.

    Example:
        >>> from fr_envs import load_spec
        >>> found = forbidden_of(load_spec("travel"))
        >>> next(each.because for each in found if (each.edge.source, each.edge.target) == ("get_invoice", "move_stay"))
        'an invoice date is no stay start, and no flow joins the two'
    """
    return _Edges(spec).forbidden()


def rules_of(spec: DomainSpec, tool: ToolSpec) -> tuple[str, ...]:
    """Return what the rules demand of a tool in some cases: facts whose violation it declares without demanding them.

    A fact about a kind is none of those where the tool takes no value of that kind.
    """
    always = {spec.facts[fact].violation for fact in always_of(tool)}
    return tuple(
        fact.name
        for code in tool.errors
        if code not in always
        for fact in spec.facts.values()
        if fact.violation == code and (fact.about is None or tool.about(fact.about) is not None)
    )


def always_of(tool: ToolSpec) -> tuple[str, ...]:
    """Return the facts that a tool needs, and those that it demands of the values that it takes, each once."""
    taken = leaves(parameters_of(tool))
    return tuple(dict.fromkeys((*tool.needs, *(fact for leaf in taken for fact in leaf.field.holds))))


class _Edges:
    """Derives the edges of one contract."""

    def __init__(self, spec: DomainSpec) -> None:
        self.spec = spec
        self.reachability = FactReachability(spec)
        self.roles = roles_in(spec)
        self.consumers: dict[str, list[_Consumer]] = {}
        self.needers: dict[str, dict[str, None]] = {fact: {} for fact in spec.facts}
        self.ruled: dict[str, list[str]] = {}
        for name, tool in spec.tools.items():
            for leaf in leaves(parameters_of(tool)):
                if leaf.kind is not None:
                    consumer = _Consumer(name, leaf, self.reachability.demands(tool, leaf))
                    self.consumers.setdefault(leaf.kind, []).append(consumer)
            for fact in always_of(tool):
                self.needers[fact][name] = None
            for fact in rules_of(spec, tool):
                self.ruled.setdefault(fact, []).append(name)

    def all(self) -> list[Edge]:
        order = {name: number for number, name in enumerate(self.spec.tools)}
        result: list[Edge] = []
        for source, tool in self.spec.tools.items():
            data = (each.edge for each in self._data(tool) if not each.because)
            found = [edge for edge in (*data, *self._facts(tool)) if edge.target != source]
            result += sorted(found, key=lambda edge: order[edge.target])
        return result

    def forbidden(self) -> list[ForbiddenEdge]:
        order = {name: number for number, name in enumerate(self.spec.tools)}
        result: list[ForbiddenEdge] = []
        for source, tool in self.spec.tools.items() if self.roles.declared else ():
            found = [each for each in self._data(tool) if each.because and each.edge.target != source]
            result += sorted(found, key=lambda each: order[each.edge.target])
        return result

    def _data(self, tool: ToolSpec) -> Iterator[ForbiddenEdge]:
        """Iterate over what agrees in kind and facts; with a reason where roles forbid it."""
        for leaf in leaves(tool.returns):
            if leaf.kind in self.consumers:
                lost = self.reachability.lost(tool, leaf)
                for consumer in self.consumers[leaf.kind]:
                    if lost.isdisjoint(consumer.demands):
                        edge = Edge(tool.name, consumer.tool, "data", leaf.kind, leaf.path, consumer.leaf.path)
                        why = self.roles.reason(leaf.kind, leaf.field.role, consumer.leaf.field.role)
                        yield ForbiddenEdge(edge, why)

    def _facts(self, tool: ToolSpec) -> Iterator[Edge]:
        for fact in tool.sets:
            yield from (Edge(tool.name, name, "fact", fact) for name in self._served(tool, fact))
        for fact in tool.clears:
            yield from (Edge(tool.name, name, "conflict", fact) for name in self.needers[fact])
        for fact in tool.sets:
            yield from (Edge(tool.name, name, "policy", fact) for name in self.ruled.get(fact, ()))

    def _served(self, tool: ToolSpec, fact: str) -> Iterable[str]:
        """Return the tools that demand a fact and can still be called once ``tool`` has made it true."""
        kind = self.spec.facts[fact].about
        if kind is None:
            return self.needers[fact]
        lost = self.reachability.lost_of(tool, kind)
        consumers = self.consumers.get(kind, ())
        return dict.fromkeys(t.tool for t in consumers if fact in t.demands and lost.isdisjoint(t.demands))
