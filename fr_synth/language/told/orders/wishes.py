"""An order in words as the assistant repeats it: the contract's phrase, with names in place of identifiers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fr_envs.adapters.words.grammar.attaching import attached, changes, participle
from fr_envs.adapters.words.grammar.phrases import is_identifier
from fr_envs.contract.spec import PLACEHOLDER
from fr_synth.language.told.values import is_amount, is_person, plain_words, said
from fr_synth.language.verbalise import fill, unrepeated, verbalise
from fr_synth.trace.dataflow.provenance import Default

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_envs.contract.spec import Field, ToolSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_synth.language.told.things import Thing, Things
    from fr_synth.trace.dataflow.executed import ExecutedCall
    from fr_synth.trace.dataflow.mention import Mention

__all__ = ["Wish", "criteria", "subject_of", "wish_of"]


class Wish(NamedTuple):
    """An order.

    Attributes:
        verb: Its verb in the base form.
        about: What it is done to: "Pachinko", "an appointment".
        tail: What follows: "to Idris Bello".
    """

    verb: str
    about: str
    tail: str

    @property
    def done(self) -> str:
        """The verb when it is done: "lent"."""
        return participle(self.verb)


def subject_of(things: Things, tool: ToolSpec, step: ExecutedCall) -> tuple[str, Thing] | None:
    """Return the first argument that stands for a thing that is known, and that thing."""
    for name, value in step.call.arguments.items():
        parameter = tool.parameters.get(name)
        if parameter is None or not isinstance(value, str | int) or isinstance(value, bool):
            continue
        thing = things.of(parameter.field.kind or name, value)
        if thing is not None:
            return name, thing
    return None


def wish_of(things: Things, tool: ToolSpec, step: ExecutedCall) -> Wish | None:
    """Return what a call was to do, in words; None where the contract has no order for it.

    Args:
        things: What is known.
        tool: The tool.
        step: The call.
    """
    words = {name: _word(things, tool, name, value) for name, value in _given(step)}
    words |= dict(_as_pointed_at(things, tool, step))
    words |= dict(_as_dealt_with(things, tool, step))
    words |= dict(_before_it_changed(things, tool, step))
    for template in tool.request_templates:
        first = template.split(" ", 1)[0].lower()
        places = PLACEHOLDER.findall(template)
        if not first.isalpha() or first in _NO_ORDERS or not all(name in words for name in places):
            continue
        formed = [name for name in words if isinstance(step.call.arguments[name], dict)]
        left = [name for name in words if name not in (*places, *formed) and plain_words(name)[-1] != "reason"]
        about, tail = _changed_to(first, template) or _parts(
            _unformed(_REASON.sub("", _in_one(template).partition(" ")[2]), formed), first
        )
        more = (
            " ".join(_members(things, tool, name, step, first) for name in formed)
            + " "
            + " ".join(_attached(tool, first, name, words[name], step) for name in left)
        )
        texts = [unrepeated(fill(part, words)).strip(" ,") for part in (about, tail)]
        return Wish(first, texts[0], " ".join(f"{texts[1]} {more}".split()))
    return None


def _as_pointed_at(things: Things, tool: ToolSpec, step: ExecutedCall) -> Iterator[tuple[str, str]]:
    """Iterate over what has no name, or was not called by it, in the person's words: "the tour on 5 November"."""
    for name, mention, thing in _mentioned(things, tool, step, "fields"):
        if not thing.named or len(mention.by) > 1 or thing.told.isdisjoint(mention.by):
            yield name, mention.text


def _as_dealt_with(things: Things, tool: ToolSpec, step: ExecutedCall) -> Iterator[tuple[str, str]]:
    """Iterate over what has no name, and was called "it": by what it is, and not by an identifier that nobody said."""
    for name, _, thing in _mentioned(things, tool, step, "anaphora"):
        if not thing.named and thing.noun not in ("one", "id", "result"):
            yield name, _by_its_day(things, tool, name, thing) or thing.label


def _by_its_day(things: Things, tool: ToolSpec, name: str, thing: Thing) -> str:
    """Return a thing without a name as the contract points at it by one member: "the rehearsal on 25 June 2026"."""
    kind = things.spec.kinds.get(tool.parameters[name].field.kind or "")
    for reference in kind.references if kind is not None else ():
        by = reference.by[0]
        value = thing.row.get(by)
        if len(reference.by) == 1 and isinstance(value, str) and reference.text.endswith(f" on {{{by}}}"):
            spoken = verbalise(value)
            return fill(reference.text, {by: spoken}) if spoken != value else ""
    return ""


def _mentioned(things: Things, tool: ToolSpec, step: ExecutedCall, way: str) -> Iterator[tuple[str, Mention, Thing]]:
    """Iterate over the parameters that a message points at in a way, each with the mention and the thing it is."""
    for pointer, mention in step.mentions.items():
        name, value = pointer.removeprefix("/"), mention.value
        if name not in tool.parameters or mention.way != way or not isinstance(value, str | int):
            continue
        thing = things.of(tool.parameters[name].field.kind or name, value)
        if thing is not None:
            yield name, mention, thing


def _before_it_changed(things: Things, tool: ToolSpec, step: ExecutedCall) -> Iterator[tuple[str, str]]:
    """Iterate over what is called by what it is of, where just that changes: "Ana's hire", of one boat or another."""
    for name, value in _given(step):
        thing = things.of(tool.parameters[name].field.kind or name, value) if name in tool.parameters else None
        mention = step.mentions.get(f"/{name}")
        if mention is not None and mention.way == "fields" and step.call.arguments.keys().isdisjoint(mention.by):
            continue  # "Ana's stay", of which another thing changes
        if thing is not None and any(each != name and each in step.call.arguments for each in thing.told):
            yield name, things.shown(thing.fields, thing.row, near=False).label


_NO_ORDERS = frozenset({
    "a", "any", "are", "can", "do", "does", "has", "have", "how", "i", "is", "my", "the", "there", "what", "when",
    "where", "which", "who", "whose", "why",
})  # fmt: skip


def _given(step: ExecutedCall) -> Iterator[tuple[str, Json]]:
    for name, value in step.call.arguments.items():
        if value is not None and not isinstance(step.sources.get(f"/{name}"), Default):
            yield name, value


def _word(things: Things, tool: ToolSpec, name: str, value: Json) -> str:
    field = tool.parameters[name].field
    if isinstance(value, str | int) and not isinstance(value, bool):
        thing = things.of(field.kind or name, value)
        if thing is not None:
            return thing.label if thing.named else f"{thing.noun} {value}"
    fields = {each: parameter.field for each, parameter in tool.parameters.items()}
    kind = things.spec.kinds.get(field.kind or "")
    if kind is not None and kind.origin == "issued":
        return str(value)
    if isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool)):
        plain = said(things.spec, name, {name: value}, fields)
        figure = re.search(r"\S*\d\S*", plain)
        return figure[0] if figure is not None else verbalise(value)
    spoken = verbalise(value, kind)
    return said(things.spec, name, {name: value}, fields) or spoken if spoken == value and "_" in spoken else spoken


_CLAUSE = re.compile(r"; the ([a-z ]+) is (\{\w+\})")


def _in_one(template: str) -> str:
    """Return a phrase with its last clause in apposition: "…, plate {plate}"."""
    return _WEIGHS.sub(", weighing {", _CLAUSE.sub(r", \1 \2", template))


_WEIGHS = re.compile(r"; (?:it|the [a-z]+) weighs \{")


_REASON = re.compile(r",? (?:because|giving) \"?\{\w*reason\}.*$")  # which the person has just given


def _unformed(template: str, formed: Sequence[str]) -> str:
    """Return a phrase without the places of objects, whose members are told one by one."""
    for name in formed:
        template = re.sub(rf":? ?\{{{re.escape(name)}\}};? ?", "", template)
    return template.strip(" ,;:")


def _members(things: Things, tool: ToolSpec, name: str, step: ExecutedCall, verb: str) -> str:
    """Say the members of an object: for whom, how much, of what sort."""
    fields, row = tool.parameters[name].field.object or {}, step.call.arguments[name]
    told = {each: _of_object(things, fields, row, each) for each in row if each in fields}
    own = {**step.result, **row}
    parts = []
    for each, text in told.items():
        last = plain_words(each)[-1]
        if not text or last == "currency":
            continue
        if is_person(each):
            parts.append(f"for {text}")
        elif is_amount(each):
            parts.insert(0, f"of {said(things.spec, each, own, {**tool.returns, **fields})}")
        elif last in ("category", "type", "kind"):
            parts.insert(min(1, len(parts)), f"for {text}")
        else:
            number = isinstance(row[each], int | float) and not isinstance(row[each], bool)
            parts.append(attached(each, text, verb, number=number))
    return " ".join(parts)


def _of_object(things: Things, fields: Mapping[str, Field], row: JsonObject, name: str) -> str:
    thing = things.of(fields[name].kind or name, row[name]) if isinstance(row[name], str | int) else None
    return thing.label if thing is not None else said(things.spec, name, row, fields)


_BEHIND = re.compile(
    r"\s(?=(?:out of|to|for|from|in|into|on|onto|at|with|by|until|because|giving|and set|due)\s(?!which\b))"
)


_TO = re.compile(r"^(the .+?) (to (?:an? |the )?[\"€$£]?\{.*)$")


def _changed_to(verb: str, template: str) -> tuple[str, str] | None:
    """Return what of a thing is changed, and into what; None for another order."""
    match = _TO.match(template.partition(" ")[2]) if changes(verb) else None
    return (match[1], match[2]) if match is not None else None


def _parts(template: str, verb: str = "") -> tuple[str, str]:
    """Split what an order is about from what follows it; what was done to it before belongs to it."""
    done = _DONE_BEFORE.search(template)
    if done is not None:
        return template, ""
    for match in _BEHIND.finditer(template):
        behind = template[match.end() :]
        on = _ON.match(behind)
        whither = verb in _OFFERS and _WHITHER.match(template) is not None and _LEADS_ON.match(behind)
        if whither:  # "a new ride to the office", which is offered
            continue
        if on is None or not is_identifier(on[1]):  # "a print on glossy paper" is one thing
            return template[: match.start()], behind
    return template, ""


_OFFERS = frozenset(
    {"announce", "arrange", "book", "cancel", "create", "offer", "organise", "organize", "plan", "schedule"}
)
_WHITHER = re.compile(r"an? ")
_LEADS_ON = re.compile(r"to (?:the|an?) [a-z]+ (?:at|by|for|from|on|with) ")
_DONE_BEFORE = re.compile(r", ([a-z]+)(?: (?:at|in) (?:the )?\{\w+\})? (?:at|on) \{\1_(?:at|on)\}$")
_ON = re.compile(r"on \{(\w+)\}")


def _attached(tool: ToolSpec, verb: str, name: str, text: str, step: ExecutedCall) -> str:
    parameter, value = tool.parameters[name], step.call.arguments[name]
    if isinstance(parameter.clause, str):
        return fill(parameter.clause, {"": text})
    if isinstance(parameter.clause, dict):
        return parameter.clause.get(str(value).lower(), "")
    return attached(name, text, verb, number=isinstance(value, int | float) and not isinstance(value, bool))


def criteria(things: Things, tool: ToolSpec, step: ExecutedCall) -> dict[str, str]:
    """Return what a look-up was narrowed down by, in words, by argument."""
    return {name: _word(things, tool, name, value) for name, value in _given(step)
            if not isinstance(value, bool | dict | list)}  # fmt: skip
