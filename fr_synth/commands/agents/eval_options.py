"""Options of commands that let agents play, and what is made of them."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from fr_synth.commands.agents.endpoint import endpoint_options, read_endpoint
from fr_synth.commands.base import world_options
from fr_synth.commands.rewards import reward_options, reward_rules, reward_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from fr_envs.episode.user.talk import User
    from fr_envs.json_values import JsonObject
    from fr_synth.evaluate.agents import Agent
    from fr_synth.evaluate.job import EvalPlan
    from fr_synth.evaluate.rollouts import PlayRules

__all__ = [
    "Check",
    "agent_in",
    "may_spend",
    "plan_in",
    "playing_options",
    "refuse_unless",
    "rules_in",
    "settings_in",
    "step_check",
    "user_in",
]

Check: TypeAlias = "tuple[str, object, bool, str]"
"""An option, its value, whether that is right, and the mend."""


def playing_options(parser: argparse.ArgumentParser, concurrency: int) -> None:
    """Add the options that say who plays what, and how a model writes."""
    parser.add_argument("--tasks", type=Path, metavar="RUN", help="run folder, or JSONL file of records or tasks")
    world_options(parser)
    parser.add_argument(
        "--agent", help="oracle, random, idle, openai:MODEL, or module:Class for one of your own with act(move)"
    )
    parser.add_argument(
        "--user", default="fixed", metavar="USER",
        help="who answers within turns: fixed (nobody), scripted, or openai:MODEL (default: fixed)",
    )  # fmt: skip
    parser.add_argument("--user-url", default="", metavar="URL", help="the endpoint of --user, where it is another")
    parser.add_argument("--count", type=int, help="tasks to play, from the first on (default: all)")
    parser.add_argument("--seed", type=int, default=0, help="seed of what the agent draws (default: 0)")
    parser.add_argument("--max-steps", type=int, default=50, help="messages that a turn may take (default: 50)")
    reward_options(parser)
    writing = parser.add_argument_group("sampling", "how a model writes; what is not given is left to the endpoint")
    writing.add_argument("--temperature", type=float, help="sampling temperature, from 0")
    writing.add_argument("--top-p", type=float, help="share of the probability that is sampled from, up to 1")
    writing.add_argument(
        "--max-output-tokens", type=int, metavar="N", help="most tokens of a message, thoughts included"
    )
    writing.add_argument("--logprobs", action="store_true", help="keep the log probability of each token")
    writing.add_argument("--extra-body", metavar="JSON", help="further members of each request, as one JSON object")
    endpoint_options(parser, concurrency)
    parser.add_argument("--resume", action="store_true", help="play what is missing in --out; nothing is paid twice")
    parser.add_argument("--overwrite", action="store_true", help="write in place of what is in --out")
    parser.add_argument("--yes", action="store_true", help="do not ask before a model that costs money is asked")
    parser.add_argument("--quiet", action="store_true", help="no progress bar and no table")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")


def step_check(options: argparse.Namespace) -> Check:
    """Return what has to hold of the steps that a turn may take."""
    return ("max-steps", options.max_steps, options.max_steps >= 1, "give at least 1")


def refuse_unless(checks: Iterable[Check]) -> None:
    """Go on where every check holds.

    Raises:
        UsageError: One does not.
    """
    from fr_envs.errors import UsageError

    for name, value, holds, fix in checks:
        if not holds:
            raise UsageError(f"{name} {value}: {fix}")


def rules_in(options: argparse.Namespace) -> PlayRules:
    """Return what an episode costs.

    Raises:
        UsageError: A number is out of its range, or something that is needed is missing.
    """
    from fr_envs.errors import UsageError
    from fr_synth.evaluate.rollouts import PlayRules

    for name in ("tasks", "agent", "out"):
        if getattr(options, name) is None:
            raise UsageError(f"--{name} is missing; see --help")
    checks = (
        ("count", options.count, options.count is None or options.count >= 1, "give at least 1"),
        ("seed", options.seed, options.seed >= 0, "give an integer from 0"),
        ("concurrency", options.concurrency, options.concurrency >= 1, "give at least 1"),
        step_check(options),
    )
    refuse_unless(checks)
    if options.resume and options.overwrite:
        raise UsageError("--resume goes on with what is there and --overwrite throws it away: give one of them")
    return PlayRules(reward_rules(options), options.max_steps)


def plan_in(options: argparse.Namespace, samples: int) -> EvalPlan:
    """Return what is to be played.

    Raises:
        UsageError: There is nothing to play, or a number is out of its range.
    """
    import itertools

    from fr_envs.episode.task_file import read_tasks
    from fr_envs.errors import UsageError
    from fr_synth.evaluate.job import EvalPlan

    rules = rules_in(options)
    tasks = tuple(itertools.islice(read_tasks(options.tasks), options.count))
    if not tasks:
        raise UsageError(f"{options.tasks} has no task to play as yet")
    plan = EvalPlan(tasks, samples, options.seed, rules)
    plan.check()
    return plan


def agent_in(options: argparse.Namespace, cache: Path, failures: Path) -> Agent:
    """Return who plays.

    Args:
        options: As parsed.
        cache: Where a model's answers are kept if nothing else is said.
        failures: Where its failed requests are.

    Raises:
        UsageError: There is no such agent, or an option is none for it.
    """
    import msgspec

    from fr_synth.evaluate.agents import Sampling, agent_of

    asked = read_endpoint(options, options.agent)
    asked = msgspec.structs.replace(asked, cache=asked.cache or str(cache), failures=str(failures))
    sampling = Sampling(
        options.temperature, options.top_p, options.max_output_tokens, options.logprobs, _extra(options.extra_body)
    )
    return agent_of(options.agent, options.base_url, options.concurrency, sampling, asked)


def user_in(options: argparse.Namespace, cache: Path, failures: Path) -> User | None:
    """Return who answers within turns; arguments as of ``agent_in``.

    Raises:
        UsageError: There is no such user, or an option is none for it.
    """
    import msgspec

    from fr_envs.errors import UsageError
    from fr_synth.evaluate.model_user import user_of

    if not options.user.startswith("openai:"):
        if options.user_url:
            raise UsageError(f"user {options.user!r} asks no endpoint; leave --user-url out")
        return user_of(options.user)
    asked = read_endpoint(options, options.user)
    asked = msgspec.structs.replace(asked, cache=asked.cache or str(cache), failures=str(failures))
    return user_of(options.user, options.user_url or options.base_url, asked)


def settings_in(options: argparse.Namespace) -> JsonObject:
    """Return what decides an evaluation's rollouts, by option; of further members a digest, as they may hold a key."""
    names = ("agent", "seed", "max_steps", "temperature", "top_p", "max_output_tokens", "logprobs")
    found = reward_settings(options) | {f"--{name.replace('_', '-')}": getattr(options, name) for name in names}
    if options.user != "fixed":
        found["--user"] = options.user
    extra = options.extra_body
    return {**found, "--extra-body": extra and hashlib.sha256(extra.encode()).hexdigest()}


def _extra(text: str | None) -> JsonObject | None:
    from fr_envs.errors import UsageError

    if text is None:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--extra-body is no JSON ({error}); give one object, such as '{{\"top_k\": 20}}'") from error
    if not isinstance(found, dict):
        raise UsageError("--extra-body is no object; give one, such as '{\"top_k\": 20}'")
    return found


def may_spend(options: argparse.Namespace, plan: EvalPlan, played: int) -> None:
    """Say what a model will take, and ask whether it may where it costs money.

    Args:
        options: As parsed.
        plan: What is to be played.
        played: Rollouts that are there already.

    Raises:
        UsageError: It may not, or there is nobody to ask.
    """
    from fr_envs.errors import UsageError
    from fr_synth.evaluate.estimate import need_of
    from fr_synth.teachers.endpoint.client import HOSTED, Endpoint

    _may_ask_user(options)
    if not options.agent.startswith("openai:"):
        return
    whole = len(plan.tasks) * plan.samples
    need = need_of(plan.tasks, plan.samples)
    left = (whole - min(played, whole)) / whole
    requests, read, written = (round(number * left) for number in need)
    prices = read_endpoint(options, options.agent).prices
    usd = prices.of(read, written)
    costs = usd > 0 or Endpoint("", options.base_url).url == HOSTED
    price = f", ${usd:.2f}" if usd else ", price not known" if costs else ""
    if not options.quiet:
        sys.stderr.write(
            f"estimate: {round(whole * left)} rollouts, about {requests:,} requests, {read:,} tokens in, "
            f"{written:,} out{price}\n"
        )
    if not costs or options.yes or not requests:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"this costs money{price}: give --yes, and --budget-usd or --budget-tokens to bound it")
    sys.stderr.write("Go on? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError("nothing was asked and nothing was spent")


def _may_ask_user(options: argparse.Namespace) -> None:
    """Let a model speak as the user where that costs nothing, or may; nobody knows beforehand how often it is asked.

    Raises:
        UsageError: It may not.
    """
    from fr_envs.errors import UsageError
    from fr_synth.teachers.endpoint.client import HOSTED, Endpoint

    if not options.user.startswith("openai:") or options.yes:
        return
    if Endpoint("", options.user_url or options.base_url).url == HOSTED:
        raise UsageError(
            f"--user {options.user} costs money: give --yes, and --budget-usd or --budget-tokens to bound it"
        )
