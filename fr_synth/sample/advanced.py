"""Phase II, first half: a trace as an executable macro.

The advanced tool takes what the user says and holds the data flow of the trace: which result each argument came from,
and how the right one of several was picked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_envs.contract.schemas import field_schema
from fr_envs.contract.spec import Field, field_at
from fr_envs.json_values import at_pointer, last_of, parts_of
from fr_synth.trace.dataflow.provenance import Output
from fr_synth.trace.macro import AdvancedTool, Argument, MacroParameter, MacroStep, Pick, Take

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Domain
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.dataflow.mention import Mention
    from fr_synth.trace.turn_trace import TurnTrace

__all__ = ["abstract"]


def abstract(domain: Domain[Any], trace: TurnTrace, name: str, description: str) -> AdvancedTool:
    """Turn a trace into an advanced tool; calls that fail, or that nobody would miss, are no part of it."""
    maker = _MacroMaker(domain, trace)
    steps = tuple(maker.step(step) for step in trace.steps if _belongs(step))
    schema: JsonObject = {
        "type": "object",
        "properties": maker.properties,
        "required": list(maker.properties),
        "additionalProperties": False,
    }
    return AdvancedTool(name, description, schema, steps, maker.example)


def _belongs(step: ExecutedCall) -> bool:
    """Return True if a call is part of the operation: one that it needs, or that leaves things as they were found."""
    return not step.error and step.purpose in ("needed", "closing")


class _MacroMaker:
    """Collects the parameters of an advanced tool while its steps are made."""

    def __init__(self, domain: Domain[Any], trace: TurnTrace) -> None:
        self.spec = domain.spec
        self.trace = trace
        works = [number for number, step in enumerate(trace.steps, start=trace.first) if _belongs(step)]
        self.place = {number: position for position, number in enumerate(works)}
        self.properties: JsonObject = {}
        self.example: JsonObject = {}

    def step(self, step: ExecutedCall) -> MacroStep:
        parameters = self.spec.tools[step.call.name].parameters
        arguments: dict[str, Argument] = {}
        for pointer in step.sources:
            name, *rest = parts_of(pointer)
            field = field_at(parameters[name].field, rest) or Field(schema={})
            value = at_pointer(step.call.arguments, pointer)
            arguments[pointer] = self._argument(step, pointer, name, field, value)
        return MacroStep(step.call.name, arguments)

    def _argument(self, step: ExecutedCall, pointer: str, name: str, field: Field, value: Json) -> Argument:
        source, mention = step.sources[pointer], step.mentions.get(pointer)
        if not isinstance(source, Output) or source.step < self.trace.first:
            return MacroParameter(self._parameter(name, field, value))
        local = self.place[source.step]
        if mention is not None and mention.group is not None and mention.step == source.step:
            member = last_of(source.pointer)
            return self._pick(local, mention, member)
        return Take(local, source.pointer)

    def _pick(self, local: int, mention: Mention, member: str) -> Pick:
        group = mention.group or ""
        if mention.way in ("least", "most"):
            return Pick(local, group, member, extreme=next(iter(mention.by)), largest=mention.way == "most")
        if mention.way == "where":
            return Pick(local, group, member, where=mention.by)
        if mention.owner is not None and mention.owner.group == mention.group:
            return self._pick(local, mention.owner, member)
        by = {
            field: self._parameter(f"{_short(mention.kind)}_{field}", Field(schema=_schema_of(value)), value)
            for field, value in mention.by.items()
        }
        return Pick(local, group, member, by=by)

    def _parameter(self, name: str, field: Field, value: Json) -> str:
        schema = field_schema(self.spec, field)
        candidate, number = name, 2
        while candidate in self.properties and self.example[candidate] != value:
            candidate, number = f"{name}_{number}", number + 1
        self.properties.setdefault(candidate, schema)
        self.example[candidate] = value
        return candidate


def _short(kind: str) -> str:
    return kind.removesuffix("_id")


def _schema_of(value: Json) -> JsonObject:
    return {"type": "string"} if isinstance(value, str) else {"type": "number"}
