"""One index of a run: worlds are tried until a dialogue passes every proof.

Record *i* depends on the run's seed, *i* and the configuration alone.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from fr_envs.episode.trajectory import first_state
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.situation.loading import (
    asides_in,
    load_situations,
    most_turns,
    read_situations,
    situations_in,
)
from fr_envs.streams import DialogueStream, generator
from fr_envs.world.registry import load_domain
from fr_synth.build.dialogue import DialoguePlan, Dropped, Settings, make_dialogue
from fr_synth.build.showing import Stage
from fr_synth.run.config import MOST_ATTEMPTS, targets_by_kind
from fr_synth.run.copies import Likeness, likeness_of
from fr_synth.run.statistics import Summary, summarise
from fr_synth.run.stories import ONE_MATTER, Stories, of_one, told_by_stories
from fr_synth.sample.kinds import read_kinds
from fr_synth.sample.purpose.dealt import thing_kinds
from fr_synth.sample.schedule import Aims, Offers, draw_drill, draw_kinds
from fr_synth.sample.targets import PRESETS, Mix, read_mix
from fr_synth.sample.trails import seen_in
from fr_synth.sample.weights import DRILL_WEIGHTS, LONE_DRILL_WEIGHTS, PLAIN_WEIGHTS, SamplerWeights
from fr_synth.situations.mishaps.plan import busy_share, read_shares
from fr_synth.situations.rotation import Rotation
from fr_synth.teachers.endpoint.spending import Usage
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.rows import RecordLines, encode
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import PROOFS, examine

if TYPE_CHECKING:
    from fr_envs.episode.turn_kind import TurnKind
    from fr_envs.situation.spec import Situation
    from fr_envs.world.domain import Domain
    from fr_synth.run.config import RunConfig
    from fr_synth.sample.kinds import KindShares
    from fr_synth.teachers.protocol import Teacher
    from fr_synth.trace.records import Dialogue
    from fr_synth.trace.target import Target

__all__ = ["Made", "let_go", "make_index", "prepare", "summary_of", "teacher_of", "usage_of"]

_PLAYS = 60  # worlds tried for one index where a situation is played: one that does not fit costs next to nothing
_PAID = 3  # attempts at one index for which a model was asked: one that fails three times will fail a fourth time
_UNPAID = frozenset({"cast", "situation", "sampling", "aim", "advanced"})  # stages before anybody is asked
_WORLDS = 10  # worlds tried for a situation before the next one is
_PLAIN_KINDS: dict[TurnKind, float] = {"ask": 1.0, "no_call": 0.5}
"""Kinds that come up in worlds without situations, and a factor of their shares: for thanks there is always room."""
_ALONE = 5  # dialogues that found nothing to go on with, before one may have a single turn
_BUSY_WORLDS = 2  # busy worlds tried for a situation before it is tried in one of the usual size
_ALIKE = 3  # falls for one and the same reason after which a situation is thought to fit no world
_ALIKE_PROVEN = 2  # the same where a whole dialogue was made each time, which costs most
_OF_THE_WORLD = frozenset({"cast", "situation", "advanced"})  # stages at which a world did not have what it takes


class _Choice:
    """Which situation of an order is tried.

    Attributes:
        number: Its place in the order.
        world: The attempt whose world it is tried in. Another world is made only where this one lacks what the
            situation needs: to make one costs more than to draw everything else anew.
    """

    def __init__(self, among: int, first_attempt: int) -> None:
        """Begin with the first of so many."""
        self.number = 0
        self.world = first_attempt
        self._among = among
        self._worlds = self._alike = 0
        self._reason = ""

    def scaled(self, settings: Settings, small: Settings) -> Settings:
        """Return the settings in which a situation is tried: a busy world that has no place for it is left."""
        return small if self._among and self._worlds >= _BUSY_WORLDS else settings

    def fell(self, attempt: int, stage: str, reason: str, *, busy: bool = False) -> None:
        """Go on to the next situation if this one has had its worlds, or falls the same way in each of them.

        A world that lacks what a situation speaks of says nothing of the next world, unless both are busy: what one of
        these has too much of, all have.

        Args:
            attempt: The attempt that fell.
            stage: Stage or proof at which it did.
            reason: Why, in words.
            busy: The worlds are busy.
        """
        named = _VALUES.sub("", reason)
        counts = busy or stage != "cast"
        self._alike = 0 if not counts else self._alike + 1 if named == self._reason else 1
        self._worlds, self._reason = self._worlds + 1, named
        alike = _ALIKE_PROVEN if stage in PROOFS else _ALIKE
        if self._among and (self._worlds >= _WORLDS or self._alike >= alike):
            self.number = (self.number + 1) % self._among
            self._worlds = self._alike = 0
        elif not self._among or stage in _OF_THE_WORLD:
            self.world = attempt + 1


_VALUES = re.compile(r"'[^']*'|\"[^\"]*\"|\d+")  # what a reason quotes is another in each world


class Made(NamedTuple):
    """What became of an index.

    Attributes:
        number: The index.
        attempt: The attempt that came through, or the last one.
        lines: The record as three lines of JSON; None if no attempt came through.
        summary: Its figures; None likewise.
        dropped: Stage or proof at which each failed attempt fell.
        reasons: Why, in words.
        likeness: What copies are found by; None if no attempt came through.
    """

    number: int
    attempt: int
    lines: RecordLines | None
    summary: Summary | None
    dropped: tuple[str, ...]
    reasons: tuple[str, ...]
    likeness: Likeness | None


def teacher_of(config: RunConfig) -> Teacher:
    """Return the teacher that a configuration names."""
    if config.teacher == "scripted":
        return ScriptedTeacher(config.error_rate)
    from fr_synth.teachers.openai import OpenAITeacher

    name = config.teacher.removeprefix("openai:")
    return OpenAITeacher(name, base_url=config.base_url or None, options=config.endpoint)


def prepare(config: RunConfig) -> None:
    """Make what all indexes of a configuration need, so that threads find it there and make no two of it."""
    _worker_context(config)


def usage_of(config: RunConfig) -> Usage:
    """Return what the teacher of a configuration was asked in this process; nothing for one that costs nothing."""
    from fr_synth.teachers.openai import OpenAITeacher

    teacher = None if config.teacher == "scripted" else _worker_context(config).teacher
    return teacher.usage if isinstance(teacher, OpenAITeacher) else Usage()


def let_go(config: RunConfig) -> None:
    """Let go of a model that was a run's teacher: its connections are closed, and what it has said of its endpoint."""
    from fr_synth.teachers.openai import OpenAITeacher

    teacher = None if config.teacher == "scripted" else _worker_context(config).teacher
    if isinstance(teacher, OpenAITeacher):
        _context_of.cache_clear()
        teacher.close()


class _WorkerContext(NamedTuple):
    """What a process needs to make records; made once a process."""

    domains: tuple[Domain[Any], ...]
    graphs: tuple[ApiGraph, ...]
    offers: tuple[Offers, ...]
    late: tuple[frozenset[Target], ...]
    mix: Mix
    teacher: Teacher
    settings: Settings
    situations: tuple[tuple[Situation, ...], ...]
    told: tuple[bool, ...]
    shares: KindShares
    asides: tuple[tuple[Situation, ...], ...]
    stories: Stories


def _worker_context(config: RunConfig) -> _WorkerContext:
    return _context_of(config, tuple(load_domain(name) for name in config.domains))


@functools.lru_cache(maxsize=4)
def _context_of(config: RunConfig, domains: tuple[Domain[Any], ...]) -> _WorkerContext:
    graphs = tuple(ApiGraph(domain.spec) for domain in domains)
    situations = tuple(_situations_of(config, domain.name) for domain in domains)
    kinds, traits = read_kinds(config.kinds), read_shares(config.traits)
    return _WorkerContext(
        domains=domains,
        graphs=graphs,
        offers=tuple(map(targets_by_kind, domains)),
        late=tuple(
            told_by_stories(targets_by_kind(domain), domain.spec, told) if config.drills < 1 else frozenset()
            for domain, told in zip(domains, situations, strict=True)
        ),
        mix=read_mix(config.targets),
        teacher=teacher_of(config),
        settings=Settings(
            config.policy,
            config.scale,
            config.calls,
            attempts=config.attempts,
            fan_out=config.fan_out,
            distractors=config.distractors,
            depth=config.depth,
            stage=Stage(config.tools, config.rename, config.max_tokens, config.tokenizer),
            reasoning=config.reasoning,
            shares=traits,
            menu=config.teacher != "scripted",
        ),
        situations=situations,
        told=tuple(bool(situations_in(domain.name, _all_situations(config.situations))) for domain in domains),
        shares=kinds,
        asides=tuple(asides_in(domain.name, _all_situations(config.situations)) for domain in domains),
        stories=Stories(config, situations, kinds, traits),
    )


@functools.lru_cache(maxsize=16)
def _all_situations(folder: str) -> tuple[Situation, ...]:
    own = read_situations(folder) if folder else ()
    names = {situation.name for situation in own}
    return (*own, *(shipped for shipped in load_situations() if shipped.name not in names))


def _situations_of(config: RunConfig, world: str) -> tuple[Situation, ...]:
    """Return the situations that a world plays, those left out that cannot have enough turns, one besides included."""
    found = situations_in(world, _all_situations(config.situations))
    besides = 1 if any(read_kinds(config.kinds).values()) else 0
    return tuple(each for each in found if most_turns(each) + besides >= of_one(config.turns))


def _rotated(order: tuple[int, ...], number: int) -> tuple[int, ...]:
    """Return the situations that come behind one in an order, those before it last."""
    return (*order[number + 1 :], *order[:number])


def _scaled(settings: Settings, domain: Domain[Any], seed: int, index: int) -> Settings:
    """Return the settings of a dialogue: some play in busy worlds instead of small ones."""
    drawn = generator(seed, index, 0, DialogueStream.SCALE).random()
    busy = settings.scale == "small" and domain.hooks.busy and drawn < busy_share(settings.shares)
    return settings._replace(scale="busy") if busy else settings


def _aimed_at(
    config: RunConfig, context: _WorkerContext, index: int, weights: SamplerWeights
) -> tuple[tuple[Target, ...], ...]:
    """Return what the turns of an index aim at if it is a drill."""
    world = index % len(context.domains)
    beside_stories = context.told[world] and config.drills < 1
    mix = context.mix
    if config.targets == "mixed" and (beside_stories or not context.told[world]):
        mix = PRESETS["edges" if beside_stories else "tools"]  # purposes lead along edges, each tool is begun with
    least, most = config.turns
    seen, turns = None, config.turns
    if context.told[world]:  # the last turn is kept for what has to be looked at first
        seen, turns = seen_in(context.domains[world].spec, has_room=most > least), (max(least, most - 1),) * 2
    aims = Aims(context.offers[world], mix, weights, context.late[world], seen)
    return draw_drill((config.seed, world), context.stories.drill(index), turns, aims)


def make_index(config: RunConfig, index: int, first_attempt: int = 0, teacher: Teacher | None = None) -> Made:
    """Make the record of an index, trying other worlds until one passes every proof.

    Args:
        config: What the run is.
        index: The index, from 0.
        first_attempt: Where to begin; the attempts before it are known to be of no use.
        teacher: Whom to ask in place of the one that the configuration names.
    """
    context = _worker_context(config)
    number = index % len(context.domains)
    told = context.told[number]
    weights = (LONE_DRILL_WEIGHTS if config.turns[1] == 1 else DRILL_WEIGHTS) if told else PLAIN_WEIGHTS
    aimed = _aimed_at(config, context, index, weights)
    domain = context.domains[number]
    situations = context.situations[number]
    order, kinds, whole, times = context.stories.story(index)
    if not told:
        plain = {kind: context.shares.get(kind, 0) * factor for kind, factor in _PLAIN_KINDS.items()}
        kinds = draw_kinds(config.seed, index, len(context.domains), config.turns, plain)
    others = frozenset(kind for kind, share in context.shares.items() if share)
    said = context.asides[number]
    asides = tuple(
        context.stories.besides(said, kind, index, place) for place, kind in enumerate(kinds if told else ())
    )
    usual = context.settings._replace(whole=whole)
    if not told or not order:
        usual = usual._replace(weights=weights)
    settings = _scaled(usual, domain, config.seed, index)
    dropped: list[str] = []
    reasons: list[str] = []
    attempts, choice = (_PLAYS if order else MOST_ATTEMPTS), _Choice(len(order), first_attempt)
    for attempt in range(first_attempt, first_attempt + attempts):
        if config.teacher != "scripted" and sum(stage not in _UNPAID for stage in dropped) >= _PAID:
            break
        seed = (config.seed, index, attempt)
        name = f"{domain.name}-{index:06d}"
        played = situations[order[choice.number]] if order else None
        rotation = None if choice.number else Rotation(config.seed, times)
        behind = _rotated(order, choice.number) if config.turns[0] > ONE_MATTER else ()
        strict = dropped.count("aim") < config.retries  # what falls for another reason has walked its edges
        turns, targets = _shorter(config.turns, aimed, dropped.count("tokens"))
        request = DialoguePlan(name, seed, targets, strict, played, turns, kinds, asides, others, rotation)
        further, world = tuple(situations[k] for k in behind), (config.seed, index, choice.world)
        lone = dropped.count("sampling") >= _ALONE and bool(thing_kinds(context.graphs[number]))
        request = request._replace(further=further, world=world, lone=lone)
        scaled = choice.scaled(settings, usual)
        made = make_dialogue(domain, context.graphs[number], request, scaled, teacher or context.teacher)
        if isinstance(made, Dropped):
            dropped.append(made.stage)
            reasons.append(made.reason)
            choice.fell(attempt, made.stage, made.reason, busy=scaled.scale == "busy")
            continue
        evidence = gather(made, domain, None if played is None else {played.name: played})
        finding = examine(evidence)
        if finding is not None:
            dropped.append(finding.proof)
            reasons.append(finding.problem)
            choice.fell(attempt, finding.proof, finding.problem)
            continue
        proven = msgspec.structs.replace(made, proofs=dict.fromkeys(PROOFS, True))
        lines, summary = encode(proven), summarise(proven, domain, evidence.states[0])
        return Made(index, attempt, lines, summary, tuple(dropped), tuple(reasons), likeness_of(proven))
    return Made(index, first_attempt + attempts - 1, None, None, tuple(dropped), tuple(reasons), None)


def _shorter(
    turns: tuple[int, int], targets: tuple[tuple[Target, ...], ...], times: int
) -> tuple[tuple[int, int], tuple[tuple[Target, ...], ...]]:
    """Return turns and targets of a dialogue that was too long so many times: one fewer each time."""
    most = max(turns[0], turns[1] - times)
    return (turns[0], most), targets[: max(turns[0], len(targets) - times)]


def summary_of(dialogue: Dialogue) -> Summary:
    """Return the figures of a record."""
    domain = load_domain(dialogue.domain)
    return summarise(dialogue, domain, first_state(domain, dialogue.seed, dialogue.scale))
