"""The API graph as one SVG: tools in columns, kinds and facts between them, light and dark."""

from __future__ import annotations

import importlib.resources
import math
from html import escape
from typing import TYPE_CHECKING

from fr_envs.graph.drawing.layout import layout
from fr_envs.graph.drawing.picture import picture

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_envs.graph.api_graph import ApiGraph, Edge
    from fr_envs.graph.drawing.layout import Box, Layout
    from fr_envs.graph.drawing.picture import EdgeUse, Node, PictureLine

__all__ = ["svg"]

_SHADES = 5
"""Shades of coverage beside none."""

_LEGEND_HEIGHT = 34.0
_ASIDE = 5.0  # how far lines against the flow run beside those with it, in pixels

_WORDS = {
    "gives": "{} gives {}",
    "takes": "{1} takes {0}",
    "echoes": "{1} takes {0} and gives it again",
    "sets": "{} makes {} true",
    "needs": "{1} needs {0}",
    "ends": "{} ends {}",
}


def svg(graph: ApiGraph, coverage: EdgeUse | None = None, *, unproven: frozenset[Edge] = frozenset()) -> str:
    """Return the drawing as an SVG document that stands alone.

    Args:
        graph: What to draw.
        coverage: Colours tools and lines by how often a run has used them; None for the plain drawing.
        unproven: Edges without a witness; a line that only such edges run along is marked.
    """
    shown = picture(graph)
    placed = layout(shown)
    legend = _legend(coverage)
    width, height = max(placed.width, 760.0), placed.height + _LEGEND_HEIGHT
    most = max([0, *coverage.edges.values()]) if coverage else 0
    lines = [_line(line, placed, coverage, most, unproven) for line in shown.lines]
    nodes = [_node(node, placed.boxes[node.id], coverage) for node in shown.nodes]
    style = importlib.resources.files("fr_envs.graph.drawing").joinpath("svg.css").read_text(encoding="utf-8")
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="graph{" covered" if coverage else ""}" role="img" '
            f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">',
            f"<title>{escape(graph.spec.name)}: tools and what ties them together</title>",
            f"<style>{style}</style>",
            _MARKERS,
            '<rect class="ground" width="100%" height="100%"/>',
            '<g id="view">',
            '<g class="lines">', *lines, "</g>",
            '<g class="nodes">', *nodes, "</g>",
            "</g>",
            f'<g class="legend" transform="translate(24 {placed.height + 8:g})">{legend}</g>',
            "</svg>",
            "",
        ]
    )  # fmt: skip


def _marker(name: str) -> str:
    return (
        f'<marker id="{name}" class="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" '
        'orient="auto-start-reverse" markerUnits="userSpaceOnUse"><path d="M0 0.8 8 4 0 7.2z"/></marker>'
    )


_MARKERS = "<defs>" + "".join(_marker(f"arrow-{sort}") for sort in ("data", "fact", "ends")) + "</defs>"


def _shade(count: int, most: int) -> int:
    """Return 0 for what was never used, and 1 to 5 by the logarithm of the count."""
    if count <= 0:
        return 0
    return 1 + min(_SHADES - 1, math.floor((_SHADES - 1) * math.log(count) / math.log(max(most, 2)) + 1e-9))


def _line(line: PictureLine, placed: Layout, coverage: EdgeUse | None, most: int, unproven: frozenset[Edge]) -> str:
    words = _WORDS[line.sort].format(*(node.partition(":")[2] for node in (line.source, line.target)))
    count = len(line.edges)
    classes = ["line", line.sort, *(["optional"] if line.optional else [])]
    title = f"{words} ({count} edge{'' if count == 1 else 's'})"
    if coverage is not None:
        used = sum(coverage.edges.get(edge, 0) for edge in line.edges)
        classes.append(f"shade{_shade(used, most)}")
        title += f", used {used:,} times"
    if unproven and unproven.issuperset(line.edges):
        classes.append("unproven")
        title += ", no witness"
    sort = "ends" if line.sort == "ends" else "fact" if line.sort in {"sets", "needs"} else "data"
    start = f' marker-start="url(#arrow-{sort})"' if line.sort == "echoes" else ""
    return (
        f'<path class="{" ".join(classes)}" data-from="{line.source}" data-to="{line.target}" '
        f'd="{_path(placed.boxes[line.source], placed.boxes[line.target])}"{start} marker-end="url(#arrow-{sort})">'
        f"<title>{escape(title)}</title></path>"
    )


def _path(start: Box, end: Box) -> str:
    """A curve that leaves to the right and arrives from the left; lines against the flow run the other way round."""
    side = 1 if end.x > start.x else -1
    x1, x2 = start.x + side * start.width / 2, end.x - side * (end.width / 2 + 1)
    if start.x == end.x:
        x2 = end.x - end.width / 2 - 1
    bend = max(36.0, abs(x2 - x1) * 0.45)
    c2 = x2 - bend * (1 if start.x == end.x else side)
    y1, y2 = (start.y, end.y) if side > 0 else (start.y + _ASIDE, end.y + _ASIDE)
    return f"M{x1:g} {y1:g}C{x1 + side * bend:g} {y1:g} {c2:g} {y2:g} {x2:g} {y2:g}"


def _node(node: Node, box: Box, coverage: EdgeUse | None) -> str:
    classes = ["node", node.sort, node.style, *(["implicit"] if node.implicit else [])]
    title = f"{node.name}: {node.title}"
    if coverage is not None and node.sort == "tool":
        used = coverage.tools.get(node.name, 0)
        classes.append(f"shade{_shade(used, max(coverage.tools.values(), default=0))}")
        title += f" Called {used:,} times."
    return (
        f'<g class="{" ".join(classes)}" data-id="{node.id}" tabindex="0" '
        f'transform="translate({box.x:g} {box.y:g})"><title>{escape(title)}</title>{_outline(node, box)}'
        f'<text text-anchor="middle" dy="0.35em">{escape(node.name)}</text></g>'
    )


def _outline(node: Node, box: Box) -> str:
    w, h = box.width / 2, box.height / 2
    if node.sort == "fact":
        return f'<path d="M{-w:g} 0 {8 - w:g} {-h:g}H{w - 8:g}L{w:g} 0 {w - 8:g} {h:g}H{8 - w:g}z"/>'
    radius = 4 if node.sort == "tool" else h
    return f'<rect x="{-w:g}" y="{-h:g}" width="{box.width:g}" height="{box.height:g}" rx="{radius:g}"/>'


def _legend(coverage: EdgeUse | None) -> str:
    if coverage is None:
        samples = [("tool read", "tool that reads"), ("tool write", "tool that writes")]
    else:
        most = max([0, *coverage.tools.values()])
        words = ("never called", *(f"{_least(i, most):,} or more" for i in range(1, _SHADES + 1)))
        samples = [(f"tool shade{i}", text) for i, text in enumerate(words) if i == 0 or _least(i, most) <= most]
    samples += [("kind issued", "kind that only a tool tells"), ("kind named", "kind that a user can say")]
    return _row([*samples, ("fact", "fact"), ("ends", "ends a fact")])


def _least(shade: int, most: int) -> int:
    """Return the smallest count that has a shade."""
    return next((n for n in range(1, most + 1) if _shade(n, most) >= shade), most + 1)


def _row(samples: Iterable[tuple[str, str]]) -> str:
    parts, x = [], 0.0
    for classes, text in samples:
        if classes == "ends":
            mark = f'<path class="line ends" d="M{x:g} 8h22" marker-end="url(#arrow-ends)"/>'
        elif classes == "fact":
            mark = f'<g class="node fact"><path d="M{x:g} 8l6-7h10l6 7-6 7h-10z"/></g>'
        else:
            radius = 3 if classes.startswith("tool") else 7
            mark = f'<g class="node {classes}"><rect x="{x:g}" y="1" width="22" height="14" rx="{radius}"/></g>'
        parts.append(f'{mark}<text x="{x + 28:g}" y="12">{text}</text>')
        x += 28 + len(text) * 6.2 + 22
    return "".join(parts)
