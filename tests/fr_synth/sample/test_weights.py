"""Every weight that matters does what it says: set to an extreme, it shows in what is sampled.

1. Figures of sampled turns rise with the weight that they belong to (``RISES``), or show what it forbids.
2. A number out of its range is refused with its name.
3. The defaults are what every run has that says nothing else.
"""

import functools
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import numpy as np
import pytest

from fr_envs.errors import UsageError
from fr_envs.json_values import at_pointer, scalars
from fr_envs.streams import generator
from fr_envs.world.domain import Domain
from fr_envs.world.registry import load_domain
from fr_synth.build.dialogue import Settings
from fr_synth.language.manner import Manner
from fr_synth.language.queries import compose
from fr_synth.language.replies import reply_of
from fr_synth.sample.reaching.along_chain import reach_chain
from fr_synth.sample.reaching.along_edge import ways_along
from fr_synth.sample.reaching.by_rule import prepared, refused
from fr_synth.sample.reaching.choosing import CHOOSERS
from fr_synth.sample.reaching.into_error import reach_recovery
from fr_synth.sample.reaching.reach import Limits
from fr_synth.sample.schedule import draw_targets
from fr_synth.sample.targets import edges_of, offers_of, targets_of
from fr_synth.sample.turns import sample_turn
from fr_synth.sample.walk import Walk, WalkSettings
from fr_synth.sample.weights import DEFAULT_WEIGHTS, SamplerWeights
from fr_synth.trace.dataflow.executed import ExecutedCall, feeds
from fr_synth.trace.dataflow.provenance import Output, Said
from fr_synth.trace.target import ChainTarget, EdgeTarget, ErrorTarget, ToolTarget
from fr_synth.trace.turn_trace import TurnTrace
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.walks import graph_of, new_walk, take

BANK, TRAVEL, FILES = load_domain("banking"), load_domain("travel"), load_domain("filesystem")
LIMITS = Limits(calls=9, misses=5, ways=1)


def weighed(domain: Domain[Any], seed: int, weights: SamplerWeights, **settings: Any) -> Walk:
    return new_walk(domain, seed, settings=WalkSettings(weights=weights, **settings))


Sampled = list[tuple[Walk, TurnTrace]]


@functools.cache
def sampled(
    domain: Domain[Any], weights: SamplerWeights, calls: int = 3, depth: int = 0, distractors: float = 0
) -> Sampled:
    """Two turns in each of some worlds, the targets in turn."""
    targets, found = targets_of(domain), []
    for seed in range(24):
        walk = weighed(domain, seed, weights, depth=depth, distractors=distractors)
        for turn in range(2):
            target = targets[(7 * seed + 3 * turn) % len(targets)]
            trace = sample_turn(walk, target, policy="directed", calls=calls, limits=LIMITS)
            if trace is not None:
                found.append((walk, trace))
            walk.next_turn()
    return found


def steps_of(found: Sampled) -> Iterator[ExecutedCall]:
    return (step for _, trace in found for step in trace.steps)


Figure = Callable[[Sampled], float]


def share(cases: list[bool]) -> float:
    return sum(cases) / len(cases)


def requests(found: Sampled) -> float:
    return float(np.mean([sum(step.user_requested for step in trace.steps) for _, trace in found]))


def supporting(found: Sampled) -> float:
    return share([not step.user_requested for step in steps_of(found)])


def looks_first(turn: int) -> Figure:
    return lambda found: share([not t.steps[0].user_requested for _, t in found if t.steps[0].turn == turn])


def optional(found: Sampled) -> float:
    tools = found[0][0].domain.spec.tools
    asked = [step for step in steps_of(found) if step.user_requested]
    return sum(not tools[s.call.name].parameters[name].required for s in asked for name in s.call.arguments) / len(
        asked
    )


def by(way: str) -> Figure:
    return lambda found: sum(m.way == way for step in steps_of(found) for m in step.mentions.values()) / len(found)


def outputs(found: Sampled) -> float:
    """Share of values of a kind that people could say which are taken from outputs."""
    spec = found[0][0].domain.spec
    return share(
        [
            isinstance(source, Output)
            for step in steps_of(found)
            for pointer, source in step.sources.items()
            if pointer.count("/") == 1
            and (kind := spec.tools[step.call.name].parameters[pointer[1:]].field.kind) is not None
            and spec.kinds[kind].origin != "issued"
        ]
    )


def calls(found: Sampled) -> float:
    return float(np.mean([len(trace.steps) for _, trace in found]))


def depth(found: Sampled) -> float:
    return float(np.mean([max(walk.depths) for walk, _ in found]))


def came_out(found: Sampled) -> float:
    return len(found)


def writes_besides(found: Sampled) -> float:
    tools = found[0][0].domain.spec.tools
    asked = [[s for s in t.steps if s.user_requested and tools[s.call.name].effect == "write"] for _, t in found]
    return sum(len(each) > 1 for each in asked)


def distractors(found: Sampled) -> float:
    return sum(step.distractor for step in steps_of(found))


def kept(found: Sampled) -> float:
    """Share of values of second turns that go back to what the user dealt with in the first."""
    cases = []
    for walk, trace in found:
        about = {v for s in walk.steps[: trace.first] if s.user_requested for v in scalars(s.call.arguments)}
        for step in trace.steps if trace.first else ():
            values = [
                at_pointer(step.call.arguments, p) for p, source in step.sources.items() if isinstance(source, Output)
            ]
            cases += [value in about for value in values]
    return share(cases)


def in_use(found: Sampled) -> float:
    """Share of values of requests that supporting calls of their turn were made with."""
    cases = []
    for _, trace in found:
        used = {v for s in trace.steps if not s.user_requested for v in scalars(s.call.arguments)}
        asked = [step for step in trace.steps if step.user_requested]
        cases += [value in used for step in asked for value in scalars(step.call.arguments) if used]
    return share(cases)


RISES: dict[str, tuple[dict[str, Any], dict[str, Any], Domain[Any], dict[str, Any], Figure]] = {
    "requests": ({"requests": (1.0,)}, {"requests": (0.0, 0.0, 1.0)}, TRAVEL, {"calls": 8}, requests),
    "look_later": ({"look_later": 0.0}, {"look_later": 1.0}, TRAVEL, {}, looks_first(1)),
    "say_optional": ({"say_optional": 0.0}, {"say_optional": 1.0}, FILES, {}, optional),
    "anaphora": ({"anaphora": 0.0}, {"anaphora": 1.0}, TRAVEL, {}, by("anaphora")),
    "take_output": ({"take_output": 0.0}, {"take_output": 1.0}, FILES, {}, outputs),
    "take_looked_up": ({"take_looked_up": 0.0}, {"take_looked_up": 1.0}, FILES, {}, outputs),
    "keep_focus": ({"keep_focus": 0.0}, {"keep_focus": 1.0}, BANK, {}, kept),
    "keep_in_use": ({"keep_in_use": 0.0}, {"keep_in_use": 1.0}, TRAVEL, {}, in_use),
    "requested_bindings": ({"requested_bindings": 1}, {"requested_bindings": 64}, TRAVEL, {}, came_out),
    "follow_up_tries": ({"follow_up_tries": 1}, {"follow_up_tries": 20}, TRAVEL, {"calls": 6}, requests),
    "deepening_rounds": ({"deepening_rounds": 1}, {"deepening_rounds": 4}, TRAVEL, {"depth": 6, "calls": 1}, depth),
    "deepening_tries": ({"deepening_tries": 1}, {"deepening_tries": 12}, TRAVEL, {"depth": 6, "calls": 1}, depth),
    "distractor_tries": ({"distractor_tries": 1}, {"distractor_tries": 20}, TRAVEL, {"distractors": 1.0}, distractors),
    "write_weight": ({"write_weight": 0.0}, {"write_weight": 50.0}, BANK, {"calls": 1}, writes_besides),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", RISES)
def test_a_figure_rises_with_its_weight(name: str) -> None:
    low, high, domain, settings, figure = RISES[name]
    less = figure(sampled(domain, SamplerWeights(**low), **settings))
    more = figure(sampled(domain, SamplerWeights(**high), **settings))
    assert less < more


# ----------------------------------------------------------------------------------------------- turns and words


@pytest.mark.slow
def test_further_requests_that_have_to_feed_take_something_from_an_earlier_call() -> None:
    loose = list(further(SamplerWeights(follow_up_feeds=0.0, requests=(0.0, 0.0, 1.0))))
    bound = list(further(SamplerWeights(follow_up_feeds=1.0, requests=(0.0, 0.0, 1.0))))
    assert not all(loose)
    assert bound
    assert all(bound)


def further(weights: SamplerWeights) -> Iterator[bool]:
    """For the last request of each turn with several: whether it takes something from an earlier call."""
    for _, trace in sampled(TRAVEL, weights, 6):
        if sum(step.user_requested for step in trace.steps) > 1:
            yield bool(feeds(trace.steps[-1]))


@pytest.mark.parametrize(("turns", "pending"), [(1, None), (2, 2)])
def test_a_target_is_led_up_to_in_so_many_turns(turns: int, pending: int | None) -> None:
    walk = weighed(LIBRARY, 0, SamplerWeights(leading_turns=turns))
    walk.put_off(EdgeTarget("list_books", "get_book", "no_such_kind"), 1)
    assert sample_turn(walk, ToolTarget("list_books"), policy="directed", calls=1, limits=Limits()) is not None
    assert (walk.pending.turns if walk.pending else None) == pending


@pytest.mark.parametrize(("share", "looking"), [(0.0, False), (1.0, True)])
def test_first_turns_look_up_what_the_user_could_have_named(share: float, looking: bool) -> None:
    """Of tools that can be called at once, some are not: first comes a read that shows what they take."""
    choose = CHOOSERS["directed"]
    walks = {target.tool: weighed(BANK, 0, SamplerWeights(look_first=share)) for target in targets_of(BANK)}
    chosen = {tool: choose(walk, tool, set()) for tool, walk in walks.items() if tool in walk.graph.legal(walk.needs())}
    assert chosen
    assert any(first != tool for tool, first in chosen.items()) == looking


@pytest.mark.parametrize("items", [1, 2, 5])
def test_an_assistant_tells_so_many_items_of_a_list(items: int) -> None:
    step = take(new_walk(LIBRARY), "list_books", user_requested=True)
    books = len(step.result["books"])
    texts = {reply_of(LIBRARY, [step], generator(seed), Manner(told_items=items)).text for seed in range(8)}
    assert books > 5
    titles = [book["title"] for book in step.result["books"]]
    assert any(sum(title in text for title in titles) == items and "among others" in text for text in texts), texts


def composed(manner: Manner) -> list[str]:
    """The messages of turns with several requests or with something said besides."""
    found = sampled(TRAVEL, SamplerWeights(requests=(0.0, 1.0)), 6)
    queries = [compose(TRAVEL, t.steps, t.first, generator(k), manner) for k, (_, t) in enumerate(found)]
    return [query.hard for query in queries if query is not None]


def test_orders_are_strung_together_as_often_as_said() -> None:
    apart, together = composed(Manner(string_together=0.0)), composed(Manner(string_together=1.0))
    assert sum(", and " in text or ", then " in text for text in apart) < sum(
        ", and " in text or ", then " in text for text in together
    )


def test_the_request_comes_first_or_last() -> None:
    walk = new_walk()
    take(walk, "join", {"name": "Ada Kern"}, sources={"/name": Said(0, "Ada Kern")})
    take(walk, "list_books", user_requested=True)
    for share in (0.0, 1.0):
        drawn = [compose(LIBRARY, walk.steps, 0, generator(k), Manner(request_first=share)) for k in range(40)]
        said = [query.hard for query in drawn if query is not None]
        assert len(said) == len(drawn)
        assert {text.index("Ada Kern") > len(text) / 2 for text in said} == {bool(share)}


# ------------------------------------------------------------------------------------------- chains and edges


def chains(weights: SamplerWeights) -> list[Walk]:
    walks = [weighed(TRAVEL, seed, weights) for seed in range(24)]
    tools = [target.tool for target in targets_of(TRAVEL)]
    return [w for k, w in enumerate(walks) if reach_chain(w, ChainTarget(4, tools[7 * k % len(tools)]), "directed")]


@pytest.mark.slow
def test_a_chain_takes_as_many_tries_as_it_has_calls() -> None:
    assert chains(SamplerWeights(chain_tries=1)) == []
    assert len(chains(SamplerWeights(chain_starts=1))) < len(chains(SamplerWeights(chain_starts=20)))


@pytest.mark.slow
def test_a_chain_has_no_more_requests_than_the_weight_says() -> None:
    few, many = chains(SamplerWeights(chain_requests=1)), chains(SamplerWeights(chain_requests=5))
    means = [np.mean([sum(step.user_requested for step in walk.steps) for walk in walks]) for walks in (few, many)]
    assert means[0] < means[1]


def along(weights: SamplerWeights) -> list[Walk]:
    """Walks along some edges."""
    edges = edges_of(graph_of(TRAVEL))
    found: list[Walk] = []
    for seed, edge in enumerate(edges[:: len(edges) // 30]):
        walk = weighed(TRAVEL, seed, weights)
        found += ways_along(walk, edge, "directed", LIMITS)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", ["edge_misses", "edge_producer_tries"])
def test_more_tries_walk_along_more_edges(name: str) -> None:
    less, more = (len(along(msgspec.structs.replace(DEFAULT_WEIGHTS, **{name: tries}))) for tries in (1, 12))
    assert less < more


# ------------------------------------------------------------------------------------------- rules and errors


def enlarged(**weights: Any) -> list[Any]:
    """Amounts of a payment that need a code, in a few worlds where people mostly pay less."""
    found = []
    for seed in (2, 3, 4, 5):
        ready = prepared(weighed(BANK, seed, SamplerWeights(**weights)), "pay_payee", "directed", Limits())
        bound = [] if ready is None else refused(ready, "pay_payee", ["code_required"]).get("code_required", [])
        found += [binding.arguments["amount"] for binding in bound]
    return found


def test_a_number_is_enlarged_for_a_rule_to_bear_on_it() -> None:
    assert enlarged(enlarged_by=()) == [], "nobody pays so much otherwise"
    usual, sevens = enlarged(), enlarged(enlarged_to=7)
    assert usual
    assert all(amount % 50 == 0 for amount in usual)
    assert sevens
    assert all(amount % 7 == 0 for amount in sevens)


def test_so_many_refused_bindings_are_kept() -> None:
    assert len(enlarged(refused_kept=1)) == 4
    assert len(enlarged(refused_kept=9)) > 4
    assert len(enlarged(refused_tries=1)) < len(enlarged(refused_tries=40))


def recovered(weights: SamplerWeights) -> list[Walk]:
    targets = [target for target in offers_of(BANK, graph_of(BANK))["error"] if isinstance(target, ErrorTarget)]
    walks = [weighed(BANK, seed, weights) for seed in range(60)]
    return [w for k, w in enumerate(walks) if reach_recovery(w, targets[11 * k % len(targets)], "directed", LIMITS)]


def set_right(walks: list[Walk]) -> float:
    """Share of recoveries in which the very call that failed works in the end."""
    return share([walk.steps[-1].call in [s.call for s in walk.steps if s.error] for walk in walks])


@pytest.mark.slow
def test_setting_right_comes_first_as_often_as_said() -> None:
    assert set_right(recovered(SamplerWeights(right_first=0.0))) < set_right(recovered(SamplerWeights(right_first=1.0)))


@pytest.mark.slow
def test_more_second_choices_recover_more_often() -> None:
    assert len(recovered(SamplerWeights(second_choices=1))) < len(recovered(SamplerWeights(second_choices=30)))


# ------------------------------------------------------------------------------------------------------ rest


@pytest.mark.parametrize("spare", [0, 3])
def test_so_many_further_tools_stand_ready(spare: int) -> None:
    offers = offers_of(LIBRARY, graph_of(LIBRARY))
    aim = draw_targets(1, 0, [offers], (4, 4), {"tool": 1}, SamplerWeights(spare_targets=spare))
    assert {len(choices) for choices in aim.targets} == {1 + spare}


@pytest.mark.parametrize("name", SamplerWeights.__struct_fields__)
def test_a_number_out_of_its_range_is_refused(name: str) -> None:
    default = getattr(DEFAULT_WEIGHTS, name)
    wrong: Any = -0.1 if isinstance(default, float) else -1 if isinstance(default, int) else (-1,)
    with pytest.raises(UsageError, match=f"^{name} "):
        msgspec.structs.replace(DEFAULT_WEIGHTS, **{name: wrong})


def test_the_numbers_of_a_manner_have_ranges() -> None:
    with pytest.raises(UsageError, match=r"^told_items 0: "):
        Manner(told_items=0)
    with pytest.raises(UsageError, match=r"^distractors 1\.5: "):
        WalkSettings(distractors=1.5)


def test_shares_of_requests_add_up_to_1() -> None:
    with pytest.raises(UsageError, match=r"requests \(0\.5, 0\.4\): shares add up to 1"):
        SamplerWeights(requests=(0.5, 0.4))


def test_a_run_that_says_nothing_else_has_the_defaults() -> None:
    assert Settings().weights is DEFAULT_WEIGHTS
    assert new_walk(LIBRARY).weights == SamplerWeights()
    fork = new_walk(LIBRARY, settings=WalkSettings(depth=3)).fork()
    assert fork.settings == WalkSettings(depth=3)
