"""A situation played in a living world, turn by turn: what is said, what is called, what is thought and replied.

A situation is a goal grammar: each turn says what is wanted; which calls lead there is found in the world as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fr_envs.situation.spec import arrival_of
from fr_synth.language.mishaps import WhatWentWrong, once_again, outage_thoughts, worded
from fr_synth.language.taking_back import is_set_right
from fr_synth.sample.propriety import giving_up
from fr_synth.sample.turns import goal_of
from fr_synth.situations.awaiting import awaited_in, told_apart
from fr_synth.situations.calls.sourcing import Sourcing
from fr_synth.situations.calls.supply import Supply
from fr_synth.situations.casting import Misfit
from fr_synth.situations.listing import listed
from fr_synth.situations.mishaps.outage import outage_trace
from fr_synth.situations.mishaps.plan import NO_MISHAP, Mishap
from fr_synth.situations.mishaps.striking import Outage
from fr_synth.situations.mishaps.telling import asked_at_once, fitting, misread_in, unmet_by, with_mishaps
from fr_synth.situations.picking import picked
from fr_synth.situations.played import PlayedTurn, Thoughts, was_just_told
from fr_synth.situations.rendering import Rendered, as_spoken_by, one_that_fits
from fr_synth.situations.replying import Replies
from fr_synth.situations.rotation import wording_for
from fr_synth.situations.rules import work_out
from fr_synth.situations.scope import MissingPathError, Result, Worked
from fr_synth.situations.taking_back.reconsidering import TakenBack, corrected_after, let_be, wanted_otherwise
from fr_synth.trace.target import SituationTarget
from fr_synth.trace.turn_trace import TurnTrace
from fr_synth.verify.calls.necessity import unneeded

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import numpy as np

    from fr_envs.episode.turn_kind import TurnKind
    from fr_envs.json_values import JsonObject
    from fr_envs.situation.spec import Persona, Request, Situation, SituationTurn
    from fr_envs.world.state import State
    from fr_synth.language.taking_back import Reason
    from fr_synth.sample.walk import Walk
    from fr_synth.situations.rotation import Rotation
    from fr_synth.situations.scope import Scope
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["Player"]

# kinds of turn that the call which is not made would spoil
_BARRING = frozenset({"ask", "choose", "refuse", "confirm", "no_call"})
_MANY = 99  # turns that no dialogue has


class Player:
    """Plays one situation with one cast.

    Attributes:
        situation: The situation.
        persona: The manner in which the person speaks.
        wanted: Kinds of turn that may come up besides ``act``, each once; what comes up is taken out.
        others: Kinds that may come up in place of one that is wanted and that the situation has no turn of.
        ahead: Turns that can still come up, in order, each with whether it is the situation's first.
        ended: Nothing more is to be said.
        left: How many turns there is room for.
        wholly: Every turn that can comes up, whatever its kind.
        replies: Makes the replies.
        mishaps: Draws what is to go wrong in a turn.
        arrives: Draws whether a tool that was missing comes after all.
        reasons: Draws why what a turn asks for may be taken back, told whether it answers a question.
        befores: What is thought before calls, by their numbers.
        unasked: Numbers of the calls that the person did not ask for.
        rotation: How often somebody with that tone has come with the situation before, where the run goes around.
    """

    def __init__(
        self,
        situation: Situation,
        persona: Persona,
        scope: Scope,
        walk: Walk,
        rng: np.random.Generator,
        before: Player | None = None,
    ) -> None:
        """Stand before the first turn.

        Args:
            situation: The situation.
            persona: The manner.
            scope: Its cast and values.
            walk: Where the dialogue stands.
            rng: Chooses words.
            before: Who has played the dialogue so far, where this situation is an aside.
        """
        self.wanted: list[TurnKind] = []
        self.others: frozenset[TurnKind] = frozenset()
        self.ended, self.left = False, _MANY
        self.rotation: Rotation | None = None
        self.situation = situation
        self.persona = persona
        self.scope = scope
        self.walk = walk
        self.rng = rng
        self.replies: Replies = Replies(scope, walk, rng, [] if before is None else before.replies.told)
        self.replies.latest = "" if before is None else before.replies.latest
        self.sourcing = Sourcing(scope)
        self.sourcing.heard = self.sourcing.heard if before is None else before.sourcing.heard
        self.supply = Supply(scope, self.sourcing)
        self.mishaps: Callable[[], Mishap] = lambda: NO_MISHAP
        self.reasons: Callable[[bool], tuple[Reason, ...]] = lambda _answers: ()
        self.arrives: Callable[[], bool] = lambda: False
        self._coming: SituationTurn | None = None  # the turn in which a tool comes that is missing before it
        self._taken = False  # something has been taken back
        self._question: SituationTurn | None = None  # the turn before, which may have asked something
        self._again: SituationTurn | None = None
        self.ahead = [(turn, number == 0) for number, turn in enumerate(situation.turns)]
        self._owed = 0
        self.wholly = before is not None
        self.unasked: set[int] = set()
        self.befores: dict[int, str] = {}
        self._groups: set[str] = set()

    def play(self, *, sure: bool = False, room: bool = False) -> PlayedTurn | Misfit | None:
        """Play the next turn that comes up; None when there is none left.

        Args:
            sure: Take every turn that can come up, however small its chance.
            room: Something may fail to the end of this turn, so that the next one tries it again.
        """
        coming, self._coming = self._coming, None
        if coming is not None:
            return self._arrived(coming)
        while self.ahead and not self.ended:
            turn, first = self.ahead.pop(0)
            follows, self._owed = self._owed > 0, max(self._owed - 1, 0)
            if (follows or self._is_wanted(turn, first=first)) and self._comes_up(turn, first=first, sure=sure):
                self.ahead[:0] = [(follower, False) for follower in turn.then]
                self._owed += len(turn.then)
                self.ended = turn.last
                taken = self._taken_back(turn, first=first and not self.walk.turn)
                if taken is not None:
                    return taken
                self.supply.mishap = self._mishap(turn, room=room)
                before, heard = self.replies.latest, len(self.sourcing.heard)
                played = self.played(turn, first=first and not self.walk.turn)
                if isinstance(played, PlayedTurn) and was_just_told(played, before):
                    del self.sourcing.heard[heard:]
                    self.replies.latest = before
                    continue
                self._question = turn
                self._coming = arrival_of(turn) if self.left > 1 and turn.arrives and self.arrives() else None
                return played
        return None

    def _arrived(self, turn: SituationTurn) -> PlayedTurn | Misfit:
        """Play the turn in which a missing tool has come; nothing goes wrong in it by itself."""
        self.supply.mishap = NO_MISHAP
        played = self.played(turn, first=False)
        tools = tuple(request.call for request in turn.requests)
        return played if isinstance(played, Misfit) else played._replace(announced=tools)

    def _taken_back(self, turn: SituationTurn, *, first: bool) -> PlayedTurn | None:
        """Play a turn in which something is taken back, or is said that the next one puts right; None for no such."""
        question, self._question = self._question, None
        asked = None if question is None or all(each is not turn for each in question.then) else question
        free = not self._taken and turn is not self._again and turn.kind == "act"
        found = (self._taken_for(reason, turn, asked, first=first) for reason in self.reasons(asked is not None))
        taken = next(filter(None, found), None) if free else None
        if taken is None:
            return None
        self._taken, self._again = True, taken.again
        if taken.again is not None:
            self.ahead.insert(0, (taken.again, False))
            self._owed += 1
        return taken.played

    def _taken_for(
        self, reason: Reason, turn: SituationTurn, asked: SituationTurn | None, *, first: bool
    ) -> TakenBack | None:
        if reason == "correction":
            fits = len(turn.then) + 2 <= self.left
            return corrected_after(self, turn, asked, first=first) if fits else None
        taken = None if asked is None else wanted_otherwise(self, asked, turn)
        if taken is None and asked is not None and (taken := let_be(self, asked)) is not None:
            self.ahead, self._owed = [], 0  # what would have come of it is not wanted
            self.wanted = [kind for kind in self.wanted if kind != "no_call"]
        return taken

    @property
    def is_called_for(self) -> bool:
        """Whether a turn of a kind that is still wanted may come up."""
        return not self.ended and any(turn.kind in self.wanted for turn, _ in self.ahead)

    @property
    def owes(self) -> bool:
        """Whether what was begun goes on: a question was asked, or a yes is awaited."""
        return self._owed > 0 or self._coming is not None

    def _is_wanted(self, turn: SituationTurn, *, first: bool) -> bool:
        """Return True unless a turn is one of several ways to go on, and its kind is not called for."""
        if turn.kind == "act" or turn.kind in self.wanted or self.wholly or (first and not turn.instead):
            return True
        ahead = {each.kind for each, _ in self.ahead}
        return bool(self.wanted) and turn.kind in self.others and ahead.isdisjoint(self.wanted)

    def can_come(self, turn: SituationTurn, *, first: bool) -> bool:
        """Return True if a turn of those ahead can come up now, whatever its chance."""
        return self._is_wanted(turn, first=first) and self._has_room(turn) and self.scope.holds(turn.when)

    def _has_room(self, turn: SituationTurn) -> bool:
        return turn.instead not in self._groups and (not turn.then or len(turn.then) < self.left)

    def _comes_up(self, turn: SituationTurn, *, first: bool, sure: bool) -> bool:
        if not self._has_room(turn):
            return False
        drawn = self.rng.random() < turn.chance
        if not self.scope.holds(turn.when) or not (first or sure or drawn):
            return False
        if turn.kind in self.wanted:
            self.wanted.remove(turn.kind)
        elif turn.kind in self.others and self.wanted:
            self.wanted.pop(0)
        if turn.instead:
            self._groups.add(turn.instead)
        return True

    def played(self, turn: SituationTurn, *, first: bool) -> PlayedTurn | Misfit:
        """Play a turn that has come up."""
        if not self.work_out(turn.values):
            return Misfit("a value of the turn cannot be worked out")
        begun = self.walk.state, len(self.walk.steps)
        try:
            said = self.said(turn, first=first)
            self.sourcing.hear(said)
            opening = self._thought(turn.thought.plan), self._thought(turn.thought.direct)
            return self._done(turn, said, opening, begun)
        except MissingPathError as missing:
            return Misfit(f"a wording speaks of {missing}, which there is not")

    def _done(
        self, turn: SituationTurn, said: Rendered, opening: tuple[str, str], begun: tuple[State, int]
    ) -> PlayedTurn | Misfit:
        try:
            for request in turn.requests:
                if self.scope.holds(request.when) and not self._requested(request):
                    return Misfit(self.supply.problem or f"{request.call}: a pick or value is missing")
        except Outage:
            return self._cut_short(turn, said, opening, begun)
        finished = self._finished if turn.kind == "act" else self.leave
        return finished(turn, said, opening, begun)

    def _mishap(self, turn: SituationTurn, *, room: bool) -> Mishap:
        """Draw what is to go wrong in a turn; nothing does in one that tries again, or in which not to act is right."""
        if turn.kind != "act" or turn is self._again:
            return NO_MISHAP
        return fitting(self.mishaps(), turn, room=room)

    def said(self, turn: SituationTurn, *, first: bool) -> Rendered:
        """Return what the person says in a turn."""
        wording, persona = wording_for(self.persona, turn, self.rotation, self.rng), self.persona
        thanks = [each for each in persona.closers if each]
        thanked = any(heard.text.endswith(each) for heard in self.sourcing.heard for each in thanks)
        if thanked or turn.kind == "no_call":  # once is enough, and nobody thanks where nothing is asked for
            persona = msgspec.structs.replace(persona, closers=("",))
        if turn.kind != "act":  # what is not said counts, and a slip would hide what is
            persona = msgspec.structs.replace(persona, typos=0.0)
        return as_spoken_by(persona, wording, self.scope, self.rng, first=first)

    def work_out(self, values: dict[str, JsonObject]) -> bool:
        """Work out values; return whether all have one."""
        for name, rule in values.items():
            if "list" in rule:
                worked: Worked | None = listed(rule, self.scope, self.rng)
            else:
                worked = work_out(rule, self.scope, self.walk)
            if worked is None:
                return False
            self.scope.names[name] = worked
        return True

    # ------------------------------------------------------------------------------------------------------- requests

    def _requested(self, request: Request) -> bool:
        thought, number = self._thought(request.thought), len(self.walk.steps)
        self.supply.fails = request.fails
        made = self.supply.call(
            self.walk, request.call, request.arguments, asked=request.asked, lookups=request.lookups
        )
        if made is None:
            return False
        if not request.asked:
            self.unasked.add(len(self.walk.steps) - 1)
        for step in range(number, len(self.walk.steps) - 1):
            self.befores[step] = self._thought(self.supply.thought(self.walk.steps[step]))
        self.scope.names[request.name] = Result(len(self.walk.steps) - 1, "", made.result)
        self.befores[len(self.walk.steps) - 1] = thought
        if made.error:
            return True
        for name, each in request.picks.items():
            row = picked(self.scope, each)
            if row is None and not each.optional:
                self.supply.problem = f"{request.call}: no row fits {name}"
                return False
            if row is not None:
                self.scope.names[name] = row
            else:
                self.scope.names.pop(name, None)
        return self.work_out(request.values)

    # ------------------------------------------------------------------------------------------------- the turn's end

    def _finished(
        self, turn: SituationTurn, said: Rendered, opening: tuple[str, str], begun: tuple[State, int]
    ) -> PlayedTurn | Misfit:
        start, number = begun
        steps = giving_up(self.walk, self.walk.steps[number:])
        for step in steps[len(self.walk.steps) - number :]:
            self.walk.take(step)
        unmet = unmet_by(steps)
        if not any(step.user_requested for step in steps) and not unmet:
            return Misfit("nothing is called for what is wanted")
        reply = self.replies.reply(turn, number)
        if reply is None:
            return Misfit("no reply fits how it turned out")
        end = self.walk.state
        goal = msgspec.structs.replace(goal_of(self.walk.domain, steps, start, end, reply), unmet=unmet)
        if not goal.changes and not goal.answers and not unmet:
            return Misfit("the reply answers nothing and nothing has changed")
        for position in unneeded(self.walk.domain, start, steps, goal, set(), number):
            if number + position not in self.unasked:
                return Misfit(f"{steps[position].call.name} is needless")
            steps[position] = self.walk.steps[number + position] = self._aside(steps[position])
        trace = TurnTrace(SituationTarget(self.situation.name), tuple(steps), number, start, end, goal, reply)
        return PlayedTurn(trace, said.text, self._thoughts(turn, opening, trace), turn.traits)

    def _thoughts(self, turn: SituationTurn, opening: tuple[str, str], trace: TurnTrace) -> Thoughts:
        plan, direct = opening
        direct_first = bool(trace.steps) and asked_at_once(trace.steps) and bool(direct)
        found = self._thought(turn.thought.found, without=misread_in(trace.steps))
        close, befores = self._thought(turn.thought.close), self._befores(trace.steps, trace.first)
        return Thoughts(direct if direct_first else plan, found, close, befores, silent=is_set_right(turn))

    def _befores(self, steps: Sequence[ExecutedCall], first: int) -> dict[int, str]:
        """Return what is thought before single calls, by position: what the situation says, and what went wrong."""
        own = {step - first: thought for step, thought in self.befores.items() if step >= first and thought}
        mended = {step - first: each for step, each in self.supply.mended.items() if step >= first}
        return with_mishaps(steps, own, mended, self.rng)

    def _cut_short(
        self, turn: SituationTurn, said: Rendered, opening: tuple[str, str], begun: tuple[State, int]
    ) -> PlayedTurn:
        """End a turn in which something failed for good; the next one tries it again."""
        start, number = begun
        target = SituationTarget(self.situation.name)
        trace = outage_trace(self.walk, target, start, number, self.rng)
        thoughts = Thoughts(
            (trace.steps[0].error and opening[1]) or opening[0],
            self._thought(turn.thought.found),
            worded(WhatWentWrong(outage_thoughts()), self.rng),
            self._befores(trace.steps, number),
        )
        self._again = once_again(turn)
        self.ahead.insert(0, (self._again, False))
        self._owed += 1
        return PlayedTurn(trace, said.text, thoughts, turn.traits)

    def leave(
        self, turn: SituationTurn, said: Rendered, opening: tuple[str, str], begun: tuple[State, int]
    ) -> PlayedTurn | Misfit:
        """Finish a turn in which it is right not to do what is wanted: its reads and its reply stand."""
        start, number = begun
        reply = self.replies.reply(turn, number)
        if reply is None:
            return Misfit("no reply fits how it turned out")
        steps, awaited = self.walk.steps[number:], awaited_in(turn, self.scope)
        self.sourcing.leave_open(awaited)
        if turn.kind == "choose" and (awaited is None or awaited.choices(self.walk.steps[awaited.step].result) < 2):
            return Misfit("there is nothing to choose")
        reply, named = self.replies.left(turn, reply)
        if turn.kind == "choose" and awaited is not None and awaited.step < number:  # no answer of this turn tells them
            named = told_apart(awaited, self.walk.steps[awaited.step].result, reply.text)
        goal = goal_of(self.walk.domain, steps, start, self.walk.state, reply)
        barred = (turn.awaits.call,) if turn.awaits is not None and turn.kind in _BARRING else ()
        goal = msgspec.structs.replace(goal, mentions=named, barred=barred)
        aim = SituationTarget(self.situation.name)
        trace = TurnTrace(aim, tuple(steps), number, start, self.walk.state, goal, reply, turn.kind, awaited)
        return PlayedTurn(trace, said.text, self._thoughts(turn, opening, trace), turn.traits)

    def _aside(self, step: ExecutedCall) -> ExecutedCall:
        """Return an unasked call that nothing rests on as what it is: a check, or giving something up."""
        reads = self.walk.domain.spec.tools[step.call.name].effect == "read"
        return step._replace(purpose="check" if reads else "closing")

    def _thought(self, wordings: tuple[str, ...], without: Collection[str] = ()) -> str:
        return one_that_fits(wordings, self.scope, self.rng, without)
