"""Local references of JSON documents, written out where they stand; what cannot be is named by pointer and fix.

What refers to itself, and what would grow too big, is cut: deep in a schema, a place that many share holds a short
schema, and under ``SHARED`` the name and the schema of what stands there, each once for the whole document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from fr_envs.errors import SpecError
from fr_envs.json_values import escape, unescape

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.json_values import Json, JsonObject

__all__ = ["LEAVES_THE_DOCUMENT", "SHARED", "Resolver"]

SHARED = "x-shared"
"""Member of a short schema: ``{"name": …, "schema": …}`` of what it stands for."""

LEAVES_THE_DOCUMENT = "copy what it means into the document"
"""The mend of a reference that leaves its document."""

_LITERAL = frozenset({"const", "default", "enum", "example", "examples", SHARED})
"""Members that hold data: a ``$ref`` in there is no reference."""

_NAMED = frozenset({"$defs", "definitions", "patternProperties", "properties"})
"""Members whose own members are names that an author chose."""

_MOST = 50_000
"""Values that one inlining may write out; references can double at every level."""

_ENOUGH = 120
"""Values that one inlining writes out before it cuts at a lower depth."""

_DEPTHS = (8, 2)
"""References inside references that are written out, the deepest first."""


class _TooMuchError(Exception):
    """An inlining has grown past what it may."""


class Resolver:
    """Writes out the references of one document.

    Args:
        document: The whole document, from which ``#/…`` counts.
        source: File or name that errors give.
        base: Where the document itself stands in its source; errors count from there.
        polish: Makes plain JSON Schema of what is shared.
    """

    def __init__(
        self, document: Json, source: str, base: str = "", polish: Callable[[Json], Json] = lambda schema: schema
    ) -> None:
        """Keep the document."""
        self.base = base
        self.document = document
        self.source = source
        self.polish = polish
        self._left = _MOST
        self._deepest = 1
        self._cuts = 0
        self._sharing = False  # inside of what is shared, nothing is
        self._shared: dict[str, JsonObject] = {}

    def inline(self, node: Json, pointer: str) -> Json:
        """Return ``node``, which stands at ``pointer``, with the references in it replaced by what they mean.

        Members beside a ``$ref`` are laid over what it means; extensions (``x-…``) are left out. What refers to itself
        is cut, and so is what lies deep in a schema that is big.

        Raises:
            SpecError: A reference is broken, leads to itself at once, or leaves the document; or the whole is too big.
        """
        for depth in _DEPTHS:
            try:
                return self._within(node, pointer, depth, _ENOUGH)
            except _TooMuchError:
                continue
        try:
            return self._within(node, pointer, 1, _MOST)
        except _TooMuchError as error:
            problem = f"grows to more than {_MOST} values when its references are written out"
            raise self._fault(pointer, problem, "refer to less, or take the tool out") from error

    def _within(self, node: Json, pointer: str, deepest: int, most: int) -> Json:
        before = self._left, self._deepest
        self._left, self._deepest = most, deepest
        try:
            return self._inline(node, pointer, ())
        finally:
            self._left, self._deepest = before

    def shallow(self, node: Json, pointer: str) -> tuple[Json, str]:
        """Return what a node means without looking into it, and where that stands.

        Raises:
            SpecError: A reference is broken, goes round in a circle, or leaves the document.
        """
        node, pointer, _ = self._chased(node, pointer)
        return node, pointer

    def _inline(self, node: Json, pointer: str, seen: tuple[str, ...]) -> Json:
        self._left -= 1
        if self._left < 0:
            raise _TooMuchError
        if isinstance(node, list):
            return [self._inline(item, f"{pointer}/{i}", seen) for i, item in enumerate(node)]
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("$ref"), str):
            return self._followed(node, pointer, seen)
        return self._members(node, pointer, seen)

    def _members(self, node: JsonObject, pointer: str, seen: tuple[str, ...]) -> JsonObject:
        made: JsonObject = {}
        for name, value in node.items():
            if name.startswith("x-") and name != SHARED:
                continue
            cuts = self._cuts
            part = self._member(name, value, f"{pointer}/{escape(name)}", seen)
            if self._cuts == cuts or name not in ("oneOf", "not"):
                made[name] = part
            elif name == "oneOf":  # of short schemas several may fit
                made["anyOf"] = part
        return made

    def _member(self, name: str, value: Json, pointer: str, seen: tuple[str, ...]) -> Json:
        if name in _LITERAL:
            return value
        if name in _NAMED and isinstance(value, dict):
            return {key: self._inline(each, f"{pointer}/{escape(key)}", seen) for key, each in value.items()}
        if name == "allOf" and isinstance(value, list):  # parts of one object, none deeper than it
            self._deepest += 1
            try:
                return self._inline(value, pointer, seen)
            finally:
                self._deepest -= 1
        return self._inline(value, pointer, seen)

    def _followed(self, node: JsonObject, pointer: str, seen: tuple[str, ...]) -> Json:
        target, at, passed = self._chased(node, pointer)
        if passed[-1] in seen or len(seen) >= self._deepest:
            meant: Json = self._short(passed[-1], target, at)
        else:
            meant = self._inline(target, at, (*seen, passed[-1]))
        beside = {name: self._member(name, value, f"{pointer}/{escape(name)}", seen)
                  for name, value in node.items() if name != "$ref"}  # fmt: skip
        return {**meant, **beside} if beside and isinstance(meant, dict) else meant

    def _chased(self, node: Json, pointer: str) -> tuple[Json, str, tuple[str, ...]]:
        """Return what a reference means in the end, where that stands, and the references on the way."""
        passed: tuple[str, ...] = ()
        while isinstance(node, dict) and isinstance(node.get("$ref"), str):
            target = self._target(node["$ref"], pointer, passed)
            passed = (*passed, node["$ref"])
            node, pointer = target, node["$ref"].removeprefix("#")
        return node, pointer, passed

    def _short(self, reference: str, target: Json, at: str) -> Json:
        """Return the short schema of what is cut; scalars and lists of options are short as they are."""
        self._cuts += 1
        if not isinstance(target, dict):
            return {} if isinstance(target, list) else target
        if not any(isinstance(part, dict | list) and key not in _FLAT for key, part in target.items()):
            return {key: part for key, part in target.items() if not key.startswith("x-")}
        name = unescape(unquote(reference.rpartition("/")[2]))
        short: JsonObject = {"title": name}
        kind = target.get("type", "object" if "properties" in target else None)
        short |= {"type": kind} if kind is not None and target.get("nullable") is not True else {}
        if self._sharing:
            return short
        if reference not in self._shared:
            self._sharing = True
            try:
                self._shared[reference] = {"name": name, "schema": self.polish(self._within(target, at, 0, _MOST))}
            finally:
                self._sharing = False
        return {**short, SHARED: self._shared[reference]}

    def _fault(self, pointer: str, problem: str, fix: str) -> SpecError:
        return SpecError(self.source, self.base + pointer, problem, fix)

    def _target(self, reference: str, pointer: str, seen: tuple[str, ...]) -> Json:
        at = f"{pointer}/$ref"
        if not reference.startswith("#"):
            raise self._fault(at, f"{reference!r} leaves the document", LEAVES_THE_DOCUMENT)
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


_FLAT = _LITERAL | {"required", "type"}
"""Members that may hold lists and objects in a schema that is short as it is."""
