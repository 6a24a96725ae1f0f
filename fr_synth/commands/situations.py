"""``funreason situations``: list the reasons for which people come to a world, try them out, and read what comes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fr_synth.commands.base import Command, console, write

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Sequence

    from fr_envs.episode.turn_kind import TurnKind
    from fr_envs.situation.spec import Situation
    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State
    from fr_synth.run.trial import Trial, Variant

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
    parser.add_argument(
        "--kinds", metavar="all|KIND,...", help="with --play and --try: play each once more for every kind of turn, or "
        "for some, said in the situation itself or besides"
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print as JSON")


def _run(options: argparse.Namespace) -> int:
    from fr_envs import load_domain
    from fr_envs.errors import UsageError
    from fr_envs.situation.loading import asides_in, load_situations, played_in, situations_in

    domain = load_domain(options.domain)
    every = played_in(options.situations, [domain.name]) if options.situations else load_situations()
    wanted = _kinds(options)
    besides = asides_in(domain.name, every) if options.name or not (options.play or options.worlds > 0) else ()
    found = [*situations_in(domain.name, every), *besides]
    found = [each for each in found if not options.name or each.name in options.name]
    for name in options.name:
        if all(each.name != name for each in found):
            raise UsageError(
                f"{domain.name} has no situation {name!r}; funreason situations --domain {domain.name} lists them"
            )
    ways = _ways(found, asides_in(domain.name, every), wanted)
    if options.play:
        return _play(ways, domain, options)
    if options.worlds > 0:
        return _try(ways, domain, options)
    _list(found, options)
    return 0


def _kinds(options: argparse.Namespace) -> tuple[TurnKind, ...]:
    """Return the kinds of turn for which each situation is played."""
    from fr_envs.episode.turn_kind import KINDS
    from fr_envs.errors import UsageError

    if options.kinds is None:
        return ("act",)
    if not options.play and options.worlds < 1:
        raise UsageError("--kinds says what is played; give --play or --try N with it")
    if options.kinds == "all":
        return KINDS
    names = [name.strip() for name in options.kinds.split(",")]
    unknown = next((name for name in names if name not in KINDS), None)
    if unknown is not None:
        raise UsageError(f"there is no kind of turn {unknown!r}; give all, or some of {', '.join(KINDS)}")
    return tuple(kind for kind in KINDS if kind in names)


def _ways(
    found: Sequence[Situation], asides: Sequence[Situation], kinds: Collection[TurnKind]
) -> list[tuple[str, Situation, Variant]]:
    """Return what is played, each with what it is called."""
    from fr_synth.run.trial import variants_of

    return [
        (f"{each.name}, {variant.kind}" if variant.kind else each.name, each, variant)
        for each in found
        for variant in variants_of(each, asides, kinds)
    ]


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


def _try(ways: list[tuple[str, Situation, Variant]], domain: Domain[State], options: argparse.Namespace) -> int:
    from fr_synth.run.trial import trial_of

    shown = console()
    trials: dict[str, Trial] = {}
    for name, each, variant in ways:
        trial = trials[name] = trial_of(each, domain, options.worlds, options.seed, variant=variant)
        if not options.json:
            shown.print(f"{trial.made:4} of {trial.tried}  [bold]{name}[/]")
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


def _play(ways: list[tuple[str, Situation, Variant]], domain: Domain[State], options: argparse.Namespace) -> int:
    from fr_synth.commands.reading import pages
    from fr_synth.commands.show import show_lines
    from fr_synth.run.trial import trial_of

    shown = console()
    missing = 0
    for name, each, variant in ways:
        keep = 1 if len(ways) > 1 else 2
        trial = trial_of(each, domain, options.worlds or _WORLDS, options.seed, keep=keep, variant=variant)
        missing += not trial.dialogues
        for dialogue in trial.dialogues:
            show_lines(pages(dialogue, full=False))
        for stage, reason in () if trial.dialogues else trial.reasons.items():
            shown.print(f"{name}: {stage}: {reason}", markup=False)
    return 1 if missing else 0


_WORLDS = 20  # worlds looked through for one that a situation fits


COMMAND = Command(
    name="situations",
    summary="List the situations that dialogues are about, try them out, or play one.",
    examples=(
        "funreason situations --domain banking",
        "funreason situations rent_goes_up --play",
        "funreason situations rent_goes_up --play --kinds all",
        "funreason situations --situations my_situations/ --domain travel --try 40",
    ),
    options=_options,
    run=_run,
)
