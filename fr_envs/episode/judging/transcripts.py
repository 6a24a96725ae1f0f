"""score: judge a whole conversation afterwards, by replaying its calls from the task's first state.

Every trainer's reward function stands on this. Nothing that stands in a transcript raises: what does not fit is a
finding.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from fr_envs.episode.calls import Malformed
from fr_envs.episode.judging.reward import REWARD_VERSION, RewardRules
from fr_envs.episode.judging.verdicts import Verdict, unanswered
from fr_envs.episode.observation import read_task
from fr_envs.episode.reading import read_action
from fr_envs.episode.session import MAX_STEPS, Session
from fr_envs.episode.user.talk import ANSWERING, Answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fr_envs.episode.calls import Action
    from fr_envs.episode.task import Task
    from fr_envs.episode.user.talk import Heard
    from fr_envs.json_values import Json, JsonObject

__all__ = ["Finding", "Verdicts", "score"]


class Finding(msgspec.Struct, frozen=True):
    """Something in a transcript that does not fit its task or the replay of its calls.

    Attributes:
        message: Index of the message, from 0; the number of messages where the end is meant.
        problem: What is wrong, in words.
    """

    message: int
    problem: str


class Verdicts(msgspec.Struct, frozen=True):
    """How well a conversation went.

    Attributes:
        task: Identifier of the task; empty if it has none.
        score: Mean score of the task's turns, from 0 to 1; a turn not answered counts 0.
        reward: Sum of the rewards of all steps: scores less the costs of the rules.
        turns: One verdict for each turn of the task.
        findings: What does not fit, in the order of the messages.
        version: ``REWARD_VERSION`` of the rules.
    """

    task: str
    score: float
    reward: float
    turns: tuple[Verdict, ...]
    findings: tuple[Finding, ...] = ()
    version: int = REWARD_VERSION


def score(
    task: Task | Mapping[str, Json] | str,
    messages: Sequence[Json],
    *,
    rules: RewardRules | Mapping[str, Json] | None = None,
    max_steps: int | None = MAX_STEPS,
) -> Verdicts:
    """Judge a transcript in OpenAI's form: replay its calls from the first state of a task and judge each turn.

    Calls stand in ``tool_calls`` or in the text, in any style that ``read_action`` reads. Thinking is no part of a
    reply. The results in the transcript are held against those of the replay and count for nothing else.

    Args:
        task: What was to be played; as an object, as plain data, or as JSON text.
        messages: The conversation; system messages are passed over. A message of the user with the ``name`` of
            ``fr_envs.episode.user.talk.ANSWERING`` answers within a turn.
        rules: What pays and what costs.
        max_steps: Steps that a turn may take; the turns after are not answered. None for no bound.

    Raises:
        UsageError: The task is none, or for a world that is not there. Never for what stands in the messages.

    Example:
        >>> from fr_envs.episode.task import Answer, Goal, Turn, Task
        >>> turn = Turn("Where am I?", Goal(answers=(Answer("/home/ada", "/home/ada"),)))
        >>> verdicts = score(Task("filesystem", (7,), (turn,)), [{"role": "user", "content": "Where am I?"}])
        >>> verdicts.score, verdicts.findings[0].problem
        (0.0, 'turn 0 is not answered')
    """
    played = read_task(task)
    user = _WrittenUser()
    session = Session(played.domain, rules=rules, max_steps=max_steps, user=user)
    session.reset(played)
    listed = list(messages) if isinstance(messages, list | tuple) else [messages]
    return _Replay(session, played, user).of(listed)


class _WrittenUser:
    """Answers within a turn what the transcript has there."""

    name = "written"

    def __init__(self) -> None:
        self.answer: Answer | None = None

    def hear(self, heard: Heard) -> Answer | None:
        """Return the answer that is due; None where the turn ends."""
        return self.answer


class _Replay:
    """One transcript, message by message."""

    def __init__(self, session: Session, task: Task, user: _WrittenUser) -> None:
        self.session = session
        self.user = user
        self.answered = ""  # by the user, within the turn, after what stands in replies
        self.task = task
        self.turn = 0
        self.heard = False  # the user's message of this turn
        self.replies: list[str] = []
        self.pending: list[tuple[str, JsonObject]] = []
        self.verdicts: list[Verdict] = []
        self.lost = 0.0  # rewards that the session gave for turns that nobody answered
        self.findings: list[Finding] = []
        self.at = 0

    def of(self, messages: list[Json]) -> Verdicts:
        for self.at, given in enumerate(messages):
            message = _read(given)
            if message is None:
                self._find("this is no message: an object with a role, of JSON values")
                continue
            self._take(message)
        self.at = len(messages)
        self._end_turn()
        for number in range(len(self.verdicts), len(self.task.turns)):
            self._find(f"turn {number} is not answered")
            self.verdicts.append(unanswered(self.task.turns[number].goal))
        mean = sum(verdict.score for verdict in self.verdicts) / len(self.verdicts)
        reward = self.session.reward - self.lost
        return Verdicts(self.task.id, mean, reward, tuple(self.verdicts), tuple(self.findings))

    def _find(self, problem: str) -> None:
        self.findings.append(Finding(self.at, problem))

    def _take(self, message: JsonObject) -> None:
        role = message.get("role")
        if role == "user":
            self._user(message)
        elif role == "assistant":
            self._assistant(message)
        elif role in ("tool", "function"):
            self._result(message)
        elif role not in ("system", "developer"):
            self._find(f"there is no role {role!r}"[:_MOST_SHOWN])

    # ------------------------------------------------------------------------------------------------- the user

    def _user(self, message: JsonObject) -> None:
        if message.get("name") == ANSWERING and self.replies and not self.session.over:
            self.answered = _text(message)
            return
        if self.heard or self.replies or self.pending:
            self._end_turn()
        self.heard = True
        if self.turn >= len(self.task.turns):
            self._find("the user speaks after the task's last turn")
        elif _text(message).strip() != self.task.turns[self.turn].message.strip():
            self._find(f"the user's message is not that of turn {self.turn}")

    def _end_turn(self) -> None:
        """Judge what was said since the user spoke; a turn without a reply is left and scores nothing."""
        self._missing_results()
        self.answered = ""  # nobody went on after it: the user took leave
        if self.turn >= len(self.task.turns) or not (self.heard or self.replies):
            return
        if self.session.over:
            self.replies = []
        if self.replies:
            verdict = self.session.say("\n\n".join(self.replies)).verdict
            self.verdicts.append(verdict or unanswered(self.task.turns[self.turn].goal))
        else:
            self._find(f"turn {self.turn} is not answered")
            self.verdicts.append(unanswered(self.task.turns[self.turn].goal))
            if not self.session.over:
                self.lost += self.session.say("").reward
        self.turn += 1
        self.heard, self.replies = False, []

    # -------------------------------------------------------------------------------------------- the assistant

    def _go_on(self) -> None:
        """Let the turn go on behind what the user answered in it."""
        self.user.answer = Answer(self.answered)
        self.session.say("\n\n".join(self.replies))
        self.user.answer = None
        self.answered, self.replies = "", []

    def _assistant(self, message: JsonObject) -> None:
        self._missing_results()
        if self.answered:
            self._go_on()
        if self.turn >= len(self.task.turns):
            self._find("the assistant goes on after the task's last turn")
            return
        if not self.heard:
            self._find("the assistant speaks before the user")
        action = read_action({key: value for key, value in message.items() if key in _HEARD})
        if not action.calls:
            if self.replies:
                self._find("the assistant replies a second time in a turn")
            self.replies.append(action.text)
        elif self.session.over:
            self._find("the turn took more steps than it may")
        elif self._is_empty(action, message):
            self._find("the assistant says nothing and calls nothing")
        else:
            self._calls(action, message)

    def _is_empty(self, action: Action, message: JsonObject) -> bool:
        said = message.get("content")
        return not message.get("tool_calls") and all(isinstance(c, Malformed) for c in action.calls) and not said

    def _calls(self, action: Action, message: JsonObject) -> None:
        if self.replies:
            self._find("the assistant calls after its reply")
            self.replies = []
        seen = self.session.act(action)
        native = bool(message.get("tool_calls"))
        self.pending = [
            (call.id if native else "", result) for call, result in zip(action.calls, seen.results, strict=True)
        ]

    # ---------------------------------------------------------------------------------------------- its results

    def _result(self, message: JsonObject) -> None:
        if not self.pending:
            self._find("a result of no call")
            return
        told = message.get("tool_call_id")
        place = next((k for k, (call_id, _) in enumerate(self.pending) if call_id and call_id == told), 0)
        if told and self.pending[place][0] not in ("", told):
            self._find("a result of a call that was not made")
            return
        _, result = self.pending.pop(place)
        if not _same(_decoded(_text(message)), result):
            self._find("the result differs from that of the replay")

    def _missing_results(self) -> None:
        if self.pending:
            self._find(f"{len(self.pending)} calls before this have no result in the transcript")
            self.pending = []


_HEARD = ("role", "content", "tool_calls", "function_call")
_MOST_SHOWN = 80


def _read(given: Json) -> JsonObject | None:
    """Return a message as JSON has it, None if it is none. What a Python program put in besides is turned into text."""
    try:
        message = json.loads(json.dumps(given, default=str, skipkeys=True))
    except (TypeError, ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def _text(message: JsonObject) -> str:
    content = message.get("content")
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else "" if content is None else json.dumps(content)


def _decoded(text: str) -> Json:
    try:
        found: Json = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return found


def _same(told: Json, result: Json) -> bool:
    """Return True if a result in a transcript is that of the replay: 5 and 5.0 are one, true and 1 are not."""
    if isinstance(told, bool) or isinstance(result, bool):
        return told is result
    if isinstance(told, dict) and isinstance(result, dict):
        return told.keys() == result.keys() and all(_same(value, result[name]) for name, value in told.items())
    if isinstance(told, list) and isinstance(result, list | tuple):
        return len(told) == len(result) and all(map(_same, told, result))
    return bool(told == result)
