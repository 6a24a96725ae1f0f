"""Options that say what pays, the same for every command in which somebody is paid: a rule, an option of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from fr_envs.episode.task import RewardRules
    from fr_envs.json_values import JsonObject

__all__ = ["reward_options", "reward_rules", "reward_settings"]

_NAMES = ("step_cost", "invalid_penalty", "unsaid", "partial", "pay", "errors")


def reward_options(parser: argparse.ArgumentParser) -> None:
    """Add an option for each of the ``RewardRules``."""
    from argparse import BooleanOptionalAction

    group = parser.add_argument_group("rewards", "what pays and what costs; in Python rules={...} with these names")
    group.add_argument("--step-cost", type=float, default=0.0, help="taken from the reward of each step (default: 0)")
    group.add_argument("--invalid-penalty", type=float, default=0.0, help="taken for each invalid call (default: 0)")
    group.add_argument(
        "--unsaid", type=float, default=0.3, help="pay of an answer obtained and not said, 0 to 1 (default: 0.3)"
    )
    group.add_argument(
        "--partial", action=BooleanOptionalAction, default=True, help="a goal reached in part earns its share"
    )
    group.add_argument(
        "--pay", choices=("turns", "end"), default="turns",
        help="scores are paid with the reply to each turn, or all at the end of the episode (default: turns)",
    )  # fmt: skip
    group.add_argument(
        "--errors", choices=("helpful", "terse"), default="helpful",
        help="errors say what is wrong and what would do, or give their code alone (default: helpful)",
    )  # fmt: skip


def reward_rules(options: argparse.Namespace) -> RewardRules:
    """Return what pays and what costs.

    Raises:
        UsageError: A number is out of its range.
    """
    from fr_envs.episode.judging.reward import read_rules

    return read_rules({name: getattr(options, name) for name in _NAMES})


def reward_settings(options: argparse.Namespace) -> JsonObject:
    """Return what was asked for, by option."""
    return {f"--{name.replace('_', '-')}": getattr(options, name) for name in _NAMES}
