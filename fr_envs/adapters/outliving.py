"""Does what is written outlive a connection, and does it show in another that is open at the same time?

A process that is started anew is thought to begin in its first state, and two processes are thought to know nothing of
each other. Both are looked at before anything rests on them, by the tools that read and need no arguments.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec

from fr_envs.errors import ForeignToolError, Refusal, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.adapters.replaying import Channel
    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import JsonObject

__all__ = ["Outliving"]

_LOOKS = 10
"""Fresh connections after which nobody suspects any more that what is written outlives them."""

_encode = msgspec.json.Encoder(order="deterministic").encode


class Outliving:
    """What a world's connections show of each other.

    Args:
        spec: The contract.
        ask: Calls a tool by a connection.
        suspected: What is written may outlive the connection; look, after the first write.

    Attributes:
        suspected: Whether that is still to be looked at.
        apart: Whether two connections at the same time have been seen to know nothing of each other; None if nobody
            knows yet.
    """

    def __init__(
        self, spec: DomainSpec, ask: Callable[[Channel, str, JsonObject], JsonObject], *, suspected: bool
    ) -> None:
        """Know nothing yet; of what is not suspected nothing is asked either."""
        self.suspected = suspected
        self.apart: bool | None = None if suspected else False
        self._name = spec.name
        self._ask = ask
        self._reads = [
            name
            for name, tool in spec.tools.items()
            if tool.effect == "read" and not any(p.required for p in tool.parameters.values())
        ]
        self._first: dict[str, bytes] | None = None
        self._fresh = 0

    def look(self, channel: Channel) -> None:
        """Before the first write, keep what the tools show that read and need nothing."""
        if not self.suspected or self._first is not None:
            return
        self._first = {}
        for name in self._reads:
            with contextlib.suppress(Refusal):
                shown = [_encode(self._ask(channel, name, {})) for _ in range(2)]
                if shown[0] == shown[1]:  # no clock, no chance
                    self._first[name] = shown[0]

    def check(self, channel: Channel) -> None:
        """Look whether a fresh connection shows what was written by an earlier one.

        Raises:
            UsageError: It does, so that going back by another connection is no going back.
        """
        if not self.suspected or self._first is None:
            return
        for tool, before in self._first.items():
            if _encode(self._ask(channel, tool, {})) != before:
                raise UsageError(
                    f"{self._name}: {tool} still shows after a fresh start what was written before: the state "
                    "outlives the server's process; say what puts it back under reset: (tool, command or folder)"
                )
        self._fresh += 1
        self.suspected = self._fresh < _LOOKS

    def beside(self, live: Channel, connect: Callable[[], Channel]) -> Channel | None:
        """Open a connection beside one that has been written by, and look whether they know nothing of each other.

        They are seen to be apart where the one shows what was written, before and after, and the fresh one does not.

        Returns:
            The fresh one if they are apart; None if they are not, or if nothing shows what was written.
        """
        before = self._shown(live)
        if not before or before == self._first:
            return None
        self.apart = False
        try:
            fresh = connect()
        except ForeignToolError:  # it may come up alone
            return None
        if self._shown(fresh) == self._first and self._shown(live) == before:
            self.apart = True
            return fresh
        fresh.close()
        return None

    def _shown(self, channel: Channel) -> dict[str, bytes]:
        try:
            return {name: _encode(self._ask(channel, name, {})) for name in self._first or ()}
        except (ForeignToolError, Refusal):
            return {}
