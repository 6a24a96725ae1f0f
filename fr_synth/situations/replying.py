"""Replies of a situation: the words that fit how things turned out, and what of them the person asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.episode.judging.verdicts import answer_said
from fr_envs.episode.task import Answer
from fr_envs.streams import pick
from fr_synth.situations.rendering import render
from fr_synth.situations.scope import Worked
from fr_synth.trace.turn_trace import Reply

if TYPE_CHECKING:
    import numpy as np

    from fr_envs.json_values import Json
    from fr_envs.situation.spec import ReplyWordings, SituationTurn
    from fr_synth.sample.walk import Walk
    from fr_synth.situations.rendering import Rendered
    from fr_synth.situations.scope import Scope

__all__ = ["RECALLED", "Replies"]

_TRIES = 3  # of a wording, for its alternatives

RECALLED = "told.text"
"""Path to what an aside recalls: something that an earlier reply has told, in its words."""


class Replies:
    """Makes the replies of one situation.

    Attributes:
        told: What replies have told of results: (member, value, words).
        asks: The latest reply asks something.
        latest: The latest reply.
    """

    def __init__(self, scope: Scope, walk: Walk, rng: np.random.Generator, told: list[tuple[str, Json, str]]) -> None:
        """Take what can be spoken of, where the dialogue stands, what chooses words, and what was told before."""
        self.scope = scope
        self.walk = walk
        self.rng = rng
        self.told = told
        self.asks, self.latest = False, ""
        self.said: list[str] = []  # the sentences of all replies, in order
        self._shown: list[tuple[str, Json, str]] = []  # what the latest reply tells: path, value, words

    def reply(self, turn: SituationTurn, first: int) -> Reply | None:
        """Return the first reply of a turn that fits; None where none does.

        Args:
            turn: The turn; its requests have been made.
            first: Number of its first call.

        Raises:
            MissingPathError: The reply speaks of what there is not.
        """
        for choice in turn.reply:
            if self.scope.holds(choice.when):
                rendered = self._rendered(choice, anew="correction" in turn.traits)
                if rendered is None:
                    return None
                self.said += _sentences(rendered.text)
                self._shown = [(filled.path, filled.value, filled.text) for filled in rendered.filled]
                self.latest = rendered.text
                self.asks = rendered.text.rstrip().endswith("?")
                return Reply(rendered.text, self._answers(choice, rendered, first), choice.offers)
        return None

    def _rendered(self, choice: ReplyWordings, *, anew: bool) -> Rendered | None:
        """Return a reply in one of its wordings; where the answer is given anew, no sentence of it was said before."""
        if not anew:
            return render(pick(self.rng, choice.say), self.scope, self.rng)
        tried = (each for wording in choice.say for each in self._tried(wording))
        found = [each for each in tried if not any(s in self.said for s in _sentences(each.text))]
        return pick(self.rng, found) if found else None

    def _tried(self, wording: str) -> list[Rendered]:
        """Return what comes of several tries of a wording; one without alternatives is the same each time."""
        if "<" not in wording:
            return [render(wording, self.scope, self.rng)] * _TRIES
        return [render(wording, self.scope, self.rng) for _ in range(_TRIES)]

    def left(self, turn: SituationTurn, reply: Reply) -> tuple[Reply, tuple[str, ...]]:
        """Return the reply to a turn that is not acted on, with the answers it is about, and what it has to name."""
        named = self._named(turn)
        return reply._replace(answers=self._telling(turn, reply.answers, named)), named

    def _telling(self, turn: SituationTurn, told: tuple[Answer, ...], named: tuple[str, ...]) -> tuple[Answer, ...]:
        """Return those of the values told that the kind of a turn is about; the others are by the way."""
        if turn.kind in ("no_call", "missing_tool"):
            return told
        by = turn.awaits.candidates.by if turn.awaits is not None and turn.awaits.candidates is not None else ()
        apart = {text for path, _, text in self._shown if path.rpartition(".")[2] in by}
        return tuple(answer for answer in told if answer.text in named or answer.text in apart)

    def _named(self, turn: SituationTurn) -> tuple[str, ...]:
        """Return what the reply has to name: words, or (confirm) the values at paths as the reply tells them."""
        if turn.kind != "confirm":
            return tuple(dict.fromkeys((*turn.names, *turn.about)))
        values = ((path, self.scope.value(path)) for path in turn.names)
        return tuple(next((text for at, _, text in self._shown if at == path), str(value)) for path, value in values)

    def _answers(self, choice: ReplyWordings, rendered: Rendered, first: int) -> tuple[Answer, ...]:
        """Return what the reply tells of what was asked: values of requested reads of this turn, each once."""
        found: dict[str, Answer] = {}
        shown = [(filled.path, filled.value, filled.text) for filled in rendered.filled]
        for path, _, _ in list(shown):
            thing = self.scope.names.get(path)
            if isinstance(thing, Worked):
                shown += thing.tells
        shown += [(path, self.scope.value(path), "") for path in choice.answers]
        self._shown = shown
        for path, value, text in shown:
            recalled = path == RECALLED
            value = self.scope.value("told.value") if recalled else value
            plain = not isinstance(value, dict | list) and value not in (None, "")
            if plain and (recalled or self._is_asked(path, first)):
                answer = Answer(value, text or str(value))
                if not answer_said(answer.text, answer):
                    answer = Answer(value, str(value))
                if answer_said(rendered.text, answer):
                    found.setdefault(answer.text, answer)
                    self.told += [] if recalled else [(path.rpartition(".")[2], value, answer.text)]
        return tuple(found.values())

    def _is_asked(self, path: str, first: int) -> bool:
        place = self.scope.pointer(path)
        if place is None or place[0] < first:
            return False
        step = self.walk.steps[place[0]]
        return step.user_requested and self.walk.domain.spec.tools[step.call.name].effect == "read"


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?;]) ", text)
