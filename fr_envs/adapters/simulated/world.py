"""A world made up for a list of tools: rows that are created, changed and deleted, a first population, made-up answers.

Everything is drawn from schemas, examples and names, and depends on the seed alone. What comes of it is marked: the
system message says that the tools are simulated, and so does the version of the contract in every record.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fr_envs.adapters.sampling_hooks import sayable_value
from fr_envs.adapters.simulated.plan import Part, Thing, plan_of, snake
from fr_envs.adapters.simulated.results import completed, identifier_schema
from fr_envs.adapters.simulated.usual import apart, charges, is_own_name, reckoned, usual, with_gaps
from fr_envs.adapters.words.grammar.attaching import is_time
from fr_envs.adapters.words.grammar.phrases import is_identifier, noun, spaced
from fr_envs.adapters.words.values.plausible import plausible_texts, plausible_values
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
        kinds[thing.kind] = Kind(
            thing.kind, identifier_schema(spec, parts, thing), "issued", f"Identifier of a {spaced(thing.name)}."
        )
    tools = {name: completed(tool, parts[name], things, kinds) for name, tool in spec.tools.items()}
    for thing in things.values():
        tools = with_gaps(msgspec.structs.replace(spec, tools=tools, kinds=kinds), parts, thing)
    made = marked(msgspec.structs.replace(spec, kinds=kinds, tools=tools), version=False)
    return _reachable(made, things)


def _reachable(spec: DomainSpec, things: Mapping[str, Thing]) -> DomainSpec:
    """Let people know an identifier that no tool tells, so that every tool can be called: those of the first rows."""
    shut = {name for name, cost in ApiGraph(spec).costs().tool.items() if math.isinf(cost)}
    taken = {p.field.kind for name in shut for p in spec.tools[name].parameters.values()}
    kinds = dict(spec.kinds)
    for thing in things.values():
        if thing.kind in taken:
            kind = kinds[thing.kind]
            known = tuple(_identifier(kind, thing, number) for number in range(_FIRST["tiny"]))
            kinds[thing.kind] = msgspec.structs.replace(kind, origin="named", examples=known)
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


# ------------------------------------------------------------------------------------------------------------ rows


def _first(plan: _Plan, rng: np.random.Generator, scale: Scale) -> SimulatedState:
    state = SimulatedState()
    for thing in sorted(plan.things.values(), key=lambda each: _rests_on(plan, each)):
        for k in range(min(_FIRST[scale], _names_of(plan, thing))):
            state = _with_row(plan, state, thing, {}, rng, k)
    return state


def _names_of(plan: _Plan, thing: Thing) -> int:
    """Return how many things of a sort there can be without two that are called alike."""
    named = [name for name in thing.members if is_own_name(name)]
    own = {name: field.schema or {} for name, field in thing.members.items() if field is not None}
    names = (
        own.get(name, {}).get("examples") or _offered(plan.spec, name) or plausible_texts(name, thing.name)
        for name in named
    )  # fmt: skip
    return min((len(texts) for texts in names if texts), default=max(_FIRST.values()))


def _rests_on(plan: _Plan, thing: Thing) -> int:
    """Return how many other things a thing names: those that it names have to be there before it."""
    return sum(other.kind in map(snake, thing.members) for other in plan.things.values() if other is not thing)


def _with_row(
    plan: _Plan, state: SimulatedState, thing: Thing, given: Mapping[str, Json], rng: np.random.Generator, number: int
) -> SimulatedState:
    row: JsonObject = {thing.identifier: _identifier(plan.spec.kinds[thing.kind], thing, number)}
    options = usual(plan.spec, plan.parts, thing, made=bool(given))
    for name in thing.members:
        if given.get(name) is not None:
            row[name] = given[name]
        elif name not in options:
            row[name] = _member(plan, state, thing, name, rng, number)
        elif options[name] is not None:
            row[name] = options[name]
    row |= apart(plan.spec, plan.parts, thing, (row, [other for other, _ in _rows(state, thing)]))
    data = json.dumps(row, sort_keys=True, ensure_ascii=False)
    return SimulatedState(state.rows.put(f"{thing.name}/{number:06d}", Row(data)))


def _identifier(kind: Kind, thing: Thing, number: int) -> Json:
    if kind.schema.get("type") == "integer":
        return 1001 + 7 * number
    letters = "".join(word[0] for word in thing.name.split("_"))
    return f"{(letters if len(letters) > 1 else thing.name[:3]).upper()}-{1001 + 7 * number}"


def _member(plan: _Plan, state: SimulatedState, thing: Thing, name: str, rng: np.random.Generator, number: int) -> Json:
    others = [other for other in plan.things.values() if snake(name) == other.kind]
    rows = [(other, data) for other in others for data, _ in _rows(state, other)]
    if rows:  # what points at another thing points at one that there is
        other, data = rows[int(rng.integers(len(rows)))]
        return data[other.identifier]
    texts = plausible_texts(name, thing.name)
    field = thing.members[name]
    schema = field_schema(plan.spec, field) if field is not None else {"type": "string"}
    if name == "status" and not schema.get("enum"):
        if thing.name.rpartition("_")[2] in _ARRANGED:
            return "confirmed"
        made = any(part.thing == thing.name and part.role == "create" for part in plan.parts.values())
        return "open" if made else "available"
    likely = tuple(charges(name, thing.name, schema)) or plausible_values(name, thing.name, schema)
    if (likely and "format" in schema) or schema.get("type") in ("integer", "number"):
        return likely[int(rng.integers(len(likely)))] if likely else _made_of(schema, "", rng)
    options = schema.get("enum") or schema.get("examples") or _offered(plan.spec, name)
    if options:
        names = [str(each) for each in options if is_own_name(name)]
        return _told(state, thing, name, names, rng) if names else options[int(rng.integers(len(options)))]
    if schema.get("type", "string") == "string" and not schema.keys() & {"pattern", "format"}:
        return _told(state, thing, name, texts, rng) if texts else f"{spaced(name).capitalize()} {number + 1}"
    return _made_of(schema, f"{spaced(name).capitalize()} {number + 1}", rng)


def _offered(spec: DomainSpec, name: str) -> list[Json]:
    """Return the examples that the tools give of an argument."""
    fields = [tool.parameters[name].field for tool in spec.tools.values() if name in tool.parameters]
    return [each for field in fields for each in (field.schema or {}).get("examples", [])]


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
            row = _rows(after, thing)[-1][0]
            return Effect(after, self._filled(tool.returns, self._reckoned(after, thing, row), arguments))
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
        given = {k: v for k, v in arguments.items() if k in thing.members and v is not None}
        changed = {**row, **{name: _more(self.tool, row.get(name), value) for name, value in given.items()}}
        if part.status and "status" in thing.members:
            changed["status"] = part.status
        data = json.dumps(changed, sort_keys=True, ensure_ascii=False)
        after = SimulatedState(state.rows.put(key, Row(data, gone=part.role == "delete")))
        return Effect(after, self._filled(returns, self._reckoned(after, thing, changed), arguments))

    def _reckoned(self, state: SimulatedState, thing: Thing, row: JsonObject) -> JsonObject:
        """Return a row with what it comes to, where what it is about has a price."""
        kinds = {other.kind: other for other in self.plan.things.values() if other is not thing}
        about = [each for name in row for other in [kinds.get(snake(name))] if other is not None
                 for each, _ in _rows(state, other) if each[other.identifier] == row[name]]  # fmt: skip
        return row | reckoned(self.plan.spec.tools[self.tool].returns, row, about)

    def _listed(self, tool: ToolSpec, state: SimulatedState, thing: Thing, arguments: JsonObject) -> JsonObject:
        rows = [row for row, _ in _rows(state, thing) if _fits(dict.fromkeys(thing.members) | row, arguments)]
        when = next((name for name in thing.members if is_time(spaced(name).lower())), "")
        rows.sort(key=lambda row: str(row.get(when, "")))  # as such lists come
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
        if is_identifier(name) and isinstance(arguments.get(name), str | int):
            return arguments[name]
        known = row.get(name, next((row[key] for key in row if field.kind and snake(key) == field.kind), None))
        if known is not None:
            return known
        first = _at_first(name, field)
        if first is not None:
            return first
        rng = _generator(self.tool, {"at": name, **arguments})
        if is_identifier(name) and _is(field, "string") and not _TOLD & (field.schema or {}).keys():
            return f"{noun(name)[:3].upper()}-{1001 + 7 * int(rng.integers(9, 99))}"  # of what nothing else is known
        texts = plausible_texts(name, noun(self.tool))
        schema = field_schema(self.plan.spec, field)
        if texts and _is(field, "string") and not {"enum", "pattern", "format"} & schema.keys():
            return texts[int(rng.integers(len(texts)))]
        return _made_of(schema, f"{spaced(name).capitalize()} {int(rng.integers(10, 99))}", rng)


def _at_first(name: str, field: Field) -> Json:
    """Return how something stands that nobody has changed yet: the first of its states, not paid; None for others."""
    last = spaced(name).lower().split()[-1]
    if last in ("state", "status"):
        return next(iter((field.schema or {}).get("enum", ())), None)
    return False if _is(field, "boolean") and last in ("approved", "confirmed", "paid", "signed") else None


_TOLD = frozenset({"const", "enum", "examples", "format", "pattern"})
_ADDS = frozenset({"extend", "lengthen", "prolong", "renew"})


def _more(tool: str, old: Json, value: Json) -> Json:
    """Return what a member becomes: what is extended by three months has three more than before."""
    numbers = isinstance(old, int) and isinstance(value, int) and not isinstance(value, bool)
    adds = numbers and spaced(tool).lower().split()[0] in _ADDS
    return old + value if adds and isinstance(old, int) and isinstance(value, int) else value


def _is(field: Field, kind: str) -> bool:
    return field.schema is not None and field.schema.get("type") == kind


def _fits(row: JsonObject, arguments: JsonObject) -> bool:
    """Return True if a row is what a listing asks for: members alike, words found in it."""
    for name, value in arguments.items():
        if value is None or name in {"limit", "offset", "page", "sort", "order"}:
            continue
        if name in row and row[name] != value:
            return False
        if not _within(row, name, value):
            return False
        if name in {"query", "q", "search", "keyword", "text"} and str(value).lower() not in json.dumps(row).lower():
            return False
    return True


def _within(row: JsonObject, name: str, value: Json) -> bool:
    """Return True if a row keeps within a bound: one that is asked for at most, or at least."""
    first, _, rest = snake(name).partition("_")
    mine = next((row[key] for key in row if rest and snake(key).endswith(rest)), None)
    if isinstance(mine, bool) or not isinstance(mine, int | float) or not isinstance(value, int | float):
        return True
    return not (first in ("max", "maximum") and mine > value) and not (first in ("min", "minimum") and mine < value)


def _generator(tool: str, arguments: Mapping[str, Json]) -> np.random.Generator:
    """Return the generator of one call: what is made up for it depends on the call alone."""
    given = {snake(name): value for name, value in arguments.items()}  # however the list spells its names
    text = json.dumps([snake(tool), given], sort_keys=True, default=str)
    return generator(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big"))
