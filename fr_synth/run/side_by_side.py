"""Work that waits for somebody else, such as a model: on threads side by side, in order or as it comes."""

from __future__ import annotations

import collections
import queue
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from typing_extensions import override

from fr_envs.errors import FunReasonError
from fr_synth.teachers.endpoint.errors import BudgetError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

__all__ = ["as_they_come", "in_order"]

_T = TypeVar("_T")


class _Job(threading.Thread, Generic[_T]):
    """One piece of work on a daemon thread, for which Ctrl-C need not wait, as it would for an executor's."""

    def __init__(self, work: Callable[[], _T], abandoned: threading.Event, done: queue.SimpleQueue[_Job[_T]]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._result: list[_T] = []
        self._error: FunReasonError | None = None
        self._abandoned = abandoned
        self._done = done
        self.start()

    @override
    def run(self) -> None:
        try:
            self._result.append(self._work())
        except FunReasonError as error:
            self._error = error
        except RuntimeError:  # connections are closed when the process ends
            if not self._abandoned.is_set():
                raise
        finally:
            self._done.put(self)

    def result(self) -> _T:
        """Wait for the result.

        Raises:
            FunReasonError: The work did.
            RuntimeError: It broke down.
        """
        self.join()
        if self._error is not None:
            raise self._error
        if not self._result:
            raise RuntimeError("a thread broke down; see the traceback above")
        return self._result[0]


def in_order(works: Iterable[Callable[[], _T]], at_once: Callable[[], int]) -> Generator[_T]:
    """Iterate over the results of pieces of work, in their order.

    Args:
        works: What is to be done; read as far ahead as pieces run side by side.
        at_once: Tells how many may run side by side or wait to be taken now; at least one always does.

    Raises:
        FunReasonError: A piece of work did; those before it have been given.
    """
    waiting: collections.deque[_Job[_T]] = collections.deque()
    abandoned = threading.Event()
    unheard: queue.SimpleQueue[_Job[_T]] = queue.SimpleQueue()
    source = iter(works)
    try:
        while True:
            for work in _next(source, at_once() - len(waiting), least=int(not waiting)):
                waiting.append(_Job(work, abandoned, unheard))
            if not waiting:
                return
            yield waiting[0].result()
            waiting.popleft()
    except BudgetError:
        for job in waiting:  # what is under way is paid already: let it come and be kept
            job.join()
        raise
    finally:
        abandoned.set()


def as_they_come(works: Iterable[Callable[[], _T]], at_once: int) -> Generator[_T]:
    """Iterate over the results of pieces of work, each as soon as it is there.

    What is done already when a piece fails is given before its error is raised.

    Args:
        works: What is to be done; read as far ahead as pieces run side by side.
        at_once: How many run side by side, from 1.

    Raises:
        FunReasonError: A piece of work did.
    """
    done: queue.SimpleQueue[_Job[_T]] = queue.SimpleQueue()
    abandoned = threading.Event()
    source = iter(works)
    running = 0
    failed: _Job[_T] | None = None
    try:
        while True:
            for work in _next(source, 0 if failed else at_once - running):
                _Job(work, abandoned, done)
                running += 1
            if not running:
                break
            job = done.get()
            running -= 1
            try:
                result = job.result()
            except (FunReasonError, RuntimeError):
                failed = failed or job
            else:
                yield result
        if failed is not None:
            failed.result()
    finally:
        abandoned.set()


def _next(source: Iterator[Callable[[], _T]], number: int, least: int = 0) -> Iterator[Callable[[], _T]]:
    for _ in range(max(number, least)):
        work = next(source, None)
        if work is None:
            return
        yield work
