"""Questions about one thing: of all that a look-up tells, people ask for what they want to know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fr_envs.adapters.words.grammar.attaching import is_end, is_person, is_time
from fr_envs.adapters.words.grammar.participles import is_of_text
from fr_envs.adapters.words.grammar.phrases import is_identifier, noun, spaced
from fr_envs.adapters.words.grammar.vocabulary import PEOPLE, is_doer
from fr_envs.adapters.words.naming import names_it
from fr_envs.contract.schemas import field_schema
from fr_envs.json_values import scalars
from fr_envs.streams import pick
from fr_synth.language.reference_rules import spoken
from fr_synth.language.requests import Request
from fr_synth.language.standing import latest_row
from fr_synth.language.told.values import CURRENCIES, counting_words, is_bare_count

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import numpy as np

    from fr_envs.contract.spec import DomainSpec, Field, ToolSpec
    from fr_envs.json_values import Json
    from fr_envs.world.domain import Domain
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["asks_of_one", "members_to_ask", "question_for"]

_TOO_DULL = frozenset({
    "created", "currency", "description", "etag", "hash", "html", "image", "lat", "latitude", "link", "lon",
    "longitude", "message", "metadata", "name", "ok", "raw", "result", "sha", "success", "timestamp", "title",
    "updated", "uri", "url", "version",
})  # fmt: skip
_SUMS = frozenset({"amount", "cost", "fare", "fee", "price", "total"})
_DOES = {
    "trainer": "teaches", "instructor": "teaches", "teacher": "teaches", "coach": "coaches", "author": "wrote",
    "artist": "is the artist of", "conductor": "conducts", "presenter": "presents", "host": "hosts",
    "composer": "composed", "director": "directed", "driver": "is the driver of",
}  # fmt: skip
_MEASURES = {"kg": "how heavy is {}", "g": "how heavy is {}", "km": "how long is {}", "m": "how long is {}"}
_WHERE = frozenset({"address", "city", "location", "place", "street", "venue"})
_INSIDE = frozenset({"hall", "language", "room"})
_WHICH = frozenset({"category", "class", "color", "colour", "cuisine", "genre", "level", "size", "specialty", "type"})


def asks_of_one(spec: DomainSpec, step: ExecutedCall) -> bool:
    """Return True if a call looks up one thing, pointed at by nothing else than what it is.

    Args:
        spec: The contract.
        step: The call.
    """
    tool = spec.tools[step.call.name]
    if (
        tool.effect != "read"
        or len(step.call.arguments) != 1
        or (len(step.result) == 1 and is_of_text(tool.description))
    ):
        return False  # a message about it is written, and no question
    (name,) = step.call.arguments
    kind = spec.kinds.get(tool.parameters[name].field.kind or "")
    rows = any(field.array is not None for field in tool.returns.values())
    return kind is not None and kind.origin == "issued" and not rows and bool(step.result)


def members_to_ask(spec: DomainSpec, step: ExecutedCall, before: Sequence[ExecutedCall]) -> list[str]:
    """Return the members of what a call tells that somebody could want to know, none of them known already.

    Args:
        spec: The contract.
        step: The call, which looks up one thing.
        before: The calls of the dialogue before it.
    """
    tool = spec.tools[step.call.name]
    fields = dict(_plain(tool))
    known = known_before(before)
    things = scalars(step.call.arguments)
    dealt = any(
        any(thing in things for thing in scalars(earlier.call.arguments))
        for earlier in before
        if earlier.user_requested and spec.tools[earlier.call.name].effect == "write"
    )  # how it stands after a change, whoever asked for the change knows
    return [
        name
        for name, value in step.result.items()
        if name in fields
        and _is_of_interest(spec, name, fields[name])
        and _is_new(value, known)
        and not (dealt and spaced(name).lower().split()[-1] in {"state", "status"})
    ]


def _plain(tool: ToolSpec) -> Iterator[tuple[str, Field]]:
    return ((name, field) for name, field in tool.returns.items() if field.array is None and field.object is None)


def _is_new(value: Json, known: Collection[Json]) -> bool:
    return value is not None and value != "" and value not in known and not isinstance(value, dict | list | bool)


def _is_of_interest(spec: DomainSpec, name: str, field: Field) -> bool:
    words = spaced(name).lower().split()
    kind = spec.kinds.get(field.kind or "")
    issued = kind is not None and kind.origin == "issued"
    plain = field_schema(spec, field).get("type") in ("string", "integer", "number") or "enum" in field_schema(
        spec, field
    )
    return plain and not issued and not is_identifier(name) and not _TOO_DULL & set(words)


def question_for(
    domain: Domain[Any], step: ExecutedCall, before: Sequence[ExecutedCall], rng: np.random.Generator
) -> Request | None:
    """Return a question for one thing that a look-up tells; None if there is nothing new to ask for.

    Args:
        domain: The world.
        step: The call.
        before: The calls of the dialogue before it.
        rng: Chooses what is asked for.
    """
    found = members_to_ask(domain.spec, step, before)
    if not found:
        return None
    (thing,) = spoken(step.sources, step.mentions).values()
    (parameter,) = step.call.arguments
    about = noun(domain.spec.tools[step.call.name].parameters[parameter].field.kind or parameter)
    name = pick(rng, found)
    if names_it(name, about):
        return None
    told = latest_row(before, next(iter(step.call.arguments.values()))).get(name)
    words = counting_words(name, domain.spec.tools[step.call.name].returns.get(name))
    member = " ".join([word for word in words if word not in CURRENCIES] or words)
    text = question(member, step.result[name], thing)
    return Request(f"{_by_now(text, thing) if told is not None else text}?", order=False)


def _by_now(text: str, thing: str) -> str:
    """Return a question for what was told before, and has changed since.

    Example:
        >>> _by_now("how many hours does Ada have this month", "Ada"), _by_now("what's its price", "it")
        ('how many hours does Ada now have this month', "what's its price now")
    """
    return text.replace(f"{thing} have", f"{thing} now have", 1) if f"{thing} have" in text else f"{text} now"


def known_before(before: Sequence[ExecutedCall]) -> set[Json]:
    """Return what the person has said or been told, as far as results and arguments of requests tell.

    Args:
        before: The calls of the dialogue so far.
    """
    return {value for step in before for value in (*scalars(step.result), *step.call.arguments.values())
            if isinstance(value, str | int | float)}  # fmt: skip


def question(member: str, value: Json, thing: str) -> str:
    """Return the question for a member of a thing, without its mark.

    Args:
        member: Name of the member.
        value: Its value.
        thing: Words for the thing.

    Example:
        >>> question("due", "2027-03-05", "that loan"), question("free_places", 3, "the Boxing course")
        ('when is that loan due', 'how many free places does the Boxing course have')
        >>> question("trainer", "Ada", "the Boxing course"), question("status", "open", "it")
        ('who teaches the Boxing course', "what's its status")
    """
    words = spaced(member).lower()
    last, first = words.split()[-1], words.split()[0]
    number = isinstance(value, int | float)
    for text in (
        _of_time(words, first, last, thing) if not number else "",
        _of_person(words, last, thing),
        _of_number(words, last, thing) if number else "",
    ):
        if text:
            return text
    if last in _WHERE:
        return (
            f"where is {thing}"
            if last in {"location", "place"}
            else f"what's the {words} {'for' if thing != 'it' else 'of'} {thing}"
        )
    if words in _INSIDE:
        return f"{'what' if words == 'language' else 'which'} {words} is {thing} in"
    if last in _WHICH:
        return f"which {words} is {thing}"
    if last == "weekday":
        return f"what weekday is {thing} on"
    return f"what's its {words}" if thing == "it" else f"what's the {words} of {thing}"


def _of_time(words: str, first: str, last: str, thing: str) -> str:
    if first == "due":
        return f"when is {thing} due"
    if not is_time(words):
        return ""
    if is_end(words):
        return f"when does {thing} end"
    if first in {"start", "starts", "begin", "begins", "check"}:
        return f"when does {thing} start"
    if first.endswith(("ed", "wn", "nt")) and last in {"on", "at"}:
        return f"when was {thing} {first}"
    return f"what time is {thing}" if last == "time" else f"when is {thing}"


def _of_person(words: str, last: str, thing: str) -> str:
    bare = words.removesuffix(" name").split()[-1]
    if bare in _DOES:
        return f"who {_DOES[bare]} {thing}"
    if bare == "assignee":
        return f"who is {thing} assigned to"
    if is_person(bare) and bare in PEOPLE and bare not in {"owner", "contact", "keeper", "trainer", "worker"}:
        return f"who is {thing} for"
    if is_person(bare) or is_doer(bare):
        return (
            f"who's its {words.removesuffix(' name')}"
            if thing == "it"
            else f"who's the {words.removesuffix(' name')} of {thing}"
        )
    return f"who is the {bare} of {thing}" if last == "by" else ""


_BEHIND = frozenset({"available", "left", "month", "now", "remaining", "taken", "today", "week", "year"})


def _of_number(words: str, last: str, thing: str) -> str:
    if last in _SUMS:
        return f"how much is {thing}"
    if last in _MEASURES and " " in words:
        return _MEASURES[last].format(thing)
    if last in {"minutes", "hours", "duration"}:
        lasts = "last" if words.split()[0] in {"duration", "runtime"} else "take"
        return f"how long does {thing} {lasts}" + (f" in {last}" if last == "hours" else "")
    if is_bare_count(words.split()):
        return f"how many does {thing} have {words}"
    first, *more = words.split()
    if more and last in _BEHIND and first[-1] == "s":
        return f"how many {first} does {thing} have {' '.join(more)}"
    several = any(re.search(r"[^suio]s$", word) for word in (last, words.split()[0]))
    if last in {"copies", "pieces", "units"} and thing != "it":
        return f"how many {words} of {thing} are there"
    return f"how many {words} does {thing} have" if several else ""
