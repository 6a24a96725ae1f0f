"""A Python object whose public methods are tools, as a world.

The state is a frozen snapshot of the object; each call thaws a copy, runs the method on it, and freezes what it has
become. A tool that raises, hangs or gives what JSON cannot say is refused with a code and leaves no trace; arguments
are handed over as copies.
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from typing_extensions import override

from fr_envs.adapters.frozen_object import ObjectState, freeze, thaw
from fr_envs.adapters.python_docs import docs_by_name, public_methods, tool_from_docs, tool_from_method
from fr_envs.adapters.watchdog import Ran, run_within
from fr_envs.domain import Domain, Effect, Hooks
from fr_envs.errors import Refusal, SpecError, UsageError
from fr_envs.spec import DomainSpec, ToolSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy as np

    from fr_envs.domain import Scale
    from fr_envs.state import Json, JsonObject

__all__ = ["PLAIN", "TIME_LIMIT", "Handling", "MethodTool", "domain_from_object"]

TIME_LIMIT = 5.0
"""Seconds that a tool may take, if nothing else is said."""


class Handling(NamedTuple):
    """How an object is dealt with.

    Attributes:
        ignored: Names of attributes, at any depth, that no tool reads and that are no part of the contents.
        report: Told in one line when a tool changes its arguments.
        say: Says in JSON what JSON has no word for, such as ``str``; a tool that gives such a thing is refused
            without it.
    """

    ignored: tuple[str, ...] = ()
    report: Callable[[str], None] | None = None
    say: Callable[[Any], Json] | None = None


PLAIN = Handling()
"""All of it is state, nobody is told, and JSON has to do."""


class MethodTool:
    """The handler of one method. Picklable where ``handling`` is.

    Args:
        tool: Its contract.
        handling: How the object is dealt with.
        time_limit: Seconds that a call may take, None for no limit.
    """

    def __init__(self, tool: ToolSpec, handling: Handling, time_limit: float | None = TIME_LIMIT) -> None:
        """Keep the parts."""
        self.tool = tool
        self.handling = handling
        self.time_limit = time_limit

    def __call__(self, state: ObjectState, /, **arguments: Json) -> Effect[ObjectState]:
        """Run the method on a copy of the object.

        Raises:
            Refusal: It raised, took too long, or gave what JSON cannot say.
        """
        given = {name: value for name, value in arguments.items() if value is not None or self._wants(name)}
        handed = _copied(given)
        instance = thaw(state)
        ran = run_within(self.time_limit, functools.partial(_called, instance, self.tool.name, handed))
        self._refuse(ran)
        report = self.handling.report
        if report is not None:
            for name in sorted(given):
                if handed.get(name) != given[name]:
                    report(f"{self.tool.name} changes its argument {name!r}; it was given a copy")
        value = self._json(ran.value)
        return Effect(freeze(instance, self.handling.ignored, state), value)

    def _wants(self, name: str) -> bool:
        """Say whether None is a value here, not the sign of an argument that was left out."""
        parameter = self.tool.parameters[name]
        return parameter.required

    def _refuse(self, ran: Ran[Any]) -> None:
        if ran.late:
            raise Refusal("time_limit", f"{self.tool.name} was stopped after {self.time_limit:g} s.")
        if ran.raised is not None:
            raise Refusal("tool_failed", f"{type(ran.raised).__name__}: {ran.raised}".rstrip(": ")) from ran.raised

    def _json(self, value: object) -> JsonObject:
        try:
            plain: Json = msgspec.to_builtins(value, str_keys=True, enc_hook=self.handling.say)
            msgspec.json.encode(plain)
        except (TypeError, ValueError, RecursionError) as error:
            raise Refusal("no_json", f"{self.tool.name} gave what is no JSON: {error}") from error
        return plain if isinstance(plain, dict) else {"result": plain}


class _Initial:
    """Builds first states from a factory. Picklable where the factory is."""

    def __init__(self, factory: Callable[..., object], ignored: tuple[str, ...]) -> None:
        self.factory = factory
        self.ignored = ignored
        self.seeded = "rng" in inspect.signature(factory).parameters

    def __call__(self, rng: np.random.Generator, scale: Scale) -> ObjectState:
        return freeze(self.factory(rng=rng) if self.seeded else self.factory(), self.ignored)

    @override
    def __repr__(self) -> str:
        return f"_Initial({self.factory!r})"


def domain_from_object(
    factory: Callable[..., object],
    *,
    name: str,
    docs: Iterable[Mapping[str, Json]] | None = None,
    time_limit: float | None = TIME_LIMIT,
    handling: Handling = PLAIN,
) -> Domain[ObjectState]:
    """Make a world of an object whose public methods are tools.

    Args:
        factory: Makes the object: its class, or a function; given ``rng`` where it takes a parameter of that name.
        name: Short name of the world.
        docs: Function docs, bare or as OpenAI tools, of the methods that are tools; type hints and docstrings of
            every public method if not given.
        time_limit: Seconds that a call may take, None for no limit.
        handling: What is no part of the state, who hears of changed arguments, how the unsayable is said.

    Raises:
        UsageError: The object has no public method.
        SpecError: A doc names what the object has not.

    Example:
        >>> class Counter:
        ...     "Counts."
        ...     def __init__(self) -> None:
        ...         self.count = 0
        ...     def add(self, amount: int) -> int:
        ...         "Add to the count."
        ...         self.count += amount
        ...         return self.count
        >>> from fr_envs.session import Session
        >>> session = Session(domain_from_object(Counter, name="counter"))
        >>> _ = session.reset()
        >>> session.call("add", {"amount": 2}), session.call("add", {"amount": "many"})["error"]["code"]
        ({'result': 2}, 'invalid_arguments')
    """
    initial = _Initial(factory, handling.ignored)
    kind = factory if isinstance(factory, type) else type(_sample(initial))
    methods = public_methods(kind)
    if not methods:
        raise UsageError(f"{kind.__name__} has no public method; give an object whose methods are tools")
    tools = _tools(name, methods, docs)
    summary = (inspect.getdoc(kind) if "__doc__" in vars(kind) else None) or f"The tools of {kind.__name__}."
    spec = DomainSpec(
        name=name,
        id=f"FunReason/{''.join(part.title() for part in name.split('_'))}-v0",
        summary=summary.splitlines()[0],
        policy="Use the tools.",
        kinds={},
        facts={},
        tools=tools,
        source=f"<{kind.__name__}>",
    )
    handlers = {tool: MethodTool(body, handling, time_limit) for tool, body in tools.items()}
    return Domain(spec, handlers, Hooks(initial))


def _sample(initial: _Initial) -> object:
    import numpy as np

    return thaw(initial(np.random.default_rng(0), "small"))


def _tools(
    name: str, methods: Mapping[str, Callable[..., Any]], docs: Iterable[Mapping[str, Json]] | None
) -> dict[str, ToolSpec]:
    if docs is None:
        return {key: tool_from_method(key, method) for key, method in methods.items()}
    by_name = docs_by_name(docs)
    for key in by_name:
        if key not in methods:
            raise SpecError(f"<{name}>", f"/{key}", "the object has no such public method", "take the doc out")
    return {key: tool_from_docs(doc, methods[key]) for key, doc in by_name.items()}


def _copied(arguments: JsonObject) -> JsonObject:
    copied: JsonObject = msgspec.msgpack.decode(msgspec.msgpack.encode(arguments))
    return copied


def _called(instance: object, name: str, arguments: JsonObject) -> object:
    return getattr(instance, name)(**arguments)
