"""Domain: a contract, a first state and handlers, as one pure function ``apply(state, call) -> Outcome``."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import gc
import inspect
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar, get_args

import msgspec
import numpy as np
from typing_extensions import override

from fr_envs.contract.schemas import openai_tools, parameters_schema
from fr_envs.contract.validators import validator_of
from fr_envs.errors import ContractViolation, Refusal, SpecError, UsageError
from fr_envs.json_values import Json, JsonObject
from fr_envs.streams import generator, pick
from fr_envs.world.arguments import invalid, taken
from fr_envs.world.state import State
from fr_envs.world.tool_call import ToolCall, ToolError

if TYPE_CHECKING:
    from types import ModuleType

    import jsonschema_rs

    from fr_envs.contract.spec import DomainSpec, ToolSpec

__all__ = [
    "SCALES",
    "Domain",
    "Effect",
    "Entities",
    "Handler",
    "Hooks",
    "Outcome",
    "Scale",
    "TimeHooks",
    "handlers_in",
]

Scale = Literal["tiny", "small", "medium", "large", "busy"]
"""How big a first state is; ``busy`` has few people and long lists."""
SCALES: tuple[Scale, ...] = get_args(Scale)

_LISTS = 128  # lists of entities that a world keeps
_SHORT_LIST = 2_000  # entities of a list that is kept

S = TypeVar("S", bound=State)

Handler: TypeAlias = Callable[..., "Effect[Any]"]
"""``(state, **arguments) -> Effect``; refuses by raising ``Refusal``. Arguments are already validated and complete."""

Entities: TypeAlias = Mapping[Any, Mapping[str, Json]]
"""Everything of one kind that the user can mean now: identifier -> fields by which it can be told apart."""


class Effect(msgspec.Struct, Generic[S], frozen=True, gc=False):
    """What a handler did.

    Attributes:
        state: The state after; the very same object for a read.
        value: The result, a JSON object of the shape that the contract declares.
    """

    state: S
    value: JsonObject


class Outcome(msgspec.Struct, Generic[S], frozen=True, gc=False):
    """What a call led to.

    Attributes:
        state: The state after; on error the one that came in.
        result: What the handler gave; None on error.
        error: None when the call went through.
    """

    state: S
    result: JsonObject | None
    error: ToolError | None

    @property
    def value(self) -> JsonObject:
        """The result; ``{"error": …}`` on error, made anew each time, as most errors are kept and never read again."""
        if self.error is None:
            assert self.result is not None
            return self.result
        told: JsonObject = self.error.to_json()
        return told


class TimeHooks(NamedTuple, Generic[S]):
    """How a world tells and passes its time, so that several worlds can share one clock.

    Moments are seconds since 1970, UTC. A world whose own clock is coarser (minutes, days) rounds down.

    Attributes:
        now: The moment it is in a state.
        advance: Lets time pass until a moment, ``(state, moment)``; what falls due by then happens. Never refuses.
        begin: Builds a first state that begins at a moment, ``(rng, scale, moment)``.
        span: First and last moment at which a first state can begin.
    """

    now: Callable[[S], int]
    advance: Callable[[S, int], S]
    begin: Callable[[np.random.Generator, Scale, int], S]
    span: tuple[int, int]


class Hooks(NamedTuple, Generic[S]):
    """What a world knows about itself beyond its contract. Everything here is optional but ``initial``.

    Attributes:
        initial: Builds the first state from a generator and a scale.
        facts: For each fact its predicate: ``(state)``, or ``(state, value)`` for a fact about a kind.
        entities: For each kind, what the user can mean by it in this state.
        suggest: For a kind or a ``tool.parameter``: a value that makes sense now, ``(state, arguments so far, rng)``;
            None if there is none at the moment. The more specific name wins.
        incidental: Tables whose changes are no part of a goal by themselves (sessions, codes, working directory).
        time: How the world's time is told and passed; None for a world in which nothing depends on time.
        briefing: What an agent is told of a first state beside the rules, such as the day; None for nothing.
        busy: It knows the scale ``busy``.
    """

    initial: Callable[[np.random.Generator, Scale], S]
    facts: Mapping[str, Callable[..., bool]] = {}
    entities: Mapping[str, Callable[[S], Entities]] = {}
    suggest: Mapping[str, Callable[[S, Mapping[str, Json], np.random.Generator], Json]] = {}
    incidental: frozenset[str] = frozenset()
    time: TimeHooks[S] | None = None
    briefing: Callable[[S], str] | None = None
    busy: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class _Bound:
    """One tool, ready to run."""

    handler: Handler
    validator: jsonschema_rs.Draft202012Validator
    parameters: int
    defaults: JsonObject
    nullable: frozenset[str]
    bare: bool
    whole: tuple[str, ...]
    needs: tuple[tuple[str, Callable[..., bool], str | None], ...]
    errors: Mapping[str, str]


def handlers_in(*modules: ModuleType) -> dict[str, Handler]:
    """Collect the handlers of some modules: public functions defined there whose first parameter is ``state``."""
    found: dict[str, Handler] = {}
    for module in modules:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = list(inspect.signature(function).parameters)
            if not name.startswith("_") and function.__module__ == module.__name__ and parameters[:1] == ["state"]:
                found[name] = function
    return found


class Domain(Generic[S]):
    """A world: contract + first state + handlers. Immutable; everything that changes is in the states.

    Args:
        spec: The contract.
        handlers: One function a tool, by name.
        hooks: First state, facts, entities, suggestions.

    Attributes:
        loader: How another process comes by this world, so that pickling it names it; None to pickle all its parts.
        left_out: Tools that the world's owner offers and the world lacks, each with the reason, one a line.

    Raises:
        SpecError: A tool has no handler, a handler has no tool, or their parameters differ.
    """

    def __init__(self, spec: DomainSpec, handlers: Mapping[str, Handler], hooks: Hooks[S]) -> None:
        """Bind each handler to its tool."""
        self.spec = spec
        self.hooks = hooks
        self.handlers = dict(handlers)
        self.loader: Callable[[], Domain[S]] | None = None
        self.left_out: tuple[str, ...] = ()
        _check_names(spec, "tools", spec.tools, handlers)
        _check_names(spec, "facts", spec.facts, hooks.facts)
        self._bound = {name: self._bind(tool, handlers[name]) for name, tool in spec.tools.items()}
        self._listed: dict[tuple[int, str], tuple[S, Entities]] = {}

    @property
    def name(self) -> str:
        """Short name of the world."""
        return self.spec.name

    @property
    def system_text(self) -> str:
        """What the system message of every dialogue in this world begins with: what it is, and its rules."""
        return f"{self.spec.summary}\n\n{self.spec.policy}"

    def briefing(self, state: S) -> str:
        """Return what an agent is told of a first state beside the rules; empty where there is nothing to tell."""
        return "" if self.hooks.briefing is None else self.hooks.briefing(state)

    def system_text_at(self, state: S) -> str:
        """Return the system message of a dialogue that begins in a state: ``system_text``, and its briefing."""
        return "\n\n".join(filter(None, (self.system_text, self.briefing(state))))

    @functools.cached_property
    def openai_tools(self) -> list[JsonObject]:
        """Every tool as an OpenAI tool; made once."""
        return openai_tools(self.spec)

    @functools.cached_property
    def tools_json(self) -> str:
        """Every tool as compact JSON text, the form that records carry; made once."""
        return json.dumps(self.openai_tools, ensure_ascii=False, separators=(",", ":"))

    def offer_json(self, offered: Collection[str] = ()) -> str:
        """Return some of the tools as ``tools_json`` has them, in the contract's order; all where none are named."""
        own = [tool for tool in self.openai_tools if tool["function"]["name"] in offered]
        return json.dumps(own, ensure_ascii=False, separators=(",", ":")) if offered else self.tools_json

    def _bind(self, tool: ToolSpec, handler: Handler) -> _Bound:
        _check_signature(self.spec, tool, handler)
        needs = []
        for name in tool.needs:
            fact = self.spec.facts[name]
            needs.append((name, self.hooks.facts[name], tool.about(fact.about) if fact.about else None))
        optional = {name: p.default for name, p in tool.parameters.items() if not p.required}
        schema = parameters_schema(self.spec, tool.name)
        validator = validator_of(schema)
        return _Bound(
            handler=handler,
            validator=validator,
            parameters=len(tool.parameters),
            defaults=optional,
            nullable=frozenset(name for name, default in optional.items() if default is None),
            bare=validator.is_valid({}),
            whole=tuple(name for name, part in schema["properties"].items() if '"integer"' in json.dumps(part)),
            needs=tuple(needs),
            errors=tool.errors,
        )

    def initial(self, seed: int | np.random.Generator, scale: Scale = "small") -> S:
        """Build a first state; the same seed and scale give the same state.

        Raises:
            UsageError: There is no such scale, or the world has no first state of it.
        """
        if scale not in (known := SCALES if self.hooks.busy else SCALES[:-1]):
            raise UsageError(f"no scale {scale!r}; there are {', '.join(known)}")
        rng = seed if isinstance(seed, np.random.Generator) else generator(seed)
        with _collector_at_rest() if scale == "large" else contextlib.nullcontext():
            return self.hooks.initial(rng, scale)

    def apply(self, state: S, call: ToolCall) -> Outcome[S]:
        """Run one call. A bad call is an outcome with an error and the state that came in, never an exception.

        Raises:
            ContractViolation: The handler refuses with a code that its contract does not declare.
        """
        bound = self._bound.get(call.name)
        if bound is None:
            known = ", ".join(self._bound)
            return _refused(state, ToolError("unknown_tool", f"There is no tool {call.name!r}. Tools: {known}."))
        arguments = call.arguments
        if arguments != {} or not bound.bare:  # most tools that need nothing are called with nothing
            kept = taken(bound.validator, bound.nullable, bound.whole, arguments)
            if kept is None:
                return _refused(state, invalid(bound.validator, bound.nullable, arguments))
            arguments = kept
        unmet = self._unmet(bound, state, arguments) if bound.needs else None
        if unmet is not None:
            return _refused(state, unmet)
        if len(arguments) < bound.parameters:  # there are no others than the contract's, and all that it requires
            arguments = {**bound.defaults, **arguments}
        try:
            effect = bound.handler(state, **arguments)
        except Refusal as refusal:
            return Outcome(state, None, self._said_no(call.name, bound, refusal))
        return Outcome(effect.state, effect.value, None)

    def holds(self, state: S, fact: str, value: Json = None) -> bool:
        """Return True if a fact holds; ``value`` is the entity for a fact about a kind."""
        predicate = self.hooks.facts[fact]
        return bool(predicate(state) if self.spec.facts[fact].about is None else predicate(state, value))

    def entities(self, state: S, kind: str) -> Entities | None:
        """Return what the user can mean by ``kind`` now; None where the world does not say.

        What was listed last is kept, as whoever casts a story and whoever proves it ask for the same.
        """
        hook = self.hooks.entities.get(kind)
        if hook is None:
            return None
        key = id(state), kind  # of a state that is kept, no other one has the number
        kept = self._listed.pop(key, None) or (state, hook(state))
        if len(kept[1]) <= _SHORT_LIST:
            self._listed[key] = kept
        while len(self._listed) > _LISTS:
            self._listed.pop(next(iter(self._listed)))
        return kept[1]

    def suggest(
        self, state: S, tool: str, parameter: str, arguments: Mapping[str, Json], rng: np.random.Generator
    ) -> Json:
        """Return a value for a parameter that makes sense in this state; None if the world has none to offer.

        Tried in turn: the hook for ``tool.parameter``, the hook for its kind, the kind's examples.
        """
        kind_name = self.spec.tools[tool].parameters[parameter].field.kind
        hook = self.hooks.suggest.get(f"{tool}.{parameter}") or self.hooks.suggest.get(kind_name or "")
        if hook is not None:
            return hook(state, arguments, rng)
        if kind_name is None:
            return None
        examples = self.spec.kinds[kind_name].examples
        return pick(rng, examples) if examples else None

    def _unmet(self, bound: _Bound, state: S, arguments: JsonObject) -> ToolError | None:
        """Return the error of the first fact that a tool needs and that does not hold; None if all do."""
        for name, predicate, parameter in bound.needs:
            holds = predicate(state) if parameter is None else predicate(state, arguments[parameter])
            if not holds:
                code = self.spec.facts[name].violation
                return ToolError(code, bound.errors[code])
        return None

    def _said_no(self, tool: str, bound: _Bound, refusal: Refusal) -> ToolError:
        said: tuple[str, ...] = refusal.args
        usual = bound.errors.get(said[0])
        if usual is None:
            problem = f"{self.name}.{tool} refuses with {refusal.code!r}, which its contract does not declare"
            raise ContractViolation(problem) from refusal
        return ToolError(said[0], (len(said) > 1 and said[1]) or usual)

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as its loader, or as its parts; a bound validator cannot be pickled."""
        if self.loader is not None:
            return _load, (self.loader,)
        return type(self), (self.spec, self.handlers, self.hooks)


@contextlib.contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the cyclic collector from walking millions of new rows, none of which is garbage, over and over.

    It took half the time of a large first state (benchmarks/bench_worlds.py --large).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _load(loader: Callable[[], Domain[S]]) -> Domain[S]:
    return loader()


def _refused(state: S, error: ToolError) -> Outcome[S]:
    return Outcome(state, None, error)


def _check_names(spec: DomainSpec, section: str, declared: Iterable[str], given: Iterable[str]) -> None:
    declared, given = set(declared), set(given)
    for name in sorted(declared - given):
        raise SpecError(spec.source or spec.name, f"/{section}/{name}", "is declared but not implemented",
                        "write the function or take the declaration out")  # fmt: skip
    for name in sorted(given - declared):
        raise SpecError(spec.source or spec.name, f"/{section}", f"{name} is implemented but not declared",
                        "declare it or make the function private")  # fmt: skip


def _check_signature(spec: DomainSpec, tool: ToolSpec, handler: Handler) -> None:
    signature = list(inspect.signature(handler).parameters.values())
    if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in signature):
        return  # a handler made for a foreign tool takes whatever its contract says
    expected, actual = set(tool.parameters), {p.name for p in signature[1:]}
    if expected != actual:
        odd = ", ".join(sorted(expected ^ actual))
        raise SpecError(
            spec.source or spec.name, f"/tools/{tool.name}/parameters", f"contract and handler differ in: {odd}",
            f"let {getattr(handler, '__qualname__', tool.name)} take exactly the declared parameters",
        )  # fmt: skip
