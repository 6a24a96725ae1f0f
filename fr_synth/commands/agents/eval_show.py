"""Evaluations on the terminal: the table, the comparison, the progress bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.commands.base import console, printable

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from rich.progress import Progress

    from fr_synth.evaluate.compare import Comparison
    from fr_synth.evaluate.figures import EvalFigures, Spending
    from fr_synth.evaluate.metrics import Interval

__all__ = ["progress_bar", "quantiles", "show_comparison", "show_figures"]


def progress_bar(options: argparse.Namespace) -> Progress:
    """Return a progress bar, which shows only on a terminal."""
    from rich import progress

    shown = console(error=True)
    return progress.Progress(
        progress.SpinnerColumn(), progress.TextColumn("{task.description}"), progress.BarColumn(),
        progress.MofNCompleteColumn(), progress.TimeElapsedColumn(), progress.TextColumn("left"),
        progress.TimeRemainingColumn(), console=shown,
        disable=options.quiet or options.json or not shown.is_terminal,
    )  # fmt: skip


def show_figures(figures: EvalFigures, seconds: Sequence[float]) -> None:
    """Print the figures of an evaluation.

    Args:
        figures: The figures.
        seconds: How long each answer took that was asked for.
    """
    from rich.table import Table

    shown = console()
    ks = list(figures.groups[0].pass_at)
    picked = [k for k in ks if k in (1, ks[-1])] if len(ks) > 3 else ks
    columns = [f"pass@{k}" for k in picked] + [f"pass^{k}" for k in picked if k > 1]
    title = f"{printable(figures.agent)}: {figures.rollouts} rollouts of {figures.tasks} tasks"
    table = Table("", "", "tasks", "score", *columns, title=title)
    for group in figures.groups:
        at = [_percent(group.pass_at[k]) if k in group.pass_at else "" for k in picked]
        hat = [_percent(group.pass_hat[k]) if k in group.pass_hat else "" for k in picked if k > 1]
        table.add_row(group.by, printable(group.name), str(group.units), f"{group.score.value:.3f}", *at, *hat)
    for floor in figures.floors:
        blank = [""] * (len(columns) - 1)
        table.add_row("floor", floor.agent, str(figures.tasks), f"{floor.score:.3f}", f"{floor.passed:.1%}", *blank)
    shown.print(table)
    shown.print(f"{figures.calls} calls, {figures.invalid} of them invalid")
    for ending, number in figures.endings.items():
        if ending != "finished":
            shown.print(f"{ending.replace('_', ' ')}: {number}{', dropped' if ending == 'user_slip' else ''}")
    if figures.spending.messages:
        shown.print(_spending(figures.spending, seconds), markup=False)


def quantiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return median and 95th percentile of what answers took that were asked for; nothing where none was.

    Example:
        >>> quantiles([0.0, 3.0, 1.0, 2.0])
        {'median': 2.0, 'p95': 3.0}
    """
    took = sorted(second for second in seconds if second)
    return {"median": took[len(took) // 2], "p95": took[len(took) * 95 // 100]} if took else {}


def _percent(interval: Interval) -> str:
    return f"{interval.value:.1%} ({interval.low:.0%}-{interval.high:.0%})"


def _spending(spending: Spending, seconds: Sequence[float]) -> str:
    cost = f", ${spending.usd:.4f}" if spending.usd else ""
    parts = [f"{spending.messages:,} answers, {spending.tokens_in:,} tokens in, {spending.tokens_out:,} out{cost}"]
    took = quantiles(seconds)
    if took:
        parts.append(f"{took['median']:.2f} s a median answer, {took['p95']:.2f} s the 95th percentile")
    if spending.finish_reasons:
        counted = (f"{printable(reason)} {number}" for reason, number in spending.finish_reasons.items())
        parts.append(f"stopped by {', '.join(counted)}")
    if spending.mean_logprob is not None:
        parts.append(f"mean log probability {spending.mean_logprob:.3f}")
    return "; ".join(parts)


def show_comparison(found: Sequence[Comparison]) -> None:
    """Print two evaluations side by side."""
    from rich.table import Table

    shown = console()
    first = found[0]
    title = f"{printable(first.second)} against {printable(first.first)} in {first.tasks} tasks"
    table = Table("", "tasks", "first", "second", "difference (95 %)", "better", "worse", "p", title=title)
    for each in found:
        change = each.difference
        table.add_row(
            printable(each.world) or "all", str(each.tasks), f"{each.first_rate:.1%}", f"{each.second_rate:.1%}",
            f"{change.value:+.1%} ({change.low:+.1%} to {change.high:+.1%})", str(each.better), str(each.worse),
            f"{each.p:.4f}",
        )  # fmt: skip
    shown.print(table)
    shown.print(f"test: {first.test}, two-sided, by task")
    if first.apart:
        shown.print(f"{first.apart} tasks are only in one of the two and play no part")
