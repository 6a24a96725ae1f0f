"""Docstrings taken apart: what a method does, what each argument is, what comes back, in any of the usual manners."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

__all__ = ["docstring_parts", "without_sections"]

_ARGUMENT = re.compile(r"^\s*(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)$")
_SECTION = re.compile(r"^(Args|Arguments|Parameters|Returns|Raises|Yields|Examples?|Notes?)\s*:\s*$")
_RULED = re.compile(r"^(Parameters|Returns|Raises|Yields|Examples?|Notes?)\n-{3,}$", re.MULTILINE)
_FIELD = re.compile(r"^\s*[:@](?:param|parameter|arg|argument)\s+(?:[\w.\[\], |]+?\s+)?\*{0,2}(\w+)\s*:\s*(.*)$")
_OTHER_FIELD = re.compile(r"^\s*[:@](returns?|rtype|type|raises?|throws|except)\b[^:]*:\s*(.*)$")
_BULLET = re.compile(r"^\s*[-*]\s+`?(\w+)`?\s*(?:\([^)]*\))?\s*(?::|--?|–)\s+(.*)$")


def docstring_parts(text: str, names: Collection[str] = ()) -> tuple[str, dict[str, str], str]:
    r"""Split a docstring into what stands before its sections, the arguments' texts, and the result's.

    Google's sections are read, those that numpy rules off, and the fields of reStructuredText and of Javadoc; where
    an argument's name begins a line, with a colon behind it, the line is about that argument.

    Args:
        text: The docstring, without the indentation of its function.
        names: Names of the arguments.

    Example:
        >>> docstring_parts("Print a job.\n\n:param int copies: how many\n:returns: its number", ["copies"])
        ('Print a job.', {'copies': 'how many'}, 'its number')
        >>> docstring_parts("Book a seat.\nseat: which one, e.g. 4A\nNo refunds.", ["seat"])
        ('Book a seat. No refunds.', {'seat': 'which one, e.g. 4A'}, '')
    """
    sections: dict[str, list[str]] = {"": []}
    current = ""
    fields: dict[str, str] = {}
    last = ""
    for line in _RULED.sub(r"\1:", text).splitlines():
        heading = _SECTION.match(line)
        field = None if heading else _field(line, names if not current else ())
        current = heading[1] if heading else current
        sections.setdefault(current, [])
        if field is not None:
            last = field[0]
            fields[last] = field[1]
        elif last and line[:1].isspace() and line.strip() and not current:
            fields[last] = f"{fields[last]} {line.strip()}".strip()
        elif not heading:
            last = ""
            sections[current].append(line)
    listed = next((sections[key] for key in ("Args", "Arguments", "Parameters") if key in sections), [])
    joined = {key: " ".join(line.strip() for line in lines if line.strip()) for key, lines in sections.items()}
    fields.pop("*", "")
    returned = fields.pop("", "") or joined.get("Returns", "")
    return joined[""], {**fields, **dict(_listed(listed, names))}, returned


_SECTIONS = re.compile(r"(?:^|\n)[ \t]*(?:Args|Arguments|Parameters|Returns|Raises|Yields)[ \t]*:[ \t]*(?:\n|$)")


def without_sections(description: str) -> str:
    r"""Return what a description says before it goes through arguments and results, as a docstring does.

    Args:
        description: A docstring, or a text that somebody made of one.

    Example:
        >>> without_sections("Book a seat.\n\n    Args:\n        seat: which one\n    "), without_sections("Args: none")
        ('Book a seat.', 'Args: none')
    """
    plain = inspect.cleandoc(_RULED.sub(r"\1:", description))
    told = _SECTIONS.split(plain, maxsplit=1)
    return told[0].rstrip() or description if len(told) > 1 else description


def _field(line: str, names: Collection[str]) -> tuple[str, str] | None:
    """Return the argument that a line is about and what it says; no name for the result, None for another line."""
    if match := _FIELD.match(line):
        return match[1], match[2].strip()
    if match := _OTHER_FIELD.match(line):
        return ("", match[2].strip()) if match[1] in ("return", "returns") else ("*", "")
    match = _ARGUMENT.match(line) or _BULLET.match(line)
    return (match[1], match[2].strip()) if match is not None and match[1] in names else None


def _listed(lines: Iterable[str], names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Iterate over the arguments of a section, each with its text: behind the colon, or below a line with a type."""
    found: dict[str, list[str]] = {}
    last = ""
    for line in lines:
        match = _ARGUMENT.match(line)
        if match and (not names or match[1] in names or not last):
            last = match[1]
            typed = match[1] in names and not line[:1].isspace()  # "copies : int", as numpy has it
            found[last] = [] if typed and _TYPE.fullmatch(match[2].strip()) else [match[2].strip()]
        elif last and line.strip():
            found[last].append(line.strip())
    yield from ((name, " ".join(filter(None, texts))) for name, texts in found.items())


_TYPE = re.compile(
    r"(?:int|float|str|bool|list|dict|tuple|optional|date|datetime|any)\b[\w\[\], |{}'\".=-]*", re.IGNORECASE
)
