"""Turns in which asking is right: what is asked for can be had from nobody but the user."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.episode.judging.saying import mentions, says
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.verbalise import mentions_value
from fr_synth.trace.dataflow.provenance import Said, inputs_of
from fr_synth.verify.kinds.world import Sought, first_call, reply_of, state_at, tells, told_by_looking, would_work
from fr_synth.verify.words.said_dates import names_day
from fr_synth.verify.words.text import same_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_envs.json_values import Json, JsonObject
    from fr_synth.trace.awaited import Awaited
    from fr_synth.verify.evidence import Evidence

__all__ = ["chosen", "missing_value"]


def missing_value(evidence: Evidence, number: int, awaited: Awaited) -> Iterator[str]:
    """What is asked for is required, was not said, cannot be looked up, and is told next."""
    tool = evidence.domain.spec.tools.get(awaited.tool)
    if tool is None or not awaited.lacks:
        yield "nothing is lacking that could be asked for"
        return
    for name in awaited.lacks:
        if name not in tool.parameters or name not in awaited.arguments:
            yield f"{awaited.tool} has no argument {name!r} that could be lacking"
        elif not tool.parameters[name].required:
            yield f"{name} may be left out"
        else:
            yield from _known(evidence, number, awaited, name)
            yield from _untold(evidence, number, awaited, name)


def _known(evidence: Evidence, number: int, awaited: Awaited, name: str) -> Iterator[str]:
    value = awaited.arguments[name]
    kind = evidence.domain.spec.tools[awaited.tool].parameters[name].field.kind
    today = evidence.today(first_call(evidence, number))
    for turn in range(number + 1):
        said = evidence.user_text(turn)
        if mentions_value(said, value) or names_day(said, value, today):
            yield f"{name} = {value!r} was said in turn {turn}"
    if kind is None:
        return
    made = sum(call.turn <= number for call in evidence.dialogue.calls)
    sought = Sought(name, kind, value, awaited.arguments)
    if any(tells(evidence, sought, evidence.executed[k].call, evidence.results[k]) for k in range(made)):
        yield f"{name} = {value!r} was told by an earlier result"
    elif source := told_by_looking(evidence, state_at(evidence, number), sought):
        yield f"{name} = {value!r} could be looked up with {source}"


def _untold(evidence: Evidence, number: int, awaited: Awaited, name: str) -> Iterator[str]:
    """The next message tells the value, and the call is made with it; or it lets be what was asked about."""
    turns = evidence.dialogue.turns
    following = turns[number + 1] if number + 1 < len(turns) else None
    if following is not None and following.kind == "no_call" and following.awaited is not None:
        return  # another proof holds it to what was asked
    for call in evidence.dialogue.calls:
        if call.turn == number + 1 and call.name == awaited.tool and call.error is None:
            sources = inputs_of(call.sources.get(f"/{name}") or Said(-1, ""))
            told = any(isinstance(each, Said) and each.turn == number + 1 for each in sources)
            if told and call.arguments.get(name) == awaited.arguments[name]:
                return
    yield f"nobody tells {name} in the turn after it, to call {awaited.tool} with"


def chosen(evidence: Evidence, number: int, awaited: Awaited) -> Iterator[str]:
    """A reference fits several things, the reply tells each of them apart, and the call could be for more than one."""
    calls = evidence.dialogue.calls
    if not 0 <= awaited.step < len(calls) or calls[awaited.step].turn > number:
        yield "there is no result in which the candidates stand"
        return
    rows = awaited.candidates(calls[awaited.step].result)
    if awaited.choices(calls[awaited.step].result) < 2:
        yield f"the reference fits {len(rows)} of the things there are, and leaves no choice"
        return
    yield from _pointed(evidence, number, awaited, rows)
    reply = reply_of(evidence, number)
    for row in rows:
        alone = any(says(reply, value) for value in _apart(row, rows, awaited.by))
        own = [row.get(name) for name in awaited.by]
        twins = sum([other.get(name) for name in awaited.by] == own for other in rows)
        if not alone and not (twins == 1 and all(says(reply, value) for value in own)):
            yield f"the reply does not tell {row.get(awaited.key)!r} apart from the others"
        elif calls[awaited.step].turn == number and not _is_asked_for(
            evidence, number, row, (_apart(row, rows, awaited.by), own)
        ):
            yield f"its goal does not ask for all that tells {row.get(awaited.key)!r} apart from the others"
    yield from _unnamed(evidence, number, awaited, rows)
    goal = evidence.dialogue.turns[number].goal
    if len(goal.answers) + len(goal.mentions) < _CHOICE:
        yield "its goal asks for nothing that tells the candidates apart"
    lacking = awaited.lacks[0] if awaited.lacks else ""
    wanted = ({**awaited.arguments, lacking: row.get(awaited.key)} for row in rows)
    state = state_at(evidence, number)
    possible = sum(would_work(evidence, state, ToolCall(awaited.tool, arguments)) for arguments in wanted)
    if possible < 2:
        yield f"{awaited.tool} is possible for {possible} of them, so there is nothing to choose"


_CHOICE = 2  # things from which on there is one


def _unnamed(evidence: Evidence, number: int, awaited: Awaited, rows: Sequence[JsonObject]) -> Iterator[str]:
    """Where an earlier turn told the candidates, the goal wants named what tells each of them apart, and no more."""
    wanted = evidence.dialogue.turns[number].goal.mentions
    earlier = evidence.dialogue.calls[awaited.step].turn < number
    telling = [[str(value) for value in _apart(row, rows, awaited.by)] for row in rows] if earlier else []
    for word in wanted:
        if not any(word in words for words in telling):
            yield f"its goal wants {word!r} named, which tells nothing apart"
    for words in telling:
        if not set(words) & set(wanted) and any(mentions(reply_of(evidence, number), word) for word in words):
            yield f"its goal does not want named what the reply has of {words}"


def _is_asked_for(evidence: Evidence, number: int, row: JsonObject, telling: tuple[list[Json], list[Json]]) -> bool:
    """Return True if the answers of a goal have all values that are a row's alone and are said, or all it goes by."""
    answers, reply = evidence.dialogue.turns[number].goal.answers, reply_of(evidence, number)
    alone, every = ([v for v in values if says(reply, v)] for values in telling)
    return all(any(same_json(answer.value, value) for answer in answers) for value in alone or every)


def _apart(row: JsonObject, rows: Sequence[JsonObject], by: Sequence[str]) -> list[Json]:
    """Return the values of a row by which it is none of the others."""
    return [row[name] for name in by if name in row and sum(other.get(name) == row[name] for other in rows) == 1]


def _pointed(evidence: Evidence, number: int, awaited: Awaited, rows: Sequence[JsonObject]) -> Iterator[str]:
    """The message has the words of the reference, and none that single one thing out."""
    said = evidence.user_text(number)
    for row in rows:
        told = [value for value in _apart(row, rows, awaited.by) if mentions_value(said, value)]
        if told:
            yield f"the message names {told[0]!r}, so there is nothing to choose"
    named = any(_is_said(said, value) for value in _operands(awaited.where))
    if not named and not _stems(said) & _stems(_words_for(evidence, awaited)):
        yield "the message does not speak of the things that it is said to mean"


def _is_said(said: str, value: Json) -> bool:
    """Return True if a message has a value; of a text its words will do ("the log" of ".log")."""
    bare = value.strip(" ._-/*").lower() if isinstance(value, str) else ""
    return mentions_value(said, value) or (
        len(bare) >= _SHORT and re.search(rf"\b{re.escape(bare)}", said.lower()) is not None
    )


_SHORT = 3  # letters of a word that tells something


def _words_for(evidence: Evidence, awaited: Awaited) -> str:
    """Return the words that the contract has for the things that could be meant."""
    spec = evidence.domain.spec
    parameter = spec.tools[awaited.tool].parameters.get(awaited.lacks[0] if awaited.lacks else "")
    kind = spec.kinds.get(parameter.field.kind or "") if parameter is not None else None
    found = [evidence.dialogue.calls[awaited.step].name.replace("_", " ")]
    if kind is not None:
        words = (each.text for each in kind.references)
        found += [kind.name.replace("_", " "), kind.description, *kind.anaphora, *words]
    return " ".join(found)


def _stems(text: str) -> set[str]:
    return {word[:4] for word in re.findall(r"[a-z]{3,}", text.lower())} - _LITTLE


_LITTLE = {"the", "list", "that", "this", "with", "from", "same", "one", "iden", "and", "for", "find", "show", "most"}


def _operands(where: Json) -> Iterator[Json]:
    if isinstance(where, dict):
        for each in where.values():
            yield from _operands(each)
    elif isinstance(where, list):
        yield from where
    elif isinstance(where, str | int | float) and not isinstance(where, bool):
        yield where
