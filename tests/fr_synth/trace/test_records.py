"""A record is one line of JSON that reads back as it was; anything else is refused with its place and a fix."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import msgspec
import pytest

import fr_synth
from fr_envs.errors import RecordError
from fr_synth.trace.macro import MacroParameter, MacroStep, Pick, Take
from fr_synth.trace.provenance import Default, Derived, Output, Said
from fr_synth.trace.records import RECORD_VERSION, Dialogue
from fr_synth.trace.rows import decode, encode, task_of
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.walks import by_fields, given, new_walk, record_of, take

if TYPE_CHECKING:
    from collections.abc import Callable

replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def record() -> Dialogue:
    walk = new_walk(ODD)
    take(walk, "list_books")
    mention = by_fields(walk, "book_id", "BOOK005", "the book called The Weir", title="The Weir")
    sources = {"/book_id": given(walk, "book_id", "BOOK005")}
    take(walk, "get_book", {"book_id": "BOOK005"}, user_requested=True, sources=sources, mentions={"/book_id": mention})
    walk.next_turn()
    take(walk, "join", {"name": "Ada Kern"}, user_requested=True)
    return record_of(walk, "Tell me about the book called The Weir.", "And make me a card; I am Ada Kern.")


def test_a_record_reads_back_as_it_was(record: Dialogue) -> None:
    line = encode(record)
    assert b"\n" not in line
    assert decode(line, "here") == record
    assert encode(decode(line, "here")) == line


def test_every_form_of_source_and_argument_reads_back(record: Dialogue) -> None:
    sources: dict[str, Any] = {
        "/a": Said(0, "x"), "/b": Output(0, "/y"), "/c": Default(),
        "/d": Derived("sum", (Said(0, "x"), Derived("f", ()))),
    }  # fmt: skip
    steps = (MacroStep("t", {"/a": MacroParameter("a"), "/b": Take(0, "/x"), "/c": Pick(0, "/l", "m", {"x": "y"}),
                             "/d": Pick(0, "/l", "m", extreme="n", largest=True)}),)  # fmt: skip
    turn = replace(record.turns[0], advanced=replace(record.turns[0].advanced, steps=steps))
    full = replace(record, calls=(replace(record.calls[0], sources=sources),), turns=(turn,))
    assert decode(encode(full), "here") == full
    assert list(jsonschema_rs.Draft202012Validator(record_schema()).iter_errors(json.loads(encode(full)))) == []


def test_the_schema_is_the_one_that_is_shipped_and_takes_a_record(record: Dialogue) -> None:
    shipped = Path(fr_synth.__file__).parent / "trace" / "record.schema.json"
    assert json.loads(shipped.read_text(encoding="utf-8")) == json.loads(json.dumps(record_schema()))
    validator = jsonschema_rs.Draft202012Validator(record_schema())
    plain = json.loads(encode(record))
    assert validator.is_valid(plain)
    for name in ("version", "messages", "calls"):
        assert not validator.is_valid({**plain, name: None})


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (
            lambda plain: plain.update(version=RECORD_VERSION + 8),
            "a record of version 10, and this reads version 2; use",
        ),
        (lambda plain: plain.update(version="1"), "no record: Expected `int`, got `str`"),
        (lambda plain: plain.pop("version"), "no record: Object missing required field `version`"),
        (lambda plain: plain.pop("seed"), "no record: Object missing required field `seed`"),
        (lambda plain: plain.update(turns=3), "no record: Expected `array`, got `int` - at `$.turns`"),
        (lambda plain: plain.update(scale="huge"), "no record: Invalid enum value 'huge' - at `$.scale`"),
        (
            lambda plain: plain["calls"][0]["sources"].update({"/x": {"from": "heaven"}}),
            "no record: Invalid value 'heaven' - at `$.calls[0].sources[...].from`",
        ),
    ],
)
def test_a_line_that_is_no_record_is_refused(record: Dialogue, spoil: Callable[[Any], Any], problem: str) -> None:
    plain = json.loads(encode(record))
    spoil(plain)
    with pytest.raises(RecordError) as refused:
        decode(json.dumps(plain).encode(), "run/dialogues.jsonl:7")
    assert str(refused.value).startswith(f"run/dialogues.jsonl:7: {problem}")


@pytest.mark.parametrize("line", [b"", b"no json", b"[1]", b"null", b'{"version": 1', b"\xff\xfe"])
def test_what_is_no_json_object_is_refused(line: bytes) -> None:
    with pytest.raises(RecordError, match=r"f:1: no record: .*; take the line out or make the run again"):
        decode(line, "f:1")


def test_a_record_is_a_task(record: Dialogue) -> None:
    task = task_of(record)
    assert (task.domain, task.seed, task.scale, task.id) == ("odd", (0,), "small", "odd-0")
    assert [turn.message for turn in task.turns] == [
        "Tell me about the book called The Weir.",
        "And make me a card; I am Ada Kern.",
    ]
    assert [[call.name for call in turn.calls] for turn in task.turns] == [["list_books", "get_book"], ["join"]]
    assert [turn.reply for turn in task.turns] == ["Done.", "Done."]
    assert [turn.goal for turn in task.turns] == [turn.goal for turn in record.turns]


def test_a_turn_without_a_reply_has_an_empty_one(record: Dialogue) -> None:
    silent = [message for message in record.messages if message.get("content") != "Done."]
    where = [i for i, message in enumerate(silent) if message["role"] == "user"]
    turns = tuple(replace(turn, message=i) for turn, i in zip(record.turns, where, strict=True))
    assert [turn.reply for turn in task_of(replace(record, messages=tuple(silent), turns=turns)).turns] == ["", ""]
