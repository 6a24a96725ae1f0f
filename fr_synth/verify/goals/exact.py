"""The goal of a turn is no more and no less than what its requests did and told.

1. Its changes are those of the turn, in the order in which the states differ; in incidental tables those that a
   requested call made.
2. Its answers are told in the reply, in words that say them, and come from requested reads, each of which gives what
   one way of telling its result tells.
3. Where the right move is to do nothing, nothing is done.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import msgspec

from fr_envs.contract.spec import PLACEHOLDER
from fr_envs.episode.judging.saying import says
from fr_envs.episode.judging.verdicts import Context, answer_said, judge
from fr_envs.json_values import scalars
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.replies import ways_told
from fr_synth.language.verbalise import singular
from fr_synth.verify.words.said_dates import names_day
from fr_synth.verify.words.text import same_json

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from fr_envs.episode.task import Answer, Goal
    from fr_synth.trace.records import CallRecord
    from fr_synth.trace.turn_trace import Reply
    from fr_synth.verify.evidence import Evidence

__all__ = ["inexact_goals"]

_ENCODER = msgspec.json.Encoder(order="deterministic")  # rows are structs in a walk, and objects in a file


def inexact_goals(evidence: Evidence) -> Iterator[str]:
    """Iterate over what goals ask for and nobody did or told, and over what was done and told and they do not ask for.

    Args:
        evidence: The record and its replay.
    """
    for number in range(len(evidence.dialogue.turns)):
        for problem in (*_other_than_done(evidence, number), *_other_than_told(evidence, number)):
            yield f"turn {number}: {problem}"


def _other_than_done(evidence: Evidence, number: int) -> Iterator[str]:
    """The changes of a goal are those of the turn; in incidental tables those that a requested call made."""
    turn, own, hooks = evidence.dialogue.turns[number], _own(evidence, number), evidence.domain.hooks
    asked = [k for k in own if evidence.dialogue.calls[k].user_requested and evidence.dialogue.calls[k].error is None]
    effects = {evidence.domain.spec.tools[evidence.dialogue.calls[k].name].effect for k in asked}
    if turn.kind not in ("act", "missing_tool") and effects - {"read"}:
        yield f"a turn of kind {turn.kind} does what was asked for"
    if turn.kind == "act" and turn.goal.mentions:
        yield "what a reply has to name is only for turns in which nothing is done"
    if turn.goal.incidental != tuple(sorted(hooks.incidental)):
        yield "its incidental tables are not those of the world"
    meant = {
        (change.table, change.key)
        for k in asked
        for change in evidence.states[k].diff(evidence.states[k + 1])
        if change.table in hooks.incidental
    }
    done = evidence.states[own[0]].diff(evidence.states[own[-1] + 1]) if own else ()
    expected = [c for c in done if c.table not in hooks.incidental or (c.table, c.key) in meant]
    if _ENCODER.encode(expected) != _ENCODER.encode(turn.goal.changes):
        yield "the changes of its goal are not those that were made"


def _other_than_told(evidence: Evidence, number: int) -> Iterator[str]:
    """The answers of a goal are told in the reply and come from requested reads, each of which gives what it tells."""
    reads, reply = _reads(evidence, number), _reply(evidence, number)
    first = next((k for k, call in enumerate(evidence.dialogue.calls) if call.turn == number), 0)
    yield from _inexact_answers(evidence.dialogue.turns[number].goal, reads, reply, evidence.today(first))
    yield from _unpaid(evidence, number, reply)
    if evidence.dialogue.situation:  # told in words of the situation's own
        return
    yield from _told_otherwise(evidence, number, reply)
    answers = evidence.dialogue.turns[number].goal.answers
    answered = {call.name for call in reads if _is_answered(evidence, call, answers, reply)}
    asked = [call for call in reads if call.turn == number or answers]  # thanks ask for nothing
    for name in dict.fromkeys(call.name for call in asked):
        if name not in answered:
            yield f"what {name} was asked for is not among the answers of its goal"


def _inexact_answers(goal: Goal, reads: list[CallRecord], reply: str, today: datetime.date | None) -> Iterator[str]:
    given = [value for call in reads for value in scalars(call.result)]
    if len({answer.text for answer in goal.answers}) < len(goal.answers):
        yield "one answer stands in its goal twice"
    for answer in goal.answers:
        told = says(answer.text, answer.value) or names_day(answer.text, answer.value, today)
        if not answer.text.strip() or not told:
            yield f"the answer {answer.value!r} of its goal is not what its text {answer.text!r} says"
        elif not any(same_json(value, answer.value) for value in given):
            yield f"the answer {answer.text!r} of its goal comes from no requested read"
        elif not answer_said(reply, answer):
            yield f"the reply does not tell the answer {answer.text!r}"


def _unpaid(evidence: Evidence, number: int, reply: str) -> Iterator[str]:
    """The reply is judged as an agent's would be: after a call that failed, and where the move is another."""
    own, dialogue = _own(evidence, number), evidence.dialogue
    kind = dialogue.turns[number].kind
    calls = [dialogue.calls[k] for k in own]
    if kind == "act" and not any(call.error for call in calls):
        return
    first = sum(call.turn < number for call in dialogue.calls)
    told = [] if kind == "act" else [evidence.domain.system_text_at(evidence.states[0])]
    ways = " ".join(way.text for call in calls if call.error is None for way in _ways(evidence, call))
    context = Context(
        texts=[*told, *(evidence.user_text(each) for each in range(number + 1))],
        arguments=[call.arguments for call in calls],
        earlier=lambda: [call.result for call in dialogue.calls[:first] if call.error is None],
        errors=[call.result for call in calls if call.error is not None],
        reference=ways if kind == "act" else reply,
        kind=kind,
        called=[call.name for call in calls if call.error is None],
        tried=len(calls),
    )
    start, end = evidence.states[first], evidence.states[first + len(own)]
    results = [call.result for call in calls if call.error is None]
    verdict = judge(dialogue.turns[number].goal, start, end, results, reply, context)
    if verdict.contradiction:
        yield f"the reply contradicts what was done: {verdict.contradiction}"
    elif verdict.score < 1 and not verdict.forbidden:
        yield f"the reply earns {verdict.score:.2f}: {'; '.join(verdict.missing) or 'it passes results on'}"


def _told_otherwise(evidence: Evidence, number: int, reply: str) -> Iterator[str]:
    """What is told in the contract's own words has to have the values that belong there."""
    told: dict[str, bool] = {}  # a tool that is called twice need be told of once
    for k in _own(evidence, number):
        call = evidence.dialogue.calls[k]
        tool = evidence.domain.spec.tools.get(call.name)
        if tool is None or call.error is not None or not call.user_requested:
            continue
        starts = [place for each in tool.response_templates for place in _places(each, reply)]
        ways = _ways(evidence, call) if starts else []
        if ways:
            told[call.name] = told.get(call.name, False) or any(_is_told(way, reply, starts) for way in ways)
    for name, is_so in told.items():
        if not is_so:
            yield f"the reply tells in the contract's words what {name} gave, and not with its values"


_LAST_BREAK = re.compile(r'\n+"(?=\s|$)')


def _is_told(way: Reply, reply: str, places: list[tuple[int, int]]) -> bool:
    """Return True if a reply tells what a way tells: in the same words, or all of its values at one of some places."""
    told = _LAST_BREAK.sub('"', way.text)  # a text of several lines is quoted to the end of its last one
    if any(each in reply for each in (way.text, told, singular(way.text), singular(told))):
        return True
    parts = (reply[start : max(end, start + len(way.text))] for start, end in places)
    return bool(way.answers) and any(all(answer_said(part, answer) for answer in way.answers) for part in parts)


def _places(template: str, reply: str) -> list[tuple[int, int]]:
    """Return where a reply has the words of a template, with anything in its places."""
    words, pattern = _pattern(template)
    return [found.span() for found in pattern.finditer(reply)] if all(each in reply for each in words) else []


@functools.lru_cache(maxsize=4096)
def _pattern(template: str) -> tuple[tuple[str, ...], re.Pattern[str]]:
    """Return the words of a template, and those with anything between them as a pattern."""
    parts = tuple(PLACEHOLDER.split(template)[::2])
    return parts, re.compile(".+?".join(map(re.escape, parts)), re.DOTALL)


def _reads(evidence: Evidence, number: int) -> list[CallRecord]:
    tools = evidence.domain.spec.tools
    recalls = evidence.dialogue.turns[number].kind == "no_call"  # what is asked about was told before
    return [
        call
        for call in evidence.dialogue.calls
        if (call.turn == number or (recalls and call.turn < number))
        and call.user_requested
        and call.error is None
        and call.name in tools
        and tools[call.name].effect == "read"
    ]


def _ways(evidence: Evidence, call: CallRecord) -> list[Reply]:
    """Return the ways in which the contract tells what a call gave."""
    return ways_told(evidence.domain, ToolCall(call.name, call.arguments), call.result)


def _is_answered(evidence: Evidence, call: CallRecord, answers: tuple[Answer, ...], reply: str) -> bool:
    """Return True if all that one way of telling a result tells is among some answers; or no way tells anything.

    Of a list a part may be told; but what of it is said is an answer too.
    """
    ways, message = _ways(evidence, call), evidence.user_text(call.turn)
    texts = {answer.text for answer in answers}
    for way in ways:
        told = [answer for answer in way.answers if answer.text in texts]
        untold = [answer for answer in way.answers if answer.text not in texts]
        if not way.text:  # told in words made for it: what the person has said is no answer to them
            untold = [answer for answer in untold if not answer_said(message, answer)]
        if told and not any(answer_said(reply, answer) for answer in untold):
            return True
    return not any(way.answers for way in ways)


def _reply(evidence: Evidence, number: int) -> str:
    """Return the last thing that the assistant says in a turn."""
    messages, turns = evidence.dialogue.messages, evidence.dialogue.turns
    end = turns[number + 1].message if number + 1 < len(turns) else len(messages)
    said = [message for message in messages[turns[number].message : end] if message.get("role") == "assistant"]
    return str(said[-1].get("content")) if said else ""


def _own(evidence: Evidence, turn: int) -> list[int]:
    return [number for number, call in enumerate(evidence.dialogue.calls) if call.turn == turn]
