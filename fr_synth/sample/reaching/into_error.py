"""Errors: a call that fails as nobody could have told beforehand, and the way on from there that works.

There are two ways on. *Setting right*: another call, which the user allows ("you may unfreeze the card if that is what
it takes"), makes the same call work. *Instead*: of a figure or a day the user names a second one ("if that is too much,
300 will do"), and the call works with it; what the call is about is never swapped for something else. Both are found by
execution on forks.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from fr_envs.json_values import member_of, pointer_of
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.reference_rules import spoken
from fr_synth.language.requests import has_order
from fr_synth.sample.arguments.binding import Binding, bindings
from fr_synth.sample.reaching.by_rule import prepared, refused, taken
from fr_synth.sample.reaching.reach import reach
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.provenance import Said
from fr_synth.verify.calls.errors import unexpected_errors

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from fr_synth.sample.reaching.reach import Limits, SamplingPolicy
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.target import ErrorTarget

__all__ = [
    "reach_recovery",
]


def reach_recovery(walk: Walk, target: ErrorTarget, policy: SamplingPolicy, limits: Limits) -> bool:
    """Walk until a tool has failed with an error and worked in the end; without success nothing is taken.

    Where the world as it is does not give the error asked for, another one that the tool declares is as good.

    Args:
        walk: Where the dialogue stands.
        target: Tool and error.
        policy: How the next tool is chosen.
        limits: How far to go for the tool, and for what sets things right.
    """
    spec = walk.domain.spec
    facts = {fact.violation: name for name, fact in spec.facts.items()}
    ready = prepared(walk, target.tool, policy, limits, facts.get(target.code, ""))
    if ready is None:
        return False
    failing = refused(ready, target.tool, unexpected_errors(spec, target.tool))
    for code in sorted(failing, key=lambda each: each != target.code):
        for binding in failing[code]:
            if not _is_there(ready, target.tool, binding):
                continue
            failed = ready.fork()
            _fail(failed, target.tool, code, binding)
            ways = (functools.partial(_fixed, fact=facts.get(code, ""), policy=policy, limits=limits), _instead)
            for way in ways if walk.rng.random() < walk.weights.right_first else ways[::-1]:
                found = way(failed, target.tool, binding)
                if found is not None:
                    walk.become(found)
                    return True
    return False


def _is_there(walk: Walk, tool: str, binding: Binding) -> bool:
    """Return True if everything that a call is about is there: nobody asks for what has just been removed."""
    parameters = walk.domain.spec.tools[tool].parameters
    for name, value in binding.arguments.items():
        there = walk.domain.entities(walk.state, parameters[name].field.kind or "")
        if (
            there is not None
            and isinstance(value, str)
            and pointer_of([name]) in binding.mentions
            and value not in there
        ):
            return False
    return True


def _fail(walk: Walk, tool: str, code: str, binding: Binding) -> None:
    call, state = ToolCall(tool, binding.arguments), walk.state
    value = walk.domain.apply(state, call).value
    walk.take(ExecutedCall(call, value, state, state, *binding[1:], user_requested=False, turn=walk.turn, error=code))


# ------------------------------------------------------------------------------------------- setting right


def _fixed(
    walk: Walk, tool: str, binding: Binding, *, fact: str, policy: SamplingPolicy, limits: Limits
) -> Walk | None:
    """Find another call after which the same one works."""
    setters = walk.graph.setters(fact) if fact else ()
    for name in (*setters, *_related(walk, tool, setters)):
        for trial in _about_the_same(walk, name, tool, binding):
            if taken(trial, tool, binding):
                return trial
    for name in setters:
        trial = walk.fork()
        if reach(trial, name, policy, limits._replace(news=False, ways=1)) and taken(trial, tool, binding):
            return trial
    return None


def _related(walk: Walk, tool: str, besides: Collection[str]) -> list[str]:
    """Return a few legal writes that take something of a kind that the tool takes."""
    tools = walk.domain.spec.tools
    kinds = set(tools[tool].input_kinds())
    found = [
        name
        for name in walk.graph.legal(walk.needs())
        if name != tool
        and name not in besides
        and tools[name].effect == "write"
        and kinds.intersection(tools[name].input_kinds())
    ]
    return [found[int(i)] for i in walk.rng.permutation(len(found))[: walk.weights.right_tools]]


def _about_the_same(walk: Walk, name: str, tool: str, binding: Binding) -> Iterator[Walk]:
    """Iterate over walks in which a write has been called about something that the call was about."""
    spec = walk.domain.spec.tools[name]
    user_requested = not spec.implicit
    shared = _shared(walk, name, tool, binding)
    for drawn in bindings(walk, name, user_requested=user_requested, tries=walk.weights.right_tries):
        for own in drawn.arguments:
            if own not in shared:
                continue
            bound = _with(drawn, own, binding, shared[own])
            if user_requested and not has_order(spec, spoken(bound.sources, bound.mentions)):
                continue
            trial = walk.fork()
            if taken(trial, name, bound, user_requested=user_requested):
                yield trial


def _shared(walk: Walk, name: str, tool: str, binding: Binding) -> dict[str, str]:
    """Return the arguments of one tool that can be about what another one was called about, each with its argument."""
    tools = walk.domain.spec.tools
    bound = [each for each in tools[tool].parameters.values() if pointer_of([each.name]) in binding.sources]
    theirs = {(each.field.kind, each.field.role): each.name for each in bound if each.field.kind is not None}
    own = {each.name: (each.field.kind, each.field.role) for each in tools[name].parameters.values()}
    return {argument: theirs[place] for argument, place in own.items() if place in theirs}


def _with(binding: Binding, name: str, other: Binding, theirs: str) -> Binding:
    """Return a binding in which one argument is that of another binding."""
    arguments = {**binding.arguments, name: other.arguments[theirs]}
    sources = {p: s for p, s in binding.sources.items() if member_of(p) != name}
    mentions = {p: m for p, m in binding.mentions.items() if member_of(p) != name}
    own, taken_from = pointer_of([name]), pointer_of([theirs])
    sources[own] = other.sources[taken_from]
    if taken_from in other.mentions:
        mentions[own] = other.mentions[taken_from]
    return Binding(arguments, sources, mentions)


# -------------------------------------------------------------------------------------------------- instead


def _instead(walk: Walk, tool: str, binding: Binding) -> Walk | None:
    """Find a second choice for one argument with which the call works; the later arguments are changed more readily."""
    for drawn in bindings(walk, tool, user_requested=True, tries=walk.weights.second_choices):
        for name in reversed(drawn.arguments):
            if not (_is_choice(name, binding, drawn) and _is_figure(walk, tool, name, (binding, drawn))):
                continue
            trial = walk.fork()
            if taken(trial, tool, _with(binding, name, drawn, name)):
                return trial
    return None


def _is_figure(walk: Walk, tool: str, name: str, choices: tuple[Binding, Binding]) -> bool:
    """Return True if two bindings give a day or a number for an argument, the second number somewhat smaller."""
    pointer, (first, second) = pointer_of([name]), choices
    if not isinstance(first.sources[pointer], Said) or not isinstance(second.sources[pointer], Said):
        return False
    before, after = first.arguments[name], second.arguments[name]
    if isinstance(before, int | float) and isinstance(after, int | float):
        return before / _LEAST_OF <= after < before
    kind = walk.domain.spec.kinds.get(walk.domain.spec.tools[tool].parameters[name].field.kind or "")
    return kind is not None and kind.format in ("date", "datetime")


_LEAST_OF = 25  # part of the first figure below which a second one would be another wish


def _is_choice(name: str, first: Binding, second: Binding) -> bool:
    """Return True if one binding names another thing for an argument, in words that can stand beside the other's."""
    pointer, value = pointer_of([name]), second.arguments[name]
    if pointer not in first.sources or pointer not in second.sources or isinstance(value, bool):
        return False
    mention = second.mentions.get(pointer)
    alike = spoken(first.sources, first.mentions).get(name) == spoken(second.sources, second.mentions).get(name)
    anaphoric = mention is not None and (mention.owner or mention).way == "anaphora"  # "that one" beside another one
    return not alike and not anaphoric and value not in first.arguments.values()
