"""``funreason score``: judge conversations that were held elsewhere, by replaying their calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from fr_synth.commands.agents.eval_options import refuse_unless, step_check
from fr_synth.commands.base import (
    Command,
    console,
    must_be_free,
    overwrite_option,
    take_worlds,
    world_options,
    write,
)
from fr_synth.commands.rewards import reward_options, reward_rules

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from fr_envs.episode.judging.transcripts import Verdicts
    from fr_envs.episode.task import Task
    from fr_envs.json_values import Json, JsonObject

__all__ = ["COMMAND"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--tasks", type=Path, required=True, metavar="RUN", help="run folder, or JSONL file of records or of tasks"
    )
    parser.add_argument(
        "--transcripts", type=Path, required=True, metavar="FILE",
        help='JSONL file, a line {"id": <of the task>, "messages": [...]}; a file of rollouts or an evaluation will do',
    )  # fmt: skip
    world_options(parser)
    parser.add_argument("--max-steps", type=int, default=50, help="messages that a turn may take (default: 50)")
    reward_options(parser)
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write rollouts as they are scored now; --transcripts must be rollouts"
    )
    overwrite_option(parser)
    parser.add_argument("--json", action="store_true", help="print every verdict as JSON")


def _run(options: argparse.Namespace) -> int:
    import msgspec

    import fr_envs
    from fr_envs.episode.judging.reward import REWARD_VERSION

    refuse_unless([step_check(options)])
    must_be_free(options.out, overwrite=options.overwrite)
    rules = reward_rules(options)
    take_worlds(options)
    tasks = _tasks(options.tasks)
    scored: list[tuple[str, Verdicts]] = []
    transcripts: Path = options.transcripts
    transcripts = transcripts / "rollouts.jsonl" if transcripts.is_dir() else transcripts
    for name, task, messages in _transcripts(transcripts, tasks):
        scored.append((name, fr_envs.score(task, messages, rules=rules, max_steps=options.max_steps)))
    if options.out is not None:
        _write_again(transcripts, [verdicts for _, verdicts in scored], options.out)
    mean = sum(verdicts.score for _, verdicts in scored) / len(scored)
    if options.json:
        listed = [{"id": name, **_plain(verdicts)} for name, verdicts in scored]
        figures: JsonObject = {"version": REWARD_VERSION, "transcripts": len(scored), "score": mean, "verdicts": listed}
        write(msgspec.json.encode(figures).decode())
    else:
        _show(scored, mean)
    return 0


def _write_again(transcripts: Path, scored: list[Verdicts], out: Path) -> None:
    """Write rollouts with what they earn now.

    Raises:
        RecordError: A line is no rollout.
    """
    import msgspec

    from fr_synth.evaluate.rollout_file import read_rollouts
    from fr_synth.evaluate.rollouts import judged

    lines = []
    for rollout, verdicts in zip(read_rollouts(transcripts), scored, strict=True):
        now = [judged(turn, verdict) for turn, verdict in zip(rollout.turns, verdicts.turns, strict=False)]
        turns = (*now, *rollout.turns[len(now) :])
        again = msgspec.structs.replace(rollout, score=verdicts.score, reward=verdicts.reward, turns=turns)
        lines.append(msgspec.json.encode(again))
    out.write_bytes(b"".join(line + b"\n" for line in lines))


def _plain(verdicts: Verdicts) -> JsonObject:
    import msgspec

    from fr_envs.episode.judging.verdicts import components

    turns = [{**components(turn), "missing": turn.missing} for turn in verdicts.turns]
    return {
        "score": verdicts.score, "reward": verdicts.reward, "turns": turns,
        "findings": msgspec.to_builtins(verdicts.findings),
    }  # fmt: skip


def _tasks(path: Path) -> dict[str, Task]:
    """Read the tasks of a run, by their ids.

    Raises:
        UsageError: There is no such run, or nothing in it.
    """
    from fr_envs.episode.task_file import read_tasks
    from fr_envs.errors import UsageError

    tasks = {task.id: task for task in read_tasks(path)}
    if not tasks:
        raise UsageError(f"{path} has no task")
    return tasks


def _object(text: bytes, place: str) -> JsonObject:
    from fr_envs.errors import RecordError

    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"{place}: no JSON: {error}; take the line out") from error
    if not isinstance(found, dict):
        raise RecordError(f"{place}: no object; a line is one JSON object")
    return found


def _transcripts(path: Path, tasks: dict[str, Task]) -> Iterator[tuple[str, Task, list[Json]]]:
    """Iterate over the conversations of a file, each with its task.

    Raises:
        UsageError: There is no such file, or nothing in it.
        RecordError: A line is no transcript, or of a task that is not there.
    """
    from fr_envs.errors import RecordError, UsageError

    if not path.is_file():
        raise UsageError(f"there is no file {path}; give a JSONL file of transcripts")
    count = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            place = f"{path}:{number}"
            found = _object(line, place)
            name = found.get("id", found.get("task"))
            if not isinstance(name, str) or not isinstance(found.get("messages"), list):
                raise RecordError(f'{place}: no transcript; a line has an "id" and a list of "messages"')
            if name not in tasks:
                raise RecordError(f"{place}: there is no task {name!r}; give the --tasks that it was held on")
            count += 1
            yield name, tasks[name], found["messages"]
    if not count:
        raise UsageError(f"{path} has no transcript")


_MOST_SHOWN = 10


def _show(scored: list[tuple[str, Verdicts]], mean: float) -> None:
    from rich.table import Table

    from fr_envs.episode.judging.reward import REWARD_VERSION

    shown = console()
    turns = [turn for _, verdicts in scored for turn in verdicts.turns]
    perfect = sum(verdicts.score >= 1 for _, verdicts in scored) / len(scored)
    table = Table("", "number", "mean score", "perfect", title=f"rewards, version {REWARD_VERSION}")
    table.add_row("transcripts", str(len(scored)), f"{mean:.3f}", f"{perfect:.1%}")
    places = max(len(verdicts.turns) for _, verdicts in scored)
    for place in range(places):
        here = [verdicts.turns[place].score for _, verdicts in scored if place < len(verdicts.turns)]
        share = sum(score >= 1 for score in here) / len(here)
        table.add_row(f"turn {place}", str(len(here)), f"{sum(here) / len(here):.3f}", f"{share:.1%}")
    shown.print(table)
    answers, had, said = (
        sum(count(turn) for turn in turns)
        for count in (lambda t: len(t.obtained), lambda t: sum(t.obtained), lambda t: sum(t.said))
    )
    lies = sum(bool(turn.contradiction) for turn in turns)
    shown.print(
        f"{answers} answers: {had} obtained, {said} said; {lies} of {len(turns)} turns contradict what happened"
    )
    findings = [(name, finding) for name, verdicts in scored for finding in verdicts.findings]
    for name, finding in findings[:_MOST_SHOWN]:
        shown.print(f"{name}: message {finding.message}: {finding.problem}", markup=False)
    if len(findings) > _MOST_SHOWN:
        shown.print(f"and {len(findings) - _MOST_SHOWN} more findings; --json shows them all")


COMMAND = Command(
    name="score",
    summary="Judge transcripts: replay their calls from the tasks' first states, and hold the replies against them.",
    examples=(
        "funreason score --tasks runs/first --transcripts transcripts.jsonl",
        "funreason score --tasks runs/first --transcripts oracle.jsonl --json",
    ),
    options=_options,
    run=_run,
)
