"""What a drawing shows: tools, with the kinds and facts that tie them together as small nodes between.

A kind that ten tools give and twenty take is 200 edges from tool to tool, but 30 lines by way of the kind. Every edge
of the graph runs along two lines: source to kind or fact, and on to the target.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.graph.api_graph import ApiGraph, Edge, Relation

__all__ = ["EdgeUse", "LineSort", "Node", "NodeSort", "Picture", "PictureLine", "picture"]

NodeSort = Literal["tool", "kind", "fact"]

LineSort = Literal["gives", "takes", "echoes", "sets", "needs", "ends"]
"""gives, sets, ends: from a tool; takes, needs: to a tool; echoes: to a tool that gives the same kind back."""


_STARTS: dict[Relation, LineSort] = {"data": "gives", "fact": "sets", "policy": "sets", "conflict": "ends"}


class EdgeUse(NamedTuple):
    """How often a run has used what a graph offers.

    Attributes:
        tools: Calls of each tool; a tool that is not there counts 0.
        edges: Uses of each edge; an edge that is not there counts 0.
    """

    tools: Mapping[str, int]
    edges: Mapping[Edge, int]


class Node(NamedTuple):
    """A tool, a kind or a fact.

    Attributes:
        id: ``tool:name``, ``kind:name`` or ``fact:name``.
        sort: Which of the three.
        name: Its name in the contract.
        style: read or write (tool), origin (kind), ``fact``.
        implicit: A tool that no user asks for by itself.
        title: What it is, in one sentence.
    """

    id: str
    sort: NodeSort
    name: str
    style: str
    implicit: bool
    title: str


class PictureLine(NamedTuple):
    """A tie between a tool and a kind or fact.

    Attributes:
        source: Id of the node where it starts.
        target: Id of the node where it ends.
        sort: What it means.
        optional: The tool can do without (an optional argument).
        edges: The edges of the graph that run along it.
    """

    source: str
    target: str
    sort: LineSort
    optional: bool
    edges: tuple[Edge, ...]


class Picture(NamedTuple):
    """All nodes and lines, in the order of the contract. Kinds and facts that tie nothing together are left out."""

    nodes: tuple[Node, ...]
    lines: tuple[PictureLine, ...]


def picture(graph: ApiGraph) -> Picture:
    """Return what is to be drawn. O(edges)."""
    spec = graph.spec
    along: dict[tuple[str, str, LineSort], list[Edge]] = {}
    for edge in graph.edges():
        middle = f"{'kind' if edge.relation == 'data' else 'fact'}:{edge.via}"
        start = _STARTS[edge.relation]
        end: LineSort = "takes" if edge.relation == "data" else "needs"
        along.setdefault((f"tool:{edge.source}", middle, start), []).append(edge)
        along.setdefault((middle, f"tool:{edge.target}", end), []).append(edge)
    lines = tuple(_lines(graph, along))
    used = {line.source for line in lines} | {line.target for line in lines}
    tools = [
        Node(f"tool:{name}", "tool", name, tool.effect, tool.implicit, _sentence(tool.description))
        for name, tool in spec.tools.items()
    ]
    kinds = [Node(f"kind:{k.name}", "kind", k.name, k.origin, False, k.description) for k in spec.kinds.values()]
    facts = [Node(f"fact:{f.name}", "fact", f.name, "fact", False, f.description) for f in spec.facts.values()]
    return Picture((*tools, *(node for node in (*kinds, *facts) if node.id in used)), lines)


def _lines(graph: ApiGraph, along: Mapping[tuple[str, str, LineSort], list[Edge]]) -> list[PictureLine]:
    """Join what a tool takes and gives back to one line, so that the way on stands out."""
    found = []
    for (source, target, sort), edges in along.items():
        back: tuple[str, str, LineSort] = (target, source, "gives" if sort == "takes" else "takes")
        if sort == "gives" and back in along:
            continue
        echoes = sort == "takes" and back in along
        kind, tool = source.partition(":")[2], target.partition(":")[2]
        optional = sort == "takes" and kind not in graph.spec.tools[tool].input_kinds()
        both = (*edges, *along[back]) if echoes else tuple(edges)
        found.append(PictureLine(source, target, "echoes" if echoes else sort, optional, both))
    return found


def _sentence(text: str) -> str:
    line = " ".join(text.split())
    return line.split(". ")[0].rstrip(".") + "."
