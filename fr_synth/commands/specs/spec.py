"""``funreason spec``: check contracts, take tools in and hand them out, print the schema of a record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.base import Command, contract, deliver, must_be_free, overwrite_option, write
from fr_synth.commands.specs.spec_import import import_options
from fr_synth.commands.specs.spec_infer import infer_options
from fr_synth.commands.specs.spec_upgrade import upgrade_options

if TYPE_CHECKING:
    import argparse

__all__ = ["COMMAND"]

_FORMATS = ("openai", "mcp", "json-schema")


def _options(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(required=True, metavar="check|export|import|infer|record-schema|upgrade")
    check = parts.add_parser("check", help="print every fault of contracts as file:line: pointer: problem; fix")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE", help="YAML contract")
    check.set_defaults(part=_check)
    export = parts.add_parser("export", help="print the tools of a world or of a contract in another format")
    export.add_argument("name", metavar="NAME|FILE", help="shipped world, or YAML contract")
    export.add_argument("--format", choices=_FORMATS, default="openai", help="what to write (default: openai)")
    export.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: standard output)")
    overwrite_option(export)
    export.set_defaults(part=_export)
    import_options(parts.add_parser("import", help="write a contract of an OpenAI list, an OpenAPI document, a server"))
    infer_options(
        parts.add_parser("infer", help="find out kinds, facts and words of a world of your own by playing it")
    )
    schema = parts.add_parser("record-schema", help="print the JSON Schema of a dialogue record")
    schema.add_argument(
        "--of",
        choices=("dialogue", "task", "evidence"),
        default="dialogue",
        help="which line of it (default: dialogue)",
    )
    schema.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: standard output)")
    overwrite_option(schema)
    schema.set_defaults(part=_record_schema)
    upgrade_options(parts.add_parser("upgrade", help="rename the keys of a contract that are called otherwise now"))


def _run(options: argparse.Namespace) -> int:
    code: int = options.part(options)
    return code


def _check(options: argparse.Namespace) -> int:
    from fr_envs.contract.loading import read_spec, spec_faults

    faulty = False
    for file in options.files:
        faults = spec_faults(file)
        faulty = faulty or bool(faults)
        for fault in faults:
            write(str(fault))
        if not faults:
            spec = read_spec(file)
            counts = f"{len(spec.tools)} tools, {len(spec.kinds)} kinds, {len(spec.facts)} facts"
            write(f"{file}: ok: {spec.name} {spec.version}, {counts}")
    return 2 if faulty else 0


def _export(options: argparse.Namespace) -> int:
    from fr_envs.contract import schemas

    must_be_free(options.out, overwrite=options.overwrite)
    spec = contract(options.name)
    made = {"openai": schemas.openai_tools, "mcp": schemas.mcp_tools, "json-schema": schemas.json_schemas}
    deliver(json.dumps(made[options.format](spec), indent=2, ensure_ascii=False) + "\n", options.out)
    return 0


def _record_schema(options: argparse.Namespace) -> int:
    from fr_synth.trace.rows import row_schema

    must_be_free(options.out, overwrite=options.overwrite)
    deliver(json.dumps(row_schema(options.of), indent=2, ensure_ascii=False) + "\n", options.out)
    return 0


COMMAND = Command(
    name="spec",
    summary="Check and upgrade contracts, import and export tools, print the schema of a record.",
    examples=(
        "funreason spec check my_world.yaml",
        "funreason spec export banking --format mcp",
        "funreason spec import openapi petstore.json --out petstore.yaml",
        "funreason spec infer desk.world.yaml",
        "funreason spec record-schema --out record.schema.json",
        "funreason spec upgrade my_world.yaml",
    ),
    options=_options,
    run=_run,
)
