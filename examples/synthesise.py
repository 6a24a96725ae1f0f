"""Make a handful of proven dialogues in memory and look at one."""

from __future__ import annotations

from fr_synth import RunConfig, synthesise


def main() -> None:
    """Print the requests and calls of the first dialogue."""
    run = synthesise(RunConfig(domains=("travel",), seed=7, turns=(2, 2)), count=5)
    dialogue = run.records[0]
    for number, turn in enumerate(dialogue.turns):
        print("user:", dialogue.messages[turn.message]["content"])  # noqa: T201 - an example may talk
        for call in dialogue.calls:
            if call.turn == number:
                print("   ", call.name, call.arguments)  # noqa: T201
    print("proven:", ", ".join(dialogue.proofs))  # noqa: T201
    print(f"{run.totals.records} dialogues with {run.totals.calls} calls")  # noqa: T201


if __name__ == "__main__":
    main()
