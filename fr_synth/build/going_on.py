"""A long dialogue: when one matter is done, the person goes on with the next, until there are as many turns as wanted.

Each matter is proven, with all that came before it, as soon as it is told. One that does not hold is taken back as if
it had never been said, and another takes its place: a dialogue of many matters is no likelier to fall than one of few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from fr_envs.situation.loading import most_turns
from fr_synth.build.asides import play_aside
from fr_synth.build.plan import Dropped
from fr_synth.situations.rotation import comes_with
from fr_synth.situations.taking_back.another import spared
from fr_synth.verify.evidence import gather
from fr_synth.verify.proofs import examine

if TYPE_CHECKING:
    import numpy as np

    from fr_envs.episode.faults import Fault
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.situation.spec import Situation
    from fr_envs.world.domain import Domain
    from fr_envs.world.state import State
    from fr_synth.build.guided_chain import Transcript
    from fr_synth.build.plan import DialoguePlan, Settings
    from fr_synth.build.rewording import Spoken
    from fr_synth.sample.walk import Walk
    from fr_synth.situations.played import PlayedTurn
    from fr_synth.situations.playing import Player
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.dataflow.provenance import Knowledge
    from fr_synth.trace.records import CallRecord, Dialogue, TurnRecord

__all__ = ["Making", "go_on"]


class Making(Protocol):
    """What makes a dialogue, as far as going on needs it.

    Attributes:
        domain: The world.
        plan: What the dialogue is to be.
        settings: What all dialogues have in common.
        walk: Where it stands.
        words: Chooses words.
        transcript: What is written so far.
        turns: Its turns so far.
        issued: What only outputs have told so far.
        faults: What goes wrong in it on purpose.
        spoken: What was called by words of the teacher's own.
    """

    domain: Domain[Any]
    plan: DialoguePlan
    settings: Settings
    walk: Walk
    words: np.random.Generator
    transcript: Transcript
    turns: list[TurnRecord]
    issued: dict[Json, None]
    faults: list[Fault]
    spoken: Spoken

    def speak(self, situation: Situation, turn: PlayedTurn, before: list[ExecutedCall]) -> Dropped | None:
        """Word a turn that was played; return why not if it cannot be worded."""

    def record(self) -> Dialogue | Dropped:
        """Put the record together; its proofs are still to be made."""


def go_on(maker: Making, player: Player) -> None:
    """Go on with what else the person has come for, until there are so many turns, or more would be too long.

    Args:
        maker: What makes the dialogue. The turns for which it goes on are drawn from the least to the most of its plan.
        player: Who has played it so far.
    """
    least, most = maker.plan.turns
    if len(maker.turns) >= least or not maker.plan.further or _fault(maker):
        return
    wanted = int(maker.words.integers(least, most + 1))
    for situation in maker.plan.further:
        player.left = most - len(maker.turns)
        if len(maker.turns) >= wanted or player.ended:
            break
        if comes_with(player.persona, situation) and most_turns(situation) <= player.left:
            mark = _mark(maker, player)
            fault = _told(maker, player, situation)
            if fault:
                _back(maker, player, mark)
            if fault == _TOO_LONG:
                break


_TOO_LONG = "tokens"


def _told(maker: Making, player: Player, situation: Situation) -> str:
    """Tell one matter; return at which stage or proof the dialogue falls with it, empty if it holds."""
    story = spared(situation, maker.settings.shares)
    played = play_aside(story, player, maker.walk, maker.words, maker.turns, wanted=player.wanted)
    if any(maker.speak(situation, turn, before) is not None for turn, before in played):
        return "words"
    return _fault(maker) if played else "situation"


def _fault(maker: Making) -> str:
    """Return at which stage or proof all that is told so far falls; empty if it holds."""
    made, first = maker.record(), maker.plan.situation
    if isinstance(made, Dropped):
        return made.stage
    finding = examine(gather(made, maker.domain, None if first is None else {first.name: first}))
    return "" if finding is None else finding.proof


class _Mark(NamedTuple):
    """Where a dialogue stands.

    Attributes:
        walk: The walk.
        state: State of what is written.
        messages: Its messages.
        calls: Its calls.
        said: What the user has said.
        knowledge: What its outputs have told.
        turns: Its turns.
        issued: What only outputs have told.
        faults: What goes wrong on purpose.
        spoken: What was called by words of the teacher's own.
        heard: Number of messages that the player has heard.
        told: Number of values that replies have told.
        latest: The latest reply.
    """

    walk: Walk
    state: State
    messages: list[JsonObject]
    calls: list[CallRecord]
    said: list[str]
    knowledge: Knowledge
    turns: list[TurnRecord]
    issued: dict[Json, None]
    faults: list[Fault]
    spoken: Spoken
    heard: int
    told: int
    latest: str


def _mark(maker: Making, player: Player) -> _Mark:
    written = maker.transcript
    return _Mark(
        maker.walk.fork(), written.state, [*written.messages], [*written.calls], [*written.said],
        written.knowledge.fork(), [*maker.turns], {**maker.issued}, [*maker.faults], {**maker.spoken},
        len(player.sourcing.heard), len(player.replies.told), player.replies.latest,
    )  # fmt: skip


def _back(maker: Making, player: Player, mark: _Mark) -> None:
    written = maker.transcript
    maker.walk.become(mark.walk)
    maker.walk.turn, maker.walk.turn_state = mark.walk.turn, mark.walk.turn_state
    written.state, written.knowledge = mark.state, mark.knowledge
    written.messages, written.calls, written.said = mark.messages, mark.calls, mark.said
    maker.turns, maker.issued, maker.faults, maker.spoken = mark.turns, mark.issued, mark.faults, mark.spoken
    del player.sourcing.heard[mark.heard :], player.replies.told[mark.told :]
    player.replies.latest = mark.latest
