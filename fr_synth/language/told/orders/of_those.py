"""What a change has brought to those whom it names: "Ana Sousa's rating is now 1732, and Omar Haddad's 1328"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import noun, spaced
from fr_synth.language.told.values import is_plural, plain_words, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.contract.spec import Field, ToolSpec
    from fr_envs.json_values import JsonObject
    from fr_synth.language.told.things import Thing, Things
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["now_of_those"]


def now_of_those(
    things: Things, tool: ToolSpec, step: ExecutedCall, result: tuple[JsonObject, Mapping[str, Field]]
) -> Iterator[str]:
    """Iterate over sentences about numbers of a result that are new to things which the call names.

    ``white_rating`` is the rating of what ``white_id`` names, where lists show that it has one.

    Args:
        things: What was known before the call.
        tool: The tool.
        step: The call.
        result: The result and its fields.
    """
    row, fields = result
    told: dict[str, list[str]] = {}
    for role, thing in _named(things, tool, step):
        for name, value in row.items():
            member = spaced(name).lower().removeprefix(f"{role} ")
            number = isinstance(value, int | float) and not isinstance(value, bool)
            own = next((each for each in thing.row if spaced(each).lower() == member), "")
            if not number or not own or spaced(name).lower() == member or thing.row[own] == value or name not in fields:
                continue
            figure = re.search(r"\S*\d\S*", said(things.spec, name, row, fields))
            several = told.setdefault(member, [])
            if figure is not None:
                be = "are" if is_plural(member) else "is"
                told_first = f"{_upper(thing.label)}'s {member} {be} now {figure[0]}"
                several.append(f"{thing.label}'s {figure[0]}" if several else told_first)
    yield from (" and ".join(several) for several in told.values() if several)


def _named(things: Things, tool: ToolSpec, step: ExecutedCall) -> Iterator[tuple[str, Thing]]:
    """Iterate over the things that a call names, each with the role that its parameter gives it."""
    for name, value in step.call.arguments.items():
        parameter = tool.parameters.get(name)
        if parameter is None or not isinstance(value, str | int) or isinstance(value, bool):
            continue
        thing = things.of(parameter.field.kind or name, value)
        if thing is not None and thing.named and plain_words(noun(name)):
            yield noun(name).lower(), thing


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
