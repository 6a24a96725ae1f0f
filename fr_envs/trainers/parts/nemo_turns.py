"""Sessions of a resource server for NeMo Gym, each a turn of a task."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import TYPE_CHECKING

import msgspec

from fr_envs.episode.judging.reward import read_rules
from fr_envs.errors import UsageError
from fr_envs.trainers.rollout import Rollout

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_envs.json_values import Json, JsonObject

__all__ = ["MOST_SESSIONS", "Turns", "read_arguments"]

MOST_SESSIONS = 4096
"""Sessions that are kept; the one seeded first goes when there are more."""


class Turns:
    """The sessions of a server.

    Args:
        rules: What pays and what costs; as an object or as plain data.
    """

    def __init__(self, rules: Mapping[str, Json] | None = None) -> None:
        """Begin without sessions."""
        self.rules = msgspec.structs.replace(read_rules(rules), pay="turns")  # a row is one turn
        self.most = MOST_SESSIONS
        self.sessions: OrderedDict[str, Rollout] = OrderedDict()

    def seed(self, key: str, task: str, turn: int = 0) -> None:
        """Begin a session at a turn of a task.

        Raises:
            UsageError: The task is none, or has no such turn.
        """
        self.sessions[key] = self._at(task, turn)
        self.sessions.move_to_end(key)
        while len(self.sessions) > self.most:
            self.sessions.popitem(last=False)

    def _at(self, task: str, turn: int) -> Rollout:
        rollout = Rollout(task, rules=self.rules)
        played = rollout.session.task
        if played is None or not 0 <= turn < len(played.turns):
            raise UsageError(f"the task has no turn {turn}")
        for each in played.turns[:turn]:
            for call in each.calls:
                rollout.act(rollout.session.offering.shown(call))
            rollout.session.say(each.reply)
        return rollout

    def call(self, key: str, name: str, arguments: Json) -> JsonObject:
        """Call a tool; ``{"error": …}`` where it did not go through or the session is not there."""
        rollout = self.sessions.get(key)
        if rollout is None or rollout.session.over:
            return {"error": {"code": "no_session", "message": "No session is going on. Seed one first."}}
        return rollout.act({"name": name, "arguments": arguments}).seen.results[0]

    def verify(self, task: str, turn: int, output: Iterable[Mapping[str, Json]]) -> float:
        """Return what a response earned in its turn: the calls in it are replayed, its text is the reply."""
        rollout = self._at(task, turn)
        before = rollout.session.reward
        said: list[str] = []
        for item in output:
            if item.get("type") == "function_call" and not rollout.session.over:
                rollout.act({"name": item.get("name"), "arguments": item.get("arguments")})
                said = []
            elif item.get("type") == "message":
                parts = item.get("content") or ()
                said.append("".join(part.get("text") or "" for part in parts) if not isinstance(parts, str) else parts)
        if not rollout.session.over:
            rollout.session.say("\n\n".join(said))
        return rollout.session.reward - before


def read_arguments(body: bytes) -> Json:
    """Return the arguments that are posted to a tool; what is no JSON as text, which the world refuses."""
    try:
        return json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")
