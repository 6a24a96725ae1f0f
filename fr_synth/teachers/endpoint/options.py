"""EndpointOptions: how an endpoint is asked. Nothing here has a part in what it answers, nor is any of it a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fr_envs.errors import UsageError
from fr_synth.teachers.endpoint.spending import Budget, Prices

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["EndpointOptions"]


class EndpointOptions(msgspec.Struct, frozen=True):
    """How an endpoint is asked.

    Attributes:
        concurrency: Most requests at once from one process; fewer while the endpoint is asked too much.
        timeout: Seconds that one attempt may take, from its first byte to its last.
        max_retries: Further attempts at a request after rate limits, faults of the server or the connection.
        max_wait: Most seconds to wait between two attempts; an endpoint that asks for more (``Retry-After``) has
            no capacity, and the request fails.
        give_up_after: Requests in a row that fail in spite of their retries before the endpoint counts as gone; also
            answers in a row that are of no use to a teacher, times two.
        prices: What a million tokens cost.
        budget: What one command may spend.
        cache: SQLite file of answers, so that nothing is paid for twice; empty for none.
        failures: File to which requests without an answer are added, a line of JSON each; empty for none.
    """

    concurrency: int = 8
    timeout: float = 120.0
    max_retries: int = 5
    max_wait: float = 300.0
    give_up_after: int = 3
    prices: Prices = Prices()
    budget: Budget = Budget()
    cache: str = ""
    failures: str = ""

    def check(self) -> None:
        """Check the ranges.

        Raises:
            UsageError: A value is out of its range; the message says what can be.
        """
        for problem in self._problems():
            raise UsageError(problem)

    def _problems(self) -> Iterator[str]:
        checks = (
            (self.timeout > 0, "timeout: a number of seconds above 0"),
            (self.max_wait > 0, "max_wait: a number of seconds above 0"),
            (self.max_retries >= 0, "max_retries: from 0"),
            (self.concurrency >= 1, f"concurrency {self.concurrency}: give at least 1"),
            (self.give_up_after >= 1, "give_up_after: from 1"),
            (min(self.prices.tokens_in, self.prices.tokens_out) >= 0, "prices: dollars a million tokens, from 0"),
            (self.budget.tokens is None or self.budget.tokens > 0, "budget-tokens: at least 1"),
            (self.budget.usd is None or self.budget.usd > 0, "budget-usd: a number of dollars above 0"),
            (
                self.budget.usd is None or max(self.prices.tokens_in, self.prices.tokens_out) > 0,
                "budget-usd: give --price-in and --price-out, or --prices FILE, to count dollars",
            ),
        )
        yield from (problem for holds, problem in checks if not holds)
