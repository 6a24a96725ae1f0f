"""A rule is kept to where it bears on a call: without the fact the call is refused, with it the same call works."""

from __future__ import annotations

import pytest

from fr_envs import load_domain
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.json_values import at_pointer
from fr_synth.language.verbalise import mentions_value
from fr_synth.sample.reaching.by_rule import prepared, reach_by_rule, refused, taken
from fr_synth.sample.reaching.reach import Limits
from fr_synth.sample.targets import offers_of
from fr_synth.sample.turns import sample_turn
from fr_synth.trace.dataflow.provenance import Said
from fr_synth.trace.target import RuleTarget
from tests.fr_envs.small_world import LIBRARY
from tests.fr_synth.walks import new_walk

BANK = load_domain("banking")
RULES = [rule for rule in offers_of(BANK, ApiGraph(BANK.spec))["policy"] if isinstance(rule, RuleTarget)]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_rule_is_kept_to_where_it_bears_on_a_call(rule: RuleTarget) -> None:
    code = BANK.spec.facts[rule.fact].violation
    found = 0
    for seed in range(12):
        walk = new_walk(BANK, seed)
        if not reach_by_rule(walk, rule, "directed", Limits()):
            assert walk.steps == []
            continue
        found += 1
        names = [step.call.name for step in walk.steps]
        assert names[-1] == rule.tool
        setter = max(k for k, name in enumerate(names) if name == rule.setter)
        refusal = BANK.apply(walk.steps[setter].before, walk.steps[-1].call).error
        assert refusal is not None
        assert refusal.code == code
    assert found >= 4


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_turn_that_keeps_to_a_rule_holds_the_call_that_makes_the_fact_true(rule: RuleTarget) -> None:
    traces = [sample_turn(new_walk(BANK, seed), rule, policy="directed", calls=2, limits=Limits()) for seed in range(8)]
    found = [trace for trace in traces if trace is not None and trace.target == rule]
    assert found
    assert all("confirm_code" in [step.call.name for step in trace.steps] for trace in found)
    assert {trace.target for trace in found} == {rule}


def test_larger_numbers_are_said_as_they_are_bound() -> None:
    walk = prepared(new_walk(BANK, 2), "pay_payee", "directed", Limits())
    assert walk is not None
    bindings = refused(walk, "pay_payee", ["code_required"])["code_required"]
    assert bindings
    for binding in bindings:
        assert binding.arguments["amount"] > 1000
        for pointer, source in binding.sources.items():
            if isinstance(source, Said):
                assert mentions_value(source.text, at_pointer(binding.arguments, pointer))
        assert not taken(walk, "pay_payee", binding)


def test_a_tool_out_of_reach_is_not_prepared() -> None:
    walk = new_walk(LIBRARY)
    assert prepared(walk, "return_book", "directed", Limits(calls=1, misses=1, ways=1)) is None
    assert not reach_by_rule(
        walk, RuleTarget("join", "return_book", "has_card"), "directed", Limits(calls=1, misses=1, ways=1)
    )
    assert walk.steps == []
