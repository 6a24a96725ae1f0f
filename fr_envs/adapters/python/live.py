"""Objects that stand in a state, kept between calls: a call that changes nothing need not bring the object back first.

A method that only reads is taken at its word most of the time: the first, second, fourth, eighth … call of it is
checked, and so is all that was taken at its word before the same object is written to. One that is found to change
something counts as writing from then on, what it changed before is dropped, and it is run once more. A method that
writes is checked each time. The author may say it better: ``fork()`` gives a copy of the object, ``fingerprint()``
anything small that differs when the object does.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple

from typing_extensions import override

from fr_envs.adapters.python.frozen_objects import freeze, image_of, thaw

if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_envs.adapters.python.frozen_objects import ObjectState
    from fr_envs.adapters.watchdog import Ran

__all__ = ["LiveObjects", "Played"]

_MOST = 4
"""Objects that are kept, those used last: a session, its fork, and two more."""


class Played(NamedTuple):
    """What came of a call.

    Attributes:
        ran: What the method returned or raised.
        state: The state after it; the one before where it failed.
    """

    ran: Ran[Any]
    state: ObjectState


class _Standing:
    """An object, what it looked like when it was last known to be in its state, and the reads since."""

    def __init__(self, instance: Any, image: object) -> None:  # noqa: ANN401 - the toolkit's object
        self.instance = instance
        self.image = image
        self.reads: set[str] = set()

    def is_as_it_was(self) -> bool:
        return bool(image_of(self.instance) == self.image)


class LiveObjects:
    """The objects of one world that stand in a state. Pickles as none.

    Args:
        ignored: Names of attributes, at any depth, that are no part of the contents.
        report: Told once, in a line, of a tool that says it reads and writes.
    """

    def __init__(self, ignored: tuple[str, ...] = (), report: Callable[[str], None] | None = None) -> None:
        """Keep nothing yet."""
        self.ignored = ignored
        self.report = report
        self._kept: OrderedDict[int, tuple[object, _Standing]] = OrderedDict()
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._writes: set[str] = set()

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.ignored, self.report)

    def play(self, state: ObjectState, tool: str, run: Callable[[Any], Ran[Any]], *, reads: bool) -> Played:
        """Run a method on an object that stands in a state.

        Args:
            state: The state; what happens to the object never reaches it.
            tool: Name of the tool.
            run: Runs the method on the object that it is given.
            reads: The tool says that it changes nothing.
        """
        if reads and tool not in self._writes:
            played = self._read(state, tool, run)
            if played is not None:
                return played
        return self._write(state, run)

    def _read(self, state: ObjectState, tool: str, run: Callable[[Any], Ran[Any]]) -> Played | None:
        """Return what came of it, or None if it turned out to write."""
        standing = self._standing(state)
        ran = run(standing.instance)
        if ran.late:
            return Played(ran, state)
        standing.reads.add(tool)
        self._calls[tool] += 1
        count = self._calls[tool]
        if count & (count - 1) == 0 and not self._checked(state, standing):
            return None
        self._keep(state, standing)
        return Played(ran, state)

    def _write(self, state: ObjectState, run: Callable[[Any], Ran[Any]]) -> Played:
        standing = self._standing(state)
        if standing.reads and not self._checked(state, standing):
            standing = self._standing(state)
        ran = run(standing.instance)
        if ran.late:
            return Played(ran, state)
        if ran.raised is not None:
            if standing.is_as_it_was():
                self._keep(state, standing)
            return Played(ran, state)
        image = image_of(standing.instance)
        same = bool(image == standing.image)
        after = state if same else freeze(standing.instance, self.ignored, state, image)
        standing.image = image
        self._keep(after, standing)
        return Played(ran, after)

    def _checked(self, state: ObjectState, standing: _Standing) -> bool:
        """Look whether the reads since the last check have changed nothing; name them where they have."""
        image = image_of(standing.instance)
        if image == standing.image or freeze(standing.instance, self.ignored, state, image) is state:
            standing.image = image
            standing.reads.clear()
            return True
        for tool in sorted(standing.reads - self._writes):
            self._writes.add(tool)
            if self.report is not None and len(standing.reads) == 1:
                self.report(f"{tool} says that it reads, and changes the object; it counts as writing from now on")
        return False

    def _standing(self, state: ObjectState) -> _Standing:
        """Take an object that stands in the state out of what is kept, or bring one back."""
        with self._lock:
            kept = self._kept.pop(id(state.snapshot), None)
        if kept is not None and kept[0] is state.snapshot:
            return kept[1]
        instance = thaw(state)
        return _Standing(instance, image_of(instance))

    def _keep(self, state: ObjectState, standing: _Standing) -> None:
        with self._lock:
            self._kept[id(state.snapshot)] = (state.snapshot, standing)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
