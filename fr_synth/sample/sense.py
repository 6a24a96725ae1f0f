"""Sense: requests that nobody makes, given what results have told of the things they are about.

What has just been booked is not delivered yet, what is out of order is not reserved, nobody shortens a stay to more
nights than it has, and who looks after one customer does not go on with another's in the same breath.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from fr_envs.adapters.words.grammar.phrases import is_identifier, noun, spaced
from fr_envs.adapters.words.grammar.vocabulary import GROUPS, PEOPLE, is_person, words_of
from fr_synth.language.standing import is_out_of_reach, latest_row, rows_of, rows_with
from fr_synth.language.told.room import asks_of_none, exceeds_room
from fr_synth.language.told.things import own_identifier, rows_in
from fr_synth.language.told.values import is_name, may_name, plural
from fr_synth.trace.dataflow.provenance import Said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from fr_envs.contract.spec import DomainSpec, Field, ToolSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.world.domain import Domain
    from fr_synth.trace.dataflow.executed import ExecutedCall

    _At: TypeAlias = tuple[ExecutedCall, list[Json]]
    """A request, and the identifiers that it takes."""

__all__ = ["Fresh", "counts_such", "is_senseless", "listed_things", "named_words", "tells_codes"]


class Fresh(NamedTuple):
    """What a dialogue has brought about so far.

    Attributes:
        made: Identifiers of the things that its requests have made.
        about: Identifiers of the things that these are about: the machine that was reserved.
        writes: Its requests that changed something.
    """

    made: frozenset[Json] = frozenset()
    about: frozenset[Json] = frozenset()
    writes: tuple[ExecutedCall, ...] = ()


def named_words(name: str) -> set[str]:
    """Return the words of a tool's name, in small letters."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def is_senseless(domain: Domain[Any], before: Sequence[ExecutedCall], step: ExecutedCall, fresh: Fresh) -> bool:
    """Return True if nobody would ask for a change, as things stand.

    Args:
        domain: The world.
        before: The calls before it, those of its own turn included.
        step: The request.
        fresh: What the dialogue has brought about.
    """
    tool = domain.spec.tools[step.call.name]
    if _is_taken(tool, before, step):
        return True
    if tool.effect == "read":
        return tells_codes(domain, before, step) or asks_of_none(before, tool.name, _own(tool, step))
    own = _own(tool, step)
    rules = (_leaves_as_it_is, _comes_too_soon, _jumps, _is_out, _exceeds, _contradicts, _passes_over)
    return any(rule(tool, before, (step, own), fresh) for rule in rules) or _is_about_another(step, own, fresh)


def _own(tool: ToolSpec, step: ExecutedCall) -> list[Json]:
    """Return the identifiers that a call takes, in the order of its arguments."""
    return [value for name, value in step.call.arguments.items() if not isinstance(value, dict | list | bool)
            and (is_identifier(tool.parameters[name].field.kind or "-") or is_identifier(name))]  # fmt: skip


def _said(step: ExecutedCall) -> dict[str, Json]:
    """Return the arguments that the person says in words of their own."""
    return {name: value for name, value in step.call.arguments.items()
            if isinstance(step.sources.get(f"/{name}"), Said)}  # fmt: skip


def counts_such(domain: Domain[Any], things: Collection[tuple[str, Json]], step: ExecutedCall) -> bool:
    """Return True if a request asks how many things there are of a sort that was dealt with: how many open tickets.

    Args:
        domain: The world.
        things: Kinds and values of what was dealt with.
        step: The request.
    """
    tool = domain.spec.tools[step.call.name]
    words = named_words(f"{tool.name} {tool.description}")
    several = words & {plural(noun(kind).split()[-1].lower()) for kind, _ in things}
    return tool.effect == "read" and not step.call.arguments and bool(several) and bool(words & _COUNTS)


_COUNTS = frozenset({"count", "many", "number"})


def listed_things(domain: Domain[Any], step: ExecutedCall) -> set[tuple[str, Json]]:
    """Return (kind, value) of the things that the rows of a result are, without those that they name beside.

    Args:
        domain: The world.
        step: The call.
    """
    found: set[tuple[str, Json]] = set()
    for fields, row in rows_in(domain.spec.tools[step.call.name].returns, step.result):
        own = own_identifier(domain.spec, fields)
        found |= {(fields[own].kind or own, row.get(own))} if own else set()
    return found


def tells_codes(domain: Domain[Any], before: Sequence[ExecutedCall], step: ExecutedCall) -> bool:
    """Return True if a look-up tells of things without names what they are about by identifiers alone: tasting T1.

    Args:
        domain: The world.
        before: The calls before it.
        step: The look-up.
    """
    spec = domain.spec
    named = _named_kinds(spec)
    known = {thing for each in before for thing in listed_things(domain, each)}
    for fields, row in rows_in(spec.tools[step.call.name].returns, step.result):
        own = own_identifier(spec, fields)
        if not own or any(is_name(name, noun(own)) for name in fields):
            continue
        for name, value in row.items():
            kind = (fields[name].kind or name) if name in fields and name != own else ""
            if kind in named and value is not None and (kind, value) not in known:
                return True
    return False


def _named_kinds(spec: DomainSpec) -> set[str]:
    """Return the kinds of things that some look-up tells the names of."""
    found: set[str] = set()
    for tool in spec.tools.values():
        for fields in _objects(tool.returns) if tool.effect == "read" else ():
            own = own_identifier(spec, fields)
            first = _first_text(fields)
            titled = bool(first) and may_name(first) and noun(first).split()[-1] not in GROUPS
            if own and (titled or any(is_name(name, noun(own)) for name in fields)):
                found.add(fields[own].kind or own)
    return found


def _first_text(fields: Mapping[str, Field]) -> str:
    return next((name for name in fields if not is_identifier(name)), "")


def _objects(fields: Mapping[str, Field]) -> Iterator[Mapping[str, Field]]:
    """Iterate over the objects that a result may have, itself first."""
    yield fields
    for field in fields.values():
        inner = field.object or (field.array.object if field.array is not None else None)
        if inner is not None:
            yield from _objects(inner)


# ------------------------------------------------------------------------------------------------- as it is already


def _leaves_as_it_is(tool: ToolSpec, before: Sequence[ExecutedCall], at: _At, _: Fresh) -> bool:
    """Return True if what a request wants of a thing is so already, as the latest result shows that tells of it."""
    del tool
    step, own = at
    said = _said(step)
    if not own or not said:
        return False
    rows = [row for each in before for row in rows_of(each.result) if set(own) & {*_scalars(row)}]
    shown = {name: row[name] for row in rows for name in said if name in row}  # the latest row counts
    return len(shown) == len(said) and all(shown[name] == value for name, value in said.items())


def _scalars(row: JsonObject) -> Iterator[Json]:
    return (value for value in row.values() if isinstance(value, str | int))


def _is_taken(tool: ToolSpec, before: Sequence[ExecutedCall], step: ExecutedCall) -> bool:
    """Return True if a thing is to be called what another one is called already."""
    named = ((name, value) for name, value in step.call.arguments.items() if spaced(name).split()[-1] in _NAMES)
    names = {name: value for name, value in named if not is_person(noun(name)) and not _is_key(tool, name)}
    if not names or tool.effect == "read":
        return False
    return any(row.get(name) == value for each in before for row in rows_of(each.result)
               for name, value in names.items())  # fmt: skip


def _is_key(tool: ToolSpec, name: str) -> bool:
    """Return True if a tool is told by an argument which thing it is about: things there go by their names."""
    others = [each for each in tool.parameters.values() if each.required and each.name != name]
    return tool.parameters[name].field.kind is not None and not any(
        is_identifier(each.name) or is_identifier(each.field.kind or "-") for each in others
    )


_NAMES = frozenset({"name", "title"})

# ---------------------------------------------------------------------------------------------------- out of turn

_OVER = words_of(
    "approve archive arrive check clean close collect complete deliver dispatch end finish fix harvest log pick "
    "receive record repair repaired resolve return returned reject ship solve stop walk"
)
_UNDONE = words_of("cancel delete end release remove skip withdraw")
_ARRANGED_ANEW = words_of("change extend increase lengthen move postpone prolong renew reschedule shift switch upgrade")
_SETTLED = words_of("paid pay payment settle")
_TROUBLE = words_of(
    "absence absent breakdown damage damaged defect fault illness issue pest problem sick sickness symptom symptoms"
)
_STATES = words_of("availability condition state status")


def _comes_too_soon(tool: ToolSpec, before: Sequence[ExecutedCall], at: _At, fresh: Fresh) -> bool:
    """Return True if something is over, or has gone wrong, that was arranged a moment ago."""
    step, own = at
    touched = fresh.made | fresh.about
    stands = any(spaced(name).lower().split()[-1] in _STATES for name in step.call.arguments)
    if stands and own and fresh.writes and not latest_row(fresh.writes, own[0]):
        dealt = [value for each in before if each.user_requested for value in each.call.arguments.values()]
        if own[0] not in dealt:
            return True  # of which nothing has been told since something else was changed
    names = named_words(tool.name)
    if (
        names & (_OVER | _UNDONE)
        and own
        and any(
            own[0] in each.call.arguments.values() and named_words(each.call.name) & _ARRANGED_ANEW
            for each in fresh.writes
        )
    ):
        return True  # who has just had it moved does not end it
    if touched.isdisjoint(own):
        return False
    if names & _SETTLED:
        return False  # what was ordered can be paid at once
    over = bool(names & _OVER) or re.search(r"\b(?:has been|as) [a-z]+ed\b", " ".join(tool.request_templates))
    trouble = _is_trouble(step)
    return bool(over or trouble or stands)


def _jumps(tool: ToolSpec, before: Sequence[ExecutedCall], at: _At, fresh: Fresh) -> bool:
    """Return True if something gets from one stage to another that is not the next, or nobody knows at which it is."""
    step, own = at
    for name, value in _said(step).items():
        if spaced(name).lower().split()[-1] not in _STAGES or not own:
            continue
        if any(own[0] in each.call.arguments.values() for each in fresh.writes):
            return True
        now = latest_row(before, own[0]).get(name)
        schema = tool.parameters[name].field.schema or {}
        several = schema.get("enum") or []
        if now is None or (now in several and value in several and several.index(value) != several.index(now) + 1):
            return True
    return False


_STAGES = words_of("phase progress stage state status step")


def _is_trouble(step: ExecutedCall) -> bool:
    """Return True if a request reports that something is wrong."""
    names = (step.call.name, *step.call.arguments)
    return any(named_words(name) & _TROUBLE for name in names)


_PUTS_RIGHT = words_of(
    "cancel check clean clear close enable end finish fix free mark open refill release reopen repair repaired report "
    "restock resume return returned set unlock update"
)


def _is_out(tool: ToolSpec, before: Sequence[ExecutedCall], at: _At, fresh: Fresh) -> bool:
    """Return True if something is arranged with a thing that nobody can have now."""
    _, own = at
    if named_words(tool.name) & _PUTS_RIGHT:
        return False
    reported = [each for each in fresh.writes if _is_trouble(each)]
    if any(value in each.call.arguments.values() for each in reported for value in own):
        return True
    return any(is_out_of_reach(latest_row(before, value)) for value in own if value not in fresh.made | fresh.about)


def _exceeds(tool: ToolSpec, before: Sequence[ExecutedCall], at: _At, _: Fresh) -> bool:
    """Return True if more is wanted of a thing than there is left of it, as far as results tell: places, copies."""
    del tool
    step, own = at
    return exceeds_room(before, own, _said(step))


_DOWN = words_of("cut decrease downgrade lower reduce shorten")
_UP = words_of("extend increase lengthen prolong raise")


def _contradicts(tool: ToolSpec, before: Sequence[ExecutedCall], at: _At, _: Fresh) -> bool:
    """Return True if something is shortened to more, or raised to less, or nobody can tell."""
    step, own = at
    names = named_words(tool.name)
    if own and names & _LATER and any(_is_earlier(latest_row(before, own[0]), *said) for said in _said(step).items()):
        return True
    way = -1 if names & _DOWN else 1 if names & _UP else 0
    if not way or not own:
        return False
    row = latest_row(before, own[0])
    for name, value in _said(step).items():
        adds = re.search(rf"\bby \{{{name}\}}", " ".join(tool.request_templates)) or named_words(name) & _MORE
        if isinstance(value, bool) or not isinstance(value, int | float) or adds:
            continue
        old = row.get(name)
        if not isinstance(old, int | float) or (value - old) * way <= 0:
            return True
    return False


_LATER = words_of("defer delay extend lengthen postpone prolong renew")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _is_earlier(row: JsonObject, name: str, value: Json) -> bool:
    """Return True for a day that is not later than the one that a thing has now."""
    old = row.get(name, next((each for each in row.values() if isinstance(each, str) and _ISO_DAY.match(each)), None))
    days = isinstance(value, str) and _ISO_DAY.match(value) is not None and isinstance(old, str)
    return days and str(value) <= str(old)


_MORE = words_of("additional by extra more")


def _passes_over(tool: ToolSpec, before: Sequence[ExecutedCall], at: _At, _: Fresh) -> bool:
    """Return True if another thing of a list has what the request names: who wants front desk takes who does that."""
    del tool
    step, own = at
    said = {str(value).lower() for value in _said(step).values() if isinstance(value, str)}
    for value in own:
        for each in before:
            rows = rows_with(each, value)
            mine = {text.lower() for text in latest_row([each], value).values() if isinstance(text, str)}
            others = {text.lower() for row in rows for text in row.values() if isinstance(text, str)}
            if (said & others and not said & mine) or (
                _stems(said) & _stems(others) and not _stems(said) & _stems(mine)
            ):
                return True
    return False


def _stems(texts: set[str]) -> set[str]:
    """Return the longer words of some texts, for one: who wants a hull repair takes who does hulls."""
    return {word.removesuffix("s") for text in texts for word in re.findall(r"[a-z]{4,}", text)}


def _is_about_another(step: ExecutedCall, own: Sequence[Json], fresh: Fresh) -> bool:
    """Return True if a change is for somebody else than the changes before it, and not one of what these made."""
    if not fresh.writes or not fresh.made.isdisjoint(own):
        return False
    known = {person for each in fresh.writes for person in _people(each)}
    now = _people(step)
    return bool(now) and bool(known) and known.isdisjoint(now)


def _people(step: ExecutedCall) -> set[str]:
    members = (*step.call.arguments.items(), *step.result.items())
    return {str(value) for name, value in members if isinstance(value, str | int) and
            noun(name).lower().split()[-1] in PEOPLE}  # fmt: skip
