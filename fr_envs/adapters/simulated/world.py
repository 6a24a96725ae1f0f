"""A world made up for a list of tools: rows that are created, changed and deleted, a first population, made-up answers.

Everything is drawn from schemas, examples and names, and depends on the seed alone. What comes of it is marked: the
system message says that the tools are simulated, and so does the version of the contract in every record.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from fr_envs.adapters.sampling_hooks import sayable_value
from fr_envs.adapters.simulated.plan import Part, Thing, plan_of
from fr_envs.adapters.words.phrases import is_identifier, noun, spaced
from fr_envs.adapters.words.plausible import plausible_texts, plausible_values
from fr_envs.contract.schemas import field_schema
from fr_envs.contract.spec import DomainSpec, Field, Kind, ToolSpec
from fr_envs.errors import Refusal
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.streams import generator
from fr_envs.world.domain import Domain, Effect, Hooks
from fr_envs.world.state import Record, State, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Scale

__all__ = ["SIMULATED", "SimulatedState", "marked", "simulated_contract", "simulated_world"]

SIMULATED = "The tools are simulated: nothing stands behind them, and what they tell is made up."
"""What the rules of such a world say, so that every system message does."""

_FIRST = {"tiny": 3, "small": 5, "medium": 8, "large": 14}  # rows of each sort in a first state


class Row(Record, frozen=True):
    """A thing.

    Attributes:
        data: JSON text of its members.
        gone: It was deleted.
    """

    data: str
    gone: bool = False


class SimulatedState(State, frozen=True):
    """Everything that there is, by ``thing/number``."""

    rows: Table[Row] = Table("rows")


class _Plan(NamedTuple):
    spec: DomainSpec
    parts: Mapping[str, Part]
    things: Mapping[str, Thing]


def simulated_contract(spec: DomainSpec) -> DomainSpec:
    """Return the contract of a simulated world: identifiers as kinds, results where the owner says nothing of them.

    Args:
        spec: The contract as the list gives it.
    """
    parts, things = plan_of(spec)
    kinds = dict(spec.kinds)
    for thing in things.values():
        kinds[thing.identifier] = Kind(
            thing.identifier, _identifier_schema(spec, parts, thing), "issued", f"Identifier of a {spaced(thing.name)}."
        )
    tools = {name: _completed(tool, parts[name], things, kinds) for name, tool in spec.tools.items()}
    made = marked(msgspec.structs.replace(spec, kinds=kinds, tools=tools), version=False)
    return _reachable(made, things)


def _reachable(spec: DomainSpec, things: Mapping[str, Thing]) -> DomainSpec:
    """Let people know an identifier that no tool tells, so that every tool can be called: those of the first rows."""
    shut = {name for name, cost in ApiGraph(spec).costs().tool.items() if math.isinf(cost)}
    taken = {p.field.kind for name in shut for p in spec.tools[name].parameters.values()}
    kinds = dict(spec.kinds)
    for thing in things.values():
        if thing.identifier in taken:
            kind = kinds[thing.identifier]
            known = tuple(_identifier(kind, thing, number) for number in range(_FIRST["tiny"]))
            kinds[thing.identifier] = msgspec.structs.replace(kind, origin="named", examples=known)
    return msgspec.structs.replace(spec, kinds=kinds)


def marked(spec: DomainSpec, *, version: bool = True) -> DomainSpec:
    """Return a contract that says that its tools are simulated, in its rules and in its version."""
    policy = spec.policy if SIMULATED in spec.policy else f"{spec.policy} {SIMULATED}"
    number = spec.version if not version or spec.version.endswith("+simulated") else f"{spec.version}+simulated"
    return msgspec.structs.replace(spec, policy=policy, version=number)


def simulated_world(spec: DomainSpec, contract: DomainSpec | None = None) -> Domain[SimulatedState]:
    """Return a world for tools without an implementation.

    Args:
        spec: The contract as the list gives it.
        contract: A corrected one, in place of ``simulated_contract(spec)``.

    Example:
        >>> from fr_envs.adapters.lists.tool_lists import spec_from_tools
        >>> world = simulated_world(spec_from_tools([{"name": "list_books"}, {"name": "get_book", "parameters": {
        ...     "book_id": "str"}}], name="shelf"))
        >>> world.spec.version, list(world.spec.kinds)
        ('1.0.0+simulated', ['book_id'])
    """
    made = marked(contract if contract is not None else simulated_contract(spec))
    plan = _Plan(made, *plan_of(spec))
    handlers = {name: _Handler(plan, name) for name in made.tools}
    return Domain(
        made, handlers, Hooks(initial=functools.partial(_first, plan), facts=dict.fromkeys(made.facts, _always))
    )


def _always(*_: object) -> bool:
    return True


# ------------------------------------------------------------------------------------------------------- contract


def _identifier_schema(spec: DomainSpec, parts: Mapping[str, Part], thing: Thing) -> JsonObject:
    for name, part in parts.items():
        if part.thing == thing.name and part.identifier:
            schema = field_schema(spec, spec.tools[name].parameters[part.identifier].field)
            return {"type": "integer"} if schema.get("type") == "integer" else {"type": "string"}
    return {"type": "string"}


def _completed(tool: ToolSpec, part: Part, things: Mapping[str, Thing], kinds: Mapping[str, Kind]) -> ToolSpec:
    own = things[part.thing].identifier if part.thing else ""
    parameters = {}
    for name, parameter in tool.parameters.items():
        kind = own if name == part.identifier else name if name in kinds and is_identifier(name) else ""
        field = (
            Field(kind=kind, description=parameter.field.description)
            if kind
            else _with_values(name, parameter, tool, part)
        )
        parameters[name] = msgspec.structs.replace(parameter, field=field)
    effect = "read" if part.role in {"get", "list", "answer"} else "write"
    errors = {"not_found": f"There is no such {spaced(part.thing)}."} if part.identifier else {}
    if tool.returns.keys() == {"result"} and tool.returns["result"].schema == {}:
        returns = _made_up(tool, part, things, kinds)
    else:
        returns = {name: _known(name, field, own, kinds) for name, field in tool.returns.items()}
    return msgspec.structs.replace(
        tool, parameters=parameters, returns=returns, effect="read" if part.role == "answer" else effect,
        errors={**tool.errors, **errors},
    )  # fmt: skip


def _with_values(name: str, parameter: Any, tool: ToolSpec, part: Part) -> Field:  # noqa: ANN401 - see below
    field: Field = parameter.field
    schema = field.schema
    if (
        schema is None
        or schema.get("type", "string") != "string"
        or {"enum", "examples", "format", "pattern"} & schema.keys()
    ):
        return field
    texts = plausible_texts(name, part.thing or noun(tool.name))
    return msgspec.structs.replace(field, schema={**schema, "examples": list(texts)}) if texts else field


def _known(name: str, field: Field, own: str, kinds: Mapping[str, Kind]) -> Field:
    """Return a declared result with the kinds of the identifiers in it."""
    if field.array is not None:
        return msgspec.structs.replace(field, array=_known(name, field.array, own, kinds))
    if field.object is not None:
        members = {key: _known(key, part, own, kinds) for key, part in field.object.items()}
        return msgspec.structs.replace(field, object=members)
    kind = own if name == "id" and own else name if name in kinds else ""
    return msgspec.structs.replace(field, kind=kind, schema=None) if kind else field


_DOES = frozenset({
    "approve", "block", "cancel", "close", "delete", "disable", "enable", "freeze", "lock", "move", "notify", "pause",
    "redirect", "release", "remove", "reset", "resume", "schedule", "send", "ship", "start", "stop", "transfer",
    "unlock", "update",
})  # fmt: skip
"""Verbs of tools that do something, and tell nothing."""
_FIGURES = frozenset({"amount", "balance", "cost", "distance", "duration", "fee", "price", "quote", "rate", "total"})
_RECKONS = frozenset({"add", "calculate", "compute", "convert", "count", "divide", "estimate", "multiply", "sum"})


def _made_up(tool: ToolSpec, part: Part, things: Mapping[str, Thing], kinds: Mapping[str, Kind]) -> dict[str, Field]:
    """Return the result of a tool of which its owner does not say what it gives."""
    if not part.thing:
        if spaced(tool.name).lower().split()[0] in _RECKONS:
            return {"result": Field(schema={"type": "number"})}
        if spaced(tool.name).lower().split()[0] in _DOES:
            return {}  # what it has done to what it knows nothing of, nobody can tell
        last = spaced(noun(tool.name)).split()[-1].lower()
        return {last: Field(schema={"type": "number" if last in _FIGURES else "string"})}
    thing = things[part.thing]
    row = {thing.identifier: Field(kind=thing.identifier)}
    for name, field in thing.members.items():
        schema = (field.schema if field is not None else None) or {"type": "string"}
        bare = {key: value for key, value in schema.items() if key in {"type", "enum", "format"}}
        row[name] = Field(kind=name) if name in kinds else Field(schema=bare or {"type": "string"})
    if part.role == "list":
        return {f"{thing.name}s": Field(array=Field(object=row))}
    return {thing.identifier: Field(kind=thing.identifier)} if part.role == "delete" else row


# ------------------------------------------------------------------------------------------------------------ rows


def _first(plan: _Plan, rng: np.random.Generator, scale: Scale) -> SimulatedState:
    state = SimulatedState()
    for thing in sorted(plan.things.values(), key=lambda each: _rests_on(plan, each)):
        for k in range(_FIRST[scale]):
            state = _with_row(plan, state, thing, {}, rng, k)
    return state


def _rests_on(plan: _Plan, thing: Thing) -> int:
    """Return how many other things a thing names: those that it names have to be there before it."""
    return sum(other.identifier in thing.members for other in plan.things.values() if other is not thing)


def _with_row(
    plan: _Plan, state: SimulatedState, thing: Thing, given: Mapping[str, Json], rng: np.random.Generator, number: int
) -> SimulatedState:
    row: JsonObject = {thing.identifier: _identifier(plan.spec.kinds[thing.identifier], thing, number)}
    for name in thing.members:
        row[name] = given[name] if given.get(name) is not None else _member(plan, state, thing, name, rng, number)
    data = json.dumps(row, sort_keys=True, ensure_ascii=False)
    return SimulatedState(state.rows.put(f"{thing.name}/{number:06d}", Row(data)))


def _identifier(kind: Kind, thing: Thing, number: int) -> Json:
    if kind.schema.get("type") == "integer":
        return 1001 + 7 * number
    letters = "".join(word[0] for word in thing.name.split("_"))
    return f"{(letters if len(letters) > 1 else thing.name[:3]).upper()}-{1001 + 7 * number}"


def _member(plan: _Plan, state: SimulatedState, thing: Thing, name: str, rng: np.random.Generator, number: int) -> Json:
    for other in plan.things.values():  # what points at another thing points at one that there is
        rows = [data for data, _ in _rows(state, other)]
        if name == other.identifier and rows:
            return rows[int(rng.integers(len(rows)))][name]
    texts = plausible_texts(name, thing.name)
    field = thing.members[name]
    schema = field_schema(plan.spec, field) if field is not None else {"type": "string"}
    if name == "status" and not schema.get("enum"):
        if thing.name.rpartition("_")[2] in _ARRANGED:
            return "confirmed"
        made = any(part.thing == thing.name and part.role == "create" for part in plan.parts.values())
        return "open" if made else "available"
    likely = plausible_values(name, thing.name, schema)
    if (likely and "format" in schema) or schema.get("type") in ("integer", "number"):
        return likely[int(rng.integers(len(likely)))] if likely else _made_of(schema, "", rng)
    options = schema.get("enum") or schema.get("examples")
    if options:
        return options[int(rng.integers(len(options)))]
    if schema.get("type", "string") == "string" and not schema.keys() & {"pattern", "format"}:
        return _told(state, thing, name, texts, rng) if texts else f"{spaced(name).capitalize()} {number + 1}"
    return _made_of(schema, f"{spaced(name).capitalize()} {number + 1}", rng)


_ARRANGED = frozenset({"appointment", "booking", "order", "registration", "rental", "reservation", "subscription"})


def _told(state: SimulatedState, thing: Thing, name: str, texts: Sequence[str], rng: np.random.Generator) -> str:
    """Return a text that no other row has, as long as there is one."""
    known = [row.get(name) for row, _ in _rows(state, thing)]
    fresh = [text for text in texts if text not in known] or list(texts)
    return fresh[int(rng.integers(len(fresh)))]


def _made_of(schema: JsonObject, label: str, rng: np.random.Generator) -> Json:
    """Return a value of a schema; ``label`` where a text would do and the schema makes none."""
    kind = schema.get("type", "string")
    kind = kind[0] if isinstance(kind, list) and kind else kind
    if kind == "boolean" and not schema.keys() & {"enum", "const"}:
        return bool(rng.integers(2))
    made = schema["const"] if "const" in schema else sayable_value(schema, rng)
    if made is not None:
        return made
    return {"array": [], "object": {}, "null": None, "integer": 1, "number": 1.5}.get(str(kind), label)


def _rows(state: SimulatedState, thing: Thing) -> list[tuple[JsonObject, str]]:
    """Return what there is of a thing, and under which key."""
    start = f"{thing.name}/"
    return [
        (json.loads(row.data), str(key))
        for key, row in state.rows.rows()
        if str(key).startswith(start) and not row.gone
    ]


# ----------------------------------------------------------------------------------------------------------- calls


class _Handler:
    """One tool, callable as every handler is; can be pickled."""

    def __init__(self, plan: _Plan, tool: str) -> None:
        self.plan = plan
        self.tool = tool

    def __call__(self, state: SimulatedState, /, **arguments: Json) -> Effect[SimulatedState]:
        plan, tool = self.plan, self.plan.spec.tools[self.tool]
        part = plan.parts.get(self.tool, Part("", "answer"))
        if not part.thing:
            return Effect(state, self._filled(tool.returns, arguments, arguments))
        thing = plan.things[part.thing]
        if part.role == "create":
            number = sum(str(key).startswith(f"{thing.name}/") for key in state.rows.keys())  # noqa: SIM118 - sorted
            after = _with_row(plan, state, thing, arguments, _generator(self.tool, arguments), number)
            return Effect(after, self._filled(tool.returns, _rows(after, thing)[-1][0], arguments))
        if part.role == "list":
            return Effect(state, self._listed(tool, state, thing, arguments))
        return self._one(part, thing, state, arguments)

    def _one(self, part: Part, thing: Thing, state: SimulatedState, arguments: JsonObject) -> Effect[SimulatedState]:
        wanted = arguments.get(part.identifier)
        row, key = next((each for each in _rows(state, thing) if each[0][thing.identifier] == wanted), ({}, ""))
        if not key:
            raise Refusal("not_found", f"There is no {spaced(thing.name)} {wanted}.")
        returns = self.plan.spec.tools[self.tool].returns
        if part.role == "get":
            return Effect(state, self._filled(returns, row, arguments))
        changed = {**row, **{k: v for k, v in arguments.items() if k in thing.members and v is not None}}
        if part.status and "status" in thing.members:
            changed["status"] = part.status
        data = json.dumps(changed, sort_keys=True, ensure_ascii=False)
        after = SimulatedState(state.rows.put(key, Row(data, gone=part.role == "delete")))
        return Effect(after, self._filled(returns, changed, arguments))

    def _listed(self, tool: ToolSpec, state: SimulatedState, thing: Thing, arguments: JsonObject) -> JsonObject:
        rows = [row for row, _ in _rows(state, thing) if _fits(row, arguments)]
        limit = arguments.get("limit")
        rows = rows[:limit] if isinstance(limit, int) and limit > 0 else rows
        made: JsonObject = {}
        for name, field in tool.returns.items():
            if field.array is not None:
                made[name] = [self._value(name, field.array, row, arguments) for row in rows]
            elif not field.optional:
                counts = _is(field, "integer") and not is_identifier(name)
                made[name] = len(rows) if counts else self._value(name, field, {}, arguments)
        return made

    def _filled(self, fields: Mapping[str, Field], row: JsonObject, arguments: JsonObject) -> JsonObject:
        return {name: self._value(name, field, row, arguments) for name, field in fields.items()
                if not field.optional or name in row}  # fmt: skip

    def _value(self, name: str, field: Field, row: JsonObject, arguments: JsonObject) -> Json:
        if field.object is not None:
            return self._filled(field.object, row, arguments)
        if field.array is not None:
            return row[name] if isinstance(row.get(name), list) else [self._value(name, field.array, row, arguments)]
        known = row.get(name, row.get(field.kind or ""))
        if known is not None:
            return known
        rng = _generator(self.tool, {"at": name, **arguments})
        texts = plausible_texts(name, noun(self.tool))
        schema = field_schema(self.plan.spec, field)
        if texts and _is(field, "string") and not {"enum", "pattern", "format"} & schema.keys():
            return texts[int(rng.integers(len(texts)))]
        return _made_of(schema, f"{spaced(name).capitalize()} {int(rng.integers(10, 99))}", rng)


def _is(field: Field, kind: str) -> bool:
    return field.schema is not None and field.schema.get("type") == kind


def _fits(row: JsonObject, arguments: JsonObject) -> bool:
    """Return True if a row is what a listing asks for: members alike, words found in it."""
    for name, value in arguments.items():
        if value is None or name in {"limit", "offset", "page", "sort", "order"}:
            continue
        if name in row and row[name] != value:
            return False
        if name in {"query", "q", "search", "keyword", "text"} and str(value).lower() not in json.dumps(row).lower():
            return False
    return True


def _generator(tool: str, arguments: Mapping[str, Json]) -> np.random.Generator:
    """Return the generator of one call: what is made up for it depends on the call alone."""
    text = json.dumps([tool, dict(arguments)], sort_keys=True, default=str)
    return generator(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big"))
