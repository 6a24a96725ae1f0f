"""``funreason graph``: which call can follow which in a world, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fr_synth.commands.base import (
    Command,
    console,
    contract,
    deliver,
    is_file,
    must_be_free,
    overwrite_option,
    printable,
    take_worlds,
    world_options,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from fr_envs.graph.api_graph import ApiGraph, Edge
    from fr_envs.graph.drawing import EdgeUse
    from fr_envs.graph.witness import Proof, Witness
    from fr_envs.world.domain import Domain

__all__ = ["COMMAND", "searched"]

_FORMATS = ("text", "json", "mermaid", "graphml", "svg", "html")
_SUFFIXES = {
    ".txt": "text", ".json": "json", ".mmd": "mermaid", ".mermaid": "mermaid", ".graphml": "graphml", ".svg": "svg",
    ".html": "html", ".htm": "html",
}  # fmt: skip


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME|FILE", help="world, or YAML contract")
    world_options(parser)
    parser.add_argument(
        "--format", choices=_FORMATS, help="what to write (default: what the name of --out says, else text)"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: standard output)")
    parser.add_argument("--html", type=Path, metavar="FILE", help="short for --format html --out FILE")
    overwrite_option(parser)
    parser.add_argument("--tool", metavar="TOOL", help="show what one tool needs, what gives it, and what it opens")
    parser.add_argument(
        "--forbidden", action="store_true", help="show what agrees in kind and is no edge, with the reason"
    )
    parser.add_argument("--witnesses", action="store_true", help="prove edges by executing the witnesses kept for them")
    parser.add_argument("--search", action="store_true", help="and search for those that are missing; takes minutes")
    parser.add_argument(
        "--keep", type=Path, metavar="FILE", help="write the witnesses after the search, in place of those there"
    )
    parser.add_argument("--run", dest="run_folder", type=Path, metavar="RUN", help="show how much of it a run has used")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def _run(options: argparse.Namespace) -> int:
    from fr_envs.errors import UsageError
    from fr_envs.graph.api_graph import ApiGraph
    from fr_synth.commands.graph_text import as_json, of_tool, summary

    if options.html is not None and (options.format or options.out):
        raise UsageError("--html names format and file by itself; leave --format and --out out")
    options.out = options.out or options.html
    options.format = _format(options.format, options.out)
    _check(options)
    must_be_free(options.out, overwrite=options.overwrite)
    take_worlds(options)
    graph = ApiGraph(contract(options.name))
    coverage = _coverage(graph, options.run_folder)
    proofs = _proofs(options, graph) if options.witnesses or options.search else None
    if options.tool is not None:
        text = printable(of_tool(graph, options.tool, proofs, forbidden=options.forbidden))
    elif options.format == "text":
        text = printable(summary(graph, coverage, proofs, forbidden=options.forbidden))
    elif options.format == "json":
        text = json.dumps(as_json(graph, coverage, proofs, forbidden=options.forbidden), indent=2) + "\n"
    else:
        text = _drawn(options.format, graph, coverage, proofs)
    deliver(text, options.out)
    return 0


def _format(asked: str | None, out: Path | None) -> str:
    """Return the format that is asked for or that a file's name says.

    Raises:
        UsageError: They disagree, or the name says one that is not written.
    """
    from fr_envs.errors import UsageError

    if out is None or (asked and out.suffix.lower() not in _SUFFIXES) or not out.suffix:
        return asked or "text"
    named = _SUFFIXES.get(out.suffix.lower())
    if named is None:
        raise UsageError(f"{out}: nothing is written as {out.suffix}; take {', '.join(_SUFFIXES)}, or give --format")
    if asked not in (None, named):
        raise UsageError(f"{out} has the name of {named} and --format says {asked}; give one of the two")
    return named


def _check(options: argparse.Namespace) -> None:
    """Refuse combinations of options that would silently do nothing.

    Raises:
        UsageError: There is one.
    """
    from fr_envs.errors import UsageError

    if options.tool is not None and (options.run_folder or options.html or options.format != "text"):
        raise UsageError("--tool is text about one tool; leave --format and --run out")
    if (options.witnesses or options.search) and is_file(options.name):
        raise UsageError("--witnesses executes the tools, which a contract alone cannot; give a shipped world")
    if options.format in ("mermaid", "graphml") and (options.witnesses or options.search or options.run_folder):
        raise UsageError(f"{options.format} has no place for --witnesses or --run; take text, json, svg or html")
    if options.forbidden and options.format not in ("text", "json"):
        raise UsageError(f"{options.format} draws what is an edge; take text or json for --forbidden")
    if options.keep is not None and not options.search:
        raise UsageError("--keep writes what a search has found; add --search")


def _coverage(graph: ApiGraph, run: Path | None) -> EdgeUse | None:
    from fr_envs.errors import UsageError
    from fr_synth.run.coverage import coverage_of
    from fr_synth.run.folder.journal import read_dialogues

    if run is None:
        return None
    coverage = coverage_of(graph, read_dialogues(run))
    if not coverage.tools:
        raise UsageError(f"{run} has no record in the world {graph.spec.name}")
    return coverage


def _proofs(options: argparse.Namespace, graph: ApiGraph) -> dict[Edge, Proof]:
    """Return what is known about the edges asked for, after a search for what is not if that is asked for."""
    from fr_envs import load_domain
    from fr_envs.graph.witness import Witness, shipped, write_proofs

    if options.tool is not None:
        graph.tool(options.tool)  # ends here if there is none
    domain = load_domain(options.name)
    proofs = shipped(domain)
    chosen = [edge for edge in proofs if options.tool in (None, edge.source, edge.target)]
    if options.search:
        proofs |= searched(domain, [e for e in chosen if not isinstance(proofs[e], Witness)], quiet=options.quiet)
    if options.keep is not None:
        deliver(write_proofs(domain.name, proofs), options.keep)
    return {edge: proofs[edge] for edge in chosen}


def searched(domain: Domain[Any], edges: list[Edge], *, quiet: bool) -> dict[Edge, Proof]:
    """Search a witness for each of some edges, with a bar to watch."""
    from rich import progress

    from fr_envs.search.witnesses import search_witnesses

    shown = console(error=True)
    found: dict[Edge, Proof] = {}
    with progress.Progress(console=shown, disable=quiet or not shown.is_terminal) as bar:
        task = bar.add_task("edges", total=len(edges))
        for first in range(0, len(edges), _AT_ONCE):
            part = edges[first : first + _AT_ONCE]
            found.update(search_witnesses(domain, _SEEDS, edges=part, attempts=_ATTEMPTS))
            bar.advance(task, len(part))
    return found


_SEEDS = (1, 2, 3, 4)
_ATTEMPTS = 160  # for an edge; most are proven within ten, one that cannot be takes minutes
_AT_ONCE = 16  # edges between two looks at the bar


def _drawn(form: str, graph: ApiGraph, coverage: EdgeUse | None, proofs: Mapping[Edge, Proof] | None) -> str:
    from fr_envs.graph import drawing
    from fr_envs.graph.witness import Witness

    found: dict[Edge, Witness | None] | None = None
    if proofs is not None:
        found = {edge: proof if isinstance(proof, Witness) else None for edge, proof in proofs.items()}
    if form == "svg":
        unproven = frozenset(edge for edge, witness in (found or {}).items() if witness is None)
        return drawing.svg(graph, coverage, unproven=unproven)
    if form == "html":
        return drawing.html(graph, coverage, found)
    return drawing.mermaid(graph) if form == "mermaid" else drawing.graphml(graph)


COMMAND = Command(
    name="graph",
    summary="Show which call can follow which in a world, and why.",
    examples=(
        "funreason graph banking",
        "funreason graph banking --tool transfer_funds",
        "funreason graph travel --run runs/first --html travel.html",
        "funreason graph filesystem --tool su --witnesses",
        "funreason graph travel --tool search_hotels --forbidden",
        "funreason graph travel --search --keep travel.json",
    ),
    options=_options,
    run=_run,
)
