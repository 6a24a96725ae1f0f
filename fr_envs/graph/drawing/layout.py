"""Where everything stands: in columns by the flow of values, ordered so that lines cross little.

Levels are trophic levels (MacKay, Johnson and Sansom, "How directed is a directed network?", 2020): numbers such that
each line leads, on average over all lines, one level up. They exist however many circles the graph has. Tools go to
even columns, kinds and facts to odd ones. Within a column nodes are sorted by the mean height of their neighbours
(Sugiyama's barycentres) and then moved towards it as far as their order lets them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fr_envs.graph.drawing.picture import Node, Picture

__all__ = ["Box", "Layout", "layout"]

_GLYPH = 7.0  # mean width of a character at 12 px in the fonts that browsers take for sans-serif, rounded up
_GAP = 10.0
_COLUMN_GAP = 88.0
_MARGIN = 24.0
_TALLEST = 32  # nodes in a column before it is broken in two
_SWEEPS = 24


class Box(NamedTuple):
    """Where a node stands, in pixels; x and y are its centre."""

    x: float
    y: float
    width: float
    height: float


class Layout(NamedTuple):
    """All boxes by node id, and the size of the whole, in pixels."""

    boxes: Mapping[str, Box]
    width: float
    height: float


def layout(shown: Picture) -> Layout:
    """Place every node. O(nodes^3) for the levels, which takes a second for 1,000 nodes."""
    columns = _columns(shown)
    neighbours = _neighbours(shown)
    heights = {node.id: 26.0 if node.sort == "tool" else 20.0 for node in shown.nodes}
    y = _ordered(columns, neighbours, heights)
    boxes: dict[str, Box] = {}
    x = _MARGIN
    names = {node.id: node for node in shown.nodes}
    for column in columns:
        width = max(_width(names[i]) for i in column)
        for i in column:
            boxes[i] = Box(round(x + width / 2, 1), round(y[i], 1), _width(names[i]), heights[i])
        x += width + _COLUMN_GAP
    top = min((box.y - box.height / 2 for box in boxes.values()), default=0.0) - _MARGIN
    boxes = {i: box._replace(y=round(box.y - top, 1)) for i, box in boxes.items()}
    bottom = max((box.y + box.height / 2 for box in boxes.values()), default=0.0)
    return Layout(boxes, round(max(x - _COLUMN_GAP, 0.0) + _MARGIN, 1), round(bottom + _MARGIN, 1))


def _width(node: Node) -> float:
    return round(len(node.name) * _GLYPH + (24 if node.sort == "tool" else 26), 1)


def _neighbours(shown: Picture) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {node.id: [] for node in shown.nodes}
    for line in shown.lines:
        found[line.source].append(line.target)
        found[line.target].append(line.source)
    return found


def _columns(shown: Picture) -> list[list[str]]:
    levels = _levels(shown)
    found: dict[int, list[str]] = {}
    for node in shown.nodes:
        level = levels[node.id]
        column = 2 * round(level / 2) if node.sort == "tool" else 2 * round((level - 1) / 2) + 1
        found.setdefault(column, []).append(node.id)
    return [part for _, column in sorted(found.items()) for part in _broken(column, levels)]


def _broken(column: Sequence[str], levels: Mapping[str, float]) -> list[list[str]]:
    """Break a column that is too tall into neighbours of equal height, lower levels first."""
    parts = -(-len(column) // _TALLEST)
    column = sorted(column, key=levels.__getitem__)
    size = -(-len(column) // parts)
    return [list(column[i : i + size]) for i in range(0, len(column), size)]


def _levels(shown: Picture) -> dict[str, float]:
    """Solve for the levels; nodes without a line, and each part of the graph by itself, start at 0."""
    number = {node.id: i for i, node in enumerate(shown.nodes)}
    laplacian = np.zeros((len(number), len(number)))
    flow = np.zeros(len(number))
    for line in shown.lines:
        if line.sort == "ends":
            continue  # what a call spoils says nothing about what comes first
        i, j = number[line.source], number[line.target]
        laplacian[i, i] += 1
        laplacian[j, j] += 1
        laplacian[i, j] -= 1
        laplacian[j, i] -= 1
        flow[j] += 1
        flow[i] -= 1
    levels = np.linalg.lstsq(laplacian, flow, rcond=None)[0] if number else flow
    lowest = float(levels.min()) if number else 0.0
    return {name: round(float(levels[i]) - lowest, 6) for name, i in number.items()}


def _ordered(
    columns: Sequence[list[str]], neighbours: Mapping[str, Sequence[str]], heights: Mapping[str, float]
) -> dict[str, float]:
    """Sort each column in place, back and forth, and return the height of every node."""
    y: dict[str, float] = {}
    for column in columns:
        _stack(column, y, heights, {})
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            ideal = {i: _mean([y[other] for other in neighbours[i]], y[i]) for i in column}
            column.sort(key=lambda i: (ideal[i], i))
            _stack(column, y, heights, ideal if sweep >= _SWEEPS // 2 else {})
    return y


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def _stack(
    column: Sequence[str], y: dict[str, float], heights: Mapping[str, float], ideal: Mapping[str, float]
) -> None:
    """Give each node its height: evenly around 0, or as near to its ideal as order and gaps allow.

    The latter is a regression to a rising sequence: blocks that would overlap are pooled and stand at their mean.
    """
    offset, at = {}, 0.0
    for i in column:
        offset[i] = at + heights[i] / 2
        at += heights[i] + _GAP
    if not ideal:
        y.update({i: offset[i] - at / 2 for i in column})
        return
    blocks: list[tuple[float, list[str]]] = []
    for i in column:
        mean, members = ideal[i] - offset[i], [i]
        while blocks and blocks[-1][0] >= mean:
            other, before = blocks.pop()
            mean = (other * len(before) + mean * len(members)) / (len(before) + len(members))
            members = [*before, *members]
        blocks.append((mean, members))
    y.update({i: mean + offset[i] for mean, members in blocks for i in members})
