"""Data edges: is a tool's output an argument of another? Judged by trials, and by words where trials cannot tell.

A parameter *checks* if a call that goes through mostly fails with a made-up value in its place, and for numbers with
one nearby. For one that does, an output is an argument where it goes through too. For one that takes anything, only
words can tell, and the edge says so.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from typing import TYPE_CHECKING, Literal, NamedTuple

from fr_envs.adapters.inference.rules import DEFAULT, Rules
from fr_envs.adapters.inference.trials import Output, Target, Trials, Tried, general, takes_outputs
from fr_envs.adapters.inference.values import fits, item_kind, kind_of, likeness, words
from fr_envs.contract.spec import leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_envs.contract.spec import DomainSpec, Parameter

__all__ = ["DataEdge", "data_edges"]

Ground = Literal["executed", "kin", "named", "guessed"]
"""executed: works where a made-up value fails; kin: works so as a parameter of the same name of another tool, and was
hardly tried here; named: works as anything does, the words agree; guessed: the words agree, and it was never tried."""

_SEVERAL = 5
"""A word in the outputs of more tools than this, and of more than one in so many, is common."""

_FEW = 3
"""Trials that are too few to refute what a parameter of the same name takes."""


class DataEdge(NamedTuple):
    """From an output to a parameter.

    Attributes:
        producer: Tool that gives the value.
        pointer: Where in its result, as names; ``*`` for the items of an array, ``#`` for the keys of an object.
        consumer: Tool that takes it.
        parameter: As what.
        ground: What speaks for it.
        worked: How often the consumer went through with it.
        tried: Out of how many.
    """

    producer: str
    pointer: tuple[str, ...]
    consumer: str
    parameter: str
    ground: Ground
    worked: int
    tried: int


def data_edges(spec: DomainSpec, trials: Trials, rules: Rules = DEFAULT) -> list[DataEdge]:
    """Judge what was tried.

    Args:
        spec: The contract of the world.
        trials: What was tried in it.
        rules: From when on something counts.
    """
    return _Judge(spec, trials, rules).edges()


def _differ(one: Tried, other: Tried) -> bool:
    return one.worked > 0 and other.worked == 0 and other.tried > 1


def _common(outputs: Iterable[Output]) -> frozenset[str]:
    """Return the words by which so many tools call their outputs that they tell nothing."""
    spoken: dict[str, set[str]] = defaultdict(set)
    tools = set()
    for producer, path in outputs:
        tools.add(producer)
        for word in words(_last(path)):
            spoken[word].add(producer)
    return frozenset(word for word, by in spoken.items() if len(by) > max(_SEVERAL, len(tools) / _SEVERAL))


class _Judge:
    def __init__(self, spec: DomainSpec, trials: Trials, rules: Rules) -> None:
        self.spec = spec
        self.trials = trials
        self.rules = rules
        self.vague = _VAGUE if rules.lists else frozenset()
        self.same = _SAME if rules.lists else ()
        self.common = _common(output for output in self._outputs())
        self.tried: dict[Target, dict[Output, Tried]] = defaultdict(dict)
        for (producer, path, *target), tried in trials.flows.items():
            self.tried[target[0], target[1]][producer, path] = tried
        self.kin = {target: list(self._kin(target)) for target in self._targets()}

    def edges(self) -> list[DataEdge]:
        found = [self._judged(output, target) for output in self._outputs() for target in self._targets()]
        return sorted({edge[:4]: edge for edge in found if edge is not None}.values())

    def _outputs(self) -> Iterator[Output]:
        """Iterate over what was seen; of a tool that never went through, over what its contract promises."""
        tried = {(producer, path) for producer, path, _, _ in self.trials.flows}
        yield from dict.fromkeys([*self.trials.outputs, *tried])
        went = {producer for producer, _ in self.trials.outputs}
        for tool in self.spec.tools.values():
            if tool.name not in went:
                yield from ((tool.name, general(leaf.path)) for leaf in leaves(tool.returns))

    def _targets(self) -> Iterator[Target]:
        for tool in self.spec.tools.values():
            for parameter in tool.parameters.values():
                if takes_outputs(parameter):
                    yield tool.name, parameter.name

    def _judged(self, output: Output, target: Target) -> DataEdge | None:
        tried = self.trials.flows.get((*output, *target), Tried())
        ground: Ground | None = None
        if not self.trials.made_up[target].tried:
            ground = "guessed" if self._told(output, target) and not self._is_made_up(target) else None
        elif not self.trials.checks(target):
            if self._alike(output, target) and not self.trials.authored.get((*output, *target)):
                ground = "named" if tried.worked else "guessed" if not tried.tried else None
        elif self._enough(tried) and self._speakable(output, target):
            ground = "executed"
        elif tried.tried < _FEW and self._speakable(output, target):
            if self._enough(self._among_kin(output, target)):
                ground = "kin"
            elif not tried.tried and self._alike(output, target):
                ground = "guessed"
        return DataEdge(*output, *target, ground, *tried) if ground is not None else None

    def _is_made_up(self, target: Target) -> bool:
        """Return True for what somebody says of a thing that is made: its title, its text; what identifies is given."""
        consumer, parameter = target
        makes = self.spec.tools[consumer].effect == "write" and bool(words(consumer) & _MAKES)
        return makes and not words(parameter) & _IDENTIFIES

    def _kin(self, target: Target) -> Iterator[Target]:
        """Iterate over parameters of the same name that check, and that nothing tried in both tells apart."""
        for other in self._targets():
            if other[1] == target[1] and other != target and self.trials.checks(other):
                ours, theirs = self.tried[target], self.tried[other]
                both = [(ours[output], theirs[output]) for output in ours if output in theirs]
                if not any(_differ(one, two) or _differ(two, one) for one, two in both):
                    yield other

    def _among_kin(self, output: Output, target: Target) -> Tried:
        return functools.reduce(
            Tried.plus, (self.tried[other].get(output, Tried()) for other in self.kin[target]), Tried()
        )

    def _enough(self, tried: Tried) -> bool:
        if tried.tried < _FEW:
            return 0 < tried.worked >= tried.tried
        return tried.worked >= max(self.rules.times, self.rules.works * tried.tried)

    def _parameter(self, target: Target) -> Parameter:
        return self.spec.tools[target[0]].parameters[target[1]]

    def _speakable(self, output: Output, target: Target) -> bool:
        """A number serves as any number, so that one has to be spoken of in the same words as well."""
        if item_kind(self._parameter(target).field) not in {"number", "integer"}:
            return True
        producer, path = output
        consumer, parameter = target
        source = words(" ".join((*path, producer))) - self.vague
        return bool(
            source & (words(f"{parameter} {consumer}" if words(parameter) <= self.vague else parameter) - self.vague)
        )

    def _fits(self, output: Output, target: Target) -> bool:
        """Return True if the sorts agree, by a value that was seen or by the contract's word."""
        wanted = item_kind(self._parameter(target).field)
        if output in self.trials.outputs:
            return fits(self.trials.outputs[output], wanted)
        return any(
            kind_of(leaf.field) in {wanted, ""}
            for leaf in leaves(self.spec.tools[output[0]].returns)
            if general(leaf.path) == output[1]
        )

    def _alike(self, output: Output, target: Target) -> bool:
        """Return True if the output is called like the parameter."""
        if not self._fits(output, target):
            return False
        name, wanted = words(_last(output[1])), words(target[1])
        if any(name & same and wanted & same for same in self.same):
            return True
        return likeness(name, wanted) >= self.rules.alike and bool((name & wanted) - self.vague - self.common)

    def _told(self, output: Output, target: Target) -> bool:
        """Return True if the text of a parameter that was never filled speaks of the output."""
        text = words(f"{target[1]} {self._parameter(target).field.description}")
        name = words(_last(output[1])) - self.vague - self.common
        return bool(name) and name <= text and output[0] != target[0] and self._fits(output, target)


_VAGUE = frozenset(
    {"id", "name", "amount", "description", "status", "result", "message", "type", "value", "content", "user", "number"}
)
"""Words that many things are called."""

_MAKES = frozenset({"add", "create", "insert", "make", "new", "open", "post", "register", "save", "write"})
_IDENTIFIES = frozenset({"code", "id", "identifier", "key", "no", "number", "ref", "reference", "uuid"})

_SAME = (frozenset({"location", "destination", "address", "place"}), frozenset({"cost", "price", "fare"}))
"""Words that stand for each other."""


def _last(path: tuple[str, ...]) -> str:
    return next((part for part in reversed(path) if part not in {"*", "#"}), "")
