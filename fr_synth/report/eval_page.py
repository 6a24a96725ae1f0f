"""The page of an evaluation: figures in tiles, the curve of pass@k and pass^k, a table by part, every task as cells."""

from __future__ import annotations

import collections
import html
import importlib.resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_synth.evaluate.figures import EvalFigures
    from fr_synth.evaluate.metrics import Group, Interval
    from fr_synth.evaluate.rollouts import Rollout

__all__ = ["eval_page"]

_PARTS = {
    "world": "By world",
    "kind": "By kind of turn",
    "depth": "By depth (calls of the reference)",
    "trait": "By trait of the turn",
    "error": "By what goes wrong on purpose",
    "view": "By view",
}
_MOST_TASKS = 2000  # rows of the table of tasks; a longer one no browser likes
_WIDTH, _HEIGHT, _LEFT, _TOP = 560, 220, 40, 12  # of the chart, in its own units


def eval_page(figures: EvalFigures, rollouts: Sequence[Rollout], seconds: Sequence[float]) -> str:
    """Return the page as one HTML text, which needs nothing else.

    Args:
        figures: What came of the evaluation.
        rollouts: Its rollouts; their messages play no part.
        seconds: How long each answer took that was asked for; may be empty.
    """
    css = importlib.resources.files("fr_synth.report").joinpath("page.css").read_text(encoding="utf-8")
    body = "\n".join(_body(figures, rollouts, seconds))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(figures.agent)}: evaluation</title>\n<style>\n{css}</style>\n</head>\n<body>\n{body}\n"
        "</body>\n</html>\n"
    )


def _text(value: object) -> str:
    return html.escape("".join(letter if letter.isprintable() else "�" for letter in str(value)))


def _body(figures: EvalFigures, rollouts: Sequence[Rollout], seconds: Sequence[float]) -> Iterator[str]:
    whole = figures.groups[0]
    yield f"<h1>{_text(figures.agent)}</h1>"
    yield f"<p>{figures.rollouts:,} rollouts of {figures.tasks:,} tasks. Intervals hold 95 % of what other such tasks "
    yield "would give.</p>"
    yield '<div class="tiles">' + "".join(f"<div class='tile'><b>{v}</b><span>{n}</span></div>" for n, v in _tiles(
        figures, whole, seconds)) + "</div>"  # fmt: skip
    if len(whole.pass_at) > 1:
        yield "<h2>With more tries</h2>" + _chart(whole)
    yield "<h2>Parts</h2><div class='wide'><table>" + "".join(_rows(figures)) + "</table></div>"
    yield "<h2>Floors</h2><p>What an agent earns that does nothing, and what the reference earns.</p>"
    yield "<div class='wide'><table><tr><th>agent</th><th class='n'>score</th><th class='n'>passed</th></tr>"
    yield "".join(
        f"<tr><td>{_text(floor.agent)}</td><td class='n'>{floor.score:.3f}</td>"
        f"<td class='n'>{floor.passed:.1%}</td></tr>"
        for floor in figures.floors
    )
    yield "</table></div>"
    yield "<h2>Tasks</h2>" + "".join(_tasks(rollouts))


def _tiles(figures: EvalFigures, whole: Group, seconds: Sequence[float]) -> Iterator[tuple[str, str]]:
    last = max(whole.pass_at)
    yield "pass@1", _span(whole.pass_at[1])
    if last > 1:
        yield f"pass@{last}", _span(whole.pass_at[last])
        yield f"pass^{last}", _span(whole.pass_hat[last])
    yield "mean score", f"{whole.score.value:.3f}"
    yield "calls, invalid", f"{figures.calls:,}, {figures.invalid:,}"
    spending = figures.spending
    if spending.tokens_in or spending.tokens_out:
        yield "tokens in, out", f"{spending.tokens_in:,}, {spending.tokens_out:,}"
    if spending.usd:
        yield "cost", f"${spending.usd:.2f}"
    took = sorted(second for second in seconds if second)
    if took:
        yield "seconds, median and 95th", f"{took[len(took) // 2]:.1f}, {took[len(took) * 95 // 100]:.1f}"
    for reason, number in figures.endings.items():
        if reason != "finished":
            yield reason.replace("_", " "), f"{number:,}"


def _span(interval: Interval) -> str:
    return f"{interval.value:.1%} <small>{interval.low:.0%}-{interval.high:.0%}</small>"


def _rows(figures: EvalFigures) -> Iterator[str]:
    ks = [k for k in figures.groups[0].pass_at if k in (1, max(figures.groups[0].pass_at))]
    heads = "".join(f"<th class='n'>pass@{k}</th>" for k in ks)
    heads += "".join(f"<th class='n'>pass^{k}</th>" for k in ks if k > 1)
    yield f"<tr><th></th><th class='n'>tasks or turns</th><th class='n'>score</th><th></th>{heads}</tr>"
    by = ""
    for group in figures.groups:
        if group.by != by and group.by in _PARTS:
            yield f"<tr class='part'><td colspan='{4 + 2 * len(ks)}'>{_PARTS[group.by]}</td></tr>"
        by = group.by
        yield (
            f"<tr><td>{_text(group.name)}</td><td class='n'>{group.units:,}</td>"
            f"<td class='n'>{group.score.value:.3f}</td><td>{_bar(group.pass_at[1])}</td>{_shares(group.pass_at, ks)}"
            f"{_shares(group.pass_hat, [k for k in ks if k > 1])}</tr>"
        )


def _bar(interval: Interval) -> str:
    width = max(interval.high - interval.low, 0.004)
    return (
        f"<div class='bar'><i style='width:{interval.value:.1%}'></i>"
        f"<u style='left:{interval.low:.1%};width:{width:.1%}'></u></div>"
    )


def _shares(figures: Mapping[int, Interval], ks: Sequence[int]) -> str:
    return "".join(f"<td class='n'>{f'{figures[k].value:.1%}' if k in figures else ''}</td>" for k in ks)


def _chart(group: Group) -> str:
    ks = list(group.pass_at)
    lines = [f"<svg viewBox='0 0 {_WIDTH} {_HEIGHT}' role='img' aria-label='pass@k and pass^k by k'>"]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _y(share)
        lines.append(f"<line class='grid' x1='{_LEFT}' x2='{_WIDTH - 70}' y1='{y}' y2='{y}'/>")
        lines.append(f"<text x='{_LEFT - 6}' y='{y + 4}' text-anchor='end'>{share:.0%}</text>")
    for place, k in enumerate(ks):
        lines.append(f"<text x='{_x(place, len(ks))}' y='{_HEIGHT - 4}' text-anchor='middle'>k = {k}</text>")
    for name, label, figures in (("at", "pass@k", group.pass_at), ("hat", "pass^k", group.pass_hat)):
        points = [(_x(place, len(ks)), figures[k]) for place, k in enumerate(ks)]
        band = [f"{x},{_y(each.high)}" for x, each in points] + [f"{x},{_y(each.low)}" for x, each in reversed(points)]
        lines.append(f"<polygon class='{name}-band' points='{' '.join(band)}'/>")
        lines.append(f"<polyline class='{name}' points='{' '.join(f'{x},{_y(each.value)}' for x, each in points)}'/>")
        x, end = points[-1]
        lines.append(f"<text class='{name}' x='{x + 8}' y='{_y(end.value) + 4}'>{label}</text>")
    return "".join([*lines, "</svg>"])


def _x(place: int, number: int) -> float:
    return round(_LEFT + (_WIDTH - 70 - _LEFT) * (place / max(number - 1, 1)), 1)


def _y(share: float) -> float:
    return round(_TOP + (_HEIGHT - 30 - _TOP) * (1 - share), 1)


def _tasks(rollouts: Sequence[Rollout]) -> Iterator[str]:
    plays: dict[str, list[Rollout]] = collections.defaultdict(list)
    for rollout in rollouts:
        plays[rollout.task_key].append(rollout)
    hardest = sorted(plays, key=lambda task: (sum(play.score for play in plays[task]) / len(plays[task]), task))
    shown = hardest[:_MOST_TASKS]
    rest = f" The hardest {_MOST_TASKS:,} are shown." if len(shown) < len(hardest) else ""
    yield f"<p>One cell a rollout: solved, not solved, or (grey) without an answer.{rest}</p>"
    yield "<details open><summary>hardest first</summary><div class='wide'><table>"
    yield "<tr><th>task</th><th>world</th><th class='n'>score</th><th>rollouts</th><th>what was missing</th></tr>"
    for task in shown:
        each = sorted(plays[task], key=lambda play: play.sample)
        score = sum(play.score for play in each) / len(each)
        cells = "".join(f"<i class='{_cell(play)}' title='{play.score:.2f}'></i>" for play in each)
        yield (
            f"<tr><td>{_text(task)}</td><td>{_text(each[0].domain)}</td><td class='n'>{score:.3f}</td>"
            f"<td><div class='cells'>{cells}</div></td><td>{_text(_missing(each))}</td></tr>"
        )
    yield "</table></div></details>"


def _cell(play: Rollout) -> str:
    if play.ending == "no_answer":
        return "none"
    return "ok" if play.score >= 1 else "bad"


def _missing(plays: Sequence[Rollout]) -> str:
    """Return what was missing most often."""
    said = collections.Counter(text for play in plays for turn in play.turns for text in turn.missing)
    worst = said.most_common(1)
    return worst[0][0][:80] if worst else ""
