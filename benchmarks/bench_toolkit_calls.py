"""What a call of a toolkit costs through a world, beside the direct call, as the toolkit's state grows.

    python benchmarks/bench_toolkit_calls.py

Reads change nothing, so that their cost must not grow with the state; both columns are of the same run.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from fr_envs.adapters.python.objects import domain_from_object
from fr_envs.world.tool_call import ToolCall

if TYPE_CHECKING:
    from collections.abc import Callable

_SIZES = (100, 1_000, 10_000, 100_000)
_CALLS = 400


class Airline:
    """An airline with many flights."""

    size = 0

    def __init__(self) -> None:
        self.flights = {f"F{n}": {"number": n, "seats": [1, 2, 3], "day": "2027-03-12"} for n in range(self.size)}

    def get_flight(self, flight: str) -> dict[str, object]:
        """Read a flight."""
        return self.flights[flight]


def _each(run: Callable[[], object]) -> float:
    """Return the seconds that a call takes, the least of five rounds."""
    rounds = []
    for _ in range(5):
        begun = time.perf_counter()
        for _ in range(_CALLS // 5):
            run()
        rounds.append((time.perf_counter() - begun) / (_CALLS // 5))
    return min(rounds)


def main() -> None:
    """Measure and print."""
    sys.stdout.write(f"{'flights':>8} {'direct, us':>11} {'world, us':>10} {'ratio':>8}\n")
    for size in _SIZES:
        Airline.size = size
        airline = Airline()
        domain = domain_from_object(Airline, name="airline")
        state = domain.initial(0)
        call = ToolCall("get_flight", {"flight": "F7"})
        for _ in range(70):  # past the calls that are looked at
            domain.apply(state, call)
        direct = _each(lambda airline=airline: airline.get_flight("F7"))  # type: ignore[misc]
        through = _each(lambda domain=domain, state=state, call=call: domain.apply(state, call))  # type: ignore[misc]
        sys.stdout.write(f"{size:>8} {direct * 1e6:>11.2f} {through * 1e6:>10.1f} {through / direct:>8.0f}\n")


if __name__ == "__main__":
    main()
