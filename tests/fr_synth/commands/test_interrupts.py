"""Ctrl-C ends a long job, cleanly where it comes to a check and surely where it does not.

1. The signal is remembered, and the next check raises.
2. A job that comes to no check is broken off a little later, even where Python drops the first exception.
3. What was in force before is in force again afterwards, and no timer runs on; other threads watch nothing.
"""

from __future__ import annotations

import signal
import threading
import time

import pytest

from fr_synth.commands import base
from fr_synth.commands.base import interrupts
from tests.processes import GUARD

HANDLED = (signal.SIGINT, signal.SIGALRM)


def test_the_next_check_raises() -> None:
    with interrupts() as watch:
        watch.check()
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            watch.check()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the dropped interrupt is the point
def test_a_job_without_checks_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    class Falls:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGALRM)

    monkeypatch.setattr(base, "_PATIENCE", GUARD)  # so that no alarm comes but those of the test
    with interrupts():
        signal.raise_signal(signal.SIGINT)
        left, then = signal.getitimer(signal.ITIMER_REAL)
        assert (0 < left <= GUARD, then) == (True, GUARD), "again and again"
        falls = Falls()
        del falls
        signal.setitimer(signal.ITIMER_REAL, 0.001)
        with pytest.raises(KeyboardInterrupt):
            time.sleep(GUARD)


def test_a_job_is_broken_off_within_seconds() -> None:
    assert 0 < base._PATIENCE <= 5


def test_the_handlers_of_before_come_back() -> None:
    before = [signal.getsignal(number) for number in HANDLED]
    with interrupts():
        signal.raise_signal(signal.SIGINT)
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert [signal.getsignal(number) for number in HANDLED] == before


def test_another_thread_watches_nothing() -> None:
    before, seen = signal.getsignal(signal.SIGINT), []

    def work() -> None:
        with interrupts() as watch:
            watch.check()
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
