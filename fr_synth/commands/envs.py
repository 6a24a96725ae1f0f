"""``funreason envs``: the worlds, and the tools of one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fr_synth.commands.base import Command, console, contract, take_worlds, world_options, write

if TYPE_CHECKING:
    import argparse

    from fr_envs.contract.spec import DomainSpec, ToolSpec
    from fr_envs.json_values import JsonObject

__all__ = ["COMMAND"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="world whose tools are to be listed")
    world_options(parser)
    parser.add_argument("--json", action="store_true", help="print as JSON")


def _run(options: argparse.Namespace) -> int:
    from fr_envs import domain_names, load_spec

    own = take_worlds(options)
    if options.name is not None:
        spec = contract(options.name)
        tools = [_tool(tool) for tool in spec.tools.values()]
        write(json.dumps({**_world(spec), "tool_list": tools})) if options.json else _show_tools(spec, tools)
        return 0
    worlds = [_world(spec) for spec in (*map(load_spec, domain_names()), *map(contract, own))]
    write(json.dumps(worlds)) if options.json else _show_worlds(worlds)
    return 0


def _world(spec: DomainSpec) -> JsonObject:
    from fr_envs.graph.api_graph import ApiGraph

    edges = {(edge.source, edge.target, edge.via) for edge in ApiGraph(spec).edges() if edge.relation == "data"}
    return {
        "name": spec.name, "id": spec.id, "version": spec.version, "tools": len(spec.tools), "kinds": len(spec.kinds),
        "facts": len(spec.facts), "data_edges": len(edges), "summary": spec.summary,
    }  # fmt: skip


def _tool(tool: ToolSpec) -> JsonObject:
    return {
        "name": tool.name,
        "effect": tool.effect,
        "implicit": tool.implicit,
        "parameters": [name if p.required else f"{name}?" for name, p in tool.parameters.items()],
        "needs": list(tool.needs),
        "description": tool.description,
    }


def _show_worlds(worlds: list[JsonObject]) -> None:
    shown = console()
    for world in worlds:
        shown.print(f"[bold]{world['name']}[/]  {world['id']}, version {world['version']}")
        counts = ", ".join(f"{world[key]} {key.replace('_', ' ')}" for key in ("tools", "kinds", "facts", "data_edges"))
        shown.print(f"  {counts}")
        shown.print(f"  {world['summary']}", markup=False)
    shown.print("[dim]tools of one: funreason envs NAME; how they hang together: funreason graph NAME[/]")


def _show_tools(spec: DomainSpec, tools: list[JsonObject]) -> None:
    from rich.markup import escape

    shown = console()
    shown.print(f"[bold]{spec.name}[/]  {spec.id}, version {spec.version}")
    shown.print(f"  {spec.summary}", markup=False)
    for tool in tools:
        effect = "[yellow]write[/]" if tool["effect"] == "write" else "[blue]read [/]"
        takes = ", ".join(tool["parameters"])
        needs = f"[dim]  needs {', '.join(tool['needs'])}[/]" if tool["needs"] else ""
        shown.print(f"{effect} [bold]{tool['name']}[/]({takes}){needs}")
        first = tool["description"].split("\n")[0].split(". ")[0].rstrip(".")
        shown.print(f"      [dim]{escape(first)}.[/]")


COMMAND = Command(
    name="envs",
    summary="List the worlds, or the tools of one.",
    examples=("funreason envs", "funreason envs banking", "funreason envs --json"),
    options=_options,
    run=_run,
)
