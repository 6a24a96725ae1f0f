"""What a situation's dialogue says, held against the situation: messages, thoughts, replies, mentions and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_synth.trace.target import SituationTarget, read_target
from fr_synth.verify.situated.answers import reply_of, unanswered
from fr_synth.verify.situated.course import course, persona_of
from fr_synth.verify.situated.forms import read_as
from fr_synth.verify.situated.meaning.values import Names
from fr_synth.verify.situated.mishaps import outage_in, outage_replies
from fr_synth.verify.situated.pointing import unpointed
from fr_synth.verify.situated.renamed import renamed
from fr_synth.verify.situated.taking_back import taken_back
from fr_synth.verify.situated.thoughts import has_words, misreported, moments_of, own_thoughts, strange_thoughts
from fr_synth.verify.words.text import same_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.situation.spec import Persona, ReplyWordings, Situation
    from fr_synth.verify.evidence import Evidence
    from fr_synth.verify.situated.course import PlayedTurn
    from fr_synth.verify.situated.forms import Reading

__all__ = ["situated"]


def situated(evidence: Evidence) -> Iterator[str]:
    """Everything said in a situation is said in its words, with values that are true of one and the same thing.

    A model that words a dialogue anew has words of its own; and a situation that is not known here can't be asked.
    """
    situation = evidence.situation
    if situation is None:
        return
    if evidence.dialogue.teacher != "scripted":
        yield from renamed(evidence, situation)
        return
    persona = persona_of(evidence, situation)
    if persona is None:
        yield f"nobody like {evidence.dialogue.persona!r} comes in the situation {situation.name}"
        return
    for target, numbers in _parts(evidence):
        aside = evidence.asides.get(target.removeprefix("aside:")) if target.startswith("aside:") else None
        if aside is not None and numbers.start:
            yield from _played(evidence, aside, persona, numbers)
        elif target.startswith("aside:"):
            yield f"turn {numbers.start}: nothing that is said besides is called {target}, or it is said first"
        else:
            yield from _played(evidence, situation, persona, numbers)


def _parts(evidence: Evidence) -> Iterator[tuple[str, range]]:
    """Iterate over what the turns are for, each with those that follow each other for it."""
    targets = [turn.target for turn in evidence.dialogue.turns]
    start = 0
    for number in range(1, len(targets) + 1):
        if number == len(targets) or targets[number] != targets[start]:
            yield targets[start], range(start, number)
            start = number


def _played(evidence: Evidence, situation: Situation, persona: Persona, numbers: range) -> Iterator[str]:
    played = course(evidence, situation, persona, numbers)
    names = Names(evidence, situation, (turn for turn in played if turn is not None))
    earlier: dict[int, PlayedTurn] = {}
    for number, turn in zip(numbers, played, strict=True):
        target = read_target(evidence.dialogue.turns[number].target)
        if not isinstance(target, SituationTarget):
            yield f"turn {number}: aimed at {target}, in the situation {situation.name}"
        if turn is None:
            yield f"turn {number}: the message is none of the wordings of the situation {situation.name}"
            return
        before, earlier[number] = dict(earlier), turn
        told = _replied(evidence, earlier[number - 1]) if number - 1 in earlier else ""
        problems = [*taken_back(evidence, turn, told), *unpointed(evidence, situation, turn, before)]
        for problem in (*problems, *_turn(evidence, situation, turn, names)):
            yield f"turn {number}: {problem}"


def _replied(evidence: Evidence, turn: PlayedTurn) -> str:
    *_, last = moments_of(evidence, turn, "content")
    return last.text


def _turn(evidence: Evidence, situation: Situation, turn: PlayedTurn, names: Names) -> Iterator[str]:
    yield from _unasked(evidence, turn)
    names.begin(turn)
    yield from names.untrue(turn.message)
    names.learn(turn)
    yield from _left_undone(evidence, turn, names)
    yield from _reply(evidence, turn, names)
    for spoken in moments_of(evidence, turn, "reasoning_content"):
        if not spoken.text and not spoken.opens and spoken.calls and (spoken.anew.wordings or not has_words(spoken)):
            continue
        readings = own_thoughts(spoken)
        if readings is None:
            yield from strange_thoughts(evidence, situation, spoken)
        for reading in readings or ():
            yield from misreported(spoken, reading) if spoken.anew.wordings else names.untrue(reading, thought=True)


def _left_undone(evidence: Evidence, turn: PlayedTurn, names: Names) -> Iterator[str]:
    """What is left undone is the call that the situation has there, with all of its arguments."""
    awaits, awaited = turn.turn.awaits, evidence.dialogue.turns[turn.number].awaited
    if awaits is None or awaited is None:
        return
    if awaited.arguments.keys() != awaits.arguments.keys():
        yield f"{awaited.tool} is left undone with {sorted(awaited.arguments)}, not {sorted(awaits.arguments)}"
    meant = awaits.candidates
    goes_by = (awaited.by, awaited.key, awaited.where.keys())
    if meant is not None and goes_by != (meant.by, meant.key, meant.where.keys()):
        yield "what could be meant goes by something else than in the situation"
    for name, path in awaits.arguments.items():
        value = awaited.arguments.get(name)
        known = names.sure(path) if isinstance(path, str) else None if isinstance(path, dict | list) else path
        if known is not None and value is not None and not same_json(known, value):
            yield f"{awaited.tool} is left undone with another {name} than {path} is"


def _misnamed(evidence: Evidence, turn: PlayedTurn, reply: Reading) -> Iterator[str]:
    """What a goal wants its reply to name is what the situation's turn does; of a confirmation its values, as told."""
    wanted, spec = evidence.dialogue.turns[turn.number].goal.mentions, turn.turn
    words = tuple(dict.fromkeys((*spec.names, *spec.about)))
    if spec.kind == "confirm":
        told = {each.path: each.text for each in reply.told}
        pairs = zip(spec.names, wanted, strict=False)
        if len(wanted) != len(spec.names) or any(told.get(path, word) != word for path, word in pairs):
            yield f"its goal wants {wanted} named, and the reply has to tell {', '.join(spec.names)}"
    elif spec.kind not in ("act", "choose") and wanted != words:
        yield f"its goal wants {wanted} named, and the situation {words}"


def _reply(evidence: Evidence, turn: PlayedTurn, names: Names) -> Iterator[str]:
    *_, last = moments_of(evidence, turn, "content")
    if outage_in(evidence, turn.number) is not None:
        if not any(read_as(each, last.text) for each in outage_replies(evidence, turn.number)):
            yield "the reply is none of those that say that something fails for good"
        return
    found = reply_of(turn, last.text)
    if found is None:
        yield "the reply is none of those that the situation has"
        return
    choice, reading = found
    yield from _misnamed(evidence, turn, reading)
    yield from _out_of_reach(evidence, choice)
    yield from names.unfit(turn, choice)
    yield from names.untrue(reading)
    yield from unanswered(evidence, turn, found, names)


def _out_of_reach(evidence: Evidence, choice: ReplyWordings) -> Iterator[str]:
    """What a reply offers to do, some tool of the dialogue does."""
    offered = evidence.dialogue.offered_in(len(evidence.dialogue.turns))
    for tool in choice.offers if offered else ():
        if tool not in offered:
            yield f"the reply offers what {tool} does, and that tool is not there"


def _unasked(evidence: Evidence, turn: PlayedTurn) -> Iterator[str]:
    """The calls that are marked as asked for are those that the situation's turn asks for."""
    made = {call.name for call in turn.asked(evidence)}
    unmet = evidence.dialogue.turns[turn.number].goal.unmet
    tried = {evidence.dialogue.calls[k].name for k in turn.calls if unmet and evidence.dialogue.calls[k].error == unmet}
    for name in sorted(made - {request.call for request in turn.turn.requests if request.asked}):
        yield f"{name} is marked as asked for, and the situation asks for no such thing"
    for request in turn.turn.requests:
        if request.asked and not request.when and request.call not in made | tried:
            yield f"{request.call} is asked for in the situation, and is not marked so"
