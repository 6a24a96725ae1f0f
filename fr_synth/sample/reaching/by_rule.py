"""Calls that the world refuses as things stand, bound as a user would ask for them; and going on to where they work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.json_values import member_of
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.replies import tells
from fr_synth.language.verbalise import verbalise
from fr_synth.sample.arguments.binding import Binding, bindings
from fr_synth.sample.reaching.reach import reach
from fr_synth.sample.trimming import run_again
from fr_synth.trace.dataflow.executed import ExecutedCall, feeds
from fr_synth.trace.dataflow.provenance import Said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from fr_envs.json_values import Json
    from fr_synth.sample.reaching.reach import Limits, SamplingPolicy
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.target import RuleTarget

__all__ = ["prepared", "reach_by_rule", "refused", "taken"]


def reach_by_rule(walk: Walk, target: RuleTarget, policy: SamplingPolicy, limits: Limits) -> bool:
    """Walk until a fact has been made true that the rules demand of a call, and the call made; else nothing is taken.

    The call is bound so that the rule bears on it: without the fact it is refused, with it the same call works.

    Args:
        walk: Where the dialogue stands.
        target: The rule.
        policy: How the next tool is chosen.
        limits: How far to go for the call, and for the fact.
    """
    ready = prepared(walk, target.tool, policy, limits)
    if ready is None:
        return False
    code = walk.domain.spec.facts[target.fact].violation
    for binding in refused(ready, target.tool, (code,)).get(code, ()):
        trial = ready.fork()
        if reach(trial, target.setter, policy, limits._replace(news=False)) and taken(trial, target.tool, binding):
            walk.become(trial)
            return True
    return False


def prepared(walk: Walk, tool: str, policy: SamplingPolicy, limits: Limits, fact: str = "") -> Walk | None:
    """Return a walk that has gone on to where a tool can be called, and has not called it; None if there is no way.

    Args:
        walk: Where the dialogue stands.
        tool: The tool.
        policy: How the next tool is chosen.
        limits: How far to go.
        fact: What no call on the way is to make true; empty for no such demand.
    """
    trial, ready = walk.fork(), walk.fork()
    if not reach(trial, tool, policy, limits):
        return None
    first, tools = len(walk.steps), walk.domain.spec.tools
    way = list(enumerate(trial.steps[first:-1], start=first))
    kept = [(number, step) for number, step in way if fact not in tools[step.call.name].sets]
    left_out = {number for number, _ in way}.difference(number for number, _ in kept)
    again = run_again(walk, kept) if not any(feeds(step) & left_out for _, step in kept) else None
    if again is None:
        return None
    for step in again:
        ready.take(step)
    return ready


def refused(walk: Walk, tool: str, codes: Collection[str]) -> dict[str, list[Binding]]:
    """Return, by error, a few bindings of a tool, as a user would have it called, that are refused with it now.

    What is suggested for a world mostly works there, so numbers that the user says are also tried larger.

    Args:
        walk: Where the dialogue stands.
        tool: The tool.
        codes: The errors to look for.
    """
    found: dict[str, list[Binding]] = {}
    for binding in bindings(walk, tool, user_requested=True, tries=walk.weights.refused_tries, fit=False):
        for each in (binding, *_enlarged(walk, tool, binding)):
            error = walk.domain.apply(walk.state, ToolCall(tool, each.arguments)).error
            if error is not None and error.code in codes:
                found.setdefault(error.code, []).append(each)
                break
    return {code: each[: walk.weights.refused_kept] for code, each in found.items()}


def _enlarged(walk: Walk, tool: str, binding: Binding) -> Iterator[Binding]:
    """Iterate over a binding with one number that the user says made larger."""
    step = walk.weights.enlarged_to
    parameters, kinds = walk.domain.spec.tools[tool].parameters, walk.domain.spec.kinds
    for pointer, source in binding.sources.items():
        name = member_of(pointer)
        value: Json = binding.arguments.get(name)
        if not isinstance(source, Said) or isinstance(value, bool) or not isinstance(value, int | float):
            continue
        for factor in walk.weights.enlarged_by:
            more = value * factor
            larger = type(value)(more - more % step if more > step else more)
            said = Said(walk.turn, verbalise(larger, kinds.get(parameters[name].field.kind or "")))
            yield binding._replace(
                arguments={**binding.arguments, name: larger}, sources={**binding.sources, pointer: said}
            )


def taken(walk: Walk, tool: str, binding: Binding, *, user_requested: bool = True) -> bool:
    """Call a tool as it was bound; return whether it went through and did or told something."""
    call = ToolCall(tool, binding.arguments)
    outcome = walk.domain.apply(walk.state, call)
    if outcome.error is not None:
        return False
    reads = walk.domain.spec.tools[tool].effect == "read"
    changed = outcome.state.digest != walk.state.digest
    if not (tells(walk.domain, call, outcome.value, manner=walk.weights.manner) if reads else changed):
        return False
    walk.take(
        ExecutedCall(
            call, outcome.value, walk.state, outcome.state, *binding[1:], user_requested=user_requested, turn=walk.turn
        )
    )
    return True
