"""The contracts of the worlds: the only truth about their tools. Data, and a loader of paths."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = [
    "contract_path",
    "meta_schema_path",
    "mishaps_path",
    "names",
    "personas_path",
    "situation_paths",
    "situation_schema_path",
    "taking_back_path",
]

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


def situation_schema_path() -> Traversable:
    """Return where the schema that every file of situations is checked against lies."""
    return _HERE / "situation.schema.json"


def mishaps_path() -> Traversable:
    """Return where the words for what goes wrong are listed."""
    return _HERE / "situations" / "mishaps.yaml"


def personas_path() -> Traversable:
    """Return where the manners in which people speak are listed."""
    return _HERE / "situations" / "personas.yaml"


def taking_back_path() -> Traversable:
    """Return where it is listed how people hold off what they ask for, and put it otherwise."""
    return _HERE / "situations" / "taking_back.yaml"


def situation_paths() -> tuple[Traversable, ...]:
    """Return the files of situations that ship with the package, by folder and name."""
    folders = sorted((each for each in (_HERE / "situations").iterdir() if each.is_dir()), key=lambda each: each.name)
    files_of = (sorted(folder.iterdir(), key=lambda each: each.name) for folder in folders)
    return tuple(file for each in files_of for file in each if file.name.endswith(".yaml"))
