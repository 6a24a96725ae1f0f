"""The registered environments keep Gymnasium's rules, and their ids are those of the contracts."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import pytest
from gymnasium.utils.env_checker import check_env

from fr_envs import domain_names, load_spec
from fr_envs.env import ENV_IDS, ActionSpace, MessageSpace, ToolEnv, register_envs
from fr_envs.errors import UsageError
from fr_envs.reading import read_action
from fr_envs.registry import WORKSPACE, load_domain
from tests.fr_envs.small_world import LIBRARY


@pytest.mark.parametrize("env_id", ENV_IDS)
def test_gymnasiums_own_check_is_clean(env_id: str) -> None:
    check_env(gym.make(env_id, render_mode="ansi").unwrapped)


def test_the_ids_are_those_of_the_contracts() -> None:
    contracts = {load_spec(name).id: name for name in domain_names()}
    assert contracts | {load_domain(WORKSPACE).spec.id: WORKSPACE} == ENV_IDS
    register_envs()
    assert ENV_IDS.keys() <= gym.registry.keys()


def test_a_seed_makes_the_first_state() -> None:
    env = ToolEnv(LIBRARY)
    digests = [env.reset(seed=seed)[1]["digest"] for seed in (7, 7, 8)]
    assert digests[0] == digests[1] != digests[2]
    drawn = [env.reset()[1]["digest"] for _ in range(2)]
    env.reset(seed=8)
    assert drawn == [env.reset()[1]["digest"] for _ in range(2)]
    assert drawn[0] != drawn[1]


@pytest.mark.parametrize("options", [{"sale": "tiny"}, {"scale": "huge"}, {"task": "{"}])
def test_an_odd_option_is_the_callers_mistake(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        ToolEnv(LIBRARY).reset(seed=1, options=options)


def test_there_is_no_other_render_mode() -> None:
    with pytest.raises(UsageError, match="no render mode 'human'"):
        ToolEnv(LIBRARY, render_mode="human")
    assert ToolEnv(LIBRARY).render() is None
    env = ToolEnv(LIBRARY, render_mode="ansi")
    assert env.reset(seed=1)[0] == env.render() == LIBRARY.spec.policy


def test_results_are_read_as_json() -> None:
    env = ToolEnv(LIBRARY)
    env.reset(seed=1)
    one = {"name": "join", "arguments": {"name": "Ada"}}
    assert env.step(one)[0] == '{"card_id":"CARD0001"}'
    assert env.step([{"name": "leave"}, one])[0] == '[{"card_id":"CARD0001"},{"card_id":"CARD0002"}]'
    observation, reward, terminated, truncated, info = env.step("Bye.")
    assert (observation, reward, terminated, truncated, info["verdict"]) == ("", 0.0, True, False, None)


def test_samples_are_calls_that_the_world_takes() -> None:
    space = ActionSpace(LIBRARY.spec, seed=1)
    for _ in range(50):
        sample = space.sample()
        assert sample in space
        (call,) = read_action(sample).calls
        outcome = LIBRARY.apply(LIBRARY.initial(1), call)  # type: ignore[arg-type]
        assert outcome.error is None or outcome.error.code != "invalid_arguments"
    assert '"leave"' in space.sample(mask=["leave"])


def test_spaces_take_what_can_be_written() -> None:
    actions, messages = ActionSpace(LIBRARY.spec), MessageSpace(seed=1)
    assert all(x in actions for x in ("prose", {"name": "leave"}, [{"name": "leave"}]))
    assert not any(x in actions for x in (5, b"x", [], [5], None))
    assert messages.sample() in messages
    assert 5 not in messages
    assert not actions.is_np_flattenable
    assert not messages.is_np_flattenable
    assert (actions, hash(actions), repr(actions)) == (
        ActionSpace(LIBRARY.spec), hash(ActionSpace(LIBRARY.spec)), "ActionSpace(library)",
    )  # fmt: skip
    assert (messages, hash(messages), repr(messages)) == (MessageSpace(), hash(MessageSpace()), "MessageSpace()")
