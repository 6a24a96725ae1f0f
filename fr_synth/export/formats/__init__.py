"""The formats, one module each, and those that other packages bring through the entry points ``funreason.formats``."""

from __future__ import annotations

import importlib
import importlib.metadata

from fr_envs.errors import UsageError
from fr_synth.export.formats.format import Format

__all__ = ["ENTRY_POINTS", "FORMATS", "format_of", "known_formats"]

ENTRY_POINTS = "funreason.formats"
"""Group of entry points through which a package brings a ``Format`` of its own; its name is what ``--to`` is given."""

FORMATS = (
    "trl", "trl-grpo", "preference", "verl", "verl-sft", "llama-factory", "ms-swift", "openai", "nemo-gym", "verifiers",
    "inspect", "bfcl", "funreason-mt", "sharegpt", "jsonl", "parquet",
)  # fmt: skip
"""Names of the formats that ship."""


def known_formats() -> tuple[str, ...]:
    """Return the names of all formats: those that ship, then those of other packages."""
    return (*FORMATS, *sorted({each.name for each in _brought()} - set(FORMATS)))


def _brought() -> importlib.metadata.EntryPoints:
    return importlib.metadata.entry_points(group=ENTRY_POINTS)


def format_of(name: str) -> Format:
    """Return the format of a name.

    Raises:
        UsageError: There is none, or what a package brings under it is no format.
    """
    if name in FORMATS:
        shipped: Format = importlib.import_module(f"{__name__}.{name.replace('-', '_')}").FORMAT
        return shipped
    for each in _brought():
        if each.name == name:
            return _loaded(each)
    raise UsageError(f"no format {name!r}; there are {', '.join(known_formats())}")


def _loaded(entry: importlib.metadata.EntryPoint) -> Format:
    try:
        found = entry.load()
    except (ImportError, AttributeError) as error:
        raise UsageError(f"format {entry.name!r} of {entry.value} cannot be loaded: {error}") from error
    if not isinstance(found, Format):
        raise UsageError(f"format {entry.name!r} of {entry.value} is no fr_synth.export.formats.format.Format")
    return found
