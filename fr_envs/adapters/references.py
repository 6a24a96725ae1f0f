"""Local references of JSON documents, written out where they stand; what cannot be is named by pointer and fix."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from fr_envs.errors import SpecError
from fr_envs.json_values import escape, unescape

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject

__all__ = ["Resolver"]

_LITERAL = frozenset({"const", "default", "enum", "example", "examples"})
"""Members that hold data: a ``$ref`` in there is no reference."""

_NAMED = frozenset({"$defs", "definitions", "patternProperties", "properties"})
"""Members whose own members are names that an author chose."""

_MOST = 50_000
"""Values that one inlining may write out; references can double at every level."""


class Resolver:
    """Writes out the references of one document.

    Args:
        document: The whole document, from which ``#/…`` counts.
        source: File or name that errors give.
        base: Where the document itself stands in its source; errors count from there.
    """

    def __init__(self, document: Json, source: str, base: str = "") -> None:
        """Keep the document."""
        self.base = base
        self.document = document
        self.source = source
        self._left = _MOST

    def inline(self, node: Json, pointer: str) -> Json:
        """Return ``node``, which stands at ``pointer``, with every reference in it replaced by what it means.

        Members beside a ``$ref`` are laid over what it means.

        Raises:
            SpecError: A reference is broken, goes round in a circle, or leaves the document; or the whole is too big.
        """
        self._left = _MOST
        return self._inline(node, pointer, ())

    def shallow(self, node: Json, pointer: str) -> tuple[Json, str]:
        """Return what a node means without looking into it, and where that stands.

        Raises:
            SpecError: A reference is broken, goes round in a circle, or leaves the document.
        """
        seen: tuple[str, ...] = ()
        while isinstance(node, dict) and isinstance(node.get("$ref"), str):
            target = self._target(node["$ref"], pointer, seen)
            seen = (*seen, node["$ref"])
            node, pointer = target, node["$ref"].removeprefix("#")
        return node, pointer

    def _inline(self, node: Json, pointer: str, seen: tuple[str, ...]) -> Json:
        self._left -= 1
        if self._left < 0:
            problem = f"grows to more than {_MOST} values when its references are written out"
            raise self._fault(pointer, problem, "refer to less, or take the tool out")
        if isinstance(node, list):
            return [self._inline(item, f"{pointer}/{i}", seen) for i, item in enumerate(node)]
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("$ref"), str):
            return self._followed(node, pointer, seen)
        return {name: self._member(name, value, f"{pointer}/{escape(name)}", seen) for name, value in node.items()}

    def _member(self, name: str, value: Json, pointer: str, seen: tuple[str, ...]) -> Json:
        if name in _LITERAL:
            return value
        if name in _NAMED and isinstance(value, dict):
            return {key: self._inline(each, f"{pointer}/{escape(key)}", seen) for key, each in value.items()}
        return self._inline(value, pointer, seen)

    def _followed(self, node: JsonObject, pointer: str, seen: tuple[str, ...]) -> Json:
        reference: str = node["$ref"]
        target = self._target(reference, pointer, seen)
        meant = self._inline(target, reference.removeprefix("#"), (*seen, reference))
        beside = {name: self._member(name, value, f"{pointer}/{escape(name)}", seen)
                  for name, value in node.items() if name != "$ref"}  # fmt: skip
        return {**meant, **beside} if beside and isinstance(meant, dict) else meant

    def _fault(self, pointer: str, problem: str, fix: str) -> SpecError:
        return SpecError(self.source, self.base + pointer, problem, fix)

    def _target(self, reference: str, pointer: str, seen: tuple[str, ...]) -> Json:
        at = f"{pointer}/$ref"
        if not reference.startswith("#"):
            raise self._fault(at, f"{reference!r} leaves the document", "copy what it means into the document")
        if reference in seen:
            raise self._fault(at, f"{reference!r} goes round in a circle", "break the circle, or skip the tool")
        node = self.document
        for name in [unescape(unquote(part)) for part in reference[1:].split("/")[1:]]:
            if isinstance(node, dict) and name in node:
                node = node[name]
            elif isinstance(node, list) and name.isdecimal() and int(name) < len(node):
                node = node[int(name)]
            else:
                raise self._fault(at, f"{reference!r} points at nothing", "fix it, or declare what it means")
        return node
