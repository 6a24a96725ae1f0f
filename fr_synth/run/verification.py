"""A run proven again, from its records alone: nothing of what made them is used."""

from __future__ import annotations

import collections
import os
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.errors import UsageError
from fr_envs.world.registry import load_domain
from fr_synth.run.stored import records_of
from fr_synth.trace.records import fingerprint
from fr_synth.verify.proofs import PROOFS, prove

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.run.stored import Records
    from fr_synth.trace.records import Dialogue

__all__ = ["CHECKS", "RecordFinding", "Verification", "verify_run"]

_COPY = "copy"
CHECKS = (*PROOFS, _COPY)
"""Names of all that a record is held to: the proofs, and that no other record has its messages."""


class RecordFinding(NamedTuple):
    """What is wrong with a record.

    Attributes:
        id: Identifier of the record.
        proof: Name of the proof that it fails; ``copy`` where another record has the same messages.
        problem: What is wrong, in words.
    """

    id: str
    proof: str
    problem: str


class Verification(NamedTuple):
    """What came of proving a run again.

    Attributes:
        records: Number of records.
        findings: What is wrong, in the order of the records.
    """

    records: int
    findings: tuple[RecordFinding, ...]

    @property
    def holds(self) -> bool:
        """True if every record passes every proof and none is a copy."""
        return not self.findings

    @property
    def by_proof(self) -> dict[str, int]:
        """Number of findings by proof; proofs without any are left out."""
        return dict(collections.Counter(finding.proof for finding in self.findings))


def verify_run(run: Records) -> Verification:
    """Prove every record again: execute its calls from the seed, and check all that it claims.

    Args:
        run: What to prove. Worlds of your own have to be known by their names.

    Raises:
        UsageError: There is no such file, or nothing in it; or a record is of a world that nobody knows.
        RecordError: A line is no record, or one of another version.
    """
    findings: list[RecordFinding] = []
    seen: dict[bytes, str] = {}
    count = 0
    for dialogue in records_of(run):
        count += 1
        findings.extend(_findings(dialogue, seen))
    if not count:
        where = f"{os.fspath(run)} has" if isinstance(run, str | os.PathLike) else "there is"
        raise UsageError(f"{where} no whole record to prove")
    return Verification(count, tuple(findings))


def _findings(dialogue: Dialogue, seen: dict[bytes, str]) -> Iterator[RecordFinding]:
    finding = prove(dialogue, load_domain(dialogue.domain))
    if finding is not None:
        yield RecordFinding(dialogue.id, finding.proof, finding.problem)
    twin = seen.setdefault(fingerprint(dialogue), dialogue.id)
    if twin != dialogue.id:
        yield RecordFinding(dialogue.id, _COPY, f"has the same messages as {twin}")
