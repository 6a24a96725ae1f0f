"""Coroutines run to their end, on one event loop as long as nobody else is using it.

A toolkit may keep clients and locks that belong to a loop, so the same loop serves call after call. A loop on which a
coroutine had to be given up is not used again; a forked process starts with none.
"""

from __future__ import annotations

import asyncio
import atexit
import inspect
import os
import threading
from typing import TYPE_CHECKING, Any

from fr_envs.adapters.watchdog import OutOfTime

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

__all__ = ["GRACE", "finished", "is_coroutine_tool"]

GRACE = 1.0
"""Seconds beyond its time limit after which a coroutine that does not even listen is left to itself."""

_MOST_ITEMS = 10_000

_free: list[asyncio.AbstractEventLoop] = []
_owner: list[int] = []
_lock = threading.Lock()


def is_coroutine_tool(function: Callable[..., Any]) -> bool:
    """Return True if a method is ``async def``, with ``yield`` in it or without."""
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


def finished(value: Any, seconds: float | None) -> Any:  # noqa: ANN401 - whatever a method returned
    """Return what a coroutine comes to, and the tasks that it leaves running; any other value as it is.

    Args:
        value: What a method returned.
        seconds: How long it may take; None for no limit.

    Raises:
        OutOfTime: It took longer.
    """
    if inspect.isasyncgen(value):
        value = _collected(value)
    if not inspect.isawaitable(value):
        return value
    if not _is_running():
        return _run(value, seconds)
    found: list[Any] = []  # the caller is itself a coroutine: its loop cannot be entered again
    thread = threading.Thread(target=lambda: found.append(_outcome(value, seconds)), daemon=True)
    thread.start()
    thread.join()
    result, error = found[0]
    if error is not None:
        raise error
    return result


def _outcome(value: Awaitable[Any], seconds: float | None) -> tuple[Any, BaseException | None]:
    try:
        return _run(value, seconds), None
    except BaseException as error:  # noqa: BLE001 - it is raised in the thread that asked
        return None, error


def _is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _run(value: Awaitable[Any], seconds: float | None) -> Any:  # noqa: ANN401 - whatever it comes to
    loop = _taken()
    sound = False
    try:
        result = loop.run_until_complete(_to_the_end(value, seconds))
        sound = True
    except Exception:
        sound = True
        raise
    finally:
        if sound:
            with _lock:
                _free.append(loop)
        else:
            loop.close()
    return result


def _taken() -> asyncio.AbstractEventLoop:
    with _lock:
        if _owner != [os.getpid()]:
            _owner[:] = [os.getpid()]
            _free.clear()
        return _free.pop() if _free else asyncio.new_event_loop()


async def _to_the_end(value: Awaitable[Any], seconds: float | None) -> Any:  # noqa: ANN401 - whatever it comes to
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            try:
                return await value
            finally:
                await _others()
    except TimeoutError:
        if not limit.expired():
            raise  # the tool's own
        raise OutOfTime from None


async def _others() -> None:
    """Wait for the tasks that a coroutine has started and not waited for; what they raise is theirs."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.gather(*others, return_exceptions=True)


async def _collected(items: AsyncIterator[Any]) -> list[Any]:
    found: list[Any] = []
    async for item in items:
        found.append(item)
        if len(found) > _MOST_ITEMS:
            raise ValueError(f"it goes on after {_MOST_ITEMS} items")
    return found


@atexit.register
def _close() -> None:
    if _owner == [os.getpid()]:
        for loop in _free:
            loop.close()
