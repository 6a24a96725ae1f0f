"""What stands for an argument in a phrase, and which words of a description it takes the place of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from fr_envs.adapters.words.grammar.attaching import UNITS, attached, is_length, is_person, is_text
from fr_envs.adapters.words.grammar.phrases import is_identifier, is_prose, noun, phrase_of, spaced
from fr_envs.adapters.words.pointing import is_handle, is_number, json_type, sayable, thing_of
from fr_envs.adapters.words.values.described import measured, named_for
from fr_envs.adapters.words.values.spots import are_in_house, are_plain, are_spots
from fr_envs.contract.schemas import field_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.contract.spec import Clause, DomainSpec, Field, Kind, Parameter
    from fr_envs.json_values import Json, JsonObject

__all__ = [
    "BARE_NAMES",
    "COMMON",
    "GOODS",
    "SEATS",
    "clause_for",
    "is_goods",
    "place_for",
    "quoted",
    "with_units",
    "words_for",
]

SEATS = frozenset({"places", "seats", "tickets"})
"""Names of how many there are of what people sit on."""


def words_for(parameter: Parameter, spec: DomainSpec) -> Iterator[str]:
    """Iterate over the words that may stand for an argument in a description, the best first."""
    for name in (parameter.name, (parameter.field.array or parameter.field).kind or parameter.name):
        yield spaced(name).lower()
        yield noun(name).lower()
    if is_goods(spec, parameter):
        yield f"{spaced(parameter.name).lower()}s"
    *before, last = spaced(parameter.name).lower().split()
    if before and last in {"brand", "make", "model"}:
        yield " ".join(before)
    kind = (parameter.field.array or parameter.field).kind
    if kind is not None and is_identifier(kind):
        yield thing_of(kind, spec)
    if spaced(parameter.name).lower() in BARE_NAMES and kind is not None:
        yield from _named_things(kind, spec)
    described = named_for(parameter.field.description)
    if described:
        yield described


BARE_NAMES = frozenset({"full name", "name", "title"})
"""Names of arguments that are called names, and not what of."""


def _named_things(kind: str, spec: DomainSpec) -> Iterator[str]:
    """Iterate over the nouns of what lists show under names of a kind: "singer", of ``get_singers``."""
    for tool in spec.tools.values():
        rows = (field.array.object for field in tool.returns.values() if field.array is not None and field.array.object)
        if tool.effect == "read" and any(
            name in BARE_NAMES and f.kind == kind for row in rows for name, f in row.items()
        ):
            last = phrase_of(tool.name, "").rest.split()[-1:]
            yield from (word.lower().removesuffix("s") for word in last if word.endswith("s"))


GOODS = frozenset({
    "animal", "appliance", "article", "device", "dish", "drink", "fruit", "furniture", "garment", "item", "machine",
    "object", "part", "plant", "product", "snack", "vegetable",
})  # fmt: skip
"""Names of arguments that say what somebody has or wants by a common noun."""


def is_goods(spec: DomainSpec, parameter: Parameter) -> bool:
    """Return True for an argument that names what somebody has or wants by a common noun: a suit, a silk dress."""
    if spaced(parameter.name).lower() not in GOODS or json_type(spec, parameter.field) != "string":
        return False
    kind, schema = spec.kinds.get(parameter.field.kind or ""), field_schema(spec, parameter.field)
    if kind is not None and (kind.origin != "named" or kind.references):
        return False
    named = (kind.examples if kind is not None else ()) or schema.get("enum") or schema.get("examples") or ()
    return len(named) > 1 and all(isinstance(each, str) and COMMON.fullmatch(each) is not None for each in named)


COMMON = re.compile(r"[a-z]+(?: [a-z]+)*")
"""A common noun, or a few words that end in one."""


def with_units(required: Sequence[Parameter], description: str, spec: DomainSpec) -> list[Parameter]:
    """Return arguments, the only number among them with what its tool says of units, where it says nothing itself."""
    numbers = [p for p in required if is_number(spec, p.field) and not is_handle(spec, p)]
    if len(numbers) != 1 or numbers[0].field.description:
        return list(required)
    field = msgspec.structs.replace(numbers[0].field, description=description)
    return [msgspec.structs.replace(p, field=field) if p is numbers[0] else p for p in required]


def place_for(spec: DomainSpec, parameter: Parameter) -> str:
    """Return what stands for an argument inside a phrase; an identifier that is said outright keeps its noun."""
    kind = spec.kinds.get(parameter.field.kind or "")
    bare = kind is None or not (kind.anaphora or kind.references)
    if kind is None and "enum" in field_schema(spec, parameter.field) and json_type(spec, parameter.field) == "string":
        names = [str(each) for each in field_schema(spec, parameter.field)["enum"]]
        people = is_person(parameter.name) and all(each[:1].isupper() for each in names)
        itself = people or spaced(parameter.name).lower() in {"day", "month", "weekday"}
        return f"{{{parameter.name}}}" if itself else f"the {spaced(parameter.name)} {{{parameter.name}}}"
    words = spaced(parameter.name).lower()
    if words in _LABELS and json_type(spec, parameter.field) == "string":
        return f'the {words} "{{{parameter.name}}}"'
    about = noun(parameter.name).split()[-1].lower()
    if about in _GROUPED and kind is not None and kind.origin == "named" and not is_prose(parameter.name):
        return f"the {{{parameter.name}}} {about}"  # "the Evening scene"
    several = is_length(parameter.name) or words in SEATS or re.fullmatch(r"[a-z]+[^suio]s", words) is not None
    if is_number(spec, parameter.field) and several:
        return f"{{{parameter.name}}} {spaced(parameter.name)}"
    if kind is not None and is_identifier(parameter.name) and not kind.references and not is_handle(spec, parameter):
        thing = thing_of(kind.name, spec)  # "ticket K7QX"
        if not is_identifier(thing) and noun(parameter.name) == spaced(parameter.name):
            return f"{thing} {{{parameter.name}}}"
    said = is_identifier(parameter.name) and bare and noun(parameter.name) != spaced(parameter.name)
    return f"{noun(parameter.name)} {{{parameter.name}}}" if said else quoted(spec, parameter)


def quoted(spec: DomainSpec, parameter: Parameter) -> str:
    """Return the place for an argument, in quotes where it is prose."""
    field, place = parameter.field, f"{{{parameter.name}}}"
    kind = spec.kinds.get(field.kind or "")
    named = kind is not None and bool(kind.origin == "issued" or kind.references or not is_text(parameter.name))
    known = kind.examples if kind is not None else (field.schema or {}).get("examples")
    if _is_part(parameter, _examples(kind, field)) or are_in_house(parameter.name, known):
        return f"the {place}"  # "in the kitchen"
    if _is_letters(kind, field_schema(spec, field)):
        return f"{noun(parameter.name)} {place}"  # "rack A"
    if named or field.array is not None or field.object is not None:
        return place
    if is_number(spec, field) and not is_length(parameter.name) and _measure(parameter.name) not in UNITS:
        last = _measure(parameter.name)  # "level_percent"; "litres" says so itself
        return measured(field.description if last.endswith("s") else f"{field.description} in {last}", place)
    schema = field_schema(spec, field)
    if are_spots(parameter.name, schema.get("enum")):
        return f"the {place}"  # "to the locker"
    sort = is_person(parameter.name) or _SORT_OF.match(parameter.field.description) is not None
    if sort and are_plain(schema.get("enum") or schema.get("examples")):
        return f"a {place}"  # "for a student"
    prose = is_prose(parameter.name) or any(
        isinstance(example, str) and example.count(" ") > _WORDS_OF_NAMES for example in schema.get("examples", ())
    )
    quoted = any(str(example)[:1] in {'"', "'"} for example in schema.get("examples", ()))
    return (
        f'"{place}"' if prose and not quoted and json_type(spec, field) == "string" and "enum" not in schema else place
    )


def _measure(name: str) -> str:
    """Return the last word of what a number measures: of a price per kg, the price."""
    return spaced(name).lower().partition(" per ")[0].split()[-1]


def _examples(kind: Kind | None, field: Field) -> Sequence[Json]:
    """Return the names by which what an argument takes goes, as far as examples tell."""
    if kind is not None:
        return kind.examples if kind.origin == "named" and not kind.references else ()
    return (field.array.schema or {}).get("examples", ()) if field.array is not None else ()


def _is_letters(kind: Kind | None, schema: JsonObject) -> bool:
    """Return True if values are letters or the like, which say nothing without their noun."""
    if kind is not None and (kind.origin != "named" or kind.references):
        return False
    values = (kind.examples if kind is not None else ()) or schema.get("enum") or schema.get("examples") or ()
    return len(values) > 1 and all(isinstance(each, str) and len(each) <= _LETTERS for each in values)


_LETTERS = 2
_LABELS = frozenset({"label", "nickname", "tag"})
_GROUPED = frozenset({"album", "alarm", "channel", "folder", "group", "mode", "playlist", "routine", "scene", "theme"})
_PARTS = frozenset({"appliance", "area", "bed", "device", "lamp", "light", "plot", "room", "sensor", "switch", "zone"})
_NOUNS = re.compile(r"[a-z]+(?: [a-z]+)*|[A-Z][a-z]+(?: [A-Za-z][a-z]+)+")


def _is_part(parameter: Parameter, examples: Sequence[Json]) -> bool:
    """Return True if values are common nouns for parts of a house or a garden: "kitchen", "Rose Bed"."""
    called = (parameter.name, parameter.field.kind or "")
    about = {noun(name).split()[-1].removesuffix("s") for name in called if name}
    names = [each for each in examples if isinstance(each, str)]
    common = [name for name in names if _NOUNS.fullmatch(name)]
    return bool(about & _PARTS) and len(names) > 1 and len(common) > len(names) / 2


_SORT_OF = re.compile(r"(?:what |which |the )?(?:kind|sort|type) of\b", re.IGNORECASE)
_WORDS_OF_NAMES = 3  # spaces in what is still a name, and no text
_PLUMBING = frozenset(
    {"cursor", "etag", "fields", "format", "offset", "page", "pagination", "skip", "token", "verbose"}
)
"""Last words of what is an option of the transport, and nobody's wish."""

_MOST = frozenset({"limit", "max results", "page size", "per page", "size limit"})


def clause_for(spec: DomainSpec, parameter: Parameter, verb: str) -> Clause | None:
    """Return how an optional argument is said; None where it cannot be, or a list or object would have to be."""
    words, field = spaced(parameter.name), parameter.field
    if words.lower().split()[-1] in _PLUMBING or words.lower() in {"cuisine", "kind", "sort", "type", "unit", "units"}:
        return None
    if words.lower() in _MOST and is_number(spec, field):
        return "but at most {}"
    if field.array is not None or field.object is not None:
        return None
    if json_type(spec, field) == "boolean":
        return None  # nobody says "with notifications on"
    if not sayable(spec, field):
        return None
    written = is_prose(parameter.name) and "enum" not in field_schema(spec, field)
    place = '"{}"' if written and words.lower() != "reason" else "{}"
    told = attached(parameter.name, place, verb, number=is_number(spec, field))
    return None if told.lower().startswith(f"with the {words.lower()} ") else told  # so a form would put it
