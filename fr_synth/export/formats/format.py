"""What a format is: rows from an example, and what has to lie beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example
    from fr_synth.export.shaping import ArgumentsMode, ReasoningMode

__all__ = ["Column", "Contents", "Format", "Row", "one_row"]

Column: TypeAlias = "str | list[Column] | dict[str, Column]"
"""Type of a Parquet column: ``string``, ``bool`` or ``int64``; a list with the type of its items; members by name."""


class Row(NamedTuple):
    """One row of a data set.

    Attributes:
        value: The row.
        part: Folder below ``data/`` for rows of its kind; empty where all rows are of one kind.
    """

    value: JsonObject
    part: str = ""


class Contents(NamedTuple):
    """What an export holds, for files that have to lie beside the rows.

    Attributes:
        files: Paths of the data files below the folder, by split.
        tools: Definitions of the tools offered, by world and name.
        longest: Members of the row that has most.
    """

    files: Mapping[str, Sequence[str]]
    tools: Mapping[str, Mapping[str, JsonObject]]
    longest: int


def _nothing(contents: Contents) -> Mapping[str, str]:
    return {}


class Format(NamedTuple):
    """A form in which a trainer or an evaluation reads data.

    Attributes:
        name: What ``--to`` is given.
        summary: What it is for, in one line.
        rows: The rows of an example whose messages have been shaped as the modes say.
        usage: How the target loads it, as lines of code; ``DIR`` stands for the folder.
        columns: Types of the Parquet columns for a row; None for JSON lines.
        reasoning: Where thinking may stand, the default first; empty where rows hold no answer of the assistant.
        arguments: What arguments of calls may be, the default first.
        whole: Rows are tasks, or come one a turn; parts of dialogues make no sense.
        pairs: A row is a pair: a message that was taken, and an attempt at it that failed.
        files: Texts of further files by their path below the folder.
        features: For rows whose members differ, what the Hub's header says of them, for as many as a row has at most.
    """

    name: str
    summary: str
    rows: Callable[[Example], Iterator[Row]]
    usage: str
    columns: Callable[[Row], dict[str, Column]] | None = None
    reasoning: tuple[ReasoningMode, ...] = ("field", "inline", "none")
    arguments: tuple[ArgumentsMode, ...] = ("object", "text")
    whole: bool = False
    pairs: bool = False
    files: Callable[[Contents], Mapping[str, str]] = _nothing
    features: Callable[[int], list[JsonObject]] | None = None


def one_row(make: Callable[[Example], JsonObject]) -> Callable[[Example], Iterator[Row]]:
    """Return the rows of a format that makes one row of an example."""

    def rows(example: Example) -> Iterator[Row]:
        yield Row(make(example))

    return rows
