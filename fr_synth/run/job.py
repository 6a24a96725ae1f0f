"""One run from beginning to end: what is missing is made, copies are left out, and the figures are added up.

This is what ``funreason synth`` does, for programs: ``synthesise`` takes a configuration and returns a ``Run``.
"""

from __future__ import annotations

import collections
import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias, final

import msgspec

from fr_envs import __version__
from fr_envs.contract.schemas import contract_digest
from fr_envs.errors import UsageError
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.world.registry import is_own, is_shared, load_domain
from fr_synth.run.config import RunConfig
from fr_synth.run.copies import Copies, likeness_of
from fr_synth.run.folder.journal import Journal, JournalEntry
from fr_synth.run.folder.stored import StoredRecords
from fr_synth.run.making import Made, let_go, make_index, summary_of, usage_of
from fr_synth.run.pipeline import produce
from fr_synth.run.statistics import Tally, Totals
from fr_synth.teachers.endpoint.errors import EndpointError
from fr_synth.teachers.endpoint.redaction import public_url
from fr_synth.teachers.endpoint.spending import Usage
from fr_synth.trace.records import RECORD_VERSION, Dialogue
from fr_synth.trace.rows import RecordLines, decode

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_synth.run.folder.claiming import Resume

__all__ = ["FAILED_REQUESTS", "REQUESTS", "Progress", "Run", "asked_in", "synthesise"]

REQUESTS = "requests.sqlite"
"""What a model answered, in the folder of its run: a run that goes on asks nothing again."""
FAILED_REQUESTS = "failed-requests.jsonl"
"""Requests that got no answer, beside it."""

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the number of records that there are and the number that there are to be; what it raises ends the run."""


class Run(msgspec.Struct, frozen=True, eq=False):
    """A finished run. Iterating over it gives its records.

    Attributes:
        config: What the run is.
        folder: Where it was written; None for a run in memory.
        records: Its records; those in a folder are read when they are looked at.
        totals: Its figures.
        reasons: Why an attempt fell, in words: one example by stage or proof, of those made just now.
        usage: What a model was asked for it just now; nothing where the teacher costs nothing.
        exhausted: Why there are fewer records than were asked for: everything more is a copy of one; else empty.
    """

    config: RunConfig
    folder: Path | None
    records: Sequence[Dialogue]
    totals: Totals
    reasons: dict[str, str]
    usage: Usage = Usage()
    exhausted: str = ""

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.records)

    def __iter__(self) -> Iterator[Dialogue]:
        """Iterate over the records, in the order of their indexes."""
        return iter(self.records)


def synthesise(
    config: RunConfig,
    out: str | os.PathLike[str] | None = None,
    *,
    count: int = 100,
    workers: int = 1,
    resume: Resume = False,
    progress: Progress | None = None,
) -> Run:
    """Make proven dialogues; the same configuration gives the same bytes, whatever the number of workers.

    A world so small that everything more would be a copy ends the run early; ``Run.exhausted`` says so.

    Whatever ends a run into a folder (Ctrl-C, a full disk, a kill) leaves whole records there, and ``resume`` goes on
    from them.

    Args:
        config: What the run is.
        out: Run folder to write; None to keep the records in memory.
        count: Records that the run is to have, from 1.
        workers: Processes; 0 for one a core, or a single one where more would not pay. They are spawned, so that a
            script that takes more than 1 has to keep its own work below ``if __name__ == "__main__":``.
        resume: Go on with the run that is in the folder, if there is one; ``count`` may be more than it was then.
            "any version" goes on even if another version of the package has begun it.
        progress: Told how far the run is: before the first record that is missing, and after each index.

    Raises:
        UsageError: Something in the request cannot be, the folder holds something else, or too many indexes in a row
            give no dialogue; the message says what to do.
        EndpointError: No request to the teacher's endpoint can succeed.

    Example:
        >>> run = synthesise(RunConfig(domains=("filesystem",), seed=7, scale="tiny"), count=2)
        >>> len(run.records), run.totals.records, all(record.proofs.values() for record in run)
        (2, 2, True)
    """
    config = config.checked()
    if count < 1:
        raise UsageError(f"count {count}: give at least 1")
    if workers < 0:
        raise UsageError(f"workers {workers}: give at least 1, or 0 for one a core")
    if out is None:
        if resume:
            raise UsageError("resume: a run in memory leaves nothing to go on with; give out")
        return _Job(config, count, _Memory(), progress).done(workers)
    with Journal(Path(out), _manifest(config, count), resume=resume) as journal:
        return _Job(asked_in(config, Path(out)), count, _Folder(journal), progress).done(workers)


def _manifest(config: RunConfig, count: int) -> JsonObject:
    worlds = {name: load_domain(name) for name in config.domains}
    contracts = {name: contract_digest(domain.spec) for name, domain in worlds.items() if is_own(name)}
    return {
        "package": __version__,
        "record_version": RECORD_VERSION,
        "count": count,
        "config": _written(config),
        "domain_versions": {name: domain.spec.version for name, domain in worlds.items()},
        **({"contracts": contracts} if contracts else {}),
    }


def _written(config: RunConfig) -> JsonObject:
    """Return of a configuration what decides the bytes, without what a base URL hides."""
    written: JsonObject = msgspec.to_builtins(config)
    del written["endpoint"]
    return {**written, "base_url": public_url(config.base_url)}


def asked_in(config: RunConfig, folder: Path) -> RunConfig:
    """Return a configuration that keeps a model's answers and failed requests in the run folder, or where it says."""
    if config.teacher == "scripted":
        return config
    asked = config.endpoint
    asked = msgspec.structs.replace(
        asked, cache=asked.cache or str(folder / REQUESTS), failures=asked.failures or str(folder / FAILED_REQUESTS)
    )
    return msgspec.structs.replace(config, endpoint=asked)


# ------------------------------------------------------------------------------------------------- where records go


class _Store(Protocol):
    """Where the records of a run go.

    Attributes:
        folder: The run folder; None where there is none.
        entries: What became of the indexes up to now.
    """

    @property
    def folder(self) -> Path | None: ...

    @property
    def entries(self) -> Sequence[JournalEntry]: ...

    def add(self, entry: JournalEntry, lines: RecordLines | None) -> None: ...

    def finish(self, figures: Totals) -> None: ...

    def records(self) -> Sequence[Dialogue]: ...


@final
class _Folder:
    """A run folder."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.folder = journal.folder
        self.add = journal.add

    @property
    def entries(self) -> Sequence[JournalEntry]:
        return self.journal.entries

    def finish(self, figures: Totals) -> None:
        self.journal.finish(figures.to_json())

    def records(self) -> Sequence[Dialogue]:
        return StoredRecords(self.folder)


@final
class _Memory:
    """Nothing but this process."""

    folder = None

    def __init__(self) -> None:
        self.entries: list[JournalEntry] = []
        self.lines: list[RecordLines] = []

    def add(self, entry: JournalEntry, lines: RecordLines | None) -> None:
        self.entries.append(entry)
        self.lines += [] if lines is None else [lines]

    def finish(self, figures: Totals) -> None:
        """Do nothing: the figures are the caller's."""

    def records(self) -> Sequence[Dialogue]:
        return tuple(decode(lines, f"record {number}") for number, lines in enumerate(self.lines))


# ------------------------------------------------------------------------------------------------------- the work


class _Job:
    """The work of one run."""

    def __init__(self, config: RunConfig, count: int, store: _Store, progress: Progress | None) -> None:
        self.config = config
        self.count = count
        self.store = store
        self.progress = progress
        self.tally = Tally()
        self.dropped: collections.Counter[str] = collections.Counter()
        self.reasons: dict[str, str] = {}
        self.copies = Copies()
        self.exhausted = ""

    def done(self, workers: int) -> Run:
        """Make the records that are still missing, then tell what the run holds.

        Raises:
            KeyboardInterrupt: With what is kept, where there is a folder that keeps it.
        """
        store = self.store
        try:
            self._remember()
            self._make(workers)
        except KeyboardInterrupt:
            if store.folder is None:
                raise
            raise KeyboardInterrupt(f"stopped: {self._kept()}") from None
        except EndpointError as error:
            if not any(entry.written for entry in store.entries):
                raise
            raise type(error)(f"{error}; {self._kept()}: --resume goes on") from error
        finally:
            usage = usage_of(self.config)
            let_go(self.config)
        graphs = {name: ApiGraph(load_domain(name).spec) for name in self.config.domains}
        figures = self.tally.totals(graphs, self.dropped)
        store.finish(figures)
        return Run(self.config, store.folder, store.records(), figures, self.reasons, usage, self.exhausted)

    def _kept(self) -> str:
        kept = sum(entry.written for entry in self.store.entries)
        return f"{kept} {'dialogue is' if kept == 1 else 'dialogues are'} kept in {self.store.folder}"

    def _remember(self) -> None:
        """Take up what an earlier session of the same run has written."""
        if not self.store.entries:
            return
        for dialogue in self.store.records():
            self.tally.add(summary_of(dialogue))
            self.copies.add(dialogue.id, likeness_of(dialogue))
        for entry in self.store.entries:
            self.dropped.update(entry.dropped)

    def _make(self, workers: int) -> None:
        if self.tally.records >= self.count:
            return
        self._tell()
        consecutive_failures = consecutive_copies = 0
        with contextlib.closing(
            produce(self.config, len(self.store.entries), self._processes(workers), self._missing)
        ) as source:
            for each in source:
                made = self._unlike_others(each)
                self._note(made)
                self.store.add(JournalEntry(made.number, made.lines is not None, made.dropped), made.lines)
                consecutive_failures = 0 if made.lines is not None else consecutive_failures + 1
                consecutive_copies = consecutive_copies + 1 if made.lines is None and "copy" in made.dropped else 0
                self._tell()
                if self.tally.records >= self.count:
                    return
                if consecutive_copies >= _MOST_WITHOUT_NEWS and self.tally.records:
                    self.exhausted = (
                        f"{self.tally.records} of {self.count} dialogues could be made: all that {consecutive_copies} "
                        "indexes in a row gave were copies of them"
                    )
                    return
                if consecutive_failures >= self._most_failures():
                    reason = made.reasons[-1] if made.reasons else "every one is a copy of another"
                    raise UsageError(
                        f"{consecutive_failures} indexes in a row gave no dialogue; the last one: {reason}"
                        + _without_kinds(self.config.domains)
                    )

    @property
    def _scripted(self) -> bool:
        return self.config.teacher == "scripted"

    def _most_failures(self) -> int:
        if not self._scripted:
            return _MOST_FAILURES_OF_A_MODEL
        return _MOST_FAILURES if self.tally.records else _MOST_FAILURES_AT_FIRST

    def _missing(self) -> int:
        return self.count - self.tally.records

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(self.tally.records, self.count)

    def _unlike_others(self, made: Made) -> Made:
        """Return what becomes of an index once no record is like an earlier one."""
        for _ in range(_MOST_COPIES):
            if made.likeness is None or self.copies.twin_of(made.likeness) is None:
                return made
            again = make_index(self.config, made.number, made.attempt + 1)
            made = again._replace(dropped=(*made.dropped, "copy", *again.dropped))
        return made._replace(lines=None, summary=None, likeness=None)

    def _note(self, made: Made) -> None:
        self.dropped.update(made.dropped)
        for stage, reason in zip(made.dropped, made.reasons, strict=False):
            self.reasons.setdefault(stage, reason)
        if made.summary is not None and made.likeness is not None:
            self.tally.add(made.summary)
            self.copies.add(f"index {made.number}", made.likeness)

    def _processes(self, workers: int) -> int:
        if not self._scripted:
            return 1  # which asks for as much at once as the endpoint may be asked
        few = self.count - self.tally.records < _FEW or any(map(is_shared, self.config.domains))
        return workers or (1 if few else os.cpu_count() or 1)


_FEW = 60  # records that one process makes sooner than others can start
_MOST_COPIES = 24  # copies in a row after which an index is given up
_MOST_WITHOUT_NEWS = 12  # indexes in a row with nothing but copies after which there is no more to be had
_MOST_FAILURES_OF_A_MODEL = 5  # the same where each costs money
_MOST_FAILURES = 40  # indexes without a record after which a run is given up
_MOST_FAILURES_AT_FIRST = 12  # the same where there was none from the beginning: each has tried many worlds


def _without_kinds(domains: Sequence[str]) -> str:
    """Return what to do about worlds whose contract says of no value what it is, as one does that nobody wrote."""
    bare = [name for name in domains if not load_domain(name).spec.kinds]
    if not bare:
        return ""
    return (
        f"; nothing says which values of {' and '.join(bare)} are of one kind: funreason spec infer WORLD --out "
        "CONTRACT finds that out, and the world file names it (contract: CONTRACT)"
    )
