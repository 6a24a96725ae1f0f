"""What every adapter shares: a foreign tool's JSON Schemas -> our fields, parameters, tools and contract.

Names stay as they are wherever a contract takes them; the rest are changed by a fixed rule, and ``Names`` leads back.
Shapes become our own fields where those say the same; other schemas are kept as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

import jsonschema_rs
import msgspec

from fr_envs.adapters.fields import SharedKinds, gives_members, parameters_of, plain_text, returns_of, unique_name
from fr_envs.adapters.references import Resolver
from fr_envs.contract.spec import DomainSpec, ToolSpec
from fr_envs.errors import SpecError, UsageError
from fr_envs.world.registry import world_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_envs.json_values import Json, JsonObject

__all__ = [
    "FAILURES",
    "Fitted",
    "ForeignTool",
    "Imported",
    "LeftOut",
    "Names",
    "OnError",
    "check_schema",
    "collect",
    "domain_name",
    "effect_by_name",
    "fitted",
    "told_at_once",
]

OnError = Literal["stop", "skip"]
"""What a faulty tool does: stop everything with its error, or be left out and reported."""

FAILURES = {
    "tool_failed": "The tool answered with an error.",
    "out_of_service": "The tool is out of service.",
}
"""Codes with which every foreign tool that is executed can refuse."""

_POLICY = "Use the tools as their descriptions say."


class ForeignTool(NamedTuple):
    """A tool as its owner describes it.

    Attributes:
        name: Its owner's name for it.
        description: What it does; may be empty.
        parameters: JSON Schema of the arguments object, local references included.
        returns: JSON Schema of the result, None where the owner says nothing.
        effect: Whether it only reads or also writes.
        pointer: Where it stands in the owner's document.
        parameters_pointer: Where ``parameters`` stands, under ``pointer``; references count from there.
        returns_pointer: The same for ``returns``.
        errors: Codes of refusals and what each means; those of ``FAILURES`` included where it can be executed.
    """

    name: str
    description: str
    parameters: Json
    returns: Json
    effect: Literal["read", "write"]
    pointer: str
    parameters_pointer: str = "/parameters"
    returns_pointer: str = ""
    errors: Mapping[str, str] = {}


class LeftOut(NamedTuple):
    """A tool that is sound and cannot be called from here; it is left out and named, whatever faulty ones do."""

    fault: SpecError


class Names(NamedTuple):
    """The owner's names behind ours.

    Attributes:
        tool: The tool.
        arguments: Our name of each parameter -> the owner's.
        members: The result is an object whose members are ours; else it stands under ``result``.
    """

    tool: str
    arguments: Mapping[str, str]
    members: bool = False

    def owned(self, tool: ToolSpec, arguments: Mapping[str, Json]) -> JsonObject:
        """Return arguments under their owner's names, in the contract's order, without those not given."""
        given: JsonObject = {}
        for name, parameter in tool.parameters.items():
            value = arguments.get(name)
            if value is not None or (name in arguments and (parameter.required or parameter.default is not None)):
                given[self.arguments.get(name, name)] = value
        return given


class Imported(NamedTuple):
    """A contract made of foreign tools.

    Attributes:
        spec: The contract.
        names: For each tool, its owner's names.
        skipped: Faults of the tools that were left out.
    """

    spec: DomainSpec
    names: Mapping[str, Names]
    skipped: tuple[SpecError, ...]


_READS = frozenset({
    "calculate", "check", "compute", "count", "describe", "display", "estimate", "fetch", "find", "get", "has", "is",
    "list", "look", "lookup", "query", "read", "retrieve", "search", "show", "view",
})  # fmt: skip


def effect_by_name(name: str) -> Literal["read", "write"]:
    """Say what a tool does of which its owner does not tell: it reads if the first word of its name says so.

    Example:
        >>> effect_by_name("getUser"), effect_by_name("set_user"), effect_by_name("users.get")
        ('read', 'write', 'write')
    """
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)
    return "read" if words and words[0].lower() in _READS else "write"


class Fitted(NamedTuple):
    """The contract of a foreign world.

    Attributes:
        spec: The one that a person has corrected, else the one that was made.
        left_out: Tools that it lacks, each with the reason, one a line.
    """

    spec: DomainSpec
    left_out: tuple[str, ...]


def fitted(imported: Imported, spec: DomainSpec | None, on_error: OnError) -> Fitted:
    """Take a corrected contract in place of the one that was made of the tools.

    Where faulty tools are skipped, so are those that the contract declares and the owner does not offer; else they are
    left for ``Domain`` to refuse.
    """
    left_out = tuple(told_at_once(imported.skipped))
    if spec is None or on_error == "stop":
        return Fitted(spec or imported.spec, left_out)
    gone = [name for name in spec.tools if name not in imported.names]
    faults = (
        str(SpecError(spec.source or spec.name, f"/tools/{name}", "is not offered by its owner", "take it out"))
        for name in gone
    )
    tools = {name: tool for name, tool in spec.tools.items() if name in imported.names}
    return Fitted(msgspec.structs.replace(spec, tools=tools), (*left_out, *faults))


def domain_name(text: str) -> str:
    """Make a world's short name of any text: small letters, digits and underscores."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return (plain if plain[:1].isalpha() else f"tools_{plain}".strip("_"))[:64]


def collect(
    found: Iterable[ForeignTool | SpecError | LeftOut], *, name: str, summary: str, source: str, on_error: OnError
) -> Imported:
    """Make a contract of foreign tools.

    Raises:
        SpecError: Tools are faulty, unless such are skipped; it names them all. Or none is left.
        UsageError: ``name`` is no name of a world.
    """
    if name != domain_name(name):
        raise UsageError(f"{name!r} is no name of a world; take small letters, digits and underscores")
    tools: dict[str, ToolSpec] = {}
    names: dict[str, Names] = {}
    skipped: list[SpecError] = []
    faults: list[SpecError] = []
    kinds = SharedKinds()
    for each in found:
        if isinstance(each, LeftOut):
            skipped.append(each.fault)
            continue
        try:
            ours = _tool(each, source, tools, kinds)
        except SpecError as error:
            faults.append(error)
        else:
            tools[ours.spec.name], names[ours.spec.name] = ours.spec, ours.names
    if faults and on_error == "stop":
        raise _all_of(faults)
    skipped += faults
    if not tools:
        why = f"all {len(skipped)} are faulty, first: {skipped[0]}" if skipped else "it lists none"
        raise SpecError(source, "", f"has no tool: {why}", "give at least one that is sound")
    spec = DomainSpec(
        name=name, id=world_id(name), summary=plain_text(summary) or f"Tools of {name}.", policy=_POLICY,
        kinds=dict(sorted(kinds.kinds.items())), facts={}, tools=tools, source=source,
    )  # fmt: skip
    return Imported(spec, names, tuple(skipped))


def _all_of(faults: list[SpecError]) -> SpecError:
    """Return the first fault, with the places of the others."""
    first, *others = faults
    if not others:
        return first
    places = ", ".join(dict.fromkeys(fault.pointer for fault in others[:_MOST_NAMED]))
    more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
    problem = f"{first.problem}; {len(others)} more tools are faulty: {places}{more}"
    return SpecError(first.file, first.pointer, problem, f"{first.fix}; or leave out what is faulty")


def told_at_once(faults: Iterable[SpecError]) -> list[str]:
    """Return faults as lines, those of one sort in one: ``422 tools: …``.

    Example:
        >>> told_at_once([SpecError("a.json", f"/{k}", "takes XML", "skip it") for k in range(9)])
        ['a.json: 9 tools, at /0, /1, /2 and 6 more: takes XML; skip it']
    """
    sorts: dict[tuple[str, str], list[SpecError]] = {}
    for fault in faults:
        sorts.setdefault((fault.file, fault.fix), []).append(fault)
    lines = []
    for (file, fix), alike in sorts.items():
        if len(alike) == 1:
            lines.append(str(alike[0]))
            continue
        places = ", ".join(fault.pointer for fault in alike[:_MOST_NAMED])
        more = f" and {len(alike) - _MOST_NAMED} more" if len(alike) > _MOST_NAMED else ""
        problems = list(dict.fromkeys(fault.problem for fault in alike))
        told = "; ".join(problems[:_MOST_NAMED]) + (" …" if len(problems) > _MOST_NAMED else "")
        lines.append(f"{file}: {len(alike)} tools, at {places}{more}: {told}; {fix}")
    return lines


_MOST_NAMED = 3  # faults of one sort that are named, of how many there are


class _Ours(NamedTuple):
    spec: ToolSpec
    names: Names


def _tool(given: ForeignTool | SpecError, source: str, taken: Mapping[str, ToolSpec], kinds: SharedKinds) -> _Ours:
    if isinstance(given, SpecError):
        raise given
    at = f"{given.pointer}{given.parameters_pointer}"
    schema = _written_out(given.parameters, source, at)
    schema = {"type": "object", **schema} if isinstance(schema, dict) else schema
    check_schema(schema, source, at)
    if not isinstance(schema, dict) or schema["type"] != "object":
        raise SpecError(source, at, f"tool {given.name!r} takes no object", "declare an object of named parameters")
    parameters, arguments = parameters_of(schema, kinds)
    returns = _result_schema(given.returns, source, f"{given.pointer}{given.returns_pointer}")
    members = returns is not None and gives_members(returns)
    spec = ToolSpec(
        name=unique_name(given.name, taken), description=plain_text(given.description) or f"The tool {given.name}.",
        parameters=parameters, returns=returns_of(returns, kinds, members=members), effect=given.effect,
        errors=dict(given.errors),
    )  # fmt: skip
    return _Ours(spec, Names(given.name, arguments, members))


_ASIDE = frozenset({"$defs", "$id", "$schema", "definitions"})


def _written_out(schema: Json, source: str, at: str) -> Json:
    """Return a schema that stands alone, its references written out and what they point at left aside."""
    body = {name: part for name, part in schema.items() if name not in _ASIDE} if isinstance(schema, dict) else schema
    return Resolver(schema, source, at).inline(body, "")


def check_schema(schema: Json, source: str, pointer: str) -> None:
    """Check that a schema is one.

    Raises:
        SpecError: It is none.
    """
    try:
        jsonschema_rs.Draft202012Validator(schema)
    except (ValueError, TypeError, jsonschema_rs.ValidationError) as error:
        problem = f"is no JSON Schema: {(str(error).splitlines() or [''])[0][:200]}"
        raise SpecError(source, pointer, problem, "fix the schema, or skip the tool") from error


def _result_schema(schema: Json, source: str, at: str) -> Json:
    if schema is None:
        return None
    schema = _written_out(schema, source, at)
    check_schema(schema, source, at)
    return schema
