"""A reply put together: what each request of a turn has come to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.grammar.phrases import phrase_of
from fr_synth.language.told.answers import of_one, of_text, of_value
from fr_synth.language.told.figures.stocks import of_stock
from fr_synth.language.told.figures.tallies import of_tally, would_cost
from fr_synth.language.told.listing import list_in, listed
from fr_synth.language.told.moments import of_moment
from fr_synth.language.told.orders.changes import confirmed
from fr_synth.language.told.queries import of_query
from fr_synth.language.told.things import Things
from fr_synth.language.verbalise import singular
from fr_synth.trace.turn_trace import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from fr_envs.contract.spec import DomainSpec
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["result_told"]


def result_told(
    spec: DomainSpec, steps: Sequence[ExecutedCall], number: int, message: str, rng: np.random.Generator
) -> Reply:
    """Return what is told of one call's result; an empty text where there is nothing to tell.

    Args:
        spec: The contract.
        steps: The calls of the dialogue up to the turn's end.
        number: Which of them.
        message: What the person has said, empty where it is not known yet.
        rng: Chooses among forms.
    """
    step = steps[number]
    tool = spec.tools[step.call.name]
    message = _about_reads(spec, steps, step.turn, message)
    after = Things(spec, steps[: number + 1])
    if tool.effect == "write":
        told = confirmed(Things(spec, steps[:number]), after, tool, step, rng)
        if _is_value(step):
            more = of_value(after, tool, step).text
            known = re.search(r"[€$£]?\d[\d.,]*\d|\d", more)
            told = f"{told} {more}" if more and (known is None or known[0] not in told) else told
        return Reply(singular(told), ())
    found = of_moment(spec, tool, step)
    for way in (of_tally, would_cost, of_stock):
        found = found if found is not None else way(after, tool, step)
    if found is not None:
        return found
    if list_in(tool, step) is not None:
        return listed(after, tool, step, message)
    query = of_query(after, tool, step)
    if query is not None:
        return query
    if _is_value(step):
        return of_text(tool, step) or of_value(after, tool, step)
    return of_one(after, tool, step, message)


def _about_reads(spec: DomainSpec, steps: Sequence[ExecutedCall], turn: int, message: str) -> str:
    """Return what a message says without the parts that order a change: these name members, and ask for none."""
    tools = [spec.tools[step.call.name] for step in steps if step.turn == turn and step.user_requested]
    verbs = {phrase_of(tool.name, tool.description).verb for tool in tools if tool.effect == "write"}
    parts = _PARTS.split(message)
    kept = [part for part in parts if verbs.isdisjoint(re.findall(r"[a-z]+", part.lower()))]
    return " ".join(kept)


_PARTS = re.compile(r"(?<=[.?!;])\s+|,? (?=(?:and|then|also)\b)")


def _is_value(step: ExecutedCall) -> bool:
    values = list(step.result.values())
    return len(values) == 1 and not isinstance(values[0], dict | list)
