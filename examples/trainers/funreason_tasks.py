"""verifiers: a file for its command line.

with this file on PYTHONPATH, --env.taskset.id funreason_tasks --env.taskset.tasks runs/first
"""

from fr_envs.trainers.verifiers import FunReasonEnv, FunReasonTaskset

__all__ = ["FunReasonEnv", "FunReasonTaskset"]
