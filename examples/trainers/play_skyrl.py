"""SkyRL: what its generator does with a row of a data set.

Usage: python play_skyrl.py runs/first
"""

import sys

import msgspec
import skyrl_gym

from fr_envs.episode.task_file import read_tasks
from fr_envs.trainers.skyrl import register

register("funreason")  # in the trainer's entry point; rows carry env_class="funreason" and the task
for task in read_tasks(sys.argv[1]):
    row = {"reward_spec": {"ground_truth": msgspec.json.encode(task).decode()}}
    env = skyrl_gym.make("funreason", env_config={"rules": {"pay": "end"}}, extras=row)
    messages, _ = env.init([])
    step = env.step("I do not know.")
    print(task.id, step["reward"], step["done"], env.get_metrics())  # noqa: T201 - an example may talk
