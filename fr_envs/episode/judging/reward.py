"""What pays and what costs, and the version of the rules."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from fr_envs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.tool_call import ToolError

__all__ = ["REWARD_VERSION", "RewardRules", "Rules", "payment", "read_rules", "shown_error"]

REWARD_VERSION = 4
"""Version of what earns what. Scores of two versions are not to be compared.

1 paid an answer that was obtained, whatever the reply said; 2 pays for what the reply says; 3 nothing for a turn
in which more than six calls fail, for a reply of nothing but a whole result, and for a choice that names no candidates;
4 nothing for a no of the wrong kind: one that blames a rule where a tool is missing, or a missing tool where a rule
forbids it, one that fits under any request, and one without an offer where nothing in the world does it.
"""


class RewardRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What pays and what costs, and how much an error tells.

    Attributes:
        step_cost: Taken from the reward of each step, in reward units; 0 or more.
        invalid_penalty: Taken for each call that is malformed, unknown or has invalid arguments; 0 or more.
        unsaid: What an answer earns that was obtained and that the reply does not say, as a share from 0 to 1 of an
            answer that is said.
        partial: A turn whose goal was reached in part earns its share; if False, only the whole goal pays.
        pay: When scores are paid: with the reply to each of the ``turns``, or all at the ``end`` of the episode.
        errors: ``helpful`` errors say what is wrong and what would do, ``terse`` ones give their code alone.

    Raises:
        UsageError: A number is out of its range, or there is no such choice.
    """

    step_cost: float = 0.0
    invalid_penalty: float = 0.0
    unsaid: float = 0.3
    partial: bool = True
    pay: Literal["turns", "end"] = "turns"
    errors: Literal["helpful", "terse"] = "helpful"

    def __post_init__(self) -> None:
        """Hold each value to its range."""
        checks: tuple[tuple[str, Json, bool, str], ...] = (
            ("step_cost", self.step_cost, 0 <= self.step_cost < math.inf, "a number from 0"),
            ("invalid_penalty", self.invalid_penalty, 0 <= self.invalid_penalty < math.inf, "a number from 0"),
            ("unsaid", self.unsaid, 0 <= self.unsaid <= 1, "a number from 0 to 1"),
            ("pay", self.pay, self.pay in ("turns", "end"), "turns or end"),
            ("errors", self.errors, self.errors in ("helpful", "terse"), "helpful or terse"),
        )
        for name, value, holds, fix in checks:
            if not holds:
                raise UsageError(f"the reward rule {name} is {value!r}: give {fix}")


Rules: TypeAlias = "RewardRules | Mapping[str, Json] | None"
"""Rules as an object, as plain data such as a configuration holds, or None for the usual ones."""


def read_rules(given: Rules) -> RewardRules:
    """Take rules as they are, or as plain data such as a configuration holds; the usual ones for None.

    Raises:
        UsageError: There is no such rule, or a value is none for it.
    """
    if given is None or isinstance(given, RewardRules):
        return given or RewardRules()
    try:
        return msgspec.convert(dict(given), RewardRules)
    except (msgspec.ValidationError, TypeError, ValueError) as error:
        rules = ", ".join(RewardRules.__struct_fields__)
        raise UsageError(f"these are no reward rules: {error}; there are {rules}") from error


def payment(rules: RewardRules, scores: Sequence[float], *, replied: bool, over: bool) -> float:
    """Return what a step pays.

    Args:
        rules: What pays.
        scores: Scores of all turns answered so far, that of this step included.
        replied: The step was a reply, which was judged.
        over: The episode ended with it.
    """
    if rules.pay == "end":
        return sum(scores) if over else 0.0
    return scores[-1] if replied else 0.0


def shown_error(rules: RewardRules, error: ToolError) -> JsonObject:
    """Return what an agent sees of a call that did not go through."""
    told: JsonObject = error.to_json() if rules.errors == "helpful" else {"error": {"code": error.code}}
    return told
