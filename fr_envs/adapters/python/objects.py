"""A Python object whose public methods are tools, as a world.

The state is a frozen snapshot of the object; each call thaws a copy, runs the method on it, and freezes what it has
become. A tool that raises, hangs or gives what JSON cannot say is refused with a code and leaves no trace; arguments
are handed over as copies.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from typing_extensions import override

from fr_envs.adapters.facts import holds_at_first, mentioned
from fr_envs.adapters.foreign import collect, fitted
from fr_envs.adapters.python.chosen import public_methods, tool_methods
from fr_envs.adapters.python.coroutines import GRACE, finished, is_coroutine_tool
from fr_envs.adapters.python.docs import by_place_alone, hints_of, tools_of_docs, tools_of_methods
from fr_envs.adapters.python.frozen_objects import HeldFact, ObjectState, freeze, thaw
from fr_envs.adapters.python.live import LiveObjects
from fr_envs.adapters.python.values import convertible, plain, taken
from fr_envs.adapters.watchdog import OutOfTime, Ran, first_line, run_within
from fr_envs.errors import ForeignToolError, Refusal
from fr_envs.streams import generator
from fr_envs.world.domain import Domain, Effect, Hooks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy as np

    from fr_envs.adapters.foreign import Names, OnError
    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Scale

__all__ = ["PLAIN", "TIME_LIMIT", "Handling", "MethodTool", "domain_from_object"]

TIME_LIMIT = 5.0
"""Seconds that a tool may take, if nothing else is said."""


class Handling(NamedTuple):
    """How an object is dealt with.

    Attributes:
        ignored: Names of attributes, at any depth, that no tool reads and that are no part of the contents.
        report: Told once, in a line, when a tool changes an argument, or is found to hang.
        say: Says in JSON what JSON has no word for, such as ``str``; a tool that gives such a thing is refused
            without it.
        on_error: What a tool that hangs or changes its arguments does: stop everything with its error, or, where it is
            skipped, be refused from then on if it hangs, and go on with copies if it changes arguments.
        error_member: Member of a result that tells of a failure, such as ``error``; such a result is a refusal, and the
            state stays as it was. None where tools raise when they fail.
        tools: Names of the methods that are tools; None for those marked with ``fr_envs.tool``, else those that have a
            docstring.
    """

    ignored: tuple[str, ...] = ()
    report: Callable[[str], None] | None = None
    say: Callable[[Any], Json] | None = None
    on_error: OnError = "skip"
    error_member: str | None = None
    tools: tuple[str, ...] | None = None


PLAIN = Handling()
"""All of it is state, nobody is told, and JSON has to do."""


class MethodTool:
    """The handler of one method. Picklable where ``handling`` is.

    Args:
        spec: Contract of the world.
        name: Name of the tool.
        names: Its owner's names.
        handling: How the object is dealt with.
        time_limit: Seconds that a call may take, None for no limit.
        live: Objects that stand in a state, which the tools of one world share.
    """

    def __init__(
        self,
        spec: DomainSpec,
        name: str,
        names: Names,
        handling: Handling = PLAIN,
        time_limit: float | None = TIME_LIMIT,
        live: LiveObjects | None = None,
    ) -> None:
        """Keep the parts."""
        self.tool = spec.tools[name]
        self.names = names
        self.about = {fact: spec.facts[fact].about for fact in (*self.tool.sets, *self.tool.clears)}
        self.handling = handling
        self.time_limit = time_limit
        self.live = LiveObjects(handling.ignored, handling.report) if live is None else live
        self._hangs = False
        self._hints: dict[str, Any] | None = None  # found at the first call: types of a toolkit may not pickle
        self._by_place: tuple[str, ...] = ()  # parameters that no call can name, found with them
        self._changes: set[str] = set()  # arguments of which it has been reported

    def __call__(self, state: ObjectState, /, **arguments: Json) -> Effect[ObjectState]:
        """Run the method on a copy of the object.

        Raises:
            Refusal: It raised, took too long, or gave what JSON cannot say.
            ForeignToolError: It took too long or changed its arguments, and such things are to stop everything.
        """
        given = self.names.owned(self.tool, arguments)
        if self._hangs:
            raise self._late()
        handed = _copied(given)
        reads = self.tool.effect == "read" and not (self.tool.sets or self.tool.clears)
        played = self.live.play(state, self.tool.name, functools.partial(self._ran, handed), reads=reads)
        if played.ran.late:
            raise self._found_hanging()
        raised = played.ran.raised
        if isinstance(raised, Refusal) and raised.code in self.tool.errors:
            raise raised
        if raised is not None:
            raise Refusal("tool_failed", f"{type(raised).__name__}: {raised}".rstrip(": ")) from raised
        self._watch(given, handed)
        value = played.ran.value
        value = value if isinstance(value, dict) else {"result": value}
        return Effect(self._with_facts(played.state, arguments, value), value)

    @override
    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_hints": None}

    def _ran(self, handed: JsonObject, instance: object) -> Ran[Json]:
        """Run the method, and say in JSON what it gives, all of that within the time limit."""
        method = getattr(instance, self.names.tool)
        if self._hints is None:
            self._hints = convertible(hints_of(method))
            self._by_place = by_place_alone(method)
        limit = self.time_limit
        bound = limit + GRACE if limit is not None and is_coroutine_tool(method) else limit
        ran = run_within(bound, functools.partial(self._called, method, handed))
        return Ran(None, None, late=True) if isinstance(ran.raised, OutOfTime) else ran

    def _called(self, method: Callable[..., Any], handed: JsonObject) -> Json:
        hints = self._hints or {}
        arguments = {name: taken(item, hints[name]) if name in hints else item for name, item in handed.items()}
        in_order = [arguments.pop(name) for name in self._by_place if name in arguments]
        with contextlib.redirect_stdout(sys.stderr):  # what a tool prints is no part of what a command writes
            return self._json(finished(method(*in_order, **arguments), self.time_limit))

    def _late(self) -> Refusal:
        return Refusal("time_limit", f"{self.tool.name} was stopped after {self.time_limit:g} s.")

    def _found_hanging(self) -> Refusal | ForeignToolError:
        """Return what a tool that hangs is answered with; it is not run again where it is skipped."""
        problem = f"did not return within {self.time_limit:g} s"
        if self.handling.on_error == "stop":
            return ForeignToolError(self.tool.name, problem, "fix it, raise the time limit, or skip such tools")
        self._hangs = True
        if self.handling.report is not None:
            self.handling.report(f"{self.tool.name} {problem}; it is out of service from now on")
        return self._late()

    def _watch(self, given: JsonObject, handed: JsonObject) -> None:
        for name in sorted(given):
            if handed.get(name) == given[name]:
                continue
            if self.handling.on_error == "stop":
                raise ForeignToolError(
                    self.tool.name, f"changes its argument {name!r}", "let it work on a copy, or skip such tools"
                )
            if self.handling.report is not None and name not in self._changes:
                self._changes.add(name)
                self.handling.report(f"{self.tool.name} changes its argument {name!r}; it was given a copy")

    def _json(self, value: object) -> Json:
        try:
            said = plain(value, self.handling.say)
        except (TypeError, ValueError, RecursionError) as error:
            raise Refusal("no_json", f"{self.tool.name} gave what is no JSON: {error}") from error
        member = self.handling.error_member
        if member is not None and isinstance(said, dict) and said.get(member):
            raise Refusal("tool_failed", str(said[member]))
        return said

    def _with_facts(self, state: ObjectState, arguments: JsonObject, value: JsonObject) -> ObjectState:
        facts = state.facts
        for holds, names in ((True, self.tool.sets), (False, self.tool.clears)):
            for name in names:
                for key in self._keys(name, arguments, value):
                    facts = facts.put(key, HeldFact(holds))
        return state if facts is state.facts else msgspec.structs.replace(state, facts=facts)

    def _keys(self, fact: str, arguments: JsonObject, value: JsonObject) -> list[str]:
        about = self.about.get(fact)
        if about is None:
            return [fact]
        given = {name: parameter.field for name, parameter in self.tool.parameters.items()}
        return [_key(fact, each) for each in mentioned(about, [(given, arguments), (self.tool.returns, value)])]


def _key(fact: str, value: Json) -> str:
    return f"{fact} {json.dumps(value, sort_keys=True)}"


def _holds(fact: str, at_first: bool, state: ObjectState, value: Json = None) -> bool:
    row = state.facts.get(fact if value is None else _key(fact, value))
    return at_first if row is None else row.holds


class _Initial:
    """Builds first states from a factory. Picklable where the factory is."""

    def __init__(self, factory: Callable[..., object], ignored: tuple[str, ...]) -> None:
        self.factory = factory
        self.ignored = ignored
        self.seeded = "rng" in inspect.signature(factory).parameters

    def __call__(self, rng: np.random.Generator, scale: Scale) -> ObjectState:
        make = functools.partial(self.factory, rng=rng) if self.seeded else self.factory
        ran = run_within(None, make)
        if ran.raised is not None:
            problem = f"cannot be made: {first_line(ran.raised)}"
            raise ForeignToolError(_called_as(self.factory), problem, "fix what makes the object") from ran.raised
        return freeze(ran.value, self.ignored)

    @override
    def __repr__(self) -> str:
        return f"_Initial({self.factory!r})"


def domain_from_object(
    factory: Callable[..., object],
    *,
    name: str,
    docs: Iterable[Mapping[str, Json]] | None = None,
    spec: DomainSpec | None = None,
    time_limit: float | None = TIME_LIMIT,
    handling: Handling = PLAIN,
) -> Domain[ObjectState]:
    """Make a world of an object whose public methods are tools.

    Args:
        factory: Makes the object: its class, or a function; given ``rng`` where it takes a parameter of that name.
        name: Short name of the world.
        docs: Function docs, bare or as OpenAI tools, of the methods that are tools; type hints and docstrings of
            those that ``handling.tools`` names, that are marked, or that have a docstring, if not given.
        spec: A corrected contract in place of the one that is made of the methods; tools that it lacks are left out.
        time_limit: Seconds that a call may take, None for no limit.
        handling: What is no part of the state, what faulty tools do, who hears of them, how the unsayable is said.

    Raises:
        UsageError: The object has no method that is a tool.
        ForeignToolError: The object cannot be made.
        SpecError: A doc or ``spec`` names what the object has not, and faulty tools stop; or no tool is left.

    Example:
        >>> class Counter:
        ...     "Counts."
        ...     def __init__(self) -> None:
        ...         self.count = 0
        ...     def add(self, amount: int) -> int:
        ...         "Add to the count."
        ...         self.count += amount
        ...         return self.count
        >>> from fr_envs.episode.session import Session
        >>> session = Session(domain_from_object(Counter, name="counter"))
        >>> _ = session.reset()
        >>> session.call("add", {"amount": 2}), session.call("add", {"amount": "many"})["error"]["code"]
        ({'result': 2}, 'invalid_arguments')
    """
    initial = _Initial(factory, handling.ignored)
    kind = factory if isinstance(factory, type) else type(_sample(initial))
    methods = tool_methods(kind, handling.tools) if docs is None else public_methods(kind)
    summary = (inspect.getdoc(kind) if "__doc__" in vars(kind) else None) or f"The tools of {kind.__name__}."
    source = f"<{kind.__name__}>"
    found = tools_of_methods(methods) if docs is None else tools_of_docs(docs, methods, f"<{name}>")
    imported = collect(
        found, name=name, summary=summary.splitlines()[0], source=source,
        on_error="stop" if docs is None else handling.on_error,
    )  # fmt: skip
    spec, left_out = fitted(imported, spec, handling.on_error)
    live = LiveObjects(handling.ignored, handling.report)
    handlers = {
        tool: MethodTool(spec, tool, imported.names[tool], handling, time_limit, live)
        for tool in spec.tools
        if tool in imported.names
    }
    facts = {fact: functools.partial(_holds, fact, holds_at_first(spec, fact)) for fact in spec.facts}
    incidental = frozenset({"facts"})
    domain = Domain(spec, handlers, Hooks(initial, facts=facts, incidental=incidental))
    domain.left_out = left_out
    return domain


def _called_as(factory: Callable[..., object]) -> str:
    return getattr(factory, "__qualname__", type(factory).__qualname__)


def _sample(initial: _Initial) -> object:
    return thaw(initial(generator(0), "small"))


def _copied(arguments: JsonObject) -> JsonObject:
    copied: JsonObject = msgspec.msgpack.decode(msgspec.msgpack.encode(arguments))
    return copied
