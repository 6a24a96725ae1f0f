"""``python -m fr_synth``, and where ``funreason`` begins: a key pressed while it starts ends it in a line."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["main"]


def main() -> int:
    """Run the command line; return the exit code."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _leave)
    from fr_synth.cli import main as run

    return run()


def _leave(number: int, frame: FrameType | None) -> None:
    """Leave at once: nothing has been begun, and an exception would end in the middle of some import."""
    os.write(2, b"funreason: interrupted\n")
    os._exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
