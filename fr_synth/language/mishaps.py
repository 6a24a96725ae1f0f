"""What is thought and said when something has gone wrong: a closed list of wordings, and which of them fit.

Who makes dialogues picks from it; who proves them holds what was said to the same list. The words themselves stand in
``env_specs/situations/mishaps.yaml``.
"""

from __future__ import annotations

import functools
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import msgspec

import env_specs
from fr_envs.contract.schemas import field_schema
from fr_envs.episode.faults import FaultCode
from fr_envs.situation.spec import Thought
from fr_envs.situation.templates import Choice, Fill, parse, parts_in
from fr_envs.streams import pick
from fr_envs.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from fr_envs.contract.spec import DomainSpec
    from fr_envs.json_values import Json, JsonObject
    from fr_envs.situation.spec import SituationTurn
    from fr_envs.situation.templates import Template

__all__ = [
    "NOTHING_WRONG",
    "SlipKind",
    "WhatWentWrong",
    "is_spelt_otherwise",
    "mended",
    "mixed_up",
    "noun_of",
    "once_again",
    "outage_replies",
    "outage_thoughts",
    "slip_kind",
    "tried_again",
    "what_was_told",
    "what_was_wrong",
    "worded",
]

SlipKind: TypeAlias = Literal["format", "word", "name"]
"""How a value is wrongly written: a day as people write it, an option by its plain name, a thing's name for its id."""


class WhatWentWrong(NamedTuple):
    """What may be thought before a call that sets something right.

    Attributes:
        wordings: Wordings; places in them name what ``case`` has.
        case: What was wrong in this case, by name.
    """

    wordings: tuple[str, ...]
    case: Mapping[str, str] = MappingProxyType({})


NOTHING_WRONG = WhatWentWrong(())
"""Before a call that sets nothing right."""


class _Wordings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of wordings; see there."""

    again: dict[str, tuple[str, ...]]
    again_thought: Thought
    looked_again: dict[FaultCode, tuple[str, ...]]
    done_again: dict[FaultCode, tuple[str, ...]]
    mended: dict[SlipKind, tuple[str, ...]]
    mixed_up: tuple[str, ...]
    outage_thoughts: tuple[str, ...]
    outage_replies: dict[FaultCode, tuple[str, ...]]


@functools.cache
def _all() -> _Wordings:
    return msgspec.convert(read_yaml(env_specs.mishaps_path().read_text(encoding="utf-8")), _Wordings)


def outage_thoughts() -> tuple[str, ...]:
    """Return what may be thought before a reply that says that something could not be done."""
    return _all().outage_thoughts


def outage_replies(code: FaultCode) -> tuple[str, ...]:
    """Return replies that say that something could not be done.

    Args:
        code: The fault that lasts.
    """
    return _all().outage_replies[code]


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?")
_SHORT = 60  # characters of a value that is told in a thought
_SENTENCE = re.compile(r"[A-Z0-9][A-Za-z0-9 ,'-]{8,80}")  # what of an error can be told: words and figures alone


def once_again(turn: SituationTurn) -> SituationTurn:
    """Return the turn in which what failed is tried again."""
    requests = tuple(msgspec.structs.replace(request, thought=()) for request in turn.requests)
    thought = msgspec.structs.replace(_all().again_thought, close=turn.thought.close)
    return msgspec.structs.replace(
        turn, say=dict(_all().again), requests=requests, thought=thought, values={}, when={}, then=(), instead="",
        chance=1.0, traits=(),
    )  # fmt: skip


def mended(why: SlipKind, case: Mapping[str, str]) -> WhatWentWrong:
    """Return what may be thought before a call is made again that was written wrongly.

    Args:
        why: How it was wrong.
        case: What was wrong, as of ``what_was_wrong``.
    """
    return WhatWentWrong(_all().mended[why], case)


def tried_again(code: FaultCode, case: Mapping[str, str], *, writes: bool) -> WhatWentWrong:
    """Return what may be thought before a call is made again that a fault has met.

    Args:
        code: The fault.
        case: What it told, as of ``what_was_told``.
        writes: The call was to change something; its error has said that it didn't.
    """
    return WhatWentWrong((_all().done_again if writes else _all().looked_again)[code], case)


def mixed_up(case: Mapping[str, str]) -> WhatWentWrong:
    """Return what may be thought before the right call, where one was about what stands on the line beside.

    Args:
        case: What was mixed up, as of ``what_was_wrong`` and ``misread_as``.
    """
    return WhatWentWrong(_all().mixed_up, case)


def what_was_told(result: Json) -> dict[str, str]:
    """Return what an error said first, as ``error``; nothing where that is no short sentence.

    Args:
        result: Result of the call that failed.
    """
    error = result.get("error") if isinstance(result, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    first = message.partition(". ")[0].removesuffix(".") if isinstance(message, str) else ""
    return {"error": first} if _SENTENCE.fullmatch(first) else {}


def what_was_wrong(
    spec: DomainSpec, tool: str, wrong: JsonObject, right: JsonObject, result: Json = None
) -> dict[str, str]:
    """Return what was wrong with the arguments of a call, by the names that wordings have for it.

    Args:
        spec: The world's contract.
        tool: The tool.
        wrong: Arguments as they were given; one differs.
        right: Arguments as they should have been.
        result: Result of the wrong call.
    """
    name = next((name for name in right if name not in wrong or wrong[name] != right[name]), None)
    if name is None:
        return {}
    found = {"noun": noun_of(spec, tool, name), **what_was_told(result)}
    for key, value in (("wrong", wrong.get(name)), ("right", right[name])):
        text = "" if value is None or isinstance(value, bool | dict | list) else str(value)
        if text.strip() == text and 0 < len(text) <= _SHORT and text.isprintable():
            found[key] = text
    return found


def worded(what: WhatWentWrong, rng: np.random.Generator) -> str:
    """Return one of the wordings that the case has everything for, its places filled.

    Args:
        what: The wordings and the case.
        rng: Chooses among them.
    """
    fitting = [parse(each) for each in what.wordings]
    fitting = [each for each in fitting if all(part.path in what.case for part in parts_in(each))]
    return "".join(_written(pick(rng, fitting), what.case, rng))


def _written(template: Template, case: Mapping[str, str], rng: np.random.Generator) -> list[str]:
    found: list[str] = []
    for part in template:
        if isinstance(part, Choice):
            found += _written(pick(rng, part.options), case, rng)
        else:
            found.append(case[part.path] if isinstance(part, Fill) else str(part))
    return found


def noun_of(spec: DomainSpec, tool: str, name: str) -> str:
    """Return what people call that which an argument is about.

    Args:
        spec: The world's contract.
        tool: The tool.
        name: Its parameter.
    """
    field = spec.tools[tool].parameters[name].field
    kind = spec.kinds.get(field.kind or "")
    if kind is None or "enum" in field_schema(spec, field):
        return name.replace("_", " ")
    if kind.origin != "issued" and not kind.name.endswith("_path"):
        return name.removesuffix("_id").replace("_", " ")
    noun = kind.name.removesuffix("_id").removesuffix("_number").removesuffix("_path").replace("_", " ")
    return {"dir": "folder", "new": "path"}.get(noun, noun)


def slip_kind(wrong: str, right: str) -> SlipKind:
    """Return how a value of a call is wrongly written, if it is.

    Example:
        >>> slip_kind("1 March", "2025-03-01"), slip_kind("one-way", "one_way"), slip_kind("Savings", "ACC-1")
        ('format', 'word', 'name')
    """
    if _DAY.fullmatch(right):
        return "format"
    return "word" if is_spelt_otherwise(wrong, right) else "name"


def is_spelt_otherwise(wrong: str, right: str) -> bool:
    """Return True if one word is the other in another case, or with other marks between its parts."""
    return wrong != right and _letters(wrong) == _letters(right)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()
