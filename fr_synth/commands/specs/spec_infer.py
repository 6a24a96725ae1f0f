"""``funreason spec infer``: the contract of a world of your own, found out by playing it."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fr_synth.commands.base import deliver, overwrite_option, warn

if TYPE_CHECKING:
    import argparse

    from fr_envs.adapters.enrich import Completed
    from fr_envs.adapters.inference.contract import Silence
    from fr_envs.adapters.inference.metered import Progress

__all__ = ["infer_options"]


class _Asked(NamedTuple):
    """How much is tried."""

    walks: int
    length: int
    calls: int
    seconds: float


_OF_OBJECT = _Asked(200, 16, 24_000, 60.0)  # 24,000 calls of 15 tools took 30 s of one core
_OF_SERVER = _Asked(6, 6, 2_000, 20.0)  # leaving a call out may start a server anew
_OF_SERVICE = _Asked(40, 8, 8_000, 40.0)  # a service is put back by one request
_MORE = {
    "calls": "more is found with a higher --most-calls",
    "seconds": "more is found with a higher --most-seconds; what is found in a time differs from run to run",
}


def infer_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the inference to a parser."""
    parser.add_argument("world", type=Path, metavar="WORLD", help="world file")
    parser.add_argument(
        "--walks", type=int, help="walks through the world (default: 200; 40 where it is a service, 6 a server)"
    )
    parser.add_argument("--length", type=int, help="calls in each (default: 16; 8 where it is a service, 6 a server)")
    parser.add_argument(
        "--most-calls", type=int, metavar="N",
        help=f"calls of tools in all (default: {_OF_OBJECT.calls}; {_OF_SERVICE.calls} of a service, "
             f"{_OF_SERVER.calls} a server)",
    )  # fmt: skip
    parser.add_argument(
        "--most-seconds", type=float, metavar="S",
        help=f"seconds in all (default: {_OF_OBJECT.seconds:g}; {_OF_SERVICE.seconds:g} of a service, "
             f"{_OF_SERVER.seconds:g} a server)",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, help="seed of everything that is drawn (default: 0)")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="file to write (default: the contract that the world file names)"
    )
    overwrite_option(parser)
    parser.add_argument(
        "--on-bad-tool", choices=("stop", "skip"),
        help="what a faulty tool does: stop with its error, or be left out (default: as the file says)",
    )  # fmt: skip
    parser.set_defaults(part=_infer)


def _infer(options: argparse.Namespace) -> int:
    from fr_envs.adapters.enrich import complete
    from fr_envs.adapters.inference.metered import Bounds
    from fr_envs.adapters.world_file import read_world
    from fr_envs.contract.writing import contract_text
    from fr_envs.errors import UsageError

    world = read_world(options.world, on_bad_tool=options.on_bad_tool)
    usual = _OF_SERVER if world.mcp is not None else _OF_SERVICE if world.openapi is not None else _OF_OBJECT
    if world.mcp is not None and world.reset is not None:
        usual = _OF_SERVICE._replace(seconds=_OF_SERVER.seconds)  # put back by a call or a copy, not by a start
    asked = _asked(options, usual)
    if not world.goes_back:
        raise UsageError(
            f"{options.world}: {world.name} cannot go back to an earlier state, and finding out what its tools do goes "
            "back all the time; give reset: (or fresh: true), or write the contract by hand after spec import"
        )
    if world.simulated is not None:
        raise UsageError(
            f"{options.world}: {world.name} is simulated, so there is nothing to find out by playing it; its contract "
            f"comes with funreason spec import {world.simulated} --simulate --out FILE"
        )
    out: Path | None = options.out or (Path(world.folder) / world.contract if world.contract is not None else None)
    if out is not None and out.exists() and not options.overwrite:
        raise UsageError(f"{out} is there already, corrected perhaps; give another --out, or --overwrite")
    domain = world.bare(contract=False)
    for fault in domain.left_out:
        warn(f"{world.name}: left out: {fault}")
    bounds = Bounds(asked.calls, asked.seconds, functools.partial(_progress, world.name, asked.calls))
    completed = complete(domain, seed=options.seed, walks=asked.walks, length=asked.length, bounds=bounds)
    deliver(contract_text(completed.spec), out)
    _tell(completed)
    if out is not None and world.contract is None:
        warn(f"{options.world} names no contract yet: write contract: {out} into it, and the world has what was found")
    return 0


def _asked(options: argparse.Namespace, usual: _Asked) -> _Asked:
    """Return what the options say, and the usual where they do not."""
    asked = _Asked(
        usual.walks if options.walks is None else options.walks,
        usual.length if options.length is None else options.length,
        usual.calls if options.most_calls is None else options.most_calls,
        usual.seconds if options.most_seconds is None else options.most_seconds,
    )
    from fr_envs.errors import UsageError

    for name, value, least in (
        ("walks", asked.walks, 1), ("length", asked.length, 1), ("most-calls", asked.calls, 1),
        ("seed", options.seed, 0),
    ):  # fmt: skip
        if value < least:
            raise UsageError(f"{name} {value}: give an integer from {least}")
    if not asked.seconds > 0:
        raise UsageError(f"most-seconds {asked.seconds:g}: give a number above 0")
    return asked


def _progress(name: str, most: int, progress: Progress) -> None:
    warn(f"{name}: trying {progress.phase}: {progress.calls} of at most {most} calls, {progress.seconds:.0f} s")


def _why(silence: Silence | None) -> str:
    if silence is None or not silence.tried:
        return ", since it was never tried"
    said = "; ".join(f"{count} x {text}" for text, count in silence.said)
    return f" in {silence.tried} tries ({said})"


def _tell(completed: Completed) -> None:
    """Say on the terminal what was found, and of which tools nothing is known."""
    spec, found = completed
    warn(
        f"{spec.name}: {len(spec.tools)} tools, {len(spec.kinds)} kinds, {len(spec.facts)} facts; "
        f"{len(found.data)} data edges and {len(found.state)} state edges found"
    )
    if found.cut:
        ran_out = sorted(set(found.cut.values()))
        silent = f"; no example was found of {', '.join(found.silent)}" if found.silent else ""
        told = f"out of {' and '.join(ran_out)} while trying {', '.join(found.cut)}{silent}"
        warn(f"{spec.name}: {told}; {_MORE[ran_out[-1]]}")
    for name in found.silent:
        warn(f"{name} never went through{_why(found.refused.get(name))}: nothing is known of it but its words")
    for name in [tool.name for tool in spec.tools.values() if not tool.request_templates]:
        warn(f"{name} cannot be asked for in words: give it request_templates, or leave it to other tools' needs")
