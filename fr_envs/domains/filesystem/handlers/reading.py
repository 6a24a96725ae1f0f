"""Handlers: what stands in files, whole, in part, filtered or sorted."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from fr_envs.domains.filesystem.paths import READ, SEARCH, directory, may, moment, reject, text_file, under
from fr_envs.domains.filesystem.patterns import compile_expression, compile_glob
from fr_envs.domains.filesystem.state import MAX_FILE, SHELL, File, FileSystem
from fr_envs.errors import UsageError
from fr_envs.world.domain import Effect

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["cat", "cut", "grep", "head", "rgrep", "sort", "tail", "uniq", "wc"]

_BUDGET = 2_000  # entries that one search through contents visits at most
_NUMBER = re.compile(r"[ \t]*(-?)([0-9]*)(?:\.([0-9]*))?")


def cat(state: FileSystem, path: str, number: bool) -> Effect[FileSystem]:
    """Show a whole file."""
    real, text = text_file(state, path)
    lines = _lines(text)
    shown = "".join(f"{i:6d}\t{line}\n" for i, line in enumerate(lines, 1)) if number else text
    if number and not text.endswith("\n"):
        shown = shown[:-1]
    return Effect(state, {"content": _fits(shown, path), "path": real, "lines": len(lines)})


def head(state: FileSystem, path: str, lines: int) -> Effect[FileSystem]:
    """Show the first lines of a file."""
    real, text = text_file(state, path)
    shown = _kept(text)[:lines]
    return Effect(state, {"content": "".join(shown), "path": real, "lines": len(shown)})


def tail(state: FileSystem, path: str, lines: int) -> Effect[FileSystem]:
    """Show the last lines of a file."""
    real, text = text_file(state, path)
    every = _kept(text)
    shown = every[max(0, len(every) - lines) :]
    return Effect(state, {"content": "".join(shown), "path": real, "lines": len(shown)})


def wc(state: FileSystem, path: str) -> Effect[FileSystem]:
    """Count the lines, words, characters and bytes of a file."""
    real, text = text_file(state, path)
    size = len(text) if text.isascii() else len(text.encode())
    value = {"lines": text.count("\n"), "words": len(text.split()), "characters": len(text), "size": size}
    return Effect(state, {**value, "path": real, "name": real.rpartition("/")[2]})


def grep(
    state: FileSystem, pattern: str, path: str, regex: bool, ignore_case: bool, invert: bool, limit: int
) -> Effect[FileSystem]:
    """Show the lines of a file in which a pattern occurs."""
    matches = _matcher(pattern, regex=regex, ignore_case=ignore_case)
    real, text = text_file(state, path)
    hits = [(i, line) for i, line in enumerate(_lines(text), 1) if matches(line) is not invert]
    value = {"count": len(hits), "content": "".join(f"{line}\n" for _, line in hits[:limit])[:MAX_FILE], "path": real}
    return Effect(state, {**value, "matches": [{"line_number": i, "line": line} for i, line in hits[:limit]]})


def rgrep(
    state: FileSystem, pattern: str, path: str, regex: bool, ignore_case: bool, name: str | None, limit: int
) -> Effect[FileSystem]:
    """Search the files under a directory for a pattern; files that may not be read are passed over."""
    matches = _matcher(pattern, regex=regex, ignore_case=ignore_case)
    named = None if name is None else _matcher(name, regex=False, ignore_case=False, glob=True)
    real, _, top = directory(state, path, READ | SEARCH)
    who = state.session[SHELL]
    files = []
    visited = total = 0
    for entry in under(state, real, top, 1_000, _BUDGET):
        visited += 1
        node = entry.node
        if type(node) is not File or node.members is not None or not may(who, node, READ):
            continue
        if named is not None and not named(entry.name):
            continue
        hits = [line for line in _lines(node.text) if matches(line)] if matches.may_match(node.text) else []
        if hits:
            total += len(hits)
            files.append({
                "path": entry.path, "name": entry.name, "size": node.size, "owner": node.owner,
                "modified": moment(node.modified), "matches": len(hits), "first_line": hits[0][:500],
            })  # fmt: skip
    complete = visited < _BUDGET and len(files) <= limit
    return Effect(state, {"count": len(files), "matches": total, "files": files[:limit], "complete": complete})


def sort(
    state: FileSystem, path: str, numeric: bool, reverse: bool, unique: bool, field: int | None, delimiter: str
) -> Effect[FileSystem]:
    """Show the lines of a file in order."""
    real, text = text_file(state, path)
    lines = _lines(text)
    key = _sort_key(numeric=numeric, field=field, delimiter=delimiter)
    if unique:
        first: dict[object, str] = {}
        for line in lines:
            first.setdefault(key(line), line)
        lines = sorted(first.values(), key=key, reverse=reverse)
    else:
        lines.sort(key=lambda line: (key(line), line), reverse=reverse)
    shown = "".join(f"{line}\n" for line in lines)
    return Effect(state, {"content": _fits(shown, path), "path": real, "lines": len(lines)})


def uniq(state: FileSystem, path: str, count: bool, repeated: bool) -> Effect[FileSystem]:
    """Show a file with equal neighbouring lines as one."""
    real, text = text_file(state, path)
    runs: list[tuple[str, int]] = []
    for line in _lines(text):
        if runs and runs[-1][0] == line:
            runs[-1] = (line, runs[-1][1] + 1)
        else:
            runs.append((line, 1))
    kept = [(line, times) for line, times in runs if times > 1 or not repeated]
    shown = "".join(f"{times:7d} {line}\n" if count else f"{line}\n" for line, times in kept)
    return Effect(state, {"content": _fits(shown, path), "path": real, "lines": len(kept)})


def cut(state: FileSystem, path: str, fields: str, delimiter: str) -> Effect[FileSystem]:
    """Show some fields of each line."""
    wanted = _field_ranges(fields)
    real, text = text_file(state, path)
    lines = _lines(text)
    shown = []
    for line in lines:
        parts = line.split(delimiter)
        if len(parts) > 1:
            keep = [part for i, part in enumerate(parts, 1) if any(low <= i <= high for low, high in wanted)]
            shown.append(delimiter.join(keep))
        else:
            shown.append(line)
    text = "".join(f"{line}\n" for line in shown)
    return Effect(state, {"content": _fits(text, path), "path": real, "lines": len(shown)})


def _lines(text: str) -> list[str]:
    r"""Return the lines without their ends; a last one without ``\n`` counts."""
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _kept(text: str) -> list[str]:
    """Return the lines with their ends."""
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _fits(text: str, path: str) -> str:
    if len(text) > MAX_FILE:
        reject("EFBIG", path, "Result too large to show")
    return text


class _Pattern:
    """A test of lines, with a quick one of whole texts that passes over what cannot match."""

    __slots__ = ("_fold", "_needle", "_test")

    def __init__(self, test: Callable[[str], bool] | None, needle: str, *, fold: bool) -> None:
        self._test = test
        self._needle = needle.lower() if fold else needle
        self._fold = fold

    def may_match(self, text: str) -> bool:
        return self._needle in (text.lower() if self._fold else text)

    def __call__(self, line: str) -> bool:
        return self._test(line) if self._test is not None else self.may_match(line)


def _matcher(pattern: str, *, regex: bool, ignore_case: bool, glob: bool = False) -> _Pattern:
    if "\n" in pattern:
        reject("EINVAL", pattern, "A pattern is one line")
    try:
        if glob:
            return _Pattern(compile_glob(pattern), "", fold=False)
        if not regex:
            return _Pattern(None, pattern, fold=ignore_case)
        return _Pattern(compile_expression(pattern, ignore_case=ignore_case), "", fold=False)
    except UsageError as error:
        reject("EINVAL", pattern, str(error))


def _sort_key(*, numeric: bool, field: int | None, delimiter: str) -> Callable[[str], str | Decimal]:
    def part(line: str) -> str:
        if field is None:
            return line
        parts = line.split(delimiter)
        return parts[field - 1] if field <= len(parts) else ""

    return (lambda line: _number(part(line))) if numeric else part


def _number(text: str) -> Decimal:
    found = _NUMBER.match(text)
    assert found is not None
    sign, whole, fraction = found.groups(default="")
    return Decimal(f"{sign}{whole or 0}.{fraction or 0}")


def _field_ranges(fields: str) -> list[tuple[int, int]]:
    ranges = []
    for item in fields.split(","):
        low, dash, high = item.partition("-")
        first = int(low) if low else 1
        last = (int(high) if high else 1 << 30) if dash else first
        if first < 1 or last < first:
            reject("EINVAL", fields, "Fields are numbered from 1, and ranges ascend")
        ranges.append((first, last))
    return ranges
