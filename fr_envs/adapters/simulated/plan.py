"""What a list of tools seems to be about, by their names: things that are created, shown, changed and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from fr_envs.adapters.words.grammar.phrases import is_identifier, noun, spaced
from fr_envs.adapters.words.grammar.vocabulary import is_person

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fr_envs.contract.spec import DomainSpec, Field, ToolSpec

__all__ = ["Part", "Role", "Thing", "plan_of", "singular", "snake"]

Role = Literal["create", "get", "list", "update", "delete", "act", "answer"]
"""What a tool does with a thing; ``answer``: it is about none, and gives the same for the same arguments."""

_WORDS: tuple[tuple[Role, str], ...] = (
        ("create", "create add new register open book schedule make post insert reserve place submit write save start "
         "enroll enrol rent hire subscribe borrow order buy purchase start begin report file request send log "
         "issue grant arrange plan organise organize"),
        ("get", "get show read fetch retrieve view describe lookup check find track"),
        ("list", "list search query browse find all"),
        ("update", "update edit modify change set rename patch move reschedule redirect extend "
         "renew postpone upgrade adjust shorten lengthen prolong switch"),
        ("delete", "delete remove destroy"),
)  # fmt: skip
_VERBS: Mapping[str, Role] = {verb: role for role, verbs in _WORDS for verb in verbs.split()}
_DONE = {
    "close": "closed", "complete": "completed", "cancel": "cancelled", "archive": "archived", "approve": "approved",
    "reject": "rejected", "assign": "assigned", "return": "returned", "lend": "lent", "pay": "paid", "ship": "shipped",
    "finish": "finished", "pause": "paused", "resume": "open", "reopen": "open", "confirm": "confirmed",
    "resolve": "resolved", "publish": "published", "block": "blocked", "refund": "refunded", "activate": "active",
    "deactivate": "inactive", "lock": "locked", "unlock": "unlocked", "mark": "marked", "accept": "accepted",
    "end": "ended", "stop": "stopped", "deliver": "delivered", "repair": "repaired", "clean": "cleaned",
}  # fmt: skip
_ASIDE = frozenset(
    {"a", "all", "an", "by", "detail", "details", "for", "id", "info", "information", "my", "new", "of", "the", "with"}
)


class Part(NamedTuple):
    """What a tool does.

    Attributes:
        thing: Name of the thing that it is about; empty for none.
        role: What it does with it.
        identifier: Its parameter that says which one; empty for none.
        status: What the thing is after it; empty where that stays.
    """

    thing: str
    role: Role
    identifier: str = ""
    status: str = ""


class Thing(NamedTuple):
    """A sort of thing.

    Attributes:
        name: In the singular, with underscores.
        identifier: Member of a row that says which one it is, spelled as the tools spell it.
        members: Members of a row beside it, with what the tools say of each.
    """

    name: str
    identifier: str
    members: Mapping[str, Field | None]

    @property
    def kind(self) -> str:
        """The contract's kind of its identifier, in small letters: ``rental_id`` for ``rentalId``."""
        return snake(self.identifier)


def snake(name: str) -> str:
    """Return a name as contracts spell kinds, whatever the tools' own way is.

    Example:
        >>> snake("rentalId"), snake("rental_id")
        ('rental_id', 'rental_id')
    """
    return spaced(name).lower().replace(" ", "_")


_IRREGULAR = {
    "buses": "bus", "children": "child", "feet": "foot", "halves": "half", "knives": "knife", "leaves": "leave",
    "lenses": "lens", "men": "man", "mice": "mouse", "people": "person", "shelves": "shelf", "women": "woman",
}  # fmt: skip


_NO_PLURALS = frozenset({"axis", "iris", "pelvis", "tennis", "this"})


def singular(word: str) -> str:
    """Return the singular of a noun, by its ending.

    Example:
        >>> [singular(word) for word in ("books", "categories", "boxes", "status", "lenses", "children")]
        ['book', 'category', 'box', 'status', 'lens', 'child']
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or word in _NO_PLURALS or word.endswith(("ss", "us", "sis", "news")):
        return word
    for ending, plain in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", "")):
        if word.endswith(ending):
            return word.removesuffix(ending) + plain
    return word


def plan_of(spec: DomainSpec) -> tuple[dict[str, Part], dict[str, Thing]]:
    """Return what each tool does, and the things that tools deal with.

    A noun is a thing if two tools speak of it by name or take its identifier, one of which makes or shows it; else its
    tools answer by what they are asked.
    """
    read = {name: _read(tool) for name, tool in spec.tools.items()}
    shown = {part.thing for part in read.values() if part.role in {"create", "get", "list"}}
    told = [part.thing for part in read.values() if part.thing]
    for name, tool in spec.tools.items():
        told += [thing for thing in _pointed_at(tool) if thing != read[name].thing]
    known = {name for name in shown if name and told.count(name) > 1}
    known |= {read[name].thing for name, tool in spec.tools.items() if _files(tool, read[name])}
    made = {name: _made_by(tool, read[name]) for name, tool in spec.tools.items()}
    known |= {thing for thing in made.values() if thing}
    parts = {name: Part(made[name], "create") if made[name] else _settled(part, spec.tools[name], known)
             for name, part in read.items()}  # fmt: skip
    return parts, {name: _thing(name, parts, spec) for name in sorted(known)}


def _read(tool: ToolSpec) -> Part:
    words = spaced(tool.name).lower().split()
    at = next((k for k, word in enumerate(words) if word in _VERBS or word in _DONE), None)
    if at is None:
        return Part("", "answer")
    verb, rest = words[at], [word for word in words[at + 1 :] or words[:at] if word not in _ASIDE]
    thing = "_".join(singular(word) for word in rest)
    if verb in _DONE:
        return Part(thing, "act", status=_DONE[verb])
    plural = bool(rest) and singular(rest[-1]) != rest[-1]
    role = "list" if _VERBS[verb] in {"get", "list"} and (plural or _VERBS[verb] == "list") else _VERBS[verb]
    return Part(thing, role)


def _pointed_at(tool: ToolSpec) -> set[str]:
    """Return the nouns whose identifiers a tool takes."""
    return {snake(noun(name)) for name in tool.parameters if is_identifier(name)} - {"id"}


def _made_by(tool: ToolSpec, part: Part) -> str:
    """Return what a tool makes of other things, by the number that it gives first and does not take: a lease."""
    first = next((name for name, field in tool.returns.items() if field.object is None and field.array is None), "")
    taken = {snake(name) for name in tool.parameters if is_identifier(name)}
    about = snake(noun(first)) if first and is_identifier(first) else ""
    fresh = f"{about}_id" == snake(first) and snake(first) not in taken
    makes = fresh and "id" not in taken and (taken or about == part.thing) and part.role in ("create", "answer")
    return about if makes and tool.effect != "read" else ""


_FILES = frozenset({"file", "log", "order", "raise", "report", "request", "send"})


def _files(tool: ToolSpec, part: Part) -> bool:
    """Return True if a tool makes something of its own that no other tool speaks of: a report, an order, a message."""
    verb = spaced(tool.name).lower().split()[0]
    return verb in _FILES and part.role == "create" and bool(part.thing) and part.thing not in _pointed_at(tool)


_MADE = {"book": ("booking", "reservation"), "reserve": ("reservation", "booking"), "schedule": ("appointment",),
         "order": ("order",), "buy": ("order", "purchase"), "purchase": ("order", "purchase"), "rent": ("rental",),
         "hire": ("rental", "booking"), "subscribe": ("subscription",), "pay": ("payment",), "lend": ("loan",),
         "borrow": ("loan",), "enroll": ("enrollment",), "register": ("registration",)}  # fmt: skip
"""What comes of doing something with a thing: who books a flight has a booking."""


def _done_to(part: Part, tool: ToolSpec, known: set[str]) -> Part:
    """Return a part of a tool that is named after no thing: it changes the one whose identifier it takes, if any."""
    taken = {name: snake(noun(name)) for name in tool.parameters if is_identifier(name)}
    taken = {name: thing for name, thing in taken.items() if thing in known}
    if part.role in {"create", "update", "act"} and len(taken) == 1:
        ((name, thing),) = taken.items()
        return Part(thing, "act" if part.role == "act" else "update", name, part.status)
    return Part("", "answer")


_BEGINS = {"start": "started", "begin": "started", "open": "open", "submit": "submitted", "send": "sent",
           "report": "reported"}  # fmt: skip


def _settled(part: Part, tool: ToolSpec, known: set[str]) -> Part:
    """Return a part with the parameter that says which thing; a tool about no thing answers."""
    thing = (
        part.thing if part.thing in known else next((word for word in known if part.thing.startswith(f"{word}_")), "")
    )
    verb = next((word for word in spaced(tool.name).lower().split() if word in _VERBS or word in _DONE), "")
    made = next((word for word in _MADE.get(verb, ()) if word in known and word != part.thing), "")
    if made:
        return Part(made, "create")
    if not thing:
        return _done_to(part, tool, known)
    named = [name for name in tool.parameters if is_identifier(name)]
    first = snake(noun(named[0])) if len(named) > 1 else thing
    if part.role == "update" and first in known and first != thing:  # a booking is switched to another lesson
        return Part(first, "update", named[0])
    own = [name for name in named if snake(noun(name)) in {thing, "id", thing.rpartition("_")[2]}]
    identifier = (own or [""])[0]
    if part.role == "create" and identifier and verb in _BEGINS:  # what has a number is there already
        return Part(thing, "act", identifier, _BEGINS[verb])
    if part.role in {"create", "list"}:
        return part._replace(thing=thing)
    if not identifier and part.role == "act" and not named and thing == part.thing:
        return Part(thing, "create")  # a parcel is shipped that was not there before
    if not identifier:
        return Part("", "answer") if part.role != "get" else Part(thing, "list")
    return part._replace(thing=thing, identifier=identifier)


def _thing(name: str, parts: Mapping[str, Part], spec: DomainSpec) -> Thing:
    members: dict[str, Field | None] = {}
    identifiers = []
    for tool, part in parts.items():
        if part.thing != name:
            continue
        identifiers += [part.identifier] if part.identifier else []
        members |= dict(_members(spec.tools[tool], part))
    elsewhere = (each for tool in spec.tools.values() for each in tool.parameters if snake(each) == f"{name}_id")
    identifier = identifiers[0] if identifiers and identifiers[0] != "id" else next(elsewhere, f"{name}_id")
    if any(part.thing == name and part.status for part in parts.values()):
        members.setdefault("status", None)
    own = {key: field for key, field in members.items() if key not in {identifier, "id", *identifiers}}
    own = {key: field for key, field in own.items() if snake(key) != snake(identifier)}
    made = any(part.thing == name and part.role == "create" for part in parts.values())
    return Thing(name, identifier, own if made and own else {"name": None, "status": None, **own})


def _members(tool: ToolSpec, part: Part) -> Iterable[tuple[str, Field]]:
    if part.role in {"create", "update", "act"}:
        own = part.role != "act"  # why and when something is done to a thing is no part of it; who gets it is
        named = ((key, p.field) for key, p in tool.parameters.items() if key != part.identifier)
        yield from ((key, field) for key, field in named if own or is_person(noun(key)))
    if part.role == "get":
        yield from ((key, field) for key, field in tool.returns.items() if key != "result")
    if part.role == "list":
        rows = [field.array.object for field in tool.returns.values() if field.array is not None]
        yield from ((key, field) for row in rows for key, field in (row or {}).items())
