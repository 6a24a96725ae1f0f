"""Spoilings of a run as a whole: lines and files, journal and manifest."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_synth.run.folder.journal import FILES, MANIFEST

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["RUNS", "ForgedRun", "RunSpoiling"]

JOURNAL = "journal.jsonl"


class ForgedRun:
    """The files of a run, to be edited.

    Args:
        folder: The run.
    """

    def __init__(self, folder: Path) -> None:
        """Read them."""
        self.lines: dict[str, list[bytes]] = {
            name: (folder / name).read_bytes().splitlines() for name in (*FILES, JOURNAL)
        }
        self.manifest: Any = json.loads((folder / MANIFEST).read_text())
        self.raw: dict[str, bytes | None] = {}

    @property
    def config(self) -> Any:
        """The configuration in the manifest."""
        return self.manifest["run"]["config"]

    @property
    def result(self) -> Any:
        """What the manifest says came of the run."""
        return self.manifest["result"]

    def each(self, change: Callable[[list[bytes]], None]) -> None:
        """Change the lines of all three files in the same way."""
        for name in FILES:
            change(self.lines[name])

    def edit(self, name: str, number: int, change: Callable[[Any], None]) -> None:
        """Change a line of a file."""
        value = json.loads(self.lines[name][number])
        change(value)
        self.lines[name][number] = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()

    def forge(self) -> None:
        """Make counts, order and checksums what the files say."""
        if not isinstance(self.manifest, dict) or not isinstance(self.result, dict):
            return
        names = [json.loads(line)["id"] for line in self.lines[FILES[0]]]
        self.result["order"] = hashlib.sha256("".join(f"{name}\n" for name in names).encode()).hexdigest()
        self.result["checksums"] = {
            name: hashlib.sha256(b"".join(line + b"\n" for line in lines)).hexdigest()
            for name, lines in self.lines.items()
        }

    def write(self, folder: Path) -> Path:
        """Write the files."""
        for name, lines in self.lines.items():
            (folder / name).write_bytes(b"".join(line + b"\n" for line in lines))
        (folder / MANIFEST).write_text(json.dumps(self.manifest))
        for name, content in self.raw.items():
            (folder / name).unlink()
            if content is not None:
                (folder / name).write_bytes(content)
        return folder


class RunSpoiling(NamedTuple):
    """A way to spoil a run.

    Attributes:
        name: What is done.
        edit: Does it.
        check: Which check notices.
        forge: Whether the forger makes counts, order and checksums fit afterwards.
    """

    name: str
    edit: Callable[[ForgedRun], None]
    check: str
    forge: bool


RUNS: list[RunSpoiling] = []


def _spoils(check: str, *, forge: bool = True) -> Callable[[Callable[[ForgedRun], None]], Callable[[ForgedRun], None]]:
    def add(edit: Callable[[ForgedRun], None]) -> Callable[[ForgedRun], None]:
        RUNS.append(RunSpoiling(edit.__name__, edit, check, forge))
        return edit

    return add


# ------------------------------------------------------------------------------------------------ lines


@_spoils("whole")
def records_reversed(run: ForgedRun) -> None:
    run.each(list.reverse)


@_spoils("whole")
def first_record_missing(run: ForgedRun) -> None:
    run.each(lambda lines: lines.__delitem__(0))


@_spoils("whole")
def middle_record_missing(run: ForgedRun) -> None:
    run.each(lambda lines: lines.__delitem__(2))


@_spoils("whole")
def last_record_missing(run: ForgedRun) -> None:
    run.each(lambda lines: lines.__delitem__(-1))


@_spoils("whole")
def last_record_missing_in_the_journal_too(run: ForgedRun) -> None:
    run.each(lambda lines: lines.__delitem__(-1))
    del run.lines[JOURNAL][-1]


@_spoils("whole")
def records_exchanged(run: ForgedRun) -> None:
    def exchange(lines: list[bytes]) -> None:
        lines[0], lines[1] = lines[1], lines[0]

    run.each(exchange)


@_spoils("copies")
def record_twice(run: ForgedRun) -> None:
    run.each(lambda lines: lines.append(lines[0]))


@_spoils("whole")
def task_missing(run: ForgedRun) -> None:
    del run.lines[FILES[1]][-1]


@_spoils("readable")
def evidence_missing(run: ForgedRun) -> None:
    del run.lines[FILES[2]][0]


@_spoils("whole")
def task_that_belongs_to_nothing(run: ForgedRun) -> None:
    run.lines[FILES[1]].append(run.lines[FILES[1]][0].replace(b"-00000", b"-90000"))


@_spoils("whole")
def evidence_twice(run: ForgedRun) -> None:
    run.lines[FILES[2]].append(run.lines[FILES[2]][0])


@_spoils("whole")
def tasks_in_another_order(run: ForgedRun) -> None:
    run.lines[FILES[1]].reverse()


@_spoils("replays")
def tasks_under_each_others_ids(run: ForgedRun) -> None:
    one, other = (json.loads(run.lines[FILES[1]][k])["id"] for k in (0, 1))
    run.edit(FILES[1], 0, lambda task: task.update(id=other))
    run.edit(FILES[1], 1, lambda task: task.update(id=one))


@_spoils("readable", forge=False)
def a_line_of_another_file(run: ForgedRun) -> None:
    run.lines[FILES[0]][1] = run.lines[FILES[2]][1]


@_spoils("readable", forge=False)
def an_empty_line(run: ForgedRun) -> None:
    run.lines[FILES[0]].insert(1, b"")


@_spoils("whole", forge=False)
def a_line_cut_off(run: ForgedRun) -> None:
    run.raw[FILES[0]] = b"".join(line + b"\n" for line in run.lines[FILES[0]]) + b'{"id": "x'


@_spoils("whole", forge=False)
def lines_with_another_ending(run: ForgedRun) -> None:
    run.raw[FILES[0]] = b"".join(line + b"\r\n" for line in run.lines[FILES[0]])


# ------------------------------------------------------------------------------------------------ journal


@_spoils("whole")
def journal_emptied(run: ForgedRun) -> None:
    run.lines[JOURNAL].clear()


@_spoils("whole")
def journal_with_an_entry_less(run: ForgedRun) -> None:
    del run.lines[JOURNAL][1]


@_spoils("whole")
def journal_with_an_entry_twice(run: ForgedRun) -> None:
    run.lines[JOURNAL].append(run.lines[JOURNAL][-1])


@_spoils("whole")
def journal_that_takes_a_record_back(run: ForgedRun) -> None:
    run.edit(JOURNAL, 1, lambda entry: entry.update(written=False))


@_spoils("whole")
def journal_with_drops_more(run: ForgedRun) -> None:
    run.edit(JOURNAL, 1, lambda entry: entry["dropped"].append("claims"))


@_spoils("whole")
def journal_of_junk(run: ForgedRun) -> None:
    run.lines[JOURNAL][0] = b"[[[["


@_spoils("whole", forge=False)
def journal_missing(run: ForgedRun) -> None:
    run.raw[JOURNAL] = None


# ------------------------------------------------------------------------------------------------ manifest


@_spoils("whole", forge=False)
def manifest_of_no_json(run: ForgedRun) -> None:
    run.raw[MANIFEST] = b"{"


@_spoils("whole", forge=False)
def manifest_of_bytes(run: ForgedRun) -> None:
    run.raw[MANIFEST] = b"\xff\xfe\x00"


@_spoils("whole", forge=False)
def manifest_nested_without_end(run: ForgedRun) -> None:
    run.raw[MANIFEST] = b"[" * 100_000


@_spoils("whole", forge=False)
def manifest_missing(run: ForgedRun) -> None:
    run.raw[MANIFEST] = None


@_spoils("whole")
def manifest_that_is_a_list(run: ForgedRun) -> None:
    run.manifest = [1]


@_spoils("whole")
def manifest_without_a_run(run: ForgedRun) -> None:
    run.manifest = {"result": None}


@_spoils("whole")
def manifest_with_a_result_that_is_text(run: ForgedRun) -> None:
    run.manifest["result"] = "fine"


@_spoils("whole")
def manifest_without_a_configuration(run: ForgedRun) -> None:
    del run.manifest["run"]["config"]


@_spoils("whole")
def manifest_of_another_seed(run: ForgedRun) -> None:
    run.config["seed"] += 1


@_spoils("whole")
def manifest_of_another_scale(run: ForgedRun) -> None:
    run.config["scale"] = "large"


@_spoils("whole")
def manifest_of_another_teacher(run: ForgedRun) -> None:
    run.config["teacher"] = "openai:x"


@_spoils("whole")
def manifest_of_fewer_worlds(run: ForgedRun) -> None:
    run.config["domains"] = run.config["domains"][:1]


@_spoils("whole")
def manifest_of_worlds_in_another_order(run: ForgedRun) -> None:
    run.config["domains"].reverse()


@_spoils("whole")
def manifest_of_longer_dialogues(run: ForgedRun) -> None:
    run.config["turns"] = [9, 9]


@_spoils("whole")
def manifest_with_a_configuration_that_cannot_be(run: ForgedRun) -> None:
    run.config["turns"] = "many"


@_spoils("whole")
def manifest_with_a_configuration_of_nothing(run: ForgedRun) -> None:
    run.config["domains"] = 7


@_spoils("whole")
def manifest_of_other_records(run: ForgedRun) -> None:
    run.manifest["run"]["record_version"] = 2


@_spoils("whole")
def manifest_of_another_count(run: ForgedRun) -> None:
    run.manifest["run"]["count"] += 1


@_spoils("whole")
def manifest_of_other_worlds(run: ForgedRun) -> None:
    versions = run.manifest["run"]["domain_versions"]
    versions[next(iter(versions))] = "9.9.9"


@_spoils("whole")
def manifest_with_more_records(run: ForgedRun) -> None:
    run.result["records"] += 1


@_spoils("whole", forge=False)
def manifest_with_another_order(run: ForgedRun) -> None:
    run.result["order"] = "0" * 64


@_spoils("whole", forge=False)
def manifest_with_another_checksum(run: ForgedRun) -> None:
    run.result["checksums"][FILES[1]] = "0" * 64


@_spoils("whole", forge=False)
def manifest_without_checksums(run: ForgedRun) -> None:
    del run.result["checksums"]


@_spoils("whole", forge=False)
def manifest_with_the_checksum_of_a_file_more(run: ForgedRun) -> None:
    run.result["checksums"]["../secret"] = "0" * 64


@_spoils("whole")
def manifest_with_other_yields(run: ForgedRun) -> None:
    run.result["yields"]["calls"] += 1


@_spoils("whole")
def manifest_with_another_yield_of_edges(run: ForgedRun) -> None:
    world = next(iter(run.result["yields"]["coverage"].values()))
    world["edges"] += 40


@_spoils("whole")
def manifest_with_other_drops(run: ForgedRun) -> None:
    run.result["yields"]["dropped"] = {"chain": 99}


@_spoils("whole")
def manifest_without_yields(run: ForgedRun) -> None:
    run.result["yields"] = None
