"""Texts of which a schema says how they are formed: drawn so, and told apart from those that are not."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from fr_envs.adapters.inference.values import kind_of
from fr_envs.contract.samples import sample_value
from fr_envs.contract.validators import validator_of
from fr_envs.errors import UsageError

if TYPE_CHECKING:
    import jsonschema_rs
    import numpy as np

    from fr_envs.contract.spec import Field
    from fr_envs.json_values import Json

__all__ = ["Forms"]

_FORMED = frozenset({"format", "pattern"})


class Forms:
    """Knows the forms of texts.

    Args:
        rng: Draws.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        """Know none yet."""
        self.rng = rng
        self._checks: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def has(self, field: Field) -> bool:
        """Return True if a schema says how a text is formed."""
        return kind_of(field) == "string" and bool(_FORMED & (field.schema or {}).keys())

    def drawn(self, field: Field) -> Json:
        """Draw a text of the form; None where there is none, or none can be drawn."""
        if self.has(field):
            with contextlib.suppress(UsageError):
                return sample_value(field.schema or {}, self.rng)
        return None

    def takes(self, field: Field, value: Json) -> bool:
        """Return True unless a schema says how a text is formed and a value is not so."""
        if not self.has(field):
            return True
        schema = field.schema or {}
        key = json.dumps(schema, sort_keys=True, default=str)
        if key not in self._checks:
            self._checks[key] = validator_of(schema)
        return self._checks[key].is_valid(value)
