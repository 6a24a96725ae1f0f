"""Names of a package that are imported when somebody first asks for them."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["load_name"]


def load_name(package: str, homes: Mapping[str, str], name: str) -> object:
    """Import a name of a package from the module in which it lives, and keep it in the package.

    Args:
        package: The package, imported already; its ``__getattr__`` (PEP 562) calls this.
        homes: Modules by the names that live in them.
        name: What is asked for.

    Raises:
        AttributeError: The package has no such name.
    """
    if name not in homes:
        raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])
    value: object = getattr(importlib.import_module(homes[name]), name)
    setattr(sys.modules[package], name, value)
    return value
