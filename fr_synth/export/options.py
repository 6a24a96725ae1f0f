"""What can be asked of an export, and whether a format can do it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import msgspec

from fr_envs.errors import UsageError
from fr_synth.export.shaping import ArgumentsMode, ReasoningMode

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_synth.export.formats.format import Format

__all__ = ["Compression", "ExportOptions", "checked"]

Compression = Literal["none", "gzip", "zstd"]


class ExportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a data set is to look.

    Attributes:
        split_turns: One row for each message of the assistant, which the row ends with and the loss is on.
        linear: No message makes more than one call.
        max_tokens: Rows of more tokens are left out; None for no bound.
        tokenizer: Folder of the tokenizer that counts them; without one they are estimated.
        reasoning: Where thinking stands; None for what the format has by default.
        arguments: What arguments of calls are; None for what the format has by default.
        splits: Shares by the name of the split, which add up to 1; empty for one split, ``train``.
        shards: Number of files a split; 0 for one to each 10,000 records.
        compress: How the files are packed.
        licence: Identifier for the card; empty for the licence that fits the teacher.
        name: Name of the data set in the card.
    """

    split_turns: bool = False
    linear: bool = False
    max_tokens: int | None = None
    tokenizer: str = ""
    reasoning: ReasoningMode | None = None
    arguments: ArgumentsMode | None = None
    splits: dict[str, float] = {}
    shards: int = 0
    compress: Compression = "none"
    licence: str = ""
    name: str = ""

    def to_json(self) -> JsonObject:
        """Return the options as plain data."""
        plain: JsonObject = msgspec.to_builtins(self)
        return plain


_SHAPES = ("split_turns", "linear", "reasoning", "arguments", "max_tokens")
_SPLIT = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def checked(options: ExportOptions, form: Format) -> ExportOptions:
    """Return options with the format's defaults in place of what was left open.

    Raises:
        UsageError: A number is out of its range, or the format cannot do what is asked for.
    """
    _check_numbers(options)
    _check_splits(options.splits)
    asked = [
        name for name in ("split_turns", "linear", "reasoning", "arguments", "max_tokens") if getattr(options, name)
    ]
    if not form.reasoning and asked:
        option = asked[0].replace("_", "-")
        raise UsageError(f"{form.name} has tasks in its rows and no answers to shape; leave --{option} away")
    if form.pairs and options.split_turns:
        raise UsageError(f"{form.name} has a row for each attempt that failed; leave --split-turns away")
    return msgspec.structs.replace(
        options,
        reasoning=_mode("reasoning", options.reasoning, form.reasoning or ("field",), form.name),
        arguments=_mode("arguments", options.arguments, form.arguments, form.name),
        splits=dict(options.splits) or {"train": 1.0},
    )


def _mode(option: str, asked: str | None, there: tuple[str, ...], name: str) -> str:
    if asked is None:
        return there[0]
    if asked not in there:
        raise UsageError(f"{name} does not take --{option} {asked}; it takes {' or '.join(there)}")
    return asked


def _check_numbers(options: ExportOptions) -> None:
    if options.max_tokens is not None and options.max_tokens < 1:
        raise UsageError(f"max tokens {options.max_tokens}: give at least 1")
    if options.tokenizer and options.max_tokens is None:
        raise UsageError("a tokenizer counts the tokens of --max-tokens; give both, or neither")
    if options.shards < 0:
        raise UsageError(f"shards {options.shards}: give at least 1, or 0 for as many as fit")


def _check_splits(splits: dict[str, float]) -> None:
    for name, share in splits.items():
        if not _SPLIT.fullmatch(name):
            raise UsageError(f"no name of a split: {name!r}; give letters, digits and underscores, such as val")
        if not 0 < share <= 1:
            raise UsageError(f"split {name}={share:g}: give a share above 0 and at most 1")
    if splits and abs(sum(splits.values()) - 1) > 1e-6:
        raise UsageError(f"the shares of the splits add up to {sum(splits.values()):g}; they have to make 1")
