"""Things that results have shown: the name by which people know each, and what was told of it last."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.adapters.words.grammar.phrases import is_identifier, noun, spaced
from fr_envs.adapters.words.grammar.vocabulary import DOERS, is_doer
from fr_envs.adapters.words.pointing import NO_THINGS, thing_of
from fr_synth.language.told.figures.units import units_known
from fr_synth.language.told.values import PEOPLE, is_name, is_person, is_plural, may_name, plain_words, plural
from fr_synth.language.verbalise import fill, said_once

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fr_envs.contract.spec import DomainSpec, Field
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["Thing", "Things", "called", "listed_noun", "own_identifier", "rows_in"]


class Thing(NamedTuple):
    """A thing that a result has shown.

    Attributes:
        label: What people call it: "Pachinko", "Idris Bello's loan of Pachinko", "the loan".
        noun: What it is: "loan".
        row: What was told of it last.
        fields: The contract's fields of the row.
        told: Members whose values the label says.
    """

    label: str
    noun: str
    row: JsonObject
    fields: Mapping[str, Field]
    told: frozenset[str]

    @property
    def named(self) -> bool:
        """Whether the label says more than what it is."""
        return bool(self.told)


class Things:
    """What the results of some calls have shown.

    Args:
        spec: The contract.
        steps: The calls, in order; what failed shows nothing.
    """

    def __init__(self, spec: DomainSpec, steps: Iterable[ExecutedCall]) -> None:
        """Look through the results."""
        self.spec = spec
        self._rows: dict[tuple[str, str], tuple[JsonObject, Mapping[str, Field]]] = {}
        steps = list(steps)
        self.units = units_known(steps)
        for step in steps:
            tool = spec.tools.get(step.call.name)
            if tool is None or step.error:
                continue
            for fields, row in rows_in(tool.returns, step.result):
                own = own_identifier(self.spec, fields)
                if own and isinstance(row.get(own), str | int):
                    key = (fields[own].kind or own, str(row[own]))
                    before = self._rows.get(key, ({}, {}))
                    self._rows[key] = {**before[0], **row}, {**before[1], **fields}

    def of(self, kind: str, value: Json) -> Thing | None:
        """Return the thing that an identifier stands for; None for one that no result has shown.

        Args:
            kind: Kind of the identifier, or the name of its member where it has none.
            value: The identifier.
        """
        found = self._rows.get((kind, str(value)))
        return None if found is None else self.shown(found[1], found[0])

    def shown(self, fields: Mapping[str, Field], row: JsonObject, what: str = "", *, near: bool = True) -> Thing:
        """Return the thing that a row of a result is.

        Args:
            fields: The contract's fields of the row.
            row: The row.
            what: What it is, where its identifier does not say so.
            near: A thing without a name may be called by what it is of.
        """
        own = own_identifier(self.spec, fields)
        kind = (fields[own].kind or own) if own else ""
        about = _about(self.spec, own) if own and noun(own) not in ("id", "uuid") else noun(kind) if kind else what
        about = what or "one" if about in ("", "id") else about
        for name, value in row.items():
            if name in fields and is_name(name, about) and isinstance(value, str) and value:
                label = self._called(kind, name, value)
                return Thing(label, about, row, fields, frozenset({name}))
        for name, value in row.items():  # an umbrella that was found is called "the umbrella"
            described = name in fields and spaced(name).split()[-1] in _WHAT and isinstance(value, str)
            if described and _BRIEF.fullmatch(str(value)):
                return Thing(f"the {value}", about, row, fields, frozenset({name}))
        return self._by_name(fields, row, (kind, about)) or self._pointed(fields, row, about, near=near)

    def _by_name(self, fields: Mapping[str, Field], row: JsonObject, what: tuple[str, str]) -> Thing | None:
        """Return a thing that tools point at by a name beside it: the reservation for Albatross, of a boat's name."""
        kind, about = what
        found = self.spec.kinds.get(kind)
        alone = [each for each in found.references if len(each.by) == 1] if found is not None else []
        for reference in alone:
            name = reference.by[0]
            value = row.get(name)
            whose = reference.text.startswith(f"{{{name}}}'s ") and plain_words(name)[-1] in PEOPLE
            telling = plain_words(name)[-1] == "name" or whose
            if telling and name in fields and isinstance(value, str) and value:
                return Thing(fill(reference.text, {name: value}), about, row, fields, frozenset({name}))
        return None

    def _called(self, kind: str, name: str, value: str) -> str:
        """Return how people call a thing by its name: as the contract points at it, else by the name alone."""
        found = self.spec.kinds.get(kind)
        for reference in found.references if found is not None else ():
            if reference.by == (name,):
                return called(said_once(fill(reference.text, {name: value})), name)
        return f'"{value}"' if spaced(name).split()[-1] in _TEXTS else called(value, name)

    def _pointed(self, fields: Mapping[str, Field], row: JsonObject, about: str, *, near: bool) -> Thing:
        """Return a thing without a name of its own: by what stands first of it, whose it is, or what it is of."""
        first = next((name for name in row if name in fields and not is_identifier(name)), "")
        value = row.get(first)
        if isinstance(value, str) and value and may_name(first):
            article = "" if value.startswith("The ") else "the "
            return Thing(f"{article}{value} {about}", about, row, fields, frozenset({first}))
        for name, value in row.items():
            if name in fields and is_person(name) and isinstance(value, str) and value:
                other = next(self.related(fields, row), None) if near else None
                if other is None:
                    return Thing(f"{value}'s {about}", about, row, fields, frozenset({name}))
                of = _joint(self.spec, about, other[1])
                return Thing(f"{value}'s {about} {of} {other[1].label}", about, row, fields,
                             frozenset({name, other[0]}))  # fmt: skip
        for words, label in ((DOERS, "the {about} with {value}"), (_SORTS, "the {value} {about}")):
            name = _holding(fields, row, words)
            if name:
                text = label.format(about=about, value=row[name])
                return Thing(text, about, row, fields, frozenset({name}))
        other = next(self.related(fields, row), None) if near else None
        if other is not None:
            of = _joint(self.spec, about, other[1])
            return Thing(f"the {about} {of} {other[1].label}", about, row, fields, frozenset({other[0]}))
        return Thing(f"the {about}", about, row, fields, frozenset())

    def related(self, fields: Mapping[str, Field], row: JsonObject) -> Iterator[tuple[str, Thing]]:
        """Iterate over the other named things of which a row has the identifiers, with the members that have them."""
        own = own_identifier(self.spec, fields)
        for name, value in row.items():
            if name == own or name not in fields or not is_identifier(name) or not isinstance(value, str | int):
                continue
            found = self._rows.get((fields[name].kind or name, str(value)))
            if found is not None:
                other = self.shown(found[1], found[0], near=False)
                if other.named and name in fields:
                    yield name, other


def _holding(fields: Mapping[str, Field], row: JsonObject, words: frozenset[str]) -> str:
    """Return the first member that ends in one of some words and holds a text; empty for none."""
    names = (name for name, value in row.items() if name in fields and isinstance(value, str) and value)
    return next((name for name in names if plain_words(name)[-1] in words), "")


_WHAT = frozenset({"article", "description", "object", "what"})
_BRIEF = re.compile(r"(?!an? |the )[a-z][a-z-]+(?: [a-z][a-z-]+)?")
_TEXTS = frozenset({"subject", "summary"})
_SORTS = frozenset({"model", "brand"})


def _joint(spec: DomainSpec, about: str, other: Thing) -> str:
    """Return how a thing is joined to what it is of: a loan of a book; as the tools say it, where one does."""
    last = about.split()[-1]
    joined = re.compile(
        rf"\b{re.escape(about)} (at|by|for|in|of|on|with) (?:an? |the )?(?:[a-z]+ )?{re.escape(other.noun)}\b",
        re.IGNORECASE,
    )
    found = next((m[1] for tool in spec.tools.values() if (m := joined.search(tool.description)) is not None), "")
    if found or last in _OF:
        return found.lower() or "of"
    if other.noun.split()[-1] in PEOPLE | _STAFF or is_doer(other.noun):
        return "with"
    return "for"


_OF = frozenset({
    "check", "copy", "helping", "hire", "inspection", "lease", "loan", "meal", "portion", "purchase", "rental",
    "repair", "return", "review",
})  # fmt: skip
_STAFF = frozenset({
    "advisor", "agent", "barber", "coach", "consultant", "dentist", "doctor", "instructor", "physician", "stylist",
    "teacher", "therapist", "trainer", "tutor", "vet",
})  # fmt: skip


def called(name: str, by: str = "") -> str:
    """Return a thing's name as it stands in a sentence: with its article where it is a common noun.

    Args:
        name: The name.
        by: The member that holds it; titles keep their capital, and need no article.

    Example:
        >>> called("walnut torte"), called("Raku firing"), called("inner tubes"), called("the Blue room")
        ('the walnut torte', 'Raku firing', 'inner tubes', 'the Blue room')
        >>> called("Large reflector", "name"), called("Lena Voss", "name"), called("Large reflector", "title")
        ('the Large reflector', 'Lena Voss', 'Large reflector')
    """
    if plain_words(by)[-1:] == ["name"] and re.fullmatch(r"(?!The )[A-Z][a-z]+(?: [a-z]+)+", name):
        return name if is_plural(name) else f"the {name}"
    common = re.fullmatch(r"(?!an? |the |my |our )[a-z][a-z' -]*[a-z]", name) is not None
    return f"the {name}" if common and not is_plural(name) else name


def own_identifier(spec: DomainSpec, fields: Mapping[str, Field]) -> str:
    """Return the member that identifies a row; empty where it has none.

    A row may name other things before itself. Which of its identifiers is its own shows in what takes it: a tool that
    takes an identifier and gives such a row is about that thing.

    Args:
        spec: The contract.
        fields: The contract's fields of the row.
    """
    names = [name for name, field in fields.items() if is_identifier(name) and field.array is None
             and field.object is None and plain_words(name)[-1] not in ("code", "key", "token", "number")]  # fmt: skip
    if not names:
        coded = (name for name, field in fields.items() if is_identifier(name) and _is_issued(spec, field))
        return next(coded, "")
    if len(names) < 2:
        return names[0]
    votes = _votes(spec, tuple(fields))
    return max(names, key=lambda name: (votes.get(fields[name].kind or name, 0), -names.index(name)))


def _is_issued(spec: DomainSpec, field: Field) -> bool:
    kind = spec.kinds.get(field.kind or "")
    return kind is not None and (kind.origin == "issued" or is_identifier(kind.name))


def listed_noun(spec: DomainSpec, name: str, field: Field) -> str:
    """Return what a member of a result that is a list holds, for several; empty where no name tells.

    Args:
        spec: The contract.
        name: The member's name in words.
        field: The contract's field of the member's items.
    """
    if name.lower() not in _SAYS_NOTHING:
        return plural(name)
    fields = field.object or {}
    own = own_identifier(spec, fields)
    if own and noun(own) not in ("id", "uuid"):
        return plural(_about(spec, own))
    kind = fields[own].kind if own and fields else None
    return plural(noun(kind)) if kind else ""


def _about(spec: DomainSpec, own: str) -> str:
    """Return what an identifier is one of; of a tracking number and its like, which name no thing, what tools say."""
    about = noun(own)
    return thing_of(own, spec) if own in spec.kinds and (is_identifier(about) or about in NO_THINGS) else about


_SAYS_NOTHING = frozenset({"content", "data", "entries", "items", "list", "matches", "output", "records", "response",
                           "result", "results", "rows", "values"})  # fmt: skip


def _votes(spec: DomainSpec, shape: tuple[str, ...]) -> Mapping[str, int]:
    """Return how many tools take an identifier of each kind and give a row of a shape."""
    kept = _VOTES.get(id(spec))
    if kept is None or kept[0] is not spec:
        if len(_VOTES) > 16:
            _VOTES.clear()
        _VOTES[id(spec)] = kept = (spec, {})
    if shape not in kept[1]:
        found: dict[str, int] = {}
        for tool in spec.tools.values():
            if tuple(tool.returns) != shape or spaced(tool.name).split()[0].lower() in _MAKES:
                continue  # what is booked for a sailing is no sailing
            first = next(name for name in shape if is_identifier(name))
            if tool.effect == "write" and first not in tool.parameters:
                continue  # a number that is new is that of what was made
            taken = [p.field.kind or name for name, p in tool.parameters.items() if is_identifier(name)]
            for each in taken if len(taken) == 1 else ():
                found[each] = found.get(each, 0) + (1 if len(tool.parameters) > 1 else 2)
        kept[1][shape] = found
    return kept[1][shape]


_MAKES = frozenset({"add", "arrange", "assign", "book", "borrow", "create", "grant", "hire", "issue", "lend", "make",
                    "open", "order", "organise", "organize",
                    "plan", "register", "rent", "request", "reserve", "schedule", "start"})  # fmt: skip
_VOTES: dict[int, tuple[DomainSpec, dict[tuple[str, ...], dict[str, int]]]] = {}


def rows_in(fields: Mapping[str, Field], value: JsonObject) -> Iterator[tuple[Mapping[str, Field], JsonObject]]:
    """Iterate over the objects of a result, the whole first, each with the contract's fields of it."""
    yield fields, value
    for name, field in fields.items():
        member = value.get(name)
        if field.object is not None and isinstance(member, dict):
            yield from rows_in(field.object, member)
        elif field.array is not None and field.array.object is not None and isinstance(member, list):
            for item in member:
                if isinstance(item, dict):
                    yield from rows_in(field.array.object, item)
