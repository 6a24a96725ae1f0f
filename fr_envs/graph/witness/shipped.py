"""Witnesses kept in files: what a search has found for the worlds at hand, to be replayed in a second.

A file holds a world's witnesses and the edges for which none was found, with what stood in the way. It is only a
memory: ``shipped`` executes every witness again and drops those that prove nothing (any more), and edges that the file
does not name count as never tried. Calls are written once and referred to by number.
"""

from __future__ import annotations

import importlib.resources
import json
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from fr_envs.errors import UsageError
from fr_envs.graph.api_graph import ApiGraph, Edge
from fr_envs.graph.witness.proof import Proof, Unproven, Witness, proves
from fr_envs.json_values import Json, JsonObject
from fr_envs.world.domain import Scale
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State

__all__ = ["read_proofs", "replayed", "shipped", "unproven_edges", "write_proofs"]


_Numbers: TypeAlias = tuple[int, ...]


class _Line(msgspec.Struct, frozen=True, array_like=True):
    """A witness, its calls by number."""

    edge: Edge
    seed: int
    scale: Scale
    before: _Numbers
    first: int
    between: _Numbers
    second: int
    output: str
    argument: str
    other: Json


class _Open(msgspec.Struct, frozen=True, array_like=True):
    """An edge without a witness."""

    edge: Edge
    attempts: int
    refusals: tuple[tuple[str, int], ...]


class _Book(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in a file."""

    world: str
    calls: tuple[tuple[str, JsonObject], ...]
    witnesses: tuple[_Line, ...]
    open: tuple[_Open, ...]


def shipped(domain: Domain[Any]) -> dict[Edge, Proof]:
    """Return a proof of each edge of a world, or why there is none; every witness is executed again. O(all calls).

    Example:
        >>> from fr_envs import load_domain
        >>> from fr_envs.graph.witness import Witness
        >>> proofs = shipped(load_domain("filesystem"))
        >>> sum(isinstance(proof, Witness) for proof in proofs.values()) > 0.9 * len(proofs)
        True
    """
    return replayed(domain, _kept(domain.name))


def unproven_edges(name: str) -> frozenset[Edge]:
    """Return the edges of a world that were tried and have no witness, as its file tells; nothing is executed."""
    return frozenset(edge for edge, proof in _kept(name).items() if isinstance(proof, Unproven))


def replayed(domain: Domain[Any], kept: Mapping[Edge, Proof]) -> dict[Edge, Proof]:
    """Return a proof for each edge of a world's graph, in its order; what does not hold is taken as never tried."""
    starts: dict[tuple[int, Scale], State] = {}
    found: dict[Edge, Proof] = {}
    for edge in ApiGraph(domain.spec).edges():
        proof = kept.get(edge)
        if isinstance(proof, Witness):
            place = (proof.seed, proof.scale)
            if place not in starts:
                starts[place] = domain.initial(*place)
            proof = proof if proves(domain, starts[place], proof) else None
        found[edge] = Unproven(edge, 0, ()) if proof is None else proof
    return found


def _kept(name: str) -> Mapping[Edge, Proof]:
    file = importlib.resources.files("fr_envs.graph.witness").joinpath(f"{name}.json")
    return read_proofs(file.read_text(encoding="utf-8"), str(file)) if file.is_file() else {}


def read_proofs(text: str, where: str) -> dict[Edge, Proof]:
    """Read what ``write_proofs`` wrote; nothing is executed.

    Args:
        text: The file's text.
        where: Name of the file, for the error.

    Raises:
        UsageError: It is no such file.
    """
    try:
        book = msgspec.json.decode(text, type=_Book)
        calls = [ToolCall(name, arguments) for name, arguments in book.calls]
        found: dict[Edge, Proof] = {line.edge: _witness(line, calls) for line in book.witnesses}
    except (msgspec.DecodeError, IndexError) as error:
        raise UsageError(f"{where} holds no witnesses: {error}; write it anew with funreason graph --search") from error
    return found | {each.edge: Unproven(each.edge, each.attempts, each.refusals) for each in book.open}


def _witness(line: _Line, calls: list[ToolCall]) -> Witness:
    return Witness(
        line.edge, line.seed, line.scale, tuple(calls[i] for i in line.before), calls[line.first],
        tuple(calls[i] for i in line.between), calls[line.second], line.output, line.argument, line.other,
    )  # fmt: skip


def write_proofs(world: str, proofs: Mapping[Edge, Proof]) -> str:
    """Return the text of a file, one call, witness or edge a line, so that a change of one shows as such."""
    numbers: dict[str, int] = {}
    witnesses = [_numbered(proof, numbers) for proof in proofs.values() if isinstance(proof, Witness)]
    left = [_Open(p.edge, p.attempts, p.refusals) for p in proofs.values() if isinstance(p, Unproven)]
    sections = (
        ("calls", list(numbers)),
        ("witnesses", [msgspec.json.encode(line).decode() for line in witnesses]),
        ("open", [msgspec.json.encode(each).decode() for each in left]),
    )
    return f'{{"world":{json.dumps(world)}' + "".join(_section(name, lines) for name, lines in sections) + "}\n"


def _section(name: str, lines: list[str]) -> str:
    return f',\n"{name}":[\n' + ",\n".join(lines) + "\n]"


def _numbered(witness: Witness, numbers: dict[str, int]) -> _Line:
    def number(call: ToolCall) -> int:
        text = msgspec.json.encode((call.name, call.arguments)).decode()
        return numbers.setdefault(text, len(numbers))

    return _Line(
        witness.edge, witness.seed, witness.scale, tuple(map(number, witness.before)), number(witness.first),
        tuple(map(number, witness.between)), number(witness.second), witness.output, witness.argument, witness.other,
    )  # fmt: skip
