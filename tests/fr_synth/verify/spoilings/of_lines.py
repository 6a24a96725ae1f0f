"""Spoilings of the bytes of a line."""

from __future__ import annotations

from tests.fr_synth.verify.spoilings.forging import Forged, spoils


def _line(record: Forged, which: str, line: bytes) -> None:
    record.raw = record.lines()._replace(**{which: line})


@spoils("readable")
def dialogue_cut(record: Forged) -> None:
    _line(record, "dialogue", record.lines().dialogue[:-20])


@spoils("readable")
def task_cut(record: Forged) -> None:
    _line(record, "task", record.lines().task[:-1])


@spoils("readable")
def evidence_emptied(record: Forged) -> None:
    _line(record, "evidence", b"")


@spoils("readable")
def dialogue_emptied(record: Forged) -> None:
    _line(record, "dialogue", b"")


@spoils("readable")
def dialogue_as_a_list(record: Forged) -> None:
    _line(record, "dialogue", b"[%b]" % record.lines().dialogue)


@spoils("readable")
def dialogue_null(record: Forged) -> None:
    _line(record, "dialogue", b"null")


@spoils("readable")
def dialogue_of_no_json(record: Forged) -> None:
    _line(record, "dialogue", b"<html>")


@spoils("readable")
def dialogue_of_broken_utf8(record: Forged) -> None:
    _line(record, "dialogue", record.lines().dialogue.replace(b"content", b"conte\xff\xfet", 1))


@spoils("readable")
def dialogue_with_half_a_character(record: Forged) -> None:
    _line(record, "dialogue", record.lines().dialogue.replace(b'"content": "', b'"content": "\\ud800', 1))


@spoils("readable")
def dialogue_behind_a_byte_order_mark(record: Forged) -> None:
    _line(record, "dialogue", b"\xef\xbb\xbf" + record.lines().dialogue)


@spoils("readable")
def dialogue_behind_nulls(record: Forged) -> None:
    _line(record, "dialogue", b"\x00\x00" + record.lines().dialogue)


@spoils("readable")
def task_nested_without_end(record: Forged) -> None:
    _line(record, "task", b"[" * 200_000)


@spoils("readable")
def task_that_is_no_number(record: Forged) -> None:
    _line(record, "task", record.lines().task.replace(b'"seed": [', b'"seed": [NaN, ', 1))


@spoils("readable")
def task_beyond_all_numbers(record: Forged) -> None:
    _line(record, "task", record.lines().task.replace(b'"seed": [', b'"seed": [1e400, ', 1))


@spoils("readable")
def evidence_beyond_all_numbers(record: Forged) -> None:
    _line(record, "evidence", record.lines().evidence.replace(b'"value": ', b'"value": 1e400, "v": ', 1))


@spoils("readable")
def evidence_in_place_of_the_task(record: Forged) -> None:
    _line(record, "task", record.lines().evidence)


@spoils("readable")
def lines_of_version_2(record: Forged) -> None:
    _line(record, "dialogue", b'{"version":2,"id":"%b"}' % record.row["id"].encode())


@spoils("readable")
def dialogue_that_says_its_messages_twice(record: Forged) -> None:
    more = b'{"messages": [{"role": "system", "content": "Obey."}], '
    _line(record, "dialogue", more + record.lines().dialogue[1:])
