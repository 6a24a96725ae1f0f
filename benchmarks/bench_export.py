"""How fast records are exported, beside a floor: reading each line of a run as JSON and writing it again.

Dialogues a second of processor time on one core, the share of the floor in the same run, and the peak of memory for one
and for four times as many records, which has to be the same.

Run: python benchmarks/bench_export.py [--records 2000] [--to jsonl --to trl ...]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from fr_synth import RunConfig, export_run, synthesise

MADE = 24  # records that are made; more are the same ones again, under other ids


def make_run(folder: Path, records: int) -> Path:
    """Write a run of so many records; return its folder."""
    made = synthesise(
        RunConfig(domains=("filesystem", "banking", "travel"), seed=7), folder / "made", count=MADE
    ).folder
    run = folder / f"run-{records}"
    run.mkdir()
    for name in ("dialogues.jsonl", "tasks.jsonl", "evidence.jsonl"):
        lines = [msgspec.json.decode(line) for line in (Path(made or folder) / name).read_bytes().splitlines()]
        with (run / name).open("wb") as file:
            for number in range(records):
                line = {**lines[number % MADE], "id": f"r-{number:07d}"}
                line |= {"seed": [7, number]} if "seed" in line else {}
                file.write(msgspec.json.encode(line) + b"\n")
    return run


def floor(run: Path, out: Path) -> float:
    """Return the processor time, in seconds, of reading and writing the dialogues of a run as JSON."""
    start = time.process_time()
    with (run / "dialogues.jsonl").open("rb") as source, out.open("wb") as target:
        for line in source:
            target.write(msgspec.json.encode(msgspec.json.decode(line)) + b"\n")
    return time.process_time() - start


def spent(run: Path, out: Path, to: str) -> float:
    """Return the processor time, in seconds, of an export."""
    start = time.process_time()
    export_run(run, out, to)
    return time.process_time() - start


def peak(run: Path, out: Path) -> float:
    """Return the most memory, in megabytes, that a process of its own takes for an export with splits."""
    script = (
        "import resource, sys\nfrom fr_synth import ExportOptions, export_run\n"
        "export_run(sys.argv[1], sys.argv[2], 'jsonl', ExportOptions(splits={'train': 0.9, 'val': 0.1}))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    words = [sys.executable, "-c", script, str(run), str(out)]
    return int(subprocess.run(words, check=True, capture_output=True, text=True).stdout) / 1024


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=2000, help="records to export (default: 2000)")
    parser.add_argument("--to", action="append", help="format; may be repeated (default: jsonl, trl, openai, nemo-gym)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run = make_run(folder, options.records)
        least = min(floor(run, folder / "copy") for _ in range(3))
        sys.stdout.write(f"{'JSON copied':<16}{options.records / least:>10,.0f} dialogues/s\n")
        for to in options.to or ["jsonl", "trl", "openai", "nemo-gym"]:
            took = min(spent(run, folder / f"{to}-{number}", to) for number in range(3))
            rate = options.records / took
            sys.stdout.write(f"{to:<16}{rate:>10,.0f} dialogues/s{least / took:>8.2f} of the floor\n")
        small, large = (folder / "a", folder / "b")
        few = peak(run, small)
        more = folder / "more"
        more.mkdir()
        many = peak(make_run(more, 4 * options.records), large)
        sys.stdout.write(f"peak of memory: {few:.0f} MB, with four times the records {many:.0f} MB\n")


if __name__ == "__main__":
    main()
