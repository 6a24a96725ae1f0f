"""The rules for calls that a fault of the task meets, and for mistakes of the agent's own.

A fault:

1. Every fault of a record strikes, and goes out alone.
2. One that passes is followed by the very same call, which works. One that lasts is tried again at most once; nothing
   of the tool works in the turn after it, nothing else is written after it, and the goal says that it was not done.
   One that meets a write says that nothing was changed: it could not be made again unseen otherwise.

Both stand only in turns of the kind ``act``. A slip:

3. It goes out alone, nobody asks for it, and a turn has one at most, and none beside a fault.
4. The next call of its tool is the right one: it works, and differs in one argument, which the slip has otherwise.
   Everything else comes from where the right call has it from.
5. One that fails has a value in the person's own words: the day, the option or the thing that the right value means. It
   fails because it is wrongly written, or with an error that the tool declares.
6. One that works reads, changes nothing, and comes right behind a list of the turn in which both things stand side by
   side under like labels; the right one has not been dealt with before.
"""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from fr_envs.contract.schemas import field_schema
from fr_envs.episode.faults import is_fault
from fr_synth.language.mishaps import slip_kind
from fr_synth.language.misreading import neighbours_of
from fr_synth.trace.faulted import faults_in
from fr_synth.verify.calls.errors import unexpected_errors
from fr_synth.verify.words.text import same_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import Json
    from fr_synth.trace.records import CallRecord
    from fr_synth.verify.evidence import Evidence

__all__ = ["corrected", "mishap_faults", "misread_in", "right_call"]

_MOST_TRIES = 2  # calls that a lasting fault meets


def corrected(evidence: Evidence, number: int) -> str:
    """Return the argument that a slip has wrong; empty for a call that is none, or that is not set right.

    Args:
        evidence: The record and its replay.
        number: The call.
    """
    calls = evidence.dialogue.calls
    call = calls[number]
    right = right_call(calls, number) if call.purpose == "slip" else None
    if right is None:
        return ""
    names = [
        name for name in {**right.arguments, **call.arguments} if right.arguments.get(name) != call.arguments.get(name)
    ]
    return names[0] if len(names) == 1 else ""


def right_call(calls: Sequence[CallRecord], number: int, *, works: bool = False) -> CallRecord | None:
    """Return the next call of the tool of a call in its turn; None where there is none.

    Args:
        calls: The record's calls.
        number: The call.
        works: Only one that works is meant.
    """
    call = calls[number]
    alike = (each for each in calls[number + 1 :] if (each.turn, each.name) == (call.turn, call.name))
    return next((each for each in alike if not (works and each.error)), None)


def mishap_faults(evidence: Evidence, own: Sequence[int]) -> Iterator[str]:
    """Iterate over what is wrong with the faults and the slips of a turn.

    Args:
        evidence: The record and its replay.
        own: Numbers of the turn's calls.
    """
    calls = evidence.dialogue.calls
    turn = calls[own[0]].turn
    told = tuple(fault for fault in evidence.dialogue.faults if fault.turn == turn)
    met = faults_in(turn, [calls[k] for k in own])
    if told != met:
        yield f"turn {turn}: the faults of its task are not those that its calls meet"
    slips = [k for k in own if calls[k].purpose == "slip"]
    if (slips or met) and evidence.dialogue.turns[turn].kind != "act":
        yield f"turn {turn}: something goes wrong where not to act is right"
    if len(slips) + len(met) > 1:
        yield f"turn {turn}: {len(slips) + len(met)} mishaps in one turn, which may have one"
    yield from _misplaced(calls, own, slips)
    for fault in met:
        yield from _of_fault(evidence, own, fault.tool, lasting=fault.lasting)
        if fault.manner == "terse" and evidence.domain.spec.tools[fault.tool].effect == "write":
            yield f"{fault.tool} fails with {fault.code}, is tried again, and nothing says that nothing was changed"
    for k in slips:
        for problem in _of_slip(evidence, k):
            yield f"call {k} ({calls[k].name}) is marked as a slip and {problem}"


def _misplaced(calls: Sequence[CallRecord], own: Sequence[int], slips: Sequence[int]) -> Iterator[str]:
    for k in own:
        wrong = is_fault(calls[k].error) or k in slips
        if wrong and sum(calls[other].message == calls[k].message for other in own) > 1:
            yield f"call {k} ({calls[k].name}) goes wrong beside others"


def _of_fault(evidence: Evidence, own: Sequence[int], tool: str, *, lasting: bool) -> Iterator[str]:
    calls = evidence.dialogue.calls
    struck = [k for k in own if calls[k].name == tool and is_fault(calls[k].error)]
    code, unmet = calls[struck[0]].error, evidence.dialogue.turns[calls[own[0]].turn].goal.unmet
    if any(not same_json(calls[k].arguments, calls[struck[0]].arguments) for k in struck):
        yield f"{tool} fails with {code} and is called with something else then"
    if lasting != (unmet == code):
        yield f"{tool} fails {'for good' if lasting else 'for once'} with {code}, and the goal says otherwise"
    if not lasting:
        after = calls[struck[-1] + 1] if struck[-1] + 1 in own else None
        again = after is not None and same_json(after.arguments, calls[struck[-1]].arguments)
        if after is None or after.name != tool or after.error or not again:
            yield f"{tool} fails with {code}, and is not simply tried again"
    elif len(struck) > _MOST_TRIES:
        yield f"{tool} fails with {code} and is tried {len(struck)} times"
    elif any(evidence.domain.spec.tools[calls[k].name].effect == "write" for k in own if _goes_on(evidence, k, struck)):
        yield f"{tool} fails with {code}, and something else is written in its stead"


def _goes_on(evidence: Evidence, number: int, struck: Sequence[int]) -> bool:
    """Return True if a call comes after those that a fault met, and does more than give up rights."""
    return number > struck[0] and number not in struck and evidence.dialogue.calls[number].purpose != "closing"


def _of_slip(evidence: Evidence, number: int) -> Iterator[str]:
    calls = evidence.dialogue.calls
    call, right = calls[number], right_call(calls, number)
    if call.user_requested:
        yield "asked for"
    if right is None or right.error or right.purpose == "slip" or not corrected(evidence, number):
        yield "not set right in one argument by the next call of its tool"
        return
    if any(source != right.sources.get(p) for p, source in call.sources.items() if not _is_wrong(evidence, number, p)):
        yield "takes the rest from elsewhere than the right call"
    if call.error is None:
        yield from () if misread_in(evidence, number) else ("works, and nothing beside it could be mixed up with it",)
        if evidence.states[number].digest != evidence.states[number + 1].digest:
            yield "changes something"
        return
    name = corrected(evidence, number)
    if not _is_slip(evidence, number, call.arguments.get(name), right.arguments.get(name)):
        yield f"has {call.arguments.get(name)!r} for {name}, which are not the person's words for it"
    if call.error not in ("invalid_arguments", *unexpected_errors(evidence.domain.spec, call.name)):
        yield f"fails with {call.error}, which is no slip"


def misread_in(evidence: Evidence, number: int) -> dict[str, str]:
    """Return what can be told of the two things that a slip mixes up; empty where nobody would mix them up.

    Args:
        evidence: The record and its replay.
        number: The call.
    """
    calls, spec = evidence.dialogue.calls, evidence.domain.spec
    call, right, name = calls[number], right_call(calls, number), corrected(evidence, number)
    if right is None or not name or not number or spec.tools[call.name].effect != "read":
        return {}
    value, kind = right.arguments.get(name), spec.tools[call.name].parameters[name].field.kind
    used = any(value in each.arguments.values() for each in calls[:number])
    if used or kind is None or calls[number - 1].turn != call.turn or calls[number - 1].error is not None:
        return {}
    beside = neighbours_of(spec, kind, value, evidence.results[number - 1], evidence.user_text(call.turn))
    return next((each.case for each in beside if each.wrong == call.arguments.get(name)), {})


def _is_slip(evidence: Evidence, number: int, wrong: Json, right: Json) -> bool:
    """Return True if a value is the person's words for another: for a day, an option, a thing by its name."""
    said = [evidence.user_text(each) for each in range(evidence.dialogue.calls[number].turn + 1)]
    if not isinstance(wrong, str) or not isinstance(right, str) or not any(wrong in text for text in said):
        return False
    why = slip_kind(wrong, right)
    if why == "format":
        return {*_figures(wrong)} <= {*_figures(right)} != set()
    if why == "word":
        field = evidence.domain.spec.tools[evidence.dialogue.calls[number].name].parameters[corrected(evidence, number)]
        return right in (field_schema(evidence.domain.spec, field.field).get("enum") or ())
    used = any(right in each.arguments.values() for each in evidence.dialogue.calls[:number])
    return not used and any(_stands_beside(result, wrong, right) for result in evidence.results[:number])


def _figures(text: str) -> list[int]:
    """Return the figures of a day, in whatever order it is written, its month's name told as one."""
    months = [1 + _MONTHS.index(word.lower()) for word in re.findall(r"[A-Za-z]{3,}", text) if word.lower() in _MONTHS]
    return [*map(int, re.findall(r"[0-9]{1,9}", text)), *months]


_MONTHS = tuple(datetime.date(2000, month, 1).strftime("%B").lower() for month in range(1, 13))


def _stands_beside(result: Json, wrong: str, right: str) -> bool:
    """Return True if an object of a result has both a name and the identifier of what it names."""
    if isinstance(result, dict):
        own = list(result.values())
        return (wrong in own and right in own) or any(_stands_beside(each, wrong, right) for each in own)
    return isinstance(result, list) and any(_stands_beside(each, wrong, right) for each in result)


def _is_wrong(evidence: Evidence, number: int, pointer: str) -> bool:
    return pointer.split("/")[1:2] == [corrected(evidence, number)]
