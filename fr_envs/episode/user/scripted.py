"""ScriptedUser: the person of a task, who tells what they know when asked, says so when they don't, and has patience.

=====================================================  ===============================================================
what is heard                                          what is said
=====================================================  ===============================================================
the turn's goal is reached                             nothing: the task's next message comes
a question about something that the person knows       that, in their own words
a question that the next message answers, or an open   nothing: the next message comes
one, where asking, or waiting, is right
"shall I?", "is that right?"                           yes; that's right
another question, or one answered already              that they don't know, or have said so
no words, or words of what is yet to be done           that they are waiting
any other reply                                        nothing: the next message comes, and the turn counts as it is
the second of what made no sense in a row              that they leave it; the episode is over
=====================================================  ===============================================================
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, final

from fr_envs.episode.judging.declining import declines
from fr_envs.episode.judging.kinds import asks
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
_OFFERS = re.compile(
    r"\b(?:shall|should|may|can|could) i\b|\b(?:do|would) you (?:want|like|mean|wish)\b|\bgo ahead\b|\bproceed\b",
    re.IGNORECASE,
)
_CHECKS = re.compile(
    r"\bis (?:that|this|it) (?:right|correct|so|ok|okay|fine|what)\b|\bare you sure\b|\b(?:please )?confirm\b|"
    r"\b(?:right|correct|okay)\?",
    re.IGNORECASE,
)
_WHICH = re.compile(r"\b(?:what|which|who|whom|whose|when|where|how|why)\b", re.IGNORECASE)
_CHOOSING = re.compile(
    r"\bwhich (?:one|ones|of|is|are|do|did|does|would|shall|should)\b|\bwhich\?|\bdo you mean\b|\bthe first or\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:tell me|say) (?:a (?:bit|little) )?more\b|\bmore (?:details?|information|specific|precise)\b|"
    r"\bwhat (?:exactly )?do you (?:mean|need|want|have in mind)\b|\bclarify\b|\b(?:specify|explain)\b",
    re.IGNORECASE,
)

_TOLD = ("{text}.", "{text}, please.", "That would be {text}.")
_YES = ("Yes, please.", "Yes, go ahead.", "Please do.")
_RIGHT = ("Yes, that's right.", "That's right.", "Yes, exactly.")
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
    if heard.current.kind in _WAITING and _bears(heard, question):
        return None
    wordings = _agreeing(question)
    agreed = any(answer.text in wordings for answer in heard.answers)
    if wordings and not heard.verdict.contradiction and not agreed and heard.current.kind not in _WAITING:
        return _Reaction(wordings)
    return _Reaction(_UNKNOWN, lost=True)


def _agreeing(question: str) -> Sequence[str]:
    """Return how somebody says yes to a question; nothing where it is not one that a yes answers."""
    if _CHECKS.search(question):
        return _RIGHT
    return _YES if _OFFERS.search(question) and not _WHICH.search(question) else ()


def _bears(heard: Heard, question: str) -> bool:
    """Return True if a question is one that the task's next message answers: the right one, or an open one."""
    kind, number = heard.current.kind, heard.turn + 1
    if kind == "choose":
        right = any(heard.verdict.said) or _CHOOSING.search(question) is not None
    elif kind == "confirm":
        right = heard.verdict.mentioned or _OFFERS.search(question) is not None or _CHECKS.search(question) is not None
    else:
        following = heard.task.turns[number].knows if number < len(heard.task.turns) else ()
        right = heard.verdict.mentioned or bool(asked_for(question, following, heard.spec))
    return right or _OPEN.search(question) is not None


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
