"""``funreason overlap``: what a run shares with public benchmarks, and the hashes with which that is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.base import Command, console, must_be_free, overwrite_option, write

if TYPE_CHECKING:
    import argparse

    from fr_envs.json_values import JsonObject

__all__ = ["COMMAND"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_folder", type=Path, nargs="?", metavar="RUN", help="run folder, or a file in it")
    parser.add_argument(
        "--against", action="append", type=Path, default=[], metavar="FILE",
        help="hashes of a benchmark; may be repeated (default: those that ship)",
    )  # fmt: skip
    parser.add_argument("--build", type=Path, metavar="FOLDER", help="make hashes of a benchmark from its files")
    parser.add_argument("--name", default="", help="short name of the benchmark, for --build")
    parser.add_argument("--source", default="", help="package and version that its files are from, for --build")
    parser.add_argument("--out", type=Path, metavar="FILE", help="file of hashes to write, for --build")
    overwrite_option(parser)
    parser.add_argument("--json", action="store_true", help="print the ids of records as JSON")


def _run(options: argparse.Namespace) -> int:
    from fr_envs.errors import UsageError

    if options.build is not None:
        if not (options.name and options.out):
            raise UsageError("--build needs --name and --out; such as: " + COMMAND.examples[1])
        return _build(options)
    if options.run_folder is None:
        raise UsageError("give a run, or --build FOLDER to make hashes")
    found = _found(options)
    if options.json:
        write(json.dumps(found))
        return int(any(each["records"] for each in found.values()))
    shown = console()
    for name, each in found.items():
        ids = ", ".join(each["records"][:_MOST]) + (" …" if len(each["records"]) > _MOST else "")
        shown.print(
            f"{name} ({each['source']}): {len(each['records'])} of {each['of']} records share 13 words with its users"
            + (f": {ids}" if ids else ""),
            markup=False,
        )
        shown.print(f"  tools of the same name: {', '.join(each['tools']) or 'none'}", markup=False)
    return int(any(each["records"] for each in found.values()))


_MOST = 10  # ids that are shown


def _found(options: argparse.Namespace) -> dict[str, JsonObject]:
    from fr_synth.export.example import Source, tools_in
    from fr_synth.export.overlap import benchmarks_of

    source = Source(options.run_folder)
    benchmarks = benchmarks_of(options.against)
    shared: dict[str, list[str]] = {each.name: [] for each in benchmarks}
    names: set[str] = set()
    for example in source.examples():
        names.update(tool["function"]["name"] for tool in tools_in(example.tools))
        for each in benchmarks:
            if each.shares_words(example):
                shared[each.name].append(example.id)
    return {
        each.name: {
            "source": each.source, "of": source.count, "records": shared[each.name],
            "tools": sorted(name for name in names if each.has_tool(name)),
        }
        for each in benchmarks
    }  # fmt: skip


def _build(options: argparse.Namespace) -> int:
    from fr_synth.export.overlap import build_benchmark

    must_be_free(options.out, overwrite=options.overwrite)
    made = build_benchmark(options.build, options.name, options.source or str(options.build))
    options.out.write_bytes(made)
    return 0


COMMAND = Command(
    name="overlap",
    summary="Say which records share thirteen words with a public benchmark; exit code 1 if any does.",
    examples=(
        "funreason overlap runs/first",
        "funreason overlap --build bfcl_eval/data --name BFCL --source 'bfcl-eval 2026.3.23' --out bfcl.ngrams",
    ),
    options=_options,
    run=_run,
)
