"""Replies on disk.

1. The same question is asked once, by however many processes, and gives the same bytes.
2. Role, material, seed and the teacher's name make a question; the guide does not.
3. Errors are not remembered.
4. What is no cache is refused with one line.
"""

from __future__ import annotations

import multiprocessing
import pickle
import sqlite3
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from fr_envs.errors import TeacherError, UsageError
from fr_synth.teachers.cache import CachedTeacher, request_key
from fr_synth.teachers.protocol import Teacher, TeacherReply, TeacherRequest

if TYPE_CHECKING:
    from pathlib import Path

ASKED = TeacherRequest("critic", {"faults": ["a"], "messages": []})


class Counting:
    """Answers with the number of times it was asked."""

    def __init__(self, name: str = "counting") -> None:
        self.name = name
        self.asked = 0

    def complete(self, request: TeacherRequest) -> TeacherReply:
        self.asked += 1
        if request.material.get("faults") == ["fatal"]:
            raise TeacherError("no")
        return TeacherReply({"advice": f"{request.seed}: {self.asked}"}, tokens_in=3, tokens_out=4)


class Numbered:
    """Answers with its own number, so that it shows who was first."""

    name = "numbered"

    def __init__(self, number: int) -> None:
        self.number = number

    def complete(self, request: TeacherRequest) -> TeacherReply:
        return TeacherReply({"advice": f"{request.seed}", "by": self.number})


def ask_all(teacher: Teacher) -> list[Any]:
    return [teacher.complete(TeacherRequest("critic", {}, seed=seed)).content for seed in range(40)]


def test_a_question_is_asked_once(tmp_path: Path) -> None:
    inner = Counting()
    teacher: Teacher = CachedTeacher(inner, tmp_path / "new" / "replies.sqlite")
    first = teacher.complete(ASKED)
    assert teacher.complete(ASKED) == first == TeacherReply({"advice": "0: 1"}, 3, 4)
    assert inner.asked == 1
    assert teacher.name == "counting"


def test_a_second_run_costs_no_call_and_gives_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    first, second = CachedTeacher(Counting(), path), CachedTeacher(Counting(), str(path))
    assert msgspec.json.encode(ask_all(first)) == msgspec.json.encode(ask_all(second))
    assert (first.hits, first.misses) == (0, 40)
    assert (second.hits, second.misses) == (40, 0)
    assert isinstance(second.inner, Counting)
    assert second.inner.asked == 0


@pytest.mark.parametrize(
    "other",
    [
        TeacherRequest("query", ASKED.material),
        TeacherRequest("critic", {**ASKED.material, "faults": ["b"]}),
        TeacherRequest("critic", ASKED.material, seed=1),
    ],
    ids=["role", "material", "seed"],
)
def test_another_question_is_another_entry(other: TeacherRequest, tmp_path: Path) -> None:
    teacher = CachedTeacher(Counting(), tmp_path / "replies")
    assert teacher.complete(ASKED) != teacher.complete(other)


def test_another_teacher_is_another_entry(tmp_path: Path) -> None:
    one, two = (CachedTeacher(Counting(name), tmp_path / "replies") for name in ("one", "two"))
    one.complete(ASKED)
    two.complete(ASKED)
    assert two.misses == 1


def test_neither_guide_nor_order_of_keys_makes_a_question() -> None:
    other = TeacherRequest("critic", {"messages": [], "faults": ["a"]}, guide={"calls": [1]})
    assert request_key(other, "t") == request_key(ASKED, "t") != request_key(ASKED, "u")


def test_an_error_is_not_remembered(tmp_path: Path) -> None:
    inner = Counting()
    teacher = CachedTeacher(inner, tmp_path / "replies")
    for _ in range(2):
        with pytest.raises(TeacherError, match=r"^no$"):
            teacher.complete(TeacherRequest("critic", {"faults": ["fatal"]}))
    assert inner.asked == 2
    assert teacher.misses == 0


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # the point of the test
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_that_ask_at_once_get_the_same_bytes(method: str, tmp_path: Path) -> None:
    teachers = [CachedTeacher(Numbered(number), tmp_path / "replies") for number in range(4)]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
        answers = list(pool.map(ask_all, teachers))
    assert answers == answers[:1] * 4
    assert {answer["advice"] for answer in answers[0]} == {str(seed) for seed in range(40)}


def test_threads_share_one(tmp_path: Path) -> None:
    teacher = CachedTeacher(Counting(), tmp_path / "replies")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask_all, [teacher] * 4))
    assert answers == answers[:1] * 4
    assert teacher.hits + teacher.misses == 160


def test_it_is_pickled_as_inner_teacher_and_file(tmp_path: Path) -> None:
    teacher = CachedTeacher(Counting(), tmp_path / "replies")
    teacher.complete(ASKED)
    copy = pickle.loads(pickle.dumps(teacher))
    assert copy.complete(ASKED) == teacher.complete(ASKED)
    assert (copy.hits, copy.misses, copy.path) == (1, 0, teacher.path)


def test_a_file_that_is_no_cache_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, and long enough to be told from an empty one\n" * 20, encoding="utf-8")
    with pytest.raises(UsageError, match=r"notes\.txt is no cache of replies"):
        CachedTeacher(Counting(), path)
    with pytest.raises(UsageError, match="is no cache of replies"):
        CachedTeacher(Counting(), path / "below_a_file")


def test_a_cache_that_is_lost_on_the_way_is_told(tmp_path: Path) -> None:
    path = tmp_path / "replies"
    teacher = CachedTeacher(Counting(), path)
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE replies")
    connection.close()
    with pytest.raises(TeacherError, match="cannot be used any more"):
        teacher.complete(ASKED)
