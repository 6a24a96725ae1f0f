"""A value for one argument: taken from an earlier output, kept from what the turn has said, or said by the user now."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import jsonschema_rs

from fr_envs.contract.schemas import field_schema
from fr_envs.json_values import pointer_of
from fr_envs.streams import pick
from fr_synth.language.verbalise import verbalise
from fr_synth.sample.arguments.keeping import in_keeping
from fr_synth.sample.arguments.pointing import is_of_one_role, refer, refer_to_given
from fr_synth.trace.dataflow.provenance import Output, Provenance, Said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from fr_envs.contract.spec import Field, ToolSpec
    from fr_envs.graph.api_graph import Need
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.sample.walk import Walk
    from fr_synth.trace.dataflow.executed import Feed
    from fr_synth.trace.dataflow.mention import Mention

__all__ = ["Choice", "Demands", "ValueChooser"]


class Choice(NamedTuple):
    """A value, where it comes from, and how the message points at it.

    Attributes:
        value: The value.
        source: Where it comes from.
        mention: The words that point at it; None where it is said, or needs no words.
    """

    value: Json
    source: Provenance
    mention: Mention | None = None


class Demands(NamedTuple):
    """What the values of a call have to be.

    Attributes:
        user_requested: The user asks for the call, so everything in it has to be said or pointed at.
        feed: A value that has to be taken from one particular call; None for no such demand.
        fit: Of known values only those of which every fact holds that the tool demands: with others it is refused.
    """

    user_requested: bool
    feed: Feed | None = None
    fit: bool = True


class ValueChooser:
    """Chooses values for the arguments of one tool.

    Attributes:
        fed: The value that is demanded of one particular call has been taken, or none is.
        loose: No preferences any more: what is preferred has all been tried.
        unmet_need: Kind of which the latest choice found no value, or a fact that none had; None if neither.
    """

    def __init__(self, walk: Walk, tool: ToolSpec, demands: Demands) -> None:
        """Choose with all preferences."""
        self.walk = walk
        self.rng = walk.rng
        self.weights = walk.weights
        self.spec = walk.domain.spec
        self.tool = tool
        self.demands = demands
        self.fed = demands.feed is None
        self.loose = False
        self.unmet_need: Need | None = None
        self._pointed: dict[tuple[str, str, Json], Choice | None] = {}

    def is_issued(self, field: Field) -> bool:
        """Return True if a field, or each item of it, takes what only an output can give."""
        kind = (field.array or field).kind
        return kind is not None and self.spec.kinds[kind].origin == "issued"

    def takes_feed(self, name: str, kind: str | None) -> bool:
        """Return True if an argument of a kind is still to be taken from one particular call, and may be from there."""
        feed = self.demands.feed
        if feed is None or self.fed or feed.kind != kind:
            return False
        given = self.walk.knowledge.given_by(feed.kind, feed.step) if self.walk.graph.roles.declared else ()
        return not given or any(self._from_step(name, feed, value) for value in given)

    def _role(self, name: str) -> str:
        """Return what an argument, or each item of a list, is for; empty where the contract does not say."""
        field = self.tool.parameters[name].field
        return (field.array or field).role

    def _from_step(self, name: str, feed: Feed, value: Json) -> bool:
        """Return True if a value may go from one particular call into an argument."""
        return any(each.step == feed.step for each in self.walk.permitted(feed.kind, value, self._role(name)))

    def _known(self, name: str, kind: str) -> list[Json]:
        """Return the known values of a kind that may go into an argument."""
        known, role = self.walk.knowledge.values(kind), self._role(name)
        if not self.walk.graph.roles.declared:
            return known
        return [value for value in known if self.walk.permitted(kind, value, role)]

    def choose(self, name: str, kind: str, arguments: JsonObject) -> Choice | None:
        """Take a value of a kind from an earlier output or let the user say one; None if there is none.

        Args:
            name: Name of the argument.
            kind: The kind.
            arguments: What is bound already.
        """
        if self.demands.feed is not None and self.takes_feed(name, kind):
            return self._from_feed(name, self.demands.feed)
        known = self._known(name, kind)
        pinned = self.walk.pinned.get(kind)
        if pinned is not None and pinned not in arguments.values():
            if self.spec.kinds[kind].origin != "issued":
                return Choice(pinned, Said(self.walk.turn, verbalise(pinned, self.spec.kinds[kind])))
            known = [value for value in known if value == pinned] or known
        if self.spec.kinds[kind].origin == "issued":
            return self._from_outputs(name, kind, known, arguments)
        choice = self._said_before(name, kind, arguments)
        if choice is None and known and self.rng.random() < self._share_of_outputs(name, kind, known):
            choice = self._from_outputs(name, kind, known, arguments)
        return choice or self._said_now(name, kind, arguments)

    def items(self, name: str, field: Field) -> list[Choice]:
        """Choose a few known values for a list of issued ones; fewer than the list needs if there are no more."""
        if field.array is None or field.array.kind is None:
            return []
        kind, role = field.array.kind, field.array.role
        known = self._known(name, kind)
        least, usual = max(field.min_items, 1), self.weights.list_items
        most = min(len(known), field.max_items or usual, max(usual, least))
        if most < least:
            return []
        count = int(self.rng.integers(least, most + 1))
        alone, order = len(known) == 1, self.rng.permutation(len(known))
        found = [self._point_at("", kind, known[int(i)], role, alone=alone) for i in order]
        return [choice for choice in found if choice is not None][:count]

    def suggest(self, name: str, field: Field, arguments: JsonObject) -> Json:
        """Return a value that makes sense in the world as it is, else one of the schema; None if there is none."""
        value = self._kept_to(name, field, arguments)
        if value is None:
            value = self.walk.domain.suggest(self.walk.state, self.tool.name, name, arguments, self.rng)
        return self._from_schema(field_schema(self.spec, field)) if value is None else value

    def _kept_to(self, name: str, field: Field, arguments: JsonObject) -> Json:
        """Return what the user has said for another tool under the same name: who asks for the 6th books the 6th.

        None where nothing was said, the turns are too far apart for it, or the weights leave it to chance.
        """
        schema = field_schema(self.spec, field)
        if self.weights.one_thread and not self.loose:
            value = in_keeping(self.walk, self.tool, name, arguments)
            if value is not None and jsonschema_rs.is_valid(schema, value):
                return value
        if self.weights.made_and_changed >= 1 or self.loose or schema.get("type") != "string" or "enum" in schema:
            return None
        for step in reversed(self.walk.steps):
            value = step.call.arguments.get(name)
            said = isinstance(step.sources.get(pointer_of([name])), Said)
            looks = "read" in (self.spec.tools[step.call.name].effect, self.tool.effect)  # what is moved gets a new day
            if not (said and looks) or step.call.name == self.tool.name or not jsonschema_rs.is_valid(schema, value):
                continue
            return value if step.turn == self.walk.turn or self.rng.random() < self.weights.keep_focus else None
        return None

    # ------------------------------------------------------------------------------------------------- outputs

    def _share_of_outputs(self, name: str, kind: str, known: list[Json]) -> float:
        """Return how often a value is taken from an output: mostly where a supporting call has just shown it."""
        steps = self.walk.steps
        role = self._role(name)
        shown = {source.step for value in known for source in self.walk.permitted(kind, value, role)}
        looked_up = any(steps[k].turn == self.walk.turn and not steps[k].user_requested for k in shown)
        return self.weights.take_looked_up if looked_up else self.weights.take_output

    def _from_outputs(self, name: str, kind: str, known: list[Json], arguments: JsonObject) -> Choice | None:
        taken = {value for value in arguments.values() if isinstance(value, int | float | str)}
        fitting = self._fitting(name, [value for value in known if value not in taken])
        for value in self._in_order(kind, self._preferred(kind, fitting))[: self.weights.values_tried]:
            place = (name, kind, value)
            if place not in self._pointed:
                self._pointed[place] = self._point_at(name, kind, value, self._role(name), alone=len(known) == 1)
            if self._pointed[place] is not None:
                return self._pointed[place]
        return None

    def _fitting(self, name: str, values: list[Json]) -> list[Json]:
        """Return the values with which a parameter's facts hold; the first fact that rules all out is remembered."""
        for fact in self._facts_of(name) if self.demands.fit else ():
            left = [value for value in values if self.walk.domain.holds(self.walk.state, fact, value)]
            if values and not left:
                self.unmet_need = ("fact", fact)
            values = left
        return values

    def _facts_of(self, name: str) -> dict[str, None]:
        """Return the facts that have to hold of a parameter's value."""
        field = self.tool.parameters[name].field
        own = field.kind is not None and self.tool.about(field.kind) == name
        about = [fact for fact in self.tool.needs if own and self.spec.facts[fact].about == field.kind]
        return dict.fromkeys((*about, *field.holds))

    def _preferred(self, kind: str, values: list[Json]) -> list[Json]:
        """Return those values that the turn is about, or all where it is about none or does not mind this time."""
        if self.loose:
            return values
        values = self._from_source(kind, values)
        in_use = [value for value in self._in_use(kind) if value in values]
        if in_use and self.rng.random() < self.weights.keep_in_use:
            return in_use
        focus = [value for value in self.walk.focus.get(kind, ()) if value in values]
        if focus and self.rng.random() < self.weights.keep_focus:
            return focus
        return values

    def _from_source(self, kind: str, values: list[Json]) -> list[Json]:
        """Return those values that the call gave which the walk prefers, or all."""
        source = self.walk.preferred_source
        if source is None or source.kind != kind or self.rng.random() >= self.weights.keep_to_source:
            return values
        given = set(self.walk.knowledge.given_by(kind, source.step))
        return [value for value in values if value in given] or values

    def _in_use(self, kind: str) -> Iterator[Json]:
        """Iterate over the values of a kind that the turn's supporting calls were made for: it is about them."""
        for step in self.walk.turn_steps():
            parameters = self.spec.tools[step.call.name].parameters
            for name, value in step.call.arguments.items() if not step.user_requested else ():
                if parameters[name].field.kind == kind:
                    yield value

    def _in_order(self, kind: str, values: list[Json]) -> list[Json]:
        """Return values in random order, sometimes those first that took the most calls to get."""
        order = [values[int(i)] for i in self.rng.permutation(len(values))]
        if self.rng.random() < self.weights.go_deeper:
            order.sort(key=lambda value: -self._depth(kind, value))
        return order

    def _depth(self, kind: str, value: Json) -> int:
        return self.walk.depths[self.walk.knowledge.sources(kind, value)[0].step]

    def _point_at(self, name: str, kind: str, value: Json, role: str, *, alone: bool) -> Choice | None:
        """Take a known value if the user can point at it.

        A supporting call needs no words where there is only one, or where nobody speaks of such things (codes, handles)
        and the world takes the right one alone.
        """
        sources = self.walk.permitted(kind, value, role)
        spec = self.spec.kinds[kind]
        handle = spec.origin == "issued" and not spec.references
        if not self.demands.user_requested and (alone or handle):
            return Choice(value, Output(sources[0].step, sources[0].pointer))
        before = self._pointed_before(kind, value, {each.step for each in sources})
        mention = before or refer(self.walk, kind, value, role=role)
        if mention is None or not is_of_one_role(self.walk, name, mention, role):
            return None
        known = next(k for k in sources if k.step == mention.step)
        return Choice(value, Output(known.step, known.pointer), mention)

    def _pointed_before(self, kind: str, value: Json, steps: Collection[int]) -> Mention | None:
        """Return the words that this turn's message has for a value already: one thing, one way to point at it.

        Args:
            kind: Kind of the value.
            value: The value.
            steps: Calls from whose results the value may be taken.
        """
        for step in self.walk.turn_steps():
            for mention in step.mentions.values():
                of_value = (mention.kind, mention.value) == (kind, value) and mention.step in steps
                if of_value and mention.way in ("fields", "least", "most"):
                    return mention
        return None

    def _from_feed(self, name: str, feed: Feed) -> Choice | None:
        role, given = self._role(name), self.walk.knowledge.given_by(feed.kind, feed.step)
        fitting = self._fitting(name, [value for value in given if self._from_step(name, feed, value)])
        for i in self.rng.permutation(len(fitting))[: self.weights.values_tried]:
            mention = refer_to_given(self.walk, feed, fitting[int(i)], role)
            if mention is not None and is_of_one_role(self.walk, name, mention, role):
                sources = self.walk.permitted(feed.kind, mention.value, role)
                known = next(each for each in sources if each.step == feed.step)
                self.fed = True
                return Choice(known.value, Output(known.step, known.pointer), mention)
        return None

    # ---------------------------------------------------------------------------------------------------- said

    def _said_before(self, name: str, kind: str, arguments: JsonObject) -> Choice | None:
        """Keep to what the turn's supporting calls were told for the same: one date, one number of nights, one city."""
        if self.loose or self.rng.random() > self.weights.keep_in_use:
            return None
        permits, role = self.walk.graph.roles.permits, self._role(name)
        for step in self.walk.turn_steps():
            parameters = self.spec.tools[step.call.name].parameters
            for other, value in step.call.arguments.items() if not step.user_requested else ():
                field, source = parameters[other].field, step.sources.get(pointer_of([other]))
                same = field.kind == kind and permits(kind, field.role, role)
                if same and isinstance(source, Said) and value not in arguments.values():
                    return Choice(value, source)
        return None

    def _said_now(self, name: str, kind: str, arguments: JsonObject) -> Choice | None:
        value = self.suggest(name, self.tool.parameters[name].field, arguments)
        if value is None:
            return None
        return Choice(value, Said(self.walk.turn, verbalise(value, self.spec.kinds[kind])))

    def _from_schema(self, schema: JsonObject) -> Json:
        """Make up a value where neither the world nor the contract has one to offer: an option or a small number."""
        if "enum" in schema:
            return pick(self.rng, schema["enum"])
        if schema.get("type") == "integer":
            low = int(schema.get("minimum", 1))
            return int(self.rng.integers(low, int(schema.get("maximum", low + self.weights.integer_span)) + 1))
        return None
