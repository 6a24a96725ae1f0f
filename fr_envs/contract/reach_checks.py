"""Faults in what a contract says of tools: those that nothing opens, look-ups that show nothing, steady outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.contract.fact_checks import FactFault
from fr_envs.json_values import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.contract.spec import DomainSpec, Field, ToolSpec

__all__ = ["lookup_faults", "outcome_places", "reach_faults", "steady_faults"]


def lookup_faults(spec: DomainSpec) -> Iterator[FactFault]:
    """Iterate over the faults in the tools with which values of a kind are looked up."""
    for kind in spec.kinds.values():
        for number, name in enumerate(kind.canonical):
            tool = spec.tools.get(name)
            if tool is None or tool.effect != "read" or kind.name not in tool.output_kinds():
                problem = f"{name!r} is no read that shows values of this kind"
                yield FactFault(f"/kinds/{kind.name}/canonical/{number}", problem, "name a tool that lists them")


def steady_faults(spec: DomainSpec) -> Iterator[FactFault]:
    """Iterate over outcomes that are called steady and are none: neither a yes or no nor a list."""
    for tool in spec.tools.values():
        places = outcome_places(spec, tool)
        for path in (path for path in tool.steady if path not in places):
            problem = f"no yes or no and no list of the result is at {path!r}"
            fix = f"name one of {', '.join(places)}"
            yield FactFault(f"/tools/{escape(tool.name)}/steady/{escape(path)}", problem, fix)


def outcome_places(spec: DomainSpec, tool: ToolSpec) -> tuple[str, ...]:
    """Return the places of a tool's results whose outcome is one of two: true or false, empty or not, by dotted path.

    ``works``, for the call itself, stands first.
    """
    found = ["works"]
    found += (".".join(path) for path, field in _fields(tool.returns, ()) if _of_two(spec, field, path))
    return tuple(found)


def _of_two(spec: DomainSpec, field: Field, path: tuple[str, ...]) -> bool:
    schema = spec.kinds[field.kind].schema if field.kind in spec.kinds else field.schema or {}
    return schema.get("type") == "boolean" or (field.array is not None and "*" not in path and not field.min_items)


def _fields(fields: Mapping[str, Field], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Field]]:
    for name, field in fields.items():
        here = (*path, name)
        yield here, field
        yield from _fields(field.object or {}, here)
        if field.array is not None:
            yield from _fields({"*": field.array}, here)


def reach_faults(spec: DomainSpec) -> Iterator[FactFault]:
    """Iterate over the tools that no sequence of calls can open, starting from what a user can say."""
    tools, kinds = spec.tools, spec.kinds
    settable = {fact for tool in tools.values() for fact in tool.sets}
    known = {kind.name for kind in kinds.values() if kind.origin != "issued"}
    facts = set(spec.facts) - settable  # what no tool sets can only hold from the start
    closed = dict(tools)
    grew = True
    while grew:
        opened = [t for t in closed.values() if set(t.input_kinds()) <= known and set(t.needs) <= facts]
        grew = bool(opened)
        for tool in opened:
            known |= set(tool.output_kinds())
            facts |= set(tool.sets)
            del closed[tool.name]
    for tool in closed.values():
        missing = sorted((set(tool.input_kinds()) - known) | (set(tool.needs) - facts))
        yield FactFault(
            f"/tools/{tool.name}", f"can never be called: nothing that is reachable gives {', '.join(missing)}",
            "let a tool return or set it, or make the kind one that the user can say",
        )  # fmt: skip
