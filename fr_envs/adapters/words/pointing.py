"""How people point at the things of a contract: by what stands beside them where they are listed."""

from __future__ import annotations

import collections
import re
from typing import TYPE_CHECKING

import msgspec

from fr_envs.adapters.words.grammar.attaching import is_end, is_person, is_time
from fr_envs.adapters.words.grammar.phrases import is_identifier, noun, phrase_of, spaced
from fr_envs.adapters.words.grammar.vocabulary import STARTS
from fr_envs.adapters.words.naming import names_it, pointed_at
from fr_envs.adapters.words.values.described import named_for
from fr_envs.contract.schemas import field_schema
from fr_envs.contract.spec import Reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_envs.contract.spec import DomainSpec, Field, Kind, Parameter

__all__ = [
    "NO_THINGS",
    "is_handle",
    "is_number",
    "is_query",
    "is_where",
    "json_type",
    "own_identifier",
    "sayable",
    "thing_of",
    "worded_kind",
]

_MOST_WAYS = 4  # ways to point at a value


def worded_kind(kind: Kind, spec: DomainSpec) -> Kind:
    """Return a kind with words that point at its values, where it has none.

    Args:
        kind: The kind.
        spec: The contract.
    """
    about = _about(kind.name, spec)
    told = kind.statement_templates or (f"The {spaced(kind.name)} is {{}}.",)
    if kind.anaphora or kind.references:
        return msgspec.structs.replace(kind, statement_templates=told)
    named = is_identifier(kind.name) or kind.origin == "issued"  # what is no identifier, people say outright
    refer = tuple(_references(kind.name, about, spec))[:_MOST_WAYS] if named else ()
    thing = named and (kind.origin == "issued" or bool(refer))  # what is said as it is written is no "it"
    return msgspec.structs.replace(kind, statement_templates=told, anaphora=_that(about, thing=thing), references=refer)


def _that(about: str, *, thing: bool) -> tuple[str, ...]:
    """Return how people speak of a thing dealt with last; a value is said again, and people are never "it"."""
    if not thing:
        return ()
    return f"that {about}", f"the {about}", *(() if is_person(about) else ("it",))


def _about(kind: str, spec: DomainSpec) -> str:
    """Return what a kind is about: the words that all of its places share (price, of min_price and max_price)."""
    names = [
        parameter.name for tool in spec.tools.values() for parameter in tool.parameters.values()
        if (parameter.field.array or parameter.field).kind == kind
    ]  # fmt: skip
    words = [noun(name).split() for name in dict.fromkeys(names)]
    shared = [word for word in (words[0] if words else []) if all(word in other for other in words)]
    about = " ".join(shared)
    return about if shared and not is_identifier(about) and about not in NO_THINGS else thing_of(kind, spec)


NO_THINGS = frozenset({"confirmation", "serial", "tracking"})
"""What stands before the word for an identifier and is no thing itself: nobody has a tracking."""


_THING = re.compile(
    r"\b(?:an?|the) ([a-z]+)(?= (?:from|to|in|of|on|by|for|with|is|are|has|away|back|down|off|out|up)\b|\.|$)"
)


def thing_of(kind: str, spec: DomainSpec) -> str:
    """Return what an identifier is one of: what its name says, else what the tools that take it deal with.

    Args:
        kind: Name of its kind.
        spec: The contract.
    """
    own = noun(kind).lower()
    if not is_identifier(own) and own not in NO_THINGS:
        return own
    taken = [p for tool in spec.tools.values() for p in tool.parameters.values() if p.field.kind == kind]
    told = next(filter(None, (named_for(p.field.description) for p in taken)), "")
    if told:  # "Code of the costume"
        return told
    found: collections.Counter[str] = collections.Counter()
    for tool in spec.tools.values():
        if any(p.required and p.field.kind == kind for p in tool.parameters.values()):
            found.update(_THING.findall(tool.description)[:2])
            last = phrase_of(tool.name, "").rest.lower().split()[-1:]
            found.update(word for word in last if is_identifier(own) and word.isalpha() and not is_identifier(word))
    return found.most_common(1)[0][0] if found else own


def _references(name: str, about: str, spec: DomainSpec) -> Iterator[Reference]:
    """Iterate over ways to point at a value by what stands beside it in a list of objects.

    What has a name goes by it alone; what belongs to somebody goes by whose it is, and which of theirs.
    """
    found = dict(member for tool in spec.tools.values() for member in _beside(tool.returns, name, spec))
    ranks = {member: _telling(member, about, number=number) for member, number in found.items()}
    order = sorted(found, key=ranks.__getitem__)
    named = [member for member in order if ranks[member] == 0]
    owners = [member for member in order if pointed_at("", member, "").startswith("'s")]
    well = named or owners or [member for member in order if ranks[member] < _BADLY] or order
    for member in well:
        yield Reference(pointed_at(about, member, f"{{{member}}}"), by=(member,))
    if not named:
        yield from _of_somebody(about, order, owners)


def _of_somebody(about: str, order: Sequence[str], owners: Sequence[str]) -> Iterator[Reference]:
    """Iterate over ways to point at one of several things of somebody."""
    for whose in owners:
        for day in (member for member in order if member not in owners and _is_day(member)):
            when = pointed_at(about, day, f"{{{day}}}").removeprefix("the ")
            yield Reference(f"{{{whose}}}'s {when}", by=(whose, day))
    for whose in owners:
        for which in (member for member in order if pointed_at("", member, "") == "the  "):
            yield Reference(f"{{{whose}}}'s {{{which}}} {about}", by=(whose, which))
    days = [member for member in order if owners and member not in owners and _is_day(member)]
    for day in days[:1]:  # whose it is need not be said again of what was shown for them
        yield Reference(pointed_at(about, day, f"{{{day}}}"), by=(day,))


def _is_day(member: str) -> bool:
    words = spaced(member).lower()
    return is_time(words) and not is_end(words) and words.split()[-1] != "time"


_BADLY = 3
_POORLY = frozenset({"at", "count", "currency", "description", "flag", "hash", "index", "language", "link", "number",
                     "state", "status", "type", "updated", "url", "version", "zone"})  # fmt: skip


def _telling(member: str, about: str, *, number: bool) -> int:
    """Return how badly a member serves to point at a thing: names first, then people and times, last what few know."""
    words = spaced(member).lower().split()
    if names_it(member, about) or (words[-1] in {"name", "title"} and not pointed_at("", member, "").startswith("'s")):
        return 0
    plain = pointed_at("", member, "")
    several = words[-1].endswith("s") and not words[-1].endswith(("ss", "us", "is"))
    bare = plain.startswith("the  with the")
    return _BADLY if words[-1] in _POORLY or several or bare or (number and "of " not in plain) else 1


def _beside(fields: Mapping[str, Field], kind: str, spec: DomainSpec) -> Iterator[tuple[str, bool]]:
    """Iterate over what stands beside a value of a kind in the rows of lists: its name, and whether it is a number."""
    for field in fields.values():
        item = field.array if field.array is not None else field
        if item.object is None:
            continue
        if own_identifier(item.object, spec, kind):
            telling = {name: part for name, part in item.object.items() if _tells_apart(name, part, kind, spec)}
            yield from ((name, json_type(spec, part) in {"integer", "number"}) for name, part in telling.items())
        yield from _beside(item.object, kind, spec)


def own_identifier(row: Mapping[str, Field], spec: DomainSpec, kind: str) -> bool:
    """Return True if a row is about a thing of a kind, and does not only name one: a loan names the book that is lent.

    Args:
        row: Members of the row.
        spec: The contract.
        kind: The kind.
    """
    holding = [name for name, member in row.items() if member.kind == kind]
    if not holding or not is_identifier(kind):
        return bool(holding)
    own = next((name for name in row if is_identifier(name) and "number" not in spaced(name).split()[:-1]), holding[0])
    return own in holding


def _tells_apart(name: str, field: Field, kind: str, spec: DomainSpec) -> bool:
    if field.array is not None or field.object is not None or field.kind == kind or is_where(field, name, spec):
        return False
    issued = field.kind is not None and spec.kinds[field.kind].origin == "issued"
    return not issued and json_type(spec, field) in {"string", "integer", "number"} and name.isidentifier()


def is_where(field: Field, name: str, spec: DomainSpec) -> bool:
    """Return True if a beginning or an end is a place and no moment, as its description or its kind's examples say.

    Args:
        field: What holds it.
        name: Its name.
        spec: The contract.
    """
    kind = spec.kinds.get(field.kind or "")
    told = field.description or (kind.description if kind is not None else "")
    examples = [str(each) for each in (kind.examples if kind is not None else ())]
    placed = bool(examples) and not any(letter.isdigit() for each in examples for letter in each)
    words = spaced(name).lower()
    return (is_end(words) or words in STARTS) and (told.lower().startswith("where ") or placed)


def json_type(spec: DomainSpec, field: Field) -> str:
    """Return the JSON type of a field; empty where it has several."""
    kind = field_schema(spec, field).get("type", "")
    plain = [each for each in kind if each != "null"] if isinstance(kind, list) else [kind]
    return plain[0] if len(plain) == 1 else ""


def sayable(spec: DomainSpec, field: Field) -> bool:
    """Return True if a sentence can hold every value of a field: not truth values, nor what may be anything."""
    if field.array is not None:
        return sayable(spec, field.array)
    if field.object is not None:
        return all(sayable(spec, member) for member in field.object.values() if not member.optional)
    schema = field_schema(spec, field)
    return "enum" in schema or json_type(spec, field) in {"string", "integer", "number"}


def is_number(spec: DomainSpec, field: Field) -> bool:
    """Return True if a field holds one number."""
    return field.array is None and field.object is None and json_type(spec, field) in {"integer", "number"}


def is_handle(spec: DomainSpec, parameter: Parameter) -> bool:
    """Return True if nobody ever says a value outright, so that its words say what it is: "that access token"."""
    kind = spec.kinds.get(parameter.field.kind or "")
    return kind is not None and kind.origin == "issued"


def is_query(name: str) -> bool:
    """Return True for the name of what is looked for, in somebody's own words."""
    return spaced(name).lower().split()[-1] in {"query", "q", "keyword", "keywords", "term", "search"}
