"""An API graph in words and in JSON: counts, layers, what ties the tools together, what one tool needs."""

from __future__ import annotations

import collections
import math
from typing import TYPE_CHECKING

import msgspec

from fr_envs.graph.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fr_envs.graph.api_graph import ApiGraph, Edge, ForbiddenEdge, Need, Relation
    from fr_envs.graph.drawing import EdgeUse
    from fr_envs.graph.witness import Proof, Unproven
    from fr_envs.json_values import JsonObject

__all__ = ["as_json", "of_tool", "summary"]

_RELATIONS: dict[Relation, str] = {"data": "values", "fact": "facts", "conflict": "conflicts", "policy": "rules"}
_WIDTH = 100  # columns of a list of names
_MOST = 12  # kinds, tools or edges of a list that is cut


def summary(
    graph: ApiGraph, coverage: EdgeUse | None, proofs: Mapping[Edge, Proof] | None, *, forbidden: bool = False
) -> str:
    """Return a graph in words.

    Args:
        graph: The graph.
        coverage: What a run has used of it, None for no run.
        proofs: A proof of each edge, or what stood in the way; None if they were not searched.
        forbidden: List what roles keep from being an edge.
    """
    edges = graph.edges()
    lines = [*_counts(graph, edges), "", *_layers(graph), "", *_kinds(graph)]
    if graph.spec.facts:
        lines += ["", *_facts(graph)]
    if coverage is not None:
        lines += ["", *_used(graph, edges, coverage)]
    if proofs is not None:
        lines += ["", *_proven(proofs)]
    if forbidden:
        lines += ["", *_forbidden(graph.forbidden())]
    return "\n".join(lines) + "\n"


def _counts(graph: ApiGraph, edges: list[Edge]) -> Iterator[str]:
    tools, kinds = graph.spec.tools.values(), graph.spec.kinds.values()
    effects = collections.Counter(tool.effect for tool in tools)
    origins = collections.Counter(kind.origin for kind in kinds)
    relations = collections.Counter(edge.relation for edge in edges)
    pairs = len({(edge.source, edge.target) for edge in edges})
    implicit = sum(tool.implicit for tool in tools)
    yield f"{graph.spec.name}: {graph.spec.summary}"
    yield f"  {len(tools)} tools: {effects['read']} read, {effects['write']} write; {implicit} that nobody asks for"
    yield f"  {len(kinds)} kinds: {origins['issued']} issued, {origins['named']} named, {origins['open']} open"
    yield f"  {len(graph.spec.facts)} facts"
    told = ", ".join(f"{relations[relation]} of {name}" for relation, name in _RELATIONS.items())
    yield f"  {len(edges)} edges between {pairs} pairs of tools: {told}"
    if graph.roles.declared:
        flows = len(graph.spec.flows)
        yield f"  {len(graph.forbidden())} more agree in kind and are forbidden by roles; {flows} flows between roles"


def _layers(graph: ApiGraph) -> Iterator[str]:
    yield "tools by the number of calls that must come before (- where none would do)"
    costs = graph.costs(heuristic="max").tool
    for names in graph.strata():
        cost = costs[names[0]]
        yield from _list("-" if cost == math.inf else f"{cost:g}", names)


def _list(label: str, names: Iterable[str]) -> Iterator[str]:
    """Write names side by side, behind a label of at most 7 columns."""
    line, lead = "", f"  {label:<8}"
    for name in names:
        if line and len(lead) + len(line) + len(name) + 2 > _WIDTH:
            yield f"{lead}{line},"
            line, lead = "", " " * 10
        line = f"{line}, {name}" if line else name
    yield f"{lead}{line or '-'}"


def _kinds(graph: ApiGraph) -> Iterator[str]:
    """Tell which kinds tie most tools together."""
    rows = []
    for name, kind in graph.spec.kinds.items():
        producers, consumers = graph.producers(name), graph.consumers(("kind", name))
        rows.append((len(producers) * len(consumers), name, kind.origin, producers, consumers))
    rows.sort(key=lambda row: (-row[0], row[1]))
    yield "kinds that tie most tools together (given by, needed by)"
    for product, name, origin, producers, consumers in rows[:_MOST]:
        if product:
            yield f"  {name} ({origin}): {len(producers)} give it, {len(consumers)} need it"
            yield from _list("  from", _cut(producers))


def _cut(names: tuple[str, ...]) -> list[str]:
    more = len(names) - _MOST // 2
    return list(names) if more <= 0 else [*names[: _MOST // 2], f"{more} more"]


def _facts(graph: ApiGraph) -> Iterator[str]:
    yield "facts"
    demands = {name: graph.always(name) for name in graph.spec.tools}
    for name, fact in graph.spec.facts.items():
        demanders = sum(name in demanded for demanded in demands.values())
        clearers = [tool.name for tool in graph.spec.tools.values() if name in tool.clears]
        about = f" (of a {fact.about})" if fact.about is not None else ""
        yield f"  {name}{about}: {demanders} tools need it"
        yield from _list("  set", _cut(graph.setters(name)))
        if clearers:
            yield from _list("  end", _cut(tuple(clearers)))


def _used(graph: ApiGraph, edges: list[Edge], coverage: EdgeUse) -> Iterator[str]:
    tools = [name for name in graph.spec.tools if coverage.tools.get(name)]
    yield f"used by the run: {len(tools)} of {len(graph.spec.tools)} tools in {sum(coverage.tools.values())} calls"
    for relation, noun in _RELATIONS.items():
        if relation == "conflict":
            continue
        there = [edge for edge in edges if edge.relation == relation]
        used = sum(coverage.edges.get(edge, 0) > 0 for edge in there)
        yield f"  {used} of {len(there)} edges of {noun}"
    unused = [name for name in graph.spec.tools if name not in tools]
    if unused:
        yield "  tools never called"
        yield from _list("", unused)


def _proven(proofs: Mapping[Edge, Proof]) -> Iterator[str]:
    proven = [edge for edge, proof in proofs.items() if isinstance(proof, Witness)]
    yield f"proven by execution: {_share(len(proven), len(proofs))}"
    for relation, name in _RELATIONS.items():
        there = sum(edge.relation == relation for edge in proofs)
        if there:
            yield f"  {name:<10} {_share(sum(edge.relation == relation for edge in proven), there)}"
    for edge, proof in proofs.items():
        if not isinstance(proof, Witness):
            yield f"  without a witness: {edge.reason} ({_why(proof)})"


def _forbidden(found: Sequence[ForbiddenEdge]) -> Iterator[str]:
    yield f"forbidden by roles: {len(found)}" if found else "forbidden by roles: none"
    yield from (f"  {_forbidden_line(each)}" for each in found)


def _forbidden_line(each: ForbiddenEdge) -> str:
    return f"{each.edge.reason}: {each.because}"


def _share(part: int, whole: int) -> str:
    """Say how many edges of how many, in percent rounded down, so that 100 % means all of them."""
    return f"{part} of {whole} edges" + (f" ({part * 1000 // whole / 10:g} %)" if whole else "")


# ----------------------------------------------------------------------------------------------------------- one tool


def of_tool(graph: ApiGraph, name: str, proofs: Mapping[Edge, Proof] | None, *, forbidden: bool = False) -> str:
    """Return what one tool needs, who gives it, the relaxed plan to it, and what it opens.

    Args:
        graph: The graph.
        name: The tool.
        proofs: A proof of each edge of the tool, or what stood in the way; None if they were not searched.
        forbidden: List what roles keep from being an edge.

    Raises:
        UsageError: There is no such tool.
    """
    tool = graph.tool(name)
    takes = ", ".join(p.name if p.required else f"{p.name}?" for p in tool.parameters.values())
    about = " ".join(tool.description.split())
    lines = [f"{name}({takes})", f"  {about}", "", *_plan(graph, name), "", *_needs(graph, name)]
    into = [edge for edge in graph.edges() if edge.target == name]
    out = [edge for edge in graph.edges() if edge.source == name]
    for title, edges in (("what comes before", into), ("what it serves or spoils", out)):
        lines += ["", f"{title}: {len(edges)} edges"]
        lines += [f"  {edge.reason}{_mark(edge, proofs)}" for edge in edges] or ["  none"]
    if forbidden:
        lines += ["", *_forbidden([f for f in graph.forbidden() if name in (f.edge.source, f.edge.target)])]
    return "\n".join(lines) + "\n"


def _mark(edge: Edge, proofs: Mapping[Edge, Proof] | None) -> str:
    if proofs is None:
        return ""
    proof = proofs[edge]
    if isinstance(proof, Witness):
        return f"; proven from seed {proof.seed} in {len(proof.calls)} calls"
    return f"; no witness found ({_why(proof)})"


def _why(proof: Unproven) -> str:
    return ", ".join(f"{code} {count}x" for code, count in proof.refusals[:3]) or "never tried"


def _plan(graph: ApiGraph, name: str) -> Iterator[str]:
    distance = graph.distance(name)
    if distance == math.inf:
        yield "out of reach of calls alone: no tool gives what it needs, the world may"
        return
    at_least = graph.distance(name, heuristic="max")
    yield f"distance when nothing is known: {distance:g} (at least {at_least:g} one after the other)"
    yield f"shortest way: {' → '.join((*graph.plan(name), name))}"


def _needs(graph: ApiGraph, name: str) -> Iterator[str]:
    needs = graph.needs(name)
    yield "needs" if needs else "needs nothing"
    for need in needs:
        yield f"  {need[0]} {need[1]}: {_supply(graph, need)}"
    for parameter in graph.tool(name).parameters.values():
        if parameter.field.holds:
            yield f"  {parameter.name} of which holds: {', '.join(parameter.field.holds)}"


def _supply(graph: ApiGraph, need: Need) -> str:
    sort, name = need
    producers = graph.producers(name) if sort == "kind" else graph.setters(name)
    ways = ["the user can say it"] if graph.sayable(need) else []
    if producers:
        ways.append(f"{'given' if sort == 'kind' else 'set'} by {', '.join(producers)}")
    return "; ".join(ways) or ("holds from the start or never" if sort == "fact" else "nothing gives it")


# --------------------------------------------------------------------------------------------------------------- JSON


def as_json(
    graph: ApiGraph, coverage: EdgeUse | None, proofs: Mapping[Edge, Proof] | None, *, forbidden: bool = False
) -> JsonObject:
    """Return a graph as plain data: tools with layer and distance, edges with reason, use and witness.

    What roles keep from being an edge stands beside the edges where that is asked for.
    """
    distance, depth = graph.costs().tool, graph.costs(heuristic="max").tool
    tools = [
        {"name": name, "effect": tool.effect, "implicit": tool.implicit, "distance": _finite(distance[name]),
         "layer": _finite(depth[name]), **({} if coverage is None else {"calls": coverage.tools.get(name, 0)})}
        for name, tool in graph.spec.tools.items()
    ]  # fmt: skip
    edges = [_edge_json(edge, coverage, proofs) for edge in graph.edges()]
    more = [{**each.edge._asdict(), "because": each.because} for each in graph.forbidden()] if forbidden else []
    return {
        "world": graph.spec.name, "version": graph.spec.version, "tools": tools, "edges": edges,
        **({"forbidden": more} if forbidden else {}),
    }  # fmt: skip


def _finite(cost: float) -> int | None:
    return None if cost == math.inf else int(cost)


def _edge_json(edge: Edge, coverage: EdgeUse | None, proofs: Mapping[Edge, Proof] | None) -> JsonObject:
    plain: JsonObject = {**edge._asdict(), "reason": edge.reason}
    if coverage is not None:
        plain["uses"] = coverage.edges.get(edge, 0)
    if proofs is not None:
        proof = proofs[edge]
        plain["witness"] = msgspec.to_builtins(proof) if isinstance(proof, Witness) else None
        if not isinstance(proof, Witness):
            plain["refusals"] = dict(proof.refusals)
    return plain
