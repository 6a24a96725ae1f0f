"""Seed to record by several processes: the workers that share the work, and their results in order.

Record *i* depends on the run's seed, *i* and the configuration alone, so one worker and sixty-four write the same
bytes. Whether two records are alike is decided where they are put in order, by the indexes.
"""

from __future__ import annotations

import collections
import concurrent.futures
import contextlib
import functools
import gc
import itertools
import multiprocessing
import os
import signal
import threading
import time
from typing import TYPE_CHECKING

from fr_envs.errors import UsageError
from fr_envs.world.registry import OwnWorld, add_world, is_shared, own_worlds
from fr_synth.run.making import Made, make_index, prepare
from fr_synth.run.side_by_side import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from multiprocessing.synchronize import Event

    from fr_synth.run.config import RunConfig

__all__ = ["produce", "spare_the_collector"]


def produce(config: RunConfig, first: int, workers: int, missing: Callable[[], int] | None = None) -> Generator[Made]:
    """Iterate over what becomes of the indexes from ``first`` on, in order, without end.

    Args:
        config: What the run is.
        first: First index.
        workers: Processes; 1 makes everything in this one.
        missing: Tells how many records are still wanted, so that no more are begun; None for any number.

    Raises:
        UsageError: Several processes would share a live service, or a process has died.
    """
    if config.teacher != "scripted" and config.endpoint.concurrency > 1:
        yield from _with_a_model(config, first, missing)
        return
    if workers == 1:
        with _sparing_the_collector():
            for index in itertools.count(first):
                yield make_index(config, index)
    live = next(filter(is_shared, config.domains), None)
    if live is not None:
        raise UsageError(f"{live} is one live service, which {workers} processes would play on at once: take 1 worker")
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    pool = concurrent.futures.ProcessPoolExecutor(
        workers, mp_context=context, initializer=_begin, initargs=(stop, own_worlds())
    )
    try:
        yield from _in_order(pool, config, first, lambda: _ahead(workers, missing))
    except concurrent.futures.BrokenExecutor as error:
        raise UsageError(_DEAD_WORKER) from error
    finally:
        with _without_interrupts():  # a pool that is broken off while it winds up leaves workers that wait for ever
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


def _with_a_model(config: RunConfig, first: int, missing: Callable[[], int] | None) -> Generator[Made]:
    """Make indexes on threads of this process: nearly all of the time is spent waiting for the model."""
    most = 1 if any(map(is_shared, config.domains)) else config.endpoint.concurrency
    prepare(config)
    works = (functools.partial(make_index, config, index) for index in itertools.count(first))
    made = in_order(works, lambda: min(most, missing() if missing else most))
    with contextlib.closing(made):
        yield from made


_DEAD_WORKER = (
    "a worker process has died: take fewer workers if memory ran out; "
    'a script that takes more than one has to do its work below if __name__ == "__main__":'
)
_AHEAD = (
    16  # indexes in flight for each worker; each by itself, so that what is made is written as soon as it is its turn
)


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Hold Ctrl-C and requests to end back. Processes started meanwhile never see it: the parent winds them up."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGALRM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_stopped: list[Event] = []  # in a worker: set once nobody waits for what it makes


def _begin(event: Event, worlds: Mapping[str, OwnWorld]) -> None:
    """Make a worker ready: it knows the worlds that its parent knows, and when to stop."""
    spare_the_collector()
    for name, world in worlds.items():
        add_world(name, world)
    _stopped[:] = [event]
    threading.Thread(target=_leave_after, args=(event, os.getppid()), daemon=True).start()


def _leave_after(event: Event, parent: int) -> None:
    """Leave a worker soon after the run has been stopped or killed, even if it waits for an endpoint."""
    while not event.is_set() and os.getppid() == parent:
        time.sleep(_LOOK)
    if os.getppid() == parent:
        time.sleep(_GRACE)
    os._exit(1)


_LOOK = 0.2  # seconds between two looks whether the run has been stopped
_GRACE = 0.6  # seconds in which a worker may end by itself, which takes it a record at most


@contextlib.contextmanager
def _sparing_the_collector() -> Iterator[None]:
    """Spare the collector for a while; a program that makes records has other garbage too."""
    before = gc.get_threshold()
    spare_the_collector()
    try:
        yield
    finally:
        gc.set_threshold(*before)


def spare_the_collector() -> None:
    """Let Python look for cyclic garbage more seldom in a process that makes records.

    A record is tens of thousands of small objects without cycles, which go when the last reference does: looking
    through them took about a tenth of the time (``benchmarks/bench_synth.py`` with and without).
    """
    gc.set_threshold(*_GARBAGE)


_GARBAGE = (50_000, 20, 50)  # thresholds of the three generations


def _make(config: RunConfig, index: int) -> Made | None:
    """Make an index; nothing once the run has been stopped, for nobody will look."""
    return None if any(event.is_set() for event in _stopped) else make_index(config, index)


def _ahead(workers: int, missing: Callable[[], int] | None) -> int:
    """Return how many indexes may be in flight: no more than could still be wanted if every one gave a record."""
    most = workers * _AHEAD
    return most if missing is None else min(most, max(1, missing()))


def _in_order(
    pool: concurrent.futures.ProcessPoolExecutor, config: RunConfig, first: int, ahead: Callable[[], int]
) -> Iterator[Made]:
    waiting: collections.deque[concurrent.futures.Future[Made | None]] = collections.deque()
    for index in itertools.count(first):
        with _without_interrupts():  # a worker starts when there is work for it
            waiting.append(pool.submit(_make, config, index))
        while len(waiting) >= ahead():
            made = waiting.popleft().result()
            if made is None:  # stopped meanwhile
                return
            yield made
