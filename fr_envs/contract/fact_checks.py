"""What a contract may say of facts about values: faults that its meta-schema cannot see."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_envs.contract.spec import leaves
from fr_envs.json_values import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fr_envs.contract.spec import DomainSpec, Fact, Field, ToolSpec

__all__ = ["FactFault", "fact_faults", "pointer_to"]


class FactFault(NamedTuple):
    """One fault.

    Attributes:
        pointer: JSON pointer to the place in the contract.
        problem: What is wrong there.
        fix: What to do.
    """

    pointer: str
    problem: str
    fix: str


def fact_faults(spec: DomainSpec) -> Iterator[FactFault]:
    """Iterate over the faults in what facts imply and exclude, and in what is said of arguments and results."""
    for fact in spec.facts.values():
        yield from _relations(spec, fact)
    for tool in spec.tools.values():
        parameters = {name: parameter.field for name, parameter in tool.parameters.items()}
        yield from _said(spec, tool, parameters, "parameters")
        yield from _said(spec, tool, tool.returns, "returns")
        for name in tool.needs:
            if name in spec.facts and not spec.facts[name].violation:
                yield _silent(f"/tools/{tool.name}/needs", name)


def _relations(spec: DomainSpec, fact: Fact) -> Iterator[FactFault]:
    for section, others in (("implies", fact.implies), ("excludes", fact.excludes)):
        for other in others:
            at = f"/facts/{fact.name}/{section}"
            if other not in spec.facts:
                yield FactFault(at, f"no fact {other!r}", "declare it under facts")
            elif fact.about is None or spec.facts[other].about != fact.about or other == fact.name:
                problem = f"{fact.name!r} and {other!r} are not two facts about one kind"
                yield FactFault(at, problem, "name another fact `about` the same kind")


def _said(spec: DomainSpec, tool: ToolSpec, fields: Mapping[str, Field], section: str) -> Iterator[FactFault]:
    for leaf in leaves(fields):
        at = f"/tools/{tool.name}/{section}{pointer_to(leaf.path)}"
        holds, lacks = leaf.field.holds, leaf.field.lacks
        for name in (*holds, *lacks):
            yield from _of_kind(spec, at, name, leaf.kind)
        if section == "parameters":
            yield from (_silent(at, name) for name in holds if name in spec.facts and not spec.facts[name].violation)
            if lacks:
                yield FactFault(at, "lacks is for results", "name under `holds` what must be true of an argument")
        yield from _both(at, holds, lacks)


def pointer_to(path: Iterable[str]) -> str:
    """Return where a contract speaks of a place in arguments or results."""
    first, *rest = path
    return f"/{escape(first)}" + "".join("/array" if part == "*" else f"/object/{escape(part)}" for part in rest)


def _of_kind(spec: DomainSpec, at: str, name: str, kind: str | None) -> Iterator[FactFault]:
    if name not in spec.facts:
        yield FactFault(at, f"no fact {name!r}", "declare it under facts")
    elif kind is None or (kind in spec.kinds and spec.facts[name].about != kind):
        yield FactFault(at, f"{name!r} is not about the kind of this value", "give the fact `about`, or name another")


def _both(at: str, holds: Iterable[str], lacks: Iterable[str]) -> Iterator[FactFault]:
    for name in sorted({*holds} & {*lacks}):
        yield FactFault(at, f"{name!r} can hardly both hold and not hold", "take it out of one of the two")


def _silent(at: str, name: str) -> FactFault:
    return FactFault(at, f"{name!r} is demanded and has no violation", "say under facts with which code tools refuse")
