"""The rules by which words point at one thing."""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING

from fr_envs.contract.roles import is_thing
from fr_envs.json_values import Json, JsonObject, last_of, member_of, parts_of, siblings_at
from fr_envs.situation.conditions import matches
from fr_synth.trace.dataflow.provenance import Said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_envs.contract.spec import Kind
    from fr_envs.world.domain import Entities
    from fr_synth.trace.dataflow.mention import Mention

__all__ = [
    "is_one_row",
    "member_words",
    "noun_place",
    "owner_member",
    "picks_one",
    "said_inside",
    "spoken",
    "stands_by",
    "words_of_member",
]


def picks_one(mention: Mention, result: JsonObject, beside: Mapping[str, Json], entities: Entities | None) -> bool:
    """Return True if a mention by fields, least or most picks one entity, or one by an owner picks one of its rows.

    Args:
        mention: The words and what they rest on.
        result: The output in which the value stands.
        beside: The members that stand beside it there.
        entities: What the user could mean by it, or by its owner, when the turn began; None where the world does not
            say.
    """
    group = siblings_at(result, mention.group)
    if mention.way in ("least", "most"):
        return _is_extreme(mention, group)
    if mention.way == "of":
        return is_one_row(mention.group, result, mention.by)
    fits = functools.partial(matches if mention.way == "where" else _has_all, mention.by)
    if group and len(list(itertools.islice(filter(fits, group), 2))) != 1:
        return False
    if entities is None:
        return bool(group) or bool(beside)
    fitting = (key for key, fields in entities.items() if fits(fields))
    meant = list(itertools.islice(fitting, 2))  # with a second one it is no longer of interest how many there are
    meaning = mention.value if mention.owner is None else mention.owner.value
    return meant == [meaning] or (not meant and meaning not in entities)  # it came into being since


def _is_extreme(mention: Mention, group: list[JsonObject]) -> bool:
    ((name, value),) = mention.by.items()
    rivals = [item[name] for item in group if isinstance(item.get(name), int | float | str)]
    if len(rivals) < 2 or len({isinstance(rival, str) for rival in rivals}) > 1:
        return False
    return bool(rivals.count(value) == 1 and value == (min(rivals) if mention.way == "least" else max(rivals)))


def noun_place(pointer: str) -> str:
    """Return the place of a contract's nouns for what stands at a JSON pointer of a result."""
    return ".".join(parts_of(pointer))


def owner_member(kinds: Mapping[str, Kind], members: Mapping[str, str | None]) -> str | None:
    """Return the member of an object that says what the object is about: the first that people have words for.

    What anybody can make up (a category, an amount), and a day, is a property of things, not a thing with properties.

    Args:
        kinds: Kinds of the contract.
        members: Kind of each member of the object, in the order of the contract.
    """
    return next((name for name, kind in members.items() if kind is not None and is_thing(kinds[kind])), None)


def member_words(pointer: str) -> str:
    """Return how people speak of the member at a JSON pointer: "account" for ``/rows/0/account_id``."""
    words = last_of(pointer).removesuffix("_id").split("_")
    return " ".join(word.upper() if word in _ABBREVIATED else word for word in words)


_ABBREVIATED = frozenset({"bic", "iban", "pin", "url"})


def words_of_member(pointer: str, owner: str) -> str:
    """Return how people speak of a member of something: "the amount of that order", "the day that payee was added".

    Args:
        pointer: JSON pointer to the member.
        owner: Words for what it is a member of.
    """
    words = member_words(pointer)
    done, _, when = words.rpartition(" ")
    if when == "on" and done.endswith("ed") and " " not in done:
        return f"the day on which {owner} was {done}"
    paid = _PAID_FROM.fullmatch(words)
    return f"the {paid[1]} from which {owner} is paid" if paid is not None else f"the {words} of {owner}"


_PAID_FROM = re.compile(r"pay from (\w+)")


def stands_by(mention: Mention, beside: Mapping[str, Json], arguments: Mapping[str, Json]) -> bool:
    """Return True if what a mention goes by stands beside the value, or is what the call was asked about.

    Args:
        mention: The words and what they rest on.
        beside: The members that stand beside the value.
        arguments: Arguments of the call that gave it.
    """
    known = {**arguments, **beside} if mention.way == "of" and mention.group is None else beside
    return matches(mention.by, known) if mention.way == "where" else _has_all(mention.by, known)


def is_one_row(group: str | None, result: JsonObject, by: JsonObject) -> bool:
    """Return True if some members pick one row of a list in a result, or there is no list.

    Args:
        group: JSON pointer to the list; None where there is none.
        result: The result.
        by: The members and their values.
    """
    return group is None or _count(siblings_at(result, group), by) == 1


def _count(rows: list[JsonObject], by: JsonObject) -> int:
    """Return how many objects of a list have all of some members."""
    return sum(_has_all(by, row) for row in rows)


def _has_all(by: Mapping[str, Json], members: Mapping[str, Json]) -> bool:
    for name, value in by.items():  # noqa: SIM110 -- asked of every row of every list, for each way to point
        if members.get(name) != value:
            return False
    return True


_IN_NAME = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_")


def _plain(member: str) -> str:
    """Return the name of a member of an object as people say it: ``entityName`` is "entity name"."""
    return _IN_NAME.sub(" ", member).lower()


def spoken(sources: Mapping[str, object], mentions: Mapping[str, Mention]) -> dict[str, str]:
    """Return the words for each argument that the message says or points at, by the argument's name."""
    return dict(_spoken(sources, mentions))


def said_inside(sources: Mapping[str, object]) -> dict[str, str]:
    """Return the words for the members of objects, which a phrase can have places of their own for: ``{claim.amount}``.

    Args:
        sources: Where each leaf of the arguments comes from, by JSON pointer.
    """
    parted = ((parts_of(pointer), source) for pointer, source in sources.items())
    return {
        ".".join(parts): source.text
        for parts, source in parted
        if len(parts) == 2 and isinstance(source, Said) and not parts[1].isdigit()
    }


def _spoken(sources: Mapping[str, object], mentions: Mapping[str, Mention]) -> Iterator[tuple[str, str]]:
    lists: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    for pointer, source in sources.items():
        name = member_of(pointer)
        text = mentions[pointer].text if pointer in mentions else source.text if isinstance(source, Said) else None
        if text is not None:
            label = _label(pointer)
            told = label == labels.get(name) or text.lower().startswith(label)
            lists.setdefault(name, []).append(text if told else f"{label} {text}")
            labels[name] = label
    for name, texts in lists.items():
        unique = list(dict.fromkeys(texts))
        yield name, unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} and {unique[-1]}"


def _label(pointer: str) -> str:
    """Return what a member of an object is called when its value is told; empty where nobody can say its name."""
    inside = [part for part in parts_of(pointer)[1:] if not part.isdigit()]
    return _plain(inside[-1]) if inside and inside[-1].isidentifier() else ""
