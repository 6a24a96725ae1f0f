"""Binding: arguments for a call, each with where it comes from and how the user speaks of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import jsonschema_rs
import msgspec

from fr_envs.contract.schemas import field_schema
from fr_envs.json_values import leaves_of, pointer_of
from fr_synth.language.verbalise import verbalise
from fr_synth.sample.pointing import refer, refer_to_given
from fr_synth.trace.provenance import Output, Provenance, Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.contract.spec import DomainSpec, Field, Parameter, ToolSpec
    from fr_envs.graph.api_graph import Need
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.executed import Feed
    from fr_synth.trace.mention import Mention

__all__ = ["Binding", "bindings"]

_SAY_OPTIONAL = 0.2  # share of optional arguments that a user mentions
_KEEP_FOCUS = 0.75  # share of choices that stay with what the dialogue is about
_KEEP_IN_USE = 0.95  # the same for what a supporting call of the turn was about
_GO_DEEPER = 0.5  # share of choices that go on from what took the most calls to get
_PREFER_OUTPUT = 0.8  # share of sayable values taken from an output when one is known
_LOOKED_UP = 0.95  # the same when they were looked up in this very turn
_PREFER = 0.85  # share of choices on the way to a fed call that are about what it is fed with
_MOST_LOOKED_AT = 4  # values for which words are looked for before an argument counts as unbound
_MOST_IDLE = 2  # draws in a row that bring nothing new before the binder gives up
_MOST_ITEMS = 3  # items of a list argument that the binder makes up itself


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


class _Choice(NamedTuple):
    value: Json
    source: Provenance
    mention: Mention | None = None


def bindings(
    walk: Walk, tool: str, *, user_requested: bool, tries: int, feed: Feed | None = None, fit: bool = True
) -> Iterator[Binding]:
    """Iterate over up to ``tries`` distinct bindings of a tool, drawn at random.

    Where there is none at all for want of a value, its kind stands in ``walk.unmet_needs`` afterwards; where values are
    known and none is fit, the fact that none has.

    Args:
        walk: Where the dialogue stands.
        tool: Tool to bind.
        user_requested: The user asks for this call, so everything in it has to be said or pointed at.
        tries: How many draws; draws that fail or repeat count, and several of those in a row end it.
        feed: A value that has to be taken from one particular call; None for no such demand.
        fit: Of known values only those of which every fact holds that the tool demands: with others it is refused.
    """
    binder = _Binder(walk, walk.domain.spec.tools[tool], user_requested=user_requested, feed=feed, fit=fit)
    seen: set[bytes] = set()
    distractor = 0
    for _ in range(tries if binder.has_choice else 1):
        binding = binder.draw()
        key = b"" if binding is None else msgspec.json.encode(binding.arguments, order="sorted")
        if binding is None or key in seen:
            distractor += 1
            if distractor > _MOST_IDLE:
                if binder.loose:
                    break
                binder.loose, distractor = True, 0
            continue
        distractor = 0
        seen.add(key)
        yield binding
    if not seen and binder.unmet_need is not None:
        walk.unmet_needs[tool] = binder.unmet_need


class _Binder:
    """Draws bindings of one tool."""

    def __init__(self, walk: Walk, tool: ToolSpec, *, user_requested: bool, feed: Feed | None, fit: bool) -> None:
        self.walk = walk
        self.fit = fit
        self.feed = feed
        self.fed = feed is None
        self.rng = walk.rng
        self.spec: DomainSpec = walk.domain.spec
        self.tool = tool
        self.user_requested = user_requested
        self.unmet_need: Need | None = None  # kind of which the latest draw found no value, or a fact that none had
        self.loose = False  # no preferences any more: what is preferred has all been tried
        self.pointed: dict[tuple[str, Json], _Choice | None] = {}
        required = [p for p in tool.parameters.values() if p.required]
        self.order = sorted(required, key=lambda p: not self._issued(p.field))  # issued first, else contract order
        self.optional = [p for p in tool.parameters.values() if not p.required and p.clause is not None]
        self.has_choice = bool(self.order or (user_requested and self.optional))

    def _issued(self, field: Field) -> bool:
        item = field.array if field.array is not None else field
        return item.kind is not None and self.spec.kinds[item.kind].origin == "issued"

    def draw(self) -> Binding | None:
        """Draw one binding; None when some argument finds no value."""
        bound = Binding({}, {}, {})
        self.fed = self.feed is None
        for parameter in self.order:
            kind = (parameter.field.array or parameter.field).kind
            self.unmet_need = None if kind is None else ("kind", kind)  # unless it is a fact: then binding says so
            if not self._bind(bound, parameter):
                return None
        if self.user_requested:
            for parameter in self.optional:
                feeds = self.feed is not None and not self.fed and parameter.field.kind == self.feed.kind
                if feeds or self.rng.random() < _SAY_OPTIONAL:
                    self._bind_optional(bound, parameter)
        self.unmet_need = None
        if not self.fed:
            return None
        arguments = {name: bound.arguments[name] for name in self.tool.parameters if name in bound.arguments}
        return Binding(arguments, bound.sources, bound.mentions)

    def _bind(self, bound: Binding, parameter: Parameter) -> bool:
        name, field = parameter.name, parameter.field
        if field.kind is not None:
            choice = self._choose(name, field.kind, bound.arguments)
            return choice is not None and self._put(bound, name, pointer_of([name]), choice)
        if field.array is not None and field.array.kind is not None and self._issued(field):
            return self._bind_items(bound, name, field)
        value = self._suggest(name, field, bound.arguments)
        return value is not None and self._put_said(bound, name, value)

    def _put(self, bound: Binding, name: str, pointer: str, choice: _Choice) -> bool:
        bound.arguments[name] = choice.value
        bound.sources[pointer] = choice.source
        if choice.mention is not None:
            bound.mentions[pointer] = choice.mention
        return True

    def _put_said(self, bound: Binding, name: str, value: Json) -> bool:
        """Bind a value that the user says in full, leaf by leaf."""
        field = self.tool.parameters[name].field
        item = field.array if field.array is not None else field
        kind = self.spec.kinds.get(item.kind or "")
        bound.arguments[name] = value
        for pointer, leaf in leaves_of(value, pointer_of([name])):
            bound.sources[pointer] = Said(self.walk.turn, verbalise(leaf, kind))
        return True

    def _choose(self, name: str, kind: str, arguments: JsonObject) -> _Choice | None:
        """Take a value from an earlier output or let the user say one."""
        known = self.walk.knowledge.values(kind)
        if self.feed is not None and not self.fed and self.feed.kind == kind:
            return self._from_feed(name, self.feed)
        if self.spec.kinds[kind].origin == "issued":
            return self._from_outputs(name, kind, known, arguments)
        again = self._said_again(kind, arguments)
        if again is not None:
            return again
        if known and self.rng.random() < (_LOOKED_UP if self._looked_up(kind, known) else _PREFER_OUTPUT):
            choice = self._from_outputs(name, kind, known, arguments)
            if choice is not None:
                return choice
        value = self._suggest(name, self.tool.parameters[name].field, arguments)
        if value is None:
            return None
        return _Choice(value, Said(self.walk.turn, verbalise(value, self.spec.kinds[kind])))

    def _looked_up(self, kind: str, known: list[Json]) -> bool:
        """Return True if a supporting call of this turn has just shown values of a kind: then they are to be used."""
        steps = self.walk.steps
        shown = {source.step for value in known for source in self.walk.knowledge.sources(kind, value)}
        return any(steps[number].turn == self.walk.turn and not steps[number].user_requested for number in shown)

    def _from_outputs(self, name: str, kind: str, known: list[Json], arguments: JsonObject) -> _Choice | None:
        taken = {value for value in arguments.values() if isinstance(value, int | float | str)}
        candidates = self._fitting(name, [value for value in known if value not in taken])
        preferred_source = self.walk.preferred_source
        if (
            preferred_source is not None
            and preferred_source.kind == kind
            and not self.loose
            and self.rng.random() < _PREFER
        ):
            given = set(self.walk.knowledge.given_by(kind, preferred_source.step))
            candidates = [value for value in candidates if value in given] or candidates
        in_use = [value for value in self._in_use(kind) if value in candidates]
        focus = [value for value in self.walk.focus.get(kind, ()) if value in candidates]
        if in_use and not self.loose and self.rng.random() < _KEEP_IN_USE:
            candidates = in_use
        elif focus and not self.loose and self.rng.random() < _KEEP_FOCUS:
            candidates = focus
        order = [candidates[int(i)] for i in self.rng.permutation(len(candidates))]
        if self.rng.random() < _GO_DEEPER:
            order.sort(key=lambda value: -self._depth(kind, value))
        for value in order[:_MOST_LOOKED_AT]:
            place = (kind, value)
            if place not in self.pointed:
                self.pointed[place] = self._pointed(*place, alone=len(known) == 1)
            if self.pointed[place] is not None:
                return self.pointed[place]
        return None

    def _fitting(self, name: str, values: list[Json]) -> list[Json]:
        """Return the values with which a parameter's facts hold; the first fact that rules all out is remembered."""
        kind = self.tool.parameters[name].field.kind
        facts = [fact for fact in self.tool.needs if self.spec.facts[fact].about == kind]
        own = facts if kind is not None and self.tool.about(kind) == name else []
        for fact in dict.fromkeys((*own, *self.tool.parameters[name].field.holds)) if self.fit else ():
            left = [value for value in values if self.walk.domain.holds(self.walk.state, fact, value)]
            if values and not left:
                self.unmet_need = ("fact", fact)
            values = left
        return values

    def _depth(self, kind: str, value: Json) -> int:
        return self.walk.depths[self.walk.knowledge.sources(kind, value)[0].step]

    def _in_use(self, kind: str) -> list[Json]:
        """Return the values of a kind that the turn's supporting calls were made for: the request is about them."""
        tools = self.spec.tools
        return [
            value
            for step in self.walk.turn_steps()
            if not step.user_requested
            for name, value in step.call.arguments.items()
            if tools[step.call.name].parameters[name].field.kind == kind
        ]

    def _pointed(self, kind: str, value: Json, *, alone: bool) -> _Choice | None:
        """Take a known value if the user can point at it.

        A supporting call needs no words where there is only one, or where nobody speaks of such things (codes, handles)
        and the world takes the right one alone.
        """
        source = self.walk.knowledge.sources(kind, value)[0]
        spec = self.spec.kinds[kind]
        handle = spec.origin == "issued" and not spec.references
        if not self.user_requested and (alone or handle):
            return _Choice(value, Output(source.step, source.pointer))
        mention = self._pointed_before(kind, value) or refer(self.walk, kind, value)
        if mention is None:
            return None
        known = next(k for k in self.walk.knowledge.sources(kind, value) if k.step == mention.step)
        return _Choice(value, Output(known.step, known.pointer), mention)

    def _from_feed(self, name: str, feed: Feed) -> _Choice | None:
        given = self._fitting(name, self.walk.knowledge.given_by(feed.kind, feed.step))
        for i in self.rng.permutation(len(given))[:_MOST_LOOKED_AT]:
            mention = refer_to_given(self.walk, feed, given[int(i)])
            if mention is not None:
                known = next(k for k in self.walk.knowledge.sources(feed.kind, mention.value) if k.step == feed.step)
                self.fed = True
                return _Choice(known.value, Output(known.step, known.pointer), mention)
        return None

    def _said_again(self, kind: str, arguments: JsonObject) -> _Choice | None:
        """Keep to what the turn's supporting calls were told: one date, one number of nights, one city."""
        if self.loose or self.rng.random() > _KEEP_IN_USE:
            return None
        tools = self.spec.tools
        for step in self.walk.turn_steps():
            for name, value in step.call.arguments.items():
                source = step.sources.get(pointer_of([name]))
                same = tools[step.call.name].parameters[name].field.kind == kind
                if same and not step.user_requested and isinstance(source, Said) and value not in arguments.values():
                    return _Choice(value, source)
        return None

    def _pointed_before(self, kind: str, value: Json) -> Mention | None:
        """Return the words that this turn's message has for a value already: one thing, one way to point at it."""
        for step in self.walk.turn_steps():
            for mention in step.mentions.values():
                if (mention.kind, mention.value) == (kind, value) and mention.way in ("fields", "least", "most"):
                    return mention
        return None

    def _bind_items(self, bound: Binding, name: str, field: Field) -> bool:
        """Bind a list of issued values: a few of those known."""
        kind = field.array.kind if field.array is not None else None
        known = self.walk.knowledge.values(kind or "")
        least = max(field.min_items, 1)
        most = min(len(known), field.max_items or _MOST_ITEMS, max(_MOST_ITEMS, least))
        if kind is None or most < least:
            return False
        user_requested = int(self.rng.integers(least, most + 1))
        items: list[Json] = []
        for i in self.rng.permutation(len(known)):
            choice = self._pointed(kind, known[int(i)], alone=len(known) == 1)
            if choice is not None and len(items) < user_requested:
                self._put(bound, name, pointer_of([name, len(items)]), choice)
                items.append(choice.value)
        bound.arguments[name] = items
        return len(items) >= least

    def _suggest(self, name: str, field: Field, arguments: JsonObject) -> Json:
        value = self.walk.domain.suggest(self.walk.state, self.tool.name, name, arguments, self.rng)
        if value is not None:
            return value
        return _from_schema(field_schema(self.spec, field), self.walk)

    def _bind_optional(self, bound: Binding, parameter: Parameter) -> None:
        name, clause = parameter.name, parameter.clause
        fed = self.feed is not None and not self.fed and parameter.field.kind == self.feed.kind
        if isinstance(clause, dict) and not fed:
            schema = field_schema(self.spec, parameter.field)
            worded = [(value, text) for value, text in _worded(clause, schema) if value != parameter.default]
            if worded:
                value, text = worded[int(self.rng.integers(len(worded)))]
                bound.arguments[name] = value
                bound.sources[pointer_of([name])] = Said(self.walk.turn, text)
            return
        kind = parameter.field.kind
        if kind is not None:
            choice = self._choose(name, kind, bound.arguments)
            if choice is not None and choice.value != parameter.default:
                self._put(bound, name, pointer_of([name]), choice)
            return
        value = self._suggest(name, parameter.field, bound.arguments)
        if value is not None and value != parameter.default and not isinstance(value, bool):
            self._put_said(bound, name, value)


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


def _from_schema(schema: JsonObject, walk: Walk) -> Json:
    """Make up a value where neither the world nor the contract has one to offer: an option or a small number."""
    rng = walk.rng
    if "enum" in schema:
        return schema["enum"][int(rng.integers(len(schema["enum"])))]
    if schema.get("type") == "integer":
        low = int(schema.get("minimum", 1))
        return int(rng.integers(low, int(schema.get("maximum", low + 20)) + 1))
    return None
