"""The API graph as one page: zoom and pan, search, what ties to what on hover, why and how proven on a click."""

from __future__ import annotations

import importlib.resources
import json
import re
from html import escape
from typing import TYPE_CHECKING

from fr_envs.graph.drawing.svg import svg

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.graph.api_graph import ApiGraph, Edge
    from fr_envs.graph.drawing.picture import EdgeUse
    from fr_envs.graph.witness import Witness
    from fr_envs.json_values import JsonObject

__all__ = ["html"]


def html(
    graph: ApiGraph, coverage: EdgeUse | None = None, witnesses: Mapping[Edge, Witness | None] | None = None
) -> str:
    """Return the page as one HTML document without references to anything outside.

    Args:
        graph: What to show.
        coverage: Colours tools and lines by how often a run has used them.
        witnesses: The proof of each edge; those without one are marked.
    """
    found = witnesses or {}
    unproven = frozenset(edge for edge, witness in found.items() if witness is None)
    edges = graph.edges()
    parts = {
        "TITLE": escape(f"{graph.spec.name}: API graph"),
        "SUMMARY": escape(f"{graph.spec.summary} {_counts(graph, edges, witnesses, coverage)}"),
        "STYLE": _asset("page.css"),
        "GRAPH": svg(graph, coverage, unproven=unproven),
        "DATA": _inline({"tools": _tools(graph, coverage), "edges": [_edge(e, found, coverage) for e in edges]}),
        "SCRIPT": _asset("page.js"),
    }
    return re.sub(r"<!--([A-Z]+)-->", lambda found: parts[found[1]], _asset("page.html"))


def _asset(name: str) -> str:
    return importlib.resources.files("fr_envs.graph.drawing").joinpath(name).read_text(encoding="utf-8")


def _inline(data: JsonObject) -> str:
    """Write JSON that may stand in a script element."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _counts(
    graph: ApiGraph, edges: list[Edge], witnesses: Mapping[Edge, Witness | None] | None, coverage: EdgeUse | None
) -> str:
    pairs = len({(edge.source, edge.target) for edge in edges})
    words = [f"{len(graph.spec.tools)} tools", f"{len(edges):,} edges between {pairs:,} pairs of them"]
    if witnesses is not None:
        words.append(f"{sum(witness is not None for witness in witnesses.values()):,} edges proven by execution")
    if coverage is not None:
        used = sum(coverage.tools.get(name, 0) > 0 for name in graph.spec.tools)
        words.append(f"{used} tools and {sum(coverage.edges.get(edge, 0) > 0 for edge in edges):,} edges used")
    return ", ".join(words) + "."


def _tools(graph: ApiGraph, coverage: EdgeUse | None) -> JsonObject:
    found: JsonObject = {}
    for name, tool in graph.spec.tools.items():
        found[name] = {
            "text": tool.description,
            "effect": tool.effect,
            "implicit": tool.implicit,
            "takes": [p.name if p.required else f"{p.name}?" for p in tool.parameters.values()],
        }
        if coverage is not None:
            found[name]["count"] = coverage.tools.get(name, 0)
    return found


def _edge(edge: Edge, witnesses: Mapping[Edge, Witness | None], coverage: EdgeUse | None) -> list[object]:
    """Return source, target, relation, via, output, argument, uses, witness; short, as there may be thousands."""
    count = None if coverage is None else coverage.edges.get(edge, 0)
    proof: object = None
    if edge in witnesses:
        witness = witnesses[edge]
        proof = "" if witness is None else _told(witness)
    return [
        edge.source, edge.target, edge.relation, edge.via, "/".join(edge.output), "/".join(edge.argument), count, proof,
    ]  # fmt: skip


def _told(witness: Witness) -> str:
    """Write a witness as lines of calls, the two that matter marked."""
    lines = [f"seed {witness.seed}, {witness.scale}"]
    marked = {len(witness.before): "1", len(witness.calls) - 1: "2"}
    for i, call in enumerate(witness.calls):
        arguments = json.dumps(call.arguments, ensure_ascii=False)
        lines.append(f"{marked.get(i, ' ')} {call.name} {arguments}")
    if witness.edge.relation == "data":
        lines.append(
            f"  {witness.output} → {witness.argument}; otherwise with {json.dumps(witness.other, ensure_ascii=False)}"
        )
    return "\n".join(lines)
