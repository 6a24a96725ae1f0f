"""``llama-factory``: its sharegpt form, in strict alternation; rows out of order it would drop in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.export.formats.format import Contents, Format, one_row
from fr_synth.export.formats.text import calls_of, compact, functions_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example

__all__ = ["FORMAT"]

_BETWEEN = "\n</tool_response>\n<tool_response>\n"  # with which its templates tell results of parallel calls apart


def _row(example: Example) -> JsonObject:
    turns: list[JsonObject] = []
    system = ""
    for message in example.messages:
        content = message.get("content") or ""
        match message["role"]:
            case "system":
                system = content
            case "user":
                turns.append({"from": "human", "value": content})
            case "assistant" if message.get("tool_calls"):
                turns.append({"from": "function_call", "value": content + compact(calls_of(message))})
            case "assistant":
                turns.append({"from": "gpt", "value": content})
            case _ if turns[-1]["from"] == "observation":
                turns[-1]["value"] += _BETWEEN + content
            case _:
                turns.append({"from": "observation", "value": content})
    tools = compact(functions_of(example))
    return {"id": example.id, "conversations": turns, "system": system, "tools": tools}


def _files(contents: Contents) -> Mapping[str, str]:
    """Return ``dataset_info.json``: an entry a split and file, all of one form."""
    entries = {}
    for split, paths in contents.files.items():
        for number, path in enumerate(sorted(paths)):
            name = f"funreason_{split}" + (f"_{number}" if len(paths) > 1 else "")
            entries[name] = {
                "file_name": path,
                "formatting": "sharegpt",
                "columns": {"messages": "conversations", "system": "system", "tools": "tools"},
                "tags": {
                    "role_tag": "from", "content_tag": "value", "user_tag": "human", "assistant_tag": "gpt",
                    "observation_tag": "observation", "function_tag": "function_call", "system_tag": "system",
                },
            }  # fmt: skip
    return {"dataset_info.json": compact(entries) + "\n"}


FORMAT = Format(
    name="llama-factory",
    summary="LLaMA-Factory's sharegpt form, with dataset_info.json",
    rows=one_row(_row),
    usage="dataset_dir: DIR\ndataset: funreason_train\n# parts of dialogues (--split-turns): mask_history: true",
    reasoning=("inline", "none"),
    arguments=("object",),
    files=_files,
)
