"""The way to a requested call: look-ups that make its values known, and what has to hold before it is let through.

Each look-up is tried on a fork of the walk and kept only where it gives what is missing, so the same request leads to
different calls in different worlds and at different moments of a dialogue.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from fr_envs.contract.spec import field_at
from fr_envs.json_values import leaves_of, parts_of
from fr_envs.world.tool_call import ToolCall
from fr_synth.situations.calls.arguments import argument_paths, plain_arguments
from fr_synth.situations.calls.search import Search
from fr_synth.situations.mishaps.plan import NO_MISHAP
from fr_synth.situations.mishaps.striking import Outage, strike
from fr_synth.situations.scope import Entity, MissingPathError
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.provenance import Output

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.contract.spec import ToolSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.situation.spec import Lookup
    from fr_envs.world.domain import Outcome
    from fr_synth.language.mishaps import WhatWentWrong
    from fr_synth.sample.walk import Walk
    from fr_synth.situations.calls.sourcing import Sourcing
    from fr_synth.situations.scope import Scope

__all__ = ["Supply"]

_DEEPEST = 4  # look-ups that rest on each other
_TRIES = 12  # bindings of a call that is to make a fact true


class Supply:
    """Makes calls, and before each of them whatever it needs.

    Attributes:
        problem: Why the latest call could not be made, in words.
        mishap: What is to go wrong in the turn.
        mended: For calls, by their numbers, that were made after something had gone wrong: what may be thought then.
        fails: Codes of errors with which the latest request may end.
    """

    def __init__(self, scope: Scope, sourcing: Sourcing) -> None:
        """Take what can be spoken of, and where values can come from."""
        self.scope = scope
        self.sourcing = sourcing
        self.problem = ""
        self.lookups: Sequence[Lookup] = ()
        self._thoughts: list[tuple[ExecutedCall, tuple[str, ...]]] = []
        self.mishap = NO_MISHAP
        self.mended: dict[int, Sequence[WhatWentWrong]] = {}
        self.fails: Sequence[str] = ()
        self._anew = False  # values that are known do not do; they are looked up again
        self._search = Search(0)

    def call(
        self, walk: Walk, tool: str, written: JsonObject, *, asked: bool, lookups: Sequence[Lookup] = ()
    ) -> ExecutedCall | None:
        """Make a call as a situation writes it, with the way to it; None, and nothing taken, if there is no way.

        Args:
            walk: Where the dialogue stands.
            tool: The tool.
            written: Its arguments.
            asked: The person asks for it.
            lookups: Look-ups of an expert, tried before any other.
        """
        self.problem = ""
        before, self.lookups = self.lookups, lookups or self.lookups
        self._search = Search(len(walk.steps))
        trial = walk.fork()
        try:
            made = self._called(trial, tool, written, asked=asked, depth=0)
        except Outage:
            walk.become(trial)
            raise
        finally:
            self.lookups = before
        if made is not None:
            walk.become(trial)
        return made

    def _called(self, walk: Walk, tool: str, written: JsonObject, *, asked: bool, depth: int) -> ExecutedCall | None:
        try:
            arguments = plain_arguments(written, self.scope)
        except MissingPathError as missing:
            self.problem = f"{tool}: nothing at {missing}"
            return None
        paths = argument_paths(written)
        return self._made(walk, ToolCall(tool, arguments), paths, asked=asked, depth=depth)

    def _made(
        self, walk: Walk, call: ToolCall, paths: dict[str, str], *, asked: bool, depth: int
    ) -> ExecutedCall | None:
        if not self._known(walk, call, paths, depth):
            return None
        for _ in range(_DEEPEST):
            outcome = walk.domain.apply(walk.state, call)
            if outcome.error is None:
                return self._taken(walk, call, paths, outcome, asked=asked)
            self.problem = f"{call.name}: {outcome.error.code}: {outcome.error.message}"
            if asked and outcome.error.code in self.fails:
                return self._taken(walk, call, paths, outcome, asked=False)
            if depth >= _DEEPEST or not self._set_right(walk, call, outcome.error.code, depth):
                return None
        return None

    def _taken(
        self, walk: Walk, call: ToolCall, paths: dict[str, str], outcome: Outcome[Any], *, asked: bool
    ) -> ExecutedCall | None:
        sources, mentions = {}, {}
        for pointer, value in leaves_of(call.arguments):
            source = self.sourcing.source(walk, call.name, pointer, value, paths.get(pointer, ""))
            if source is None:
                self.problem = f"{call.name}: nobody tells {pointer} = {value!r}"
                return None
            sources[pointer] = source
            if isinstance(source, Output):
                mention = self.sourcing.mention(walk, call.name, (pointer, value), paths.get(pointer, ""), source)
                if mention is not None:
                    mentions[pointer] = mention
        step = ExecutedCall(
            call,
            outcome.value,
            walk.state,
            outcome.state,
            sources,
            mentions,
            user_requested=asked,
            turn=walk.turn,
            error="" if outcome.error is None else outcome.error.code,
        )
        if step.error:
            walk.take(step)
            return step
        step = self._struck(walk, step)
        walk.take(step)
        return step

    def _struck(self, walk: Walk, step: ExecutedCall) -> ExecutedCall:
        """Let go wrong before a call what is to go wrong; return the call as it runs after that.

        Raises:
            Outage: It fails to the end of the turn.
        """
        struck = strike(walk, step, self.mishap, [each.text for each in self.sourcing.heard])
        if struck is None:
            return step
        trial = walk.fork()
        for each in struck.steps:
            trial.take(each)
        if self.mishap.kind == "outage":
            walk.become(trial)
            self.mended[len(walk.steps) - 1] = struck.before
            raise Outage
        outcome = walk.domain.apply(trial.state, step.call)
        left = (change.table for change in step.after.diff(outcome.state))
        if outcome.value != step.result or not walk.domain.hooks.incidental.issuperset(left):
            return step  # what comes of the right call must not depend on the wrong one
        walk.become(trial)
        self.mended[len(walk.steps)] = struck.before
        return step._replace(before=walk.state, result=outcome.value, after=outcome.state)

    # ------------------------------------------------------------------------------------ values that are missing

    def _known(self, walk: Walk, call: ToolCall, paths: dict[str, str], depth: int) -> bool:
        for pointer, value in list(leaves_of(call.arguments)):
            if self.sourcing.source(walk, call.name, pointer, value, paths.get(pointer, "")) is not None:
                continue
            kind = _kind_of(walk, call.name, pointer)
            if depth >= _DEEPEST or not self._find(walk, kind, value, depth):
                self.problem = f"{call.name}: no way to know {pointer} = {value!r}"
                return False
        return True

    def _find(self, walk: Walk, kind: str, value: Json, depth: int) -> bool:
        """Make a look-up that gives a value."""
        goal = self._search.goal(walk, kind, value, (each.call for each in self.lookups), anew=self._anew)
        if self._search.hopeless(goal, depth):
            return False
        with self._search.under_way(goal):
            found = self._found(walk, kind, value, depth)
        if not found:
            self._search.failed(goal, depth)
        return found

    def _found(self, walk: Walk, kind: str, value: Json, depth: int) -> bool:
        for tool, written, thought in self._ways(walk, kind):
            trial = walk.fork()
            kept, self.lookups = self.lookups, [each for each in self.lookups if each.call != tool]
            made = self._called(trial, tool, written, asked=False, depth=depth + 1)
            self.lookups = kept
            if made is not None and _gives(trial, made, kind, value):
                walk.become(trial)
                self._thoughts.append((made, thought))
                return True
        return False

    def thought(self, step: ExecutedCall) -> tuple[str, ...]:
        """Return what an expert thinks right before a look-up, in several wordings; empty where nothing is written."""
        return next((thought for made, thought in self._thoughts if made is step), ())

    def _ways(self, walk: Walk, kind: str) -> Iterator[tuple[str, JsonObject, tuple[str, ...]]]:
        for lookup in self.lookups:
            yield lookup.call, lookup.arguments, lookup.thought
        if not kind:
            return
        tools = walk.domain.spec.tools
        stem = kind.removesuffix("_id")
        for tool in sorted(walk.graph.producers(kind), key=lambda name: _rank(tools[name], stem)):
            if tools[tool].effect == "read" or tools[tool].implicit:
                yield from ((tool, written, ()) for written in self._written(walk, tool))

    def _written(self, walk: Walk, tool: str) -> Iterator[JsonObject]:
        """Yield arguments for a look-up whose every parameter is a thing of the cast or stands beside one."""
        required = [p for p in walk.domain.spec.tools[tool].parameters.values() if p.required]
        choices = []
        for parameter in required:
            paths = [name for name, thing in self.scope.names.items() if name == parameter.name]
            for name, thing in self.scope.names.items():
                if isinstance(thing, Entity):
                    paths += [name] if thing.kind == parameter.field.kind else []
                    paths += [f"{name}.{parameter.name}"] if parameter.name in thing.members else []
            choices.append(list(dict.fromkeys(paths)))
        for chosen in itertools.islice(itertools.product(*choices), _TRIES):
            yield dict(zip((p.name for p in required), chosen, strict=True))

    # ------------------------------------------------------------------------------------------------ what has to hold

    def _set_right(self, walk: Walk, call: ToolCall, code: str, depth: int) -> bool:
        """Make the fact true whose absence a refusal means."""
        facts = walk.domain.spec.facts
        for fact in walk.graph.facts:
            if facts[fact].violation == code:
                for setter in walk.graph.setters(fact):
                    if setter != call.name and self._set(walk, setter, call, depth + 1):
                        return True
        return False

    def _set(self, walk: Walk, setter: str, call: ToolCall, depth: int) -> bool:
        """Make a fact true with what is known, or with what is looked up anew (a code of before is used up)."""
        kept = self._anew
        try:
            for self._anew in (False, True):
                if self._set_now(walk, setter, call, depth):
                    return True
        finally:
            self._anew = kept
        return False

    def _set_now(self, walk: Walk, setter: str, call: ToolCall, depth: int) -> bool:
        trial = walk.fork()
        tool = walk.domain.spec.tools[setter]
        choices: list[list[Json]] = []
        for parameter in (p for p in tool.parameters.values() if p.required):
            values = self._values(trial, parameter.name, parameter.field.kind or "", call, depth)
            if not values:
                return False
            choices.append(values)
        names = [p.name for p in tool.parameters.values() if p.required]
        for chosen in itertools.islice(itertools.product(*choices), _TRIES):
            attempt = trial.fork()
            ready = ToolCall(setter, dict(zip(names, chosen, strict=True)))
            if self._made(attempt, ready, {f"/{name}": name for name in names}, asked=False, depth=depth) is not None:
                walk.become(attempt)
                return True
        return False

    def _values(self, walk: Walk, name: str, kind: str, call: ToolCall, depth: int) -> list[Json]:
        """Return values for a parameter of a call that makes a fact true: at hand, said, or looked up now."""
        beside = [value for pointer, value in leaves_of(call.arguments) if _kind_of(walk, call.name, pointer) == kind]
        if beside:
            return beside
        said = self.scope.get(name)
        if said is not None:
            return [said]
        before = len(walk.knowledge.values(kind))
        if self._anew or not before:
            stem = kind.removesuffix("_id")
            tools = walk.domain.spec.tools
            for tool in sorted(walk.graph.producers(kind), key=lambda each: _rank(tools[each], stem)):
                trial = walk.fork()
                written = next(iter(self._written(walk, tool)), None)
                if written is None or self._called(trial, tool, written, asked=False, depth=depth + 1) is None:
                    continue
                if len(trial.knowledge.values(kind)) > before:
                    walk.become(trial)
                    break
        return list(walk.knowledge.values(kind))[::-1] if self._anew else walk.knowledge.values(kind)


def _kind_of(walk: Walk, tool: str, pointer: str) -> str:
    name, *rest = parts_of(pointer)
    field = field_at(walk.domain.spec.tools[tool].parameters[name].field, rest)
    return "" if field is None else field.kind or ""


def _rank(tool: ToolSpec, stem: str) -> tuple[int, int, int, int]:
    """Return how far a tool is from the plain listing of a kind; smaller is nearer."""
    name, parameters = tool.name, tool.parameters
    required = sum(parameter.required for parameter in parameters.values())
    plain = 0 if name.startswith("list_") and stem in name else 1
    return plain, required, 0 if tool.effect == "read" else 1, len(name)


def _gives(walk: Walk, made: ExecutedCall, kind: str, value: Json) -> bool:
    """Return True if a call has made a value known."""
    if kind:
        return bool(walk.knowledge.sources(kind, value))
    return any(found == value for _, found in leaves_of(made.result))
