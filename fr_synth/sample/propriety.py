"""What nobody would ask for, whatever the graph allows: rules that every turn of a drill keeps.

1. Nothing is compared with itself, or moved to where it is: two arguments of a request name two things.
2. What an earlier turn brought about is not taken back.
3. Nothing is asked for that was asked before and can have no other answer.
4. What the calls on the way need stands in the requests: no fact is told that no request speaks of, except what lets
   the assistant in at all (a password, a customer number).
5. In worlds of which the words of the tools are all that is known, nobody has second thoughts (``second_thoughts``).
6. Special rights are given up when what they were taken for is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.world.tool_call import ToolCall
from fr_synth.language.queries import is_said
from fr_synth.language.reference_rules import spoken
from fr_synth.sample.second_thoughts import second_thoughts
from fr_synth.trace.executed import ExecutedCall

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import Json
    from fr_synth.sample.walk import Walk

__all__ = ["giving_up", "improper"]


def improper(walk: Walk, steps: Sequence[ExecutedCall]) -> str:
    """Return which rule a turn breaks, in a few words; empty if none.

    Args:
        walk: Where the dialogue stands before the turn.
        steps: The turn's calls.
    """
    spec = walk.domain.spec
    requested = [step for step in steps if step.user_requested]
    if any(_names_one_thing_twice(spec, step) for step in (*requested, *(s for s in steps if s.error))):
        return "one thing twice"
    if _takes_back(walk.steps, requested):
        return "taken back"
    if any(_asked_before(walk.steps, step) for step in requested):
        return "asked before"
    if any(True for _ in _untold(spec, steps)):
        return "told beside"
    if second_thoughts(walk, steps):
        return "second thoughts"
    return ""


# ----------------------------------------------------------------------------------------------- 1. one thing twice


def _names_one_thing_twice(spec: DomainSpec, step: ExecutedCall) -> bool:
    """Return True if two arguments are one path, or one thing of a kind; what anybody can make up may be the same."""
    seen: set[tuple[str, Json]] = set()
    for name, value in step.call.arguments.items():
        field = spec.tools[step.call.name].parameters[name].field
        if field.kind is None or not isinstance(value, str):
            continue
        kind = "path" if "/" in value else field.kind
        if spec.kinds[field.kind].origin == "open" and kind != "path":
            continue
        if (kind, value) in seen:
            return True
        seen.add((kind, value))
    return False


# ----------------------------------------------------------------------------------------------------- 2. taken back


def _takes_back(before: Sequence[ExecutedCall], requested: Sequence[ExecutedCall]) -> bool:
    """Return True if a row is as it was before some request of an earlier turn changed it."""
    writes = [step for step in requested if step.before.digest != step.after.digest]
    if not writes:
        return False
    was: dict[tuple[str, Json], list[Json]] = {}
    for step in before:
        if step.user_requested and step.before.digest != step.after.digest:
            for change in step.before.diff(step.after):
                was.setdefault((change.table, change.key), []).append(change.before)
    return any(
        change.after in was.get((change.table, change.key), ())
        for step in writes
        for change in step.before.diff(step.after)
    )


# --------------------------------------------------------------------------------------------------- 3. asked before


def _asked_before(before: Sequence[ExecutedCall], step: ExecutedCall) -> bool:
    """Return True if the very same request came earlier and the same came of it."""
    return any(
        earlier.user_requested and earlier.call == step.call and earlier.result == step.result for earlier in before
    )


# ---------------------------------------------------------------------------------------------------- 4. told beside


def _untold(spec: DomainSpec, steps: Sequence[ExecutedCall]) -> Iterator[tuple[str, str]]:
    """Iterate over (tool, argument) of what calls on the way need and no request speaks of."""
    asked = [step for step in steps if step.user_requested or step.error]
    said = " ".join(text for step in asked for text in spoken(step.sources, step.mentions).values())
    for step in steps:
        if step in asked or spec.tools[step.call.name].sets:
            continue
        for name, text in spoken(step.sources, step.mentions).items():
            if not is_said(said, text, step.call.arguments[name]):
                yield step.call.name, name


# ------------------------------------------------------------------------------------------------- 6. special rights


def giving_up(walk: Walk, steps: list[ExecutedCall]) -> list[ExecutedCall]:
    """Return the steps of a turn with the call behind them that gives up rights taken on the way, where there is one.

    Args:
        walk: Where the dialogue stands before the turn.
        steps: The turn's calls.
    """
    tools = walk.domain.spec.tools
    taken = {fact for step in steps if not step.user_requested for fact in tools[step.call.name].sets}
    facts = walk.domain.spec.facts
    taken = {f for f in taken if facts[f].about is None and walk.domain.holds(steps[-1].after, f)}
    for name, tool in tools.items():
        gives_up = tool.implicit and not tool.parameters and taken.intersection(tool.clears)
        if not gives_up or not taken.intersection(tool.needs):
            continue
        outcome = walk.domain.apply(steps[-1].after, ToolCall(name, {}))
        if outcome.error is None:
            last = ExecutedCall(
                ToolCall(name, {}), outcome.value, steps[-1].after, outcome.state, {}, {},
                user_requested=False, turn=steps[-1].turn, purpose="closing",
            )  # fmt: skip
            return [*steps, last]
    return steps
