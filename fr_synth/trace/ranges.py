"""Numbers that have a range: shares and counts, and the check that a struct's fields keep to theirs."""

from __future__ import annotations

import functools
from typing import Annotated, Any, TypeAlias, get_type_hints

import msgspec

from fr_envs.errors import UsageError

__all__ = ["Count", "Share", "check_ranges"]

Share: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=1)]
"""A share of the cases, from 0 (never) to 1 (always)."""

Count: TypeAlias = Annotated[int, msgspec.Meta(ge=1)]
"""A number of things, at least 1."""


def check_ranges(struct: msgspec.Struct) -> None:
    """Check the fields of a struct against what their annotations allow.

    Raises:
        UsageError: One is out of its range; the message names it.
    """
    for name, annotation in _annotations(type(struct)).items():
        try:
            msgspec.convert(getattr(struct, name), annotation)
        except msgspec.ValidationError as error:
            raise UsageError(f"{name} {getattr(struct, name)}: {error}") from error


@functools.cache
def _annotations(struct: type[msgspec.Struct]) -> dict[str, Any]:
    return get_type_hints(struct, include_extras=True)
