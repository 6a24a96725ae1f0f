"""One dialogue: N turns over one living world, each through all three phases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from fr_envs.episode.trajectory import first_state
from fr_envs.errors import TeacherError
from fr_envs.situation.loading import most_turns, tools_of
from fr_envs.streams import DialogueStream, draw_seed, generator, pick, world_seed
from fr_synth.build.answering import answering
from fr_synth.build.asides import arranged, play_aside, room_for
from fr_synth.build.choosing import let_choose
from fr_synth.build.going_on import go_on
from fr_synth.build.guided_chain import Asking, Guide, Transcript, follow
from fr_synth.build.message_groups import groups
from fr_synth.build.plain_asides import say_thanks, still_due, word_plainly
from fr_synth.build.plain_turns import said_plainly
from fr_synth.build.plan import REASONING, DialoguePlan, Dropped, Reasoning, Settings
from fr_synth.build.resting import resting_mentions
from fr_synth.build.rewording import WORDED, Asked, Spoken, heard_in, reworded
from fr_synth.build.settling import as_said, as_thought, calling_several, is_wished, macro_name, unpointed
from fr_synth.build.showing import Wanted, attempts_shown, show
from fr_synth.build.thought.deciding.turn import decided, decided_last
from fr_synth.build.thought.writing import closing, explain, in_brief
from fr_synth.language.plain_talk import WAYS, Way
from fr_synth.language.queries import Query, compose, spelt_out
from fr_synth.sample.advanced import abstract
from fr_synth.sample.following import Place, sample_following
from fr_synth.sample.turns import sample_turn
from fr_synth.sample.walk import Walk, WalkSettings
from fr_synth.situations.arriving import draw_arrivals
from fr_synth.situations.casting import Misfit, cast, today_of
from fr_synth.situations.mishaps.plan import draw_mishap
from fr_synth.situations.played import NO_THOUGHTS, PlayedTurn, Thoughts
from fr_synth.situations.playing import Player
from fr_synth.situations.rotation import persona_for
from fr_synth.situations.taking_back.another import draw_reasons, spared
from fr_synth.teachers.protocol import Teacher, TeacherRequest
from fr_synth.trace.faulted import faults_in
from fr_synth.trace.macro import AdvancedTool, run
from fr_synth.trace.records import Dialogue, TurnRecord
from fr_synth.trace.target import EdgeTarget
from fr_synth.trace.traits import traits_of
from fr_synth.verify.words.leaks import issued_values, leaks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.episode.faults import Fault
    from fr_envs.graph.api_graph import ApiGraph
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.situation.spec import Situation
    from fr_envs.world.domain import Domain
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.target import Target
    from fr_synth.trace.turn_trace import TurnTrace

__all__ = ["REASONING", "DialoguePlan", "Dropped", "Reasoning", "Settings", "make_dialogue"]


def make_dialogue(
    domain: Domain[Any], graph: ApiGraph, plan: DialoguePlan, settings: Settings, teacher: Teacher
) -> Dialogue | Dropped:
    """Make the dialogue of a plan. The same plan, settings and teacher give the same dialogue.

    Args:
        domain: The world.
        graph: Its API graph.
        plan: What the dialogue is to be.
        settings: What all dialogues have in common.
        teacher: Who writes the words.
    """
    maker = _Maker(domain, graph, plan, settings, teacher)
    if plan.situation is not None:
        return maker.played(plan.situation) or maker.record()
    left = plan.targets
    while left and len(maker.turns) < plan.most_turns(one_thread=settings.weights.one_thread):
        dropped = maker.turn(len(maker.turns), left[0])
        if dropped is not None and maker.may_end(dropped):
            break
        if dropped is not None:
            return dropped
        left = left[maker.walk.pending is None or settings.weights.one_thread :]  # else it is left to the next turn
    return (settings.weights.one_thread and say_thanks(maker)) or maker.record()


class _Maker:
    def __init__(
        self, domain: Domain[Any], graph: ApiGraph, plan: DialoguePlan, settings: Settings, teacher: Teacher
    ) -> None:
        self.domain = domain
        self.plan = plan
        self.settings = settings
        self.teacher = teacher
        self.seed = world_seed(plan.seed if plan.world is None else plan.world)
        state = first_state(domain, self.seed, settings.scale)
        self.words = generator(*plan.seed, DialogueStream.WORDS)
        walk_settings = WalkSettings(settings.depth, settings.distractors, settings.weights)
        self.walk = Walk(domain, graph, state, generator(*plan.seed, DialogueStream.SAMPLER), walk_settings)
        self.transcript = Transcript(domain, state, domain.system_text_at(state))
        self.turns: list[TurnRecord] = []
        self.issued: dict[Json, None] = {}  # what only outputs have told so far
        self.persona = ""
        self.way: Way = pick(generator(*plan.seed, DialogueStream.MANNER), WAYS)
        self.faults: list[Fault] = []
        self.spoken: Spoken = {}
        self.at_hand = set[str]()  # tools of what is told, called or not, and of what replies offer
        self.own_words = False  # some message is not as it was drafted

    def played(self, situation: Situation) -> Dropped | None:
        """Play a situation from beginning to end; return why not if it cannot be played here."""
        scope = cast(situation, self.walk)
        if isinstance(scope, Misfit):
            return Dropped("cast", f"{situation.name}: {scope.reason}")
        persona, rotation = persona_for(situation, self.plan.rotation, self.words)
        situation = spared(situation, self.settings.shares)
        player = Player(situation, persona, scope, self.walk, self.words)
        player.rotation, self.persona = rotation, persona.name
        player.wanted, player.others = [*self.plan.kinds], self.plan.other_kinds
        player.arrives = draw_arrivals(self.plan.seed, always=self.settings.whole)
        mishaps = generator(*self.plan.seed, DialogueStream.MISHAPS)
        taken = generator(*self.plan.seed, DialogueStream.TAKING_BACK)
        player.mishaps = lambda: draw_mishap(mishaps, self.settings.shares)
        player.reasons = lambda answers: draw_reasons(taken, self.settings.shares, answers=answers)
        least, most = self.plan.turns
        sure = self.settings.whole or sum(turn.chance == 1 for turn in situation.turns) < least
        own = {turn.kind for turn in situation.turns} & {*self.plan.kinds, *self.plan.other_kinds}
        kept = most - min(most - 1, room_for(self.plan.asides[len(own) :]))
        dropped = self._told(player, kept, sure=sure)
        spoken = len(self.turns)
        if dropped is None:
            go_on(self, player)
            dropped = self._besides(player)
        short = player.is_called_for or spoken < least
        if dropped is None and len(self.turns) == spoken and short:  # there was nothing to leave room for
            dropped = self._told(player, most, sure=sure)
        fits = least <= len(self.turns) <= most
        return dropped or (None if fits else Dropped("situation", f"{situation.name}: {len(self.turns)} turns"))

    def _told(self, player: Player, kept: int, *, sure: bool) -> Dropped | None:
        """Play a situation up to so many turns, and what is owed then; return why not if a turn cannot be played."""
        while len(self.turns) < kept or player.owes:
            if self.turns:
                self.walk.turn = len(self.turns) - 1  # it stands further where nothing came of a turn that was begun
                self.walk.next_turn()
            before, player.left = list(self.walk.steps), self.plan.turns[1] - len(self.turns)
            turn = self._next(player, sure=sure, room=len(self.turns) + 1 < kept)
            if turn is None or isinstance(turn, Dropped):
                return turn
            if (dropped := self.speak(player.situation, turn, before)) is not None:
                return dropped
        return None

    def _next(self, player: Player, *, sure: bool, room: bool) -> PlayedTurn | Dropped | None:
        """Play the next turn, with a menu the one that the teacher chooses; None if there is none."""
        menu, lacking = self.settings.menu, self.plan.turns[0] - len(self.turns)
        try:
            if menu and not let_choose(player, self._chosen, lacking):
                return None
        except TeacherError as error:
            return Dropped("teacher", str(error))
        turn = player.play(sure=sure or menu, room=room)
        if isinstance(turn, Misfit):
            return Dropped("situation", f"{player.situation.name}, turn {len(self.turns)}: {turn.reason}")
        return turn

    def speak(self, situation: Situation, turn: PlayedTurn, before: list[ExecutedCall]) -> Dropped | None:
        """Word a turn that was played; return why not if it cannot be worded."""
        self.at_hand.update(tools_of(situation), turn.trace.reply.offers)
        query = Query(spelt_out(self.domain, turn.trace.steps, turn.message, self.words), turn.message)
        try:
            dropped = self.worded(len(self.turns), turn.trace, before, query, turn)
        except TeacherError as error:
            return Dropped("teacher", str(error))
        return None if dropped is None else dropped._replace(reason=f"{situation.name}, {dropped.reason}")

    def _besides(self, player: Player) -> Dropped | None:
        """Say what is said besides, of each kind that did not come up by itself the first that can be."""
        open_, said = list(player.wanted), set[str]()
        for kind, choices in arranged(self.plan.kinds, self.plan.asides):
            if kind not in open_ or player.ended:
                continue
            open_.remove(kind)
            for aside in choices:
                if aside.name in said or len(self.turns) + most_turns(aside) > self.plan.turns[1]:
                    continue
                said.add(aside.name)
                player.left = self.plan.turns[1] - len(self.turns)
                played = play_aside(aside, player, self.walk, self.words, self.turns)
                for turn, before in played:
                    dropped = self.speak(aside, turn, before)
                    if dropped is not None:
                        return dropped
                if played:
                    break
        return None

    def turn(self, number: int, targets: Sequence[Target]) -> Dropped | None:
        """Make one turn; return why not if it cannot be made."""
        if number:
            self.walk.next_turn()
        before, pending = list(self.walk.steps), self.walk.pending
        one_thread = self.settings.weights.one_thread
        trace = self._sampled(number, targets)
        if trace is None:
            return Dropped("sampling", f"turn {number}: no way to {' or '.join(map(str, targets)) or 'nothing'}")
        aim = targets[0] if pending is None else pending.target
        if self.plan.strict and not one_thread and trace.target != aim and self._is_missed(number, aim):
            return Dropped("aim", f"turn {number}: no way along {aim} in this world")
        try:
            if one_thread:
                trace, query = said_plainly(self.walk, trace, before, (self.way, self.transcript.messages, self.words))
            else:
                query = compose(self.domain, trace.steps, trace.first, self.words, self.settings.weights.manner)
            if query is None:
                return Dropped("query", f"turn {number}: no words for a request of {trace.target}")
            trace = answering(self.domain, trace, before, query.hard, (self.words, self.settings.weights.manner))
            if one_thread:
                return word_plainly(self, number, trace, before, query)
            return self.worded(number, trace, before, query, PlayedTurn(trace, query.hard, NO_THOUGHTS))
        except TeacherError as error:
            return Dropped("teacher", str(error))

    def may_end(self, dropped: Dropped) -> bool:
        """Return True if a dialogue may end where no further turn follows from what was said."""
        enough = len(self.turns) >= self.plan.least
        return self.settings.weights.one_thread and enough and dropped.stage == "sampling"

    def _is_missed(self, number: int, aim: Target) -> bool:
        """Return True if an edge that a turn has not walked along will not be in a later one either."""
        goes_on = self.walk.pending is not None and number + 1 < self.plan.most_turns()
        return not goes_on and isinstance(aim, EdgeTarget)

    def _sampled(self, number: int, targets: Sequence[Target]) -> TurnTrace | None:
        policy, limits = self.settings.policy, self.settings.limits
        if self.settings.weights.one_thread:
            place = Place(number, self.plan.least, len(self.plan.targets))
            return sample_following(
                self.walk, [*still_due(self, number), *targets], place, policy=policy, limits=limits
            )
        least, most = self.settings.calls
        for target in targets:
            calls = int(self.words.integers(least, most + 1))
            trace = sample_turn(self.walk, target, policy=policy, calls=calls, limits=limits)
            if trace is not None:
                return trace
        return None

    def worded(
        self, number: int, trace: TurnTrace, before: list[ExecutedCall], query: Query, played: PlayedTurn
    ) -> Dropped | None:
        """Word a turn that was worked out; return why not if it cannot be worded."""
        advanced = self._advanced(trace)
        ran = run(self.domain, trace.start, advanced, advanced.example)
        if ran.failure or ran.state.digest != trace.end.digest:
            return Dropped("advanced", f"turn {number}: {ran.failure or 'the macro leads elsewhere'}")
        self.issued.update(dict.fromkeys(issued_values(self.domain, trace.steps)))
        if trace.kind == "act" or (self.settings.menu and trace.kind in WORDED):
            query = self._reworded(query, advanced, trace, before)
        leaked = leaks(query.hard, self.domain.spec.tools, self.issued)
        if leaked:
            return Dropped("query", f"turn {number}: the request gives away {leaked[0]}")
        settled = as_said(trace, query.hard) if self.plan.situation is None else trace
        user = len(self.transcript.messages)
        self.transcript.hear(query.hard)
        if self.own_words:
            settled = heard_in(settled, self.transcript.said, self.spoken, today_of(self.walk))
        guide = self._guide(settled, before, played.thoughts)
        asking = Asking(
            self.teacher, self.settings.attempts, self._seed(), self.domain.spec.policy, self.domain.openai_tools
        )
        hint = {"name": advanced.name, "description": advanced.description}
        chain = follow(self.transcript, settled, guide, hint, asking)
        if chain.failure:
            return Dropped("chain", f"turn {number}: {chain.failure}")
        mentions = resting_mentions(self.domain.spec, self.transcript, settled)
        self.faults += faults_in(number, trace.steps)
        traits = traits_of(self.domain, self.transcript.calls, number, played.traits)
        self.turns.append(
            TurnRecord(
                kind=trace.kind, target=str(trace.target), message=user, easy=query.easy, goal=trace.goal,
                advanced=advanced, mentions=mentions, attempts=chain.attempts, failed=chain.failed,
                parallel=calling_several(self.transcript.messages, user), awaited=trace.awaited, traits=traits,
                announced=played.announced,
            )
        )  # fmt: skip
        return None

    def _seed(self) -> int:
        return draw_seed(self.words, bits=30)

    def _advanced(self, trace: TurnTrace) -> AdvancedTool:
        """Make the macro of a turn and have it named and described."""
        wished = [step.call.name for p, step in enumerate(trace.steps) if is_wished(trace.steps, p)]
        requested = list(dict.fromkeys(wished))
        summary = " ".join(
            self.domain.spec.tools[name].description.split(". ")[0].rstrip(".") + "." for name in requested
        )
        plain = abstract(self.domain, trace, "", "")
        if not trace.steps:
            return plain
        takes = ", ".join(plain.parameters["properties"]) or "nothing"
        draft = {"name": macro_name(requested, self.domain.spec.tools), "description": f"{summary} Takes {takes}."}
        works = [step for step in trace.steps if not step.aside]
        steps = [{"name": step.call.name, "arguments": step.call.arguments, "result": step.result} for step in works]
        material: JsonObject = {"world": self.domain.spec.summary, "steps": steps, "draft": draft}
        content = self.teacher.complete(TeacherRequest("tooling", material, seed=self._seed())).content
        return msgspec.structs.replace(plain, name=str(content["name"]), description=str(content["description"]))

    def _chosen(self, material: JsonObject) -> Json:
        """Return what the teacher chooses from a menu."""
        asked = {**material, "history": self.transcript.messages[1:], **self._who()}
        return self.teacher.complete(TeacherRequest("choose", asked, seed=self._seed())).content["choice"]

    def _reworded(
        self, query: Query, advanced: AdvancedTool, trace: TurnTrace, before: Sequence[ExecutedCall]
    ) -> Query:
        seed, number = self._seed(), len(self.turns)
        material: JsonObject = {
            "advanced_tool": {"name": advanced.name, "description": advanced.description, "values": advanced.example},
            "never_say": [*self.domain.spec.tools, advanced.name, *map(str, self.issued)],
            "history": self.transcript.messages[1:],
            **self._who(),
        }

        def ask(demands: JsonObject) -> JsonObject:
            return self.teacher.complete(TeacherRequest("query", {**material, **demands}, seed=seed)).content

        situated, steps = self.plan.situation is not None, [*before, *trace.steps]
        asked = Asked(self.domain, trace, steps, number, today_of(self.walk), situated, self.issued)
        own, spoken = reworded(query, asked, ask, self.settings.attempts)
        self.own_words |= own.hard != query.hard
        self.spoken |= spoken
        return query._replace(easy=own.easy, hard=own.hard)

    def _who(self) -> JsonObject:
        """Return who speaks and why, for a teacher who words the request; nothing for a drill."""
        if self.plan.situation is None:
            return {}
        return {"situation": self.plan.situation.summary, "persona": self.persona.replace("_", " ")}

    def _guide(self, trace: TurnTrace, before: list[ExecutedCall], thoughts: Thoughts) -> Guide:
        fan_out = self.settings.fan_out >= 1 or self.words.random() < self.settings.fan_out
        together = groups(self.domain, trace.steps, trace.first, fan_out=fan_out)
        if self.plan.situation is None:
            if thoughts.close:
                return Guide((thoughts.close,), (), trace.reply.text)
            return self._drilled(trace, before, together)
        seen = unpointed(trace)  # its own words are no noun phrases
        reasoning = [explain(self.domain, seen, before, group, self.words) for group in together]
        asked = next((k for k, group in enumerate(together) if any(is_wished(trace.steps, p) for p in group)), -1)
        for number, group in enumerate(together):
            own = (thoughts.first if not number else "", thoughts.found if number and number == asked else "")
            if thought := " ".join(filter(None, (*own, *(thoughts.before.get(p, "") for p in group)))):
                reasoning[number] = thought
            else:
                reasoning[number] = "" if number else in_brief(self.domain, trace, group, reasoning[number])
        is_told = bool(thoughts.close) or thoughts.silent
        reasoning.append(thoughts.close if is_told else closing(self.domain, trace, before, self.words))
        if self.settings.reasoning == "brief":
            whole = zip(reasoning, [*together, []], strict=True)
            reasoning = [in_brief(self.domain, trace, group, thought) for thought, group in whole]
        return Guide(tuple(reasoning), tuple(tuple(group) for group in together), trace.reply.text)

    def _drilled(self, trace: TurnTrace, before: list[ExecutedCall], together: Sequence[Sequence[int]]) -> Guide:
        """Return the way through a turn of a drill: thoughts stand only where something is decided."""
        reasoning = [decided(self.domain, trace, before, group, self.words) for group in together]
        reasoning.append(decided_last(self.domain, trace, before, self.words))
        if self.settings.reasoning == "brief":
            whole = zip(reasoning, [*together, []], strict=True)
            reasoning = [thought and in_brief(self.domain, trace, group, thought) for thought, group in whole]
        return Guide(tuple(reasoning), tuple(tuple(group) for group in together), trace.reply.text)

    def record(self) -> Dialogue | Dropped:
        """Put the record together; its proofs are still to be made."""
        spec, stage = self.domain.spec, self.settings.stage
        awaited = [turn.awaited for turn in self.turns if turn.awaited is not None]
        messages = as_thought(self.transcript.messages, self.settings.reasoning)
        wanted = Wanted(
            frozenset({*self.at_hand, *(each.tool for each in awaited if each.tool)}),
            frozenset(name for each in awaited for name in each.withheld),
            {turn.message: turn.announced for turn in self.turns if turn.announced},
        )
        shown = show(self.walk.graph, self.domain, stage, self.plan.seed, (messages, self.transcript.calls), wanted)
        if shown is None:
            return Dropped("tokens", f"{len(self.turns)} turns have more than {stage.max_tokens} tokens")
        return Dialogue(
            id=self.plan.id, domain=spec.name, domain_version=spec.version, scale=self.settings.scale, seed=self.seed,
            teacher=self.teacher.name, messages=shown.messages, tools=shown.tools, offered=shown.offered,
            view=shown.view,
            turns=attempts_shown(self.turns, self.domain, shown.view), calls=shown.calls,
            sha256=self.transcript.state.sha256(),
            persona=self.persona, situation="" if self.plan.situation is None else self.plan.situation.name,
            faults=tuple(self.faults),
        )  # fmt: skip
