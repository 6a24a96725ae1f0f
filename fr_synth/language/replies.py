"""What the assistant tells the user at the end of a turn, and which of the told values are answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.contract.spec import PLACEHOLDER, leaves
from fr_envs.episode.judging.verdicts import answer_said
from fr_envs.episode.task import Answer
from fr_envs.json_values import scalars
from fr_synth.language.manner import PLAIN, Manner
from fr_synth.language.told.composing import result_told
from fr_synth.language.verbalise import fill, join_words, singular, spread, verbalise
from fr_synth.trace.turn_trace import Reply

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import numpy as np

    from fr_envs.contract.spec import DomainSpec, Kind, ToolSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Domain
    from fr_envs.world.tool_call import ToolCall
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["Hearing", "reply_of", "tells", "ways_told"]


def tells(
    domain: Domain[Any], call: ToolCall, result: JsonObject, heard: Collection[Json] = (), manner: Manner = PLAIN
) -> bool:
    """Return True if a result tells something that was not ``heard`` before (values as ``scalars`` gives them)."""
    return any(_is_news(sentence.answers, heard) for sentence in ways_told(domain, call, result, manner))


def ways_told(domain: Domain[Any], call: ToolCall, result: JsonObject, manner: Manner = PLAIN) -> list[Reply]:
    """Return the ways in which the contract tells a result; those that do not fit it are left out.

    Of a tool without sentences any value can be told, so that the one way has no text and all of them.

    Args:
        domain: The world.
        call: The call.
        result: What it gave.
        manner: How much of a list is told.
    """
    tool = domain.spec.tools[call.name]
    teller = _Teller(domain.spec, tool, call, result, manner.told_items)
    if not tool.response_templates:
        answers = tuple(teller.whole())
        return [Reply("", answers)] if answers else []
    found = map(teller.sentence, tool.response_templates)
    return [sentence for sentence in found if sentence is not None]


def _is_news(answers: Sequence[Answer], heard: Collection[Json]) -> bool:
    """A truth value answers its own question; that another question had the same answer makes it no older."""
    return any(isinstance(answer.value, bool) or answer.value not in heard for answer in answers)


class _Teller:
    """Tells the result of one call.

    Args:
        spec: The contract.
        tool: The tool.
        call: The call.
        result: What it gave.
        most: Most items of a list that are told one by one.
    """

    def __init__(self, spec: DomainSpec, tool: ToolSpec, call: ToolCall, result: JsonObject, most: int) -> None:
        self.spec = spec
        self.tool = tool
        self.call = call
        self.result = result
        self.most = most
        paths = ((leaf, [part for part in leaf.path if part != "*"]) for leaf in leaves(tool.returns))
        self.kinds = {".".join(path): leaf.kind for leaf, path in paths}
        self.page, self.total = _page(tool, result)

    def sentence(self, template: str) -> Reply | None:
        """Fill a template of the contract, None when a place stays empty.

        Several members of one list are told row by row: "Ada Kern (Rome, 12 March), Ben Okoye (Oslo, 3 May)".
        """
        words: dict[str, str] = {}
        answers: list[Answer] = []
        rows = _rows(self.tool, template, self.result)
        if rows is not None:
            template = rows.template
            words[rows.place] = self._listed([self._row(rows.members, row) for row in rows.items])
            answers += self._row_answers(rows)
        for name in PLACEHOLDER.findall(template):
            if name in words:
                continue
            values = self._values_at(name)
            if not values:
                return None
            words[name] = self._listed([verbalise(value, self._kind_of(name)) for value in values])
            if name in self.kinds:
                told = dict.fromkeys(values[: self.most])
                answers += [self._answer(name, value) for value in told if _tellable(value)]
        return Reply(fill(template, words), tuple(answers))

    def whole(self) -> Iterator[Answer]:
        """Iterate over all that a result tells."""
        for name in self.kinds:
            for value in dict.fromkeys(each for each in spread(self.result, name.split(".")) if _tellable(each)):
                yield self._answer(name, value)

    def _values_at(self, name: str) -> list[Json]:
        """Return what stands at a place: of the result, or of the call where the result has no such member."""
        if name in self.kinds:
            found = spread(self.result, name.split("."))
        else:
            found = [self.call.arguments.get(name, self.tool.parameters[name].default)]
        return [value for value in found if value is not None]

    def _kind_of(self, name: str) -> Kind | None:
        kind = self.kinds[name] if name in self.kinds else self.tool.parameters[name].field.kind
        return self.spec.kinds.get(kind or "")

    def _answer(self, name: str, value: Json) -> Answer:
        return Answer(value, verbalise(value, self._kind_of(name)))

    def _row_answers(self, rows: _Rows) -> Iterator[Answer]:
        for row in rows.items[: self.most]:
            for name in rows.members:
                value = row.get(_member(name))
                if _tellable(value):
                    yield self._answer(name, value)

    def _row(self, members: Sequence[str], row: JsonObject) -> str:
        there = [(name, row[_member(name)]) for name in members if row.get(_member(name)) is not None]
        first, *others = [verbalise(value, self._kind_of(name)) for name, value in there]
        return f"{first} ({', '.join(others)})" if others else first

    def _listed(self, texts: list[str]) -> str:
        there = self.total if len(texts) == self.page else len(texts)
        told = texts[: self.most]
        if len(told) == there:
            return join_words(told)
        return f"{', '.join(told)}, among others"


def _page(tool: ToolSpec, result: JsonObject) -> tuple[int, int]:
    """Return how many items the longest list of a result has, and how many there are in all."""
    lists = [result.get(name) for name, field in tool.returns.items() if field.array is not None]
    longest = max((len(each) for each in lists if isinstance(each, list)), default=0)
    told = next((result.get(name) for name in _TOTALS if name in tool.returns), None) if _is_paged(tool) else None
    return longest, max(longest, told) if type(told) is int else longest


def _is_paged(tool: ToolSpec) -> bool:
    return "limit" in tool.parameters


_TOTALS = ("total", "count")  # members that tell how many there are of a list that is given in part


def _member(name: str) -> str:
    """Return the last part of a dotted name."""
    return name.rpartition(".")[2]


class _Rows(NamedTuple):
    """A template in which several members of one list have become one place.

    Attributes:
        template: The new template.
        place: Name of the new place.
        members: The members, dotted, the one that names the row first.
        items: The objects of the list.
    """

    template: str
    place: str
    members: tuple[str, ...]
    items: list[JsonObject]


def _rows(tool: ToolSpec, template: str, result: JsonObject) -> _Rows | None:
    """Find a list of which a template tells several members in a row; None where it does not or there is one item."""
    places = list(PLACEHOLDER.finditer(template))
    for root in dict.fromkeys(match[1].rpartition(".")[0] for match in places):
        own = [match for match in places if match[1].rpartition(".")[0] == root]
        members = tuple(dict.fromkeys(match[1] for match in own))
        items = _items_of(tool, root, members, result)
        start, end = own[0].start(), own[-1].end()
        alone = sum(start <= match.start() < end for match in places) == len(own)
        if len(own) > 1 and items and alone:
            return _Rows(f"{template[:start]}{{{root}}}{_rest(template, start, end)}", root, members, items)
    return None


def _items_of(tool: ToolSpec, root: str, members: Sequence[str], result: JsonObject) -> list[JsonObject]:
    """Return the rows of a list in a result; none unless there are several, each with the member that names it."""
    field, items = tool.returns.get(root), result.get(root)
    if field is None or field.array is None or not isinstance(items, list) or len(items) < 2:
        return []
    whole = all(isinstance(item, dict) and item.get(_member(members[0])) is not None for item in items)
    return items if whole else []


def _rest(template: str, start: int, end: int) -> str:
    """Return what follows the places of a row, without the bracket that the row now has of its own."""
    row, rest = template[start:end], template[end:]
    return rest.partition(")")[2] if row.count("(") > row.count(")") else rest


def _tellable(value: Json) -> bool:
    return not isinstance(value, dict | list) and value is not None and value != ""


def _sentence(
    domain: Domain[Any], step: ExecutedCall, heard: Collection[Json], rng: np.random.Generator, manner: Manner
) -> Reply | None:
    """Return a sentence that tells a step's result, news if there is any; None if the contract has none that fits."""
    tool = domain.spec.tools[step.call.name]
    teller = _Teller(domain.spec, tool, step.call, step.result, manner.told_items)
    stale: Reply | None = None
    for i in rng.permutation(len(tool.response_templates)):
        sentence = teller.sentence(tool.response_templates[int(i)])
        if sentence is not None and _is_news(sentence.answers, heard):
            return sentence
        stale = stale or sentence
    return stale


def _refusal(domain: Domain[Any], failed: ExecutedCall, steps: Sequence[ExecutedCall]) -> str:
    """Return what the assistant says of a call that failed before it found a way on."""
    fact = next((fact for fact in domain.spec.facts.values() if fact.violation == failed.error), None)
    said = fact.description if fact is not None else domain.spec.tools[failed.call.name].errors[failed.error]
    why = said[:1].lower() + said[1:].rstrip(".")
    reason = f"it did not hold yet that {why}" if fact is not None else why
    set_right = any(step.call == failed.call and not step.error for step in steps)
    way = "so I saw to that first" if set_right else "so I went with your next best"
    return f"At first it was refused ({reason}), {way}."


def _heard_besides(steps: Sequence[ExecutedCall], step: ExecutedCall) -> set[Json]:
    """Return the values that the other calls of a turn show."""
    return {value for other in steps if other is not step for value in scalars(other.result)}


class Hearing(NamedTuple):
    """What a reply answers to.

    Attributes:
        before: The calls of the dialogue before the turn.
        message: What the person has said; empty where it is not known yet.
    """

    before: Sequence[ExecutedCall] = ()
    message: str = ""


def reply_of(
    domain: Domain[Any],
    steps: Sequence[ExecutedCall],
    rng: np.random.Generator,
    manner: Manner = PLAIN,
    hearing: Hearing | None = None,
) -> Reply:
    """Return what the assistant says after the steps of a turn, and the answers that the user asked for.

    Values told after a write ("120.00 is left") are courtesy; those told after a read are what was asked.

    Args:
        domain: The world.
        steps: The turn's calls.
        rng: Chooses among the sentences of the contract.
        manner: How much of a list is told.
        hearing: What was done and said before, for tools that have no sentences in the contract.
    """
    texts: list[str] = []
    answers: dict[str, Answer] = {}
    for step in steps:
        if not step.user_requested:
            continue
        sentence = _told_of(domain, steps, step, rng, manner, hearing or Hearing())
        if sentence is None:
            continue
        texts.append(sentence.text)
        if domain.spec.tools[step.call.name].effect == "read":
            answers.update({answer.text: answer for answer in sentence.answers})
    texts += [_refusal(domain, step, steps) for step in steps if step.error]
    text = singular(_set_apart(list(dict.fromkeys(map(_closed, texts)))), answers)
    return Reply(text or "Done.", tuple(answers.values()))


def _closed(text: str) -> str:
    """Return a sentence in which a text of several lines ends with its last line: no quotes stand alone on one."""
    return _OPEN_END.sub(r"\1", text)


def _set_apart(texts: Sequence[str]) -> str:
    """Return sentences as a reply, in which what comes behind a text of several lines begins a line."""
    ends = ["\n" if "\n" in text else " " for text in texts]
    return "".join(text + end for text, end in zip(texts, ends, strict=True)).rstrip()


_OPEN_END = re.compile(r'\n+(")(?=\s|$)')


def _told_of(
    domain: Domain[Any],
    steps: Sequence[ExecutedCall],
    step: ExecutedCall,
    rng: np.random.Generator,
    manner: Manner,
    hearing: Hearing,
) -> Reply | None:
    """Return what is told of one call, in the contract's sentences or, where it has none, in words made for it."""
    tool = domain.spec.tools[step.call.name]
    if tool.response_templates or step.error:
        return _sentence(domain, step, _heard_besides(steps, step), rng, manner)
    known = [*hearing.before, *steps]
    number = next(k for k, each in enumerate(known) if each is step)
    told = result_told(domain.spec, known, number, hearing.message, rng)
    if not told.text:
        return None
    whole = _Teller(domain.spec, tool, step.call, step.result, manner.told_items).whole()
    besides = [each for each in whole if answer_said(told.text, each) and not answer_said(hearing.message, each)]
    return Reply(told.text, tuple({each.text: each for each in (*told.answers, *besides)}.values()))
