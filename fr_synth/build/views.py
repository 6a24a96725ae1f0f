"""How a dialogue offers its tools: in an order of its own, and in a share of dialogues under other names.

Other names are the contract's aliases, its paraphrases stand for descriptions, or neutral codes (``tool_7``, ``arg_b``)
leave the descriptions to say what a thing is. A contract without aliases gets codes alone: names are never made up.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.contract.schemas import parameters_schema
from fr_envs.contract.view import ToolView, View

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy as np

    from fr_envs.contract.spec import DomainSpec, ToolSpec

__all__ = ["Naming", "draw_view"]

_CODES = 0.25  # share of renaming views with neutral codes, where there are aliases
_TOOL, _PARAMETER, _DESCRIPTION, _OMITTED = 0.8, 0.6, 0.5, 0.2  # share of what gets another name, words, is left out
_NUMBERS = 4  # codes are drawn from so many times as many numbers as there are tools


class Naming(NamedTuple):
    """What a view is drawn for.

    Attributes:
        offered: Names in the contract of the tools offered, in its order; empty for all of the world's.
        used: Tool -> its parameters that calls give.
        rename: Share of dialogues whose view renames, from 0 to 1.
    """

    offered: tuple[str, ...]
    used: Mapping[str, Collection[str]]
    rename: float


def draw_view(spec: DomainSpec, naming: Naming, rng: np.random.Generator) -> View | None:
    """Draw how tools are offered; None for all of a world's tools under their own names in the contract's order."""
    renames = rng.random() < naming.rename
    if not renames and not naming.offered:
        return None
    tools = naming.offered or tuple(spec.tools)
    order = [tools[int(number)] for number in rng.permutation(len(tools))]
    if not renames:
        return View(tuple(map(ToolView, order)))
    drawn = rng.random()
    codes = drawn < _CODES or not spec.aliases.tools
    return View(tuple(_coded(spec, order, naming, rng) if codes else _Aliased(spec, order, naming, rng).views()))


def _omitted(tool: ToolSpec, naming: Naming, rng: np.random.Generator) -> tuple[str, ...]:
    """Draw which optional parameters that no call gives are left out."""
    used = naming.used.get(tool.name, ())
    free = [name for name, parameter in tool.parameters.items() if not parameter.required and name not in used]
    return tuple(name for name in free if rng.random() < _OMITTED)


def _coded(spec: DomainSpec, order: Sequence[str], naming: Naming, rng: np.random.Generator) -> list[ToolView]:
    numbers = rng.permutation(_NUMBERS * len(order))[: len(order)]
    views = []
    for name, number in zip(order, numbers, strict=True):
        omitted = _omitted(spec.tools[name], naming, rng)
        letters = {own: letter for own, letter in _letters(spec, name).items() if own not in omitted}
        views.append(ToolView(name, f"tool_{int(number) + 1}", "", letters, omitted))
    return views


def _letters(spec: DomainSpec, tool: str) -> dict[str, str]:
    """Return codes for a tool's parameters; one that its description does not tell from others keeps its name."""
    properties = parameters_schema(spec, tool)["properties"]
    told = [str(schema.get("description", "")) for schema in properties.values()]
    letters = (letter for letter in string.ascii_lowercase if f"arg_{letter}" not in properties)
    found = zip(properties, told, letters, strict=False)
    return {name: f"arg_{letter}" for name, text, letter in found if text and told.count(text) == 1}


class _Aliased:
    """Draws aliases: of one name one alias in the whole view, wherever that can be."""

    def __init__(self, spec: DomainSpec, order: Sequence[str], naming: Naming, rng: np.random.Generator) -> None:
        self.spec = spec
        self.order = order
        self.naming = naming
        self.rng = rng
        names = dict.fromkeys(name for tool in order for name in spec.tools[tool].parameters)
        self.draws = {name: (rng.random(), rng.random()) for name in names}

    def views(self) -> list[ToolView]:
        """Return the tools in their order, at least one that is called under another name."""
        sure = next((name for name in self.naming.used if self.spec.aliases.tools.get(name)), "")
        taken = set(self.spec.tools)
        views = []
        for name in self.order:
            tool = self.spec.tools[name]
            named = self._name(name, taken, sure=name == sure)
            taken.add(named)
            omitted = _omitted(tool, self.naming, self.rng)
            views.append(ToolView(name, named, self._description(name), self._parameters(tool, omitted), omitted))
        return views

    def _name(self, tool: str, taken: Collection[str], *, sure: bool) -> str:
        aliases = [each for each in self.spec.aliases.tools.get(tool, ()) if each not in taken]
        renamed = self.rng.random() < _TOOL or sure
        return aliases[int(self.rng.integers(len(aliases)))] if renamed and aliases else ""

    def _description(self, tool: str) -> str:
        others = self.spec.aliases.descriptions.get(tool, ())
        draw = self.rng.random()
        return others[int(draw / _DESCRIPTION * len(others))] if others and draw < _DESCRIPTION else ""

    def _parameters(self, tool: ToolSpec, omitted: Collection[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in tool.parameters:
            if name in omitted:
                continue
            whether, which = self.draws[name]
            aliases = self.spec.aliases.of_parameter(tool.name, name)
            if aliases and whether < _PARAMETER:
                found[name] = aliases[int(which * len(aliases))]
        return found
