"""GEM: play tasks of a run.

Usage: python play_gem.py runs/first
"""

import sys

import gem

from fr_envs.trainers.gem import register

env = gem.make(register(), tasks=sys.argv[1], domain="filesystem", rules={"step_cost": 0.01})
observation, info = env.reset(seed=7)
print(observation[-200:])  # noqa: T201 - an example may talk
observation, reward, terminated, truncated, info = env.step('{"name": "pwd", "arguments": {}}')
print(observation, reward)  # noqa: T201
