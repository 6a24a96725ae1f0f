"""What a run is: everything that decides its bytes, checked."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from fr_envs.errors import UsageError
from fr_envs.graph.api_graph import ApiGraph
from fr_envs.situation.loading import played_in
from fr_envs.world.domain import SCALES
from fr_envs.world.registry import load_domain
from fr_synth.build.dialogue import REASONING, Reasoning
from fr_synth.build.offer import ALL_TOOLS
from fr_synth.sample.kinds import read_kinds
from fr_synth.sample.reaching.reach import POLICIES, SamplingPolicy
from fr_synth.sample.targets import offers_of, read_mix
from fr_synth.situations.mishaps.plan import read_shares
from fr_synth.teachers.endpoint.options import EndpointOptions
from fr_synth.trace.tokens import token_counter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.world.domain import Domain
    from fr_synth.sample.schedule import Offers

__all__ = ["MOST_ATTEMPTS", "RunConfig", "targets_by_kind"]


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
        tools: Least and most tools that a dialogue offers: those that it calls and others; (0, 0) for all of a world.
        drills: Share of dialogues that are drills of single targets, from 0 to 1; the others play situations. A world
            without situations has drills alone.
        kinds: Shares of the turns that are not to be acted on, as ``fr_synth.sample.kinds.read_kinds`` reads them.
        traits: Shares of turns that are to have some traits, as
            ``fr_synth.situations.mishaps.plan.read_shares`` reads them; what is not named has its default share.
        reasoning: How much is thought before calls and replies: ``full``, ``brief`` (by the scripted teacher, one
            sentence a message at most) or ``none`` (records without reasoning).
        situations: Folder or file of situations to play beside the shipped ones; empty for none.
        rename: Share of dialogues that offer tools and parameters under other names, from 0 to 1.
        max_tokens: Most tokens that a record has, messages and tools; None for no bound.
        tokenizer: Folder of the tokenizer that counts them; empty for an estimate that is rather too high.
        endpoint: How an OpenAI teacher is asked; has no part in the bytes and does not stand in the manifest.
    """

    domains: tuple[str, ...]
    seed: int = 0
    turns: tuple[int, int] = (2, 4)
    calls: tuple[int, int] = (2, 4)
    scale: Literal["tiny", "small", "medium", "large", "busy"] = "small"
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
    tools: tuple[int, int] = (8, 20)
    drills: float = 0.0
    situations: str = ""
    reasoning: Reasoning = "full"
    rename: float = 0.3
    max_tokens: int | None = None
    tokenizer: str = ""
    kinds: str = "default"
    traits: str = ""
    endpoint: EndpointOptions = EndpointOptions()

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
        typed.endpoint.check()
        return typed

    def _check(self) -> None:
        if not self.domains:
            raise UsageError("no world; give at least one --domain")
        for name in self.domains:
            load_domain(name)
        for problem in self._problems():
            raise UsageError(problem)
        if self.tokenizer:
            token_counter(self.tokenizer)
        if self.situations:
            played_in(self.situations, self.domains)
        read_kinds(self.kinds)
        read_shares(self.traits)
        mix = read_mix(self.targets)
        for name in self.domains:
            if not {"tool", "edge"}.intersection(mix) and not any(
                targets_by_kind(load_domain(name))[kind] for kind in mix
            ):
                raise UsageError(f"{name} has no target of the kinds {', '.join(mix)}; add tool=1 to the targets")

    def _problems(self) -> Iterator[str]:
        yield from self._bad_spans()
        yield from self._bad_bounds()
        for name, share in (
            ("error rate", self.error_rate), ("fan-out", self.fan_out), ("distractors", self.distractors),
            ("drills", self.drills), ("rename", self.rename),
        ):  # fmt: skip
            if not 0 <= share <= 1:
                yield f"{name} {share}: give a number from 0 to 1"
        for name, number, least in (("seed", self.seed, 0), ("attempts", self.attempts, 1)):
            if number < least:
                yield f"{name} {number}: give {'an integer from 0' if least == 0 else 'at least 1'}"
        for name, number, most in (("depth", self.depth, _MOST), ("retries", self.retries, MOST_ATTEMPTS - 1)):
            if not 0 <= number <= most:
                yield f"{name} {number}: give an integer from 0 to {most}"
        if self.teacher != "scripted" and not (self.teacher.startswith("openai:") and self.teacher[len("openai:") :]):
            yield f"no teacher {self.teacher!r}; give scripted or openai:MODEL"

    def _bad_bounds(self) -> Iterator[str]:
        if self.max_tokens is not None and self.max_tokens < 1:
            yield f"max tokens {self.max_tokens}: give at least 1"
        if self.tokenizer and self.max_tokens is None:
            yield "a tokenizer counts the tokens of --max-tokens; give both, or neither"

    def _bad_spans(self) -> Iterator[str]:
        least, most = self.tools
        if self.tools != ALL_TOOLS and not 1 <= least <= most:
            yield f"tools {least}-{most}: give LEAST-MOST with 1 <= LEAST <= MOST, or all"
        for name, (least, most), bound in (("turns", self.turns, _MOST_TURNS), ("calls", self.calls, _MOST)):
            if not 1 <= least <= most <= bound:
                yield f"{name} {least}-{most}: give LEAST-MOST with 1 <= LEAST <= MOST <= {bound}"

    def _unknown_choices(self) -> Iterator[str]:
        if self.scale not in SCALES:
            yield f"no scale {self.scale!r}; there are {', '.join(SCALES)}"
        if self.policy not in POLICIES:
            yield f"no policy {self.policy!r}; there are {', '.join(POLICIES)}"
        if self.reasoning not in REASONING:
            yield f"no reasoning {self.reasoning!r}; there are {', '.join(REASONING)}"


_MOST = 12  # calls of a turn
_MOST_TURNS = 100  # of a dialogue
MOST_ATTEMPTS = 12
"""Worlds tried for one index of drills before it is given up."""


@functools.lru_cache(maxsize=16)
def targets_by_kind(domain: Domain[Any]) -> Offers:
    """Return every target of a world, by kind; made once."""
    return offers_of(domain, ApiGraph(domain.spec))
