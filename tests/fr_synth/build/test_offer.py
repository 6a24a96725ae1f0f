"""The tools that a dialogue offers: what it calls is among them, and of the others most are near in the graph."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fr_envs import load_domain
from fr_envs.episode.session import Session
from fr_envs.graph.api_graph import ApiGraph
from fr_synth.build.offer import ALL_TOOLS, tools_offered
from fr_synth.run.config import RunConfig
from fr_synth.run.making import make_index
from fr_synth.trace.rows import decode, task_of

GRAPH = ApiGraph(load_domain("banking").spec)


def offered(called: tuple[str, ...], span: tuple[int, int], seed: int = 0) -> tuple[str, ...]:
    return tools_offered(GRAPH, called, span, np.random.default_rng(seed))


@pytest.mark.parametrize("seed", range(20))
def test_as_many_are_offered_as_were_asked_for_in_the_order_of_the_contract(seed: int) -> None:
    found = offered(("list_cards", "freeze_card"), (8, 12), seed)
    assert 8 <= len(found) <= 12
    assert {"list_cards", "freeze_card"} <= set(found)
    assert list(found) == [name for name in GRAPH.spec.tools if name in found]


def test_a_dialogue_that_calls_more_has_two_others_beside_them() -> None:
    called = tuple(GRAPH.spec.tools)[:15]
    assert len(offered(called, (8, 12))) == 17


def test_all_of_a_world_are_named_by_none() -> None:
    assert offered(("list_cards",), ALL_TOOLS) == ()
    assert offered(("list_cards",), (200, 200)) == ()


def test_tools_near_those_that_are_called_come_up_more_often_than_others() -> None:
    found = [name for seed in range(60) for name in offered(("freeze_card",), (10, 10), seed)]
    shares = {}
    for word in ("card", "loan"):
        there = [name for name in GRAPH.spec.tools if word in name and name != "freeze_card"]
        shares[word] = sum(name in there for name in found) / len(there)
    assert shares["card"] > 1.5 * shares["loan"]


def test_different_dialogues_offer_different_tools() -> None:
    assert len({offered(("list_cards",), (8, 20), seed) for seed in range(20)}) == 20


def test_a_task_offers_what_the_dialogue_shows() -> None:
    made = make_index(RunConfig(domains=("banking",), seed=4, tools=(8, 9)).checked(), 0)
    assert made.lines is not None
    dialogue = decode(made.lines, "here")
    session = Session(load_domain("banking"))
    session.reset(task_of(dialogue))
    assert set(session.offering.named.values()) == set(dialogue.offered)
    assert json.dumps(session.tools, ensure_ascii=False, separators=(",", ":")) == dialogue.tools
