"""YAML that others wrote: read as plain values, refused where aliases unfold without measure."""

from __future__ import annotations

import functools
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
    if loader is SAFE_LOADER:
        try:
            return _read_plainly(text)
        except (_NotPlainError, yaml.YAMLError):  # the loader itself reads it, or says what is wrong
            pass
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


# ------------------------------------------------------------------------------------------- documents of plain values


class _NotPlainError(Exception):
    """A document has what only the loader reads: anchors, tags, merges, keys that are no scalars, several documents."""


def _read_plainly(text: str) -> Json:
    """Return what one document of plain values says, by its events: half the time that a tree of nodes takes.

    Raises:
        _NotPlainError: It has anything else in it.
        yaml.YAMLError: It is no YAML.
    """
    reading = SAFE_LOADER(text)
    document = _Document()
    try:
        while (event := reading.get_event()) is not None:
            document.take(event)
        return document.value
    finally:
        reading.dispose()


class _Document:
    """The value that the events of a stream tell; each open collection waits for what stands in it.

    Attributes:
        value: What the document says; None for an empty one.
    """

    def __init__(self) -> None:
        self.value: Json = None
        self._inside: dict[Json, Json] | list[Json] = []
        self._key: Json = _NO_KEY
        self._waiting: list[tuple[dict[Json, Json] | list[Json], Json]] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Go on by one event."""
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor or event.tag:
                raise _NotPlainError
            self._put(_told_by(event.value) if event.implicit[0] else event.value, scalar=True)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            value = self._inside
            self._inside, self._key = self._waiting.pop()
            self._put(value, scalar=False)
        elif isinstance(event, yaml.AliasEvent):
            raise _NotPlainError
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _NotPlainError

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        if event.anchor or event.tag or len(self._waiting) > _DEEP:
            raise _NotPlainError
        self._waiting.append((self._inside, self._key))
        self._inside, self._key = ({} if isinstance(event, yaml.MappingStartEvent) else []), _NO_KEY

    def _put(self, value: Json, *, scalar: bool) -> None:
        if isinstance(self._inside, list):
            self._inside.append(value)
            self.value = value  # the last is the document itself
        elif self._key is not _NO_KEY:
            self._inside[self._key], self._key = value, _NO_KEY
        elif scalar:
            self._key = value
        else:
            raise _NotPlainError


_NO_KEY: Final = object()
_DEEP = 100  # collections within each other; what is deeper is for the loader to refuse


@functools.lru_cache(maxsize=16384)
def _told_by(text: str) -> Json:
    """Return what a scalar without quotes means."""
    tag = next((tag for tag, pattern in _RESOLVERS.get(text[:1], ()) if pattern.match(text)), "")
    if not tag:
        return text
    if tag not in _PLAIN_TAGS:
        raise _NotPlainError
    try:
        return yaml.constructor.SafeConstructor().construct_object(yaml.ScalarNode(tag, text))
    except ValueError:
        raise _NotPlainError from None


_RESOLVERS: Final[dict[str, list[tuple[str, re.Pattern[str]]]]] = yaml.SafeLoader.yaml_implicit_resolvers
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "timestamp"))
