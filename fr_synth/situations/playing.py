"""A situation played in a living world, turn by turn: what is said, what is called, what is thought and replied.

A situation is a goal grammar: each turn says what is wanted; which calls lead there is found in the world as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fr_envs.episode.judging.verdicts import answer_said
from fr_envs.episode.task import Answer
from fr_envs.json_values import Json, JsonObject, pointer_of
from fr_envs.situation.conditions import matches, resolved
from fr_envs.situation.spec import TONES
from fr_envs.streams import pick
from fr_synth.sample.propriety import giving_up
from fr_synth.sample.turns import goal_of
from fr_synth.situations.casting import Misfit
from fr_synth.situations.listing import listed
from fr_synth.situations.mishaps.plan import NO_MISHAP, Mishap
from fr_synth.situations.mishaps.striking import Outage
from fr_synth.situations.mishaps.telling import asked_at_once, fitting, once_again, unmet_by, with_mishaps
from fr_synth.situations.mishaps.words import outage_reply, outage_thought
from fr_synth.situations.rendering import Rendered, as_spoken_by, render
from fr_synth.situations.rules import work_out
from fr_synth.situations.scope import MissingPathError, Result, Worked
from fr_synth.situations.sourcing import Sourcing
from fr_synth.situations.supply import Supply
from fr_synth.trace.target import SituationTarget
from fr_synth.trace.turn_trace import Reply, TurnTrace
from fr_synth.verify.necessity import unneeded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np

    from fr_envs.episode.traits import Trait
    from fr_envs.situation.spec import Persona, Pick, ReplyWordings, Request, Situation, SituationTurn
    from fr_envs.world.state import State
    from fr_synth.sample.walk import Walk
    from fr_synth.situations.scope import Scope
    from fr_synth.trace.executed import ExecutedCall

__all__ = ["NO_THOUGHTS", "PlayedTurn", "Player", "Thoughts"]


class Thoughts(NamedTuple):
    """What an expert thinks in a turn, as far as the situation says; empty texts where it does not.

    Attributes:
        first: Before the first call.
        found: Before the last requested call, where other calls go before it.
        close: Before the reply.
        before: Before single calls, by their place in the turn.
    """

    first: str
    found: str
    close: str
    before: Mapping[int, str] = {}


NO_THOUGHTS = Thoughts("", "", "")
"""What is thought where no situation says anything."""


class PlayedTurn(NamedTuple):
    """One turn.

    Attributes:
        trace: What happens.
        message: What the person says.
        thoughts: What the expert thinks.
        traits: What the person does besides, as the situation says.
    """

    trace: TurnTrace
    message: str
    thoughts: Thoughts
    traits: tuple[Trait, ...] = ()


class Player:
    """Plays one situation with one cast.

    Attributes:
        situation: The situation.
        persona: The manner in which the person speaks.
        mishaps: Draws what is to go wrong in a turn.
    """

    def __init__(
        self, situation: Situation, persona: Persona, scope: Scope, walk: Walk, rng: np.random.Generator
    ) -> None:
        """Stand before the first turn.

        Args:
            situation: The situation.
            persona: The manner.
            scope: Its cast and values.
            walk: A dialogue that has not begun.
            rng: Chooses words.
        """
        self.situation = situation
        self.persona = persona
        self.scope = scope
        self.walk = walk
        self.rng = rng
        self.sourcing = Sourcing(scope)
        self.supply = Supply(scope, self.sourcing)
        self.mishaps: Callable[[], Mishap] = lambda: NO_MISHAP
        self._next = 0
        self._again: SituationTurn | None = None
        self._unasked: set[int] = set()
        self._before: dict[int, str] = {}
        self._groups: set[str] = set()

    def play(self, *, sure: bool = False, room: bool = False) -> PlayedTurn | Misfit | None:
        """Play the next turn that comes up; None when there is none left.

        Args:
            sure: Take every turn that can come up, however small its chance.
            room: Something may fail to the end of this turn, so that the next one tries it again.
        """
        if self._again is not None:
            again, self._again = self._again, None
            self.supply.mishap = NO_MISHAP
            return self._played(again, first=False)
        while self._next < len(self.situation.turns):
            turn, first = self.situation.turns[self._next], self._next == 0
            self._next += 1
            if self._comes_up(turn, first=first, sure=sure):
                self.supply.mishap = fitting(self.mishaps(), turn, room=room)
                return self._played(turn, first=first)
        return None

    def _comes_up(self, turn: SituationTurn, *, first: bool, sure: bool) -> bool:
        if turn.instead and turn.instead in self._groups:
            return False
        drawn = self.rng.random() < turn.chance
        if not self.scope.holds(turn.when) or not (first or sure or drawn):
            return False
        if turn.instead:
            self._groups.add(turn.instead)
        return True

    def _played(self, turn: SituationTurn, *, first: bool) -> PlayedTurn | Misfit:
        if not self._work_out(turn.values):
            return Misfit("a value of the turn cannot be worked out")
        begun = self.walk.state, len(self.walk.steps)
        try:
            said = self._said(turn, first=first)
            self.sourcing.heard.append(said)
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
        return self._finished(turn, said, opening, begun)

    def _said(self, turn: SituationTurn, *, first: bool) -> Rendered:
        tone = next((tone for tone in self.persona.tones if tone in turn.say and tone in TONES), "plain")
        wording = pick(self.rng, turn.say[tone])
        return as_spoken_by(self.persona, wording, self.scope, self.rng, first=first)

    def _work_out(self, values: dict[str, JsonObject]) -> bool:
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
        thought = self._thought(request.thought)
        self.supply.fails = request.fails
        made = self.supply.call(
            self.walk, request.call, request.arguments, asked=request.asked, lookups=request.lookups
        )
        if made is None:
            return False
        if not request.asked:
            self._unasked.add(len(self.walk.steps) - 1)
        self.scope.names[request.name] = Result(len(self.walk.steps) - 1, "", made.result)
        self._before[len(self.walk.steps) - 1] = thought
        if made.error:
            return True
        for name, each in request.picks.items():
            row = self._picked(each)
            if row is None and not each.optional:
                self.supply.problem = f"{request.call}: no row fits {name}"
                return False
            if row is not None:
                self.scope.names[name] = row
            else:
                self.scope.names.pop(name, None)
        return self._work_out(request.values)

    def _picked(self, each: Pick) -> Result | None:
        """Return the row of a list that fits; None where none does, or an extreme is shared."""
        place = self.scope.pointer(each.rows)
        rows = self.scope.get(each.rows)
        if place is None or not isinstance(rows, list):
            return None
        where = resolved(each.where, self.scope.get)
        fitting = [(k, row) for k, row in enumerate(rows) if isinstance(row, dict) and matches(where, row)]
        member = each.least or each.most
        if member:
            valued = [(k, row) for k, row in fitting if row.get(member) is not None]
            if not valued:
                return None
            best: Json = (min if each.least else max)(row[member] for _, row in valued)
            fitting = [(k, row) for k, row in valued if row[member] == best]
            if len(fitting) != 1:
                return None
            by: JsonObject = {**where, member: best}
            way = ("least" if each.least else "most") if not where else "where"
        else:
            by, way = where, "where"
        if not fitting:
            return None
        number, row = fitting[0]
        return Result(place[0], place[1] + pointer_of([number]), row, way, by)

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
        reply = self._reply(turn, number)
        if reply is None:
            return Misfit("no reply fits how it turned out")
        end = self.walk.state
        goal = msgspec.structs.replace(goal_of(self.walk.domain, steps, start, end, reply), unmet=unmet)
        if not goal.changes and not goal.answers and not unmet:
            return Misfit("the reply answers nothing and nothing has changed")
        for position in unneeded(self.walk.domain, start, steps, goal, set(), number):
            if number + position not in self._unasked:
                return Misfit(f"{steps[position].call.name} is needless")
            steps[position] = self.walk.steps[number + position] = self._aside(steps[position])
        trace = TurnTrace(
            SituationTarget(self.situation.name),
            tuple(steps),
            number,
            start,
            end,
            goal,
            reply,
        )
        plan, direct = opening
        thoughts = Thoughts(
            direct if asked_at_once(steps) else plan,
            self._thought(turn.thought.found),
            self._thought(turn.thought.close),
            self._befores(steps, number),
        )
        return PlayedTurn(trace, said.text, thoughts, turn.traits)

    def _befores(self, steps: Sequence[ExecutedCall], first: int) -> dict[int, str]:
        """Return what is thought before single calls, by position: what the situation says, and what went wrong."""
        own = {step - first: thought for step, thought in self._before.items() if step >= first and thought}
        mended = {step - first: why for step, why in self.supply.mended.items() if step >= first}
        return with_mishaps(steps, own, mended, self.rng)

    def _cut_short(
        self, turn: SituationTurn, said: Rendered, opening: tuple[str, str], begun: tuple[State, int]
    ) -> PlayedTurn:
        """End a turn in which something failed for good; the next one tries it again."""
        start, number = begun
        steps = giving_up(self.walk, self.walk.steps[number:])
        for step in steps[len(self.walk.steps) - number :]:
            self.walk.take(step)
        code = next(step.error for step in steps if step.faulted)
        reply = Reply(outage_reply(code, self.rng), ())
        goal = goal_of(self.walk.domain, steps, start, self.walk.state, reply)
        goal = msgspec.structs.replace(goal, unmet=code)
        trace = TurnTrace(
            SituationTarget(self.situation.name), tuple(steps), number, start, self.walk.state, goal, reply
        )
        thoughts = Thoughts(
            opening[1] if steps[0].error else opening[0],
            self._thought(turn.thought.found),
            outage_thought(self.rng),
            with_mishaps(steps, {}, {}, self.rng),
        )
        self._again = once_again(turn)
        return PlayedTurn(trace, said.text, thoughts, turn.traits)

    def _aside(self, step: ExecutedCall) -> ExecutedCall:
        """Return an unasked call that nothing rests on as what it is: a check, or giving something up."""
        reads = self.walk.domain.spec.tools[step.call.name].effect == "read"
        return step._replace(purpose="check" if reads else "closing")

    def _thought(self, wordings: tuple[str, ...]) -> str:
        """Return one of the thoughts that can be filled now; empty where there is none."""
        for number in self.rng.permutation(len(wordings)):
            try:
                return render(wordings[int(number)], self.scope, self.rng).text
            except MissingPathError:
                continue
        return ""

    def _reply(self, turn: SituationTurn, first: int) -> Reply | None:
        for choice in turn.reply:
            if self.scope.holds(choice.when):
                rendered = render(pick(self.rng, choice.say), self.scope, self.rng)
                return Reply(rendered.text, self._answers(choice, rendered, first))
        return None

    def _answers(self, choice: ReplyWordings, rendered: Rendered, first: int) -> tuple[Answer, ...]:
        """Return what the reply tells of what was asked: values of requested reads of this turn, each once."""
        found: dict[str, Answer] = {}
        shown = [(filled.path, filled.value, filled.text) for filled in rendered.filled]
        for path, _, _ in list(shown):
            thing = self.scope.names.get(path)
            if isinstance(thing, Worked):
                shown += thing.tells
        shown += [(path, self.scope.value(path), "") for path in choice.answers]
        for path, value, text in shown:
            if self._is_asked(path, first) and not isinstance(value, dict | list) and value not in (None, ""):
                answer = Answer(value, text or str(value))
                if not answer_said(answer.text, answer):
                    answer = Answer(value, str(value))
                if answer_said(rendered.text, answer):
                    found.setdefault(answer.text, answer)
        return tuple(found.values())

    def _is_asked(self, path: str, first: int) -> bool:
        place = self.scope.pointer(path)
        if place is None or place[0] < first:
            return False
        step = self.walk.steps[place[0]]
        return step.user_requested and self.walk.domain.spec.tools[step.call.name].effect == "read"
