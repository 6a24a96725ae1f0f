"""``verl-sft``: dialogues for ``MultiTurnSFTDataset``; schemas of parameters and arguments of calls are JSON text.

In Parquet a list has items of one type: parameters as objects would give each tool the properties of all the others.
``funreason_verl.py`` beside the data reads the text back, so that a template sees what it would see at inference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.export.example import tools_in
from fr_synth.export.formats.format import Column, Contents, Format, Row, one_row
from fr_synth.export.formats.text import compact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_envs.json_values import JsonObject
    from fr_synth.export.example import Example

__all__ = ["FORMAT"]

_READER = '''"""The data set of verl with parameters of tools as objects and without members that are empty.

In the configuration: data.custom_cls.path=DIR/funreason_verl.py data.custom_cls.name=FunReasonDataset
"""

import json

from verl.utils.dataset.multiturn_sft_dataset import MultiTurnSFTDataset


def _tool(tool):
    function = tool["function"]
    return {"type": tool["type"], "function": {**function, "parameters": json.loads(function["parameters"])}}


class FunReasonDataset(MultiTurnSFTDataset):
    def _read_files_and_process(self):
        super()._read_files_and_process()
        self.tools = [[_tool(tool) for tool in tools] for tools in self.tools]

    def _build_messages(self, example, *args, **kwargs):
        messages = super()._build_messages(example, *args, **kwargs)
        return [{key: value for key, value in message.items() if value is not None} for message in messages]
'''


def _row(example: Example) -> JsonObject:
    tools = [
        {"type": "function", "function": {**tool["function"], "parameters": compact(tool["function"]["parameters"])}}
        for tool in tools_in(example.tools)
    ]
    return {
        "id": example.id,
        "messages": example.messages,
        "tools": [_known(tool) for tool in tools],
        "enable_thinking": any(message.get("reasoning_content") for message in example.messages),
    }


def _known(tool: JsonObject) -> JsonObject:
    function = tool["function"]
    return {**tool, "function": {key: function.get(key, "") for key in ("name", "description", "parameters")}}


def _columns(row: Row) -> dict[str, Column]:
    call: Column = {"id": "string", "type": "string", "function": {"name": "string", "arguments": "string"}}
    message: dict[str, Column] = {
        "role": "string", "content": "string", "reasoning_content": "string", "tool_calls": [call],
        "tool_call_id": "string", "name": "string",
    }  # fmt: skip
    tool: Column = {"type": "string", "function": {"name": "string", "description": "string", "parameters": "string"}}
    return {"id": "string", "messages": [message], "tools": [tool], "enable_thinking": "bool"}


def _files(contents: Contents) -> Mapping[str, str]:
    return {"funreason_verl.py": _READER}


FORMAT = Format(
    name="verl-sft",
    summary="verl's MultiTurnSFTDataset: messages and tools as nested columns",
    rows=one_row(_row),
    usage=(
        "# data.custom_cls.path=DIR/funreason_verl.py data.custom_cls.name=FunReasonDataset\n"
        'dataset = FunReasonDataset(["DIR/data/train-00000.parquet"], tokenizer, config.data)'
    ),
    columns=_columns,
    arguments=("text",),
    files=_files,
)
