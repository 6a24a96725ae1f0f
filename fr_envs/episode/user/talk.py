"""User: somebody who answers an agent within a turn, in place of a script that goes on whatever was said.

What is wanted is said in the words of the task, which are proven. A user answers between them: questions about what
the person knows (``Turn.knows``), words that lead nowhere. A user holds nothing about an episode; all that it goes by
is in ``Heard``, so sessions can be forked, pickled and played again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from fr_envs.contract.spec import DomainSpec
    from fr_envs.episode.judging.verdicts import Verdict
    from fr_envs.episode.task import Known, Task, Turn

__all__ = ["ANSWERING", "PATIENCE", "Answer", "Exchange", "Heard", "User", "hear"]

ANSWERING = "answering"
"""``name`` of a user's message in a transcript that answers within a turn, and begins none."""

PATIENCE = 2
"""Times in a row that somebody hears what makes no sense to them before they leave."""


class Answer(NamedTuple):
    """What a user says within a turn.

    Attributes:
        text: The words.
        lost: What was heard made no sense to them: they don't know it, have said it already, or nothing was said.
        parting: They leave; the turn is judged as it stands, and the episode is over.
    """

    text: str
    lost: bool = False
    parting: bool = False


class Exchange(NamedTuple):
    """Something that an agent said, and what came back.

    Attributes:
        turn: Turn in which, from 0.
        reply: What the agent said.
        answer: What the user said to it; None where the turn ended there and the task's next message came.
    """

    turn: int
    reply: str
    answer: Answer | None


class Heard(NamedTuple):
    """What a user has before them.

    Attributes:
        spec: Contract of the world.
        task: What is played.
        turn: Number of the turn, from 0.
        talk: What was said so far in the episode.
        reply: What the agent says now.
        verdict: What the turn would earn if it ended here.
    """

    spec: DomainSpec
    task: Task
    turn: int
    talk: tuple[Exchange, ...]
    reply: str
    verdict: Verdict

    @property
    def current(self) -> Turn:
        """The turn."""
        return self.task.turns[self.turn]

    @property
    def answers(self) -> list[Answer]:
        """What the user has said in this turn since its message."""
        return [each.answer for each in self.talk if each.turn == self.turn and each.answer is not None]

    @property
    def known(self) -> list[Known]:
        """What the person can tell by now, what belongs to this turn first."""
        return [each for turn in self.task.turns[self.turn :: -1] for each in turn.knows]

    @property
    def lost(self) -> int:
        """How often in a row the user has been lost, up to now."""
        count = 0
        for answer in reversed(self.answers):
            if not answer.lost:
                break
            count += 1
        return count


class User(Protocol):
    """Somebody who answers. Nothing about an episode is held, so that one can speak in several at once."""

    @property
    def name(self) -> str:
        """Name that goes into rollouts."""
        ...

    def hear(self, heard: Heard) -> Answer | None:
        """Return what is said to a reply; None where the turn ends with it, and the task's next message comes.

        Raises:
            TeacherError: A model that speaks as the user has no answer.
            UserSlipError: It says what the person could not.
        """
        ...


def hear(user: User, heard: Heard) -> tuple[tuple[Exchange, ...], Answer | None]:
    """Let somebody hear a reply; return what was said by then, and their answer (None where the turn ends with it)."""
    answer = user.hear(heard)
    return (*heard.talk, Exchange(heard.turn, heard.reply, answer)), answer
