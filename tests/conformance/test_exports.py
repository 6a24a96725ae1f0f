"""Exports read by the libraries that they are for; `make conformance` has them in an environment of its own.

1. ``datasets`` gives back every row of every format exactly, from the folder as it is.
2. TRL's trainer takes a step, and what it trains is thinking, calls and answers, token by token, and nothing else.
3. The page on chat templates says what each of TRL's makes of a dialogue.
4. The types of ``openai``, inspect's reader and mlcroissant take every row.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fr_synth import ExportOptions, RunConfig, export_run, synthesise
from fr_synth.export.formats import FORMATS, format_of
from tests.conformance.byte_tokenizer import tokenizer
from tests.conformance.templates import page

pytestmark = [pytest.mark.conformance, pytest.mark.filterwarnings("ignore")]

SPLITS = {"train": 0.75, "val": 0.25}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "run"
    config = RunConfig(domains=("filesystem", "banking", "travel"), seed=7, turns=(1, 3), error_rate=0.3)
    synthesise(config, folder, count=12)
    return folder


def written(folder: Path, split: str, part: str = "") -> list[dict[str, Any]]:
    """The rows as they stand in the files."""
    rows: list[dict[str, Any]] = []
    for path in sorted((folder / "data" / part).glob(f"{split}-*")):
        if path.suffix == ".parquet":
            import pyarrow.parquet

            rows += pyarrow.parquet.read_table(path).to_pylist()
        else:
            rows += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return rows


def without_nothing(value: Any) -> Any:
    """A value without members that are None, which a table gives rows that do not have them."""
    if isinstance(value, list):
        return [without_nothing(item) for item in value]
    if isinstance(value, dict):
        return {key: without_nothing(item) for key, item in value.items() if item is not None}
    return value


@pytest.mark.parametrize("options", [ExportOptions(splits=SPLITS), ExportOptions(splits=SPLITS, shards=3)])
@pytest.mark.parametrize("name", FORMATS)
def test_datasets_gives_every_row_back(name: str, options: ExportOptions, run: Path, tmp_path: Path) -> None:
    import datasets

    out = tmp_path / "out"
    export_run(run, out, name, options)
    parts = [path.name for path in (out / "data").iterdir() if path.is_dir()] or [""]
    for part in parts:
        found = datasets.load_dataset(str(out), part or None, cache_dir=str(tmp_path / "cache"))
        for split, rows in found.items():
            ours = written(out, split, part)
            theirs = [without_nothing(row) for row in rows] if name in {"funreason-mt", "verl-sft"} else list(rows)
            assert theirs == ([without_nothing(row) for row in ours] if name == "verl-sft" else ours)


@pytest.mark.parametrize("compress", ["gzip", "zstd"])
def test_datasets_reads_packed_files(compress: Any, run: Path, tmp_path: Path) -> None:
    import datasets

    export_run(run, tmp_path / "plain", "trl")
    export_run(run, tmp_path / "packed", "trl", ExportOptions(compress=compress))
    found = datasets.load_dataset(str(tmp_path / "packed"), split="train", cache_dir=str(tmp_path / "cache"))
    assert list(found) == written(tmp_path / "plain", "train")


def spans(trainer: Any, row: int, reader: Any) -> list[str]:
    """The texts that the loss is on, one for each stretch of tokens."""
    batch = trainer.data_collator([trainer.train_dataset[row]])
    found: list[list[int]] = [[]]
    for token, label in zip(batch["input_ids"][0].tolist(), batch["labels"][0].tolist(), strict=True):
        if label == token:
            found[-1].append(token)
        elif found[-1]:
            assert label == -100
            found.append([])
    return [reader.decode(each) for each in found if each]


def expected(message: dict[str, Any]) -> str:
    """What Qwen's template makes of a message of the assistant."""
    made = [call["function"] for call in message.get("tool_calls") or ()]
    plain = [json.dumps({key: call[key] for key in ("name", "arguments")}, ensure_ascii=False) for call in made]
    calls = [f"<tool_call>\n{text}\n</tool_call>" for text in plain]
    said = "\n".join([*([message["content"]] if message["content"] else []), *calls])
    return f"<think>\n{message['reasoning_content']}\n</think>\n\n{said}<|im_end|>\n"


@pytest.mark.parametrize("split_turns", [False, True])
def test_trl_trains_thinking_calls_and_answers(split_turns: bool, run: Path, tmp_path: Path) -> None:
    import datasets
    import trl

    out = tmp_path / "out"
    export_run(run, out, "trl", ExportOptions(split_turns=split_turns))
    rows = datasets.load_dataset(str(out), split="train", cache_dir=str(tmp_path / "cache"))
    rows = rows.map(lambda row: {"tools": json.dumps(json.loads(row["tools"])[:2])})  # for a step in seconds
    reader = tokenizer("qwen3_training.jinja")
    arguments = trl.SFTConfig(
        output_dir=str(tmp_path / "trained"), assistant_only_loss=not split_turns, max_length=None, max_steps=1,
        per_device_train_batch_size=1, report_to=[], use_cpu=True, save_strategy="no", bf16=False,
    )  # fmt: skip
    trainer = trl.SFTTrainer(tiny_model(reader), arguments, train_dataset=rows, processing_class=reader)
    for number, row in enumerate(written(out, "train")):
        said = row["completion"] if split_turns else [each for each in row["messages"] if each["role"] == "assistant"]
        assert [text.rstrip("\n") for text in spans(trainer, number, reader)] == [
            expected(message).rstrip("\n") for message in said
        ]
    assert trainer.train().training_loss > 0


def tiny_model(reader: Any) -> Any:
    import transformers

    sizes = {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    config = transformers.Qwen3Config(
        vocab_size=len(reader), num_key_value_heads=1, head_dim=8, max_position_embeddings=200_000, **sizes
    )
    return transformers.Qwen3ForCausalLM(config)


def test_trl_compares_what_was_taken_with_what_failed(run: Path, tmp_path: Path) -> None:
    import datasets
    import trl

    out = tmp_path / "out"
    export_run(run, out, "preference")
    pairs = datasets.load_dataset(str(out), split="train", cache_dir=str(tmp_path / "cache"))
    pairs = pairs.map(lambda row: {"tools": json.dumps(json.loads(row["tools"])[:2])})  # for a step in seconds
    reader = tokenizer("qwen3_training.jinja")
    arguments = trl.DPOConfig(
        output_dir=str(tmp_path / "trained"), max_length=None, max_steps=1, per_device_train_batch_size=1,
        report_to=[], use_cpu=True, save_strategy="no", bf16=False,
    )  # fmt: skip
    models = tiny_model(reader), tiny_model(reader)  # to train, and to compare with
    trainer = trl.DPOTrainer(*models, arguments, train_dataset=pairs, processing_class=reader)
    for row, theirs in zip(written(out, "train"), trainer.train_dataset, strict=True):
        for way in ("chosen", "rejected"):
            told = reader.decode(theirs[f"{way}_ids"])
            assert told.rstrip("\n") == expected(row[way][0]).rstrip("\n")
    assert trainer.train().training_loss > 0


def test_a_tokenizer_counts_as_its_template_renders(run: Path, tmp_path: Path) -> None:
    reader = tokenizer("qwen3.jinja")
    reader.save_pretrained(tmp_path / "tokenizer")
    export_run(run, tmp_path / "all", "trl")
    rows = written(tmp_path / "all", "train")
    texts = [reader.apply_chat_template(r["messages"], tools=json.loads(r["tools"]), tokenize=False) for r in rows]
    sizes = sorted(len(reader(text)["input_ids"]) for text in texts)
    options = ExportOptions(max_tokens=sizes[5], tokenizer=str(tmp_path / "tokenizer"))
    assert export_run(run, tmp_path / "few", "trl", options).rows == {"train": 6}


@pytest.mark.parametrize(("template", "problem"), [("", "has no chat template"), ("{{ messages }}", "shows no tools")])
def test_a_tokenizer_that_cannot_take_tools_is_refused(template: str, problem: str, run: Path, tmp_path: Path) -> None:
    from fr_envs.errors import UsageError

    reader = tokenizer("qwen3.jinja")
    reader.chat_template = template or None
    reader.save_pretrained(tmp_path / "tokenizer")
    with pytest.raises(UsageError, match=problem):
        export_run(run, tmp_path / "out", "trl", ExportOptions(max_tokens=9, tokenizer=str(tmp_path / "tokenizer")))
    assert not (tmp_path / "out").exists()


def test_rows_for_openai_are_what_its_types_say(run: Path, tmp_path: Path) -> None:
    from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam
    from openai.types.responses.response_create_params import ResponseCreateParamsNonStreaming
    from pydantic import TypeAdapter

    export_run(run, tmp_path / "openai", "openai")
    export_run(run, tmp_path / "gym", "nemo-gym")
    messages: Any = TypeAdapter(list[ChatCompletionMessageParam])
    tools: Any = TypeAdapter(list[ChatCompletionToolParam])
    request: Any = TypeAdapter(ResponseCreateParamsNonStreaming)
    for row in written(tmp_path / "openai", "train"):
        messages.validate_python(row["messages"])
        tools.validate_python(row["tools"])
    for row in written(tmp_path / "gym", "train"):
        request.validate_python(row["responses_create_params"])
        assert all("function" not in tool for tool in row["responses_create_params"]["tools"])


def test_inspect_reads_every_sample(run: Path, tmp_path: Path) -> None:
    from inspect_ai.dataset import json_dataset

    from fr_envs import Session

    export_run(run, tmp_path / "out", "inspect")
    samples = json_dataset(str(tmp_path / "out/data/train-00000.jsonl"))
    for sample, row in zip(samples, written(tmp_path / "out", "train"), strict=True):
        assert (sample.id, sample.target) == (row["id"], row["target"])
        assert [each.text for each in sample.input] == [each["content"] for each in row["input"]]
        session = Session(sample.metadata["domain"])
        assert session.reset(sample.metadata["task"]).message == sample.input[-1].text


@pytest.mark.parametrize("name", FORMATS)
def test_mlcroissant_reads_the_description(name: str, run: Path, tmp_path: Path) -> None:
    import mlcroissant

    out = tmp_path / "out"
    export_run(run, out, name, ExportOptions(splits=SPLITS))
    told = mlcroissant.Dataset(jsonld=str(out / "croissant.json"))
    assert not told.metadata.ctx.issues.errors
    for records in told.metadata.record_sets:
        found = list(told.records(record_set=records.id))
        part, _, stem = records.id.rpartition("/")
        ours = written(out, stem.split("-")[0], part)
        assert len(found) == len(ours)
        for theirs, row in zip(found, ours, strict=True):
            for key, value in theirs.items():
                text = value.decode() if isinstance(value, bytes) else value
                assert text == row[key.rpartition("/")[2]]
    assert format_of(name).summary in told.metadata.description


def test_the_page_on_chat_templates_is_right() -> None:
    ours = (Path(__file__).parents[2] / "docs/chat-templates.md").read_text(encoding="utf-8")
    assert ours.splitlines() == page().splitlines()
