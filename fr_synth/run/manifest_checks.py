"""What a manifest says, held against the records and the journal that it stands beside."""

from __future__ import annotations

import collections
import json
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fr_envs.errors import UsageError
from fr_envs.files import checksum, read_file_lines
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.world.registry import load_domain
from fr_synth.run.folder.journal import FILES, JOURNAL
from fr_synth.run.folder.record_lines import order_of
from fr_synth.trace.records import RECORD_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.run.folder.journal import JournalEntry
    from fr_synth.run.statistics import Tally

__all__ = ["RecordName", "other_records", "other_result"]


class RecordName(NamedTuple):
    """What a record says of the run that it is of.

    Attributes:
        id: Its id.
        seed: Seed of its first state.
        domain: Its world.
        scale: Size of the first state.
        teacher: Who wrote its words.
        turns: How many it has.
    """

    id: str
    seed: tuple[int, ...]
    domain: str
    scale: str
    teacher: str
    turns: int


class _Config(msgspec.Struct, frozen=True):
    """What is compared of a run's configuration."""

    domains: tuple[str, ...]
    seed: int
    turns: tuple[int, int]
    scale: str
    teacher: str


class _Run(msgspec.Struct, frozen=True):
    """What is compared of what a manifest says that a run is."""

    record_version: int
    count: int
    config: _Config
    domain_versions: dict[str, str]


def other_records(run: JsonObject, written: Sequence[int], names: Sequence[RecordName]) -> Iterator[str]:
    """Iterate over what records say otherwise than the run that they are of.

    Args:
        run: What the manifest says that the run is.
        written: Indexes that gave a record, as the journal has them.
        names: What the records say of themselves, in the order of the file.
    """
    try:
        told = msgspec.convert(run, _Run)
    except msgspec.ValidationError as error:
        yield f"the manifest does not say what the run is: {error}"
        return
    yield from _versions(told)
    if len(names) != len(written):
        yield f"holds {len(names)} records that can be read, and the journal counts {len(written)}"
    for index, name in zip(written, names, strict=False):
        problem = _other_record(told.config, index, name)
        if problem:
            yield problem
            return


def _versions(told: _Run) -> Iterator[str]:
    if told.record_version != RECORD_VERSION:
        yield f"the manifest is of records of version {told.record_version}, which these are not"
    for name in told.config.domains:
        try:
            version = load_domain(name).spec.version
        except UsageError as error:
            yield f"the manifest names a world that nobody knows: {error}"
            continue
        if told.domain_versions.get(name) != version:
            yield f"the manifest is of version {told.domain_versions.get(name)} of {name}, which is {version}"


def _other_record(config: _Config, index: int, name: RecordName) -> str:
    """Say what a record says otherwise than the run's configuration; empty if nothing."""
    if name.id != f"{name.domain}-{index:06d}" or name.seed[:2] != (config.seed, index):
        return f"{name.id} stands where the record of index {index} belongs"
    for what, value, expected in (
        ("scale", "small" if (name.scale, config.scale) == ("busy", "small") else name.scale, config.scale),
        ("teacher", name.teacher, config.teacher),
        ("world", name.domain, config.domains[index % len(config.domains)] if config.domains else ""),
    ):
        if value != expected:
            return f"{name.id} is of another {what} than the run: {value}, not {expected}"
    if not config.turns[0] <= name.turns <= config.turns[1]:
        return f"{name.id} has {name.turns} turns, and those of the run have {config.turns[0]} to {config.turns[1]}"
    return ""


def other_result(
    folder: Path, manifest: JsonObject, entries: Sequence[JournalEntry], tally: Tally | None
) -> Iterator[str]:
    """Iterate over what a finished run's manifest says otherwise than its files.

    Args:
        folder: The run.
        manifest: Its manifest.
        entries: Its journal.
        tally: Figures of its records; None where some of them cannot be trusted.
    """
    result, written = manifest["result"], sum(entry.written for entry in entries)
    if result.get("records") != written:
        yield f"says {result.get('records')} records, and the journal counts {written}"
    if manifest["run"].get("count") != written:
        yield f"is finished with {written} records, and the run was to have {manifest['run'].get('count')}"
    yield from _sums(folder, result.get("checksums"))
    if any(result.get("order") != order_of(read_file_lines(folder / name)) for name in FILES):
        yield "the records stand in another order than they were made in"
    if tally is not None and not _is_same(result.get("yields"), _yields(manifest["run"], entries, tally)):
        yield "its figures are not those of the records and the journal"


def _sums(folder: Path, sums: Json) -> Iterator[str]:
    if not isinstance(sums, dict) or sums.keys() != {*FILES, JOURNAL}:
        yield "has no checksum of each of its files"
    for name in (*FILES, JOURNAL):
        if not isinstance(sums, dict) or sums.get(name) != checksum(folder / name):
            yield f"the checksum of {name} is another: it was changed after the run was finished"


def _yields(run: JsonObject, entries: Sequence[JournalEntry], tally: Tally) -> JsonObject | None:
    """Return the figures of a run anew; None where it has worlds that nobody knows."""
    dropped = collections.Counter(stage for entry in entries for stage in entry.dropped)
    try:
        graphs = {name: ApiGraph(load_domain(name).spec) for name in run["config"]["domains"]}
    except (LookupError, TypeError, UsageError):
        return None
    return tally.totals(graphs, dropped).to_json()


def _is_same(one: Json, other: Json) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
