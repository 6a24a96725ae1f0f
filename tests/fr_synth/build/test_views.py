"""Views as they are drawn: they fit, name nothing that the contract does not know, and calls come back through them."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fr_envs
from fr_envs import load_domain
from fr_envs.contract.aliases import Aliases
from fr_envs.contract.view import View, view_faults
from fr_envs.errors import UsageError
from fr_envs.world.lens import Lens
from fr_envs.world.tool_call import ToolCall
from fr_synth.build.views import Naming, draw_view
from fr_synth.run.config import RunConfig
from fr_synth.run.job import synthesise
from fr_synth.run.making import make_index
from fr_synth.trace.tokens import estimated_tokens

BANK = load_domain("banking")


@pytest.mark.parametrize("world", ["banking", "filesystem", "travel"])
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), rename=st.sampled_from([0.0, 0.5, 1.0]))
def test_views_fit_and_calls_come_back(world: str, seed: int, rename: float) -> None:
    domain = load_domain(world)
    rng = np.random.default_rng(seed)
    offered = tuple(name for name in domain.spec.tools if rng.random() < 0.3)
    used = {name: tuple(domain.spec.tools[name].parameters) for name in offered[:3]}
    view = draw_view(domain.spec, Naming(offered, used, rename), rng)
    if view is None:
        assert rename < 1
        return
    assert list(view_faults(view, domain.spec, offered)) == []
    assert msgspec.json.decode(view.to_json(), type=View) == view
    assert rename < 1 or view.renames
    lens = Lens(domain.spec, view)
    for name, parameters in used.items():
        call = ToolCall(name, dict.fromkeys(parameters, 1), "call_0")
        assert lens.meant(lens.shown(call)) == call
        assert view.contract_call(lens.shown(call).name, lens.shown(call).arguments) == (name, call.arguments)


def test_a_world_without_aliases_gets_codes_alone() -> None:
    plain = msgspec.structs.replace(BANK.spec, aliases=Aliases())
    view = draw_view(plain, Naming(("sign_in", "get_date"), {}, 1.0), np.random.default_rng(1))
    assert view is not None
    assert all(each.name.startswith("tool_") for each in view.tools)
    assert not any(each.description for each in view.tools)
    assert {offered for each in view.tools for offered in each.parameters.values()} <= {"arg_a", "arg_b"}


def test_all_tools_under_their_own_names_need_no_view() -> None:
    assert draw_view(BANK.spec, Naming((), {}, 0.0), np.random.default_rng(1)) is None


def test_every_tool_has_two_aliases_and_every_parameter_one() -> None:
    for world in ("banking", "filesystem", "travel"):
        spec = fr_envs.load_spec(world)
        for tool in spec.tools.values():
            assert len(spec.aliases.tools[tool.name]) >= 2, tool.name
            assert spec.aliases.descriptions[tool.name], tool.name
            assert all(spec.aliases.of_parameter(tool.name, name) for name in tool.parameters), tool.name


def test_worlds_put_together_keep_the_aliases_that_are_theirs_alone() -> None:
    joined = load_domain("workspace").spec
    names = [alias for aliases in joined.aliases.tools.values() for alias in aliases]
    assert len(names) == len(set(names))
    assert not set(names) & joined.tools.keys()
    assert joined.aliases.of_parameter("sign_in", "pin") == fr_envs.load_spec("banking").aliases.parameters["pin"]


# ------------------------------------------------------------------------------------------------- runs


def test_about_a_share_of_dialogues_renames_and_every_one_has_an_order_of_its_own() -> None:
    run = synthesise(RunConfig(domains=("banking",), seed=6, scale="tiny", turns=(1, 2), rename=0.5), count=12)
    views = [record.view for record in run if record.view is not None]
    assert len(views) == 12
    assert 2 <= sum(view.renames for view in views) <= 10
    orders = [[each.tool for each in view.tools] for view in views]
    assert any(order != [name for name in BANK.spec.tools if name in order] for order in orders)


def test_the_share_changes_names_and_nothing_else() -> None:
    runs = [
        synthesise(RunConfig(domains=("filesystem",), seed=6, scale="tiny", turns=(1, 2), rename=share), count=6)
        for share in (0.0, 1.0)
    ]
    for plain, renamed in zip(*runs, strict=True):
        assert plain.offered == renamed.offered
        assert [call.arguments for call in plain.calls] == [call.arguments for call in renamed.calls]
        assert plain.messages != renamed.messages


def test_every_record_keeps_within_the_bound_and_what_did_not_is_counted() -> None:
    config = RunConfig(domains=("filesystem",), seed=6, scale="tiny", turns=(1, 3), tools=(15, 20))
    free = [estimated_tokens(record.messages, record.tools) for record in synthesise(config, count=8)]
    most = sorted(free)[2]
    bound = synthesise(msgspec.structs.replace(config, max_tokens=most), count=8)
    assert max(estimated_tokens(record.messages, record.tools) for record in bound) <= most
    assert max(free) > most
    tight = synthesise(msgspec.structs.replace(config, max_tokens=int(most * 0.4)), count=2)
    assert max(estimated_tokens(record.messages, record.tools) for record in tight) <= most * 0.4
    assert tight.totals.dropped["tokens"] > 0


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"rename": 1.5}, "rename 1.5: give a number from 0 to 1"),
        ({"max_tokens": 0}, "max tokens 0: give at least 1"),
        ({"tokenizer": "nowhere"}, "a tokenizer counts the tokens of --max-tokens; give both, or neither"),
        ({"tokenizer": "nowhere", "max_tokens": 9}, "nowhere is no folder with a tokenizer"),
    ],
)
def test_what_cannot_be_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        RunConfig(domains=("banking",), **fields).checked()


def test_an_index_that_cannot_be_short_enough_is_given_up() -> None:
    config = RunConfig(domains=("banking",), scale="tiny", drills=1.0, turns=(1, 1), calls=(1, 1), max_tokens=50)
    made = make_index(config.checked(), 0)
    assert made.lines is None
    assert "tokens" in made.dropped
    assert any("turns have more than 50 tokens" in reason for reason in made.reasons)
