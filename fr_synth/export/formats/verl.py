"""``verl``: a task a row for ``RLHFDataset`` and the tool agent; what is nested and varies is JSON text.

verl has one configuration of tools for all rows, so tools stand under the contract's names, whatever a view calls them.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from fr_envs.contract.view import View
from fr_synth.export.example import tools_in
from fr_synth.export.formats.format import Column, Format, Row
from fr_synth.export.formats.text import first_messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_synth.export.example import Example

__all__ = ["FORMAT"]


def _rows(example: Example) -> Iterator[Row]:
    view = example.view or View(())
    names = sorted(view.contract_call(tool["function"]["name"], {})[0] for tool in tools_in(example.tools))
    kwargs = {name: {"create_kwargs": {"task_id": example.id}} for name in names}
    value = {
        "data_source": f"funreason/{example.domain}",
        "agent_name": "tool_agent",
        "prompt": [{"role": each["role"], "content": each["content"]} for each in first_messages(example)],
        "ability": "tool_use",
        "reward_model": {"style": "rule", "ground_truth": example.task_text},
        "extra_info": {
            "split": example.split,
            "index": example.index,
            "id": example.id,
            "task": example.task_text,
            "tool_selection": names,
            "need_tools_kwargs": True,
            "tools_kwargs": kwargs,
        },
    }
    # Members by tool name are one type a file: other tools in it would come back as nulls.
    offer = hashlib.blake2b("\n".join(names).encode(), digest_size=3).hexdigest()
    yield Row(value, f"{example.domain}-{offer}")


def _columns(row: Row) -> dict[str, Column]:
    kwargs: Column = {
        name: {"create_kwargs": {"task_id": "string"}} for name in row.value["extra_info"]["tools_kwargs"]
    }
    extra: dict[str, Column] = {
        "split": "string", "index": "int64", "id": "string", "task": "string", "tool_selection": ["string"],
        "need_tools_kwargs": "bool", "tools_kwargs": kwargs,
    }  # fmt: skip
    return {
        "data_source": "string",
        "agent_name": "string",
        "prompt": [{"role": "string", "content": "string"}],
        "ability": "string",
        "reward_model": {"style": "string", "ground_truth": "string"},
        "extra_info": extra,
    }


FORMAT = Format(
    name="verl",
    summary="verl's RLHFDataset with the tool agent: prompt, reward model, what each tool is created with",
    rows=_rows,
    usage=(
        "# one folder a set of tools; each file goes into data.train_files\n"
        "from verl.utils.dataset.rl_dataset import RLHFDataset\n\n"
        'dataset = RLHFDataset(["DIR/data/…/train-00000.parquet"], tokenizer, config.data)'
    ),
    columns=_columns,
    reasoning=(),
    whole=True,
)
