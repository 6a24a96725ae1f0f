"""``funreason spec import``: a contract of foreign tools, for a person to correct."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.base import deliver, renamed_option, warn

if TYPE_CHECKING:
    import argparse

    from fr_envs.adapters.foreign import Imported, OnError

__all__ = ["import_options"]

_FORMS = ("openai", "openapi", "mcp")


def import_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the import to a parser."""
    parser.add_argument("form", choices=_FORMS, help="what the source is")
    parser.add_argument(
        "tools", metavar="SOURCE", help="file of an OpenAI tool list or an OpenAPI document; URL or command of a server"
    )
    parser.add_argument("--name", metavar="NAME", help="short name of the world (default: made of the source)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="file to write, in place of what is there")
    parser.add_argument(
        "--on-bad-tool", choices=("stop", "skip"), default="stop",
        help="what a faulty tool does: stop with its error, or be left out and named (default: stop)",
    )  # fmt: skip
    renamed_option(parser, "--skip-faulty", "--on-bad-tool skip")
    parser.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS", help="how long a server may take")
    parser.set_defaults(part=_import)


def _import(options: argparse.Namespace) -> int:
    from fr_envs.contract.writing import contract_text

    imported = _read(options, options.on_bad_tool)
    for fault in imported.skipped:
        warn(f"left out: {fault}")
    deliver(contract_text(imported.spec), options.out)
    return 0


def _read(options: argparse.Namespace, on_error: OnError) -> Imported:
    from fr_envs.adapters.foreign import domain_name

    source: str = options.tools
    name: str | None = options.name
    if options.form == "openai":
        from fr_envs.adapters.lists.openai_tools import load_tool_list, read_openai

        named = name or domain_name(Path(source).stem)
        return read_openai(load_tool_list(Path(source)), name=named, source=source, on_error=on_error)
    if options.form == "openapi":
        from fr_envs.adapters.openapi.document import load_document, read_openapi

        return read_openapi(load_document(Path(source)), name=name, source=source, on_error=on_error).imported
    from fr_envs.adapters.mcp.client import read_mcp

    return read_mcp(source, name=name, timeout=options.timeout, on_error=on_error)
