"""Several rows of a result in one phrase: "the 08:40 for 120.00, the 09:15 for 98.00 and two later ones"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import babel.lists

from fr_envs.situation.conditions import matches, resolved
from fr_synth.situations.rendering import render
from fr_synth.situations.scope import MissingPathError, Scope, Worked

if TYPE_CHECKING:
    import numpy as np

    from fr_envs.json_values import Json, JsonObject

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
    texts: list[str] = []
    tells: list[tuple[str, Json, str]] = []
    for number, row in fitting:
        inner = scope.fork()
        inner.names.update({name: Worked(value) for name, value in row.items() if value is not None})
        try:
            rendered = render(rule["item"], inner, rng)
        except MissingPathError:
            return None
        texts.append(rendered.text)
        tells += [
            (f"{rule['list']}.{number}.{each.path}", each.value, each.text)
            for each in rendered.filled
            if each.path.partition(".")[0] in row
        ]
    return Worked(_joined(texts, rule.get("join", "and")), tells=tuple(tells))


_MOST = 6


def _joined(texts: list[str], how: str) -> str:
    if how == "plus":
        return " + ".join(texts)
    if how == "comma":
        return ", ".join(texts)
    return str(babel.lists.format_list(texts, style="or" if how == "or" else "standard", locale="en_GB"))
