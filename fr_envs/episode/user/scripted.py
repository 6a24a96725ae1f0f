"""ScriptedUser: the person of a task, who tells what they know when asked, says so when they don't, and has patience.

=====================================================  ===============================================================
what is heard                                          what is said
=====================================================  ===============================================================
the turn's goal is reached                             nothing: the task's next message comes
a question about something that the person knows       that, in their own words
a question where asking, or waiting, is right          nothing: the next message answers it
"shall I?", about nothing that was never said          yes
another question, or one answered already              that they don't know, or have said so
no words, or words of what is yet to be done           that they are waiting
any other reply                                        nothing: the next message comes, and the turn counts as it is
the second of what made no sense in a row              that they leave it; the episode is over
=====================================================  ===============================================================
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, final

from fr_envs.episode.judging.kinds import asks, declines
from fr_envs.episode.user.roles import asked_for, asking_part, label_of
from fr_envs.episode.user.talk import PATIENCE, Answer
from fr_envs.errors import UsageError
from fr_envs.streams import generator, pick, seed_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.episode.task import Known
    from fr_envs.episode.user.talk import Heard, User

__all__ = ["ScriptedUser", "user_named"]

_WAITING = frozenset({"ask", "choose", "confirm"})  # kinds in which the task's next message answers a question
_LETTERS = re.compile(r"[^\W\d_]{2}")
_GO_AHEAD = re.compile(
    r"\b(?:shall|should|may|can|could) i\b|\b(?:do|would|did) you (?:want|like|mean|wish)\b|\bis (?:that|this|it) "
    r"(?:right|correct|ok|okay|fine|what)\b|\bare you sure\b|\b(?:please )?confirm\b|\bgo ahead\b|\bproceed\b|"
    r"\b(?:right|correct|okay)\?",
    re.IGNORECASE,
)

_TOLD = ("{text}.", "{text}, please.", "That would be {text}.")
_YES = ("Yes, please.", "Yes, go ahead.", "Please do.")
_AGREED = ("Yes, {text}.", "Right, {text}.")
_UNKNOWN = (
    "I don't know, I'm afraid.",
    "That I can't tell you.",
    "No idea. I've told you what I know.",
)
_AGAIN = ("As I said: {text}.", "I've told you that already: {text}.")
_WAIT = ("All right, I'm waiting.", "Please do, I'm still here.", "Fine, go on then.")
_SILENCE = ("Hello? Are you still there?", "Sorry, I didn't catch that.", "I can't make sense of that.")
_PARTING = (
    "This leads nowhere. I'll leave it, goodbye.",
    "Never mind, I'll sort it out another way.",
    "Let's leave it at that. Goodbye.",
)


class _Reaction(NamedTuple):
    """Wordings of an answer, what fills them, and whether the person is lost."""

    wordings: Sequence[str]
    text: str = ""
    lost: bool = False


@final
class ScriptedUser:
    """Answers by rule, from what the task says that the person knows. The same words always get the same answer."""

    name = "scripted"

    def hear(self, heard: Heard) -> Answer | None:
        """Return what is said to a reply; None where the turn ends with it."""
        if heard.verdict.score >= 1:
            return None
        reaction = _reaction(heard)
        if reaction is None:
            return None
        place = f"{heard.task.id}/{heard.task.seed}/{heard.turn}/{len(heard.answers)}"
        rng = generator(seed_of(place.encode()))
        if reaction.lost and heard.lost + 1 >= PATIENCE:
            return Answer(pick(rng, _PARTING), lost=True, parting=True)
        said = pick(rng, reaction.wordings).format(text=reaction.text)
        return Answer(said[:1].upper() + said[1:], reaction.lost)


def _reaction(heard: Heard) -> _Reaction | None:
    if not _LETTERS.search(heard.reply):
        return _Reaction(_SILENCE, lost=True)
    if asks(heard.reply):
        return _to_question(heard)
    idle = heard.current.kind == "act" and not heard.verdict.score and not heard.verdict.contradiction
    if idle and not declines(heard.reply) and not any(heard.verdict.obtained) and _is_promise(heard.reply):
        return _Reaction(_WAIT, lost=True)
    return None


_PROMISE = re.compile(
    r"\b(?:i will|i'll|i am going to|i'm going to|let me|one moment|just a (?:moment|second)|give me a|i need to|"
    r"please wait|hold on|first,? i)\b",
    re.IGNORECASE,
)


def _is_promise(reply: str) -> bool:
    """Return True if a reply speaks of what is yet to be done."""
    return _PROMISE.search(reply.replace("’", "'")) is not None


def _to_question(heard: Heard) -> _Reaction | None:
    question = asking_part(heard.reply)
    for known in (heard.current.knows, heard.known):
        found = asked_for(question, known, heard.spec)
        if found:
            return _told(heard, question, found[:_MOST])
    if heard.current.kind in _WAITING:
        return None
    agreed = any(answer.text in _YES for answer in heard.answers)
    if _GO_AHEAD.search(question) and not heard.verdict.contradiction and not agreed:
        return _Reaction(_YES)
    return _Reaction(_UNKNOWN, lost=True)


_MOST = 3  # things that somebody tells at once


def _told(heard: Heard, question: str, known: Sequence[Known]) -> _Reaction:
    """Return what is known, in words; said once already, it is said again, and the person is lost."""
    text = known[0].text if len(known) == 1 else ", ".join(f"{label_of(each)}: {each.text}" for each in known)
    text = text.rstrip(".")
    if any(text.lower() in answer.text.lower() for answer in heard.answers):
        return _Reaction(_AGAIN, text, lost=True)
    if len(known) == 1 and text.lower() in question.lower():
        return _Reaction(_AGREED, text)
    return _Reaction(_TOLD if len(known) == 1 else ("{text}.",), text)


def user_named(name: str) -> User | None:
    """Return who answers within a turn, by name: ``scripted``, or nobody (``fixed``).

    Raises:
        UsageError: There is no such user.
    """
    if name not in ("fixed", "scripted"):
        raise UsageError(f"no user {name!r}; there are fixed, scripted and, for evaluations, openai:MODEL")
    return ScriptedUser() if name == "scripted" else None
