"""A record as a person reads one: first the dialogue, then what stands behind each turn."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from fr_envs.json_values import parts_of
from fr_synth.commands.base import printable
from fr_synth.trace.dataflow.provenance import Default, Derived, Output, Said
from fr_synth.trace.macro import MacroParameter, Take

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fr_envs.contract.view import View
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.state import Change
    from fr_synth.trace.dataflow.provenance import Provenance
    from fr_synth.trace.macro import AdvancedTool, Argument
    from fr_synth.trace.records import CallRecord, Dialogue, TurnRecord

__all__ = ["PageLine", "Piece", "pages"]

Piece: TypeAlias = tuple[str, str]
"""A text and the style in which it is shown, in the words of rich."""


class PageLine(NamedTuple):
    """One line to show.

    Attributes:
        indent: Columns before it.
        pieces: Texts with their styles, side by side.
        hang: Number of pieces that are a label, below which nothing is folded.
    """

    indent: int
    pieces: tuple[Piece, ...] = ()
    hang: int = 1


_TEXT, _ITEMS, _RESULT = 50, 3, 240  # what is shown of a text, of a list, and of a whole result
_THINKING, _LABEL, _TOOL, _SOFT = "dim italic", "dim", "bold cyan", "dim"


def pages(dialogue: Dialogue, *, full: bool) -> Iterator[PageLine]:
    """Iterate over the lines that show a record.

    Args:
        dialogue: The record.
        full: Show everything; otherwise results are shortened, and system message and states left out.
    """
    yield from _head(dialogue, full=full)
    yield from _Talk(dialogue, full=full).lines()
    for number, turn in enumerate(dialogue.turns):
        yield PageLine(0)
        yield from _behind(dialogue, number, turn, full=full)


def _lines(indent: int, label: Piece, text: str, style: str = "") -> Iterator[PageLine]:
    """Show a text with a label in front; what follows a newline begins below the text."""
    first, *rest = printable(text).split("\n")
    yield PageLine(indent, (label, (first, style)))
    yield from (PageLine(indent + len(label[0]), ((line, style),), hang=0) for line in rest if line)


# ---------------------------------------------------------------------------------------------------- the dialogue


def _head(dialogue: Dialogue, *, full: bool) -> Iterator[PageLine]:
    about = f"  {dialogue.domain} {dialogue.domain_version}, {dialogue.scale}, seed {'-'.join(map(str, dialogue.seed))}"
    size = f", {_count(len(dialogue.turns), 'turn')}, {_count(len(dialogue.calls), 'call')}"
    yield PageLine(0, ((dialogue.id, "bold"), (f"{about}{size}, words by {dialogue.teacher}", _SOFT)))
    if dialogue.situation:
        manner = f", spoken in the manner {printable(dialogue.persona)}" if dialogue.persona else ""
        yield PageLine(0, (("situation: ", _LABEL), (f"{printable(dialogue.situation)}{manner}", _SOFT)))
    proven = ", ".join(name for name, held in dialogue.proofs.items() if held)
    yield PageLine(0, (("proven: ", _LABEL), (proven or "nothing", _SOFT)))
    names = [tool["function"]["name"] for tool in json.loads(dialogue.tools)]
    renamed = {} if dialogue.view is None else {each.offered: each.tool for each in dialogue.view.tools if each.name}
    told = [f"{name} = {renamed[name]}" if name in renamed else name for name in names]
    under = f" ({len(renamed)} of them under other names)" if renamed else ""
    yield PageLine(
        0,
        ((f"{_count(len(names), 'tool')} offered{under}", _LABEL), (": " + ", ".join(told) if full else "", _SOFT)),
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class _Talk:
    """The messages, with the calls numbered as the provenance counts them."""

    def __init__(self, dialogue: Dialogue, *, full: bool) -> None:
        self.messages = dialogue.messages
        self.full = full
        self.number = 0
        self.numbers: dict[str, int] = {}

    def lines(self) -> Iterator[PageLine]:
        """Iterate over the lines of the dialogue."""
        show: dict[str, Callable[[JsonObject], Iterator[PageLine]]] = {
            "system": self._system,
            "user": self._user,
            "assistant": self._assistant,
            "tool": self._result,
        }
        for message in self.messages:
            yield from show[message["role"]](message)

    def _system(self, message: JsonObject) -> Iterator[PageLine]:
        if self.full:
            yield PageLine(0)
            yield from _lines(0, ("system     ", "bold magenta"), message["content"], _SOFT)

    def _user(self, message: JsonObject) -> Iterator[PageLine]:
        yield PageLine(0)
        yield from _lines(0, ("user       ", "bold green"), message["content"])

    def _assistant(self, message: JsonObject) -> Iterator[PageLine]:
        if message.get("reasoning_content"):
            yield from _lines(4, ("", ""), message["reasoning_content"], _THINKING)
        if message.get("content"):
            yield from _lines(0, ("assistant  ", "bold blue"), message["content"])
        calls = message.get("tool_calls") or ()
        for call in calls:
            self.numbers[call["id"]] = self.number
            mark = "‖" if len(calls) > 1 else " "
            pieces = _call(call["function"]["name"], call["function"]["arguments"], full=self.full)
            yield PageLine(4, ((f"{mark} → ", "cyan"), (f"{self.number} ", _SOFT), *pieces), hang=2)
            self.number += 1

    def _result(self, message: JsonObject) -> Iterator[PageLine]:
        number = self.numbers.get(message.get("tool_call_id", ""), "?")
        try:
            value = json.loads(message["content"])
        except ValueError:  # a tool of another's making may answer in prose
            value = message["content"]
        refused = isinstance(value, dict) and "error" in value
        shown = (self._shown(value), "red" if refused else "")
        yield PageLine(4, (("  ← ", "cyan"), (f"{number} ", _SOFT), shown), hang=2)

    def _shown(self, value: Json) -> str:
        if self.full:
            return _whole(value)
        text = ", ".join(f"{k}={brief(v)}" for k, v in value.items()) if isinstance(value, dict) else brief(value)
        return text if len(text) <= _RESULT else text[:_RESULT] + " …"


def _whole(value: Json) -> str:
    return printable(json.dumps(value, ensure_ascii=False))


def brief(value: Json) -> str:
    """Return a JSON value on one line, long texts and lists shortened."""
    if isinstance(value, str):
        cut = value if len(value) <= 2 * _TEXT else value[:_TEXT] + "…"  # not for the sake of a few characters
        more = "" if cut == value else f" ({len(value)} characters)"
        return printable(json.dumps(cut, ensure_ascii=False)) + more
    if isinstance(value, list):
        more = f", … {len(value) - _ITEMS} more" if len(value) > _ITEMS else ""
        return "[" + ", ".join(brief(item) for item in value[:_ITEMS]) + more + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{printable(name)}: {brief(item)}" for name, item in value.items()) + "}"
    return json.dumps(value)


def _call(name: str, arguments: JsonObject, *, full: bool) -> list[Piece]:
    write = _whole if full else brief
    inside = ", ".join(f"{printable(key)}={write(value)}" for key, value in arguments.items())
    return [(printable(name), _TOOL), (f"({inside})", "")]


# ------------------------------------------------------------------------------------------------- what is behind it


def _behind(dialogue: Dialogue, number: int, turn: TurnRecord, *, full: bool) -> Iterator[PageLine]:
    own = [(step, call) for step, call in enumerate(dialogue.calls) if call.turn == number]
    kind = ", ".join((turn.kind, *turn.traits))
    asked = f"{kind}, aimed at {turn.target}, reasoner asked {_count(turn.attempts, 'time')}"
    yield PageLine(0, ((f"turn {number}", "bold"), (f"  {asked}", _SOFT)))
    yield from _lines(2, ("easy      ", _LABEL), turn.easy)
    yield from _advanced(turn.advanced) if turn.advanced.steps else ()
    yield from _awaited(turn)
    yield from _goal(turn, full=full)
    yield from _sources(own, dialogue.view)
    for mention in turn.mentions:
        meant = f"{mention.text!r} means {mention.kind} {brief(mention.value)}, from call {mention.step}"
        yield PageLine(2, (("points    ", _LABEL), (printable(meant), "")))
    for fault in turn.faults:
        yield from _lines(2, ("critic    ", _LABEL), fault)


def _advanced(tool: AdvancedTool) -> Iterator[PageLine]:
    takes = ", ".join(tool.parameters.get("properties", {}))
    yield PageLine(2, (("advanced  ", _LABEL), (printable(tool.name), _TOOL), (f"({takes})", "")))
    yield PageLine(12, ((printable(tool.description), _SOFT),), hang=0)
    for number, step in enumerate(tool.steps):
        inside = ", ".join(f"{_argument(at)}={_macro(value)}" for at, value in step.arguments.items())
        yield PageLine(12, ((f"{number} ", _SOFT), (f"{step.tool}({inside})", "")))


def _awaited(turn: TurnRecord) -> Iterator[PageLine]:
    """Tell the call that is not made, and why."""
    awaited = turn.awaited
    if awaited is None:
        return
    if awaited.tool:
        yield PageLine(2, (("not made  ", _LABEL), *_call(awaited.tool, awaited.arguments, full=False)))
    reasons = (
        ("lacking", awaited.lacks), ("withheld", awaited.withheld), ("rule", (awaited.rule,) if awaited.rule else ()),
        ("told apart by", awaited.by), ("nothing deals with", awaited.about),
    )  # fmt: skip
    for why, what in reasons:
        if what:
            yield PageLine(12, ((f"{why}: ", _SOFT), (printable(", ".join(what)), "")))


def _argument(pointer: str) -> str:
    """Write a JSON pointer as one writes a place in arguments: ``/items/0/name`` is items.0.name."""
    return ".".join(parts_of(pointer))


def _macro(argument: Argument) -> str:
    if isinstance(argument, MacroParameter):
        return argument.name
    if isinstance(argument, Take):
        return f"{argument.step}{argument.pointer}"
    if argument.extreme is not None:
        return f"{argument.step}{argument.group}/[{'most' if argument.largest else 'least'} {argument.extreme}]"
    by = ", ".join(f"{member}={parameter}" for member, parameter in argument.by.items())
    return f"{argument.step}{argument.group}/[{by}]/{argument.member}"


def _goal(turn: TurnRecord, *, full: bool) -> Iterator[PageLine]:
    label = "goal      "
    for change in turn.goal.changes:
        yield PageLine(2, ((label, _LABEL), (printable(_change(change, full=full)), "")))
        label = " " * len(label)
    answers = turn.goal.answers if full else turn.goal.answers[:_ANSWERS]
    if answers:
        texts = [_whole(answer.text) if full else brief(answer.text) for answer in answers]
        more = len(turn.goal.answers) - len(answers)
        told = "tells " + ", ".join(texts) + (f", … {more} more" if more else "")
        yield PageLine(2, ((label, _LABEL), (told, "")))
        label = " " * len(label)
    if turn.goal.mentions:
        yield PageLine(2, ((label, _LABEL), (f"the reply names {' or '.join(turn.goal.mentions)}", "")))


_ANSWERS = 6


def _change(change: Change, *, full: bool) -> str:
    place = f"{change.table}[{change.key}]"
    before, after = change.before, change.after
    if full:
        return f"{place}: {_whole(before)} → {_whole(after)}"
    if not isinstance(before, dict) or not isinstance(after, dict):
        verb = "appears" if before is None else "goes" if after is None else "becomes"
        return f"{place} {verb}" + ("" if after is None else f": {brief(after)}")
    differ = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return f"{place}: " + ", ".join(f"{name} {_move(before.get(name), after.get(name))}" for name in differ)


def _move(before: Json, after: Json) -> str:
    """Say how a member changed; of a list only what came and went."""
    if not isinstance(before, list) or not isinstance(after, list):
        return f"{brief(before)} → {brief(after)}"
    came = [f"+{brief(item)}" for item in after if item not in before]
    went = [f"-{brief(item)}" for item in before if item not in after]
    return " ".join((*came, *went)) or "in another order"


def _sources(calls: Sequence[tuple[int, CallRecord]], view: View | None) -> Iterator[PageLine]:
    names = {} if view is None else {each.tool: each.name for each in view.tools if each.name}
    label = "from      "
    for step, call in calls:
        hidden = "" if call.user_requested else "  (the request hides this call)"
        hidden = f"  (fails with {call.error})" if call.error else hidden
        hidden = "  (nobody needs this call)" if call.distractor else hidden
        offered = f"  (offered as {printable(names[call.name])})" if call.name in names else ""
        yield PageLine(2, ((label, _LABEL), (f"{step} ", _SOFT), (call.name, _TOOL), (offered + hidden, _SOFT)))
        label = " " * len(label)
        for pointer, source in call.sources.items():
            yield PageLine(16, ((f"{printable(_argument(pointer))} ← ", ""), (printable(_source(source)), _SOFT)))


def _source(source: Provenance) -> str:
    match source:
        case Said(turn, text):
            return f"said in turn {turn}: {brief(text)}"
        case Output(step, pointer):
            return f"result {step} at {pointer}"
        case Derived(expression, inputs):
            return f"{expression}({'; '.join(_source(each) for each in inputs)})"
        case Default():
            return "default of the contract"
