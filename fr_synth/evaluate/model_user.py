"""ModelUser: a model that speaks as the person of a task, held to what that person wants and knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from fr_envs.episode.user.roles import label_of
from fr_envs.episode.user.scripted import ScriptedUser, user_named
from fr_envs.episode.user.talk import Answer
from fr_envs.errors import UserSlipError
from fr_envs.streams import seed_of
from fr_synth.evaluate.user_slips import slip_of

if TYPE_CHECKING:
    from fr_envs.episode.user.talk import Heard, User
    from fr_envs.json_values import JsonObject
    from fr_synth.teachers.openai import EndpointOptions, OpenAITeacher

__all__ = ["LEAVING", "ModelUser", "user_of"]

LEAVING = "[leaves]"
"""What the model writes behind its words where the person leaves."""

_RULES = f"""\
You speak as the customer in a talk with an assistant. Write only what the customer says next: one or two
short sentences in their manner, no explanation.
- What the customer wants now: {{message}}
- What the customer knows: {{known}}
- Answer what the assistant asks from that alone. If the customer does not know something, say so. Make nothing up.
- Ask for nothing else, and do none of the assistant's work.
- Only if the assistant has talked nonsense twice in a row, say goodbye and add {LEAVING}."""


@final
class ModelUser:
    """Lets a model say what a person answers; when a turn ends is decided by rule, as for ``ScriptedUser``.

    Args:
        endpoint: Where to ask.
    """

    def __init__(self, endpoint: OpenAITeacher) -> None:
        """Keep the endpoint."""
        self.endpoint = endpoint
        self._rule = ScriptedUser()

    @property
    def name(self) -> str:
        """``openai:MODEL``."""
        return self.endpoint.name

    def hear(self, heard: Heard) -> Answer | None:
        """Return what the model says to a reply; None where the turn ends with it.

        Raises:
            TeacherError: The model has no answer.
            UserSlipError: It says what the person could not.
        """
        ruled = self._rule.hear(heard)
        if ruled is None:
            return None
        place = f"{heard.task.id}/{heard.task.seed}/{heard.turn}/{len(heard.talk)}"
        written = self.endpoint.chat(_talk(heard), [], seed_of(place.encode()) >> 1).completion.text
        leaving = LEAVING in written
        text = written.replace(LEAVING, "").strip()
        slip = slip_of(heard, text, leaving=leaving, lost=ruled.parting)
        if slip:
            raise UserSlipError(f"turn {heard.turn}: the user {slip}")
        return Answer(text, ruled.lost, leaving or ruled.parting)


def _talk(heard: Heard) -> list[JsonObject]:
    """Return the talk as the model sees it: it writes the customer's words, the assistant's come from outside."""
    known = "; ".join(dict.fromkeys(f"{label_of(each)}: {each.text}" for each in heard.known)) or "nothing besides"
    told = _RULES.format(message=heard.current.message, known=known)
    messages: list[JsonObject] = [{"role": "system", "content": told}]
    for number in range(heard.turn + 1):
        messages.append({"role": "assistant", "content": heard.task.turns[number].message})
        for each in heard.talk:
            if each.turn == number:
                messages.append({"role": "user", "content": each.reply})
                if each.answer is not None:
                    messages.append({"role": "assistant", "content": each.answer.text})
    return [*messages, {"role": "user", "content": heard.reply}]


def user_of(name: str, base_url: str = "", options: EndpointOptions | None = None) -> User | None:
    """Return who answers within turns, by name: ``fixed`` (nobody), ``scripted``, or ``openai:MODEL``.

    Args:
        name: Its name.
        base_url: Endpoint of a model; empty for the client's own default.
        options: How the endpoint is asked.

    Raises:
        UsageError: There is no such user.
    """
    kind, colon, model = name.partition(":")
    if not (colon and kind == "openai"):
        return user_named(name)
    from fr_synth.teachers.openai import EndpointOptions, OpenAITeacher

    return ModelUser(OpenAITeacher(model, base_url=base_url or None, options=options or EndpointOptions()))
