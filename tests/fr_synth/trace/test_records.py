"""A record is three lines of JSON that read back as it was; anything else is refused with its place and a fix."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import msgspec
import pytest

import fr_synth
from fr_envs.errors import RecordError
from fr_synth.trace.dataflow.provenance import Default, Derived, Output, Said
from fr_synth.trace.macro import MacroParameter, MacroStep, Pick, Take
from fr_synth.trace.rows import RecordLines, decode, encode, row_schema, task_of
from tests.fr_synth.odd_world import ODD
from tests.fr_synth.walks import by_fields, given, new_walk, record_of, take

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_synth.trace.records import Dialogue
    from fr_synth.trace.rows import RowKind

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
    lines = encode(record)
    assert not any(b"\n" in line for line in lines)
    assert decode(lines, "here") == record
    assert encode(decode(lines, "here")) == lines


def test_lines_that_a_loader_has_written_anew_are_the_same_record(record: Dialogue) -> None:
    """Other blanks, another order of members: what a loader may do to lines that it does not change."""
    again = (json.dumps(json.loads(line), indent=1, sort_keys=True).encode() for line in encode(record))
    assert decode(RecordLines(*again), "here") == record


def test_a_row_for_trainers_holds_what_they_read_and_nothing_else(record: Dialogue) -> None:
    row = json.loads(encode(record).dialogue)
    assert list(row) == ["id", "domain", "messages", "tools", "kinds", "traits", "mistakes"]
    assert row["messages"] == list(record.messages)
    assert row["tools"] == record.tools
    assert row["kinds"] == ["act", "act"]
    assert row["traits"] == [",".join(turn.traits) for turn in record.turns]
    assert row["mistakes"] == [False] * len(record.messages)


def test_every_form_of_source_and_argument_reads_back(record: Dialogue) -> None:
    sources: dict[str, Any] = {
        "/a": Said(0, "x"), "/b": Output(0, "/y"), "/c": Default(),
        "/d": Derived("sum", (Said(0, "x"), Derived("f", ()))),
    }  # fmt: skip
    steps = (MacroStep("t", {"/a": MacroParameter("a"), "/b": Take(0, "/x"), "/c": Pick(0, "/l", "m", {"x": "y"}),
                             "/d": Pick(0, "/l", "m", extreme="n", largest=True)}),)  # fmt: skip
    turn = replace(record.turns[0], advanced=replace(record.turns[0].advanced, steps=steps))
    calls = (replace(record.calls[0], sources=sources), *record.calls[1:])
    full = replace(record, calls=calls, turns=(turn, *record.turns[1:]))
    assert decode(encode(full), "here") == full
    validator = jsonschema_rs.Draft202012Validator(row_schema("evidence"))
    assert list(validator.iter_errors(json.loads(encode(full).evidence))) == []


@pytest.mark.parametrize(("kind", "needed"), [("dialogue", "messages"), ("task", "turns"), ("evidence", "calls")])
def test_each_schema_is_the_one_that_is_shipped_and_takes_a_record(
    kind: RowKind, needed: str, record: Dialogue
) -> None:
    shipped = Path(fr_synth.__file__).parent / "trace" / f"{kind}.schema.json"
    assert json.loads(shipped.read_text(encoding="utf-8")) == json.loads(json.dumps(row_schema(kind)))
    validator = jsonschema_rs.Draft202012Validator(row_schema(kind))
    plain = json.loads(getattr(encode(record), kind))
    assert validator.is_valid(plain)
    assert not validator.is_valid({**plain, needed: None})


def spoilt(record: Dialogue, kind: RowKind, spoil: Callable[[Any], Any]) -> RecordLines:
    lines = encode(record)
    plain = json.loads(getattr(lines, kind))
    spoil(plain)
    return lines._replace(**{kind: json.dumps(plain).encode()})


@pytest.mark.parametrize(
    ("kind", "spoil", "problem"),
    [
        ("evidence", lambda plain: plain.update(version=11), "a record of version 11, and this reads version 3; use"),
        ("task", lambda plain: plain.update(version=1), "a task of version 1, and this reads version 2; use"),
        ("dialogue", lambda plain: plain.update(version=2), "a record of version 2, and this reads version 3; use"),
        ("evidence", lambda plain: plain.update(version="1"), "no record: /version: Expected `int`, got `str`"),
        ("task", lambda plain: plain.pop("seed"), "no record: Object missing required field `seed`"),
        ("task", lambda plain: plain.update(turns=3), "no record: /turns: Expected `array`, got `int`"),
        ("task", lambda plain: plain.update(scale="huge"), "no record: /scale: Invalid enum value 'huge'"),
        ("dialogue", lambda plain: plain.update(note="x"), "no record: Object contains unknown field `note`"),
        (
            "evidence",
            lambda plain: plain["calls"][1]["sources"].update({"/x": {"from": "heaven"}}),
            "no record: /calls/1/sources/*/from: Invalid value 'heaven'",
        ),
    ],
)
def test_a_line_that_is_no_record_is_refused(
    record: Dialogue, kind: RowKind, spoil: Callable[[Any], Any], problem: str
) -> None:
    with pytest.raises(RecordError) as refused:
        decode(spoilt(record, kind, spoil), "run/dialogues.jsonl:7")
    assert str(refused.value).startswith(f"run/dialogues.jsonl:7: {problem}")


@pytest.mark.parametrize("line", [b"no json", b"[1]", b"null", b'{"version": 1', b"\xff\xfe", b"[" * 100_000])
@pytest.mark.parametrize("kind", ["dialogue", "task", "evidence"])
def test_what_is_no_json_object_is_refused(line: bytes, kind: str, record: Dialogue) -> None:
    with pytest.raises(
        RecordError, match=r"f:1: no (?:JSON|record): .*; take it out of all three files or make the run again"
    ):
        decode(encode(record)._replace(**{kind: line}), "f:1")


@pytest.mark.parametrize(
    ("kind", "spoil", "problem"),
    [
        ("dialogue", lambda plain: plain.update(id="odd-1"), "three lines of three records"),
        ("task", lambda plain: plain.update(domain="other"), "of the world 'odd', the task of 'other'"),
        ("task", lambda plain: plain["turns"][0].update(message="Hm."), "turn 0: the task has another message"),
        ("task", lambda plain: plain["turns"][1].update(reply="No."), "turn 1: the task has another reply"),
        ("task", lambda plain: plain["turns"][0]["calls"].pop(), "turn 0: the task has another calls"),
        ("task", lambda plain: plain["turns"][0].update(kind="refuse"), "turn 0: of kind 'act' in the dialogue"),
        ("task", lambda plain: plain["turns"].pop(), "1 turns of the task"),
        ("dialogue", lambda plain: plain["kinds"].pop(), "1 kinds"),
        ("evidence", lambda plain: plain["calls"].pop(), "3 calls in the messages, 2 in the evidence"),
        ("dialogue", lambda plain: plain["messages"][2].update(tool_calls=3), "its tool_calls are no list"),
        ("dialogue", lambda plain: plain["messages"][2]["tool_calls"].append(7), "call 1 is no call of a function"),
        ("dialogue", lambda plain: plain["messages"][3].update(content="[]"), "a result that is a JSON object"),
        ("evidence", lambda plain: plain["turns"][0].update(easy="Other."), "the seal is not that of these lines"),
        ("evidence", lambda plain: plain.update(proofs={}, teacher="me"), "the seal is not that of these lines"),
    ],
)
def test_lines_that_do_not_agree_are_read_and_say_so(
    record: Dialogue, kind: RowKind, spoil: Callable[[Any], Any], problem: str
) -> None:
    found = decode(spoilt(record, kind, spoil), "here").disagreements
    assert any(problem in each for each in found), found


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
