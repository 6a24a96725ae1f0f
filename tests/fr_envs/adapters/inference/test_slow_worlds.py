"""Worlds that are slow to start: what one walk over all tools tells is most of what is found.

1. What shows all there is comes first, what takes something away last, and every tool once before any is again.
2. A bound that ends the walk leaves what was seen by then.
3. What people say of a thing that they make is not guessed to come from a list.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fr_envs.adapters.inference.dataflow import data_edges
from fr_envs.adapters.inference.metered import Bounds, metered
from fr_envs.adapters.inference.scouting import scouting_order
from fr_envs.adapters.inference.shapes import with_kind
from fr_envs.adapters.inference.trials import Trials
from fr_envs.adapters.inference.walks import ToolExplorer
from fr_envs.adapters.python.objects import domain_from_object
from fr_envs.contract.spec import Field


class Links:
    """Some links."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = [{"id": 41, "title": "Huts"}, {"id": 42, "title": "Bread"}]

    def delete_link(self, link_id: int) -> dict[str, int]:
        """Delete a link."""
        self.rows = [row for row in self.rows if row["id"] != link_id]
        return {"left": len(self.rows)}

    def add_link(self, title: str) -> dict[str, Any]:
        """Add a link."""
        self.rows.append({"id": 40 + len(self.rows), "title": title})
        return self.rows[-1]

    def get_links(self) -> list[dict[str, Any]]:
        """All links."""
        return self.rows

    def mark(self, link_id: int) -> dict[str, Any]:
        """Mark a link."""
        return next(row for row in self.rows if row["id"] == link_id)


WORLD: Any = domain_from_object(Links, name="links")


def test_a_first_walk_looks_before_it_acts_and_takes_away_last() -> None:
    order = scouting_order(WORLD.spec)
    assert order == ["get_links", "add_link", "mark", "delete_link", "get_links", "add_link", "mark", "delete_link"]


def test_a_first_walk_keeps_what_it_saw_when_the_calls_are_used_up() -> None:
    played = metered(WORLD, Bounds(calls=3)).enter("examples")
    explorer = ToolExplorer(played, np.random.default_rng(1))
    (walk,) = explorer.explore([WORLD.initial(1)], 0, 8, scouting_order(WORLD.spec))
    assert [call.name for call in walk.calls] == ["get_links", "add_link", "mark"]
    assert explorer.explore([WORLD.initial(1)], 4, 8, ["mark"]) == []


def test_titles_of_what_is_made_are_not_guessed() -> None:
    explorer = ToolExplorer(WORLD, np.random.default_rng(1))
    walks = explorer.explore([WORLD.initial(1)], 0, 8, ["get_links"])
    edges = data_edges(WORLD.spec, Trials(WORLD, walks, np.random.default_rng(2)))
    assert not [edge for edge in edges if edge.consumer == "add_link"]


def test_descriptions_inside_rows_outlive_what_was_seen() -> None:
    told = Field(schema={"type": "number"}, description="Price in EUR.")
    declared = {"rooms": Field(array=Field(object={"price": told}), description="All rooms.")}
    found = with_kind(declared, [{"rooms": [{"price": 4, "name": "Birch"}]}], {})
    row = found["rooms"].array
    assert row is not None
    assert row.object is not None
    assert (found["rooms"].description, row.object["price"].description) == ("All rooms.", "Price in EUR.")
    assert row.object["name"].description == ""
