"""Proof "view": what is offered suffices, is told apart and told truly, and opens no short cut."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from fr_envs.contract.schemas import parameters_schema
from fr_envs.contract.view import View, view_faults
from fr_envs.episode.task import Goal, judge
from fr_envs.world.tool_call import ToolCall
from fr_synth.trace.arrivals import announced_in
from fr_synth.verify.words.leaks import leaks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.contract.spec import DomainSpec, Parameter, ToolSpec
    from fr_envs.contract.view import ToolView
    from fr_envs.json_values import Json
    from fr_envs.world.lens import Lens
    from fr_synth.verify.evidence import Evidence

__all__ = ["view"]

_TOOL_CODE = re.compile(r"tool_[0-9]+")
_PARAMETER_CODE = re.compile(r"arg_[a-z]")


def view(evidence: Evidence) -> Iterator[str]:
    """Every call can be made as tools are offered, names mean what the contract says, and no short cut misleads."""
    given = evidence.dialogue.view
    if given is not None:
        faults = list(_unfit(evidence, given))
        yield from faults
        if faults or evidence.lens is None:
            return
        yield from _untold(evidence.domain.spec, given)
        yield from _unlike(evidence.lens)
        yield from _texts(evidence, evidence.lens)
    yield from _short_cuts(evidence)


def _unfit(evidence: Evidence, given: View) -> Iterator[str]:
    """The view fits the contract, and offers each tool and each parameter that a call gives."""
    dialogue = evidence.dialogue
    yield from view_faults(given, evidence.domain.spec, [call.name for call in dialogue.calls])
    omitted = {(each.tool, name) for each in given.tools for name in each.omitted}
    for number, call in enumerate(dialogue.calls):
        tool = evidence.domain.spec.tools.get(call.name)
        for name in call.arguments:
            unknown = tool is not None and call.error is None and name not in tool.parameters
            if unknown or (call.name, name) in omitted:
                yield f"call {number} ({call.name}) gives {name!r}, which is not offered"


def _untold(spec: DomainSpec, given: View) -> Iterator[str]:
    """A name or a description that is not the contract's own comes from its aliases, or is a neutral code."""
    for each in given.tools:
        tool = spec.tools[each.tool]
        if each.name and each.name not in spec.aliases.tools.get(tool.name, ()) and not _TOOL_CODE.fullmatch(each.name):
            yield f"{each.name!r} is no other name of {tool.name!r}"
        if each.description and each.description not in spec.aliases.descriptions.get(tool.name, ()):
            yield f"{tool.name!r} is described otherwise than the contract has it"
        yield from _untold_parameters(spec, tool, each)


def _untold_parameters(spec: DomainSpec, tool: ToolSpec, each: ToolView) -> Iterator[str]:
    properties = parameters_schema(spec, tool.name)["properties"]
    told = [str(schema.get("description", "")) for schema in properties.values()]
    for name, offered in each.parameters.items():
        text = str(properties[name].get("description", ""))
        if offered in spec.aliases.of_parameter(tool.name, name):
            continue
        if not _PARAMETER_CODE.fullmatch(offered):
            yield f"{offered!r} is no other name of {name!r} of {tool.name!r}"
        elif not text or told.count(text) > 1:
            yield f"nothing says what {offered!r} of {tool.name!r} is, and what tells it from the others"


def _unlike(lens: Lens) -> Iterator[str]:
    """No two tools are described alike, so that whoever reads them knows which is which."""
    seen: dict[str, str] = {}
    for name, tool in lens.openai_tools.items():
        told = str(tool["function"]["description"]).casefold().strip()
        if told in seen and (lens.tools[name].name or lens.tools[seen[told]].name):
            yield f"{seen[told]!r} and {name!r} are described alike"
        seen.setdefault(told, name)


def _texts(evidence: Evidence, lens: Lens) -> Iterator[str]:
    """Who speaks names tools and parameters as they are offered, and a person does not name them at all."""
    renamed = [each.offered for each in lens.view.tools if each.name]
    for index, message in enumerate(evidence.dialogue.messages):
        if message.get("role") == "user":
            for leak in leaks(announced_in(str(message.get("content"))).said, renamed, ()):
                yield f"message {index}: the request gives away {leak}"
        if message.get("role") == "assistant":
            for part in ("content", "reasoning_content"):
                text = str(message.get(part, ""))
                if lens.text(text) != text:
                    yield f"message {index}: its {part} names what is not offered under that name"


# -------------------------------------------------------------------------------------------------------- short cuts

_COMBINATIONS = 6  # ways to fill the parameters of a tool that are tried
_VALUES = 3  # values of one kind that are tried


def _short_cuts(evidence: Evidence) -> Iterator[str]:
    """No single call of a tool that is offered and not called reaches all that a turn is about, and harm besides.

    Whoever takes it does what was asked for in fewer calls, and earns nothing for it: such a tool must not be offered.
    """
    dialogue, spec = evidence.dialogue, evidence.domain.spec
    offered = dialogue.offered_in(len(dialogue.turns)) or tuple(spec.tools)
    if len(offered) == len(spec.tools) and dialogue.view is None:
        return  # the whole world: what a goal refuses there is the goal's own affair
    called = {call.name for call in dialogue.calls}
    writing = [spec.tools[name] for name in offered if name in spec.tools and name not in called]
    writing = [tool for tool in writing if tool.effect == "write"]
    for number, turn in enumerate(dialogue.turns):
        own = [k for k, call in enumerate(dialogue.calls) if call.turn == number]
        if turn.goal.changes and len(own) > 1 and writing:
            goal = Goal(changes=turn.goal.changes, incidental=turn.goal.incidental)
            for name in _misleading(evidence, goal, own, writing):
                yield f"turn {number}: {name} does it all in fewer calls, and more that the goal refuses"


def _misleading(evidence: Evidence, goal: Goal, own: list[int], writing: list[ToolSpec]) -> Iterator[str]:
    """Iterate over the tools that, called once at some point of a turn, reach its changes and others besides."""
    states = evidence.states[own[0] : own[-1]]  # before each call but the last, after which no fewer are left
    starts = [state for at, state in enumerate(states) if not at or state is not states[at - 1]]
    known = _known(evidence, own)
    for tool in writing:
        for call in _fillings(tool, known):
            for start in starts:
                outcome = evidence.domain.apply(start, call)
                if outcome.error is None and outcome.state is not start:
                    verdict = judge(goal, evidence.states[own[0]], outcome.state, (), "")
                    if verdict.reached == verdict.expected and verdict.score < 1:
                        yield tool.name


def _known(evidence: Evidence, own: list[int]) -> dict[str, list[Json]]:
    """Return the values that a turn's own calls give, by kind; those without one by the name of their parameter."""
    known: dict[str, list[Json]] = {}
    for call in (evidence.dialogue.calls[k] for k in own):
        parameters = evidence.domain.spec.tools[call.name].parameters
        for name, value in call.arguments.items():
            pool = known.setdefault(_pool(parameters[name]), []) if name in parameters else []
            if value not in pool:
                pool.append(value)
    return known


def _pool(parameter: Parameter) -> str:
    return parameter.field.kind or f".{parameter.name}"


def _fillings(tool: ToolSpec, known: dict[str, list[Json]]) -> Iterator[ToolCall]:
    """Iterate over calls of a tool with values that are known, by kind."""
    required = [parameter for parameter in tool.parameters.values() if parameter.required]
    pools = [known.get(_pool(parameter), [])[:_VALUES] for parameter in required]
    for values in itertools.islice(itertools.product(*pools), _COMBINATIONS):
        yield ToolCall(tool.name, {p.name: value for p, value in zip(required, values, strict=True)})
