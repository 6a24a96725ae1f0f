"""Roles: what a value is for, beside the kind that says what it is; and which values may go where.

A licence's last day and the first night of a stay are both days, and nobody takes one for the other. So a contract may
give a parameter or a member of a result a ``role``, and declare ``flows`` between roles where an expert would carry a
value over (a bill's amount is what is paid). Where two places agree in kind, a value goes from one to the other if

1. neither has a role: kinds alone rule, as they do in every contract without roles;
2. both have the same role, or a flow joins the two;
3. one of them has a role and the other none, and the kind is of things that people point at (an account, a file): a
   thing is the same thing whatever it is for, a number is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fr_envs.contract.fact_checks import FactFault, pointer_to
from fr_envs.contract.spec import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.contract.spec import DomainSpec, Field, Kind, ToolSpec

__all__ = ["Roles", "is_thing", "parameters_of", "role_faults", "roles_in", "roles_of"]


def is_thing(kind: Kind) -> bool:
    """Return True if people speak of the values of a kind as of things: they point at them, and nobody makes them up.

    What anybody can make up (a category, an amount), and a day, is a property of things.
    """
    if kind.origin == "open" or kind.format in ("date", "datetime"):
        return False
    return bool(kind.references) or (bool(kind.anaphora) and kind.origin == "issued")


def parameters_of(tool: ToolSpec) -> dict[str, Field]:
    """Return the shapes of a tool's arguments, by name."""
    return {name: parameter.field for name, parameter in tool.parameters.items()}


def roles_of(kind: str, fields: Mapping[str, Field]) -> tuple[str, ...]:
    """Return the roles of the places of a kind in arguments or results, each once; empty text for none."""
    return tuple(dict.fromkeys(leaf.field.role for leaf in leaves(fields) if leaf.kind == kind))


class Roles:
    """Which values of a contract may go where. Immutable.

    Attributes:
        declared: Whether any place of the contract has a role; without, every value goes wherever its kind does.

    Args:
        spec: The contract.

    Example:
        >>> from fr_envs import load_spec
        >>> roles = Roles(load_spec("travel"))
        >>> roles.permits("date", "invoice date", "stay start"), roles.permits("date", "departure day", "stay start")
        (False, True)
    """

    def __init__(self, spec: DomainSpec) -> None:
        """Read the roles and flows off a contract; linear in its places."""
        self._things = {name: is_thing(kind) for name, kind in spec.kinds.items()}
        self._because = {
            (given, taken): flow.because for flow in spec.flows for given in flow.given for taken in flow.taken
        }
        self.declared = any(place.role for place in _places(spec))

    def permits(self, kind: str, given: str, taken: str) -> bool:
        """Return True if a value goes from a place to another of the same kind.

        Args:
            kind: The kind of both.
            given: Role of the place where the value stands; empty for none.
            taken: Role of the place where it is to go; empty for none.
        """
        if given == taken:
            return True
        if given and taken:
            return (given, taken) in self._because
        return not self.declared or self._things.get(kind, False)

    def reason(self, kind: str, given: str, taken: str) -> str:
        """Return why a value does not go from a place to another of the same kind, in words; empty where it does."""
        if self.permits(kind, given, taken):
            return ""
        if given and taken:
            return f"{_told(given)} is no {taken}, and no flow joins the two"
        if given:
            return f"{_told(given)} goes nowhere that no role is named for"
        return f"what it is for is not said, and {_told(taken)} is wanted"

    def because(self, given: str, taken: str) -> str:
        """Return why a flow joins two roles, as the contract says; empty where none does."""
        return self._because.get((given, taken), "")


def roles_in(spec: DomainSpec) -> Roles:
    """Return what the roles of a contract permit, worked out once for each of the contracts asked for lately."""
    kept = _LATEST.get(id(spec))
    if kept is None or kept[0] is not spec:
        if len(_LATEST) >= _MOST_LATEST:
            del _LATEST[next(iter(_LATEST))]
        kept = _LATEST[id(spec)] = spec, Roles(spec)
    return kept[1]


_LATEST: dict[int, tuple[DomainSpec, Roles]] = {}  # contracts hold dicts, so that no cache can take them as a key
_MOST_LATEST = 16


def _told(role: str) -> str:
    return f"{'an' if role[0] in 'aeiou' else 'a'} {role}"


class _Place(NamedTuple):
    """A place that may have a role: where the contract speaks of it, and the role."""

    pointer: str
    kind: str | None
    role: str


def _places(spec: DomainSpec) -> Iterator[_Place]:
    for tool in spec.tools.values():
        for section, fields in (("parameters", parameters_of(tool)), ("returns", tool.returns)):
            for leaf in leaves(fields):
                pointer = f"/tools/{tool.name}/{section}{pointer_to(leaf.path)}"
                yield _Place(pointer, leaf.kind, leaf.field.role)


def role_faults(spec: DomainSpec) -> Iterator[FactFault]:
    """Iterate over the faults in what a contract says of roles and flows."""
    for tool in spec.tools.values():
        for section, fields in (("parameters", parameters_of(tool)), ("returns", tool.returns)):
            yield from _of_whole(fields, f"/tools/{tool.name}/{section}", ())
    borne: dict[str, set[str]] = {}
    for place in _places(spec):
        if place.role and place.kind is None:
            yield FactFault(place.pointer, "has a role and no kind", "give it a kind, by which values flow, or no role")
        elif place.role:
            borne.setdefault(place.role, set()).add(place.kind or "")
    yield from _of_flows(spec, borne)


def _of_whole(fields: Mapping[str, Field], at: str, path: tuple[str, ...]) -> Iterator[FactFault]:
    """Iterate over lists and objects that have a role: their parts do."""
    for name, field in fields.items():
        here = (*path, name)
        if field.role and (field.array is not None or field.object is not None):
            yield FactFault(f"{at}{pointer_to(here)}", "is a list or an object with a role", "give its parts the role")
        yield from _of_whole(field.object or {}, at, here)
        if field.array is not None:
            yield from _of_whole({"*": field.array}, at, here)


def _of_flows(spec: DomainSpec, borne: Mapping[str, set[str]]) -> Iterator[FactFault]:
    for number, flow in enumerate(spec.flows):
        at = f"/flows/{number}"
        own = False
        for section, roles in (("from", flow.given), ("to", flow.taken)):
            for role in roles:
                if "/" not in role and role not in borne:
                    fix = "give a parameter or a member of a result that role, or name another"
                    yield FactFault(f"{at}/{section}", f"nothing has the role {role!r}", fix)
            own = own or any("/" not in role for role in roles)
        if not own:
            fix = "declare it in the contract of one of the two, with that one's role as it stands there"
            yield FactFault(at, "joins two other worlds", fix)
        yield from _of_kinds(at, [borne.get(role, set()) for role in flow.given], flow.taken, borne)


def _of_kinds(
    at: str, given: list[set[str]], taken: tuple[str, ...], borne: Mapping[str, set[str]]
) -> Iterator[FactFault]:
    """Iterate over roles that share no kind with any at the other end, so that nothing flows."""
    from_kinds = set().union(*given)
    for role in taken:
        if from_kinds and borne.get(role) and from_kinds.isdisjoint(borne[role]):
            yield FactFault(f"{at}/to", f"no value of {role!r} has the kind of what flows", "join roles of one kind")
