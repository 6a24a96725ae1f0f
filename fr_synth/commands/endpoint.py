"""Options of commands that ask a model, and what they say about what it costs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from fr_synth.teachers.endpoint.options import EndpointOptions
    from fr_synth.teachers.endpoint.spending import Usage

__all__ = ["endpoint_options", "read_endpoint", "spent"]


def endpoint_options(parser: argparse.ArgumentParser, concurrency: int = 8) -> None:
    """Add the options that say how an endpoint is asked.

    Args:
        parser: Where to.
        concurrency: Most requests at once where nothing else is said.
    """
    group = parser.add_argument_group("models", "how an OpenAI-compatible endpoint is asked; the key is OPENAI_API_KEY")
    group.add_argument("--base-url", default="", metavar="URL", help="the endpoint, up to and including /v1")
    group.add_argument(
        "--concurrency", type=int, default=concurrency, metavar="N",
        help=f"most requests at once; fewer while the endpoint says it is too many (default: {concurrency})",
    )  # fmt: skip
    group.add_argument(
        "--timeout", type=float, default=120.0, metavar="SECONDS", help="for one attempt as a whole (default: 120)"
    )
    group.add_argument("--max-retries", type=int, default=5, metavar="N", help="further attempts (default: 5)")
    group.add_argument(
        "--max-wait", type=float, default=300.0, metavar="SECONDS",
        help="most that is waited between two attempts, whatever Retry-After says (default: 300)",
    )  # fmt: skip
    group.add_argument("--budget-tokens", type=int, metavar="N", help="tokens that this command may spend")
    group.add_argument("--budget-usd", type=float, metavar="DOLLARS", help="dollars that it may spend, by the prices")
    group.add_argument("--price-in", type=float, default=0.0, metavar="DOLLARS", help="a million tokens read")
    group.add_argument("--price-out", type=float, default=0.0, metavar="DOLLARS", help="a million tokens written")
    group.add_argument("--prices", type=Path, metavar="FILE", help="YAML or JSON file, MODEL: {in: 0.15, out: 0.6}")
    group.add_argument(
        "--cache", default="", metavar="FILE", help="SQLite file of answers (default: beside what is written)"
    )


def read_endpoint(options: argparse.Namespace, model: str) -> EndpointOptions:
    """Return how an endpoint is to be asked.

    Args:
        options: As parsed.
        model: ``openai:MODEL``, or something else that asks no endpoint.

    Raises:
        UsageError: A number is out of its range, or the file of prices has none for the model.
    """
    from fr_synth.teachers.endpoint.options import EndpointOptions
    from fr_synth.teachers.endpoint.spending import Budget, Prices, read_prices

    prices = Prices(options.price_in, options.price_out)
    if options.prices is not None:
        prices = read_prices(options.prices, model.removeprefix("openai:"))
    asked = EndpointOptions(
        options.concurrency, options.timeout, options.max_retries, options.max_wait, prices=prices,
        budget=Budget(options.budget_tokens, options.budget_usd), cache=options.cache,
    )  # fmt: skip
    asked.check()
    return asked


def spent(usage: Usage) -> str:
    """Return what was asked and what it cost, in words; empty if nothing was asked.

    Example:
        >>> from fr_synth.teachers.endpoint.spending import Usage
        >>> spent(Usage(12, 34_000, 1_200, 0.0123, cached=3, failed=1))
        '12 requests, 34,000 tokens in, 1,200 out, $0.0123; 3 answers from the cache; 1 request failed'
    """
    if not any(usage):
        return ""
    requests = "1 request" if usage.requests == 1 else f"{usage.requests:,} requests"
    cost = f", ${usage.usd:.4f}" if usage.usd else ""
    parts = [f"{requests}, {usage.tokens_in:,} tokens in, {usage.tokens_out:,} out{cost}"]
    if usage.cached:
        parts.append(f"{usage.cached:,} answers from the cache")
    if usage.failed:
        parts.append(f"{usage.failed:,} request{'s' if usage.failed > 1 else ''} failed")
    return "; ".join(parts)
