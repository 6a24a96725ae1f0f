"""``funreason eval``: let an agent play every task several times, and tell how good it is and how sure that is."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from fr_synth.commands.agents.endpoint import read_endpoint, spent
from fr_synth.commands.agents.eval_options import agent_in, may_spend, plan_in, playing_options, settings_in, user_in
from fr_synth.commands.agents.eval_show import progress_bar, quantiles, show_comparison, show_figures
from fr_synth.commands.base import Command, console, take_worlds, write

if TYPE_CHECKING:
    import argparse

    from fr_synth.evaluate.agents import Agent
    from fr_synth.evaluate.job import EvalPlan, Played
    from fr_synth.evaluate.rollout_file import RolloutFile

__all__ = ["COMMAND", "beside", "play_into"]


class _Target(Protocol):
    """Where rollouts go."""

    goes_on: str
    rollouts: Path

    def opened(self) -> RolloutFile: ...

    def note(self, played: Played) -> None: ...


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", nargs="*", metavar="compare A B", help="hold two evaluations against each other")
    parser.add_argument("-n", "--samples", type=int, default=1, metavar="N", help="rollouts of each task (default: 1)")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="folder to write: rollouts, figures and a page")
    parser.add_argument(
        "--pass-score", type=float, default=1.0, metavar="SCORE", help="score that counts as a success (default: 1)"
    )
    parser.add_argument("--no-floors", action="store_true", help="do not play the idle agent and the reference as well")
    playing_options(parser, 64)


def _run(options: argparse.Namespace) -> int:
    from fr_envs.errors import UsageError

    if not 0 < options.pass_score <= 1:
        raise UsageError(f"pass-score {options.pass_score}: give a number above 0 and up to 1")
    match options.what:
        case []:
            return _evaluate(options)
        case ["compare", first, second]:
            return _compare(Path(first), Path(second), options)
        case _:
            raise UsageError("give options alone to evaluate, or: compare A B, with two folders of evaluations")


def _compare(first: Path, second: Path, options: argparse.Namespace) -> int:
    import msgspec

    from fr_synth.evaluate.compare import compare
    from fr_synth.evaluate.rollout_file import read_rollouts

    found = compare(read_rollouts(first), read_rollouts(second), options.seed, options.pass_score)
    if options.json:
        write(json.dumps(msgspec.to_builtins(found)))
    else:
        show_comparison(found)
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    import msgspec

    from fr_synth.evaluate.eval_folder import EvalFolder
    from fr_synth.evaluate.figures import figures_of, floors_of
    from fr_synth.report.eval_page import eval_page

    take_worlds(options)
    plan = plan_in(options, options.samples)
    folder = EvalFolder(options.out, resume=options.resume, overwrite=options.overwrite)
    agent = agent_in(options, folder.cache, folder.failures)
    plan = plan.spoken_by(user_in(options, beside(folder.cache, "user"), beside(folder.failures, "user")))
    prices = read_endpoint(options, options.agent).prices
    folder.agree(settings_in(options))
    play_into(folder, plan, agent, options)
    rollouts = folder.light_rollouts()
    floors = [] if options.no_floors else floors_of(plan.tasks, plan.rules)
    figures = figures_of(rollouts, floors, prices, options.seed, options.pass_score)
    seconds = folder.seconds()
    folder.finish(figures, eval_page(figures, rollouts, seconds))
    if options.json:
        write(json.dumps({**msgspec.to_builtins(figures), "seconds": quantiles(seconds)}))
    elif not options.quiet:
        show_figures(figures, seconds)
        console().print(f"wrote {folder.path}: look at {folder.page}", markup=False)
    return 0


def beside(path: Path, what: str) -> Path:
    """Return the path of a file beside another, named after it."""
    return path.with_name(f"{path.name}.{what}")


def play_into(folder: _Target, plan: EvalPlan, agent: Agent, options: argparse.Namespace) -> None:
    """Play what is missing, with a progress bar.

    Raises:
        EndpointError: No request to the agent's endpoint can succeed, or none had an answer; what was finished is kept.
        KeyboardInterrupt: It was stopped; what was finished is kept.
    """
    from fr_synth.evaluate.agents import ChatAgent
    from fr_synth.evaluate.job import play_missing
    from fr_synth.evaluate.model_user import ModelUser
    from fr_synth.teachers.endpoint.errors import EndpointError

    failed: list[str] = []
    with folder.opened() as file, progress_bar(options) as progress, contextlib.ExitStack() as stack:
        if isinstance(agent, ChatAgent):
            stack.enter_context(agent.endpoint)
        if isinstance(plan.rules.user, ModelUser):
            stack.enter_context(plan.rules.user.endpoint)
        may_spend(options, plan, len(file.done))
        bar = progress.add_task("rollouts", total=len(plan.tasks) * plan.samples, completed=len(file.done))
        try:
            # closed at once, wherever Ctrl-C comes, so that what is still under way knows that nobody waits for it
            with contextlib.closing(play_missing(plan, agent, file)) as played:
                for each in played:
                    folder.note(each)
                    failed.append(each.rollout.failure)
                    cost = spent(agent.endpoint.usage) if isinstance(agent, ChatAgent) else ""
                    progress.update(bar, advance=1, description=f"rollouts ({cost})" if cost else "rollouts")
        except KeyboardInterrupt:
            kept = _kept(len(file.done), folder.rollouts)
            raise KeyboardInterrupt(f"stopped: {kept}{folder.goes_on}") from None
        except EndpointError as error:
            if not file.done:
                raise
            kept = _kept(len(file.done), folder.rollouts)
            raise type(error)(f"{error}; {kept}: --resume goes on") from error
    if failed and all(failed) and isinstance(agent, ChatAgent):
        raise EndpointError(f"no rollout had an answer; the last: {failed[-1]}; --resume tries again")


def _kept(count: int, path: Path) -> str:
    return f"{count} {'rollout is' if count == 1 else 'rollouts are'} kept in {path}"


COMMAND = Command(
    name="eval",
    summary="Measure an agent: pass@k and pass^k with intervals, by world, kind of turn, depth, trait, error and view.",
    examples=(
        "funreason eval --tasks runs/first --agent oracle --out evals/oracle",
        "funreason eval --tasks runs/first --agent openai:MODEL --base-url http://127.0.0.1:8000/v1 -n 8 --out evals/m",
        "funreason eval --tasks runs/first --agent openai:MODEL --price-in 0.15 --price-out 0.6 --budget-usd 2 --yes"
        " --out evals/m --resume",
        "funreason eval --tasks runs/first --agent openai:MODEL --base-url http://127.0.0.1:8000/v1 --user scripted"
        " --out evals/talk",
        "funreason eval compare evals/oracle evals/m",
    ),
    options=_options,
    run=_run,
)
