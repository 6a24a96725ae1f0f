"""Answers of a situation's goals: what a reply tells of the requested look-ups, no more and no less."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.episode.judging.verdicts import answer_said
from fr_envs.episode.task import Answer
from fr_envs.situation.templates import Fill, parse, parts_in
from fr_synth.language.formats import in_words
from fr_synth.language.verbalise import stands_in
from fr_synth.verify.situated.forms import read_as
from fr_synth.verify.situated.meaning.told import inside, tidied

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_envs.episode.task import Goal
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.situation.spec import ReplyWordings
    from fr_synth.verify.evidence import Evidence
    from fr_synth.verify.situated.course import PlayedTurn
    from fr_synth.verify.situated.forms import Reading
    from fr_synth.verify.situated.meaning.told import Meant
    from fr_synth.verify.situated.meaning.values import Names

__all__ = ["reply_of", "unanswered"]


def reply_of(turn: PlayedTurn, text: str) -> tuple[ReplyWordings, Reading] | None:
    """Read a reply as one of those that a turn of a situation has; None where it is none."""
    for choice in turn.turn.reply:
        for wording in choice.say:
            reading = read_as(wording, text)
            if reading is not None:
                return choice, reading
    return None


def unanswered(
    evidence: Evidence, turn: PlayedTurn, reply: tuple[ReplyWordings, Reading], known: Names
) -> Iterator[str]:
    """Iterate over what a reply tells of the requested look-ups and the goal does not ask for.

    Args:
        evidence: The record and its replay.
        turn: The turn.
        reply: Which of the situation's replies it is, and the reply as an instance of it.
        known: What the names that the turn brings can stand for.
    """
    choice, reading = reply
    goal, names = evidence.dialogue.turns[turn.number].goal, {k: _asked(evidence, v) for k, v in known.asked().items()}
    for answer in goal.answers:
        if answer.text != str(answer.value) and tidied(answer.text) not in tidied(reading.text):
            yield f"the reply does not have the words {answer.text!r} of an answer of its goal"
    if turn.turn.kind != "act":
        return  # what such a reply has to name is seen to by the proof of kinds
    told = [(each.path, value) for each in reading.told for value in _values(each.path, names)]
    told += [(path, value) for path in choice.answers for value in _values(path, names)]
    for path, value in (*told, *_items(turn, reading, names, known.today)):
        if not _is_among(value, goal, reading.text):
            yield f"the reply tells {value!r} ({path}), which was asked for, and its goal does not ask for it"


def _asked(evidence: Evidence, found: Sequence[Meant]) -> list[Meant]:
    """Return what stands in results of look-ups that were asked for."""
    tools, calls = evidence.domain.spec.tools, evidence.dialogue.calls
    return [
        meant
        for meant in found
        if meant.call is not None
        and calls[meant.call].user_requested
        and tools[calls[meant.call].name].effect == "read"
    ]


def _values(path: str, names: Mapping[str, Sequence[Meant]]) -> Iterator[Json]:
    """Yield the value at a path into a result that was asked for, where there is no doubt which it is."""
    root, _, rest = path.partition(".")
    found = [inside(meant.value, rest) for meant in names.get(root, ())] if rest else []
    if found and all(_plain(value) == _plain(found[0]) for value in found):
        yield found[0]


def _is_among(value: Json, goal: Goal, reply: str) -> bool:
    """Return True if a value that a reply tells is among the answers of a goal."""
    if isinstance(value, dict | list) or value in (None, ""):
        return True
    if any(_plain(answer.value) == _plain(value) for answer in goal.answers):
        return True
    return not answer_said(reply, Answer(value, str(value)))


def _plain(value: Json) -> str:
    return f"{type(value).__name__} {value}"


def _items(
    turn: PlayedTurn, reading: Reading, names: Mapping[str, Sequence[Meant]], today: str | None
) -> Iterator[tuple[str, Json]]:
    """Iterate over (path, value) of the rows that a phrase in a reply lists."""
    rules: dict[str, JsonObject] = dict(turn.turn.values)
    for request in turn.turn.requests:
        rules.update(request.values)
    for told in reading.told:
        rule = rules.get(told.path)
        if rule is None or "list" not in rule:
            continue
        fills = [part for part in parts_in(parse(rule["item"])) if isinstance(part, Fill)]
        root, _, rest = str(rule["list"]).partition(".")
        found = names.get(root, ())
        rows = (inside(found[0].value, rest) if rest else found[0].value) if len(found) == 1 else None
        for row in rows if isinstance(rows, list) else ():
            yield from ((told.path, value) for value in _listed(row, fills, told.text, today))


def _listed(row: Json, fills: Sequence[Fill], text: str, today: str | None) -> Iterator[Json]:
    """Iterate over the members of a row all of which stand in a phrase."""
    if not isinstance(row, dict):
        return
    values = [inside(row, fill.path) for fill in fills]
    forms = [_in_words(value, fill, today) for value, fill in zip(values, fills, strict=True)]
    if all(any(words and stands_in(words, text) for words in each) for each in forms):
        yield from values


def _in_words(value: Json, fill: Fill, today: str | None) -> tuple[str, ...]:
    """Return the ways in which a place can tell a value; of an amount its figure, since the currency is told or not."""
    if value is None:
        return ()
    if fill.filters[-1:] and fill.filters[-1].startswith("money"):
        return (f"{abs(value):,.2f}",) if isinstance(value, int | float) else ()
    return tuple(in_words(value, fill.filters, today=day) for day in (today, None))
