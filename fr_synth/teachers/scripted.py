"""The embedded teacher: no network, no model. It plays from the guide, and can be made to err."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fr_envs.streams import generator, pick
from fr_synth.teachers.protocol import TeacherReply, TeacherRequest

if TYPE_CHECKING:
    import numpy as np

    from fr_envs.json_values import Json, JsonObject

__all__ = ["ScriptedTeacher"]


class ScriptedTeacher:
    """Answers from drafts and guides.

    Args:
        error_rate: Share of reasoning steps that go wrong at the first try, from 0 to 1: an invented value, a wrong
            tool, a missing argument or a reply too early. A step that the critic has spoken about is then done right.
    """

    def __init__(self, error_rate: float = 0.0) -> None:
        """Keep the rate."""
        self.error_rate = error_rate

    @property
    def name(self) -> str:
        """Name that goes into the records."""
        return "scripted"

    def complete(self, request: TeacherRequest) -> TeacherReply:
        """Answer one request."""
        if request.role == "critic":
            faults = request.material["faults"]
            return TeacherReply({"advice": f"That does not work: {'; '.join(faults)}."})
        if request.role != "reason":
            return TeacherReply(dict(request.material["draft"]))
        answer = {key: request.guide[key] for key in ("reasoning", "calls", "reply")}
        if self.error_rate and not request.material["errors"]:
            rng = generator(request.seed)
            if rng.random() < self.error_rate:
                answer = _spoilt(answer, request.material["tools"], rng)
        return TeacherReply(answer)


def _spoilt(answer: JsonObject, tools: Json, rng: np.random.Generator) -> JsonObject:
    """Make one mistake of those that models make."""
    calls = [dict(call) for call in answer["calls"]]
    if not calls:
        return {**answer, "reply": ""}
    call = calls[-1]
    way = int(rng.integers(4))
    if way == 0:
        return {**answer, "calls": [], "reply": "It is done."}
    if way == 1 and call["arguments"]:
        arguments = dict(call["arguments"])
        name = pick(rng, list(arguments))
        arguments[name] = _invented(arguments[name])
        call["arguments"] = arguments
    elif way == 2 and call["arguments"]:
        call["arguments"] = dict(list(call["arguments"].items())[:-1])
    else:
        call["name"] = str(pick(rng, tools)["function"]["name"])
    return {**answer, "calls": calls}


def _invented(value: Json) -> Json:
    """Return a value that nobody has told."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 7
    if isinstance(value, str):
        swapped = value.translate(str.maketrans("0123456789", "1234567890"))
        return swapped if swapped != value else f"{value}_new"
    return value
