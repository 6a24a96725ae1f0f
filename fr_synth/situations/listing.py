"""Several rows of a result in one phrase: "the 08:40 for 120.00, the 09:15 for 98.00 and two later ones"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import babel.lists

from fr_envs.situation.conditions import matches, resolved
from fr_synth.situations.rendering import render
from fr_synth.situations.scope import MissingPathError, Scope, Worked

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from fr_envs.json_values import JsonObject
    from fr_synth.situations.rendering import Filled, Rendered

__all__ = ["listed"]


def listed(rule: JsonObject, scope: Scope, rng: np.random.Generator) -> Worked | None:
    """Return the rows of a list as one phrase, an empty one where none fits; None where more do than are to be told.

    Args:
        rule: ``list`` (path), ``item`` (a wording over the row's members), and optionally ``where``, ``most`` (how many
            rows may be told, 6 if nothing is said) and ``join`` ("and", "or", "comma", "plus").
        scope: What paths lead to.
        rng: Chooses among alternatives.
    """
    rows = scope.get(rule["list"])
    if not isinstance(rows, list):
        return None
    where = resolved(rule.get("where", {}), scope.get)
    fitting = [(k, row) for k, row in enumerate(rows) if isinstance(row, dict) and matches(where, row)]
    if not fitting:
        return Worked("")
    if len(fitting) > rule.get("most", _MOST):
        return None
    draws = rng.bit_generator.state
    told = _told(rule["item"], fitting, scope, rng)
    if told is not None and _mixes_years([filled for each in told for filled in each.filled]):
        rng.bit_generator.state = draws
        undated = scope.fork()
        undated.names.pop("today", None)  # from no day, every date has its year
        told = _told(rule["item"], fitting, undated, rng)
    if told is None:
        return None
    tells = tuple(
        (f"{rule['list']}.{number}.{each.path}", each.value, each.text)
        for (number, row), rendered in zip(fitting, told, strict=True)
        for each in rendered.filled
        if each.path.partition(".")[0] in row
    )
    return Worked(_joined([each.text for each in told], rule.get("join", "and")), tells=tells)


def _told(
    wording: str, rows: Sequence[tuple[int, JsonObject]], scope: Scope, rng: np.random.Generator
) -> list[Rendered] | None:
    found = []
    for _, row in rows:
        inner = scope.fork()
        inner.names.update({name: Worked(value) for name, value in row.items() if value is not None})
        try:
            found.append(render(wording, inner, rng))
        except MissingPathError:
            return None
    return found


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR = re.compile(r"\b\d{4}\b")


def _mixes_years(filled: Sequence[Filled]) -> bool:
    """Return True if some dates are told with their year and some without."""
    days = [bool(_YEAR.search(each.text)) for each in filled if isinstance(each.value, str) and _DAY.match(each.value)]
    return any(days) and not all(days)


_MOST = 6


def _joined(texts: list[str], how: str) -> str:
    if how == "plus":
        return " + ".join(texts)
    if how == "comma":
        return ", ".join(texts)
    return str(babel.lists.format_list(texts, style="or" if how == "or" else "standard", locale="en_GB"))
