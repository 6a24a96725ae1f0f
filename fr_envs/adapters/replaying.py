"""Worlds that live elsewhere: a state is the log of the calls so far, and going back is calling them again.

A server or a service has a state of its own, which cannot be kept by reference. So the state here is the frozen log of
the writes that went through, with their results. ``apply`` on the latest state is one call. On an earlier one, or after
a fork, a fresh connection is opened and the log is called again, which costs a connection and as many calls as the log
is long; a call that was made before in the same state costs nothing. Reads are taken at their word and not logged. A
write that was refused may have left something behind, so the next call opens a fresh connection too. Where connections
are seen to know nothing of each other, those left behind are kept, and fresh ones opened beforehand.

Where no fresh world can be had (a live service), ``forks="refuse"``: only the latest state can be played on.
"""

from __future__ import annotations

import functools
import logging
import os
import threading
from typing import TYPE_CHECKING, Any, Literal, Protocol

import msgspec
from typing_extensions import override

from fr_envs.adapters.answers import Answer, AnswerBook
from fr_envs.adapters.facts import holds_at_first, mentioned
from fr_envs.adapters.outliving import Outliving
from fr_envs.adapters.standing import Standing, StandingConnections
from fr_envs.errors import ForeignToolError, Refusal, UsageError
from fr_envs.world.domain import Domain, Effect, Hooks
from fr_envs.world.state import Record, State, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Self

    import numpy as np

    from fr_envs.adapters.foreign import Names, OnError
    from fr_envs.contract.spec import DomainSpec, ToolSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Scale

__all__ = ["CallLog", "Channel", "Forks", "LoggedCall", "RemoteWorld"]

Forks = Literal["replay", "refuse"]
"""What playing on a state that is not the latest does: call the log again on a fresh connection, or refuse."""

_MOST_KEPT = 10_000
"""Results kept for calls made again in the same state; the oldest go first."""

_LOG = logging.getLogger("fr_envs")

_encode = msgspec.json.Encoder(order="deterministic").encode


class LoggedCall(Record, frozen=True):
    """A write that went through.

    Attributes:
        tool: Name of the tool in the contract.
        arguments: JSON text of the arguments.
        result: JSON text of the result.
    """

    tool: str
    arguments: str
    result: str


class CallLog(State, frozen=True):
    """The state of a world that lives elsewhere: the writes so far, by number from 0."""

    calls: Table[LoggedCall] = Table("calls")


class Channel(Protocol):
    """One connection to a world. A fresh one stands in the world's first state."""

    def call(self, tool: str, arguments: JsonObject) -> Json:
        """Call a tool by its owner's name, with its owner's names of the arguments, and return what it answers.

        Raises:
            Refusal: The tool says no, with a code that its contract declares.
            ForeignToolError: It died, hung, or did not keep its word.
        """
        ...

    def close(self) -> None:
        """Let go of the connection; never raises."""
        ...


class _Handler:
    """One tool of a remote world, callable as every handler is; can be pickled."""

    def __init__(self, world: RemoteWorld, tool: str) -> None:
        self.world = world
        self.tool = tool

    def __call__(self, state: CallLog, /, **arguments: object) -> Effect[CallLog]:
        return self.world.run(state, self.tool, arguments)


def _first(_rng: np.random.Generator, _scale: Scale) -> CallLog:
    return CallLog()


class RemoteWorld:
    """A world that lives elsewhere, as a ``Domain``.

    Args:
        spec: The contract.
        names: For each tool, its owner's names.
        connect: Opens a connection to a world in its first state; picklable, if the domain is to be pickled.
        on_error: What a tool that dies, hangs or lies does: stop with its error, or be refused from then on.
        forks: What playing on a state that is not the latest does.
        reset: Puts the world behind a connection into its first state, which spares opening another; None if nothing
            does.
        suspected: What is written may outlive the connection; look, after the first write.

    Attributes:
        domain: The world to play, in ``Session(world.domain)`` or ``ToolEnv(world.domain)``.
        broken: Why each tool that is out of service is; empty at first.

    Raises:
        SpecError: The contract has tools that their owner does not offer.
    """

    def __init__(  # noqa: PLR0913 - the parts of a world, each of its own kind
        self,
        spec: DomainSpec,
        names: Mapping[str, Names],
        connect: Callable[[], Channel],
        *,
        on_error: OnError = "stop",
        forks: Forks = "replay",
        reset: Callable[[Channel], None] | None = None,
        suspected: bool = False,
    ) -> None:
        """Take the parts; the first call connects."""
        self.names = names
        self.connect = connect
        self.on_error = on_error
        self.forks = forks
        self.reset = reset
        self.broken: dict[str, str] = {}
        self.answers: AnswerBook | None = None
        self._outliving = Outliving(spec, self._asked, suspected=suspected)
        self._forget()
        handlers = {name: _Handler(self, name) for name in spec.tools if name in names}
        facts = {name: functools.partial(_holds, spec, name, names) for name in spec.facts}
        self.domain: Domain[CallLog] = Domain(spec, handlers, Hooks(initial=_first, facts=facts))

    def _forget(self) -> None:
        """Stand without a connection."""
        self._lock = threading.RLock()
        self._live: Channel | None = None
        self._log: list[LoggedCall] = []
        self._owner = os.getpid()
        self._kept: dict[tuple[int, str, bytes], Answer] = {}
        self._aside: StandingConnections[Channel, LoggedCall] = StandingConnections(self.connect)

    def keep_answers(self, path: Path) -> None:
        """Write every answer into a file, and ask for none that stands there.

        Raises:
            SpecError: The file is there and holds something else.
        """
        self.answers = AnswerBook(path)

    def take(self, channel: Channel) -> None:
        """Take over a connection that is open and stands in the first state, which spares opening one."""
        with self._lock:
            self._drop()
            self._live = channel

    def run(self, state: CallLog, tool: str, arguments: JsonObject) -> Effect[CallLog]:
        """Call a tool in a state.

        Raises:
            Refusal: The tool says no, or is out of service.
            ForeignToolError: It died, hung, or did not keep its word, and such errors stop.
            UsageError: The state is not the latest, and there is no going back.
        """
        spec = self.domain.spec.tools[tool]
        owned = self.names[tool].owned(spec, arguments)
        key = (state.digest, tool, _encode(owned))
        with self._lock:
            if self._owner != os.getpid():
                self._forget()  # a forked process must not share its parent's connection
            if key not in self._kept and self.answers is not None and key in self.answers.answers:
                self._kept[key] = self.answers.answers[key]
            if key not in self._kept:
                if tool in self.broken:
                    raise Refusal("out_of_service", f"The tool {tool} is out of service: {self.broken[tool]}.")
                while len(self._kept) >= _MOST_KEPT:
                    del self._kept[next(iter(self._kept))]
                self._kept[key] = self._called(state, spec, owned)
                self._write_down(key)
            kept = self._kept[key]
        if kept.refusal is not None:
            raise Refusal(*kept.refusal.args)
        return Effect(_logged(state, spec, owned, kept.value), kept.value)

    def _write_down(self, key: tuple[int, str, bytes]) -> None:
        kept = self._kept[key]
        gone = kept.refusal is not None and kept.refusal.code == "out_of_service"
        if self.answers is not None and not gone:
            self.answers.keep(key, kept)

    def _called(self, state: CallLog, spec: ToolSpec, owned: JsonObject) -> Answer:
        log = [row for _, row in state.calls.rows()]
        try:
            channel = self._standing_at(log)
            if spec.effect == "write":
                self._outliving.look(channel)
            value = self._asked(channel, spec.name, owned)
        except Refusal as refusal:
            if spec.effect == "write" and self.forks == "replay":
                self._rewind()
            return Answer({}, refusal)
        except ForeignToolError as error:
            self._drop()
            if self.on_error == "stop":
                raise
            broken = error.tool if error.tool in self.names else spec.name
            if broken not in self.broken:
                _LOG.warning("%s: %s is out of service from now on: %s", self.domain.name, broken, error.problem)
            self.broken[broken] = error.problem
            return Answer({}, Refusal("out_of_service", f"The tool {spec.name} is out of service: {error.problem}."))
        if spec.effect == "write":
            self._log = [*log, _entry(spec, owned, value)]
        return Answer(value)

    def _standing_at(self, log: list[LoggedCall]) -> Channel:
        """Return a connection to a world in which the calls of ``log`` have been made, and no others."""
        if self.forks == "refuse":
            if self._log != log:
                problem = f"the world {self.domain.name} lives elsewhere and cannot go back to an earlier state"
                raise UsageError(f"{problem}: play on from the latest, or give a way to start afresh")
        elif self._live is None or self._log != log:
            self._go_towards(log)
        if self._live is None:
            if self.forks == "replay":
                self._log = []
            self._live = self._connected()
        for entry in log[len(self._log) :]:
            self._again(self._live, entry)
        return self._live

    def _rewind(self) -> None:
        """Go back to the first state, by a reset where there is one, else by the next connection."""
        if self.reset is None or self._live is None:
            self._drop()
            return
        try:
            self.reset(self._live)
        except ForeignToolError:
            self._drop()
            raise
        self._log = []

    def _go_towards(self, log: list[LoggedCall]) -> None:
        """Play on by the connection that stands nearest before a state; by none if a fresh one is to be opened."""
        live = self._live
        leads_there = live is not None and self._log == log[: len(self._log)]
        nearest = self._aside.nearest(log, len(self._log) if leads_there else -1)
        if nearest is None and (leads_there or live is None):
            return
        fresh = None
        if nearest is None and live is not None and self._outliving.apart is None:
            fresh = self._outliving.beside(live, self.connect)
        if not self._outliving.apart:
            self._rewind()
            return
        if live is not None:
            self._aside.keep(Standing(live, self._log))
        self._live, self._log = (fresh, []) if nearest is None else (nearest.channel, [*nearest.log])

    def _connected(self) -> Channel:
        channel = self._aside.fresh() if self._outliving.apart else self.connect()
        try:
            if self.reset is not None and self.forks == "replay":
                self.reset(channel)
            self._outliving.check(channel)
        except BaseException:  # nobody else knows of this connection, and there may be a process behind it
            channel.close()
            raise
        return channel

    def _again(self, channel: Channel, entry: LoggedCall) -> None:
        try:
            value = self._asked(channel, entry.tool, msgspec.json.decode(entry.arguments))
        except Refusal as refusal:
            raise _unsteady(entry.tool, f"refused a call that had gone through: {refusal.code}") from refusal
        if _encode(value).decode() != entry.result:
            raise _unsteady(entry.tool, "gave another result when a call was made again")
        self._log = [*self._log, entry]

    def _asked(self, channel: Channel, tool: str, owned: JsonObject) -> JsonObject:
        """Call, and return the result in the shape that the contract gives it."""
        names = self.names[tool]
        value = channel.call(names.tool, owned)
        if not names.members:
            return {"result": value}
        if not isinstance(value, dict):
            raise ForeignToolError(tool, f"gave a {type(value).__name__} for an object", "fix what it declares")
        return value

    def _drop(self) -> None:
        live, self._live = self._live, None
        if self.forks == "replay":
            self._log = []
        if live is not None:
            self._aside.let_go(live) if self._outliving.apart else live.close()

    def close(self) -> None:
        """Let go of the connection; the next call opens another. Results stay known."""
        with self._lock:
            if self._owner == os.getpid():
                self._drop()
                self._aside.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    @override
    def __reduce__(self) -> tuple[object, ...]:
        """Pickle as what it was built from: another process has connections of its own."""
        path = None if self.answers is None else self.answers.path
        return _rebuilt, (
            self.domain.spec, self.names, self.connect, self.on_error, self.forks, self.reset,
            self._outliving.suspected, path,
        )  # fmt: skip


def _rebuilt(spec: DomainSpec, names: Mapping[str, Names], connect: Callable[[], Channel], *rest: Any) -> RemoteWorld:  # noqa: ANN401 - as ``__reduce__`` gave them
    on_error, forks, reset, suspected, answers = rest
    world = RemoteWorld(spec, names, connect, on_error=on_error, forks=forks, reset=reset, suspected=suspected)
    if answers is not None:
        world.keep_answers(answers)
    return world


def _unsteady(tool: str, problem: str) -> ForeignToolError:
    return ForeignToolError(
        tool, problem, 'fix what depends on time or chance, say what puts it back (reset:), or take forks="refuse"'
    )


def _entry(spec: ToolSpec, owned: JsonObject, value: JsonObject) -> LoggedCall:
    return LoggedCall(spec.name, _encode(owned).decode(), _encode(value).decode())


def _logged(state: CallLog, spec: ToolSpec, owned: JsonObject, value: JsonObject) -> CallLog:
    if spec.effect == "read":
        return state
    return CallLog(state.calls.put(len(state.calls), _entry(spec, owned, value)))


def _holds(spec: DomainSpec, fact: str, names: Mapping[str, Names], state: CallLog, value: Json = None) -> bool:
    """Return True if a fact holds as far as the log tells: as the latest write about it left it.

    Where no write was about it, it holds if no tool can set it.
    """
    about = spec.facts[fact].about
    for _, entry in reversed(list(state.calls.rows())):
        tool = spec.tools[entry.tool]
        if fact in (*tool.sets, *tool.clears) and (about is None or value in _mentioned(tool, names, entry, about)):
            return fact in tool.sets
    return holds_at_first(spec, fact)


def _mentioned(tool: ToolSpec, names: Mapping[str, Names], entry: LoggedCall, kind: str) -> list[Json]:
    """Return the values of a kind that stand in a write's arguments or result."""
    owned = names[tool.name].arguments
    given = {owned.get(name, name): parameter.field for name, parameter in tool.parameters.items()}
    arguments, result = msgspec.json.decode(entry.arguments), msgspec.json.decode(entry.result)
    return mentioned(kind, [(given, arguments), (tool.returns, result)])
