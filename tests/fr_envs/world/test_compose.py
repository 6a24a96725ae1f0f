"""Several worlds as one: names that clash are kept apart, kinds are shared, each world keeps to its own state."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from fr_envs import load_domain
from fr_envs.contract.loading import spec_from_dict
from fr_envs.errors import StateError, UsageError
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.testing import check_domain
from fr_envs.world.compose import Composite, compose, composite
from fr_envs.world.domain import Domain, Hooks
from fr_envs.world.tool_call import ToolCall
from tests.fr_envs.small_world import CONTRACT, HANDLERS, HOOKS, LIBRARY


@pytest.fixture(scope="module")
def annexe() -> Domain[Any]:
    """A second library in which a title is something else, so that tools, facts and one kind clash."""
    kinds = {
        **CONTRACT["kinds"],
        "title": {**CONTRACT["kinds"]["title"], "schema": {"type": "string", "maxLength": 50}},
    }
    contract = {**CONTRACT, "name": "annexe", "id": "FunReasonTest/Annexe-v0", "kinds": kinds}
    return Domain(spec_from_dict(contract), HANDLERS, Hooks(*HOOKS))


@pytest.fixture(scope="module")
def both(annexe: Domain[Any]) -> Domain[Composite]:
    return compose(LIBRARY, annexe)


def test_clashing_names_carry_their_world(both: Domain[Composite]) -> None:
    assert both.name == "library+annexe"
    assert {"library.list_books", "annexe.list_books"} <= set(both.spec.tools)
    assert {"library_title", "annexe_title"} <= set(both.spec.kinds)
    assert "book_id" in both.spec.kinds, "the same name and schema is one kind"
    assert {"library_has_card", "annexe_has_card"} <= set(both.spec.facts)
    assert both.spec.tools["annexe.borrow"].needs == ("annexe_has_card",)


def test_edges_cross_from_world_to_world(both: Domain[Composite]) -> None:
    edges = {(edge.source, edge.target) for edge in ApiGraph(both.spec).edges()}
    assert ("library.list_books", "annexe.borrow") in edges


def test_a_call_changes_its_own_world_alone(both: Domain[Composite]) -> None:
    before = both.initial(3)
    after = both.apply(before, ToolCall("annexe.join", {"name": "Ada Kern"})).state
    assert after.part("library") is before.part("library")
    assert after.part("annexe") is not before.part("annexe")
    changes = before.diff(after)
    assert changes
    assert all(change.table.startswith("annexe.") for change in changes)
    assert both.holds(after, "annexe_has_card")
    assert not both.holds(after, "library_has_card")


def test_a_read_gives_back_the_very_state(both: Domain[Composite]) -> None:
    state = both.initial(3)
    assert both.apply(state, ToolCall("library.list_books", {})).state is state


def test_worlds_cannot_swap_contents_unseen(both: Domain[Composite]) -> None:
    state = both.initial(3)
    swapped = composite(state.worlds, (state.parts[1], state.parts[0]))
    assert state.parts[0].digest != state.parts[1].digest
    assert swapped.digest != state.digest


def test_a_state_survives_pickling_and_tells_its_contents(both: Domain[Composite]) -> None:
    state = both.initial(np.random.default_rng(5), "tiny")
    again = pickle.loads(pickle.dumps(state))
    assert again.digest == state.digest
    assert set(again.to_json()) == {"library", "annexe"}
    assert again.sha256() == state.sha256()


def test_states_of_other_worlds_do_not_compare(both: Domain[Composite]) -> None:
    state = both.initial(3)
    with pytest.raises(StateError, match="cannot be compared"):
        state.diff(state.parts[0])
    with pytest.raises(StateError, match="worlds missing or unknown: annexe"):
        type(state).from_json({"library": state.parts[0].to_json()})


def test_entities_of_a_shared_kind_are_those_of_both(both: Domain[Composite]) -> None:
    state = both.initial(3)
    library: Domain[Any] = LIBRARY
    own = [library.entities(part, "book_id") or {} for part in state.parts]
    assert set(both.entities(state, "book_id") or {}) == set(own[0]) | set(own[1])
    assert both.entities(state, "genre") is None


def test_a_composition_takes_two_worlds_each_once() -> None:
    with pytest.raises(UsageError, match="two worlds or more"):
        compose(LIBRARY)
    with pytest.raises(UsageError, match="each once"):
        compose(LIBRARY, LIBRARY)


def test_the_kit_holds_for_a_composition(both: Domain[Composite]) -> None:
    check_domain(both, seeds=(0, 1))


def test_worlds_compose_by_name() -> None:
    pair = load_domain("filesystem+travel")
    assert pair.name == "filesystem+travel"
    assert {"find_airports", "mkdir"} <= set(pair.spec.tools)
    assert pair.spec.kinds["text"].name == "text", "a document of one world is text of the other"
