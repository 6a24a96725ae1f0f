"""What a dialogue is to be, what all dialogues of a run have in common, and why one did not come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

from fr_synth.build.offer import ALL_TOOLS
from fr_synth.build.showing import Stage
from fr_synth.sample.reaching.reach import Limits, SamplingPolicy
from fr_synth.sample.weights import DEFAULT_WEIGHTS, SamplerWeights
from fr_synth.situations.mishaps.plan import NO_SHARES, Shares

if TYPE_CHECKING:
    from fr_envs.episode.turn_kind import TurnKind
    from fr_envs.situation.spec import Situation
    from fr_synth.situations.rotation import Rotation
    from fr_synth.trace.target import Target

__all__ = ["REASONING", "DialoguePlan", "Dropped", "Reasoning", "Settings"]

Reasoning: TypeAlias = Literal["none", "brief", "full"]
"""How much is thought: nothing, at most one sentence a message, or as much as there is to decide."""

REASONING: tuple[Reasoning, ...] = get_args(Reasoning)
"""Every way, from the shortest."""


class Settings(NamedTuple):
    """What all dialogues of a run have in common.

    Attributes:
        policy: How the sampler chooses.
        scale: Size of the worlds.
        calls: Least number of calls that a turn is drawn to have, and the most; a turn may still have fewer or more.
        limits: How far the sampler goes for a target.
        attempts: Most answers of the reasoner to one step.
        fan_out: Share of turns in which calls that do not depend on their order go out together, from 0 to 1.
        distractors: Share of turns with a read that nobody needs, from 0 to 1.
        depth: Least length of a dialogue's longest chain of values that turns strive for, in calls; 0 for none.
        stage: Which tools a dialogue offers, under which names, and how long it may be.
        weights: How the sampler weighs its choices.
        reasoning: How much is thought before calls and replies.
        shares: How often which trait is to come up.
        whole: Every turn of a situation comes up that can, however small its chance.
        menu: The teacher chooses what a person asks next, and words turns of other kinds than ``act`` too.
    """

    policy: SamplingPolicy = "directed"
    scale: Literal["tiny", "small", "medium", "large", "busy"] = "small"
    calls: tuple[int, int] = (2, 4)
    limits: Limits = Limits(calls=9, misses=5, ways=1)
    attempts: int = 4
    fan_out: float = 1.0
    distractors: float = 0.0
    depth: int = 4
    stage: Stage = Stage(ALL_TOOLS)
    weights: SamplerWeights = DEFAULT_WEIGHTS
    reasoning: Reasoning = "full"
    shares: Shares = NO_SHARES
    whole: bool = False
    menu: bool = False


class DialoguePlan(NamedTuple):
    """What one dialogue is to be.

    Attributes:
        id: Identifier within the run.
        seed: Seed of everything drawn for it.
        targets: For each turn what to aim at, first choice first.
        strict: A dialogue that does not walk along an edge which is a turn's first choice is dropped.
        situation: What the dialogue is about; None for a drill, whose turns aim at targets one by one.
        turns: Least and most turns of a situation; most of a drill, where turns lead up to its targets.
        kinds: Kinds of turn that should come up besides ``act``, as often as they are named.
        asides: For each of these kinds what can be said besides, first choice first.
        other_kinds: Kinds that may come up in place of one that the situation has no turn of.
        further: Situations that come next, in order, where the first has fewer turns than there have to be.
        rotation: How often the run has come to the situation before; None for a persona and wordings by chance.
        world: What names its world, where that is not its own alone; None for ``seed``.
        lone: It may end after its first turn, in a world without situations: nobody would go on with anything there.
    """

    id: str
    seed: tuple[int, ...]
    targets: tuple[tuple[Target, ...], ...]
    strict: bool = False
    situation: Situation | None = None
    turns: tuple[int, int] = (1, 12)
    kinds: tuple[TurnKind, ...] = ()
    asides: tuple[tuple[Situation, ...], ...] = ()
    other_kinds: frozenset[TurnKind] = frozenset()
    rotation: Rotation | None = None
    further: tuple[Situation, ...] = ()
    world: tuple[int, ...] | None = None
    lone: bool = False

    @property
    def least(self) -> int:
        """The fewest turns that it may have."""
        return 1 if self.lone else self.turns[0]

    def most_turns(self, *, one_thread: bool = False) -> int:
        """Return how many turns a drill may have: those that lead up to a target come besides, while there is room.

        Args:
            one_thread: It is about one thing, and has a turn a target.
        """
        return len(self.targets) if one_thread else max(len(self.targets), self.turns[1])


class Dropped(NamedTuple):
    """Why no dialogue came out.

    Attributes:
        stage: Where it ended: ``cast``, ``situation``, ``sampling``, ``aim``, ``query``, ``advanced``, ``chain``,
            ``teacher``, ``tokens``.
        reason: In words.
    """

    stage: str
    reason: str
