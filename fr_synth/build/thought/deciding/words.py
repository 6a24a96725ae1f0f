"""Words for what a thought decides about: where something stands, what is done, what is special about a thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fr_envs.adapters.words.attaching import changes, participle
from fr_envs.adapters.words.phrases import is_identifier, noun, phrase_of, spaced
from fr_envs.json_values import last_of, member_of
from fr_synth.build.thought.wording import number_word
from fr_synth.language.told.things import listed_noun
from fr_synth.language.told.values import is_plural, one_of, plain_words, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_envs.contract.spec import ToolSpec
    from fr_envs.json_values import JsonObject
    from fr_synth.build.thought.scene import Scene
    from fr_synth.language.told.things import Thing
    from fr_synth.trace.dataflow.executed import ExecutedCall

__all__ = ["does_to", "doing_it", "is_id", "noun_of", "place_of", "special", "things_of", "verb_of"]


def verb_of(tool: ToolSpec) -> str:
    """Return the verb of what a tool changes; empty for one that looks something up."""
    verb = phrase_of(tool.name, tool.description).verb
    return "" if tool.effect == "read" or verb in ("do", "use") else verb


def doing_it(tool: ToolSpec) -> str:
    """Return what a tool does as a noun: "booking"; empty for one that looks something up."""
    verb = verb_of(tool)
    if not verb or not verb.isalpha():
        return ""
    what = re.match(r"(the [a-z]+(?: of [a-z]+s)?) of ", phrase_of(tool.name, tool.description).rest)
    return f"{_gerund(verb)} {what[1]}" if what and changes(verb) else _gerund(verb)


def _gerund(verb: str) -> str:
    """Return a verb as a noun: "lending"."""
    done = participle(verb)
    if done == f"{verb}{verb[-1]}ed":
        return f"{done[:-2]}ing"
    if len(done) == len(verb) + 3 and done.endswith("ed") and done[-3] == done[-4]:
        return f"{done[:-2]}ing"
    if verb in ("put", "set", "run", "get", "let", "cut", "stop", "forget"):
        return f"{verb}{verb[-1]}ing"
    return f"{verb[:-1]}ing" if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")) else f"{verb}ing"


def does_to(tool: ToolSpec, about: str) -> bool:
    """Return True if a tool does what it does to a thing, and not to something else for it: lends the book itself."""
    rest = phrase_of(tool.name, tool.description).rest.lower()
    return re.match(rf"(?:(?:the|an?|your|some|one) )*{re.escape(about)}\b", rest) is not None


def noun_of(pointer: str) -> str:
    """Return what an argument is: "doctor" for ``/doctor_id``."""
    last = last_of(pointer)
    return noun(member_of(pointer) if last.isdigit() else last)


def is_id(scene: Scene, step: ExecutedCall, pointer: str) -> bool:
    """Return True if an argument is an identifier that nobody speaks of."""
    kind = scene.spec.kinds.get(scene.kind(step, pointer) or "")
    return (kind is not None and kind.origin == "issued") or is_identifier(last_of(pointer))


def things_of(scene: Scene, tool: ToolSpec) -> str:
    """Return what the list in a look-up's result holds, for several; empty where there is no list."""
    for name, field in tool.returns.items():
        if field.array is None:
            continue
        known = listed_noun(scene.spec, spaced(name).lower(), field.array)
        if known:
            return known
        last = phrase_of(tool.name, "").rest.split()[-1:]
        return last[0] if last and is_plural(last[0]) else "entries"
    return ""


def place_of(scene: Scene, tool: ToolSpec) -> str:
    """Return where a look-up takes its answer from: "the list of doctors", "the record of the account"."""
    things = things_of(scene, tool)
    if things:
        return f"the list of {things}"
    rest = phrase_of(tool.name, "").rest
    return f"a look at the {rest}" if rest and all(word.isalpha() for word in rest.split()) else "a look-up"


_SCARCE = frozenset({"available", "capacity", "copies", "docks", "free", "left", "places", "quantity", "remaining",
                     "seats", "slots", "spots", "stock", "units", "vacancies"})  # fmt: skip
_FINE = frozenset({"active", "available", "confirmed", "enabled", "free", "in stock", "normal", "ok", "open", "ready",
                   "scheduled", "pending", "booked", "valid", "new"})  # fmt: skip


def special(scene: Scene, thing: Thing, rows: Sequence[JsonObject]) -> str:
    """Return what is out of the ordinary about a thing, as an addition: ", one copy left"; empty for nothing."""
    for name, value in thing.row.items():
        words = plain_words(name)
        same = len(rows) > 1 and all(row.get(name) == value for row in rows)
        if name not in thing.fields or isinstance(value, bool) or same:
            continue
        if isinstance(value, int) and value <= 1 and _SCARCE & set(words[-1:]):
            counted = " ".join(words)
            what = one_of(counted) if value == 1 else counted
            adjective = words[-1] in ("available", "capacity", "left", "remaining", "free", "stock", "quantity")
            if not adjective:
                return f", {'but ' if not value else ''}{number_word(value)} {what}{'' if 'free' in words else ' left'}"
        if words[-1] in ("status", "state") and isinstance(value, str) and value.lower() not in _FINE:
            text = said(scene.spec, name, thing.row, thing.fields)
            return f", {text}" if text else ""
    return ""
