"""Proof "macro": the advanced tool of a turn makes its calls, and the easy query asks for just what the message does.

1. Run in the state in which the turn begins, with its example, the macro makes the calls that somebody needs, and no
   other; nothing in its body stands for a step that is not there.
2. It has a name of its own, and its parameters are those that its body takes, each with the contract's schema.
3. Its description and the easy query speak of nothing that the contract and the message do not, and the easy query
   says whatever the turn's calls take from the message. (What may be said in it at all: ``claims``.)
"""

from __future__ import annotations

import collections
import functools
import json
import re
from typing import TYPE_CHECKING

import jsonschema_rs

from fr_envs.contract.schemas import field_schema
from fr_envs.contract.spec import PLACEHOLDER, Field, field_at
from fr_envs.json_values import at_pointer, member_of, parts_of
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.verbalise import mentions_value, stands_in
from fr_synth.trace.dataflow.provenance import Said, inputs_of
from fr_synth.trace.macro import AdvancedTool, MacroParameter, Pick, run
from fr_synth.verify.claims.known.moment import vocabulary
from fr_synth.verify.claims.known.sources import norm
from fr_synth.verify.claims.parsing.spans import parse
from fr_synth.verify.faithful import leads_to
from fr_synth.verify.words.said_dates import names_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.contract.spec import DomainSpec, ToolSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.trace.macro import MacroStep
    from fr_synth.trace.records import CallRecord, TurnRecord
    from fr_synth.verify.evidence import Evidence

__all__ = ["macro"]

_NAME = re.compile(r"\w{1,64}")
_NO_OPERATION = AdvancedTool(
    "", "", {"type": "object", "properties": {}, "required": [], "additionalProperties": False}, (), {}
)
"""What a turn has in which nothing is called."""


def macro(evidence: Evidence) -> Iterator[str]:
    """The advanced tool of each turn makes its calls, and the easy query asks for just what the message does."""
    for number, turn in enumerate(evidence.dialogue.turns):
        own = [k for k, call in enumerate(evidence.dialogue.calls) if call.turn == number]
        problems = (
            *(_body(evidence, turn.advanced, own) if own or turn.advanced != _NO_OPERATION else ()),
            *_words(evidence, number, turn, own),
            *_easily(evidence, number, turn, own),
        )
        for problem in problems:
            yield f"turn {number}: {problem}"


# --------------------------------------------------------------------------------------------------------- the body


def _body(evidence: Evidence, tool: AdvancedTool, own: list[int]) -> Iterator[str]:
    offered = () if evidence.lens is None else evidence.lens.named()
    if not _NAME.fullmatch(tool.name) or tool.name in evidence.domain.spec.tools or tool.name in offered:
        yield f"{tool.name!r} is no name for an advanced tool"
    misplaced = next(_misplaced(evidence.domain.spec, tool), None)
    if misplaced is not None:
        yield misplaced
        return
    yield from _parameters(evidence.domain.spec, tool)
    yield from _runs(evidence, tool, own)


def _misplaced(spec: DomainSpec, tool: AdvancedTool) -> Iterator[str]:
    """Iterate over the steps and references of a body that lead nowhere."""
    for number, step in enumerate(tool.steps):
        if step.tool not in spec.tools:
            yield f"step {number} of the macro calls {step.tool!r}, which is no tool"
            return
        for pointer, argument in step.arguments.items():
            if member_of(pointer) not in spec.tools[step.tool].parameters:
                yield f"step {number} of the macro ({step.tool}) has no argument {pointer}"
            if not isinstance(argument, MacroParameter) and not 0 <= argument.step < number:
                yield f"step {number} of the macro ({step.tool}) takes {pointer} from step {argument.step}"


def _runs(evidence: Evidence, tool: AdvancedTool, own: list[int]) -> Iterator[str]:
    """The macro makes the turn's calls; those that check or give something up it may leave out."""
    calls = evidence.dialogue.calls
    start = evidence.states[own[0]] if own else evidence.states[-1]
    ran = run(evidence.domain, start, tool, tool.example)
    if ran.failure:
        yield f"the macro does not run: {ran.failure}"
        return
    made = collections.Counter(_key(call.name, call.arguments) for call in ran.calls)
    works = [calls[k] for k in own if calls[k].error is None and calls[k].purpose not in _NO_PART]
    every = collections.Counter(_key(call.name, call.arguments) for call in works)
    needed = collections.Counter(_key(call.name, call.arguments) for call in works if call.purpose == "needed")
    if not needed <= made <= every:
        yield "the macro makes other calls than the turn"
    elif not _in_order([_key(c.name, c.arguments) for c in ran.calls], [_key(c.name, c.arguments) for c in works]):
        yield "the macro makes the turn's calls in another order"


def _in_order(some: list[str], every: list[str]) -> bool:
    """Return True if the first stand in the second in their order."""
    rest = iter(every)
    return all(each in rest for each in some)


_NO_PART = frozenset({"distractor", "slip"})  # purposes of calls that no operation needs


def _key(name: str, arguments: JsonObject) -> str:
    return f"{name}{json.dumps(arguments, sort_keys=True)}"


# --------------------------------------------------------------------------------------------------- its parameters


def _parameters(spec: DomainSpec, tool: AdvancedTool) -> Iterator[str]:
    taken: dict[str, list[JsonObject]] = {}
    for step in tool.steps:
        for name, schema in _taken(spec, step, tool.example):
            taken.setdefault(name, []).append(schema)
    properties = tool.parameters.get("properties")
    expected = {"type": "object", "properties": properties, "required": list(taken), "additionalProperties": False}
    if not isinstance(properties, dict) or not properties.keys() == taken.keys() == tool.example.keys():
        yield "the parameters of the macro are not those that its body takes"
    elif {**tool.parameters, "required": sorted(map(str, tool.parameters.get("required") or ()))} != {
        **expected,
        "required": sorted(taken),
    }:
        yield "the macro's parameters are no object of just those that its body takes"
    else:
        for name, schemas in taken.items():
            if properties[name] not in schemas:
                yield f"the parameter {name} of the macro has another schema than what takes it"
            elif not _validator(json.dumps(properties[name])).is_valid(tool.example[name]):
                yield f"the example of the macro has no such {name} as its schema asks for"


def _taken(spec: DomainSpec, step: MacroStep, example: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """Iterate over (parameter, schema) of what a step takes from the macro's parameters."""
    parameters = spec.tools[step.tool].parameters
    for pointer, argument in step.arguments.items():
        if isinstance(argument, MacroParameter):
            name, *rest = parts_of(pointer)
            yield argument.name, field_schema(spec, field_at(parameters[name].field, rest) or Field(schema={}))
        elif isinstance(argument, Pick):
            for each in argument.by.values():
                yield each, {"type": "string" if isinstance(example.get(each), str) else "number"}


@functools.lru_cache(maxsize=1024)
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(schema))


# --------------------------------------------------------------------------------------------------------- the words


def _words(evidence: Evidence, number: int, turn: TurnRecord, own: list[int]) -> Iterator[str]:
    told = turn.advanced.description
    if own and not told.strip():
        yield "the macro has no description"
    elif own and not _speaks_of(evidence.domain.spec, turn.advanced):
        yield "the macro's description says nothing of what it does"
    odd = next(_unheard_of(evidence.domain.spec, turn.advanced), None)
    if odd is not None:
        yield f"the macro's description speaks of {odd!r}"
    lowered = turn.easy.lower()
    if not lowered.strip():
        yield "there is no easy query"
        return
    wanted = [pair for k in own for pair in _said(evidence.dialogue.calls[k], number)]
    pointed = [(mention.value, mention.text) for mention in turn.mentions if mention.turn == number]
    today = evidence.today(own[0]) if own else None
    for value, words in (*wanted, *pointed):
        heard = mentions_value(turn.easy, value) or names_day(turn.easy, value, today)
        if not stands_in(words.lower(), lowered) and not heard:
            yield f"the easy query does not speak of {words!r}"


def _easily(evidence: Evidence, number: int, turn: TurnRecord, own: list[int]) -> Iterator[str]:
    """The easy query asks for what was asked for; in a situation it is the message, and the steps spelt out behind."""
    message = evidence.user_text(number)
    if evidence.dialogue.situation and evidence.dialogue.teacher == "scripted" and not turn.easy.startswith(message):
        yield "the easy query does not begin with the message"
    for k in own:
        call = evidence.dialogue.calls[k]
        tool = evidence.domain.spec.tools.get(call.name)
        if call.user_requested and call.error is None and tool is not None and not _asks_for(turn.easy, call, tool):
            yield f"the easy query does not ask for {call.name}"


def _asks_for(easy: str, call: CallRecord, tool: ToolSpec) -> bool:
    """Return True if a query has words for a call: a phrase of the contract's, or what leads to it otherwise."""
    if leads_to(easy, ToolCall(call.name, call.arguments), tool):
        return True
    return any(_has_words(phrase, easy.lower()) for phrase in tool.request_templates)


def _has_words(phrase: str, text: str) -> bool:
    """Return True if the words of a phrase stand in a text in their order, with anything in the phrase's places."""
    at = 0
    for piece in PLACEHOLDER.split(phrase)[::2]:
        found = text.find(piece.strip(" .?!").lower(), at)
        if found < 0:
            return False
        at = found + len(piece.strip(" .?!"))
    return True


def _speaks_of(spec: DomainSpec, tool: AdvancedTool) -> bool:
    """Return True if a macro's description has a word of a tool of which it is made."""
    tools = [spec.tools[step.tool] for step in tool.steps if step.tool in spec.tools]
    words = _LONG.findall(" ".join(f"{each.name.replace('_', ' ')} {each.description}" for each in tools).lower())
    return not tools or not set(words).isdisjoint(_LONG.findall(tool.description.replace("_", " ").lower()))


_LONG = re.compile(r"[a-z]{4,}")


def _unheard_of(spec: DomainSpec, tool: AdvancedTool) -> Iterator[str]:
    """Iterate over the values in a macro's description that stand neither in the contract nor among its parameters."""
    known, told = vocabulary(spec), tool.description
    for name in sorted(tool.example, key=len, reverse=True):
        told = told.replace(name, " " * len(name))
    for span in parse(told):
        if not known.issuperset(re.findall(r"\w+(?:[.'&/@+-]\w+)*", norm(span.text))):
            yield span.text


def _said(call: CallRecord, turn: int) -> Iterator[tuple[Json, str]]:
    """Iterate over (value, words) of what a call takes from the message of a turn."""
    for pointer, source in call.sources.items():
        for each in inputs_of(source):
            if isinstance(each, Said) and each.turn == turn:
                yield at_pointer(call.arguments, pointer), each.text
