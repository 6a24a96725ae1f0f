"""``funreason spec infer``: the contract of a world of your own, found out by playing it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.base import deliver, warn

if TYPE_CHECKING:
    import argparse

    from fr_envs.adapters.enrich import Completed

__all__ = ["infer_options"]


def infer_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the inference to a parser."""
    parser.add_argument("world", type=Path, metavar="WORLD", help="world file")
    parser.add_argument("--walks", type=int, help="walks through the world (default: 200; 6 where it is a server)")
    parser.add_argument("--length", type=int, help="calls in each (default: 16; 6 where it is a server)")
    parser.add_argument("--seed", type=int, default=0, help="seed of everything that is drawn (default: 0)")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="file to write (default: the contract that the world file names)"
    )
    parser.add_argument("--overwrite", action="store_true", help="write in place of what is in the file")
    parser.add_argument(
        "--on-bad-tool", choices=("stop", "skip"),
        help="what a faulty tool does: stop with its error, or be left out (default: as the file says)",
    )  # fmt: skip
    parser.set_defaults(part=_infer)


def _infer(options: argparse.Namespace) -> int:
    from fr_envs.adapters.enrich import complete
    from fr_envs.adapters.world_file import read_world
    from fr_envs.contract.writing import contract_text
    from fr_envs.errors import UsageError

    world = read_world(options.world, on_bad_tool=options.on_bad_tool)
    usual = (
        (200, 16) if world.mcp is None and world.openapi is None else (6, 6)
    )  # leaving a call out starts a server anew each time
    walks = usual[0] if options.walks is None else options.walks
    length = usual[1] if options.length is None else options.length
    for name, value, least in (("walks", walks, 1), ("length", length, 1), ("seed", options.seed, 0)):
        if value < least:
            raise UsageError(f"{name} {value}: give an integer from {least}")
    out: Path | None = options.out or (Path(world.folder) / world.contract if world.contract is not None else None)
    if out is not None and out.exists() and not options.overwrite:
        raise UsageError(f"{out} is there already, corrected perhaps; give another --out, or --overwrite")
    domain = world.bare(contract=False)
    for fault in domain.left_out:
        warn(f"{world.name}: left out: {fault}")
    completed = complete(domain, seed=options.seed, walks=walks, length=length)
    deliver(contract_text(completed.spec), out)
    _tell(completed)
    return 0


def _tell(completed: Completed) -> None:
    """Say on the terminal what was found, and of which tools nothing is known."""
    spec, found = completed
    warn(
        f"{spec.name}: {len(spec.tools)} tools, {len(spec.kinds)} kinds, {len(spec.facts)} facts; "
        f"{len(found.data)} data edges and {len(found.state)} state edges found"
    )
    for name in found.silent:
        warn(f"{name} never went through: nothing is known of it but its words")
    for name in [tool.name for tool in spec.tools.values() if not tool.request_templates]:
        warn(f"{name} cannot be asked for in words: give it request_templates, or leave it to other tools' needs")
