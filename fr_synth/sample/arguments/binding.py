"""Binding: arguments for a call, each with where it comes from and how the user speaks of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

import jsonschema_rs
import msgspec

from fr_envs.contract.schemas import field_schema
from fr_envs.json_values import leaves_of, pointer_of
from fr_envs.streams import pick
from fr_synth.language.verbalise import verbalise
from fr_synth.sample.arguments.values import Choice, Demands, ValueChooser
from fr_synth.trace.dataflow.provenance import Provenance, Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.contract.spec import Field, Parameter, ToolSpec
    from fr_envs.graph.api_graph import Need
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import Feed
    from fr_synth.trace.dataflow.mention import Mention

__all__ = ["Binding", "bindings"]


class Binding(NamedTuple):
    """Arguments for a call.

    Attributes:
        arguments: By name.
        sources: Where each leaf comes from, by JSON pointer.
        mentions: How the message points at leaves that come from outputs, by JSON pointer.
    """

    arguments: JsonObject
    sources: dict[str, Provenance]
    mentions: dict[str, Mention]


def bindings(
    walk: Walk, tool: str, *, user_requested: bool, tries: int, feed: Feed | None = None, fit: bool = True
) -> Iterator[Binding]:
    """Iterate over up to ``tries`` distinct bindings of a tool, drawn at random.

    Where there is none at all for want of a value, the walk notes its kind as an unmet need; where values are known
    and none is fit, the fact that none has.

    Args:
        walk: Where the dialogue stands.
        tool: Tool to bind.
        user_requested: The user asks for this call, so everything in it has to be said or pointed at.
        tries: How many draws; draws that fail or repeat count, and several of those in a row end it.
        feed: A value that has to be taken from one particular call; None for no such demand.
        fit: Of known values only those of which every fact holds that the tool demands: with others it is refused.
    """
    binder = _Binder(walk, walk.domain.spec.tools[tool], Demands(user_requested, feed, fit))
    seen: set[bytes] = set()
    idle = 0  # draws in a row that brought nothing new
    for _ in range(tries if binder.has_choice else 1):
        binding = binder.draw()
        key = b"" if binding is None else msgspec.json.encode(binding.arguments, order="sorted")
        if binding is not None and key not in seen:
            idle = 0
            seen.add(key)
            yield binding
            continue
        idle += 1
        if idle >= walk.weights.idle_draws:
            if not binder.give_up_preferences():
                break
            idle = 0
    if not seen and binder.unmet_need is not None:
        walk.note_unmet(tool, binder.unmet_need)


class _Binder:
    """Draws bindings of one tool."""

    def __init__(self, walk: Walk, tool: ToolSpec, demands: Demands) -> None:
        self.walk = walk
        self.spec = walk.domain.spec
        self.tool = tool
        self.demands = demands
        self.chooser = ValueChooser(walk, tool, demands)
        required = [parameter for parameter in tool.parameters.values() if parameter.required]
        self.required = sorted(required, key=lambda each: not self.chooser.is_issued(each.field))  # else as declared
        self.optional = [each for each in tool.parameters.values() if not each.required and each.clause is not None]
        self.has_choice = bool(self.required or (demands.user_requested and self.optional))

    @property
    def unmet_need(self) -> Need | None:
        """What the latest draw failed for, where that is one need."""
        return self.chooser.unmet_need

    def give_up_preferences(self) -> bool:
        """Draw without preferences from now on; return whether there were any before."""
        before, self.chooser.loose = self.chooser.loose, True
        return not before

    def draw(self) -> Binding | None:
        """Draw one binding; None when some argument finds no value."""
        bound = Binding({}, {}, {})
        self.chooser.fed = self.demands.feed is None
        for parameter in self.required:
            kind = (parameter.field.array or parameter.field).kind
            self.chooser.unmet_need = None if kind is None else ("kind", kind)  # unless the chooser meets a fact
            if not self._bind(bound, parameter):
                return None
        if self.demands.user_requested:
            self._bind_some_optional(bound)
        self.chooser.unmet_need = None
        if not self.chooser.fed or self._changes_nothing(bound):
            return None
        arguments = {name: bound.arguments[name] for name in self.tool.parameters if name in bound.arguments}
        return Binding(arguments, bound.sources, bound.mentions)

    def _bind(self, bound: Binding, parameter: Parameter) -> bool:
        """Bind a required argument; return whether there was a value for it."""
        name, field = parameter.name, parameter.field
        if field.kind is not None:
            choice = self.chooser.choose(name, field.kind, bound.arguments)
            return choice is not None and self._put(bound, name, choice)
        if field.array is not None and self.chooser.is_issued(field):
            return self._put_items(bound, name, field)
        value = self.chooser.suggest(name, field, bound.arguments)
        return value is not None and self._put_said(bound, name, value)

    def _put(self, bound: Binding, name: str, choice: Choice) -> bool:
        bound.arguments[name] = choice.value
        self._put_source(bound, pointer_of([name]), choice)
        return True

    def _put_source(self, bound: Binding, pointer: str, choice: Choice) -> None:
        bound.sources[pointer] = choice.source
        if choice.mention is not None:
            bound.mentions[pointer] = choice.mention

    def _put_items(self, bound: Binding, name: str, field: Field) -> bool:
        """Bind a list of issued values: a few of those known."""
        items = self.chooser.items(name, field)
        bound.arguments[name] = [choice.value for choice in items]
        for number, choice in enumerate(items):
            self._put_source(bound, pointer_of([name, number]), choice)
        return len(items) >= max(field.min_items, 1)

    def _put_said(self, bound: Binding, name: str, value: Json) -> bool:
        """Bind a value that the user says in full, leaf by leaf."""
        field = self.tool.parameters[name].field
        kind = self.spec.kinds.get((field.array or field).kind or "")
        bound.arguments[name] = value
        for pointer, leaf in leaves_of(value, pointer_of([name])):
            bound.sources[pointer] = Said(self.walk.turn, self._spoken(leaf, verbalise(leaf, kind)))
        return True

    def _spoken(self, value: Json, text: str) -> str:
        """Return the words for a value; nobody says the underscores of an option."""
        plain = self.walk.weights.one_thread and isinstance(value, str) and _OPTION.fullmatch(value)
        return text.replace("_", " ") if plain else text

    # ------------------------------------------------------------------------------------------------ optional

    def _bind_some_optional(self, bound: Binding) -> None:
        """Bind the optional arguments that the user mentions."""
        for parameter in self.optional:
            fed = self.chooser.takes_feed(parameter.name, parameter.field.kind)
            if fed or self.walk.rng.random() < self.walk.weights.say_optional:
                self._bind_optional(bound, parameter)
        if self._is_wide(bound) and self.walk.rng.random() < self.walk.weights.narrowed:
            self._narrow(bound)

    def _changes_nothing(self, bound: Binding) -> bool:
        """Return True if what may be changed of a thing is named by no argument: "correct the hours or the note"."""
        wanted = self.demands.user_requested and self.walk.weights.one_thread and _CHANGES.match(self.tool.name)
        changed = [each.name for each in self.tool.parameters.values() if not each.required and each.default is None]
        names_alone = all(self.chooser.is_issued(each.field) for each in self.required)
        return bool(wanted and names_alone and changed) and not any(name in bound.arguments for name in changed)

    def _is_wide(self, bound: Binding) -> bool:
        """Return True if a search with several conditions to choose from has none: nobody asks for all there is."""
        searching = self.tool.effect == "read" and not self.required and len(self.optional) >= _CONDITIONS
        return searching and not any(name in bound.arguments for name in self._conditions())

    def _conditions(self) -> list[str]:
        return [each.name for each in self.optional if each.name not in _PAGING]

    def _narrow(self, bound: Binding) -> None:
        """Bind one of the conditions of a search."""
        names = self._conditions()
        for number in self.walk.rng.permutation(len(names)).tolist():
            self._bind_optional(bound, self.tool.parameters[names[number]])
            if names[number] in bound.arguments:
                return

    def _bind_optional(self, bound: Binding, parameter: Parameter) -> None:
        name, kind = parameter.name, parameter.field.kind
        if isinstance(parameter.clause, dict) and not self.chooser.takes_feed(name, kind):
            self._bind_worded(bound, parameter, parameter.clause)
        elif kind is not None:
            choice = self.chooser.choose(name, kind, bound.arguments)
            if choice is not None and choice.value != parameter.default:
                self._put(bound, name, choice)
        else:
            value = self.chooser.suggest(name, parameter.field, bound.arguments)
            if value is not None and value != parameter.default and not isinstance(value, bool):
                self._put_said(bound, name, value)

    def _bind_worded(self, bound: Binding, parameter: Parameter, clause: dict[str, str]) -> None:
        """Bind one of the values that a clause has words for."""
        schema = field_schema(self.spec, parameter.field)
        worded = [(value, text) for value, text in _worded(clause, schema) if value != parameter.default]
        if worded:
            value, text = pick(self.walk.rng, worded)
            bound.arguments[parameter.name] = value
            bound.sources[pointer_of([parameter.name])] = Said(self.walk.turn, text)


_CONDITIONS = 3  # optional arguments from which on a list of all there is is a search
_CHANGES = re.compile(r"(?:adjust|amend|change|correct|edit|modify|patch|revise|update)(?:_|$)")
_PAGING = frozenset({"limit", "offset"})
_OPTION = re.compile(r"[a-z]+(?:_[a-z]+)+")


def _worded(clause: dict[str, str], schema: JsonObject) -> Iterator[tuple[Json, str]]:
    """Iterate over the values that a clause has words for: its keys, as strings or as the JSON that they spell."""
    for key, text in clause.items():
        if jsonschema_rs.is_valid(schema, key):
            yield key, text
            continue
        try:
            value = json.loads(key)
        except ValueError:
            continue
        if jsonschema_rs.is_valid(schema, value):
            yield value, text
