"""What finds edges without running anything: names alone, and which attributes the source code reads and writes."""

from __future__ import annotations

import ast
import inspect
import sys
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from bfcl_cases import CLASSES, class_domain, class_of, docs_of

from fr_envs.adapters.inference.values import likeness, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import JsonObject

__all__ = ["Access", "accesses", "by_names", "by_source"]

DataKey = tuple[str, str, str]
StateKey = tuple[str, str]

_MUTATORS = frozenset(
    {"add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "reverse", "setdefault"}
    | {"sort", "update", "randint", "random", "choice", "shuffle", "seed"}
)


def by_names() -> tuple[set[DataKey], set[StateKey]]:
    """Match names alone: an output called like a parameter; two tools of a class that share a word."""
    data: set[DataKey] = set()
    state: set[StateKey] = set()
    for name in CLASSES:
        tools = class_domain(name).spec.tools.values()
        told = {doc["name"]: [*_members(doc.get("response", {}))] for doc in docs_of(name)}
        for one in tools:
            for other in tools:
                for parameter in other.parameters:
                    if any(likeness(words(member), words(parameter)) == 1 for member in told[one.name]):
                        data.add((one.name, other.name, parameter))
                if words(one.name) & words(other.name):
                    state.add((one.name, other.name))
    return data, state


def _members(schema: JsonObject) -> Iterator[str]:
    """Iterate over the names of what a schema has no parts for."""
    for member, body in schema.get("properties", {}).items():
        if "properties" in body or "properties" in body.get("items", {}):
            yield from _members(body if "properties" in body else body["items"])
        else:
            yield member


def by_source() -> set[StateKey]:
    """Read the code: a tool that writes an attribute changes each tool that reads it."""
    found: set[StateKey] = set()
    for name in CLASSES:
        access = accesses(class_of(name))
        tools = class_domain(name).spec.tools
        found |= {(one, other) for one in tools for other in tools if access[one].writes & access[other].reads}
    return found


class Access(NamedTuple):
    """Attributes of the object that a method touches, its helpers included."""

    reads: frozenset[str]
    writes: frozenset[str]


def accesses(owner: type) -> dict[str, Access]:
    """Return for each method what it reads and writes, by its source code.

    A local name that is given something of an attribute stands for that attribute. A method of another class of the
    module that is called on something of an attribute writes it if it assigns to anything of its own.
    """
    module = ast.parse(inspect.getsource(sys.modules[owner.__module__]))
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    others = {
        method.name: _Touched(method, frozenset())
        for node in classes
        if node.name != owner.__name__
        for method in node.body
        if isinstance(method, ast.FunctionDef)
    }
    writers = _MUTATORS | {name for name, touched in others.items() if touched.writes}
    mine = next(node for node in classes if node.name == owner.__name__)
    touched = {method.name: _Touched(method, writers) for method in mine.body if isinstance(method, ast.FunctionDef)}
    return {name: _with_helpers(name, touched, frozenset()) for name in touched}


def _with_helpers(name: str, touched: dict[str, _Touched], seen: frozenset[str]) -> Access:
    own = touched[name]
    reads, writes = set(own.reads), set(own.writes)
    for helper in own.calls & touched.keys() - seen - {name}:
        more = _with_helpers(helper, touched, seen | {name})
        reads |= more.reads
        writes |= more.writes
    return Access(frozenset(reads - touched.keys()), frozenset(writes - touched.keys()))


class _Touched(ast.NodeVisitor):
    """What one method touches."""

    def __init__(self, method: ast.FunctionDef, writers: frozenset[str]) -> None:
        self.reads: set[str] = set()
        self.writes: set[str] = set()
        self.calls: set[str] = set()
        self._writers = writers
        self._standing_for: dict[str, set[str]] = defaultdict(set)
        for node in ast.walk(method):
            for target, value in _assigned(node):
                if isinstance(target, ast.Name):
                    self._standing_for[target.id] |= self._attributes(value)
        for statement in method.body:
            self.visit(statement)

    def _attributes(self, node: ast.AST) -> set[str]:
        """Return the attributes that an expression is something of."""
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
            inner = node.func if isinstance(node, ast.Call) else node.value
            if isinstance(node, ast.Attribute) and isinstance(inner, ast.Name) and inner.id == "self":
                return {node.attr}
            node = inner
        return set(self._standing_for.get(node.id, ())) if isinstance(node, ast.Name) else set()

    def visit_Attribute(self, node: ast.Attribute) -> None:
        attributes = self._attributes(node)
        if isinstance(node.ctx, ast.Load):
            self.reads |= attributes
        else:
            self.writes |= attributes
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.writes |= self._attributes(node)
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.reads |= self._standing_for.get(node.id, set())

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.reads |= self._attributes(node.target)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute):
            if isinstance(node.func.value, ast.Name) and node.func.value.id == "self":
                self.calls.add(node.func.attr)
            elif node.func.attr in self._writers:
                self.writes |= self._attributes(node.func.value)
        self.generic_visit(node)


def _assigned(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield target, node.value
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield node.target, node.value
    elif isinstance(node, ast.For):
        yield node.target, node.iter
