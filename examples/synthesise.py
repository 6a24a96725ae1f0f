"""Make a handful of proven dialogues in memory and look at one."""

from __future__ import annotations

from fr_synth.run.pipeline import RunConfig, produce
from fr_synth.trace.rows import decode


def main() -> None:
    """Print the requests and calls of the first dialogue."""
    config = RunConfig(domains=("travel",), seed=7, turns=(2, 2)).checked()
    made = next(each for each in produce(config, first=0, workers=1) if each.lines is not None)
    assert made.lines is not None
    dialogue = decode(made.lines, "memory")
    for number, turn in enumerate(dialogue.turns):
        print("user:", dialogue.messages[turn.message]["content"])  # noqa: T201 - an example may talk
        for call in dialogue.calls:
            if call.turn == number:
                print("   ", call.name, call.arguments)  # noqa: T201
    print("proven:", ", ".join(dialogue.proofs))  # noqa: T201


if __name__ == "__main__":
    main()
