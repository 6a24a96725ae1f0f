"""Dialogues over classes that nobody here wrote: BFCL's, through the world file, the inference and the command line.

    python benchmarks/bench_foreign.py --count 200

For development; needs ``pip install --no-deps bfcl-eval`` and ``pip install mpmath filelock``. Each class is given as
the Python object that it is, with BFCL's function docs, in the first states of its own cases; inference makes the
contract, and nobody corrects it. Prints what came of ``spec infer``, ``synth``, ``verify`` and ``rollouts`` with the
oracle.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import io
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bfcl_cases import CLASSES, cases, docs_of, instance_of

from fr_envs.errors import UsageError
from fr_synth.cli import main as funreason

if TYPE_CHECKING:
    import numpy as np

WORLDS = ("TradingBot", "GorillaFileSystem", "TicketAPI", "MessageAPI", "TravelAPI", "VehicleControlAPI")
"""Classes that are tried; MathAPI keeps no state, and what TwitterAPI tells is mostly prose."""


@functools.cache
def configs(name: str) -> tuple[Any, ...]:
    """Return the first states of a class in the base cases, each once."""
    found = {json.dumps(case.config[name], sort_keys=True) for case in cases("base") if name in case.config}
    return tuple(json.loads(text) for text in sorted(found))


def make(name: str, rng: np.random.Generator) -> object:
    """Make an object of a class in one of its first states."""
    states = configs(name)
    return instance_of(name, states[int(rng.integers(len(states)))])


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what a world file names: ``bench_foreign:TradingBot``
    if name not in CLASSES:
        raise AttributeError(name)
    return functools.partial(_made, name)


def _made(name: str, rng: np.random.Generator) -> object:
    return make(name, rng)


def typed(*words: str) -> str:
    """Run the command line in this process and return what it prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = funreason(list(words))
    if code not in (0, 1):
        raise UsageError(f"funreason {' '.join(words)}: exit code {code}")
    return out.getvalue()


def world_file(name: str, folder: Path) -> Path:
    """Write the world file of a class into a folder."""
    module = CLASSES[name][0]
    (folder / f"{module}.json").write_text(json.dumps(docs_of(name)), encoding="utf-8")
    said = {
        "name": f"bfcl_{module}", "python": f"bench_foreign:{name}", "docs": f"{module}.json",
        "contract": f"{module}.yaml", "error_member": "error", "on_bad_tool": "skip",
        "ignored": ["_last_modified", "_api_description"],
    }  # fmt: skip
    file = folder / f"{module}.world.yaml"
    file.write_text(json.dumps(said), encoding="utf-8")  # JSON is YAML
    return file


def line(name: str, count: int, folder: Path, workers: int) -> str:
    """Take one class all the way and say what came of it."""
    file = world_file(name, folder)
    run = folder / f"{CLASSES[name][0]}.run"
    typed("spec", "infer", str(file))
    words = ("--world", str(file))
    made = json.loads(
        typed("synth", *words, "--count", str(count), "--out", str(run), "--json", "--workers", str(workers))
    )
    proven = json.loads(typed("verify", str(run), *words, "--json"))
    played = json.loads(
        typed(
            "rollouts",
            "--tasks",
            str(run),
            *words,
            "--agent",
            "oracle",
            "--out",
            str(folder / f"{name}.jsonl"),
            "--json",
        )
    )
    part = next(iter(made["coverage"].values()))
    return (
        f"{name:<18} {made['records']:>9} {proven['failed']:>8} {played['all']['score']:>7.3f} "
        f"{part['tools']:>3} of {part['tools_of']:<3} {made['calls_per_turn']:>10.2f} {made['dependent_share']:>9.0%} "
        f"{made['mean_depth']:>6.2f}"
    )


def main() -> int:
    """Take the classes all the way, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--count", type=int, default=200, help="dialogues for each class")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("names", nargs="*", default=list(WORLDS), metavar="CLASS", help="classes")
    given = parser.parse_args()
    here = str(Path(__file__).parent)
    sys.path.append(here)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))  # for the workers
    sys.stdout.write(
        f"{'class':<18} {'dialogues':>9} {'findings':>8} {'oracle':>7} {'tools':>9} {'calls/turn':>10} "
        f"{'dependent':>9} {'depth':>6}\n"
    )
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name in given.names:
                sys.stdout.write(f"{line(name, given.count, Path(folder), given.workers)}\n")
                sys.stdout.flush()
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
