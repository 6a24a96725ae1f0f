"""Sessions side by side.

1. A session that nobody uses for `ttl` seconds is given up, each use begins the time anew, no more are open than may.
2. Sessions that begin alike go their own ways. Big first states and slow worlds are worked out beside the event loop.
3. Tasks are found by identifier or by index, in plain and compressed files; what is not there is named.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from fr_envs.errors import UsageError
from fr_envs.files import compress
from fr_envs.serve.sessions import Beginning, NoRoom, NoSession, Sessions, Worlds, beside
from fr_envs.serve.tasks import TaskShelf
from fr_envs.world.registry import OwnWorld, add_world, drop_world
from tests.fr_envs.serve.asking import date_task, written
from tests.fr_envs.small_world import library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BANK = Beginning("banking", scale="tiny")


class Clock:
    """A clock that stands still until it is put forward."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def worlds() -> Worlds:
    return Worlds(["banking", "filesystem"])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(worlds: Worlds, clock: Clock) -> Sessions:
    return Sessions(worlds, ttl=10, most=3, clock=clock)


def test_a_session_lives_as_long_as_it_is_used(sessions: Sessions, clock: Clock) -> None:
    first = asyncio.run(sessions.open(BANK))
    second = asyncio.run(sessions.open(BANK))
    for _ in range(5):
        clock.now += 9
        assert sessions.find(first.id) is first
    with pytest.raises(NoSession, match="expired"):
        sessions.find(second.id)
    assert sessions.sweep() == 1
    assert len(sessions) == 1
    clock.now += 11
    asyncio.run(sessions.open(BANK))
    assert len(sessions) == 1, "to open one sweeps"


def test_no_more_are_open_than_may_be(sessions: Sessions, clock: Clock) -> None:
    async def open_many() -> list[Any]:
        big = Beginning("filesystem", scale="medium")
        return await asyncio.gather(*(sessions.open(big) for _ in range(5)), return_exceptions=True)

    opened = asyncio.run(open_many())
    assert sum(isinstance(each, NoRoom) for each in opened) == 2
    assert len(sessions) == 3
    sessions.close(next(each for each in opened if not isinstance(each, NoRoom)).id)
    asyncio.run(sessions.open(BANK))
    with pytest.raises(NoRoom, match="3 sessions are open"):
        asyncio.run(sessions.open(BANK))


def test_a_failed_opening_takes_no_room(sessions: Sessions) -> None:
    for _ in range(9):
        with pytest.raises(UsageError, match="no world 'moon' is served here; there are banking, filesystem"):
            asyncio.run(sessions.open(Beginning("moon")))
    assert len(sessions) == 0
    asyncio.run(sessions.open(BANK))


def test_a_name_that_somebody_made_up_is_none(sessions: Sessions) -> None:
    seat = asyncio.run(sessions.open(BANK))
    for name in ("", "x", seat.id[:-1], seat.id + "x", seat.id.swapcase()):
        with pytest.raises(NoSession):
            sessions.find(name)
        with pytest.raises(NoSession):
            sessions.close(name)
    assert sessions.find(seat.id) is seat


def test_sessions_that_begin_alike_go_their_own_ways(sessions: Sessions) -> None:
    first, second = (asyncio.run(sessions.open(Beginning("filesystem", seed=4))).session for _ in range(2))
    before = second.digest
    assert first.digest == before
    assert "error" not in first.call("mkdir", {"path": "new_things"})
    assert (second.digest, first.digest == before) == (before, False)


def test_sweeping_goes_on_by_itself(worlds: Worlds) -> None:
    async def wait() -> int:
        sessions = Sessions(worlds, ttl=0.02, most=3)
        await sessions.open(BANK)
        sweeping = asyncio.create_task(sessions.keep_sweeping())
        while len(sessions):
            await asyncio.sleep(0.01)
        sweeping.cancel()
        return len(sessions)

    assert asyncio.run(wait()) == 0


@pytest.fixture
def slow_library() -> Iterator[str]:
    add_world("library", OwnWorld(library))
    yield "library"
    drop_world("library")


def test_a_world_of_ones_own_does_not_hold_up_the_others(slow_library: str) -> None:
    worlds = Worlds([slow_library, "banking"])
    let_go = threading.Event()

    async def play() -> list[str]:
        slow, quick = await worlds.begin(Beginning(slow_library)), await worlds.begin(BANK)
        order: list[str] = []

        def step(session: Any) -> None:
            let_go.wait()
            order.append("slow")

        waiting = [asyncio.create_task(worlds.do(slow, step)) for _ in range(2)]
        await asyncio.sleep(0)
        await worlds.do(quick, lambda _: order.append("quick"))
        let_go.set()
        await asyncio.gather(*waiting)
        return order

    assert worlds.is_slow(slow_library)
    assert not worlds.is_slow("banking")
    assert asyncio.run(play()) == ["quick", "slow", "slow"]


def test_what_fails_beside_the_loop_is_raised_where_it_is_waited_for() -> None:
    def fail() -> None:
        raise UsageError("no")

    with pytest.raises(UsageError, match="no"):
        asyncio.run(beside(fail))


def test_the_only_world_need_not_be_named(worlds: Worlds) -> None:
    assert asyncio.run(Worlds(["banking"]).begin(Beginning(scale="tiny"))).domain.name == "banking"
    with pytest.raises(UsageError, match="say which world; there are banking, filesystem"):
        asyncio.run(worlds.begin(Beginning()))
    with pytest.raises(UsageError, match="no tasks are served here"):
        asyncio.run(worlds.begin(Beginning(task=0)))


# ---------------------------------------------------------------------------------------------------------- tasks

TASKS = [date_task(seed) for seed in (3, 4, 5)]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "compressed"])
def test_tasks_are_found_by_identifier_and_by_index(packed: bool, tmp_path: Path) -> None:
    file = written(tmp_path / "tasks.jsonl", *TASKS)
    if packed:
        compress(file)
    for source in (tmp_path, file):
        shelf = TaskShelf(source, ["banking"])
        assert len(shelf) == 3
        assert [shelf.find(number) for number in range(3)] == TASKS
        assert [shelf.find(task.id) for task in TASKS] == TASKS
        assert shelf.find("1") == TASKS[1]
        assert [task.id for task in shelf.listed(1, 5)] == ["day-4", "day-5"]
    worlds = Worlds(["banking"], shelf=TaskShelf(tmp_path, ["banking"]))
    assert asyncio.run(worlds.begin(Beginning(task="day-5"))).task == TASKS[2]
    with pytest.raises(UsageError, match="the task is for 'banking', not for 'travel'"):
        asyncio.run(worlds.begin(Beginning("travel", task=1)))


@pytest.mark.parametrize("wanted", [3, -1, "3", "day-6", "", "9" * 5000, "²"])
def test_a_task_that_is_not_there_is_named(wanted: str | int, tmp_path: Path) -> None:
    shelf = TaskShelf(written(tmp_path / "tasks.jsonl", *TASKS), ["banking"])
    with pytest.raises(UsageError, match=r"there is no task .*an index from 0 to 2"):
        shelf.find(wanted)


def test_files_of_no_use_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no tasks\.jsonl"):
        TaskShelf(tmp_path, ["banking"])
    file = written(tmp_path / "tasks.jsonl", TASKS[0], TASKS[0])
    with pytest.raises(UsageError, match="has no task for travel"):
        TaskShelf(file, ["travel"])
    with pytest.raises(UsageError, match="several tasks are called 'day-3'; give an index"):
        TaskShelf(file, ["banking"]).find("day-3")
    file.write_text('{"domain": 3}\n')
    with pytest.raises(UsageError, match=r"tasks\.jsonl:1: this is no task"):
        TaskShelf(file, ["banking"])
