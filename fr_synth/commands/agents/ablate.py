"""``funreason ablate``: what each sampler is worth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.base import (
    Command,
    console,
    deliver,
    must_be_free,
    overwrite_option,
    take_worlds,
    world_options,
    write,
)

if TYPE_CHECKING:
    import argparse

    from fr_synth.evaluate.ablation import Estimate, Table

__all__ = ["COMMAND"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--domain", required=True, action="append", metavar="NAME", help="world")
    world_options(parser)
    parser.add_argument("--samples", type=int, default=500, help="walks for each sampler (default: 500)")
    parser.add_argument("--seed", type=int, default=0, help="seed (default: 0)")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the figures as SVG")
    overwrite_option(parser)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def _run(options: argparse.Namespace) -> int:
    from fr_envs.errors import UsageError
    from fr_synth.evaluate.ablation import as_json

    if options.samples < 1:
        raise UsageError(f"samples {options.samples}: give at least 1")
    if options.seed < 0:
        raise UsageError(f"seed {options.seed}: give an integer from 0")
    if len(options.domain) > 1:
        raise UsageError(f"{len(options.domain)} worlds: the samplers are compared in one at a time; give one --domain")
    (options.domain,) = options.domain
    if options.plot is not None and options.plot.suffix.lower() != ".svg":
        raise UsageError(f"{options.plot}: the figures are drawn as SVG; give a name that ends in .svg")
    must_be_free(options.plot, overwrite=options.overwrite)
    take_worlds(options)
    table = _measured(options)
    if options.plot is not None:
        deliver(_plot(table, f"{options.domain}, {options.samples} targets"), options.plot)
    if options.json:
        write(json.dumps(as_json(table)))
    else:
        _show(table, options.domain, options.samples)
    return 0


def _measured(options: argparse.Namespace) -> Table:
    """Let every policy walk, with a bar to watch."""
    from rich import progress

    from fr_envs.world.registry import load_domain
    from fr_synth.evaluate.ablation import ablate
    from fr_synth.sample.reaching.reach import POLICIES

    domain, shown = load_domain(options.domain), console(error=True)
    with progress.Progress(console=shown, disable=options.quiet or not shown.is_terminal) as bar:
        task = bar.add_task("walks", total=options.samples * len(POLICIES))
        return ablate(domain, options.samples, options.seed, each=lambda: bar.advance(task))


def _show(table: Table, domain: str, samples: int) -> None:
    from rich.table import Table as Grid

    policies = list(table)
    grid = Grid("", *policies, title=f"{samples} targets in {domain}, 95 % intervals")
    for name in table[policies[0]]:
        grid.add_row(name, *(_cell(table[policy][name]) for policy in policies))
    console().print(grid)


def _cell(estimate: Estimate) -> str:
    value = f"{estimate.value:.3g}"
    return value if estimate.low is None else f"{value} ({estimate.low:.3g} to {estimate.high:.3g})"


_ROW, _BAR, _LEFT, _WIDTH = 64, 14, 130, 360  # pixels
_COLOURS = ("#2b6cb0", "#b7791f", "#718096")


def _plot(table: Table, title: str) -> str:
    """Draw one row of bars a figure, one bar a policy, each figure scaled to its largest value."""
    policies = list(table)
    names = list(table[policies[0]])
    height = 70 + _ROW * len(names)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + 170}" height="{height}" '
        'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="16" y="24" font-size="15">{title}</text>',
    ]
    for k, policy in enumerate(policies):
        parts.append(f'<rect x="{16 + 100 * k}" y="36" width="10" height="10" fill="{_COLOURS[k % 3]}"/>')
        parts.append(f'<text x="{32 + 100 * k}" y="45">{policy}</text>')
    for row, name in enumerate(names):
        top = 66 + _ROW * row
        largest = max((table[policy][name].high or table[policy][name].value) for policy in policies) or 1.0
        parts.append(f'<text x="16" y="{top + 26}">{name}</text>')
        for k, policy in enumerate(policies):
            parts += _bar(table[policy][name], top + k * (_BAR + 3), _WIDTH / largest, _COLOURS[k % 3])
    return "\n".join([*parts, "</svg>\n"])


def _bar(estimate: Estimate, top: int, unit: float, colour: str) -> list[str]:
    drawn = [
        f'<rect x="{_LEFT}" y="{top}" width="{estimate.value * unit:.1f}" height="{_BAR}" fill="{colour}"/>',
        f'<text x="{_LEFT + (estimate.high or estimate.value) * unit + 8:.1f}" y="{top + 11}">{_cell(estimate)}</text>',
    ]
    if estimate.low is not None and estimate.high is not None:
        ends = f'x1="{_LEFT + estimate.low * unit:.1f}" x2="{_LEFT + estimate.high * unit:.1f}"'
        middle = top + _BAR / 2
        drawn.append(f'<line {ends} y1="{middle}" y2="{middle}" stroke="#000000" stroke-width="2"/>')
    return drawn


COMMAND = Command(
    name="ablate",
    summary="Compare the samplers: hit rate, wasted calls, coverage and depth towards the same targets.",
    examples=(
        "funreason ablate --domain travel --samples 2000",
        "funreason ablate --domain banking --samples 300 --plot samplers.svg",
    ),
    options=_options,
    run=_run,
)
