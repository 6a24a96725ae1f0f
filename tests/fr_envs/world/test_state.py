"""States are values.

1. The digest depends on the contents alone: neither on the order of writes nor on what was written and undone.
2. Different contents have different digests, and contents equal to a reader of JSON have one digest.
3. An index answers as a scan does, after any writes.
4. The changes between two relatives are those of a full comparison.
5. A state survives JSON and pickle; what is no state is refused by name.
"""

from __future__ import annotations

import pickle
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs.errors import StateError
from fr_envs.world.state import Change, Record, State, Table
from tests.fr_envs.small_world import LIBRARY, Library


class Pet(Record, frozen=True):
    kind: str
    age: int = 0
    names: tuple[str, ...] = ()


class Shelter(State, frozen=True):
    pets: Table[Pet] = Table("pets", indexed=("kind",))
    guests: Table[Pet] = Table("guests")


class Write(NamedTuple):
    key: str
    pet: Pet | None


KEYS = st.sampled_from(["ada", "bo", "cy", "dot", "eve"])
PETS = st.builds(Pet, st.sampled_from(["cat", "dog", "eel"]), st.integers(0, 3), st.tuples(st.sampled_from("xy")))
WRITES = st.lists(st.builds(Write, KEYS, st.none() | PETS), max_size=12)


def written(table: Table[Pet], writes: list[Write]) -> Table[Pet]:
    for key, pet in writes:
        table = table.drop(key) if pet is None else table.put(key, pet)
    return table


def contents(writes: list[Write]) -> dict[str, Pet]:
    kept: dict[str, Pet] = {}
    for key, pet in writes:
        kept.pop(key, None)
        if pet is not None:
            kept[key] = pet
    return kept


def pets(writes: list[Write] | tuple[Write, ...] = ()) -> Table[Pet]:
    return written(Table("pets", indexed=("kind",)), list(writes))


@given(WRITES)
def test_a_table_that_was_written_equals_one_that_was_built(writes: list[Write]) -> None:
    grown, built = pets(writes), Table("pets", contents(writes), indexed=("kind",))
    assert (grown, grown.digest, hash(grown)) == (built, built.digest, hash(built))
    assert grown.keys() == sorted(contents(writes))


@given(st.dictionaries(KEYS, PETS), st.randoms(use_true_random=False))
def test_the_order_of_writes_leaves_no_trace(rows: dict[str, Pet], shuffle: Any) -> None:
    order = list(rows)
    shuffle.shuffle(order)
    assert pets([Write(key, rows[key]) for key in order]).digest == Table("pets", rows).digest


@given(WRITES, WRITES)
def test_undoing_writes_restores_the_digest(before: list[Write], writes: list[Write]) -> None:
    table = pets(before)
    after = written(table, writes)
    for key in contents(before).keys() | {write.key for write in writes}:
        old = table.get(key)
        after = after.drop(key) if old is None else after.put(key, old)
    assert (after, after.digest) == (table, table.digest)


@given(WRITES, WRITES)
def test_digests_are_equal_exactly_where_contents_are(one: list[Write], other: list[Write]) -> None:
    first, second = pets(one), pets(other)
    assert (first.digest == second.digest) == (contents(one) == contents(other)) == (first == second)


@given(st.lists(st.tuples(st.builds(Write, KEYS, st.none() | PETS), st.booleans()), max_size=100))
def test_a_digest_is_the_same_whenever_it_is_asked_for(writes: list[tuple[Write, bool]]) -> None:
    table = Table[Pet]("pets")
    for write, asked in writes:
        table = written(table, [write])
        assert not asked or table.digest == Table("pets", dict(table.rows())).digest
    assert table.digest == Table("pets", contents([write for write, _ in writes])).digest


@pytest.mark.parametrize("count", [31, 32, 33, 64, 100])
def test_many_writes_that_nobody_asks_about_leave_the_right_digest(count: int) -> None:
    table, kept = Table[Pet]("pets"), {}
    for number in range(count):
        kept[f"pet{number % 7}"] = Pet("cat", number)
        table = table.put(f"pet{number % 7}", Pet("cat", number))
    fork = table.put("pet0", Pet("dog")).drop("pet1")
    assert fork.digest == Table("pets", {**{k: v for k, v in kept.items() if k != "pet1"}, "pet0": Pet("dog")}).digest
    assert table.digest == Table("pets", kept).digest


def test_the_digest_tells_tables_keys_and_rows_apart() -> None:
    rows = {"bo": Pet("cat")}
    digests = [
        Shelter().digest,
        Shelter(pets=Table("pets", rows)).digest,
        Shelter(guests=Table("guests", rows)).digest,
        Shelter(pets=Table("pets", {"cy": Pet("cat")})).digest,
        Shelter(pets=Table("pets", {"bo": Pet("cat", 1)})).digest,
    ]
    assert len(set(digests)) == len(digests)
    assert all(0 <= digest < 1 << 128 for digest in digests)


@given(WRITES, st.sampled_from(["cat", "dog", "eel", "yak"]))
def test_an_index_answers_as_a_scan_does(writes: list[Write], kind: str) -> None:
    indexed, scanned = pets(writes), Table("pets", contents(writes))
    assert indexed.keys_by("kind", kind) == scanned.keys_by("kind", kind)
    assert indexed.by("kind", kind) == scanned.by("kind", kind)
    assert indexed.by("age", 1) == scanned.by("age", 1)


@given(WRITES, WRITES, WRITES)
def test_changes_between_relatives_are_those_of_a_full_comparison(
    root: list[Write], left: list[Write], right: list[Write]
) -> None:
    start = pets(root)
    one, other = written(start, left), written(start, right)
    strangers = [Table("pets", dict(table.rows()), indexed=("kind",)) for table in (one, other)]
    assert list(one.changes(other)) == list(strangers[0].changes(strangers[1]))
    assert list(start.changes(one)) == list(Table("pets", contents(root)).changes(strangers[0]))


def test_a_change_shows_rows_as_json_reads_them() -> None:
    before = Shelter(pets=pets([Write("bo", Pet("cat", 1, ("x",))), Write("cy", Pet("dog"))]))
    after = msgspec.structs.replace(before, pets=before.pets.drop("cy").put("bo", Pet("cat", 2, ("x", "y"))))
    assert before.diff(after) == (
        Change("pets", "bo", {"kind": "cat", "age": 1, "names": ["x"]}, {"kind": "cat", "age": 2, "names": ["x", "y"]}),
        Change("pets", "cy", {"kind": "dog", "age": 0, "names": []}, None),
    )
    assert before.diff(before) == ()


def test_writing_what_is_there_gives_the_very_same_table() -> None:
    table = pets([Write("bo", Pet("cat"))])
    assert table.put("bo", Pet("cat")) is table
    assert table.drop("nobody") is table


def test_a_table_is_read_as_a_mapping() -> None:
    table = pets([Write("cy", Pet("dog")), Write("bo", Pet("cat"))])
    assert (len(table), "bo" in table, "ada" in table, table.get("ada")) == (2, True, False, None)
    assert list(table.rows()) == [("bo", Pet("cat")), ("cy", Pet("dog"))]
    assert list(table.values()) == [Pet("cat"), Pet("dog")]
    assert repr(table) == f"Table('pets', 2 rows, digest={table.digest:032x})"
    assert table != "pets"
    with pytest.raises(KeyError):
        table["ada"]


@given(WRITES, WRITES)
def test_a_state_survives_json_and_pickle(one: list[Write], other: list[Write]) -> None:
    state = Shelter(pets=pets(one), guests=written(Table("guests"), other))
    through_json = Shelter.from_json(msgspec.json.decode(msgspec.json.encode(state.to_json())))
    for back in (through_json, pickle.loads(pickle.dumps(state))):
        assert (back, back.digest, back.sha256()) == (state, state.digest, state.sha256())
        assert back.pets.put("new", Pet("eel")).keys_by("kind", "eel")[-1] == "new"


def test_the_canonical_digest_follows_the_contents() -> None:
    one, two = LIBRARY.initial(1), LIBRARY.initial(2)
    assert one.sha256() == LIBRARY.initial(1).sha256() != two.sha256()
    assert len(one.sha256()) == 64


def test_states_of_two_worlds_cannot_be_compared() -> None:
    with pytest.raises(StateError, match="a Shelter cannot be compared with a Library"):
        Shelter().diff(Library())


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"pets": []}, "Shelter: tables missing or unknown: guests"),
        ({"pets": [], "guests": [], "rats": []}, "Shelter: tables missing or unknown: rats"),
        ({"pets": [["bo", {"kind": 5}]], "guests": []}, "table pets: a row has another shape: .*kind"),
        ({"pets": [["bo"]], "guests": []}, "table pets: a row has another shape"),
        ({"pets": 5, "guests": []}, "table pets: a row has another shape"),
        ({"pets": [[[], {"kind": "cat"}]], "guests": []}, "table pets: a row has another shape"),
    ],
)
def test_what_is_no_state_is_refused_by_name(data: Any, problem: str) -> None:
    with pytest.raises(StateError, match=problem):
        Shelter.from_json(data)
