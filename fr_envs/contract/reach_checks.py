"""Faults of what a contract says of how things are got at: tools that nothing opens, look-ups that show nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.contract.fact_checks import FactFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.contract.spec import DomainSpec

__all__ = ["lookup_faults", "reach_faults"]


def lookup_faults(spec: DomainSpec) -> Iterator[FactFault]:
    """Iterate over the faults in the tools with which values of a kind are looked up."""
    for kind in spec.kinds.values():
        for number, name in enumerate(kind.canonical):
            tool = spec.tools.get(name)
            if tool is None or tool.effect != "read" or kind.name not in tool.output_kinds():
                problem = f"{name!r} is no read that shows values of this kind"
                yield FactFault(f"/kinds/{kind.name}/canonical/{number}", problem, "name a tool that lists them")


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
