"""What the contracts of several worlds are called and how they are put together in a composition."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fr_envs.contract.spec import DomainSpec, Fact, Field, Flow, Kind, Parameter, ToolSpec
    from fr_envs.json_values import JsonObject
    from fr_envs.world.domain import Domain

__all__ = ["Names", "facts_of", "flows_of", "kinds_of", "names_of", "tools_of"]


class Names(NamedTuple):
    """How the names of one world read in the composition; a name that is absent stays."""

    kinds: Mapping[str, str]
    facts: Mapping[str, str]
    tools: Mapping[str, str]

    def of_facts(self, facts: Iterable[str]) -> tuple[str, ...]:
        """Return how facts read in the composition."""
        return tuple(self.facts.get(fact, fact) for fact in facts)


def names_of(domains: Sequence[Domain[Any]]) -> list[Names]:
    """Return how the names of several worlds read in their composition."""
    kinds: dict[str, list[JsonObject]] = collections.defaultdict(list)
    for domain in domains:
        for kind in domain.spec.kinds.values():
            kinds[kind.name].append(kind.schema)
    clashing = {kind for kind, schemas in kinds.items() if any(schema != schemas[0] for schema in schemas)}
    facts = _repeated(domain.spec.facts for domain in domains)
    tools = _repeated(domain.spec.tools for domain in domains)
    return [
        Names(
            kinds={kind: f"{d.name}_{kind}" for kind in d.spec.kinds if kind in clashing},
            facts={fact: f"{d.name}_{fact}" for fact in d.spec.facts if fact in facts},
            tools={tool: f"{d.name}.{tool}" for tool in d.spec.tools if tool in tools},
        )
        for d in domains
    ]


def _repeated(groups: Iterable[Iterable[str]]) -> set[str]:
    counts = collections.Counter(name for group in groups for name in group)
    return {name for name, count in counts.items() if count > 1}


_Phrases = ("statement_templates", "anaphora", "references", "examples", "canonical")


def kinds_of(domains: Sequence[Domain[Any]], names: Sequence[Names]) -> dict[str, Kind]:
    """Merge the kinds; one that any world lets the user say, he can say; phrases of all worlds are kept."""
    merged: dict[str, Kind] = {}
    for domain, renamed in zip(domains, names, strict=True):
        for kind in domain.spec.kinds.values():
            scope = tuple(renamed.kinds.get(each, each) for each in kind.scope)
            canonical = tuple(renamed.tools.get(each, each) for each in kind.canonical)
            name = renamed.kinds.get(kind.name, kind.name)
            new = msgspec.structs.replace(kind, name=name, scope=scope, canonical=canonical)
            old = merged.get(new.name)
            if old is not None:
                both = {part: (*getattr(old, part), *_new(getattr(new, part), getattr(old, part))) for part in _Phrases}
                origin = old.origin if old.origin != "issued" else new.origin
                new = msgspec.structs.replace(old, origin=origin, **both)
            merged[new.name] = new
    return merged


def _new(items: Sequence[Any], there: Sequence[Any]) -> list[Any]:
    return [item for item in items if item not in there]


def facts_of(spec: DomainSpec, names: Names) -> Iterator[Fact]:
    """Iterate over the facts of one world, as they read in the composition."""
    for fact in spec.facts.values():
        about = None if fact.about is None else names.kinds.get(fact.about, fact.about)
        yield msgspec.structs.replace(
            fact,
            name=names.facts.get(fact.name, fact.name),
            about=about,
            implies=names.of_facts(fact.implies),
            excludes=names.of_facts(fact.excludes),
        )


def flows_of(spec: DomainSpec, worlds: Sequence[str]) -> Iterator[Flow]:
    """Iterate over the flows of one world; a role of another world stands by itself where that one is there."""

    def named(roles: Iterable[str]) -> tuple[str, ...]:
        return tuple(role.partition("/")[2] if role.partition("/")[0] in worlds else role for role in roles)

    for flow in spec.flows:
        yield msgspec.structs.replace(flow, given=named(flow.given), taken=named(flow.taken))


def tools_of(spec: DomainSpec, names: Names) -> Iterator[ToolSpec]:
    """Iterate over the tools of one world, as they read in the composition."""
    for tool in spec.tools.values():
        yield msgspec.structs.replace(
            tool,
            name=names.tools.get(tool.name, tool.name),
            parameters={name: _parameter(p, names) for name, p in tool.parameters.items()},
            returns={name: _field(field, names) for name, field in tool.returns.items()},
            needs=names.of_facts(tool.needs),
            sets=names.of_facts(tool.sets),
            clears=names.of_facts(tool.clears),
        )


def _parameter(parameter: Parameter, names: Names) -> Parameter:
    return msgspec.structs.replace(parameter, field=_field(parameter.field, names))


def _field(field: Field, names: Names) -> Field:
    members = None if field.object is None else {key: _field(member, names) for key, member in field.object.items()}
    return msgspec.structs.replace(
        field,
        kind=None if field.kind is None else names.kinds.get(field.kind, field.kind),
        array=None if field.array is None else _field(field.array, names),
        object=members,
        holds=names.of_facts(field.holds),
        lacks=names.of_facts(field.lacks),
    )
