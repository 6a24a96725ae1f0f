"""Where the values of a situation's calls come from: said, told by an output, worked out, or documented as default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.contract.spec import field_at
from fr_envs.json_values import at_pointer, leaves_of, member_of, parts_of, pointer_of
from fr_synth.language.verbalise import mentions_value, stands_in, verbalise
from fr_synth.situations.casting import condition_of, today_of
from fr_synth.situations.scope import Entity, Result, Worked
from fr_synth.trace.dataflow.mention import Mention, Way
from fr_synth.trace.dataflow.provenance import Default, Derived, Output, Said
from fr_synth.verify.words.said_dates import names_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import Json
    from fr_synth.sample.walk import Walk
    from fr_synth.situations.rendering import Referring, Rendered
    from fr_synth.situations.scope import Scope
    from fr_synth.trace.awaited import Awaited
    from fr_synth.trace.dataflow.provenance import Provenance

__all__ = ["Sourcing"]


class Sourcing:
    """Finds the source of each argument.

    Attributes:
        heard: What the person has said, turn by turn.
        open: For turns that left a call undone, by their numbers: the call. What was said of it holds until it is made.
    """

    def __init__(self, scope: Scope) -> None:
        """Take what can be spoken of."""
        self.scope = scope
        self.heard: list[Rendered] = []
        self.open: dict[int, Awaited] = {}

    def hear(self, said: Rendered) -> None:
        """Take what the person says in the next turn."""
        self.heard.append(said)
        self.open.pop(len(self.heard) - 1, None)

    def leave_open(self, awaited: Awaited | None) -> None:
        """Take that the turn left a call undone."""
        if awaited is not None and awaited.tool:
            self.open[len(self.heard) - 1] = awaited

    def _still_open(self, value: Json) -> Iterator[int]:
        """Iterate over the turns right before this one that left a call with a value undone, the latest first."""
        for turn in range(len(self.heard) - 2, -1, -1):
            if turn not in self.open:
                return
            if any(each == value and type(each) is type(value) for _, each in leaves_of(self.open[turn].arguments)):
                yield turn

    def source(self, walk: Walk, tool: str, pointer: str, value: Json, path: str) -> Provenance | None:
        """Return where an argument comes from; None if nobody has told it.

        Args:
            walk: Where the dialogue stands.
            tool: The tool.
            pointer: JSON pointer to the leaf.
            value: The leaf.
            path: The path by which the situation names it; empty where it names none.
        """
        parameter = walk.domain.spec.tools[tool].parameters[member_of(pointer)]
        now = len(self.heard) - 1
        found = (
            self._said(walk, now, path, value)
            or self._worded(now, parameter.said_as(value))
            or self._pointed(walk, path, value)
            or self._derived(walk, path, value)
            or self._left_open(walk, path, value, parameter.said_as(value))
            or self._output(walk, tool, pointer, value)
            or next(filter(None, (self._said(walk, turn, path, value) for turn in range(now - 1, -1, -1))), None)
            or self._derived(walk, path, value)
        )
        if found is None and not parameter.required and parameter.default == value:
            return Default()
        return found

    def _left_open(self, walk: Walk, path: str, value: Json, ways: tuple[str, ...]) -> Said | None:
        """Return what was said of a value when the call was left undone that is made now."""
        turns = list(self._still_open(value))
        said = (self._said(walk, turn, path, value) or self._worded(turn, ways) for turn in turns)
        return next(filter(None, said), None)

    def _said(self, walk: Walk, turn: int, path: str, value: Json) -> Said | None:
        if isinstance(value, bool) or value is None:
            return None
        message = self.heard[turn]
        for filled in message.filled:
            if filled.value == value and (filled.path == path or not path) and _tells(walk, filled.text, value):
                return Said(turn, filled.text)
        if path and any(filled.path == path for filled in message.filled):
            pass
        elif isinstance(self._thing(path), Entity):
            return None  # a thing of the cast is pointed at, never spelt
        lowered = message.text.lower()
        for text in dict.fromkeys((str(value), verbalise(value))):
            if text and stands_in(text.lower(), lowered) and mentions_value(message.text, value):
                return Said(turn, text)
        return None

    def _thing(self, path: str) -> Entity | Result | Worked | None:
        return self.scope.names.get(path) if path and "." not in path else None

    def _worded(self, turn: int, ways: tuple[str, ...]) -> Said | None:
        """Return the contract's own words for an optional value, where the message has some of them."""
        lowered = self.heard[turn].text.lower()
        return next((Said(turn, words) for words in ways if stands_in(words.lower(), lowered)), None)

    def _pointed(self, walk: Walk, path: str, value: Json) -> Output | None:
        place = self.scope.pointer(path) if path else None
        if place is None or place[0] >= len(walk.steps):
            return None
        try:
            stands = at_pointer(walk.steps[place[0]].result, place[1]) == value
        except LookupError:
            return None
        return Output(*place) if stands else None

    def _output(self, walk: Walk, tool: str, pointer: str, value: Json) -> Output | None:
        name, *rest = parts_of(pointer)
        field = field_at(walk.domain.spec.tools[tool].parameters[name].field, rest)
        if field is None or field.kind is None or isinstance(value, dict | list):
            return None
        known = walk.knowledge.sources(field.kind, value)
        return Output(known[-1].step, known[-1].pointer) if known else None

    def _derived(self, walk: Walk, path: str, value: Json) -> Derived | None:
        thing = self.scope.names.get(path)
        if not isinstance(thing, Worked) or thing.value != value:
            return None
        return self._worked(walk, thing)

    def _worked(self, walk: Walk, thing: Worked) -> Derived | None:
        if not thing.expression:
            return None
        inputs = [
            self._input(walk, each) if isinstance(each, str) else self._worked(walk, each) for each in thing.inputs
        ]
        known = tuple(each for each in inputs if each is not None)
        return Derived(thing.expression, known) if known and len(known) == len(inputs) else None

    def _input(self, walk: Walk, path: str) -> Provenance | None:
        value = self.scope.get(path)
        found = self._pointed(walk, path, value) or next(
            filter(None, (self._said(walk, turn, path, value) for turn in range(len(self.heard) - 1, -1, -1))), None
        )
        if found is not None:
            return found
        thing = self._thing(path)
        if isinstance(thing, Entity) and thing.key is not None:  # a thing of the cast, as a result names it
            known = walk.knowledge.sources(thing.kind, thing.key)
            return Output(known[-1].step, known[-1].pointer) if known else None
        for number in range(len(walk.steps) - 1, -1, -1):  # a member of a thing of the cast, as a result shows it
            pointer = self._shown(walk, number, path, value)
            if pointer is not None:
                return Output(number, pointer)
        return self._derived(walk, path, value)

    def _shown(self, walk: Walk, number: int, path: str, value: Json) -> str | None:
        root, _, member = path.partition(".")
        thing = self.scope.names.get(root)
        if not isinstance(thing, Entity) or not member or thing.key is None:
            return None
        for known in walk.knowledge.sources(thing.kind, thing.key):
            if known.step == number and known.beside.get(member) == value:
                return f"{known.pointer.rpartition('/')[0]}/{member}"
        return None

    # ------------------------------------------------------------------------------------------------------- references

    def mention(self, walk: Walk, tool: str, leaf: tuple[str, Json], path: str, source: Output) -> Mention | None:
        """Return the words that point at an argument; None where none do.

        They stand in the turn's message, or in one before it that left a call with this argument undone.
        """
        pointer, value = leaf
        name, *rest = parts_of(pointer)
        field = field_at(walk.domain.spec.tools[tool].parameters[name].field, rest)
        kind = "" if field is None else field.kind or ""
        now = len(self.heard) - 1
        for turn in (now, *self._still_open(value)):
            for words in self.heard[turn].referring:
                root = path.partition(".")[0]
                whole = words.path == root and not isinstance(self.scope.names.get(root), Entity)
                if kind and (words.path == path or whole):
                    return self._mention(walk.turn - now + turn, words, kind, value, source)
        return None

    def _mention(self, turn: int, words: Referring, kind: str, value: Json, source: Output) -> Mention:
        if words.again:
            return Mention(turn, kind, value, words.text, "anaphora", {}, source.step)
        thing = self.scope.names[words.path.partition(".")[0]]
        group = _group_of(source.pointer)
        if isinstance(thing, Entity):
            way: Way = "fields" if words.by else "where"
            by = condition_of(thing, words.by)
            own = Mention(turn, thing.kind, thing.key, words.text, way, by, source.step, group)
            if kind == thing.kind:
                return own
            return Mention(turn, kind, value, words.text, way, by, source.step, group, own)
        if isinstance(thing, Result) and thing.way in ("least", "most") and thing.step == source.step:
            return Mention(turn, kind, value, words.text, thing.way, dict(thing.by), source.step, group)  # type: ignore[arg-type]
        by = {name: thing.value[name] for name in words.by} if words.by and isinstance(thing.value, dict) else {}
        conditions = by or (dict(thing.by) if isinstance(thing, Result) and thing.way == "where" else {})
        return Mention(turn, kind, value, words.text, "where", conditions, source.step, group)


def _group_of(pointer: str) -> str | None:
    """Return the pointer to the innermost list that a pointer goes through, None where it goes through none."""
    parts = parts_of(pointer)
    last = next((k for k in range(len(parts) - 1, -1, -1) if parts[k].isdecimal()), None)
    return None if last is None else pointer_of(parts[:last])


def _tells(walk: Walk, text: str, value: Json) -> bool:
    if mentions_value(text, value):
        return True
    return names_day(text, value, today_of(walk))
