"""What pays and what costs, and the version of the rules."""

from __future__ import annotations

import msgspec

__all__ = ["REWARD_VERSION", "RewardRules"]

REWARD_VERSION = 2
"""Version of what earns what. Scores of two versions are not to be compared.

1 paid an answer that was obtained, whatever the reply said; 2 pays for what the reply says.
"""


class RewardRules(msgspec.Struct, frozen=True):
    """What pays and what costs.

    Attributes:
        step_cost: Taken from the reward of each step, in reward units; 0 or more.
        invalid_penalty: Taken for each call that is malformed, unknown or has invalid arguments; 0 or more.
        unsaid: What an answer earns that was obtained and that the reply does not say, as a share from 0 to 1 of an
            answer that is said.
    """

    step_cost: float = 0.0
    invalid_penalty: float = 0.0
    unsaid: float = 0.3
