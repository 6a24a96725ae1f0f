"""How a record is spoilt: its lines as JSON to be edited, and a careful forger who makes the rest of them agree again.

The forger knows the formats: he seals what he has changed, lets the task say what the messages say, and runs the world
again where he has changed calls. What is left for him to be caught by is the truth of what he says.
"""

from __future__ import annotations

import collections
import contextlib
import functools
import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from fr_envs.contract.view import View
from fr_envs.episode.faults import Fault, fault_at, refused_by
from fr_envs.episode.task import Task
from fr_envs.episode.trajectory import first_state
from fr_envs.errors import FunReasonError
from fr_envs.world.lens import lens_of
from fr_envs.world.registry import load_domain
from fr_envs.world.tool_call import ToolCall
from fr_synth.trace.rows import DialogueRow, EvidenceRow, RecordLines, decode, task_of
from fr_synth.verify.evidence import gather

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_envs.world.domain import Domain
    from fr_envs.world.lens import Lens
    from fr_envs.world.state import State

__all__ = ["Forged", "Spoiling", "Unfit", "spoils", "spoils_story", "stories", "table"]


T = TypeVar("T")


class Unfit(Exception):
    """A record has nothing that can be spoilt in this way."""


class Spoiling(NamedTuple):
    """A way to spoil a record.

    Attributes:
        name: What is done.
        edit: Does it.
        proofs: Which of them may be the one that notices, where everything else agrees.
        follow: The forger lets the task say again what the messages say.
        replay: He runs the calls again, and writes down what they give.
    """

    name: str
    edit: Callable[[Forged], None]
    proofs: tuple[str, ...]
    follow: bool
    replay: bool


_TABLE: dict[str, Spoiling] = {}
_STORIES: dict[str, Spoiling] = {}


def spoils_story(
    *, follow: bool = True, replay: bool = False
) -> Callable[[Callable[[Forged], None]], Callable[[Forged], None]]:
    """Put a function into the table of those that need a situation, a view, a fault or a turn of some kind."""

    def add(edit: Callable[[Forged], None]) -> Callable[[Forged], None]:
        assert edit.__name__ not in {**_TABLE, **_STORIES}, edit.__name__
        _STORIES[edit.__name__] = Spoiling(edit.__name__, edit, (), follow, replay)
        return edit

    return add


def stories() -> list[Spoiling]:
    """Return every spoiling that needs more than a drill."""
    return list(_STORIES.values())


def spoils(
    *proofs: str, follow: bool = True, replay: bool = False
) -> Callable[[Callable[[Forged], None]], Callable[[Forged], None]]:
    """Put a function into the table: what it does to a record, and what has to notice."""

    def add(edit: Callable[[Forged], None]) -> Callable[[Forged], None]:
        assert edit.__name__ not in _TABLE, edit.__name__
        _TABLE[edit.__name__] = Spoiling(edit.__name__, edit, proofs, follow, replay)
        return edit

    return add


def table() -> list[Spoiling]:
    """Return every spoiling of a record."""
    return list(_TABLE.values())


class Forged:
    """The three lines of a record as JSON, to be edited.

    Args:
        lines: The lines.
    """

    def __init__(self, lines: RecordLines) -> None:
        """Read them."""
        self.row, self.task, self.evidence = (json.loads(line) for line in lines)
        self.raw: RecordLines | None = None

    # --------------------------------------------------------------------------------- where things stand

    @functools.cached_property
    def domain(self) -> Domain[Any]:
        """The world."""
        return load_domain(self.row["domain"])

    @property
    def messages(self) -> list[Any]:
        """The messages."""
        found: list[Any] = self.row["messages"]
        return found

    def at(self, role: str, *, calls: bool | None = None, which: int = 0) -> int:
        """Return the index of a message of a role, with calls or without."""
        found = [
            index
            for index, message in enumerate(self.messages)
            if message["role"] == role and calls in (None, "tool_calls" in message)
        ]
        if not -len(found) <= which < len(found):
            raise Unfit
        return found[which]

    def reply(self, which: int = 0) -> Any:
        """Return a reply."""
        return self.messages[self.at("assistant", calls=False, which=which)]

    def user(self, which: int = 0) -> Any:
        """Return a message of the user."""
        return self.messages[self.at("user", which=which)]

    def called(self) -> Iterator[tuple[int, int, Any]]:
        """Iterate over (message, position in it, function) of every call."""
        for index, message in enumerate(self.messages):
            for position, call in enumerate(message.get("tool_calls", ())):
                yield index, position, call["function"]

    @property
    def calls(self) -> list[Any]:
        """The functions called, in order."""
        return [function for _, _, function in self.called()]

    @property
    def behind(self) -> list[Any]:
        """What the evidence says of each call."""
        found: list[Any] = self.evidence["calls"]
        return found

    def result_of(self, number: int) -> Any:
        """Return the message with the result of a call."""
        index, position, _ = list(self.called())[number]
        return self.messages[index + 1 + position]

    def sources(self, kind: str) -> Iterator[tuple[int, str, Any]]:
        """Iterate over (call, pointer, source) of the sources of a kind."""
        for number, call in enumerate(self.behind):
            for pointer, source in call.get("sources", {}).items():
                if source["from"] == kind:
                    yield number, pointer, source

    def source(self, kind: str) -> tuple[int, str, Any]:
        """Return the first of them."""
        return first(self.sources(kind))

    def mention(self, *ways: str) -> tuple[int, Any]:
        """Return (turn, mention) of the first that points in one of some ways."""
        return first(self.mentions(*ways))

    def mentions(self, *ways: str) -> Iterator[tuple[int, Any]]:
        """Iterate over (turn, mention) of those that point in one of some ways."""
        for number, turn in enumerate(self.evidence["turns"]):
            for mention in turn.get("mentions", ()):
                if not ways or mention["way"] in ways:
                    yield number, mention

    def is_a_choice(self, mention: Any) -> bool:
        """Return True if the result in which a mention's value stands has another one of its kind."""
        found = gather(decode(self.lines(), "here"), self.domain).found[mention["step"]]
        return len({str(each.value) for each in found if each.kind == mention["kind"]}) > 1

    @property
    def macro(self) -> Any:
        """The macro of the first turn."""
        return self.evidence["turns"][0]["advanced"]

    @property
    def goal(self) -> Any:
        """The goal of the first turn."""
        return self.task["turns"][0]["goal"]

    def argument(self, kind: str) -> tuple[str, Any]:
        """Return (pointer, argument) of the first argument of the macros that is of a kind."""
        return first(self.arguments(kind))

    def arguments(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Iterate over (pointer, argument) of the arguments of the macros that are of a kind."""
        for turn in self.evidence["turns"]:
            for step in turn["advanced"]["steps"]:
                for pointer, argument in step["arguments"].items():
                    if argument["from"] == kind:
                        yield pointer, argument

    # ------------------------------------------------------------------------------------ what the forger does

    def lines(self) -> RecordLines:
        """Return the lines as they are now."""
        if self.raw is not None:
            return self.raw
        return RecordLines(*(json.dumps(each).encode() for each in (self.row, self.task, self.evidence)))

    def agree(self, *, follow: bool, replay: bool) -> None:
        """Make the lines agree as well as can be."""
        if self.raw is not None:
            return
        if replay:
            self._run_again()
        try:
            if follow:
                said = msgspec.to_builtins(task_of(decode(self.lines(), "forged")))
                for own, turn in zip(self.task["turns"], said["turns"], strict=False):
                    own.update({name: turn[name] for name in ("message", "calls", "reply", "knows")})
                with contextlib.suppress(TypeError, KeyError, IndexError):  # what is no list of calls has no mistakes
                    self.row["mistakes"] = self._mistakes()
            self.evidence["seal"] = self._seal()
        except (msgspec.MsgspecError, FunReasonError, UnicodeError, RecursionError):
            return  # what cannot be read is not sealed

    def _mistakes(self) -> list[bool]:
        purposes = [each.get("purpose") for each in self.behind]
        slips = {index for (index, _, _), purpose in zip(self.called(), purposes, strict=False) if purpose == "slip"}
        return [index in slips for index in range(len(self.messages))]

    def _seal(self) -> str:
        digest, encoder = hashlib.blake2b(digest_size=16), msgspec.json.Encoder(order="deterministic")
        lines = self.lines()
        digest.update(encoder.encode(msgspec.json.decode(lines.dialogue, type=DialogueRow)))
        digest.update(encoder.encode(msgspec.json.decode(lines.task, type=Task)))
        evidence = msgspec.json.decode(lines.evidence, type=EvidenceRow)
        digest.update(encoder.encode(msgspec.structs.replace(evidence, seal="")))
        return digest.hexdigest()

    def _run_again(self) -> None:
        state = first_state(self.domain, tuple(self.task["seed"]), self.task["scale"])
        faults = msgspec.convert(self.task.get("faults", []), tuple[Fault, ...])
        nth: collections.Counter[tuple[int, str]] = collections.Counter()
        for number, function in enumerate(self.calls):
            call, turn = self._meant(function), self.turn_of(number)
            nth[turn, call.name] += 1
            fault = fault_at(faults, turn, call.name, nth[turn, call.name])
            outcome = refused_by(fault, state) if fault else self.domain.apply(state, call)
            state = outcome.state
            shown = outcome.value if self.lens is None else self.lens.shown_result(call, outcome.value)
            self.result_of(number)["content"] = json.dumps(shown, ensure_ascii=False)
            self.behind[number]["digest"] = f"{state.digest:032x}"
            self.behind[number].pop("error", None)
            if outcome.error is not None:
                self.behind[number]["error"] = outcome.error.code
        self.evidence["sha256"] = state.sha256()

    def states(self) -> list[State]:
        """Return the state before each call, and the last one."""
        states = [first_state(self.domain, tuple(self.task["seed"]), self.task["scale"])]
        for function in self.calls:
            states.append(self.domain.apply(states[-1], self._meant(function)).state)
        return states

    @functools.cached_property
    def lens(self) -> Lens | None:
        """What the names in the messages are seen through; None for the contract's own."""
        view = self.task.get("view")
        return None if view is None else lens_of(self.domain.spec, msgspec.convert(view, View))

    def _meant(self, function: Any) -> ToolCall:
        """Return the world's call that a function called stands for; the call itself where it stands for none."""
        call = ToolCall(function["name"], function["arguments"])
        meant = call if self.lens is None or call.name not in self.lens.named() else self.lens.meant(call)
        return meant if isinstance(meant, ToolCall) else call

    def turn_of(self, number: int) -> int:
        """Return the turn of a call."""
        index = list(self.called())[number][0]
        return [message["role"] for message in self.messages[:index]].count("user") - 1

    def drop_call(self, number: int) -> None:
        """Take a call out everywhere, and number the others anew."""
        index, position, _ = list(self.called())[number]
        del self.messages[index + 1 + position]
        del self.messages[index]["tool_calls"][position]
        if not self.messages[index]["tool_calls"]:
            del self.messages[index]
        del self.behind[number]
        self.renumber()

    def renumber(self) -> None:
        """Give the calls their ids in the order in which they stand."""
        number = 0
        for index, message in enumerate(self.messages):
            for position, call in enumerate(message.get("tool_calls", ())):
                call["id"] = f"call_{number}"
                self.messages[index + 1 + position]["tool_call_id"] = f"call_{number}"
                number += 1


def first(found: Iterator[T]) -> T:
    """Return the first of what is found.

    Raises:
        Unfit: There is none.
    """
    for each in found:
        return each
    raise Unfit
