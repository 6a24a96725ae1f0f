"""Rows of a result told in one phrase ("the 08:40 for €120.00 or the 09:15 for €98.00"): each as it is, in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.situation.conditions import matches
from fr_synth.language.formats import in_words
from fr_synth.verify.situated.forms import fits_as, pattern_with
from fr_synth.verify.situated.meaning.told import inside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.situation.templates import Fill
    from fr_synth.verify.situated.forms import Reading, Told
    from fr_synth.verify.situated.meaning.told import Meant

__all__ = ["lists_rows"]

_LINK = r"(?:, (?:and |or )?| and | or | \+ )"
_MARK = re.compile(r"[€$£]|(?<=\d )[A-Z]{3}\b")


def lists_rows(rule: JsonObject, told: Told, reading: Reading, found: Sequence[Meant], today: str | None) -> bool:
    """Return True if a phrase tells rows of a list, each with its own values, in the order of the list.

    Args:
        rule: The situation's rule: ``list`` (a path), ``item`` (a wording over members), and which rows.
        told: The phrase.
        reading: The text in which it stands.
        found: What the path's first part can stand for.
        today: The world's day in ISO form, None where there is none.
    """
    where = rule.get("where", {})
    sure = "$" not in str(where)
    rest = str(rule["list"]).partition(".")[2]
    for meant in found:
        rows = inside(meant.value, rest) if rest else meant.value
        if not isinstance(rows, list):
            return True
        fitting = [row for row in rows if isinstance(row, dict) and (not sure or matches(where, row))]
        one_currency = len({str(row.get("currency")) for row in fitting}) < _TWO
        if one_currency and len(set(_MARK.findall(told.text))) > 1:
            continue
        items = [_item(str(rule["item"]), row, today) for row in fitting]
        either = f"(?:{'|'.join(items)})"
        if fits_as(reading, told, _LINK.join(items) if sure else f"{either}(?:{_LINK}{either})*"):
            return True
    return not found


_TWO = 2


def _item(wording: str, row: JsonObject, today: str | None) -> str:
    """Return a row in a wording as a pattern; what is no member of it may be anything."""

    def words(fill: Fill) -> str | None:
        if fill.path.partition(".")[0] not in row:
            return None
        value = inside(row, fill.path)
        if fill.filters and fill.filters[-1].startswith("money"):
            return _money(value)
        return "|".join(sorted({re.escape(in_words(value, fill.filters, today=day)) for day in (today, None)}))

    return pattern_with(wording, words)


def _money(value: Json) -> str | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return rf"{'-' if value < 0 else ''}[€$£]?{re.escape(f'{abs(value):,.2f}')}(?: [A-Z]{{3}})?"
