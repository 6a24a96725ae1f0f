"""rLLM: what its engine does with a row of a data set.

Usage: python play_rllm.py runs/first
"""

import sys

import msgspec

from fr_envs.episode.task_file import read_tasks
from fr_envs.trainers.rllm import env_class

Env = env_class()  # the env_class of AgentTrainer; rows are {"task": …}
for task in read_tasks(sys.argv[1]):
    env = Env.from_dict({"task": msgspec.json.encode(task).decode(), "rules": {"pay": "end"}})
    seen, _ = env.reset()
    seen, reward, done, info = env.step("I do not know.")
    print(task.id, reward, done, info)  # noqa: T201 - an example may talk
