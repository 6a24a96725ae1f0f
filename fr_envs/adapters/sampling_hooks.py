"""What a foreign world can offer a dialogue: values for arguments, and the things that a user can mean.

The world itself says nothing of either. So values are the examples, options and defaults of the contract, else made up
from its schemas; and what can be meant by a kind is what the world's own listings show at the moment: those of its
reads that need no argument.
"""

from __future__ import annotations

import functools
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from fr_envs.adapters.inference.shared_values import shared_values
from fr_envs.adapters.inference.values import likeness, options_of, words
from fr_envs.adapters.inference.walks import parameter_words
from fr_envs.adapters.words.grammar.attaching import is_time
from fr_envs.adapters.words.grammar.phrases import is_identifier, is_prose, phrase_of, spaced
from fr_envs.adapters.words.values.days import as_hour, days_for, is_day, moments_in, said_as
from fr_envs.adapters.words.values.plausible import plausible_texts, plausible_values, stock_texts
from fr_envs.adapters.words.wording import own_identifier
from fr_envs.contract.samples import sample_value
from fr_envs.contract.schemas import field_schema
from fr_envs.errors import Refusal, UsageError
from fr_envs.streams import pick

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy as np

    from fr_envs.contract.spec import DomainSpec, Field, Kind, Parameter, ToolSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Domain, Entities, Handler
    from fr_envs.world.state import State

__all__ = ["Shown", "entities_of", "sayable_value", "suggestions_of", "with_examples", "without_examples"]

_BARE = frozenset({"amount", "value"})
_FORMS = frozenset({"2024-11-15", "1990-01-31", "12/2028", "12/28"})  # dates that show how dates are written
_MOST_EXAMPLES = 12  # values kept for a parameter
_LONGEST = 80  # characters of a text that a person would say
_WORDS = 3  # words of a value that is a name rather than a sentence
_NUMBERS = (1, 2, 5, 10, 20, 50, 100, 250)
_MOST_ITEMS = 2  # items of a list that is made up


class Shown(NamedTuple):
    """What a world has shown.

    Attributes:
        around: For each value the words around each place where it stands.
        identifiers: The values among them that identify something.
        worked: For each tool arguments with which it went through.
        lenient: Tools that hardly ever refuse, so that what went through tells nothing.
        loose: Tool and parameter of those that take anything, of which the same holds.
        first: As ``around``, in the world's first states alone, where nobody has brought anything in.
    """

    around: Mapping[Json, Iterable[frozenset[str]]]
    identifiers: frozenset[Json]
    worked: Mapping[str, Iterable[JsonObject]]
    lenient: frozenset[str]
    loose: frozenset[tuple[str, str]] = frozenset()
    first: Mapping[Json, Iterable[frozenset[str]]] = MappingProxyType({})


def with_examples(spec: DomainSpec, shown: Shown) -> DomainSpec:
    """Return a contract whose kinds and parameters give as examples values with which calls went through.

    Where anything goes, too much does: no name of a member is an example, nor an identifier for what is none, and no
    text for what says anything. Values that the description names, or that stand in the world under words like the
    parameter's, go before all others.

    Args:
        spec: The contract; what has examples keeps them.
        shown: What the world has shown.
    """
    members = {name for tool in spec.tools.values() for name in (tool.name, *tool.parameters, *_members(tool.returns))}
    found: dict[tuple[str, str], list[Json]] = {}
    for tool in spec.tools.values():
        for name, parameter in tool.parameters.items():
            field = parameter.field.array if parameter.field.array is not None else parameter.field
            place = ("", field.kind) if field.kind is not None else (tool.name, name)
            wrong = members if is_identifier(place[1]) else members | shown.identifiers
            given = _items(arguments[name] for arguments in shown.worked.get(tool.name, ()) if name in arguments)
            values = [value for value in given if _can_be_said(value) and value not in wrong]
            kept = found.setdefault(place, [])
            best = shared_values(name, field_schema(spec, field), shown.around) or _best(tool, parameter, values, shown)
            kept += [value for value in best if value not in kept]
    kinds = {
        name: kind
        if kind.examples or kind.origin == "issued"
        else msgspec.structs.replace(kind, examples=_of_kind(kind, found.get(("", name), ())))
        for name, kind in spec.kinds.items()
    }
    tools = {name: _with_examples(tool, found) for name, tool in spec.tools.items()}
    return msgspec.structs.replace(spec, kinds=kinds, tools=tools)


def _of_kind(kind: Kind, found: Sequence[Json]) -> tuple[Json, ...]:
    """Return the examples of a kind: its owner's before those that were found, which identify what may not be there."""
    given = kind.schema.get("examples", ())
    more = () if given and is_identifier(kind.name) else [each for each in found if each not in given]
    return (*given, *more)[:_MOST_EXAMPLES]


def _best(tool: ToolSpec, parameter: Parameter, values: list[Json], shown: Shown) -> list[Json]:
    field = parameter.field.array if parameter.field.array is not None else parameter.field
    once = _fitting(parameter.name, field, values)
    named = options_of(field)
    called = parameter_words(tool, parameter)
    called = called | words(tool.name) if called <= _BARE else called  # of "set_quote", the amount is a quote
    from_text = [value for value in once if value in named]
    loose = tool.name in shown.lenient or (tool.name, parameter.name) in shown.loose
    if from_text or is_prose(parameter.name) or (named and loose and not is_time(spaced(parameter.name).lower())):
        return from_text or ([] if is_prose(parameter.name) else named)
    short = [value for value in once if not isinstance(value, str) or value.count(" ") < _WORDS]
    form = str((field.schema or {}).get("format", ""))
    if form in {"date", "date-time", "time"} or ((loose or "YYYY" in field.description) and is_day(parameter.name)):
        return _days(parameter, form, shown)
    likely = plausible_texts(parameter.name, _owner(tool.name))
    alike = next(filter(None, (_alike(short, called, known) for known in (shown.first, shown.around))), [])
    if tool.effect == "read" and alike:  # people look for what there is
        return alike
    if likely and not is_identifier(parameter.name) and (loose or any(value in likely for value in short)):
        return [value for value in short if value in likely]  # a title that went through as a name is none
    return alike or ([] if loose else short)


def _alike(values: list[Json], called: frozenset[str], known: Mapping[Json, Iterable[frozenset[str]]]) -> list[Json]:
    """Return the values that the world shows under words like those of a parameter."""
    return [v for v in values if max((likeness(called, each) for each in known.get(v, ())), default=0) > 0]


def _fitting(name: str, field: Field, values: list[Json]) -> list[Json]:
    """Return values, each once, those that are moments only where a moment is wanted."""
    once = list({repr(value): value for value in values}.values())
    if "enum" in (field.schema or {}):
        return once
    spoken = spaced(name).lower()
    if is_time(spoken) or spoken.startswith("due"):
        return [value for value in once if value not in _FORMS]
    return [value for value in once if not (isinstance(value, str) and _MOMENT.fullmatch(value))]


def _days(parameter: Parameter, form: str, shown: Shown) -> list[Json]:
    """Return days after those that the world shows, for any went through; none where people say others, or hours."""
    if form == "time" or not is_day(as_hour(parameter.name, parameter.field.description)):
        return []
    return [*days_for(parameter.name, parameter.field.description, shown.around, form)]


def _members(fields: Mapping[str, Field]) -> Iterator[str]:
    """Iterate over the names of an object's members, at any depth."""
    for name, field in fields.items():
        yield name
        item = field.array if field.array is not None else field
        yield from _members(item.object or {})


def _items(given: Iterable[Json]) -> Iterator[Json]:
    for value in given:
        yield from value if isinstance(value, list) else (value,)


def _can_be_said(value: Json) -> bool:
    if isinstance(value, str) and value.lower() not in {"null", "none"}:
        return any(letter.isalnum() for letter in value) and len(value) <= _LONGEST and "\n" not in value
    return isinstance(value, int | float) and not isinstance(value, bool)


def _with_examples(tool: ToolSpec, seen: Mapping[tuple[str, str], list[Json]]) -> ToolSpec:
    parameters = {
        name: msgspec.structs.replace(p, field=_shown(p.field, seen.get((tool.name, name), [])))
        for name, p in tool.parameters.items()
    }
    return msgspec.structs.replace(tool, parameters=parameters)


def _shown(field: Field, values: list[Json]) -> Field:
    if field.array is not None:
        return msgspec.structs.replace(field, array=_shown(field.array, values))
    if field.schema is None or not values or {"enum", "const", "examples"} & field.schema.keys():
        return field
    return msgspec.structs.replace(field, schema={**field.schema, "examples": values[:_MOST_EXAMPLES]})


def without_examples(spec: DomainSpec) -> DomainSpec:
    """Return a contract whose parameters show no examples: they are for the sampler, and agents do not see a kind's."""
    tools = {
        name: msgspec.structs.replace(
            tool,
            parameters={key: msgspec.structs.replace(p, field=_bare(p.field)) for key, p in tool.parameters.items()},
        )
        for name, tool in spec.tools.items()
    }
    return msgspec.structs.replace(spec, tools=tools)


def _bare(field: Field) -> Field:
    if field.array is not None:
        return msgspec.structs.replace(field, array=_bare(field.array))
    if field.schema is None or "examples" not in field.schema:
        return field
    schema = {key: value for key, value in field.schema.items() if key != "examples"}
    return msgspec.structs.replace(field, schema=schema)


# ----------------------------------------------------------------------------------------------------------- values


def suggestions_of(spec: DomainSpec) -> dict[str, Any]:
    """Return what a world's hooks suggest for every parameter whose kind has no examples of its own."""
    found = {}
    for tool in spec.tools.values():
        for name, parameter in tool.parameters.items():
            field = parameter.field
            if field.kind is None or not spec.kinds[field.kind].examples:
                schema = field_schema(spec, field)
                code = _CODES.search(field.description)
                spoken = spaced(name).lower()
                timed = is_time(spoken) or spoken.startswith("due")
                options = () if timed else tuple(options_of(field))
                called = _SAID_AS[code[0].lower()] if code else said_as(name, field.description)
                if tool.effect == "write" and spaced(called).split()[-1].lower() == "limit":
                    called = "budget"  # what somebody may spend, and not how much is shown
                if called == "name" and spaced(tool.name).lower().split()[0] in _BOOKS:
                    called = "guest name"
                if spaced(called).split()[-1].lower() == "reason":
                    called = _sort_of_reason(set(spaced(tool.name).lower().split()))
                named = _Named(called, _owner(tool.name), options)
                found[f"{tool.name}.{name}"] = functools.partial(_suggested, schema, named)
    return found


_BOOKS = frozenset({"book", "hire", "rent", "reserve"})
_SAID_AS = {"iata": "airport", "airport": "airport", "currency": "currency", "email": "email", "url": "url"}
_CODES = re.compile(rf"\b(?:{'|'.join(_SAID_AS)})\b", re.IGNORECASE)


_ENDS = frozenset({"call", "cancel", "close", "delete", "dismiss", "drop", "off", "quit", "remove", "revoke", "stop",
                   "void", "withdraw"})  # fmt: skip


def _sort_of_reason(words: set[str]) -> str:
    """Return what a reason is: why something is over, turned down or given back, else what it is for."""
    if words & {"decline", "deny", "refuse", "reject"}:
        return "refusal"
    if words & {"refund", "return"}:
        return "complaint"
    return "reason" if words & _ENDS else "purpose"


class _Named(NamedTuple):
    """What is known of a value beside its schema: name, owner, values that its text names, whether it is a part."""

    name: str = ""
    owner: str = ""
    options: tuple[Json, ...] = ()
    inside: bool = False


def _owner(tool: str) -> str:
    """Return what a tool is about, as far as its name tells: "book" of ``add_book``."""
    return " ".join(phrase_of(tool, "").rest.split())


def _suggested(
    schema: JsonObject, named: _Named, state: State, arguments: Mapping[str, Json], rng: np.random.Generator
) -> Json:
    return sayable_value(schema, rng, named)


def sayable_value(schema: JsonObject, rng: np.random.Generator, named: _Named = _Named()) -> Json:  # noqa: B008
    """Return a value of a schema that a person could say, None if there is none.

    Args:
        schema: The schema.
        rng: Chooses.
        named: What is known of the value beside it.
    """
    try:
        return _value(schema, rng, named)
    except UsageError:  # a pattern out of which nothing can be drawn
        return None


def _value(schema: JsonObject, rng: np.random.Generator, named: _Named) -> Json:
    kind = schema.get("type")
    if (number := _usual_number(schema, rng, named)) is not None:
        return number
    options = _options(schema, named)
    if options:
        return pick(rng, options)
    if kind == "array":
        formed = "properties" in schema.get("items", {})  # of several things with parts nobody could keep track
        count = max(1, schema.get("minItems", 1 if formed or named.inside else _MOST_ITEMS))
        items = [_value(schema.get("items", {}), rng, named) for _ in range(count)]
        return [item for k, item in enumerate(items) if item is not None and item not in items[:k]]
    if kind == "object" and schema.get("properties"):
        required = schema.get("required", ())
        return {
            name: _value(part, rng, _Named(name, named.owner, inside=True))
            for name, part in schema["properties"].items()
            if name in required
        }
    likely = plausible_values(named.name, named.owner, schema) if named.name else ()
    if likely:
        return pick(rng, likely)
    if kind == "string" and named.name and not schema.keys() & {"pattern", "format", "minLength", "maxLength", "const"}:
        return pick(rng, stock_texts(prose=is_prose(named.name)))
    if kind in ("integer", "number") and not schema.keys() & {"minimum", "maximum", "exclusiveMinimum", "multipleOf"}:
        return pick(rng, _NUMBERS)
    return sample_value(schema, rng) if kind in ("integer", "number", "string") else None


def _options(schema: JsonObject, named: _Named) -> list[Json]:
    """Return the values that a schema, or the text beside it, names."""
    kind = schema.get("type")
    found = schema.get("enum") or schema.get("examples") or (named.options if kind != "array" else ())
    if kind == "string" and named.name and is_time(spaced(named.name).lower()) and "enum" not in schema:
        return [*moments_in(found)]
    return [*found]


_MOMENT = re.compile(r"\d\d?:\d\d|\d{4}-\d\d-\d\d")  # of what went through where anything does, what is a time


def _usual_number(schema: JsonObject, rng: np.random.Generator, named: _Named) -> Json:
    """Return a number that people say, of those between the ones that went through; None where there is none."""
    shown = [each for each in schema.get("examples", ()) if isinstance(each, int | float)]
    if schema.get("type") not in ("integer", "number") or "enum" in schema or not shown or not named.name:
        return None
    usual = plausible_values(named.name, named.owner, schema)
    if {"minimum", "maximum"} <= schema.keys():
        shown += [schema["minimum"], schema["maximum"]]  # its owner says what goes
    fitting = [n for n in usual if isinstance(n, int | float) and min(shown) <= n <= max(shown)]
    if not fitting and usual and min(shown) > max(n for n in usual if isinstance(n, int | float)):
        fitting = [n for n in usual if isinstance(n, int | float)]  # where forty went through, four mostly do
    return pick(rng, fitting) if fitting else None


# ---------------------------------------------------------------------------------------------------------- things


def entities_of(domain: Domain[Any]) -> dict[str, Any]:
    """Return the hooks that say what a user can mean by each kind that some listing of the world shows."""
    found: dict[str, list[_Listing]] = {}
    for tool in domain.spec.tools.values():
        if tool.effect == "read" and not any(p.required for p in tool.parameters.values()):
            defaults = {name: p.default for name, p in tool.parameters.items()}
            for path, member, kind in _listed(tool.returns, domain.spec):
                listing = _Listing(domain.handlers[tool.name], defaults, path, member)
                found.setdefault(kind, []).append(listing)
    return {kind: functools.partial(_entities, tuple(listings)) for kind, listings in found.items()}


class _Listing(msgspec.Struct, frozen=True):
    """Where a read without arguments shows the things of a kind: a list of objects, one member of which is the kind."""

    handler: Any
    defaults: dict[str, Any]
    path: tuple[str, ...]
    member: str

    def shown(self, state: State) -> Iterator[tuple[Json, JsonObject]]:
        handler: Handler = self.handler
        try:
            value: Json = handler(state, **self.defaults).value
        except Refusal:
            return
        for name in self.path:
            value = value.get(name) if isinstance(value, dict) else None
        for row in value if isinstance(value, list) else ():
            if isinstance(row, dict) and isinstance(row.get(self.member), str | int):
                yield row[self.member], {k: v for k, v in row.items() if not isinstance(v, dict | list)}


def _listed(
    fields: Mapping[str, Field], spec: DomainSpec, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for name, field in fields.items():
        if field.object is not None:
            yield from _listed(field.object, spec, (*path, name))
        elif field.array is not None and field.array.object is not None and len(field.array.object) > 1:
            for member, inner in field.array.object.items():
                if inner.kind is not None and own_identifier(field.array.object, spec, inner.kind):
                    yield (*path, name), member, inner.kind


def _entities(listings: tuple[_Listing, ...], state: State) -> Entities:
    found: dict[Json, JsonObject] = {}
    for listing in listings:
        for value, fields in listing.shown(state):
            found[value] = {**found.get(value, {}), **fields}
    return found
