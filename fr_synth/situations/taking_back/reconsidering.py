"""Turns in which something is taken back: put right after the fact, wanted otherwise when asked, let be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fr_envs.situation.spec import dropping_of, operand_paths
from fr_envs.world.tool_call import ToolCall
from fr_synth.language.taking_back import WAS, answered_otherwise, corrected, course_of, values_of
from fr_synth.language.verbalise import mentions_value
from fr_synth.situations.casting import today_of
from fr_synth.situations.scope import Worked
from fr_synth.situations.taking_back.another import (
    is_weighed,
    misread,
    stays_on_its_side,
    wanted_instead,
)
from fr_synth.situations.taking_back.standing import back_to, played_or_back, standing_of
from fr_synth.verify.words.said_dates import names_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_envs.json_values import Json, JsonObject
    from fr_envs.situation.spec import Awaits, Request, SituationTurn
    from fr_synth.situations.played import PlayedTurn
    from fr_synth.situations.playing import Player

__all__ = ["TakenBack", "corrected_after", "let_be", "wanted_otherwise"]

_URGENT = re.compile(
    r"\b(?:urgent\w*|quick\w*|hurry|asap|immediately|at once|right away|emergency|stolen|lost)\b", re.IGNORECASE
)
_DROPS = 0.7  # of the answers in which no value is given otherwise and the story has words for it


class TakenBack(NamedTuple):
    """A turn as it was played, and the turn that has to come next; None for none."""

    played: PlayedTurn
    again: SituationTurn | None = None


def let_be(player: Player, question: SituationTurn) -> TakenBack | None:
    """Play the turn in which the person lets be what they were asked about; None where they don't."""
    turn = dropping_of(question)
    drawn = player.rng.random()
    if turn is None or drawn >= _DROPS or _is_urgent(player) or not _writes(player, turn.awaits):
        return None
    played = played_or_back(player, turn)
    return None if played is None else TakenBack(played)


def wanted_otherwise(player: Player, question: SituationTurn, answer: SituationTurn) -> TakenBack | None:
    """Play an answer in which a value of before is another now; None, and nothing changed, where none can be."""
    for argument, name in _own_values(player, answer):
        was = player.scope.names[name]
        if not isinstance(was, Worked) or not _was_told(player, name) or not _is_weighed(player, answer, argument, was):
            continue
        other = wanted_instead(name, _rules(player, question, answer), player.scope, player.walk)
        course = None if other is None else course_of(was.value, other.value)
        turn = None if course is None else answered_otherwise(question, answer, name, course)
        if turn is None or other is None:
            continue
        kept = standing_of(player)
        player.scope.names.update({name: other, WAS: was})
        played = played_or_back(player, turn) if player.scope.holds(player.situation.require) else None
        if played is not None:
            return TakenBack(played)
        back_to(player, kept)
    return None


def corrected_after(
    player: Player, turn: SituationTurn, question: SituationTurn | None, *, first: bool
) -> TakenBack | None:
    """Play a turn with a value that the person has wrong; they put it right in the next one.

    Args:
        player: Who plays the situation.
        turn: The turn.
        question: The turn before, where this one answers it: what was asked about is told rightly.
        first: It is the dialogue's first.

    Returns:
        The turn; None, and nothing changed, where nothing of it can be got wrong and simply be set anew.
    """
    asked = {} if question is None or question.awaits is None else question.awaits.arguments
    looks = not any(_writes(player, each) for each in turn.requests)
    kept = standing_of(player)
    if not player.work_out(turn.values):
        back_to(player, kept)
        return None
    for argument, name in _own_values(player, turn):
        right = player.scope.names[name]
        weighed = isinstance(right, Worked) and _is_weighed(player, turn, argument, right)
        wrong = misread(right.value, player.rng) if isinstance(right, Worked) and weighed else None
        course = None if wrong is None else course_of(wrong, player.scope.value(name))
        again = None if course is None else corrected(turn, name, course, looks=looks)
        fits = stays_on_its_side(wrong, _rules(player, turn).get(name, {}), player.scope)
        if again is not None and wrong is not None and fits and argument not in asked:
            player.scope.names[name] = Worked(wrong)
            fitting = player.scope.holds({**player.situation.require, **turn.when})
            bare = msgspec.structs.replace(turn, values={})  # they are worked out, and one of them is another now
            played = played_or_back(player, bare, first=first) if fitting else None
            if played is not None:
                player.scope.names.update({name: right, WAS: Worked(wrong)})
                if _is_simply_set(player, played, again, argument, wrong):
                    return TakenBack(played, again)
        back_to(player, kept)
        player.work_out(turn.values)
    back_to(player, kept)
    return None


def _is_weighed(player: Player, turn: SituationTurn, argument: str, value: Worked) -> bool:
    return is_weighed(player.walk.domain.spec, turn.requests[0].call, argument, value.value)


def _is_simply_set(player: Player, played: PlayedTurn, again: SituationTurn, argument: str, wrong: Json) -> bool:
    """Return True if doing it again leads where doing it rightly would have led, and the reply told what was wrong.

    What was only asked about the person finds wrong in their own message.
    """
    step = next((each for each in played.trace.steps if each.user_requested), None)
    writes = _writes(player, again.requests[0])
    if step is None or (writes and not _tells(player, played.trace.reply.text, wrong)):
        return False
    right = player.scope.value(again.requests[0].arguments[argument])
    call = ToolCall(step.call.name, {**step.call.arguments, argument: right})
    domain = player.walk.domain
    at_once, kept = domain.apply(step.before, call), standing_of(player)
    player.walk.next_turn()
    put_right = played_or_back(player, again)
    left = at_once.state.diff(player.walk.state)
    back_to(player, kept)
    same = at_once.error is None and all(change.table in domain.hooks.incidental for change in left)
    return put_right is not None and same and (writes or _tells_more(played, put_right))


def _tells_more(played: PlayedTurn, put_right: PlayedTurn) -> bool:
    """Return True if an answer is another than it was: only then it mattered what was asked."""
    told = [answer.value for answer in played.trace.goal.answers]
    return any(answer.value not in told for answer in put_right.trace.goal.answers)


def _tells(player: Player, text: str, value: Json) -> bool:
    return mentions_value(text, value) or names_day(text, value, today_of(player.walk))


def _writes(player: Player, called: Request | Awaits | None) -> bool:
    """Return True if a call that is wanted would change something."""
    return called is not None and player.walk.domain.spec.tools[called.call].effect == "write"


def _own_values(player: Player, turn: SituationTurn) -> Iterator[tuple[str, str]]:
    """Iterate over arguments with values worked out on which nothing else rests, each with the name of its value."""
    rules = {**player.situation.values, **turn.values}
    for argument, name in values_of(turn).items():
        resting = {path.partition(".")[0] for other, rule in rules.items() if other != name for path in _paths(rule)}
        if isinstance(player.scope.names.get(name), Worked) and name not in {*resting, "today"}:
            yield argument, name


def _paths(rule: JsonObject) -> Iterator[str]:
    for value in rule.values():
        if isinstance(value, str):
            yield from re.findall(r"[a-z_][\w.]*", value)
        elif isinstance(value, list):
            yield from (each for each in value if isinstance(each, str))
        elif isinstance(value, dict):
            yield from operand_paths(value)


def _rules(player: Player, *turns: SituationTurn) -> dict[str, JsonObject]:
    rules = dict(player.situation.values)
    for turn in turns:
        rules.update(turn.values)
    return rules


def _was_told(player: Player, name: str) -> bool:
    """Return True if the message before told a value, and nothing is urgent about it."""
    told = any(filled.path == name for filled in player.sourcing.heard[-1].filled)
    return told and not _is_urgent(player)


def _is_urgent(player: Player) -> bool:
    return any(_URGENT.search(each.text) for each in player.sourcing.heard)
