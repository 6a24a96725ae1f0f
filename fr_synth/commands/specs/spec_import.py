"""``funreason spec import``: a contract of foreign tools, for a person to correct."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from fr_envs.errors import UsageError
from fr_synth.commands.base import deliver, must_be_free, overwrite_option, renamed_option, warn

if TYPE_CHECKING:
    import argparse

    from fr_envs.adapters.foreign import Imported, OnError

__all__ = ["import_options"]

_FORMS = ("tools", "openai", "openapi", "mcp")
_WORLD = ".world.yaml"


def import_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the import to a parser."""
    parser.add_argument(
        "form", nargs="?", choices=_FORMS, help="what the source is; a tool list or an OpenAPI document tells by itself"
    )
    parser.add_argument(
        "tools",
        metavar="SOURCE",
        help="file of a tool list, however it is spelled, or of an OpenAPI document; URL or command of a server",
    )
    parser.add_argument("--name", metavar="NAME", help="short name of the world (default: made of the source)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: standard output)")
    overwrite_option(parser)
    parser.add_argument(
        "--on-bad-tool", choices=("stop", "skip"), default="stop",
        help="what a faulty tool does: stop with its error, or be left out and named (default: stop)",
    )  # fmt: skip
    parser.add_argument(
        "--only",
        type=_names,
        default=(),
        metavar="TAG,OP",
        help="take these tags and operations of an OpenAPI document",
    )
    parser.add_argument(
        "--simulate", action="store_true",
        help="make up a backend for a tool list; with --out FILE.yaml, FILE.world.yaml is written beside the contract",
    )  # fmt: skip
    renamed_option(parser, "--skip-faulty", "--on-bad-tool skip")
    parser.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS", help="how long a server may take")
    parser.set_defaults(part=_import)


def _import(options: argparse.Namespace) -> int:
    from fr_envs.adapters.foreign import told_at_once
    from fr_envs.contract.writing import contract_text

    beside = options.out.with_suffix(_WORLD) if options.simulate and options.out is not None else None
    must_be_free(options.out, beside, overwrite=options.overwrite)
    imported = _read(options, options.on_bad_tool)
    for line in told_at_once(imported.skipped):
        warn(f"left out: {line}")
    if not options.simulate:
        deliver(contract_text(imported.spec), options.out)
        return 0
    return _simulated(options, imported)


def _simulated(options: argparse.Namespace, imported: Imported) -> int:
    from fr_envs.adapters.simulated.world import simulated_contract
    from fr_envs.adapters.words.wording import worded
    from fr_envs.contract.writing import contract_text

    deliver(contract_text(worded(simulated_contract(imported.spec))), options.out)
    if options.out is not None:
        source = os.path.relpath(options.tools, options.out.parent)
        told = {"name": imported.spec.name, "simulated": source, "contract": options.out.name}
        text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in told.items())
        deliver(text, options.out.with_suffix(_WORLD))
    return 0


def _form_of(path: Path) -> str:
    """Return what a file holds, by its first characters; a source that is no file is a server."""
    if not path.is_file():
        raise UsageError(f"there is no file {path}; say what it is: funreason spec import mcp SOURCE for a server")
    with path.open("rb") as file:
        return "openapi" if re.search(rb"""(?m)^\s*[{]?\s*["']?openapi["']?\s*:""", file.read(4096)) else "tools"


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _read(options: argparse.Namespace, on_error: OnError) -> Imported:
    from fr_envs.adapters.foreign import domain_name

    source: str = options.tools
    name: str | None = options.name
    form = options.form or _form_of(Path(source))
    if options.simulate and form not in ("openai", "tools"):
        raise UsageError(f"--simulate makes up a backend for a tool list, and {source} is none: leave it out")
    if form in ("openai", "tools"):
        from fr_envs.adapters.lists.tool_lists import load_tool_list, read_tools

        named = name or domain_name(Path(source).stem)
        return read_tools(load_tool_list(Path(source)), name=named, source=source, on_error=on_error)
    if form == "openapi":
        from fr_envs.adapters.openapi.document import read_openapi
        from fr_envs.adapters.openapi.files import load_document

        document = load_document(Path(source))
        return read_openapi(document, name=name, source=source, on_error=on_error, only=options.only).imported
    from fr_envs.adapters.mcp.client import read_mcp

    return read_mcp(source, name=name, timeout=options.timeout, on_error=on_error)
