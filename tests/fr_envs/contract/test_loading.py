"""Contracts and their faults.

1. A shipped contract has no fault.
2. Each fault is named by file, line, JSON pointer and fix.
3. ``spec_faults`` finds every fault that ``read_spec`` would raise one after the other.
"""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import yaml

import env_specs
from fr_envs import domain_names, load_spec, read_spec
from fr_envs.contract.loading import spec_faults, spec_from_dict
from fr_envs.contract.writing import contract_data
from fr_envs.errors import SpecError, UsageError
from fr_envs.json_values import parts_of
from tests.fr_envs.small_world import CONTRACT, LIBRARY

if TYPE_CHECKING:
    from pathlib import Path

DROP = object()

FAULTS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "a part is missing": ({"/policy": DROP}, "", "'policy' is a required property", "spec.schema.json"),
    "a part is unknown": ({"/rules": "none"}, "", "'rules' was unexpected", "spec.schema.json"),
    "a tool is misshapen": ({"/tools/join/effect": "sing"}, "/tools/join/effect", "'sing'", "spec.schema.json"),
    "a schema is none": (
        {"/kinds/title/schema": {"type": "letters"}}, "/kinds/title/schema", "is no JSON Schema", "fix the schema",
    ),
    "an example does not fit": ({"/kinds/stars/examples": [1, 9]}, "/kinds/stars/examples/1", "does not fit", "fix"),
    "a reference names too much": (
        {"/kinds/book_id/references/0/by": ["genre"]}, "/kinds/book_id/references/0/text", "'title' is not in `by`",
        "add it",
    ),
    "a sentence has no place": ({"/kinds/title/statement_templates/0": "It is."}, "/kinds/title/statement_templates/0",
    "no place", "write {}"), "a value is a date to YAML": (
        {"/kinds/title/examples": [datetime.date(2027, 3, 12)]}, "/kinds/title/examples/0", "a date to YAML", "quotes",
    ),
    "a fact is about nothing": (
        {"/facts/has_card/about": "cards"}, "/facts/has_card/about", "no kind 'cards'", "declare it under kinds",
    ),
    "a parameter has no kind": (
        {"/tools/join/parameters/name/kind": "moniker"}, "/tools/join/parameters/name", "no kind 'moniker'", "declare",
    ),
    "an item of a result has no kind": (
        {"/tools/get_book/returns/stars/array/kind": "star"},
        "/tools/get_book/returns/stars/array", "no kind 'star'", "declare",
    ),
    "a member of a result has no kind": (
        {"/tools/search_books/returns/books/array/object/title/kind": "name"},
        "/tools/search_books/returns/books/array/object/title", "no kind 'name'", "declare",
    ),
    "a place names no parameter, whatever it is called": (
        {"/tools/join/request_templates/0": "join as {first/name}"}, "/tools/join/request_templates/0",
        "no parameter 'first/name'", "name one",
    ),
    "a member whose name is escaped has no kind": (
        {"/tools/get_book/returns/a~1b": {"kind": "star"}}, "/tools/get_book/returns/a~1b", "no kind 'star'", "declare",
    ),
    "a parameter is a keyword": (
        {"/tools/leave/parameters/class": {"kind": "genre"}}, "/tools/leave/parameters/class", "Python keeps", "rename",
    ),
    "a default does not fit": (
        {"/tools/borrow/parameters/days/default": 99},
        "/tools/borrow/parameters/days/default", "the parameter's own schema", "fix the default",
    ),
    "a fact is unknown": ({"/tools/borrow/sets/0": "lent"}, "/tools/borrow/sets/0", "no fact 'lent'", "under facts"),
    "a fact implies an unknown one": (
        {"/facts/on_loan/implies": ["out"]}, "/facts/on_loan/implies", "no fact 'out'", "declare it under facts",
    ),
    "facts about different things exclude each other": (
        {"/facts/on_loan/excludes": ["has_card"]},
        "/facts/on_loan/excludes", "'on_loan' and 'has_card' are not two facts about one kind", "`about` the same kind",
    ),
    "an argument must have an unknown fact": (
        {"/tools/borrow/parameters/book_id/holds": ["new"]},
        "/tools/borrow/parameters/book_id", "no fact 'new'", "declare it under facts",
    ),
    "a result has a fact about something else": (
        {"/tools/join/returns/card_id/holds": ["on_loan"]},
        "/tools/join/returns/card_id", "'on_loan' is not about the kind of this value", "name another",
    ),
    "an argument lacks a fact": (
        {"/tools/borrow/parameters/more": {"array": {"kind": "book_id", "lacks": ["on_loan"]}, "default": []}},
        "/tools/borrow/parameters/more/array", "lacks is for results", "under `holds`",
    ),
    "a fact holds and does not": (
        {"/tools/get_book/returns/book_id/holds": ["on_loan"], "/tools/get_book/returns/book_id/lacks": ["on_loan"]},
        "/tools/get_book/returns/book_id", "'on_loan' can hardly both hold and not hold", "one of the two",
    ),
    "an argument must have a fact that nothing refuses": (
        {"/facts/sold": {"description": "It is sold.", "about": "book_id"},
         "/tools/borrow/parameters/book_id/holds": ["sold"]},
        "/tools/borrow/parameters/book_id", "'sold' is demanded and has no violation", "with which code tools refuse",
    ),
    "a tool needs a fact that nothing refuses": (
        {"/facts/closed": {"description": "It is closed."}, "/tools/leave/needs": ["closed"]},
        "/tools/leave/needs", "'closed' is demanded and has no violation", "with which code tools refuse",
    ),
    "a need has no parameter": (
        {"/tools/leave/needs": ["on_loan"]}, "/tools/leave/needs/0", "which no required parameter has", "add such",
    ),
    "a phrase has no parameter": (
        {"/tools/join/request_templates/0": "make {whom} a card"}, "/tools/join/request_templates/0",
        "no parameter 'whom'", "name one",
    ),
    "a reply has no member": (
        {"/tools/join/response_templates/0": "Card {number}."}, "/tools/join/response_templates/0",
        "no result member 'number'", "name one",
    ),
    "a noun has no member": (
        {"/tools/list_books/nouns": {"books.title": ["the titles"]}},
        "/tools/list_books/nouns/books.title", "no plain result member", "outside of lists",
    ),
    "a noun has no parameter": (
        {"/tools/get_book/nouns/pages/0": "the pages of {book}"}, "/tools/get_book/nouns/pages/0", "'book'", "name one",
    ),
    "a tool is out of reach": (
        {"/tools/leave/parameters/fine": {"kind": "fine"}, "/kinds/fine": {
            "schema": {}, "origin": "issued", "description": "A fine."}},
        "/tools/leave", "nothing that is reachable gives fine", "let a tool return or set it",
    ),
}  # fmt: skip


def spoilt(changes: dict[str, Any]) -> Any:
    """The library's contract with other values at some JSON pointers."""
    data = json.loads(json.dumps(CONTRACT))
    for pointer, value in changes.items():
        *way, last = parts_of(pointer)
        node = data
        for part in way:
            node = node[int(part)] if isinstance(node, list) else node[part]
        if value is DROP:
            del node[last]
        else:
            node[int(last) if isinstance(node, list) else last] = value
    return data


def file_of(data: Any, folder: Path) -> Path:
    path = folder / "spoilt.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def line_at(text: str, pointer: str) -> int | None:
    """Line of a pointer that exists, found by composing the YAML."""
    node = yaml.compose(text)
    line = None
    for part in parts_of(pointer):
        if isinstance(node, yaml.MappingNode):
            key, node = next((k, v) for k, v in node.value if k.value == part)
            line = key.start_mark.line + 1
        else:
            assert isinstance(node, yaml.SequenceNode)
            node = node.value[int(part)]
            line = node.start_mark.line + 1
    return line


@pytest.mark.parametrize("name", domain_names())
def test_a_shipped_contract_has_no_fault(name: str) -> None:
    path = env_specs.contract_path(name)
    assert spec_faults(str(path)) == ()
    assert msgspec.structs.replace(read_spec(str(path)), source="") == msgspec.structs.replace(
        load_spec(name), source=""
    )
    assert load_spec(name).name == name


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_by_file_line_pointer_and_mend(fault: str, tmp_path: Path) -> None:
    changes, pointer, problem, fix = FAULTS[fault]
    path = file_of(spoilt(changes), tmp_path)
    with pytest.raises(SpecError) as caught:
        read_spec(path)
    error = caught.value
    assert (error.file, error.pointer) == (str(path), pointer)
    assert problem in error.problem
    assert fix in error.fix
    assert error.line == line_at(path.read_text(encoding="utf-8"), pointer)
    assert "\n" not in str(error)
    assert str(error) in [str(found) for found in spec_faults(path)]
    with pytest.raises(SpecError) as bare:
        spec_from_dict(spoilt(changes))
    assert (bare.value.file, bare.value.pointer, bare.value.line) == ("<memory>", pointer, None)


def test_every_fault_is_found_in_the_order_of_the_file(tmp_path: Path) -> None:
    changes = {"/tools/join/response_templates/0": "{a}", "/kinds/stars/examples": [9], "/tools/borrow/sets/0": "lent"}
    faults = spec_faults(file_of(spoilt(changes), tmp_path))
    assert {fault.pointer for fault in faults} >= {"/kinds/stars/examples/0", "/tools/join/response_templates/0"}
    lines = [fault.line for fault in faults if fault.line is not None]
    assert len(lines) == len(faults)
    assert lines == sorted(lines)


def test_every_fault_of_shape_is_found(tmp_path: Path) -> None:
    faults = spec_faults(file_of(spoilt({"/policy": DROP, "/tools/join/effect": "sing"}), tmp_path))
    assert {fault.pointer for fault in faults} == {"", "/tools/join/effect"}


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("kinds: [}\n", 1, "is no YAML"),
        ("a: 1\nb: }\n", 2, "is no YAML"),
        ("- a\n", None, "is no mapping"),
        ("", None, "is no"),
    ],
)
def test_what_is_no_contract_is_said_so(text: str, line: int | None, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=problem) as caught:
        read_spec(path)
    assert caught.value.line == line
    assert [str(fault) for fault in spec_faults(path)] == [str(caught.value)]


def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"name: caf\xe9")
    for path in (tmp_path / "absent.yaml", tmp_path, tmp_path / "latin.yaml"):
        with pytest.raises(SpecError, match="cannot be read"):
            read_spec(path)
        assert len(spec_faults(path)) == 1


def test_no_such_world_names_those_that_there_are() -> None:
    with pytest.raises(UsageError, match=r"no world 'zoo'; there are banking, filesystem, travel"):
        load_spec("zoo")


def test_a_contract_is_read_as_written() -> None:
    spec = LIBRARY.spec
    borrow = spec.tools["borrow"]
    assert list(borrow.parameters) == ["book_id", "days"]
    assert (borrow.parameters["days"].required, borrow.parameters["days"].default) == (False, 14)
    assert borrow.errors["no_card"] == "Not possible: this must hold first: The reader has a card."
    assert (borrow.needs, borrow.sets, borrow.effect) == (("has_card",), ("on_loan",), "write")
    assert borrow.input_kinds() == ("book_id",)
    assert spec.tools["get_book"].output_kinds() == ("book_id", "title", "genre", "loan_id", "stars", "text")
    assert spec.tools["list_books"].input_kinds(required_only=False) == ("genre",)
    assert spec.kinds["book_id"].references[2].least == "pages"


def test_a_phrase_for_a_value_that_is_no_text_is_keyed_by_its_json(tmp_path: Path) -> None:
    clause = {True: "with all", False: "without any"}
    every = {"schema": {"type": "boolean"}, "default": False, "clause": clause}
    data = spoilt({"/tools/leave/parameters/all": every})
    for spec in (spec_from_dict(data), read_spec(file_of(data, tmp_path))):
        assert spec.tools["leave"].parameters["all"].clause == {"true": "with all", "false": "without any"}


@pytest.mark.parametrize(
    ("aliases", "pointer", "problem"),
    [
        ({"tools": {"fly": ["soar"]}}, "/aliases/tools/fly", "no tool 'fly'"),
        ({"descriptions": {"fly": ["Soar."]}}, "/aliases/descriptions/fly", "no tool 'fly'"),
        ({"tools": {"get_date": ["list_cards"]}}, "/aliases/tools/get_date/0", "is a name of 'list_cards' already"),
        ({"tools": {"get_date": ["day"], "list_cards": ["x", "day"]}}, "/aliases/tools/list_cards/1", "of 'get_date'"),
        ({"parameters": {"wings": ["w"]}}, "/aliases/parameters/wings", "no parameter 'wings'"),
        ({"parameters": {"pin": ["customer_number"]}}, "/aliases/parameters/pin/0", "in 'sign_in' already"),
        ({"parameters": {"sign_in.pin": ["customer_number"]}}, "/aliases/parameters/sign_in.pin/0", "in 'sign_in'"),
    ],
)
def test_aliases_that_name_nothing_or_two_things_are_refused(
    aliases: dict[str, Any], pointer: str, problem: str
) -> None:
    with pytest.raises(SpecError) as caught:
        spec_from_dict(contract_data(load_spec("banking")) | {"aliases": aliases})
    assert caught.value.pointer == pointer
    assert problem in str(caught.value)


def test_a_contract_is_written_with_its_aliases() -> None:
    spec = load_spec("banking")
    assert spec_from_dict(contract_data(spec)).aliases == spec.aliases
