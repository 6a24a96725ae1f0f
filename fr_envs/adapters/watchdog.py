"""Foreign code within a time limit: run in a thread of its own, told to stop when its time is up."""

from __future__ import annotations

import ctypes
import threading
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["OutOfTime", "Ran", "first_line", "run_within"]

T = TypeVar("T")


class OutOfTime(BaseException):
    """Raised inside a tool whose time is up; no ``Exception``, so that the tool does not catch it by mistake."""


class Ran(NamedTuple, Generic[T]):
    """What came of it.

    Attributes:
        value: What the function returned, None where it did not.
        raised: What it raised, None if nothing.
        late: Its time ran out; nothing that it does from then on is seen by anybody.
    """

    value: T | None
    raised: BaseException | None
    late: bool


def run_within(seconds: float | None, function: Callable[[], T]) -> Ran[T]:
    """Run a function for at most so many seconds; None for no limit, in the caller's own thread then.

    A signal would only work in the main thread, a process would need everything pickled twice. The thread of a
    function that hangs gets ``OutOfTime`` raised in it; inside a system call it dies when that returns, and being a
    daemon it keeps nobody from leaving.
    """
    if seconds is None:
        return _run(function)
    found: list[Ran[T]] = []
    thread = threading.Thread(target=lambda: found.append(_run(function)), daemon=True)
    thread.start()
    thread.join(seconds)
    if found:
        return found[0]
    ident = ctypes.c_ulong(thread.ident or 0)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(OutOfTime))
    return Ran(None, None, late=True)


def _run(function: Callable[[], T]) -> Ran[T]:
    try:
        return Ran(function(), None, late=False)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever a foreign tool raises, sys.exit included, is an outcome
        return Ran(None, error, late=False)


def first_line(error: BaseException) -> str:
    """Return what was raised in one line: its type, and the first line of what it says."""
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}".rstrip(": ")
