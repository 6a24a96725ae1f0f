"""A teacher with words and a will of its own, but no model: it takes the last of a menu, and calls things otherwise."""

from __future__ import annotations

import collections
import datetime
import re
from typing import TYPE_CHECKING

from fr_synth.teachers.protocol import TeacherReply, TeacherRequest
from fr_synth.teachers.scripted import ScriptedTeacher

if TYPE_CHECKING:
    from fr_envs.json_values import Json, JsonObject

_NAME = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)*")


class FreeTeacher:
    """Rewords every request that it can.

    Attributes:
        asked: Requests by role.
        said: Rewordings by what was put otherwise.
        menus: Every menu that it was shown.
        refused: What was found wrong with its words.
    """

    name = "openai:free"

    def __init__(self) -> None:
        self.inner = ScriptedTeacher()
        self.asked: collections.Counter[str] = collections.Counter()
        self.said: collections.Counter[str] = collections.Counter()
        self.menus: list[list[str]] = []
        self.refused: list[str] = []

    def complete(self, request: TeacherRequest) -> TeacherReply:
        self.asked[request.role] += 1
        material = request.material
        if request.role == "choose":
            self.menus.append(material["menu"])
            return TeacherReply({"choice": len(material["menu"])})
        if request.role != "query":
            return self.inner.complete(request)
        self.refused += material.get("errors", [])
        return TeacherReply(dict(material["draft"]) if "errors" in material else self._reworded(material))

    def _reworded(self, material: JsonObject) -> JsonObject:
        texts, references = dict(material["draft"]), []
        for each in material["must_mean"]:
            way, other = _otherwise(each["said"], each["value"])
            if other:
                texts = {key: text.replace(each["said"], other) for key, text in texts.items()}
                self.said[way] += 1
        for each in material["must_point"]:
            plain = [v for v in each["at"].values() if isinstance(v, str) and _NAME.fullmatch(v)]
            names = list(dict.fromkeys(v for v in plain if v.lower() not in each["words"].lower() not in v.lower()))
            if names:
                mine = f"the {' '.join(names[:3])} one"
                texts = {key: text.replace(each["words"], mine) for key, text in texts.items()}
                references.append({"draft": each["words"], "mine": mine})
                self.said["thing"] += 1
        return {**texts, "references": references}


def _otherwise(said: str, value: Json) -> tuple[str, str]:
    """Return a day or sum in another form; empty for what has none."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return "day", f"{datetime.date.fromisoformat(value):%B %d}".replace(" 0", " ")
    if isinstance(value, int | float) and not isinstance(value, bool) and f"{value:,.2f}" in said:
        return "sum", f"{value:.2f}"
    return "", ""
