"""The contract kit: what every world must hold to, for its author's own tests.

``check_domain(domain)`` runs all of it; each rule is a function of its own as well. A rule that is broken raises
AssertionError with the world, the tool, what is wrong and how to fix it.

Example:
    >>> import fr_envs
    >>> check_initial(fr_envs.load_domain("banking"), seed=1)
"""

from __future__ import annotations

import contextlib
import pickle
from typing import TYPE_CHECKING, Any, NoReturn

import jsonschema_rs
import msgspec

from fr_envs.contract.samples import sample_arguments
from fr_envs.contract.schemas import field_schema, returns_schema
from fr_envs.contract.spec import leaves
from fr_envs.episode.session import Session
from fr_envs.episode.trajectory import play, replay
from fr_envs.graph.fact_reachability import FactReachability, KnownFacts
from fr_envs.graph.witness.value_walk import walk_values
from fr_envs.json_values import pointer_of
from fr_envs.search.probing import Probe, Visit, values_of
from fr_envs.streams import CheckStream, generator
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy as np

    from fr_envs.contract.spec import ToolSpec
    from fr_envs.graph.witness.value_walk import ValueAt
    from fr_envs.json_values import Json
    from fr_envs.world.domain import Domain, Scale
    from fr_envs.world.state import State

__all__ = [
    "check_arguments",
    "check_domain",
    "check_facts",
    "check_hooks",
    "check_initial",
    "check_isolation",
    "check_outcomes",
    "check_pickling",
    "check_reach",
    "check_repeats",
    "probe_domain",
]

_SHARED = frozenset({"invalid_arguments", "unknown_tool"})
_encode = msgspec.json.Encoder(order="deterministic").encode


def check_domain(domain: Domain[Any], seeds: Sequence[int] = (0, 1, 2), scale: Scale = "small") -> None:
    """Check everything, from several first states.

    Raises:
        AssertionError: A rule is broken.
    """
    check_arguments(domain, seed=seeds[0], scale=scale)
    for seed in seeds:
        check_initial(domain, seed=seed, scale=scale)
        visits = probe_domain(domain, seed=seed, scale=scale)
        check_reach(domain, visits)
        check_outcomes(domain, visits)
        check_facts(domain, visits)
        check_repeats(domain, visits)
        check_hooks(domain, visits)
        check_pickling(domain, visits)
    check_isolation(domain, seeds=seeds[:2], scale=scale)


def probe_domain(domain: Domain[Any], seed: int = 0, scale: Scale = "small", attempts: int = 24) -> list[Visit]:
    """Try to call every tool with success, from first states of one seed, and return every call that was run."""
    rng = generator(seed, CheckStream.PROBE)
    visits: list[Visit] = []
    start = domain.initial(seed, scale)
    for name in domain.spec.tools:
        for _ in range(attempts):
            if any(v.call.name == name and v.outcome.error is None for v in visits):
                break
            probe = Probe(domain, start, rng)
            probe.reach(name)
            visits += probe.visits
    last = Probe(domain, start, rng)
    last.wander(len(domain.spec.tools))
    return visits + last.visits


def _fail(domain: Domain[Any], tool: str, problem: str, fix: str) -> NoReturn:
    raise AssertionError(f"{domain.name}{'.' if tool else ''}{tool}: {problem}; {fix}")


def _key(visit: Visit) -> tuple[str, str]:
    return visit.call.name, "" if visit.outcome.error is None else visit.outcome.error.code


def _one_of_each(visits: Iterable[Visit]) -> list[Visit]:
    """The first visit of each tool with each way to end: checks that read a whole state are made on these."""
    return list({_key(visit): visit for visit in reversed(list(visits))}.values())


def check_initial(domain: Domain[Any], seed: int = 0, scale: Scale = "small") -> None:
    """A first state depends on seed and scale alone, and survives JSON and pickle."""
    first, again = domain.initial(seed, scale), domain.initial(seed, scale)
    if first.sha256() != again.sha256() or first.digest != again.digest:
        _fail(domain, "", f"seed {seed} gives two first states", "draw from the generator alone, and iterate in order")
    if first.digest == domain.initial(seed + 1, scale).digest:
        _fail(domain, "", f"seeds {seed} and {seed + 1} give one first state", "draw from the generator that is given")
    _check_round_trip(domain, "", first)


def _check_round_trip(domain: Domain[Any], tool: str, state: State) -> None:
    data = state.to_json()
    back = type(state).from_json(msgspec.json.decode(_encode(data)))
    if back.digest != state.digest or back != state:
        _fail(domain, tool, "a state that went through JSON is another one", "keep plain values and tuples in records")
    if _encode(back.to_json()) != _encode(data):
        _fail(domain, tool, "a state that went through JSON has other JSON", "keep plain values and tuples in records")


def check_reach(domain: Domain[Any], visits: Sequence[Visit]) -> None:
    """Every tool went through at least once."""
    reached = {visit.call.name for visit in visits if visit.outcome.error is None}
    for name in domain.spec.tools:
        if name not in reached:
            codes = sorted({_key(v)[1] for v in visits if v.call.name == name})
            _fail(domain, name, f"never went through, it ended in {', '.join(codes)}",
                  "let a tool give what it needs, or suggest values for its parameters")  # fmt: skip


def check_outcomes(domain: Domain[Any], visits: Sequence[Visit]) -> None:
    """Results fit the contract, errors are declared and change nothing, reads hand back the state that came in."""
    schemas = {n: jsonschema_rs.Draft202012Validator(returns_schema(domain.spec, n)) for n in domain.spec.tools}
    for visit in visits:
        name, tool = visit.call.name, domain.spec.tools[visit.call.name]
        before, outcome = visit.before, visit.outcome
        if outcome.error is None:
            fault = next(iter(schemas[name].iter_errors(outcome.value)), None)
            if fault is not None:
                where = pointer_of(fault.instance_path)
                _fail(domain, name, f"the result breaks its schema at {where or '/'}: {fault.message}",
                      "return what the contract declares")  # fmt: skip
            if tool.effect == "read" and outcome.state is not before:
                _fail(domain, name, "a read hands back another state", "return the state that came in")
        elif outcome.state is not before:
            _fail(domain, name, "an error changes the state", "refuse before writing")
        elif outcome.error.code not in _SHARED | tool.errors.keys():
            _fail(domain, name, f"the error {outcome.error.code!r} is not declared", "declare it under errors")


def check_facts(domain: Domain[Any], visits: Iterable[Visit]) -> None:
    """What a tool needs is demanded, what it sets holds after it, what it clears does not; values are as it says."""
    reachability = FactReachability(domain.spec)
    for visit in visits:
        if visit.outcome.error is None:
            tool = domain.spec.tools[visit.call.name]
            _check_facts_of(domain, tool, visit)
            _check_values(domain, tool, visit)
            _check_kept(domain, tool, visit, reachability)


def _check_facts_of(domain: Domain[Any], tool: ToolSpec, visit: Visit) -> None:
    before, after = visit.before, visit.outcome.state
    for fact, value in _about(domain, tool, tool.needs, visit):
        if not domain.holds(before, fact, value):
            _fail(domain, tool.name, f"went through although {fact!r} did not hold", "check the fact first")
    for fact, value in _about(domain, tool, tool.sets, visit):
        if not domain.holds(after, fact, value):
            _fail(domain, tool.name, f"{fact!r} does not hold after it", "set it, or take it out of `sets`")
    for fact, value in _about(domain, tool, tool.clears, visit):
        if domain.holds(after, fact, value):
            _fail(domain, tool.name, f"{fact!r} still holds after it", "clear it, or take it out of `clears`")


def _about(domain: Domain[Any], tool: ToolSpec, facts: Iterable[str], visit: Visit) -> Iterator[tuple[str, Json]]:
    return ((fact, value) for fact in facts for value in _subjects(domain, tool, fact, visit))


def _subjects(domain: Domain[Any], tool: ToolSpec, fact: str, visit: Visit) -> list[Json]:
    """What a fact is about in a call: the argument of its kind, else what the result gives of it."""
    about = domain.spec.facts[fact].about
    if about is None:
        return [None]
    name = tool.about(about)
    if name is not None:
        return [visit.call.arguments[name]] if name in visit.call.arguments else []
    value = visit.outcome.value
    return [v for n, field in tool.returns.items() for v in values_of(field, value.get(n), about)]


def _check_values(domain: Domain[Any], tool: ToolSpec, visit: Visit) -> None:
    """Values that go in and come out are what the contract says of them."""
    before, after = visit.before, visit.outcome.state
    parameters = {name: parameter.field for name, parameter in tool.parameters.items()}
    for place in walk_values(parameters, visit.call.arguments):
        for fact in place.field.holds:
            if not domain.holds(before, fact, place.value):
                _fail(domain, tool.name, f"took {place.value!r}, of which {fact!r} did not hold", "refuse it")
    for place in walk_values(tool.returns, visit.outcome.value):
        _check_given(domain, tool, visit, place)
        _check_together(domain, tool, after, place)


def _check_given(domain: Domain[Any], tool: ToolSpec, visit: Visit, place: ValueAt) -> None:
    after, at = visit.outcome.state, f"{place.value!r} at {place.pointer}"
    for fact in place.field.holds:
        if not domain.holds(after, fact, place.value):
            _fail(domain, tool.name, f"{fact!r} does not hold of {at}", "take it out of `holds`")
        if not domain.holds(visit.before, fact, place.value) and fact not in tool.sets:
            _fail(domain, tool.name, f"{fact!r} has become true of {at}", "say so in `sets`")
    for fact in place.field.lacks:
        if domain.holds(after, fact, place.value):
            _fail(domain, tool.name, f"{fact!r} holds of {at}", "take it out of `lacks`")


def _check_together(domain: Domain[Any], tool: ToolSpec, state: State, place: ValueAt) -> None:
    """Facts go together as the contract says; of something that does not exist all of them hold."""
    facts = [fact for fact in domain.spec.facts.values() if fact.about == place.kind]
    true = {fact.name for fact in facts if domain.holds(state, fact.name, place.value)}
    for fact in facts if len(true) < len(facts) else ():
        lacking, clashing = {*fact.implies} - true, {*fact.excludes} & true
        if fact.name in true and (lacking or clashing):
            _fail(domain, tool.name, f"{fact.name!r} holds of {place.value!r} {'without' if lacking else 'beside'} "
                  f"{min(lacking or clashing)!r}", "fix `implies` and `excludes`, or the hooks")  # fmt: skip


def _check_kept(domain: Domain[Any], tool: ToolSpec, visit: Visit, reachability: FactReachability) -> None:
    """What a call was given is, by what it says of facts, still what it was, and a result of that name is the same."""
    for leaf in leaves(tool.returns):
        name = leaf.path[0]
        parameter = tool.parameters.get(name)
        given = visit.call.arguments.get(name)
        if parameter is None or len(leaf.path) > 1 or parameter.field.kind != leaf.kind or given is None:
            continue
        known, value = reachability.known(tool, leaf), visit.outcome.value.get(name)
        if known != KnownFacts() and not (leaf.field.holds or leaf.field.lacks) and value != given:
            _fail(domain, tool.name, f"{name!r} is {value!r} in the result and {given!r} in the arguments",
                  "say by `holds` and `lacks` what the other one is")  # fmt: skip
        wrong = [fact for fact in known.true if not domain.holds(visit.outcome.state, fact, value)]
        wrong += [fact for fact in known.false if domain.holds(visit.outcome.state, fact, value)]
        if value is not None and wrong:
            _fail(domain, tool.name, f"{wrong[0]!r} has changed with it, which it does not say", "use `sets`, `clears`")


def check_repeats(domain: Domain[Any], visits: Iterable[Visit]) -> None:
    """A call is a pure function: it comes out the same again, and leaves state and arguments as they were."""
    for visit in _one_of_each(visits):
        name, before = visit.call.name, visit.before
        arguments = _encode(visit.call.arguments)
        outcome = domain.apply(before, visit.call)
        if _encode(outcome.value) != _encode(visit.outcome.value) or outcome.state.digest != visit.outcome.state.digest:
            _fail(domain, name, "the same call from the same state comes out otherwise", "use nothing but the state")
        if type(before).from_json(before.to_json()).digest != before.digest:
            _fail(domain, name, "the state that came in was changed in place", "write with put and drop alone")
        if _encode(visit.call.arguments) != arguments:
            _fail(domain, name, "the arguments were changed", "copy them before changing them")
        _check_round_trip(domain, name, outcome.state)


def check_arguments(domain: Domain[Any], seed: int = 0, scale: Scale = "small") -> None:
    """No arguments whatever make a tool raise; those that break the schema are ``invalid_arguments``."""
    state = domain.initial(seed, scale)
    rng = generator(seed, CheckStream.ARGUMENTS)
    for name, tool in domain.spec.tools.items():
        drawn = [sample_arguments(domain.spec, name, rng) for _ in range(20)]
        for arguments in drawn:
            with _never_raises(domain, name, f"being called with {ascii(arguments)[:200]}"):
                outcome = domain.apply(state, ToolCall(name, arguments))
            if outcome.error is not None and outcome.error.code == "invalid_arguments":
                _fail(domain, name, f"a drawn argument breaks its schema: {outcome.error.message}", "fix the schema")
        for odd in _odd_arguments(drawn[0], tool):
            with _never_raises(domain, name, f"being called with {ascii(odd)[:200]}"):
                domain.apply(state, ToolCall(name, odd))


_ODD_NUMBERS: tuple[Json, ...] = (-1, 0, 5.0, 1e12, 1e300, 2**63)
_ODD: tuple[Json, ...] = (None, True, *_ODD_NUMBERS, "", " ", "\x00", "\ud800", "../..", [], [None], {}, {"a": 1})


def _odd_arguments(drawn: dict[str, Json], tool: ToolSpec) -> Iterable[Json]:
    yield from ({}, [], None, {"no_such_parameter": 1})
    for name in tool.parameters:
        yield {n: v for n, v in drawn.items() if n != name}
        yield from ({**drawn, name: value} for value in _ODD)


@contextlib.contextmanager
def _never_raises(
    domain: Domain[Any], tool: str, doing: str, fix: str = "let it take whatever its schema lets through, or refuse"
) -> Iterator[None]:
    try:
        yield
    except AssertionError:
        raise
    except Exception as error:
        problem = f"{doing} raises {error!r}; {fix}"
        raise AssertionError(f"{domain.name}{'.' if tool else ''}{tool}: {problem}") from error


def check_hooks(domain: Domain[Any], visits: Iterable[Visit]) -> None:
    """Suggestions and entities come without raising, in every state, and fit the schemas of their kinds."""
    rng = generator(CheckStream.HOOKS)
    schemas = {kind.name: jsonschema_rs.Draft202012Validator(kind.schema) for kind in domain.spec.kinds.values()}
    for visit in _one_of_each(visits):
        _check_entities(domain, visit.outcome.state, schemas)
        tool = domain.spec.tools[visit.call.name]
        for name in tool.parameters:
            given = {n: v for n, v in visit.call.arguments.items() if n != name}
            for arguments in ({}, given):
                _check_suggestion(domain, visit.outcome.state, tool, name, arguments, rng)


def _check_suggestion(
    domain: Domain[Any], state: State, tool: ToolSpec, name: str, arguments: Json, rng: np.random.Generator
) -> None:
    with _never_raises(domain, tool.name, f"suggesting {name!r}"):
        value = domain.suggest(state, tool.name, name, arguments, rng)
        if value is not None and not jsonschema_rs.is_valid(
            field_schema(domain.spec, tool.parameters[name].field), value
        ):
            _fail(domain, tool.name, f"{value!r} is suggested for {name!r}, which it does not fit",
                  "fix the hook or the examples of the kind")  # fmt: skip


def _check_entities(
    domain: Domain[Any], state: State, schemas: Mapping[str, jsonschema_rs.Draft202012Validator]
) -> None:
    for kind in domain.spec.kinds.values():
        with _never_raises(domain, "", f"naming what there is of {kind.name!r}"):
            found = domain.entities(state, kind.name)
        named = {part for r in kind.references for part in (*r.by, r.least, r.most) if part is not None}
        for key, fields in (found or {}).items():
            if not schemas[kind.name].is_valid(key):
                _fail(domain, "", f"the entity {key!r} does not fit the kind {kind.name!r}", "fix the hook")
            if not named <= fields.keys():
                lost = ", ".join(sorted(named - fields.keys()))
                _fail(domain, "", f"the entity {key!r} of kind {kind.name!r} lacks {lost}",
                      "give every field that `refer` names")  # fmt: skip


def check_pickling(domain: Domain[Any], visits: Iterable[Visit]) -> None:
    """States and sessions survive pickling, so that worker processes can hand them on."""
    states = [visit.outcome.state for visit in _one_of_each(visits)][:5]
    for state in states:
        back = pickle.loads(pickle.dumps(state))
        if back != state or back.digest != state.digest:
            _fail(domain, "", "a pickled state is another one", "keep plain values in records")
    session = Session(domain)
    session.reset(seed=1)
    session.call("no_such_tool")
    with _never_raises(domain, "", "pickling a session", "keep plain values in records, and functions in modules"):
        twin = pickle.loads(pickle.dumps(session))
    if twin.digest != session.digest or twin.steps != session.steps:
        _fail(domain, "", "a pickled session is another one", "keep plain values in records")


def check_isolation(domain: Domain[Any], seeds: Sequence[int] = (0, 1), scale: Scale = "small") -> None:
    """Instances do not touch each other: runs that take turns come out as they do alone."""
    runs = []
    for seed in seeds:
        probe = Probe(domain, domain.initial(seed, scale), generator(seed, CheckStream.ISOLATION))
        probe.wander(2 * len(domain.spec.tools))
        calls = [visit.call for visit in probe.visits if visit.outcome.error is None]
        runs.append((seed, play(domain, domain.initial(seed, scale), calls).steps))
    states = [domain.initial(seed, scale) for seed, _ in runs]
    for i in range(max(len(steps) for _, steps in runs)):
        for place, (_, steps) in enumerate(runs):
            if i < len(steps):
                other = replay(domain, states[place], steps[i : i + 1])
                if other is not None:
                    _fail(domain, steps[i].call.name, f"comes out otherwise beside another instance: {other.part}",
                          "keep everything that changes in the state")  # fmt: skip
                states[place] = domain.apply(states[place], steps[i].call).state
