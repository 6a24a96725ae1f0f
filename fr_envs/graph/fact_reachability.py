"""Fact reachability: what a value that a call has given can still be used for.

A contract says more of a value than its kind: at a parameter which facts must hold of it (``holds``, beside what the
tool ``needs``), at a result which do and which do not (``holds``, ``lacks``), and how facts go together (``implies``,
``excludes``). From these, and from what the tools set and clear, follows which facts will never hold of a value again:
a booking that was cancelled is never ticketed, a card payment never turns into a direct debit. A tool that demands such
a fact cannot take the value, so between the two there is no edge.

What follows is certain as far as the contract is true. Where it says nothing, everything counts as possible, and ways
to make a fact true again are counted without looking at what they spoil (delete-relaxation): too much counts as
possible, never too little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_envs.contract.spec import DomainSpec, Leaf, ToolSpec

__all__ = ["FactReachability", "KnownFacts"]

_NONE: frozenset[str] = frozenset()


class KnownFacts(NamedTuple):
    """What is known of a value.

    Attributes:
        true: Facts that hold of it.
        false: Facts that do not.
    """

    true: frozenset[str] = _NONE
    false: frozenset[str] = _NONE


class _Change(NamedTuple):
    """What a tool makes true of a value of one kind, and what it demands of it."""

    demands: frozenset[str]
    sets: frozenset[str]


class FactReachability:
    """What follows from the facts of a contract. Immutable.

    Args:
        spec: The contract.

    Example:
        >>> from fr_envs import load_spec
        >>> from fr_envs.contract.spec import leaves
        >>> travel = load_spec("travel")
        >>> given = next(leaf for leaf in leaves(travel.tools["cancel_booking"].returns) if leaf.kind == "booking_id")
        >>> "ticketed" in FactReachability(travel).lost(travel.tools["cancel_booking"], given)
        True
    """

    def __init__(self, spec: DomainSpec) -> None:
        """Work out how the facts go together; linear in the facts and in what the tools say of them."""
        self._spec = spec
        self._about: dict[str, set[str]] = {}
        for fact in spec.facts.values():
            if fact.about is not None:
                self._about.setdefault(fact.about, set()).add(fact.name)
        self._implied = {name: self._implications(name) for name in spec.facts}
        self._excluded: dict[str, set[str]] = {name: set() for name in spec.facts}
        for name, fact in spec.facts.items():
            for other in fact.excludes:
                self._excluded[name].add(other)
                self._excluded[other].add(name)
        self._changes: dict[str, list[_Change]] = {kind: [] for kind in self._about}
        for tool in spec.tools.values():
            self._add_changes(tool)

    def _implications(self, fact: str) -> frozenset[str]:
        """Return what holds wherever a fact holds, itself included."""
        found, waiting = {fact}, [fact]
        while waiting:
            fresh = set(self._spec.facts[waiting.pop()].implies) - found
            found |= fresh
            waiting += fresh
        return frozenset(found)

    def _add_changes(self, tool: ToolSpec) -> None:
        for kind in dict.fromkeys(self._spec.facts[fact].about for fact in tool.sets):
            if kind is not None:
                subject = tool.about(kind)
                demands = _NONE if subject is None else self._demanded(tool, kind, subject)
                self._changes[kind].append(_Change(demands, self._facts(kind, tool.sets)))

    def _facts(self, kind: str, names: Iterable[str]) -> frozenset[str]:
        return frozenset(self._about.get(kind, _NONE) & {*names})

    def demands(self, tool: ToolSpec, leaf: Leaf) -> frozenset[str]:
        """Return the facts that must hold of the value at a place in a tool's arguments."""
        if leaf.kind not in self._about:
            return _NONE
        needed = self._facts(leaf.kind, tool.needs) if leaf.path == (tool.about(leaf.kind),) else _NONE
        return needed.union(leaf.field.holds)

    def _demanded(self, tool: ToolSpec, kind: str, parameter: str) -> frozenset[str]:
        needed = self._facts(kind, tool.needs) if parameter == tool.about(kind) else _NONE
        return needed.union(tool.parameters[parameter].field.holds)

    def lost(self, tool: ToolSpec, leaf: Leaf) -> frozenset[str]:
        """Return the facts that will never hold again of the value at a place in a tool's result."""
        return _NONE if leaf.kind is None else self._never(leaf.kind, self.known(tool, leaf))

    def lost_of(self, tool: ToolSpec, kind: str) -> frozenset[str]:
        """Return the facts about a kind that will never hold again of what a tool sets and clears them of."""
        return self._never(kind, self._after(tool, kind, tool.about(kind)))

    def known(self, tool: ToolSpec, leaf: Leaf) -> KnownFacts:
        """Return what is known of the value at a place in a tool's result.

        That is what the place itself says. Where it says nothing and bears the name of an argument of the same kind, it
        is the same thing: what was demanded of it, set and cleared.
        """
        kind = leaf.kind
        if kind not in self._about:
            return KnownFacts()
        if leaf.field.holds or leaf.field.lacks:
            return self._closed(leaf.field.holds, leaf.field.lacks)
        parameter = tool.parameters.get(leaf.path[0]) if len(leaf.path) == 1 else None
        if parameter is not None and parameter.field.kind == kind:
            return self._after(tool, kind, parameter.name)
        return self._after(tool, kind, None) if tool.about(kind) is None else KnownFacts()

    def _after(self, tool: ToolSpec, kind: str, parameter: str | None) -> KnownFacts:
        """Return what is known of an argument after a call; None for what the call deals with but nothing names."""
        before = KnownFacts() if parameter is None else self._closed(self._demanded(tool, kind, parameter), ())
        changes = parameter == tool.about(kind)
        sets = self._facts(kind, tool.sets) if changes else _NONE
        clears = self._facts(kind, tool.clears) if changes else _NONE
        made = self._closed(sets, clears)
        return self._closed(before.true - made.false | sets, before.false - made.true | clears)

    def _closed(self, true: Iterable[str], false: Iterable[str]) -> KnownFacts:
        """Add what follows: what true facts imply and exclude, and that what implies a false one is false."""
        holding = frozenset(other for fact in true for other in self._implied[fact])
        failing = frozenset(false).union(*(self._excluded[fact] for fact in holding))
        return KnownFacts(holding, frozenset(fact for fact, implied in self._implied.items() if implied & failing))

    def _never(self, kind: str, known: KnownFacts) -> frozenset[str]:
        """Return the facts about a kind that no sequence of calls makes true of a value of which this is known."""
        possible = self._about.get(kind, set()) - known.false
        before = -1
        while before != len(possible):
            before = len(possible)
            for change in self._changes.get(kind, ()):
                if change.demands <= possible:
                    there = possible | change.sets
                    possible |= {fact for fact in change.sets if self._implied[fact] <= there}
        return frozenset(self._about.get(kind, set()) - possible)
