"""The API graph as text for other programs: Mermaid to look at, GraphML to reckon with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from fr_envs.graph.drawing.picture import picture

if TYPE_CHECKING:
    from fr_envs.graph.api_graph import ApiGraph
    from fr_envs.graph.drawing.picture import PictureLine

__all__ = ["graphml", "mermaid"]

_SHAPES = {"tool": '["{}"]', "kind": '(["{}"])', "fact": '{{{{"{}"}}}}'}
_ARROWS = {
    "gives": "-->",
    "takes": "-->",
    "echoes": "<-->",
    "sets": "==>",
    "needs": "==>",
    "ends": "-. ends .->",
}
_STYLES = (
    "classDef read fill:#e3eefc,stroke:#3b72c4,color:#10264a",
    "classDef write fill:#fdebd3,stroke:#c07a1c,color:#4a2c05",
    "classDef issued fill:#e6f5ec,stroke:#3d8f60,color:#0f3a22",
    "classDef named,open fill:#f4f4f4,stroke:#888,color:#333,stroke-dasharray:3",
    "classDef fact fill:#f1e8fb,stroke:#8052b5,color:#2d1650",
)


def mermaid(graph: ApiGraph) -> str:
    """Return a Mermaid flowchart: tools as boxes, kinds as pills, facts as hexagons.

    An optional argument is dotted, a fact's line thick; ``ends`` marks a conflict.

    Example:
        >>> from fr_envs import load_spec
        >>> from fr_envs.graph.api_graph import ApiGraph
        >>> mermaid(ApiGraph(load_spec("banking"))).splitlines()[0]
        'flowchart LR'
    """
    shown = picture(graph)
    nodes = [f"    {_id(node.id)}{_SHAPES[node.sort].format(node.name)}:::{node.style}" for node in shown.nodes]
    lines = [f"    {_id(line.source)} {_arrow(line)} {_id(line.target)}" for line in shown.lines]
    return "\n".join(["flowchart LR", *nodes, *lines, *(f"    {style}" for style in _STYLES)]) + "\n"


def _id(node: str) -> str:
    return node.replace(":", "_", 1)


def _arrow(line: PictureLine) -> str:
    arrow = _ARROWS[line.sort]
    return arrow.replace("--", "-.-") if line.optional else arrow


def graphml(graph: ApiGraph) -> str:
    """Return GraphML with tools as nodes and every edge of the graph by itself, with its reason.

    Example:
        >>> import networkx
        >>> from fr_envs import load_spec
        >>> from fr_envs.graph.api_graph import ApiGraph
        >>> graph = ApiGraph(load_spec("banking"))
        >>> read = networkx.parse_graphml(graphml(graph), force_multigraph=True)
        >>> read.number_of_edges() == len(graph.edges())
        True
    """
    drawn: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=graph.spec.name)
    for name, tool in graph.spec.tools.items():
        drawn.add_node(name, effect=tool.effect, implicit=tool.implicit, description=tool.description)
    for edge in graph.edges():
        drawn.add_edge(
            edge.source, edge.target, relation=edge.relation, via=edge.via,
            output="/".join(edge.output), argument="/".join(edge.argument), reason=edge.reason,
        )  # fmt: skip
    return "\n".join(nx.generate_graphml(drawn)) + "\n"
