"""YAML that others wrote: read as plain values, refused where aliases unfold without measure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import yaml

if TYPE_CHECKING:
    from fr_envs.json_values import Json

__all__ = ["SAFE_LOADER", "read_yaml"]

SAFE_LOADER: Final[type] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""A loader of plain values alone, the C one where there is one."""

_MOST_VALUES = 2_000_000  # values that a document may unfold to; GitHub's OpenAPI document has 600,000
_MOST_PER_VALUE = 100  # times that the values of a document which uses aliases may unfold


def read_yaml(text: str, loader: type = SAFE_LOADER) -> Json:
    """Return what a YAML document says, None for an empty one.

    Args:
        text: The document.
        loader: A safe loader.

    Raises:
        yaml.YAMLError: It is no YAML, is nested too deep, or unfolds to more than anybody writes. A collection that
            holds itself unfolds without end.

    Example:
        >>> read_yaml("a: [1, 2]")
        {'a': [1, 2]}
    """
    reading = loader(text)
    try:
        node = reading.get_single_node()
        if node is not None and _ALIAS.search(text):
            _check_size(node)
        return None if node is None else reading.construct_document(node)
    except RecursionError:
        raise yaml.MarkedYAMLError(problem="it is nested too deep") from None
    finally:
        reading.dispose()


_ALIAS = re.compile(r"(?:^|[\s\[{,:])\*\S")


def _check_size(root: yaml.Node) -> None:
    """Refuse aliases that unfold to very much, or without end; each node is looked at once."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()
    ways: list[tuple[yaml.Node, bool]] = [(root, False)]
    while ways:
        node, counted = ways.pop()
        if counted:
            open_nodes.discard(id(node))
            sizes[id(node)] = 1 + sum(sizes[id(child)] for child in _children(node))
            if sizes[id(node)] > min(_MOST_VALUES, _MOST_PER_VALUE * max(len(sizes), _SMALL)):
                raise yaml.MarkedYAMLError(problem="aliases unfold to too much", problem_mark=node.start_mark)
        elif id(node) in open_nodes:
            raise yaml.MarkedYAMLError(problem="an alias holds itself", problem_mark=node.start_mark)
        elif id(node) not in sizes:
            open_nodes.add(id(node))
            ways.append((node, True))
            ways += [(child, False) for child in _children(node) if id(child) not in sizes]


_SMALL = 1000  # nodes of a document in which aliases do no harm


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
