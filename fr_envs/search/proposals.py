"""Proposals: arguments for a tool that may work, out of what a walk has learnt and what the world suggests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fr_envs.contract.samples import sample_value
from fr_envs.contract.schemas import field_schema
from fr_envs.errors import UsageError
from fr_envs.search.walks import Pin, within
from fr_envs.streams import pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from fr_envs.contract.spec import DomainSpec, Field, Parameter
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.search.walks import WitnessWalk
    from fr_envs.world.domain import Domain

__all__ = ["Missing", "Proposer"]

_ALIKE = 0.12
"""How often a value is taken that was told as another kind of the same form: a file's path where a folder's is due."""

_MOST_SAID = 0.8
"""How often a value that the user can say is what the world suggests rather than one that was told."""


class Missing(Exception):
    """No value of ``kind`` is known yet."""

    def __init__(self, kind: str) -> None:
        """Name the kind."""
        super().__init__(kind)
        self.kind = kind


class Proposer:
    """Draws arguments in one world.

    Args:
        domain: The world.
        rng: Where all choices come from.
        said: How often a value that the user can say is what the world suggests, from 0 to 1.
    """

    def __init__(self, domain: Domain[Any], rng: np.random.Generator, said: float = _MOST_SAID) -> None:
        """Keep the world at hand."""
        self.domain = domain
        self.rng = rng
        self.said = said
        self._alike = _alike(domain.spec)

    def propose(self, walk: WitnessWalk, tool: str, pin: Pin | None = None) -> JsonObject:
        """Return arguments that may work; settled ones first, then identifiers, then the rest in contract order.

        Raises:
            Missing: An identifier is needed of which none is known.
        """
        parameters = self.domain.spec.tools[tool].parameters
        pinned = pin.path[0] if pin is not None else None
        order = sorted(parameters.values(), key=lambda p: (p.name != pinned, not self._issued(p.field)))
        arguments: JsonObject = {}
        for parameter in order:
            here = pin if pin is not None and parameter.name == pinned else None
            if parameter.required or here is not None:
                arguments[parameter.name] = self._argument(walk, tool, parameter, arguments, here)
            elif self.rng.random() < 0.25:
                self._optional(walk, tool, parameter, arguments)
        return {name: arguments[name] for name in parameters if name in arguments}

    def _optional(self, walk: WitnessWalk, tool: str, parameter: Parameter, arguments: JsonObject) -> None:
        try:
            value = self._argument(walk, tool, parameter, arguments, None)
        except Missing:
            return
        if value is not None:
            arguments[parameter.name] = value

    def _issued(self, field: Field) -> bool:
        return field.kind is not None and self.domain.spec.kinds[field.kind].origin == "issued"

    def _argument(
        self, walk: WitnessWalk, tool: str, parameter: Parameter, arguments: JsonObject, pin: Pin | None
    ) -> Json:
        alike = [v for other in self._alike.get(parameter.field.kind or "", ()) for v in walk.seen.get(other, ())]
        if pin is None and alike and self.rng.random() < _ALIKE:
            return pick(self.rng, alike)
        free = pin is None and not (self._issued(parameter.field) and parameter.field.kind in walk.seen)
        if free and self.rng.random() < self.said:
            suggested = self.domain.suggest(walk.state, tool, parameter.name, arguments, self.rng)
            if suggested is not None:
                return suggested
        if pin is None and self._issued(parameter.field):
            return self._identifier(walk, parameter.field.kind or "", tuple(arguments.values()))
        return self._value(walk, parameter.field, None if pin is None else Pin(pin.path[1:], pin.value))

    def _identifier(self, walk: WitnessWalk, kind: str, used: Sequence[Json]) -> Json:
        """Pick a known identifier that no other argument has; the latest more often."""
        known = [value for value in walk.seen.get(kind, ()) if value not in used]
        if not known:
            raise Missing(kind)
        return known[-1] if self.rng.random() < 0.3 else pick(self.rng, known)

    def _value(self, walk: WitnessWalk, field: Field, pin: Pin | None) -> Json:
        if pin is not None and not pin.path:
            return pin.value
        if field.array is not None:
            return self._items(walk, field, field.array, pin)
        if field.object is not None:
            return {
                name: self._value(walk, member, within(pin, name))
                for name, member in field.object.items()
                if not member.optional or within(pin, name) is not None
            }
        return self._plain(walk, field)

    def _items(self, walk: WitnessWalk, field: Field, item: Field, pin: Pin | None) -> list[Json]:
        most = min(3, field.max_items or 3)
        count = int(self.rng.integers(max(1, field.min_items), max(most, field.min_items, 1) + 1))
        found = [self._value(walk, item, within(pin, "*") if i == 0 else None) for i in range(count)]
        return [value for i, value in enumerate(found) if value not in found[:i] or len(found) <= field.min_items]

    def _plain(self, walk: WitnessWalk, field: Field) -> Json:
        kind = None if field.kind is None else self.domain.spec.kinds[field.kind]
        known = () if kind is None else walk.seen.get(kind.name, ())
        if kind is not None and kind.origin == "issued":
            return self._identifier(walk, kind.name, ())
        if known and self.rng.random() < 0.5:
            return pick(self.rng, known)
        return self.guess(field)

    def guess(self, field: Field) -> Json:
        """Return a well-formed value for a place that the world suggests nothing for; None if its form is too odd."""
        kind = None if field.kind is None else self.domain.spec.kinds[field.kind]
        if kind is not None and kind.examples and self.rng.random() < 0.8:
            return pick(self.rng, kind.examples)
        try:
            return sample_value(field_schema(self.domain.spec, field), self.rng)
        except UsageError:
            return None


def _alike(spec: DomainSpec) -> Mapping[str, tuple[str, ...]]:
    """Return for each kind the others that a user can say, of the same schema."""
    kinds = [kind for kind in spec.kinds.values() if kind.origin != "issued"]
    return {one.name: tuple(k.name for k in kinds if k is not one and k.schema == one.schema) for one in kinds}
