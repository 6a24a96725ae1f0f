"""Which methods of a class are tools: those that are named, else those marked, else those with a docstring.

A public method without a docstring is a helper. ``fork`` and ``fingerprint`` are the author's word on states
(``fr_envs.adapters.python.live``), and what a class inherits from a library is the library's.
"""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Any, TypeVar

from fr_envs.adapters.python.frozen_objects import authors_method
from fr_envs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = ["public_methods", "tool", "tool_methods"]

T = TypeVar("T")

_MARK = "_fr_envs_tool"
_AUTHORS = ("fork", "fingerprint")
_LIBRARIES = frozenset({*sys.stdlib_module_names, "attr", "attrs", "msgspec", "numpy", "pydantic", "typing_extensions"})


def tool(function: T) -> T:
    """Mark a method as a tool; where a class marks any, its other methods are none.

    Example:
        >>> class Lamp:
        ...     @tool
        ...     def switch(self) -> bool:
        ...         return True
        ...     def helper(self) -> None:
        ...         "Not for everybody."
        >>> list(tool_methods(Lamp))
        ['switch']
    """
    inner = function.__func__ if isinstance(function, staticmethod | classmethod) else function
    setattr(inner, _MARK, True)
    return function


def public_methods(kind: type) -> dict[str, Callable[..., Any]]:
    """Return the public methods of a class by name, sorted; not what it inherits from libraries."""
    found: dict[str, Callable[..., Any]] = {}
    for name, member in inspect.getmembers_static(kind):
        function = member.__func__ if isinstance(member, staticmethod | classmethod) else member
        if not name.startswith("_") and inspect.isfunction(function) and not _is_librarys(kind, name):
            found[name] = function
    return found


def tool_methods(kind: type, named: Collection[str] | None = None) -> dict[str, Callable[..., Any]]:
    """Return the methods that are tools, by name, sorted.

    Args:
        kind: The class.
        named: Exactly these; None for what the class says of itself.

    Raises:
        UsageError: A named one is no public method, or there is no tool.
    """
    methods = public_methods(kind)
    if named is not None:
        for name in named:
            if name not in methods:
                raise UsageError(f"tools: {kind.__name__} has no public method {name!r}; there are {_listed(methods)}")
        return {name: methods[name] for name in sorted(set(named))}
    marked = {name: method for name, method in methods.items() if getattr(method, _MARK, False)}
    found = marked or {
        name: method
        for name, method in methods.items()
        if _is_documented(kind, name) and not (name in _AUTHORS and authors_method(kind, name))
    }
    if not found:
        raise UsageError(
            f"{kind.__name__} has no public method with a docstring; give its tools docstrings, mark them with "
            f"@fr_envs.tool, or name them under tools: (there are {_listed(methods)})"
        )
    return found


def _is_documented(kind: type, name: str) -> bool:
    """Return True if a method has a docstring, be it the one of the method that it stands in for."""
    return any((getattr(vars(each).get(name), "__doc__", None) or "").strip() for each in kind.__mro__)


def _is_librarys(kind: type, name: str) -> bool:
    owner = next((each for each in kind.__mro__ if name in vars(each)), kind)
    root = owner.__module__.partition(".")[0]
    return owner is not kind and root in _LIBRARIES and root != "__main__"


def _listed(methods: Collection[str]) -> str:
    return ", ".join(methods) or "none at all"
