"""What asking costs: tokens, dollars, and the budget at which a run stops."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import yaml

from fr_envs.errors import UsageError
from fr_synth.teachers.endpoint.errors import BudgetError

if TYPE_CHECKING:
    from fr_synth.teachers.endpoint.completion import Completion

__all__ = ["Budget", "Meter", "Prices", "Usage", "read_prices"]


class Prices(msgspec.Struct, frozen=True):
    """What a million tokens cost, in dollars.

    Attributes:
        tokens_in: Tokens read.
        tokens_out: Tokens written.
    """

    tokens_in: float = 0.0
    tokens_out: float = 0.0

    def of(self, tokens_in: int, tokens_out: int) -> float:
        """Return what tokens cost, in dollars.

        Example:
            >>> Prices(2.0, 10.0).of(500_000, 100_000)
            2.0
        """
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / 1e6


def read_prices(path: str | Path, model: str) -> Prices:
    """Read the prices of a model from a JSON or YAML file: ``MODEL: {in: 0.15, out: 0.6}``, dollars a million tokens.

    Raises:
        UsageError: The file is none, or does not have the model.
    """
    form = "a file of prices reads MODEL: {in: DOLLARS, out: DOLLARS}, for a million tokens"
    try:
        text = Path(path).read_text(encoding="utf-8")
        table = json.loads(text) if Path(path).suffix == ".json" else yaml.safe_load(text)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise UsageError(f"{path} cannot be read ({type(error).__name__}): {form}") from error
    found = table.get(model) if isinstance(table, dict) else None
    if found is None:
        raise UsageError(f"{path} has no prices of {model!r}: {form}")
    if not isinstance(found, dict) or set(found) != {"in", "out"} or not all(map(_is_price, found.values())):
        raise UsageError(f"{path}: {model}: two numbers from 0; {form}")
    return Prices(float(found["in"]), float(found["out"]))


def _is_price(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")


class Budget(msgspec.Struct, frozen=True):
    """What one command may spend. Requests that are under way when it is spent still come in and are kept.

    Attributes:
        tokens: Most tokens, read and written together; None for no limit.
        usd: Most dollars, by ``Prices``; None for no limit.
    """

    tokens: int | None = None
    usd: float | None = None


class Usage(NamedTuple):
    """What an endpoint was asked in this process.

    Attributes:
        requests: Requests that were answered, repairs included.
        tokens_in: Tokens read.
        tokens_out: Tokens written.
        usd: What they cost by the prices given, in dollars.
        cached: Requests that were answered from the cache, for nothing; not among the others.
        failed: Requests that got no answer in spite of their retries.
    """

    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float = 0.0
    cached: int = 0
    failed: int = 0


class Meter:
    """Adds up what was paid, and says when it is enough."""

    def __init__(self, prices: Prices, budget: Budget) -> None:
        """Start at nothing."""
        self.prices = prices
        self.budget = budget
        self.usage = Usage()

    def paid(self, completion: Completion) -> None:
        """Note an answer that was paid for."""
        now = self.usage
        tokens_in, tokens_out = now.tokens_in + completion.tokens_in, now.tokens_out + completion.tokens_out
        self.usage = now._replace(
            requests=now.requests + 1, tokens_in=tokens_in, tokens_out=tokens_out,
            usd=self.prices.of(tokens_in, tokens_out),
        )  # fmt: skip

    def found(self) -> None:
        """Note an answer that was there already."""
        self.usage = self.usage._replace(cached=self.usage.cached + 1)

    def failed(self) -> None:
        """Note a request without an answer."""
        self.usage = self.usage._replace(failed=self.usage.failed + 1)

    def check(self, flying: int = 0) -> None:
        """Do nothing as long as there is something left to spend.

        Args:
            flying: Requests under way, each taken to cost as much as the mean of those answered.

        Raises:
            BudgetError: There is not.
        """
        spent, usd = self.usage.tokens_in + self.usage.tokens_out, self.usage.usd
        share = 1 + flying / max(self.usage.requests, 1)
        way = f", and {flying} requests are under way" if flying else ""
        if self.budget.tokens is not None and spent * share >= self.budget.tokens:
            raise BudgetError(f"the budget of {self.budget.tokens} tokens is spent ({spent}{way})")
        if self.budget.usd is not None and usd * share >= self.budget.usd:
            raise BudgetError(f"the budget of {self.budget.usd:g} dollars is spent ({usd:.4f}{way})")
