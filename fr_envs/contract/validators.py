"""What checks arguments against their schema, formats included: times without a zone as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsonschema_rs

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject

__all__ = ["validator_of"]

_HOUR = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?"
_FORMS = {
    "date-time": rf"^\d{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt ]{_HOUR}$",
    "time": rf"^{_HOUR}$",
}
"""Expressions in place of formats. A function in Python would do, and swallow a Ctrl-C that comes while it runs."""

_LITERAL = frozenset({"const", "default", "enum", "examples"})


def validator_of(schema: JsonObject) -> jsonschema_rs.Draft202012Validator:
    """Return what checks values against a schema.

    The standard's ``time`` and ``date-time`` have a zone; most services give and take local ones under these names, so
    both pass here. Regular expressions are run by an engine that stops instead of hanging.

    Example:
        >>> moment = validator_of({"type": "string", "format": "date-time"})
        >>> [moment.is_valid(text) for text in ("2026-03-02T09:30:00", "2026-03-02T09:30:00Z", "2026-03-02")]
        [True, True, False]
    """
    return jsonschema_rs.Draft202012Validator(_loosened(schema), validate_formats=True)


def _loosened(schema: Json) -> Json:
    """Return a schema with expressions in place of the formats of times."""
    if isinstance(schema, list):
        return [_loosened(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: part if name in _LITERAL else _loosened(part) for name, part in schema.items()}
    form = made.get("format")
    if isinstance(form, str) and form in _FORMS:
        del made["format"]
        made["allOf"] = [*made.get("allOf", ()), {"pattern": _FORMS[form]}]
    return made
