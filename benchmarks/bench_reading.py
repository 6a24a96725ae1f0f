"""How fast what models write is read: plain calls, each style of call, and a dozen hostile shapes.

Plain calls in calls a second, hostile texts in seconds for ten megabytes: what is read in one pass, or refused at a
bound. Twice the text takes twice the time up to the bound, which the last column shows (half of it beside all of it).

Run: python benchmarks/bench_reading.py [--seconds 0.3]
"""

from __future__ import annotations

import argparse
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

from fr_envs.episode.reading import Offer, read_action
from fr_envs.episode.reading.bounds import MAX_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

OFFER = Offer([{"name": "mkdir", "inputSchema": {"properties": {"path": {"type": "string"}}, "required": ["path"]}}])
CALL = '{"name": "mkdir", "arguments": {"path": "drafts"}}'
STYLES = {
    "JSON": CALL,
    "object": {"name": "mkdir", "arguments": {"path": "drafts"}},
    "message": {"role": "assistant", "content": None, "tool_calls": [
        {"id": "c", "type": "function", "function": {"name": "mkdir", "arguments": '{"path": "drafts"}'}}]},
    "between tags": f"<tool_call>\n{CALL}\n</tool_call>",
    "thinking, then tags": f"<think>\nI make it.\n</think>\n\n<tool_call>\n{CALL}\n</tool_call>",
    "words, then tags": f"I make it.\n<tool_call>\n{CALL}\n</tool_call>",
    "elements": "<tool_call>\n<function=mkdir>\n<parameter=path>\ndrafts\n</parameter>\n</function>\n</tool_call>",
    "harmony": '<|channel|>commentary to=functions.mkdir <|constrain|>json<|message|>{"path": "drafts"}<|call|>',
    "code": '[mkdir(path="drafts")]',
    "fenced": f"Sure:\n```json\n{CALL}\n```",
    "reply": "Both directories are there; nothing else has changed.",
}  # fmt: skip
HOSTILE = (
    "[", "{", "<", '"', "\\", "\n", " ", "```\n", '{"name": ', "<tool_call>", "<think>", "<a>", "[{'a': ", "mkdir(\n",
    "Action: mkdir\n", "<function=mkdir>", "<|channel|>", "[TOOL_CALLS]", "/*", "x = ",
)  # fmt: skip
SIZE = 10_000_000


def spent(function: Callable[[], object], seconds: float) -> float:
    """Return the processor time of one call, in seconds: the best of some rounds."""
    best, until = float("inf"), time.process_time() + seconds
    while True:
        start = time.process_time()
        function()
        now = time.process_time()
        best = min(best, now - start)
        if now > until:
            return best


def _hundred_times(given: object) -> None:
    for _ in range(100):
        read_action(given, OFFER)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0.3, help="time for each figure, in seconds")
    seconds = parser.parse_args().seconds
    for name, given in STYLES.items():
        hundred = spent(partial(_hundred_times, given), seconds)
        once = hundred / 100
        sys.stdout.write(f"{name:<24}{1 / once:>12,.0f} a second\n")
    sys.stdout.write(f"\n{'repeated':<24}{'10 MB':>10}{f'{MAX_TEXT:,} characters':>22}{'half of it':>12}  in seconds\n")
    for piece in HOSTILE:
        times = []
        for size in (SIZE, MAX_TEXT - 8, MAX_TEXT // 2):
            text = f"x {piece * (size // len(piece))}"[:size]
            times.append(spent(partial(read_action, text, OFFER), 0))
        sys.stdout.write(f"{piece!r:<24}{times[0]:>10.4f}{times[1]:>22.4f}{times[2]:>12.4f}\n")


if __name__ == "__main__":
    main()
