"""The API graph as Mermaid, GraphML, SVG and a page to explore. Same graph, same bytes."""

from __future__ import annotations

from fr_envs.graph.drawing.page import html
from fr_envs.graph.drawing.picture import EdgeUse
from fr_envs.graph.drawing.svg import svg
from fr_envs.graph.drawing.text import graphml, mermaid

__all__ = ["EdgeUse", "graphml", "html", "mermaid", "svg"]
