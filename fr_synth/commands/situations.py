"""``funreason situations``: list the reasons for which people come to a world, try them out, and read what comes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fr_synth.commands.base import Command, console, write

if TYPE_CHECKING:
    import argparse

    from fr_envs.situation.spec import Situation
    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State
    from fr_synth.run.trial import Trial

__all__ = ["COMMAND"]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="*", metavar="NAME", help="situations to take (default: all of them)")
    parser.add_argument(
        "--domain", default="banking", metavar="NAME", help="world, or worlds joined by + (%(default)s)"
    )
    parser.add_argument(
        "--situations", metavar="PATH", help="a folder or file of situations, instead of the shipped ones"
    )
    parser.add_argument(
        "--try", dest="worlds", type=int, default=0, metavar="N", help="play each in N worlds, and say what came"
    )
    parser.add_argument("--play", action="store_true", help="print dialogues of each instead, as they are read")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="seed of the first world (default: 0)")
    parser.add_argument("--json", action="store_true", help="print as JSON")


def _run(options: argparse.Namespace) -> int:
    from fr_envs import load_domain
    from fr_envs.errors import UsageError
    from fr_envs.situation.loading import asides_in, load_situations, read_situations, situations_in

    every = read_situations(options.situations) if options.situations else load_situations()
    domain = load_domain(options.domain)
    besides = asides_in(domain.name, every) if options.name or not (options.play or options.worlds > 0) else ()
    found = [*situations_in(domain.name, every), *besides]
    found = [each for each in found if not options.name or each.name in options.name]
    for name in options.name:
        if all(each.name != name for each in found):
            raise UsageError(
                f"{domain.name} has no situation {name!r}; funreason situations --domain {domain.name} lists them"
            )
    if options.play:
        return _play(found, domain, options)
    if options.worlds > 0:
        return _try(found, domain, options)
    _list(found, options)
    return 0


def _list(found: list[Situation], options: argparse.Namespace) -> None:
    from fr_envs.situation.loading import kind_of, most_turns

    if options.json:
        rows = [{"name": s.name, "worlds": list(s.worlds), "summary": s.summary, "turns": len(s.turns)} for s in found]
        write(json.dumps(rows))
        return
    shown = console()
    for each in found:
        kind = "" if kind_of(each) == "act" else f", {kind_of(each)}"
        turns = f"{most_turns(each)} turn{'s' if most_turns(each) != 1 else ''}"
        shown.print(f"[bold]{each.name}[/]  {turns}{kind}{', said besides' if each.aside else ''}")
        shown.print(f"  {each.summary}", markup=False)
    shown.print(f"[dim]{len(found)} situations; --play NAME plays one, --try N counts in how many worlds each fits[/]")


def _try(found: list[Situation], domain: Domain[State], options: argparse.Namespace) -> int:
    from fr_synth.run.trial import trial_of

    shown = console()
    trials: dict[str, Trial] = {}
    for each in found:
        trial = trials[each.name] = trial_of(each, domain, options.worlds, options.seed)
        if not options.json:
            shown.print(f"{trial.made:4} of {trial.tried}  [bold]{each.name}[/]")
            for stage, count in trial.fell.items():
                shown.print(f"      {count} x {stage}: {trial.reasons[stage]}", markup=False)
    used = {tool: sum(tool in trial.tools for trial in trials.values()) for tool in domain.spec.tools}
    if options.json:
        rows = {n: {"tried": t.tried, "made": t.made, "fell": t.fell, "reasons": t.reasons} for n, t in trials.items()}
        write(json.dumps({"situations": rows, "tools": used}))
    elif not options.name:
        rare = [f"{tool} ({count})" for tool, count in used.items() if count < _FEW]
        shown.print(f"tools in fewer than {_FEW} situations: {', '.join(rare) or 'none'}", markup=False)
    return 0 if all(trial.made for trial in trials.values()) else 1


_FEW = 2


def _play(found: list[Situation], domain: Domain[State], options: argparse.Namespace) -> int:
    from fr_synth.commands.reading import pages
    from fr_synth.commands.show import show_lines
    from fr_synth.run.trial import trial_of

    shown = console()
    missing = 0
    for each in found:
        trial = trial_of(each, domain, options.worlds or _WORLDS, options.seed, keep=1 if len(found) > 1 else 2)
        missing += not trial.dialogues
        for dialogue in trial.dialogues:
            show_lines(pages(dialogue, full=False))
        for stage, reason in () if trial.dialogues else trial.reasons.items():
            shown.print(f"{each.name}: {stage}: {reason}", markup=False)
    return 1 if missing else 0


_WORLDS = 20  # worlds looked through for one that a situation fits


COMMAND = Command(
    name="situations",
    summary="List the situations that dialogues are about, try them out, or play one.",
    examples=(
        "funreason situations --domain banking",
        "funreason situations rent_goes_up --play",
        "funreason situations --situations my_situations/ --domain travel --try 40",
    ),
    options=_options,
    run=_run,
)
