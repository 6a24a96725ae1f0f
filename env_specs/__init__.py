"""The contracts of the worlds: the only truth about their tools. Data, and a loader of paths."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["contract_path", "meta_schema_path", "names"]

_HERE = files(__name__)


def contract_path(name: str) -> Traversable:
    """Return where the contract of the world called ``name`` lies, whether or not there is one.

    Example:
        >>> contract_path("banking").name
        'banking.yaml'
    """
    return _HERE / f"{name}.yaml"


def meta_schema_path() -> Traversable:
    """Return where the meta-schema (JSON Schema 2020-12) that every contract is checked against lies."""
    return _HERE / "spec.schema.json"


def names() -> tuple[str, ...]:
    """Return the names of the contracts that ship with the package, sorted."""
    return tuple(sorted(entry.name[:-5] for entry in _HERE.iterdir() if entry.name.endswith(".yaml")))
