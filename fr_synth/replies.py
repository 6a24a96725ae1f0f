"""What the assistant tells the user at the end of a turn, and which of the told values are answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fr_envs.spec import PLACEHOLDER, leaves
from fr_envs.task import Answer, scalars
from fr_synth.speech import fill, join_words, say, singular, spread

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy as np

    from fr_envs.calls import ToolCall
    from fr_envs.domain import Domain
    from fr_envs.spec import DomainSpec, ToolSpec
    from fr_envs.state import Json, JsonObject
    from fr_synth.walk import Step

__all__ = ["Told", "reply_of", "tells"]

_MOST_TOLD = 6  # items of a list that a person wants to hear


class Told(NamedTuple):
    """A sentence and what it answers.

    Attributes:
        text: The sentence.
        answers: Values of the result that it tells.
    """

    text: str
    answers: tuple[Answer, ...]


def tells(domain: Domain[Any], call: ToolCall, result: JsonObject, heard: Collection[Json] = ()) -> bool:
    """Say whether a result has something to tell that was not ``heard`` before (values as ``scalars`` gives them)."""
    tool = domain.spec.tools[call.name]
    found = (_sentence(domain.spec, tool, template, call, result) for template in tool.says)
    return any(sentence is not None and _is_news(sentence.answers, heard) for sentence in found)


def _is_news(answers: Sequence[Answer], heard: Collection[Json]) -> bool:
    """A truth value answers its own question; that another question had the same answer makes it no older."""
    return any(isinstance(answer.value, bool) or answer.value not in heard for answer in answers)


def _sentence(spec: DomainSpec, tool: ToolSpec, template: str, call: ToolCall, result: JsonObject) -> Told | None:
    """Fill a template of the contract, None when a place stays empty.

    Several members of one list are told row by row: "Ada Kern (Rome, 12 March), Ben Okoye (Oslo, 3 May)".
    """
    kinds = {".".join(part for part in leaf.path if part != "*"): leaf.kind for leaf in leaves(tool.returns)}
    rows = _rows(tool, template, result)
    words: dict[str, str] = {}
    answers: list[Answer] = []
    if rows is not None:
        template = rows.template
        words[rows.place] = _listed([_row(spec, rows.members, kinds, row) for row in rows.items])
        for row in rows.items[:_MOST_TOLD]:
            values = {name: row.get(name.rpartition(".")[2]) for name in rows.members}
            answers += [_answer(spec, kinds[name], value) for name, value in values.items() if _tellable(value)]
    for name in PLACEHOLDER.findall(template):
        if name in words:
            continue
        given = call.arguments.get(name, tool.parameters[name].default) if name not in kinds else None
        told = spread(result, name.split(".")) if name in kinds else [given]
        values_here = [value for value in told if value is not None]
        if not values_here:
            return None
        kind = kinds[name] if name in kinds else tool.parameters[name].field.kind
        words[name] = _listed([say(value, spec.kinds.get(kind or "")) for value in values_here])
        if name in kinds:
            plain = [value for value in dict.fromkeys(values_here[:_MOST_TOLD]) if _tellable(value)]
            answers += [_answer(spec, kind, value) for value in plain]
    return Told(fill(template, words), tuple(answers))


def _answer(spec: DomainSpec, kind: str | None, value: Json) -> Answer:
    return Answer(value, say(value, spec.kinds.get(kind or "")))


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
    found = [(match.group(1), match.start(), match.end()) for match in PLACEHOLDER.finditer(template)]
    for root in dict.fromkeys(name.rpartition(".")[0] for name, _, _ in found):
        own = [place for place in found if place[0].rpartition(".")[0] == root]
        field = tool.returns.get(root)
        items = result.get(root)
        if len(own) < 2 or field is None or field.array is None or not isinstance(items, list) or len(items) < 2:
            continue
        start, end = own[0][1], own[-1][2]
        alone = all(place in own for place in found if start <= place[1] < end)
        members = tuple(dict.fromkeys(name for name, _, _ in own))
        whole = all(isinstance(item, dict) and item.get(members[0].rpartition(".")[2]) is not None for item in items)
        if alone and whole:
            rest = template[end:]
            if template[start:end].count("(") > template[start:end].count(")"):
                rest = rest.partition(")")[2]  # the bracket that the row now has of its own
            return _Rows(f"{template[:start]}{{{root}}}{rest}", root, members, items)
    return None


def _row(spec: DomainSpec, members: Sequence[str], kinds: Mapping[str, str | None], row: JsonObject) -> str:
    told = [
        say(row[name.rpartition(".")[2]], spec.kinds.get(kinds[name] or ""))
        for name in members
        if row.get(name.rpartition(".")[2]) is not None
    ]
    return told[0] if len(told) == 1 else f"{told[0]} ({', '.join(told[1:])})"


def _tellable(value: Json) -> bool:
    return not isinstance(value, dict | list) and value is not None and value != ""


def _listed(texts: list[str]) -> str:
    if len(texts) <= _MOST_TOLD:
        return join_words(texts)
    return f"{', '.join(texts[:_MOST_TOLD])} and {len(texts) - _MOST_TOLD} more"


def _told(domain: Domain[Any], step: Step, heard: Collection[Json], rng: np.random.Generator) -> Told | None:
    """Return a sentence that tells a step's result, news if there is any; None if the contract has none that fits."""
    tool = domain.spec.tools[step.call.name]
    stale: Told | None = None
    for i in rng.permutation(len(tool.says)):
        template = tool.says[int(i)]
        sentence = _sentence(domain.spec, tool, template, step.call, step.result)
        if sentence is not None and _is_news(sentence.answers, heard):
            return sentence
        stale = stale or sentence
    return stale


def _refusal(domain: Domain[Any], failed: Step, steps: Sequence[Step]) -> str:
    """Return what the assistant says of a call that failed before it found a way on."""
    fact = next((fact for fact in domain.spec.facts.values() if fact.violation == failed.error), None)
    said = fact.description if fact is not None else domain.spec.tools[failed.call.name].errors[failed.error]
    why = said[:1].lower() + said[1:].rstrip(".")
    why = f"as long as it did not hold that {why}" if fact is not None else f"({why})"
    again = any(step.call == failed.call and not step.error for step in steps)
    way = "so I set that right" if again else "so I went with your second choice"
    return f"At first it was refused {why}, {way}."


def reply_of(domain: Domain[Any], steps: Sequence[Step], rng: np.random.Generator) -> Told:
    """Return what the assistant says after the steps of a turn, and the answers that the user asked for.

    Values told after a write ("120.00 is left") are courtesy; those told after a read are what was asked.
    """
    texts: list[str] = []
    answers: dict[str, Answer] = {}
    for step in steps:
        heard = {v for other in steps if other is not step for v in scalars(other.result)}
        sentence = _told(domain, step, heard, rng) if step.wanted else None
        if sentence is None:
            continue
        texts.append(sentence.text)
        if domain.spec.tools[step.call.name].effect == "read":
            answers.update({answer.text: answer for answer in sentence.answers})
    failures = [_refusal(domain, step, steps) for step in steps if step.error]
    text = singular(" ".join(dict.fromkeys([*failures, *texts])), answers)
    return Told(text or "Done.", tuple(answers.values()))
