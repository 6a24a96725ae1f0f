"""Keys of contracts that were renamed: what each is called now, and files brought to the new names.

A file is changed key by key where its text stands, so that comments, order, quotes, anchors and line ends stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import yaml

from fr_envs.errors import SpecError
from fr_envs.json_values import pointer_of
from fr_envs.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import Json

__all__ = ["NEW_NAMES", "RenamedKey", "Upgraded", "old_keys", "upgraded"]

NEW_NAMES: dict[str, dict[str, str]] = {
    "kinds": {"told": "statement_templates", "again": "anaphora", "refer": "references"},
    "tools": {"asks": "request_templates", "says": "response_templates"},
}
"""By section of a contract, the old names of its parts' keys and what they are called now."""


class RenamedKey(NamedTuple):
    """A key under its old name.

    Attributes:
        pointer: JSON pointer to it.
        new: What it is called now.
    """

    pointer: str
    new: str


class Upgraded(NamedTuple):
    """A contract's text under the new names.

    Attributes:
        text: The text.
        lines: Line, from 1, and key of each change, in the order of the file; empty where nothing was to do.
    """

    text: str
    lines: tuple[tuple[int, RenamedKey], ...]


def old_keys(data: Json) -> Iterator[RenamedKey]:
    """Iterate over the keys of a contract, as plain data, that are called otherwise now."""
    for section, names in NEW_NAMES.items():
        parts = data.get(section) if isinstance(data, dict) else None
        for name, part in parts.items() if isinstance(parts, dict) else ():
            for key in part if isinstance(part, dict) else ():
                if key in names:
                    yield RenamedKey(pointer_of([section, name, key]), names[key])


def upgraded(text: str, data: Json, source: str) -> Upgraded:
    """Return a contract's text with its old keys under their new names, and nothing else changed.

    Args:
        text: The YAML text.
        data: What it says, as plain data.
        source: File that errors give.

    Raises:
        SpecError: It is no contract, a part has a key under both names, or a key is written in a way that cannot be
            changed alone, such as through an alias.
    """
    if not isinstance(data, dict) or not isinstance(data.get("tools"), dict):
        raise SpecError(source, "", "is no contract", "give a YAML contract, with tools: at its top level")
    expected = _renamed(data, source)
    root = yaml.compose(text, yaml.SafeLoader)  # this one, since its marks count characters on every platform
    places = sorted(_places(root), key=lambda place: place.start)
    parts, at = [], 0
    for place in places:
        parts += [text[at : place.start], place.key.new]
        at = place.end
    result = "".join([*parts, text[at:]])
    if _said(result) != expected:
        raise SpecError(source, "", "has a key that cannot be renamed without changing more", "rename it by hand")
    return Upgraded(result, tuple((place.line, place.key) for place in places))


class _KeyAt(NamedTuple):
    """Where a key stands in the text: from which character up to which, its quotes left out; and its line, from 1."""

    start: int
    end: int
    line: int
    key: RenamedKey


def _renamed(data: dict[str, Json], source: str) -> dict[str, Json]:
    found = {**data}
    for section, names in NEW_NAMES.items():
        if isinstance(data.get(section), dict):
            found[section] = {name: _part(part, names, (source, section, name)) for name, part in data[section].items()}
    return found


def _part(part: Json, names: dict[str, str], where: tuple[str, str, str]) -> Json:
    if not isinstance(part, dict):
        return part
    source, section, name = where
    for old, new in names.items():
        if old in part and new in part:
            at = pointer_of([section, name, old])
            raise SpecError(source, at, f"stands beside {new}, which is its new name", "take one of the two out")
    return {names.get(key, key): value for key, value in part.items()}


def _said(text: str) -> Json:
    try:
        return read_yaml(text)
    except yaml.YAMLError:
        return None


def _places(root: yaml.Node | None) -> Iterator[_KeyAt]:
    seen: set[int] = set()
    for section, names in NEW_NAMES.items():
        for _, parts in _members(root, section):
            for name, part in _members(parts):
                yield from _keys(part, names, (section, name), seen)


def _members(node: yaml.Node | None, only: str | None = None) -> Iterator[tuple[str, yaml.Node]]:
    """Iterate over the members of a mapping, merged ones included, by name."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.tag == _MERGE:
            for each in value.value if isinstance(value, yaml.SequenceNode) else (value,):
                yield from _members(each, only)
        elif isinstance(key, yaml.ScalarNode) and only in (None, key.value):
            yield str(key.value), value


_MERGE = "tag:yaml.org,2002:merge"


def _keys(node: yaml.Node, names: dict[str, str], at: tuple[str, str], seen: set[int]) -> Iterator[_KeyAt]:
    """Iterate over the old keys of a mapping and of those that it merges in; each mapping once."""
    if not isinstance(node, yaml.MappingNode) or id(node) in seen:
        return
    seen.add(id(node))
    for key, value in node.value:
        if key.tag == _MERGE:
            for each in value.value if isinstance(value, yaml.SequenceNode) else (value,):
                yield from _keys(each, names, at, seen)
        elif isinstance(key, yaml.ScalarNode) and key.value in names:
            end = key.end_mark.index - (key.style in ("'", '"'))
            found = RenamedKey(pointer_of([*at, key.value]), names[key.value])
            yield _KeyAt(end - len(key.value), end, key.start_mark.line + 1, found)
