"""What each format promises, held to one dialogue written down by hand.

1. Every row has exactly the members and the form that the target reads; nothing is lost that the target can hold.
2. Calls that went out together stay together where the target has a form for it, and results stay in order.
3. What is written as text reads back as the same call.
4. A format module has at most 100 lines; names, modules and usage agree.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fr_synth.export.formats as formats
from fr_envs.contract.view import ToolView, View
from fr_envs.errors import UsageError
from fr_synth.export.formats import FORMATS, format_of, known_formats
from fr_synth.export.formats.format import Contents
from fr_synth.export.formats.text import python_call
from fr_synth.export.options import ExportOptions, checked
from fr_synth.export.shaping import pairs, parts, shaped
from tests.fr_synth.export.golden import ERRING, EXAMPLE, MESSAGES, TASK, TOOLS

if TYPE_CHECKING:
    from fr_synth.export.example import Example

TEXT = EXAMPLE.tools


def rows(name: str, **asked: Any) -> list[dict[str, Any]]:
    """The rows of the dialogue, as they come back from JSON."""
    form = format_of(name)
    options = checked(ExportOptions(**asked), form)
    whole = parts(EXAMPLE) if options.split_turns else (EXAMPLE,)
    made = [shaped(each, options.reasoning or "field", options.arguments or "object") for each in whole]
    return [json.loads(json.dumps(row.value)) for each in made for row in form.rows(each)]


def test_jsonl_is_the_row_of_the_run() -> None:
    assert rows("jsonl") == [
        {"id": "x-1", "domain": "paint_shop", "messages": list(MESSAGES), "tools": TEXT, "kinds": ["act", "no_call"],
         "traits": [], "mistakes": []}
    ]  # fmt: skip


def test_parquet_has_columns_of_text() -> None:
    (row,) = rows("parquet")
    assert json.loads(row["messages"]) == list(MESSAGES)
    assert json.loads(row["kinds"]) == ["act", "no_call"]
    assert {name: type(value) for name, value in row.items()} == dict.fromkeys(
        ("id", "domain", "messages", "tools", "kinds"), str
    )


def test_trl_has_messages_and_tools_as_text() -> None:
    assert rows("trl") == [{"id": "x-1", "messages": list(MESSAGES), "mistakes": [], "tools": TEXT}]
    texts = rows("trl", arguments="text")[0]["messages"]
    assert texts[4]["tool_calls"][0]["function"]["arguments"] == '{"path": "/a/é"}'


def test_a_part_for_trl_is_a_prompt_and_its_completion() -> None:
    made = rows("trl", split_turns=True)
    assert [row["id"] for row in made] == ["x-1#0", "x-1#1", "x-1#2", "x-1#3"]
    assert [row["completion"] for row in made] == [[MESSAGES[at]] for at in (2, 4, 7, 9)]
    assert [row["prompt"] for row in made] == [list(MESSAGES[:at]) for at in (2, 4, 7, 9)]
    assert all(row["tools"] == TEXT and "messages" not in row for row in made)


def test_a_pair_has_the_prompt_and_both_messages() -> None:
    made = [row.value for each in pairs(ERRING) for row in format_of("preference").rows(each)]
    assert [row["id"] for row in made] == ["x-1#1.0", "x-1#2.1"]
    assert [row["prompt"] for row in made] == [MESSAGES[:4], MESSAGES[:7]]
    assert [row["chosen"] for row in made] == [MESSAGES[4:5], MESSAGES[7:8]]
    assert [row["faults"] for row in made] == [
        ("stat fails with no_such_path: No /b.",),
        ("it tells nothing",),
    ]
    assert made[0]["rejected"] == [
        {"role": "assistant", "content": "", "reasoning_content": "Try /b.", "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "stat", "arguments": {"path": "/b"}}},
        ]}
    ]  # fmt: skip
    assert made[1]["rejected"] == [{"role": "assistant", "content": "Done.", "reasoning_content": "So."}]


def test_trl_grpo_has_what_reset_is_given() -> None:
    (row,) = rows("trl-grpo")
    assert row.pop("task") == EXAMPLE.task_text
    assert row == {"id": "x-1", "prompt": list(MESSAGES[:2]), "environment": "paint_shop"}


def test_verl_has_a_reward_model_and_arguments_for_each_tool() -> None:
    (row,) = rows("verl")
    extra = row["extra_info"]
    assert row["prompt"] == list(MESSAGES[:2])
    assert (row["data_source"], row["agent_name"], row["ability"]) == ("funreason/paint_shop", "tool_agent", "tool_use")
    assert row["reward_model"] == {"style": "rule", "ground_truth": EXAMPLE.task_text}
    assert (extra["split"], extra["index"], extra["need_tools_kwargs"]) == ("val", 3, True)
    assert extra["tools_kwargs"] == {name: {"create_kwargs": {"task_id": "x-1"}} for name in ("cd", "stat")}


def renamed() -> Example:
    """The dialogue with ``stat`` offered as ``cd``, and ``cd`` as ``tool_7``."""
    view = View((ToolView("cd", "tool_7", parameters={"path": "arg_a"}), ToolView("stat", "cd")))
    tools = json.dumps(
        [
            {"type": "function", "function": TOOLS[0]["function"] | {"name": "tool_7"}},
            {"type": "function", "function": TOOLS[1]["function"] | {"name": "cd"}},
        ]
    )
    task = msgspec.json.encode(msgspec.structs.replace(TASK, view=view)).decode()
    return msgspec.structs.replace(EXAMPLE, tools=tools, task_text=task)


def test_verl_has_the_names_of_the_contract_as_its_one_configuration_has() -> None:
    (row,) = format_of("verl").rows(renamed())
    assert row.value["extra_info"]["tool_selection"] == ["cd", "stat"]
    assert sorted(row.value["extra_info"]["tools_kwargs"]) == ["cd", "stat"]


def test_nemo_gym_has_the_reference_in_the_names_that_are_offered() -> None:
    first = next(iter(format_of("nemo-gym").rows(renamed()))).value
    assert [tool["name"] for tool in first["responses_create_params"]["tools"]] == ["tool_7", "cd"]
    assert first["ground_truth"][:2] == [
        {"name": "tool_7", "arguments": '{"arg_a": "/a"}'}, {"name": "cd", "arguments": '{"path": "/a/é"}'}
    ]  # fmt: skip


def test_verl_sft_gives_no_tool_the_properties_of_another() -> None:
    (row,) = rows("verl-sft")
    assert row["enable_thinking"] is True
    assert rows("verl-sft", reasoning="none")[0]["enable_thinking"] is False
    for tool, given_ in zip(row["tools"], TOOLS, strict=True):
        assert json.loads(tool["function"].pop("parameters")) == given_["function"]["parameters"]
        assert tool["function"] == {key: given_["function"][key] for key in ("name", "description")}
    assert row["messages"][2]["tool_calls"][0]["function"]["arguments"] == '{"path": "/a"}'


def test_the_columns_of_parquet_are_those_of_the_rows() -> None:
    def agrees(value: Any, column: Any) -> bool:
        if isinstance(column, list):
            return isinstance(value, list) and all(agrees(item, column[0]) for item in value)
        if isinstance(column, dict):
            return isinstance(value, dict) and value.keys() <= column.keys() and all(
                agrees(value[name], column[name]) for name in value
            )  # fmt: skip
        return type(value) is {"string": str, "bool": bool, "int64": int}[column]

    for name in ("parquet", "verl", "verl-sft"):
        form = format_of(name)
        assert form.columns is not None
        for made in form.rows(shaped(EXAMPLE, "field", "text")):
            assert agrees(json.loads(json.dumps(made.value)), form.columns(made))


def test_llama_factory_alternates_strictly() -> None:
    (row,) = rows("llama-factory")
    said = row["conversations"]
    assert [each["from"] for each in said] == [
        "human", "function_call", "observation", "function_call", "observation", "gpt", "human", "gpt"
    ]  # fmt: skip
    assert (row["system"], json.loads(row["tools"])) == ("Paths are absolute.", [tool["function"] for tool in TOOLS])
    thinking, calls = said[3]["value"].split("</think>")
    assert thinking == "<think>\nBoth at once.\n"
    assert json.loads(calls) == [
        {"name": "stat", "arguments": {"path": "/a/é"}}, {"name": "stat", "arguments": {"path": "/a/0600"}}
    ]  # fmt: skip
    assert said[4]["value"].split("\n</tool_response>\n<tool_response>\n") == ['{"size": 5.0}', '{"size": 7}']
    assert said[-1]["value"] == "You are welcome."


def test_llama_factory_has_an_entry_for_each_file() -> None:
    files = {"train": ["data/train-00000.jsonl", "data/train-00001.jsonl"], "val": ["data/val-00000.jsonl"]}
    info = json.loads(format_of("llama-factory").files(Contents(files, {}, 4))["dataset_info.json"])
    assert {name: entry["file_name"] for name, entry in info.items()} == {
        "funreason_train_0": files["train"][0], "funreason_train_1": files["train"][1], "funreason_val": files["val"][0]
    }  # fmt: skip
    assert info["funreason_val"]["tags"]["function_tag"] == "function_call"


def test_ms_swift_has_thinking_in_the_content() -> None:
    (row,) = rows("ms-swift")
    assert row["messages"][7] == {"role": "assistant", "content": "<think>\nTell it.\n</think>\n\n5 and 7."}
    assert row["messages"][2]["content"] == "<think>\nFirst cd.\n</think>\n\n"
    assert not any("reasoning_content" in message for message in row["messages"])


def test_openai_has_no_thinking_and_arguments_as_text() -> None:
    (row,) = rows("openai")
    assert (row["tools"], row["parallel_tool_calls"]) == (TOOLS, True)
    assert row["messages"][2] == {
        "role": "assistant", "content": None,
        "tool_calls": [{"id": "call_0", "type": "function", "function": {"name": "cd", "arguments": '{"path": "/a"}'}}],
    }  # fmt: skip
    assert row["messages"][3] == {"role": "tool", "tool_call_id": "call_0", "content": '{"path": "/a"}'}
    assert {key for message in row["messages"] for key in message} == {"role", "content", "tool_calls", "tool_call_id"}


def test_of_a_part_for_openai_the_last_message_alone_has_weight() -> None:
    for row in rows("openai", split_turns=True):
        *before, last = [message for message in row["messages"] if message["role"] == "assistant"]
        assert [message["weight"] for message in before] == [0] * len(before)
        assert "weight" not in last


def test_nemo_gym_has_a_turn_a_row() -> None:
    first, second = rows("nemo-gym")
    request = second["responses_create_params"]
    assert [item.get("type", item.get("role")) for item in request["input"]] == [
        "system", "user", "function_call", "function_call_output", "function_call", "function_call",
        "function_call_output", "function_call_output", "assistant", "user",
    ]  # fmt: skip
    assert request["input"][2] == {
        "type": "function_call", "call_id": "call_0", "name": "cd", "arguments": '{"path": "/a"}'
    }  # fmt: skip
    assert request["tools"] == [{"type": "function", **tool["function"], "strict": False} for tool in TOOLS]
    assert first["ground_truth"][0] == {"name": "cd", "arguments": '{"path": "/a"}'}
    assert (first["turn"], second["turn"], second["ground_truth"]) == (0, 1, [])


@pytest.mark.parametrize(("name", "key"), [("verifiers", "info"), ("trl-grpo", "task")])
def test_a_task_in_a_row_is_the_task_of_the_record(name: str, key: str) -> None:
    assert json.loads(rows(name)[0][key]) == json.loads(EXAMPLE.task_text)


def test_verifiers_has_prompt_and_answer() -> None:
    (row,) = rows("verifiers")
    assert (row["prompt"], row["answer"], row["task"]) == (list(MESSAGES[:2]), "5 and 7.", "paint_shop")


def test_inspect_has_a_sample_a_task() -> None:
    (row,) = rows("inspect")
    task = row["metadata"].pop("task")
    assert json.loads(task)["seed"] == [7, 0, 1]
    assert row == {
        "id": "x-1", "input": list(MESSAGES[:2]), "target": "5 and 7.",
        "metadata": {"domain": "paint_shop", "kinds": ["act", "no_call"], "turns": 2},
    }  # fmt: skip


def test_bfcl_has_questions_and_answers_of_one_id() -> None:
    question, answer = rows("bfcl")
    assert question["id"] == answer["id"]
    assert question["question"] == [[{"role": "user", "content": turn.message}] for turn in TASK.turns]
    assert question["involved_classes"] == ["PaintShop"]
    assert question["path"] == ["PaintShop.cd", "PaintShop.stat", "PaintShop.stat"]
    assert question["initial_config"] == {"PaintShop": {"domain": "paint_shop", "seed": [7, 0, 1], "scale": "small"}}
    assert answer["ground_truth"] == [["cd(path='/a')", "stat(path='/a/é')", "stat(path='/a/0600')"], []]
    assert [row.part for row in format_of("bfcl").rows(EXAMPLE)] == ["questions", "possible_answer"]


def test_documents_for_bfcl_call_objects_dicts_wherever_they_stand() -> None:
    nested = {
        "type": "object",
        "properties": {"type": {"type": "string", "enum": ["object"]}, "rate": {"type": "number"},
                       "rows": {"type": "array", "items": {"type": "object"}}},
    }  # fmt: skip
    tools = {"paint_shop": {"mix": {"name": "mix", "description": "Mix.", "parameters": nested}}}
    (text,) = format_of("bfcl").files(Contents({}, tools, 0)).values()
    assert json.loads(text) == {
        "name": "mix", "description": "Mix.", "response": {"type": "dict", "properties": {}},
        "parameters": {"type": "dict", "properties": {
            "type": {"type": "string", "enum": ["object"]}, "rows": {"type": "array", "items": {"type": "dict"}},
            "rate": {"type": "float"},
        }},
    }  # fmt: skip


def test_funreason_mt_has_a_column_a_message() -> None:
    (row,) = rows("funreason-mt")
    assert list(row) == [str(number) for number in range(10)]
    assert row["0"] == {"role": "system", "content": "Paths are absolute.", "tools": TEXT}
    assert row["4"] == {
        "role": "assistant",
        "content": "<think>\nBoth at once.\n</think>\n\n[stat(path='/a/é'), stat(path='/a/0600')]",
    }


def test_sharegpt_has_calls_between_tags() -> None:
    (row,) = rows("sharegpt")
    assert [each["from"] for each in row["conversations"][:4]] == ["system", "human", "gpt", "tool"]
    assert row["conversations"][4]["value"] == (
        "<think>\nBoth at once.\n</think>\n\n"
        '<tool_call>\n{"name": "stat", "arguments": {"path": "/a/é"}}\n</tool_call>\n'
        '<tool_call>\n{"name": "stat", "arguments": {"path": "/a/0600"}}\n</tool_call>'
    )
    assert row["conversations"][3]["value"] == '<tool_response>\n{"path": "/a"}\n</tool_response>'


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), values, max_size=4))
def test_a_call_as_python_reads_back(arguments: dict[str, Any]) -> None:
    read = ast.parse(python_call("tool", arguments), mode="eval").body
    assert isinstance(read, ast.Call)
    found: dict[str, Any] = {}
    for keyword in read.keywords:
        value = ast.literal_eval(keyword.value)
        found.update(value if keyword.arg is None else {keyword.arg: value})
    assert found == arguments


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_what_its_name_says(name: str) -> None:
    form = format_of(name)
    module = Path(formats.__file__).parent / f"{name.replace('-', '_')}.py"
    assert form.name == name
    assert form.summary
    assert form.usage
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 100
    some = (*pairs(ERRING),) if form.pairs else (EXAMPLE,) if form.whole else (EXAMPLE, *parts(EXAMPLE))
    assert all(list(form.rows(each)) for each in some)


def test_an_unknown_format_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match=r"no format 'trll'; there are trl, trl-grpo, .*parquet"):
        format_of("trll")


def test_a_package_can_bring_a_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.py").write_text(
        "from fr_synth.export.formats.format import Format, one_row\n"
        "FORMAT = Format('ours', 'Ours.', one_row(lambda each: {'name': each.id}), 'open it')\nOTHER = 3\n"
    )
    info = tmp_path / "mine-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[funreason.formats]\nours = mine:FORMAT\nodd = mine:OTHER\ngone = mine:MISSING\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert known_formats() == (*FORMATS, "gone", "odd", "ours")
    assert [row.value for row in format_of("ours").rows(EXAMPLE)] == [{"name": "x-1"}]
    with pytest.raises(UsageError, match=r"format 'odd' of mine:OTHER is no fr_synth"):
        format_of("odd")
    with pytest.raises(UsageError, match="format 'gone' of mine:MISSING cannot be loaded"):
        format_of("gone")
