"""Several numbers told at once: how many of each, what each sort comes to, what something would cost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from fr_envs.adapters.words.questions import asked_in
from fr_envs.contract.spec import Field
from fr_envs.episode.task import Answer
from fr_synth.language.told.currency import currency_of, money
from fr_synth.language.told.values import figure, is_amount, plain_words, said
from fr_synth.language.verbalise import join_words
from fr_synth.trace.turn_trace import Reply

if TYPE_CHECKING:
    from fr_envs.contract.spec import ToolSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.language.told.things import Things
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["of_tally", "would_cost"]

_LEAST = 2
_EACH = re.compile(r"how (?:many|much) ([a-z]+) of (?:each|every) ([a-z]+) (?:is|are) ([a-z ]+)$")
_PER = re.compile(r"\b(?:each|every|per|by) ([a-z]+)\b")
_WHOLE = frozenset({"all", "overall", "sum", "total"})


def of_tally(things: Things, tool: ToolSpec, step: ExecutedCall) -> Reply | None:
    """Return numbers by what they are of; None for another result.

    Args:
        things: What is known.
        tool: The tool.
        step: The call.

    Example:
        "The total is $58.30: $42.80 for food and $15.50 for fun."
    """
    result = _unwrapped(step.result)
    tables = [value for value in result.values() if isinstance(value, dict) and _is_table(value)]
    totals = {name: value for name, value in result.items() if _is_number(value)}
    if len(tables) == 1 and len(totals) == len(result) - 1 <= 1:
        return _with_total(things, tool, tables[0], totals)
    if not _is_table(result) or _PER.search(tool.description.lower()) is None:
        return None
    answers = tuple(Answer(value, figure(value)) for value in result.values())
    question = _EACH.search(asked_in(tool.description))
    names = [" ".join(plain_words(name)) for name in result]
    if question is not None:
        first, *others = (
            f"{figure(value)}{f' {question[1]}' if not k else ''} of {name}{f' {question[2]}' if not k else ''}"
            for k, (name, value) in enumerate(zip(names, result.values(), strict=True))
        )
        return Reply(f"{join_words([first, *others])} are {question[3]}.", answers)
    told = [f"{figure(value)} for {name}" for name, value in zip(names, result.values(), strict=True)]
    return Reply(f"{join_words(told)}.", answers)


def _with_total(things: Things, tool: ToolSpec, table: JsonObject, totals: JsonObject) -> Reply | None:
    """Tell amounts of several sorts, with what they come to in all where that is told."""
    if any(not set(plain_words(name)) & _WHOLE for name in totals):
        return None
    asks = tool.description.lower()
    paid = any(is_amount(name) for name in totals) or re.search(r"spen[td]|cost|paid|amount|price", asks) is not None
    currency = currency_of(things.spec, Field(schema={}, description=tool.description)) if paid else ""

    def told(value: Json) -> str:
        return money(value, currency) if paid and isinstance(value, int | float) else figure(value)

    parts = [f"{told(value)} for {' '.join(plain_words(name))}" for name, value in table.items()]
    answers = tuple(Answer(value, told(value)) for value in (*totals.values(), *table.values()))
    if not parts:
        return None
    head = "".join(f"The total is {told(value)}: " for value in totals.values())
    return Reply(f"{head}{join_words(parts)}.", answers)


def would_cost(things: Things, tool: ToolSpec, step: ExecutedCall) -> Reply | None:
    """Return what something would cost, where a tool is asked just that and answers with one amount.

    Args:
        things: What is known.
        tool: The tool.
        step: The call.
    """
    question = asked_in(tool.description)
    amounts = [name for name, value in step.result.items() if is_amount(name) and _is_number(value)]
    others = [name for name in step.result if name not in amounts and plain_words(name)[-1] != "currency"]
    if re.search(r"\bwould (?:it )?costs?\b", question) is None or len(amounts) != 1 or others:
        return None
    field = tool.returns[amounts[0]]
    described = field if field.description else msgspec.structs.replace(field, description=tool.description)
    text = said(things.spec, amounts[0], step.result, {**tool.returns, amounts[0]: described})
    return Reply(f"That would cost {text}.", (Answer(step.result[amounts[0]], text),)) if text else None


def _unwrapped(row: JsonObject) -> JsonObject:
    """Return the object that a result wraps, or the result."""
    inner = next(iter(row.values())) if len(row) == 1 else None
    return inner if isinstance(inner, dict) else row


def _is_table(row: JsonObject) -> bool:
    return len(row) >= _LEAST and all(_is_number(value) for value in row.values())


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
