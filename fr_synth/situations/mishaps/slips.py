"""Slips of the pen: a value written as the person says it, where the tool wants it otherwise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.contract.schemas import field_schema
from fr_envs.json_values import at_pointer, pointer_of
from fr_synth.language.mishaps import is_spelt_otherwise, slip_kind
from fr_synth.trace.dataflow.provenance import Output, Said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.language.mishaps import SlipKind
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["Slip", "is_first_use", "slips_of"]

_NAME = 3  # letters of a name


class Slip(NamedTuple):
    """One way to write a call wrongly.

    Attributes:
        name: The argument that is wrong.
        arguments: All arguments as they are written.
        why: What was wrong.
    """

    name: str
    arguments: JsonObject
    why: SlipKind


def slips_of(walk: Walk, step: ExecutedCall, heard: Sequence[str]) -> Iterator[Slip]:
    """Iterate over ways to write a call in the person's own words; whether the world minds is for the caller to try.

    Args:
        walk: Where the dialogue stands.
        step: The call as it should be.
        heard: What the person has said, turn by turn.
    """
    for name, value in step.call.arguments.items():
        if isinstance(value, str):
            for wrong in dict.fromkeys(_as_said(walk, step, name, heard)):
                if wrong != value:
                    yield Slip(name, {**step.call.arguments, name: wrong}, slip_kind(wrong, value))


def is_first_use(walk: Walk, value: Json) -> bool:
    """Return True if no call was made with a value as yet."""
    return not any(value in step.call.arguments.values() for step in walk.steps)


def _as_said(walk: Walk, step: ExecutedCall, name: str, heard: Sequence[str]) -> Iterator[str]:
    """Iterate over a person's words for a value: a day as they write it, an option's plain name, a thing's name."""
    value, source = step.call.arguments[name], step.sources.get(pointer_of([name]))
    tool = walk.domain.spec.tools[step.call.name]
    kind = walk.domain.spec.kinds.get(tool.parameters[name].field.kind or "")
    if isinstance(source, Said) and slip_kind("", value) == "format":
        yield from (text for text in (source.text,) if re.search(r"\d", text) and text in heard[source.turn])
    elif isinstance(source, Said) and field_schema(walk.domain.spec, tool.parameters[name].field).get("enum"):
        words = r"[ _-]?".join(map(re.escape, re.split(r"[_ -]", value)))
        found = re.finditer(rf"(?<!\w){words}(?!\w)", heard[source.turn], re.IGNORECASE)
        yield from (match[0] for match in found if is_spelt_otherwise(match[0], value))
    elif isinstance(source, Output) and kind is not None and kind.origin == "issued" and tool.effect == "read":
        row = _row(walk, source) if is_first_use(walk, value) else {}
        for each in _names_of(kind.name) & row.keys():
            told = row[each]
            if isinstance(told, str) and len(told) >= _NAME and told[:1].isalpha() and told in heard[-1]:
                yield told


def _names_of(kind: str) -> set[str]:
    """Return the members in which the name of a thing stands, by the kind of its identifier."""
    noun = kind.removesuffix("_id")
    return {"name", "nickname", f"{noun}_name", f"{noun}_number", f"{noun}_nickname"}


def _row(walk: Walk, source: Output) -> JsonObject:
    """Return the object in which an identifier stands in a result; an empty one where it was looked up just now."""
    if walk.steps[source.step].turn == walk.turn:
        return {}  # who has looked it up for this call writes it
    row = at_pointer(walk.steps[source.step].result, source.pointer.rpartition("/")[0])
    return row if isinstance(row, dict) else {}
