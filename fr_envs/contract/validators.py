"""What checks arguments against their schema, formats included: times without a zone as well."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

import jsonschema_rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.json_values import JsonObject

__all__ = ["validator_of"]

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")
_HOUR = re.compile(r"\d\d:\d\d")


def validator_of(schema: JsonObject) -> jsonschema_rs.Draft202012Validator:
    """Return what checks values against a schema.

    The standard's ``time`` and ``date-time`` have a zone; most services give and take local ones under these names, so
    both pass here. Regular expressions are run by an engine that stops instead of hanging.

    Example:
        >>> moment = validator_of({"type": "string", "format": "date-time"})
        >>> [moment.is_valid(text) for text in ("2026-03-02T09:30:00", "2026-03-02T09:30:00Z", "2026-03-02")]
        [True, True, False]
    """
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, formats=_FORMATS)


def _is_moment(text: str) -> bool:
    return _MOMENT.match(text) is not None and _is_read(datetime.datetime.fromisoformat, text)


def _is_hour(text: str) -> bool:
    return _HOUR.match(text) is not None and _is_read(datetime.time.fromisoformat, text)


def _is_read(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


_FORMATS = {"date-time": _is_moment, "time": _is_hour}
