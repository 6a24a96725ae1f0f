"""Let an agent of your own play tasks and see what it earns.

The agent here plays the reference calls of the first turn and then says nothing more, so it earns that turn alone.
"""

from __future__ import annotations

from fr_envs import Session
from fr_synth import RunConfig, synthesise, task_of


def main() -> None:
    """Score a lazy agent on three tasks."""
    for record in synthesise(RunConfig(domains=("filesystem",), seed=3, turns=(2, 2)), count=3):
        task = task_of(record)
        session = Session("filesystem")
        session.reset(task)
        for call in task.turns[0].calls:
            session.call(call.name, call.arguments)
        session.say(task.turns[0].reply)
        session.say("That is all I can do.")
        print(f"{task.id}: {session.score():.2f}")  # noqa: T201 - an example may talk


if __name__ == "__main__":
    main()
