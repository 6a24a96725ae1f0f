"""A run proven again from its files alone: every record by itself, and the run as a whole.

Nothing that stands in a file can stop it: what cannot be read is a finding with its place, and the rest is proven.
"""

from __future__ import annotations

import collections
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.episode.trajectory import first_state
from fr_envs.errors import FunReasonError, RecordError, UsageError
from fr_envs.files import find_file, read_file_lines
from fr_envs.situation.loading import load_situations, read_situations
from fr_envs.world.registry import load_domain
from fr_synth.run.copies import Copies, likeness_of
from fr_synth.run.folder.journal import (
    DIALOGUES,
    FILES,
    JOURNAL,
    MANIFEST,
    read_journal,
    read_lines,
    read_manifest,
)
from fr_synth.run.manifest_checks import RecordName, other_records, other_result
from fr_synth.run.statistics import Tally, summarise
from fr_synth.verify.proofs import PROOFS, Finding, prove

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.situation.spec import Situation
    from fr_synth.run.folder.record_lines import RecordPlace
    from fr_synth.run.folder.stored import Records
    from fr_synth.trace.records import Dialogue

__all__ = ["RUN_CHECKS", "RecordFinding", "Verification", "verify_run"]

RUN_CHECKS = ("readable", "proofs", "copies", "whole")
"""Checks of a run besides the proofs of its records: lines that can be read, proofs that are all named, no copies, all
there and unchanged."""


class RecordFinding(NamedTuple):
    """Something that does not hold.

    Attributes:
        id: Id of the record, or the name of the file where it is about none.
        proof: Name of the proof or check.
        problem: What is wrong, in words.
    """

    id: str
    proof: str
    problem: str


class Verification(NamedTuple):
    """What came of proving a run again.

    Attributes:
        records: Records that could be read.
        findings: What does not hold, in the order of the files; of each record the first proof that it fails.
        finished: The run says that it is finished, so that its checksums were compared.
    """

    records: int
    findings: tuple[RecordFinding, ...]
    finished: bool

    @property
    def holds(self) -> bool:
        """True if nothing is wrong with any record, nor with the run as a whole."""
        return not self.findings

    @property
    def by_proof(self) -> dict[str, int]:
        """Number of findings by proof or check; those without any are left out."""
        return dict(collections.Counter(finding.proof for finding in self.findings))


def verify_run(run: Records, *, subset: bool = False, situations: str | Path | None = None) -> Verification:
    """Prove a run again: execute every record's calls from its seed, check all that it claims, and the run as a whole.

    Args:
        run: The run folder, a file in it with some of its dialogues, or records; only of a folder is anything said
            about the run as a whole. Worlds of your own have to be known by their names.
        subset: The records are some of a run's: nothing is said about those that are not there.
        situations: Folder or file of the situations of one's own that it was made with. Without it, a record of one of
            them is not held to its wordings.

    Raises:
        UsageError: There is no run, or no whole record in it.
        SpecError: A situation breaks a rule.
    """
    work = _Work({} if situations is None else {each.name: each for each in read_situations(situations)})
    if not isinstance(run, str | os.PathLike):
        for dialogue in run:
            work.prove(dialogue, dialogue.id)
        if not work.count and not work.findings:
            raise UsageError("there is no whole record to prove")
        return Verification(work.count, tuple(work.findings), finished=False)
    path = Path(run)
    work.learn(path)
    work.records(path)
    work.refuse_a_world_of_ones_own()
    if not work.count and not work.findings:
        raise UsageError(f"{path} has no whole record to prove")
    finished = work.whole(path) if path.is_dir() and not subset else False
    return Verification(work.count, tuple(work.findings), finished)


class _Work:
    """The work of proving a run again."""

    def __init__(self, situations: Mapping[str, Situation]) -> None:
        self.findings: list[RecordFinding] = []
        self.count = 0
        self.unknown_worlds: list[UsageError] = []
        self.copies = Copies()
        self.names: list[RecordName] = []
        self.tally = Tally()
        self.situations = situations
        self.no_others = False  # the run says that it was made with the situations that ship alone

    def learn(self, run: Path) -> None:
        """Read off the manifest beside some records whether they can play situations that do not ship."""
        try:
            named = read_manifest(run if run.is_dir() else run.parent)["run"].get("situations")
        except (UsageError, RecordError):
            return
        self.no_others = named == ""

    def records(self, run: Path) -> None:
        """Prove each record of a run's files; what cannot be read is a finding."""
        for found in read_lines(run):
            try:
                dialogue = found.read()
                _say_once(found)
            except FunReasonError as error:
                self.findings.append(RecordFinding(found.place, "readable", _without(found.place, str(error))))
                continue
            self.prove(dialogue, found.place)

    def prove(self, dialogue: Dialogue, place: str) -> None:
        """Prove a record, and look for one that says the same."""
        try:
            domain = load_domain(dialogue.domain)
        except UsageError as error:
            self.unknown_worlds.append(error)
            self.findings.append(RecordFinding(place, "readable", str(error)))
            return
        try:
            finding = prove(dialogue, domain, self.situations)
        except FunReasonError as error:
            self.findings.append(RecordFinding(place, "readable", _without(place, str(error))))
            return
        self.count += 1
        if finding is None and self.no_others and dialogue.situation not in self._names():
            finding = Finding("text", f"plays the situation {dialogue.situation!r}, which is none of the run's")
        if finding is None and dialogue.proofs != dict.fromkeys(PROOFS, True):
            finding = Finding("proofs", "does not say of every proof that it has passed it")
        if finding is not None:
            self.findings.append(RecordFinding(dialogue.id, finding.proof, finding.problem))
        likeness = likeness_of(dialogue)
        twin = self.copies.twin_of(likeness)
        if twin is not None:
            self.findings.append(RecordFinding(dialogue.id, "copies", f"says the same as {twin}, or nearly so"))
        self.copies.add(dialogue.id, likeness)
        name = RecordName(
            dialogue.id, dialogue.seed, dialogue.domain, dialogue.scale, dialogue.teacher, len(dialogue.turns)
        )
        self.names.append(name)
        if finding is None:
            self.tally.add(summarise(dialogue, domain, first_state(domain, dialogue.seed, dialogue.scale)))

    def _names(self) -> set[str]:
        return {"", *self.situations, *(each.name for each in load_situations())}

    def refuse_a_world_of_ones_own(self) -> None:
        """Raise where no record is of a world that is known: then nothing is wrong with them, but with the request.

        Raises:
            UsageError: The world is not known; the message says how it is made known.
        """
        if self.unknown_worlds and not self.count:
            raise self.unknown_worlds[0]

    def whole(self, folder: Path) -> bool:
        """Hold the records against manifest and journal; return whether the run says that it is finished."""
        try:
            manifest = read_manifest(folder)
            entries = read_journal(folder)
        except (UsageError, RecordError) as error:
            self._say(MANIFEST, str(error))
            return False
        written = [entry.index for entry in entries if entry.written]
        if [entry.index for entry in entries] != list(range(len(entries))):
            self._say(JOURNAL, "its indexes do not follow each other from 0")
        for problem in other_records(manifest["run"], written, self.names):
            self._say(DIALOGUES, problem)
        for name in FILES:
            self._file(folder, name, len(written))
        if manifest.get("result") is None:
            return False
        if not isinstance(manifest["result"], dict):
            self._say(MANIFEST, "its result is neither null nor an object")
            return False
        whole = self.tally if self.tally.records == len(written) and not self.findings else None
        for problem in other_result(folder, manifest, entries, whole):
            self._say(MANIFEST, problem)
        return True

    def _file(self, folder: Path, name: str, expected: int) -> None:
        path = find_file(folder / name)
        if path is None:
            return
        lines = sum(1 for _ in read_file_lines(folder / name))
        if lines != expected:
            self._say(name, f"has {lines} whole lines, and the journal counts {expected} records")
        elif path == folder / name and path.stat().st_size and not _ends_whole(path):
            self._say(name, "ends in the middle of a line")

    def _say(self, place: str, problem: str) -> None:
        self.findings.append(RecordFinding(place, "whole", problem))


def _say_once(found: RecordPlace) -> None:
    """Refuse lines in which a member stands twice: one reader takes the first of them, another one the last.

    Raises:
        RecordError: There is one, or another reader could not read the line at all.
    """

    def members(pairs: list[tuple[str, Json]]) -> JsonObject:
        there = dict(pairs)
        if len(there) < len(pairs):
            raise RecordError("a member of an object stands there twice")
        return there

    for line, other in zip(found.lines, ("", *found.others), strict=True):
        try:
            json.loads(line, object_pairs_hook=members)
        except (RecordError, ValueError) as error:
            raise RecordError(f"{other or found.place}: no record: {error}") from error
        except RecursionError as error:
            raise RecordError(f"{other or found.place}: no record: it is nested too deeply") from error


def _without(place: str, text: str) -> str:
    return text.removeprefix(f"{place}: ")


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) == b"\n"
