"""Seed to record: the one module that knows every stage, and the worker processes that share the work.

Record *i* depends on the run's seed, *i* and the configuration alone, so one worker and sixty-four write the same
bytes. Whether two records are alike is decided where they are put in order, by the indexes.
"""

from __future__ import annotations

import collections
import concurrent.futures
import contextlib
import functools
import gc
import itertools
import multiprocessing
import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from fr_envs.episode.trajectory import first_state
from fr_envs.errors import UsageError
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.situation.loading import load_situations, most_turns, read_situations, situations_in
from fr_envs.world.domain import SCALES
from fr_envs.world.registry import OwnWorld, add_world, is_shared, load_domain, own_worlds
from fr_synth.build.dialogue import REASONING, DialoguePlan, Dropped, Reasoning, Settings, make_dialogue
from fr_synth.run.copies import Likeness, likeness_of
from fr_synth.run.statistics import Summary, summarise
from fr_synth.sample.reaching.reach import POLICIES, SamplingPolicy
from fr_synth.sample.schedule import Offers, draw_situations, draw_targets
from fr_synth.sample.targets import Mix, offers_of, read_mix
from fr_synth.teachers.scripted import ScriptedTeacher
from fr_synth.trace.rows import RecordLines, encode
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import PROOFS, examine

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from multiprocessing.synchronize import Event

    from fr_envs.situation.spec import Situation
    from fr_envs.world.domain import Domain
    from fr_synth.teachers.protocol import Teacher
    from fr_synth.trace.records import Dialogue

__all__ = [
    "Made",
    "RunConfig",
    "make_index",
    "produce",
    "spare_the_collector",
    "summary_of",
    "teacher_of",
]


class RunConfig(msgspec.Struct, frozen=True):
    """What a run is. Everything here, and nothing else, decides its bytes.

    Attributes:
        domains: Worlds, taken in turn.
        seed: Seed of the run, from 0.
        turns: Least and most turns of a dialogue.
        calls: Least and most calls that a turn is drawn to have.
        scale: Size of the worlds.
        policy: How the sampler chooses.
        teacher: ``scripted`` or ``openai:MODEL``.
        base_url: Endpoint of an OpenAI teacher; empty for the client's own default.
        error_rate: Share of reasoning steps that the scripted teacher gets wrong at first.
        attempts: Most answers of the reasoner to one step.
        fan_out: Share of turns in which calls that do not depend on their order go out together, from 0 to 1.
        distractors: Share of turns with a read that nobody needs, from 0 to 1.
        depth: Least length of a dialogue's longest chain of values that turns strive for, in calls; 0 for none.
        retries: Further worlds tried for a dialogue that walks along every edge it is aimed at, before one that goes to
            the edge's consumer instead is taken; 0 or more.
        targets: What turns of drills aim at: a mix as ``fr_synth.sample.targets.read_mix`` reads it.
        drills: Share of dialogues that are drills of single targets, from 0 to 1; the others play situations. A world
            without situations has drills alone.
        situations: Folder or file of situations to play beside the shipped ones; empty for none.
        reasoning: How much is thought before calls and replies: ``full``, ``brief`` (by the scripted teacher, one
            sentence a message at most) or ``none`` (records without reasoning).
    """

    domains: tuple[str, ...]
    seed: int = 0
    turns: tuple[int, int] = (2, 4)
    calls: tuple[int, int] = (2, 4)
    scale: Literal["tiny", "small", "medium", "large"] = "small"
    policy: SamplingPolicy = "directed"
    teacher: str = "scripted"
    base_url: str = ""
    error_rate: float = 0.1
    attempts: int = 4
    fan_out: float = 1.0
    distractors: float = 0.0
    depth: int = 4
    retries: int = 1
    targets: str = "mixed"
    drills: float = 0.15
    situations: str = ""
    reasoning: Reasoning = "full"

    def checked(self) -> RunConfig:
        """Return the configuration, lists in it made tuples.

        Raises:
            UsageError: Something in it cannot be; the message says what can.
        """
        for problem in self._unknown_choices():
            raise UsageError(problem)
        try:
            typed = msgspec.convert(msgspec.to_builtins(self), RunConfig)
        except (msgspec.ValidationError, TypeError) as error:
            raise UsageError(f"the configuration of a run cannot be this: {error}") from error
        typed._check()
        return typed

    def _check(self) -> None:
        if not self.domains:
            raise UsageError("no world; give at least one --domain")
        for name in self.domains:
            load_domain(name)
        for problem in self._problems():
            raise UsageError(problem)
        mix = read_mix(self.targets)
        for name in self.domains:
            if not {"tool", "edge"}.intersection(mix) and not any(_offers(load_domain(name))[kind] for kind in mix):
                raise UsageError(f"{name} has no target of the kinds {', '.join(mix)}; add tool=1 to the targets")

    def _problems(self) -> Iterator[str]:
        yield from self._bad_spans()
        for name, share in (
            ("error rate", self.error_rate), ("fan-out", self.fan_out), ("distractors", self.distractors),
            ("drills", self.drills),
        ):  # fmt: skip
            if not 0 <= share <= 1:
                yield f"{name} {share}: give a number from 0 to 1"
        for name, number, least in (("seed", self.seed, 0), ("attempts", self.attempts, 1)):
            if number < least:
                yield f"{name} {number}: give {'an integer from 0' if least == 0 else 'at least 1'}"
        for name, number, most in (("depth", self.depth, _MOST), ("retries", self.retries, _ATTEMPTS - 1)):
            if not 0 <= number <= most:
                yield f"{name} {number}: give an integer from 0 to {most}"
        if self.teacher != "scripted" and not (self.teacher.startswith("openai:") and self.teacher[len("openai:") :]):
            yield f"no teacher {self.teacher!r}; give scripted or openai:MODEL"

    def _bad_spans(self) -> Iterator[str]:
        for name, (least, most) in (("turns", self.turns), ("calls", self.calls)):
            if not 1 <= least <= most <= _MOST:
                yield f"{name} {least}-{most}: give LEAST-MOST with 1 <= LEAST <= MOST <= {_MOST}"

    def _unknown_choices(self) -> Iterator[str]:
        if self.scale not in SCALES:
            yield f"no scale {self.scale!r}; there are {', '.join(SCALES)}"
        if self.policy not in POLICIES:
            yield f"no policy {self.policy!r}; there are {', '.join(POLICIES)}"
        if self.reasoning not in REASONING:
            yield f"no reasoning {self.reasoning!r}; there are {', '.join(REASONING)}"


_MOST = 12  # turns of a dialogue, calls of a turn
_ATTEMPTS = 12  # worlds tried for one index before it is given up
_PLAYS = 60  # the same where a situation is played: one that does not fit a world costs next to nothing
_WORLDS = 10  # worlds tried for a situation before the next one is


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

    return OpenAITeacher(config.teacher.removeprefix("openai:"), base_url=config.base_url or None)


class _WorkerContext(NamedTuple):
    """What a process needs to make records; made once a process."""

    domains: tuple[Domain[Any], ...]
    graphs: tuple[ApiGraph, ...]
    offers: tuple[Offers, ...]
    mix: Mix
    teacher: Teacher
    settings: Settings
    situations: tuple[tuple[Situation, ...], ...]


@functools.lru_cache(maxsize=16)
def _offers(domain: Domain[Any]) -> Offers:
    return offers_of(domain, ApiGraph(domain.spec))


def _worker_context(config: RunConfig) -> _WorkerContext:
    return _context_of(config, tuple(load_domain(name) for name in config.domains))


@functools.lru_cache(maxsize=4)
def _context_of(config: RunConfig, domains: tuple[Domain[Any], ...]) -> _WorkerContext:
    graphs = tuple(ApiGraph(domain.spec) for domain in domains)
    return _WorkerContext(
        domains=domains,
        graphs=graphs,
        offers=tuple(map(_offers, domains)),
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
            reasoning=config.reasoning,
        ),
        situations=tuple(_situations_of(config, domain.name) for domain in domains),
    )


@functools.lru_cache(maxsize=16)
def _all_situations(folder: str) -> tuple[Situation, ...]:
    own = read_situations(folder) if folder else ()
    names = {situation.name for situation in own}
    return (*own, *(shipped for shipped in load_situations() if shipped.name not in names))


def _situations_of(config: RunConfig, world: str) -> tuple[Situation, ...]:
    """Return the situations that a world plays, those that cannot have enough turns left out."""
    found = situations_in(world, _all_situations(config.situations))
    return tuple(each for each in found if most_turns(each) >= config.turns[0])


def make_index(config: RunConfig, index: int, first_attempt: int = 0) -> Made:
    """Make the record of an index, trying other worlds until one passes every proof.

    Args:
        config: What the run is.
        index: The index, from 0.
        first_attempt: Where to begin; the attempts before it are known to be of no use.
    """
    context = _worker_context(config)
    plan = draw_targets(config.seed, index, context.offers, config.turns, context.mix)
    domain = context.domains[plan.domain]
    situations = context.situations[plan.domain]
    order = draw_situations(config.seed, index, tuple(map(len, context.situations)), config.drills)
    dropped: list[str] = []
    reasons: list[str] = []
    attempts = _PLAYS if order else _ATTEMPTS
    for attempt in range(first_attempt, first_attempt + attempts):
        seed = (config.seed, index, attempt)
        name = f"{domain.name}-{index:06d}"
        played = situations[order[attempt // _WORLDS % len(order)]] if order else None
        strict = attempt < first_attempt + config.retries
        request = DialoguePlan(name, seed, plan.targets, strict, played, config.turns)
        made = make_dialogue(domain, context.graphs[plan.domain], request, context.settings, context.teacher)
        if isinstance(made, Dropped):
            dropped.append(made.stage)
            reasons.append(made.reason)
            continue
        evidence = gather(made, domain)
        finding = examine(evidence)
        if finding is not None:
            dropped.append(finding.proof)
            reasons.append(finding.problem)
            continue
        proven = msgspec.structs.replace(made, proofs=dict.fromkeys(PROOFS, True))
        lines, summary = encode(proven), summarise(proven, domain, evidence.states[0])
        return Made(index, attempt, lines, summary, tuple(dropped), tuple(reasons), likeness_of(proven))
    return Made(index, first_attempt + attempts - 1, None, None, tuple(dropped), tuple(reasons), None)


def summary_of(dialogue: Dialogue) -> Summary:
    """Return the figures of a record."""
    domain = load_domain(dialogue.domain)
    return summarise(dialogue, domain, first_state(domain, dialogue.seed, dialogue.scale))


def produce(config: RunConfig, first: int, workers: int) -> Generator[Made]:
    """Iterate over what becomes of the indexes from ``first`` on, in order, without end.

    Args:
        config: What the run is.
        first: First index.
        workers: Processes; 1 makes everything in this one.

    Raises:
        UsageError: Several processes would share a live service, or a process has died.
    """
    if workers == 1:
        with _sparing_the_collector():
            for index in itertools.count(first):
                yield make_index(config, index)
    live = next(filter(is_shared, config.domains), None)
    if live is not None:
        raise UsageError(f"{live} is one live service, which {workers} processes would play on at once: take 1 worker")
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    pool = concurrent.futures.ProcessPoolExecutor(
        workers, mp_context=context, initializer=_begin, initargs=(stop, own_worlds())
    )
    try:
        yield from _in_order(pool, config, first, workers * _AHEAD)
    except concurrent.futures.BrokenExecutor as error:
        raise UsageError(_DEAD_WORKER) from error
    finally:
        with _without_interrupts():  # a pool that is broken off while it winds up leaves workers that wait for ever
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


_DEAD_WORKER = (
    "a worker process has died: take fewer workers if memory ran out; "
    'a script that takes more than one has to do its work below if __name__ == "__main__":'
)
_AHEAD = 4  # batches in flight for each worker
_BATCH = 8  # indexes of a batch


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Hold Ctrl-C back. Processes started meanwhile never see it: the parent winds them up."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGALRM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_stopped: list[Event] = []  # in a worker: set once nobody waits for what it makes


def _begin(event: Event, worlds: Mapping[str, OwnWorld]) -> None:
    """Make a worker ready: it knows the worlds that its parent knows, and when to stop."""
    spare_the_collector()
    for name, world in worlds.items():
        add_world(name, world)
    _stopped[:] = [event]
    threading.Thread(target=_leave_after, args=(event,), daemon=True).start()


def _leave_after(event: Event) -> None:
    """Leave a worker soon after the run has been stopped, even if it waits for an endpoint: nobody waits for it."""
    while not event.is_set():
        time.sleep(_LOOK)
    time.sleep(_GRACE)
    os._exit(1)


_LOOK = 0.2  # seconds between two looks whether the run has been stopped
_GRACE = 2.0  # seconds in which a worker may end by itself, which takes it a record at most


@contextlib.contextmanager
def _sparing_the_collector() -> Iterator[None]:
    """Spare the collector for a while; a program that makes records has other garbage too."""
    before = gc.get_threshold()
    spare_the_collector()
    try:
        yield
    finally:
        gc.set_threshold(*before)


def spare_the_collector() -> None:
    """Let Python look for cyclic garbage more seldom in a process that makes records.

    A record is tens of thousands of small objects without cycles, which go when the last reference does: looking
    through them took about a tenth of the time (``benchmarks/bench_synth.py`` with and without).
    """
    gc.set_threshold(*_GARBAGE)


_GARBAGE = (50_000, 20, 50)  # thresholds of the three generations


def _make_batch(config: RunConfig, first: int) -> list[Made]:
    """Make a batch; a short one, which nobody will read, once the run has been stopped."""
    indexes = range(first, first + _BATCH)
    return [make_index(config, index) for index in indexes if not any(event.is_set() for event in _stopped)]


def _in_order(
    pool: concurrent.futures.ProcessPoolExecutor, config: RunConfig, first: int, ahead: int
) -> Iterator[Made]:
    waiting: collections.deque[concurrent.futures.Future[list[Made]]] = collections.deque()
    while True:
        while len(waiting) < ahead:
            with _without_interrupts():  # a worker starts when there is work for it
                waiting.append(pool.submit(_make_batch, config, first))
            first += _BATCH
        yield from waiting.popleft().result()
