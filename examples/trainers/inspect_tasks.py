"""inspect_ai: a file for its command line.

inspect eval inspect_tasks.py -T run=runs/first --model MODEL
"""

from inspect_ai import Task, task

from fr_envs.trainers.inspect import funreason


@task
def tool_worlds(run: str, domain: str | None = None) -> Task:
    """Play the tasks of a run."""
    return funreason(run, domain=domain)
