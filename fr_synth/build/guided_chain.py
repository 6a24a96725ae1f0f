"""Phase III: the guided iterative chain. A reasoner goes step by step; what it does is run, checked and criticised.

The hint is the description of the advanced tool and stays out of the record. A step passes when its calls run, every
argument can be traced at that moment, and the reasoning is faithful; a reply passes when the goal is reached and the
answers are told. On failure the critic's advice joins the prompt, at most ``attempts`` times a step.
"""

from __future__ import annotations

import collections
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from fr_envs.episode.faults import fault_at, refused_by
from fr_envs.episode.judging.verdicts import Context, answer_said
from fr_envs.episode.task import judge
from fr_envs.errors import TeacherError
from fr_envs.json_values import at_pointer
from fr_envs.streams import request_seed
from fr_envs.world.tool_call import ToolCall
from fr_synth.build.attribution import attribute
from fr_synth.language.verbalise import mentions_value
from fr_synth.teachers.protocol import Role, Teacher, TeacherRequest
from fr_synth.trace.dataflow.executed import ExecutedCall
from fr_synth.trace.dataflow.provenance import Knowledge, Output, harvest
from fr_synth.trace.failed_attempt import FailedAttempt
from fr_synth.trace.faulted import faults_in
from fr_synth.trace.records import CallRecord
from fr_synth.trace.target import SituationTarget
from fr_synth.verify.calls.independent import independent
from fr_synth.verify.faithful import leads_to, reasoning_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Domain, Outcome
    from fr_envs.world.state import State
    from fr_synth.trace.dataflow.executed import Purpose
    from fr_synth.trace.dataflow.provenance import Provenance
    from fr_synth.trace.turn_trace import TurnTrace

__all__ = ["Asking", "ChainRun", "Guide", "Transcript", "follow"]


class Guide(NamedTuple):
    """What the way through a turn looks like; only the scripted teacher sees it.

    Attributes:
        reasoning: The reasoning of each message, the reply's last.
        groups: Positions of the turn's calls that each message makes.
        reply: What the assistant says at the end.
    """

    reasoning: tuple[str, ...]
    groups: tuple[tuple[int, ...], ...]
    reply: str


class Transcript:
    """A dialogue while it is written: messages, calls, what is known, where the world stands."""

    def __init__(self, domain: Domain[Any], state: State, system: str) -> None:
        """Begin with the system message."""
        self.domain = domain
        self.state = state
        self.messages: list[JsonObject] = [{"role": "system", "content": system}]
        self.calls: list[CallRecord] = []
        self.knowledge = Knowledge()
        self.said: list[str] = []

    def hear(self, text: str) -> None:
        """Take the user's next message."""
        self.messages.append({"role": "user", "content": text})
        self.said.append(text)

    def take(self, reasoning: str, executed: Sequence[ExecutedCall], state: State) -> None:
        """Take a message that makes calls, and their results."""
        first, message = len(self.calls), len(self.messages)
        wire = [
            {"id": f"call_{first + k}", "type": "function", "function": {"name": name, "arguments": arguments}}
            for k, (name, arguments) in enumerate((each.call.name, each.call.arguments) for each in executed)
        ]
        self.messages.append({"role": "assistant", "content": "", "reasoning_content": reasoning, "tool_calls": wire})
        for k, each in enumerate(executed):
            text = json.dumps(each.result, ensure_ascii=False)
            self.messages.append(
                {"role": "tool", "tool_call_id": f"call_{first + k}", "name": each.call.name, "content": text}
            )
            if not each.aside:
                returns = self.domain.spec.tools[each.call.name].returns
                self.knowledge.learn(len(self.calls), each.turn, returns, each.result)
            self.calls.append(CallRecord.of(each, message))
        self.state = state

    def reply(self, reasoning: str, text: str) -> None:
        """Take the reply to the user."""
        self.messages.append({"role": "assistant", "content": text, "reasoning_content": reasoning})


class ChainRun(NamedTuple):
    """How a turn went.

    Attributes:
        attempts: How often the reasoner was asked.
        failed: The attempts that were not taken, in order, in the contract's names.
        failure: Why the turn was given up; empty if it was completed.
    """

    attempts: int
    failed: tuple[FailedAttempt, ...]
    failure: str

    @property
    def faults(self) -> tuple[str, ...]:
        """What the critic found on the way, in words."""
        return tuple(fault for attempt in self.failed for fault in attempt.faults)


class Asking(NamedTuple):
    """Whom to ask, and how often.

    Attributes:
        teacher: Reasoner and critic.
        attempts: Most answers to one step; 1 or more.
        seed: Seed of the turn's requests.
        policy: Rules that the agent is told.
        tools: OpenAI tools offered.
    """

    teacher: Teacher
    attempts: int
    seed: int
    policy: str
    tools: list[JsonObject]


class _Checked(NamedTuple):
    calls: list[ExecutedCall]
    state: State
    faults: list[str]


_MOST_MESSAGES = 24  # messages of one turn; a reasoner that needs more is lost


def follow(transcript: Transcript, trace: TurnTrace, guide: Guide, hint: Mapping[str, str], asking: Asking) -> ChainRun:
    """Let the reasoner work through a turn; what passes is added to the transcript.

    Args:
        transcript: The dialogue so far, the user's message included.
        trace: What the turn is for.
        guide: The way through it.
        hint: Name and description of the advanced tool.
        asking: Whom to ask, and how often.
    """
    turn = _Turn(transcript, trace, hint, asking)
    for number in range(_MOST_MESSAGES):
        position = turn.position(guide)
        own = guide.groups[position] if position < len(guide.groups) else ()
        calls = [_wire(trace.steps[k].call) for k in own]
        answer = {
            "reasoning": guide.reasoning[position],
            "calls": calls,
            "reply": None if calls else guide.reply,
        }
        done = turn.message(number, answer)
        if done or turn.failure:
            return ChainRun(turn.attempts, tuple(turn.failed), turn.failure)
    return ChainRun(turn.attempts, tuple(turn.failed), f"no reply after {_MOST_MESSAGES} messages")


def _wire(call: ToolCall) -> JsonObject:
    return {"name": call.name, "arguments": call.arguments}


class _Turn:
    """The reasoner's way through one turn."""

    def __init__(self, transcript: Transcript, trace: TurnTrace, hint: Mapping[str, str], asking: Asking) -> None:
        self.transcript = transcript
        self.trace = trace
        self.hint = hint
        self.asking = asking
        self.start = transcript.state
        self.first = len(transcript.calls)
        self.attempts = 0
        self.failed: list[FailedAttempt] = []
        self.failure = ""
        self.struck = faults_in(trace.steps[0].turn if trace.steps else 0, trace.steps)
        self.planned = {_key(step.call): step for step in trace.steps}
        issued = [
            found.value
            for step in trace.steps
            if not step.error
            for found in harvest(transcript.domain.spec.tools[step.call.name].returns, step.result)
            if transcript.domain.spec.kinds[found.kind].origin == "issued" and isinstance(found.value, str)
        ]
        self.issued = dict.fromkeys(issued)

    def position(self, guide: Guide) -> int:
        """Return the first group of planned calls that has not been made yet; their number when all have."""
        made = collections.Counter(
            _key(ToolCall(call.name, call.arguments)) for call in self.transcript.calls[self.first :]
        )
        for position, group in enumerate(guide.groups):
            planned = collections.Counter(_key(self.trace.steps[k].call) for k in group)
            if not planned <= made:
                return position
            made -= planned  # the same call may be planned once more
        return len(guide.groups)

    def message(self, number: int, guide: JsonObject) -> bool:
        """Get one message of the assistant right; return whether it was the reply."""
        errors: list[str] = []
        for attempt in range(self.asking.attempts):
            self.attempts += 1
            seed = request_seed(self.asking.seed, number, attempt)
            try:
                answer = self._asked("reason", {"errors": errors}, guide, seed)
            except TeacherError as error:
                self.failure = str(error)
                return False
            faults = self._tried(answer)
            if not faults:
                return not answer["calls"]
            self.failed.append(FailedAttempt.of(len(self.transcript.messages), answer, faults))
            advice = self._asked("critic", {"attempt": answer, "faults": faults}, {}, seed)
            errors = [*errors, str(advice["advice"])]
        self.failure = f"still wrong after {self.asking.attempts} attempts: {self.failed[-1].faults[-1]}"
        return False

    def _asked(self, role: Role, more: JsonObject, guide: JsonObject, seed: int) -> JsonObject:
        material = {
            "policy": self.asking.policy, "tools": self.asking.tools, "messages": self.transcript.messages[1:],
            "hint": self.hint["description"], **more,
        }  # fmt: skip
        return self.asking.teacher.complete(TeacherRequest(role, material, guide, seed)).content

    def _tried(self, answer: JsonObject) -> list[str]:
        """Run and check an answer; take it into the transcript if nothing is wrong with it."""
        reasoning = str(answer["reasoning"])
        calls = [ToolCall(call["name"], call["arguments"]) for call in answer["calls"]]
        known = self.transcript.knowledge
        heard = " ".join(self.transcript.said)
        unknown = [v for v in self.issued if not _is_known(known, v) and not mentions_value(heard, v)]
        faults = list(self._reasoning_faults(reasoning, calls, unknown))
        if not calls:
            faults += self._reply_faults(str(answer["reply"] or ""))
            if not faults:
                self.transcript.reply(reasoning, str(answer["reply"]))
            return faults
        checked = self._checked(calls)
        faults += checked.faults
        if not faults:
            self.transcript.take(reasoning, checked.calls, checked.state)
        return faults

    def _reasoning_faults(self, reasoning: str, calls: Sequence[ToolCall], unknown: Sequence[Json]) -> Iterator[str]:
        """Hold reasoning to its calls; to one that the turn has no use for it leads only by name."""
        tools = self.transcript.domain.spec.tools
        situated = isinstance(self.trace.target, SituationTarget)  # people of a situation think in words of their own
        planned = [call for call in calls if _key(call) in self.planned and not situated]
        under_way = situated and len(self.transcript.calls) > self.first
        if not reasoning and under_way and (calls or self._asked_for_all()):
            return
        if not reasoning and not situated and not self._decides(calls):
            return
        yield from reasoning_faults(reasoning, planned, unknown, self.hint["name"], tools)
        for call in calls:
            if _key(call) not in self.planned and not leads_to(reasoning, call, None):
                yield f"the reasoning does not lead to {call.name}"

    def _asked_for_all(self) -> bool:
        """Return True if the turn's calls so far are what was asked for and went through: its end decides nothing."""
        return all(made.user_requested and not made.error for made in self.transcript.calls[self.first :])

    def _decides(self, calls: Sequence[ToolCall]) -> bool:
        """Return True if something is decided in a message, so that it may not go without a thought."""
        asked = all(self._is_requested(call) for call in calls)
        return not asked or any(made.error for made in self.transcript.calls[self.first :])

    def _checked(self, calls: Sequence[ToolCall]) -> _Checked:
        """Run calls on a fork and trace their arguments."""
        state, faults = self.transcript.state, []
        done: list[ExecutedCall] = []
        for call in calls:
            outcome = self._struck(call, state, done) or self.transcript.domain.apply(state, call)
            if outcome.error is not None and not self._is_planned(call, outcome.error.code, done):
                faults.append(f"{call.name} fails with {outcome.error.code}: {outcome.error.message}")
                break
            executed, invented = self._executed(call, state, outcome)
            faults += [f"{call.name}: {p} was told by nobody: it is no output and not in the request" for p in invented]
            done.append(executed)
            state = outcome.state
        if not faults and len(done) > 1 and not independent(self.transcript.domain, done[0].before, done, state):
            faults.append("these calls depend on their order: make them one after the other")
        return _Checked(done, state, faults)

    def _executed(self, call: ToolCall, before: State, outcome: Outcome[Any]) -> tuple[ExecutedCall, list[str]]:
        """Return a call that was run, and the pointers to arguments that nobody has told."""
        sources, invented = self._sources(call)
        code = "" if outcome.error is None else outcome.error.code
        alike = [step for step in self.trace.steps if _key(step.call) == _key(call)]
        purpose: Purpose = next((step.purpose for step in alike), "needed")
        asked = not code and purpose != "slip" and self._is_requested(call)
        return ExecutedCall(
            call, outcome.value, before=before, after=outcome.state, sources=sources, mentions={},
            user_requested=asked, turn=len(self.transcript.said) - 1, error=code,
            purpose=purpose,
        ), invented  # fmt: skip

    def _is_planned(self, call: ToolCall, code: str, before: Sequence[ExecutedCall]) -> bool:
        """Return True if a call is one that the turn is to run into an error with, no more often than it is to."""
        planned = sum(step.error == code and _key(step.call) == _key(call) for step in self.trace.steps)
        own = [made.error == code for made in self.transcript.calls[self.first :]]
        return sum(own) + sum(each.error == code for each in before) < planned

    def _struck(self, call: ToolCall, state: State, before: Sequence[ExecutedCall]) -> Outcome[Any] | None:
        """Return what a fault of the turn makes of a call; None where none strikes."""
        made = [each.name for each in self.transcript.calls[self.first :]] + [each.call.name for each in before]
        fault = fault_at(self.struck, self.trace.steps[0].turn, call.name, made.count(call.name) + 1)
        return None if fault is None else refused_by(fault, state)

    def _is_requested(self, call: ToolCall) -> bool:
        return any(step.user_requested and step.call.name == call.name for step in self.trace.steps)

    def _sources(self, call: ToolCall) -> tuple[dict[str, Provenance], list[str]]:
        """Take the planned sources where the call is a planned one and they hold; else trace each value."""
        step = self.planned.get(_key(call))
        if step is not None and all(self._stands(call, pointer, source) for pointer, source in step.sources.items()):
            return dict(step.sources), []
        return attribute(self.transcript.domain, call, self.transcript.knowledge, self.transcript.said)

    def _stands(self, call: ToolCall, pointer: str, source: Provenance) -> bool:
        """Return True if a planned source is what it was planned to be: a detour moves the numbers of calls."""
        if not isinstance(source, Output):
            return True
        calls = self.transcript.calls
        if source.step >= len(calls):
            return False
        try:
            return bool(at_pointer(calls[source.step].result, source.pointer) == at_pointer(call.arguments, pointer))
        except LookupError:
            return False

    def _reply_faults(self, reply: str) -> list[str]:
        recalls = self.trace.kind == "no_call"  # what is asked about was told before
        since = self.transcript.calls[0 if recalls else self.first :]
        results = [call.result for call in since if call.error is None]
        silent = msgspec.structs.replace(self.trace.goal, mentions=(), unmet="")  # what is owned up to is read below
        verdict = judge(silent, self.start, self.transcript.state, results, "")
        faults = [f"not reached yet: {text}" for text in verdict.missing]
        faults += [f"nobody asked for the change of {c.table}[{c.key}]" for c in verdict.forbidden]
        faults += [f"the reply does not tell {a.text!r}" for a in self.trace.goal.answers if not answer_said(reply, a)]
        if not reply.strip():
            return [*faults, "the reply is empty"]
        return faults or self._unpaid(reply, [] if recalls else results)

    def _unpaid(self, reply: str, results: Sequence[JsonObject]) -> list[str]:
        """Say why a reply that tells everything would still earn less than all."""
        calls = self.transcript.calls
        made = calls[self.first :]
        told = [] if self.trace.kind == "act" else [str(self.transcript.messages[0]["content"])]
        context = Context(
            texts=[*told, *self.transcript.said],
            arguments=[call.arguments for call in made],
            earlier=lambda: [call.result for call in calls[: self.first] if call.error is None],
            errors=[call.result for call in calls[self.first :] if call.error is not None],
            reference=reply,
            kind=self.trace.kind,
            called=[call.name for call in made if call.error is None],
            tried=len(made),
        )
        verdict = judge(self.trace.goal, self.start, self.transcript.state, results, reply, context)
        if self.trace.goal.unmet and not verdict.owned:
            return [f"the reply lacks {verdict.missing[-1]}"]
        if verdict.contradiction:
            return [f"{verdict.contradiction}; tell what is so"]
        if self.trace.kind != "act" and verdict.score < 1:
            return [f"the reply lacks {each}" for each in verdict.missing]
        return ["the reply passes results on; tell what was asked"] if verdict.dumped else []


def _is_known(knowledge: Knowledge, value: Json) -> bool:
    return any(knowledge.sources(kind, value) for kind in knowledge.kinds())


def _key(call: ToolCall) -> str:
    return f"{call.name}{json.dumps(call.arguments, sort_keys=True)}"
