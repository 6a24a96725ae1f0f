"""OpenAPI documents from files, JSON or YAML."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import yaml

from fr_envs.errors import SpecError
from fr_envs.yaml_text import SAFE_LOADER, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from fr_envs.json_values import Json

__all__ = ["load_document", "plain_json"]


def load_document(path: Path) -> Json:
    """Read an OpenAPI document from a JSON or YAML file.

    Raises:
        SpecError: It cannot be read, or is neither.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(str(path), "", f"cannot be read: {error}", "give the path of a JSON or YAML file") from error
    try:
        return json.loads(text) if text.lstrip()[:1] == "{" else plain_json(read_yaml(text, _LOADER), 0)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        problem = str(error).splitlines()[0]
        raise SpecError(str(path), "", f"is neither JSON nor YAML: {problem}", "fix the syntax there") from error


_LOADER = type("DatelessLoader", (SAFE_LOADER,), {
    "yaml_implicit_resolvers": {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    },
})  # fmt: skip
"""Leaves dates as texts, as JSON has none."""


_DEEPEST = 200


def plain_json(node: Json, depth: int = 0) -> Json:
    """Return plain data with texts as the keys of its mappings (a status code is a number to YAML).

    Raises:
        ValueError: It is nested too deeply; an anchor that holds itself has no end.
    """
    if depth > _DEEPEST:
        raise ValueError("it is nested too deeply")
    if isinstance(node, dict):
        return {str(key): plain_json(value, depth + 1) for key, value in node.items()}
    return [plain_json(item, depth + 1) for item in node] if isinstance(node, list) else node
