"""Sessions side by side: opened, found by identifier, given up when nobody has used them for a while.

::

    UsageError
    ├── NoSession      there is no session by that identifier, or no more
    └── NoRoom         as many sessions are open as may be

A step of a shipped world takes microseconds and runs where it is asked for, so that steps of a session come one after
the other by nature. A world of your own may be a service that takes seconds: its steps run beside the event loop, one
at a time.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from fr_envs.episode.judging.reward import read_rules
from fr_envs.episode.session import MAX_STEPS, Session
from fr_envs.errors import UsageError
from fr_envs.world.registry import is_own, load_domain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fr_envs.episode.judging.reward import RewardRules, Rules
    from fr_envs.episode.task import Task
    from fr_envs.serve.tasks import TaskShelf
    from fr_envs.world.domain import Domain, Scale

__all__ = ["FREE_STEPS", "Beginning", "NoRoom", "NoSession", "Seat", "Sessions", "Worlds", "beside"]

T = TypeVar("T")

FREE_STEPS = 100_000
"""Steps that a free session may take; what is remembered of each is the reason for a bound."""

_TEMPLATES = 32  # first states that are kept, so that many sessions of one task cost one


class NoSession(UsageError):
    """There is no session by that identifier, or no more."""


class NoRoom(UsageError):
    """As many sessions are open as may be."""


class Beginning(NamedTuple):
    """What a session starts with.

    Attributes:
        domain: Short name of the world; None where the task says it, or there is one world only.
        seed: Seed of the first state in a free session, from 0.
        scale: Size of the first state in a free session.
        task: Identifier or index of the task to play; None for a free session.
        rules: What pays and what costs; None for what the server has.
    """

    domain: str | None = None
    seed: int = 0
    scale: Scale = "small"
    task: str | int | None = None
    rules: RewardRules | None = None


async def beside(work: Callable[[], T]) -> T:
    """Do something slow in a thread of its own, which ends with the program whatever it is at."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(set_it: Callable[[Any], None], value: object) -> None:
        if not done.done():  # whoever waited may have gone
            set_it(value)

    def tell(set_it: Callable[[Any], None], value: object) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, set_it, value)

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            tell(done.set_exception, error)
        else:
            tell(done.set_result, result)

    threading.Thread(target=run, daemon=True).start()
    return await done


class Worlds:
    """The worlds that are served, and first states that are begun with again and again.

    Args:
        names: Short names of the worlds; at least one.
        shelf: Tasks that can be played; None for none.
        rules: What pays and what costs where a session asks for nothing else; None for the usual rules.
        max_steps: Steps that a turn may take; None for ``MAX_STEPS`` with a task, ``FREE_STEPS`` without.

    Raises:
        FunReasonError: There is no such world, or it cannot be loaded.
    """

    def __init__(
        self, names: Sequence[str], *, shelf: TaskShelf | None = None, rules: Rules = None, max_steps: int | None = None
    ) -> None:
        """Load the worlds."""
        self.domains: dict[str, Domain[Any]] = {name: load_domain(name) for name in names}
        self.shelf = shelf
        self.rules = read_rules(rules)
        self._max_steps = max_steps
        self._templates: OrderedDict[Beginning, Session] = OrderedDict()
        self._turns = {name: asyncio.Lock() for name in names if is_own(name)}
        self._building = asyncio.Lock()

    def is_slow(self, domain: str) -> bool:
        """Return True if the steps of a world have to be taken beside the event loop."""
        return domain in self._turns

    def check(self, beginning: Beginning) -> None:
        """Do nothing if there are the world and the task that a session would start with.

        Raises:
            UsageError: One of them is not there.
        """
        self._domain(beginning, self._task(beginning))

    async def begin(self, beginning: Beginning) -> Session:
        """Return a new session.

        Raises:
            UsageError: There is no such world, scale or task.
            ForeignToolError: A world of your own does not answer.
        """
        task = self._task(beginning)
        name = self._domain(beginning, task)
        if name in self._turns:
            return await self._in_turn(name, lambda: self._fresh(name, beginning, task))
        template = self._templates.get(beginning) or await self._built(name, beginning, task)
        self._templates[beginning] = template
        self._templates.move_to_end(beginning)
        while len(self._templates) > _TEMPLATES:
            self._templates.popitem(last=False)
        return template.fork()

    async def _built(self, name: str, beginning: Beginning, task: Task | None) -> Session:
        """Return a session in its first state; a big one takes seconds, so it is made beside the event loop."""
        if (beginning.scale if task is None else task.scale) in {"tiny", "small"}:
            return self._fresh(name, beginning, task)
        async with self._building:  # one at a time, as each takes a core
            kept = self._templates.get(beginning)
            if kept is not None:  # made for somebody else meanwhile
                return kept
            return await beside(lambda: self._fresh(name, beginning, task))

    def _fresh(self, name: str, beginning: Beginning, task: Task | None) -> Session:
        steps = self._max_steps or (FREE_STEPS if task is None else MAX_STEPS)
        session = Session(self.domains[name], rules=beginning.rules or self.rules, max_steps=steps)
        session.reset(task, seed=beginning.seed, scale=beginning.scale)
        return session

    def _task(self, beginning: Beginning) -> Task | None:
        if beginning.task is None:
            return None
        if self.shelf is None:
            raise UsageError("no tasks are served here; start the server with --tasks RUN")
        task = self.shelf.find(beginning.task)
        if beginning.domain not in {None, task.domain}:
            raise UsageError(f"the task is for {task.domain!r}, not for {str(beginning.domain)[:80]!r}")
        return task

    def _domain(self, beginning: Beginning, task: Task | None) -> str:
        name = beginning.domain if task is None else task.domain
        if name is None and len(self.domains) == 1:
            return next(iter(self.domains))
        if name is None or name not in self.domains:
            said = "say which world" if name is None else f"no world {name[:80]!r} is served here"
            raise UsageError(f"{said}; there are {', '.join(self.domains)}")
        return name

    async def do(self, session: Session, step: Callable[[Session], T]) -> T:
        """Take a step of a session: at once, or in its turn beside the event loop where the world is slow.

        Raises:
            UsageError: The episode is over.
            ForeignToolError: A world of your own does not answer.
        """
        name = session.domain.name
        return await self._in_turn(name, lambda: step(session)) if name in self._turns else step(session)

    async def _in_turn(self, name: str, work: Callable[[], T]) -> T:
        async with self._turns[name]:
            return await beside(work)


class Seat:
    """A session with its identifier.

    Attributes:
        id: Identifier; nobody can guess it.
        session: The session.
        used: When it was used last, in seconds of the clock of ``Sessions``.
    """

    __slots__ = ("id", "session", "used")

    def __init__(self, session: Session, used: float) -> None:
        """Draw the identifier."""
        self.id = secrets.token_urlsafe(16)
        self.session = session
        self.used = used


class Sessions:
    """Sessions by identifier, with a time to live and a cap.

    Args:
        worlds: What is served.
        ttl: Seconds after which a session that nobody uses is given up.
        most: Sessions that may be open at once.
        clock: Seconds that pass, from any start.
    """

    def __init__(self, worlds: Worlds, *, ttl: float, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with no session."""
        self.worlds = worlds
        self.ttl = ttl
        self.most = most
        self._clock = clock
        self._seats: OrderedDict[str, Seat] = OrderedDict()  # by last use, the longest unused first
        self._coming = 0

    def __len__(self) -> int:
        """Return the number of sessions that are open."""
        return len(self._seats)

    async def open(self, beginning: Beginning) -> Seat:
        """Open a session.

        Raises:
            NoRoom: As many are open as may be.
            UsageError: There is no such world, scale or task.
            ForeignToolError: A world of your own does not answer.
        """
        self.sweep()
        if len(self._seats) + self._coming >= self.most:
            raise NoRoom(f"{self.most} sessions are open, which is the most; close one, or wait for one to expire")
        self._coming += 1
        try:
            session = await self.worlds.begin(beginning)
        finally:
            self._coming -= 1
        seat = Seat(session, self._clock())
        self._seats[seat.id] = seat
        return seat

    def find(self, name: str) -> Seat:
        """Return an open session, which is used by that; O(1).

        Raises:
            NoSession: There is none.
        """
        seat = self._seats.get(name)
        now = self._clock()
        if seat is None or now - seat.used > self.ttl:
            raise NoSession("there is no such session, or it has expired; open one")
        seat.used = now
        self._seats.move_to_end(name)
        return seat

    def close(self, name: str) -> None:
        """Give up a session.

        Raises:
            NoSession: There is none.
        """
        self.find(name)
        del self._seats[name]

    def sweep(self) -> int:
        """Give up the sessions that nobody has used for ``ttl`` seconds, and return how many; O(their number)."""
        gone = 0
        limit = self._clock() - self.ttl
        while self._seats and next(iter(self._seats.values())).used < limit:
            self._seats.popitem(last=False)
            gone += 1
        return gone

    async def keep_sweeping(self) -> None:
        """Sweep now and again, for ever."""
        while True:
            await asyncio.sleep(max(0.05, min(self.ttl / 4, 30.0)))
            self.sweep()
